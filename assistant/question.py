"""What is asked: `understand(text, roadmap)` -> `Question`. Deterministic; stdlib and rapidfuzz only.

A question is the roadmap's only if every word of it is accounted for (see `assistant.plainwords`); with subject
matter left over it is a search, with the weeks and resources that it names as narrowing. Knows nothing of
answers. The rules are tried in order, the first that fits decides:

1 missing weeks  2 a subject and where it is covered  3 any other subject: search  4 comparison  5 follow-up
6 count, extreme, list  7 attribute  8 start, overview  9 resource, week, phase  10 search
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from assistant import intents, subjects
from assistant.asked import Intent, Question, ids_in
from assistant.followup import carried
from assistant.reading import Reading, take_apart
from corpus.roadmap import Roadmap, Weeks

__all__ = ["Intent", "Question", "understand"]


def understand(text: str, roadmap: Roadmap, *, week: int | None = None, previous: Question | None = None) -> Question:
    """What `text` asks. `week`: the learner's week; `previous`: the question before. Never fails, on any text."""
    before = previous.spans[-1] if previous and previous.spans else previous.weeks if previous else None
    phase = previous.phase if previous and previous.intent == "phase" else None
    reading = take_apart(text, roadmap, week, before, phase)
    asked = _from_place(text, reading)
    asked = _inherited(asked, reading, previous)
    for rule in _RULES:
        found = rule(asked, reading, previous)
        if found:
            return _finished(carried(found, reading, previous), reading)
    return _finished(carried(replace(asked, intent="search"), reading, previous), reading)


def _from_place(text: str, reading: Reading) -> Question:
    place = reading.place
    spans, phases = tuple(place.spans), tuple(dict.fromkeys(place.phases))
    return Question(
        text=text,
        weeks=Weeks(min(s.first for s in spans), max(s.last for s in spans)) if spans else None,
        spans=spans,
        phase=phases[0] if phases else None,
        phases=phases,
        resources=_named_ids(reading),
        attribute=reading.attribute,
        criteria=(*reading.criteria, *reading.people),
        notes=tuple(place.notes) + _alternative_notes(reading),
    )


def _named_ids(reading: Reading) -> tuple[str, ...]:
    """Ids of the strong names, each name's rows in order; an ambiguous one keeps to the weeks that are asked."""
    ids: list[str] = []
    for name in reading.names:
        rows = [r for r in reading.roadmap.resources if r.id in name.ids]
        inside = [r for r in rows if any(r.weeks.overlaps(s) for s in reading.place.spans)]
        ids += [r.id for r in (inside or rows) if r.id not in ids]
    return tuple(ids)


def _alternative_notes(reading: Reading) -> tuple[str, ...]:
    named = [n.alternative for n in reading.weak if n.alternative]
    return tuple(f"“{a}” has no row of its own: it is named as an alternative." for a in named)


def _inherited(asked: Question, reading: Reading, previous: Question | None) -> Question:
    """ "and week 20?" asks for week 20 what was asked before."""
    elliptic = re.match(r"(?:and|what about|how about|what of|same for|or|then)\b", reading.text)
    entity = asked.spans or asked.resources
    if not (previous and elliptic and entity and not asked.attribute and not asked.criteria and not reading.residue):
        return asked
    if previous.intent == "attribute":
        return replace(asked, attribute=previous.attribute, follows=True)
    if previous.intent == "list" and asked.spans:
        return replace(asked, intent="list", criteria=previous.criteria, follows=True)
    return asked


Rule = Callable[[Question, Reading, Question | None], Question | None]
_RULES: tuple[Rule, ...] = (
    subjects.missing_place,
    subjects.subject_in_rows,
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
    titles = [r.title for r in roadmap.resources if r.id in asked.resources]
    what = " / ".join(titles) if not asked.spans and len(titles) <= 3 else ""
    about = asked.attribute or " and ".join(c.replace("by:", "") for c in asked.criteria) or " ".join(asked.topic)
    return " · ".join(part for part in (where, what, about) if part)
