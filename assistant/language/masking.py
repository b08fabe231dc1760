"""A message with its names, weeks, days and amounts put aside: what is left is the wish. Pure.

"How long does fast.ai take if I give it 5 hours?" becomes "how long does the course take if i give it five hours", so
that wordings are learnt once and not once for every course. What was put aside is told by kind.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from assistant.language.parse import Reading
from assistant.language.weeks.reader import find_phrases

STANDS_FOR = {
    "resource": "the course",
    "project": "the project",
    "week": "week nine",
    "phase": "phase two",
    "person": "professor smith",
    "date": "friday",
    "length": "two weeks",
    "hours": "five hours",
    "minutes": "forty minutes",
    "money": "two hundred euros",
    "topic": "dropout",
}
"""Kind -> the words that stand for a thing of that kind. The encoder reads words, so they are natural ones."""

SIGNS = ("product", "subject", "subjects", "term", "several", "points")
"""Further evidence: what a row is about is named ("pandas"); one word of subject matter is left over, or more; a term
of the glossary; several rows; a word that points back."""

KINDS = (*STANDS_FOR, *SIGNS)
_STANDS = {
    **STANDS_FOR,
    "resources": "the course and the course",
    "time": "forty minutes",
    "criteria": "free",
    "text": "why",
}

_FEW = (
    r"an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty(?:[ -]five)?|"
    r"fifty|sixty|ninety|half an?|a couple(?: of)?|a few"
)
_NUMBER = rf"(?:\d+(?:[.,]\d+)?|{_FEW})"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_LONG_MONTH = r"(?:january|february|march|april|june|july|august|september|october|november|december)"
_DAY = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|mon|tues?|wed|thurs?|fri|"
    r"(?:(?<=on )|(?<=next )|(?<=this )|(?<=every )|(?<=until )|(?<=fri )|(?<=/))sat)"
)
"""Days of the week; "sat" is a word as well."""
_ON = "(?:^|" + "|".join(rf"(?<=\b{word} )" for word in "on by from since until till before after to and".split()) + ")"
"""Before day and month with a point between: elsewhere "3.10" is a version."""
_NO_PACE = r"(?<!\dh )(?<!hour )(?<!hours )(?<!hrs )(?<!mins )(?<!minutes )"
"""Not behind an amount of time: "5 hours a week" is no week."""
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("money", r"[$€£] ?\d[\d.,]*|\b\d[\d.,]{0,20} ?(?:euros?|eur|dollars?|usd|bucks|pounds?|quid|rupees|[€$£])"),
        ("minutes", rf"\b{_NUMBER}[ -]?(?:mins?|minutes?)\b|\b(?:half an hour|(?:a )?quarter of an hour)\b"),
        ("hours", r"\b\d+ ?h ?\d\d?\b"),
        ("hours", rf"\b{_NUMBER}(?: and a half)?[ -]?(?:h|hrs?|hours?)\b(?: and a half)?"),
        ("length", rf"{_NO_PACE}\b{_NUMBER}[ -](?:days?|weeks?|months?|years?)\b|\bfortnight\b"),
        (
            "date",
            rf"\b\d{{4}}-\d\d?-\d\d?\b|\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\b(?:,? \d{{4}}\b)?"
            rf"|\b{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? \d{{4}}\b)?|\b{_DAY}\b"
            rf"|\b(?:mid[ -])?{_LONG_MONTH}\b(?: \d{{4}}\b)?|\b(?:christmas|easter|new year(?:'?s)?(?: eve)?|ramadan)\b"
            rf"|\b\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}\b|\b\d{{1,2}}/\d{{1,2}}\b|{_ON}\d{{1,2}}\.\d{{1,2}}\b",
        ),
        (
            "person",
            r"\b(?:andrew ng|ng|andrej karpathy|karpathy|jeremy howard|howard|aurelien geron|geron|wes mckinney|"
            r"mckinney|martin kleppmann|kleppmann|stanford|imperial(?: college)?(?: london)?|duke(?: university)?|"
            r"3blue1brown|grant sanderson|coursera|udemy|youtube|khan academy|linkedin(?: learning)?|o'?reilly|"
            r"deeplearning\.?ai)\b",
        ),
    )
)
_PLACE = re.compile(r"\b(week|phase)s? (?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve)\b")
"""The place in a longer phrase ("finished week 3"), whose other words are the wish."""
_NOUN = re.compile(r"(?:'s)? (?:book|course|class|videos?|lectures?|bootcamp|speciali[sz]ation|project|playlist)\b")
"""What belongs to a name that it follows ("the Géron book")."""
LEANING = 12
"""Words of a message that may lean on the answer before; a longer one says itself what it is about."""

_DIGITS = re.compile(r"\d+")
_REPEATED = re.compile(r"([^\w\s])\1+")
_ARTICLE = re.compile(r"(?:\b(?:the|that|this|my|your) ){1,4}$")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


Thing = tuple[int, int, str]
"""Where a row is named, and what stands for it: "resource", or "project" for work of the learner's own."""


@dataclass(frozen=True, slots=True)
class Masked:
    """The text that is left, and the kinds of what was put aside."""

    text: str
    kinds: frozenset[str]
    after: str = ""
    """The capability that answered before, where the message leans on that answer ("who runs it?")."""


def mask(reading: Reading, named: Collection[Thing], signs: Iterable[str] = (), after: str = "") -> Masked:
    """A message that was read, with its things put aside. `named`: where rows are named or described; `signs`: what
    else is seen in it, of `SIGNS`; `after`: the capability that answered before."""
    said = reading.text
    spans = [(start, _end(said, start, end), kind) for start, end, kind in named]
    spans += [(p.start, p.end, p.unit) for p in find_phrases(said) if p.kind in ("at", "place")]
    spans += [(m.start(), m.end(), m[1]) for m in _PLACE.finditer(said)]
    for kind, pattern in _PATTERNS:
        spans += [(m.start(), m.end(), kind) for m in pattern.finditer(said)]
    kinds: set[str] = {*signs, *(["person"] if any(kind == "person" for _, _, kind in spans) else [])}
    order = {kind: number for number, kind in enumerate(("resource", "project", "person", "week", "phase"))}
    pieces: list[str] = []
    done = 0
    for start, end, kind in sorted(spans, key=lambda s: (s[0], -s[1], order.get(s[2], 9))):
        if start < done:
            continue
        before = said[done:start]
        if kind in ("resource", "project", "phase"):
            before = _ARTICLE.sub("", before)
        pieces += [before, STANDS_FOR[kind]]
        kinds |= {"resource", kind} if kind == "project" else {kind}
        done = end
    left = _REPEATED.sub(r"\1", _DIGITS.sub("9", "".join((*pieces, said[done:]))))
    text = " ".join(left.split())
    return Masked(text, frozenset(kinds), _leaning(text, after))


def mask_example(text: str, after: str = "") -> Masked | None:
    """A wording with placeholders, masked; None for one without, which is masked as a message is.

    >>> mask_example("is {resource} hard?").text
    'is the course hard?'
    """
    found = _PLACEHOLDER.findall(text)
    if not found:
        return None
    several = found.count("resource") > 1 or "resources" in found
    signs = [
        sign
        for sign, there in (("subject", "topic" in found), ("term", "topic" in found), ("several", several))
        if there
    ]
    text = " ".join(filled(text.casefold()).split())
    kinds = (*found, *signs, *(["resource"] if "project" in found else []))
    return Masked(text, frozenset(kind for kind in kinds if kind in KINDS), _leaning(text, after))


def _end(said: str, start: int, end: int) -> int:
    """Where a name ends, with the noun and the bracket that belong to it."""
    noun = _NOUN.match(said, end)
    end = noun.end() if noun else end
    return end + 1 if "(" in said[start:end] and said[end : end + 1] == ")" else end


def filled(text: str) -> str:
    """A wording with the words that stand for its placeholders.

    >>> filled("on {date} we talk about {topic}")
    'on friday we talk about dropout'
    """
    return _PLACEHOLDER.sub(lambda match: _STANDS.get(match[1], match[1]), text)


def _leaning(text: str, after: str) -> str:
    """What answered before, for a message that is short enough to lean on it."""
    return after if len(text.split()) <= LEANING else ""
