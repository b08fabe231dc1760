"""`run_eval`: one eval run from the loaded assistant to figures, run files, report and gate.

Steps: 1 load -> 2 rankings of pages, every configuration -> 3 answers -> 4 figures -> 5 report, run files, gate.
"""

from __future__ import annotations

import shlex
import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from assistant.retrieval.retriever import WEIGHTS
from assistant.service import Assistant
from corpus.settings import Settings
from eval.cases import MINE, PageCase, choose, load_pages
from eval.feedback import cases_file
from eval.metrics import trec_eval
from eval.own.collection import hash_of, published, read_records
from eval.own.placing import place, shelf, told
from eval.own.questions import QuestionsError
from eval.own.wanted import Wanted, in_corpus, own_questions
from eval.report import build as report
from eval.report import gate, history
from eval.report.listing import listed, write_csv
from eval.report.measure import alignment, page_tables, worst
from eval.results import CorpusInfo, EvalResult, PageTable, TalkTable, Timing, Worst
from eval.running.journal import Journal, journal_path
from eval.running.provenance import made, run_key
from eval.running.telling import Building, Plain, shown
from eval.runs import OURS, Run, oracle, run_system, write_trec
from eval.suites import mine_suite, talk_suite
from eval.suites.asking import NEEDS_PAGES, Bench, Tools, measure_answers, timing
from eval.suites.strangers import among_strangers
from eval.suites.talk_cases import SHARED_TALK, load_cases
from eval.systems.configurations import Factory, chosen, own_systems
from eval.systems.embedding import MeasuredEmbedding
from eval.systems.rivals import rival_systems
from eval.systems.variants import Ground, answering, is_variant, kept_records, open_index, variants
from ingest.index.manifest import fingerprint
from ingest.index.model import find_model
from ingest.index.reader import OpenIndex
from ingest.index.vectorcache import VectorCache
from ingest.pages.visible import visible

CACHE = "eval-cache"
"""Folder below the data folder: vectors of the rivals' own pieces of text."""

REPORT = "report"
"""Folder below the data folder: the latest report, where no other place was named."""

PLAIN = ("bm25", "dense", "fusion", OURS)
"""What own questions are compared with where nothing is named: quick, and over the same passages."""

NAMED = 20
"""Own questions that are named on the screen because they cannot be measured; the report names all."""


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
    questions: str = "",
    limit: int = 0,
    sample: int = 0,
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
    cases out. `questions`: a file or folder of a person's own, measured alone; of them the first `limit`, or `sample`
    drawn by chance, 0 for all. A folder with documents of its own is measured on them.
    Errors: `SuiteError`, `ConfigurationError`, `NotReadyError`, `CaseError`, `BaselineError`, `ReportError`,
    `QuestionsError`, `CollectionError`, `JournalError`.
    """
    begun = time.monotonic()
    gated = gated or pin
    asked = choose(suites or (MINE if questions else ""))
    wanted = None if gated else own_questions(settings, asked, questions, limit, sample)
    names = [name.strip() for name in compare.split(",") if name.strip()]
    names += [OURS] if gated and OURS not in names else []
    ways, names = answering(names)
    if wanted is not None and asked == (MINE,) and not names:
        names = list(PLAIN)
    folder, console = report_dir or settings.data / REPORT, console or Console(quiet=True)
    command = _command(suites, compare, report_dir, questions, limit, sample, gated=gated, pin=pin)
    if wanted is not None and wanted.collection is not None:
        report.prepare(folder)
        result, rankings = _collection(settings, wanted, names, console)
        write_trec(rankings.runs, rankings.cases, folder / "runs")
        return _written(replace(result, command=command, seconds=time.monotonic() - begun), folder, settings.data)
    cases = None if gated else cases_file(settings.data)
    given = nullcontext(assistant) if assistant else closing(Assistant(settings))
    if gated:
        gate.readable(baseline)
    with given as own, among_strangers(own) as asks, _bench(settings, asks, asked, console, cases, wanted) as bench:
        report.prepare(folder)
        unmeasured = _told(bench, console)
        rankings = _rankings(bench, names)
        answered = measure_answers(bench, folder)
        mine = _mine(bench, ways)
        result = EvalResult(
            corpus=_corpus(bench),
            command=command,
            tables=rankings.tables,
            passes=(*answered.passes, *(table for one in mine for table in one.passes)),
            answers=answered.rows,
            reliability=answered.reliability,
            talk=_talk(bench, folder) if "talk" in bench.asked else None,
            abstention=answered.abstention,
            timings=(*rankings.timings, *answered.timings, *(t for one in mine for t in one.timings)),
            worst=rankings.worst,
            skipped=tuple(_skipped(bench, rankings.tables)),
            seconds=time.monotonic() - begun,
            unmeasured=unmeasured,
            origins=wanted.origins if wanted else (),
            made=made(rankings.cases, wanted, settings, by_model=any(one.llm != "none" for one in mine)),
            listed=listed(rankings.runs, rankings.cases, rankings.tables, mine[0].words if mine else {}),
        )
    if gated:
        verdict = gate.pin(result, baseline) if pin else gate.check(result, baseline, whole=not suites)
        result = replace(result, gate=verdict)
    write_trec(rankings.runs, rankings.cases, folder / "runs")
    return _written(result, folder, settings.data)


def _written(result: EvalResult, folder: Path, data: Path) -> EvalResult:
    """The report of a run, its questions, and its line in the history."""
    write_csv(result.listed, folder)
    return replace(result, report=report.write(result, folder, history.remember(result, data)))


# --- 1 load ---


@contextmanager
def _bench(
    settings: Settings,
    assistant: Assistant,
    asked: tuple[str, ...],
    console: Console,
    user_cases: Path | None,
    wanted: Wanted | None,
) -> Generator[Bench]:
    engine = assistant.query_engine()
    index = engine.retriever.index
    mine = place(wanted.cases, shelf(index.chunks, settings.data)) if wanted else None
    folder = settings.data / CACHE
    folder.mkdir(parents=True, exist_ok=True)
    cache = VectorCache(folder / "vectors.db", find_model(settings.embed_model))
    asked_of = [
        *asked,
        wanted.key if wanted else "",
        fingerprint(index.chunks, index.manifest.revision),
        settings.reranker,
    ]
    journal = Journal(journal_path(folder, run_key(asked_of)))
    if journal.found:
        console.print(f"Going on with a run that was stopped: {journal.found:,} values are there.", highlight=False)
    done = False
    try:
        with shown(console) as progress:
            task = progress.add_task("encoding the rivals' texts", total=None, visible=False)

            def tell(count: int) -> None:
                progress.update(task, advance=count, visible=True)

            embedding = MeasuredEmbedding(engine.retriever.embedding, cache, tell)
            yield Bench(settings, assistant, engine, embedding, progress, asked, user_cases, mine, journal)
            done = True
    finally:
        journal.close(done=done)
        cache.close()


def _told(bench: Bench, console: Console) -> tuple[str, ...]:
    """What of a person's own questions cannot be measured; said before the run, and counted nowhere."""
    found = told(bench.mine) if bench.mine else ()
    for sentence in found[:NAMED]:
        console.print(visible(f"not measured: {sentence}"), markup=False, highlight=False, soft_wrap=True)
    if len(found) > NAMED:
        console.print(f"not measured: {len(found) - NAMED} more; `roadmap eval check` lists all.", highlight=False)
    return found


# --- 2 rankings ---


def _rankings(bench: Bench, names: Sequence[str]) -> _Rankings:
    cases = [case for case in load_pages(user=bench.user_cases) if bench.measures(case.suite)]
    cases += bench.mine.pages if bench.mine else ()
    retriever = bench.engine.retriever
    ground = Ground(
        lambda: kept_records(bench.settings.data, bench.assistant.roadmap),
        fingerprint(retriever.index.chunks, retriever.index.manifest.revision),
        bench.settings.data / CACHE,
        bench.settings.embed_model,
        Building(bench.progress),
        retriever.reranker,
    )
    exchanged = variants([name for name in names if is_variant(name)], ground)
    factories = chosen({**_factories(bench), **exchanged}, names)
    if not cases:
        return _Rankings()
    indexed = frozenset(chunk.url for chunk in retriever.index.chunks)
    return rank(bench, bench.embedding, factories, cases, indexed)


def rank(
    tools: Tools,
    embedding: MeasuredEmbedding,
    factories: Mapping[str, Factory],
    cases: Sequence[PageCase],
    indexed: frozenset[str],
) -> _Rankings:
    """Runs every configuration over the cases; `indexed` are the addresses that the index holds."""
    trec_eval()  # is missed before the work, and not after it
    encode = _encode(tools, embedding, cases)
    runs = [_run(tools, embedding, name, make, cases) for name, make in factories.items()]
    ours = next((run for run in runs if run.system == OURS), None)
    if ours is not None and len(runs) > 1:
        runs.append(oracle(ours, cases))
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


def _run(tools: Tools, embedding: MeasuredEmbedding, name: str, make: Factory, cases: Sequence[PageCase]) -> Run:
    """Makes one system, runs it, and lets go of it: a rival can be large."""
    with tools.task(f"ranking with {name}", len(cases)) as tick:
        return run_system(make(), cases, tick, embedding.spent, tools.journal)


def _encode(tools: Tools, embedding: MeasuredEmbedding, cases: Sequence[PageCase]) -> list[float]:
    """Encodes every question and returns how long each took, in milliseconds."""
    with tools.task("encoding the questions", len(cases)) as tick:
        for case in cases:
            embedding.get_query_embedding(case.question)
            tick(1)
    return [embedding.seconds(case.question) * 1000 for case in cases]


# --- 3 answers ---


def _mine(bench: Bench, ways: Sequence[str]) -> list[mine_suite.Mine]:
    """A person's own questions, answered in each way."""
    placed = bench.mine
    if placed is None or not (placed.pages or placed.refused):
        return []
    found: list[mine_suite.Mine] = []
    for llm in ways:
        with bench.task("answering your questions", len(placed.pages) + len(placed.refused)) as tick:
            found.append(mine_suite.measure(bench.assistant, placed, llm, bench.journal, tick))
    return found


def _talk(bench: Bench, folder: Path) -> TalkTable:
    cases = load_cases()
    with bench.task("talking as learners do", len(cases)) as tick:
        return talk_suite.measure(bench.assistant, cases, folder, tick)


# --- a collection with documents of its own ---


def _collection(
    settings: Settings, wanted: Wanted, names: Sequence[str], console: Console
) -> tuple[EvalResult, _Rankings]:
    """Our search and the others over the documents of a collection, in an index of its own; nobody is asked."""
    folder = wanted.collection
    assert folder is not None  # noqa: S101 -- who calls has looked
    model = find_model(settings.embed_model)
    cache = settings.data / CACHE
    key = run_key([wanted.key, hash_of(folder), model.revision, *names])
    journal, done = Journal(journal_path(cache, key)), False
    try:
        with shown(console) as progress:
            ground = Ground(
                lambda: read_records(folder),
                hash_of(folder),
                cache / wanted.name,
                settings.embed_model,
                Building(progress),
            )
            apart = open_index(ground, model)
            wanted = in_corpus(wanted, frozenset(chunk.url for chunk in apart.index.chunks))
            exchanged = variants([name for name in names if is_variant(name)], ground)
            factories = chosen({**own_systems(apart.index, apart.embedding, WEIGHTS), **exchanged}, names)
            cases = [PageCase(c.id, wanted.name, c.type, "collection", c.question, c.expects) for c in wanted.cases]
            if not cases:
                raise QuestionsError(f"{wanted.name}: none of its questions has a judged document in its corpus.")
            tools = Plain(progress, journal)
            found = rank(tools, apart.embedding, factories, cases, frozenset(c.url for c in apart.index.chunks))
            done = True
    finally:
        journal.close(done=done)
    index = apart.index
    result = EvalResult(
        corpus=_info(index, alignment(index, apart.embedding)),
        command="",
        tables=found.tables,
        passes=(),
        abstention=(),
        timings=found.timings,
        worst=found.worst,
        skipped=(),
        seconds=0.0,
        made=made(cases, wanted, settings, by_model=False),
        listed=listed(found.runs, cases, found.tables, {}),
        published=published(wanted.name),
        origins=wanted.origins,
    )
    return result, found


# --- 4 figures ---


def _corpus(bench: Bench) -> CorpusInfo:
    index = bench.engine.retriever.index
    return _info(index, alignment(index, bench.embedding))


def _info(index: OpenIndex, aligned: float) -> CorpusInfo:
    """The hash is taken from the chunks that were searched, not from what the manifest says of them."""
    manifest = index.manifest
    return CorpusInfo(
        generation=manifest.generation,
        fingerprint=fingerprint(index.chunks, manifest.revision),
        model=f"{manifest.model} {manifest.revision[:12]}",
        chunks=len(index.chunks),
        documents=manifest.documents,
        pages=manifest.pages,
        alignment=aligned,
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


def _command(
    suites: str,
    compare: str,
    report_dir: Path | None,
    questions: str,
    limit: int,
    sample: int,
    *,
    gated: bool,
    pin: bool,
) -> str:
    """What a shell takes to do the same again."""
    parts = ["roadmap", "eval"]
    parts += ["--questions", questions] if questions else []
    parts += ["--limit", str(limit)] if limit else []
    parts += ["--sample", str(sample)] if sample else []
    parts += ["--suite", suites] if suites else []
    parts += ["--compare", compare] if compare else []
    parts += ["--gate"] if gated else []
    parts += ["--pin"] if pin else []
    parts += ["--report", str(report_dir)] if report_dir else []
    return shlex.join(parts)
