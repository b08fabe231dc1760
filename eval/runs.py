"""Systems over questions: rankings of pages with the time that each took, and the same as TREC run files.

Knows nothing of how a system searches. Imports nothing heavy.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from eval.cases import PageCase, plain
from eval.running.journal import Journal

OURS = "ours"
"""The name of our default configuration."""

SHOWN = 5
"""Pages that are shown of a question that went badly."""

DEEP, KEPT, MANY = 100, 20, 5_000
"""Pages that are kept of a ranking, and of one where there are many questions: memory does not grow without end."""

_SAFE = re.compile(r"[^\w.+=-]+")
"""What the name of a file, and of a run in it, does not hold."""

NOTHING: dict[str, float] = {}


@dataclass(frozen=True, slots=True)
class Hit:
    """One retrieved passage: its page, where on it, its score, and the signals behind the score where known."""

    url: str
    heading: str
    score: float
    signals: dict[str, float] = field(default_factory=dict[str, float])
    text: str = ""
    """Of a passage that was just retrieved; a ranking does not keep it."""
    item: str = ""
    """What it counts as where judgements are finer than pages, see `Relevant.name`."""

    @property
    def name(self) -> str:
        return self.item or self.url


@dataclass(frozen=True, slots=True)
class System:
    """A configuration. `search` gives passages best first, encoding the question included."""

    name: str
    about: str
    search: Callable[[str], Sequence[Hit]]
    spent: Callable[[], float] | None = None
    """Seconds that encoding questions took so far, where it has an embedding model of its own."""


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
    journal: Journal | None = None,
) -> Run:
    """Asks every question once, after one that is not counted; `tell` hears of each.

    `encoding` gives the seconds that encoding took so far (see `systems.embedding`): they are no part of the search's
    own time. A system may encode other words than those asked. What `journal` knows is not asked again.
    """
    journal, encoding = journal or Journal(None), system.spent or encoding
    depth = DEEP if len(cases) <= MANY else KEPT
    rankings: Rankings = {}
    search_ms: dict[str, float] = {}
    if cases:
        system.search(cases[0].question)
    for case in cases:
        known = journal.get(system.name, case.id)
        if known is None:
            encoded, begun = encoding(), time.perf_counter()
            hits = system.search(case.question)
            taken = time.perf_counter() - begun
            search_ms[case.id] = (taken - (encoding() - encoded)) * 1000
            rankings[case.id] = _trimmed(ranked(hits, case)[:depth], case)
            journal.put(system.name, case.id, [search_ms[case.id], [astuple(hit) for hit in rankings[case.id]]])
        else:
            search_ms[case.id] = known[0]
            rankings[case.id] = tuple(Hit(*fields) for fields in known[1])
        tell(1)
    return Run(system.name, system.about, rankings, search_ms)


def _trimmed(hits: Sequence[Hit], case: PageCase) -> tuple[Hit, ...]:
    """Of those that no report shows the names alone: there are a hundred for each question."""
    right = {relevant.name for relevant in case.relevant}
    return tuple(
        hit if rank < SHOWN or hit.name in right else _bare(hit.url, hit.item) for rank, hit in enumerate(hits)
    )


@lru_cache(maxsize=1 << 16)
def _bare(url: str, item: str) -> Hit:
    """The same for every question that finds it."""
    return Hit(url, "", 0.0, NOTHING, item=item)


def ranked(hits: Iterable[Hit], case: PageCase) -> tuple[Hit, ...]:
    """A ranking of what the case judges: of pages, or of sections where it names a heading or a sentence.

    A passage that holds a thing wanted counts as that; any other one as its section. Each counts where it stands first.
    """
    if not any(r.heading or r.sentence for r in case.relevant):
        return pages(hits)
    first: dict[str, Hit] = {}
    for hit in hits:
        held = [r.name for r in case.relevant if r.is_held_by(hit.url, hit.heading, hit.text)]
        for name in held or [f"{hit.url}#{quote(plain(hit.heading))}"]:
            first.setdefault(name, replace(hit, text="", item=name))
    return tuple(first.values())


def pages(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """A ranking of passages as one of pages: each page where its first passage stands."""
    first: dict[str, Hit] = {}
    for hit in hits:
        first.setdefault(hit.url, replace(hit, text=""))
    return tuple(first.values())


def oracle(run: Run, cases: Iterable[PageCase]) -> Run:
    """The ceiling over the same candidates: every right page that `run` holds at all moved to the top."""
    rankings: Rankings = {}
    for case in cases:
        grades = {relevant.name: relevant.grade for relevant in case.relevant}
        found = run.rankings[case.id]
        rankings[case.id] = tuple(sorted(found, key=lambda hit: -grades.get(hit.name, 0)))
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
    qrels.write_text("".join(f"{c.id} 0 {r.name} {r.grade}\n" for c in cases for r in c.relevant))
    written = [qrels]
    for run in runs:
        path = folder / f"{_SAFE.sub('_', run.system)}.run"
        path.write_text("".join(_trec_lines(run)))
        written.append(path)
    return written


def _trec_lines(run: Run) -> Iterable[str]:
    """Scores fall by rank: trec_eval sorts by score and would break our ties its own way."""
    for id, hits in run.rankings.items():
        for rank, hit in enumerate(hits, 1):
            yield f"{id} Q0 {hit.name} {rank} {1 / rank:.6f} {_SAFE.sub('_', run.system)}\n"
