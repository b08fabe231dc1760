"""Abbreviations of the field, both ways: what a question should be searched with too. Pure; knows nothing of search."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).with_name("abbreviations.toml")

_WORD = re.compile(r"[A-Za-z][\w-]*")


@dataclass(frozen=True, slots=True)
class _Table:
    by_short: dict[str, str]
    """Abbreviation as it must be written (lower case unless only its capitals count) -> long form."""
    by_long: dict[tuple[str, ...], str]
    """Words of the long form -> abbreviation."""
    longest: int
    """Words of the longest long form."""
    first: frozenset[str]
    """First words of the long forms."""


def expansions(text: str) -> tuple[str, ...]:
    """Long forms of the abbreviations in `text`, and abbreviations of its long forms, that it does not hold itself."""
    table = _table()
    words = [word for raw in _WORD.findall(text) for word in _words(raw, table) if word]
    found = [table.by_short[form] for word in words if (form := _short(word, table))]
    singular = [_singular(word.lower()) for word in words]
    found += [short for start in range(len(words)) for short in _long_at(singular, start, table)]
    held = {word.lower() for word in words}
    return tuple(dict.fromkeys(other for other in found if not set(_parts(other)) <= held))


def _words(raw: str, table: _Table) -> list[str]:
    """The parts of a word with hyphens; "k-NN" is an abbreviation itself and has none."""
    whole = raw.replace("-", "")
    return [whole] if _short(whole, table) else raw.split("-")


def _short(word: str, table: _Table) -> str:
    """The key of an abbreviation that `word` is, also in the plural; empty if it is none."""
    forms = (word, word.lower(), word.lower().removesuffix("s"), word.removesuffix("s"))
    return next((form for form in forms if form in table.by_short), "")


def _long_at(singular: list[str], start: int, table: _Table) -> list[str]:
    if singular[start] not in table.first:
        return []
    spans = (tuple(singular[start : start + length]) for length in range(2, table.longest + 1))
    return [table.by_long[span] for span in dict.fromkeys(spans) if span in table.by_long]


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.lower().replace("-", " ").split() if part)


def _singular(word: str) -> str:
    return word if word.endswith("ss") else word.removesuffix("s")


@lru_cache(maxsize=1)
def _table() -> _Table:
    data = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    upper = set(data["upper"])
    by_short = {(short if short in upper else short.lower()): long for short, long in data["long"].items()}
    by_long = {tuple(_singular(part) for part in _parts(long)): short for short, long in data["long"].items()}
    return _Table(by_short, by_long, max(map(len, by_long)), frozenset(words[0] for words in by_long))
