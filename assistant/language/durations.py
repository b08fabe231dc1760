"""Amounts of time in what people type: "40 minutes", "an hour and a half", "1h30", "2 hours a day". Pure.

Of "2-3 hours" and "an hour or two" the lower is meant. A pace is hours a week, however it is told: by the week, by the
day, by days that are named, by evenings. Knows nothing of dates: these are in `assistant.language.dates`.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from corpus.patterns import late

CARDINALS: tuple[str, ...] = tuple("one two three four five six seven eight nine ten eleven twelve".split())
_TEENS = tuple("thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split())
_TENS = tuple("twenty thirty forty fifty sixty seventy eighty ninety".split())
_SIMPLE: dict[str, float] = (
    {word: float(n) for n, word in enumerate((*CARDINALS, *_TEENS), 1)}
    | {"a": 1.0, "an": 1.0, "half a": 0.5, "half an": 0.5}
    | {"a couple of": 2.0, "a couple": 2.0, "couple of": 2.0}
)
_TEN_VALUES = {word: 10.0 * n for n, word in enumerate(_TENS, 2)}
NUMBER = (
    r"((?:\d+ )?[13]/[24](?!\d)|\d*[13]⁄[24]|\d+(?:[.,]\d+)?|"
    + rf"(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(CARDINALS[:9])}))?|"
    + "|".join(sorted(_SIMPLE, key=len, reverse=True))
    + ")"
)
"""A pattern with one group: what `amount` reads."""

_N = f"(?:{NUMBER[1:]}"
_FRACTION = late(r"(\d{0,9}) ?([13])[/⁄]([24])")
_HOUR, _MINUTE = r"(?:h(?=p[wd]\b)|(?:h|hrs?|hours?)\b)", r"(?:mins?|minutes?)\b"
_SOME = r"(?:-?ish| or so|-?odd)?[ -]?(?:(?:full|whole|solid|good|more|extra|free|spare|study) )?"
_LOW = rf"(?:between (?P<between{{0}}>{_N}) and |\b(?<!from )(?P<low{{0}}>{_N})(?:(?<!ty) ?[-–] ?| or | to ))?"
_TIME = late(
    r"\b(?:(?P<quarters>three|3) quarters? of an hour|(?:a )?(?P<quarter>quarter)(?: of an |[ -])hour"
    r"|(?:a )?(?P<half>half)[ -]hour)\b"
    + "|"
    + _LOW.format(1)
    + rf"\b(?P<hours>{_N})(?P<and> and a half)?{_SOME}(?:of an )?{_HOUR}"
    + rf"(?: and (?:a )?(?P<more>half|quarter)\b|(?:,| and)? ?(?P<rest>{_N}) ?(?:m\b|{_MINUTE}))?"
    + "|"
    + _LOW.format(2)
    + rf"\b(?P<minutes>{_N}){_SOME}{_MINUTE}"
    + r"|\b(?P<long>\d+)(?:h(?P<short>\d\d)(?:m|mins?|minutes?)?\b|:(?P<clock>\d\d) ?(?:h|hrs?|hours?)\b)"
    + r"|\b(?P<bare>hour and a half)\b"
    + r"|(?<![^\s(])(?P<prime>\d{2,3}) ?['′](?![^\s,.!?)])"
)


@dataclass(frozen=True, slots=True)
class _Pace:
    """Hours at a time, and how often a week. `partly`: only on some days, so that others may be added."""

    hours: float
    times: float
    partly: bool
    counted: bool
    """Told as a number of times or by named days, not by the day."""


_PART = r"(?:days?|evenings?|mornings?|afternoons?|nights?|lunch ?times?|lunch breaks?|lunch(?:es)?)"
_NAME = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_OFTEN: tuple[tuple[str, float, bool], ...] = (
    (r"(?:every|each) (?:other|second) (?:day|evening|morning|night)|every (?:two|2) days", 3.5, False),
    (r"(?:every|each) (?:other|second) week|every (?:two|2) weeks|(?:a|per|every) fortnight|fortnightly", 0.5, False),
    (r"twice (?:a|per|every|each) day", 14, False),
    (r"(?:EACH(?:week|wk)s?|weekly|PERw|pw)\b(?! ?\d)", 1, False),
    (r"(?:EACH|on |during |on a )?(?:week ?days?|work ?days?|working days?|(?:week|work|school) ?nights?)", 5, True),
    (r"(?:on )?(?:mon(?:day)?s?) ?(?:-|–|to|through) ?fri(?:day)?s?", 5, True),
    (r"(?:EVERY)weekends?|(?:(?:on|at|over|during) (?:the )?)?weekends", 1, True),
    (r"(?:EVERY)month|monthly", 12 / 52, False),
    (rf"EACH{_PART}|daily|nightly|in the (?:evenings|mornings|afternoons)|at nights?|PERd|pd", 7, False),
)
"""How often is told, times a week, and whether it is on some days only.

EACH may be left out behind an amount ("2 hours day"), EVERY and PER may not. Before an amount all must be said.
"""

_EVERY, _SAID = r"(?:(?:each|every|per|a|in a) | ?/ ?)", r"(?:each|every|per) "
_FILL = (
    r"(?:-?ish| or (?:so|two|three|more))?(?: (?:of (?:study(?:ing)?|learning|reading|work|coding|free time|time)|"
    r"to (?:study|learn|spare|spend|give)|for (?:study(?:ing)?|learning|this|it)|free|available|max|maximum|tops|"
    r"at most|total|in total|each|or more)\b){0,6},?(?: (?:only|but only))? ?"
)
_GAP = (
    r",?:?(?: ?(?:i|i'(?:ve|ll|d|m)|we|have|can|could|will|would|only|just|for|about|around|roughly|maybe|study|do|"
    r"studying|spend|spare|work|learn|read|it's|there(?:'s| is| are)|got|get|up to|at least|at most|-)\b){0,8},?:?-? ?$"
)
_COUNT = (
    rf"(?:(?:on|for) )?(?:(?P<often>once|twice)|(?P<n>{_N})(?: times| {_PART}))"
    r"(?: (?:each|every|per|a|in a) | ?/ ?)(?:week|wk)"
)
_AND = r"(?:,? and |, ?| ?& ?| ?\+ ?|/| )(?:on |every |each )?"
_LIST = rf"(?:(?:on )?(?:every|each) |on )?(?P<days>{_NAME}s?(?:{_AND}{_NAME}s?){{0,13}})"


def _often(pattern: str, before: bool) -> re.Pattern[str]:
    """A row of the table as it stands before or behind an amount."""
    every = _SAID if before else _EVERY
    means = {"EACH": every if before else f"{every}?", "EVERY": every, "PER": r"(?:(?:a|per|p) ?| ?p?/ ?)"}
    pattern = re.sub("EACH|EVERY|PER", lambda word: means[word[0]], pattern)
    return late(rf"\b(?:{pattern}){_GAP}" if before else rf"{_FILL}(?:{pattern})\b")


_NEAR = 160
"""Characters before an amount in which it is looked for how often that is."""

_AFTER = tuple((_often(pattern, before=False), times, partly) for pattern, times, partly in _OFTEN)
_BEFORE = tuple((_often(pattern, before=True), times, partly) for pattern, times, partly in _OFTEN)
_COUNTS = (late(rf"{_FILL}{_COUNT}\b"), late(rf"\b{_COUNT}{_GAP}"))
_LISTS = (late(rf"{_FILL}{_LIST}\b"), late(rf"\b{_LIST}{_GAP}"))


def amount(word: str) -> float:
    """The number that a word or digits mean.

    >>> amount("a"), amount("half an"), amount("1,5"), amount("twenty five"), amount("1 1/2")
    (1.0, 0.5, 1.5, 25.0, 1.5)
    """
    if word in _SIMPLE:
        return _SIMPLE[word]
    if fraction := _FRACTION.fullmatch(word):
        return float(fraction[1] or 0) + int(fraction[2]) / int(fraction[3])
    ten, _, one = word.replace("-", " ").partition(" ")
    if ten in _TEN_VALUES:
        return _TEN_VALUES[ten] + _SIMPLE.get(one, 0.0)
    return float(word.replace(",", "."))


def find_minutes(text: str) -> float | None:
    """Minutes of the first amount of time in a cleaned text, which may be 0.

    >>> find_minutes("an hour and a half"), find_minutes("2-3 hours"), find_minutes("45'"), find_minutes("a while")
    (90.0, 120.0, 45.0, None)
    """
    match = _TIME.search(text)
    minutes = _minutes(match) if match else math.inf
    return minutes if math.isfinite(minutes) else None


def find_pace(text: str) -> tuple[float, str] | None:
    """Hours a week, and how they were counted where that was not by the week.

    >>> find_pace("5h per week"), find_pace("2 hours on weekdays"), find_pace("3 evenings a week, an hour each")
    ((5.0, ''), (10.0, '2 a day'), (3.0, '3 times 1'))
    """
    paces = [pace for match in _TIME.finditer(text) if (pace := _pace(text, match))]
    if not paces:
        return None
    first, *others = paces
    added = [pace for pace in others if first.partly and pace.partly]
    hours = sum(pace.hours * pace.times for pace in (first, *added))
    if added or first.times <= 1:
        return hours, ""
    return hours, f"{first.times:g} times {first.hours:g}" if first.counted else f"{first.hours:g} a day"


def spoken(minutes: float) -> str:
    """An amount of time as it is said.

    >>> spoken(40), spoken(60), spoken(150)
    ('40 minutes', '1 hour', '2.5 hours')
    """
    if minutes < 60:
        return f"{minutes:g} minute{'s' * (minutes != 1)}"
    return f"{minutes / 60:.3g} hour{'s' * (minutes != 60)}"


def _minutes(match: re.Match[str]) -> float:
    found = {name: value for name, value in match.groupdict().items() if value is not None}
    for name, minutes in (("quarters", 45.0), ("quarter", 15.0), ("half", 30.0), ("bare", 90.0)):
        if name in found:
            return minutes
    if "long" in found:
        return float(found["long"]) * 60 + float(found.get("short") or found["clock"])
    if whole := found.get("prime") or found.get("between2") or found.get("low2") or found.get("minutes"):
        return amount(whole)
    if low := found.get("between1") or found.get("low1"):
        return amount(low) * 60
    extra = {"half": 30.0, "quarter": 15.0}.get(found.get("more", ""), 30.0 * ("and" in found))
    return amount(found["hours"]) * 60 + extra + (amount(found["rest"]) if "rest" in found else 0.0)


def _pace(text: str, match: re.Match[str]) -> _Pace | None:
    """How often the amount of time that was found is meant, by the words behind it or else before it."""
    hours = _minutes(match) / 60
    if not math.isfinite(hours):
        return None
    before = text[max(0, match.start() - _NEAR) : match.start()]
    return (
        _counted(hours, _COUNTS[0].match(text, match.end()))
        or _regular(hours, text, match.end(), before)
        or _named(hours, _LISTS[0].match(text, match.end()))
        or _counted(hours, _COUNTS[1].search(before))
        or _said_before(hours, before)
        or _named(hours, _LISTS[1].search(before))
    )


def _regular(hours: float, text: str, at: int, before: str) -> _Pace | None:
    """ "a week", "on weekdays", "a day"; "a day, 5 days a week" is 5 times, and "weekends, 4 hours a day" twice."""
    for pattern, times, partly in _AFTER:
        if match := pattern.match(text, at):
            narrow = times == 7 and (_narrowed(hours, text, match.end()) or _said_before(hours, before, at_least=2))
            return narrow or _Pace(hours, times, partly, False)
    return None


def _said_before(hours: float, before: str, at_least: float = 0) -> _Pace | None:
    """How often the words before the amount say. at_least: times a week; then of words that narrow a day only."""
    for words, times, partly in _BEFORE:
        if (partly or not at_least) and words.search(before):
            return _Pace(hours, max(times, at_least), partly, False)
    return None


def _narrowed(hours: float, text: str, at: int) -> _Pace | None:
    """On which days, where it was "2 hours a day" so far: "at weekends", "on weekdays", "5 days a week"."""
    if found := _counted(hours, _COUNTS[0].match(text, at)) or _named(hours, _LISTS[0].match(text, at)):
        return found
    for pattern, times, partly in _AFTER:
        if partly and pattern.match(text, at):
            return _Pace(hours, max(times, 2), True, False)
    return None


def _counted(hours: float, match: re.Match[str] | None) -> _Pace | None:
    """ "3 evenings a week", "twice a week"."""
    if match is None:
        return None
    times = {"once": 1.0, "twice": 2.0}.get(match["often"] or "") or amount(match["n"])
    return _Pace(hours, times, False, True) if math.isfinite(times) else None


def _named(hours: float, match: re.Match[str] | None) -> _Pace | None:
    """ "on tuesdays and thursdays", "every monday", "mon/wed/fri"; "on tuesday" is one day, no pace."""
    if match is None:
        return None
    days = re.findall(rf"({_NAME})(s?)\b", match["days"])
    count = len({day[:3] for day, _ in days})
    regular = count > 2 or "/" in match["days"] or any(s for _, s in days) or re.search(r"every|each", match[0])
    return _Pace(hours, float(count), True, True) if regular else None
