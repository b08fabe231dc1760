"""A capability as a tool of other programs: the arguments that it takes, and the message that a call of it says.

    mark_done, {"resource": "fast.ai"}  ->  "Mark fast.ai — Practical Deep Learning for Coders as done"

All is read from the table of capabilities; nothing of it is listed here again. A call is said to the assistant as a
click on a button is: the wish is known, so that no word of it can be misunderstood. Knows no protocol.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from assistant.answers import Choice
from assistant.language.learning.table import Capability, capabilities
from assistant.language.message import read_message
from corpus.errors import UsageError
from corpus.roadmap import Roadmap


class ToolError(UsageError):
    """A call that cannot be made; the message names the argument, and what would do."""


class UnknownToolError(ToolError):
    """There is no tool of that name."""


@dataclass(frozen=True, slots=True)
class Argument:
    """A thing of the table as an argument: its type in JSON, the words in which it is said, what it is."""

    type: str
    said: str
    says: str
    limits: Mapping[str, Any]

    def schema(self) -> dict[str, Any]:
        return {"type": self.type, "description": self.says, **self.limits}


PACE = " a week"
"""Stands in the wordings themselves."""
_SHORT = {"minLength": 1, "maxLength": 200}
ARGUMENTS = {
    "resource": Argument("string", "{}", "A course, book or project of the roadmap: its name, or its id.", _SHORT),
    "week": Argument("integer", "week {}", "A week of the roadmap.", {"minimum": 0, "maximum": 48}),
    "phase": Argument("integer", "phase {}", "A phase of the roadmap.", {"minimum": 0, "maximum": 4}),
    "person": Argument("string", "{}", "Who wrote or teaches, or the platform.", _SHORT),
    "topic": Argument("string", "{}", "A subject, such as “Docker”.", _SHORT),
    "criteria": Argument("string", "{}", "A property, such as free, video, book, mandatory, easy.", _SHORT),
    "unit": Argument("string", "{}", "A part of the resource, such as “chapter 3”.", _SHORT),
    "date": Argument("string", "{}", "A day, as 2027-01-31.", _SHORT),
    "length": Argument("string", "{}", "How long, such as “two weeks” or “5 days”.", _SHORT),
    "hours": Argument("number", f"{{}} hours{PACE}", "Hours of study a week.", {"minimum": 0.5, "maximum": 100}),
    "minutes": Argument("integer", "{} minutes", "Minutes at hand.", {"minimum": 1, "maximum": 1440}),
}
"""Thing of the table -> the argument. "whole" is nothing to name."""

WORDS = "words"
LONGEST = 4_000
_WORDS = Argument(
    "string",
    "{}",
    "The wish in the person's own words; for what the other arguments cannot say.",
    {"minLength": 1, "maxLength": LONGEST},
)
_ALL = {**ARGUMENTS, WORDS: _WORDS}
_SLOT = re.compile(r"\{(\w+)\}")
_SLOT_OF = {"resources": "resource", "time": "minutes", "text": WORDS}
"""A place of a plain wording -> the argument that fills it, where their names differ."""
_INSTEAD = ("resource", "week", "phase", "person", "topic")
"""Arguments that can stand in each other's place: "Who teaches week 14?"."""
_TYPES: dict[str, tuple[type, ...]] = {"string": (str,), "integer": (int,), "number": (int, float)}


@dataclass(frozen=True, slots=True)
class Tool:
    """A capability, as other programs see it."""

    name: str
    says: str
    writes: bool
    arguments: tuple[str, ...]
    required: tuple[str, ...] = ()

    def schema(self) -> dict[str, Any]:
        """The JSON schema of its arguments."""
        properties = {name: _ALL[name].schema() for name in self.arguments}
        found = {"type": "object", "properties": properties, "additionalProperties": False}
        return found | ({"required": list(self.required)} if self.required else {})


def all_arguments() -> dict[str, Any]:
    """The JSON schemas of the arguments that any tool takes."""
    return {name: argument.schema() for name, argument in _ALL.items()}


@lru_cache(maxsize=1)
def tools() -> dict[str, Tool]:
    """Name -> tool, in the order of the table: of every capability that can be put into plain words.

    >>> tools()["pause"].arguments
    ('length', 'words')
    """
    return {name: _tool(entry) for name, entry in capabilities().items() if entry.ask}


def _tool(entry: Capability) -> Tool:
    places = [_named(slot) for slot in _SLOT.findall(entry.ask)]
    named = dict.fromkeys(thing for thing in (*entry.needs, *places) if thing in ARGUMENTS)
    required = (WORDS,) if entry.words or WORDS in places else ()
    return Tool(entry.name, entry.says, entry.writes, (*named, WORDS), required)


def call(name: str, given: Mapping[str, Any], roadmap: Roadmap, today: date) -> Choice:
    """The button that a call is a click on: what it says, and the message that it sends.

    Errors: `ToolError` for an unknown tool or argument, a wrong type, a thing that is none, or nothing where
    something must be named.
    """
    tool = tools().get(name)
    if tool is None:
        raise UnknownToolError(f"There is no tool {name[:60]!r}: list the tools, and take one of them.")
    checked = {argument: _checked(tool, argument, value) for argument, value in given.items() if value is not None}
    if missing := [argument for argument in tool.required if argument not in checked]:
        raise ToolError(f"{name} needs {missing[0]}: {_lower(_ALL[missing[0]].says)}")
    said = {thing: _said(thing, value, roadmap, today) for thing, value in checked.items()}
    message = _message(tool, said, roadmap, today)
    return Choice(message.rstrip("."), message, name)


def _checked(tool: Tool, name: str, value: object) -> str | float:
    """A value of the argument's type, within its limits."""
    if name not in tool.arguments:
        raise ToolError(f"{tool.name} has no argument {name[:60]!r}: it takes {', '.join(tool.arguments)}.")
    argument = _ALL[name]
    if isinstance(value, bool) or not isinstance(value, _TYPES[argument.type]):
        raise ToolError(f"{name} must be a JSON {argument.type}: {_lower(argument.says)}")
    assert isinstance(value, str | float | int)  # noqa: S101 -- one of the types above
    least, most = argument.limits.values()
    size = len(value.strip()) if isinstance(value, str) else value
    if not least <= size <= most:
        unit = " characters" if isinstance(value, str) else ""
        raise ToolError(f"{name} must be {least} to {most}{unit}: {_lower(argument.says)}")
    return value


def _said(thing: str, value: str | float, roadmap: Roadmap, today: date) -> str:
    """The words for an argument, which our own reader reads back as that thing."""
    if thing == "resource":
        return _titles(str(value), roadmap, today)
    text = _ALL[thing].said.format(f"{value:g}" if isinstance(value, float) else str(value).strip())
    if thing in ("criteria", "length", "date") and not read_message(text, roadmap, today).names(thing):
        raise ToolError(f"{thing} {json.dumps(value, ensure_ascii=False)} cannot be read: {_lower(_ALL[thing].says)}")
    return text


def _titles(value: str, roadmap: Roadmap, today: date) -> str:
    """The titles of the rows that are named, by name or by id."""
    by_id = [row for id in value.split(",") if (row := roadmap.resource(id.strip()))]
    read = read_message(value, roadmap, today)
    ambiguous = next((group for group in read.groups if len(group) > 1), ())
    rows = by_id or [row for id in read.asked.resources if (row := roadmap.resource(id))]
    if ambiguous and not by_id:
        names = " or ".join(roadmap.title_of(id) for id in ambiguous[:4])
        raise ToolError(f"resource {value!r} may be {names}: give one of these.")
    if not rows:
        raise ToolError(f"resource {value!r} is not on the roadmap: did you mean {_near(value, roadmap)}?")
    return " and ".join(row.title for row in rows)


def _near(value: str, roadmap: Roadmap) -> str:
    from rapidfuzz import process, utils

    titles = [row.title for row in roadmap.resources]
    found = process.extract(value, titles, limit=3, processor=utils.default_process)
    return " or ".join(title for title, *_ in found)


def _message(tool: Tool, said: Mapping[str, str], roadmap: Roadmap, today: date) -> str:
    """The person's own words; else the plain wordings of the capability that what was given can fill. What is left of
    it stands behind them."""
    entry = capabilities()[tool.name]
    slots = _SLOT.findall(entry.ask)
    if WORDS in said and WORDS not in map(_named, slots):
        read = read_message(said[WORDS], roadmap, today)
        return _joined([said[WORDS]], [said[thing] for thing in said if thing != WORDS and not read.names(thing)])
    wordings = [(entry.ask, {slot: _filling(slot, said) for slot in slots})]
    wordings += [(also, {slot: said.get(_named(slot), "") for slot in _SLOT.findall(also)}) for also in entry.also]
    filled = [(wording, places) for wording, places in wordings if all(places.values()) and (places or not said)]
    if not (said or filled):
        raise ToolError(f"{tool.name} needs one of {', '.join(tool.arguments)}: give it.")
    used = {words for _, places in filled for words in places.values()}
    texts = [_SLOT.sub(lambda match, p=places: p[match[1]].removesuffix(PACE), text) for text, places in filled]
    return _joined(texts, [words for words in said.values() if words not in used])


def _named(slot: str) -> str:
    """The argument that a place is for."""
    return _SLOT_OF.get(slot, slot)


def _filling(slot: str, said: Mapping[str, str]) -> str:
    """What stands in a place of the wording; "" where nothing was given that can."""
    name = _named(slot)
    others = _INSTEAD if name in _INSTEAD else ()
    return next((said[thing] for thing in (name, *others) if thing in said), "")


def _joined(wordings: list[str], left: list[str]) -> str:
    """Several wordings as one message."""
    if len(wordings) == 1 and not left:
        return wordings[0]
    whole = " and ".join(text.rstrip("?.") for text in wordings)
    return ", ".join([whole, *left] if whole else left)


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
