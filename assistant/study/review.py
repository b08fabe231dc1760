"""Review cards and when they are due, by FSRS: deck, due cards, grading, forecast. Pure; the clock is an argument.

A card's key is "resource/card" for a note's card, "glossary/term" for a term of the glossary and "saved/card" for one
that the learner saved. Its schedule is the JSON text of an `fsrs.Card`, kept by `assistant.store.learners`; a card
without one is new.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from fsrs import Card as FsrsCard
from fsrs import Rating, Scheduler

from assistant.recommendation.progress import Progress
from assistant.study.learner import Learner, LearnerError, SavedCard
from corpus.glossary import read_glossary
from corpus.notes import Notes
from corpus.roadmap import Roadmap

RATINGS: dict[str, Rating] = {
    "again": Rating.Again,
    "hard": Rating.Hard,
    "good": Rating.Good,
    "easy": Rating.Easy,
}
LONGEST_QUESTION, LONGEST_ANSWER = 2000, 8000
LONGEST_SOURCE = 2000
SAVED, GLOSSARY = "saved/", "glossary/"
"""How the keys of a learner's own cards begin, and those of terms."""
SHOWN_HISTORY = 50
FIRST_YEAR, LAST_YEAR = 1970, 2400
"""Of a schedule: a card is put off by a hundred years at the most."""
MOST_STABLE = 1e6
"""Days that a memory may be said to last."""
NEW_A_DAY = 10
"""New cards shown in one day at most, so that a finished book does not bury the learner."""


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """A card of the deck."""

    key: str
    resource: str
    question: str
    answer: str
    source: str


@dataclass(frozen=True, slots=True)
class DueCard:
    """A card to be shown; `due` is None for a new one."""

    card: ReviewCard
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Review:
    """One entry of the history."""

    key: str
    rating: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Graded:
    """What grading gives: the card's new schedule, when it is due again, and the history's entry."""

    schedule: str
    due: datetime
    review: Review


@dataclass(frozen=True, slots=True)
class Cards:
    """What waits and what comes: due cards, cards by day from today on, and every grading, oldest first."""

    due: tuple[DueCard, ...]
    coming: tuple[tuple[date, int], ...]
    history: tuple[Review, ...]

    @property
    def text(self) -> str:
        if not self.due:
            later = next((day for day, count in self.coming if count), None)
            return "No review card is due now." + (f" The next one comes on {later}." if later else "")
        new = sum(item.due is None for item in self.due)
        return f"{len(self.due)} review card{'s' * (len(self.due) > 1)} can be reviewed now, {new} of them new."

    def as_json(self) -> dict[str, Any]:
        due = [asdict(item.card) | {"due": item.due.isoformat() if item.due else None} for item in self.due]
        history = [{"card": r.key, "rating": r.rating, "at": r.at.isoformat()} for r in self.history[-SHOWN_HISTORY:]]
        forecast = [{"day": day.isoformat(), "cards": count} for day, count in self.coming]
        return {"due": due, "forecast": forecast, "history": history, "reviews": len(self.history), "text": self.text}


def deck(
    roadmap: Roadmap, notes: Notes, learner: Learner, progress: Progress, schedules: Collection[str] = ()
) -> tuple[ReviewCard, ...]:
    """The cards that may come up: of the units that are done, those that were reviewed before, and the learner's own.
    In the roadmap's order.

    What was begun and not read brings none, what is skipped or suspended neither. schedules: keys of reviewed cards.
    """
    resources = [resource.id for resource in roadmap.resources if resource.id not in progress.skipped]
    read = {card.key for id in resources for card in cards_of(notes, id, progress)}
    found = [card for id in resources for card in cards_of(notes, id) if card.key in read or card.key in schedules]
    terms = [card for card in glossary_cards() if card.key in schedules]
    return tuple(card for card in (*found, *terms, *own_cards(learner)) if card.key not in learner.suspended)


def cards_of(notes: Notes, resource: str, progress: Progress | None = None) -> tuple[ReviewCard, ...]:
    """The cards of a resource; with a progress, those of the units that are done."""
    whole = progress is None or resource in progress.done
    return tuple(
        ReviewCard(f"{resource}/{card.id}", resource, card.question, card.answer, card.source)
        for card in notes.cards(resource)
        if whole or (progress and (resource, card.unit) in progress.units_done)
    )


def own_cards(learner: Learner) -> tuple[ReviewCard, ...]:
    """The cards that the learner saved."""
    return tuple(ReviewCard(f"{SAVED}{c.id}", c.resource, c.question, c.answer, c.source) for c in learner.cards)


@lru_cache(maxsize=1)
def glossary_cards() -> tuple[ReviewCard, ...]:
    """A card for each term of the glossary, in its order."""
    entries = dict.fromkeys(read_glossary().values())
    return tuple(ReviewCard(f"{GLOSSARY}{e.name}", "", f"What is meant by “{e.name}”?", e.meaning, "") for e in entries)


def all_cards(notes: Notes, learner: Learner) -> tuple[ReviewCard, ...]:
    """Every card that can be graded, read or not."""
    noted = (card for note in notes.notes for card in cards_of(notes, note.resource))
    return (*noted, *glossary_cards(), *own_cards(learner))


def due_cards(
    cards: Collection[ReviewCard],
    schedules: Mapping[str, str],
    now: datetime,
    *,
    new: int = NEW_A_DAY,
    until: datetime | None = None,
) -> tuple[DueCard, ...]:
    """Due cards, longest waiting first, then up to `new` cards that were never shown, then those being learnt that
    come back by `until` ("again" in a minute).

    Errors: `LearnerError` for a schedule that cannot be read.
    """
    scheduled = {card.key: _card(card.key, schedules[card.key]) for card in cards if card.key in schedules}
    times = sorted(((scheduled[c.key].due, c.key, c) for c in cards if c.key in scheduled), key=lambda item: item[:2])
    waiting = [DueCard(card, when) for when, _, card in times if when <= now]
    fresh = [DueCard(card, None) for card in cards if card.key not in schedules][: max(0, new)]
    again = [DueCard(c, when) for when, key, c in times if until and now < when <= until and is_learnt(scheduled[key])]
    return (*waiting, *fresh, *again)


def is_learnt(card: FsrsCard) -> bool:
    """Whether FSRS still repeats a card within minutes, after it was new or forgotten."""
    return card.step is not None


def next_dues(key: str, schedule: str | None, now: datetime) -> dict[str, datetime]:
    """Grade -> when the card would be due again. Errors: `LearnerError` for a schedule that cannot be read."""
    return {rating: grade(key, schedule, rating, now).due for rating in RATINGS}


def grade(key: str, schedule: str | None, rating: str, now: datetime) -> Graded:
    """Grades a card: rating "again", "hard", "good" or "easy".

    Errors: `LearnerError` for another rating or a schedule that cannot be read.
    """
    if rating not in RATINGS:
        raise LearnerError(f"Grade {rating!r} is unknown: choose one of {', '.join(RATINGS)}.")
    card = _card(key, schedule) if schedule else FsrsCard(card_id=_number(key), due=now)
    graded, _ = scheduler().review_card(card, RATINGS[rating], now)
    return Graded(graded.to_json(), graded.due, Review(key, rating, now))


def check_schedule(schedule: str) -> None:
    """Errors: `ValueError` for the text of a schedule that could not be shown, or graded in some year to come."""
    try:
        problem = _problem(FsrsCard.from_json(schedule))
    except (
        LookupError,
        TypeError,
        ValueError,
        AttributeError,
        ArithmeticError,
        AssertionError,
        RecursionError,
    ) as error:
        raise ValueError(f"a schedule that cannot be read ({str(error)[:80] or 'it contradicts itself'})") from error
    if problem:
        raise ValueError(f"a schedule with {problem}")


def _problem(card: FsrsCard) -> str:
    """What is wrong with a card; "" where FSRS can grade it from the first to the last year."""
    for moment in filter(None, (card.due, card.last_review)):
        if moment.utcoffset() is None:
            return "a time without a time zone"
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            return f"a time of the year {moment.year}"
    if not all(0 < value <= MOST_STABLE for value in (card.stability or 1, card.difficulty or 1)):
        return "a stability or difficulty that is none"
    if card.step is not None and card.step < 0:
        return f"the step {card.step}"
    for year, rating in itertools.product((FIRST_YEAR, LAST_YEAR), RATINGS.values()):
        scheduler().review_card(card, rating, datetime(year, 1, 1, tzinfo=UTC))
    return ""


def new_left(history: Collection[Review], learner: Learner, now: datetime) -> int:
    """How many cards may still be shown for the first time today, on the learner's own day."""
    first: dict[str, datetime] = {}
    for entry in history:
        first.setdefault(entry.key, entry.at)
    today = learner.day(now)
    return max(0, NEW_A_DAY - sum(learner.day(at) == today for at in first.values()))


def saved_card(question: str, answer: str, source: str, resource: str) -> SavedCard:
    """A card out of an answer; the same question gives the same id. Errors: `LearnerError` for what is no card."""
    question, answer, source = question.strip(), answer.strip(), source.strip()
    if not question or not answer or len(question) > LONGEST_QUESTION or len(answer) > LONGEST_ANSWER:
        sizes = f"1 to {LONGEST_QUESTION} and 1 to {LONGEST_ANSWER} characters"
        raise LearnerError(f"This cannot be a card: question and answer need {sizes}.")
    check_source(source)
    return SavedCard(f"{_number(question):x}", resource, question, answer, source)


def check_source(source: str) -> None:
    """Errors: `LearnerError` for what is neither empty nor the address of a page."""
    try:
        parts = urlsplit(source)
        is_page = parts.scheme in ("http", "https") and bool(parts.hostname) and len(source) <= LONGEST_SOURCE
    except ValueError:  # "http://[::1"
        is_page = False
    if source and not is_page:
        raise LearnerError(f"{source[:60]!r} is no address of a page: give the source as http:// or https://.")


def check_card(cards: Collection[ReviewCard], key: str) -> None:
    """Errors: `LearnerError` for a card that is in no deck."""
    if all(card.key != key for card in cards):
        raise LearnerError(f"There is no card {key[:80]!r}: take its key from the cards that are due.")


def forecast(schedules: Mapping[str, str], now: datetime, days: int, zone: ZoneInfo) -> tuple[tuple[date, int], ...]:
    """How many cards come due on each of the next days from today on; overdue ones count for today."""
    today = now.astimezone(zone).date()
    counts = {today + timedelta(days=n): 0 for n in range(days)}
    for key in schedules:
        day = max(today, _due(key, schedules).astimezone(zone).date())
        if day in counts:
            counts[day] += 1
    return tuple(counts.items())


def when(due: datetime, now: datetime, learner: Learner) -> str:
    """When a card comes back, in words: "in 10 minutes", "in 3 days, on 7 January"."""
    minutes, days = round((due - now).total_seconds() / 60), (learner.day(due) - learner.day(now)).days
    if minutes < 60:
        return f"in {max(1, minutes)} minute{'s' * (minutes > 1)}"
    if not days:
        return "later today"
    day = learner.day(due)
    return f"in {days} day{'s' * (days > 1)}, on {day.day} {day:%B}{f' {day.year}' * (day.year != now.year)}"


def scheduler() -> Scheduler:
    """FSRS with its published defaults, without its random spread: the same grades give the same days."""
    return Scheduler(enable_fuzzing=False)


def due_of(key: str, schedules: Mapping[str, str]) -> datetime | None:
    """When a card is due; None for one that was never reviewed."""
    return _due(key, schedules) if key in schedules else None


def _due(key: str, schedules: Mapping[str, str]) -> datetime:
    return _card(key, schedules[key]).due


def _card(key: str, schedule: str) -> FsrsCard:
    try:
        return FsrsCard.from_json(schedule)
    except (json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise LearnerError(f"The schedule of card {key!r} cannot be read: import your last export.") from error


def _number(key: str) -> int:
    """A stable number for FSRS, which knows cards by number."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:6])
