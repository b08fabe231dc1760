"""A start date and hours a week -> dated weeks of units: `make_plan` -> `Plan`. Pure; the clock is an argument.

Knows slots, units and dates; knows nothing of storage. Light to import. No week is over its budget
(units are split into parts), nothing that counts is lost (one of a pair is enough), and what is done
is left out, so that doing more never moves the end later: the hours left only shrink.

Stages: 1 slots -> chosen resources -> 2 tasks in minutes, with a buffer after each phase -> 3 packed
into week budgets -> 4 dated. Everything is counted in quarters of an hour.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, timedelta

from assistant.recommendation.curriculum import Slot, is_free, load_rules, proposed_split, slots_of, units_of, url_of
from assistant.recommendation.progress import InputError, Progress, check_hours, check_progress, check_start
from assistant.recommendation.reasons import counted
from assistant.recommendation.recommend import choose_member
from assistant.recommendation.study_state import State
from assistant.study.planned import WEEK, Kind, Pause, Plan, PlannedUnit, PlanWeek, Task
from corpus.notes import Notes
from corpus.roadmap import Resource, Roadmap, Weeks

QUARTER = 15
BUFFER = 0.1
"""Share of a phase's hours that is kept free after it, for what took longer."""

BUFFER_TITLE = "Buffer: catch up, repeat, rest"


__all__ = ["BUFFER", "Pause", "Plan", "PlanWeek", "PlannedUnit", "make_plan", "week_starts"]


def make_plan(
    roadmap: Roadmap,
    notes: Notes,
    start: date,
    hours: float,
    done: Collection[str] = (),
    *,
    progress: Progress | None = None,
    pauses: Collection[Pause] = (),
    buffer: float = BUFFER,
    today: date | None = None,
    studied: int = 0,
) -> Plan:
    """A plan from `start` with `hours` a week, of whose first week `studied` minutes are used up.

    `progress` adds skips, units done and preferences; its week and minutes do not count here. A start
    before `today` is planned all the same, with a remark. Errors: `InputError` for unknown ids, hours
    outside of 0.5-100, a start outside of 2000-2200, a buffer outside of 0-1,
    or pauses that leave the calendar.
    """
    check_hours(hours)
    check_start(start)
    if not 0 <= buffer <= 1:
        raise InputError(f"A buffer of {buffer:g} cannot be used: give a share from 0 to 1.")
    progress = replace(progress or Progress(), week=None, minutes=None)
    progress = replace(progress, done=progress.done | frozenset(done))
    check_progress(roadmap, progress)
    state = State(notes, progress, load_rules(), slots_of(roadmap))
    chosen = chosen_resources(state)
    packed = _pack(_tasks(state, chosen, buffer), int(hours * 60) // QUARTER * QUARTER, _quarters(studied))
    split = {m.id: w for s, w in proposed_split(state.slots, notes, state.rules).items() for m in s.members}
    weeks = _dated(packed, start, tuple(pauses), split)
    plan = Plan(start, hours, weeks, {id: w for id, w in split.items() if id in {m.id for _, m in chosen}})
    return replace(plan, remarks=_remarks(plan, state, chosen, roadmap, today))


# --- 1: which resources -------------------------------------------------------------------------------------------


def chosen_resources(state: State) -> list[tuple[Slot, Resource]]:
    """One resource a slot that is not closed, in order; a course that is in already is not in twice."""
    chosen: list[tuple[Slot, Resource]] = []
    covered: frozenset[str] = frozenset()
    for slot in state.slots:
        if state.closed(slot) or slot.ids & covered:
            continue
        member = choose_member(state, slot)[0]
        chosen.append((slot, member))
        covered |= state.rules.with_same_course({member.id})
    return chosen


# --- 2: tasks -----------------------------------------------------------------------------------------------------


def _tasks(state: State, chosen: list[tuple[Slot, Resource]], buffer: float) -> list[Task]:
    """What is begun comes first, as `recommend` has it; then phase after phase, each with its buffer."""
    own = {member.id: list(_units(state, slot, member)) for slot, member in chosen}
    begun = [member.id for _, member in chosen if member.id in state.progress.in_progress]
    tasks = [task for id in begun for task in own[id]]
    for phase in dict.fromkeys(slot.phase for slot, _ in chosen):
        ids = [member.id for slot, member in chosen if slot.phase == phase]
        spare = _quarters(sum(task.minutes for id in ids for task in own[id]) * buffer)
        tasks += [task for id in ids if id not in begun for task in own[id]]
        if spare:
            tasks.append(Task("", f"buffer-{phase}", BUFFER_TITLE, "", spare, "buffer"))
    return tasks


def _units(state: State, slot: Slot, member: Resource) -> Iterator[Task]:
    for unit in units_of(member, state.notes, state.rules, sharing=slot.sharing):
        if (member.id, unit.id) not in state.progress.units_done:
            kind: Kind = "checkpoint" if slot.checkpoint else "unit"
            url = unit.url or url_of(member, state.notes, free=state.progress.wants_free)
            left = unit.hours * 60 - state.progress.minutes_in(member.id, unit.id)
            yield Task(member.id, unit.id, unit.title, url, max(QUARTER, _quarters(left)), kind)


def _quarters(minutes: float) -> int:
    """Minutes, up to the next quarter of an hour (the tiny slack absorbs floating point)."""
    return math.ceil(minutes / QUARTER - 1e-9) * QUARTER


# --- 3: packing ---------------------------------------------------------------------------------------------------


def _pack(tasks: list[Task], budget: int, used: int = 0) -> list[list[PlannedUnit]]:
    """Fills week after week up to the budget, in order; a task that does not fit goes on next week. used: minutes of
    the first week that are gone; with all of them it stays empty."""
    weeks: list[list[PlannedUnit]] = [[]] if tasks and used else []
    room = max(0, budget - used) if weeks else 0
    for task in tasks:
        left = task.minutes
        while left:
            if not room:
                weeks.append([])
                room = budget
            piece = min(left, room)
            weeks[-1].append(PlannedUnit(task, piece))
            left -= piece
            room -= piece
    return _numbered(weeks)


def _numbered(weeks: list[list[PlannedUnit]]) -> list[list[PlannedUnit]]:
    parts = Counter(unit.task for week in weeks for unit in week)
    seen: Counter[Task] = Counter()
    numbered: list[list[PlannedUnit]] = []
    for week in weeks:
        numbered.append([])
        for unit in week:
            seen[unit.task] += 1
            numbered[-1].append(replace(unit, part=seen[unit.task], parts=parts[unit.task]))
    return numbered


# --- 4: dates -----------------------------------------------------------------------------------------------------


def _dated(
    packed: list[list[PlannedUnit]], start: date, pauses: tuple[Pause, ...], split: dict[str, Weeks]
) -> tuple[PlanWeek, ...]:
    try:
        starts = week_starts(start, pauses)
        days = [next(starts) for _ in packed]
    except OverflowError as error:
        raise InputError(f"A plan from {start} on leaves the calendar: give an earlier date or more hours.") from error
    return tuple(
        PlanWeek(number, day, tuple(units), ours=any(unit.task.resource in split for unit in units))
        for number, (day, units) in enumerate(zip(days, packed, strict=True))
        if units
    )


def week_starts(start: date, pauses: Collection[Pause] = ()) -> Iterator[date]:
    """First days of study weeks without end; a week that meets a pause begins on the day after it."""
    day = start
    while True:
        moved = [
            p.last + timedelta(days=1) for p in pauses if p.first <= day + WEEK - timedelta(days=1) and day <= p.last
        ]
        if moved:
            day = max(moved)
            continue
        following = day + WEEK  # before it is given: its last day must be in the calendar too
        yield day
        day = following


def _remarks(
    plan: Plan, state: State, chosen: list[tuple[Slot, Resource]], roadmap: Roadmap, today: date | None
) -> tuple[str, ...]:
    remarks: list[str] = []
    if today and plan.start < today:
        remarks.append(f"The start, {plan.start}, is {counted((today - plan.start).days, 'day')} in the past.")
    span = len(roadmap.weeks)
    if len(plan.weeks) > span:
        needed = math.ceil(plan.total_hours / span * 2) / 2
        remarks.append(
            f"At {plan.hours:g} h a week this takes {counted(len(plan.weeks), 'week')}; the roadmap's {span} weeks "
            f"would take about {needed:g} h a week (hours are rough, from our notes)."
        )
    if plan.split:
        remarks.append("The split of blocks that the roadmap does not divide is our proposal.")
    paid = [m.title for _, m in chosen if not is_free(m, state.notes, state.rules)]
    if state.progress.wants_free and paid:
        remarks.append(f"These cost money and have no free way that we know: {', '.join(paid)}.")
    return tuple(remarks)
