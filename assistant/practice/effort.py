"""Minutes of study that a change of marks tells of, kept by day: for the day's end, streaks, hours a week. Pure.

A mark holds the last moment alone, so that the days before it would be lost.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from assistant.recommendation.curriculum import slots_of, units_of
from assistant.study.learner import Learner, StudyDay
from corpus.notes import Notes, Unit
from corpus.roadmap import Roadmap


def with_effort(before: Learner, after: Learner, roadmap: Roadmap, notes: Notes, now: datetime) -> Learner:
    """The learner after a change, with the minutes that it tells of on the day; marks that are taken away take them
    back from that day."""
    if before.marks == after.marks:
        return after
    minutes = 0
    for slot in slots_of(roadmap):
        for resource in slot.members:
            units = units_of(resource, notes, sharing=slot.sharing)
            if not _is_known_before(before, after, resource.id):
                minutes += _minutes(after, resource.id, units) - _minutes(before, resource.id, units)
    return with_minutes_on(after, after.day(now), minutes)


def with_minutes_on(learner: Learner, day: date, minutes: int) -> Learner:
    """Adds minutes to a day, or takes them from it."""
    days = {entry.day: entry.minutes for entry in learner.studied}
    days[day] = max(0, days.get(day, 0) + minutes)
    return replace(learner, studied=tuple(StudyDay(at, days[at]) for at in sorted(days) if days[at]))


def _is_known_before(before: Learner, after: Learner, resource: str) -> bool:
    """Whether a resource is marked as done that was never begun: it was learnt at another time, and not today."""
    mark = after.mark(resource)
    begun = any(m.resource == resource for m in before.marks)
    return mark is not None and mark.status == "done" and not mark.minutes and not begun


def _minutes(learner: Learner, resource: str, units: tuple[Unit, ...]) -> int:
    """The hours of what is done, and the minutes of what is begun."""
    whole = learner.mark(resource)
    done = whole is not None and whole.status == "done"
    minutes = whole.minutes if whole and not done else 0
    for unit in units:
        mark = learner.mark(resource, unit.id)
        spent = mark.minutes if mark else 0
        is_done = done or (mark is not None and mark.status == "done")
        minutes += max(spent, round(unit.hours * 60)) if is_done else spent
    return minutes
