"""The values of the roadmap: `Roadmap(phases, blocks, resources, findings)`; `corpus.reader` reads them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from corpus.errors import ProjectError

Role = Literal["preferred", "alternative", "supplemental", "checkpoint", "main"]
Severity = Literal["error", "warning", "note"]


class RoadmapError(ProjectError):
    """The roadmap cannot be read at all; the message says which file and what to do."""


@dataclass(frozen=True, slots=True, order=True)
class Weeks:
    """A closed range of whole weeks, `first <= last`."""

    first: int
    last: int

    def __contains__(self, week: int) -> bool:
        return self.first <= week <= self.last

    def __len__(self) -> int:
        return self.last - self.first + 1

    def __str__(self) -> str:
        return f"week {self.first}" if self.first == self.last else f"weeks {self.first}–{self.last}"

    def overlaps(self, other: Weeks) -> bool:
        return self.first <= other.last and other.first <= self.last

    def as_list(self) -> list[int]:
        return [self.first, self.last]


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a cell."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Resource:
    """One row of a table. Empty strings and tuples mean that the row says nothing (or "N/A")."""

    id: str
    title: str
    role: Role
    weeks: Weeks
    phase: int
    block: str
    alternatives: tuple[str, ...]
    authors: tuple[str, ...]
    task: str
    focus: str
    outcome: str
    links: tuple[Link, ...]
    pros: tuple[str, ...]
    cons: tuple[str, ...]
    difficulty: str
    hands_on: str
    recommendation: str

    @property
    def is_project(self) -> bool:
        """Whether it is work of the learner's own: a checkpoint, or the capstone."""
        return self.role == "checkpoint" or "capstone" in self.title.casefold()


@dataclass(frozen=True, slots=True)
class Block:
    """A run of weeks with its resources; a phase without week headings is one block."""

    title: str
    weeks: Weeks
    phase: int
    resources: tuple[Resource, ...]
    heading: str = ""
    """The heading as the author wrote it ("Week 13–16 — Neural Networks from Scratch")."""
    divided: bool = True
    """False where the roadmap gives the phase's weeks only, so that no finer split is known."""


@dataclass(frozen=True, slots=True)
class Phase:
    """One of the top-level sections."""

    number: int
    title: str
    weeks: Weeks
    blocks: tuple[Block, ...]
    heading: str = ""

    @property
    def resources(self) -> tuple[Resource, ...]:
        """The rows of all its blocks, in order."""
        return tuple(row for block in self.blocks for row in block.resources)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd in the file: `code` is stable, `message` names the place and what was done about it."""

    code: str
    severity: Severity
    message: str
    line: int | None = None


@dataclass(frozen=True)
class Roadmap:
    """The roadmap as read. Look-ups return empty tuples or None, never guesses."""

    title: str
    phases: tuple[Phase, ...]
    findings: tuple[Finding, ...]

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(block for phase in self.phases for block in phase.blocks)

    @cached_property
    def resources(self) -> tuple[Resource, ...]:
        return tuple(resource for block in self.blocks for resource in block.resources)

    @cached_property
    def weeks(self) -> Weeks:
        """First and last week that the roadmap holds; (0, 0) for an empty one."""
        bounds = [phase.weeks for phase in self.phases] or [Weeks(0, 0)]
        return Weeks(min(w.first for w in bounds), max(w.last for w in bounds))

    def resource(self, id: str) -> Resource | None:
        return next((r for r in self.resources if r.id == id), None)

    def title_of(self, id: str) -> str:
        """The title of a resource; the id itself for a row that is gone."""
        resource = self.resource(id)
        return resource.title if resource else id

    def phase(self, number: int) -> Phase | None:
        return next((p for p in self.phases if p.number == number), None)

    def phase_of_week(self, week: int) -> Phase | None:
        return next((p for p in self.phases if week in p.weeks), None)

    def blocks_of_week(self, week: int) -> tuple[Block, ...]:
        """Every block that holds the week: two for week 6, none for a week that does not exist."""
        return tuple(b for b in self.blocks if week in b.weeks)

    def resources_of_week(self, week: int) -> tuple[Resource, ...]:
        return tuple(r for b in self.blocks_of_week(week) for r in b.resources if week in r.weeks)
