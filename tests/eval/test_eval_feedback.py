"""A thumbs-down is kept, reviewed, and becomes a case that the next run reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.cases import Relevant, load_gated, load_pages
from eval.feedback import FeedbackError, accept, add, cases_file, dismiss, page, to_review


def test_feedback_waits_for_review_in_the_order_it_came(tmp_path: Path) -> None:
    first = add(tmp_path, "what is dvc?", abstained=False, urls=["https://a.example/"], expectation="the DVC page")
    second = add(tmp_path, " how do I bake? ", abstained=False)
    assert to_review(tmp_path) == [first, second]
    assert second.question == "how do I bake?"


def test_an_accepted_record_with_pages_becomes_a_case_of_the_pages_suite(tmp_path: Path) -> None:
    record = add(tmp_path, "what is dvc?", abstained=False)
    accept(tmp_path, record.id, [Relevant("https://dvc.example/", 2)])
    (case,) = [c for c in load_pages(tmp_path / "none", cases_file(tmp_path)) if c.suite == "feedback"]
    assert (case.id, case.question, case.relevant) == (
        record.id,
        "what is dvc?",
        (Relevant("https://dvc.example/", 2),),
    )
    assert to_review(tmp_path) == []


def test_an_accepted_record_without_pages_must_be_refused(tmp_path: Path) -> None:
    record = add(tmp_path, "how do I bake?", abstained=False)
    accept(tmp_path, record.id)
    (case,) = [c for c in load_gated(cases_file(tmp_path)) if c.id == record.id]
    assert not case.answerable


def test_a_dismissed_record_makes_no_case(tmp_path: Path) -> None:
    record = add(tmp_path, "meh", abstained=True)
    dismiss(tmp_path, record.id)
    assert to_review(tmp_path) == []
    assert not cases_file(tmp_path).exists()


def test_a_record_is_settled_once(tmp_path: Path) -> None:
    record = add(tmp_path, "meh", abstained=True)
    waiting = add(tmp_path, "other", abstained=True)
    accept(tmp_path, record.id)
    with pytest.raises(FeedbackError, match=f"no feedback '{record.id}' to review: waiting are {waiting.id}"):
        dismiss(tmp_path, record.id)


def test_an_empty_question_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FeedbackError, match="the question is empty"):
        add(tmp_path, "  ", abstained=False)


def test_a_line_that_is_no_record_is_passed_over_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "feedback.jsonl"
    file.write_text('{"half": \n' + json.dumps({"id": "x"}) + "\n")
    record = add(tmp_path, "q", abstained=False)
    assert to_review(tmp_path) == [record]
    dismiss(tmp_path, record.id)
    assert file.read_text().startswith('{"half": \n')


def test_other_lines_are_kept_byte_by_byte_even_where_they_are_no_text(tmp_path: Path) -> None:
    file = tmp_path / "feedback.jsonl"
    file.write_bytes(b'\xff\xfe {"id"\n"\xe2\x80\xa8"\n')
    record = add(tmp_path, "q", abstained=False)
    dismiss(tmp_path, record.id)
    assert file.read_bytes().startswith(b'\xff\xfe {"id"\n"\xe2\x80\xa8"\n{"id": ')


def test_a_line_that_was_cut_off_takes_no_other_with_it(tmp_path: Path) -> None:
    (tmp_path / "feedback.jsonl").write_text('{"id": "fb-')
    record = add(tmp_path, "q", abstained=False)
    assert to_review(tmp_path) == [record]


def test_what_cannot_be_made_a_case_still_waits(tmp_path: Path) -> None:
    record = add(tmp_path, "q", abstained=False)
    cases_file(tmp_path).mkdir()
    with pytest.raises(OSError, match="directory"):
        accept(tmp_path, record.id)
    assert to_review(tmp_path) == [record]


def test_what_people_wrote_is_one_line_that_steers_no_terminal(tmp_path: Path) -> None:
    record = add(tmp_path, "what\n# is\x1b[2J dvc?\u2028", abstained=False, expectation="\x07a\r\nb")
    assert (record.question, record.expectation) == ("what # is [2J dvc?", "a b")


def test_a_page_is_kept_by_the_address_that_the_index_has(tmp_path: Path) -> None:
    assert page("HTTPS://Site.example:443/a?utm_source=x#part").url == "https://site.example/a"
    assert page("note:linux-cli-refresher").url == "note:linux-cli-refresher"
    for wrong in ("week 14", "note:", "https://", "/a"):
        with pytest.raises(FeedbackError, match="give the page as `roadmap search` shows it"):
            page(wrong)
