"""The gate: figures of a run against those that were pinned. Fails on a regression beyond noise, or another corpus.

`eval/baseline.json` holds a pin for an index without pages, which any clone can build, and has room for one with them:
the hash of the chunks, the model, nDCG@10 of our default for every question, and how many cases passed. Rankings are
compared question by question with a paired test, so that a small but steady loss shows and a single question does not.
Other questions than those that were pinned are a failure, too: without them nothing would be compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import ProjectError
from eval.metrics import compare
from eval.report.measure import MAIN
from eval.results import EvalResult, GateResult, PassTable
from eval.runs import OURS

BASELINE = Path(__file__).parents[1] / "baseline.json"
REPIN = "`roadmap eval --gate --pin`"
_LOOK = f"look at the report, then run {REPIN}"
P = 0.05
"""A loss that chance would give less often than this is a regression."""

ALIGNED = 0.99
"""Cosine between a stored vector and a fresh one; batches of other lengths differ in the sixth digit only."""

TALK = ("u", "w", "z", "v", "y", "ca")
"""Sources of the suite `talk` that every clone has: their shares at once and good are held, and their false writes."""

TOLERATED = {
    "weeks": 0.0,
    "attributes": 0.01,
    "next": 0.0,
    "citations": 0.0,
    "outside": 0.02,
    "answerable": 0.01,
    "answered": 0.01,
    **{f"talk {source}: {figure}": 0.02 for source in TALK for figure in ("at once", "good")},
}
"""Share of a suite's cases that may fail on top of those that failed when it was pinned; of the others none."""

VARYING = "citations"
"""The suite whose cases are the answers that were given: their number is held by the suites of refusals."""


class BaselineError(ProjectError):
    """The baseline cannot be read or written; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Pin:
    """The figures that were accepted for one corpus."""

    fingerprint: str
    model: str
    chunks: int
    scores: dict[str, dict[str, float]]
    """Suite -> question id -> nDCG@10 of our default."""
    passed: dict[str, tuple[int, int]]
    """Suite -> (passed, all)."""


def readable(path: Path) -> None:
    """Tells before a run whether its figures could be compared after it. Errors: `BaselineError`."""
    _read(path)


def check(result: EvalResult, path: Path = BASELINE, *, whole: bool = False) -> GateResult:
    """Compares what was measured with its pin; suites that were not measured are not checked, or fail if it should be
    the `whole` pin.

    Errors: `BaselineError` when the file cannot be read.
    """
    pin = _read(path).get(_kind(result))
    if pin is None:
        kind = _kind(result)
        return GateResult(False, (f"nothing is pinned for an index {kind}: run {REPIN}.",), 0)
    problems = [
        *_corpus_problems(result, pin),
        *_vector_problems(result),
        *(_missing_problems(result, pin) if whole else ()),
        *_question_problems(result, pin),
        *_ranking_problems(result, pin),
        *_pass_problems(result, pin),
    ]
    checked = len(_measured(result) & {*pin.scores, *pin.passed})
    if not checked:
        problems.append(f"none of the measured suites is pinned: run {REPIN}.")
    return GateResult(not problems, tuple(problems), checked)


def pin(result: EvalResult, path: Path = BASELINE) -> GateResult:
    """Accepts the figures of `result` as the new pin for its kind of index; suites that were not measured keep theirs.

    Errors: `BaselineError`, also where those that were not measured are pinned for another corpus, or our default was
    not measured.
    """
    pins, corpus = _read(path), result.corpus
    if without := [table.suite for table in result.tables if not _ours(result, table.suite)]:
        raise BaselineError(_without_ours(", ".join(without)))
    scores = {table.suite: _ours(result, table.suite) for table in result.tables}
    passed = {table.suite: (table.passed, table.cases) for table in _passes(result)}
    measured = len(scores) + len(passed)
    if old := pins.get(_kind(result)):
        left = sorted({*old.scores, *old.passed} - {*scores, *passed})
        if left and (old.fingerprint, old.model) != (corpus.fingerprint, corpus.model):
            raise BaselineError(f"{', '.join(left)} would keep the pin of another corpus: run {REPIN} without --suite.")
        scores, passed = old.scores | scores, old.passed | passed
    pins[_kind(result)] = Pin(corpus.fingerprint, corpus.model, corpus.chunks, scores, passed)
    try:
        texts = {kind: _pin_json(kept) for kind, kept in pins.items()}
        beside = path.with_suffix(".new")
        beside.write_text(json.dumps(texts, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise BaselineError(f"{path.name} cannot be written ({error.strerror}): pin from a checkout.") from error
    return GateResult(True, (), measured, pinned=True)


def _corpus_problems(result: EvalResult, pin: Pin) -> Iterator[str]:
    corpus = result.corpus
    if corpus.model != pin.model:
        yield f"the model is {corpus.model}, pinned with {pin.model}: {_LOOK}."
    elif corpus.fingerprint != pin.fingerprint:
        yield (
            f"the corpus has changed ({corpus.chunks} chunks, hash {corpus.fingerprint[:12]}; "
            f"pinned {pin.chunks} chunks, hash {pin.fingerprint[:12]}): {_LOOK}."
        )


def _vector_problems(result: EvalResult) -> Iterator[str]:
    if result.corpus.alignment < ALIGNED:
        yield (
            f"the stored vectors are not those of their chunks (cosine {result.corpus.alignment:.2f}): "
            "run `roadmap ingest --force`."
        )


def _missing_problems(result: EvalResult, pin: Pin) -> Iterator[str]:
    for suite in sorted({*pin.scores, *pin.passed} - _measured(result)):
        yield f"{suite} is pinned and was not measured: look for what was left out, or run {REPIN}."


def _question_problems(result: EvalResult, pin: Pin) -> Iterator[str]:
    """Figures are compared only over the same questions."""
    for table in result.tables:
        kept, now = set(pin.scores.get(table.suite, ())), set(_ours(result, table.suite))
        if not now:
            yield _without_ours(table.suite)
        elif kept and kept != now:
            new, gone = len(now - kept), len(kept - now)
            yield f"{table.suite}: {new} questions are new since the pin and {gone} are gone: {_LOOK}."
    for passes in _passes(result):
        _, cases = pin.passed.get(passes.suite, (passes.passed, passes.cases))
        if passes.cases != cases and passes.suite != VARYING:
            yield f"{passes.suite}: there are {passes.cases} questions, pinned {cases}: {_LOOK}."


def _without_ours(suite: str) -> str:
    return f"{suite}: our default was not measured: leave out --compare, or name {OURS!r} in it."


def _ranking_problems(result: EvalResult, pin: Pin) -> Iterator[str]:
    for table in result.tables:
        kept, now = pin.scores.get(table.suite), _ours(result, table.suite)
        if not kept or not now:
            continue
        found = compare(now, kept)
        if found.difference < 0 and found.p < P:
            before = sum(kept[id] for id in now if id in kept) / max(1, sum(id in kept for id in now))
            yield (
                f"{table.suite}: nDCG@10 fell from {before:.3f} to {before + found.difference:.3f} "
                f"({found.losses} questions worse, {found.wins} better, p = {found.p:.4f})."
            )


def _pass_problems(result: EvalResult, pin: Pin) -> Iterator[str]:
    for table in _passes(result):
        if table.suite in pin.passed:
            yield from _pass_problem(table, *pin.passed[table.suite])


def _pass_problem(table: PassTable, passed: int, cases: int) -> Iterator[str]:
    before = passed / cases if cases else 1.0
    if table.share < before - TOLERATED.get(table.suite, 0.0) - 1e-9:
        example = f"; for example {table.failures[0].question!r}: {table.failures[0].why}" if table.failures else ""
        yield f"{table.suite}: {table.passed} of {table.cases} passed, pinned {passed} of {cases}{example}."


def _passes(result: EvalResult) -> tuple[PassTable, ...]:
    """Every suite whose cases pass or fail, and the figures of what learners say."""
    return (*result.passes, *(result.talk.passes(TALK) if result.talk else ()))


def _ours(result: EvalResult, suite: str) -> dict[str, float]:
    rows = [row for table in result.tables if table.suite == suite for row in table.rows if row.system == OURS]
    return {id: round(value, 4) for id, value in rows[0].scores[MAIN].items()} if rows else {}


def _measured(result: EvalResult) -> set[str]:
    return {table.suite for table in (*result.tables, *_passes(result))}


def _kind(result: EvalResult) -> str:
    return "with pages" if result.corpus.pages else "without pages"


def _pin_json(pin: Pin) -> dict[str, Any]:
    return {
        "fingerprint": pin.fingerprint,
        "model": pin.model,
        "chunks": pin.chunks,
        "scores": pin.scores,
        "passed": {suite: list(counts) for suite, counts in pin.passed.items()},
    }


def _read(path: Path) -> dict[str, Pin]:
    if not path.is_file():
        return {}
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return {
            kind: Pin(
                p["fingerprint"],
                p["model"],
                p["chunks"],
                {suite: {id: float(value) for id, value in kept.items()} for suite, kept in p["scores"].items()},
                {suite: (int(counts[0]), int(counts[1])) for suite, counts in p["passed"].items()},
            )
            for kind, p in data.items()
        }
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise BaselineError(
            f"{path} is not a baseline ({error!r}): restore it, or remove it and run {REPIN}."
        ) from error
