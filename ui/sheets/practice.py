"""The Practice page: a quiz question by question, and all cards, to be changed, suspended or exported. HTML only."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from html import escape
from itertools import groupby

from assistant.answers import Quiz
from assistant.practice.cards import CardLine
from assistant.practice.exercises import LETTERS, Exercise
from assistant.practice.quiz import NEXT, STOP
from assistant.study.review import GLOSSARY
from corpus.roadmap import Roadmap
from ui.markup import markdown, one_line, open_link, plain
from ui.sheets.parts import button, sheet
from ui.sheets.review import Review, answer_html, grades_html
from ui.sheets.said import NOTHING, Said, said_html

START = "pages/practice/start"
ANSWER = "pages/practice/answer"
CHANGE = "pages/practice/change"
SUSPEND = "pages/practice/suspend"
DELETE = "pages/practice/delete"
UNDO = "pages/practice/undo"
EXPORT = "api/v1/cards.apkg"
TODAY, READ = "today", "read"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked now; with `grades`, its answer is shown and waits for a grade."""

    quiz: Quiz
    exercise: Exercise
    grades: Review | None = None


def practice_html(roadmap: Roadmap, lines: Sequence[CardLine], due: int) -> str:
    """The page, before anything is asked."""
    return one_line(
        sheet(
            "practice",
            "Practice",
            f'<p class="quiet"><a href="?page=today">Back to Today</a></p>{start_html(roadmap, due)}'
            f"{cards_html(roadmap, lines)}",
        )
    )


def start_html(roadmap: Roadmap, due: int, told: str = "") -> str:
    """What one can be asked about."""
    titles = "".join(f'<option value="{escape(r.id)}">{plain(r.title)}</option>' for r in roadmap.resources)
    own = f'<option value="{TODAY}">Cards of today ({due})</option><option value="{READ}">All that I have read</option>'
    return (
        f'<section class="panel" id="quiz" data-next><h3 tabindex="-1" data-focus>Quiz me</h3>{_status(told)}'
        f'<form data-post="{START}"><label>About <select name="about">{own}<optgroup label="One resource">{titles}'
        '</optgroup></select></label><button class="act" id="quiz-start">Start</button></form>'
        '<p class="quiet">What you answer counts for your reviews.</p></section>'
    )


def question_html(asked: Question, told: str = "") -> str:
    """One question with its options, a field for the answer, or the answer with its grades."""
    quiz, exercise = asked.quiz, asked.exercise
    state = json.dumps(asdict(quiz))
    number = f"Question {quiz.asked + 1} of {quiz.asked + len(quiz.keys)}"
    if asked.grades:
        way = answer_html(asked.grades.card) if asked.grades.card else ""
        way += grades_html(asked.grades, ANSWER, quiz=state)
    else:
        way = _options(exercise, state) if exercise.options else _field(state)
        skip = button("I do not know", ANSWER, id="quiz-skip", answer=NEXT, quiz=state)
        way += f'<div class="row">{skip}{button("Stop", ANSWER, id="quiz-stop", answer=STOP, quiz=state)}</div>'
    return (
        f'<section class="panel cards" id="quiz" data-next>{_status(told)}<h3 tabindex="-1" data-focus>{number}</h3>'
        f'<p class="asks">{plain(exercise.prompt)}</p>{way}</section>'
    )


def _options(exercise: Exercise, state: str) -> str:
    buttons = "".join(
        f"<li>{button(f'{letter}) {option}', ANSWER, id=f'option-{letter}', answer=letter, quiz=state)}</li>"
        for letter, option in zip(LETTERS, exercise.options, strict=False)
    )
    return f'<ul class="options">{buttons}</ul>'


def _field(state: str) -> str:
    return (
        f'<form data-post="{ANSWER}"><input type="hidden" name="quiz" value="{escape(state)}"><label>Your answer '
        '<input type="text" name="answer" maxlength="2000" autocomplete="off" required></label>'
        '<button class="act" id="quiz-check">Check</button></form>'
    )


def _status(told: str) -> str:
    """What came of the answer before: our own Markdown."""
    return f'<div class="told" role="status">{markdown(told)}</div>' if told else ""


# --- all cards --------------------------------------------------------------------------------------------------------


def cards_html(roadmap: Roadmap, lines: Sequence[CardLine], said: Said = NOTHING) -> str:
    """Every card, those that one saved first."""
    status = said_html(said, UNDO)
    if not lines:
        text = "No cards yet: they come with the parts that you finish, and with “Save as card” under an answer."
        return f'<section class="panel" id="cards"><h3>Cards</h3>{status}<p>{text}</p></section>'
    active = sum(not line.suspended for line in lines)
    export = f'<a class="act" href="{EXPORT}" download>Download for Anki</a>' if active else ""
    groups = "".join(
        _group(title, list(group)) for title, group in groupby(lines, key=lambda line: _heading(roadmap, line))
    )
    return (
        f'<section class="panel" id="cards"><h3>Cards <span class="count">{active} of {len(lines)} come up</span></h3>'
        f'{status}<div class="row">{export}</div>{groups}</section>'
    )


def _heading(roadmap: Roadmap, line: CardLine) -> str:
    if line.own:
        return "Saved by you"
    return "Glossary" if line.card.key.startswith(GLOSSARY) else roadmap.title_of(line.card.resource)


def _group(title: str, lines: Sequence[CardLine]) -> str:
    cards = "".join(_card(line) for line in lines)
    opened = " open" if lines[0].own else ""
    return (
        f'<details class="fold" id="{_id("group", title)}"{opened}><summary>{plain(title)} '
        f'<span class="count">{len(lines)}</span></summary><ul class="deck">{cards}</ul></details>'
    )


def _card(line: CardLine) -> str:
    card = line.card
    tag = '<span class="tag">suspended</span> ' if line.suspended else ""
    label, wanted = ("Let it come up", "no") if line.suspended else ("Suspend", "yes")
    about = f" {card.question}"
    buttons = _labelled(label, about, SUSPEND, id=_id("suspend", card.key), card=card.key, suspended=wanted)
    if line.own:
        buttons += _labelled("Delete", about, DELETE, id=_id("delete", card.key), classes="danger", card=card.key)
    return (
        f'<li><details class="fold" id="{_id("card", card.key)}"><summary>{tag}{plain(card.question)}</summary>'
        f'{_form(line) if line.own else answer_html(card)}<div class="row">{buttons}</div></details></li>'
    )


def _form(line: CardLine) -> str:
    """Question and answer to be changed."""
    card = line.card
    fields = "".join(
        f'<label>{label} <textarea name="{name}" rows="{rows}" maxlength="{most}" required>{_kept(text)}</textarea>'
        "</label>"
        for label, name, rows, most, text in (
            ("Question", "question", 2, 2000, card.question),
            ("Answer", "answer", 6, 8000, card.answer),
        )
    )
    key = f'<input type="hidden" name="card" value="{escape(card.key)}">'
    save = '<button class="act">Save the card</button>'
    return f'<form class="tall" data-post="{CHANGE}">{key}{fields}{save}</form>{_source(card.source)}'


def _source(url: str) -> str:
    return f'<p class="quiet">{open_link(url)}</p>' if url else ""


def _kept(text: str) -> str:
    """Text of a field, with its lines."""
    return escape(text).replace("\n", "&#10;")


def _labelled(label: str, about: str, post: str, *, id: str, classes: str = "", **sent: str) -> str:
    """A button whose name says what it is about, for who does not see where it stands."""
    made = button(label, post, id=id, classes=classes, pressed=None, **sent)
    return made.replace("</button>", f'<span class="sr">{plain(about)}</span></button>')


def _id(kind: str, name: str) -> str:
    joined = re.sub(r"\s+", "_", name)
    return escape(f"{kind}-{joined}")
