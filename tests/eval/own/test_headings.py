"""Questions made of headings: what is asked, that it is spread over pages, marked, and the same the next time."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import UsageError
from eval.own.adding import FILE, add_case
from eval.own.headings import from_headings, question_of, write_from_headings
from eval.own.placing import Shelf, place
from eval.own.reading import read_questions
from eval.own.wanted import Wanted
from ingest.pages.chunk import Chunk

LONG = "A sentence that says something of it. " * 8


def chunk(url: str, heading: str, text: str = LONG) -> Chunk:
    return Chunk(f"{url}{heading}", "page", "", url, "A page", heading, "", text, (), 0, 0, 48, 0)


CHUNKS = [
    *(chunk("https://a.example/", f"Guide › {n}. The topic {name} of a") for n, name in enumerate("pqrs")),
    chunk("https://b.example/", "Guide › What is a closure?"),
    chunk("https://b.example/", "Guide › Common errors"),
    chunk("https://c.example/", "Guide › Common errors"),  # stands on two pages
    chunk("https://c.example/", "Installation"),  # one word
    chunk("https://c.example/", "A short section", "It says little."),
    chunk("https://c.example/", ""),
]


@pytest.mark.parametrize(
    ("heading", "asked"),
    [
        ("3.2 Merging data frames", "Merging data frames"),
        ("Chapter 4: Trees", "Trees"),
        ("IV. Results", "Results"),
        ("2 to the power of n", "2 to the power of n"),
        ("What is a closure?", "What is a closure?"),
        ("Data I own", "Data I own"),
        ("10x engineers", "10x engineers"),
    ],
)
def test_a_heading_is_asked_by_without_its_number(heading: str, asked: str) -> None:
    assert question_of(heading) == asked


def test_each_page_is_asked_of_before_one_is_asked_of_again() -> None:
    made = from_headings(CHUNKS, 3)
    pages = [fields["expects"][0]["url"] for fields in made]  # type: ignore[index]
    assert sorted(pages[:2]) == ["https://a.example/", "https://b.example/"]
    assert pages[2] == "https://a.example/"
    assert made == from_headings(CHUNKS, 3)
    everything = [fields["question"] for fields in from_headings(CHUNKS, 100)]
    assert sorted(everything) == [*(f"The topic {name} of a" for name in "pqrs"), "What is a closure?"]  # type: ignore[type-var]


def test_what_is_written_can_be_measured_and_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "first.jsonl"
    assert write_from_headings(path, CHUNKS, 4) == 4
    questions = read_questions(path)
    placed = place(questions.checked(), Shelf(CHUNKS))
    assert len(placed.pages) == 4
    assert placed.missing == ()
    add_case(path, {"question": "mine?", "expects": "https://a.example/"})
    told = Wanted("first", read_questions(path).checked(), "", 5).origins
    assert [one.partition(" (")[0] for one in told] == ["4 of the 5 questions are headings of the pages"]
    with pytest.raises(UsageError, match="is there already"):
        write_from_headings(path, CHUNKS, 4)


def test_where_no_heading_can_be_asked_by_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="take in pages first"):
        write_from_headings(tmp_path / FILE, CHUNKS[-3:], 4)
    assert list(tmp_path.iterdir()) == []
