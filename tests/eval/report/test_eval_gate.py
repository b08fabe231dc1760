"""The gate passes on what was pinned, and fails on each sabotage: BM25 off, vectors shuffled, a page dropped, a
threshold that refuses what can be answered, and other questions than those that were pinned."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.retrieval import confidence
from assistant.retrieval.retriever import WEIGHTS, HybridRetriever
from eval.metrics import wilson
from eval.report import gate
from eval.report.measure import alignment, page_tables
from eval.results import EvalResult, Failure, GateResult, PassTable, TalkRow, TalkTable
from eval.runs import OURS, run_system
from eval.suites import asking
from eval.suites.asking import measure_answers
from eval.systems.configurations import hybrid
from ingest.index.manifest import fingerprint
from ingest.index.model import find_model
from ingest.index.reader import OpenIndex
from tests.answer_fixtures import Make
from tests.eval_fixtures import CORPUS, Notes, bench, notes, publish, result

__all__ = ["notes"]


@pytest.fixture(scope="module")
def pinned(notes: Notes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gate") / "baseline.json"
    assert gate.pin(_measured(notes, notes.index), path).pinned
    return path


def test_the_same_index_passes(notes: Notes, pinned: Path) -> None:
    verdict = gate.check(_measured(notes, notes.index), pinned)
    assert verdict == GateResult(True, (), 1)


def test_switching_the_words_off_fails(notes: Notes, pinned: Path) -> None:
    words = ("bm25", "page-bm25", "covered", "headings")
    weights = {name: weight for name, weight in WEIGHTS.items() if name not in words}
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


def test_a_threshold_that_refuses_what_the_notes_answer_fails(
    notes: Notes, make_assistant: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "load_pages", lambda **_: list(notes.cases[:12]))
    path = tmp_path / "baseline.json"

    def asked() -> EvalResult:
        found = measure_answers(bench(notes, make_assistant(), ("own",)), tmp_path)
        return result(passes=found.passes)

    gate.pin(asked(), path)
    assert gate.check(asked(), path) == GateResult(True, (), 2)
    monkeypatch.setattr(confidence, "ABSTAIN", 0.9)
    problem = next(found for found in gate.check(asked(), path).problems if found.startswith("answered"))
    found = re.match(r"answered: (\d+) of 12 passed, pinned (\d+) of 12; for example '.+': refused\.", problem)
    assert found is not None
    assert int(found[1]) < int(found[2])


def test_a_run_without_ours_is_neither_checked_nor_pinned(notes: Notes, pinned: Path) -> None:
    measured = _measured(notes, notes.index)
    (table,) = measured.tables
    without = replace(measured, tables=(replace(table, rows=(replace(table.rows[0], system="bm25"),)),))
    problem = "own: our default was not measured: leave out --compare, or name 'ours' in it."
    assert gate.check(without, pinned).problems == (problem,)
    before = pinned.read_text()
    with pytest.raises(gate.BaselineError, match=problem):
        gate.pin(without, pinned)
    assert pinned.read_text() == before


def test_other_questions_than_those_that_were_pinned_fail(notes: Notes, pinned: Path) -> None:
    cases = [replace(case, id=f"renamed-{case.id}") for case in notes.cases]
    problem = f"own: {len(cases)} questions are new since the pin and {len(cases)} are gone"
    assert problem in gate.check(_measured(replace(notes, cases=tuple(cases)), notes.index), pinned).problems[0]
    fewer = _measured(replace(notes, cases=notes.cases[1:]), notes.index)
    (said,) = gate.check(fewer, pinned).problems
    assert said.startswith("own: 0 questions are new since the pin and 1 are gone: look at the report, then run")
    assert "`roadmap eval --gate --pin`" in said


def test_taking_out_the_case_that_fails_does_not_pass(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    gate.pin(result(passes=[_passes(9)]), path)
    fewer = replace(_passes(9), cases=9, failures=())
    (problem,) = gate.check(result(passes=[fewer]), path).problems
    assert problem == (
        "weeks: there are 9 questions, pinned 10: look at the report, then run `roadmap eval --gate --pin`."
    )


def test_the_number_of_answers_may_vary_in_the_suite_of_their_citations(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    gate.pin(result(passes=[replace(_passes(10), suite="citations")]), path)
    assert gate.check(result(passes=[replace(_passes(10), suite="citations", passed=11, cases=11)]), path).passed


def test_a_whole_run_that_left_a_pinned_suite_out_fails(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    gate.pin(result(passes=[_passes(10), replace(_passes(10), suite="attributes")]), path)
    partial = result(passes=[_passes(10)])
    assert gate.check(partial, path).passed
    (problem,) = gate.check(partial, path, whole=True).problems
    assert problem.startswith("attributes is pinned and was not measured")


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


def test_what_learners_say_may_go_a_little_worse_and_never_write_what_it_should_not(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    gate.pin(_talked(80, 10), path)
    assert gate.check(_talked(78, 12), path) == GateResult(True, (), 3)
    assert gate.check(_talked(78, 10), path).problems == ()
    assert gate.check(_talked(77, 13), path).problems == ("talk u: at once: 77 of 100 passed, pinned 80 of 100.",)
    assert gate.check(_talked(80, 7), path).problems == ("talk u: good: 87 of 100 passed, pinned 90 of 100.",)
    (problem,) = gate.check(_talked(80, 10, false_writes=1), path).problems
    assert problem == "talk u: false writes: 99 of 100 passed, pinned 100 of 100."


def test_shared_items_of_the_talk_are_not_held(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    gate.pin(_talked(80, 10), path)
    rows = (*_talk(80, 10, 0).rows, replace(_talk(0, 0, 9).rows[0], source="shared"))
    assert gate.check(replace(result(), talk=TalkTable(rows, ())), path).passed


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


@pytest.mark.parametrize(
    "text",
    [
        "[1]",
        '{"without pages": {"fingerprint": "", "model": "", "chunks": 1, "scores": [], "passed": {}}}',
        '{"without pages": {"fingerprint": "", "model": "", "chunks": 1, "scores": {}, "passed": {"weeks": [1]}}}',
    ],
)
def test_a_broken_baseline_is_named_with_a_way_out(tmp_path: Path, text: str) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(text)
    with pytest.raises(gate.BaselineError, match=r"baseline\.json is not a baseline .* or remove it and run"):
        gate.readable(path)
    path.unlink()
    gate.readable(path)
    assert gate.pin(result(passes=[_passes(10)]), path).pinned


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


def _talked(right: int, asked: int, false_writes: int = 0) -> EvalResult:
    return replace(result(), talk=_talk(right, asked, false_writes))


def _talk(right: int, asked: int, false_writes: int) -> TalkTable:
    """A hundred messages of one source."""
    at_once, good, wrong, refused = (wilson(n, 100) for n in (right, right + asked, 100 - right - asked, 0))
    row = TalkRow("u", "all", at_once, good, wrong, refused, None, false_writes, 0)
    return TalkTable((row, replace(row, group="rows")), ())


def _passes(passed: int) -> PassTable:
    failures = tuple(Failure(f"f{n}", "week 3", "refused") for n in range(10 - passed))
    return PassTable("weeks", passed, 10, {"plain": (passed, 10)}, failures)
