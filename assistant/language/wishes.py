"""Several wishes in one message: "finished week 3, what's next?" -> its pieces. Pure.

Splits where a new sentence or a new wish begins; whether each piece stands for itself, the router decides.
"""

from __future__ import annotations

import re

MOST = 4
"""Pieces; a message of more is a story, and is read whole."""

_ASKING = r"(?:what(?:'?s)?|wat|which|when|where(?:'?s)?|how|who(?:'?s)?|why|can|could|am|is|are|do|should|shall|will)"
_BREAKS = re.compile(
    r"(?<=[.;!?])\s++(?=\S)|(?:,|(?<![\s,]))\s++(?:and|so|now|but|then|also|plus)\s++(?=(?:what(?:'?s)?|which|when|where|how|who|i|i'?m|i'?ve|my|"
    r"have|set|mark|pause|skip|undo|show|give|tell|am i|can i|should i)\b)|"
    rf",\s++(?={_ASKING}\b)|,\s++(?=(?:i(?! (?:think|guess|suppose|hope|believe))|my|i'?m|i'?ve)\b)|"
    rf"(?<!\s)\s++[-–—]\s++(?={_ASKING}\b)",
    re.IGNORECASE,
)


_JOINTS = re.compile(r",\s++(?:(?:and|but|so|then|also|plus)\s++)?|\s++(?:and|n|&|then|plus)\s++", re.IGNORECASE)
MOST_JOINTS = 4
LEAST_WORDS = 2


def halves(text: str) -> tuple[tuple[str, str], ...]:
    """The ways to take a piece for two wishes that are joined by a comma or an "and"; which of them are, the router
    decides.

    >>> halves("what is in week 5 and how long does it take")
    (('what is in week 5', 'how long does it take'),)
    """
    found = [(text[: joint.start()], text[joint.end() :]) for joint in _JOINTS.finditer(text)][:MOST_JOINTS]
    whole = (sides for sides in found if not sides[1][:1].isdigit())  # "weeks 1 and 2" are one thing
    return tuple(sides for sides in whole if all(len(side.split()) >= LEAST_WORDS for side in sides))


def pieces(text: str) -> tuple[str, ...]:
    """The pieces of a message, in order; one that holds a single wish comes back whole.

    >>> pieces("finished week 3, what's next?")
    ('finished week 3', "what's next?")
    """
    found = tuple(p.strip().rstrip(".;!, ") for p in _BREAKS.split(text.strip()) if p and p.strip(" .,;!?"))
    return found if 1 < len(found) <= MOST else (text,)
