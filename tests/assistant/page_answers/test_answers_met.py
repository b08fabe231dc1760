"""Answers as a learner meets them: both halves of a question, the right row, and sources that lead somewhere."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.answers import Passage
from assistant.conversation import searched
from assistant.language.message import read_message
from assistant.page_answers.compose import compose, locator
from assistant.questions import Question
from assistant.roadmap_answers.glossary import meaning_of, said_above
from corpus.reader import read_roadmap
from corpus.roadmap import Weeks
from tests.answer_fixtures import NOW, Talk, pending

ROADMAP = read_roadmap()
SQL, KMEANS = (
    "build-a-data-pipeline-from-a-sql-database-and-create-dashboard",
    "re-implement-k-means-or-simple-nn-from-scratch",
)


NOT_YET: dict[str, tuple[str, ...]] = {
    "beside": (
        "so, what would you tell me is the thing that comes right after linear algebra?",
        "what's the thing right before fast.ai",
    ),
}
"""What is not understood yet: table -> messages."""


def asked(text: str, *tries: str) -> Question:
    """A message as it is searched for."""
    return searched(read_message(text, ROADMAP, NOW.date()), None, tries)


def passage(
    text: str, spans: tuple[tuple[str, int, int], ...] = (), *, title: str = "A page", heading: str = ""
) -> Passage:
    return Passage("c", "page", "", title, "https://a.example/", heading, text, Weeks(1, 2), 1.0, spans=spans)


def quoted(question: str, passages: list[Passage], *, defined: bool = False) -> str:
    return compose(
        question, passages, None, lambda texts: np.zeros((len(texts), 1), np.float32), lambda _: 1.0, defined=defined
    ).text


# --- the right row ---


CHECKPOINTLESS = ["what is the checkpoint of week 12", "is there a checkpoint in week 16?"]


@pytest.mark.parametrize("question", pending(CHECKPOINTLESS, NOT_YET, "checkpointless"))
def test_the_checkpoint_of_one_week_is_not_that_of_another(question: str, talk: Talk) -> None:
    answer = talk.last(question)
    assert "none" in answer.text
    assert not {SQL, KMEANS} & set(answer.resources)


CHECKPOINTS = [
    ("what is the checkpoint project of phase 2", (KMEANS,)),
    ("what is the checkpoint project of week 6", (SQL,)),
    ("which checkpoint projects are there?", (SQL, KMEANS)),
]


@pytest.mark.parametrize(("question", "resources"), pending(CHECKPOINTS, NOT_YET, "checkpoints"))
def test_a_checkpoint_project_is_the_one_of_the_weeks_that_are_named(
    question: str, resources: tuple[str, ...], talk: Talk
) -> None:
    assert talk.last(question).resources == resources


BESIDE = [
    (
        "so, what would you tell me is the thing that comes right after linear algebra?",
        "after weeks 5–6 comes week 6",
    ),
    ("what's the thing right before fast.ai", "before weeks 9–12 comes weeks 7–8"),
]


@pytest.mark.parametrize(("question", "weeks"), pending(BESIDE, NOT_YET, "beside"))
def test_the_thing_beside_a_row_is_told_and_not_the_row(question: str, weeks: str, talk: Talk) -> None:
    assert weeks in talk.last(question).text


KINDS = ["what is a recurrent neural network", "how does a recurrent neural network work?"]


@pytest.mark.parametrize("question", pending(KINDS, NOT_YET, "kinds"))
def test_a_kind_of_network_is_not_the_course_on_neural_networks(question: str, talk: Talk) -> None:
    assert talk.last(question).capabilities == ("concept",)
    assert [query.resources for query in talk.sought] == [()]


def test_what_is_asked_of_a_course_is_searched_for_there() -> None:
    assert asked("what is the learning rate in fast.ai?").resources == ("fast-ai-practical-deep-learning-for-coders",)


# --- both halves ---


BOTH = ["what is attention and in which week is it taught?"]


@pytest.mark.parametrize("question", pending(BOTH, NOT_YET, "both"))
def test_what_it_is_stands_above_when_it_is_taught(question: str, talk: Talk) -> None:
    answer = talk.last(question)
    assert answer.parts[0].text.startswith("**Attention**")
    assert "weeks 21–32" in answer.text
    assert answer.weeks == Weeks(21, 32)
    assert [c.n for c in answer.citations] == list(range(1, len(answer.citations) + 1))


ALONE = ["when is attention taught?"]


@pytest.mark.parametrize("question", pending(ALONE, NOT_YET, "alone"))
def test_when_it_is_taught_is_told_without_a_definition_that_nobody_asked_for(question: str, talk: Talk) -> None:
    answer = talk.last(question)
    assert answer.capabilities == ("find_topic",)
    assert "weeks 21–32" in answer.text
    assert "**Attention**" not in answer.text


def test_two_terms_are_both_defined() -> None:
    meaning = meaning_of(asked("what are SVD and PCA?"))
    assert meaning is not None
    assert [c.title for c in meaning.citations] == [
        "Glossary › singular value decomposition",
        "Glossary › principal component analysis",
    ]


DEFINED = [
    ("i'm totally lost, what even is a tensor lol", "**Tensor**"),
    ("why do we need batch norm?", "**Batch normalization**"),
    ("what are SVD and PCA?", "**Singular value decomposition"),
]


@pytest.mark.parametrize(("question", "term"), pending(DEFINED, NOT_YET, "defined"))
def test_a_term_is_defined_for_who_asks_in_despair_or_why_it_is_needed(question: str, term: str, talk: Talk) -> None:
    assert meaning_of(asked(question))
    answer = talk.last(question)
    assert answer.capabilities == ("concept",)
    assert term in answer.text


ANY_FORM = [
    ("explain simpler what a tensor is", ["tensor"]),
    ("an analogy for overfitting", ["overfitting"]),
    ("embeddings, what's that good for", ["embedding"]),
    ("canary vs blue green?", ["canary release", "blue-green deployment"]),
]


@pytest.mark.parametrize(("question", "terms"), ANY_FORM)
def test_a_term_is_known_in_any_form_of_asking_for_it(question: str, terms: list[str]) -> None:
    meaning = meaning_of(asked(question))
    assert meaning is not None
    assert [c.title for c in meaning.citations] == [f"Glossary › {term}" for term in terms]


def test_what_is_no_term_is_not_defined() -> None:
    assert meaning_of(asked("why do we need to sleep?")) is None


def test_that_no_row_names_a_subject_is_said() -> None:
    question = asked("does the roadmap cover reinforcement learning?", "find_topic")
    above = said_above(question, ROADMAP, weak=False)
    assert above is not None
    assert "No row of the roadmap names “reinforcement learning”" in above.text
    weak = said_above(question, ROADMAP, weak=True)
    assert weak is None or "No row" not in weak.text


# --- sources that lead somewhere ---


def test_below_a_definition_a_source_that_does_not_name_the_thing_is_left_out() -> None:
    other = passage("The test runs an app, and test B of it is a test without a browser.", title="App testing")
    uses = passage("We then ran an A/B test for the new ranking.", title="Ranking")
    text = quoted("what is an A/B test?", [other, uses], defined=True)
    assert "App testing" not in text
    assert "See also: Ranking [" in text


def test_a_bare_term_that_is_defined_is_answered_as_its_definition_is() -> None:
    other = passage("Singularities appear when one has few points per mixture component of a Gaussian.")
    assert quoted("mixture of experts", [other], defined=True) == ""


def test_why_it_is_needed_is_not_told_by_what_does_not_name_it() -> None:
    other = passage("The matrix norm prevents noise because it shrinks each component of a small batch.")
    assert quoted("why do we need batch norm?", [other], defined=True) == ""


def test_a_heading_that_is_a_number_does_not_name_a_place() -> None:
    assert locator(passage("Text.", heading="Exercises › e.", title="Deep nets")) == "Deep nets › Exercises"
    assert locator(passage("Text.", heading="1. to 8.", title="Deep nets")) == "Deep nets"
    assert locator(passage("Text.", heading="2. Dropout", title="Deep nets")) == "Deep nets › 2. Dropout"


def test_a_sentence_that_leads_into_a_list_is_quoted_with_it_or_not_at_all() -> None:
    lead, items = "Understanding reinforcement learning is valuable because:", "- Better hands\n- Open doors"
    text = f"{lead}\n{items}"
    whole = passage(text, (("paragraph", 0, len(lead)), ("list", len(lead) + 1, len(text))))
    assert "- Open doors" in quoted("is reinforcement learning valuable?", [whole])


def test_a_list_of_literature_is_no_answer_beside_a_sentence() -> None:
    entry = (
        "80. Michael Armbrust, et al.: “Spark SQL: relational data in Spark,” at ACM, June 2015. doi:10.1145/2723372"
    )
    says = passage("It keeps the data of a cluster in memory, as Spark does.")
    text = quoted("what is spark used for?", [passage(entry, (("list", 0, len(entry)),)), says])
    assert "Armbrust" not in text
    assert "in memory" in text
