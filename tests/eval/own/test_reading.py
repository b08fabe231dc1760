"""Files of a person's own questions: every kind is read, and what is wrong is told with its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.cases import Relevant
from eval.own.adding import EXAMPLE, add_case, write_example
from eval.own.questions import Problem, QuestionsError, own_id
from eval.own.reading import read_questions

URL = "https://a.example/page"
LINE = json.dumps({"question": "what is x?", "expects": URL})


def read(path: Path, text: str | bytes) -> tuple[Problem, ...]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_questions(path).problems


def test_each_kind_of_file_gives_the_same_cases(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        json.dumps({"id": "1", "question": "what is x?", "expects": [URL, {"url": "note:y", "grade": 1}]})
    )
    (tmp_path / "b.csv").write_text(f"id;question;expects;grade\n1;what is x?;{URL};2\n1;what is x?;note:y;1\n")
    (tmp_path / "c.trec").write_text("<top>\n<num> Number: 1\n<title> what is x?\n</top>\n")
    (tmp_path / "c.qrels").write_text(f"1 0 {URL} 2\n1 0 note:y 1\n")
    beir = tmp_path / "beir"
    (beir / "qrels").mkdir(parents=True)
    (beir / "queries.jsonl").write_text(
        '{"_id": "1", "text": "what is x?"}\n{"_id": "2", "text": "of another split"}\n'
    )
    (beir / "qrels" / "test.tsv").write_text(f"query-id\tcorpus-id\tscore\n1\t{URL}\t2\n1\tnote:y\t1\n")
    for name in ("a.jsonl", "b.csv", "c.trec", "beir"):
        (case,) = read_questions(tmp_path / name).checked()
        assert (case.id, case.question) == ("1", "what is x?"), name
        assert case.expects == (Relevant(URL, 2), Relevant("note:y", 1)), name


def test_an_address_loses_its_fragment_and_a_question_without_an_id_has_the_same_everywhere(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        json.dumps({"question": "What  is X?", "expects": "HTTPS://A.example:443/page#part"})
    )
    (case,) = read_questions(tmp_path / "a.jsonl").checked()
    assert case.expects == (Relevant(URL, 2),)
    assert case.id == own_id("what is x?")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_with_a_mark_and_windows_line_ends_are_read(tmp_path: Path, encoding: str) -> None:
    text = f"question,expects\r\nwas ist ein Überanpassen?,{URL}\r\n"
    assert read(tmp_path / "a.csv", text.encode(encoding)) == ()
    assert read_questions(tmp_path / "a.csv").cases[0].question == "was ist ein Überanpassen?"


@pytest.mark.parametrize(
    ("name", "text", "line", "said"),
    [
        ("a.jsonl", f"{LINE}\n{{", 2, "it is no JSON"),
        ("a.jsonl", f"{LINE}\n[]", 2, "no JSON object"),
        ("a.jsonl", '{"expects": "x"}', 1, "there is no question"),
        ("a.jsonl", '{"question": "q", "expect": "https://a.example/"}', 1, "'expect' is no field here"),
        ("a.jsonl", '{"question": "q", "expects": "nowhere"}', 1, "neither http nor https"),
        ("a.jsonl", '{"question": "q", "expects": [{"heading": "h"}]}', 1, "needs the address"),
        ("a.jsonl", '{"question": "q", "expects": [{"url": "note:x", "grade": 9}]}', 1, "the grade is 9"),
        ("a.jsonl", '{"question": "q", "expects": [{"url": "note:x", "grade": true}]}', 1, "the grade is True"),
        ("a.jsonl", '{"question": "q", "expects": 3}', 1, "expects holds 3"),
        (
            "a.jsonl",
            '{"question": "q", "expects": [{"url": "note:x"}, {"url": "note:x", "grade": 1}]}',
            1,
            "grades 2 and 1",
        ),
        ("a.jsonl", '{"question": "q", "refuse": true, "expects": "note:x"}', 1, "to be refused and expects"),
        ("a.jsonl", '{"question": "q", "id": "a b"}', 1, "without blanks"),
        ("a.jsonl", json.dumps({"question": "x" * 2001}), 1, "2,001 characters"),
        ("a.jsonl", f"{LINE}\n{LINE}", 2, "stands in line 1 already"),
        ("a.jsonl", '{"question": "a", "id": "1"}\n{"question": "b", "id": "1"}', 2, "the id '1' stands in line 1"),
        ("a.jsonl", "", 0, "there is no question in it"),
        ("a.csv", "", 1, "the columns are none"),
        ("a.csv", "frage,url\nx,y\n", 1, "the columns are frage, url"),
        ("a.csv", "question,expects\nq\n", 2, "1 cells, and there are 2 columns"),
        ("a.csv", 'question,expects\n"q,x\n', 2, "no CSV"),
        ("a.csv", f"question,expects\nq,{URL}\nq,{URL}\n", 3, "judged for this question in line 2"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, name: str, text: str, line: int, said: str) -> None:
    (problem,) = read(tmp_path / name, text)
    assert problem.line == line
    assert said in problem.said
    with pytest.raises(QuestionsError, match=name):
        read_questions(tmp_path / name).checked()


def test_judgements_that_belong_to_nothing_or_contradict_each_other_are_told(tmp_path: Path) -> None:
    (tmp_path / "qrels.txt").write_text("1 0 a 1\n1 0 a 2\nx\n7 0 a 1\n")
    said = [str(problem) for problem in read(tmp_path / "a.trec", "1\twhat?\n")]
    assert any("line 2 of qrels.txt: a is judged twice for 1, as 1 and as 2" in one for one in said)
    assert any("line 3 of qrels.txt: it is no judgement" in one for one in said)
    assert any("judge the question '7', and it is not among the topics" in one for one in said)


@pytest.mark.parametrize(
    ("name", "said"),
    [("a.docx", "no known kind"), ("none.jsonl", "cannot be read"), ("a.trec", "no judgements"), ("folder", "no BEIR")],
)
def test_a_file_that_cannot_be_one_is_told_with_what_to_do(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "folder").mkdir()
    for file in ("a.docx", "a.trec"):
        (tmp_path / file).write_text("x")
    with pytest.raises(QuestionsError, match=said):
        read_questions(tmp_path / name)


def test_other_encodings_are_refused_with_the_line(tmp_path: Path) -> None:
    with pytest.raises(QuestionsError, match="line 2: it is not UTF-8"):
        read(tmp_path / "a.csv", b"question\ncaf\xe9\n")


def test_the_example_can_be_read_and_is_never_written_over_another_file(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    write_example(path)
    assert len(read_questions(path).checked()) == EXAMPLE.count('{"question"')
    with pytest.raises(Exception, match="is there already"):
        write_example(path)


def test_a_case_is_added_once_and_a_damaged_file_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "new" / "mine.jsonl"
    case = add_case(path, {"question": "what is x?", "expects": [URL]})
    add_case(path, {"question": "and y?"})
    assert [one.id for one in read_questions(path).checked()] == [case.id, own_id("and y?")]
    with pytest.raises(QuestionsError, match="line 1: it is there already"):
        add_case(path, {"question": "What is X?"})
    path.write_text("{")
    with pytest.raises(QuestionsError, match="line 1"):
        add_case(path, {"question": "z"})
    assert path.read_text() == "{"


def test_a_hundred_thousand_questions_are_read_within_seconds(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text("".join(json.dumps({"question": f"what is {n}?", "expects": URL}) + "\n" for n in range(100_000)))
    assert len(read_questions(path).checked()) == 100_000
