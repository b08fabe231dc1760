"""What is ruled out: lists, weeks and phases never show what a question asks to be without."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.language.criteria import read_criteria
from assistant.language.negation import objects_ruled_out
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


def week(first: int, last: int | None = None) -> set[str]:
    return rows(lambda r: r.weeks.first <= (last or first) and r.weeks.last >= first)


MANDATORY = rows(lambda r: r.recommendation.startswith("Mandatory"))
FREE = rows(lambda r: "free" in " ".join(r.pros).casefold())
NG = rows(lambda r: "Andrew Ng" in r.authors)
CAPSTONE, DDIA, BOOTCAMP = (
    {"capstone-portfolio"},
    {"designing-data-intensive-applications"},
    {"full-stack-llm-bootcamp"},
)
CHECKPOINTS = rows(lambda r: r.role == "checkpoint")
REQUIRING = rows(lambda r: any(w in " ".join(r.cons).casefold() for w in ("require", "needed")))
PRICED = rows(lambda r: "Paid" in r.cons or "free" in " ".join(r.pros).casefold())
IN_MANY_VOICES = [
    ("list of videos, none by Andrew Ng", VIDEO - NG),
    ("neither books nor courses", ALL - BOOK),
    ("besides books in week 10", week(10)),
    ("besides books in week 7", week(7) - BOOK),
    ("anything but videos for week 5", set[str]()),
    ("what has no exercises?", rows(lambda r: "exercises" not in cells(r))),
    ("books, but none from O'Reilly", BOOK - DDIA),
    ("free stuff that isn't a video", FREE - VIDEO),
    ("give me courses, no Udemy please", ALL - ON["Udemy"]),
    ("Which books were not written by Kleppmann?", BOOK - DDIA),
    ("no books, no videos. what's left?", ALL - BOOK - VIDEO),
    ("what isn't free or paid?", ALL - PRICED),
    ("neither free nor paid", ALL - PRICED),
    ("what has no link?", rows(lambda r: not r.links)),
    ("rows lacking a link", rows(lambda r: not r.links)),
    ("what has no alternative?", rows(lambda r: not r.alternatives)),
    ("which resources require nothing?", ALL - REQUIRING),
    ("list of books, none of them mandatory", BOOK - MANDATORY),
    ("resources none of which are paid", ALL - rows(lambda r: "Paid" in r.cons)),
    ("all checkpoints save the capstone", CHECKPOINTS - CAPSTONE),
    ("every resource bar the ones on Udemy", ALL - ON["Udemy"]),
    ("the books, DDIA excepted", BOOK - DDIA),
    ("mandatory things bar the books", MANDATORY - BOOK),
    ("Show all courses that aren't hosted on Coursera.", ALL - ON["Coursera"]),
    ("apart from videos, what is in week 6?", week(6) - VIDEO),
    ("week 20 without the checkpoint", week(20) - CHECKPOINTS),
    ("what do I have in week 7 other than books?", week(7) - BOOK),
    ("everything in phase 3 except the bootcamp", rows(lambda r: r.phase == 3) - BOOTCAMP),
    ("phase 4, no books", rows(lambda r: r.phase == 4) - BOOK),
    ("not the book, what else is in weeks 33 to 48?", week(33, 48) - BOOK),
    ("week 9 but not fast.ai", week(9) - {"fast-ai-practical-deep-learning-for-coders"}),
    ("list everything that has nothing to do with LLMs", rows(lambda r: "llm" not in cells(r))),
    ("everything except what costs money", ALL - rows(lambda r: "Paid" in r.cons)),
    ("what do I read in weeks 7 to 8 if not the book?", week(7, 8) - BOOK),
    ("which courses are free of charge?", FREE),
    ("which ones never use PyTorch", rows(lambda r: "pytorch" not in cells(r))),
]


@pytest.mark.parametrize(("text", "expected"), IN_MANY_VOICES, ids=[text for text, _ in IN_MANY_VOICES])
def test_it_is_left_out_in_whatever_voice_it_is_said(text: str, expected: set[str], talk: Talk) -> None:
    answer = talk.last(text)
    assert set(answer.resources) == expected
    assert not answer.changes


LEAVING_OUT = [
    "{all} except {it}", "{all}, but not {it}", "{all} other than {it}", "{all} apart from {it}", "{all} without {it}",
    "{all} excluding {it}", "{all}, not counting {it}", "{all}, {it} excluded", "{all} that are not {it}",
    "{all} bar the {it}", "{all} without any {it}", "apart from {it}, what {all} are there?",
    "anything but {it}: which {all}?", "{all}, none of which are {it}",
]  # fmt: skip
THINGS = [("books", BOOK), ("videos", VIDEO), ("mandatory ones", MANDATORY), ("DDIA", DDIA)]


@pytest.mark.parametrize("form", LEAVING_OUT)
@pytest.mark.parametrize(("it", "out"), THINGS, ids=[it for it, _ in THINGS])
@pytest.mark.parametrize("everything", ["resources", "resources in phase 4"])
def test_what_is_left_out_is_never_listed(form: str, it: str, out: set[str], everything: str, talk: Talk) -> None:
    answer = talk.last(form.format(all=everything, it=it))
    assert not set(answer.resources) & out
    assert answer.resources or answer.abstained


def test_where_nothing_is_left_the_list_is_empty_and_not_that_of_what_is_ruled_out(talk: Talk) -> None:
    assert "none" in talk.last("videos in phase 1 that are not free").text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("neither books nor courses", "does not mark which of its rows are courses"),
        ("list the free ones except for those that we do", "I do not understand what is to be left out"),
        ("resources without quizzles", "No cell of the roadmap speaks of “quizzles”"),
    ],
)
def test_what_cannot_be_told_is_said(text: str, said: str, talk: Talk) -> None:
    assert said in talk.last(text).text


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
        ("which weeks never touch Docker?", "Weeks 1–32."),
        ("is there a week without a mandatory row?", "Weeks 5, 7–19, 21–32."),
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
    assert objects_ruled_out("which courses have videos in phase 2?") == ()


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
