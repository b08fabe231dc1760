"""`run_eval`: one eval run from the loaded assistant to figures, run files, report and gate.

Steps: 1 load -> 2 rankings of pages, every configuration -> 3 answers -> 4 figures -> 5 report, run files, gate.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from assistant.engine import Assistant
from assistant.query_engine import GroundedQueryEngine
from corpus.roadmap import ROADMAP_FILE
from corpus.settings import Settings
from eval import answering, gate, report
from eval.cases import PAGE_SUITES, PageCase, choose, load_pages
from eval.embedding import MeasuredEmbedding
from eval.feedback import cases_file
from eval.measure import page_tables, worst
from eval.metrics import quantile
from eval.results import CorpusInfo, EvalResult, GateResult, PageTable, Timing, Worst
from eval.rivals import rival_systems, texts
from eval.runs import Run, oracle, run_system, write_trec
from eval.systems import OURS, own_systems, pick
from ingest.embed import VectorCache, find_model
from ingest.manifest import fingerprint

CACHE = "eval-cache"
"""Folder below the data folder: vectors of the rivals' own pieces of text."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What a run measures with: the assistant as people use it, and its engine's model made measurable."""

    settings: Settings
    assistant: Assistant
    engine: GroundedQueryEngine
    embedding: MeasuredEmbedding
    progress: Progress
    asked: tuple[str, ...]

    @property
    def has_pages(self) -> bool:
        return self.engine.retriever.index.manifest.pages > 0


@dataclass(frozen=True, slots=True)
class _Rankings:
    runs: tuple[Run, ...] = ()
    cases: tuple[PageCase, ...] = ()
    tables: tuple[PageTable, ...] = ()
    worst: tuple[Worst, ...] = ()
    timings: tuple[Timing, ...] = ()


def run_eval(
    settings: Settings,
    suites: str = "",
    compare: str = "",
    report_dir: Path | None = None,
    *,
    gated: bool = False,
    pin: bool = False,
    baseline: Path = gate.BASELINE,
    console: Console | None = None,
    assistant: Assistant | None = None,
) -> EvalResult:
    """Measures the index of `settings`.

    `suites` and `compare` are comma-separated names; empty is all suites, and all configurations (with `gated`: only
    ours). `report_dir` takes the report and the run files. `pin` accepts the figures instead of checking them.
    Errors: `SuiteError`, `ConfigurationError`, `NotReadyError`, `CaseError`, `BaselineError`.
    """
    begun = time.monotonic()
    asked = choose(suites)
    names = [name.strip() for name in compare.split(",") if name.strip()] or ([OURS] if gated or pin else [])
    with _bench(settings, assistant or Assistant(settings), asked, console or Console(quiet=True)) as bench:
        rankings = _rankings(bench, names)
        answered = answering.measure(bench.assistant, bench.engine, asked, _user_cases(bench), _stored(bench), _ticker(bench))
        result = EvalResult(
            corpus=_corpus(bench.engine),
            command=_command(suites, compare, report_dir, gated, pin),
            tables=rankings.tables,
            passes=answered.passes,
            abstention=answered.abstention,
            timings=(*rankings.timings, *answered.timings),
            worst=rankings.worst,
            skipped=tuple(_skipped(bench)),
            seconds=time.monotonic() - begun,
        )
    if gated or pin:
        result = replace(result, gate=_gate(result, pin, baseline))
    if report_dir is not None:
        write_trec(rankings.runs, rankings.cases, report_dir / "runs")
        result = replace(result, report=report.write(result, report_dir))
    return result


# --- 1 load ---


@contextmanager
def _bench(settings: Settings, assistant: Assistant, asked: tuple[str, ...], console: Console) -> Iterator[Bench]:
    engine = assistant.engine()
    folder = settings.data / CACHE
    folder.mkdir(parents=True, exist_ok=True)
    cache = VectorCache(folder / "vectors.db", find_model(settings.embed_model))
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task("encoding the rivals' texts", total=None, visible=False)

            def tell(count: int) -> None:
                progress.update(task, advance=count, visible=True)

            embedding = MeasuredEmbedding(engine.retriever.embedding, cache, tell)
            yield Bench(settings, assistant, engine, embedding, progress, asked)
    finally:
        cache.close()


def _corpus(engine: GroundedQueryEngine) -> CorpusInfo:
    """The hash is taken from the chunks that were searched, not from what the manifest says of them."""
    index = engine.retriever.index
    manifest = index.manifest
    return CorpusInfo(
        generation=manifest.generation,
        fingerprint=fingerprint(index.chunks, manifest.revision),
        model=f"{manifest.model} {manifest.revision[:12]}",
        chunks=len(index.chunks),
        documents=manifest.documents,
        pages=manifest.pages,
    )


# --- 2 rankings ---


def _rankings(bench: Bench, names: Sequence[str]) -> _Rankings:
    cases = [case for case in load_pages(user=_user_cases(bench)) if case.suite in bench.asked and _usable(case.suite, bench)]
    if not cases:
        return _Rankings()
    index = bench.engine.retriever.index
    factories = {
        **rival_systems(bench.settings.data, bench.assistant.roadmap, bench.embedding),
        **own_systems(bench.engine.retriever, bench.embedding),
    }
    encode = [_encode(bench.embedding, case.question) for case in cases]
    runs: list[Run] = []
    for system in pick(factories, names):
        task = bench.progress.add_task(f"ranking with {system.name}", total=len(cases))
        runs.append(run_system(system, cases, lambda count, task=task: bench.progress.advance(task, count)))
    ours = next((run for run in runs if run.system == OURS), None)
    if ours is not None and len(runs) > 1:
        runs.append(oracle(ours, cases))
    tables = page_tables(runs, cases, frozenset(chunk.url for chunk in index.chunks))
    timings = [_timing("encode the question", encode)]
    timings += [_timing(f"search: {run.system}", run.search_ms.values()) for run in runs if run.search_ms]
    bad = worst(ours, cases, tables) if ours else ()
    return _Rankings(tuple(runs), tuple(cases), tables, bad, tuple(timings))


def _encode(embedding: MeasuredEmbedding, question: str) -> float:
    embedding.get_query_embedding(question)
    return embedding.seconds(question) * 1000


def _timing(stage: str, values: Iterator[float] | Sequence[float] | object) -> Timing:
    numbers = [float(value) for value in values]  # pyright: ignore[reportGeneralTypeIssues]
    return Timing(stage, quantile(numbers, 0.5), quantile(numbers, 0.95), len(numbers))
