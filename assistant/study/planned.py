"""The values of a plan: tasks, their parts, weeks with dates. Knows nothing of how a plan is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from corpus.roadmap import Weeks

WEEK = timedelta(days=7)
Kind = Literal["unit", "checkpoint", "buffer"]


@dataclass(frozen=True, slots=True)
class Pause:
    """Days without study, both ends included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done in `minutes` (a multiple of 15); a buffer has no resource."""

    resource: str
    unit: str
    title: str
    url: str
    minutes: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """A task, or part `part` of `parts` of it, in one week."""

    task: Task
    minutes: int
    part: int = 1
    parts: int = 1

    @property
    def hours(self) -> float:
        return self.minutes / 60

    @property
    def title(self) -> str:
        return self.task.title if self.parts == 1 else f"{self.task.title} (part {self.part} of {self.parts})"

    def as_json(self) -> dict[str, Any]:
        return {
            "resource": self.task.resource or None,
            "id": self.task.unit,
            "title": self.title,
            "hours": self.hours,
            "part": self.part,
            "parts": self.parts,
            "url": self.task.url,
            "kind": self.task.kind,
        }


@dataclass(frozen=True, slots=True)
class PlanWeek:
    """One week of a plan, counted from 0 as the roadmap does. `ours`: its split is our proposal."""

    number: int
    starts: date
    units: tuple[PlannedUnit, ...]
    ours: bool = False

    @property
    def ends(self) -> date:
        return self.starts + WEEK - timedelta(days=1)

    @property
    def resources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(u.task.resource for u in self.units if u.task.resource))

    @property
    def hours(self) -> float:
        return sum(unit.minutes for unit in self.units) / 60

    def as_json(self) -> dict[str, Any]:
        return {
            "week": self.number,
            "starts": self.starts.isoformat(),
            "ends": self.ends.isoformat(),
            "resources": list(self.resources),
            "units": [unit.as_json() for unit in self.units],
            "hours": self.hours,
            "split": "ours" if self.ours else "roadmap",
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """Dated weeks. `ends` is the last day of the last week (the start, if nothing is left to do).

    `split`: resource -> weeks of the roadmap that we propose for it, where the roadmap says only the
    whole block. `remarks`: sentences for people (longer than the roadmap, what costs money, ...).
    """

    start: date
    hours: float
    weeks: tuple[PlanWeek, ...]
    split: dict[str, Weeks]
    remarks: tuple[str, ...] = ()

    @property
    def ends(self) -> date:
        return self.weeks[-1].ends if self.weeks else self.start

    @property
    def total_hours(self) -> float:
        return sum(week.hours for week in self.weeks)

    @property
    def resources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(id for week in self.weeks for id in week.resources))

    def finish_of(self, resource: str) -> date | None:
        """The last day of the last week with a unit of the resource."""
        return next((w.ends for w in reversed(self.weeks) if resource in w.resources), None)

    def as_json(self) -> dict[str, Any]:
        """The contract of `roadmap plan --json`."""
        return {
            "weeks": [week.as_json() for week in self.weeks],
            "ends": self.ends.isoformat(),
            "start": self.start.isoformat(),
            "hours_a_week": self.hours,
            "total_hours": self.total_hours,
            "proposed_split": {id: weeks.as_list() for id, weeks in self.split.items()},
            "remarks": list(self.remarks),
        }
