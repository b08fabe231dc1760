"""Numbers, weeks, addresses and names of a sentence, and whether what a model was given holds them. Pure."""

from __future__ import annotations

import re

from assistant.numerals import spell

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_IN_WORDS = {spell(n): str(n) for n in range(99, 1, -1)}
"""Numbers from two on; "one" is mostly no number."""
_IN_WORD = re.compile(rf"\b(?:{'|'.join(_IN_WORDS)})\b", re.IGNORECASE)
_PLACE = re.compile(r"\b(weeks?|phases?|months?|days?|hours?)\s+(\d+)(?:\s*(?:-|–|to|and)\s*(\d+))?", re.IGNORECASE)
ADDRESS = re.compile(r"\b(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
_NAME = re.compile(r"\b[A-Z][\w'’+#-]*\b|\b[a-z]+[A-Z]\w*\b|\b\w*[A-Za-z]\d[\w-]*\b")
ORDINARY = frozenset("I It The A An In On To For And But Or If So This That These Those You We They He She".split())


def words_of(text: str) -> set[str]:
    """The words of a text, folded, for `is_known`."""
    return set(re.findall(r"\w+", text.casefold()))


def holds(text: str, known: str) -> bool:
    """Whether every number, week, address and name of a sentence occurs in `known`."""
    text, known = _in_digits(text), _in_digits(known)
    folded = known.casefold()
    if not all(_place(match) in {_place(m) for m in _PLACE.finditer(known)} for match in _PLACE.finditer(text)):
        return False
    if not set(NUMBER.findall(text)) <= set(NUMBER.findall(known)):
        return False
    if not all(address.casefold().rstrip(".") in folded for address in ADDRESS.findall(text)):
        return False
    spoken = words_of(known)
    return all(is_known(name, spoken) for name in _names(text))


def _in_digits(text: str) -> str:
    return _IN_WORD.sub(lambda match: _IN_WORDS[match.group().casefold()], text)


def _place(match: re.Match[str]) -> tuple[str, str, str]:
    return match[1].casefold().rstrip("s"), match[2], match[3] or match[2]


def _names(text: str) -> list[str]:
    """Words that look like names; the first of a sentence only if it is no ordinary word in capitals."""
    found: list[str] = []
    for match in _NAME.finditer(text):
        word = match.group()
        first = not re.search(r"[\w]", text[: match.start()]) or re.search(r"[:(“\"]\s*\W*$", text[: match.start()])
        odd = not re.fullmatch(r"[A-Z][a-z'’]*", word)
        if word not in ORDINARY and (odd or not first):
            found.append(word)
    return found


def is_known(name: str, spoken: set[str]) -> bool:
    """Whether all parts of a name are among the words (see `words_of`), singular or plural."""
    parts = re.findall(r"\w+", name.casefold())
    return all(part in spoken or part.removesuffix("s") in spoken or f"{part}s" in spoken for part in parts)
