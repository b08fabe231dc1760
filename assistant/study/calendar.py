"""A plan as a calendar file (RFC 5545) that calendar programs take: `plan_calendar(plan, stamp)` -> bytes. Pure.

One all-day event a week, from its first day to the day after its last. UIDs depend on the start of the
week alone, so that a file that is imported again replaces events instead of doubling them.
"""

from __future__ import annotations

from datetime import datetime

from icalendar import Calendar, Event

from assistant.study.plan import Plan, PlannedUnit, PlanWeek
from corpus.roadmap import Roadmap

PRODUCT = "-//roadmap-assistant//plan//EN"


def plan_calendar(plan: Plan, stamp: datetime, roadmap: Roadmap | None = None) -> bytes:
    """The plan as iCalendar text in UTF-8; `stamp` (with a time zone) is when it was made.

    With a roadmap, resources are named by title instead of id.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Senior AI/ML Developer Roadmap")
    for week in plan.weeks:
        calendar.add_component(_event(week, stamp, roadmap))
    return calendar.to_ical()


def _event(week: PlanWeek, stamp: datetime, roadmap: Roadmap | None) -> Event:
    titles = [roadmap.title_of(id) if roadmap else id for id in week.resources] or ["buffer"]
    event = Event()
    event.add("uid", f"week-of-{week.starts:%Y%m%d}@roadmap-assistant.invalid")
    event.add("dtstamp", stamp)
    event.add("dtstart", week.starts)
    event.add("dtend", week.ends.fromordinal(week.ends.toordinal() + 1))
    event.add("summary", f"Roadmap week {week.number}: {', '.join(titles)}")
    event.add("description", "\n".join(_line(unit) for unit in week.units))
    event.add("transp", "TRANSPARENT")
    url = next((unit.task.url for unit in week.units if unit.task.url), "")
    if url:
        event.add("url", url)
    return event


def _line(unit: PlannedUnit) -> str:
    return f"{unit.hours:g} h: {unit.title}" + (f" {unit.task.url}" if unit.task.url else "")
