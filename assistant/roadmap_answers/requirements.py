"""Rows by what they require, which a row that is named could be taken for: "which resources require Python?". Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.language.criteria import DENIED_INSIDE, NOT, REQUIRES
from assistant.language.message import Parsed
from assistant.language.parse import content_words
from assistant.questions import Question
from assistant.roadmap_answers.predicates import holds, proof

_ASKS = re.compile(
    r"\b(?:which|what|list|show|all|any|every|does|is there)\b.{0,60}?\b(?:requir(?:es?|ing)|presuppos(?:es?|ing)|needs"
    r"|(?<!i )(?<!you )(?<!we )need) (?P<what>.+)"
)


def rows_requiring(parsed: Parsed) -> Question | None:
    """The list that is asked for where what is named stands behind the verb; None where a row stands before it
    ("what does fast.ai require?"), or where it is no word of a requirement."""
    found = _ASKS.search(parsed.said)
    if found is None or parsed.referred:
        return None
    if any(name.start < found.start("what") for name in (*parsed.reading.names, *parsed.reading.weak)):
        return None
    lines = [line for row in parsed.roadmap.resources if (line := proof(row, "requires"))]
    words = [word for word in content_words(found["what"]) if word not in _SAID_OF_ALL]
    stated = [f"{REQUIRES}{word}" for word in words if any(holds(line, word) for line in lines)]
    if not stated:
        return None
    if DENIED_INSIDE.search(parsed.said[: found.start("what")]):
        stated = [f"{NOT}{criterion}" for criterion in stated]
    others = (criterion for criterion in parsed.placed.criteria if criterion.removeprefix(NOT) != "requires")
    criteria = (*stated, *others)
    return replace(parsed.placed, intent="list", criteria=criteria, resources=(), attribute=None, without=(), barred=())


_SAID_OF_ALL = frozenset("knowledge some may required requires require needed".split())
"""Words of requirements that say nothing of what is required."""
