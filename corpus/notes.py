"""The notes as values: `load_notes(dir)` -> `Notes`, one `Note` a file of corpus/notes.

Knows the format of the notes (YAML front matter, then Markdown) and nothing of the roadmap, the
index or learners: whether `resource` is an id of the roadmap is the caller's to check. A resource
without a note is fine; a note that cannot be read raises `NotesError`, whose one sentence names the
file and the key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, cast, get_args

import yaml

from corpus.errors import ProjectError

NOTES_FOLDER = Path(__file__).parent / "notes"

Cost = Literal["free", "free-to-audit", "paid", "own-work"]
FREE_COSTS: frozenset[Cost] = frozenset({"free", "free-to-audit", "own-work"})
"""What a learner who pays nothing can use."""

_FENCE = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_MAX_HOURS = 400.0
"""More than this in one unit is a typing error: a unit is days of study, not a year."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's safe loader where PyYAML was built with it: ten times as fast."""


class NotesError(ProjectError):
    """A note cannot be read; the message names the file, the key and what is expected."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One part of a resource, in order of study; `hours` are rough study hours, above 0."""

    id: str
    title: str
    hours: float
    url: str


@dataclass(frozen=True, slots=True)
class Card:
    """One review card; `source` is the public page that the fact is on, `unit` the part that teaches it."""

    id: str
    question: str
    answer: str
    source: str
    unit: str


@dataclass(frozen=True, slots=True)
class Source:
    """A public page that a note takes facts from."""

    title: str
    url: str


Item = TypeVar("Item", Unit, Card)


@dataclass(frozen=True, slots=True)
class Note:
    """One file of corpus/notes. `body` is Markdown without the front matter."""

    resource: str
    checked: date
    cost: Cost
    cost_detail: str
    lives_at: str
    before: tuple[str, ...]
    units: tuple[Unit, ...]
    hours_source: str
    cards: tuple[Card, ...]
    sources: tuple[Source, ...]
    body: str

    @property
    def hours(self) -> float:
        """Study hours of all units together."""
        return sum(unit.hours for unit in self.units)


@dataclass(frozen=True, slots=True)
class Notes:
    """All notes in order of their resource id. Look-ups return None or nothing, never guesses."""

    notes: tuple[Note, ...] = ()

    def note(self, resource: str) -> Note | None:
        return next((note for note in self.notes if note.resource == resource), None)

    def units(self, resource: str) -> tuple[Unit, ...]:
        note = self.note(resource)
        return note.units if note else ()

    def cards(self, resource: str) -> tuple[Card, ...]:
        note = self.note(resource)
        return note.cards if note else ()


def load_notes(dir: Path = NOTES_FOLDER) -> Notes:
    """Reads every `*.md` of the folder; a missing or empty folder gives no notes.

    Errors: `NotesError` for a file that is no note, a key with a wrong value, or two notes on one
    resource.
    """
    paths = sorted(dir.glob("*.md")) if dir.is_dir() else []
    found: dict[str, Path] = {}
    notes: list[Note] = []
    for path in paths:
        note = read_note(path)
        if note.resource in found:
            other = found[note.resource].name
            raise NotesError(f"{path.name}: resource: {note.resource} has a note already: {other}.")
        found[note.resource] = path
        notes.append(note)
    return Notes(tuple(sorted(notes, key=lambda note: note.resource)))


@cache
def our_notes() -> Notes:
    """The packaged ones, read once a process. Errors: as `load_notes`."""
    return load_notes()


def read_note(path: Path) -> Note:
    """Reads one note. Errors: `NotesError` naming the file and the key."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise NotesError(f"{path.name} cannot be read ({error.strerror}): check the path and its rights.") from error
    except UnicodeDecodeError as error:
        raise NotesError(f"{path.name} is not UTF-8 text: save it as UTF-8 Markdown.") from error
    match = _FENCE.match(text.removeprefix("\ufeff"))
    if not match:
        raise NotesError(f"{path.name} has no front matter: start the file with `---`, YAML, `---`.")
    front = _Fields(path.name, "", _front_matter(path.name, match[1]))
    return _note(front, text.removeprefix("\ufeff")[match.end() :].strip())


def _front_matter(name: str, text: str) -> dict[str, Any]:
    try:
        data: object = yaml.load(text, Loader=_LOADER)  # noqa: S506 -- a safe loader, see _LOADER
    except (yaml.YAMLError, ValueError) as error:
        problem = " ".join(str(error).split())
        raise NotesError(f"{name}: the front matter is not valid YAML ({problem}).") from error
    if not isinstance(data, dict):
        raise NotesError(f"{name}: the front matter must hold keys such as `resource:` and `units:`.")
    return cast("dict[str, Any]", data)


def _note(front: _Fields, body: str) -> Note:
    units = front.distinct(tuple(_unit(item) for item in front.items("units")), "units")
    cards = front.distinct(tuple(_card(item) for item in front.items("cards")), "cards")
    for item, card in zip(front.items("cards"), cards, strict=True):
        if card.unit not in {unit.id for unit in units}:
            raise item.error("unit", card.unit, "the id of one of the units")
    return Note(
        resource=front.text("resource"),
        checked=front.day("checked"),
        cost=front.cost("cost"),
        cost_detail=front.text("cost_detail", required=False),
        lives_at=front.text("lives_at", required=False),
        before=front.texts("before"),
        units=units,
        hours_source=front.text("hours_source", required=False),
        cards=cards,
        sources=tuple(Source(item.text("title"), item.text("url")) for item in front.items("sources")),
        body=body,
    )


def _unit(item: _Fields) -> Unit:
    return Unit(item.text("id"), item.text("title"), item.hours("hours"), item.text("url", required=False))


def _card(item: _Fields) -> Card:
    return Card(*(item.text(key) for key in ("id", "question", "answer", "source", "unit")))


@dataclass(frozen=True, slots=True)
class _Fields:
    """A mapping of the front matter with typed look-ups; `prefix` is the path down to it."""

    name: str
    prefix: str
    data: dict[str, Any]

    def text(self, key: str, *, required: bool = True) -> str:
        value = self.data.get(key)
        if value is None and not required:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float) or not str(value).strip():
            raise self.error(key, value, "a text")
        return str(value).strip()

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.data.get(key)
        listed = [] if value is None else cast("list[object]", value) if isinstance(value, list) else [value]
        texts = tuple(item.strip() for item in listed if isinstance(item, str))
        if len(texts) != len(listed):
            raise self.error(key, value, "a list of texts")
        return texts

    def day(self, key: str) -> date:
        value = self.data.get(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        raise self.error(key, value, "a date such as 2026-11-22")

    def cost(self, key: str) -> Cost:
        value = self.data.get(key)
        if value in get_args(Cost):
            return cast("Cost", value)
        raise self.error(key, value, "one of " + ", ".join(get_args(Cost)))

    def hours(self, key: str) -> float:
        value = self.data.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _MAX_HOURS:
            raise self.error(key, value, f"a number of hours above 0 and up to {_MAX_HOURS:g}")
        return float(value)

    def items(self, key: str) -> tuple[_Fields, ...]:
        values = self.data.get(key)
        if values is None:
            return ()
        if not isinstance(values, list):
            raise self.error(key, values, "a list")
        listed = cast("list[Any]", values)
        return tuple(self._item(key, number, value) for number, value in enumerate(listed))

    def _item(self, key: str, number: int, value: object) -> _Fields:
        path = f"{self.prefix}{key}[{number}]"
        if not isinstance(value, dict):
            raise NotesError(f"{self.name}: {path}: {value!r} is not a mapping such as {{id: ..., title: ...}}.")
        return _Fields(self.name, f"{path}.", cast("dict[str, Any]", value))

    def distinct(self, items: tuple[Item, ...], key: str) -> tuple[Item, ...]:
        seen: set[str] = set()
        for item in items:
            if item.id in seen:
                place = f"{self.name}: {self.prefix}{key}"
                raise NotesError(f"{place}: the id {item.id!r} is used twice: give each its own.")
            seen.add(item.id)
        return items

    def error(self, key: str, value: object, expected: str) -> NotesError:
        problem = "is missing" if value is None else f"{value!r} cannot be used"
        return NotesError(f"{self.name}: {self.prefix}{key}: {problem}: give {expected}.")
