"""What changes on the Today page while one studies: the card to review, and what is left of the day. HTML only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape

from assistant.study.learner import Learner
from assistant.study.review import RATINGS, SAVED, ReviewCard, when
from assistant.study.today import Item, Today
from ui.markup import link, markdown, open_link, plain
from ui.sheets.parts import button

MARK = "pages/today/mark"
GRADE = "pages/today/grade"
MORE = "pages/today/more"
MORE_MINUTES = (15, 30)


@dataclass(frozen=True, slots=True)
class Review:
    """The card that is shown, with the day on which each grade brings it back, and how many are left; None: no card.

    said: what was just done.
    """

    card: ReviewCard | None
    left: int
    dues: dict[str, datetime]
    learner: Learner
    now: datetime
    said: str = ""


def review_html(view: Review) -> str:
    """One card: its question, and behind a fold the answer with the grades."""
    said = f'<p class="quiet" role="status">{plain(view.said)}</p>' if view.said else ""
    if view.card is None:
        inner = f"{said}<p>No card is left for now.</p>" if said else ""
        hidden = "" if said else " hidden"
        heading = '<h3 tabindex="-1" data-focus>Review</h3>'
        return f'<section class="panel" id="review" data-next{hidden}>{heading}{inner}</section>'
    card = view.card
    count = f"{view.left} card{'s' * (view.left > 1)} left"
    return (
        f'<section class="panel cards" id="review" data-next><h3>Review <span class="count">{count}</span></h3>{said}'
        f'<p class="asks">{plain(card.question)}</p><details class="fold"><summary id="review-show" data-focus>'
        f"Show the answer</summary>{answer_html(card)}{grades_html(view, GRADE, card=card.key)}</details>"
        f"{KEYS}</section>"
    )


KEYS = '<p class="quiet keys">Keys: space shows the answer, 1 to 4 grade it.</p>'


def answer_html(card: ReviewCard) -> str:
    """The answer with its source; what was saved out of an answer is Markdown."""
    told = markdown(card.answer) if card.key.startswith(SAVED) else f"<p>{plain(card.answer)}</p>"
    source = f'<p class="quiet">{open_link(card.source)}</p>' if card.source else ""
    return f'<div class="answered">{told}</div>{source}'


def grades_html(view: Review, post: str, **sent: str) -> str:
    """The four grades, each with when the card comes back."""
    buttons = "".join(
        button(
            f"{number} {rating.capitalize()}: {when(view.dues[rating], view.now, view.learner)}",
            post,
            id=f"grade-{rating}",
            rating=rating,
            pressed=None,
            **sent,
        )
        for number, rating in enumerate(RATINGS, 1)
    )
    return f'<div class="row grades" role="group" aria-label="How well did you know it?">{buttons}</div>'


def day_html(today: Today) -> str:
    """What is left of the day, or that it is over, with a little more as a choice."""
    items = "".join(_item(item) for item in today.items if item.kind != "review")
    listed = f'<ol class="items">{items}</ol>' if items else ""
    more = f"<p>A little more?</p>{_more()}" if today.over else ""
    return (
        f'<section class="panel" id="for-today"><h3>For today</h3><p role="status">{plain(today.text)}</p>'
        f"{listed}{more}</section>"
    )


def _more() -> str:
    buttons = (button(f"{n} more minutes", MORE, id=f"more-{n}", minutes=str(n)) for n in MORE_MINUTES)
    return f'<div class="row">{"".join(buttons)}</div>'


def _item(item: Item) -> str:
    resource, _, unit = item.key.partition("/")
    title = link(item.url, plain(item.title)) or plain(item.title)
    sent, key = {"resource": resource, "unit": unit}, escape(item.key)
    done = button(
        "Done" if item.whole else "All of it is done", MARK, id=f"done-{key}", status="done", pressed=None, **sent
    )
    if not item.whole:
        part = f"I did {item.minutes} minutes"
        sent |= {"status": "in-progress", "minutes": str(item.minutes)}
        done = button(part, MARK, id=f"part-{key}", pressed=None, **sent) + done
    return f'<li class="item">{title} <span class="quiet">{item.minutes} min</span><div class="row">{done}</div></li>'
