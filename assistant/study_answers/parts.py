"""Which parts of a resource a message names: by number, by the title in quotes, or by what they are about. Pure.

"docker and git" are two parts of the setup, although each of them is a name of the setup, too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from assistant.language.message import Parsed
from assistant.language.parse import content_words
from assistant.language.unit_reader import LABELS, find_numbered, unit_by
from assistant.language.weeks.reader import clean
from corpus.notes import Card, Notes, Unit
from corpus.roadmap import Resource

_AT_THE_TIME = re.compile(r"\b(?:in|during|by|since|over) weeks? \d")
_COMMON = frozenset(
    "part building build and for the let spelled out from scratch introduction intro unit lecture".split()
)
_COUNTED = re.compile(rf"\b(?:{LABELS})s?$")
_WHOLE = frozenset("book checkpoint course project specialization".split())
"""What a row is called as a whole, in the form of content words."""
ALONE, BESIDE = 0.7, 0.5
"""The share of a part's title that must be named where no row is, and where its row is named, too."""
_TELLING = 5
"""Letters of a word by which several parts are called together: "makemore", and not "cs"."""


def is_at_a_time(text: str) -> bool:
    """Whether weeks are named as the time of something: "in week 3 I finished ...".

    >>> is_at_a_time("finished git in week 3"), is_at_a_time("finished week 3")
    (True, False)
    """
    return bool(_AT_THE_TIME.search(text))


def parts_of(parsed: Parsed, units: tuple[Unit, ...], row: Resource) -> tuple[Unit, ...] | None:
    """The parts of a row that are named beside it or in its place; () if none is, None if a number is not known.

    A part may be called as its row is: "the dashboard" is one, and "the dashboard project" is the row, as its whole
    title is.
    """
    if quoted := tuple(unit for unit in units if f"“{clean(unit.title)}”" in parsed.said):
        return quoted
    numbered = _numbered(parsed, units, row.id)
    if numbered or numbered is None:
        return numbered
    beside = set(content_words(parsed.left))
    within = {word for name in _names(parsed, row.id) for word in content_words(name)}
    title = set(content_words(clean(row.title)))
    if within & _WHOLE or title <= within:
        within -= title
    called = _called(units, beside | within)
    named = _named(units, beside, BESIDE)
    return tuple(unit for unit in units if unit.id in called or unit in named)


def parts_alone(
    parsed: Parsed, resources: Iterable[Resource], notes: Notes
) -> tuple[Resource, tuple[Unit, ...]] | None:
    """The row and its parts that are named by their own titles alone ("I finished micrograd"); None where they may be
    several rows'."""
    words = set(content_words(parsed.said))
    found = {row.id: (row, named) for row in resources if (named := _named(notes.units(row.id), words, ALONE))}
    return next(iter(found.values())) if len(found) == 1 else None


def cards_of(parsed: Parsed, notes: Notes, row: Resource) -> tuple[Card, ...]:
    """The cards of a row; of the parts that are named, those that speak of what their titles do, if there are any."""
    cards, parts = notes.cards(row.id), parts_of(parsed, notes.units(row.id), row) or ()
    words = {word for part in parts for word in _title(part)}
    told = tuple(card for card in cards if words & set(content_words(clean(f"{card.question} {card.answer}"))))
    return told or cards


def _named(units: tuple[Unit, ...], words: set[str], share: float) -> tuple[Unit, ...]:
    """The parts that are called by their short names, or of whose titles the words hold that share: a word counts the
    more the fewer of the parts have it."""
    titles = {unit.id: _title(unit) for unit in units}
    common = Counter(word for title in titles.values() for word in title)
    return tuple(unit for unit in units if _is_called(unit, words) or _held(titles[unit.id], words, common) >= share)


def _held(title: set[str], words: set[str], common: Counter[str]) -> float:
    """The share of a title that words hold, 0 to 1."""
    weights = {word: 1 / common[word] for word in title}
    return sum(weight for word, weight in weights.items() if word in words) / (sum(weights.values()) or 1.0)


def _title(unit: Unit) -> set[str]:
    """The words of the head of a title, without those that titles are made of."""
    return set(content_words(clean(re.split(r"[:(,]", unit.title)[0]))) - _COMMON


def _called(units: tuple[Unit, ...], words: set[str]) -> set[str]:
    """Ids of the parts that are called by their short names, each or several together ("makemore")."""
    first = Counter(unit.id.partition("-")[0] for unit in units)
    shared = {word for word, count in first.items() if count > 1 and len(word) >= _TELLING and word in words}
    together = {u.id for u in units if (w := u.id.partition("-")[0]) in shared and w in clean(u.title)}
    return together | {unit.id for unit in units if _is_called(unit, words)}


def _is_called(unit: Unit, words: set[str]) -> bool:
    short = set(content_words(unit.id.replace("-", " "))) - _COMMON
    return bool(short and short <= words)


def _names(parsed: Parsed, id: str) -> list[str]:
    """What the row is called in the message."""
    named = zip(parsed.groups, parsed.named_at, strict=False)
    return [parsed.said[start:end] for ids, (start, end) in named if id in ids]


def _numbered(parsed: Parsed, units: tuple[Unit, ...], id: str) -> tuple[Unit, ...] | None:
    """The parts that are named by number; () if none is named, None if one of them is not known."""
    counted = next((m[0] for name in _names(parsed, id) if (m := _COUNTED.search(name))), "")
    numbered = find_numbered(parsed.left)
    if numbered is None and counted:  # "fast.ai lessons 1 to 3": the name holds the word
        numbered = find_numbered(re.sub(r"(?=\b\d)", f"{counted} ", parsed.left, count=1))
    if numbered is None or numbered.label == "phase" or (numbered.label == "week" and is_at_a_time(parsed.left)):
        return ()
    if numbered.label == "week" and parsed.asked.spans:
        return ()
    found = [unit_by(units, numbered.label, number) for number in numbered.numbers]
    named = tuple(unit for unit in found if unit)
    return named if named and len(named) == len(found) else None
