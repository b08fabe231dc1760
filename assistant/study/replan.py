"""After a plan: does it end by a date, what would have to go, and what moved after a slip. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from assistant.recommendation.curriculum import Slot, load_rules, needs_of, slots_of, units_of
from assistant.recommendation.progress import MAX_HOURS, MIN_HOURS, InputError, Progress
from assistant.recommendation.reasons import counted, listed
from assistant.recommendation.study_state import State
from assistant.study.plan import BUFFER, Pause, Plan, chosen_resources, make_plan, week_starts
from corpus.notes import Notes
from corpus.roadmap import Resource, Roadmap


@dataclass(frozen=True, slots=True)
class Cut:
    """Something that would have to go; the buffer has no resource."""

    resource: str
    title: str
    why: str
    hours: float


@dataclass(frozen=True, slots=True)
class Feasibility:
    """Whether everything left can be done by a date.

    `hours_needed`: hours a week that would do it without cuts (None: no week fits, or above 100).
    `cuts`: what would have to go at the hours given, cheapest loss first; `possible` is False if even
    that is not enough.
    """

    by: date
    feasible: bool
    possible: bool
    ends: date
    hours_needed: float | None
    cuts: tuple[Cut, ...]
    ends_with_cuts: date
    text: str

    def as_json(self) -> dict[str, Any]:
        return {
            "by": self.by.isoformat(),
            "feasible": self.feasible,
            "possible": self.possible,
            "ends": self.ends.isoformat(),
            "hours_needed": self.hours_needed,
            "cuts": [
                {"resource": c.resource or None, "title": c.title, "why": c.why, "hours": c.hours} for c in self.cuts
            ],
            "ends_with_cuts": self.ends_with_cuts.isoformat(),
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Moved:
    """A resource whose end moved: `days` later (negative: earlier)."""

    resource: str
    title: str
    was: date
    now: date

    @property
    def days(self) -> int:
        return (self.now - self.was).days


@dataclass(frozen=True, slots=True)
class Replan:
    """A new plan beside the old one."""

    plan: Plan
    done: tuple[str, ...]
    moved: tuple[Moved, ...]
    text: str

    def as_json(self) -> dict[str, Any]:
        moved = [
            {
                "resource": m.resource,
                "title": m.title,
                "was": m.was.isoformat(),
                "now": m.now.isoformat(),
                "days": m.days,
            }
            for m in self.moved
        ]
        return {**self.plan.as_json(), "done": list(self.done), "moved": moved, "text": self.text}


def must_end_by(
    roadmap: Roadmap,
    notes: Notes,
    start: date,
    hours: float,
    by: date,
    *,
    progress: Progress | None = None,
    pauses: Collection[Pause] = (),
) -> Feasibility:
    """Whether a plan ends by `by`, with the hours that would do it and what would have to go.

    Errors: `InputError` for a date before the start, and as `make_plan`.
    """
    if by < start:
        raise InputError(f"{by} is before the start, {start}: give a later date.")
    progress = progress or Progress()
    plan = make_plan(roadmap, notes, start, hours, progress=progress, pauses=pauses)
    needed = _hours_needed(plan, by, pauses)
    cuts: list[Cut] = []
    shorter = plan
    for cut in _cuts(roadmap, notes, progress):
        if shorter.ends <= by:
            break
        cuts.append(cut)
        gone = progress.skipped | _slot_ids(roadmap, cuts)
        shorter = make_plan(
            roadmap, notes, start, hours, progress=replace(progress, skipped=gone), pauses=pauses, buffer=0
        )
    found = Feasibility(by, plan.ends <= by, shorter.ends <= by, plan.ends, needed, tuple(cuts), shorter.ends, "")
    return replace(found, text=_feasible_text(found, hours))


def replan(
    old: Plan,
    roadmap: Roadmap,
    notes: Notes,
    today: date,
    *,
    hours: float | None = None,
    progress: Progress | None = None,
    pauses: Collection[Pause] = (),
    buffer: float = BUFFER,
) -> Replan:
    """A new plan from `today` on with what is left, and what moved against the old one.

    Errors: as `make_plan`.
    """
    progress = progress or Progress()
    pace = old.hours if hours is None else hours
    new = make_plan(roadmap, notes, today, pace, progress=progress, pauses=pauses, buffer=buffer)
    return compared(roadmap, old, new, progress)


def compared(roadmap: Roadmap, old: Plan, new: Plan, progress: Progress) -> Replan:
    """What moved from an old plan to a new one, and what of the old one is done."""
    moved = tuple(m for id in new.resources if (m := _moved(roadmap, old, new, id)))
    done = tuple(id for id in old.resources if id in progress.done)
    return Replan(new, done, moved, _replan_text(old, new, moved, done))


def _moved(roadmap: Roadmap, old: Plan, new: Plan, id: str) -> Moved | None:
    was, now, resource = old.finish_of(id), new.finish_of(id), roadmap.resource(id)
    if was is None or now is None or was == now or resource is None:
        return None
    return Moved(id, resource.title, was, now)


def _replan_text(old: Plan, new: Plan, moved: tuple[Moved, ...], done: tuple[str, ...]) -> str:
    days = (new.ends - old.ends).days
    end = f"The end stays on {new.ends}."
    if days:
        by = f"{counted(abs(days), 'day')} {'later' if days > 0 else 'earlier'}"
        end = f"The end moves from {old.ends} to {new.ends} ({by})."
    kept = f" What is done stays done ({len(done)} of the old plan)." if done else ""
    return f"{end}{kept} {len(moved)} of {len(new.resources)} resources left have a new date."


# --- what would have to go ------------------------------------------------------------------------------------------


def _cuts(roadmap: Roadmap, notes: Notes, progress: Progress) -> list[Cut]:
    """The buffer, then optional, supplemental, recommended ones: first what little builds on. Never mandatory ones."""
    rules = load_rules()
    state = State(notes, replace(progress, week=None, minutes=None), rules, slots_of(roadmap))
    chosen = chosen_resources(state)
    rank = {"optional": 0, "supplemental": 1, "recommended": 2}

    def loss(item: tuple[Slot, Resource]) -> tuple[int, int, float]:
        slot, member = item
        later = sum(slot in needs_of(s, m, state.slots, rules) for s, m in chosen if s is not slot)
        return (rank[slot.level], later, -_hours(state, slot, member))

    loose = sorted((item for item in chosen if item[0].level in rank), key=loss)
    buffer = Cut("", "the buffer after each phase", "no reserve for slips is left", 0.0)
    return [buffer, *(Cut(m.id, m.title, f"{s.level} in the roadmap", _hours(state, s, m)) for s, m in loose)]


def _slot_ids(roadmap: Roadmap, cuts: list[Cut]) -> frozenset[str]:
    """All members of the slots that are cut: to skip one of a pair would bring in the other."""
    gone = {cut.resource for cut in cuts}
    return frozenset(id for slot in slots_of(roadmap) if slot.ids & gone for id in slot.ids)


def _hours(state: State, slot: Slot, member: Resource) -> float:
    units = units_of(member, state.notes, state.rules, sharing=slot.sharing)
    return round(sum(u.hours for u in units if (member.id, u.id) not in state.progress.units_done), 2)


def _hours_needed(plan: Plan, by: date, pauses: Collection[Pause]) -> float | None:
    """The least hours a week, in half hours, with which nothing has to go."""
    weeks = 0
    for day in week_starts(plan.start, pauses):
        if (by - day).days < 6:  # the week would end after the date
            break
        weeks += 1
    if not weeks:
        return None if plan.weeks else MIN_HOURS
    hours = max(MIN_HOURS, math.ceil(plan.total_hours / weeks * 2) / 2)
    return hours if hours <= MAX_HOURS else None


def _feasible_text(found: Feasibility, hours: float) -> str:
    if found.feasible:
        return f"Yes: at {hours:g} h a week everything is done on {found.ends}, by {found.by}."
    pace = f" {found.hours_needed:g} h a week would do it." if found.hours_needed else ""
    gone = listed(cut.title for cut in found.cuts)
    if found.possible:
        return (
            f"Not everything: at {hours:g} h a week the end is {found.ends}, not {found.by}.{pace} "
            f"At {hours:g} h a week these would have to go: {gone}; then it ends on {found.ends_with_cuts}."
        )
    return (
        f"It cannot be done by {found.by} at {hours:g} h a week: even without {gone} "
        f"it ends on {found.ends_with_cuts}.{pace}"
    )
