"""The plan as bars, a resource each: done, now, ahead or skipped, with days and hours. Pure; knows no picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from assistant.recommendation.curriculum import slots_of
from assistant.study.learner import Learner, progress_of
from assistant.study.planned import Plan
from corpus.notes import Notes
from corpus.roadmap import Roadmap

State = Literal["done", "now", "ahead", "skipped"]


@dataclass(frozen=True, slots=True)
class Bar:
    """One resource from its first to its last day; `hours` are those left. `planned`: its days in the first plan."""

    resource: str
    title: str
    state: State
    first: date
    last: date
    hours: float
    planned: tuple[date, date] | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "resource": self.resource,
            "title": self.title,
            "state": self.state,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "hours": self.hours,
            "planned": [day.isoformat() for day in self.planned] if self.planned else None,
        }


def timeline(
    roadmap: Roadmap, notes: Notes, learner: Learner, plan: Plan, first: Plan | None = None
) -> tuple[Bar, ...]:
    """Bars in the order of study; what is neither marked nor planned (the other one of a pair) has none.

    "now" is what was begun: a day in the plan begins nothing.
    """
    progress = progress_of(learner, roadmap, notes)
    bars: list[Bar] = []
    for resource in (member for slot in slots_of(roadmap) for member in slot.members):
        marked = [learner.day(mark.at) for mark in learner.marks if mark.resource == resource.id]
        days = _days(plan, resource.id)
        hours = sum(u.hours for week in plan.weeks for u in week.units if u.task.resource == resource.id)
        state: State = "ahead"
        if resource.id in progress.done:
            state, days = "done", (min(marked), max(marked))
        elif resource.id in progress.skipped:
            state, days = "skipped", (min(marked), max(marked)) if marked else None  # none: known by the week named
        elif days and resource.id in progress.in_progress:
            state, days = "now", (min([*marked, days[0]]), days[1])
        if days:
            planned = _days(first, resource.id) if first else None
            bars.append(Bar(resource.id, resource.title, state, *days, round(hours, 2), planned))
    return tuple(bars)


def _days(plan: Plan, resource: str) -> tuple[date, date] | None:
    weeks = [week for week in plan.weeks if resource in week.resources]
    return (weeks[0].starts, weeks[-1].ends) if weeks else None
