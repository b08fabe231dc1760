"""Lists with denials, odd spellings and short names: what a newcomer types, and exactly which rows come out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.answers import Answer
from assistant.language.criteria import read_criteria
from assistant.language.understand import understand
from assistant.roadmap_answers.handlers import answer_from_roadmap
from corpus.reader import read_roadmap
from corpus.roadmap import Resource

ROADMAP = read_roadmap()
MANDATORY = {r.id for r in ROADMAP.resources if r.recommendation.startswith("Mandatory")}
FREE = {r.id for r in ROADMAP.resources if any("Free" in line for line in r.pros)}
PAID = {r.id for r in ROADMAP.resources if "Paid" in r.cons}
ALL = {r.id for r in ROADMAP.resources}


def ask(text: str) -> Answer:
    answer = answer_from_roadmap(understand(text, ROADMAP), ROADMAP)
    assert answer is not None, f"no answer to {text!r}"
    return answer


def rows(test: Callable[[Resource], object]) -> set[str]:
    return {r.id for r in ROADMAP.resources if test(r)}


def names_coursera(r: Resource) -> bool:
    return any("Coursera" in text for text in (*r.authors, r.title, *(link.text for link in r.links)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
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
        ("which resource isn't on coursera", rows(lambda r: not names_coursera(r))),
        ("resources not by andrew ng", rows(lambda r: "Andrew Ng" not in r.authors)),
        ("courses other than udemy", rows(lambda r: not any("Udemy" in x for x in (*r.authors, *map(str, r.links))))),
        ("which resorces are mandetory", MANDATORY),
        ("which need the least coding", rows(lambda r: r.hands_on == "Medium")),
    ],
)
def test_a_list_holds_exactly_the_rows_that_were_asked_for(text: str, expected: set[str]) -> None:
    assert set(ask(text).resources) == expected


def test_a_list_about_the_price_says_how_many_rows_are_silent_on_it() -> None:
    silent = len(ALL - FREE - PAID)
    assert f"{silent} of the rows state no price." in ask("which courses are not paid").text


def test_each_row_of_a_denied_list_is_shown_by_its_own_cell() -> None:
    answer = ask("which resources aren't hard?")
    assert answer.text.startswith("Rows not of difficulty “High”: 12 of 19.")
    assert "difficulty “Easy”" in answer.text
    assert "difficulty “High” " not in answer.text.split("\n", 1)[1]


@pytest.mark.parametrize("text", ["isn't there a free course", "why don't you list the free ones", "no, the free ones"])
def test_a_denial_of_something_else_is_no_denial_of_the_criterion(text: str) -> None:
    assert "free" in read_criteria(text)


@pytest.mark.parametrize(
    ("text", "resource", "attribute"),
    [
        ("how hard is mml", "mathematics-for-machine-learning-specialization", "difficulty"),
        ("downsides of the mlops specialisation", "mlops-machine-learning-operations-specialization", "cons"),
        (
            "is the linear algebra stuff optional?",
            "essence-of-linear-algebra-khan-academy-statistics",
            "recommendation",
        ),
        ("what's bad about Andrew Ng's ML course?", "andrew-ng-machine-learning-specialization", "cons"),
        (
            "what are the alternatves to Geron's book",
            "hands-on-machine-learning-with-scikit-learn-keras-tensorflow",
            "alternatives",
        ),
        ("what's the dificulty of ddia", "designing-data-intensive-applications", "difficulty"),
        (
            "instead of the SQL pipeline and dashboard, what could I do?",
            "build-a-data-pipeline-from-a-sql-database-and-create-dashboard",
            "alternatives",
        ),
        (
            "can I skip the maths? (the imperial college one)",
            "mathematics-for-machine-learning-specialization",
            "recommendation",
        ),
        ("where are the llamaindex docs", "building-advanced-rag-applications-llamaindex", "link"),
        ("who teaches the supplemental deep learning specialization?", "deep-learning-specialization", "author"),
        ("what do I need to know before fast.ai", "fast-ai-practical-deep-learning-for-coders", "prerequisites"),
    ],
)
def test_short_loose_and_misspelt_words_reach_the_row_and_its_attribute(
    text: str, resource: str, attribute: str
) -> None:
    question = understand(text, ROADMAP)
    assert (question.intent, question.attribute, question.resources) == ("attribute", attribute, (resource,))


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("the week before the capstone", 32),
        ("two weeks before the capstone", 31),
        ("what happens the week after fast.ai", 13),
        ("week after the k-means checkpoint", 21),
        ("the week before phase 3", 20),
        ("31st wk", 31),
        ("31. week", 31),
        ("31?", 31),
        ("thirty one", 31),
    ],
)
def test_a_week_beside_a_resource_and_a_bare_number_are_weeks(text: str, week: int) -> None:
    question = understand(text, ROADMAP)
    assert question.intent == "week"
    assert [(s.first, s.last) for s in question.spans] == [(week, week)]


@pytest.mark.parametrize(
    ("text", "attribute", "week"),
    [
        ("what do I need before week 9", "prerequisites", 9),
        ("what should I know before week 21?", "prerequisites", 21),
        ("what can I build after week 12?", "outcome", 12),
        ("what can I do after week 12", "outcome", 12),
    ],
)
def test_what_a_week_needs_or_gives_is_a_matter_of_that_week(text: str, attribute: str, week: int) -> None:
    question = understand(text, ROADMAP)
    assert (question.intent, question.attribute) == ("attribute", attribute)
    assert [(s.first, s.last) for s in question.spans] == [(week, week)]


def test_the_book_of_a_week_with_three_rows_is_the_book() -> None:
    assert ask("who wrote week 33's book?").resources == ("designing-data-intensive-applications",)


def test_a_title_without_its_last_word_is_enough_to_compare() -> None:
    answer = ask("compare fast.ai and coursera deep learning")
    assert answer.resources == ("fast-ai-practical-deep-learning-for-coders", "coursera-deep-learning-specialization")


@pytest.mark.parametrize("text", ["week three and a half", "phase 3 and a half"])
def test_half_a_week_or_phase_does_not_exist(text: str) -> None:
    assert understand(text, ROADMAP).intent == "missing"
