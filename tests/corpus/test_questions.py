"""The project's own question files: complete, true to the roadmap and the notes, and its own.

Knows nothing of retrieval or answers: how the questions are scored is tested elsewhere.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz import fuzz

from corpus.reader import read_roadmap
from corpus.roadmap import Resource, Roadmap

ROOT = Path(__file__).parents[2]
QUESTIONS = ROOT / "eval" / "questions"
NOTES = ROOT / "corpus" / "notes"
FOREIGN = ROOT.parent / "shared" / "questions.jsonl"
Belongs = Callable[[Resource], bool]
LEAST = {"attributes": 180, "own": 160, "outside": 140, "answerable": 300}
FILES = tuple(LEAST)
SPLIT_FILES = ("outside", "answerable")
COLUMN_TYPES = {
    "author", "link", "task", "focus", "outcome", "difficulty", "hands-on", "price", "pros", "cons",
    "alternatives", "recommendation", "role", "weeks", "order", "list", "topic", "count", "compare",
}  # fmt: skip
CELL_TYPES = COLUMN_TYPES - {"weeks", "order", "list", "count", "role"}
OWN_TYPES = {"definition", "howto", "unit", "prerequisite", "cost", "concept", "practice"}
FIELDS = {
    "attributes": {"id", "type", "by", "question", "expect"},
    "own": {"id", "type", "by", "question", "relevant"},
    "outside": {"id", "type", "by", "question", "split"},
    "answerable": {"id", "type", "by", "question", "split", "relevant"},
}
COPIED = 92  # rapidfuzz's token-sort ratio above which two questions count as one

Case = dict[str, Any]


@pytest.fixture(scope="module")
def roadmap() -> Roadmap:
    return read_roadmap()


@pytest.mark.parametrize("name", FILES)
def test_every_line_has_exactly_the_fields_of_its_file(name: str) -> None:
    for case in _cases(name):
        assert set(case) == FIELDS[name], case["id"]
        assert case["by"] == "project", case["id"]
        assert case["question"] == case["question"].strip() != "", case["id"]


@pytest.mark.parametrize("name", FILES)
def test_a_file_holds_enough_cases(name: str) -> None:
    assert len(_cases(name)) >= LEAST[name]


def test_ids_are_unique_over_all_files() -> None:
    counts = Counter(case["id"] for name in FILES for case in _cases(name))
    assert [id for id, count in counts.items() if count > 1] == []


def test_questions_are_unique_over_all_files() -> None:
    counts = Counter(_plain(case["question"]) for name in FILES for case in _cases(name))
    assert [question for question, count in counts.items() if question and count > 1] == []


def test_every_column_of_the_roadmap_is_asked_about() -> None:
    assert {case["type"] for case in _cases("attributes")} == COLUMN_TYPES


def test_every_resource_is_asked_about_in_several_columns(roadmap: Roadmap) -> None:
    types: dict[str, set[str]] = {resource.id: set() for resource in roadmap.resources}
    for case in _cases("attributes"):
        for id in case["expect"]["resources"]:
            types[id].add(case["type"])
    assert {id: found for id, found in types.items() if len(found) < 6} == {}


def test_expected_resources_exist(roadmap: Roadmap) -> None:
    known = {resource.id for resource in roadmap.resources}
    for case in _cases("attributes"):
        assert set(case["expect"]["resources"]) <= known, case["id"]


def test_an_expectation_has_only_known_parts_and_expects_something() -> None:
    for case in _cases("attributes"):
        expect = case["expect"]
        assert set(expect) - {"weeks"} == {"resources", "contains", "excludes"}, case["id"]
        assert expect["resources"] or expect["contains"], case["id"]
        words = (*expect["contains"], *expect["excludes"])
        assert all(word == word.strip() != "" for word in words), case["id"]


def test_expected_words_stand_in_the_row_that_is_asked_about(roadmap: Roadmap) -> None:
    for case in (c for c in _cases("attributes") if c["type"] in CELL_TYPES):
        rows = [r for r in roadmap.resources if r.id in case["expect"]["resources"]]
        text = "\n".join(_row_text(row) for row in rows)
        missing = [word for word in case["expect"]["contains"] if word.casefold() not in text]
        assert missing == [], case["id"]


def test_expected_weeks_are_those_of_the_resources(roadmap: Roadmap) -> None:
    by_id = {resource.id: resource for resource in roadmap.resources}
    for case in (c for c in _cases("attributes") if "weeks" in c["expect"]):
        first, last = case["expect"]["weeks"]
        inside = [by_id[id].weeks for id in case["expect"]["resources"]]
        assert roadmap.weeks.first <= first <= last <= roadmap.weeks.last, case["id"]
        assert all(first <= weeks.first and weeks.last <= last for weeks in inside), case["id"]


def test_expected_counts_are_those_of_the_roadmap(roadmap: Roadmap) -> None:
    mandatory = [r for r in roadmap.resources if r.recommendation.startswith("Mandatory")]
    in_phase = {number: sum(r.phase == number for r in roadmap.resources) for number in range(5)}
    true = {
        "how many weeks does the whole roadmap take?": roadmap.weeks.last,
        "how many phases are there": len(roadmap.phases),
        "how many resources are there in total?": len(roadmap.resources),
        "how many resources are in phase 2": in_phase[2],
        "how many courses in phase three?": in_phase[3],
        "How many mandatory resources are there?": len(mandatory),
        "how many paid ones": sum("Paid" in r.cons for r in roadmap.resources),
    }
    counts = [case for case in _cases("attributes") if case["type"] == "count"]
    expected = {case["question"]: case["expect"]["contains"] for case in counts}
    assert expected == {question: [str(number)] for question, number in true.items()}


@pytest.mark.parametrize(
    ("question", "belongs"),
    [
        ("which resources are very hands-on?", lambda r: r.hands_on == "Very High"),
        ("list all resources with difficulty High", lambda r: r.difficulty == "High"),
        (
            "Which ones are rated medium-high in difficulty?",
            lambda r: r.difficulty == "Medium-High",
        ),
        ("which resources are easy?", lambda r: r.difficulty == "Easy"),
        ("which resources are mandatory", lambda r: r.recommendation.startswith("Mandatory")),
        ("which resources are free?", lambda r: any(pro.startswith("Free") for pro in r.pros)),
        ("list the paid courses", lambda r: "Paid" in r.cons),
        ("which resources are marked preferred?", lambda r: r.role == "preferred"),
        ("which rows are marked as alternative?", lambda r: r.role == "alternative"),
        ("what are the checkpoints?", lambda r: r.role == "checkpoint"),
    ],
)
def test_an_expected_list_is_what_the_column_says(question: str, belongs: Belongs, roadmap: Roadmap) -> None:
    case = next(c for c in _cases("attributes") if c["question"] == question)
    assert set(case["expect"]["resources"]) == {r.id for r in roadmap.resources if belongs(r)}


def test_retrieval_questions_grade_notes_that_exist(roadmap: Roadmap) -> None:
    known = {f"note:{resource.id}" for resource in roadmap.resources}
    for case in _cases("own"):
        urls = [item["url"] for item in case["relevant"]]
        assert len(urls) == len(set(urls)), case["id"]
        assert set(urls) <= known, case["id"]
        assert {item["grade"] for item in case["relevant"]} <= {1, 2}, case["id"]
        assert any(item["grade"] == 2 for item in case["relevant"]), case["id"]
        files = [NOTES / f"{url.removeprefix('note:')}.md" for url in urls]
        assert all(file.is_file() for file in files), case["id"]


def test_retrieval_questions_cover_every_note_and_every_type(roadmap: Roadmap) -> None:
    best = Counter(i["url"] for c in _cases("own") for i in c["relevant"] if i["grade"] == 2)
    assert {r.id: best[f"note:{r.id}"] for r in roadmap.resources if best[f"note:{r.id}"] < 8} == {}
    assert {case["type"] for case in _cases("own")} == OWN_TYPES


def test_retrieval_questions_copy_no_heading_and_no_card_of_the_notes() -> None:
    notes = "\n".join(path.read_text(encoding="utf-8") for path in sorted(NOTES.glob("*.md")))
    headings = re.findall(r"^#{1,4} (.+)$", notes, re.MULTILINE)
    cards = re.findall(r'question: "((?:[^"\\]|\\.)+)"', notes)
    copied = _copies(_cases("own"), [*headings, *cards])
    assert copied == []


@pytest.mark.parametrize("name", SPLIT_FILES)
def test_the_two_halves_alternate_within_each_type(name: str) -> None:
    by_type: dict[str, list[str]] = {}
    for case in _cases(name):
        by_type.setdefault(case["type"], []).append(case["split"])
    for kind, splits in by_type.items():
        assert set(splits) <= {"tune", "test"}, kind
        assert all(a != b for a, b in pairwise(splits)), kind
    total = Counter(case["split"] for case in _cases(name))
    assert abs(total["tune"] - total["test"]) <= len(by_type)


@pytest.mark.parametrize("name", FILES)
def test_no_question_is_one_of_the_pages_authors(name: str) -> None:
    if not FOREIGN.is_file():
        pytest.skip("../shared/questions.jsonl is not here: nothing to compare with")
    lines = FOREIGN.read_text(encoding="utf-8").splitlines()
    foreign = [json.loads(line)["question"] for line in lines if line.strip()]
    copied = _copies(_cases(name), foreign)
    assert copied == []


def test_a_copied_question_would_be_found() -> None:
    case = {"id": "x", "question": "how do you pronounce the PROJECT name"}
    original = "How do you pronounce the project name?"
    assert _copies([case], [original, "What is an index?"]) == [("x", original)]


def _cases(name: str) -> list[Case]:
    lines = (QUESTIONS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _row_text(row: Resource) -> str:
    links = [part for link in row.links for part in (link.text, link.url)]
    lists = (*row.alternatives, *row.authors, *links, *row.pros, *row.cons)
    ratings = (row.difficulty, row.hands_on, row.recommendation)
    return "\n".join((row.title, row.task, row.focus, row.outcome, *lists, *ratings)).casefold()


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _copies(cases: list[Case], others: list[str]) -> list[tuple[str, str]]:
    """Pairs (id, other) of questions that are the same up to word order, case and punctuation."""
    return [
        (case["id"], other)
        for case in cases
        for other in others
        if _plain(case["question"])
        and fuzz.token_sort_ratio(_plain(case["question"]), _plain(other), score_cutoff=COPIED)
    ]
