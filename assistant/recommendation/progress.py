"""What a learner has done and wants, as one value, and the checks of what people type. Pure.

`Progress` is all that `recommend` and `plan` know of a learner. Every `check_*` raises `InputError`,
one sentence that names the bad value and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from rapidfuzz import fuzz, process

from corpus.errors import UsageError
from corpus.roadmap import Resource, Roadmap

Prefer = Literal["code", "theory", "free", ""]
PREFERENCES: tuple[Prefer, ...] = ("code", "theory", "free")
MIN_HOURS, MAX_HOURS = 0.5, 100.0
"""Hours a week that a plan can be made for: less never ends, more leaves no sleep."""

MAX_MINUTES = 24 * 60
FIRST_START, LAST_START = date(2000, 1, 1), date(2200, 1, 1)
"""First days that a plan can be made from: a plan of many years still ends within the calendar."""

_CLOSE = 75.0
"""Similarity (0-100) from which another id is worth naming; below it, it is no slip of the keyboard."""
_PIECE = 4
"""Letters that a piece of an id needs to be looked for."""


class InputError(UsageError):
    """A value that a person gave cannot be used; the message names it and what to do."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a learner stands. Ids are resource ids; `units_done` holds (resource, unit) ids.

    `week` is the week of the roadmap that the learner says to be in (None: follow what is done),
    `hours` a week, `minutes` at hand now, `dead` resources whose pages are gone.
    """

    done: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()
    in_progress: frozenset[str] = frozenset()
    week: int | None = None
    hours: float | None = None
    prefer: Prefer = ""
    minutes: int | None = None
    units_done: frozenset[tuple[str, str]] = field(default_factory=frozenset[tuple[str, str]])
    free_only: bool = False
    dead: frozenset[str] = frozenset()
    formats: tuple[str, ...] = ()
    """Formats that decide within a pair where `prefer` does not ("book", "video", "course", "interactive")."""
    spent: tuple[tuple[str, str, int], ...] = ()
    """(resource, unit, minutes) of units that were begun."""

    def minutes_in(self, resource: str, unit: str) -> int:
        """Minutes already spent on a unit."""
        return sum(minutes for r, u, minutes in self.spent if (r, u) == (resource, unit))

    @property
    def wants_free(self) -> bool:
        return self.free_only or self.prefer == "free"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many resources are done, begun and skipped, of how many. The same on every page and in every answer."""

    done: int
    begun: int
    skipped: int
    total: int

    @property
    def text(self) -> str:
        """ "3 of 28 resources are done, 1 is skipped"."""
        skipped = f", {self.skipped} {'is' if self.skipped == 1 else 'are'} skipped" if self.skipped else ""
        return f"{self.done} of {self.total} resources {'is' if self.done == 1 else 'are'} done{skipped}"


def count(resources: Iterable[Resource], progress: Progress) -> Counts:
    """The counts over some resources; one that stands in two blocks counts once."""
    ids = {resource.id for resource in resources}
    return Counts(len(ids & progress.done), len(ids & progress.in_progress), len(ids & progress.skipped), len(ids))


def check_progress(roadmap: Roadmap, progress: Progress) -> None:
    """Errors: `InputError` for an unknown id, week, preference, or impossible hours or minutes."""
    check_ids(roadmap, sorted(progress.done | progress.skipped | progress.in_progress))
    if progress.week is not None:
        check_week(roadmap, progress.week)
    if progress.hours is not None:
        check_hours(progress.hours)
    if progress.minutes is not None:
        check_minutes(progress.minutes)
    if progress.prefer and progress.prefer not in PREFERENCES:
        raise InputError(f"Preference {progress.prefer!r} is unknown: choose one of {', '.join(PREFERENCES)}.")


def check_ids(roadmap: Roadmap, ids: Iterable[str]) -> None:
    """Errors: `InputError` naming the first id that the roadmap does not hold, with close matches."""
    known = {resource.id for resource in roadmap.resources}
    for id in ids:
        if id not in known:
            raise InputError(_unknown(roadmap, id))


def close_ids(roadmap: Roadmap, text: str, limit: int = 3) -> tuple[str, ...]:
    """Ids that the text may have meant, best first; compares with ids and titles."""
    names = {r.id: _squeezed(f"{r.id} {r.title}") for r in roadmap.resources}
    found = process.extract(_squeezed(text), names, scorer=_likeness, limit=limit, score_cutoff=_CLOSE)
    return tuple(id for _, _, id in found)


def _likeness(text: str, name: str, **_: object) -> float:
    """Whole against whole, or a typed piece found in a long id ("fastai")."""
    piece = fuzz.partial_ratio(text, name) if len(text) >= _PIECE else 0.0
    return max(fuzz.ratio(text, name), 0.95 * piece)


def _squeezed(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def _unknown(roadmap: Roadmap, id: str) -> str:
    close = close_ids(roadmap, id)
    hint = f"did you mean {' or '.join(close)}?" if close else "it resembles none of the ids."
    return f"No resource has the id {id!r}: {hint} `roadmap show` lists all ids."


def check_week(roadmap: Roadmap, week: int) -> None:
    """Errors: `InputError` for a week that the roadmap does not hold."""
    if not roadmap.blocks_of_week(week):
        weeks = roadmap.weeks
        raise InputError(f"The roadmap has no week {week}: give one from {weeks.first} to {weeks.last}.")


def check_hours(hours: float) -> None:
    """Errors: `InputError` for hours a week outside of 0.5 to 100, and for NaN."""
    if not MIN_HOURS <= hours <= MAX_HOURS:
        raise InputError(
            f"{_figure(hours)} hours a week cannot be planned with: give {MIN_HOURS:g} to {MAX_HOURS:g} hours."
        )


def check_weekdays(hours: Sequence[float]) -> None:
    """Hours of Monday to Sunday, or none at all. Errors: `InputError` for another number of days, or no day's hours."""
    if not hours:
        return
    if len(hours) != 7 or not all(0 <= each <= 24 for each in hours):
        raise InputError("The hours by weekday cannot be used: give seven numbers from 0 to 24, Monday first.")
    check_hours(sum(hours))


def check_minutes(minutes: float) -> None:
    """Errors: `InputError` for minutes outside of 1 to a day."""
    if not 1 <= minutes <= MAX_MINUTES:
        raise InputError(f"{_figure(minutes)} minutes cannot be used: give 1 to {MAX_MINUTES} minutes.")


def check_start(day: date) -> date:
    """The day itself. Errors: `InputError` for one that is not within `FIRST_START` and `LAST_START`."""
    if not FIRST_START <= day <= LAST_START:
        raise InputError(f"A plan cannot start on {day}: give a day from {FIRST_START} to {LAST_START}.")
    return day


def _figure(value: float) -> str:
    """A number to show; an integer may be longer than any float."""
    return "So many" if abs(value) >= 1e15 else f"{value:g}"
