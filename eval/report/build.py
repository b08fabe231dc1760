"""An `EvalResult` -> `report.html` (one file, nothing loaded from elsewhere) and `report.md`.

Both are rendered from the same sections, so that they cannot say different things. Shows addresses and headings of
pages, never their text.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.answers import CONFIDENCES
from corpus.errors import ProjectError
from eval.metrics import METRICS
from eval.report import charts, history, talk
from eval.report.measure import MAIN
from eval.report.render import Grid, Section, as_html, as_markdown
from eval.results import AnswerRow, EvalResult, Listed, Made, Mean, PageTable, PassTable, SystemRow, Told, Worst
from eval.runs import OURS

TITLE = "How good the roadmap assistant is"
NAMES = {"ndcg@10": "nDCG@10", "mrr@10": "MRR@10", "hit_rate@1": "hit@1"}
_WORST = (
    "Those with the lowest nDCG@10 of our default, with the first pages that were retrieved and the first right one.",
    "A score is the weighted sum of the signals, each from 0 for the mean of the candidates to 1 for the best.",
    "dense: cosine of the passage; sentence: of its nearest sentence; bm25: its words; page-dense, page-bm25: the "
    "whole page; covered, headings: the share of the question that the passage, or its headings, hold.",
)
LISTED = 2_000
"""Questions of a suite that the page lists; `questions.csv` has all."""

HELP = (
    ("nDCG@10", "How near the top the right places stand among the first ten, better grades counting more: 1 is ideal, "
     "0 is none of them. The figure to compare by."),
    ("MRR@10", "One divided by the rank of the first right place: 1 where it is always first, 0.5 where second."),
    ("recall@5, @20", "The share of all right places that are among the first 5 or 20."),
    ("hit@1", "The share of questions whose first place is right."),
    ("(0.71–0.83)", "Where the mean would lie in 95 of 100 such sets of questions. With few questions it is wide: two "
     "configurations whose ranges overlap much are not told apart."),
    ("p", "How often chance alone would give so large a difference on these questions. Below 0.05 is mostly believed."),
    ("won/tied/lost", "Questions on which ours is better, equal, or worse."),
    ("lost by", "Search: no candidate was right. Ranking: one was, and stood too low. Choice of the place: it stood "
     "high, and another place was shown. Refusal: it stood high, and the answer was refused."),
    ("oracle", "What ours would score if its own candidates were ordered by the right answers: the room that is left."),
)  # fmt: skip
"""Figures and what they mean."""

FAILURES = 15
"""Failed cases that are shown of a suite."""


class ReportError(ProjectError):
    """The report cannot be written where it should be; the message says what to do."""


def prepare(folder: Path) -> None:
    """Makes the folder and tries to write there, before anything is measured. Errors: `ReportError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise ReportError(
            f"the report cannot be written to {folder} ({error.strerror}): name another folder with --report."
        ) from error


def write(result: EvalResult, folder: Path, runs: tuple[dict[str, str], ...] = ()) -> Path:
    """Writes both files, and the figures as `report.json`; returns the HTML one. `runs`: earlier ones and this, see
    `history`. Errors: `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.md").write_text(markdown(result), encoding="utf-8")
    (folder / "report.json").write_text(json.dumps(result.as_json(), indent=1) + "\n", encoding="utf-8")
    page = folder / "report.html"
    sections = [*_sections(result), *([history.section(runs)] if len(runs) > 1 else []), *how_to_read(result)]
    page.write_text(as_html(TITLE, sections), encoding="utf-8")
    return page


def markdown(result: EvalResult) -> str:
    """The report as Markdown: everything but the plots."""
    return as_markdown(TITLE, list(_sections(result, plots=False)))


def _sections(result: EvalResult, *, plots: bool = True) -> Iterator[Section]:
    yield _summary(result)
    if result.unmeasured:
        rows = tuple((sentence,) for sentence in result.unmeasured)
        text = ("What these questions expect is not in this index; none of it counts as a miss.",)
        yield Section("Not measured", text, Grid(("question and reason",), rows))
    for table in result.tables:
        yield replace(_page_section(table, plots=plots), behind=_behind(result.listed, table))
    if result.passes:
        yield _passes_section(result.passes)
        for passes in result.passes:
            if passes.failures:
                yield _failures_section(passes)
    yield from _answering(result, plots=plots)
    if result.talk:
        yield from talk.sections(result.talk)
    if result.abstention:
        yield _abstention_section(result, plots=plots)
    if plots and any(row.system == OURS for table in result.tables for row in table.rows):
        yield Section("By type of question", (), None, (charts.by_type(result.tables),))
    if result.timings:
        rows = tuple((t.stage, f"{t.p50:.1f}", f"{t.p95:.1f}", str(t.n), f"{t.total:.1f}") for t in result.timings)
        memory = (f"At most {result.made.memory_mb:,} MB of memory.",) if result.made.memory_mb else ()
        yield Section("Time, ms", memory, Grid(("stage", "p50", "p95", "questions", "all, s"), rows))
    if result.worst:
        yield Section("The worst questions", _WORST)
    for number, worst in enumerate(result.worst, 1):
        yield _worst_section(number, worst)
    yield Section("How to make it again", (f"Repeat it with `{result.command}`.", *_files(result), *_made(result.made)))


def _answering(result: EvalResult, *, plots: bool) -> Iterator[Section]:
    if result.answers:
        yield _answers_section(result.answers)
    if result.reliability:
        yield _reliability_section(result.reliability, plots=plots)


def _summary(result: EvalResult) -> Section:
    corpus = result.corpus
    text = [
        f"Index {corpus.generation}: {corpus.documents} documents ({corpus.pages} of them pages), "
        f"{corpus.chunks} chunks, hash {corpus.fingerprint[:16]}. Model {corpus.model}. Took {result.seconds:.0f} s.",
        *result.published,
        *result.origins,
        *(f"Left out: {sentence}" for sentence in result.skipped),
    ]
    if result.gate:
        verdict = "pinned" if result.gate.pinned else "passed" if result.gate.passed else "FAILED"
        text.append(f"Gate: {verdict}. {' '.join(result.gate.problems)}")
    return Section("What was measured", tuple(text))


def _files(result: EvalResult) -> tuple[str, ...]:
    said = "The rankings are in `runs/` as TREC run files with their qrels; every question is in `questions.csv`."
    return (said,) if result.tables else ()


def _made(made: Made) -> tuple[str, ...]:
    if not made.code:
        return ()
    versions = ", ".join(f"{name} {version}" for name, version in made.versions.items())
    said = f"Made of code {made.code[:12]}, questions {made.asked[:12]}, seed {made.seed}; {versions}."
    return (
        (said, *made.differs) if made.differs else (f"{said} A second run gives the same figures, but for the times.",)
    )


def _behind(rows: Sequence[Listed], table: PageTable) -> Grid | None:
    """Every question of the suite with its ranks; the worst of ours first."""
    shown = [row for row in rows if row.suite == table.suite]
    if not shown:
        return None
    systems = [row.system for row in table.rows if not charts.is_ablation(row.system) and row.system != "oracle"]
    first = OURS if OURS in systems else systems[0]
    shown = sorted(shown, key=lambda row: row.scores[first])[:LISTED]
    head = ("question", "answer", "lost by", *(f"rank, {system}" for system in systems))
    return Grid(head, tuple((r.question, r.answer, r.lost, *(str(r.ranks[s] or "–") for s in systems)) for r in shown))


def how_to_read(result: EvalResult) -> Iterator[Section]:
    """What each figure means, for who has not met them."""
    if result.tables or result.passes:
        yield Section("How to read this", (), Grid(("figure", "means"), HELP))


def _page_section(table: PageTable, *, plots: bool) -> Section:
    absent = (
        f" {table.absent} of them have no right page in this index, so that no configuration can answer them."
        if table.absent
        else ""
    )
    text = (f"{table.cases} questions; means with 95 % bootstrap intervals.{absent}",)
    compared = any(row.against for row in table.rows)
    if compared:
        text += (
            "“Ours against” is our nDCG@10 divided by the row's, with p of a paired randomisation test and questions "
            "won, tied, lost.",
        )
    head = ("configuration", *(NAMES.get(metric, metric) for metric in METRICS))
    head += ("ours against", "p", "won/tied/lost") if compared else ()
    strong = next((i for i, row in enumerate(table.rows) if row.system == OURS), -1)
    drawn = [charts.quality_against_latency(table)] if plots and len(table.rows) > 1 else []
    ablated = any(row.against and charts.is_ablation(row.system) for row in table.rows)
    drawn += [charts.ablation(table)] if plots and ablated else []
    rows = tuple(_row(row)[: len(head)] for row in table.rows)
    return Section(f"Suite {table.suite}", text, Grid(head, rows, strong), tuple(drawn))


def _row(row: SystemRow) -> tuple[str, ...]:
    against = row.against.get(MAIN)
    name = f"{row.system}: {row.about}" if row.about else row.system
    compared = ("", "", "")
    if against:
        compared = (f"x {against.ratio:.2f}", f"{against.p:.4f}", f"{against.wins}/{against.ties}/{against.losses}")
    return (name, *(_mean(row.means[metric]) for metric in METRICS), *compared)


def _mean(mean: Mean) -> str:
    return f"{mean.value:.3f} ({mean.low:.2f}–{mean.high:.2f})"


def _passes_section(passes: Sequence[PassTable]) -> Section:
    rows = [(t.suite, "all", f"{t.passed} of {t.cases}", f"{100 * t.share:.1f} %") for t in passes]
    rows += [
        (t.suite, kind, f"{good} of {total}", f"{100 * good / total:.1f} %")
        for t in passes
        for kind, (good, total) in t.by_type.items()
        if good < total
    ]
    text = (
        "Exact answers, refusals and citations. Types are listed where something failed.",
        "weeks, attributes, next: exact. outside: refused. answerable, answered (the questions of own): not refused. "
        "citations: each quote stands in its stored record. mine: your own questions; right source: a place that you "
        "expect is cited.",
    )
    return Section("Answers", text, Grid(("suite", "type", "passed", "share"), tuple(rows)))


def _answers_section(rows: Sequence[AnswerRow]) -> Section:
    text = (
        "The same questions in each way of answering; the answers themselves are in `answers.md` beside this report.",
        "Supported: sentences that the cited passages support. Times are medians; the first is until text is shown.",
    )
    head = ("answers", "answered", "citations valid", "supported", "exact", "refused", "first, ms", "whole, ms")
    return Section(
        "Ways of answering", text, Grid((*head, "tokens/s", "by the model", "grade"), tuple(map(_answers, rows)))
    )


def _answers(row: AnswerRow) -> tuple[str, ...]:
    return (
        row.configuration,
        f"{row.answered} of {row.questions}",
        f"{row.valid} of {row.answered}",
        f"{100 * row.supported:.1f} % of {row.sentences}",
        f"{row.exact} of {row.facts}",
        f"{row.refused} of {row.outside}",
        f"{row.first_ms:.0f}",
        f"{row.whole_ms:.0f}",
        f"{row.tokens_per_second:.1f}" if row.tokens_per_second else "",
        str(row.by_model) if row.tokens_per_second else "",
        "" if row.grade is None else f"{row.grade:.1f}",
    )


def _reliability_section(told: Sequence[Told], *, plots: bool) -> Section:
    text = (
        "Answers in quotes to questions that nothing is learnt from, judged blind: how sure they were told to be, and "
        "how many of them were acceptable. Answers that changed since they were judged are left out.",
    )
    head = ("probability", "in the chat", "told on average", "acceptable", "share")
    rows = tuple(
        (
            f"{t.low:.2f}–{min(t.high, 1):.2f}",
            CONFIDENCES[t.word],
            f"{t.sure:.2f}",
            f"{t.acceptable} of {t.of}",
            f"{t.acceptable / t.of:.2f}",
        )
        for t in told
    )
    drawn = (charts.reliability(told),) if plots else ()
    return Section("How sure, and how often right", text, Grid(head, rows), drawn)


def _failures_section(table: PassTable) -> Section:
    shown = tuple((f.id, f.question, f.why) for f in table.failures[:FAILURES])
    more = len(table.failures) - len(shown)
    return Section(
        f"What failed in {table.suite}",
        (f"And {more} more.",) if more else (),
        Grid(("case", "question", "why"), shown),
    )


def _abstention_section(result: EvalResult, *, plots: bool) -> Section:
    rows = tuple(
        (
            half.split,
            f"{half.refused} of {half.outside} ({100 * half.recall:.1f} %)",
            f"{half.falsely_refused} of {half.answerable} ({100 * half.false_refusal_rate:.1f} %)",
            f"{100 * half.precision:.1f} %",
        )
        for half in result.abstention
    )
    text = ("Thresholds were chosen on the half “tune”; “test” is what counts.",)
    head = ("half", "outside refused (recall)", "falsely refused", "precision of refusals")
    drawn = (charts.abstention_curve(result.abstention),) if plots else ()
    return Section("Abstention", text, Grid(head, rows), drawn)


def _worst_section(number: int, worst: Worst) -> Section:
    text = (
        f"{worst.question} — {worst.id}, nDCG@10 {worst.score:.2f}, {worst.place}.",
        f"Wanted: {', '.join(worst.wanted)}",
    )
    rows = tuple((f"{r.rank}{' (right)' if r.right else ''}", r.url, r.heading, r.why) for r in worst.retrieved)
    return Section(f"Worst {number}", text, Grid(("rank", "page", "heading", "why"), rows))
