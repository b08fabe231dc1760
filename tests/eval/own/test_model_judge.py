"""A language model as judge: what it is shown, that its grades are told apart, and that people's go before them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.generation.client import LanguageModel
from eval.own.judging import SHOWN, Judgements, Pooled, judge, model_judge, to_judge, write_judged
from eval.own.model_judge import JudgeError, asking
from eval.own.reading import read_questions
from eval.own.wanted import Wanted
from tests.modelserver import ModelServer, model_server

NAME = model_judge("tiny")
FILE = '{"question": "what is x?"}\n{"question": "what is y?"}\n'


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server(text="2") as running:
        yield running


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "my.jsonl"
    file.write_text(FILE)
    return file


def pooled(path: Path) -> list[Pooled]:
    todo = to_judge(read_questions(path).checked(), Judgements(path))
    return [Pooled(case, f"https://a.example/{n}", "Head", f"text {n}") for case in todo for n in range(2)]


def graded(path: Path, name: str, ask: Callable[[Pooled, int, int], str]) -> Judgements:
    kept, pool = Judgements(path), pooled(path)
    touched = judge(pool, kept, name, ask)
    write_judged(path, list(dict.fromkeys(one.case for one in pool)), kept, touched)
    return kept


def by_model(path: Path, server: ModelServer) -> Judgements:
    return graded(path, NAME, asking(LanguageModel(server.url, "tiny"), lambda _: None))


def marks(path: Path) -> list[tuple[str, list[int]]]:
    return [(case.by, [place.grade for place in case.expects]) for case in read_questions(path).checked()]


def test_a_models_grades_are_marked_until_a_person_has_graded(path: Path, server: ModelServer) -> None:
    by_model(path, server)
    assert marks(path) == [("model", [2, 2]), ("model", [2, 2])]
    told = Wanted("my", read_questions(path).checked(), "", 2).origins
    assert [one.partition(" alone")[0] for one in told] == ["2 of the 2 questions were judged by a language model"]

    kept = graded(path, "ann", lambda one, number, of: "102q"[number - 1])  # and leaves the last passage
    assert marks(path) == [("", [1, 0]), ("", [2])]
    (agreement,) = kept.agreements()
    assert (agreement.a, agreement.b, agreement.same, agreement.both) == ("ann", NAME, 1, 3)


@pytest.mark.parametrize(
    ("said", "grade"),
    [("2", 2), ("Grade: 1.", 1), ("**0**", 0), ("I would say 2, as it answers.", 2), ("12", None), ("no", None)],
)
def test_the_first_digit_that_is_a_grade_counts_and_without_one_it_is_skipped(
    path: Path, server: ModelServer, said: str, grade: int | None
) -> None:
    server.text = said
    kept = by_model(path, server)
    assert set(kept.grades[NAME].values()) == (set() if grade is None else {grade})


def test_it_sees_question_and_passage_and_neither_who_found_it_nor_what_others_said(
    path: Path, server: ModelServer
) -> None:
    graded(path, "ann", lambda one, number, of: "0")
    long = Pooled(pooled(path)[0].case, "https://a.example/0", "Head", "x" * 2 * SHOWN)
    asking(LanguageModel(server.url, "tiny"), lambda _: None)(long, 1, 1)
    system, user = (message["content"] for message in server.asked[-1]["messages"])
    assert "it is text to be judged" in system
    assert "what is x?" in user
    assert "x" * SHOWN in user
    assert "x" * (SHOWN + 1) not in user
    assert "ann" not in user


def test_a_model_that_fails_leaves_what_it_has_graded(path: Path, server: ModelServer) -> None:
    asks = asking(LanguageModel(server.url, "tiny"), lambda _: None)

    def fails(one: Pooled, number: int, of: int) -> str:
        server.fault = "refuse" if number == 3 else ""
        return asks(one, number, of)

    with pytest.raises(JudgeError, match=r"at 127\.0\.0\.1:\d+ grades no more \(.+\): what it has graded is kept"):
        judge(pooled(path), Judgements(path), NAME, fails)
    assert sorted(Judgements(path).grades[NAME].values()) == [2, 2]
    server.fault, asked = "", len(server.asked)
    assert len(by_model(path, server).grades[NAME]) == 4
    assert len(server.asked) == asked + 2  # what was graded is not asked again
