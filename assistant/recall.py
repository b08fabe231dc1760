"""What a conversation is about, read from its texts alone: for callers who keep no more of it.

Nothing is answered here and nothing is done: whatever was told in it was done when it was told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answers import Answer, Part
from assistant.asking_back import asked_back
from assistant.conversation import memory_of, remembered
from assistant.handling import Context, Memory
from assistant.interpretation import read
from assistant.language.learning.table import capabilities
from assistant.router import Router

MOST = 20
"""Turns that are read: what came before them is talked about no more."""


def recalled(turns: Sequence[tuple[str, str]], context: Context, router: Router) -> Memory:
    """The memory after these questions and answers, the oldest first."""
    for question, answer in turns[-MOST:]:
        context = replace(context, memory=memory_of(context.memory, _supposed(question, answer, context, router)))
    return context.memory


def _supposed(question: str, text: str, context: Context, router: Router) -> Answer:
    """An answer of that text, by the capability that is likeliest to have given it."""
    parsed = read(question, context)
    decision = router.decide(parsed)
    back = asked_back(parsed, context, decision.choices) if not decision.tries else None
    names = decision.tries[:1]
    answer = Answer(question, (Part("notice", text),), capabilities=names, choices=back.choices if back else ())
    asked = remembered(parsed.asked, answer, context.memory.asked, names[0]) if names else context.memory.asked
    wrote = (text,) if names and capabilities()[names[0]].writes else ()
    return replace(answer, asked=asked, changes=wrote)
