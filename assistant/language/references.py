"""What a message points back to: "the second one", "the other one", "and the week after?", "is it hard?". Pure.

Knows what was talked about (rows, weeks, what was offered together); knows nothing of wishes or of answers.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.language import lexicon
from assistant.language.parse import Reading
from assistant.questions import UNNAMED, Question, around, at, ids_in
from corpus.roadmap import Roadmap, Weeks

SHORT = 6
"""Words of a message that may hang on the one before without a pronoun ("any homework?")."""
_POINTS = re.compile(
    r"\b(?:it|its|it's|that|this(?! (?:plan|roadmap|list|whole|site|app|assistant|program))|these|those|they|them|"
    r"their|he|she|him|her|both|either|there|same|"
    r"(?:the|that|this) (?:one|course|book|author|bootcamp|class|videos?|resource|project|thing|week|phase|bit|part))\b"
)
_LEADS = re.compile(r"(?:and|but|so|ok(?:ay)?|then|also|what about|how about|what of|same for|or)\b")
_WHOLE = re.compile(r"\b(?:all of (?:it|this|that)|roadmap|whole (?:thing|plan)|everything|overall|all in all)\b")
_PLACES = {"first": 0, "1st": 0, "former": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "latter": -1, "last": -1}


def refer(reading: Reading, asked: Question, before: Question) -> Question | None:
    """`asked` with the rows or weeks that it points back to; None where it stands for itself."""
    if asked.spans or (asked.resources and not _is_pick(reading)):
        return None
    if picked := _picked(reading, before):
        return (
            picked if picked.missing else replace(asked, resources=picked.resources, among=picked.among, follows=True)
        )
    if asked.resources:
        return None
    step = _step(reading, before)
    if step is not None:
        return replace(step, text=asked.text, criteria=asked.criteria, follows=True)
    if _WHOLE.search(reading.text) and not lexicon.PLACED.search(reading.text):
        return None
    hangs = bool(_POINTS.search(reading.text) or _LEADS.match(reading.text)) or len(reading.text.split()) <= SHORT
    if not hangs or not (before.resources or before.spans):
        return None
    kept = at(asked, before.spans)
    return replace(
        kept, resources=before.resources, phase=before.phase, phases=before.phases, among=before.among, follows=True
    )


def points_back(said: str) -> bool:
    """Whether a word stands for something that was named before."""
    return bool(_POINTS.search(said))


def siblings(ids: tuple[str, ...], roadmap: Roadmap) -> tuple[str, ...]:
    """Ids of the rows that share a block with any of `ids`, those included, in the roadmap's order."""
    return tuple(r.id for b in roadmap.blocks for r in b.resources if {s.id for s in b.resources} & set(ids))


def _is_pick(reading: Reading) -> bool:
    return bool(re.search(r"\b(?:the )?(?:first|second|third|other|last|former|latter) (?:one|two)\b", reading.text))


def _picked(reading: Reading, before: Question) -> Question | None:
    """The row that "the second one" picks from what was offered together; `missing` where there are fewer."""
    match = lexicon.PICK.search(reading.rest)
    group = before.among or (before.resources if len(before.resources) > 1 else ())
    group = group or (() if before.resources else ids_in(before.spans, reading.roadmap))
    ids = before.resources if len(before.resources) == 1 else ()
    group = group or siblings(ids, reading.roadmap)
    if not match or not group or re.search(r"\b(?:at first|first (?:step|thing)|next)\b", reading.rest):
        return None
    which = match["which"]
    if which in ("preferred", "alternative"):
        return _of_role(reading, group, which)
    if which == "other":
        rest = tuple(i for i in group if i not in ids) if ids else group[1:]
        return Question(reading.text, resources=rest[:1] if len(rest) > 2 else rest, among=group) if rest else None
    if not re.search(rf"\b{which}\b(?: (?:one|course|book|resource|option))?(?:$|[ ?.!,])", reading.rest):
        return None
    place = _PLACES[which]
    there = -1 <= place < len(group)
    return Question(
        reading.text, resources=(group[place],) if there else (), among=group, missing="" if there else UNNAMED
    )


def _of_role(reading: Reading, group: tuple[str, ...], role: str) -> Question | None:
    if not re.search(r"\b(?:preferred|alternative) (?:one|course|book|resource|option)\b", reading.rest):
        return None
    ids = tuple(r.id for r in reading.roadmap.resources if r.id in group and r.role == role)
    return Question(reading.text, resources=ids, among=group) if ids else None


def _step(reading: Reading, before: Question) -> Question | None:
    """The week, phase or block beside what was talked about: "and the week after?", "and 15?"."""
    number = re.fullmatch(r"(?:and|what about|how about|then|ok)? ?(?:in |for )?(\d{1,3}) ?\W*", reading.text)
    if number and before.phases:
        return _phase(int(number[1]), reading.roadmap)
    if number and before.spans:
        return _week(int(number[1]), reading.roadmap)
    back = lexicon.BACK.search(reading.rest)
    if not back or len(reading.text.split()) > 8 or reading.residue or not _alone(reading, back):
        return None
    bounds = list(before.spans) or [r.weeks for r in reading.roadmap.resources if r.id in before.resources]
    return _beside(back["side"], bounds, before, reading.roadmap) if bounds else None


def _alone(reading: Reading, back: re.Match[str]) -> bool:
    """Whether the step is all that is asked ("and after that?"), or said of one ("the one after")."""
    bare = lexicon.BACK.fullmatch(reading.text.strip(" ?.!"))
    return bool(
        bare or re.search(r"\b(?:and|then|the one|the (?:week|thing|block)|what comes|what's|what is)\b", reading.text)
    )


def _beside(side: str, bounds: list[Weeks], before: Question, roadmap: Roadmap) -> Question:
    """The week after a single week; after rows or several weeks, the block after them."""
    back = side.startswith(("before", "previous"))
    week = min(w.first for w in bounds) - 1 if back else max(w.last for w in bounds) + 1
    if week not in roadmap.weeks:
        return Question("", missing=f"a week {'before' if back else 'after'} week {week + 1 if back else week - 1}")
    if before.phases and (phase := roadmap.phase_of_week(week)):
        return _phase(phase.number, roadmap)
    if before.spans and all(len(s) == 1 for s in before.spans):
        return _week(week, roadmap)
    span = roadmap.blocks_of_week(week)[-1 if back else 0].weeks
    return Question("", spans=(span,), weeks=span)


def _week(number: int, roadmap: Roadmap) -> Question:
    if number not in roadmap.weeks:
        return Question("", missing=f"week {number}")
    span = Weeks(number, number)
    return Question("", spans=(span,), weeks=around([span]))


def _phase(number: int, roadmap: Roadmap) -> Question:
    phase = roadmap.phase(number)
    if phase is None:
        return Question("", missing=f"phase {number}")
    return Question("", spans=(phase.weeks,), weeks=phase.weeks, phase=number, phases=(number,))
