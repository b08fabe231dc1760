"""The suite `answers`: the same questions in each way of answering, with a real index and a model server over HTTP."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.reader import ROADMAP_FILE
from eval.cases import PlainCase, load_gated
from eval.report.build import markdown
from eval.results import AnswerRow
from eval.suites.answers_suite import FILE, Questions, Records, measure, questions
from eval.suites.weeks_suite import cases
from tests.answer_fixtures import Make
from tests.eval_fixtures import Notes, result
from tests.modelserver import model_server

PLAIN = PlainCase("definition-01", "definition", "what is micrograd?")


@pytest.fixture
def records(notes: Notes) -> Records:
    texts: dict[str, str] = {}
    for chunk in notes.chunks:
        texts[chunk.url] = f"{texts.get(chunk.url, '')}\n{chunk.text}"
    return Records(texts, ROADMAP_FILE.read_text(encoding="utf-8"))


def asked(make: Make) -> Questions:
    roadmap = make().roadmap
    outside = [case for case in load_gated() if not case.answerable][:2]
    return Questions([PLAIN], cases(roadmap)[:3], outside)


def measured(make: Make, records: Records, folder: Path, **settings: str) -> tuple[list[AnswerRow], list[int]]:
    ticks: list[int] = []
    return measure(make(**settings), asked(make), records, folder, ticks.append), ticks


def test_composed_answers_are_measured_and_kept_for_reading(
    make_assistant: Make, records: Records, tmp_path: Path
) -> None:
    (row,), ticks = measured(make_assistant, records, tmp_path)
    assert (row.configuration, row.questions, row.answered, row.valid) == ("composed", 1, 1, 1)
    assert (row.exact, row.facts, row.outside) == (3, 3, 2)
    assert row.supported == 1.0
    assert row.sentences > 0
    assert 0 < row.first_ms <= row.whole_ms
    assert (row.tokens_per_second, row.by_model, row.grade) == (0.0, 0, None)
    assert sum(ticks) == 6
    assert PLAIN.question in (tmp_path / FILE).read_text(encoding="utf-8")


def test_a_quote_that_stands_nowhere_is_no_valid_citation(
    make_assistant: Make, records: Records, tmp_path: Path
) -> None:
    (row,), _ = measured(make_assistant, replace(records, texts={}), tmp_path)
    assert (row.answered, row.valid) == (1, 0)


def test_a_language_model_gets_a_row_of_its_own(make_assistant: Make, records: Records, tmp_path: Path) -> None:
    with model_server() as server:
        server.text = "This is made up of purple elephants. And of more elephants that nobody has seen."
        rows, _ = measured(make_assistant, records, tmp_path, llm_url=server.url, llm_judge="judge")
    assert [row.configuration == "composed" for row in rows] == [True, False]
    assert rows[1].by_model == 0
    assert rows[1].exact == rows[0].exact
    assert rows[1].valid == rows[1].answered
    assert [row.grade for row in rows] == [None, None]


def test_the_grade_of_a_judge_is_read_from_what_it_says(make_assistant: Make, records: Records, tmp_path: Path) -> None:
    with model_server() as server:
        server.text = "I give it a 4."
        rows, _ = measured(make_assistant, records, tmp_path, llm_url=server.url, llm_judge="judge")
    assert [row.grade for row in rows] == [4.0, 4.0]


def test_every_question_is_asked_of_every_way(make_assistant: Make) -> None:
    all_of_them = questions(make_assistant())
    assert len(all_of_them.plain) == 60
    assert all_of_them.count > 120


def test_the_report_shows_the_ways_of_answering() -> None:
    row = AnswerRow("composed", 60, 55, 55, 1.0, 200, 40.0, 60.0, 0.0, 0, None, 60, 60, 19, 20)
    shown = markdown(replace(result(), answers=(row,)))
    assert "| composed | 55 of 60 | 55 of 55 | 100.0 % of 200 | 60 of 60 | 19 of 20 | 40 | 60 |" in shown
    assert result().as_json()["answers"] == []
