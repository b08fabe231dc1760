"""What a conversation keeps in mind from one message to the next, and how answers to several wishes are put together.

Pure. The memory holds what is being talked about (rows, weeks, a subject, what was offered), not the last text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answers import Answer
from assistant.handling import Memory
from assistant.language.followup import carried
from assistant.language.learning.table import having, the
from assistant.language.message import Parsed
from assistant.questions import Question
from assistant.text.markers import joined

ASIDE = having("aside")
"""Capabilities after which a message still leans on the answer before them: "thanks", "shorter please"."""

NO_TOPIC = having("topicless")
"""Capabilities that say nothing of a subject: what was talked about before goes on."""

FORMS = ("example", "code", "formula", "steps")
"""What one may ask to be shown of what was answered."""

MOST_ROWS = 3
"""Rows of an answer that the next message can point back to as "it" or "they"."""


def memory_of(memory: Memory, answer: Answer) -> Memory:
    """The memory after an answer."""
    last = answer.capabilities[-1] if answer.capabilities else ""
    kept = not last or (last in ASIDE and memory.capability)
    name, said = (memory.capability, memory.said) if kept else (last, answer.question)
    wrote = bool(answer.changes)
    return Memory(answer.asked or memory.asked, name, said, answer.text, answer.choices, wrote, answer.quiz)


def remembered(asked: Question, answer: Answer, before: Question | None, name: str) -> Question | None:
    """What is being talked about after an answer: after a search, "it" may be what the pages belong to; after a list,
    "the second one" is one of its rows; what could not be answered leaves what was talked about before."""
    lost = answer.abstained and not (asked.resources or asked.spans)
    if name in NO_TOPIC or (before and lost):
        return before
    if asked.intent in ("list", "topic", "extreme", "count") and not asked.resources:
        return replace(asked, among=answer.resources)
    if asked.resources or asked.spans or answer.abstained:
        return asked
    if asked.intent == "search" or len(answer.resources) <= MOST_ROWS:
        return replace(asked, resources=answer.resources[:MOST_ROWS])
    return replace(asked, among=answer.resources)


def searched(parsed: Parsed, before: Question | None, tries: Sequence[str], manner: str = "") -> Question:
    """The message as a search: with the rows and weeks that it names itself, and the question that it hangs on.

    manner: how what was answered is to be said again ("simpler"); it may ask for a form as well ("an example?").
    """
    if the("again") in tries[:1] and before is not None:
        form = next((word for word in FORMS if word in parsed.said), "")
        return replace(before, text=f"{before.text.rstrip(' ?.!')}, {form}" if form else before.text, manner=manner)
    topic = the("topic") in tries[:1] and bool(parsed.topic)
    named = replace(
        parsed.own,
        intent="topic" if topic else "search",
        topic=parsed.topic if topic else (),
        resources=parsed.own.resources,
        criteria=(),
        follows=False,
    )
    return named if topic else carried(named, parsed.reading, before)


def beside(first: Answer, second: Answer) -> Answer:
    """Two answers to two wishes of one message as one."""
    both = joined(first, second)
    return replace(
        both,
        weeks=second.weeks or first.weeks,
        resources=second.resources or first.resources,
        abstained=first.abstained and second.abstained,
        confidence=second.confidence,
        asked=second.asked or first.asked,
        capabilities=(*first.capabilities, *second.capabilities),
        choices=(*first.choices, *second.choices)[:4],
        changes=(*first.changes, *second.changes),
        timings_ms={**first.timings_ms, **second.timings_ms},
    )
