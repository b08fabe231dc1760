"""Criteria of a list as a question states them, negations too: "not very hands-on", "without a link". Pure.

Knows the cues of `lexicon.CRITERIA`. A criterion that is denied is called "not:NAME"; where another criterion says
the same, that one is meant. What a criterion means for a row, `assistant.roadmap_answers.listing` knows.
"""

from __future__ import annotations

import re

from assistant.language.lexicon import CRITERIA

EXCEPT = r"except(?: for)?|other than|apart from|besides|excluding|without"
NOT = "not:"
"""Before the name of a criterion that rows must fail."""
ALTERNATIVE = "alternative by:"
"""Before a name that an alternative of the row must hold."""

_COVERS = {"not-mandatory": "mandatory", "very-hands-on": "hands-on", "medium-high": "medium"}
_OPPOSITES = {
    "not:mandatory": "not-mandatory",
    "not:not-mandatory": "mandatory",
    "not:free": "paid",
    "not:paid": "free",
}
_NOUNS = frozenset({"requires", "has-alternative", "has-link"})
"""Criteria that a plain "no" denies ("no prerequisites"); "is there no free course?" asks for the free ones."""

_DENIES = r"not|non|never|neither|nor|low|less|little|\w+n't|(?:are|is|was|were|do|does|have|has|need)nt"
_BETWEEN = (
    r"a|an|any|the|of|to|be|being|so|that|too|all|really|actually|considered|marked|rated|stated|listed|as|with|i|we|"
    r"have|having|need|state|states|name|in|difficulty|level|recommended|for"
)
_DENIED = re.compile(rf"(?<![\w'])(?:{_DENIES})(?:[ -]+(?:{_BETWEEN}))*[ -]*$")
_NONE = re.compile(rf"(?<![\w'])(?:{_DENIES}|no|without|lacks?|lacking)(?:[ -]+(?:{_BETWEEN}))*[ -]*$")
_NONE_INSIDE = re.compile(rf"(?<![\w'])(?:{_DENIES}|no|without|lacks?|lacking)(?![\w'])")


def read_criteria(text: str) -> tuple[str, ...]:
    """The criteria that a cleaned text states, each once, in the order of the lexicon."""
    found = {name: _denied(name, text) for name, pattern in CRITERIA.items() if pattern.search(text)}
    hidden = {low for high, low in _COVERS.items() if high in found}
    hidden |= {"high"} if found.keys() & {"medium-high", "very-hands-on"} else set()
    hidden |= {"alternative"} if "has-alternative" in found else set()
    hidden |= {"high"} if "hands-on" in found and not _HARD.search(text) else set()
    names = [f"{NOT}{name}" if denied else name for name, denied in found.items() if name not in hidden]
    if f"{NOT}free" in names and f"{NOT}paid" in names:
        return tuple(names)
    return tuple(dict.fromkeys(_OPPOSITES.get(name, name) for name in names))


def denied(text: str, match: re.Match[str]) -> bool:
    """Whether what was matched is denied by the words before it, or begins with "except" itself."""
    return bool(_DENIED.search(text[: match.start()]) or re.match(EXCEPT, match[0]))


_HARD = re.compile(r"\b(?:difficult\w*|hard(?:er|est)?|tough\w*|challenging)\b")


def _denied(name: str, text: str) -> bool:
    before = _NONE if name in _NOUNS else _DENIED
    return any(
        before.search(text[: match.start()]) or (name in _NOUNS and _NONE_INSIDE.search(match[0]))
        for match in CRITERIA[name].finditer(text)
    )
