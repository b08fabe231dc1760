"""Units and weeks by number in what people type: "lessons 1 to 3", "the first two chapters", "weeks 3-4". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.language.durations import CARDINALS
from corpus.notes import Unit

LABELS = "chapter|lesson|lecture|module|unit|part|section|video|week"
_ORDINALS: tuple[str, ...] = tuple(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
)
_ONE = r"(?:\d{1,3}|" + "|".join(CARDINALS) + r")\b"
_JOINT = r" ?(?:-|–|,|&|\+|\bto\b|\bthrough\b|\band\b) ?"
_NUMBERS = rf"{_ONE}(?:(?:{_JOINT}){{1,3}}{_ONE})*"
_LABELLED = re.compile(rf"\b({LABELS}|ch|phase)s?\.? ?(?:no\.? ?|# ?)?({_NUMBERS})")
_FIRST_FEW = re.compile(rf"\bfirst ({_ONE}) ({LABELS})s\b")
_ORDINAL = re.compile(rf"\b({'|'.join(_ORDINALS)}|last|final) (chapter|lesson|lecture|module|unit|video)\b")
_SO_FAR = re.compile(r"\b(?:everything|all)\b.*\b(?:up to|until|till|through|before)\b")
_MOST = 400


@dataclass(frozen=True, slots=True)
class Numbered:
    """What is counted ("lesson"), and which of it: numbers from 1 (or 0), -1 for the last one."""

    label: str
    numbers: tuple[int, ...]


def find_numbered(text: str) -> Numbered | None:
    """The first things in the text that are named by number."""
    if m := _FIRST_FEW.search(text):
        return Numbered(m[2], tuple(range(1, _value(m[1]) + 1)))
    if m := _ORDINAL.search(text):
        return Numbered(m[2], (_ORDINALS.index(m[1]) + 1 if m[1] in _ORDINALS else -1,))
    m = _LABELLED.search(text)
    return Numbered("chapter" if m[1] == "ch" else m[1], _listed(m[2])) if m else None


def find_places(text: str) -> Numbered | None:
    """Weeks or phases of the roadmap by number: "week 3", "weeks 1-4", "everything up to week 8", "phase 1"."""
    m = _LABELLED.search(text)
    if not m or m[1] not in ("week", "phase"):
        return None
    numbers = _listed(m[2])
    so_far = _SO_FAR.search(text[: m.start()])
    if so_far and numbers:
        numbers = tuple(range(numbers[-1] + (not so_far[0].endswith("before"))))
    return Numbered(m[1], numbers)


def unit_by(units: tuple[Unit, ...], label: str, number: int) -> Unit | None:
    """The one unit that is meant: by its title ("Chapter 3"), its number in it ("3: Classification"), or its place."""
    if number == -1:
        return units[-1] if units else None
    named = [u for u in units if re.search(rf"\b{label}s?:? 0*{number}\b", u.title.lower())]
    if named:
        return named[0] if len(named) == 1 else None
    numbered = [u for u in units if re.match(rf"^(?:\w+ )?0*{number}\b", u.title.lower())]
    if len(numbered) == 1:
        return numbered[0]
    by_place = label in ("unit", "part", "lesson", "lecture", "video") or not any(
        re.search(r"\d", u.title) for u in units
    )
    return units[number - 1] if by_place and label != "week" and 1 <= number <= len(units) else None


def _listed(text: str) -> tuple[int, ...]:
    """ "1-3", "1, 2 and 4" -> numbers in order, each once."""
    found: list[int] = []
    joint = ""
    for word in re.findall(rf"{_ONE}|[-–,&+]|to|through|and", text):
        if word in ("-", "–", "to", "through", ",", "&", "+", "and"):
            joint = word
            continue
        number = _value(word)
        first = found[-1] + 1 if found and joint in ("-", "–", "to", "through") else number
        found += range(first, min(number, first + _MOST) + 1)
        joint = ""
    return tuple(dict.fromkeys(found))


def _value(word: str) -> int:
    return CARDINALS.index(word) + 1 if word in CARDINALS else int(word)
