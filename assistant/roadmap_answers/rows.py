"""Exact answers from the parsed roadmap: `answer_from_roadmap(question, roadmap)`. Pure; no model, no index.

Says what the cells say, each sentence with its source, and returns None for everything else. Answers about weeks
and phases are made in `weeks`, lists and comparisons in `listing`; here: the one row and its
attributes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.answers import Answer, Part
from assistant.language.normalise import is_yes_or_no
from assistant.questions import Question
from assistant.recommendation.week_units import WeekUnit
from assistant.roadmap_answers import listing, tables
from assistant.roadmap_answers.attributes import ATTRIBUTES, beside, pros_cons
from assistant.roadmap_answers.citations import Sheet, hull, linked
from assistant.roadmap_answers.predicates import verdict
from assistant.roadmap_answers.weeks import answer_missing, answer_phase, answer_weeks, note_parts, resource_lines
from assistant.roadmap_answers.written import written
from corpus.roadmap import Resource, Roadmap, Weeks


def answer_from_roadmap(question: Question, roadmap: Roadmap) -> Answer | None:
    """The answer, if the roadmap's own cells hold it; None: ask the passages."""
    make = _MAKERS.get(question.intent)
    answer = make(question, written(roadmap)) if make else None
    return replace(answer, asked=question) if answer else None


def answer_week(question: Question, roadmap: Roadmap, units: Sequence[WeekUnit]) -> Answer:
    """One week, with the units that are to be done in it by our split."""
    return replace(answer_weeks(question, written(roadmap), units), asked=question)


def place_from_roadmap(question: Question, roadmap: Roadmap) -> Answer | None:
    """What the roadmap says about the weeks or rows that any question names: for where the passages hold nothing."""
    if question.spans:
        return answer_weeks(question, written(roadmap))
    return _resources(question, written(roadmap)) if question.resources else None


def suggested_questions(roadmap: Roadmap, week: int | None) -> tuple[str, ...]:
    """Six questions that this roadmap answers, around `week` (None or an unknown week: around the start)."""
    known = week if week is not None and week in roadmap.weeks else None
    at = known if known is not None else min(14, roadmap.weeks.last)
    rows = roadmap.resources_of_week(at)
    if not rows:
        return ()
    name = _plain_title(rows[0])
    phase = roadmap.phase_of_week(at)
    following = f"What comes after week {at}?" if at < roadmap.weeks.last else f"What comes before week {at}?"
    first = (
        (f"What should I do in week {at}?",)
        if known is not None
        else ("Where do I start?", f"What should I do in week {at}?")
    )
    rest = (
        following,
        f"What are the pros and cons of {name}?",
        f"What will I be able to do at the end of phase {phase.number if phase else 0}?",
        f"Who teaches {name}?",
        "Which resources are mandatory?",
    )
    return (*first, *rest)[:6]


def _plain_title(resource: Resource) -> str:
    return resource.title.split(" — ")[-1].split(" (")[0]


# --- rows and their attributes ------------------------------------------------------------------------------------


def _resources(question: Question, roadmap: Roadmap) -> Answer | None:
    """Each row in sentences."""
    return _each(question, roadmap, lambda row, sheet: _told(row, _IN_SHORT, sheet, many=False))


def _whole_rows(question: Question, roadmap: Roadmap) -> Answer | None:
    """Every cell of each row, as a list."""
    return _each(
        question, roadmap, lambda row, sheet: f"{resource_lines(row, sheet, weeks=True)}\n{pros_cons(row, sheet)}"
    )


def _each(question: Question, roadmap: Roadmap, tell: Callable[[Resource, Sheet], str]) -> Answer | None:
    """The rows, told one below the other."""
    rows = _rows(question, roadmap)
    if not rows:
        return None
    sheet = Sheet(roadmap)
    texts = [tell(row, sheet) for row in rows]
    intro = [Part("notice", _several(rows))] if len(rows) > 1 and not question.follows else []
    parts = [*note_parts(question, roadmap, sheet), *intro, *(Part("roadmap", t) for t in texts)]
    return sheet.answer(
        question.text, parts, weeks=_weeks(rows), resources=[r.id for r in rows], understood=question.understood
    )


def _several(rows: list[Resource]) -> str:
    return f"The roadmap has {len(rows)} rows that this may mean; here is each."


def _attributes(question: Question, roadmap: Roadmap) -> Answer | None:
    attribute = question.attribute or ""
    if attribute == "hours":
        return _hours(question, roadmap)
    rows = _of_kind(question, roadmap)
    tells = [tell for name in (attribute, *question.also) if (tell := ATTRIBUTES.get(name))]
    if not rows or attribute not in ATTRIBUTES:
        return None
    sheet = Sheet(roadmap)
    notes = note_parts(question, roadmap, sheet)
    if attribute == "duration" and question.spans and not _named(question, roadmap):
        text = _duration_of_place(question, roadmap, sheet)
    else:
        text = "\n".join(_told(r, tells, sheet, many=len(rows) > 1) for r in rows)
    weeks, ids = _weeks(rows), [r.id for r in rows]
    place = [b for b in roadmap.blocks if any(b.weeks.overlaps(s) for s in question.spans)]
    if place:
        weeks = hull(b.weeks for b in place)
    if place and not _named(question, roadmap) and attribute != "duration":
        text = "\n\n".join([" · ".join(f"{b.title} ({b.weeks}) {sheet.block(b)}" for b in place), text])
    text = f"{_verdict(question, rows)}{text}"
    if attribute in STEPS and not place:
        ids += [x.id for r in rows for b in beside(r, roadmap, STEPS[attribute]) for x in b.resources]
    parts = [*notes, Part("roadmap", text)]
    return sheet.answer(
        question.text, parts, weeks=weeks, resources=list(dict.fromkeys(ids)), understood=question.understood
    )


Tell = Callable[[Resource, Sheet], str]
_IN_SHORT: list[Tell] = [ATTRIBUTES[name] for name in ("author", "task", "focus", "outcome", "recommendation", "link")]
"""What is told of a row where all of it is asked for."""
_JUDGED = re.compile(r"\b(?:worth|better|best|good|enough|should|recommend\w*|sense|right|true)\b", re.IGNORECASE)
"""Asked for a judgement, which no cell gives: "is it worth paying for?"."""
DECIDED = ("price", "recommendation", "difficulty", "hands-on")
"""Attributes that a yes or no may be told from."""
STEPS = {"before": -1, "after": 1}
"""Attributes that lead to other rows, which the answer is about as well."""


def _of_kind(question: Question, roadmap: Roadmap) -> list[Resource]:
    """The rows asked about; of the rows of a week only its books or videos, where those are named and there."""
    rows = _rows(question, roadmap)
    kinds = tuple(c for c in question.criteria if c in ("book", "video", "checkpoint"))
    if not kinds or not question.spans:
        return rows
    passing = listing.passing(replace(question, criteria=kinds), roadmap)
    return [r for r in rows if r in passing] or rows


def _named(question: Question, roadmap: Roadmap) -> bool:
    inside = {r.id for r in roadmap.resources if any(r.weeks.overlaps(s) for s in question.spans)}
    return set(question.resources) != inside


def _rows(question: Question, roadmap: Roadmap) -> list[Resource]:
    found = (roadmap.resource(id) for id in question.resources)
    return [r for r in found if r]


def _weeks(rows: list[Resource]) -> Weeks | None:
    return hull(r.weeks for r in rows)


def _told(resource: Resource, tells: list[Tell], sheet: Sheet, *, many: bool) -> str:
    """A row with what is told of it, a sentence each."""
    said = ". It ".join(tell(resource, sheet) for tell in tells)
    return f"{'- ' if many else ''}{linked(resource)} ({resource.weeks}) {said}."


def _verdict(question: Question, rows: list[Resource]) -> str:
    """How an answer to a yes or no begins ("Yes: "), where the cells of the row decide it; else ""."""
    if len(rows) != 1 or not is_yes_or_no(question.text) or _JUDGED.search(question.text):
        return ""
    asked = question.criteria or (("mandatory",) if question.attribute == "recommendation" else ())
    said = verdict(rows[0], asked[0]) if asked and question.attribute in DECIDED else ""
    return f"{said}: " if said else ""


def _duration_of_place(question: Question, roadmap: Roadmap, sheet: Sheet) -> str:
    if question.phases:
        phases = [p for p in roadmap.phases if p.number in question.phases]
        return "\n".join(
            f"Phase {p.number} — {p.title} takes **{len(p.weeks)} week{'s' if len(p.weeks) > 1 else ''}** "
            f"({p.weeks}). {sheet.phase(p)}"
            for p in phases
        )
    blocks = [b for b in roadmap.blocks if any(b.weeks.overlaps(s) for s in question.spans)]
    return "\n".join(
        f"“{b.title}” takes **{len(b.weeks)} week{'s' if len(b.weeks) > 1 else ''}** ({b.weeks}). {sheet.block(b)}"
        for b in blocks
    )


def _hours(question: Question, roadmap: Roadmap) -> Answer:
    sheet = Sheet(roadmap)
    text = f"The roadmap plans in weeks and states no hours or days for any of them. {sheet.title()}"
    return sheet.answer(question.text, [Part("roadmap", text)], abstained=True, understood=question.understood)


_MAKERS: dict[str, Callable[[Question, Roadmap], Answer | None]] = {
    "missing": answer_missing,
    "week": answer_weeks,
    "phase": answer_phase,
    "resource": _resources,
    "row": _whole_rows,
    "attribute": _attributes,
    "compare": tables.answer_compare,
    "list": listing.answer_list,
    "topic": listing.answer_topic,
    "count": tables.answer_count,
    "extreme": tables.answer_extreme,
    "overview": tables.answer_overview,
}
