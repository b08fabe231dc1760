"""Days, stretches of days, durations and amounts in what people type ("for two weeks", "by the end of June"). Pure.

The clock is an argument; a month or weekday without a year means the next one from today on, or the last one where
the text speaks of the past. Amounts of time are in `assistant.language.durations`.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from assistant.language.durations import NUMBER, amount

LONGEST_DAYS = 3660
"""A duration above ten years is a slip of the keyboard."""

MONTHS: tuple[str, ...] = tuple(
    "january february march april may june july august september october november december".split()
)
DAYS: tuple[str, ...] = tuple("monday tuesday wednesday thursday friday saturday sunday".split())
_WEEKDAY = "|".join(DAYS)
_SURE = "|".join(f"{name[:3]}(?:{name[3:]}{'|t' if name == 'september' else ''})?" for name in MONTHS if name != "may")
_MONTH = f"{_SURE}|may"
_BEFORE_MAY = r"(?:in|by|until|till|before|of|from|next|to|through|since|after|early|late|mid)[ -]"
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({_MONTH})\b(?:,? (\d{{4}})\b)?")
_MONTH_DAY = re.compile(rf"\b({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (\d{{4}})\b)?")
_MONTH_ONLY = re.compile(rf"\b(?:({_SURE})|{_BEFORE_MAY}(may))\b(?: (\d{{4}})\b)?")
_MIDDLE = re.compile(rf"\b(?:mid[ -]|(?:the )?middle of )({_MONTH})\b(?: (\d{{4}})\b)?")
_END_OF = re.compile(
    rf"\bend of (?:({_MONTH})\b(?: (\d{{4}})\b)?|(the|this|next) (week|month|year)\b)|\b(next) (year)'s end\b"
)
_LENGTH = re.compile(rf"(?<!\bin )\b{NUMBER} ?(day|week|month)s?\b(?! ago)")
_AGO = re.compile(rf"\b{NUMBER} ?(day|week|month)s? ago\b")
_HENCE = re.compile(rf"\b(?:in|within) {NUMBER} ?(day|week|month|year)s?\b")
_RANGE = re.compile(r"\b(?:from|between) (.{1,30}?) (to|through|till|until|and|-|–) (.{1,30})$")
_BARE_DAY = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?$")
_ONE_DAY = re.compile(rf"\b(?:today|tonight|tomorrow|yesterday|{_WEEKDAY})\b")
_UNIT_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


def find_length(text: str) -> int | None:
    """Days of the first duration in the text; a month counts 30 days. None for one above ten years."""
    match = _LENGTH.search(text)
    return _days(match) if match else None


def find_day(text: str, today: date, *, past: bool = False) -> date | None:
    """The first day that the text names; a month alone means its first day. None for 31 February.

    `past`: what has no year, or is a weekday, lies behind today instead of ahead.
    """
    try:
        return _written(text, today, past) or _spoken(text, today, past)
    except (ValueError, OverflowError):
        return None


def find_range(text: str, today: date) -> tuple[date, date] | None:
    """First and last day of "from 1 to 14 August", "from Monday until Friday" (until: the day before)."""
    match = _RANGE.search(text)
    if not match:
        return None
    first, last = find_day(match[1], today), find_day(match[3], today)
    if first is None and last and (bare := _BARE_DAY.match(match[1])):
        first = _on(last, int(bare[1]))
    if last is None and first and (bare := _BARE_DAY.match(match[3])):
        last = _on(first, int(bare[1]))
    if first is None or last is None:
        return None
    if last < first:
        last = find_day(match[3], first) or last
    last -= timedelta(days=match[2] in ("till", "until"))
    return (first, last) if first <= last else None


def find_stretch(text: str, today: date, *, past: bool = False) -> tuple[date, date] | None:
    """First and last day of "next week", "this weekend", "last month", "in August", "tomorrow", "on Friday"."""
    monday = today - timedelta(days=today.weekday())
    this_month = today.replace(day=1)
    next_month = _last_of(today) + timedelta(days=1)
    before = this_month - timedelta(days=1)
    named = {
        "last week": (monday - timedelta(days=7), monday - timedelta(days=1)),
        "this week": (monday if past else today, monday + timedelta(days=6)),
        "next week": (monday + timedelta(days=7), monday + timedelta(days=13)),
        "last month": (before.replace(day=1), before),
        "this month": (this_month if past else today, _last_of(today)),
        "next month": (next_month, _last_of(next_month)),
    }
    if found := next((span for words, span in named.items() if re.search(rf"\b{words}\b", text)), None):
        return found
    if re.search(r"\bweekend\b", text):
        saturday = monday + timedelta(days=5 - 7 * past)
        return max(saturday, today) if not past else saturday, saturday + timedelta(days=1)
    day = find_day(text, today, past=past)
    if day is None:
        return None
    if _ONE_DAY.search(text) or _ISO.search(text) or _DAY_MONTH.search(text) or _MONTH_DAY.search(text):
        return day, day
    return (day, _last_of(day)) if _MONTH_ONLY.search(text) else None


def _days(match: re.Match[str]) -> int | None:
    days = amount(match[1]) * _UNIT_DAYS[match[2]]
    return round(days) if days <= LONGEST_DAYS else None


def _written(text: str, today: date, past: bool) -> date | None:
    if m := _ISO.search(text):
        return date(int(m[1]), int(m[2]), int(m[3]))
    if m := _DAY_MONTH.search(text):
        return _near(int(m[1]), m[2], m[3], today, past)
    if m := _MONTH_DAY.search(text):
        return _near(int(m[2]), m[1], m[3], today, past)
    if m := _MIDDLE.search(text):
        return _near(15, m[1], m[2], today, past)
    return _month(text, today, past)


def _month(text: str, today: date, past: bool) -> date | None:
    if m := _END_OF.search(text):
        return _end(m, today)
    m = _MONTH_ONLY.search(text)
    return _near(1, m[1] or m[2], m[3], today, past) if m else None


def _end(match: re.Match[str], today: date) -> date:
    """The last day of a month that is named, or of this or the next week, month or year."""
    if match[1]:
        number = _number(match[1])
        year = int(match[2]) if match[2] else today.year + (number < today.month)
        return _last_of(date(year, number, 1))
    later, unit = (match[3] or match[5]) == "next", match[4] or match[6]
    if unit == "week":
        return today + timedelta(days=6 - today.weekday() + 7 * later)
    if unit == "year":
        return date(today.year + later, 12, 31)
    return _last_of(_last_of(today) + timedelta(days=1)) if later else _last_of(today)


def _spoken(text: str, today: date, past: bool) -> date | None:
    for word, days in (
        ("day after tomorrow", 2),
        ("day before yesterday", -2),
        ("today", 0),
        ("tomorrow", 1),
        ("yesterday", -1),
    ):
        if re.search(rf"\b{word}\b", text):
            return today + timedelta(days=days)
    for pattern, sign in ((_AGO, -1), (_HENCE, 1)):
        if (m := pattern.search(text)) and (days := _days(m)):
            return today + sign * timedelta(days=days)
    if "next week" in text or "last week" in text:
        return today + timedelta(days=(7 if "next week" in text else -7) - today.weekday())
    if "christmas" in text:
        return _near(25, "december", None, today, past)
    if m := re.search(rf"\b(last )?({_WEEKDAY})\b", text):
        ahead = (DAYS.index(m[2]) - today.weekday() - 1) % 7 + 1
        back = 14 if m[1] and ahead == 7 else 7
        return today + timedelta(days=ahead - back * bool(m[1] or past))
    return None


def _near(day: int, month: str, year: str | None, today: date, past: bool) -> date:
    """The day in the year that is given; without one, the next from today on, or the last until today."""
    number = _number(month)
    if year:
        return date(int(year), number, day)
    found = date(today.year, number, day)
    if past:
        return found if found <= today else date(today.year - 1, number, day)
    return found if found >= today else date(today.year + 1, number, day)


def _number(month: str) -> int:
    return next(i for i, name in enumerate(MONTHS, 1) if name.startswith(month[:3]))


def _last_of(day: date) -> date:
    """The last day of the month."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _on(day: date, number: int) -> date | None:
    """Another day of the same month; None if it has no such day."""
    return day.replace(day=number) if 1 <= number <= _last_of(day).day else None
