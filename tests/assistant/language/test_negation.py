"""What is ruled out: lists, weeks and phases never show what a question asks to be without."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.language.criteria import read_criteria
from assistant.language.negation import object_ruled_out
from corpus.reader import read_roadmap
from corpus.roadmap import Resource
from tests.answer_fixtures import Talk

ROADMAP = read_roadmap()
ALL = {r.id for r in ROADMAP.resources}


def rows(test: Callable[[Resource], object]) -> set[str]:
    return {r.id for r in ROADMAP.resources if test(r)}


def cells(r: Resource) -> str:
    return " ".join((r.title, r.task, r.focus, r.outcome, r.block, *r.alternatives, *r.pros, *r.cons)).casefold()


VIDEO = {"essence-of-linear-algebra-khan-academy-statistics", "neural-networks-zero-to-hero"}
BOOK = {
    "python-for-data-analysis",
    "hands-on-machine-learning-with-scikit-learn-keras-tensorflow",
    "designing-data-intensive-applications",
}
ON = {
    name: rows(lambda r, n=name: any(n in x for x in (*r.authors, r.title, *(link.text for link in r.links))))
    for name in ("Coursera", "Udemy")
}
PHASE_2 = rows(lambda r: r.phase == 2)
WITHOUT = [
    ("which resources have no videos?", ALL - VIDEO),
    ("which resources are without videos?", ALL - VIDEO),
    ("resources that lack videos", ALL - VIDEO),
    ("resources excluding videos", ALL - VIDEO),
    ("list everything except books and videos", ALL - BOOK - VIDEO),
    ("which resources are neither books nor videos?", ALL - BOOK - VIDEO),
    ("video-free courses", ALL - VIDEO),
    ("show me non-video resources", ALL - VIDEO),
    ("resources with videos excluded", ALL - VIDEO),
    ("how many resources have no videos?", ALL - VIDEO),
    ("is there a resource without videos?", ALL - VIDEO),
    ("which resources have everything but videos?", ALL - VIDEO),
    ("which resources have nothing but videos?", VIDEO),
    ("list all courses except the ones on Coursera", ALL - ON["Coursera"]),
    ("courses not on Coursera or Udemy", ALL - ON["Coursera"] - ON["Udemy"]),
    ("which resources are not in phase 2?", ALL - PHASE_2),
    ("all courses except those in phase 2", ALL - PHASE_2),
    ("which resources are outside phase 2?", ALL - PHASE_2),
    ("resources that are never mentioned in weeks 7 to 20", ALL - PHASE_2),
    ("all books except DDIA", BOOK - {"designing-data-intensive-applications"}),
    ("are there any books besides DDIA?", BOOK - {"designing-data-intensive-applications"}),
    ("which resources do not cover PyTorch?", rows(lambda r: "pytorch" not in cells(r))),
    ("which courses have no SQL?", rows(lambda r: "sql" not in cells(r))),
    (
        "courses without prerequisites",
        ALL - rows(lambda r: any(w in " ".join(r.cons).casefold() for w in ("require", "needed"))),
    ),
]


@pytest.mark.parametrize(("text", "expected"), WITHOUT, ids=[text for text, _ in WITHOUT])
def test_a_list_leaves_out_what_is_ruled_out(text: str, expected: set[str], talk: Talk) -> None:
    assert set(talk.last(text).resources) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("which weeks have no checkpoint?", "47 of 49. [1]\n\nWeeks 0–5, 7–19, 21–48."),
        ("how many weeks have no checkpoint?", "47 of 49."),
        ("which phases lack a checkpoint?", "3 of 5."),
        ("which phases have no book?", "Phase 3"),
        ("which weeks have no mandatory resource?", "Weeks 5, 7–19, 21–32."),
        ("which weeks are without PyTorch?", "Weeks 0–8, 13–48."),
    ],
)
def test_weeks_and_phases_are_told_where_no_row_holds_it(text: str, said: str, talk: Talk) -> None:
    assert said in talk.last(text).text


def test_a_subject_that_no_row_names_tells_no_rows_apart(talk: Talk) -> None:
    answer = talk.last("free courses without certificates")
    assert "No cell of the roadmap speaks of “certificates”" in answer.text


@pytest.mark.parametrize(
    "text",
    ["is there no free course?", "isn't there a free course", "which course is not only free", "no, the free ones"],
)
def test_a_question_whether_there_is_none_denies_nothing(text: str) -> None:
    assert read_criteria(text) == ("free",)


def test_a_denial_reaches_no_further_than_its_clause() -> None:
    assert set(read_criteria("courses with videos and without books")) == {"video", "not:book"}
    assert set(read_criteria("not mandatory and free")) == {"not-mandatory", "free"}
    assert object_ruled_out("which courses have videos in phase 2?") == ""


@pytest.mark.parametrize(
    ("text", "formats"),
    [
        ("I prefer no videos", ("book", "course", "interactive")),
        ("I prefer anything but videos", ("book", "course", "interactive")),
        ("I prefer videos", ("video",)),
    ],
)
def test_a_wish_against_a_format_never_wishes_for_it(text: str, formats: tuple[str, ...], talk: Talk) -> None:
    talk(text)
    assert talk.learner.formats == formats


def test_phases_are_told_by_what_their_other_rows_name(talk: Talk) -> None:
    answer = talk.last("which phases not in week 6 teach python?")
    assert "with rows that name “python”" in answer.text
