"""The Plan page: how long it takes, the timeline, moving and pausing, dated weeks, the calendar. HTML only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby
from urllib.parse import urlsplit

from assistant.coaching.hours import WeekHours
from assistant.coaching.setup import Preview, said_day
from assistant.recommendation.reasons import counted
from assistant.study.learner import Learner
from assistant.study.outlook import Outlook
from assistant.study.planned import PlannedUnit, PlanWeek
from assistant.study.today import Where
from corpus.roadmap import Phase, Roadmap
from ui.markup import link, one_line, plain
from ui.sheets.behind import behind_html
from ui.sheets.chart import hours_html, short_day, timeline_html
from ui.sheets.fields import day_field
from ui.sheets.parts import button, sheet
from ui.sheets.said import NOTHING, Said, said_html
from ui.sheets.start import outline_html

SHIFT = "pages/plan/shift"
REPLAN = "pages/plan/replan"
PAUSE = "pages/plan/pause"
UNPAUSE = "pages/plan/unpause"
FEED = "pages/plan/feed"
UNDO = "pages/plan/undo"


@dataclass(frozen=True, slots=True)
class PlanView:
    """What the page shows of one learner. `feed`: the calendar's own address; "" where there is none."""

    roadmap: Roadmap
    learner: Learner
    where: Where
    outlook: Outlook
    outline: Preview
    hours: Sequence[WeekHours]
    feed: str
    said: Said = NOTHING


def plan_html(view: PlanView) -> str:
    """The page."""
    outlook = view.outlook
    span = (view.learner.start or outlook.plan.start, outlook.plan.ends)
    drawn = timeline_html(view.roadmap, outlook.bars, view.learner.pauses, outlook.day, span)
    return one_line(
        sheet(
            "plan",
            "My plan",
            f"{said_html(view.said, UNDO)}{_lead(view)}{_moving(view)}"
            f'<section class="panel"><h3>Timeline</h3>{drawn}</section>'
            f"{_hours(view)}{_weeks(view)}{_calendar(view)}",
        )
    )


def no_plan_html(said: Said = NOTHING) -> str:
    """The page of somebody without a plan."""
    return one_line(
        sheet(
            "plan",
            "My plan",
            f'{said_html(said, UNDO)}<section class="panel"><p>You have no plan yet. Three questions make one: when '
            "you begin, how much time you have, and what you know already.</p>"
            '<div class="row"><a class="act chief" href="?page=start">Start my plan</a></div></section>',
        )
    )


def _lead(view: PlanView) -> str:
    """Where one is, how long it takes, and why that is not the number of weeks of the roadmap."""
    remarks = "".join(f"<li>{plain(text)}</li>" for text in view.outlook.remarks)
    more = f"<details><summary>What moved</summary><ul>{remarks}</ul></details>" if remarks else ""
    why = outline_html(view.outline)
    why = f"<details><summary>How long, and what would make it shorter</summary>{why}</details>" if why else ""
    return (
        f'<p class="lead">{plain(view.where.text)}</p>{behind_html(view.where, REPLAN)}'
        f'<section class="panel"><p>{plain(view.outline.text)}</p>{why}{more}'
        '<div class="row"><a class="act" href="?page=start">Change the plan</a>'
        '<button type="button" class="act print">Print</button></div></section>'
    )


def _moving(view: PlanView) -> str:
    """Buttons to shift and to pause, and the days without anything new, which either of them makes."""
    later = button("One week later", SHIFT, id="shift-later", weeks="1")
    earlier = button("One week earlier", SHIFT, id="shift-earlier", weeks="-1")
    today = view.outlook.day
    pauses = "".join(_pause(p.first, p.last, today) for p in view.learner.pauses)
    listed = f'<ul class="pauses">{pauses}</ul>' if pauses else '<p class="quiet">Nothing is moved or paused.</p>'
    days = day_field("first", "Pause from", max(today, view.outlook.plan.start), required=True)
    days += day_field("last", "until", None, required=True)
    form = f'<form data-post="{PAUSE}">{days}<button class="act" id="pause-add">Add a pause</button></form>'
    return (
        f'<section class="panel" id="moving"><h3>Move or pause</h3><div class="row">{later}{earlier}</div>'
        f'<p class="quiet">All that is left moves; what is done stays.</p>{listed}{form}</section>'
    )


def _pause(first: date, last: date, today: date) -> str:
    when = f"{said_day(first)} to {said_day(last)}"
    if last < today:
        return f'<li>Nothing new from {when} <span class="quiet">over</span></li>'
    label = "Go on today" if first <= today else "Take it away"
    act = button(label, UNPAUSE, id=f"unpause-{first}", first=first.isoformat())
    return f"<li>Nothing new from {when} {act}</li>"


def _hours(view: PlanView) -> str:
    lines = view.outlook.lines
    day = view.outlook.day
    done = lines.done[-1][1] if lines.done else 0.0
    planned = max((total for at, total in lines.planned if at <= day), default=0.0)
    drawn = hours_html(view.hours) or '<p class="quiet">Your hours are drawn here once the plan has begun.</p>'
    return (
        f'<section class="panel"><h3>Hours</h3><p>{counted(done, "hour")} done, {counted(planned, "hour")} planned '
        "until today.</p>"
        f"{drawn}</section>"
    )


def _weeks(view: PlanView) -> str:
    """The dated weeks by phase; the phase of the present week is open."""
    weeks = view.outlook.plan.weeks
    if not weeks:
        return ""
    phases = [(_phase_of(week, view.roadmap), week) for week in weeks]
    folds = ""
    for phase, pairs in groupby(phases, key=lambda pair: pair[0]):
        folds += _fold(phase, [week for _, week in pairs], view, opened=not folds)
    return f'<section class="panel dated"><h3>Week by week</h3>{folds}</section>'


def _phase_of(week: PlanWeek, roadmap: Roadmap) -> Phase:
    first = week.units[0].task
    resource = roadmap.resource(first.resource)
    number = resource.phase if resource else int(first.unit.rpartition("-")[2])
    return roadmap.phase(number) or roadmap.phases[-1]


def _fold(phase: Phase, weeks: Sequence[PlanWeek], view: PlanView, *, opened: bool) -> str:
    rows = "".join(_week(week, view) for week in weeks)
    when = f"{len(weeks)} week{'s' * (len(weeks) != 1)}, {short_day(weeks[0].starts)} to {short_day(weeks[-1].ends)}"
    return (
        f"<details{' open' * opened}><summary>{plain(phase.title)} "
        f'<span class="quiet">{when}</span></summary><ol class="items">{rows}</ol></details>'
    )


def _week(week: PlanWeek, view: PlanView) -> str:
    here = week.starts <= view.outlook.day <= week.ends
    now = ' <span class="tag mark in-progress">this week</span>' if here else ""
    units = "".join(f"<li>{_unit(unit, view.roadmap)}</li>" for unit in week.units)
    return (
        f'<li class="item"><b>Week {week.number}</b> <span class="quiet">{short_day(week.starts)} to '
        f"{short_day(week.ends)}, {week.hours:g} h</span>{now}<ul>{units}</ul></li>"
    )


def _unit(unit: PlannedUnit, roadmap: Roadmap) -> str:
    title = link(unit.task.url, plain(unit.title)) or plain(unit.title)
    whose = roadmap.title_of(unit.task.resource) if unit.task.resource else ""
    of = f"{plain(whose)}: " if whose and whose != unit.title else ""
    return f'{of}{title} <span class="quiet">{unit.hours:g} h</span>'


def _calendar(view: PlanView) -> str:
    """The file, and the address that calendar programs ask again by themselves."""
    file = '<a class="act" href="api/v1/calendar.ics" download="roadmap-plan.ics">Download the calendar file</a>'
    if not view.feed:
        offer = button("Make a private address", FEED, id="feed-on", on="yes")
        return (
            '<section class="panel" id="calendar"><h3>Calendar</h3><p>The file is as the plan is now. A calendar that '
            "subscribes to a private address follows the plan by itself.</p>"
            f'<div class="row">{file}{offer}</div></section>'
        )
    webcal = f"webcal:{view.feed.partition(':')[2]}"
    host = urlsplit(view.feed).hostname or ""
    acts = button("Make a new address", FEED, id="feed-new", on="yes") + button(
        "Turn it off", FEED, id="feed-off", on="no"
    )
    return (
        '<section class="panel" id="calendar"><h3>Calendar</h3>'
        f'<div class="row">{file}<a class="act" href="{escape(webcal)}">Subscribe</a></div>'
        f'<label class="field wide"><span>Private address</span> <input readonly name="feed" value="{escape(webcal)}">'
        f'</label><div class="row"><button type="button" class="act copy-feed">Copy the address</button>{acts}</div>'
        f'<p class="quiet">Whoever has it can read your plan, and nothing else. It works for programs that reach '
        f"{plain(host)}, while this is served. A new address ends the one before.</p></section>"
    )
