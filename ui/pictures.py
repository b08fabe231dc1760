"""A learner's plan as a picture: a timeline of done, now and ahead over hours done against hours planned.

By matplotlib's object interface: no global figure, no display. Files are PNG or SVG, or one HTML page with the
drawing inside that asks no other host for anything.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, timedelta
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.practice.habits import Habits
from assistant.study.pace import BurnUp
from assistant.study.timeline import Bar
from corpus.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLORS = {"done": "#0b6e4f", "now": "#c77700", "ahead": "#9db4c8", "skipped": "#c9c4be"}
STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "roadmap",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
KINDS = (".png", ".svg", ".html")
DRAWN = (".png", ".svg")
INK = {False: "#1c1917", True: "#f2efea"}
"""The colour of text on a light and on a dark page."""
_LONGEST = 44


def write_picture(path: Path, bars: Sequence[Bar], lines: BurnUp, day: date) -> None:
    """Writes the picture in the kind that the name ends with. Errors: `UsageError` for another, or a bad path."""
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise UsageError(f"{path} is no kind of picture: give a name that ends with {', '.join(KINDS)}.")
    _write(path, picture(kind, bars, lines, day))


def picture(kind: str, bars: Sequence[Bar], lines: BurnUp, day: date) -> bytes:
    """The picture as ".png", ".svg" or ".html"."""
    import matplotlib as mpl

    with mpl.rc_context(STYLE):
        figure = plan_figure(bars, lines, day)
        out = io.BytesIO()
        if kind == ".png":
            figure.savefig(out, format="png", dpi=150, metadata={"Software": None})
            return out.getvalue()
        figure.savefig(out, format="svg", metadata={"Date": None})
    return out.getvalue() if kind == ".svg" else _page(out.getvalue().decode(), bars, day).encode()


def write_progress(path: Path, habits: Habits) -> None:
    """Writes the picture of a learner's progress (.png or .svg). Errors: `UsageError` for another kind or bad path."""
    if path.suffix.lower() not in DRAWN:
        raise UsageError(f"{path} is no kind of picture: give a name that ends with {' or '.join(DRAWN)}.")
    _write(path, progress_picture(path.suffix.lower(), habits))


def progress_picture(kind: str, habits: Habits, *, dark: bool = False) -> bytes:
    """Hours a week and resources by phase, as ".png" or ".svg"; dark: for a dark page."""
    import matplotlib as mpl

    ink = INK[dark]
    style = dict.fromkeys(("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"), ink)
    with mpl.rc_context({**STYLE, **style}):
        figure = progress_figure(habits, ink)
        out = io.BytesIO()
        if kind == ".png":
            figure.savefig(out, format="png", dpi=150, metadata={"Software": None})
        else:
            figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
    return out.getvalue()


def progress_figure(habits: Habits, ink: str) -> Figure:
    """Hours of the last weeks with the hours aimed at; below, the share of each phase that is done."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.4), layout="constrained")
    upper, lower = figure.subplots(2, 1, height_ratios=[3, 2])
    weeks = [f"{week.starts.day} {week.starts:%b}" for week in habits.weeks]
    upper.bar(weeks, [week.hours for week in habits.weeks], color=COLORS["done"], label="studied")
    upper.axhline(habits.hours, color=COLORS["now"], linestyle="--", label=f"aim: {habits.hours:g} h")
    upper.set_title("Hours a week", loc="left")
    upper.legend(loc="upper left", frameon=False, ncols=2)
    upper.set_ylim(0, 1.35 * max([habits.hours, *(week.hours for week in habits.weeks)]))
    names = [f"Phase {phase.number}" for phase in habits.phases]
    lower.barh(names, [phase.counts.total for phase in habits.phases], color="none", edgecolor=ink)
    lower.barh(names, [phase.counts.done for phase in habits.phases], color=COLORS["done"])
    lower.invert_yaxis()
    lower.xaxis.get_major_locator().set_params(integer=True)
    lower.set_title("Resources done", loc="left")
    return figure


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}): give another file.") from error


def plan_figure(bars: Sequence[Bar], lines: BurnUp, day: date) -> Figure:
    """Timeline above, burn-up below; of a plan without a learner, the timeline alone."""
    from matplotlib.figure import Figure

    tall = 0.9 + 0.3 * len(bars)
    low = 3.0 if lines.planned else 0.0
    figure = Figure(figsize=(10, tall + low), layout="constrained")
    if not low:
        _draw_bars(figure.add_subplot(), bars, day)
        return figure
    upper, lower = figure.subplots(2, 1, height_ratios=[tall, low], sharex=True)
    _draw_bars(upper, bars, day)
    _draw_lines(lower, lines, day)
    return figure


def _draw_bars(axes: Any, bars: Sequence[Bar], day: date) -> None:
    for place, bar in enumerate(bars):
        if bar.planned:
            first, last = bar.planned
            axes.barh(place, last - first + timedelta(days=1), left=first, height=0.75, color="none", edgecolor="#777")
        width = bar.last - bar.first + timedelta(days=1)
        axes.barh(place, width, left=bar.first, height=0.5, color=COLORS[bar.state], label=_once(bars, place))
    axes.set_yticks(range(len(bars)), [_short(bar.title) for bar in bars])
    axes.invert_yaxis()
    _draw_day(axes, day)
    axes.xaxis_date()
    if bars:
        axes.legend(loc="upper right", frameon=False, ncols=4)
    axes.set_title("The plan: done, now and ahead (outlined: as first planned)", loc="left")


def _draw_lines(axes: Any, lines: BurnUp, day: date) -> None:
    axes.plot(*zip(*lines.planned, strict=True), color="#777", label="as first planned")
    axes.plot(*zip(*lines.done, strict=True), color=COLORS["done"], drawstyle="steps-post", label="done", linewidth=2)
    axes.plot(*zip(*lines.ahead, strict=True), color=COLORS["now"], linestyle="--", label="from here on")
    _draw_day(axes, day)
    axes.set_ylabel("study hours")
    axes.set_title("Hours done against hours planned", loc="left")
    axes.legend(loc="upper left", frameon=False)


def _draw_day(axes: Any, day: date) -> None:
    axes.axvline(day, color="#b00020", linewidth=1)


def _once(bars: Sequence[Bar], place: int) -> str:
    """A name in the legend for the first bar of each state; matplotlib leaves out names with an underscore."""
    state = bars[place].state
    return state if all(bar.state != state for bar in bars[:place]) else f"_{place}"


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST else title[: _LONGEST - 1] + "…"


def _page(svg: str, bars: Sequence[Bar], day: date) -> str:
    drawing = svg[svg.index("<svg") :]
    rows = "".join(
        f"<tr><td>{escape(bar.title)}<td>{bar.state}<td>{bar.first}<td>{bar.last}<td>{bar.hours:g}" for bar in bars
    )
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>My study plan</title>
<style>body{{font:15px system-ui,sans-serif;margin:2rem;max-width:1000px;background:#fff;color:#222}}
svg{{width:100%;height:auto}}td,th{{text-align:left;padding:.2rem .8rem .2rem 0}}</style>
<h1>My study plan on {day}</h1>
{drawing}
<table><tr><th>resource<th>state<th>from<th>to<th>hours left{rows}</table></html>
"""
