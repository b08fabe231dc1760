"""What a change is about: the rows, their units, or the weeks of the roadmap that a message names. Pure.

A whole resource is meant only if nothing in the message says that it is a part of it. What may mean several things
gives a question back (`Unclear`), with the choices.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.handling import Context
from assistant.language.message import Parsed
from assistant.language.names.plain_words import CUE_WORDS, PLAIN
from assistant.language.unit_reader import find_numbered, find_places
from assistant.language.unit_titles import head_of
from assistant.questions import ids_in
from assistant.recommendation.curriculum import Slot, slots_of
from assistant.recommendation.reasons import listed
from assistant.roadmap_answers.listing import rows_holding
from assistant.study.change import Kind, Unclear
from assistant.study_answers.parts import is_at_a_time, parts_alone, parts_of
from corpus.notes import Unit
from corpus.roadmap import Resource

PARTLY = re.compile(
    r"\b(?:half|most|parts?|some|few|several|bit|third|quarter|beginning|start|intro(?:duction)?) (?:of|the)\b"
    r"|\b(?:chapters|lessons|lectures|modules|units|videos|sections|weeks|pages|exercises|notebooks)\b"
    r"|\b\d+ ?(?:%|percent)"
)
WHOLLY = re.compile(r"\b(?:all|every|whole|entire|rest|remaining|cover to cover|last|final)\b")
_LEVELS = re.compile(r"\b(optional|supplemental)\b")


FEW = 3
"""Rows that are offered where none is named."""

_SEVERAL = re.compile(r"\b(?:both|all|they|them|these|those|two|three|each|everything)\b")
"""Words that point at more than one."""


@dataclass(frozen=True, slots=True)
class Objects:
    """Rows, or units of the one row. `what` names them in words; `beside`: those of further rows."""

    ids: tuple[str, ...]
    units: tuple[str, ...]
    what: str
    beside: tuple[Objects, ...] = ()

    @property
    def each(self) -> tuple[Objects, ...]:
        """Row by row where parts of one are meant, else all at once."""
        return (replace(self, beside=()), *self.beside)


def objects_of(parsed: Parsed, context: Context, kind: Kind) -> Objects | Unclear:
    """What a message of this kind of change is about."""
    if kind == "done" and (found := _of_places(parsed, context, kind)):
        return found
    if titled := _titled(parsed, context, kind):
        return titled
    rows = parsed.rows or _of_roles(parsed)
    if parsed.referred and 1 < len(rows) <= FEW and not _SEVERAL.search(parsed.said):
        return which_of(context, [row.id for row in rows], kind)  # "it" is one of them
    vague = next((group for group in parsed.groups if len(group) > 1 and set(group) <= {r.id for r in rows}), None)
    if vague and len(rows) == len(vague):
        return which_of(context, vague, kind)
    if not rows:
        alone = parts_alone(parsed, context.roadmap.resources, context.notes)
        found = _of_places(parsed, context, kind) or (_parts(*alone) if alone else _of_level(parsed, context, kind))
        return found or _of_those_before(parsed, context, kind)
    return _of_rows(parsed, context, rows, kind)


def _titled(parsed: Parsed, context: Context, kind: Kind) -> Objects | Unclear | None:
    """The part that is called by its title, and nothing else is named; asks where several rows have one so called."""
    if parsed.title_at is None or kind == "skipped":
        return None
    said = parsed.said[slice(*parsed.title_at)]
    held = (
        (row, [unit for unit in context.notes.units(row.id) if head_of(unit) == said])
        for row in context.roadmap.resources
    )
    found = [(row, units) for row, units in held if units]
    if len(found) > 1:
        return which_of(context, [row.id for row, _ in found], kind)
    return _parts(*found[0]) if found else None


def _of_those_before(parsed: Parsed, context: Context, kind: Kind) -> Unclear:
    """The question which one is meant, with the few rows that were talked about, or that hold the subject."""
    before = context.memory.asked
    ids = (before.resources or before.among) if before else ()
    if 1 < len(ids) <= FEW:
        return which_of(context, ids, kind)
    return _of_subject(parsed, context) or Unclear("Which resource do you mean? Name it as the roadmap does.")


def _of_subject(parsed: Parsed, context: Context) -> Unclear | None:
    """The question after the few rows that hold a subject of the message: "skip kubernetes"."""
    for word in re.findall(r"[a-z][\w+#.-]*[\w+#]", parsed.said):
        rows = rows_holding(word, context.roadmap) if word not in PLAIN | CUE_WORDS else []
        if 0 < len(rows) <= FEW:
            titles = listed(f"“{row.title}”" for row in rows)
            asks = "is that what you mean?" if len(rows) == 1 else "which one do you mean?"
            return Unclear(f"The roadmap has “{word}” in {titles}: {asks}", tuple(row.id for row in rows))
    return None


def which_of(context: Context, ids: Sequence[str], kind: Kind) -> Unclear:
    """The question which of several rows is meant."""
    titles = [f"“{context.roadmap.title_of(id)}”" for id in ids]
    return Unclear(f"Which one do you mean: {', '.join(titles[:-1])} or {titles[-1]}?", tuple(ids))


def _of_rows(parsed: Parsed, context: Context, rows: Sequence[Resource], kind: Kind) -> Objects | Unclear:
    if len(rows) == 1:
        return _of_row(parsed, context, rows[0], kind)
    ids = tuple(row.id for row in rows)
    if PARTLY.search(parsed.left) and kind == "done" and not WHOLLY.search(parsed.left):
        return Unclear("One after the other, please: which of them is done, and which is it a part of?", ids)
    parts = [() if kind == "skipped" else parts_of(parsed, context.notes.units(row.id), row) for row in rows]
    if not any(parts):
        return Objects(ids, (), listed(row.title for row in rows))
    if find_numbered(parsed.left):
        return Unclear("One after the other, please: of which of them are these the numbers?", ids)
    first, *others = (_parts(row, units or ()) for row, units in zip(rows, parts, strict=True))
    return replace(first, beside=tuple(others))  # "docker and fast.ai": a part of one, and the other


def _of_row(parsed: Parsed, context: Context, row: Resource, kind: Kind) -> Objects | Unclear:
    units = parts_of(parsed, context.notes.units(row.id), row)
    partly = not units and kind == "done" and PARTLY.search(parsed.left) and not WHOLLY.search(parsed.left)
    if units is None or partly or (units and kind == "skipped"):
        return _which_unit(context, row.id)
    return _parts(row, units)


def _parts(row: Resource, units: Sequence[Unit]) -> Objects:
    """The parts of a row; without any, all of it."""
    what = f"{listed(f'“{unit.title}”' for unit in units)} of {row.title}" if units else row.title
    return Objects((row.id,), tuple(unit.id for unit in units), what)


def _of_roles(parsed: Parsed) -> tuple[Resource, ...]:
    """The rows of a role that is named in place of them: "both checkpoints"."""
    if "checkpoint" not in parsed.asked.criteria or parsed.asked.spans:
        return ()
    return tuple(r for r in parsed.roadmap.resources if r.role == "checkpoint")


# --- units ------------------------------------------------------------------------------------------------------------


def _which_unit(context: Context, id: str) -> Unclear:
    units = context.notes.units(id)
    titles = ", ".join(f"“{unit.title}”" for unit in units[:3]) + (" and so on" if len(units) > 3 else "")
    listed = f" Its parts are {titles}." if units else ""
    return Unclear(f"Which part of {context.roadmap.title_of(id)} do you mean? Name it by number.{listed}", (id,))


# --- weeks ------------------------------------------------------------------------------------------------------------


def _of_places(parsed: Parsed, context: Context, kind: Kind) -> Objects | Unclear | None:
    """Everything that ends in the weeks or phases that are named; asks where one of a pair was taken."""
    places = find_places(parsed.said)
    if places is None or not places.numbers or parsed.rows or is_at_a_time(parsed.said):
        return None
    if kind == "started":
        ids = tuple(ids_in(parsed.asked.spans, context.roadmap))
        return Unclear(f"Which resource of {places.label} {places.numbers[0]} did you start?", ids)
    slots = [slot for slot in slots_of(context.roadmap) if _inside(slot, places.label, places.numbers)]
    if not slots:
        return _in_the_middle(context, places.label, places.numbers)
    pair = next((slot for slot in slots if slot.pair), None)
    if pair and kind == "done":
        first, *others = (member.title for member in pair.members)
        ids = tuple(member.id for member in pair.members)
        return Unclear(f"Which one did you take: {first} or {listed(others)}?", ids)
    members = [member for slot in slots for member in slot.members]
    return Objects(tuple(m.id for m in members), (), listed(m.title for m in members))


def _of_level(parsed: Parsed, context: Context, kind: Kind) -> Objects | None:
    """ "Skip everything optional"."""
    levels = set(_LEVELS.findall(parsed.said))
    if kind != "skipped" or not levels:
        return None
    members = [member for slot in slots_of(context.roadmap) if slot.level in levels for member in slot.members]
    return Objects(tuple(m.id for m in members), (), listed(m.title for m in members)) if members else None


def _inside(slot: Slot, label: str, numbers: tuple[int, ...]) -> bool:
    return (slot.phase if label == "phase" else slot.weeks.last) in numbers


def _in_the_middle(context: Context, label: str, numbers: tuple[int, ...]) -> Unclear:
    """The question back about weeks in which nothing ends, or that do not exist."""
    blocks = context.roadmap.blocks_of_week(numbers[0]) if label == "week" else ()
    if not blocks:
        weeks = context.roadmap.weeks
        return Unclear(f"The roadmap has no {label} {numbers[0]}: its weeks are {weeks.first} to {weeks.last}.")
    ids = tuple(r.id for r in blocks[0].resources)
    titles = listed(context.roadmap.title_of(id) for id in ids)
    return Unclear(
        f"Week {numbers[0]} lies within {blocks[0].weeks}, “{blocks[0].title}”, where nothing ends yet. "
        f"Name what you mean: {titles}, or a part of it by number.",
        ids,
    )
