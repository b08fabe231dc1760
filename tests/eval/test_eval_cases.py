"""Suites are loaded with their types, and what is wrong with a file or a name is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.roadmap import Weeks
from eval.cases import QUESTIONS, CaseError, SuiteError, choose, load_attributes, load_gated, load_pages

NOWHERE = Path("nowhere.jsonl")


def test_no_name_means_every_suite_and_pages_means_each_of_its_own() -> None:
    assert choose("")[:2] == ("weeks", "attributes")
    assert choose("pages") == ("quiz", "quiz-context", "faq", "faq-context", "learner", "own", "feedback")
    assert choose("own, weeks,own") == ("own", "weeks")


def test_an_unknown_suite_is_refused_with_the_names_that_exist() -> None:
    with pytest.raises(SuiteError, match=r"no suite 'week': choose from .*weeks"):
        choose("week")


def test_the_projects_own_questions_need_nothing_from_outside_the_repository() -> None:
    cases = load_pages(shared=NOWHERE)
    assert {case.suite for case in cases} == {"own", "learner"}
    assert len(cases) >= 150
    assert {r.grade for case in cases for r in case.relevant} == {1, 2}


def test_the_authors_questions_are_told_apart_by_kind_and_by_whether_they_stand_alone(shared: Path) -> None:
    cases = [case for case in load_pages(shared / "questions.jsonl") if case.suite not in ("own", "learner")]
    suites = {case.suite: sum(other.suite == case.suite for other in cases) for case in cases}
    assert suites == {"quiz": 59, "quiz-context": 18, "faq": 20, "faq-context": 26}
    assert all(case.relevant for case in cases)


def test_attributes_keep_what_their_answers_must_hold() -> None:
    cases = load_attributes()
    assert len(cases) >= 150
    assert any(case.contains for case in cases)
    assert {type(case.weeks) for case in cases} == {Weeks, type(None)}


def test_gated_questions_come_in_two_halves_of_both_kinds() -> None:
    kinds = {(case.split, case.answerable) for case in load_gated()}
    assert kinds == {("tune", True), ("tune", False), ("test", True), ("test", False)}


def test_a_users_own_cases_count_as_pages_or_as_refusals(tmp_path: Path) -> None:
    user = tmp_path / "cases.jsonl"
    both = {"type": "feedback", "by": "user"}
    page = both | {"id": "fb-1", "question": "a?", "relevant": [{"url": "note:x", "grade": 2}]}
    gated = both | {"id": "fb-2", "question": "b?", "split": "test"}
    user.write_text(json.dumps(page) + "\n" + json.dumps(gated) + "\n")
    assert [c.id for c in load_pages(shared=NOWHERE, user=user) if c.suite == "feedback"] == ["fb-1"]
    assert [c.id for c in load_gated(user) if c.by == "user"] == ["fb-2"]


@pytest.mark.parametrize(
    "line", [b"{", b"[]", b'{"id": "x"}', b"3", b'{"id": "x", "question": "q", "relevant": []}', b"\xff\xfe{}"]
)
def test_a_broken_line_is_named(tmp_path: Path, line: bytes) -> None:
    user = tmp_path / "cases.jsonl"
    user.write_bytes(b'{"id": "x", "question": "q", "type": "t", "by": "user"}\n' + line + b"\n")
    with pytest.raises(CaseError, match=f"line 2 of {user} is not a case"):
        load_gated(user)


def test_the_same_id_twice_is_an_error_that_names_both_lines(tmp_path: Path) -> None:
    first = json.loads((QUESTIONS / "own.jsonl").read_text().splitlines()[0])
    mine = tmp_path / "mine.jsonl"
    mine.write_text("\n".join(json.dumps(first | {"id": id}) for id in ("a", "b", "a")))
    with pytest.raises(CaseError, match=r"line 3 of .*mine\.jsonl has the id 'a', as has line 1 of .*mine\.jsonl"):
        load_pages(NOWHERE, mine)
    mine.write_text(json.dumps(first))
    with pytest.raises(CaseError, match=rf"line 1 of .*mine\.jsonl has the id '{first['id']}', as has line 1 of .*own"):
        load_pages(NOWHERE, mine)


def test_the_same_refusal_twice_is_an_error_too(tmp_path: Path) -> None:
    line = json.dumps({"id": "x", "type": "t", "by": "me", "question": "q?", "relevant": []})
    mine = tmp_path / "mine.jsonl"
    mine.write_text(f"{line}\n{line}\n")
    with pytest.raises(CaseError, match="line 2 of"):
        load_gated(mine)
