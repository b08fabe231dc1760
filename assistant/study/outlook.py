"""A plan with what is told beside it: what moved, whether it ends by a day, its bars and lines. Pure.

`outlook_of` speaks of a stored learner, `outlook_from` of a start, a pace and what is done, without any learner.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from assistant.recommendation.progress import LAST_START, InputError, Progress
from assistant.study.learner import Learner, progress_of
from assistant.study.pace import BurnUp, burn_up, current_plan, first_plan
from assistant.study.plan import make_plan
from assistant.study.planned import Plan
from assistant.study.replan import Feasibility, Replan, compared, must_end_by
from assistant.study.timeline import Bar, timeline
from corpus.notes import Notes
from corpus.roadmap import Roadmap


@dataclass(frozen=True, slots=True)
class Outlook:
    """A plan seen from a day. `moved`: against the first plan; `deadline`: whether it ends by a day asked for."""

    plan: Plan
    day: date
    bars: tuple[Bar, ...]
    lines: BurnUp
    moved: Replan | None = None
    deadline: Feasibility | None = None

    @property
    def remarks(self) -> tuple[str, ...]:
        """Sentences for people, beside those of the plan itself."""
        return tuple(told.text for told in (self.moved, self.deadline) if told)

    def as_json(self) -> dict[str, Any]:
        """The contract of `roadmap plan --json`, with `moved` and `deadline` where they were asked for."""
        data = self.plan.as_json()
        if self.moved:
            data["moved"] = self.moved.as_json()["moved"]
            data["done"] = list(self.moved.done)
            data["remarks"].append(self.moved.text)
        if self.deadline:
            data["deadline"] = self.deadline.as_json()
        return data


def outlook_of(
    roadmap: Roadmap, notes: Notes, learner: Learner, day: date, *, hours: float | None = None, by: date | None = None
) -> Outlook:
    """A learner's plan; `hours` tries another pace without keeping it.

    Errors: `InputError` without a start date, for impossible hours, or a deadline in the past.
    """
    _check_deadline(by)
    tried = learner if hours is None else replace(learner, hours=hours)
    plan, first = current_plan(roadmap, notes, tried, day), first_plan(roadmap, notes, learner)
    if plan is None or first is None:
        raise InputError(
            "No start date is set: say “I start on 2027-01-04”, set `start` in the settings, "
            "or give --start 2027-01-04 --hours 8."
        )
    progress = progress_of(tried, roadmap, notes)
    begin = max(plan.start, day)
    return Outlook(
        plan,
        day,
        timeline(roadmap, notes, tried, plan, first),
        burn_up(roadmap, notes, tried, day),
        compared(roadmap, first, plan, progress),
        must_end_by(roadmap, notes, begin, tried.hours, by, progress=progress, pauses=tried.pauses) if by else None,
    )


def outlook_from(
    roadmap: Roadmap,
    notes: Notes,
    start: date,
    hours: float,
    done: Collection[str],
    day: date,
    *,
    by: date | None = None,
) -> Outlook:
    """A plan of which no learner is known. Errors: as `make_plan`."""
    _check_deadline(by)
    plan = make_plan(roadmap, notes, start, hours, done, today=day)
    progress = Progress(done=frozenset(done))
    deadline = must_end_by(roadmap, notes, start, hours, by, progress=progress) if by else None
    bars = timeline(roadmap, notes, Learner("", start=start), plan)
    return Outlook(plan, day, bars, BurnUp((), (), ()), deadline=deadline)


def _check_deadline(by: date | None) -> None:
    if by is not None and by > LAST_START:
        raise InputError(f"A plan cannot end by {by}: give a day until {LAST_START}.")
