"""What is asked: `understand(text, roadmap)` -> `Question`. Deterministic; stdlib and rapidfuzz only.

A question is the roadmap's only if every word of it is accounted for (see `language.plain_words`); with subject
matter left over it is a search, with the weeks and resources that it names as narrowing. Knows nothing of
answers. The rules are tried in order, the first that fits decides:

1 missing weeks  2 a subject and where it is covered  3 a row by the words of its title  4 any other subject: search
5 comparison  6 follow-up  7 count, extreme, list  8 attribute  9 start, overview  10 resource, week, phase  11 search
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from assistant.language import intents, subjects
from assistant.language.followup import carried
from assistant.language.lexicon import CRITERIA
from assistant.language.parse import Reading, find_attribute, take_apart
from assistant.questions import Intent, Question, around, at, ids_in, titles
from corpus.roadmap import Roadmap, Weeks

__all__ = ["Intent", "Question", "understand"]


def understand(text: str, roadmap: Roadmap, *, week: int | None = None, previous: Question | None = None) -> Question:
    """What `text` asks. `week`: the learner's week; `previous`: the question before. Never fails, on any text."""
    before = previous.spans[-1] if previous and previous.spans else previous.weeks if previous else None
    phase = previous.phase if previous and previous.intent == "phase" else None
    reading = take_apart(text, roadmap, week, before, phase, _weeks_of_rows(previous, roadmap))
    asked = _from_place(text, reading)
    asked = _inherited(asked, reading, previous)
    for rule in _RULES:
        found = rule(asked, reading, previous)
        if found:
            return _finished(carried(found, reading, previous), reading)
    return _finished(carried(replace(asked, intent="search"), reading, previous), reading)


def _weeks_of_rows(previous: Question | None, roadmap: Roadmap) -> Weeks | None:
    """The weeks of the rows that the question before named or was answered with; a search names none for sure."""
    ids = (previous.resources or previous.among) if previous and previous.intent != "search" else ()
    return around([r.weeks for r in roadmap.resources if r.id in ids])


def _from_place(text: str, reading: Reading) -> Question:
    place = reading.place
    spans, phases = tuple(place.spans), tuple(dict.fromkeys(place.phases))
    attribute, criteria = reading.attribute, reading.criteria
    role = _picking_role(reading)
    if role:
        attribute = find_attribute(CRITERIA[role].sub(" ", reading.rest))
        criteria = tuple(c for c in criteria if c != role)
    return Question(
        text=text,
        weeks=around(spans),
        spans=spans,
        phase=phases[0] if phases else None,
        phases=phases,
        resources=_named_ids(reading, role),
        attribute=attribute,
        criteria=(*criteria, *reading.people),
        notes=tuple(place.notes) + _alternative_notes(reading),
    )


def _picking_role(reading: Reading) -> str | None:
    """The role that tells the rows of an ambiguous name apart ("the supplemental deep learning specialization")."""
    for name in reading.names:
        roles = {r.role for r in reading.roadmap.resources if r.id in name.ids} & set(reading.criteria)
        word = reading.text[: name.start].split()[-1:]
        if len(name.ids) > 1 and word:
            return next((role for role in roles if CRITERIA[role].search(word[0])), None)
    return None


def _named_ids(reading: Reading, role: str | None) -> tuple[str, ...]:
    """Ids of the strong names, each name's rows in order; an ambiguous one keeps to the weeks or the role asked."""
    ids: list[str] = []
    for name in reading.names:
        rows = [r for r in reading.roadmap.resources if r.id in name.ids]
        inside = [r for r in rows if any(r.weeks.overlaps(s) for s in reading.place.spans)]
        inside = inside or [r for r in rows if len(rows) > 1 and r.role == role]
        ids += [r.id for r in (inside or rows) if r.id not in ids]
    return tuple(ids)


def _alternative_notes(reading: Reading) -> tuple[str, ...]:
    named = [n.alternative for n in reading.weak if n.alternative]
    return tuple(f"“{a}” has no row of its own: it is named as an alternative." for a in named)


def _inherited(asked: Question, reading: Reading, previous: Question | None) -> Question:
    """ "and week 20?" asks for week 20 what was asked before."""
    elliptic = re.match(r"(?:and|what about|how about|what of|same for|or|then|only|just)\b", reading.text)
    entity = asked.spans or asked.resources
    if previous and elliptic and previous.intent == "list" and asked.criteria and not (entity or reading.residue):
        return replace(at(asked, previous.spans), intent="list", phases=previous.phases, attribute=None, follows=True)
    if not (previous and elliptic and entity and not asked.attribute and not asked.criteria and not reading.residue):
        return asked
    if previous.intent == "attribute":
        return replace(asked, attribute=previous.attribute, also=previous.also, follows=True)
    if previous.intent == "list" and asked.spans:
        return replace(asked, intent="list", criteria=previous.criteria, follows=True)
    return asked


Rule = Callable[[Question, Reading, Question | None], Question | None]
_RULES: tuple[Rule, ...] = (
    subjects.missing_place,
    subjects.term_in_use,
    subjects.subject_in_rows,
    subjects.described_row,
    subjects.offered_beside,
    subjects.subject_elsewhere,
    subjects.comparison,
    subjects.followed,
    intents.count,
    intents.extreme,
    intents.listing,
    intents.attribute,
    intents.start,
    intents.overview,
    intents.entity,
)


def _finished(asked: Question, reading: Reading) -> Question:
    if asked.intent in ("week", "phase") and not asked.resources:
        asked = replace(asked, resources=ids_in(asked.spans, reading.roadmap))
    if asked.intent not in ("missing",) and reading.place.missing and asked.spans:
        gone = ", ".join(dict.fromkeys(reading.place.missing))
        asked = replace(asked, missing=gone)
    return replace(asked, understood=asked.understood or _understood(asked, reading.roadmap))


def _understood(asked: Question, roadmap: Roadmap) -> str:
    """ "week 15", "phase 2", "fast.ai ... · price"; empty if nothing was resolved."""
    if asked.intent == "missing":
        return asked.missing
    where = ", ".join([f"phase {p}" for p in asked.phases] or [str(s) for s in asked.spans])
    what = titles(asked.resources, roadmap) if not asked.spans and len(set(asked.resources)) <= 3 else ""
    about = (
        " and ".join(filter(None, (asked.attribute, *asked.also)))
        or " and ".join(c.replace("by:", "") for c in asked.criteria)
        or " ".join(asked.topic)
    )
    return " · ".join(part for part in (where, what, about) if part)
