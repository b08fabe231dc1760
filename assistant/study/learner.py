"""A learner as one value: settings, marks, pauses, own cards; and what a command changes in it. Pure.

Keyed by resource and unit ids only, so that an edit of the roadmap moves nothing: a mark whose resource
is gone becomes an orphan, listed by `orphans` and kept. Storage is `assistant.store.learners`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal, cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assistant.recommendation.curriculum import load_rules, proposed_split, slots_of
from assistant.recommendation.progress import (
    FIRST_START,
    LAST_START,
    MAX_MINUTES,
    InputError,
    Prefer,
    Progress,
    check_hours,
    check_ids,
    check_minutes,
    check_start,
)
from assistant.study.change import Change
from assistant.study.planned import Pause
from corpus.errors import ProjectError
from corpus.notes import Notes
from corpus.roadmap import Roadmap

Status = Literal["in-progress", "done", "skipped"]
NOT_STARTED = "not-started"
STATUSES: tuple[str, ...] = (NOT_STARTED, *get_args(Status))
DEFAULT_HOURS = 8.0
"""Hours a week until the learner says otherwise."""


class LearnerError(ProjectError):
    """Something cannot be done with a learner's state; the message says what and why."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Progress on a resource (`unit` "") or on one of its units. No mark: not started."""

    resource: str
    unit: str
    status: Status
    at: datetime
    minutes: int = 0
    reason: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return (self.resource, self.unit)


@dataclass(frozen=True, slots=True)
class SavedCard:
    """A review card that the learner saved out of an answer."""

    id: str
    resource: str
    question: str
    answer: str
    source: str


@dataclass(frozen=True, slots=True)
class StudyDay:
    """Minutes of study on one day."""

    day: date
    minutes: int


@dataclass(frozen=True, slots=True)
class Learner:
    """All that a learner has said. Marks are in order of their key, pauses of their first day, as days of study are."""

    name: str
    start: date | None = None
    hours: float = DEFAULT_HOURS
    prefer: Prefer = ""
    free_only: bool = False
    formats: tuple[str, ...] = ()
    timezone: str = "UTC"
    notes: str = ""
    replanned: date | None = None
    """The first day of the plan, where it was made anew or at another pace: slips are counted from there."""
    week: int | None = None
    """The week of the roadmap that the learner is in by their own word: what ends before it counts as known."""
    weekdays: tuple[float, ...] = ()
    """How the hours are spread from Monday to Sunday; empty: evenly. What they add up to, `hours` says."""
    marks: tuple[Mark, ...] = ()
    pauses: tuple[Pause, ...] = ()
    cards: tuple[SavedCard, ...] = ()
    suspended: tuple[str, ...] = ()
    """Keys of review cards that are not to come up."""
    studied: tuple[StudyDay, ...] = ()

    def mark(self, resource: str, unit: str = "") -> Mark | None:
        return next((mark for mark in self.marks if mark.key == (resource, unit)), None)

    def with_status(self, status: Status, *, units: bool = False) -> frozenset[tuple[str, str]]:
        return frozenset(m.key for m in self.marks if m.status == status and bool(m.unit) == units)

    def replanned_on(self, day: date) -> Learner:
        """Slips are counted from the day on; a change before the start needs no memory."""
        return replace(self, replanned=day if self.start is not None and day > self.start else None)

    def minutes_meant(self, day: date) -> int | None:
        """Minutes of study meant for a day of the week; None where nothing is said of weekdays."""
        whole = sum(self.weekdays)
        return min(MAX_MINUTES, round(self.hours * 60 * self.weekdays[day.weekday()] / whole)) if whole else None

    def repaced_on(self, day: date) -> Learner:
        """After a change of pace slips are counted from the day after the last mark: idle weeks are not forgiven."""
        marked = max((self.day(mark.at) for mark in self.marks), default=None)
        if marked is None or self.start is None:
            return self
        since = min(day, max(marked + timedelta(days=1), self.replanned or self.start))
        return self.replanned_on(since)

    def midnight(self, now: datetime) -> datetime:
        """The end of the learner's own day at a moment."""
        return datetime.combine(self.day(now) + timedelta(days=1), time.min, zone(self.timezone))

    def minutes_on(self, day: date) -> int:
        """Minutes of study on a day."""
        return sum(entry.minutes for entry in self.studied if entry.day == day)

    def day(self, now: datetime) -> date:
        """The learner's own date at a moment. Errors: `LearnerError` for an unknown time zone."""
        return now.astimezone(zone(self.timezone)).date()


def zone(name: str) -> ZoneInfo:
    """A time zone by name. Errors: `LearnerError` naming it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise LearnerError(f"Time zone {name!r} is unknown: give a name such as Europe/Berlin or UTC.") from error


def progress_of(learner: Learner, roadmap: Roadmap, notes: Notes, *, minutes: int | None = None) -> Progress:
    """What `recommend` and `make_plan` need; orphans are left out, a resource with all units done is done.

    The week is left open: a learner who keeps records is taken at them, not at the calendar.
    """
    known = {resource.id for resource in roadmap.resources}
    units_done = frozenset(key for key in learner.with_status("done", units=True) if key[0] in known)
    done = {id for id, _ in learner.with_status("done") if id in known}
    done |= {id for id in known if notes.units(id) and all((id, u.id) in units_done for u in notes.units(id))}
    skipped = {id for id, _ in learner.with_status("skipped") if id in known} - done
    begun = {m.resource for m in learner.marks if m.status == "in-progress" or m.unit} & known
    skipped |= known_before(learner, roadmap, notes) - done - begun
    return Progress(
        done=frozenset(done),
        skipped=frozenset(skipped),
        in_progress=frozenset(begun - done - skipped),
        hours=learner.hours,
        prefer=learner.prefer,
        minutes=minutes,
        units_done=units_done,
        free_only=learner.free_only,
        formats=learner.formats,
        spent=tuple((m.resource, m.unit, m.minutes) for m in learner.marks if m.unit and m.status == "in-progress"),
    )


def known_before(learner: Learner, roadmap: Roadmap, notes: Notes) -> set[str]:
    """What ends before the week that the learner is in by their own word; it counts as known."""
    if not learner.week:
        return set()
    slots = slots_of(roadmap)
    split = proposed_split(slots, notes, load_rules())
    return {id for slot in slots if split.get(slot, slot.weeks).last < learner.week for id in slot.ids}


def orphans(learner: Learner, roadmap: Roadmap, notes: Notes) -> tuple[Mark, ...]:
    """Marks whose resource the roadmap, or whose unit the note, no longer holds. They are kept."""
    known = {resource.id for resource in roadmap.resources}
    return tuple(
        m
        for m in learner.marks
        if m.resource not in known or (m.unit and m.unit not in {u.id for u in notes.units(m.resource)})
    )


# --- what a command changes -----------------------------------------------------------------------------------------


def apply(learner: Learner, command: Change, notes: Notes, now: datetime) -> Learner:
    """The learner after a command (`undo` is the store's). Marks of units stay when the resource changes.

    Errors: `LearnerError` for a command that changes nothing by itself.
    """
    if command.kind in ("done", "started", "skipped", "reset", "spent"):
        return _marked(learner, command, notes, now)
    today = learner.day(now)
    if command.kind == "hours" and command.hours is not None:
        check_hours(command.hours)
        return learner if command.hours == learner.hours else replace(learner, hours=command.hours).repaced_on(today)
    if command.kind == "start" and command.first:
        return replace(learner, start=check_start(command.first), replanned=None)
    if command.kind == "replan":
        return replace(learner, start=learner.start or today).replanned_on(today)
    if command.kind in ("prefer", "week"):
        return _preferring(learner, command).repaced_on(today)
    if command.kind == "timezone":
        zone(command.timezone)
        return replace(learner, timezone=command.timezone)
    if command.kind == "pause" and command.first and command.last:
        return with_pause(learner, Pause(command.first, command.last))
    if command.kind == "resume":
        return _resumed(learner, command.first or today, today)
    raise LearnerError(f"A command of kind {command.kind!r} changes no progress by itself.")


def with_pause(learner: Learner, pause: Pause) -> Learner:
    """Adds a pause; those that it overlaps become one with it. Errors: `InputError` if it ends before it begins."""
    if pause.last < pause.first:
        raise InputError(f"A pause from {pause.first} to {pause.last} ends before it begins: swap the dates.")
    if pause.first < FIRST_START or pause.last > LAST_START:
        raise InputError(f"A pause from {pause.first} to {pause.last} is of another age: give days within your plan.")
    beside = [p for p in learner.pauses if p.last < pause.first or pause.last < p.first]
    met = [pause, *(p for p in learner.pauses if p not in beside)]
    whole = Pause(min(p.first for p in met), max(p.last for p in met))
    return replace(learner, pauses=tuple(sorted([*beside, whole], key=lambda p: p.first)))


def with_mark(learner: Learner, mark: Mark) -> Learner:
    """Sets the mark, in place of one on the same resource and unit."""
    marks = {m.key: m for m in learner.marks} | {mark.key: mark}
    return replace(learner, marks=tuple(marks[key] for key in sorted(marks)))


def with_minutes(learner: Learner, resource: str, unit: str, minutes: int, now: datetime) -> Learner:
    """Adds minutes of study to a unit that is not done, which marks it as in progress.

    Errors: `InputError` for impossible minutes.
    """
    check_minutes(minutes)
    before = learner.mark(resource, unit)
    if before and before.status == "done":
        return learner
    spent = minutes + (before.minutes if before else 0)
    return with_mark(learner, Mark(resource, unit, "in-progress", now, spent))


def with_study(
    learner: Learner, notes: Notes, resource: str, units: tuple[str, ...], minutes: int, now: datetime
) -> Learner:
    """Adds minutes to the units named, or to the open ones in order, each up to its hours; the last takes the rest.

    Time alone makes nothing done. A resource of which no unit is open takes the minutes itself.
    """
    left = [u for u in notes.units(resource) if not units or u.id in units]
    left = [u for u in left if (m := learner.mark(resource, u.id)) is None or m.status != "done"]
    for unit in left:
        before = learner.mark(resource, unit.id)
        spent = before.minutes if before else 0
        piece = minutes if unit is left[-1] else min(minutes, max(0, round(unit.hours * 60) - spent))
        if piece:
            learner = with_mark(learner, Mark(resource, unit.id, "in-progress", now, spent + piece))
        minutes -= piece
    before = learner.mark(resource)
    if not minutes or (before and before.status != "in-progress"):
        return learner
    return with_mark(learner, Mark(resource, "", "in-progress", now, minutes + (before.minutes if before else 0)))


def marking(
    roadmap: Roadmap,
    notes: Notes,
    resource: str,
    unit: str,
    status: str,
    now: datetime,
    minutes: int = 0,
    reason: str = "",
) -> Callable[[Learner], Learner]:
    """The edit that sets one mark; status "not-started" takes it away. Minutes of a unit in progress add up.

    Errors: `InputError` for an unknown id, unit or status, impossible minutes, or a unit that is skipped alone.
    """
    check_mark(roadmap, notes, resource, unit, status)
    if minutes:
        check_minutes(minutes)
    if status == NOT_STARTED:
        return lambda learner: without_mark(learner, resource, unit)
    if status == "in-progress" and unit and minutes:
        return lambda learner: with_minutes(learner, resource, unit, minutes, now)
    mark = Mark(resource, unit, cast("Status", status), now, minutes, reason)

    def edit(learner: Learner) -> Learner:
        before = learner.mark(resource, unit)
        spent = mark.minutes + (before.minutes if before else 0)
        return with_mark(learner, replace(mark, minutes=spent))

    return edit


def check_mark(roadmap: Roadmap, notes: Notes, resource: str, unit: str, status: str) -> None:
    """Errors: `InputError` naming what is unknown, with the choices."""
    check_ids(roadmap, [resource])
    if status not in STATUSES:
        raise InputError(f"Status {status!r} is unknown: choose one of {', '.join(STATUSES)}.")
    units = tuple(u.id for u in notes.units(resource))
    if unit and unit not in units:
        raise InputError(f"{resource} has no unit {unit!r}: its units are {', '.join(units) or 'not known'}.")
    if unit and status == "skipped":
        raise InputError(
            f"One unit cannot be skipped alone: mark {resource}/{unit} as done, or skip all of {resource}."
        )


def without_mark(learner: Learner, resource: str, unit: str = "") -> Learner:
    """Takes the mark away; for a resource also those of its units."""
    kept = (m for m in learner.marks if m.resource != resource or (unit and m.unit != unit))
    return replace(learner, marks=tuple(kept))


def _marked(learner: Learner, command: Change, notes: Notes, now: datetime) -> Learner:
    if command.kind == "spent":
        return with_study(learner, notes, command.resources[0], command.units, command.minutes or 0, now)
    statuses: dict[str, Status] = {"done": "done", "started": "in-progress", "skipped": "skipped"}
    for resource, unit in ((resource, unit) for resource in command.resources for unit in command.units or ("",)):
        if command.kind == "reset":
            learner = without_mark(_in_units(learner, notes, resource) if unit else learner, resource, unit)
            continue
        before = learner.mark(resource, unit)
        mark = Mark(resource, unit, statuses[command.kind], now, before.minutes if before else 0, command.reason)
        learner = with_mark(learner, mark)
    return learner


def _in_units(learner: Learner, notes: Notes, resource: str) -> Learner:
    """A resource that is done as a whole, as done in each of its units."""
    whole = learner.mark(resource, "")
    if whole is None or whole.status != "done":
        return learner
    learner = replace(learner, marks=tuple(m for m in learner.marks if m.key != whole.key))
    for unit in notes.units(resource):
        before = learner.mark(resource, unit.id)
        learner = with_mark(learner, replace(whole, unit=unit.id, minutes=before.minutes if before else 0))
    return learner


def _preferring(learner: Learner, command: Change) -> Learner:
    if command.kind == "week":
        return replace(learner, week=command.week or None)
    if command.formats or command.paid_too:
        formats = command.formats or learner.formats
        return replace(learner, formats=formats, free_only=learner.free_only and not command.paid_too)
    return replace(learner, free_only=True) if command.prefer == "free" else replace(learner, prefer=command.prefer)


def _resumed(learner: Learner, day: date, today: date) -> Learner:
    """Pauses end on the day before; those that had not begun are gone, but those after a day yet to come stay."""

    def left(pause: Pause) -> Pause:
        stays = pause.last < day or pause.first > day > today
        return pause if stays else Pause(pause.first, day - timedelta(days=1))

    return replace(learner, pauses=tuple(p for p in map(left, learner.pauses) if p.first <= p.last))
