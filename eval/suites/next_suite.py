"""Scenarios for the next resource: who has done what, and what may and may not come next.

`load_scenarios()` reads `questions/next.jsonl`; `next_table()` asks `assistant.recommendation.recommend` and says what
was wrong. What is accepted was written from the roadmap, not from what the recommendation gives.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.recommendation.progress import Progress, check_ids
from assistant.recommendation.recommend import recommend
from corpus.notes import Notes
from corpus.roadmap import Roadmap
from eval.cases import QUESTIONS, CaseError
from eval.results import PassTable
from eval.suites.answers import pass_table

FILE = QUESTIONS / "next.jsonl"


@dataclass(frozen=True, slots=True)
class Scenario:
    """One learner. `accepted` and `forbidden` hold resource ids; None stands for "finished"."""

    id: str
    type: str
    progress: Progress
    accepted: tuple[str | None, ...]
    forbidden: tuple[str, ...]
    why: str

    @property
    def question(self) -> str:
        """The scenario in a line, for reports."""
        p = self.progress
        told = [f"done: {', '.join(sorted(p.done))}" if p.done else "nothing done"]
        told += [f"skipped: {', '.join(sorted(p.skipped))}"] if p.skipped else []
        told += [f"begun: {', '.join(sorted(p.in_progress))}"] if p.in_progress else []
        wishes = (("week", p.week), ("hours", p.hours), ("prefer", p.prefer), ("minutes", p.minutes))
        told += [f"{name} {value}" for name, value in wishes if value not in (None, "")]
        return "; ".join(told)


def load_scenarios(path: Path = FILE) -> tuple[Scenario, ...]:
    """Errors: `CaseError` naming the file and the line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise CaseError(f"{path.name} cannot be read ({error.strerror}): restore it from the repository.") from error
    return tuple(_scenario(path.name, number, line) for number, line in enumerate(lines, 1) if line.strip())


def next_table(scenarios: Sequence[Scenario], roadmap: Roadmap, notes: Notes) -> PassTable:
    """Every scenario passed or failed, by type. Errors: `InputError` for an id that the roadmap does not hold."""
    return pass_table("next", [(s.id, s.type, s.question, _wrong(s, roadmap, notes)) for s in scenarios])


def _scenario(name: str, number: int, line: str) -> Scenario:
    try:
        data: dict[str, Any] = json.loads(line)
        progress = Progress(
            done=frozenset(data.get("done", ())),
            skipped=frozenset(data.get("skipped", ())),
            in_progress=frozenset(data.get("in_progress", ())),
            week=data.get("week"),
            hours=data.get("hours"),
            prefer=data.get("prefer", ""),
            minutes=data.get("minutes"),
        )
        accepted, forbidden = tuple(data["accepted"]), tuple(data["forbidden"])
        return Scenario(data["id"], data["type"], progress, accepted, forbidden, data["why"])
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise CaseError(f"{name}, line {number}: {error!r}: see eval/questions/README.md.") from error


def _wrong(scenario: Scenario, roadmap: Roadmap, notes: Notes) -> str:
    check_ids(roadmap, [id for id in (*scenario.accepted, *scenario.forbidden) if id is not None])
    found = recommend(roadmap, notes, scenario.progress)
    if found.resource in scenario.forbidden:
        return f"{found.resource} is forbidden: {scenario.why}"
    if found.resource not in scenario.accepted:
        wanted = " or ".join(id or "finished" for id in scenario.accepted)
        return f"{found.resource or 'finished'} instead of {wanted}: {scenario.why}"
    named = {alternative.resource for alternative in found.alternatives} & scenario.progress.done
    return f"an alternative is done already: {', '.join(sorted(named))}" if named else ""
