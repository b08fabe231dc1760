"""Lists with denials, odd spellings and short names: what a newcomer types, and exactly which rows come out."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from assistant.language.criteria import read_criteria
from assistant.language.message import read_message
from corpus.reader import read_roadmap
from corpus.roadmap import Resource
from tests.answer_fixtures import NOW, Talk, pending

ROADMAP = read_roadmap()
MANDATORY = {r.id for r in ROADMAP.resources if r.recommendation.startswith("Mandatory")}
FREE = {r.id for r in ROADMAP.resources if any("Free" in line for line in r.pros)}
PAID = {r.id for r in ROADMAP.resources if "Paid" in r.cons}
ALL = {r.id for r in ROADMAP.resources}


def requires(word: str) -> set[str]:
    return rows(lambda r: any(re.search(rf"require.*\b{word}|{word}.*needed", line, re.I) for line in r.cons))


NEEDS_NOTHING = {r.id for r in ROADMAP.resources if not any("requir" in c.lower() or "needed" in c for c in r.cons)}
BOOKS = {
    "python-for-data-analysis",
    "hands-on-machine-learning-with-scikit-learn-keras-tensorflow",
    "designing-data-intensive-applications",
}


NOT_YET: dict[str, tuple[str, ...]] = {
    "beside": ("two weeks before the capstone",),
}
"""What is not understood yet: table -> messages."""


def rows(test: Callable[[Resource], object]) -> set[str]:
    return {r.id for r in ROADMAP.resources if test(r)}


def names_coursera(r: Resource) -> bool:
    return any("Coursera" in text for text in (*r.authors, r.title, *(link.text for link in r.links)))


LISTS = [
    ("which ones arent mandatory", ALL - MANDATORY),
    ("which resources are non-mandatory", ALL - MANDATORY),
    ("which ones can't I skip", MANDATORY),
    ("what isn't optional?", rows(lambda r: "Optional" not in r.recommendation)),
    ("which are neither mandatory nor optional", rows(lambda r: r.id not in MANDATORY | {"linux-cli-refresher"})),
    ("which resources are not free?", PAID),
    ("which courses are not paid", FREE),
    ("show me all resources that do not cost money", FREE),
    ("resources without cost", FREE),
    ("which resources are neither free nor paid?", ALL - FREE - PAID),
    ("list the paid courses of the roadmap", PAID),
    ("is there no free course in phase 3?", FREE & rows(lambda r: r.phase == 3)),
    ("which resources aren't hard?", rows(lambda r: r.difficulty != "High")),
    ("which are not very hands-on?", rows(lambda r: r.hands_on != "Very High")),
    ("what's rated high for hands-on?", rows(lambda r: r.hands_on in ("High", "Very High"))),
    ("which resources have no link?", rows(lambda r: not r.links)),
    ("which courses don't have a link?", rows(lambda r: not r.links)),
    ("which resources have no alternative?", rows(lambda r: not r.alternatives)),
    ("which resources have alternatives?", rows(lambda r: r.alternatives)),
    *(
        (text, NEEDS_NOTHING)
        for text in (
            "resources not requiring anything",
            "what needs no prior knowledge?",
            "which resources require nothing?",
            "resources that do not need anything before them",
            "what does not depend on anything?",
            "show me everything that presupposes nothing",
            "which resources assume no prior experience?",
            "rows with no requirements",
            "things that need no background",
            "resources for which no prior knowledge is needed",
            "resources lacking prerequisites",
            "anything that isn't requiring prior knowledge?",
            "what can be taken without any prerequisites?",
        )
    ),
    ("which resources require Python?", requires("Python")),
    ("which courses require maths?", requires("Math")),
    ("what requires knowledge of ML?", requires("ML")),
    ("list everything that requires python and math", requires("Python") & requires("Math")),
    ("which resources do not require Python?", ALL - requires("Python")),
    ("which resources don't need coding?", ALL - requires("coding")),
    ("free resources without prerequisites", FREE & NEEDS_NOTHING),
    ("which books need no previous knowledge?", BOOKS & NEEDS_NOTHING),
    ("which resource isn't on coursera", rows(lambda r: not names_coursera(r))),
    ("resources not by andrew ng", rows(lambda r: "Andrew Ng" not in r.authors)),
    ("courses other than udemy", rows(lambda r: not any("Udemy" in x for x in (*r.authors, *map(str, r.links))))),
    ("which resorces are mandetory", MANDATORY),
    ("which need the least coding", rows(lambda r: r.hands_on == "Medium")),
]


@pytest.mark.parametrize(("text", "expected"), pending(LISTS, NOT_YET, "lists"))
def test_a_list_holds_exactly_the_rows_that_were_asked_for(text: str, expected: set[str], talk: Talk) -> None:
    answer = talk.last(text)
    assert set(answer.resources) == expected
    assert answer.capabilities in (("list_filter",), ("extreme",), ("prerequisites",))


@pytest.mark.parametrize("text", ["which resources have prerequisites?", "what needs prior knowledge?"])
def test_what_is_not_denied_is_the_opposite_list(text: str, talk: Talk) -> None:
    assert set(talk.last(text).resources) == ALL - NEEDS_NOTHING


def test_a_list_about_the_price_says_how_many_rows_are_silent_on_it(talk: Talk) -> None:
    silent = len(ALL - FREE - PAID)
    assert f"{silent} of the rows state no price." in talk.last("which courses are not paid").text


def test_each_row_of_a_denied_list_is_shown_by_its_own_cell(talk: Talk) -> None:
    answer = talk.last("which resources aren't hard?")
    assert answer.text.startswith("Rows not of difficulty “High”: 12 of 19.")
    assert "difficulty “Easy”" in answer.text
    assert "difficulty “High” " not in answer.text.split("\n", 1)[1]


@pytest.mark.parametrize("text", ["isn't there a free course", "why don't you list the free ones", "no, the free ones"])
def test_a_denial_of_something_else_is_no_denial_of_the_criterion(text: str) -> None:
    assert "free" in read_criteria(text)


ATTRIBUTES = [
    ("how hard is mml", "difficulty", "mathematics-for-machine-learning-specialization", "difficulty"),
    (
        "downsides of the mlops specialisation",
        "pros_cons",
        "mlops-machine-learning-operations-specialization",
        "cons",
    ),
    (
        "is the linear algebra stuff optional?",
        "skip_advice",
        "essence-of-linear-algebra-khan-academy-statistics",
        "recommendation",
    ),
    ("what's bad about Andrew Ng's ML course?", "pros_cons", "andrew-ng-machine-learning-specialization", "cons"),
    (
        "what are the alternatves to Geron's book",
        "alternatives",
        "hands-on-machine-learning-with-scikit-learn-keras-tensorflow",
        "alternatives",
    ),
    ("what's the dificulty of ddia", "difficulty", "designing-data-intensive-applications", "difficulty"),
    (
        "instead of the SQL pipeline and dashboard, what could I do?",
        "alternatives",
        "build-a-data-pipeline-from-a-sql-database-and-create-dashboard",
        "alternatives",
    ),
    (
        "can I skip the maths? (the imperial college one)",
        "skip_advice",
        "mathematics-for-machine-learning-specialization",
        "recommendation",
    ),
    ("where are the llamaindex docs", "link", "building-advanced-rag-applications-llamaindex", "link"),
    (
        "who teaches the supplemental deep learning specialization?",
        "author",
        "deep-learning-specialization",
        "author",
    ),
    (
        "what do I need to know before fast.ai",
        "prerequisites",
        "fast-ai-practical-deep-learning-for-coders",
        "prerequisites",
    ),
]


@pytest.mark.parametrize(("text", "name", "resource", "attribute"), pending(ATTRIBUTES, NOT_YET, "attributes"))
def test_short_loose_and_misspelt_words_reach_the_row_and_its_attribute(
    text: str, name: str, resource: str, attribute: str, talk: Talk
) -> None:
    answer = talk.last(text)
    assert (answer.capabilities, answer.resources) == ((name,), (resource,))
    assert read_message(text, ROADMAP, NOW.date()).reading.attribute == attribute


BESIDE = [
    ("the week before the capstone", 32),
    ("two weeks before the capstone", 31),
    ("what happens the week after fast.ai", 13),
    ("week after the k-means checkpoint", 21),
    ("the week before phase 3", 20),
    ("31st wk", 31),
    ("31. week", 31),
    ("31?", 31),
    ("thirty one", 31),
]


@pytest.mark.parametrize(("text", "week"), pending(BESIDE, NOT_YET, "beside"))
def test_a_week_beside_a_resource_and_a_bare_number_are_weeks(text: str, week: int, talk: Talk) -> None:
    parsed = read_message(text, ROADMAP, NOW.date())
    assert [(s.first, s.last) for s in parsed.asked.spans] == [(week, week)]
    answer = talk.last(text)
    assert answer.capabilities == ("week_content",)
    assert set(answer.resources) == rows(lambda r: week in r.weeks)


OF_A_WEEK = [
    ("what do I need before week 9", "prerequisites", 9),
    ("what should I know before week 21?", "prerequisites", 21),
    ("what can I build after week 12?", "task_outcome", 12),
    ("what can I do after week 12", "task_outcome", 12),
]


@pytest.mark.parametrize(("text", "name", "week"), pending(OF_A_WEEK, NOT_YET, "of_a_week"))
def test_what_a_week_needs_or_gives_is_a_matter_of_that_week(text: str, name: str, week: int, talk: Talk) -> None:
    parsed = read_message(text, ROADMAP, NOW.date())
    assert [(s.first, s.last) for s in parsed.asked.spans] == [(week, week)]
    answer = talk.last(text)
    assert answer.capabilities == (name,)
    assert set(answer.resources) == rows(lambda r: week in r.weeks)


def test_the_book_of_a_week_with_three_rows_is_the_book(talk: Talk) -> None:
    assert talk.last("who wrote week 33's book?").resources == ("designing-data-intensive-applications",)


def test_a_title_without_its_last_word_is_enough_to_compare(talk: Talk) -> None:
    answer = talk.last("compare fast.ai and coursera deep learning")
    assert answer.capabilities == ("compare",)
    assert answer.resources == ("fast-ai-practical-deep-learning-for-coders", "coursera-deep-learning-specialization")


@pytest.mark.parametrize("text", pending(["week three and a half", "phase 3 and a half"], NOT_YET, "halves"))
def test_half_a_week_or_phase_does_not_exist(text: str, talk: Talk) -> None:
    answer = talk.last(text)
    assert (answer.capabilities, answer.abstained) == (("week_content",), True)
    assert "The roadmap has no" in answer.text
