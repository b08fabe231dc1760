"""The values of what changes for a learner: a change, or a question back. Knows no text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.recommendation.progress import Prefer

Kind = Literal[
    "done",
    "started",
    "skipped",
    "reset",
    "spent",
    "hours",
    "start",
    "prefer",
    "week",
    "pause",
    "resume",
    "undo",
    "minutes",
    "deadline",
    "replan",
    "timezone",
]
"""`minutes` and `deadline` ask ("I have 40 minutes", "I must be done by June"); the others change a state."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to do. `understood` is the sentence to show before doing it.

    `units`: units of the one resource that is named; none: all of it. `minutes`: at hand, or spent on it.
    `first`, `last`: days of a pause, the start (`first`), the deadline (`last`), or the day of the minutes (`first`).
    """

    kind: Kind
    understood: str
    resources: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    reason: str = ""
    hours: float | None = None
    minutes: int | None = None
    prefer: Prefer = ""
    formats: tuple[str, ...] = ()
    paid_too: bool = False
    first: date | None = None
    last: date | None = None
    timezone: str = ""
    week: int | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """A command whose object is not clear: `question` asks, `choices` are resource ids (or none)."""

    question: str
    choices: tuple[str, ...] = ()
