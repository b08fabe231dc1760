"""Answers about weeks and phases: block, position, rows, links, what to have at the end. Pure.

Only what the roadmap's cells say; the one thing of our own, the pace, stands in a part of its own voice.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from assistant.answers import Answer, Part
from assistant.language.weeks.numbers import spell, spell_ordinal
from assistant.questions import UNNAMED, Question
from assistant.recommendation.reasons import listed
from assistant.recommendation.week_units import WeekUnit
from assistant.roadmap_answers.citations import Sheet, hull, linked, links, short_title, weeks_title
from assistant.text.markdown import escaped
from assistant.text.markdown import linked as link_to
from corpus.roadmap import Block, Phase, Resource, Roadmap, Weeks

FULL_BLOCKS = 3
"""Up to so many blocks are told in full; more get a line a row."""
_SHARES = (
    (1 / 8, "an eighth"),
    (1 / 6, "a sixth"),
    (1 / 4, "a quarter"),
    (1 / 3, "a third"),
    (1 / 2, "half"),
    (2 / 3, "two thirds"),
    (3 / 4, "three quarters"),
    (5 / 6, "five sixths"),
    (7 / 8, "seven eighths"),
)


def answer_weeks(question: Question, roadmap: Roadmap, units: Sequence[WeekUnit] = ()) -> Answer:
    """The blocks of every week asked for, `units` to do in it by our split, and the rows that are due then."""
    sheet = Sheet(roadmap)
    notes = note_parts(question, roadmap, sheet)
    spans = question.spans
    blocks = [b for b in roadmap.blocks if any(b.weeks.overlaps(s) for s in spans)]
    compact = len(blocks) > FULL_BLOCKS
    texts: list[str] = []
    ours: list[Part] = []
    for block in blocks:
        inside = [s for s in spans if s.overlaps(block.weeks)]
        rows = [r for r in block.resources if any(r.weeks.overlaps(s) for s in inside)]
        heading = _block_heading(block, inside, sheet, roadmap)
        if units and block is blocks[0]:
            ours = [Part("roadmap", heading), Part("suggestion", _units(units, sheet))]
            texts.append(_rows(rows, sheet, compact))
        else:
            texts.append(heading + "\n\n" + _rows(rows, sheet, compact))
        texts.append(_later(block, rows, inside, sheet))
    texts.append(_coming(blocks, spans, roadmap, sheet))
    parts = [*notes, *ours, *(Part("roadmap", t) for t in texts)]
    single = spans[0] if len(spans) == 1 and len(spans[0]) == 1 else None
    if single:
        parts.append(Part("suggestion", _pace(single.first, blocks, roadmap)))
    ids = [r.id for b in blocks for r in b.resources if any(r.weeks.overlaps(s) for s in spans)]
    weeks = hull(b.weeks for b in blocks)
    return sheet.answer(question.text, parts, weeks=weeks, resources=ids, understood=question.understood)


_SHARES_SAID = {"all": "", "begin": ", begin", "go on": ", go on", "finish": ", finish"}


def _units(units: Sequence[WeekUnit], sheet: Sheet) -> str:
    """ "This week, by our split (about 9 h): ..."; the name of the resource where there are several."""
    lists: list[str] = []
    for row, own in groupby(units, key=lambda week: week.resource):
        lines = [_unit(row, week, sheet) for week in own]
        lists.append("\n".join(lines))
        if len({week.resource.id for week in units}) > 1:
            lists[-1] = f"{escaped(short_title(row))}:\n\n{lists[-1]}"
    whole = round(sum(week.hours for week in units) * 2) / 2
    return f"in this week, by our split and our rough hours (about {whole:g} h):\n\n" + "\n\n".join(lists)


def _unit(row: Resource, week: WeekUnit, sheet: Sheet) -> str:
    unit = week.unit
    title = link_to(escaped(unit.title), unit.url) if unit.url else escaped(unit.title)
    hours = f"{round(week.hours * 2) / 2:g} h"
    return f"- {title} ({hours}{_SHARES_SAID[week.share]}) {sheet.note(row, unit.title, unit.url)}"


def answer_phase(question: Question, roadmap: Roadmap) -> Answer:
    """Each phase asked for: its weeks, blocks and rows."""
    sheet = Sheet(roadmap)
    phases = [p for p in roadmap.phases if p.number in question.phases]
    texts = [_phase(p, sheet) for p in phases]
    ids = [r.id for p in phases for r in p.resources]
    parts = [*note_parts(question, roadmap, sheet), *(Part("roadmap", t) for t in texts)]
    weeks = hull(p.weeks for p in phases)
    return sheet.answer(question.text, parts, weeks=weeks, resources=ids, understood=question.understood)


def answer_missing(question: Question, roadmap: Roadmap) -> Answer:
    """What does not exist, and what does."""
    sheet = Sheet(roadmap)
    if question.missing == "current week":
        text = (
            "I do not know which week you are in. Name the week (“what should I do in week 14?”), or set your current "
            f"week; the roadmap has weeks {roadmap.weeks.first} to {roadmap.weeks.last}."
        )
        parts = [Part("notice", text)]
    elif question.missing == UNNAMED:
        text = f"I do not know {UNNAMED}. Name a week, a phase or a resource, such as “is fast.ai free?”."
        parts = [Part("notice", text)]
    else:
        parts = [Part("roadmap", missing_sentence(question.missing, roadmap, sheet))]
    return sheet.answer(question.text, parts, abstained=True, understood=question.understood)


def missing_sentence(missing: str, roadmap: Roadmap, sheet: Sheet) -> str:
    """ "The roadmap has no week 49: it has weeks 0 to 48 ..."."""
    numbers = [p.number for p in roadmap.phases]
    names = listed(f"{p.number} ({p.title})" for p in roadmap.phases)
    what = (
        f"the roadmap has no {missing.removeprefix('a ')}"
        if missing != "a point beyond the end"
        else "that lies beyond the roadmap"
    )
    if "phase" in missing:
        cited = "".join(dict.fromkeys(sheet.phase(p) for p in roadmap.phases))
        return f"{what[:1].upper()}{what[1:]}: it has phases {numbers[0]} to {numbers[-1]}, namely {names}. {cited}"
    ends = "".join(dict.fromkeys((sheet.phase(roadmap.phases[0]), sheet.phase(roadmap.phases[-1]))))
    span = roadmap.weeks
    return (
        f"{what[:1].upper()}{what[1:]}: it has weeks {span.first} to {span.last}, in phases {numbers[0]} "
        f"to {numbers[-1]}; "
        f"week {span.first} is {roadmap.phases[0].title.lower()}. {ends}"
    )


def note_parts(question: Question, roadmap: Roadmap, sheet: Sheet) -> list[Part]:
    """How an odd phrase was read, and what of it does not exist."""
    notes = [Part("notice", " ".join(question.notes))] if question.notes else []
    gone = question.missing if question.intent != "missing" else ""
    return [*notes, Part("roadmap", missing_sentence(gone, roadmap, sheet))] if gone else notes


def resource_lines(resource: Resource, sheet: Sheet, *, weeks: bool = False) -> str:
    """One row in full, as a list."""
    role = "" if resource.role == "main" else f" — {resource.role}"
    when = f" ({resource.weeks})" if weeks else ""
    lines = [
        f"{linked(resource)}{role}{when} {sheet.cell(resource, resource.task)}"
        if resource.task
        else f"{linked(resource)}{role}{when}"
    ]
    cells = [
        ("Task", resource.task, resource.task),
        ("Focus", resource.focus, resource.focus),
        ("At the end", resource.outcome, resource.outcome),
        ("Links", links(resource), ""),
        (
            "Alternative" if len(resource.alternatives) < 2 else "Alternatives",
            "; ".join(resource.alternatives),
            resource.alternatives[0] if resource.alternatives else "",
        ),
        ("Difficulty", resource.difficulty, ""),
        ("Hands-on", resource.hands_on, ""),
        ("Recommendation", resource.recommendation, resource.recommendation),
    ]
    for label, text, quote in cells:
        if text:
            lines.append(f"- {label}: {text}{' ' + sheet.cell(resource, quote) if quote else ''}")
    if not resource.links:
        lines.append("- Links: the roadmap gives none")
    return "\n".join(lines)


def resource_line(resource: Resource, sheet: Sheet) -> str:
    """One row in a line."""
    role = "" if resource.role == "main" else f" — {resource.role}"
    tail = f"; {resource.recommendation}" if resource.recommendation else ""
    return f"- {linked(resource)}{role}: {resource.task}{tail} {sheet.cell(resource, resource.task or title(resource))}"


def title(resource: Resource) -> str:
    """A quote for a row without a task."""
    return resource.title


def _rows(rows: list[Resource], sheet: Sheet, compact: bool) -> str:
    return ("\n" if compact else "\n\n").join(
        resource_line(r, sheet) if compact else resource_lines(r, sheet) for r in rows
    )


def _block_heading(block: Block, inside: list[Weeks], sheet: Sheet, roadmap: Roadmap) -> str:
    phase = roadmap.phase(block.phase)
    where = f"Phase {phase.number} — {phase.title}" if phase else f"Phase {block.phase}"
    name = f"**{weeks_title(block.weeks)} — {block.title}**"
    head = f"{name} ({where})" if phase and phase.title != block.title else f"{name} (phase {block.phase})"
    single = inside[0] if len(inside) == 1 and len(inside[0]) == 1 else None
    if single:
        head = f"**Week {single.first}** is {_position(single.first, block)} of {head}"
    undivided = f" The roadmap does not divide {block.weeks} further." if not block.divided else ""
    return f"{head}.{undivided} {sheet.block(block)}"


def _position(week: int, block: Block) -> str:
    total, place = len(block.weeks), week - block.weeks.first + 1
    if total == 1:
        return "the only week"
    last = " and last" if place == total else ""
    return f"the {spell_ordinal(place)}{last} of {spell(total)} weeks"


def _later(block: Block, rows: list[Resource], inside: list[Weeks], sheet: Sheet) -> str:
    """Rows of the block that come only in a later week than those asked for."""
    end = max(s.last for s in inside)
    later = [r for r in block.resources if r not in rows and r.weeks.first > end]
    return "\n".join(f"Later in these weeks: {linked(r)} comes in {r.weeks}. {sheet.cell(r, r.task)}" for r in later)


def _coming(blocks: list[Block], spans: tuple[Weeks, ...], roadmap: Roadmap, sheet: Sheet) -> str:
    """Blocks that overlap the blocks asked for and begin only after the weeks asked for (week 5: the checkpoint)."""
    end = max(s.last for s in spans)
    near = [
        b
        for b in roadmap.blocks
        if b not in blocks and b.weeks.first > end and any(b.weeks.overlaps(o.weeks) for o in blocks)
    ]
    return "\n".join(f"Then, in {b.weeks}: **{b.title}**. {sheet.block(b)}" for b in near)


def _pace(week: int, blocks: list[Block], roadmap: Roadmap) -> str:
    block = max(blocks, key=lambda b: len(b.weeks))
    total, place = len(block.weeks), week - block.weeks.first + 1
    rows = [r for r in block.resources if week in r.weeks]
    due = [r for r in roadmap.resources_of_week(week) if r.role == "checkpoint"]
    texts: list[str] = []
    if total == 1:
        texts.append("all of it belongs into this one week.")
    elif place == 1:
        both = "both" if total == 2 else f"all {spell(total)}"
        texts.append(f"it is the first of {spell(total)} weeks: start, and spread the work over {both}.")
    elif place == total:
        texts.append(f"it is the last of {spell(total)} weeks: finish, and check yourself against “at the end”.")
    else:
        share = min(_SHARES, key=lambda s: abs(s[0] - place / total))[1]
        texts.append(
            f"you are in the {spell_ordinal(place)} of {spell(total)} weeks: aim to be through about "
            f"{share} of it by the week's end."
        )
    if {"preferred", "alternative"} <= {r.role for r in rows}:
        texts.append("One of the preferred and the alternative is enough.")
    if due and total > 1:
        texts.append(f"Keep time for the checkpoint ({short_title(due[0])}).")
    return " ".join(texts)


def _phase(phase: Phase, sheet: Sheet) -> str:
    divided = any(b.divided for b in phase.blocks)
    undivided = "" if divided else f" The roadmap does not divide {phase.weeks} further."
    texts = [f"**Phase {phase.number} — {phase.title}** takes {phase.weeks}.{undivided} {sheet.phase(phase)}"]
    for block in phase.blocks:
        heading = (
            f"{weeks_title(block.weeks)} — {block.title} {sheet.block(block)}\n"
            if len(phase.blocks) > 1 or block.divided
            else ""
        )
        texts.append(heading + "\n".join(resource_line(r, sheet) for r in block.resources))
    return "\n\n".join(texts)
