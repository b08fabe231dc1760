"""The Today page: what is next and why, today's reviews and parts, this week, and when it all began. HTML only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from assistant.recommendation.recommend import Recommendation
from assistant.study.learner import Learner
from assistant.study.planned import PlanWeek
from assistant.study.review import RATINGS, DueCard
from assistant.study.today import Item, Today, Where
from ui.markup import link, one_line, open_link, plain
from ui.pages.next_panel import MARK, next_html
from ui.pages.parts import button, sheet

GRADE = "pages/today/grade"
SETUP = "pages/today/setup"
UNDO = "pages/today/undo"


@dataclass(frozen=True, slots=True)
class TodayView:
    """What the page shows of one learner."""

    learner: Learner
    where: Where
    next: Recommendation
    today: Today
    due: Sequence[DueCard]
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
            f'{said}<p class="lead">{plain(view.where.text)}</p>{next_html(view.next, view.learner)}'
            f"{_day(view)}{_week(view.week)}{_setup(view.learner)}",
        )
    )


def _day(view: TodayView) -> str:
    cards = {card.card.key: card for card in view.due}
    items = "".join(_item(item, cards) for item in view.today.items)
    left = view.today.reviews_left
    more = f'<p class="quiet">{left} more reviews wait for another day.</p>' if left else ""
    listed = f'<ol class="items">{items}</ol>' if items else ""
    return f'<section class="panel"><h3>For today</h3><p>{plain(view.today.text)}</p>{listed}{more}</section>'


def _item(item: Item, cards: dict[str, DueCard]) -> str:
    if item.kind == "review" and item.key in cards:
        return _card(cards[item.key])
    resource, _, unit = item.key.partition("/")
    title = link(item.url, plain(item.title)) or plain(item.title)
    done = button("Done", MARK, id=f"done-{item.key}", resource=resource, unit=unit, status="done")
    return f'<li class="item">{title} <span class="quiet">{item.minutes} min</span><div class="row">{done}</div></li>'


def _card(due: DueCard) -> str:
    """A review: the answer behind a fold, then four grades."""
    card = due.card
    buttons = "".join(
        button(rating.capitalize(), GRADE, id=f"grade-{card.key}-{rating}", card=card.key, rating=rating)
        for rating in RATINGS
    )
    grades = f'<div class="row" role="group" aria-label="How well did you know it?">{buttons}</div>'
    return (
        f'<li class="item review"><span class="tag">Review</span> {plain(card.question)}<details>'
        f'<summary>Show the answer<span class="sr"> to “{plain(card.question)}”</span></summary>'
        f'<p class="answered">{plain(card.answer)}</p>'
        f'<p class="quiet">{open_link(card.source)}</p>{grades}</details></li>'
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
