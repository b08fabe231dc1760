"""What is said for a recommendation: order, preferences, price, the end, two others; and where its link leads."""

from __future__ import annotations

import pytest

from assistant.recommendation.curriculum import url_of
from assistant.recommendation.progress import Progress
from assistant.recommendation.recommend import recommend
from corpus.notes import load_notes
from corpus.reader import read_roadmap

ROADMAP = read_roadmap()
NOTES = load_notes()
IDS = [resource.id for resource in ROADMAP.resources]
PYTHON = "python-for-data-analysis"
MATHS = "mathematics-for-machine-learning-specialization"


def before(resource: str) -> frozenset[str]:
    return frozenset(IDS[: IDS.index(resource)])


def test_it_says_what_it_builds_on_and_what_it_opens() -> None:
    found = recommend(ROADMAP, NOTES, Progress(done=before(PYTHON)))
    assert found.order.startswith("It builds on Quick Python & environment setup, which you have done, and opens")
    assert "Mathematics for Machine Learning" in found.order
    assert recommend(ROADMAP, NOTES, Progress(done=before(IDS[-1]))).order.count("opens") == 0


@pytest.mark.parametrize(
    ("wish", "week", "said"),
    [
        ("code", 7, "You prefer code first, and it is that."),
        ("theory", 7, "You prefer theory first, and it is that."),
        ("theory", 3, "it decides next at Andrew Ng"),
        ("code", 3, "it decides next at Hands-On Machine Learning"),
        ("free", 9, "It costs nothing."),
        ("", 7, ""),
    ],
)
def test_a_preference_is_seen_in_what_is_said(wish: str, week: int, said: str) -> None:
    found = recommend(ROADMAP, NOTES, Progress(week=week, prefer=wish))  # type: ignore[arg-type]
    assert said in found.suits
    assert bool(found.suits) == bool(said)


def test_what_costs_money_names_a_free_way_and_what_is_free_names_none() -> None:
    paid = recommend(ROADMAP, NOTES, Progress(done=before(MATHS)))
    assert (paid.resource, paid.cost) == (MATHS, "paid")
    assert paid.free_way
    assert paid.free_way.url == "https://mml-book.github.io/"
    assert recommend(ROADMAP, NOTES, Progress(done=before(PYTHON))).free_way is None


def test_there_are_two_others_as_long_as_enough_is_left_and_each_says_what_speaks_for_it() -> None:
    done: list[str] = []
    while (found := recommend(ROADMAP, NOTES, Progress(done=frozenset(done)))).resource:
        left = len(IDS) - len(done)
        assert len(found.alternatives) >= min(2, left - 4)
        assert all(other.difference and other.speaks_for for other in found.alternatives)
        done.append(found.resource)


def test_the_free_book_is_linked_rather_than_the_shop_and_a_paid_course_stays_where_it_is() -> None:
    book, course = ROADMAP.resource(PYTHON), ROADMAP.resource(MATHS)
    assert book
    assert course
    assert url_of(book, NOTES) == "https://wesmckinney.com/book/"
    assert url_of(course, NOTES) == "https://www.coursera.org/specializations/mathematics-machine-learning"


def test_the_end_is_the_roadmaps_own_word() -> None:
    found = recommend(ROADMAP, NOTES, Progress(week=14))
    assert found.outcome == "Understand neural network fundamentals from first principles"
    assert found.as_json()["outcome"] == found.outcome
