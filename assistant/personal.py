"""Questions that only a learner's state answers: `wondered(text, roadmap, today)` -> `Wish`, or None. Pure.

"What next?", "what should I do this week?", "am I ready for week 9?", "where am I?", "when will I be done?". What
names a topic or asks what the roadmap says is none of these. Knows nothing of storage or of answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from assistant.phrases import clean
from assistant.question import understand
from assistant.saydates import find_day
from assistant.today import Span
from corpus.roadmap import Roadmap

Kind = Literal["next", "span", "ready", "skip", "where", "end", "deadline", "cards"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked: a span of days, a week to be ready for, resources that are named, or a last day."""

    kind: Kind
    span: Span = "today"
    week: int | None = None
    resources: tuple[str, ...] = ()
    by: date | None = None


_LEAD = r"^(?:(?:so|and|ok|okay|hi|hey|hello|now|well|then|please)[,!. ]+)*"
_TAIL = r"(?: (?:please|then|for me|now))*[?.! ]*$"
_DO = (
    r"(?:do|be doing|study|studying|learn|read|work on|working on|focus on|finish|tackle|start with|begin with|take on)"
)
_SHALL = r"(?:should|do|shall|must|can|could|will|am|have|would) i (?:need to |have to |got to |want to |to )?"
_SPAN = r"(?P<span>today|tonight|tomorrow|this week|next week|(?:this|next|the next|the coming) month|right now)"
_NEXT = re.compile(
    _LEAD
    + r"(?:what(?:'s| is)? next(?: up)?(?: on my (?:list|plan))?|what now|next(?: step)?|"
    + rf"(?:what|which (?:resource|course|book|one)) {_SHALL}(?:{_DO}|take|start|begin|pick|choose)(?: with)? "
    + r"(?:next|now|first)|"
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
    )
)
_READY = re.compile(
    r"\b(?:am i (?:already |now )?(?:ready|prepared|good|set)(?: yet)? (?:for|to)\b"
    r"|(?:can|may|should|could) i (?:already |now )?(?:start|begin|jump to|go on (?:to|with)|move on to|skip to)\b)"
)
_SKIP = re.compile(
    r"\b(?:(?:can|may|could|should|shall) i (?:safely |just |also )?(?:skip|leave out|omit|leave away)"
    r"|is it (?:ok|okay|fine|safe|alright) (?:for me )?(?:to skip|if i skip))\b"
)
_WHERE = re.compile(
    _LEAD
    + r"(?:where (?:am|was) i|where do i stand|(?:in )?(?:what|which) week (?:am i|is it|are we)(?: in| at| on)?|"
    + r"how far (?:am i|have i (?:come|got|gotten))(?: along)?|how am i doing|how is it going|"
    + r"am i (?:on (?:time|track|schedule)|behind|ahead|late)(?: (?:of )?schedule)?|"
    + r"how (?:far|much|many weeks) (?:behind|ahead) am i|(?:what(?:'s| is)|show(?: me)?) my (?:progress|status)|"
    + r"my progress|"
    + r"what (?:have i|did i) (?:done|do|finish(?:ed)?|completed?)(?: so far)?|"
    + r"(?:how much|what) is left(?: to do)?)"
    + r"(?: in (?:the|my) (?:roadmap|plan|course))?(?: so far)?"
    + _TAIL
)
_END = re.compile(
    _LEAD + r"when (?:will|do|can|am|would|should) i (?:be )?(?:going to )?(?:finish|done|finished|through)\b"
)
_BY = re.compile(
    _LEAD
    + r"(?:can|could|will) i (?:be )?(?:done|finish|finished|through|ready|make it)\b.*?\b(?:by|before|until) (.+)$"
)
_CARDS = re.compile(
    _LEAD
    + r"(?:(?:what|which|how many) (?:cards?|reviews?|flashcards?)\b.*\b(?:due|review|waiting|today|left)\b.*"
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
    if match := next((m for pattern in _SPANS if (m := pattern.match(said))), None):
        return Wish("span", _span(match["span"]))
    if match := _BY.match(said):
        day = find_day(match[1], today)
        return Wish("deadline", by=day) if day else None
    return _named(text, said, roadmap)


def _span(words: str) -> Span:
    fixed = {"tomorrow": "tomorrow", "this week": "this-week", "next week": "next-week", "this month": "this-month"}
    if "month" in words and words != "this month":
        return "next-month"
    return cast("Span", fixed.get(words, "today"))


def _named(text: str, said: str, roadmap: Roadmap) -> Wish | None:
    """Wishes about a week or a resource that the text names."""
    kind: Kind | None = "skip" if _SKIP.search(said) else "ready" if _READY.search(said) else None
    if kind is None and not _END.match(said):
        return None
    asked = understand(text, roadmap)
    named = tuple(id for id in asked.resources if not asked.spans)
    if kind is None:
        return Wish("end", resources=named)
    if kind == "ready" and asked.weeks and not asked.missing:
        return Wish("ready", week=asked.weeks.first)
    return Wish(kind, resources=named) if named else None
