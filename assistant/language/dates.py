"""Days, stretches of days and lengths in what people type ("for two weeks", "by the end of June"). Pure.

The clock is an argument. What has no year is the next one from today on, or the last one where the text speaks of the
past; a stretch that has begun and is not over is this year's. Numeric dates have the day first. "Until" a day means up
to the day before. Amounts of time are in `assistant.language.durations`. Knows no time of day and no holidays of a
country but those of the table below.

Stages of a range: 1 two points and a word between -> 2 each point is a date in part ("the 3rd", "9 may") or words
("tomorrow") -> 3 what one side leaves out is taken from the other -> 4 the nearest year that fits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assistant.language.durations import NUMBER, amount
from corpus.patterns import late

Stretch = tuple[date, date]
"""First and last day."""

LONGEST_DAYS = 3660
"""A duration above ten years is a slip of the keyboard."""

MONTHS: tuple[str, ...] = tuple(
    "january february march april may june july august september october november december".split()
)
DAYS: tuple[str, ...] = tuple("monday tuesday wednesday thursday friday saturday sunday".split())
_UNIT_DAYS = {"day": 1, "week": 7, "fortnight": 14, "month": 30, "quarter": 90, "year": 365}
_WORDS_OF_DAYS = {
    "day after tomorrow": 2,
    "day before yesterday": -2,
    r"today|tonight|this (?:morning|afternoon|evening)|right now": 0,
    r"tomm?orr?ow|tmrw|tmr": 1,
    "yesterday": -1,
}
_FEASTS: dict[str, tuple[int, int]] = {
    r"christmas eve": (12, 24),
    r"christmas|x-?mas": (12, 25),
    r"boxing day": (12, 26),
    r"new year'?s eve|nye": (12, 31),
    r"new year(?:'?s)?": (1, 1),
    r"valentine'?s day": (2, 14),
    r"halloween": (10, 31),
}
_MOVABLE = {"good friday": -2, "easter monday": 1, "easter": 0, "ascension day": 39, "pentecost|whitsun": 49}
"""Days after Easter Sunday."""
_AROUND = {"christmas|x-?mas": (1, 1), "easter": (2, 1), "new year(?:'?s)?": (1, 0)}
"""Days before and after that belong to a feast that lasts: "over christmas"."""
_SPELLS: dict[str, tuple[int, int]] = (
    {name[:3]: (number, 1) for number, name in enumerate(MONTHS, 1)}
    | {f"q{number}": (3 * number - 2, 3) for number in range(1, 5)}
    | {"spr": (3, 3), "sum": (6, 3), "aut": (9, 3), "fal": (9, 3), "win": (12, 3)}
)
"""First month and number of months of what is named, by its first three letters."""
_PLACES = {"first": 0, "second": 1, "third": 2, "fourth": 3, "1st": 0, "2nd": 1, "3rd": 2, "4th": 3}
_SHIFTS = {"last": -1, "next": 1, "coming": 1}


@dataclass(frozen=True, slots=True)
class _When:
    """The day it is said on, and whether of the past."""

    today: date
    past: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """How a day is told, and how it is read. Not `single`: the day begins `more`, if that has an end."""

    pattern: re.Pattern[str]
    day: Callable[[re.Match[str], _When], date | None]
    single: bool = True
    more: Callable[[re.Match[str], _When], Stretch | None] | None = None


@dataclass(frozen=True, slots=True)
class _Part:
    """A date as far as it is told: "the 3rd", "9 may", "may 2027"."""

    day: int | None
    month: int | None = None
    year: int | None = None


# --- the words of dates -----------------------------------------------------------------------------------------------

_SURE = "|".join(f"{name[:3]}(?:{name[3:]}{'|t' if name == 'september' else ''})?" for name in MONTHS if name != "may")
_MAY = (
    r"may(?! (?:be|i|we|you|it|not|have|take|need|go|also|well|help|want|do|use|start|skip|finish|get|only|just|still)"
    r"\b)"
)
_MONTH = rf"(?:{_SURE}|{_MAY})\b"
_BEFORE_MAY = r"(?:in|by|until|till|before|of|from|next|last|to|through|since|after|early|late|mid)[ -]"
_YEAR = r"(?:,? (?:of )?((?:19|20|21)\d\d|(?:this|next|last) year)\b)?"
_DIGITS = r"\d{1,2}(?:st|nd|rd|th)?"
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)"
_FULL = "|".join(DAYS)
_SHORT = r"mon|tues?|weds?|thu|thurs?|fri"
_WEEKDAY = rf"(?:{_FULL}|{_SHORT}|sat|sun)"
_SEASON = r"(?:spring|summer|autumn|fall|winter)"
_FEAST = "|".join((*_MOVABLE, *_FEASTS))
_UNIT = r"(week|month|quarter|year)"
_WHICH = r"(?:(the|this|next|last|coming) )?"
_N = f"(?:{NUMBER[1:]}"
_LEN = (
    rf"{NUMBER}(?: ?[-–] ?{_N}| (?:or|to) {_N})?( and a half)?[ -]?(?:more |full |whole |long )?"
    r"(day|week|fortnight|month|year|quarters?\b(?! (?:of|hour|past|to)\b))s?\b"
    r"(?![- ]old\b)(?! (?:roadmap|plan|course|program(?:me)?|curriculum)\b)(?:'s?)?( and a half)?(?: or (?:so|two))?"
)
"""Four groups: the number, a half, the unit, a half."""
_LEN_PLAIN = _LEN.replace("( and", "(?: and").replace("(day|", "(?:day|").replace(NUMBER, _N)
_ENDS = (
    r"(?=$|[.,;:!?)]| (?:of (?:this|next|the|last) month|for|with|i|i'm|i'll|i've|because|since|please|at|if|due|so"
    r"|then|to|till|until|through|and i|but|or so|already|instead|again|actually|now|not|though|anyway)\b| [-–])"
)
_ABOUT = r"(?: (?:about|around|roughly|maybe|less than|under|at most|max|just|only|another|like|the next))*"

_ISO = late(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b")
_NUMERIC = late(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2((?:19|20|21)\d\d|[23]\d)(?![\d/-])")
_NUMERIC_SHORT = late(
    r"(?:^|\b(?P<on>on|by|from|since|until|till|before|after|starting|beginning|back) (?:the )?)"
    r"(\d{1,2})(?:(\.)(\d{1,2})(?:\.(?!\d)|(?(on)$|(?!)))|(/)(\d{1,2})(?![\d/]| ?(?:h|hours?|of)\b))"
)
_DAY_MONTH = late(rf"\b(\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)? ({_MONTH}){_YEAR}")
_MONTH_DAY = late(rf"\b({_MONTH})\.? (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?\b(?![./]\d){_YEAR}")
_MONTH_ONLY = late(rf"\b(?:(?:last )?({_SURE})\b|{_BEFORE_MAY}({_MAY})\b|^(may)$){_YEAR}")
_PART_OF = late(
    rf"\b(?:(early|mid|late)[ -]|(?:the )?(beginning|start|middle) of )(?:({_MONTH}|q[1-4]\b|{_SEASON}\b){_YEAR}"
    rf"|{_WHICH}{_UNIT}\b(?! ?\d)|((?:19|20|21)\d\d)\b)"
)
_END_OF = late(
    rf"\bend of (?:the )?(?:({_MONTH}|q[1-4]\b|{_SEASON}\b){_YEAR}|((?:19|20|21)\d\d)\b)"
    rf"|\b(?:end of {_WHICH}{_UNIT}\b(?! ?\d)|(this|next) {_UNIT}'s end\b)"
)
_SPELL = late(
    r"\b(?:in|by|before|until|till|over|during|since|after|from|this|next|last|all|of)(?: (?:the|this|next|last))? "
    rf"(q[1-4]|{_SEASON})\b(?! (?:school|course|camp|behind|boot|framework))(?:'s)?{_YEAR}"
)
_IN_YEAR = late(
    r"\b(?:in|by|before|until|till|during|from|since|all of|of) ((?:19|20|21)\d\d)\b(?!-)"
    r"(?! (?:words|hours|h|pages|lines)\b)"
)
_AGO = late(rf"\b{_LEN} ago\b")
_HENCE = late(rf"\b(?:in|within){_ABOUT} {_LEN}|\b{_LEN} (?:from (?:now|today)|hence)\b")
_IN = late(rf"\bin{_ABOUT.replace('|the next', '')} {_LEN_PLAIN}|\b{_LEN_PLAIN} (?:ago|from (?:now|today)|hence)\b")
_PER = late(
    r"\b(?:h|hrs?|hours?|mins?|minutes?|times|days|evenings|mornings|nights|once|twice) (?:an?|per|each|every) "
    r"(?:day|week|month|year)\b"
)
_LENGTH = late(rf"\b{_LEN}")
_WEEKDAY_OF = late(
    rf"\b({_WEEKDAY})\b(?:,? (?:of )?(next|last) week\b)|\b(next|last) week(?:,? on)? ({_FULL}|{_SHORT})\b"
)
_ON = r"(?:(?<=^)|(?<=on )|(?<=by )|(?<=until )|(?<=till )|(?<=next )|(?<=this )|(?<=last )|(?<=to )|(?<=from ))"
_ON_WEEKDAY = late(rf"(?<!every )(?<!each )\b(?:(last) )?((?:{_FULL}|{_SHORT})\b|{_ON}(?:sat|sun)\b)")
_NEXT_UNIT = late(
    rf"(?<!end of )(?<!start of )(?<!beginning of )(?<!middle of )\b(?:(last|next|coming) {_UNIT}|{_UNIT} after next)\b"
)
_THIS_UNIT = late(rf"\b(?:this|(?:rest|remainder) of (?:the|this)|(?:all|whole|entire)) {_UNIT}\b(?! ?\d)(?! of)")
_ON_FEAST = late(rf"\b(?:last )?({_FEAST})(?:'s)?\b(?: day\b)?")
_TO_A_DAY = late(r"\b(?:by|until|till|before|since|after|from|to|on) (?:the )?$")
_BARE = late(
    rf"(?:^the |\b(?:on|by|from|since|until|till|before|after|to|through|starting|back|away|off|is|it's) (?:the )?)"
    rf"(\d{{1,2}})(?:st|nd|rd|th){_ENDS}"
)
_WEEKEND = late(
    r"(?<!every )(?<!each )(?<!per )(?<!other )(?<!\ba )\b(?:(last|next|coming|this) )?"
    r"weekend(?:'s)?\b(?! of\b)( after next)?"
)
_LATER_TODAY = late(r"\b(?:after work|(?:at|over|during) lunch(?:time)?|(?:on|in) my lunch break)\b")
_REGULAR = late(r"\b(?:every|each|per|always|usually|daily|weekdays|(?:an?|in the) (?:day|week)|\w+days)\b")
_WEEK_OF = late(
    rf"\b(first|second|third|fourth|1st|2nd|3rd|4th|last)(?: {NUMBER})? (week|day|half)s? of "
    rf"(?:({_MONTH}){_YEAR}|(the|this|next|last) (month)\b)"
)


# --- what is asked for ------------------------------------------------------------------------------------------------


def find_length(text: str) -> int | None:
    """Days of the first duration in a cleaned text; a month counts 30 days. None for one above ten years.

    >>> find_length("for a fortnight"), find_length("half a year"), find_length("in two weeks")
    (14, 182, None)
    """
    match = _LENGTH.search(_IN.sub(" ", _PER.sub(" ", text)))
    return _days(*match.groups()) if match else None


def find_day(text: str, today: date, *, past: bool = False) -> date | None:
    """The first day that a cleaned text names; a month or year alone means its first day. None for 31 February.

    `past`: what has no year, or is a weekday, lies behind today instead of ahead.

    >>> find_day("by the end of next year", date(2026, 11, 29)), find_day("until the 31st", date(2026, 11, 29))
    (datetime.date(2027, 12, 31), datetime.date(2026, 12, 31))
    """
    return _named_day(_with_ends(text), _When(today, past))


def find_range(text: str, today: date, *, past: bool = False) -> Stretch | None:
    """First and last day of "from 1 to 14 August", "mon to wed", "from Monday for ten days", "until Friday".

    `past`: what has no year lies wholly before or at today.

    >>> find_range("from the 1st to the 14th of february", date(2026, 11, 29))
    (datetime.date(2027, 2, 1), datetime.date(2027, 2, 14))
    >>> find_range("i was away from 1 to 28 november", date(2026, 11, 29), past=True)
    (datetime.date(2026, 11, 1), datetime.date(2026, 11, 28))
    """
    text, when = _PER.sub(lambda pace: "." * len(pace[0]), _with_ends(text)), _When(today, past)
    try:
        found = _between(text, when) or _for_length(text, when) or _open(text, when)
    except (ValueError, OverflowError):
        return None
    return found if found and found[0] <= found[1] else None


def find_stretch(text: str, today: date, *, past: bool = False) -> Stretch | None:
    """First and last day of "next week", "over christmas", "all of August", "tomorrow", "on Friday", or of a range.

    >>> find_stretch("over easter", date(2026, 11, 29))
    (datetime.date(2027, 3, 26), datetime.date(2027, 3, 29))
    """
    if found := find_range(text, today, past=past):
        return found
    text, when = _with_ends(text), _When(today, past)
    try:
        named = ((read, m) for pattern, read in _STRETCHES if (m := pattern.search(text)))
        found = next((span for read, m in named if (span := read(m, when))), None) or _day_or_more(text, when)
    except (ValueError, OverflowError):
        return None
    return found if found and found[0] <= found[1] else None


def find_reversed(text: str, today: date) -> Stretch | None:
    """Two days that are told as a range and of which the last lies before the first; so does "from 10 to 1 march",
    which nobody means to take a year.

    >>> find_reversed("away from 10 march 2027 to 1 march 2027", date(2026, 11, 29))
    (datetime.date(2027, 3, 10), datetime.date(2027, 3, 1))
    >>> find_reversed("away from 20 december to 5 january", date(2026, 11, 29)) is None
    True
    """
    when = _When(today)
    for m in _RANGE.finditer(_with_ends(text)):
        a, b = _part(m["first"]), _part(m["last"])
        if m["to"] == "and" or not _is_said(m, text, a, b) or not (m["lead"] or m["to"]):
            continue
        try:
            found = _turned(a, b, when) if a and b else _turned_words(m["first"], m["last"], when)
        except (ValueError, OverflowError):
            found = None
        if found:
            return found
    return None


def find_impossible(text: str) -> str:
    """The first day and month of a text that no year holds, or not the year that is told; "" if all can be.

    >>> find_impossible("until 30 february"), find_impossible("29 february 2027"), find_impossible("29 february")
    ('30 February', '29 February 2027', '')
    """
    for pattern, day, month in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        for m in pattern.finditer(text):
            year = m[3] if m[3] and m[3].isdecimal() else ""
            if _made(int(year or 2000), _number(m[month]), int(m[day])) is None:
                return f"{m[day]} {MONTHS[_number(m[month]) - 1].capitalize()} {year}".strip()
    return ""


# --- one day ----------------------------------------------------------------------------------------------------------


def _named_day(text: str, when: _When) -> date | None:
    """The day of the first row of the table that reads one; a day that does not exist ends the search."""
    try:
        return next((day for row, m in _matches(text) if (day := row.day(m, when))), None)
    except (ValueError, OverflowError):
        return None


def _matches(text: str) -> Iterator[tuple[_Row, re.Match[str]]]:
    text = _PER.sub(" ", text)
    return ((row, match) for row in _DAY_ROWS if (match := row.pattern.search(text)))


def _looking_back(m: re.Match[str], when: _When) -> _When:
    """Of the past where "last" is said: "last may", "in the last summer"."""
    return replace(when, past=when.past or " last " in f" {m[0]} ")


def _day_or_more(text: str, when: _When) -> Stretch | None:
    """The one day that is named, or the month or year."""
    for row, match in _matches(text):
        if day := row.day(match, when):
            return (day, day) if row.single else row.more(match, when) if row.more else None
    return None


def _iso(m: re.Match[str], when: _When) -> date | None:
    return date(int(m[1]), int(m[2]), int(m[3]))


def _numeric(m: re.Match[str], when: _When) -> date | None:
    """Day first; where only the other reading is a date, that."""
    year = int(m[4]) + 2000 * (len(m[4]) == 2)
    day, month = (int(m[1]), int(m[3])) if int(m[3]) <= 12 else (int(m[3]), int(m[1]))
    return date(year, month, day)


def _numeric_short(m: re.Match[str], when: _When) -> date | None:
    day, month = int(m[2]), int(m[4] or m[6])
    if m[5] and month > 12:
        day, month = month, day
    return _near(day, month, None, when)


def _day_month(m: re.Match[str], when: _When) -> date | None:
    return _near(int(m[1]), _number(m[2]), m[3], when)


def _month_day(m: re.Match[str], when: _When) -> date | None:
    return _near(int(m[2]), _number(m[1]), m[3], when)


def _month_only(m: re.Match[str], when: _When) -> date | None:
    return _near(1, _number(m[1] or m[2] or m[3]), m[4], _looking_back(m, when))


def _part_of(m: re.Match[str], when: _When) -> date | None:
    """ "mid-march", "the beginning of next month", "early 2027": the 1st, the 15th or the 21st of the first month."""
    day = {"mid": 15, "middle": 15, "late": 21}.get(m[1] or m[2], 1)
    if m[3]:
        month, count = _SPELLS[m[3][:3]]
        later = {15: count // 2, 21: count - 1}.get(day, 0)
        return _near(day, (month + later - 1) % 12 + 1, m[4], when)
    if m[7]:
        return date(int(m[7]), {1: 1, 15: 7, 21: 10}[day], 1)
    first, last = _unit(m[5] or "the", m[6], when.today)
    return first if day == 1 else first + (last - first) // 2


def _end_of(m: re.Match[str], when: _When) -> date | None:
    if m[1]:
        ends = [span[1] for span in _spells(m[1], m[2], when.today)]
        return _pick([(end, end) for end in ends], when, given=bool(m[2]))[1]
    if m[3]:
        return date(int(m[3]), 12, 31)
    return _unit(m[4] or m[6] or "the", m[5] or m[7], when.today)[1]


def _spell_begins(m: re.Match[str], when: _When) -> date | None:
    if re.search(r"\bthis\b", m[0]):
        return _spell(m, when)[0]
    return _near(1, _SPELLS[m[1][:3]][0], m[2], _looking_back(m, when))


def _year_begins(m: re.Match[str], when: _When) -> date | None:
    """A year that is over is said of things ("a notebook from 2014"), but for the past."""
    year = int(m[1])
    return date(year, 1, 1) if when.past or year >= when.today.year else None


def _ago(m: re.Match[str], when: _When) -> date | None:
    days = _days(*m.groups())
    return when.today - timedelta(days=days) if days is not None else None


def _hence(m: re.Match[str], when: _When) -> date | None:
    groups = m.groups()
    days = _days(*(groups[:4] if groups[0] else groups[4:]))
    return when.today + timedelta(days=days) if days is not None else None


def _from_point(m: re.Match[str], when: _When) -> date | None:
    """ "two weeks from friday", "a week before christmas"."""
    day, days = _point(m["point"], when), _days(*m.groups()[:4])
    if day is None or days is None:
        return None
    return day + timedelta(days=-days if m["way"] == "before" else days)


def _word(days: int) -> Callable[[re.Match[str], _When], date | None]:
    return lambda m, when: when.today + timedelta(days=days)


def _weekday_of(m: re.Match[str], when: _When) -> date | None:
    """ "monday next week"."""
    monday = _unit(m[2] or m[3], "week", when.today)[0]
    return monday + timedelta(days=_index(m[1] or m[4]))


def _on_weekday(m: re.Match[str], when: _When) -> date | None:
    ahead = (_index(m[2]) - when.today.weekday() - 1) % 7 + 1
    back = 14 if m[1] and ahead == 7 else 7
    return when.today + timedelta(days=ahead - back * bool(m[1] or when.past))


def _unit_begins(m: re.Match[str], when: _When) -> date | None:
    return _next_unit(m, when)[0]


def _feast_day(m: re.Match[str], when: _When) -> date | None:
    when = _looking_back(m, when)
    fixed = next((day for words, day in _FEASTS.items() if re.fullmatch(words, m[1])), None)
    if fixed:
        return _near(fixed[1], fixed[0], None, when)
    offset = next(days for words, days in _MOVABLE.items() if re.fullmatch(words, m[1]))
    days = [_easter(year) + timedelta(days=offset) for year in _years(when.today)]
    return _pick([(day, day) for day in days], when)[0]


def _bare(m: re.Match[str], when: _When) -> date | None:
    """ "the 23rd": the next such day, or the last."""
    days = [day for year, month in _months(when.today) if (day := _made(year, month, int(m[1])))]
    return _pick([(day, day) for day in days], when)[0]


def _weekend_begins(m: re.Match[str], when: _When) -> date | None:
    return _weekend(m, when)[0]


def _later_today(m: re.Match[str], when: _When) -> date | None:
    return None if _REGULAR.search(m.string) else when.today


def _week_begins(m: re.Match[str], when: _When) -> date | None:
    return _week_of(m, when)[0]


# --- stretches that have a name ---------------------------------------------------------------------------------------


def _next_unit(m: re.Match[str], when: _When) -> Stretch:
    return _unit("after next", m[3], when.today) if m[3] else _unit(m[1], m[2], when.today)


def _this_unit(m: re.Match[str], when: _When) -> Stretch:
    """ "this week": from today on, but for the past."""
    first, last = _unit("this", m[1], when.today)
    return (first if when.past else when.today), last


def _ago_unit(m: re.Match[str], when: _When) -> Stretch | None:
    """ "two weeks ago": that week."""
    day = _ago(m, when)
    return _unit("this", m[3], day) if day and m[3] in ("week", "month", "year") else None


def _past_length(m: re.Match[str], when: _When) -> Stretch | None:
    """ "the last two weeks"."""
    days = _days(*m.groups())
    return (when.today - timedelta(days=days), when.today) if days is not None else None


def _weekend(m: re.Match[str], when: _When) -> Stretch:
    today = when.today
    saturday = today + timedelta(days=5 - today.weekday())
    begun = today >= saturday
    weeks = 2 if m[2] else {"last": -1, "next": 1}.get(m[1] or "", 0)
    if not weeks:
        weeks = -int(not begun) if when.past else int(begun and m[1] == "coming")
    saturday += timedelta(days=7 * weeks)
    last = saturday + timedelta(days=1)
    return (saturday if when.past or weeks else max(saturday, today)), last


def _week_of(m: re.Match[str], when: _When) -> Stretch:
    """ "the first week of june" is its first seven days, "the last two weeks of may" its last fourteen."""
    months = _spells(m[4], m[5], when.today) if m[4] else [_unit(m[6], m[7], when.today)]
    spans = [_slice(span, m[1], m[2], m[3]) for span in months]
    return _pick(spans, when, given=bool(m[5] or m[6]))


def _slice(span: Stretch, place: str, count: str | None, unit: str) -> Stretch:
    first, last = span
    size = 15 if unit == "half" else _UNIT_DAYS[unit] * round(min(amount(count or "a"), 31))
    if place == "last" or (place in ("second", "2nd") and unit == "half"):
        return max(first, first + timedelta(days=15) if unit == "half" else last - timedelta(days=size - 1)), last
    begin = first + timedelta(days=size * _PLACES[place])
    return begin, min(last, begin + timedelta(days=size - 1))


def _feast(m: re.Match[str], when: _When) -> Stretch | None:
    """ "over christmas": with the days around; one that is not over is the present one."""
    around = next((days for words, days in _AROUND.items() if re.fullmatch(words, m[1])), None)
    if around is None or _TO_A_DAY.search(m.string[: m.start()]):
        return None
    before, after = around
    if m[1] in ("christmas", "xmas") and re.match(r" (?:holidays?|break|vacation)\b", m.string[m.end() :]):
        after = 7
    day = _feast_day(m, when if when.past else replace(when, today=when.today - timedelta(days=after)))
    return (day - timedelta(days=before), day + timedelta(days=after)) if day else None


def _spell(m: re.Match[str], when: _When) -> Stretch:
    """A quarter or a season."""
    return _near_spell(m[1], m[2], _looking_back(m, when))


def _month_span(m: re.Match[str], when: _When) -> Stretch:
    return _near_spell(m[1] or m[2] or m[3], m[4], _looking_back(m, when))


def _third_of(m: re.Match[str], when: _When) -> Stretch | None:
    """ "early june" is its first ten days, "late june" what follows the 20th."""
    if not m[1] or not m[3] or m[3][:3] not in {name[:3] for name in MONTHS}:
        return None
    spans: list[Stretch] = []
    for first, last in _spells(m[3], m[4], when.today):
        begin = first.replace(day={"early": 1, "mid": 11, "late": 21}[m[1]])
        spans.append((begin, last if m[1] == "late" else begin + timedelta(days=9)))
    return _pick(spans, when, given=bool(m[4]))


def _near_spell(name: str, year: str | None, when: _When) -> Stretch:
    """The one that is not over yet, from today on; of the past the last that has begun."""
    spans = _spells(name, year, when.today)
    if year:
        return spans[0]
    if when.past:
        return max(span for span in spans if span[0] <= when.today)
    first, last = min(span for span in spans if span[1] >= when.today)
    return max(first, when.today), last


def _year_span(m: re.Match[str], when: _When) -> Stretch:
    return date(int(m[1]), 1, 1), date(int(m[1]), 12, 31)


def _week_with(m: re.Match[str], when: _When) -> Stretch | None:
    """ "the week of 5 june"."""
    part, day = _part(m["point"]), _point(m["point"], when)
    return _unit("this", "week", day) if day and part and part.day else None


# --- ranges -----------------------------------------------------------------------------------------------------------

_CALENDAR = (
    rf"(?:{_WEEKDAY},? )?(?:the )?(?:\d{{4}}-\d{{1,2}}-\d{{1,2}}"
    rf"|\d{{1,2}}[./-]\d{{1,2}}[./-](?:(?:19|20|21)\d\d|[23]\d)(?!\d)"
    rf"|{_DIGITS}\.?(?: of)? {_MONTH}(?:\.(?= (?:to|until|till)\b))?{_YEAR}"
    rf"|{_MONTH}\.? (?:the )?{_DIGITS}(?!\d){_YEAR}|{_MONTH}{_YEAR}"
    rf"|\d{{1,2}}\.\d{{1,2}}\.?(?!\d)|\d{{1,2}}/\d{{1,2}}(?!\d)"
    rf"|(?<!day ){_DIGITS}(?![\d./:]\d|:))"
).replace("((?:19", "(?:(?:19")
_WORDS = (
    rf"(?:(?:last|next|this|coming) )?{_WEEKDAY}(?: next week)?|(?:the )?(?:{'|'.join(_WORDS_OF_DAYS)}|now)"
    rf"|(?:{_FEAST})(?:'s)?(?: day)?|(?:early|mid|late)[ -]{_MONTH}|(?:the )?(?:end|start|beginning|middle) of "
    rf"(?:(?:(?:the|this|next|last) )?(?:week|month|quarter|year)|(?:{_MONTH}|q[1-4]|{_SEASON}){_YEAR}"
    r"|(?:19|20|21)\d\d)"
    rf"|next (?:week|month|quarter|year)|in {_LEN_PLAIN}|{_LEN_PLAIN} ago|(?:the |next )?weekend|q[1-4]"
    rf"|(?:the |next )?{_SEASON}|(?:19|20|21)\d\d"
).replace("((?:19", "(?:(?:19")
_POINT = rf"(?:{_CALENDAR}|{_WORDS})(?!\w)"
_RANGE = late(
    rf"(?<![\w.,/:-])(?:(?P<lead>from|between|starting|beginning)(?: on| from)? )?(?<![./-])(?P<first>{_POINT})"
    r"(?: ?[-–] ?| (?P<to>to|through|thru|till?|untill?|and) (?P<with>and including |including )?)"
    rf"(?P<last>{_POINT})"
    r"(?! ?(?:h|hrs?|hours?|mins?|minutes?|%|percent|weeks?|lessons?|chapters?|euros?)\b)"
)
_UNTIL = late(
    rf"(?<!not )\b(?P<to>till?|untill?|(?<!go )(?<!going )(?<!went )(?<!gone )(?<!get )(?<!got )(?<!work )through)"
    rf" (?P<with>and including |including )?(?P<point>{_POINT})"
)
_SINCE = late(rf"\bsince (?P<point>{_POINT})")
_LENGTH_FROM = late(
    rf"(?<!in )\b{_LEN},? (?:(?:from|starting|beginning|as of)(?: on| from)?) (?P<point>{_POINT})"
    rf"|\b{_LEN}(?: off| away)? in (?P<month>{_MONTH}{_YEAR.replace('((?:19', '(?:(?:19')})"
)
_FROM_FOR = late(
    rf"(?<!every )(?<!each )(?<!\w)(?:(?:from|starting|beginning|as of)(?: on)? )?(?P<point>{_POINT})"
    rf"(?: on(?:wards?)?)?,? for{_ABOUT} {_LEN}"
)
_NEXT_LENGTH = late(rf"(?<!within )(?<!within the )\b(?:next|coming|following) {_LEN}(?! of)")
_LAST_LENGTH = late(rf"\b(?:last|past|previous) {_LEN}(?! of)")
_DAYS_FROM = late(rf"(?<!for )\b{_LEN} (?P<way>from|after|before) (?P<point>{_POINT})")
_WEEK_WITH = late(rf"\bweek (?:of|starting|beginning|from)(?: on)? (?P<point>{_CALENDAR})(?!\w)")
_LABELLED = late(r"\b(?:weeks?|phases?|lessons?|chapters?|modules?|units?|parts?|pages?|python|version)$")
_LONG = 92
"""Days that a range with words may have begun ago and not be over: a longer one is meant to come."""
_MONTHS_END = 32
"""A day behind every other of the month."""
_FIXED = late(
    r"today|tonight|this|now|tom|tmr|yesterday|\bin |ago|next|last|\bend of|start of|beginning of|middle of|weekend"
)
_ITS_END = late(r"(?:the )?end of (?:the )?(?:week|month|quarter|year)")
"""The end of what the other point lies in: "from 20 february until the end of the month"."""
_LAST_DAY = late(
    r"\b(?:the )?(?:(?:very )?(?:last|final) (?:day )?of|end) "
    rf"(?=(?:the month of )?{_MONTH}|the (?:month|quarter|year)\b)(?:the month of )?"
)
_HALF_A_YEAR = 183
_END_OF_MONTH = late(rf"(?:the )?end of (?:the month of )?({_MONTH})")
_INCLUDED = late(r"yesterday|(?:the )?end of ")
"""Points that "until" includes."""
_WEEKDAY_ONLY = late(rf"(?:coming )?{_WEEKDAY}")


def _between(text: str, when: _When) -> Stretch | None:
    """Two points and a word or a dash between; "saturday and sunday" are a range, "monday and friday" are not."""
    for m in _RANGE.finditer(text):
        first, last = m["first"], m["last"]
        if _LABELLED.search(text[: m.start()].rstrip()):
            continue
        until = (m["to"] or "").startswith(("til", "unt")) and not m["with"] and not _INCLUDED.match(last)
        a, b = _part(first), _part(last)
        if not _is_said(m, text, a, b):
            continue
        found = _dated(a, b, when, until) if a and b else _worded(first, last, when, until)
        if found and (m["to"] != "and" or m["lead"] in ("from", "between") or (found[1] - found[0]).days == 1):
            return found
    return None


def _with_ends(text: str) -> str:
    """The last day of something is called its end."""
    return _LAST_DAY.sub("the end of ", text)


def _turned(first: _Part, last: _Part, when: _When) -> Stretch | None:
    """Two dates of which the last is the earlier one: by their years, or since a year would lie between."""
    if not first.day or not last.day:
        return None
    month, to_month = first.month or last.month, last.month or first.month
    year = first.year or last.year
    begin = _near(first.day, month, str(year) if year else None, when) if month else None
    if begin is None or not to_month:
        return None
    end = _made(last.year or begin.year, to_month, last.day)
    turned = end is not None and end < begin and (bool(first.year and last.year) or (begin - end).days < _HALF_A_YEAR)
    return (begin, end) if end and turned else None


def _turned_words(first: str, last: str, when: _When) -> Stretch | None:
    begin = _point(first, when)
    end = (_months_end(last, begin) if begin else None) or _point(last, when)
    fixed = _FIXED.search(last) and not _ITS_END.fullmatch(last)
    return (begin, end) if begin and end and fixed and end < begin else None


def _is_said(m: re.Match[str], text: str, first: _Part | None, last: _Part | None) -> bool:
    """Whether two points are dates: "from 9 to 5", "3.11 to 3.12" and "the 1st to 3rd lesson" are none."""
    bare = [side for side, part in (("first", first), ("last", last)) if part and part.month is None]
    others = [part for part in (first, last) if part and part.month is not None]
    if bare and any(part.day is None for part in others):
        return False
    if bare and not others:
        ordinals = all(re.search(r"\d(?:st|nd|rd|th)$", m[side]) for side in bare)
        return ordinals and ("last" not in bare or bool(re.match(_ENDS, text[m.end() :])))
    return not re.fullmatch(r"\d{1,2}\.\d{1,2}", m["first"])


def _part(words: str) -> _Part | None:
    """A date in part; None for other words."""
    words = re.sub(rf"^{_WEEKDAY},? (?=\S*\d|{_MONTH})", "", words).removeprefix("the ")
    if m := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", words):
        return _Part(int(m[1]))
    if m := _ISO.fullmatch(words):
        return _Part(int(m[3]), int(m[2]), int(m[1]))
    if (m := _NUMERIC.fullmatch(words)) and (day := _numeric(m, _When(date.min))):
        return _Part(day.day, day.month, day.year)
    if m := re.fullmatch(r"(\d{1,2})([./])(\d{1,2})\.?", words):
        day, month = int(m[1]), int(m[3])
        return _Part(month, day) if m[2] == "/" and month > 12 else _Part(day, month)
    return _part_with_month(words)


def _part_with_month(words: str) -> _Part | None:
    words = words.removesuffix(".")
    for pattern, day, month, year in ((_DAY_MONTH, 1, 2, 3), (_MONTH_DAY, 2, 1, 3)):
        if (m := pattern.fullmatch(words)) and (not m[year] or m[year].isdecimal()):
            return _Part(int(m[day]), _number(m[month]), int(m[year]) if m[year] else None)
    m = re.fullmatch(rf"({_MONTH})(?: (?:of )?(\d{{4}}))?", words)
    return _Part(None, _number(m[1]), int(m[2]) if m[2] else None) if m else None


def _dated(first: _Part, last: _Part, when: _When, until: bool) -> Stretch | None:
    """Two dates in part: each lends the other what that leaves out, and the nearest year that fits is taken."""
    a, b = (first.month or 0, first.day or 1), (last.month or 0, last.day or (1 if until else _MONTHS_END))
    if first.month is None and last.month is None:
        months, over = _months(when.today), int(b[1] < a[1])
        ends = [(y + (m + over > 12), (m + over - 1) % 12 + 1) for y, m in months]
        spans = [_spanned(*start, a[1], *end, b[1]) for start, end in zip(months, ends, strict=True)]
        return _nearest(spans, when, until)
    if first.month is None:
        a = (b[0] - (a[1] > b[1])) or 12, a[1]
    if last.month is None:
        b = a[0] % 12 + 1 if b[1] < a[1] else a[0], b[1]
    over = int(b < a)
    year = first.year if first.year is not None else last.year - over if last.year is not None else None
    end = last.year if first.year is not None else None
    years = [year] if year is not None else _years(when.today)
    spans = [_spanned(y, *a, y + over if end is None else end, *b) for y in years]
    return _nearest(spans, when, until, given=year is not None)


def _spanned(year: int, month: int, day: int, to_year: int, to_month: int, to_day: int) -> Stretch | None:
    """None where a day does not exist."""
    first = _made(year, month, day)
    last = _made(to_year, to_month, to_day)
    if to_day == _MONTHS_END and (begin := _made(to_year, to_month, 1)):
        last = _last_of(begin)
    return (first, last) if first and last else None


def _nearest(spans: Iterable[Stretch | None], when: _When, until: bool, *, given: bool = False) -> Stretch | None:
    """The first that is not over, or the last that is wholly past."""
    real = [(span[0], span[1] - timedelta(days=until)) for span in spans if span]
    real = [span for span in real if span[0] <= span[1]]
    return _pick(real, when, given=given) if real else None


def _worded(first: str, last: str, when: _When, until: bool) -> Stretch | None:
    """Two points of which one at least is a word: the one that is nearer to today first, the other from there."""
    if found := None if when.past else _begun(first, last, when, until):
        return found
    if when.past:
        end = _point(last, when)
        begin = _point(first, _anchored(first, when, end)) if end else None
    else:
        begin = _point(first, when)
        end = _ends(last, when, begin, until) if begin else None
    if begin is None or end is None or end < begin:
        return None
    return begin, end - timedelta(days=until)


def _begun(first: str, last: str, when: _When, until: bool) -> Stretch | None:
    """A range by the calendar that has begun and is not over ("between christmas and new year" on 27 December)."""
    part = _part(first)
    if _FIXED.search(first) or _WEEKDAY_ONLY.fullmatch(first) or (part and part.month is None):
        return None
    begin, end = _point(first, replace(when, past=True)), _point(last, when, end=not until)
    if begin is None or end is None or not 0 <= (end - begin).days <= _LONG:
        return None
    return begin, end - timedelta(days=until)


def _ends(last: str, when: _When, begin: date, until: bool) -> date | None:
    """The last point of a range, from the first on."""
    return _months_end(last, begin) or _point(last, _anchored(last, when, begin), end=not until)


def _months_end(words: str, begin: date) -> date | None:
    """ "the end of february" of the year of the other point, or of the next where half a year lies between them."""
    named = _END_OF_MONTH.fullmatch(words)
    if named is None:
        return None
    end = _last_of(date(begin.year, _number(named[1]), 1))
    return end if (begin - end).days < _HALF_A_YEAR else _last_of(date(begin.year + 1, end.month, 1))


def _anchored(words: str, when: _When, day: date | None) -> _When:
    """From which day on the words are read: "tomorrow" from today, "friday" and "9 may" from the other point."""
    if day is None or (_FIXED.search(words) and not _ITS_END.fullmatch(words)):
        return when
    return replace(when, today=day)


def _point(words: str, when: _When, *, end: bool = False) -> date | None:
    """The day of one point; `end`: of a month alone the last day."""
    part = _part(words)
    if part is None:
        if words == "now":
            return when.today
        return _named_day(words, when) or _named_day(f"in {words}", when)
    if part.month is None:
        days = [day for y, m in _months(when.today) if (day := _made(y, m, part.day or 0))]
        return _pick([(day, day) for day in days], when)[0]
    day = _near(part.day or 1, part.month, str(part.year) if part.year is not None else None, when)
    return _last_of(day) if day and end and part.day is None else day


def _for_length(text: str, when: _When) -> Stretch | None:
    """ "from monday for ten days", "two weeks from friday", "the next two weeks", "two weeks in august"."""
    if m := _FROM_FOR.search(text):
        return _counted(m["point"], _days(*m.groups()[-4:]), when)
    if m := _LENGTH_FROM.search(text):
        groups = m.groups()
        return _counted(m["point"] or m["month"], _days(*(groups[:4] if groups[0] else groups[5:9])), when)
    if (m := _NEXT_LENGTH.search(text)) and (days := _days(*m.groups())):
        return when.today, when.today + timedelta(days=days - 1)
    return None


def _counted(point: str, days: int | None, when: _When) -> Stretch | None:
    first = None if re.fullmatch(r"\d{1,2}", point) else _point(point, when)
    if first is None or not days:
        return None
    last = first + timedelta(days=days - 1)
    return first, min(last, when.today) if when.past else last


def _open(text: str, when: _When) -> Stretch | None:
    """ "since monday", "until friday": the other end is today."""
    if (m := _SINCE.search(text)) and _whole(m, text):
        day = _point(m["point"], replace(when, past=True))
        return (day, when.today) if day else None
    m = _UNTIL.search(text)
    if when.past or not m or not _whole(m, text):
        return None
    until = m["to"] != "through" and not m["with"] and not _INCLUDED.match(m["point"])
    day = _point(m["point"], when, end=not until)
    return (when.today, day - timedelta(days=until)) if day else None


def _whole(m: re.Match[str], text: str) -> bool:
    """False for a bare number ("until 5") and for the number of something else ("until the 2nd lesson")."""
    bare = re.fullmatch(rf"(?:the )?({_DIGITS})", m["point"])
    return not bare or bool(re.fullmatch(_ORDINAL, bare[1]) and re.match(_ENDS, text[m.end() :]))


# --- the calendar -----------------------------------------------------------------------------------------------------


def _days(number: str, half: str | None, unit: str, half_after: str | None) -> int | None:
    days = (amount(number) + 0.5 * bool(half or half_after)) * _UNIT_DAYS[unit.removesuffix("s")]
    return round(days) if days <= LONGEST_DAYS else None


def _near(day: int, month: int, year: str | None, when: _When) -> date | None:
    """The day in the year that is given; without one, the next from today on, or the last until today."""
    if year:
        return date(_year(year, when.today), month, day)
    days = [found for y in _years(when.today) if (found := _made(y, month, day))]
    return _pick([(found, found) for found in days], when)[0]


def _pick(spans: list[Stretch], when: _When, *, given: bool = False) -> Stretch:
    """The first span that is not over, or the last that is; the only one where its year is `given`."""
    if given:
        return spans[0]
    if when.past:
        return max(span for span in spans if span[1] <= when.today)
    return min(span for span in spans if span[1] >= when.today)


def _spells(name: str, year: str | None, today: date) -> list[Stretch]:
    """The months, quarters or seasons of that name around today; only one where the year is told."""
    month, count = _SPELLS[name[:3]]
    years = [_year(year, today)] if year else _years(today)
    ends = [((y + (month + count > 13)), (month + count - 2) % 12 + 1) for y in years]
    return [(date(y, month, 1), _last_of(date(*end, 1))) for y, end in zip(years, ends, strict=True)]


def _unit(which: str, unit: str, today: date) -> Stretch:
    """This, the next or the last week, month, quarter or year."""
    shift = 2 if which == "after next" else _SHIFTS.get(which, 0)
    if unit == "week":
        monday = today + timedelta(days=7 * shift - today.weekday())
        return monday, monday + timedelta(days=6)
    size = {"month": 1, "quarter": 3, "year": 12}[unit]
    begin = (today.year * 12 + today.month - 1) // size * size + shift * size
    last = begin + size - 1
    return date(begin // 12, begin % 12 + 1, 1), _last_of(date(last // 12, last % 12 + 1, 1))


def _years(today: date) -> list[int]:
    """Years to look for a day in: nine each way, so that 29 February is among them."""
    return list(range(max(today.year - 9, 1), min(today.year + 9, date.max.year) + 1))


def _months(today: date) -> list[tuple[int, int]]:
    """Year and month of the year before and the year after."""
    now = today.year * 12 + today.month - 1
    return [(n // 12, n % 12 + 1) for n in range(now - 12, now + 13)]


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year(words: str, today: date) -> int:
    return int(words) if words.isdecimal() else today.year + {"this": 0, "next": 1, "last": -1}[words[:4]]


def _number(month: str) -> int:
    return next(i for i, name in enumerate(MONTHS, 1) if name.startswith(month[:3]))


def _index(weekday: str) -> int:
    return next(i for i, name in enumerate(DAYS) if name.startswith(weekday.removeprefix("coming ")[:3]))


def _last_of(day: date) -> date:
    """The last day of the month."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the anonymous algorithm (Meeus, Astronomical Algorithms, ch. 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    month, day = divmod(h + k - 7 * ((a + 11 * h + 22 * k) // 451) + 114, 31)
    return date(year, month, day + 1)


# --- the tables: the first row that matches decides -------------------------------------------------------------------

_DAY_ROWS: tuple[_Row, ...] = (
    _Row(_DAYS_FROM, _from_point),
    _Row(_ISO, _iso),
    _Row(_NUMERIC, _numeric),
    _Row(_NUMERIC_SHORT, _numeric_short),
    _Row(_DAY_MONTH, _day_month),
    _Row(_MONTH_DAY, _month_day),
    _Row(_WEEK_OF, _week_begins, single=False, more=_week_of),
    _Row(_PART_OF, _part_of),
    _Row(_END_OF, _end_of),
    _Row(_SPELL, _spell_begins, single=False, more=_spell),
    _Row(_MONTH_ONLY, _month_only, single=False, more=_month_span),
    *(_Row(late(rf"\b(?:{words})\b"), _word(days)) for words, days in _WORDS_OF_DAYS.items()),
    _Row(_AGO, _ago),
    _Row(_HENCE, _hence, single=False),
    _Row(_WEEKDAY_OF, _weekday_of),
    _Row(_NEXT_UNIT, _unit_begins, single=False),
    _Row(_ON_FEAST, _feast_day),
    _Row(_ON_WEEKDAY, _on_weekday),
    _Row(_BARE, _bare),
    _Row(_WEEKEND, _weekend_begins, single=False),
    _Row(_IN_YEAR, _year_begins, single=False, more=_year_span),
    _Row(_LATER_TODAY, _later_today),
)

_STRETCHES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], _When], Stretch | None]], ...] = (
    (_WEEKDAY_OF, lambda m, when: (day, day) if (day := _weekday_of(m, when)) else None),
    (_WEEK_WITH, _week_with),
    (_AGO, _ago_unit),
    (_LAST_LENGTH, _past_length),
    (_WEEK_OF, _week_of),
    (_NEXT_UNIT, _next_unit),
    (_THIS_UNIT, _this_unit),
    (_WEEKEND, _weekend),
    (_ON_FEAST, _feast),
    (_PART_OF, _third_of),
)
