"""Questions that only a learner's state answers: `wondered(text, roadmap, today)` -> `Wish`, or None. Pure.

"What next?", "what should I do this week?", "am I ready for week 9?", "where am I?", "when will I be done?", "what
did I do last week?". What names a topic or asks what the roadmap says is none of these. Knows nothing of storage or
of answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from assistant.language.dates import DAYS, find_day, find_stretch
from assistant.language.durations import find_minutes, find_pace
from assistant.language.understand import understand
from assistant.language.week_reader import clean
from assistant.study.today import Span
from corpus.roadmap import Roadmap

Kind = Literal["next", "span", "fits", "ready", "skip", "where", "begin", "end", "deadline", "did", "status", "cards"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked: a span of days, a week to be ready for, resources that are named, a last day, or a pace to try.

    `days`: first and last day of a span that has no name of its own ("on Friday", "last week").
    """

    kind: Kind
    span: Span = "today"
    days: tuple[date, date] | None = None
    week: int | None = None
    resources: tuple[str, ...] = ()
    by: date | None = None
    hours: float | None = None
    minutes: int | None = None


_LEAD = r"^(?:(?:so|and|ok|okay|hi|hey|hello|now|well|then|please)[,!. ]+)*"
_TAIL = r"(?: (?:please|then|for me|now))*[?.! ]*$"
_DO = (
    r"(?:do|be doing|study|studying|learn|read|work on|working on|focus on|finish|tackle|start with|begin with|take on)"
)
_SHALL = r"(?:should|do|shall|must|can|could|will|am|have|would) i (?:need to |have to |got to |want to |to )?"
_DAY = r"(?:(?:on|this|next) )?(?:" + "|".join(DAYS) + r")|(?:this|on the|at the|over the) weekend"
_SPAN = (
    r"(?P<span>today|tonight|this (?:morning|afternoon|evening)|tomorrow|this week|next week|"
    r"(?:this|next|the next|the coming) month|right now|"
    rf"{_DAY})"
)
_NEXT = re.compile(
    _LEAD
    + r"(?:what(?:'s| is)? next(?: up)?(?: on my (?:list|plan))?|what now|next(?: step)?|"
    + rf"(?:what|which (?:resource|course|book|one)) {_SHALL}(?:{_DO}|take|start|begin|pick|choose)(?: with)? "
    + r"(?:next|now|first)|"
    + rf"what {_SHALL}(?:do|be doing|study|learn|work on)|"
    + r"(?:recommend|suggest|give|tell|show)(?: me)? (?:my |the |a |what )?(?:is )?(?:my )?next"
    + r"(?: (?:step|resource|course|book|thing|unit))?(?: to \w+)?|"
    + r"what(?:'s| is) (?:my|the) next (?:step|resource|course|thing|unit)|"
    + r"what do you (?:recommend|suggest)(?: next| now)?)"
    + _TAIL
)
_SPANS = tuple(
    re.compile(_LEAD + pattern + _TAIL)
    for pattern in (
        rf"(?:what|which (?:units?|resources?|things?|parts?)) {_SHALL}{_DO}(?: (?:for|on|in|over|during))? {_SPAN}",
        rf"{_SPAN},? (?:what|which (?:units?|resources?)) {_SHALL}{_DO}",
        rf"what(?:'s| is)(?: (?:on|due|planned|up|left|my plan|the plan|my schedule|to do))*(?: for)? {_SPAN}",
        rf"(?:show|give|tell|list)?(?: me)? ?(?:my |the )?(?:plan|schedule|tasks|units|work)(?: (?:for|of))? {_SPAN}",
        rf"(?:plan )?(?:my )?{_SPAN}(?:'s)?(?: plan| schedule| tasks)?",
        r"what(?:'s| is) (?P<span>due|on my plan|my plan|the plan)(?: today)?",
        r"(?:show|give|tell)(?: me)? (?P<span>my plan|my schedule|my study plan|the plan)",
        r"(?P<span>my plan|my schedule|my study plan)",
    )
)
_FITS = re.compile(
    _LEAD
    + rf"(?:what {_SHALL}(?:{_DO}|fit|get done)|what fits)"
    + r"(?: into| in| with| within| if i(?:'ve| have)(?: only| got| just)*) (.{3,40})$"
)
_SOMETHING = re.compile(
    _LEAD
    + r"(?:(?:give me|show me|suggest|recommend|is there|do you have) )?(?:something|anything|a unit|a task)"
    + r"(?: (?:short|small|easy))?(?: to (?:do|study|learn|read))? (?:for|in|that takes|that fits(?: in(?:to)?)?) "
    + r"(.{3,40})$"
)
_DID = re.compile(
    _LEAD
    + r"what (?:did i|have i) (?:do|done|study|studied|learn(?:ed|t)?|finish(?:ed)?|completed?|read|work(?:ed)? on)"
    + r"(?: (?:for|on|in|over))? (?P<span>yesterday|today|(?:last|this) (?:week|month|weekend)|"
    + rf"(?:last )?(?:{'|'.join(DAYS)}))"
    + _TAIL
)
_READY = re.compile(
    r"\b(?:am i (?:already |now )?(?:ready|prepared|good|set)(?: yet)? (?:for|to)\b"
    r"|(?:can|may|should|could) i (?:already |now )?(?:start|begin|jump to|go on (?:to|with)|move on to|skip to)\b)"
)
_SKIP = re.compile(
    r"\b(?:(?:can|may|could|should|shall) i (?:safely |just |also )?(?:skip|leave out|omit|leave away)"
    r"|is it (?:ok|okay|fine|safe|alright) (?:for me )?(?:to skip|if i skip)"
    r"|(?:do|must) i (?:really |still )?(?:have to|need to) (?:do|take|read|watch|finish|complete|go through))\b"
)
_WHERE = re.compile(
    _LEAD
    + r"(?:where (?:am|was) i|where do i stand|(?:in )?(?:what|which) week (?:am i|is it|are we)(?: in| at| on)?|"
    + r"how far (?:am i|have i (?:come|got|gotten))(?: along)?|how am i doing|how is it going|"
    + r"am i (?:on (?:time|track|schedule)|behind|ahead|late)(?: (?:of )?schedule)?|"
    + r"how (?:far|much|many weeks) (?:behind|ahead) am i|"
    + r"(?:what(?:'s| is|'re| are)|show(?: me)?) my (?:progress|status|pace|settings)|"
    + r"my progress|"
    + r"i(?:'m| am)(?: [\w.]+){0,3} (?:behind|late|ahead)(?: (?:of )?schedule| on (?:my|the) plan)?|"
    + r"i(?:'ve| have)? (?:fell|fallen) behind|i(?:'ve| have)? (?:missed|lost|skipped) \w+ (?:days?|weeks?|months?)|"
    + r"how (?:many hours|much time|much(?: of (?:it|this|the roadmap|my plan))?) have i "
    + r"(?:done|spent|studied|put in|finished|completed|covered)|"
    + r"what (?:have i|did i) (?:done|do|finish(?:ed)?|completed?)(?: so far)?|"
    + r"(?:how much|what)(?:'s| is) left(?: to do)?)"
    + r"(?: in (?:the|my) (?:roadmap|plan|course))?(?: so far)?"
    + _TAIL
)
_END = re.compile(
    _LEAD
    + r"(?:when (?:will|do|can|am|would|should) i (?:be )?(?:going to )?(?:finish|done|finished|through)|"
    + r"how (?:long|many weeks|many months) (?:will|do|would) i (?:still )?(?:need|take|have left)|"
    + r"how long (?:until|till) i(?:'m| am)? (?:done|finish|finished|through)|"
    + r"how long (?:will|would|does) (?:it|this|that|everything|the rest) (?:still )?take me)\b"
)
_AT_PACE = re.compile(r"^(?:with|at|if i \w+(?: only)?)\b.{2,30}?\b(?:week|day|evening)s?,? ")
_WHAT_IF = re.compile(
    _LEAD
    + r"(?:(?:what|what happens|how about|how would it be) if i\b|"
    + r"(?:is|are|would|will) .{3,40}\benough(?: for (?:it|this|me|the (?:whole )?roadmap))?[?. ]*$)"
)
_BEGINS = re.compile(
    _LEAD + r"when (?:will|do|can|should|shall|am) i (?:going to )?(?:start|begin|reach|get to|come to|arrive at)\b"
)
_STATUS = re.compile(
    _LEAD
    + r"(?:did|have|am) i (?:already |now |really )?"
    + r"(?:finish(?:ed)?|completed?|done|do|read|skip(?:ped)?|start(?:ed)?|begun|through|watch(?:ed)?)\b"
)
_BY = re.compile(
    _LEAD
    + r"(?:(?:can|could|will) i (?:be )?(?:done|finish|finished|through|ready|make it|"
    + r"do (?:it|this|everything|all of it|the (?:whole )?roadmap))|"
    + r"is it possible (?:for me )?to (?:be )?(?:done|finish|finished|through|ready)|"
    + r"how (?:many hours|much time)(?: (?:a|per|each|every) (?:week|day))? (?:do|would|will|must|should) i\b.*?"
    + r"\b(?:done|finish|finished|through|ready))\b.*?\b((?:by|before|until|in|within) .+)$"
)
_CARDS = re.compile(
    _LEAD
    + r"(?:(?:what|which|how many) (?:cards?|reviews?|flashcards?)\b.*\b(?:due|review|waiting|today|left|next)\b.*"
    + r"|(?:do i have|are there) (?:any )?(?:cards?|reviews?|flashcards?)(?: (?:due|to do|left|waiting))*"
    + r"(?: (?:now|today))?|when is my next (?:card|review)"
    + r"|(?:quiz|test|review) me|(?:my |show (?:me )?(?:my )?)?(?:due )?(?:cards|flashcards|reviews)(?: due)?)"
    + _TAIL
)


def wondered(text: str, roadmap: Roadmap, today: date) -> Wish | None:
    """The wish that a text is; None if the roadmap or its pages can answer it without knowing the learner."""
    said = clean(text)
    if not said or len(said) > 200:
        return None
    if _NEXT.match(said):
        return Wish("next")
    if _WHERE.match(said):
        return Wish("where")
    if _CARDS.match(said):
        return Wish("cards")
    return _dated(said, today) or _named(text, said, roadmap, today)


def _dated(said: str, today: date) -> Wish | None:
    """Wishes about days, or about an amount of time."""
    if match := next((m for pattern in _SPANS if (m := pattern.match(said))), None):
        words = "this week" if match["span"].startswith("my ") else match["span"]
        own = re.fullmatch(_DAY, words) or words != match["span"]
        return Wish("span", _span(words), find_stretch(words, today) if own else None)
    if match := _DID.match(said):
        return Wish("did", days=find_stretch(match["span"], today, past=True))
    if match := _FITS.match(said) or _SOMETHING.match(said):
        minutes = find_minutes(match[1])
        return Wish("fits", minutes=round(minutes)) if minutes and not find_pace(match[1]) else None
    pace = find_pace(said)
    return Wish("end", hours=pace[0]) if pace and _WHAT_IF.match(said) else None


def _span(words: str) -> Span:
    fixed = {"tomorrow": "tomorrow", "this week": "this-week", "next week": "next-week", "this month": "this-month"}
    if "month" in words and words != "this month":
        return "next-month"
    return cast("Span", fixed.get(words, "today"))


def _named(text: str, said: str, roadmap: Roadmap, today: date) -> Wish | None:
    """Wishes about a week or a resource that the text names, or about all of it."""
    by, pace = _BY.match(said), find_pace(said)
    last = find_day(by[1], today) if by else None
    kind = _kind_of(said, _AT_PACE.sub("", said) if pace else said, last)
    if kind is None:
        return None
    asked = understand(text, roadmap)
    named = tuple(id for id in asked.resources if not asked.spans)
    if kind in ("end", "deadline"):
        return Wish(kind, resources=named, by=last, hours=pace[0] if pace else None)
    if kind == "ready" and asked.weeks and not asked.missing:
        return Wish("ready", week=asked.weeks.first)
    return Wish(kind, resources=named) if named else None


def _kind_of(said: str, without_pace: str, last: date | None) -> Kind | None:
    if last:
        return "deadline"
    if _END.match(without_pace):
        return "end"
    if _BEGINS.match(said) or _STATUS.match(said):
        return "begin" if _BEGINS.match(said) else "status"
    return "skip" if _SKIP.search(said) else "ready" if _READY.search(said) else None
