"""The glossary as values: `read_glossary()` -> `Entry` by every name that a term has. Knows nothing of questions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

GLOSSARY_FILE = Path(__file__).with_name("glossary.md")
URL = "note:glossary"
"""The address of its entries in a citation."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LINE = re.compile(r"^- \*\*(?P<name>[^*]+)\*\*(?: \((?P<others>[^)]*)\))?: (?P<meaning>\S.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A term and what it means; `meaning` is a substring of the file, `written` the day that stands in its head."""

    name: str
    meaning: str
    written: str


@lru_cache(maxsize=1)
def read_glossary() -> Mapping[str, Entry]:
    """Every name of every term, in lower case -> its entry."""
    found: dict[str, Entry] = {}
    text = GLOSSARY_FILE.read_text(encoding="utf-8")
    day = _DAY.search(text)
    for match in _LINE.finditer(text):
        entry = Entry(match["name"], match["meaning"], day[0] if day else "")
        names = [match["name"], *(match["others"] or "").split(", ")]
        found |= {name.lower(): entry for name in names if name}
    return found


def entry_of(term: str) -> Entry | None:
    """The entry of a term by any of its names, also in the plural and with an article; None if there is none."""
    name = re.sub(r"^(?:an?|the)\s+", "", " ".join(term.lower().split()))
    glossary = read_glossary()
    return next((glossary[form] for form in (name, name.removesuffix("s")) if form in glossary), None)
