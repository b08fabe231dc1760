"""The value of an understood question. Knows the roadmap's words (weeks, rows), nothing of how text is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from corpus.roadmap import Roadmap, Weeks

Intent = Literal[
    "missing",
    "week",
    "phase",
    "resource",
    "row",
    "attribute",
    "compare",
    "list",
    "topic",
    "count",
    "extreme",
    "overview",
    "search",
]


UNNAMED = "what this refers to"
"""What is missing where a question hangs on something that was not talked about ("is it free?" at the start)."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood. Empty values mean: not asked, not named."""

    text: str
    intent: Intent = "search"
    weeks: Weeks | None = None
    """The weeks asked for; several spans: the range that holds them all."""
    spans: tuple[Weeks, ...] = ()
    """The weeks asked for, span by span, in the order asked."""
    phase: int | None = None
    phases: tuple[int, ...] = ()
    resources: tuple[str, ...] = ()
    """Ids: those named; where weeks or a phase are asked, those of these weeks. For a search: those named."""
    attribute: str | None = None
    also: tuple[str, ...] = ()
    """Further attributes that other parts of the question ask for ("and who teaches it?")."""
    topic: tuple[str, ...] = ()
    """Content words of a subject that is looked for in the rows."""
    criteria: tuple[str, ...] = ()
    """Names of `lexicon.CRITERIA`, or "by:NAME"."""
    without: tuple[str, ...] = ()
    """Ids of the rows that are ruled out, and `barred` says by what ("not in phase 2")."""
    barred: tuple[str, ...] = ()
    counted: str = ""
    missing: str = ""
    """A name of what was asked for and does not exist ("week 49"), or "current week" or
    `UNNAMED` where that is not known."""
    notes: tuple[str, ...] = ()
    """How an odd phrase was read."""
    understood: str = ""
    follows: bool = False
    """True where the question makes sense only with the one before it."""
    about: str = ""
    """For a search that hangs on an earlier question: that question, which is searched for as well."""
    manner: str = ""
    """How it is to be said where it was answered before: "simpler", "longer"; the kinds of `rephrase`."""
    among: tuple[str, ...] = ()
    """Ids that were offered together last: what "the second one" picks from."""

    @property
    def sought(self) -> str:
        """What is searched for."""
        return f"{self.about} {self.text}" if self.about else self.text


def at(asked: Question, spans: tuple[Weeks, ...]) -> Question:
    """The question, asked of these weeks."""
    return replace(asked, spans=spans, weeks=around(spans))


def around(spans: Sequence[Weeks]) -> Weeks | None:
    """From the first of these weeks to the last, with all that lies between; None for no weeks."""
    return Weeks(min(s.first for s in spans), max(s.last for s in spans)) if spans else None


def ids_in(spans: tuple[Weeks, ...], roadmap: Roadmap) -> tuple[str, ...]:
    """Ids of the rows that are due in any of the weeks."""
    return tuple(r.id for r in roadmap.resources if any(r.weeks.overlaps(s) for s in spans))


def titles(ids: tuple[str, ...], roadmap: Roadmap) -> str:
    """The titles of these rows, in the order of the roadmap."""
    return " / ".join(r.title for r in roadmap.resources if r.id in ids)
