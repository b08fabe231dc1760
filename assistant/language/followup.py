"""A question that hangs on the one before: "is it free?", "the second one", "and the week after?". Pure.

Knows what was talked about (weeks, resources); knows nothing of how the question before was answered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.language import lexicon
from assistant.language.normalise import small_talk
from assistant.language.parse import Reading, content_words, names_of_row
from assistant.language.plain_words import CUE_WORDS, PLAIN
from assistant.questions import UNNAMED, Question, at, ids_in, titles
from corpus.roadmap import Roadmap, Weeks


@dataclass(frozen=True, slots=True)
class Step:
    """Where a follow-up leads: to rows, to weeks, to a phase, or nowhere (`missing`)."""

    ids: tuple[str, ...] = ()
    spans: tuple[Weeks, ...] = ()
    phase: int | None = None
    attribute: str | None = None
    missing: str = ""
    again: bool = False
    """True where the attribute asked before is asked again."""


def follow_up(
    reading: Reading,
    spans: tuple[Weeks, ...],
    ids: tuple[str, ...],
    phase: int | None,
    among: tuple[str, ...] = (),
) -> Step | None:
    """The step that a question without an entity of its own takes from what was talked about, or None.

    `among`: the rows that were offered together, where `ids` is one of them.
    """
    whole = re.search(r"\b(?:roadmap|plan)\b", reading.text) and not lexicon.PLACED.search(reading.text)
    rows = ids or among or ids_in(spans, reading.roadmap)
    if set(reading.residue) - given(rows, reading) or whole:
        return None
    bare = reading.attribute and (len(reading.text.split()) <= 2 or _owned(reading))  # "cons?"
    alone = lexicon.BACK.fullmatch(reading.text.strip(" ?.!")) or lexicon.PICK.search(
        reading.rest
    )  # "next", "the last"
    if not (bare or alone or lexicon.FOLLOW.search(reading.text)):
        return None
    picked = _picked(reading, ids, among)
    if picked == ():
        return Step(missing=UNNAMED)
    if picked:
        attribute = (
            reading.attribute if reading.attribute != "alternatives" or "alternative" not in reading.criteria else None
        )
        if reading.attribute == "role":
            attribute = None
        return Step(
            ids=picked, attribute=attribute, again=not attribute and reading.text.startswith(("and", "what about"))
        )
    number = re.fullmatch(r"(?:and|what about|how about|then|ok)? ?(?:in |for )?(\d{1,3}) ?\??", reading.text)
    if number and (spans or phase is not None):
        return _numbered(int(number[1]), phase, reading.roadmap)
    back = lexicon.BACK.search(reading.rest)
    if back and len(reading.text.split()) <= 8 and (spans or ids) and reading.attribute in (None, "after", "before"):
        return _beside(back["side"], spans, ids, reading.roadmap)
    if reading.attribute and (_refers(reading.text) or _owned(reading)) and (ids or spans or among):
        return Step(ids=ids or ids_in(spans, reading.roadmap) or among, attribute=reading.attribute)
    return None


def carried(asked: Question, reading: Reading, previous: Question | None) -> Question:
    """A search that hangs on the question before it ("can you show an example?", "why?"), with what it is about."""
    if small_talk(asked.text) or asked.intent != "search" or asked.spans or asked.resources:
        return asked
    own = _subject(reading.text)
    if not previous:
        lost = not own and _BACKWARD.search(reading.text) and len(reading.text.split()) <= LOST_WORDS
        return replace(asked, intent="missing", missing=UNNAMED, attribute=None, criteria=()) if lost else asked
    turns = bool(re.match(r"(?:and |but |so |ok,? )?(?:what|how) about (?!it\b|that\b|this\b|them\b)", reading.text))
    leans = not own or (len(own) <= LEANING_WORDS and not turns and _LEANS.search(reading.text) is not None)
    if not leans:
        return asked
    if previous.intent in ("search", "topic") and (previous.about or previous.text):
        about = previous.about or previous.text
        subject = " ".join(_subject(about)) or about
        if not own and _WHERE_LEARNT.search(reading.text) and _subject(about):
            return replace(asked, intent="topic", topic=tuple(_subject(about)), about=about, follows=True)
        return replace(asked, about=about, understood=f"about {subject}", follows=True)
    if own and 0 < len(previous.resources) <= 3:
        return replace(asked, resources=previous.resources, follows=True)
    ids = previous.resources or previous.among
    if 0 < len(ids) <= 3 and not own and not re.search(r"\d", reading.text):
        about = titles(ids, reading.roadmap)
        asked = replace(at(asked, previous.spans), resources=ids, about=about)
        return replace(asked, understood=f"about {about}", follows=True)
    return asked


_WHERE_LEARNT = re.compile(
    r"\b(?:where|when|in which (?:week|phase)) (?:do|can|will|should|would) (?:i|we) (?:learn|study)\b"
)
LOST_WORDS = 8
"""A longer question without a subject may still be about the roadmap as a whole."""
_BACKWARD = re.compile(
    r"\b(?:it|its|it's|they|them|their|these|those|(?:that|this|first|second|third|last|other|former|latter) ones?)\b"
)
"""Words that stand for something that was named before."""
LEANING_WORDS = 3
"""A question with more content words than this stands for itself, whatever its pronouns."""
_LEANS = re.compile(
    r"^(?:and|but|so|ok(?:ay)?|then|also|why|in|with|for|on|using|without|can|could|show|give|explain)\b|"
    r"\b(?:it|its|that|this|they|them|their|these|those|one|ones|there|same)\b"
)
_ASKING = frozenset(
    "able again another answer bit briefly can clear clearer clearly code concrete could deeper depth describe detail "
    "detailed details different easier easy elaborate example examples exactly explain explanation further give idea "
    "illustrate intuition intuitively know little long longer mean means more ok okay part please point possible "
    "practice practical quick real really reason rephrase say sentence sentences short shorter show simple simpler "
    "simply so some step steps summarise summarize summary sure tell terms thank thanks understand use used way why "
    "word words world write yes".split()
)
"""Words that ask for more of the same, and name no subject."""


def _subject(text: str) -> list[str]:
    """The words that name what a question is about."""
    return [w for w in content_words(text) if w.lower() not in PLAIN | CUE_WORDS | _ASKING]


def siblings(ids: tuple[str, ...], roadmap: Roadmap) -> tuple[str, ...]:
    """Ids of the rows that share a block with any of `ids`, those included, in the roadmap's order."""
    return tuple(r.id for b in roadmap.blocks for r in b.resources if {s.id for s in b.resources} & set(ids))


def _refers(text: str) -> bool:
    pronoun = (
        r"\b(?:it|its|it's|that|this|them|their|they|those|these|both|ones?|he|she|author|course|book|resource|two)\b"
    )
    return bool(
        re.search(pronoun, text)
        or re.match(r"(?:and|what about|how about|ok|so|but)\b", text)
        or len(text.split()) <= 4
    )


def _owned(reading: Reading) -> bool:
    """ "What should I build?", "is there a free alternative?": what only a place or a row has, and none is named."""
    short = len(reading.text.split()) <= OWNED_WORDS
    return short and reading.attribute in _OWNED and not _OF_ALL.search(reading.text)


OWNED_WORDS = 6
_OWNED = ("task", "alternatives", "link", "author", "outcome", "prerequisites", "pros", "cons", "pros-cons")
_OF_ALL = re.compile(
    r"\b(?:which|every\w*|all|any(?:thing|one)|list|resources|courses|books|projects? (?:is|are) there)\b"
)


def given(ids: tuple[str, ...], reading: Reading) -> set[str]:
    """Names of authors and platforms that the rows talked about give themselves ("the Udemy alternative")."""
    if reading.attribute not in ("alternatives", "link", "author"):
        return set()
    return {w for r in reading.roadmap.resources if r.id in ids for w in names_of_row(r)}


def _picked(reading: Reading, ids: tuple[str, ...], among: tuple[str, ...]) -> tuple[str, ...] | None:
    """The rows that "the second one" picks; none where there are fewer, None where nothing is picked."""
    match = lexicon.PICK.search(reading.rest)
    if not match or not (ids or among) or re.search(r"\b(?:at first|first (?:step|thing)|next)\b", reading.rest):
        return None
    which = match["which"]
    group = ids if len(ids) > 1 else among if among and set(ids) <= set(among) else siblings(ids, reading.roadmap)
    if which == "other":
        return tuple(i for i in group if i not in ids) if len(ids) == 1 else ids[1:]
    roles = {r.id: r.role for r in reading.roadmap.resources}
    if which in ("preferred", "alternative"):
        if not re.search(r"\b(?:preferred|alternative) (?:one|course|book|resource|option)\b", reading.rest):
            return None
        return tuple(i for i in group if roles[i] == which)
    place = {"first": 0, "1st": 0, "former": 0, "second": 1, "2nd": 1, "latter": -1, "last": -1, "third": 2, "3rd": 2}[
        which
    ]
    if which in ("first", "second", "third", "last") and not re.search(
        rf"\b{which}\b(?: (?:one|course|book|resource|option))?(?:$|[ ?.!,])", reading.rest
    ):
        return None
    return (group[place],) if -1 <= place < len(group) else ()


def _numbered(number: int, phase: int | None, roadmap: Roadmap) -> Step:
    if phase is not None:
        return Step(phase=number) if roadmap.phase(number) else Step(missing=f"phase {number}")
    return Step(spans=(Weeks(number, number),)) if number in roadmap.weeks else Step(missing=f"week {number}")


def _beside(side: str, spans: tuple[Weeks, ...], ids: tuple[str, ...], roadmap: Roadmap) -> Step:
    """The week after a single week; after rows or several weeks, the block after them."""
    rows = [r.weeks for r in roadmap.resources if r.id in ids]
    bounds = list(spans) or rows
    before = side.startswith(("before", "previous"))
    week = min(w.first for w in bounds) - 1 if before else max(w.last for w in bounds) + 1
    if week not in roadmap.weeks:
        return Step(missing=f"a week {'before' if before else 'after'} week {week + 1 if before else week - 1}")
    if spans and all(len(s) == 1 for s in spans):
        return Step(spans=(Weeks(week, week),))
    return Step(spans=(roadmap.blocks_of_week(week)[-1 if before else 0].weeks,))
