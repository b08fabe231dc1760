"""The values that `assistant.recommend` gives: a recommendation, its alternatives, the rules that decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from corpus.notes import Cost, Unit
from corpus.roadmap import Weeks

Rule = Literal[
    "finish-what-you-started",
    "order",
    "week",
    "catch-up",
    "checkpoint",
    "optional",
    "supplemental",
    "pair-preferred",
    "pair-code",
    "pair-theory",
    "pair-free",
    "pair-format",
    "pair-only-one-left",
    "pair-dead",
    "free-set-aside",
    "dead-set-aside",
    "pages-gone",
    "nothing-free-left",
    "nothing-alive-left",
    "finished",
]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another resource that would also do, and the one difference that matters."""

    resource: str
    title: str
    url: str
    difference: str

    def as_json(self) -> dict[str, str]:
        return {"resource": self.resource, "title": self.title, "url": self.url, "difference": self.difference}


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What to do now. `resource` is None when nothing that counts is left.

    `blocked_by`: needs of the resource that are not marked as done. `hours`: rough study hours left
    in it. `now`: what the minutes at hand are enough for ("" without minutes).
    """

    resource: str | None
    title: str
    url: str
    weeks: Weeks | None
    reason: str
    rules: tuple[Rule, ...]
    alternatives: tuple[Alternative, ...] = ()
    blocked_by: tuple[str, ...] = ()
    first_unit: Unit | None = None
    hours: float = 0.0
    effort: str = ""
    cost: Cost | None = None
    now: str = ""

    @property
    def finished(self) -> bool:
        return self.resource is None

    def as_json(self) -> dict[str, Any]:
        """The contract of `roadmap next --json` and `/api/v1/next`."""
        unit = self.first_unit
        return {
            "resource": self.resource,
            "title": self.title,
            "url": self.url,
            "weeks": self.weeks.as_list() if self.weeks else None,
            "reason": self.reason,
            "alternatives": [alternative.as_json() for alternative in self.alternatives],
            "blocked_by": list(self.blocked_by),
            "first_unit": {"id": unit.id, "title": unit.title, "hours": unit.hours, "url": unit.url} if unit else None,
            "hours": self.hours,
            "effort": self.effort,
            "cost": self.cost,
            "now": self.now,
            "rules": list(self.rules),
            "finished": self.finished,
        }
