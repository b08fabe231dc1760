"""Phrases about weeks and phases -> values: "wk 14", "the third week", "halfway", "after week 12". Pure.

Knows how people write numbers, weeks and phases, typos included. Knows nothing of the roadmap: whether a week
exists, and which week "this week" is, `language.week_resolver` decides. Stages: 1 tokens -> 2 canonical words ("wekk
fourten" -> "week 14") -> 3 patterns over the canonical text, the longest-bound first, each token used once.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from assistant.language.weeks.grammar import PATTERNS, Phrase
from assistant.language.weeks.numbers import phase_like, read_misspelt, read_number, week_like
from corpus.letters import same_letters

HEAD, TAIL = 600, 200
"""Characters of a long question that are looked at, from its start and from its end: time stays bounded."""
MOST = 20
"""Mentions that are kept."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign of the cleaned text."""

    text: str
    start: int
    end: int


def clean(text: str) -> str:
    """Start and end of the text in plain letters without accents or control characters, lower-case, one space
    apart."""
    return _clean(text if len(text) <= HEAD + TAIL else f"{text[:HEAD]} … {text[-TAIL:]}")


@lru_cache(maxsize=1024)
def _clean(text: str) -> str:
    folded = unicodedata.normalize("NFKD", same_letters(text))
    kept = "".join(
        "" if unicodedata.combining(c) else " " if unicodedata.category(c) in ("Cc", "Cf") else c for c in folded
    )
    return " ".join(kept.casefold().replace("’", "'").replace("−", "-").split())


def tokens(cleaned: str) -> list[Token]:
    """Words, numbers and signs with their offsets; letters and digits part ("week14" -> "week", "14")."""
    return [Token(m[0], m.start(), m.end()) for m in _TOKEN.finditer(cleaned)]


def find_phrases(cleaned: str) -> tuple[Phrase, ...]:
    """Every mention of weeks or phases in a cleaned text, in reading order, without overlaps."""
    words, spans = _canonical(tokens(cleaned))
    found: list[Phrase] = []
    taken = [False] * len(words)
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    position = 0
    for index, word in enumerate(words):
        starts[position], ends[position + len(word)] = index, index
        position += len(word) + 1
    line = " ".join(words)
    for pattern, make in PATTERNS:
        for match in pattern.finditer(line):
            first, last = starts.get(match.start()), ends.get(match.end())
            if first is None or last is None or any(taken[first : last + 1]):
                continue
            phrase = make(match)
            if phrase:
                taken[first : last + 1] = [True] * (last + 1 - first)
                found.append(_placed(phrase, spans[first][0], spans[last][1]))
    return tuple(sorted(found, key=lambda p: p.start)[:MOST])


def _placed(p: Phrase, start: int, end: int) -> Phrase:
    return Phrase(p.unit, p.kind, p.pairs, start, end, p.offset, p.counted, p.done, p.whole)


# --- 1 and 2: tokens, canonical words -----------------------------------------------------------------------------

_BEFORE = 4
"""Words before a number that tell whether it is one of a week."""
_TOKEN = re.compile(r"\d+(?:\.\d+)+|\d+|[^\W\d_]+(?:'[^\W\d_]+)*|[-–—/+#&,;:?!.()%=]")


def _canonical(found: list[Token]) -> tuple[list[str], list[tuple[int, int]]]:
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    texts = [t.text for t in found]
    index = 0
    while index < len(found):
        number = None
        if _whole(found, index):
            number = read_number(texts, index) or (read_misspelt(texts[index]) if _near_unit(texts, index) else None)
        if number:
            word, used = f"{number.value:g}{'th' if number.ordinal else ''}", number.used
            if _is_negative(found, index):
                words.pop()
                word, (start, _) = f"-{word}", spans.pop()
            else:
                start = found[index].start
        else:
            word, used, start = _unit_word(texts, index), 1, found[index].start
        words.append(word)
        spans.append((start, found[index + used - 1].end))
        index += used
    return words, spans


def _unit_word(texts: list[str], index: int) -> str:
    return week_like(texts, index) or phase_like(texts, index) or texts[index]


def _near_unit(texts: list[str], index: int) -> bool:
    """Whether a misspelt number may be read here: only right beside the word week or phase."""
    sides = [i for i in (index - 1, index + 1) if 0 <= i < len(texts)]
    return any(week_like(texts, i) or phase_like(texts, i) for i in sides)


def _is_negative(found: list[Token], index: int) -> bool:
    """ "week -1" is negative; "week-1", "week - 1" and "13-16" are not."""
    if index < 2 or found[index - 1].text != "-":
        return False
    sign = found[index - 1]
    return sign.end == found[index].start and found[index - 2].end < sign.start


def _whole(found: list[Token], index: int) -> bool:
    """False for digits glued behind a letter that is no week ("h264"): those are names, not numbers."""
    if index == 0 or found[index - 1].end < found[index].start or not found[index].text[0].isdecimal():
        return True
    before = [t.text for t in found[max(0, index - _BEFORE) : index + 1]]
    last = len(before) - 2
    return not before[last].isalpha() or _unit_word(before, last) in ("week", "weeks", "phase", "phases")
