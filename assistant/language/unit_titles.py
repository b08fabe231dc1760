"""Where a message calls a part of a resource by its own title: "I finished users, permissions and processes"."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.language.unit_reader import LABELS
from assistant.language.weeks.reader import clean
from corpus.notes import Unit, our_notes
from corpus.reader import our_roadmap

_LABEL = re.compile(rf"^(?:[^:]*\b(?:{LABELS})s? [\d-]+|khan academy): ")
_LEAST = 2
"""Words that a title must have: "classification" is a subject, too."""


def find_unit(said: str) -> tuple[int, int] | None:
    """Where the cleaned text holds the head of a part's title, as our notes call it; None where it holds none.

    >>> find_unit("i finished pipes, redirection and exit codes"), find_unit("i finished classification")
    ((11, 44), None)
    """
    found = _titles().search(said)
    return found.span() if found else None


@lru_cache(maxsize=1)
def _titles() -> re.Pattern[str]:
    notes = our_notes()
    heads = {head_of(unit) for row in our_roadmap().resources for unit in notes.units(row.id)}
    kept = sorted((head for head in heads if len(head.split()) >= _LEAST), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, kept))})(?!\w)")


def head_of(unit: Unit) -> str:
    """A part's title as people say it: cleaned, without "Chapter 5:" before it and what explains it behind."""
    return re.split(r"[:(]", _LABEL.sub("", clean(unit.title)))[0].strip()
