"""A conversation over the roadmap and the notes: what was answered, or not, is what the next message hangs on."""

from __future__ import annotations

import pytest

from assistant.service import Assistant
from corpus.roadmap import Weeks
from tests.answer_fixtures import Talk, pending

DDIA = "designing-data-intensive-applications"
ZERO = "neural-networks-zero-to-hero"
FILES = "how do I list the files of a folder in the terminal"

NOT_YET: dict[str, tuple[str, ...]] = {
    "rows": (
        "which resources are mandatory / the second one",
        "which resources are free in phase 2? / the first one / and the second? / who made it?",
    ),
    "projects": ("which phase is about LLMs? / what are its projects?",),
    "examples": (
        "how do I list the files of a folder in the terminal / can you show an example?",
        "how do I list the files of a folder in the terminal / thanks / can you show an example?",
    ),
    "gpu": ("do I need a GPU for week 14?",),
    "weather": ("what is the weather in week 12?",),
}
"""What is not understood yet: table -> messages."""


Said = tuple[str, ...]
ROWS: list[tuple[Said, tuple[str, ...], str]] = [
    (("which resources are mandatory", "the second one"), ("python-for-data-analysis",), ""),
    (("list the books", "who wrote the third?"), (DDIA,), "Kleppmann"),
    (("tell me about DDIA", "how do I train my dog to sit", "who wrote it?"), (DDIA,), "Kleppmann"),
    (("which resources are free in phase 2?", "the first one", "and the second?", "who made it?"), (ZERO,), "Karpathy"),
    (("tell me about DDIA", "thanks a lot!", "who wrote it?"), (DDIA,), "Kleppmann"),
    (("tell me about DDIA", "help", "who wrote it?"), (DDIA,), "Kleppmann"),
    (("tell me about DDIA", "are you a bot?", "who wrote it?"), (DDIA,), "Kleppmann"),
]


@pytest.mark.parametrize(("texts", "resources", "words"), pending(ROWS, NOT_YET, "rows"))
def test_what_was_talked_about_is_what_the_next_question_hangs_on(
    texts: Said, resources: tuple[str, ...], words: str, talk: Talk
) -> None:
    answer = talk.last(*texts)
    assert answer.resources == resources
    assert words in answer.text


LOST: list[Said] = [
    ("tell me about DDIA", "how do I train my dog to sit"),
    ("which resources are free in phase 2?", "the first one", "and the second?"),
]


@pytest.mark.parametrize("texts", pending([(said,) for said in LOST], NOT_YET, "lost"))
def test_what_cannot_be_answered_says_so(texts: Said, talk: Talk) -> None:
    answer = talk.last(*texts)
    assert {part.voice for part in answer.parts} == {"notice"}
    assert answer.resources == ()


PROJECTS = [("which phase is about LLMs?", "what are its projects?")]


@pytest.mark.parametrize("texts", pending([(said,) for said in PROJECTS], NOT_YET, "projects"))
def test_after_a_list_its_rows_are_what_they_are_asked_for(texts: Said, talk: Talk) -> None:
    tasks = talk.last(*texts)
    assert len(tasks.resources) == 3
    assert "Build multi-agent RAG assistant" in tasks.text


THANKS: list[Said] = [("tell me about DDIA", "thanks a lot!"), (FILES, "thanks"), (FILES, "ok great")]


@pytest.mark.parametrize("texts", pending([(said,) for said in THANKS], NOT_YET, "thanks"))
def test_thanks_are_answered_and_ask_for_nothing_again(texts: Said, talk: Talk) -> None:
    answer = talk.last(*texts)
    assert answer.text.startswith(("Gladly.", "Good."))
    assert answer.citations == ()


HELP = ["help", "What can you do?", "hi, who are you?", "are you a bot?", "what can I ask you?"]


@pytest.mark.parametrize("text", pending(HELP, NOT_YET, "help"))
def test_who_asks_what_may_be_asked_is_told_from_the_table(text: str, talk: Talk) -> None:
    answer = talk.last("tell me about DDIA", text)
    assert answer.capabilities == ("help",)
    assert "I answer questions about the 48 weeks" in answer.text
    assert "What should I do in week 14?" in answer.text
    assert not answer.citations


SUBJECTS = ["what can you do with DVC?", "how do you use Git?", "help me with embeddings"]


@pytest.mark.parametrize("text", pending(SUBJECTS, NOT_YET, "subjects"))
def test_what_somebody_can_do_with_a_tool_is_a_question_on_the_subject(text: str, talk: Talk) -> None:
    answer = talk.last(text)
    assert answer.capabilities != ("help",)
    assert "I answer questions" not in answer.text


EXAMPLES: list[Said] = [(FILES, "can you show an example?"), (FILES, "thanks", "can you show an example?")]


@pytest.mark.parametrize("texts", pending([(said,) for said in EXAMPLES], NOT_YET, "examples"))
def test_an_example_is_one_of_what_was_explained(texts: Said, talk: Talk) -> None:
    again = talk.last(*texts)
    assert again.asked
    assert again.asked.about == FILES


def test_a_scope_is_the_week_of_who_asks_and_not_one_that_is_named(over_notes: Assistant) -> None:
    found = over_notes.grounds("how does attention work?", week=5, scope="so-far")
    assert found
    assert found.hits.passages
    assert all(passage.weeks.first <= 5 for passage in found.hits.passages)


NAMED = ["how does attention work in week 20?"]


@pytest.mark.parametrize("text", pending(NAMED, NOT_YET, "scope"))
def test_a_week_that_is_named_is_no_scope(text: str, over_notes: Assistant) -> None:
    found = over_notes.grounds(text, week=5, scope="so-far")
    assert found
    assert found.hits.passages
    assert all(passage.weeks.first <= 5 for passage in found.hits.passages)


PLACES = [("what is backpropagation?", "where in the roadmap is that?")]


@pytest.mark.parametrize("texts", pending([(said,) for said in PLACES], NOT_YET, "places"))
def test_where_in_the_roadmap_a_thing_that_was_explained_stands(texts: Said, talk: Talk) -> None:
    found = talk.last(*texts)
    assert found.weeks == Weeks(13, 16)
    assert "weeks 13–16" in found.text


GPU = ["do I need a GPU for week 14?"]


@pytest.mark.parametrize("text", pending(GPU, NOT_YET, "gpu"))
def test_a_question_about_a_week_and_hardware_is_answered_for_that_week(text: str, talk: Talk) -> None:
    found = talk.last(text)
    assert found.capabilities[0] in ("hardware", "concept")
    assert "GPU" in found.text
    assert {c.resource for c in found.citations if c.resource} == {ZERO}


WEATHER = ["what is the weather in week 12?"]


@pytest.mark.parametrize("text", pending(WEATHER, NOT_YET, "weather"))
def test_a_week_is_told_where_nothing_is_found_on_the_rest_of_the_question(text: str, talk: Talk) -> None:
    found = talk.last(text)
    assert found.abstained
    assert found.text.startswith("I found nothing on this beyond what the roadmap says")
    assert "**Week 12** is the fourth and last of four weeks" in found.text


def test_a_definition_stands_above_what_the_sources_say_of_its_term(talk: Talk) -> None:
    found = talk.last("what is backpropagation?")
    assert found.text.startswith("**Backpropagation**: The algorithm that computes the gradient")
    assert [c.url for c in found.citations][:2] == ["note:glossary", "note:neural-networks-zero-to-hero"]


def test_a_term_of_the_field_is_defined_where_no_source_says_anything_of_it(talk: Talk) -> None:
    found = talk.last("what is a diffusion model?")
    assert not found.abstained
    assert found.text.startswith("**Diffusion model**:")


def test_a_term_that_nobody_defines_is_not_answered(talk: Talk) -> None:
    assert talk.last("what is a monad?").abstained
