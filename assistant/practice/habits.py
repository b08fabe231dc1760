"""How a learner studies: hours and reviews a week, days in a row, what is remembered, how far each phase is. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from assistant.recommendation.progress import Counts, Progress, count
from assistant.recommendation.reasons import counted
from assistant.study.learner import Learner
from assistant.study.review import Review
from corpus.roadmap import Roadmap

WEEKS = 12
"""Weeks that are shown."""
REMEMBERED = 30
"""Days of reviews that tell how much is remembered."""


@dataclass(frozen=True, slots=True)
class StudyWeek:
    """A week from Monday on: hours of study, and cards reviewed."""

    starts: date
    hours: float
    reviews: int


@dataclass(frozen=True, slots=True)
class PhaseCounts:
    """A phase of the roadmap and its resources."""

    number: int
    title: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Habits:
    """The figures of a learner on a day.

    hours: those a week that are aimed at. streak: days in a row with study or a review, until today or yesterday.
    retention: the share of cards seen before that were remembered, 0 to 1; None without any. recalls: of how many.
    """

    weeks: tuple[StudyWeek, ...]
    hours: float
    streak: int
    longest: int
    retention: float | None
    recalls: int
    phases: tuple[PhaseCounts, ...]

    @property
    def text(self) -> str:
        """The figures in a sentence or two."""
        week = self.weeks[-1]
        told = f"This week: {week.hours:g} of {counted(self.hours, 'hour')}, {counted(week.reviews, 'card')} reviewed."
        told += f" {counted(self.streak, 'day')} in a row"
        told += f", {self.longest} at the most." if self.longest > self.streak else "."
        if self.retention is None:
            return f"{told} How much you remember shows once cards come back."
        return f"{told} Remembered: {self.retention:.0%} of {counted(self.recalls, 'card')} in {REMEMBERED} days."

    def as_json(self) -> dict[str, Any]:
        return {
            "weeks": [asdict(week) | {"starts": week.starts.isoformat()} for week in self.weeks],
            "hours": self.hours,
            "streak": self.streak,
            "longest_streak": self.longest,
            "retention": self.retention,
            "recalls": self.recalls,
            "phases": [{"number": p.number, "title": p.title, **asdict(p.counts)} for p in self.phases],
            "text": self.text,
        }


def habits_of(learner: Learner, progress: Progress, reviews: Sequence[Review], roadmap: Roadmap, day: date) -> Habits:
    """The figures up to a day."""
    reviewed = Counter(learner.day(review.at) for review in reviews)
    studied = {entry.day: entry.minutes for entry in learner.studied}
    days = {at for at in {*reviewed, *studied} if at <= day}
    recalled = _recalls(learner, reviews, day)
    return Habits(
        weeks=tuple(_week(monday, studied, reviewed) for monday in _mondays(day)),
        hours=learner.hours,
        streak=_run(days, day) or _run(days, day - timedelta(days=1)),
        longest=max((_run(days, last) for last in days), default=0),
        retention=sum(recalled) / len(recalled) if recalled else None,
        recalls=len(recalled),
        phases=tuple(PhaseCounts(p.number, p.title, count(p.resources, progress)) for p in roadmap.phases),
    )


def _mondays(day: date) -> list[date]:
    this = day - timedelta(days=day.weekday())
    return [this - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]


def _week(monday: date, studied: dict[date, int], reviewed: Counter[date]) -> StudyWeek:
    days = [monday + timedelta(days=n) for n in range(7)]
    minutes = sum(studied.get(at, 0) for at in days)
    return StudyWeek(monday, round(minutes / 60, 1), sum(reviewed[at] for at in days))


def _run(days: Collection[date], last: date) -> int:
    """How many days in a row end on a day."""
    length = 0
    while last - timedelta(days=length) in days:
        length += 1
    return length


def _recalls(learner: Learner, reviews: Sequence[Review], day: date) -> list[bool]:
    """Whether each card was remembered when it came up again on a later day, within the last days."""
    seen: dict[str, date] = {}
    found: list[bool] = []
    for review in reviews:
        at = learner.day(review.at)
        if seen.get(review.key, at) < at and day - timedelta(days=REMEMBERED) < at <= day:
            found.append(review.rating != "again")
        seen[review.key] = at
    return found
