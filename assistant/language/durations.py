"""Amounts of time in what people type: "40 minutes", "an hour and a half", "1h30", "2 hours a day". Pure."""

from __future__ import annotations

import re

CARDINALS: tuple[str, ...] = tuple("one two three four five six seven eight nine ten eleven twelve".split())
_TENS = {"fifteen": 15.0, "twenty": 20.0, "thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "ninety": 90.0}
_VALUES: dict[str, float] = (
    {word: float(n) for n, word in enumerate(CARDINALS, 1)}
    | _TENS
    | {f"{ten}{sign}five": value + 5 for ten, value in _TENS.items() if value % 10 == 0 for sign in " -"}
    | {"a": 1.0, "an": 1.0, "a couple of": 2.0, "half a": 0.5, "half an": 0.5}
)
NUMBER = r"(\d+(?:[.,]\d+)?|" + "|".join(sorted(_VALUES, key=len, reverse=True)) + ")"
"""A pattern with one group: what `amount` reads."""

_HOUR, _MINUTE = r"(?:h|hrs?|hours?)\b", r"(?:m|mins?|minutes?)\b"
_TIME = re.compile(
    rf"\b{NUMBER}( and a half)? ?{_HOUR}( and a half)?(?:(?:,| and)? ?{NUMBER} ?{_MINUTE})?"
    rf"|\b{NUMBER} ?(?:mins?|minutes?)\b|\b(\d+)h(\d\d)\b"
)
_QUARTERS = (("three quarters of an hour", 45.0), ("quarter of an hour", 15.0), ("quarter hour", 15.0))
_PER = re.compile(
    r"(?: (?:each|every|per|a|in a|on(?= weekday| workday))| ?/)? ?"
    r"(week|wk|weekly|day|daily|evening|morning|night|weekday|workday)s?\b"
)
_A_WEEK = {"week": 1, "wk": 1, "weekly": 1, "weekday": 5, "workday": 5}


def amount(word: str) -> float:
    """The number that a word or digits mean ("a" 1, "half an" 0.5, "1,5" 1.5)."""
    value = _VALUES.get(word)
    return float(word.replace(",", ".")) if value is None else value


def find_minutes(text: str) -> float | None:
    """Minutes of the first amount of time in the text, which may be 0."""
    for words, minutes in _QUARTERS:
        if words in text:
            return minutes
    match = _TIME.search(text)
    return _minutes(match) if match else None


def find_pace(text: str) -> tuple[float, str] | None:
    """Hours a week, and "3 a day" where the text counts by days: "2 hours a day", "30 minutes every evening"."""
    for match in _TIME.finditer(text):
        per = _PER.match(text, match.end())
        if per:
            times = _A_WEEK.get(per[1], 7)
            hours = _minutes(match) / 60
            return hours * times, f"{hours:g} a day" if times > 1 else ""
    return None


def spoken(minutes: float) -> str:
    """ "40 minutes", "1 hour", "2.5 hours"."""
    if minutes < 60:
        return f"{minutes:g} minute{'s' * (minutes != 1)}"
    return f"{minutes / 60:.3g} hour{'s' * (minutes != 60)}"


def _minutes(match: re.Match[str]) -> float:
    hours, half, half_after, rest, minutes, long, short = match.groups()
    if minutes is not None:
        return amount(minutes)
    if long is not None:
        return int(long) * 60.0 + int(short)
    half_hour = 30.0 * bool(half or half_after)
    return amount(hours) * 60 + half_hour + (amount(rest) if rest else 0.0)
