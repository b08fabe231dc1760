"""The ways in which people write weeks and phases, as patterns over canonical words. Pure.

Canonical: every word one space apart, numbers as digits, ordinals as "14th", any spelling of week as "week"
(`language.week_reader` sees to that). `PATTERNS` is tried in order: what needs the most words around it comes first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

Unit = Literal["week", "phase"]
Kind = Literal["at", "place", "part", "now", "beside", "until"]
Pair = tuple[float | None, float | None]
Maker = Callable[[re.Match[str]], "Phrase | None"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One mention. `start`/`end` are offsets into the cleaned text; what `pairs` means depends on `kind`:

    at      numbers as written, first-last (last None: open end), fractions kept ("week 3.5")
    place   counted from the start (1 = first) or from the end (-1 = last), in the roadmap or in what follows
    part    (numerator, denominator) of the way
    now     offset from the learner's week (first None: from the very start)
    beside  as `at`, with `offset` steps after (+) or before (-) it; no pairs: beside what was talked about
    until   as `at`, everything up to there
    """

    unit: Unit
    kind: Kind
    pairs: tuple[Pair, ...]
    start: int = 0
    end: int = 0
    offset: int = 0
    counted: bool = False
    """True for "the third week": counted, so that week 0 may need a word."""
    done: bool = False
    """True for "I finished week 12"."""
    whole: bool = False
    """True for "everything after week 12"."""


_N = r"(?:minus |negative )?-?\d+(?:\.\d+)*(?:th)?"
_LABEL = r"(?: (?:no|nr|number|num|#|:|\.|-|–|—|=|\())*"
_TO = r"(?:-|–|—|to|through|thru|till|until|up to|bis)"
_UNITS = (
    r"(?: of holiday)?(?:hours?|hrs?|h|days?|minutes?|mins?|months?|years?|times|more|"
    r"other|%|resources?|courses?|books?|things?|questions?|people|weeks)"
)


def _items(unit: str) -> str:
    item = rf"{_N}(?: {_TO}(?: {unit}s?)?{_LABEL} {_N}(?! {_UNITS}\b)| -\d+\b)?"
    join = rf"(?: ,| and| or| &| /| \+| plus| as well as)+(?: the)?(?: {unit}s?)?{_LABEL}"
    return rf"{item}(?:{join} {item}(?! {_UNITS}\b))*"


def _pairs(text: str) -> tuple[Pair, ...]:
    pairs: list[Pair] = []
    for match in re.finditer(rf"({_N})(?: {_TO}\D*? ({_N})| (-\d+))?", text):
        last = match[2] or (match[3] or "").removeprefix("-") or match[1]
        pairs.append((_value(match[1]), _value(last)))
    return tuple(pairs)


def _value(text: str) -> float:
    negative = text.startswith(("minus", "negative", "-"))
    digits = re.sub(r"[^\d.]", "", text)
    value = 999_999.0 if len(digits) > 6 else float(".".join(digits.split(".")[:2]))
    return -value if negative else value


def _at(unit: Unit) -> Maker:
    def make(m: re.Match[str]) -> Phrase:
        pairs = _pairs(m["items"])
        if m.groupdict().get("open"):
            pairs = (*pairs[:-1], (pairs[-1][0], None))
        return Phrase(unit, "at", pairs)

    return make


def _beside(unit: Unit, *, done: bool = False) -> Maker:
    def make(m: re.Match[str]) -> Phrase:
        groups = m.groupdict()
        steps = int(float(groups.get("steps") or 1))
        back = (groups.get("side") or "").startswith(("before", "prec", "prior", "ahead", "previous", "earlier"))
        pairs = _pairs(groups.get("items") or "")
        return Phrase(unit, "beside", pairs, 0, 0, -steps if back else steps, done=done, whole=bool(groups.get("all")))

    return make


def _fixed(unit: Unit, kind: Kind, *pairs: Pair) -> Maker:
    return lambda _: Phrase(unit, kind, pairs)


def _ordinals(unit: Unit) -> Maker:
    def make(m: re.Match[str]) -> Phrase:
        return Phrase(unit, "place", _pairs(m["items"]), counted=True)

    return make


def _counted(unit: Unit, side: str) -> Maker:
    """ "first 3 weeks", "last 2 weeks", "next 2 weeks"; without a number: one."""

    def make(m: re.Match[str]) -> Phrase:
        count = int(float(m.groupdict().get("n") or 1)) or 1
        pair: Pair = {
            "first": (1, count),
            "last": (-count, -1),
            "next": (1, count),
            "past": (-count, -1),
            "in": (count, count),
            "ago": (-count, -count),
            "back": (-count, -count),
        }[side]
        return Phrase(unit, "place" if side in ("first", "last", "back") else "now", (pair,), counted=side == "first")

    return make


def _part(m: re.Match[str]) -> Phrase | None:
    groups = m.groupdict()
    if groups.get("percent"):
        return Phrase("week", "part", ((float(groups["percent"]), 100),))
    if groups.get("above"):
        below = {"quarter": 4, "third": 3, "3th": 3, "4th": 4, "half": 2}
        above = 1 if groups["above"] in ("a", "1", "1 -") else float(groups["above"].split()[0])
        return Phrase("week", "part", ((above, below[m["below"].removesuffix("s")]),))
    return Phrase("week", "part", ((1, 2),))


def _singular(m: re.Match[str]) -> Phrase | None:
    """ "14 week" is week 14; "48-week plan" and "in 1 week" are durations."""
    duration = m["items"] == "1" and m.string != m[0]
    return None if duration else Phrase("week", "at", _pairs(m["items"]))


_WAY = r"(?: of the way| of my way| way| in| into| through| done| point| mark)"
_AFTER = r"(?P<side>after|following|beyond|before|preceding|prior to|ahead of)"
_OPEN = r"(?P<open> \+(?! \d)| and (?:later|beyond|after|onwards?|up|above|on)\b| onwards?\b| or later\b| to the end\b)"
_DONE = r"(?:finished|completed|done with|through with|have done|did|wrapped up|got through|finished with|past)"
_FINISH = r"(?:after|once|when|having) (?:i |we |you |i'm |i've )?(?:finish(?:ing|ed)?|complet(?:e|ing|ed))"


def _patterns() -> Iterator[tuple[str, Maker]]:
    units: tuple[Unit, Unit] = ("week", "phase")
    for unit in units:
        items = rf"(?P<items>{_items(unit)})"
        either = rf"{_N} (?:before|after|without) (?:{unit}s?{_LABEL} )?{_N}(?! {_UNITS}\b)"
        yield rf"{unit}s?{_LABEL} (?P<items>{either})", _each(unit)
        all_ = rf"(?:(?P<all>everything|anything|all(?: the)?(?: {unit}s)?|the rest|{unit}s|what is left) )?"
        steps = rf"(?:(?:the |a )?(?:(?P<steps>\d+) )?{unit}s? (?:right |just |immediately |directly )?)"
        yield rf"{steps}{_AFTER} (?:the )?(?:{unit}s?{_LABEL} )?{items}(?! {_UNITS}\b)", _beside(unit)
        yield rf"{all_}{_AFTER} (?:the )?{unit}s?{_LABEL} {items}", _beside(unit)
        yield rf"(?P<side>previous|earlier) {unit} (?:to|than) (?:{unit} )?{items}", _beside(unit)
        yield rf"{_DONE} (?:with )?(?:the )?{unit}s?{_LABEL} {items}", _beside(unit, done=True)
        yield rf"{_FINISH} (?:with )?(?:the )?{unit}s?{_LABEL} {items}", _beside(unit, done=True)
        compared = (
            r"(?:difference|differences|different|distinction|compare|comparison|comparing|choose) between (?:the )?"
        )
        yield rf"{compared}{unit}s?{_LABEL} (?P<items>{_N} and (?:the )?(?:{unit}s?{_LABEL} )?{_N})", _each(unit)
        yield (
            rf"between (?:the )?(?:{unit}s?{_LABEL} )?(?P<items>{_N} and (?:the )?(?:{unit} )?{_N}) {unit}s?",
            _between(unit),
        )
        yield rf"between (?:the )?{unit}s?{_LABEL} (?P<items>{_N} and (?:{unit}s?{_LABEL} )?{_N})", _between(unit)
        yield rf"from {unit}s?{_LABEL} {items}(?P<open> on\b| forward\b|{_OPEN[9:-1]})", _at(unit)
        yield rf"(?<!\d )(?:up to|until|till|up until)(?: and including)? {unit}s?{_LABEL} {items}", _until(unit)
        yield rf"{unit}s?{_LABEL} {items}{_OPEN}?(?: \))?", _at(unit)
        yield rf"(?P<items>2th|next|3th) (?:- )?(?:to )?(?:- )?last {unit}", _from_end(unit)
        yield rf"penultimate {unit}", _fixed(unit, "place", (-2, -2))
        ordinals = rf"\d+th(?:(?: {_TO}| and| or| ,| &)+(?: the)? \d+th)*"
        yield rf"(?P<items>{ordinals})(?: and last| full| whole)? {unit}s?", _ordinals(unit)
        yield rf"1th (?P<n>\d+) {unit}s", _counted(unit, "first")
        yield (
            rf"(?:the|my|very|our|its) (?:very )?(?:last|final|closing) (?:(?P<n>\d+) )?{unit}s?",
            _counted(unit, "last"),
        )
        yield rf"(?:final|closing|last) (?:(?P<n>\d+) )?{unit}s?(?= (?:of|in) )", _counted(unit, "last")
        yield rf"(?:final|closing) (?:(?P<n>\d+) )?{unit}s?", _counted(unit, "last")
        yield rf"{unit} after next", _fixed(unit, "now", (2, 2))
        yield (
            rf"(?:(?:the|a|1) )?(?:(?P<steps>\d+) {unit}s|{unit}) (?:right |just |immediately |directly )?"
            r"(?P<side>after|before|earlier|later|following|preceding)",
            _beside(unit),
        )
        yield rf"the (?:next|following) {unit}", _beside(unit)
        yield rf"the (?P<side>previous|preceding) {unit}", _beside(unit)
        yield rf"(?:next|coming|upcoming|following) (?:(?P<n>\d+) )?{unit}s?", _counted(unit, "next")
        yield rf"(?:last|previous|past|prior) (?:(?P<n>\d+) )?{unit}s?", _counted(unit, "past")
        yield rf"(?:this|current|present|my|ongoing) (?:very )?{unit}(?! \d)", _fixed(unit, "now", (0, 0))
    yield from _week_patterns()


def _week_patterns() -> Iterator[tuple[str, Maker]]:
    yield r"(?:in|within) (?P<n>\d+) weeks?(?: time)?(?! (?:,|or|and|of|plan|course))", _counted("week", "in")
    yield r"(?P<n>\d+) weeks? (?:from now|later|ahead)", _counted("week", "in")
    yield r"(?P<n>\d+) weeks? ago", _counted("week", "ago")
    yield r"(?P<items>\d+) weeks (?:in|into)\b(?! phase| the phase)", _at("week")
    yield r"after (?P<items>\d+) weeks", _at("week")
    yield r"so far|(?:until|up to|till|by) now|to date", _fixed("week", "now", (None, 0))
    yield (
        rf"(?:the )?(?:half - way|half way|halfway|midway|midpoint|mid point|mid - point){_WAY}?(?: "
        r"through| of| into)?",
        _part,
    )
    yield rf"(?P<above>a|1|2|3|1 -)(?: -)? (?P<below>quarters?|thirds?|3th|half)(?:{_WAY})+", _part
    yield rf"(?P<below>half){_WAY}(?: through| of)?(?P<above>)", _part
    yield rf"(?P<percent>\d+) %{_WAY}+", _part
    yield (
        r"(?:in )?(?:the )?(?:very )?(?:middle|mid|center|centre)(?: week)?(?= (?:of )?(?:the |"
        r"my |this )?(?:phase|roadmap|plan|program|\d+ weeks|\w+ phase))",
        _part,
    )
    scope = r"(?= of (?:the |my |this )?(?:phase|roadmap|plan|program|\d+th phase|\w+ phase))"
    yield rf"(?:the )?(?:very )?(?:start|beginning|outset){scope}", _fixed("week", "place", (1, 1))
    yield rf"(?:the )?(?:very )?(?:end|finish|close){scope}", _fixed("week", "place", (-1, -1))
    yield r"(?:starts|begins|opens|kicks off)(?= (?:with )?(?:the )?phase)", _fixed("week", "place", (1, 1))
    yield r"(?:ends|closes|finishes|concludes)(?= (?:the )?phase)", _fixed("week", "place", (-1, -1))
    noun = r"(?! (?:plan|roadmap|course|program|programme|bootcamp|schedule|break|holiday|curriculum|long|window))"
    yield rf"(?<!a )(?<!per )(?<!for )(?<!every )(?<!- )(?P<items>\d+)(?: \.)? week{noun}\b", _singular
    yield r"^(?P<items>\d+)(?: [?!.])*$", _at("week")


def _between(unit: Unit) -> Maker:
    def make(m: re.Match[str]) -> Phrase:
        ends = [_value(n) for n in re.findall(_N, m["items"])]
        return Phrase(unit, "at", ((ends[0], ends[-1]),))

    return make


def _each(unit: Unit) -> Maker:
    """ "The difference between week 6 and week 20", "week 6 before week 20": the two alone, not what lies between."""

    def make(m: re.Match[str]) -> Phrase:
        numbers = [_value(n) for n in re.findall(_N, m["items"])]
        return Phrase(unit, "at", tuple((n, n) for n in numbers))

    return make


def _until(unit: Unit) -> Maker:
    return lambda m: Phrase(unit, "until", _pairs(m["items"]))


def _from_end(unit: Unit) -> Maker:
    def make(m: re.Match[str]) -> Phrase:
        place = -3.0 if m["items"] == "3th" else -2.0
        return Phrase(unit, "place", ((place, place),))

    return make


PATTERNS = tuple((re.compile(rf"(?<!\S)(?:{pattern})(?!\S)"), make) for pattern, make in _patterns())
