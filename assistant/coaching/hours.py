"""Hours planned and done, week of study by week of study. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice, pairwise, takewhile
from typing import Any

from assistant.study.learner import Learner
from assistant.study.pace import first_plan, hours_between
from assistant.study.plan import week_starts
from corpus.notes import Notes
from corpus.roadmap import Roadmap


@dataclass(frozen=True, slots=True)
class WeekHours:
    """A week of study from its first day on. `planned`: None before the day on which the plan was last made."""

    number: int
    first: date
    planned: float | None
    done: float

    def as_json(self) -> dict[str, Any]:
        return {"week": self.number, "starts": self.first.isoformat(), "planned": self.planned, "done": self.done}


def hours_by_week(roadmap: Roadmap, notes: Notes, learner: Learner, day: date) -> tuple[WeekHours, ...]:
    """The weeks of study from the start to the day, in order; what is done in a pause counts to the week before it.

    Nothing without a start date, or before it.
    """
    if learner.start is None or day < learner.start:
        return ()
    first = first_plan(roadmap, notes, learner)
    planned = {week.number: week.hours for week in first.weeks} if first else {}
    begin = first.weeks[0].number if first and first.weeks else 0
    later = takewhile(lambda start: start <= day, islice(week_starts(learner.start, learner.pauses), 1, None))
    starts = [learner.start, *later]  # a pause at the start is part of the first week: none stands before it
    return tuple(
        WeekHours(
            number,
            start,
            planned.get(number, 0.0) if number >= begin else None,
            round(hours_between(roadmap, notes, learner, start, end - timedelta(days=1)), 2),
        )
        for number, (start, end) in enumerate(pairwise([*starts, day + timedelta(days=1)]))
    )
