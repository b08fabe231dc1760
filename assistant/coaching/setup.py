"""The first questions and what comes of them: `started(...)` -> a learner, `previewed(...)` -> how long that takes.

What is previewed and what is kept are made by the same function, so that nothing else is kept than was shown. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from assistant.recommendation.curriculum import HELD_BACK_BY, load_rules, slots_of
from assistant.recommendation.progress import LAST_START, MAX_HOURS, MIN_HOURS, InputError, check_ids
from assistant.recommendation.reasons import counted, listed
from assistant.study.learner import Learner, Mark, progress_of, with_mark, without_mark
from assistant.study.pace import current_plan
from assistant.study.plan import make_plan
from assistant.study.planned import Plan
from assistant.study.preferences import Wishes, with_wishes
from assistant.study.replan import must_end_by
from corpus.notes import Notes
from corpus.roadmap import Roadmap

KNOWN = "known already"
"""The reason of what is left out of the plan since the learner knows it."""


@dataclass(frozen=True, slots=True)
class Setup:
    """The answers to the first questions. `by`: the last day, which sets the hours a week; else `hours` does."""

    start: date
    hours: float | None = None
    by: date | None = None
    known: frozenset[str] = frozenset()
    prefer: str | None = None
    free_only: bool | None = None
    formats: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Shorter:
    """A way to be done earlier: what it is, and how many weeks it then takes until which day."""

    what: str
    weeks: int
    ends: date

    @property
    def text(self) -> str:
        return f"{self.what}: {counted(self.weeks, 'week')}, until {said_day(self.ends)}."


@dataclass(frozen=True, slots=True)
class Preview:
    """How long a plan takes. `pace`: hours a week with which it takes the roadmap's own weeks (`span`)."""

    plan: Plan
    span: int
    pace: float
    shorter: tuple[Shorter, ...]

    @property
    def weeks(self) -> int:
        return len(self.plan.weeks)

    @property
    def text(self) -> str:
        plan = self.plan
        if not plan.weeks:
            return "Nothing is left to plan: all of it is known or done."
        return (
            f"{counted(round(plan.total_hours, 1), 'hour')} at {counted(plan.hours, 'hour')} a week "
            f"{'is' if plan.total_hours == 1 else 'are'} {counted(self.weeks, 'week')}. "
            f"You end on {said_day(plan.ends)}."
        )

    @property
    def compared(self) -> str:
        """Why that is not the number of weeks in the roadmap's title; empty where there is nothing to plan."""
        if not self.plan.weeks:
            return ""
        return (
            f"Why not {self.span} weeks? That is the roadmap's own count; "
            f"it fits about {counted(self.pace, 'hour')} a week. "
            "The hours are rough: they are our estimates, with a reserve after each phase."
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "start": self.plan.start.isoformat(),
            "hours_a_week": self.plan.hours,
            "total_hours": self.plan.total_hours,
            "weeks": self.weeks,
            "ends": self.plan.ends.isoformat(),
            "roadmap_weeks": self.span,
            "roadmap_pace": self.pace,
            "shorter": [{"what": s.what, "weeks": s.weeks, "ends": s.ends.isoformat()} for s in self.shorter],
            "text": f"{self.text} {self.compared}".strip(),
        }


def started(roadmap: Roadmap, notes: Notes, learner: Learner, setup: Setup, now: datetime) -> Learner:
    """The learner with the answers. Errors: `InputError` naming the answer that cannot be used."""
    check_ids(roadmap, sorted(setup.known))
    learner = _knowing(learner, setup.known, now)
    wishes = Wishes(setup.start.isoformat(), None, setup.prefer, setup.free_only, setup.formats)
    learner = with_wishes(learner, wishes, now)
    hours = setup.hours if setup.by is None else _hours_for(roadmap, notes, learner, setup.by, learner.day(now))
    return with_wishes(learner, Wishes(start=setup.start.isoformat(), hours=hours), now)


def previewed(roadmap: Roadmap, notes: Notes, learner: Learner, day: date) -> Preview | None:
    """How long it takes from a day on; None without a start date."""
    plan = current_plan(roadmap, notes, learner, day)
    if plan is None:
        return None
    span = roadmap.weeks.last
    shorter = tuple(_shorter(roadmap, notes, learner, plan)) if plan.weeks else ()
    return Preview(plan, span, own_pace(plan.total_hours, span), shorter)


def own_pace(hours: float, span: int) -> float:
    """Hours a week with which the hours take the weeks, up to the next half hour."""
    return max(MIN_HOURS, -(-hours * 2 // span) / 2)


def known_already(learner: Learner) -> frozenset[str]:
    """What the learner has said to know."""
    return frozenset(mark.resource for mark in learner.marks if _is_known(mark))


def said_day(day: date) -> str:
    """ "4 January 2027"."""
    return f"{day.day} {day:%B} {day.year}"


def _knowing(learner: Learner, known: Collection[str], now: datetime) -> Learner:
    """What is known is left out; what is no longer said to be known comes back. Other marks stay as they are."""
    for resource in known_already(learner) - set(known):
        learner = without_mark(learner, resource)
    for resource in sorted(known):
        if learner.mark(resource) is None:
            learner = with_mark(learner, Mark(resource, "", "skipped", now, reason=KNOWN))
    return learner


def _is_known(mark: Mark) -> bool:
    return mark.status == "skipped" and mark.reason == KNOWN and not mark.unit


def _hours_for(roadmap: Roadmap, notes: Notes, learner: Learner, by: date, today: date) -> float:
    """Hours a week with which everything left is done by a day."""
    begin = max(learner.start or today, today)
    if by > LAST_START:
        raise InputError(f"A plan cannot end by {by}: give a day until {LAST_START}.")
    progress = progress_of(learner, roadmap, notes)
    found = must_end_by(roadmap, notes, begin, MAX_HOURS, by, progress=progress, pauses=learner.pauses)
    if found.hours_needed is None:
        raise InputError(
            f"Even {MAX_HOURS:g} hours a week are too few to be done by {by}: "
            f"give {found.ends} or later, or tick what you know already."
        )
    return found.hours_needed


def _shorter(roadmap: Roadmap, notes: Notes, learner: Learner, plan: Plan) -> Iterator[Shorter]:
    """More hours, and without what the roadmap does not insist on."""
    progress = progress_of(learner, roadmap, notes)

    def tried(what: str, hours: float, skipped: Collection[str] = ()) -> Shorter:
        left = replace(progress, skipped=progress.skipped | frozenset(skipped))
        found = make_plan(roadmap, notes, plan.start, hours, progress=left, pauses=learner.pauses)
        return Shorter(what, len(found.weeks), found.ends)

    paces = {-(-plan.hours * 3 // 2), own_pace(plan.total_hours, roadmap.weeks.last)}
    options = [tried(f"{hours:g} hours a week", hours) for hours in sorted(paces) if plan.hours < hours <= MAX_HOURS]
    loose = [slot for slot in slots_of(roadmap, load_rules()) if slot.level not in HELD_BACK_BY]
    loose = [slot for slot in loose if slot.ids & set(plan.resources)]
    if loose:
        titles = listed(slot.members[0].title for slot in loose)
        options.append(tried(f"Without what is optional ({titles})", plan.hours, {i for s in loose for i in s.ids}))
    yield from (option for option in options if option.weeks < len(plan.weeks))
