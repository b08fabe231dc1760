"""A learner against the calendar: the plan as it was made, what is left of it, and hours done day by day. Pure.

Weeks of study are counted from the start, with pauses left out, so that a plan that is made anew keeps their
numbers. The first plan is the one of the start, or of the day on which the pace was last changed: a slip shows
against it as "behind", and is forgiven when the learner replans.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from assistant.recommendation.curriculum import Slot, load_rules, slots_of, units_of
from assistant.recommendation.progress import Progress
from assistant.recommendation.study_state import State
from assistant.study.learner import Learner, Mark, progress_of
from assistant.study.plan import make_plan, week_starts
from assistant.study.planned import WEEK, Pause, Plan
from corpus.notes import Notes
from corpus.roadmap import Roadmap


@dataclass(frozen=True, slots=True)
class BurnUp:
    """Cumulated study hours at the end of each day named: by the first plan, done, and by the present plan."""

    planned: tuple[tuple[date, float], ...]
    done: tuple[tuple[date, float], ...]
    ahead: tuple[tuple[date, float], ...]

    def as_json(self) -> dict[str, Any]:
        lines = {"planned": self.planned, "done": self.done, "ahead": self.ahead}
        return {name: [[day.isoformat(), hours] for day, hours in line] for name, line in lines.items()}


def study_week(start: date, pauses: tuple[Pause, ...], day: date) -> tuple[int, date]:
    """Number (from 0) and first day of the study week that holds the day, or of the next one after it."""
    return next((n, first) for n, first in enumerate(week_starts(start, pauses)) if day < first + WEEK)


def current_plan(roadmap: Roadmap, notes: Notes, learner: Learner, day: date) -> Plan | None:
    """What is left, from the study week of the day on; None without a start date."""
    return _plan(roadmap, notes, learner, day, progress_of(learner, roadmap, notes), goes_on=True)


def first_plan(roadmap: Roadmap, notes: Notes, learner: Learner) -> Plan | None:
    """The plan that was made at the start or at the last replanning; None without a start date."""
    if learner.start is None:
        return None
    day = learner.replanned or learner.start
    then = replace(learner, marks=tuple(m for m in learner.marks if learner.day(m.at) < day))
    return _plan(roadmap, notes, learner, day, progress_of(then, roadmap, notes))


def weeks_behind(roadmap: Roadmap, notes: Notes, learner: Learner, day: date) -> int:
    """Weeks of study by which the first open unit of the first plan lies behind the day."""
    plan, left = first_plan(roadmap, notes, learner), current_plan(roadmap, notes, learner, day)
    if plan is None or left is None or learner.start is None:
        return 0
    now = study_week(learner.start, learner.pauses, day)[0]
    slots = [slot.ids for slot in slots_of(roadmap)]
    begins = (_open_from(plan, left, ids) for ids in slots)
    return max(0, now - min((week for week in begins if week is not None), default=now))


def _open_from(plan: Plan, left: Plan, ids: frozenset[str]) -> int | None:
    """The week of the first plan in which what is left of a slot begins; None where nothing is.

    The work of a slot is taken in order, so that half of a long unit is done where its first half was planned, and
    either one of a pair counts.
    """
    planned, open_minutes = _minutes(plan, ids), _minutes(left, ids)
    rest = sum(minutes for _, minutes in open_minutes)
    for week, minutes in reversed(planned if rest else []):
        rest -= minutes
        if rest <= 0:
            return week
    return planned[0][0] if planned and rest > 0 else None


def _minutes(plan: Plan, ids: frozenset[str]) -> list[tuple[int, int]]:
    """The minutes of some resources, week by week."""
    found = [(week.number, sum(u.minutes for u in week.units if u.task.resource in ids)) for week in plan.weeks]
    return [(week, minutes) for week, minutes in found if minutes]


def roadmap_week(roadmap: Roadmap, notes: Notes, progress: Progress) -> int:
    """The week of the roadmap that the work has reached: within the first slot that is open, by its hours done."""
    state = State(notes, replace(progress, week=None, minutes=None), load_rules(), slots_of(roadmap))
    begun = [s for s in state.slots if s.ids & progress.in_progress and not s.ids & state.done]
    slot = next(iter((*begun, *state.open)), None)
    if slot is None:
        return roadmap.weeks.last
    weeks = state.weeks(slot)
    return min(weeks.last, weeks.first + int(_share_done(state, slot) * len(weeks)))


def burn_up(roadmap: Roadmap, notes: Notes, learner: Learner, day: date) -> BurnUp:
    """Planned, done and left, as cumulated hours; empty lines without a start date."""
    first, left = first_plan(roadmap, notes, learner), current_plan(roadmap, notes, learner, day)
    if first is None or left is None:
        return BurnUp((), (), ())
    done = _hours_done(roadmap, notes, learner)
    before = sum(hours for at, hours in done if at < first.start)
    return BurnUp(
        planned=_line(first, before),
        done=_cumulated([*done, (day, 0.0)]),
        ahead=_line(left, sum(hours for _, hours in done)),
    )


def _plan(
    roadmap: Roadmap, notes: Notes, learner: Learner, day: date, progress: Progress, *, goes_on: bool = False
) -> Plan | None:
    """goes_on: what was studied in the week of the day is no longer to be had of it."""
    if learner.start is None:
        return None
    number, begin = study_week(learner.start, learner.pauses, day)
    week = (learner.minutes_on(begin + timedelta(days=n)) for n in range(WEEK.days)) if goes_on else ()
    plan = make_plan(roadmap, notes, begin, learner.hours, progress=progress, pauses=learner.pauses, studied=sum(week))
    return replace(plan, weeks=tuple(replace(week, number=week.number + number) for week in plan.weeks))


def _share_done(state: State, slot: Slot) -> float:
    member = next((m for m in slot.members if m.id in state.progress.in_progress), slot.members[0])
    units = units_of(member, state.notes, state.rules, sharing=slot.sharing)
    done = sum(u.hours for u in units if (member.id, u.id) in state.progress.units_done)
    return done / (sum(u.hours for u in units) or 1.0)


def _hours_done(roadmap: Roadmap, notes: Notes, learner: Learner) -> list[tuple[date, float]]:
    """Hours of units done and minutes of those begun, each on the day of its mark; a resource that was marked as a
    whole counts what its units do not."""
    rules = load_rules()
    sharing = {m.id: slot.sharing for slot in slots_of(roadmap, rules) for m in slot.members}
    hours = {(r.id, u.id): u.hours for r in roadmap.resources for u in units_of(r, notes, rules, sharing=sharing[r.id])}
    counted = {m.key for m in learner.marks if m.unit}
    found: list[tuple[date, float]] = []
    for mark in learner.marks:
        amount = _hours_of(mark, hours, counted)
        if amount:
            found.append((learner.day(mark.at), amount))
    return sorted(found)


def _hours_of(mark: Mark, hours: dict[tuple[str, str], float], counted: set[tuple[str, str]]) -> float:
    if mark.unit:
        whole = hours.get(mark.key, 0.0)
        return whole if mark.status == "done" else min(whole, mark.minutes / 60)
    if mark.status != "done":
        return 0.0
    return sum(amount for key, amount in hours.items() if key[0] == mark.resource and key not in counted)


def _cumulated(days: list[tuple[date, float]]) -> tuple[tuple[date, float], ...]:
    sums = accumulate((hours for _, hours in sorted(days)))
    return tuple({day: round(total, 2) for (day, _), total in zip(sorted(days), sums, strict=True)}.items())


def _line(plan: Plan, before: float) -> tuple[tuple[date, float], ...]:
    """From the day before the plan's start; buffers are time, not work, and add nothing."""
    points = [(plan.start - timedelta(days=1), before)]
    for week in plan.weeks:
        points.append((week.ends, sum(u.hours for u in week.units if u.task.kind != "buffer")))
    return _cumulated(points)


def hours_between(roadmap: Roadmap, notes: Notes, learner: Learner, first: date, last: date) -> float:
    """Hours done from one day to another, both included."""
    return sum(hours for day, hours in _hours_done(roadmap, notes, learner) if first <= day <= last)


__all__ = [
    "BurnUp",
    "burn_up",
    "current_plan",
    "first_plan",
    "hours_between",
    "roadmap_week",
    "study_week",
    "weeks_behind",
]
