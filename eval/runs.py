"""Systems over questions: rankings of pages with the time that each took, and the same as TREC run files.

Knows nothing of how a system searches. Imports nothing heavy.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eval.cases import PageCase

OURS = "ours"
"""The name of our default configuration."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One retrieved passage: its page, where on it, its score, and the signals behind the score where known."""

    url: str
    heading: str
    score: float
    signals: dict[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True, slots=True)
class System:
    """A configuration. `search` gives passages best first, encoding the question included."""

    name: str
    about: str
    search: Callable[[str], Sequence[Hit]]


Rankings = dict[str, tuple[Hit, ...]]
"""Question id -> pages, best first, each with its best passage."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one system returned for every question, and how long its own search took (encoding left out)."""

    system: str
    about: str
    rankings: Rankings
    search_ms: dict[str, float]


def run_system(
    system: System,
    cases: Sequence[PageCase],
    tell: Callable[[int], None] = lambda _: None,
    encoding: Callable[[], float] = lambda: 0.0,
) -> Run:
    """Asks every question once, after one that is not counted; `tell` hears of each.

    `encoding` gives the seconds that encoding took so far (see `systems.embedding`): they are no part of the search's
    own time. A system may encode other words than those asked.
    """
    rankings: Rankings = {}
    search_ms: dict[str, float] = {}
    if cases:
        system.search(cases[0].question)
    for case in cases:
        encoded, begun = encoding(), time.perf_counter()
        hits = system.search(case.question)
        taken = time.perf_counter() - begun
        search_ms[case.id] = (taken - (encoding() - encoded)) * 1000
        rankings[case.id] = pages(hits)
        tell(1)
    return Run(system.name, system.about, rankings, search_ms)


def pages(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """A ranking of passages as one of pages: each page where its first passage stands."""
    first: dict[str, Hit] = {}
    for hit in hits:
        first.setdefault(hit.url, hit)
    return tuple(first.values())


def oracle(run: Run, cases: Iterable[PageCase]) -> Run:
    """The ceiling over the same candidates: every right page that `run` holds at all moved to the top."""
    rankings: Rankings = {}
    for case in cases:
        grades = {relevant.url: relevant.grade for relevant in case.relevant}
        found = run.rankings[case.id]
        rankings[case.id] = tuple(sorted(found, key=lambda hit: -grades.get(hit.url, 0)))
    return Run("oracle", f"the candidates of {run.system}, ordered by the right answers", rankings, {})


def write_trec(runs: Sequence[Run], cases: Sequence[PageCase], folder: Path) -> list[Path]:
    """Writes `<system>.run` for each run and `qrels.txt`; addresses are free of spaces, ids too.

    Those of an earlier run are removed: they belong to other questions than the new qrels.
    """
    folder.mkdir(parents=True, exist_ok=True)
    qrels = folder / "qrels.txt"
    for old in (*folder.glob("*.run"), qrels):
        old.unlink(missing_ok=True)
    if not runs:
        return []
    qrels.write_text("".join(f"{c.id} 0 {r.url} {r.grade}\n" for c in cases for r in c.relevant))
    written = [qrels]
    for run in runs:
        path = folder / f"{run.system}.run"
        path.write_text("".join(_trec_lines(run)))
        written.append(path)
    return written


def _trec_lines(run: Run) -> Iterable[str]:
    """Scores fall by rank: trec_eval sorts by score and would break our ties its own way."""
    for id, hits in run.rankings.items():
        for rank, hit in enumerate(hits, 1):
            yield f"{id} Q0 {hit.url} {rank} {1 / rank:.6f} {run.system}\n"
