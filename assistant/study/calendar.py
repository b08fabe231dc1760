"""A plan as a calendar file (RFC 5545) that calendar programs take: `plan_calendar(plan, stamp)`. Pure.

One all-day event a week, from its first day to the day after its last. A week is known by its number, which a pause or
another pace does not change, so that a file that is imported again moves events instead of doubling them. What an
earlier file held and the plan no longer does is cancelled: `Written` remembers what that was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event

from assistant.study.planned import WEEK, Plan, PlannedUnit, PlanWeek
from corpus.roadmap import Roadmap

PRODUCT = "-//roadmap-assistant//plan//EN"
AGAIN = timedelta(hours=6)
"""How often a program that subscribes asks again, if it follows RFC 7986."""
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
"""SEQUENCE counts the seconds from here, so that a later file wins also where no earlier one is remembered."""


@dataclass(frozen=True, slots=True)
class Written:
    """What earlier calendar files hold: the last SEQUENCE, and for each week its first day, and whether it stands."""

    sequence: int = -1
    weeks: Mapping[int, tuple[date, bool]] = field(default_factory=dict[int, tuple[date, bool]])

    def as_json(self) -> dict[str, Any]:
        weeks = {str(number): [day.isoformat(), stands] for number, (day, stands) in self.weeks.items()}
        return {"sequence": self.sequence, "weeks": weeks}

    @classmethod
    def from_json(cls, data: dict[str, Any] | None) -> Written:
        if not data:
            return cls()
        weeks = {int(number): (date.fromisoformat(day), stands) for number, (day, stands) in data["weeks"].items()}
        return cls(data["sequence"], weeks)

    def with_plan(self, plan: Plan, stamp: datetime) -> Written:
        """With the weeks of a plan; those that it has not, and that do not lie before it, stand no longer."""
        kept = {n: (day, stands and day + WEEK <= plan.start) for n, (day, stands) in self.weeks.items()}
        new = {week.number: (week.starts, True) for week in plan.weeks}
        return Written(max(self.sequence + 1, int((stamp - EPOCH).total_seconds())), kept | new)


def plan_calendar(plan: Plan, stamp: datetime, roadmap: Roadmap | None = None, written: Written | None = None) -> bytes:
    """The plan as iCalendar text in UTF-8; `stamp` (with a time zone) is when it was made.

    With a roadmap, resources are named by title instead of id. written: what files hold with this one; without it,
    nothing is cancelled.
    """
    written = written or Written().with_plan(plan, stamp)
    calendar = _calendar()
    for week in plan.weeks:
        calendar.add_component(_event(week, stamp, written.sequence, roadmap))
    for number, (day, stands) in sorted(written.weeks.items()):
        if not stands:
            calendar.add_component(_cancelled(number, day, stamp, written.sequence))
    return calendar.to_ical()


def no_calendar() -> bytes:
    """A calendar without events: of a plan that is no more, where a calendar program asks again."""
    return _calendar().to_ical()


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Senior AI/ML Developer Roadmap")
    calendar.add("refresh-interval", AGAIN, parameters={"value": "DURATION"})
    return calendar


def _event(week: PlanWeek, stamp: datetime, sequence: int, roadmap: Roadmap | None) -> Event:
    titles = [roadmap.title_of(id) if roadmap else id for id in week.resources] or ["buffer"]
    event = _dated(week.number, week.starts, stamp, sequence)
    event.add("summary", f"Roadmap week {week.number}: {', '.join(titles)}")
    event.add("description", "\n".join(_line(unit) for unit in week.units))
    event.add("status", "CONFIRMED")
    url = next((unit.task.url for unit in week.units if unit.task.url), "")
    if url:
        event.add("url", url)
    return event


def _cancelled(number: int, day: date, stamp: datetime, sequence: int) -> Event:
    event = _dated(number, day, stamp, sequence)
    event.add("summary", f"Roadmap week {number}: no longer in the plan")
    event.add("status", "CANCELLED")
    return event


def _dated(number: int, first: date, stamp: datetime, sequence: int) -> Event:
    event = Event()
    event.add("uid", f"week-{number}@roadmap-assistant.invalid")
    event.add("sequence", sequence)
    event.add("dtstamp", stamp)
    event.add("dtstart", first)
    event.add("dtend", first + min(WEEK, date.max - first))
    event.add("transp", "TRANSPARENT")
    return event


def _line(unit: PlannedUnit) -> str:
    return f"{unit.hours:g} h: {unit.title}" + (f" {unit.task.url}" if unit.task.url else "")
