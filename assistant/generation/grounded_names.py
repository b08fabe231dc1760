"""Numbers, weeks, addresses and names of a sentence, and whether what a model was given holds them. Pure."""

from __future__ import annotations

import re
import unicodedata

from assistant.language.weeks.numbers import spell, spell_ordinal

_ENDS = ("st", "nd", "rd", "th")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_IN_WORDS = {spell(n): str(n) for n in range(99, 1, -1)} | {"hundred": "100", "thousand": "1000", "million": "1000000"}
"""Numbers from two on; "one" is mostly no number."""
_ORDINALS = {word: str(n) for n in range(1, 100) for word in (spell_ordinal(n), *(f"{n}{end}" for end in _ENDS))}
_IN_WORD = re.compile(rf"\b(?:{'|'.join(_IN_WORDS)})\b", re.IGNORECASE)
_PLACE = re.compile(r"\b(weeks?|phases?|months?|days?|hours?)\s+(\d+)(?:\s*(?:-|–|to|and)\s*(\d+))?", re.IGNORECASE)
_NTH = re.compile(r"\b(\w+(?:-\w+)?) (week|phase)\b", re.IGNORECASE)
ADDRESS = re.compile(r"\b(?:[^\W_](?:[^\W_]|-){0,62}\.){1,8}[^\W\d_]{2,}(?:/\S*)?")
_CAPITALS = "A-Z" + "".join(chr(n) for n in range(0xC0, 0x530) if chr(n).isupper())
_NAME = re.compile(rf"\b[{_CAPITALS}][\w'’+#-]*\b|\b[a-z]+[A-Z]\w*\b|\b\w*[A-Za-z]\d[\w-]*\b")
ORDINARY = frozenset("I It The A An In On To For And But Or If So This That These Those You We They He She".split())


def words_of(text: str) -> set[str]:
    """The words of a text, folded, for `is_known`."""
    return set(re.findall(r"\w+", text.casefold()))


def holds(text: str, known: str) -> bool:
    """Whether every number, week, address and name of a sentence occurs in `known`."""
    text, known = (_in_digits(unicodedata.normalize("NFKC", one)) for one in (text, known))
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
    """ "the fifth week has twelve parts" -> "the week 5 has 12 parts"."""

    def placed(match: re.Match[str]) -> str:
        number = _ORDINALS.get(match[1].casefold())
        return f"{match[2]} {number}" if number else match.group()

    return _IN_WORD.sub(lambda match: _IN_WORDS[match.group().casefold()], _NTH.sub(placed, text))


def _place(match: re.Match[str]) -> tuple[str, str, str]:
    return match[1].casefold().rstrip("s"), match[2], match[3] or match[2]


def _names(text: str) -> list[str]:
    """Words that look like names; the first of a sentence only if it is no ordinary word in capitals."""
    found: list[str] = []
    for match in _NAME.finditer(text):
        word = match.group()
        first = not re.search(r"[\w]", text[: match.start()]) or re.search(r"[:(“\"]\s*\W*$", text[: match.start()])
        odd = not (word[0].isupper() and re.fullmatch(r"(?:[^\W\d_]|['’])+", word) and word[1:] == word[1:].lower())
        if word not in ORDINARY and (odd or not first):
            found.append(word)
    return found


def is_known(name: str, spoken: set[str]) -> bool:
    """Whether all parts of a name are among the words (see `words_of`), singular or plural."""
    parts = re.findall(r"\w+", name.casefold())
    return all(part in spoken or part.removesuffix("s") in spoken or f"{part}s" in spoken for part in parts)
