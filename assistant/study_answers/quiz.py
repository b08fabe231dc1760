"""A quiz in a conversation: one question after the other, each checked, and its result kept for the reviews.

Where nobody but oneself can judge, the answer is shown, and the next message is the grade.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answers import Answer, Choice, Part, Quiz
from assistant.handling import Context
from assistant.language.message import Parsed
from assistant.practice.exercises import LETTERS, Exercise
from assistant.practice.quiz import NEXT, STOP, Step, begun, step
from assistant.roadmap_answers.citations import Sheet
from assistant.study.review import RATINGS, SAVED, ReviewCard, all_cards, when
from assistant.study_answers.parts import cards_of
from assistant.text.markdown import escaped
from corpus.roadmap import Resource

_OPINIONS = {
    "": "",
    "good": "The language model takes your answer for right. Say “next” if you agree, or grade it yourself.",
    "again": "The language model takes your answer for wrong. Say “next” if you agree, or grade it yourself.",
}
_SKIP, _ENOUGH = "I do not know", "Stop"


@dataclass(frozen=True, slots=True)
class Answered:
    """The question that is open, and what a message does to it."""

    quiz: Quiz
    exercise: Exercise
    step: Step

    @property
    def is_certain(self) -> bool:
        """Whether the message can be nothing but its answer: an option, a grade, "next", the word of the gap."""
        passes = self.step.quiz is not None and bool(self.step.quiz.proposed)
        return self.step.outcome != "shown" or passes


def read_answer(text: str, context: Context) -> Answered | None:
    """A message as the answer to the question that is open; None where there is none, or it answers nothing."""
    quiz = context.memory.quiz
    card = _card(quiz, context) if quiz else None
    if quiz is None or card is None:
        return None
    exercise = context.companion.bank.exercise(card, quiz.seed)
    done = step(quiz, exercise, text)
    return Answered(quiz, exercise, done) if done else None


def begins(parsed: Parsed, context: Context, rows: Sequence[Resource], capability: str) -> Answer | None:
    """The first question: on the rows that are named, else on the cards of today; None if there is nothing to ask."""
    quiz = begun(_cards(parsed, context, rows), context.today.toordinal())
    return _asks(parsed, context, quiz, [], Sheet(context.roadmap), capability) if quiz else None


def goes_on(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """What the message is as an answer, and the next question; None where it is none."""
    answered = read_answer(parsed.text, context)
    if answered is None:
        return None
    sheet = Sheet(context.roadmap)
    told = [_outcome(answered, context, sheet)]
    quiz = answered.step.quiz
    if quiz and quiz.shown:
        quiz = replace(quiz, proposed=quiz.proposed or context.opinion)
        return replace(sheet.answer(parsed.text, told), quiz=quiz, choices=_grades(quiz, context, capability))
    if quiz and quiz.keys:
        return _asks(parsed, context, quiz, told, sheet, capability)
    again = Choice("Quiz me again", "Quiz me", capability)
    return replace(sheet.answer(parsed.text, [*told, _end(quiz or answered.quiz)]), choices=(again,))


def _cards(parsed: Parsed, context: Context, rows: Sequence[Resource]) -> Sequence[ReviewCard]:
    """What the quiz is about: of the parts that are named, their cards alone."""
    if not rows:
        return [due.card for due in context.companion.due(context.person, context.now, today=True)]
    found = context.companion.askable(context.person, [row.id for row in rows])
    named = {f"{row.id}/{card.id}" for row in rows for card in cards_of(parsed, context.notes, row)}
    whole = {f"{row.id}/{card.id}" for row in rows for card in context.notes.cards(row.id)}
    return found if named == whole else [card for card in found if card.key in named]


def _card(quiz: Quiz, context: Context) -> ReviewCard | None:
    cards = all_cards(context.notes, context.learner)
    return next((card for card in cards if card.key in quiz.keys[:1]), None)


# --- what is said -----------------------------------------------------------------------------------------------------


def _asks(
    parsed: Parsed, context: Context, quiz: Quiz, told: list[Part], sheet: Sheet, capability: str
) -> Answer | None:
    """What was said of the question before, and the next one with its options as buttons."""
    card = _card(quiz, context)
    if card is None:  # it was deleted meanwhile
        return None
    exercise = context.companion.bank.exercise(card, quiz.seed)
    lines = [f"- {letter}) {escaped(option)}" for letter, option in _lettered(exercise)]
    head = f"**Question {quiz.asked + 1} of {quiz.asked + len(quiz.keys)}.** {escaped(exercise.prompt)}"
    below = "\n".join(lines) or "Type your answer, or “next” to see it."
    text = f"{head}\n\n{below}"
    options = tuple(Choice(f"{letter}) {option}", letter, capability) for letter, option in _lettered(exercise))
    others = (Choice(_SKIP, NEXT, capability), Choice(_ENOUGH, STOP, capability))
    rows = [exercise.resource] if exercise.resource else []
    answer = sheet.answer(parsed.text, [*told, Part("notice", text)], resources=rows)
    return replace(answer, quiz=quiz, choices=(*options, *others))


def _lettered(exercise: Exercise) -> Sequence[tuple[str, str]]:
    return list(zip(LETTERS, exercise.options, strict=False))


def _outcome(answered: Answered, context: Context, sheet: Sheet) -> Part:
    """Whether it was right, the answer with its source, and when the card comes back; the grade is stored."""
    exercise, done = answered.exercise, answered.step
    if done.outcome == "stopped":
        return Part("notice", "The quiz is over.")
    if done.outcome == "shown":
        text = f"The answer: {_told(exercise, context, sheet)}\n\n"
        return Part("notice", text + (_OPINIONS[context.opinion] or "How well did you know it?"))
    graded = context.companion.grade(context.person, exercise.key, done.rating, context.now)
    back = f"It comes back {when(graded.due, context.now, context.learner)}."
    if done.outcome == "graded":
        return Part("notice", f"Noted as “{done.rating}”. {back}")
    words = "Right:" if done.outcome == "right" else "Not quite. The answer is"
    return Part("notice", f"{words} {_told(exercise, context, sheet)} {back}")


def _told(exercise: Exercise, context: Context, sheet: Sheet) -> str:
    """The right answer, what is to be known of it, and where that stands."""
    own = exercise.key.startswith(SAVED)
    letter = f"{exercise.letter}) " if exercise.options else ""
    answer = exercise.answer if own else f"**{letter}{escaped(exercise.answer)}**"
    row = context.roadmap.resource(exercise.resource)
    quote = exercise.told.partition(" (")[0] if exercise.kind == "cloze" and not exercise.url else exercise.answer
    source = sheet.note(row, quote, exercise.url) if row and not own else "(our glossary)" if not own else ""
    told = f". {escaped(exercise.told)}" if exercise.told and exercise.told != exercise.answer else ""
    return f"{answer}{told} {source}".strip()


def _grades(quiz: Quiz, context: Context, capability: str) -> tuple[Choice, ...]:
    """The four grades, each with when the card would come back."""
    dues = context.companion.next_dues(context.person, quiz.keys[0], context.now)
    labels = {
        rating: f"{rating.capitalize()} ({when(dues[rating], context.now, context.learner)})" for rating in RATINGS
    }
    return tuple(Choice(labels[rating], rating, capability) for rating in RATINGS)


def _end(quiz: Quiz) -> Part:
    if not quiz.asked:
        return Part("notice", "No question was answered.")
    return Part("notice", f"{quiz.right} of {quiz.asked} right. What was wrong comes back under Today.")
