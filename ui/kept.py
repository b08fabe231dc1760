"""What doors share: what a conversation is about, what is kept of a turn, and sources as plain text. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from assistant.answers import Answer, Scope
from assistant.conversation import memory_of
from assistant.handling import Memory
from assistant.store.conversations import Turn
from ui.markup import is_web

MOST_TURNS = 100
"""Questions of one conversation; what is about as many is about none of them."""
FULL = f"This conversation has {MOST_TURNS} questions: begin a new one."


def memory_after(answers: Iterable[Answer | None]) -> Memory:
    """What a conversation is about after these answers; a question that was stopped or failed adds nothing."""
    return reduce(memory_of, (answer for answer in answers if answer), Memory())


def sources_of(answer: Answer) -> str:
    """The sources of an answer as plain text, a line each; an address that is none of the web is left out."""
    lines = (f"[{c.n}] {c.title}{f': {c.url}' if is_web(c.url) else ''}" for c in answer.citations)
    return "\n".join(lines)


def kept_turn(question: str, answer: Answer | None, week: int | None, scope: Scope) -> Turn:
    """A turn as it is kept: what a language model broke off is kept as a question without an answer."""
    broken_off = answer is not None and answer.written is not None and not answer.written.complete
    return Turn(question, None if broken_off else answer, week, scope)
