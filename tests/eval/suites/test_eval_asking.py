"""What a run asks the assistant: every question once, and the abstention curve over what was really found."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.cases import load_gated, load_pages
from eval.suites import asking
from eval.suites.asking import Bench, measure_answers
from tests.answer_fixtures import Make
from tests.eval_fixtures import Notes, bench

SHARED_IDS = ("ans-llm-course-01", "ans-llm-course-02")
"""Questions that are `learner` and `answerable` at once, one of each half."""


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a few of the questions, on an index that passes for one with pages."""
    gated = [case for case in load_gated() if case.id in (*SHARED_IDS, "out-cooking-01", "out-cooking-02")]
    pages = [case for case in load_pages() if case.id in SHARED_IDS]
    assert len(pages) == 2
    assert {case.suite for case in pages} == {"learner"}
    monkeypatch.setattr(asking, "load_gated", lambda _: gated)
    monkeypatch.setattr(asking, "load_pages", lambda **_: pages)
    monkeypatch.setattr(Bench, "has_pages", True)


@pytest.mark.usefixtures("few")
def test_false_refusals_show_in_the_curve_when_rankings_are_measured_in_the_same_run(
    notes: Notes, make_assistant: Make, tmp_path: Path
) -> None:
    found = measure_answers(bench(notes, make_assistant(), ("learner", "outside")), tmp_path)
    assert [(half.split, half.answerable, half.curve[-1].falsely_refused) for half in found.abstention] == [
        ("tune", 1, 1.0),
        ("test", 1, 1.0),
    ]


@pytest.mark.usefixtures("few")
def test_a_question_of_two_suites_is_asked_once(notes: Notes, make_assistant: Make, tmp_path: Path) -> None:
    both = measure_answers(bench(notes, make_assistant(), ("learner", "outside")), tmp_path)
    alone = measure_answers(bench(notes, make_assistant(), ("learner",)), tmp_path)
    assert [timing.n for timing in both.timings if timing.stage == "answer: total"] == [4]
    assert [timing.n for timing in alone.timings if timing.stage == "answer: total"] == [2]
