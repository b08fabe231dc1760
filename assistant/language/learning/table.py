"""The table of capabilities: what the assistant can do, as data (`capabilities/table.toml`), and wordings of each wish.

Knows nothing of who answers: `assistant.handling` binds a function to a name.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.language.names import tagger
from assistant.linear_model import digest_of

FOLDER = Path(__file__).parents[1] / "capabilities"
THINGS = frozenset("resource week phase topic person criteria unit date length hours minutes money whole".split())
"""What a message may name, and a capability may need."""


@dataclass(frozen=True, slots=True)
class Capability:
    """One entry of the table. `group`: its own name where it answers alone; `needs`: one of these must be named."""

    name: str
    says: str
    ask: str
    group: str
    needs: tuple[str, ...]
    writes: bool
    shown: str = ""
    also: tuple[str, ...] = ()
    words: bool = False
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Example:
    """A wording of a wish, by whom it was written; things may stand in it as `{resource}`."""

    capability: str
    text: str
    author: str
    after: str = ""
    """The capability that answered before, for a wording that follows on an answer ("who runs it?")."""
    kind: str = ""
    """Which of its kinds the capability is asked for: the hardest or the longest (`Capability.kinds`)."""

    @property
    def wish(self) -> str:
        """What is learnt: "extreme:hardest", "author".

        >>> Example("extreme", "what will make me sweat most?", "a", kind="hardest").wish
        'extreme:hardest'
        """
        return f"{self.capability}:{self.kind}" if self.kind else self.capability


@lru_cache(maxsize=1)
def capabilities() -> dict[str, Capability]:
    """Name -> entry, in the order of the table.

    >>> capabilities()["mark_done"].writes
    True
    """
    return {name: _capability(name, entry) for name, entry in _table().items()}


def table_json() -> dict[str, Any]:
    """The contract of `roadmap capabilities --json`: `{"capabilities": [...]}` in the order of the table.

    >>> table_json()["capabilities"][0]["needs"]
    ['resource', 'week', 'person', 'phase']
    """
    names = ("name", "says", "ask", "writes")
    entries = capabilities().values()
    return {"capabilities": [{n: getattr(e, n) for n in names} | {"needs": list(e.needs)} for e in entries]}


@lru_cache
def having(role: str) -> frozenset[str]:
    """The names of the entries with a role.

    >>> sorted(having("elsewhere"))
    ['concept', 'outside']
    """
    return frozenset(name for name, entry in capabilities().items() if role in entry.roles)


def the(role: str) -> str:
    """The name of the one entry with a role.

    >>> the("search")
    'concept'
    """
    (name,) = having(role)
    return name


def examples() -> tuple[Example, ...]:
    """All wordings: those in the table (author "ours"), then those of each author, in order of the file names."""
    return (*_own(), *(line for path in _files() for line in _read(path)))


FORMAT = 8
"""Changes where the features of the classifier do, so that what was fitted before is fitted again."""

STRENGTH = 25.0
"""Inverse of its regularisation, from leave-author-out validation (eval/LOG.md)."""

LEAST = {"w": 3, "c": 6}
"""Examples in which a word or pair of words, or a run of letters, must stand to count."""


PLAIN = 5
"""How often a wording of the table counts: plain ones, and those that buttons send, must be understood."""


def fitted_key() -> str:
    """What a fitted classifier hangs on: the wordings, how they are learnt, and how names are read."""
    own = [(name, entry["ask"], entry.get("examples")) for name, entry in _table().items()]
    return digest_of(f"{FORMAT} {STRENGTH} {LEAST} {tagger.key()} {own}", _files())


def _capability(name: str, entry: dict[str, object]) -> Capability:
    return Capability(
        name=name,
        says=str(entry["says"]),
        ask=str(entry["ask"]),
        group=str(entry.get("group", name)),
        needs=_texts(entry, "needs"),
        writes=entry.get("writes") is True,
        shown=str(entry.get("shown", "")),
        also=_texts(entry, "also"),
        words=entry.get("words") is True,
        roles=frozenset(_texts(entry, "roles")),
    )


def _texts(entry: dict[str, object], field: str) -> tuple[str, ...]:
    values = entry.get(field, ())
    assert isinstance(values, list | tuple)  # noqa: S101 -- our own file, held by a test
    return tuple(str(value) for value in values)


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, object]]:
    return tomllib.loads((FOLDER / "table.toml").read_text(encoding="utf-8"))


def _own() -> Iterator[Example]:
    """The wordings in the table, and the plain ones of the buttons."""
    for name, entry in _table().items():
        wordings = entry.get("examples", [])
        assert isinstance(wordings, list)  # noqa: S101
        plain = [entry["ask"]] if entry["ask"] else []
        yield from (Example(name, str(text), "ours") for text in (*wordings, *plain) for _ in range(PLAIN))


def _files() -> list[Path]:
    return sorted((FOLDER / "examples").glob("*.jsonl"))


def _read(path: Path) -> Iterator[Example]:
    times = PLAIN if path.stem == "ours" else 1
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        example = Example(entry["intent"], entry["text"], path.stem, entry.get("after", ""), entry.get("kind", ""))
        yield from [example] * times
