"""The form of an answer: what kind of question is asked, and whether a sentence has the form of its answer. Pure.

Knows nothing of meaning: a sentence of the right form may still be about something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.language.normalise import PLAINLY, bare
from corpus.letters import same_letters

Kind = Literal["definition", "comparison", "why", "steps", "several", "other"]

LONGEST = 300
"""Characters of a question that its form is read from: no pattern may run away on a long one."""

OPENING = 4
"""Words at the beginning of a sentence, in which it names what it speaks of."""

_ASKING = (
    r"(?:what(?: exactly| really| actually| even)?(?:'?s| is| are| does| do| did)|define|explain|describe|"
    r"tell me about|how do(?:es)?|(?:give (?:me )?)?(?:the |an? )?(?:meaning|definition|explanation) of)\W+"
)
_MEANING = (
    r"(?:(?:the |an? )?(?:meaning|definition|concept|idea|notion|intuition)s? (?:of|behind|for)|(?:meant|you mean) by)"
)
_NAMED_LAST = rf"{_ASKING}(?:exactly |really |actually |{PLAINLY},? )?(?:what )?(?:{_MEANING} )?"
_NAMED_FIRST = r"(?:what (?=.+ (?:is|are|means?|does|do)\W*$)|how (?=.+ works?\W*$))"
_DEFINITION = re.compile(
    rf"^(?:{_NAMED_LAST}|{_NAMED_FIRST})(?:an? |the )?[\"“'`*]*(?P<term>[^?]+?)[\"”'`*]*"
    r"(?: (?:is|are|means?|does?|do|stands? for|all about|used for|good for)){0,3}(?: works?(?: in [^?]+)?)?"
    r"(?: in (?:machine|deep|general|ml|ai|python|nlp|statistics)\b.*)?"
    r"(?:,? and (?:(?:in |at )?(?:which|what)|why|how|when|where|who|(?:tell|show) me)\b.*)?(?:\?.*)?\W*$",
    re.IGNORECASE,
)
_EXPLAIN = re.compile(r"^(?:explain|describe|tell me)\b|\b(?:how|why)\b", re.IGNORECASE)
_TITLED = re.compile(r"^(?:an? |the )?(?P<term>.+?)\W+(?:meaning|definition|explained|explanation)\W*$", re.IGNORECASE)
_HOW_DOES = re.compile(r"^how do(?:es)?\s+(?!.*\bwork(?: in .+)?\s*\??$)", re.IGNORECASE)
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("why", re.compile(r"^(?:but |and |so )?(?:why|what is the (?:reason|point|purpose|benefit|advantage))\b", re.I)),
    ("steps", re.compile(r"^how (?:do|can|could|should|would|to)\b(?: (?:i|you|we|one))?|\bsteps?\b", re.I)),
    (
        "several",
        re.compile(
            r"\b(?:which|list|kinds?|types?|ways?|options|examples|components|parts|methods|metrics|techniques|tools|"
            r"strategies|differences|advantages|disadvantages|pros|cons)\b",
            re.I,
        ),
    ),
)
_PURPOSE = re.compile(
    r"^(?:but |and |so )?why (?:do|does|should|would)(?: (?:i|we|you|one|people))? (?:need|use|want|have|apply)"
    r"(?: to use)? (?:an? |the )?(?P<term>[^?]+?)\W*$",
    re.IGNORECASE,
)
"""Asks what something is good for; `term` is its name."""
_TWO = r"(?:an? |the )?(?P<one>[^,?]+?)"
_AND_OTHER = r"(?:an? |the )?(?P<other>[^,?.]+)"
_COMPARISON = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:differences?|distinction|trade-?offs?) between {_TWO} (?:and|or) {_AND_OTHER}",
        rf"\bhow (?:do|does|is|are) {_TWO} (?:differ|different)(?: from)? {_AND_OTHER}",
        rf"\bhow (?:do|does|is|are) {_TWO} (?:and|or) (?:an? |the )?(?P<other>[^,?.]+?) (?:differ|different|compare)\b",
        rf"\bcompare {_TWO} (?:and|with|to) {_AND_OTHER}",
        rf"\bwhen (?:should|do|would|to)(?: (?:i|we|you|one))? (?:use|take|choose|pick|prefer) {_TWO} "
        rf"(?:or|instead of|over|rather than|and when) {_AND_OTHER}",
        r"^(?:what(?: is|.s) |should (?:i|we) (?:use|take|choose|pick) |(?:is it|which is) better(?: to)?\W+(?:use )?)?"
        rf"(?!(?:how|why|where|who|can|does?|is|are|i|list(?! (?:vs|versus|or)\b)|show)\b){_TWO} (?:vs\.?|versus|or) "
        rf"{_AND_OTHER}",
    )
)
"""Questions about two things; `one` and `other` are their names."""
_CONTRAST = re.compile(
    r"\b(?:while|whereas|unlike|differs?|differences? between|different|instead of|rather than|in contrast|opposed|"
    r"other hand|trade-?offs?|respectively)\b",
    re.IGNORECASE,
)
_SAID = r"(?:(?:basically|simply|essentially|just|usually|often|really) )?"
_VERB = (
    rf"(?:is {_SAID}(?:an?|the|one|any|when|how|where|what|another|defined|called|known|named)\b|"
    rf"are {_SAID}(?!not\b|(?!defined|called|known|named)\w+(?:ed|en)\b|of\b|in\b|on\b|at\b|from\b|very\b|too\b)\w+|"
    r"means?\b|refers? to\b|describes?\b|stands? for\b|denotes?\b|consists? of\b)"
)
_ACTS = r"(?!\w+s\s+(?:is|are|was|were|of|and|or|can|will|for|in|that|with)\b)[a-z]{2,}s\b"
_REASON = re.compile(
    r"\b(?:because|since|so that|in order to|otherwise|therefore|prevents?|avoids?|reduces?|helps?|allows?|ensures?|"
    r"makes? it|leads? to|sensitive to|without (?:it|this))\b",
    re.IGNORECASE,
)
_LEANING = re.compile(
    r"^\W*(?:it|its|this|that|these|those|they|them|their|he|she|his|her|such|here|there|however|but|and|or|so|then|"
    r"thus|hence|therefore|moreover|furthermore|also|instead|otherwise|for (?:example|instance)|in (?:this|that|both|"
    r"contrast|addition)|the (?:former|latter|same|other|second|third|next|above|following)|both|another|finally|"
    r"second(?:ly)?|third(?:ly)?|next|again|as (?:above|before|such)|similarly|conversely|note|due to this|as a "
    r"result)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^(?:Tip|Note|Warning|Important|Info|Caution)\s*\n")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a question wants: a kind of answer, and the terms that it asks about ("" if it names none)."""

    kind: Kind
    term: str = ""
    other: str = ""
    """The second of two things that are compared."""
    deep: bool = False
    """How something works is to be explained, which takes more than saying what it is."""


def wish(question: str) -> Wish:
    """The form that the answer to a question should have."""
    plain = bare(same_letters(question))[:LONGEST]
    two = next((match for pattern in _COMPARISON if (match := pattern.search(plain))), None)
    if two and max(len(two[name].split()) for name in ("one", "other")) <= 5:
        return Wish("comparison", two["one"].lower().strip(), two["other"].lower().strip())
    term = defined_term(plain)
    if term:
        return Wish("definition", term, deep=_EXPLAIN.search(plain) is not None)
    for kind, pattern in _KINDS:
        if pattern.search(plain):
            purpose = _PURPOSE.match(plain) if kind == "why" else None
            return Wish(kind, purpose["term"].lower() if purpose else "")
    return Wish("other")


def defined_term(question: str) -> str:
    """What a question asks to be defined or explained ("what is X?", "how does X work?"), in lower case; else ""."""
    plain = bare(question)[:LONGEST]
    match = None if _HOW_DOES.match(plain) else _DEFINITION.match(plain) or _TITLED.match(plain)
    term = match["term"].lower().strip(" ?.!") if match else ""
    many = re.match(r"(?:difference|steps?|kinds?|types|type of|ways?|parts|components|common|main|best)\b", term)
    return term if term and len(term.split()) <= 6 and not many else ""


def alone(question: str) -> str:
    """The words of a question that is nothing but a term ("dropout?", "and underfitting?", "I don't get backprop")."""
    return re.sub(r"^(?:what about|how about|or)\s+", "", bare(question).lower()).strip(" ?.!")


def fits(wanted: Wish, text: str) -> float:
    """How well a sentence has the form of the answer: 1 for a definition of the term, parts of it for less, or 0.

    Of two things, 1 for a sentence that sets them against each other, and less for one that defines either.
    """
    text = unlabelled(same_letters(text))
    if wanted.kind == "comparison":
        return _contrasts(wanted.term, wanted.other, text)
    if wanted.kind == "definition":
        return 1.0 if _defines(wanted.term, text) else 0.5 if _acts(wanted.term, text) else 0.0
    return 0.3 if wanted.kind == "why" and _REASON.search(text) else 0.0


def speaks_of(wanted: Wish, text: str) -> bool:
    """Whether a sentence says something of what is to be defined or compared, and does not just use its name: it has
    the form of the answer, or begins with the name (and names both of two things)."""
    opening = " ".join(unlabelled(text).split()[:OPENING])
    return fits(wanted, text) >= 0.5 or (any(names(wanted, opening)) and all(names(wanted, text)))


def names(wanted: Wish, text: str) -> list[bool]:
    """Which of the things that are to be defined or compared the text names."""
    text = same_letters(text)
    return [holds(term, text) for term in (wanted.term, wanted.other) if term]


def holds(term: str, text: str) -> bool:
    """Whether a text names the term, in the singular or the plural."""
    return re.search(rf"\b{_named(term)}\b", text, re.IGNORECASE) is not None


def leans(text: str) -> bool:
    """Whether a sentence is not understood without the one before it."""
    return _LEANING.match(text) is not None


def unlabelled(text: str) -> str:
    """The text without the label of the box that it stands in ("Tip"), which is no part of its sentence."""
    return _LABEL.sub("", text)


def _named(term: str) -> str:
    name = r"\W+".join(re.escape(word.removesuffix("s")) + r"(?:s|es)?" for word in re.findall(r"\w+", term))
    return rf"(?:an? |the )?[\"“*`]*{name}[\"”*`]*"


def _defines(term: str, text: str) -> bool:
    """Whether a sentence says what the term is: the term as its subject, with a verb of defining."""
    aside = r"(?:\s*\([^)]*\)|\s*,[^,.]{1,60},|\s+(?:in|of|for)(?:\s+\w+){1,3}| model| algorithm| method)?"
    subject = rf"^\W*(?:[\w’' ]{{1,40}}, )?{_named(term)}{aside}\s+{_VERB}"
    called = rf"\b(?:known as|called|named)\s+{_named(term)}\b"
    if text.rstrip().endswith("?"):
        return False
    return bool(re.search(subject, text, re.IGNORECASE) or re.search(called, text, re.IGNORECASE))


def _contrasts(one: str, other: str, text: str) -> float:
    """Whether a sentence names both things and sets them against each other, or says what one of them is."""
    both = holds(one, text) and holds(other, text)
    if both and _CONTRAST.search(text):
        return 1.0
    if any(_defines(term, text) for term in (one, other)):
        return 0.8
    return 0.6 if any(_acts(term, text) for term in (one, other)) else 0.2 if both else 0.0


def _acts(term: str, text: str) -> bool:
    """Whether a sentence says what the term does: the term as its subject, with any verb after it."""
    return bool(re.search(rf"^\W*{_named(term)}(?:\s*\([^)]*\))?\s+{_ACTS}", text, re.IGNORECASE))
