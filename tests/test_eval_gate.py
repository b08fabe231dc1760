"""The gate passes on what was pinned, and fails on each sabotage: BM25 off, vectors shuffled, a page dropped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.retrieve import WEIGHTS, HybridRetriever
from eval import gate
from eval.measure import alignment, page_tables
from eval.results import EvalResult, Failure, GateResult, PassTable
from eval.runs import OURS, run_system
from eval.systems import hybrid
from ingest.embed import find_model
from ingest.manifest import fingerprint
from ingest.reader import OpenIndex
from tests.eval_fixtures import CORPUS, Notes, notes, publish, result

__all__ = ["notes"]


@pytest.fixture(scope="module")
def pinned(notes: Notes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gate") / "baseline.json"
    assert gate.pin(_measured(notes, notes.index), path).pinned
    return path


def test_the_same_index_passes(notes: Notes, pinned: Path) -> None:
    verdict = gate.check(_measured(notes, notes.index), pinned)
    assert verdict == GateResult(True, (), 1)


def test_switching_bm25_off_fails(notes: Notes, pinned: Path) -> None:
    weights = {name: weight for name, weight in WEIGHTS.items() if "bm25" not in name}
    verdict = gate.check(_measured(notes, notes.index, weights), pinned)
    assert not verdict.passed
    assert "own: nDCG@10 fell from" in verdict.problems[0]


def test_shuffled_vectors_fail(notes: Notes, pinned: Path, tmp_path: Path) -> None:
    shuffled = np.random.default_rng(1).permutation(notes.vectors)
    index = publish(tmp_path, notes.chunks, shuffled, find_model())
    verdict = gate.check(_measured(notes, index), pinned)
    index.close()
    assert not verdict.passed
    assert "the stored vectors are not those of their chunks" in verdict.problems[0]


def test_a_dropped_page_fails_and_names_the_command_that_pins_anew(notes: Notes, pinned: Path, tmp_path: Path) -> None:
    gone = notes.chunks[0].url
    rows = [row for row, chunk in enumerate(notes.chunks) if chunk.url != gone]
    index = publish(tmp_path, [notes.chunks[row] for row in rows], notes.vectors[rows], find_model())
    verdict = gate.check(_measured(notes, index), pinned)
    index.close()
    assert not verdict.passed
    assert "the corpus has changed" in verdict.problems[0]
    assert "`roadmap eval --gate --pin`" in verdict.problems[0]


def test_another_model_fails(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    gate.pin(result(passes=[_passes(10)]), path)
    other = replace(CORPUS, model="another model")
    assert "the model is another model" in gate.check(result(passes=[_passes(10)], corpus=other), path).problems[0]


def test_a_week_that_is_wrong_fails_and_shows_the_question(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    gate.pin(result(passes=[_passes(10)]), path)
    verdict = gate.check(result(passes=[_passes(9)]), path)
    assert verdict.problems == ("weeks: 9 of 10 passed, pinned 10 of 10; for example 'week 3': refused.",)


def test_with_nothing_pinned_the_gate_fails_and_says_how_to_pin(tmp_path: Path) -> None:
    verdict = gate.check(result(passes=[_passes(10)]), tmp_path / "none.json")
    assert not verdict.passed
    assert "nothing is pinned for an index without pages: run `roadmap eval --gate --pin`." in verdict.problems


def test_each_kind_of_index_keeps_its_own_pin(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    with_pages = replace(CORPUS, pages=5, fingerprint="b" * 64)
    gate.pin(result(passes=[_passes(10)]), path)
    gate.pin(result(passes=[_passes(8)], corpus=with_pages), path)
    assert gate.check(result(passes=[_passes(10)]), path).passed
    assert gate.check(result(passes=[_passes(8)], corpus=with_pages), path).passed


def test_pinning_one_suite_leaves_the_others_pinned(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    other = replace(_passes(7), suite="attributes")
    gate.pin(result(passes=[_passes(10), other]), path)
    gate.pin(result(passes=[replace(other, passed=9)]), path)
    assert not gate.check(result(passes=[_passes(5)]), path).passed
    assert not gate.check(result(passes=[other]), path).passed


def test_a_suite_is_not_left_pinned_for_another_corpus(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    gate.pin(result(passes=[_passes(10), replace(_passes(7), suite="attributes")]), path)
    before = path.read_text()
    with pytest.raises(gate.BaselineError, match="attributes would keep the pin of another corpus"):
        gate.pin(result(passes=[_passes(10)], corpus=replace(CORPUS, fingerprint="c" * 64)), path)
    assert path.read_text() == before


def test_measuring_only_what_is_not_pinned_does_not_pass(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    gate.pin(result(passes=[_passes(10)]), path)
    assert "none of the measured suites is pinned" in gate.check(result(), path).problems[0]


def test_a_broken_baseline_is_named(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text("[1]")
    with pytest.raises(gate.BaselineError, match=r"baseline\.json is not a baseline"):
        gate.check(result(), path)


def _measured(notes: Notes, index: OpenIndex, weights: dict[str, float] | None = None) -> EvalResult:
    """Figures of our retriever on an index, as `run_eval` makes them."""
    system = hybrid(OURS, "", HybridRetriever(index, notes.embedding, weights))
    cases = list(notes.cases)
    for case in cases:
        notes.embedding.get_query_embedding(case.question)
    tables = page_tables([run_system(system, cases)], cases, frozenset(chunk.url for chunk in index.chunks))
    hash_ = fingerprint(index.chunks, index.manifest.revision)
    aligned = alignment(index, notes.embedding)
    return result(tables, corpus=replace(CORPUS, fingerprint=hash_, chunks=len(index.chunks), alignment=aligned))


def _passes(passed: int) -> PassTable:
    failures = tuple(Failure(f"f{n}", "week 3", "refused") for n in range(10 - passed))
    return PassTable("weeks", passed, 10, {"plain": (passed, 10)}, failures)
