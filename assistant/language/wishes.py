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


def pieces(text: str) -> tuple[str, ...]:
    """The pieces of a message, in order; one that holds a single wish comes back whole.

    >>> pieces("finished week 3, what's next?")
    ('finished week 3', "what's next?")
    """
    found = tuple(p.strip().rstrip(".;!, ") for p in _BREAKS.split(text.strip()) if p and p.strip(" .,;!?"))
    return found if 1 < len(found) <= MOST else (text,)
