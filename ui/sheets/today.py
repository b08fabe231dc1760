"""The Today page: what is next and why, today's reviews and parts, this week, and when it all began. HTML only."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.recommendation.progress import Counts
from assistant.recommendation.reasons import counted
from assistant.recommendation.recommend import Recommendation
from assistant.study.learner import Learner
from assistant.study.planned import PlanWeek
from assistant.study.today import Where
from ui.markup import link, one_line, plain
from ui.sheets.behind import behind_html
from ui.sheets.next_panel import next_html
from ui.sheets.parts import sheet
from ui.sheets.said import NOTHING, Said, said_html

UNDO = "pages/today/undo"
REPLAN = "pages/today/replan"
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
    said: Said = NOTHING


def today_html(view: TodayView) -> str:
    """The page."""
    return one_line(
        sheet(
            "today",
            "Today",
            f'{said_html(view.said, UNDO)}<p class="lead">{plain(view.where.text)} {plain(view.counts.text)}.</p>'
            f"{behind_html(view.where, REPLAN)}{WAYS}"
            f"{next_html(view.next, view.learner)}{view.review}{view.day}{_week(view.week, view.where)}"
            f"{_pace(view.learner)}",
        )
    )


def _week(week: PlanWeek | None, where: Where) -> str:
    """What is left of this week's hours; once they are used up, the next week."""
    if week is None:
        return ""
    title, left = ("This week", " to go") if week.starts <= where.day else ("Coming up", "")
    units = "".join(
        f"<li>{link(unit.task.url, plain(unit.title)) or plain(unit.title)} "
        f'<span class="quiet">{unit.hours:g} h</span></li>'
        for unit in week.units
    )
    return (
        f'<section class="panel"><h3>{title}</h3><p class="quiet">Week {week.number} of your plan, from '
        f"{week.starts.day} {week.starts:%B}, {counted(week.hours, 'hour')}{left}.</p><ul>{units}</ul></section>"
    )


def _pace(learner: Learner) -> str:
    """Where the plan is begun, or its pace changed."""
    if learner.start is None:
        return '<p><a class="act chief" href="?page=start">Start my plan</a></p>'
    return '<p><a class="act" href="?page=settings">Change your pace</a></p>'
