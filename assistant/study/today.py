"""Where the learner is and what to do today: due reviews first, then new material, within one budget. Pure.

What was done today counts, so that the day ends. The clock is an argument. "This week" follows from the start date,
the pauses and the learner's own time zone; what to study follows from the marks, so that a slip shows as "behind" and
never as skipped work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from assistant.recommendation.progress import check_minutes
from assistant.recommendation.reasons import counted, doing
from assistant.study.learner import Learner, progress_of
from assistant.study.pace import study_week, weeks_behind
from assistant.study.plan import Plan, PlannedUnit, PlanWeek, make_plan
from assistant.study.planned import Pause
from assistant.study.review import NEW_A_DAY, DueCard, deck, due_cards
from corpus.notes import Notes
from corpus.roadmap import Roadmap

REVIEW_MINUTES = 1
"""What one card takes, rough."""

REVIEW_SHARE = 0.5
"""Reviews may take this share of the budget while there is new material left."""

LEAST_PIECE = 5
"""Minutes below which beginning something new is not worth it."""

STUDY_DAYS = 5
"""Days a week over which the hours are spread when no minutes are given."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do today; `url` is the exact page. `key` is a card's key or "resource/unit". `whole`: False where
    the minutes are a part of what is left of it."""

    kind: Literal["review", "unit", "checkpoint"]
    key: str
    title: str
    url: str
    minutes: int
    whole: bool = True

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Where:
    """Where a learner is on a day.

    `week`: week of the plan by the calendar, from 0 (None before the start, without one, or in a pause).
    `behind`: weeks that the first open unit lies behind the calendar, by the plan made at the start.
    """

    day: date
    week: int | None
    paused_until: date | None
    behind: int
    text: str

    def as_json(self) -> dict[str, Any]:
        return {
            "day": self.day.isoformat(),
            "week": self.week,
            "paused_until": self.paused_until.isoformat() if self.paused_until else None,
            "behind": self.behind,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Today:
    """One day's work; the minutes of all items together never exceed `budget`.

    done: minutes of study and reviews today. over: whether they are what the day asks for.
    """

    day: date
    budget: int
    items: tuple[Item, ...]
    reviews_left: int
    text: str
    done: int = 0
    over: bool = False

    @property
    def minutes(self) -> int:
        return sum(item.minutes for item in self.items)

    def as_json(self) -> dict[str, Any]:
        return {
            "day": self.day.isoformat(),
            "budget": self.budget,
            "minutes": self.minutes,
            "items": [item.as_json() for item in self.items],
            "reviews_left": self.reviews_left,
            "text": self.text,
            "done": self.done,
            "over": self.over,
        }


def today_view(
    roadmap: Roadmap,
    notes: Notes,
    learner: Learner,
    schedules: Mapping[str, str],
    now: datetime,
    minutes: int | None = None,
    *,
    new: int = NEW_A_DAY,
    reviewed: int = 0,
) -> Today:
    """Today's items for `minutes` (default: what today's study leaves of those of the weekday, else of a fifth of the
    hours a week).

    new: cards that may be shown for the first time. reviewed: cards that were graded today. Errors: `InputError` for
    impossible minutes, `LearnerError` for a bad time zone or schedule.
    """
    day = learner.day(now)
    goes_on, meant = continues_on(learner, day), learner.minutes_meant(day)
    progress = progress_of(learner, roadmap, notes)
    cards = deck(roadmap, notes, learner, progress, schedules)
    due = due_cards(cards, schedules, now, new=new, until=learner.midnight(now))
    if minutes is None and (goes_on > day or meant == 0):
        why = f"Nothing new until {goes_on}." if goes_on > day else f"{day:%A} is a day off in your week: nothing new."
        return Today(day, 0, (), len(due), f"{why} {doing(len(due), 'review', 'wait')} for you." if due else why)
    spread = max(1, round(learner.hours * 60 / STUDY_DAYS)) if meant is None else meant
    budget = spread if minutes is None else minutes
    check_minutes(budget)
    units = _coming(make_plan(roadmap, notes, day, learner.hours, progress=progress))
    done = learner.minutes_on(day) + reviewed * REVIEW_MINUTES
    left = budget if minutes is not None else budget - done
    if done and left < LEAST_PIECE and minutes is None:
        again = tuple(card for card in due if card.due and card.due > now)
        items = [_review_item(card) for card in again]
        text = _over(done, len(again), len(due) - len(again))
        return Today(day, max(budget, len(again)), tuple(items), len(due) - len(again), text, done, over=True)
    most = left if not units else int(left * REVIEW_SHARE) if left > LEAST_PIECE else left
    shown = due[: max(1, most // REVIEW_MINUTES) if due else 0]
    items = [_review_item(card) for card in shown]
    items += _fill(units, left - sum(item.minutes for item in items))
    waiting = len(due) - len(shown)
    return Today(day, budget, tuple(items), waiting, _text(items, waiting, left, done), done)


def where_am_i(roadmap: Roadmap, notes: Notes, learner: Learner, now: datetime) -> Where:
    """The learner's week by the calendar and how far the marks lie behind it."""
    day = learner.day(now)
    if learner.start is None:
        return Where(day, None, None, 0, "No start date is set yet: say, for example, “I start on 2027-01-04”.")
    if day < learner.start:
        ahead = counted((learner.start - day).days, "day")
        return Where(day, None, None, 0, f"Your plan starts on {learner.start}, in {ahead}.")
    pause = _pause_of(learner, day)
    if pause:
        goes_on = continues_on(learner, day)
        return Where(day, None, pause.last, 0, f"Nothing new until {goes_on}: your plan continues then.")
    week, first = study_week(learner.start, learner.pauses, day)
    if day < first:
        return Where(day, None, None, 0, f"The next week of your plan begins on {first}.")
    behind = weeks_behind(roadmap, notes, learner, day)
    text = f"By the calendar you are in week {week} of your plan."
    return Where(day, week, None, behind, f"{text} {_behind(behind, learner.replanned)}")


def continues_on(learner: Learner, day: date) -> date:
    """The first day from a day on that is in no pause; a plan that was moved has one until its new day."""
    while pause := _pause_of(learner, day):
        day = pause.last + timedelta(days=1)
    return day


def weeks_between(plan: Plan, first: date, last: date) -> tuple[PlanWeek, ...]:
    """The weeks of a plan that share a day with the span."""
    return tuple(week for week in plan.weeks if week.starts <= last and first <= week.ends)


def _coming(plan: Plan) -> list[PlannedUnit]:
    return [unit for week in plan.weeks for unit in week.units if unit.task.kind != "buffer"]


def _fill(units: list[PlannedUnit], room: int) -> list[Item]:
    """The coming units, in order, until the room is used; the last one may be begun only."""
    items: list[Item] = []
    seen: set[tuple[str, str]] = set()
    for unit in units:
        task = unit.task
        if (task.resource, task.unit) in seen:
            continue
        seen.add((task.resource, task.unit))
        minutes = min(task.minutes, room)
        if minutes < min(LEAST_PIECE, task.minutes) and items:
            break
        if minutes <= 0:
            break
        begun = minutes < task.minutes
        title = f"Begin or go on with: {task.title}" if begun else task.title
        kind: Literal["unit", "checkpoint"] = "checkpoint" if task.kind == "checkpoint" else "unit"
        items.append(Item(kind, f"{task.resource}/{task.unit}", title, task.url, minutes, not begun))
        room -= minutes
    return items


def _review_item(due: DueCard) -> Item:
    return Item("review", due.card.key, due.card.question, due.card.source, REVIEW_MINUTES)


def _pause_of(learner: Learner, day: date) -> Pause | None:
    return next((p for p in learner.pauses if p.first <= day <= p.last), None)


def _behind(weeks: int, replanned: date | None) -> str:
    if weeks:
        return f"You are {counted(weeks, 'week')} behind it."
    return f"You are on time with the plan of {replanned}." if replanned else "You are on time."


def _over(done: int, again: int, waiting: int) -> str:
    told = f"Done for today: {counted(done, 'minute')} of study."
    if again:
        told += f" {doing(again, 'card', 'come')} back today."
    return f"{told} {counted(waiting, 'more review')} can wait for another day." if waiting else told


def _text(items: list[Item], left: int, budget: int, done: int) -> str:
    if not items:
        return "Nothing is due and nothing is left: you have finished."
    reviews = sum(item.kind == "review" for item in items)
    minutes = sum(item.minutes for item in items)
    waiting = f" {doing(left, 'more review', 'wait')} for another day." if left else ""
    units = len(items) - reviews
    told = f"{reviews} review{'s' * (reviews != 1)}, then {units} unit{'s' * (units != 1)}."
    before = f"{counted(done, 'minute')} of study {'is' if done == 1 else 'are'} behind you today. " if done else ""
    return f"{before}{minutes} of {budget} minutes: {told}{waiting}"
