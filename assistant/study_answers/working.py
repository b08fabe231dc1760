"""How to work through a resource, from our note on it: its own section, and the parts in order."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.answers import Answer, Part
from assistant.handling import Context, handles
from assistant.language.message import Parsed
from assistant.recommendation.reasons import counted
from assistant.roadmap_answers.citations import Sheet
from assistant.roadmap_answers.rows import answer_from_roadmap
from assistant.text.markdown import escaped
from corpus.notes import Note
from corpus.roadmap import Resource

_SECTION = re.compile(r"^## (?:How to work through it)[ \t]*\n+(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
LONGEST = 900
"""Characters of the section that are shown."""


@handles("length")
def length(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """Weeks by the roadmap, hours by our note, and what that is at a pace that is named."""
    rows = parsed.rows_of_place
    if not rows:
        return None
    asked = replace(parsed.asked, intent="attribute", attribute="duration", resources=tuple(r.id for r in rows))
    told = answer_from_roadmap(asked, context.roadmap)
    lines = [_hours(row, context, parsed) for row in rows if context.notes.units(row.id)]
    if told is None or not lines:
        return told
    part = Part("suggestion", "By our notes: " + " ".join(lines))
    parts = (part, *told.parts) if parsed.pace else (*told.parts, part)
    return replace(told, parts=parts)


def _hours(row: Resource, context: Context, parsed: Parsed) -> str:
    units = context.notes.units(row.id)
    hours = sum(unit.hours for unit in units)
    text = f"{escaped(row.title)} has {counted(len(units), 'part')}, about {hours:g} h"
    if parsed.pace is None:
        return f"{text}."
    weeks = max(1, round(hours / parsed.pace[0]))
    return f"**{weeks} week{'s' * (weeks > 1)}** at {parsed.pace[0]:g} h a week: {text}."


@handles("work_through")
def work_through(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """Which parts there are, and how our note suggests to go about them."""
    rows = parsed.rows_of_place[:2]
    told = [(row, note) for row in rows if (note := context.notes.note(row.id))]
    if not told:
        return None
    sheet = Sheet(context.roadmap)
    parts = [part for row, note in told for part in _told(row, note, sheet)]
    return sheet.answer(parsed.text, parts, resources=[row.id for row, _ in told])


def _told(row: Resource, note: Note, sheet: Sheet) -> list[Part]:
    section = _SECTION.search(note.body)
    text = section[1].strip() if section else ""
    kept = "\n\n".join(_whole_paragraphs(text))
    units = "\n".join(f"{n}. {escaped(unit.title)} (about {unit.hours:g} h)" for n, unit in enumerate(note.units, 1))
    quote = text.partition("\n")[0]
    parts = [
        Part(
            "suggestion",
            f"{escaped(row.title)} has {counted(len(note.units), 'part')}, about {note.hours:g} h in all:\n\n{units}",
        )
    ]
    if quote:
        parts.insert(0, Part("note", f"{kept} {sheet.note(row, quote)}"))
    return parts


def _whole_paragraphs(text: str) -> list[str]:
    """The first paragraphs, as many as fit."""
    kept: list[str] = []
    for paragraph in text.split("\n\n"):
        if kept and sum(map(len, kept)) + len(paragraph) > LONGEST:
            break
        kept.append(paragraph)
    return kept
