"""What the pages Practice and Progress show and do for one person: the quiz, the cards, a grade, the picture.

Errors: the sentences of whatever refuses it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, ValidationError

from assistant.answers import Quiz
from assistant.practice.exercises import Exercise
from assistant.practice.quiz import Step, begun, step
from assistant.recommendation.progress import InputError, check_minutes
from assistant.study.learner import LearnerError
from assistant.study.review import ReviewCard, all_cards, when
from assistant.text.markdown import escaped
from corpus.errors import UsageError
from ui.desk import Desk
from ui.pages.undoing import noted, undone
from ui.sheets.practice import READ, TODAY, Question, cards_html, practice_html, question_html, start_html
from ui.sheets.progress import progress_html
from ui.sheets.review import Review, day_html, review_html
from ui.sheets.said import Said

Sent = dict[str, str]


class _Held(BaseModel):
    """A quiz as the page holds it."""

    keys: Annotated[list[str], Field(min_length=1)]
    seed: int
    asked: int
    right: int
    shown: bool
    proposed: Literal["", "again", "good"]


class PracticeError(UsageError):
    """What a button of the page sent cannot be used; the message says what to do."""


class Practising:
    """The pages Practice and Progress, and the card on Today, of one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # --- today --------------------------------------------------------------------------------------------------------

    def review(self, person: str, said: str = "") -> str:
        """The card to review now."""
        companion, now = self._desk.companion, self._desk.now()
        due = companion.due(person, now, today=True)
        card = due[0].card if due else None
        dues = companion.next_dues(person, card.key, now) if card else {}
        return review_html(Review(card, len(due), dues, companion.learner(person), now, said))

    def day(self, person: str, minutes: int | None = None) -> str:
        """What is left of the day; `minutes` more, where one wants to."""
        return day_html(self._desk.companion.today(person, self._desk.now(), minutes))

    def grade(self, person: str, sent: Sent) -> str:
        """Grades the card, and shows the next one in its place."""
        companion, now = self._desk.companion, self._desk.now()
        graded = companion.grade(person, _given(sent, "card"), _given(sent, "rating"), now)
        said = f"{sent['rating'].capitalize()}: it comes back {when(graded.due, now, companion.learner(person))}."
        return self.review(person, said) + self.day(person)

    def more(self, person: str, sent: Sent) -> str:
        """A little more today."""
        minutes = _given(sent, "minutes")
        if not (minutes.isascii() and minutes.isdecimal() and len(minutes) < 5):
            raise PracticeError(f"{minutes[:20]!r} is no number of minutes: give one such as 15.")
        check_minutes(int(minutes))
        return self.day(person, int(minutes))

    # --- the quiz -----------------------------------------------------------------------------------------------------

    def page(self, person: str) -> str:
        companion = self._desk.companion
        return practice_html(companion.roadmap, companion.deck(person), len(self._due(person)))

    def start(self, person: str, sent: Sent) -> str:
        """The first question on the cards of today, on all that was read, or on a resource."""
        cards = self._about(person, _given(sent, "about"))
        quiz = begun(cards, int(self._desk.now().timestamp()))
        if quiz is None:
            none = "There is nothing to ask yet: finish a part first, or choose a resource."
            return start_html(self._desk.companion.roadmap, 0, none)
        return self._asks(person, quiz)

    def answer(self, person: str, sent: Sent) -> str:
        """What came of an answer, and the next question."""
        quiz = _quiz(_given(sent, "quiz"))
        exercise = self._exercise(person, quiz)
        text = sent.get("rating") or _given(sent, "answer")
        done = step(quiz, exercise, text)
        if done is None:
            return self._asks(person, quiz, f"{escaped(text[:60])} is none of the options: choose one of them.")
        told = self._outcome(person, exercise, done)
        if done.quiz and (done.quiz.keys or done.quiz.shown):
            return self._asks(person, done.quiz, told)
        last = done.quiz or quiz
        ended = f"{told} {last.right} of {last.asked} right." if last.asked else told
        return start_html(self._desk.companion.roadmap, len(self._due(person)), ended)

    def _asks(self, person: str, quiz: Quiz, told: str = "") -> str:
        exercise = self._exercise(person, quiz)
        if not quiz.shown:
            return question_html(Question(quiz, exercise), told)
        companion, now = self._desk.companion, self._desk.now()
        answer = ReviewCard(exercise.key, exercise.resource, exercise.prompt, exercise.answer, exercise.url)
        dues = companion.next_dues(person, exercise.key, now)
        shown = Review(answer, len(quiz.keys), dues, companion.learner(person), now)
        return question_html(Question(quiz, exercise, shown), told)

    def _outcome(self, person: str, exercise: Exercise, done: Step) -> str:
        """What came of an answer, as Markdown; the grade is stored."""
        if done.outcome == "stopped":
            return "The quiz is over."
        if done.outcome == "shown":
            return "Here is the answer. How well did you know it?"
        companion, now = self._desk.companion, self._desk.now()
        graded = companion.grade(person, exercise.key, done.rating, now)
        back = f"It comes back {when(graded.due, now, companion.learner(person))}."
        if done.outcome == "graded":
            return back
        words = "Right." if done.outcome == "right" else "Not quite."
        letter = f"{exercise.letter}) " if exercise.options else ""
        told = f" {escaped(exercise.told)}" if exercise.told and exercise.told != exercise.answer else ""
        return f"{words} **{letter}{escaped(exercise.answer.rstrip('.'))}**.{told} {back}"

    def _about(self, person: str, about: str) -> list[ReviewCard]:
        if about == TODAY:
            return self._due(person)
        companion = self._desk.companion
        if about == READ:
            lines = [line for line in companion.deck(person) if not line.suspended]
            return [line.card for line in sorted(lines, key=lambda line: line.due.isoformat() if line.due else "")]
        if companion.roadmap.resource(about) is None:
            raise InputError(f"There is no resource {about[:60]!r}: choose one of the list.")
        return list(companion.askable(person, [about]))

    def _due(self, person: str) -> list[ReviewCard]:
        return [item.card for item in self._desk.companion.due(person, self._desk.now(), today=True)]

    def _exercise(self, person: str, quiz: Quiz) -> Exercise:
        """What is asked now. Errors: `LearnerError` where its card is gone."""
        companion = self._desk.companion
        cards = {card.key: card for card in all_cards(companion.notes, companion.learner(person))}
        card = cards.get(quiz.keys[0])
        if card is None:
            raise LearnerError("This card is gone: reload the page and begin anew.")
        return companion.bank.exercise(card, quiz.seed)

    # --- the cards ----------------------------------------------------------------------------------------------------

    def change(self, person: str, sent: Sent) -> str:
        """Changes a card that one saved."""
        key, question, answer = (_given(sent, name) for name in ("card", "question", "answer"))
        now = self._desk.now()
        self._desk.companion.edit_card(person, key, question, answer, now)
        return self._noted(person, "The card is changed.", now)

    def suspend(self, person: str, sent: Sent) -> str:
        """Keeps a card from coming up, or lets it again."""
        suspended, now = sent.get("suspended") == "yes", self._desk.now()
        self._desk.companion.suspend(person, _given(sent, "card"), now, suspended=suspended)
        return self._noted(person, "It comes up no more." if suspended else "It comes up again.", now)

    def delete(self, person: str, sent: Sent) -> str:
        """Deletes a card that one saved."""
        now = self._desk.now()
        self._desk.companion.delete_card(person, _given(sent, "card"), now)
        return self._noted(person, "The card is deleted.", now)

    def undo(self, person: str, sent: Sent) -> str:
        """Takes back what the page said."""
        return self._cards(person, undone(self._desk.companion, person, sent))

    def _noted(self, person: str, text: str, at: datetime) -> str:
        return self._cards(person, noted(self._desk.companion, person, text, at))

    def _cards(self, person: str, said: Said) -> str:
        companion = self._desk.companion
        return cards_html(companion.roadmap, companion.deck(person), said)

    # --- progress -----------------------------------------------------------------------------------------------------

    def progress(self, person: str) -> str:
        companion, now = self._desk.companion, self._desk.now()
        return progress_html(companion.habits(person, now), companion.where(person, now), companion.counts(person))

    def picture(self, person: str, *, dark: bool) -> bytes:
        """The picture of the page, as SVG."""
        from ui.pictures import progress_picture

        companion, now = self._desk.companion, self._desk.now()
        return progress_picture(".svg", companion.habits(person, now), dark=dark)


def _given(sent: Sent, name: str) -> str:
    value = sent.get(name, "")
    if not value.strip():
        raise PracticeError(f"Nothing was given for “{name}”: give it, or reload the page.")
    return value


def _quiz(text: str) -> Quiz:
    """The quiz that the page holds. Errors: `PracticeError` for what is none."""
    try:
        held = _Held.model_validate_json(text, strict=True)
    except ValidationError as error:
        raise PracticeError("This question is no longer there: reload the page and begin anew.") from error
    return Quiz(tuple(held.keys), held.seed, held.asked, held.right, held.shown, held.proposed)
