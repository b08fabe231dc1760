"""The section "Judge your questions" of the Quality page: what waits, one passage at a time, the outcome. HTML only.

Nothing of it tells which system found a passage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.recommendation.reasons import counted
from eval.own.judging import SHOWN, Name, Pooled
from ingest.pages.visible import visible
from ui.markup import inline, link, plain
from ui.sheets.fields import text_field
from ui.sheets.parts import button

START = "pages/quality/judge"
PRESS = "pages/quality/grade"
_HEADING = '<h3 tabindex="-1" data-focus>Judge your questions</h3>'
_LABELS = (
    ("0", "Not at all (0)"),
    ("1", "A part (1)"),
    ("2", "Answers it (2)"),
    ("s", "Skip (s)"),
    ("u", "Undo (u)"),
    ("q", "Done (q)"),
)
FROM_ELSEWHERE = (
    '<p class="quiet">Who runs this page judges questions of their own: with <code>roadmap eval judge</code>, or here, '
    "in the browser in which the owner’s address was opened that <code>roadmap serve</code> prints.</p>"
)
_NO_QUESTIONS = (
    "<p>There are no questions of yours yet: press “Add to my evaluation” under an answer, or run "
    "<code>roadmap eval add</code>.</p>"
)
_HOW = (
    '<p class="quiet">What several searches find for them is shown passage by passage, and not which of them found it. '
    "Every grade is kept at once, so that you can stop at any time and go on here or with "
    "<code>roadmap eval judge</code>.</p>"
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Before judging and after it. `todo`: questions that can be judged, those of another judge among them.

    said: how judging ended.
    """

    questions: int
    unjudged: int
    todo: int
    judge: str
    said: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage to grade. `passages`, `questions`: its number, and how many there are. `skipped`: the one before, where
    that was skipped."""

    judge: str
    one: Pooled
    passages: tuple[int, int]
    questions: tuple[int, int]
    skipped: Name | None = None
    said: str = ""


def waiting_html(view: Waiting) -> str:
    """How many questions wait, and the button."""
    said = "".join(f"<p>{_text(line)}</p>" for line in view.said)
    told = f'<div class="told" role="status">{said}</div>' if said else ""
    return panel_html(f"{told}{_state(view)}")


def damaged_html(sentence: str) -> str:
    """Where the file cannot be used."""
    return panel_html(f'<p class="failed" role="status">{inline(visible(sentence))}</p>')


def panel_html(inner: str) -> str:
    """The section around (safe) HTML."""
    return f'<section class="panel" id="judging" data-next>{_HEADING}{inner}</section>'


def _state(view: Waiting) -> str:
    if not view.questions:
        return _NO_QUESTIONS
    if not view.todo:
        return "<p>Every question has its judgement: nothing is left to judge.</p>"
    form = (
        f'<form data-post="{START}">{text_field("judge", "Name of the judge", view.judge)}'
        '<button class="act" id="judge-start">Judge them</button></form>'
    )
    if view.unjudged:
        have = "has" if view.unjudged == 1 else "have"
        return f"<p>{view.unjudged} of {counted(view.questions, 'question')} {have} no judgement yet.</p>{_HOW}{form}"
    return (
        "<p>Every question has its judgement. Another judge can grade the same passages: then it is told how far the "
        f"two agree.</p>{form}"
    )


def shown_html(view: Shown) -> str:
    """One passage with its question and the buttons, which are keys as well (`review.js`)."""
    one, (number, of) = view.one, view.passages
    question = f'<span class="count">question {view.questions[0]} of {view.questions[1]}</span>'
    said = f'<p class="quiet" role="status">{plain(view.said)}</p>' if view.said else ""
    heading = f"<h4>{_text(one.heading)}</h4>" if one.heading else ""
    text = visible(one.text)
    shown = f"{text[:SHOWN]} …" if len(text) > SHOWN else text
    address = link(one.url, plain(one.url)) or plain(one.url)
    return (
        f'<section class="panel cards" id="judging" data-next><h3 tabindex="-1" data-focus>{number} of {of} {question}'
        f'</h3>{said}<p class="asks">{_text(one.case.question)}</p>{heading}<div class="passage">{plain(shown)}</div>'
        f'<p class="quiet">{address}</p>{_buttons(view)}{_KEYS}</section>'
    )


_KEYS = '<p class="quiet keys">Keys: 0, 1 and 2 grade it, s skips it, u takes the last grade back, q ends.</p>'


def _buttons(view: Shown) -> str:
    made = "".join(
        button(label, PRESS, id=f"judge-{key}", pressed=None, key=key, **_sent(view, key)) for key, label in _LABELS
    )
    return f'<div class="row" role="group" aria-label="Does the passage answer the question?">{made}</div>'


def _sent(view: Shown, key: str) -> dict[str, str]:
    """The passage that is meant: after a skip, Undo goes back to the skipped one."""
    back = view.skipped if key == "u" else None
    id, url, passage = back or view.one.name
    return {"judge": view.judge, "case": id, "url": url, "passage": passage, "skipped": "yes" if back else "no"}


def _text(text: str) -> str:
    return plain(visible(text))
