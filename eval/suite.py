"""`run_eval`: one eval run from the loaded assistant to figures, run files, report and gate.

Steps: 1 load -> 2 rankings of pages, every configuration -> 3 answers -> 4 figures -> 5 report, run files, gate.
"""

from __future__ import annotations

import shlex
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from assistant.service import Assistant
from corpus.settings import Settings
from eval.cases import PageCase, choose, load_pages
from eval.feedback import cases_file
from eval.metrics import trec_eval
from eval.report import build as report
from eval.report import gate
from eval.report.measure import alignment, page_tables, worst
from eval.results import CorpusInfo, EvalResult, PageTable, TalkTable, Timing, Worst
from eval.runs import OURS, Run, oracle, run_system, write_trec
from eval.suites import talk_suite
from eval.suites.asking import NEEDS_PAGES, Bench, measure_answers, timing
from eval.suites.strangers import among_strangers
from eval.suites.talk_cases import SHARED_TALK, load_cases
from eval.systems.configurations import Factory, chosen, own_systems
from eval.systems.embedding import MeasuredEmbedding
from eval.systems.rivals import rival_systems
from ingest.index.manifest import fingerprint
from ingest.index.model import find_model
from ingest.index.vectorcache import VectorCache

CACHE = "eval-cache"
"""Folder below the data folder: vectors of the rivals' own pieces of text."""

REPORT = "report"
"""Folder below the data folder: the latest report, where no other place was named."""


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

    `suites` and `compare` are comma-separated names; empty is all suites, and all configurations. `report_dir` takes
    the report and the run files (default: `report` in the data folder). `gated` compares with the baseline, `pin`
    accepts the figures instead: both measure ours in any case, and no other unless it is named, and leave a user's own
    cases out.
    Errors: `SuiteError`, `ConfigurationError`, `NotReadyError`, `CaseError`, `BaselineError`, `ReportError`.
    """
    begun = time.monotonic()
    asked = choose(suites)
    gated = gated or pin
    names = [name.strip() for name in compare.split(",") if name.strip()]
    names += [OURS] if gated and OURS not in names else []
    folder = report_dir or settings.data / REPORT
    console, cases = console or Console(quiet=True), None if gated else cases_file(settings.data)
    given = nullcontext(assistant) if assistant else closing(Assistant(settings))
    if gated:
        gate.readable(baseline)
    with given as own, among_strangers(own) as asks, _bench(settings, asks, asked, console, cases) as bench:
        report.prepare(folder)
        rankings = _rankings(bench, names)
        answered = measure_answers(bench, folder)
        result = EvalResult(
            corpus=_corpus(bench),
            command=_command(suites, compare, report_dir, gated, pin),
            tables=rankings.tables,
            passes=answered.passes,
            answers=answered.rows,
            talk=_talk(bench, folder) if "talk" in bench.asked else None,
            abstention=answered.abstention,
            timings=(*rankings.timings, *answered.timings),
            worst=rankings.worst,
            skipped=tuple(_skipped(bench, rankings.tables)),
            seconds=time.monotonic() - begun,
        )
    if gated:
        verdict = gate.pin(result, baseline) if pin else gate.check(result, baseline, whole=not suites)
        result = replace(result, gate=verdict)
    write_trec(rankings.runs, rankings.cases, folder / "runs")
    return replace(result, report=report.write(result, folder))


# --- 1 load ---


@contextmanager
def _bench(
    settings: Settings, assistant: Assistant, asked: tuple[str, ...], console: Console, user_cases: Path | None
) -> Generator[Bench]:
    engine = assistant.query_engine()
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
            yield Bench(settings, assistant, engine, embedding, progress, asked, user_cases)
    finally:
        cache.close()


# --- 2 rankings ---


def _rankings(bench: Bench, names: Sequence[str]) -> _Rankings:
    cases = [case for case in load_pages(user=bench.user_cases) if bench.measures(case.suite)]
    factories = chosen(_factories(bench), names)
    if not cases:
        return _Rankings()
    trec_eval()  # is missed before the work, and not after it
    encode = _encode(bench, cases)
    runs = [_run(bench, name, make, cases) for name, make in factories.items()]
    ours = next((run for run in runs if run.system == OURS), None)
    if ours is not None and len(runs) > 1:
        runs.append(oracle(ours, cases))
    indexed = frozenset(chunk.url for chunk in bench.engine.retriever.index.chunks)
    tables = page_tables(runs, cases, indexed)
    timings = [timing("encode the question", encode)]
    timings += [timing(f"search: {run.system}", run.search_ms.values()) for run in runs if run.search_ms]
    bad = worst(ours, cases, tables) if ours else ()
    return _Rankings(tuple(runs), tuple(cases), tables, bad, tuple(timings))


def _factories(bench: Bench) -> dict[str, Factory]:
    retriever = bench.engine.retriever
    return {
        **rival_systems(bench.settings.data, bench.assistant.roadmap, bench.embedding),
        **own_systems(retriever.index, bench.embedding, retriever.weights, retriever.reranker),
    }


def _run(bench: Bench, name: str, make: Factory, cases: Sequence[PageCase]) -> Run:
    """Makes one system, runs it, and lets go of it: a rival can be large."""
    with bench.task(f"ranking with {name}", len(cases)) as tick:
        return run_system(make(), cases, tick, bench.embedding.spent)


def _encode(bench: Bench, cases: Sequence[PageCase]) -> list[float]:
    """Encodes every question and returns how long each took, in milliseconds."""
    with bench.task("encoding the questions", len(cases)) as tick:
        for case in cases:
            bench.embedding.get_query_embedding(case.question)
            tick(1)
    return [bench.embedding.seconds(case.question) * 1000 for case in cases]


# --- 3 answers ---


def _talk(bench: Bench, folder: Path) -> TalkTable:
    cases = load_cases()
    with bench.task("talking as learners do", len(cases)) as tick:
        return talk_suite.measure(bench.assistant, cases, folder, tick)


# --- 4 figures ---


def _corpus(bench: Bench) -> CorpusInfo:
    """The hash is taken from the chunks that were searched, not from what the manifest says of them."""
    index = bench.engine.retriever.index
    manifest = index.manifest
    return CorpusInfo(
        generation=manifest.generation,
        fingerprint=fingerprint(index.chunks, manifest.revision),
        model=f"{manifest.model} {manifest.revision[:12]}",
        chunks=len(index.chunks),
        documents=manifest.documents,
        pages=manifest.pages,
        alignment=alignment(index, bench.embedding),
    )


def _skipped(bench: Bench, measured: Iterable[PageTable]) -> Iterator[str]:
    left = [suite for suite in bench.asked if suite in NEEDS_PAGES]
    left += ["answerable"] if "outside" in bench.asked else []
    if not bench.has_pages and left:
        yield f"{', '.join(left)}: the index holds no pages (`roadmap ingest --crawl` adds them)."
    elif bench.has_pages and "quiz" in bench.asked and not any(table.suite == "quiz" for table in measured):
        yield "quiz and faq: the questions of the pages' authors are not on this machine (../shared/questions.jsonl)."
    if "talk" in bench.asked and not SHARED_TALK.is_file():
        yield "the shared items of talk: they are not on this machine (../shared/talk.jsonl)."


def _command(suites: str, compare: str, report_dir: Path | None, gated: bool, pin: bool) -> str:
    """What a shell takes to do the same again."""
    parts = ["roadmap", "eval"]
    parts += ["--suite", suites] if suites else []
    parts += ["--compare", compare] if compare else []
    parts += ["--gate"] if gated else []
    parts += ["--pin"] if pin else []
    parts += ["--report", str(report_dir)] if report_dir else []
    return shlex.join(parts)
