"""Days, durations and amounts in what people type ("for two weeks", "by June", "4.5 hours"). Pure.

The clock is an argument; a month or weekday without a year means the next one from today on.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

WORDS: tuple[str, ...] = tuple("one two three four five six seven eight nine ten eleven twelve".split())
NUMBER = r"(\d+(?:[.,]\d+)?|an?|a couple of|half an?|" + "|".join(WORDS) + r")"
MONTHS: tuple[str, ...] = tuple(
    "january february march april may june july august september october november december".split()
)
DAYS: tuple[str, ...] = tuple("monday tuesday wednesday thursday friday saturday sunday".split())
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" if name != "may" else "may" for name in MONTHS)
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({_MONTH})\b(?:,? (\d{{4}})\b)?")
_MONTH_DAY = re.compile(rf"\b({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (\d{{4}})\b)?")
_MONTH_ONLY = re.compile(rf"\b({_MONTH})\b(?: (\d{{4}})\b)?")
_LENGTH = re.compile(rf"\b{NUMBER} ?(day|week|month)s?\b")


def amount(word: str) -> float:
    """The number that a word or digits mean ("a" 1, "half an" 0.5, "1,5" 1.5)."""
    if word in WORDS:
        return float(WORDS.index(word) + 1)
    fixed = {"a": 1.0, "an": 1.0, "a couple of": 2.0, "half a": 0.5, "half an": 0.5}
    return fixed[word] if word in fixed else float(word.replace(",", "."))


def find_length(text: str) -> int | None:
    """Days of the first duration in the text; a month counts 30 days."""
    match = _LENGTH.search(text)
    return round(amount(match[1]) * {"day": 1, "week": 7, "month": 30}[match[2]]) if match else None


def find_day(text: str, today: date) -> date | None:
    """The first day that the text names; a month alone means its first day. None for 31 February."""
    try:
        return _written(text, today) or _spoken(text, today)
    except ValueError:
        return None


def _written(text: str, today: date) -> date | None:
    if m := _ISO.search(text):
        return date(int(m[1]), int(m[2]), int(m[3]))
    if m := _DAY_MONTH.search(text):
        return _next(int(m[1]), m[2], m[3], today)
    if m := _MONTH_DAY.search(text):
        return _next(int(m[2]), m[1], m[3], today)
    if m := _MONTH_ONLY.search(text):
        return _next(1, m[1], m[2], today)
    return None


def _spoken(text: str, today: date) -> date | None:
    if "day after tomorrow" in text:
        return today + timedelta(days=2)
    for word, days in (("today", 0), ("tomorrow", 1), ("yesterday", -1)):
        if re.search(rf"\b{word}\b", text):
            return today + timedelta(days=days)
    if "next week" in text:
        return today + timedelta(days=7 - today.weekday())
    if m := re.search(r"\b(" + "|".join(DAYS) + r")\b", text):
        return today + timedelta(days=(DAYS.index(m[1]) - today.weekday() - 1) % 7 + 1)
    return None


def _next(day: int, month: str, year: str | None, today: date) -> date:
    number = next(i for i, name in enumerate(MONTHS, 1) if name.startswith(month[:3]))
    if year:
        return date(int(year), number, day)
    found = date(today.year, number, day)
    return found if found >= today else date(today.year + 1, number, day)
