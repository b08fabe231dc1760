"""Judging: what is kept, what goes into the file of questions, and how far judges agree."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from eval.own.judging import Judgements, Pooled, judge, take_back, to_judge, write_judged
from eval.own.questions import QuestionsError
from eval.own.reading import read_questions
from eval.runs import Hit, System
from eval.systems.pooling import FIRST, pool

FILE = """\
# mine
{"question": "what is x?"}
{"question": "what is y?", "expects": "note:y"}
{"question": "what is z?", "id": "z", "type": "hard"}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "my.jsonl"
    file.write_text(FILE)
    return file


def pooled(path: Path) -> list[Pooled]:
    todo = to_judge(read_questions(path).checked(), Judgements(path))
    return [Pooled(case, f"https://a.example/{n}", "H", f"text {n}") for case in todo for n in range(3)]


def keyed(path: Path, keys: str, name: str = "me") -> Judgements:
    """Presses these keys, one a passage, as a session of this judge."""
    kept, pressed = Judgements(path), iter(keys)
    pool = pooled(path)
    touched = judge(pool, kept, name, lambda one, number, of: next(pressed))
    write_judged(path, [one.case for one in pool], kept, touched)
    return kept


def places(path: Path) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    for case in read_questions(path).checked():
        yield case.question, [(place.url.rpartition("/")[2], place.grade) for place in case.expects]


def test_grades_go_into_the_file_and_nothing_else_of_it_changes(path: Path) -> None:
    keyed(path, "20u1sq")  # the second passage is graded 0, taken back, and graded 1; the third is skipped
    assert dict(places(path)) == {
        "what is x?": [("0", 2), ("1", 1)],
        "what is y?": [("note:y", 2)],
        "what is z?": [],
    }
    lines = path.read_text().splitlines()
    assert [lines[0], *lines[2:]] == [FILE.splitlines()[0], *FILE.splitlines()[2:]]


def test_a_session_goes_on_where_it_was_stopped_with_what_was_kept_at_once(path: Path) -> None:
    def killed(one: Pooled, number: int, of: int) -> str:
        if number == 3:
            raise KeyboardInterrupt
        return "2"

    with pytest.raises(KeyboardInterrupt):
        judge(pooled(path), Judgements(path), "me", killed)
    with Judgements(path).path.open("a") as file:
        file.write('{"judge": "me", "id": "z", "gra')  # it was killed in the middle of a line
    asked: list[str] = []

    def rest(one: Pooled, number: int, of: int) -> str:
        asked.append(one.text)
        return "0"

    kept = Judgements(path)
    judge(pooled(path), kept, "me", rest)
    assert asked == ["text 2", "text 0", "text 1", "text 2"]
    assert Judgements(path).grades == kept.grades


def test_judges_are_kept_apart_and_their_agreement_is_told(path: Path) -> None:
    keyed(path, "210210", "ann")
    kept = keyed(path, "210200", "bob")
    (agreement,) = kept.agreements()
    assert (agreement.both, agreement.same) == (6, 5)
    assert agreement.kappa == pytest.approx((5 / 6 - 1 / 3) / (1 - 1 / 3))  # by hand: one third agrees by chance
    assert dict(places(path))["what is z?"] == [("0", 2), ("1", 0), ("2", 0)]  # of two who differ the lower grade
    same = keyed(path, "", "ann")
    assert same.grades == kept.grades


def test_one_grade_alone_has_no_kappa(path: Path) -> None:
    keyed(path, "000000", "ann")
    kept = keyed(path, "000000", "bob")
    (agreement,) = kept.agreements()
    assert "kappa undefined" in str(agreement)


def test_a_question_that_nothing_answers_is_named_and_stays_without_a_judgement(path: Path) -> None:
    kept = Judgements(path)
    some = pooled(path)
    touched = judge(some, kept, "me", lambda one, number, of: "0")
    assert write_judged(path, to_judge(read_questions(path).cases, kept), kept, touched) == ("what is x?", "what is z?")
    assert [case.is_judged for case in read_questions(path).checked()] == [False, True, False]


def test_a_line_that_was_changed_meanwhile_is_not_written_over(path: Path) -> None:
    kept, cases = Judgements(path), read_questions(path).checked()
    touched = judge(pooled(path), kept, "me", lambda one, number, of: "2")
    path.write_text(FILE.replace("what is x?", "what is w?"))
    before = path.read_text()
    with pytest.raises(QuestionsError, match="was changed meanwhile"):
        write_judged(path, cases, kept, touched)
    assert path.read_text() == before


def test_what_several_judges_keep_at_the_same_time_is_all_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_bytes

    def slowly(file: Path) -> bytes:
        raw = read(file)
        time.sleep(0.005)  # another one may write after it was read
        return raw

    def keep(judge: str) -> None:
        kept = Judgements(path)
        for number in range(5):
            kept.put(judge, ("z", f"https://a.example/{number}", "hash"), number % 3)

    monkeypatch.setattr(Path, "read_bytes", slowly)
    with ThreadPoolExecutor() as threads:
        list(threads.map(keep, "abc"))
    kept = Judgements(path)
    assert {judge: len(grades) for judge, grades in kept.grades.items()} == dict.fromkeys("abc", 5)


def test_what_another_judge_has_graded_meanwhile_goes_into_the_file_too(path: Path) -> None:
    mine, (first, second, *_) = Judgements(path), pooled(path)
    mine.put("me", first.name, 2)
    Judgements(path).put("ann", second.name, 1)
    write_judged(path, [first.case], mine, ())
    assert dict(places(path))["what is x?"] == [("0", 2), ("1", 1)]


def test_a_page_that_was_put_into_the_line_by_hand_meanwhile_stays(path: Path) -> None:
    kept, (first, *_) = Judgements(path), pooled(path)
    path.write_text(FILE.replace('"what is x?"', '"what is x?", "expects": "note:x"'))
    kept.put("me", first.name, 1)
    write_judged(path, [first.case], kept, ())
    assert dict(places(path))["what is x?"] == [("note:x", 2), ("0", 1)]


def test_a_grade_that_is_taken_back_leaves_the_line_only_where_it_was_written(path: Path) -> None:
    kept, (first, second, *_) = Judgements(path), pooled(path)
    kept.put("me", first.name, 2)
    kept.put("me", second.name, 1)
    take_back(path, first.case, kept, "me", second.name)
    assert path.read_text() == FILE
    kept.put("me", second.name, 1)
    write_judged(path, [first.case], kept, ())
    take_back(path, read_questions(path).checked()[0], kept, "me", second.name)
    assert dict(places(path))["what is x?"] == [("0", 2)]
    assert Judgements(path).grades["me"] == {first.name: 2}


@pytest.mark.parametrize("line", ["# mine\n", "# mine\nno JSON\n", "# mine\n[]\n", "# mine\n5\n"])
def test_a_line_that_is_gone_or_damaged_meanwhile_is_not_written_over(path: Path, line: str) -> None:
    kept, (first, *_) = Judgements(path), pooled(path)
    kept.put("me", first.name, 1)
    path.write_text(line)
    with pytest.raises(QuestionsError, match="was changed meanwhile"):
        write_judged(path, [first.case], kept, ())
    assert path.read_text() == line


def test_a_damaged_line_is_told_with_its_number(path: Path) -> None:
    Judgements(path).path.write_text("no judgement\n" + json.dumps({}) + "\n")
    with pytest.raises(QuestionsError, match="line 1: it is no judgement"):
        Judgements(path)


def test_a_pool_holds_the_first_of_each_system_once_in_an_order_of_its_own(path: Path) -> None:
    (case, *_) = read_questions(path).checked()
    both = [Hit(f"u{n}", "H", 1.0, text="t") for n in range(FIRST + 5)]
    systems = [System("a", "", lambda _: both), System("b", "", lambda _: both[3:])]
    found = [one.url for one in pool(systems, [case])]
    assert sorted(found) == sorted(hit.url for hit in both[: FIRST + 3])
    assert found == [one.url for one in pool(systems[::-1], [case])]
    assert found != [hit.url for hit in both[: FIRST + 3]]
