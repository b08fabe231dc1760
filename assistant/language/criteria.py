"""Criteria of a list as a question states them, negations too: "not very hands-on", "without a link". Pure.

Knows the cues of `lexicon.CRITERIA`. A criterion that is denied is called "not:NAME"; where another criterion says
the same, that one is meant. What a criterion means for a row, `assistant.roadmap_answers.listing` knows.
"""

from __future__ import annotations

import re

from assistant.language.lexicon import CRITERIA
from assistant.language.negation import DENIES, LACKS, Span, is_ruled_out, leaves_something_out

NOT = "not:"
"""Before the name of a criterion that rows must fail."""
ALTERNATIVE = "alternative by:"
"""Before a name that an alternative of the row must hold."""
REQUIRES = "requires:"
"""Before a word that the requirement of the row must hold."""

_COVERS = {"not-mandatory": "mandatory", "very-hands-on": "hands-on", "medium-high": "medium"}
_OPPOSITES = {
    "not:mandatory": "not-mandatory",
    "not:not-mandatory": "mandatory",
    "not:free": "paid",
    "not:paid": "free",
}
_SHAPES = frozenset({"requires", "has-alternative", "has-link"})
"""Criteria whose cue holds the words before the noun, and so its denial ("which resources have no link")."""

DENIED_INSIDE = re.compile(rf"(?<![\w'])(?:{DENIES}|{LACKS})(?![\w'])")


def read_criteria(text: str) -> tuple[str, ...]:
    """The criteria that a cleaned text states, each once, in the order of the lexicon.

    >>> read_criteria("which resources have no videos?"), read_criteria("is there no free course?")
    (('not:video',), ('free',))
    """
    names = stated_criteria(text)
    if (f"{NOT}free" in names and f"{NOT}paid" in names) or leaves_something_out(text):
        return names  # "all but the paid ones" are more than those that are stated to be free
    return tuple(dict.fromkeys(_OPPOSITES.get(name, name) for name in names))


def stated_criteria(text: str) -> tuple[str, ...]:
    """The same as they are said: "no mandatory rows" is "not:mandatory", which for a week is not "not-mandatory"."""
    found = _found(text)
    hidden = {low for high, low in _COVERS.items() if high in found}
    hidden |= {"high"} if found.keys() & {"medium-high", "very-hands-on"} else set()
    hidden |= {"alternative"} if "has-alternative" in found else set()
    hidden |= {"high"} if "hands-on" in found and not _HARD.search(text) else set()
    return tuple(f"{NOT}{name}" if denied else name for name, denied in found.items() if name not in hidden)


def cues_in(text: str) -> tuple[str, ...]:
    """The words of a cleaned text by which its criteria are told.

    >>> cues_in("books that need no prior knowledge")
    ('prior knowledge', 'books')
    """
    return tuple(found[0] for pattern in CRITERIA.values() for found in pattern.finditer(text))


_HARD = re.compile(r"\b(?:difficult\w*|hard(?:er|est)?|tough\w*|challenging)\b")


def _found(text: str) -> dict[str, bool]:
    """Criterion -> whether it is denied."""
    matches = {name: [m.span() for m in pattern.finditer(text)] for name, pattern in CRITERIA.items()}
    things = [span for spans in matches.values() for span in spans]
    return {name: _denied(name, text, spans, things) for name, spans in matches.items() if spans}


def _denied(name: str, text: str, spans: list[Span], things: list[Span]) -> bool:
    return any(
        is_ruled_out(text, span, things) or (name in _SHAPES and bool(DENIED_INSIDE.search(text[slice(*span)])))
        for span in spans
    )
