"""Numbers in words and digits, with typos, and the words "week" and "phase" however they are misspelt. Pure.

Conservative on purpose: a misspelt word counts only beside a number or a word that calls for it ("wekk 14",
"week fourten", "this weeek"), since "weak" and "then" are words of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
_CARDINALS = {word: n for n, word in enumerate((_UNITS + "seventeen eighteen nineteen").split())}
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_IRREGULAR = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}


def _ordinal_word(word: str) -> str:
    return _IRREGULAR.get(word) or (f"{word[:-1]}ieth" if word.endswith("y") else f"{word}th")


_ORDINALS = {_ordinal_word(word): n for word, n in (_CARDINALS | _TENS).items()}
_VARIANTS = {"fourty": 40, "couple": 2, "nought": 0, "null": 0, "forteen": 14, "dozen": 12}
_PLAIN = _CARDINALS | _TENS | _VARIANTS
_SLIPS = {"forth": 4, "fith": 5, "nineth": 9, "twelth": 12, "eigth": 8, "tird": 3, "frist": 1}
_FUZZY = tuple(word for word in (_PLAIN | _ORDINALS) if len(word) >= 4)
_NO_WEEKS = frozenset("weekly weekday weekend seek meek reek peek geek leek went were wee eek".split())
_NO_NUMBERS = frozenset("there these their three's then than night right even seen often taken title fits form".split())
_ROMAN = re.compile(r"(?=[ivxl]{2,})x{0,3}(?:xl|l)?(?:ix|iv|v?i{0,3})")


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was read, and how many words it took."""

    value: float
    ordinal: bool
    used: int


def spell(n: int) -> str:
    """14 -> "fourteen"; digits beyond 99."""
    if not 0 <= n < 100:
        return str(n)
    words = {value: word for word, value in (_CARDINALS | _TENS).items()}
    return words[n] if n in words else f"{words[n // 10 * 10]}-{words[n % 10]}"


def spell_ordinal(n: int) -> str:
    """14 -> "fourteenth"; digits beyond 99."""
    head, dash, tail = spell(n).rpartition("-")
    return f"{head}{dash}{_ordinal_word(tail)}" if 0 <= n < 100 else f"{n}th"


def is_number(word: str) -> bool:
    """Whether a word is a number, in digits or in words, spelt right."""
    return word[:1].isdecimal() or word in _PLAIN or word in _ORDINALS


def read_number(words: list[str], index: int) -> Number | None:
    """The number that starts at `index`, in digits or in words spelt right, if any; "and a half" belongs to it."""
    number = _read_whole(words, index)
    if number and not number.ordinal and words[index + number.used : index + number.used + 3] == ["and", "a", "half"]:
        return Number(number.value + 0.5, False, number.used + 3)
    return number


def _read_whole(words: list[str], index: int) -> Number | None:
    word = words[index]
    following = words[index + 1 : index + 3]
    if word[0].isdecimal():
        suffix = bool(following) and following[0] in ("st", "nd", "rd", "th")
        return Number(_digits(word), suffix, 2 if suffix else 1)
    if word in _TENS or word == "fourty":
        return _compound(_PLAIN[word], following)
    return _exact(word, 1)


@lru_cache(maxsize=4096)
def read_misspelt(word: str) -> Number | None:
    """A misspelt or Roman number; to be asked only right beside the word week or phase."""
    return _misspelt(word) or _roman(word)


def _digits(word: str) -> float:
    parts = word.split(".")
    return 999_999.0 if len(parts[0]) > 6 else float(".".join(parts[:2])[:12])


def _exact(word: str, used: int) -> Number | None:
    if word in _PLAIN:
        return Number(_PLAIN[word], False, used)
    return Number(_ORDINALS[word], True, used) if word in _ORDINALS else None


def _compound(tens: int, following: list[str]) -> Number:
    """ "twenty one", "twenty-first"."""
    skip = 1 if following and following[0] == "-" else 0
    unit = _exact(following[skip], 1) if len(following) > skip else None
    if unit and 0 < unit.value < 10 and following[skip] != "couple":
        return Number(tens + unit.value, unit.ordinal, 2 + skip)
    return Number(tens, False, 1)


def _misspelt(word: str) -> Number | None:
    if word.startswith(tuple(_TENS)):
        tens = next(t for t in _TENS if word.startswith(t))
        unit = _exact(word.removeprefix(tens), 1)
        if unit and 0 < unit.value < 10:
            return Number(_TENS[tens] + unit.value, unit.ordinal, 1)
    if word in _SLIPS:
        return Number(_SLIPS[word], True, 1)
    if len(word) < 4 or word in _NO_NUMBERS or not word.isalpha():
        return None
    limit = 1 if len(word) < 7 else 2
    near = sorted((OSA.distance(word, known, score_cutoff=limit), known) for known in _FUZZY)
    best = [known for distance, known in near if distance == near[0][0] <= limit]
    best = [known for known in best if known[-1] == word[-1]] or best
    values = {(_PLAIN | _ORDINALS)[known] for known in best}
    return Number(values.pop(), best[0] in _ORDINALS, 1) if len(values) == 1 else None


def _roman(word: str) -> Number | None:
    if not _ROMAN.fullmatch(word):
        return None
    digits = [{"i": 1, "v": 5, "x": 10, "l": 50}[c] for c in word]
    total = sum(-d if any(d < later for later in digits[i + 1 :]) else d for i, d in enumerate(digits))
    return Number(total, False, 1)


_SHORT = frozenset("w wk wks woche wochen semana semanas semaine semaines settimana veek".split())
_REAL = frozenset("weak weed weep weld".split())
"""Words of their own that count as "week" only before a number."""
_CALLERS = frozenset("this next last previous first second third final coming current following my".split())
_LABELS = frozenset("no nr number num # : . - – — = (".split())


def week_like(words: list[str], index: int) -> str:
    """ "week", "weeks", or "" for a word that is neither; a misspelt one needs a number or "this"/"next" beside it."""
    word = words[index]
    if word in ("week", "weeks"):
        return word
    if word in ("week's", "weeks'", "weak's"):
        return "week"
    if word not in _SHORT and not _like_week(word):
        return ""
    after = next((w for w in words[index + 1 : index + 4] if w not in _LABELS), "")
    numbered = bool(after) and (is_number(after) or read_misspelt(after) is not None)
    before = words[index - 1] if index else ""
    called = before in _CALLERS or before in _ORDINALS or before in ("th", "st", "nd", "rd")
    if word in _SHORT and (after[:1].isdecimal() or (word != "w" and (numbered or called))):
        return "weeks" if word == "wks" else "week"
    if not word.isalpha() or not 3 <= len(word) <= 7 or word in _NO_WEEKS:
        return ""
    if min(OSA.distance(word, "week"), OSA.distance(word, "weeks")) > (
        2 if word.startswith("wee") and word[-1:] in "ks" else 1
    ):
        return ""
    if numbered or (called and word not in _REAL):
        return "weeks" if word.endswith("s") and len(word) > 4 else "week"
    return ""


@lru_cache(maxsize=4096)
def _like_week(word: str) -> bool:
    if not word.isalpha() or not 3 <= len(word) <= 7 or word in _NO_WEEKS:
        return False
    limit = 2 if word.startswith("wee") and word[-1] in "ks" else 1
    return min(OSA.distance(word, "week"), OSA.distance(word, "weeks")) <= limit


def phase_like(words: list[str], index: int) -> str:
    """ "phase", "phases", or ""."""
    word = words[index]
    if word in ("phase", "phases"):
        return word
    if word in ("phase's", "stage", "fase"):
        return "phase"
    after = next((w for w in words[index + 1 : index + 3] if w not in _LABELS), "")
    numbered = is_number(after)
    if word == "ph" and after[:1].isdecimal():
        return "phase"
    if word in ("phrase", "chase", "please") and not after[:1].isdecimal():
        return ""
    before = words[index - 1] if index else ""
    if 4 <= len(word) <= 7 and (numbered or before in _ORDINALS) and OSA.distance(word, "phase") <= 1:
        return "phase"
    return "phases" if numbered and word in ("phaes", "pahses", "phasess") else ""
