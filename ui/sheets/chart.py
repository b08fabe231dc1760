"""Drawings of a plan as HTML and SVG: the timeline by phase, hours week by week. Pure; every figure is also text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.coaching.hours import WeekHours
from assistant.study.planned import Pause
from assistant.study.timeline import Bar
from corpus.roadmap import Roadmap
from ui.markup import plain
from ui.sheets.parts import table

STATES = {"done": "done", "now": "under way", "ahead": "ahead", "skipped": "left out"}
LONGEST = 26
"""Weeks that the chart of hours shows: the last ones."""
_WIDE, _TALL, _LOW = 640, 150, 22


@dataclass(frozen=True, slots=True)
class Axis:
    """Days as a share of the whole, in per cent."""

    first: date
    last: date

    def at(self, day: date) -> float:
        whole = max(1, (self.last - self.first).days + 1)
        return round(min(100.0, max(0.0, (day - self.first).days * 100 / whole)), 2)

    def span(self, first: date, last: date) -> str:
        """A style from a first to a last day."""
        begin, end = self.at(first), self.at(last + timedelta(days=1))
        return f"--from:{begin:g}%;--wide:{max(0.6, end - begin):.4g}%"

    def ticks(self) -> Iterator[tuple[date, str]]:
        """Firsts of months to name: about six."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        step = next((step for step in (1, 2, 3, 6, 12, 24, 60, 120) if months <= step * 6), 600)
        for month in range(self.first.year * 12, self.last.year * 12 + 12, step):
            day = date(month // 12, month % 12 + 1, 1)
            if self.first < day <= self.last and self.at(day) < 92:
                yield day, f"{day:%b} {day.year}" if day.month == 1 or step >= 12 else f"{day:%b}"


def timeline_html(
    roadmap: Roadmap, bars: Sequence[Bar], pauses: Sequence[Pause], day: date, span: tuple[date, date]
) -> str:
    """A row for each resource, under its phase, with the line of today through all of them; `span`: from the plan's
    first day to its last."""
    if not bars:
        return ""
    axis = Axis(min(day, span[0], *(bar.first for bar in bars)), max(day, span[1], *(bar.last for bar in bars)))
    marks = "".join(
        f'<span class="tick" style="--from:{axis.at(at):g}%">{plain(name)}</span>' for at, name in axis.ticks()
    )
    gaps = "".join(
        f'<i class="gap" style="{axis.span(p.first, p.last)}"></i>'
        for p in pauses
        if p.last >= axis.first and p.first <= axis.last
    )
    head = (
        f'<div class="line head" aria-hidden="true"><span></span><span class="track">{marks}'
        '<span class="today">today</span></span></div>'
    )
    rows = ""
    for phase in roadmap.phases:
        ids = {resource.id for resource in phase.resources}
        own = [bar for bar in bars if bar.resource in ids]
        if own:
            rows += f'<h4>{plain(phase.title)}</h4><ul class="lines">{"".join(_line(b, axis, gaps) for b in own)}</ul>'
    key = "".join(f'<span class="key {state}">{word}</span>' for state, word in STATES.items())
    key += '<span class="key gap">pause or move</span>' * bool(gaps)
    return (
        f'<div class="timeline" style="--today:{axis.at(day):g}%">{head}{rows}</div>'
        f'<p class="keys" aria-hidden="true">{key}</p>'
    )


def _line(bar: Bar, axis: Axis, gaps: str) -> str:
    left = f", {bar.hours:g} h left" if bar.hours else ""
    when = short_day(bar.first) + (f" to {short_day(bar.last)}" if bar.last > bar.first else "")
    return (
        f'<li class="line"><span class="name">{plain(bar.title)}<span class="quiet"> {STATES[bar.state]}, {when}{left}'
        f'</span></span><span class="track" aria-hidden="true">{gaps}'
        f'<i class="bar {bar.state}" style="{axis.span(bar.first, bar.last)}"></i></span></li>'
    )


def hours_html(weeks: Sequence[WeekHours]) -> str:
    """Columns of hours done over outlines of hours planned, and the same as a table."""
    shown = weeks[-LONGEST:]
    if not shown:
        return ""
    most = max(1.0, *(max(week.done, week.planned or 0.0) for week in shown))
    step = _WIDE / max(8, len(shown))
    columns = "".join(_column(week, place, step, most) for place, week in enumerate(shown))
    svg = (
        f'<svg class="hours" viewBox="0 0 {_WIDE} {_TALL + _LOW}" role="img" aria-label="Hours a week, planned and '
        f'done; the table below has the figures"><line x1="0" x2="{_WIDE}" y1="{_TALL}" y2="{_TALL}"/>'
        f'<text x="2" y="12">{most:g} h</text>{columns}</svg>'
    )
    lines = [
        (str(w.number), short_day(w.first), "–" if w.planned is None else f"{w.planned:g}", f"{w.done:g}")
        for w in shown
    ]
    figures = table("Hours a week", ("Week", "From", "Planned", "Done"), lines)
    keys = (
        '<p class="keys" aria-hidden="true"><span class="key done">done</span><span class="key plan">planned</span></p>'
    )
    return f"{svg}{keys}<details><summary>The figures</summary>{figures}</details>"


def _column(week: WeekHours, place: int, step: float, most: float) -> str:
    x, wide = place * step + step * 0.15, step * 0.7
    high = (_TALL - 18) / most
    planned = (week.planned or 0.0) * high
    done = week.done * high
    drawn = f'<rect class="plan" x="{x:.1f}" y="{_TALL - planned:.1f}" width="{wide:.1f}" height="{planned:.1f}"/>'
    drawn += f'<rect class="done" x="{x:.1f}" y="{_TALL - done:.1f}" width="{wide:.1f}" height="{done:.1f}"/>'
    named = step > 30 or week.number % 5 == 0
    label = f'<text class="at" x="{x + wide / 2:.1f}" y="{_TALL + 16}">{week.number}</text>' if named else ""
    return drawn + label


def short_day(day: date) -> str:
    """ "4 Jan 2027"."""
    return f"{day.day} {day:%b} {day.year}"
