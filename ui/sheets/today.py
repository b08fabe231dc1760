"""The Today page: what is next and why, today's reviews and parts, this week, and when it all began. HTML only."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from assistant.recommendation.progress import Counts
from assistant.recommendation.recommend import Recommendation
from assistant.study.learner import Learner
from assistant.study.planned import PlanWeek
from assistant.study.today import Where
from ui.markup import link, one_line, plain
from ui.sheets.next_panel import next_html
from ui.sheets.parts import button, sheet

SETUP = "pages/today/setup"
UNDO = "pages/today/undo"
WAYS = (
    '<p class="row"><a class="act" href="?page=practice">Quiz me, and my cards</a>'
    '<a class="act" href="?page=progress">Progress</a></p>'
)


@dataclass(frozen=True, slots=True)
class TodayView:
    """What the page shows of one learner; `review` and `day` are the pieces that change by themselves."""

    learner: Learner
    where: Where
    next: Recommendation
    counts: Counts
    review: str
    day: str
    week: PlanWeek | None
    said: str = ""


def today_html(view: TodayView) -> str:
    """The page."""
    said = (
        f'<p class="said" role="status">{plain(view.said)} {button("Undo", UNDO, id="undo")}</p>' if view.said else ""
    )
    return one_line(
        sheet(
            "today",
            "Today",
            f'{said}<p class="lead">{plain(view.where.text)} {plain(view.counts.text)}.</p>{WAYS}'
            f"{next_html(view.next, view.learner)}{view.review}{view.day}{_week(view.week)}{_setup(view.learner)}",
        )
    )


def _week(week: PlanWeek | None) -> str:
    if week is None:
        return ""
    units = "".join(
        f"<li>{link(unit.task.url, plain(unit.title)) or plain(unit.title)} "
        f'<span class="quiet">{unit.hours:g} h</span></li>'
        for unit in week.units
    )
    return (
        f'<section class="panel"><h3>This week</h3><p class="quiet">Week {week.number} of your plan, from '
        f"{week.starts.day} {week.starts:%B}, {week.hours:g} hours.</p><ul>{units}</ul></section>"
    )


def _setup(learner: Learner) -> str:
    start = learner.start.isoformat() if learner.start else ""
    head = "Your pace" if learner.start else "Set your pace, and this page plans your weeks"
    opened = "" if learner.start else " open"
    return (
        f'<details class="panel setup"{opened}><summary>{head}</summary><form data-post="{SETUP}">'
        f'<label>First day <input type="date" name="start" value="{escape(start)}" required></label>'
        f'<label>Hours a week <input type="number" name="hours" value="{learner.hours:g}" min="0.5" max="100" '
        'step="0.5" required></label><button class="act" id="setup-save">Save</button></form></details>'
    )
