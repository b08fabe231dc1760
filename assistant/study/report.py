"""A learner's progress, resource by resource: `make_report` -> `Report`. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from assistant.recommendation.curriculum import slots_of, units_of
from assistant.recommendation.progress import Counts, Progress, count
from assistant.study.learner import Learner, Mark, orphans, progress_of
from assistant.study.pace import BurnUp, burn_up, current_plan
from assistant.study.preferences import settings_json
from assistant.study.timeline import Bar, timeline
from assistant.study.today import Where, where_am_i
from corpus.notes import Notes
from corpus.roadmap import Resource, Roadmap

Status = Literal["done", "in-progress", "skipped", "not-started"]


@dataclass(frozen=True, slots=True)
class Line:
    """One resource: its status, units done of how many, hours left, and why it was skipped."""

    resource: str
    title: str
    status: Status
    units_done: tuple[str, ...]
    units: tuple[str, ...]
    hours_left: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Where a learner stands. `orphans`: marks of what the roadmap no longer holds, kept all the same."""

    learner: Learner
    where: Where
    lines: tuple[Line, ...]
    orphans: tuple[Mark, ...]
    bars: tuple[Bar, ...]
    burn_up: BurnUp
    ends: str | None
    counts: Counts

    @property
    def text(self) -> str:
        end = f" By the plan you finish on {self.ends}." if self.ends else ""
        return f"{self.where.text} {self.counts.text}.{end}"

    def as_json(self) -> dict[str, Any]:
        return {
            "learner": settings_json(self.learner),
            "where": self.where.as_json(),
            "resources": [asdict(line) for line in self.lines],
            "orphans": [asdict(mark) | {"at": mark.at.isoformat()} for mark in self.orphans],
            "timeline": [bar.as_json() for bar in self.bars],
            "burn_up": self.burn_up.as_json(),
            "ends": self.ends,
            "counts": asdict(self.counts),
            "text": self.text,
        }


def make_report(roadmap: Roadmap, notes: Notes, learner: Learner, now: datetime) -> Report:
    """Everything known of a learner's progress at a moment."""
    day = learner.day(now)
    progress = progress_of(learner, roadmap, notes)
    sharing = {member.id: slot.sharing for slot in slots_of(roadmap) for member in slot.members}
    plan = current_plan(roadmap, notes, learner, day)
    return Report(
        learner,
        where_am_i(roadmap, notes, learner, now),
        tuple(_line(r, notes, learner, progress, sharing[r.id]) for r in roadmap.resources),
        orphans(learner, roadmap, notes),
        timeline(roadmap, notes, learner, plan) if plan else (),
        burn_up(roadmap, notes, learner, day),
        plan.ends.isoformat() if plan and plan.weeks else None,
        count(roadmap.resources, progress),
    )


def _line(resource: Resource, notes: Notes, learner: Learner, progress: Progress, sharing: int) -> Line:
    units = units_of(resource, notes, sharing=sharing)
    whole = resource.id in progress.done
    done = tuple(u.id for u in units if whole or (resource.id, u.id) in progress.units_done)
    spent = sum(progress.minutes_in(resource.id, u.id) for u in units if u.id not in done) / 60
    left = 0.0 if whole else max(0.0, sum(u.hours for u in units if u.id not in done) - spent)
    mark = learner.mark(resource.id)
    return Line(
        resource.id,
        resource.title,
        _status(resource.id, progress),
        done,
        tuple(u.id for u in units),
        round(left, 2),
        mark.reason if mark else "",
    )


def _status(resource: str, progress: Progress) -> Status:
    if resource in progress.done:
        return "done"
    if resource in progress.skipped:
        return "skipped"
    return "in-progress" if resource in progress.in_progress else "not-started"
