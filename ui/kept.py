"""What the doors that keep conversations share: what one is about, and what is kept of a turn. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from assistant.answers import Answer, Scope
from assistant.conversation import memory_of
from assistant.handling import Memory
from assistant.store.conversations import Turn

MOST_TURNS = 100
"""Questions of one conversation; what is about as many is about none of them."""
FULL = f"This conversation has {MOST_TURNS} questions: begin a new one."


def memory_after(answers: Iterable[Answer | None]) -> Memory:
    """What a conversation is about after these answers; a question that was stopped or failed adds nothing."""
    return reduce(memory_of, (answer for answer in answers if answer), Memory())


def kept_turn(question: str, answer: Answer | None, week: int | None, scope: Scope) -> Turn:
    """A turn as it is kept: what a language model broke off is kept as a question without an answer."""
    broken_off = answer is not None and answer.written is not None and not answer.written.complete
    return Turn(question, None if broken_off else answer, week, scope)
