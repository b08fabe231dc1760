"""Two questions around the next step: "am I ready for week 9?" and "can I skip the Linux refresher?". Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from assistant.recommendation.curriculum import (
    HELD_BACK_BY,
    Rules,
    Slot,
    load_rules,
    needs_of,
    slot_of,
    slots_of,
    units_of,
)
from assistant.recommendation.progress import InputError, Progress, check_ids, check_progress, check_week
from assistant.recommendation.reasons import listed
from assistant.recommendation.study_state import State
from corpus.notes import Notes
from corpus.roadmap import Resource, Roadmap

Verdict = Literal["yes", "with-care", "no"]


@dataclass(frozen=True, slots=True)
class Missing:
    """A resource that should come first: `why` says for what, `hours` roughly how much is left of it."""

    resource: str
    title: str
    why: str
    hours: float
    needed: bool
    """True: a need of the week's resources; False: only earlier in the order."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """`ready` is True when nothing that is needed is missing; `missing` may still list earlier things."""

    week: int
    resources: tuple[str, ...]
    ready: bool
    missing: tuple[Missing, ...]
    text: str

    def as_json(self) -> dict[str, Any]:
        return {
            "week": self.week,
            "resources": list(self.resources),
            "ready": self.ready,
            "missing": [
                {"resource": m.resource, "title": m.title, "why": m.why, "hours": m.hours, "needed": m.needed}
                for m in self.missing
            ],
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Skip:
    """Whether a resource can be left out. `needed_by`: later resources that build on it."""

    resource: str
    verdict: Verdict
    reason: str
    needed_by: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "resource": self.resource,
            "verdict": self.verdict,
            "reason": self.reason,
            "needed_by": list(self.needed_by),
            "instead": list(self.instead),
        }


def readiness_for_week(roadmap: Roadmap, notes: Notes, progress: Progress, week: int) -> Readiness:
    """What is missing before a week, by rule and by order; only marks count here, nothing is presumed.

    Errors: `InputError` for a week that the roadmap does not hold or an unknown id.
    """
    check_progress(roadmap, progress)
    check_week(roadmap, week)
    state = State(notes, progress, load_rules(), slots_of(roadmap))
    target = [slot for slot in state.slots if week in slot.weeks]
    needs = {
        need: slot
        for slot in reversed(_weightiest(target))
        for need in needs_of(slot, state.members(slot)[0], state.slots, state.rules)
        if need not in target
    }
    before = [s for s in state.slots if s.weeks.last < week and s.level in HELD_BACK_BY]
    found = [s for s in state.slots if s not in target and not state.closed(s) and (s in needs or s in before)]
    missing = tuple(_missing(state, slot, needs.get(slot)) for slot in found)
    ready = not any(m.needed for m in missing)
    resources = tuple(r.id for r in roadmap.resources_of_week(week))
    return Readiness(week, resources, ready, missing, _ready_text(week, ready, missing))


def can_skip(roadmap: Roadmap, notes: Notes, progress: Progress, resource: str) -> Skip:
    """Whether a resource can be skipped, with what builds on it and what would do instead.

    Errors: `InputError` for an unknown id.
    """
    check_progress(roadmap, progress)
    check_ids(roadmap, [resource])
    rules = load_rules()
    slots = slots_of(roadmap, rules)
    slot = slot_of(slots, resource)
    if slot is None:
        raise InputError(f"{resource!r} has no place in the order: check its row with `roadmap show`.")
    state = State(notes, progress, rules, slots)
    member = next(m for m in slot.members if m.id == resource)
    others = tuple(m for m in slot.members if m is not member)
    later = tuple(m.id for m in _needed_by(slot, slots, rules) if m.id not in state.done)
    verdict, reason = _verdict(state, slot, member, others, later)
    return Skip(resource, verdict, reason, later, tuple(m.id for m in others))


def _weightiest(slots: list[Slot]) -> list[Slot]:
    """Without optional and supplemental slots, unless the week has no other."""
    return [slot for slot in slots if slot.level in HELD_BACK_BY] or slots


def _verdict(
    state: State, slot: Slot, member: Resource, others: tuple[Resource, ...], later: tuple[str, ...]
) -> tuple[Verdict, str]:
    titles = tuple(m.title for s in state.slots for m in s.members if m.id in later)
    builds = f" These build on it: {listed(titles)}." if titles else ""
    if member.id in state.progress.done:
        return "yes", f"{member.title} is done already: nothing to skip."
    if slot.closed(state.done):
        return "yes", f"Yes: the same ground is covered by what you have done, so {member.title} may be left out."
    if slot.level in ("optional", "supplemental"):
        said = f" (“{member.recommendation}”)" if member.recommendation else ""
        return "yes", f"Yes: the roadmap calls {member.title} {slot.level}{said}; nothing mandatory is lost.{builds}"
    if others:
        alternative = listed(m.title for m in others)
        return "with-care", f"Only if you take {alternative} instead: one of the pair is enough.{builds}"
    if slot.checkpoint or slot.level == "mandatory":
        kind = "a mandatory checkpoint" if slot.checkpoint else "mandatory"
        return "no", f"No: the roadmap makes {member.title} {kind} (“{member.recommendation}”).{builds}"
    said = f" (“{member.recommendation}”)" if member.recommendation else ""
    return "with-care", f"Only if you know it already: {member.title} is recommended, not mandatory{said}.{builds}"


def _needed_by(slot: Slot, slots: tuple[Slot, ...], rules: Rules) -> tuple[Resource, ...]:
    return tuple(m for s in slots if s is not slot for m in s.members if slot in needs_of(s, m, slots, rules))


def _missing(state: State, slot: Slot, for_slot: Slot | None) -> Missing:
    member = state.members(slot)[0]
    units = units_of(member, state.notes, state.rules, sharing=slot.sharing)
    left = sum(unit.hours for unit in units if (member.id, unit.id) not in state.progress.units_done)
    if for_slot is None:
        return Missing(member.id, member.title, "it comes earlier in the order", round(left, 2), needed=False)
    heads = {m.id for m in for_slot.members}
    need = next((n for n in state.rules.needs if n.resource in heads and slot.ids & set(n.first)), None)
    why = f"{for_slot.members[0].title}: {need.why}" if need else f"{for_slot.members[0].title} is its checkpoint"
    return Missing(member.id, member.title, why, round(left, 2), needed=True)


def _ready_text(week: int, ready: bool, missing: tuple[Missing, ...]) -> str:
    needed = tuple(f"{m.title} (about {m.hours:g} h)" for m in missing if m.needed)
    earlier = tuple(m.title for m in missing if not m.needed)
    if not missing:
        return f"Yes, you are ready for week {week}: everything that counts before it is done."
    also = f" Also open, but not needed for it: {listed(earlier)}." if earlier else ""
    if ready:
        return f"Yes, you can start week {week}: what it needs is done.{also}"
    return f"Not yet ready for week {week}: first {listed(needed)}.{also}"
