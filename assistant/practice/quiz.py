"""A quiz, question by question: what an answer means for it. Pure; whoever asks keeps the `Quiz` and stores the grades.

    begun(cards, seed) -> Quiz
    step(quiz, exercise, text) -> Step, or None where the text is no answer

A right answer is graded "good", a wrong one "again", and one that nobody but oneself can judge as one says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.answers import Quiz
from assistant.practice.exercises import Exercise, check
from assistant.study.review import RATINGS, ReviewCard

MOST = 5
"""Questions of a quiz."""
NEXT, STOP = "next", "stop"
PASSES = frozenset({
    NEXT, "next question", "skip", "skip it", "pass", "show", "show me", "show the answer", "answer", "no idea", "idk",
    "i do not know", "i don't know", "don't know", "dont know", "dunno", "not sure", "no clue", "go on", "continue",
})  # fmt: skip
STOPS = frozenset({
    STOP, "stop it", "stop the quiz", "stop quiz", "quit", "exit", "end", "end the quiz", "enough", "that's enough",
    "that is enough", "done", "i'm done", "no more", "cancel", "finish",
})  # fmt: skip
Outcome = Literal["right", "wrong", "shown", "graded", "stopped"]
"""shown: the answer is to be judged by oneself."""


@dataclass(frozen=True, slots=True)
class Step:
    """What an answer did: the quiz as it goes on (None: it was stopped; over: it has no more keys), and the grade of
    the card, "" without one."""

    quiz: Quiz | None
    outcome: Outcome
    rating: str = ""


def begun(cards: Sequence[ReviewCard], seed: int, most: int = MOST) -> Quiz | None:
    """A quiz over the first cards; None where there is nothing to ask."""
    keys = tuple(card.key for card in cards[:most])
    return Quiz(keys, seed) if keys else None


def step(quiz: Quiz, exercise: Exercise, text: str) -> Step | None:
    """What a text does to a quiz whose question is `exercise`; None where it answers nothing.

    "stop" ends it. Where the answer is shown, a grade is awaited: "good", or its number from 1 to 4.
    """
    said = " ".join(text.lower().split()).strip(" .!")
    if said in STOPS:
        return Step(None, "stopped")
    if quiz.shown:
        rating = _rating(said, quiz)
        return Step(_after(quiz, rating), "graded", rating) if rating else None
    if said in PASSES:
        is_free = exercise.kind == "open"
        return Step(_shown(quiz, "again"), "shown") if is_free else Step(_after(quiz, "again"), "wrong", "again")
    verdict = check(exercise, text)
    if verdict is None:
        return None
    if verdict == "open":
        return Step(_shown(quiz, ""), "shown")
    rating = "good" if verdict == "right" else "again"
    return Step(_after(quiz, rating), verdict, rating)


def _rating(said: str, quiz: Quiz) -> str:
    """The grade that is said; what was proposed, or "again", where one only goes on."""
    ratings = list(RATINGS)
    if said in ratings:
        return said
    if said in {str(number) for number in range(1, len(ratings) + 1)}:
        return ratings[int(said) - 1]
    return (quiz.proposed or "again") if said in PASSES else ""


def _shown(quiz: Quiz, proposed: str) -> Quiz:
    return replace(quiz, shown=True, proposed=proposed)


def _after(quiz: Quiz, rating: str) -> Quiz:
    """The quiz with its next question; what was right is counted."""
    right = quiz.right + (rating != "again")
    return replace(quiz, keys=quiz.keys[1:], asked=quiz.asked + 1, right=right, shown=False, proposed="")
