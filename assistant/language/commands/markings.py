"""What is marked: "I finished fast.ai", "I did 2 hours of DDIA", "skip week 3", "lessons 1-3 of fast.ai" -> a command.

The readers of `assistant.language.commands.understand` that speak of resources, their units, or the weeks of the
roadmap. Pure. A whole resource is marked only if nothing in the text says that it is a part of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from assistant.language.commands import sayings as say
from assistant.language.durations import find_minutes, find_pace, spoken
from assistant.language.resource_linker import Name, find_names
from assistant.language.unit_reader import find_numbered, find_places, unit_by
from assistant.study.change import Command, Kind, Unclear
from assistant.study.curriculum import Slot, slots_of
from assistant.study.progress import InputError
from assistant.study.reasons import joined
from corpus.notes import Notes, Unit
from corpus.roadmap import Roadmap

MOST_HOURS_SPENT = 100
_DOES: dict[Kind, str] = {
    "done": "Mark {} as done.",
    "started": "Mark {} as in progress.",
    "skipped": "Mark {} as skipped.",
    "reset": "Mark {} as not started.",
}
_MARKS: dict[str, Kind] = {
    "not done": "reset",
    "undone": "reset",
    "not started": "reset",
    "started": "started",
    "begun": "started",
    "in progress": "started",
    "skipped": "skipped",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A cleaned text, and what it is read against."""

    text: str
    roadmap: Roadmap
    notes: Notes
    today: date

    def names(self, text: str) -> list[Name]:
        """Resources that are named; alternatives without a row of their own are none."""
        return [name for name in find_names(text, self.roadmap) if not name.alternative]

    def title(self, id: str) -> str:
        return self.roadmap.title_of(id)


def marked(said: Said) -> Command | Unclear | None:
    """ "mark ... as skipped"."""
    match = say.MARK.match(said.text)
    return _about(said, _MARKS.get(match[1], "done")) if match else None


def spent(said: Said) -> Command | Unclear | None:
    """ "I did 2 hours of fast.ai": time on something that is not done by it."""
    match = say.SPENT.search(said.text)
    minutes = find_minutes(said.text)
    if not match or minutes is None or find_pace(said.text):
        return None
    if say.FINISHED.search(said.text) or say.WISHED.search(said.text) or say.NEGATED.search(said.text[: match.end()]):
        return None
    names = said.names(said.text)
    ids = tuple(dict.fromkeys(id for name in names for id in name.ids))
    if len(ids) != 1:
        return Unclear("On which resource was that? For example “I did 2 hours of fast.ai”.", ids)
    id = ids[0]
    if not 1 <= minutes <= MOST_HOURS_SPENT * 60:
        raise InputError(f"{spoken(minutes)} of study cannot be kept: give 1 minute to {MOST_HOURS_SPENT} hours.")
    units = _units(said, id, _without(said.text, names))
    if units is None:
        return _which_unit(said, id)
    what = _of_units(units, said.title(id))
    understood = f"Note {spoken(minutes)} of study on {what}."
    return Command("spent", understood, (id,), tuple(u.id for u in units), minutes=round(minutes))


def instead(said: Said) -> Command | None:
    """ "Coursera instead of fast.ai": the one of a pair that is not taken is skipped."""
    match, names = say.INSTEAD.search(said.text), said.names(said.text)
    if not match or len(names) != 2 or not names[0].start < match.start() < names[1].start:
        return None
    for slot in slots_of(said.roadmap):
        taken, left = (set(name.ids) & slot.ids for name in names)
        if len(taken) == len(left) == 1 and taken != left:
            (one,), (other,) = taken, left
            reason = f"{said.title(one)} instead"
            return Command("skipped", f"Leave out {said.title(other)}: {reason}.", (other,), reason=reason)
    return None


def stated(said: Said) -> Command | Unclear | None:
    """ "I skip ...", "I started ...", "I finished ..."."""
    families: tuple[tuple[re.Pattern[str], Kind], ...] = (
        (say.RESET, "reset"),
        (say.SKIP, "skipped"),
        (say.START, "started"),
        (say.DONE, "done"),
    )
    for pattern, kind in families:
        match = pattern.search(said.text)
        if match and not say.NEGATED.search(said.text[: match.end() + 12 * (kind == "done")]):
            return _about(said, kind)
    return _known(said)


def _known(said: Said) -> Command | Unclear | None:
    """ "I already know the Linux stuff": nothing else may be said about it."""
    match = say.KNOWN.match(said.text)
    names = said.names(said.text) if match else []
    if not names or not set(re.findall(r"\w+", _without(said.text, names))) <= say.ONLY_KNOWN:
        return None
    found = _about(said, "skipped")
    if isinstance(found, Command):
        return Command("skipped", f"{found.understood} Reason: known already.", found.resources, reason="known already")
    return found


# --- which resource -------------------------------------------------------------------------------------------------


def _about(said: Said, kind: Kind) -> Command | Unclear | None:
    because = say.BECAUSE.search(said.text) if kind == "skipped" else None
    head = said.text[: because.start()] if because else said.text
    names = said.names(head)
    if not names:
        return _of_places(said, head, kind) or _of_level(said, head, kind) or _nameless(head)
    vague = next((name for name in names if len(name.ids) > 1), None)
    if vague:
        titles = tuple(f"“{said.title(id)}”" for id in vague.ids)
        return Unclear(f"Which one do you mean: {', '.join(titles[:-1])} or {titles[-1]}?", vague.ids)
    ids = tuple(dict.fromkeys(name.ids[0] for name in names))
    rest = _without(head, names)
    units = _units(said, ids[0], rest) if len(ids) == 1 else ()
    partly = not units and kind == "done" and say.PARTLY.search(rest) and not say.WHOLLY.search(rest)
    if partly and ids[1:]:
        return Unclear("One after the other, please: which of them is done, and which is it a part of?", ids)
    if units is None or partly or (units and kind == "skipped"):
        return _which_unit(said, ids[0])
    what = _of_units(units, said.title(ids[0])) if units else joined(tuple(said.title(id) for id in ids))
    return _command(kind, what, ids, tuple(u.id for u in units), because[1].strip(" .") if because else "")


def _command(kind: Kind, what: str, ids: tuple[str, ...], units: tuple[str, ...] = (), reason: str = "") -> Command:
    why = f" Reason: {reason}." if reason else ""
    return Command(kind, _DOES[kind].format(what) + why, ids, units, reason)


def _nameless(text: str) -> Unclear | None:
    """The question back where nothing is named that could be the object ("I finished", "I did lesson 3")."""
    words = len(text.split())
    if (say.BARE.search(text) and words <= 8) or words <= 3 or find_numbered(text):
        return Unclear("Which resource do you mean? Name it as the roadmap does.")
    return None


def _without(text: str, names: list[Name]) -> str:
    """The text without the names, whose own numbers and words say nothing about a part."""
    for name in reversed(names):
        text = text[: name.start] + " " + text[name.end :]
    return " ".join(text.split())


# --- which part of it -----------------------------------------------------------------------------------------------


def _units(said: Said, id: str, text: str) -> tuple[Unit, ...] | None:
    """The units that are named by number; () if none is named, None if one of them is not known."""
    numbered = find_numbered(text)
    if numbered is None or (numbered.label == "week" and say.AT_THE_TIME.search(text)):
        return ()
    found = [unit_by(said.notes.units(id), numbered.label, number) for number in numbered.numbers]
    units = tuple(unit for unit in found if unit)
    return units if units and len(units) == len(found) else None


def _of_units(units: tuple[Unit, ...], title: str) -> str:
    return f"{joined(tuple(f'“{unit.title}”' for unit in units))} of {title}" if units else title


def _which_unit(said: Said, id: str) -> Unclear:
    units = said.notes.units(id)
    titles = ", ".join(f"“{unit.title}”" for unit in units[:3]) + (" and so on" if len(units) > 3 else "")
    listed = f" Its parts are {titles}." if units else ""
    return Unclear(f"Which part of {said.title(id)} do you mean? Name it by number.{listed}", (id,))


# --- which weeks ----------------------------------------------------------------------------------------------------


def _of_places(said: Said, text: str, kind: Kind) -> Command | Unclear | None:
    """Everything that ends in the weeks or phases that are named; asks where one of a pair was taken."""
    places = find_places(text)
    if places is None or not places.numbers or not set(re.findall(r"[^\W\d]+", text)) <= say.OF_WEEKS:
        return None
    if kind == "started":
        return Unclear(f"Which resource of {places.label} {places.numbers[0]} did you start? Name it.")
    slots = [slot for slot in slots_of(said.roadmap) if _inside(slot, places.label, places.numbers)]
    if not slots:
        return _in_the_middle(said, places.label, places.numbers)
    pair = next((slot for slot in slots if slot.pair), None)
    if pair and kind == "done":
        first, *others = (member.title for member in pair.members)
        ids = tuple(member.id for member in pair.members)
        or_other = joined(tuple(others))
        return Unclear(f"Which one did you take: {first} or {or_other}? Say “I finished” and its name.", ids)
    members = [member for slot in slots for member in slot.members]
    return _command(kind, joined(tuple(m.title for m in members)), tuple(m.id for m in members))


def _of_level(said: Said, text: str, kind: Kind) -> Command | None:
    """ "skip everything optional"."""
    levels = set(say.LEVELS.findall(text))
    if kind != "skipped" or not levels or not set(re.findall(r"\w+", text)) <= say.OF_LEVEL:
        return None
    members = [member for slot in slots_of(said.roadmap) if slot.level in levels for member in slot.members]
    return _command(kind, joined(tuple(m.title for m in members)), tuple(m.id for m in members)) if members else None


def _inside(slot: Slot, label: str, numbers: tuple[int, ...]) -> bool:
    return (slot.phase if label == "phase" else slot.weeks.last) in numbers


def _in_the_middle(said: Said, label: str, numbers: tuple[int, ...]) -> Unclear:
    """The question back about weeks in which nothing ends, or that do not exist."""
    blocks = said.roadmap.blocks_of_week(numbers[0]) if label == "week" else ()
    if not blocks:
        weeks = said.roadmap.weeks
        return Unclear(f"The roadmap has no {label} {numbers[0]}: its weeks are {weeks.first} to {weeks.last}.")
    ids = tuple(r.id for r in blocks[0].resources)
    titles = joined(tuple(said.title(id) for id in ids))
    return Unclear(
        f"Week {numbers[0]} lies within {blocks[0].weeks}, “{blocks[0].title}”, where nothing ends yet. "
        f"Name what you mean: {titles}, or a part of it by number.",
        ids,
    )
