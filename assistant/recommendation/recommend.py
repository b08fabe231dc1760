"""The one best resource now: `recommend(roadmap, notes, progress)` -> `Recommendation`.

Pure and deterministic: the same progress gives the same answer. Light to import (no database, no
model). Knows the slots and rules of `assistant.recommendation.curriculum`; knows nothing of dates or storage.

Stages: 1 what is still open (`assistant.recommendation.study_state`) -> 2 which slot -> 3 which member of a pair ->
4 alternatives -> 5 reason.
The choice names its rules (`Recommendation.rules`), and the reason says each in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from assistant.recommendation.curriculum import (
    HELD_BACK_BY,
    FreeWay,
    Slot,
    called_paid,
    cost_of,
    is_free,
    leaning_of,
    load_rules,
    needs_of,
    slots_of,
    units_of,
)
from assistant.recommendation.merits import builds_on, order_said, suits, unlocks
from assistant.recommendation.progress import Progress, check_progress
from assistant.recommendation.reasons import Saying, counted, listed, say, say_finished
from assistant.recommendation.study_state import State
from corpus.notes import FREE_COSTS, Cost, Notes, Unit
from corpus.roadmap import Resource, Roadmap, Weeks

MOST_ALTERNATIVES = 3
FEWEST_ALTERNATIVES = 2
"""What comes later in the order fills up to so many."""


Rule = Literal[
    "finish-what-you-started",
    "order",
    "week",
    "catch-up",
    "checkpoint",
    "optional",
    "supplemental",
    "pair-preferred",
    "pair-code",
    "pair-theory",
    "pair-free",
    "pair-format",
    "pair-only-one-left",
    "pair-dead",
    "free-set-aside",
    "dead-set-aside",
    "pages-gone",
    "nothing-free-left",
    "nothing-alive-left",
    "finished",
]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another resource that would also do, the one difference that matters, and what the roadmap praises in it."""

    resource: str
    title: str
    url: str
    difference: str
    speaks_for: str = ""

    @property
    def text(self) -> str:
        """The difference, and what speaks for it."""
        return f"{self.difference}; {self.speaks_for}" if self.speaks_for else self.difference

    def as_json(self) -> dict[str, str]:
        return {
            "resource": self.resource,
            "title": self.title,
            "url": self.url,
            "difference": self.difference,
            "speaks_for": self.speaks_for,
        }


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What to do now. `resource` is None when nothing that counts is left.

    `blocked_by`: needs of the resource that are not marked as done. `hours`: rough study hours left
    in it. `now`: what the minutes at hand are enough for ("" without minutes). `order`: what it builds on
    and opens; `suits`: how it goes with the preferences; `outcome`: the roadmap's "at the end"; `free_way`:
    where the skills of a paid one can be had for nothing.
    """

    resource: str | None
    title: str
    url: str
    weeks: Weeks | None
    reason: str
    rules: tuple[Rule, ...]
    alternatives: tuple[Alternative, ...] = ()
    blocked_by: tuple[str, ...] = ()
    first_unit: Unit | None = None
    hours: float = 0.0
    effort: str = ""
    cost: Cost | None = None
    now: str = ""
    order: str = ""
    suits: str = ""
    outcome: str = ""
    free_way: FreeWay | None = None

    @property
    def why(self) -> str:
        """The reason, the order and the preferences in one text."""
        return " ".join(text for text in (self.reason, self.order, self.suits) if text)

    @property
    def finished(self) -> bool:
        return self.resource is None

    def as_json(self) -> dict[str, Any]:
        """The contract of `roadmap next --json` and `/api/v1/next`."""
        unit = self.first_unit
        return {
            "resource": self.resource,
            "title": self.title,
            "url": self.url,
            "weeks": self.weeks.as_list() if self.weeks else None,
            "reason": self.reason,
            "alternatives": [alternative.as_json() for alternative in self.alternatives],
            "blocked_by": list(self.blocked_by),
            "first_unit": {"id": unit.id, "title": unit.title, "hours": unit.hours, "url": unit.url} if unit else None,
            "hours": self.hours,
            "effort": self.effort,
            "cost": self.cost,
            "now": self.now,
            "order": self.order,
            "suits": self.suits,
            "outcome": self.outcome,
            "free_way": {"what": self.free_way.what, "url": self.free_way.url} if self.free_way else None,
            "rules": list(self.rules),
            "finished": self.finished,
        }


def recommend(roadmap: Roadmap, notes: Notes, progress: Progress) -> Recommendation:
    """The best next resource for a learner.

    With `progress.week` and no marks before it, what comes earlier in the roadmap is presumed known;
    without a week only marks count. Errors: `InputError` for an unknown id, week or preference.
    """
    check_progress(roadmap, progress)
    state = State(notes, progress, load_rules(), slots_of(roadmap))
    slot, why = _choose_slot(state)
    if slot is None:
        return _finished(state)
    member, pair_rule = choose_member(state, slot)
    rules: tuple[Rule, ...] = (*why, *((pair_rule,) if pair_rule else ()))
    if member.id in progress.dead and "nothing-alive-left" not in rules:
        rules = (*rules, "pages-gone")
    return Recommendation(
        resource=member.id,
        title=member.title,
        url=state.url(member),
        weeks=member.weeks,
        reason=_reason(state, slot, member, rules),
        rules=rules,
        alternatives=_alternatives(state, slot, member),
        blocked_by=state.missing(slot, member),
        cost=cost_of(member, notes),
        order=order_said(builds_on(state, slot, member), unlocks(state, slot)),
        suits=suits(state, slot, member),
        outcome=member.outcome,
        free_way=state.rules.free_way(member.id) if cost_of(member, notes) == "paid" else None,
        **_effort(state, slot, member),
    )


# --- 2: which slot ------------------------------------------------------------------------------------------------


def _choose_slot(state: State) -> tuple[Slot | None, tuple[Rule, ...]]:
    begun = [s for s in state.slots if s.ids & state.progress.in_progress and not s.ids & state.done]
    if begun:
        return begun[0], ("finish-what-you-started",)
    if not state.open:
        return None, ("finished",)
    affordable = [slot for slot in state.open if state.affordable(slot)]
    if not affordable:
        return _least_bad(state)
    slot = affordable[0]
    if state.progress.wants_free:
        slot = _surely_free(affordable)
    rules: list[Rule] = [_order_rule(state, slot)]
    if slot.checkpoint:
        rules.append("checkpoint")
    if slot.level == "optional" or slot.level == "supplemental":  # noqa: PLR1714 -- narrows the type to `Rule`
        rules.append(slot.level)
    aside = _set_aside(state, slot)
    if any(not state.gone(other) for other in aside):
        rules.append("free-set-aside")
    if any(state.gone(other) for other in aside):
        rules.append("dead-set-aside")
    return slot, tuple(rules)


def _least_bad(state: State) -> tuple[Slot, tuple[Rule, ...]]:
    """Nothing that is left can be used: the first that would cost nothing, if its pages came back."""
    if not state.progress.wants_free:
        return state.open[0], ("nothing-alive-left",)
    free = next((s for s in state.open if any(is_free(m, state.notes, state.rules) for m in state.members(s))), None)
    return (free, ("nothing-alive-left",)) if free else (state.open[0], ("nothing-free-left",))


def _order_rule(state: State, slot: Slot) -> Rule:
    week = state.progress.week
    if week is None:
        return "order"
    return "catch-up" if slot.weeks.last < week else "week" if week in slot.weeks else "order"


def _surely_free(affordable: list[Slot]) -> Slot:
    """In a block that the roadmap does not divide, what it calls paid comes last under `free`."""
    first = affordable[0]
    if first.block.divided:
        return first
    block = [slot for slot in affordable if slot.block is first.block]
    return min(block, key=lambda slot: called_paid(slot.members[0]))


def _set_aside(state: State, slot: Slot) -> tuple[Slot, ...]:
    """Open slots that come before in order and cannot be used."""
    before = state.open[: state.open.index(slot)] if slot in state.open else ()
    return tuple(s for s in before if not state.affordable(s))


# --- 3: which member of a pair --------------------------------------------------------------------------------------


def choose_member(state: State, slot: Slot) -> tuple[Resource, Rule | None]:
    """The member of a slot to take, and the rule that decided (None where there was no choice)."""
    members = state.members(slot)
    begun = [m for m in slot.members if m.id in state.progress.in_progress]
    if begun:
        return begun[0], None
    if len(members) == 1 or not slot.pair:
        if not slot.pair:
            return members[0], None
        others = [m for m in slot.members if m is not members[0] and m.id not in state.progress.skipped]
        if others and all(m.id in state.progress.dead for m in others):
            return members[0], "pair-dead"
        return members[0], "pair-free" if others and state.progress.wants_free else "pair-only-one-left"
    wanted = state.progress.prefer
    fitting = [m for m in members if wanted in ("code", "theory") and leaning_of(m, state.rules) == wanted]
    if fitting:
        return fitting[0], "pair-code" if wanted == "code" else "pair-theory"
    liked = [m for m in members if state.rules.in_format(m.id, state.progress.formats)]
    if liked and liked[0] is not members[0]:
        return liked[0], "pair-format"
    return members[0], "pair-preferred"


# --- 4: alternatives ------------------------------------------------------------------------------------------------


def _alternatives(state: State, slot: Slot, member: Resource) -> tuple[Alternative, ...]:
    others = [m for m in slot.members if m is not member and m.id not in state.progress.skipped]
    found = [_alternative(state, m, _difference(state, member, m)) for m in others if m.id not in state.progress.dead]
    later = [s for s in state.open if s is not slot and s.level in HELD_BACK_BY and state.affordable(s)]
    if slot.level not in HELD_BACK_BY and later:
        ahead = state.members(later[0])[0]
        text = f"goes on with {ahead.weeks}: this one is {slot.level} and may be left out"
        found.append(_alternative(state, ahead, text))
    for other in later:
        if other.block is slot.block and not slot.block.divided:
            found.append(_beside(state, member, state.members(other)[0]))
    for other in _set_aside(state, slot):
        but = "its pages could not be reached" if state.gone(other) else "costs money"
        found.append(_alternative(state, other.members[0], f"comes earlier in the order, but {but}"))
    for other in state.open_all:
        if other not in state.open and other.block is slot.block:
            found.append(_alternative(state, other.members[0], f"{other.level}, not done yet"))
    known = {alternative.resource for alternative in found}
    ahead = [s for s in later if s.ids.isdisjoint(known)]
    found += [_comes_next(state, slot, other) for other in ahead[: max(0, FEWEST_ALTERNATIVES - len(known))]]
    unique = {alternative.resource: alternative for alternative in reversed(found)}
    ordered = [unique[id] for id in dict.fromkeys(a.resource for a in found)]
    return tuple(ordered[:MOST_ALTERNATIVES])


def _comes_next(state: State, slot: Slot, other: Slot) -> Alternative:
    """What comes later in the order, and whether it needs the slot that is recommended."""
    member = choose_member(state, other)[0]
    first = ", and builds on this one" if slot in needs_of(other, member, state.slots, state.rules) else ""
    return _alternative(state, member, f"comes later in the order ({member.weeks}){first}")


def _beside(state: State, member: Resource, other: Resource) -> Alternative:
    """Another resource of an undivided block: the roadmap does not say which comes first."""
    hands = f"; hands-on focus {other.hands_on.lower()}" if other.hands_on != member.hands_on and other.hands_on else ""
    return _alternative(state, other, f"same {other.weeks}, the next row{hands}")


def _difference(state: State, chosen: Resource, other: Resource) -> str:
    leaning = leaning_of(other, state.rules)
    if state.progress.wants_free and not state.usable(other):
        return "costs money"
    formats = state.progress.formats
    if state.rules.in_format(other.id, formats) and not state.rules.in_format(chosen.id, formats):
        return f"comes as {listed(state.rules.formats_of(other.id))}, as you like it"
    free, chosen_free = (cost_of(r, state.notes, state.rules) in FREE_COSTS for r in (other, chosen))
    if free and not chosen_free:
        return f"{leaning} first, and free" if leaning else "free"
    if leaning and leaning != leaning_of(chosen, state.rules):
        return f"{leaning} first"
    return other.recommendation or f"the roadmap's {other.role}"


def _alternative(state: State, member: Resource, difference: str) -> Alternative:
    praised = listed(pro[:1].lower() + pro[1:] if pro[1:2].islower() else pro for pro in member.pros)
    return Alternative(member.id, member.title, state.url(member), difference, praised)


# --- 5: reason and effort -------------------------------------------------------------------------------------------


def _reason(state: State, slot: Slot, member: Resource, rules: tuple[Rule, ...]) -> str:
    presumed = any(state.presumed(s) for s in state.slots)
    aside = _set_aside(state, slot)
    saying = Saying(
        member=member,
        slot=slot,
        note=state.notes.note(member.id),
        cost=cost_of(member, state.notes, state.rules),
        free_way=state.rules.free_way(member.id) if state.progress.wants_free else None,
        week=state.progress.week,
        presumed=presumed,
        proposed=state.split.get(slot),
        set_aside=tuple(s.members[0].title for s in aside if not state.gone(s)),
        gone=tuple(s.members[0].title for s in aside if state.gone(s)),
        only_as=_only_as(state, slot, member),
        wanted=state.progress.formats,
        blocked_by=tuple(_title(state, id) for id in state.missing(slot, member)),
    )
    return say(rules, saying)


def _only_as(state: State, slot: Slot, member: Resource) -> tuple[str, ...]:
    """The formats of a member, where no member that can be used comes in one that the learner likes."""
    formats = state.progress.formats
    if not formats or any(state.rules.in_format(m.id, formats) for m in (member, *state.members(slot))):
        return ()
    return state.rules.formats_of(member.id)


def _title(state: State, id: str) -> str:
    return next(m.title for slot in state.slots for m in slot.members if m.id == id)


def _effort(state: State, slot: Slot, member: Resource) -> dict[str, Any]:
    units = units_of(member, state.notes, state.rules, sharing=slot.sharing)
    left = [unit for unit in units if (member.id, unit.id) not in state.progress.units_done]
    first = left[0] if left else None
    spent = sum(state.progress.minutes_in(member.id, unit.id) for unit in left) / 60
    hours = round(max(0.0, sum(unit.hours for unit in left) - spent), 2)
    effort = f"about {hours:g} h"
    if state.progress.hours:
        weeks = max(1, -int(-hours // state.progress.hours))
        effort += f", {weeks} week{'s' * (weeks > 1)} at {state.progress.hours:g} h a week"
    return {"first_unit": first, "hours": hours, "effort": effort, "now": _now(state, first)}


def _now(state: State, unit: Unit | None) -> str:
    minutes = state.progress.minutes
    if minutes is None or unit is None:
        return ""
    needed = round(unit.hours * 60)
    if minutes >= needed:
        return f"{minutes} minutes are enough for “{unit.title}” (about {unit.hours:g} h)."
    time = counted(minutes, "minute")
    return f"In {time}: begin “{unit.title}” (about {unit.hours:g} h in all, so a part of it today)."


def _finished(state: State) -> Recommendation:
    left = [s for s in state.open_all if s not in state.open]
    unread = [m for s in state.slots if s.pair for m in s.members if m.id not in state.done | state.progress.skipped]
    found = [_alternative(state, s.members[0], f"{s.level}, not done yet") for s in left]
    found += [_alternative(state, m, "the other one of a pair that is done") for m in unread if state.usable(m)]
    skipped = sorted(state.progress.skipped - state.done)
    reason = say_finished(tuple(_title(state, id) for id in skipped))
    return Recommendation(None, "", "", None, reason, ("finished",), tuple(found[:MOST_ALTERNATIVES]))
