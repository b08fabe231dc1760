"""A learner's settings as a person gives them: checked, set, shown. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast

from assistant.recommendation.curriculum import load_rules
from assistant.recommendation.progress import InputError, Prefer, check_hours, check_start, check_weekdays
from assistant.study.learner import Learner, zone

LONGEST_NOTES = 4000
ORDERS: tuple[str, ...] = ("code", "theory", "none")
"""What may come first; "none" takes the roadmap's own preference."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is to change; None: stays as it is."""

    start: str | None = None
    hours: float | None = None
    prefer: str | None = None
    free_only: bool | None = None
    formats: Collection[str] | None = None
    timezone: str | None = None
    notes: str | None = None
    week: int | None = None
    """The week that the learner is in; 0 is the beginning."""
    weekdays: Sequence[float] | None = None
    """Hours of Monday to Sunday, which set the hours a week too; none at all: spread evenly."""


def with_wishes(learner: Learner, wishes: Wishes, now: datetime) -> Learner:
    """The learner with the wishes; slips are counted from today where the plan changes.

    Errors: `InputError` naming the value that cannot be used, `LearnerError` for an unknown time zone.
    """
    if wishes.timezone is not None:
        zone(wishes.timezone)
        learner = replace(learner, timezone=wishes.timezone)
    if wishes.notes is not None:
        learner = replace(learner, notes=_checked_notes(wishes.notes))
    if wishes.start is not None:
        learner = replace(learner, start=_day(wishes.start), replanned=None)
    if wishes.weekdays is not None:
        check_weekdays(wishes.weekdays)
        learner = replace(learner, weekdays=tuple(wishes.weekdays))
    before = learner
    hours = sum(wishes.weekdays or ()) or wishes.hours
    if hours is not None:
        check_hours(hours)
        learner = replace(learner, hours=hours)
    if wishes.week is not None:
        learner = replace(learner, week=wishes.week or None)
    if wishes.prefer is not None:
        learner = replace(learner, prefer=_order(wishes.prefer))
    if wishes.free_only is not None:
        learner = replace(learner, free_only=wishes.free_only)
    if wishes.formats is not None:
        learner = replace(learner, formats=_formats(wishes.formats))
    if learner == before or wishes.start is not None:
        return learner
    return learner.repaced_on(learner.day(now))


def settings_json(learner: Learner) -> dict[str, Any]:
    """The settings as plain JSON values."""
    return {
        "learner": learner.name,
        "start": learner.start.isoformat() if learner.start else None,
        "hours": learner.hours,
        "prefer": learner.prefer or "none",
        "free_only": learner.free_only,
        "formats": list(learner.formats),
        "week": learner.week,
        "weekdays": list(learner.weekdays),
        "timezone": learner.timezone,
        "notes": learner.notes,
        "pauses": [[pause.first.isoformat(), pause.last.isoformat()] for pause in learner.pauses],
    }


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"The start {text!r} is no date: write it as 2027-01-04.") from error
    return check_start(day)


def _order(text: str) -> Prefer:
    if text not in ORDERS:
        raise InputError(f"Preference {text!r} is unknown: choose one of {', '.join(ORDERS)}.")
    return "" if text == "none" else cast("Prefer", text)


def _formats(names: Collection[str]) -> tuple[str, ...]:
    known = load_rules().formats
    wanted = tuple(dict.fromkeys(name.strip().lower() for name in names if name.strip()))
    for name in wanted:
        if name not in known:
            raise InputError(f"Format {name!r} is unknown: choose from {', '.join(known)}.")
    return wanted


def _checked_notes(text: str) -> str:
    if len(text) > LONGEST_NOTES:
        raise InputError(f"The notes have {len(text):,} characters: keep them to {LONGEST_NOTES:,}.")
    return text
