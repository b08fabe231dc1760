"""A conversation with the assistant: what was answered, or could not be, is what the next question hangs on."""

from __future__ import annotations

import pytest

from assistant.answers import Answer
from assistant.page_answers.query_engine import GroundedQueryEngine
from assistant.retrieval.retriever import HybridRetriever
from assistant.service import Assistant
from corpus.roadmap import Weeks
from corpus.settings import Settings
from tests.eval_fixtures import Notes


def talk(notes: Notes, *questions: str) -> Answer:
    """The last answer of a conversation over the roadmap and the notes."""
    engine = GroundedQueryEngine(HybridRetriever(notes.index, notes.embedding), notes.folder)
    assistant = Assistant(Settings(), engine)
    answer: Answer | None = None
    for question in questions:
        answer = assistant.ask(question, previous=answer.asked if answer else None, llm="none")
    assert answer
    return answer


def test_the_second_one_of_a_list_is_its_second_row(notes: Notes) -> None:
    assert talk(notes, "which resources are mandatory", "the second one").resources == ("python-for-data-analysis",)
    assert "Kleppmann" in talk(notes, "list the books", "who wrote the third?").text


def test_after_an_answer_that_could_not_be_given_the_subject_is_what_it_was(notes: Notes) -> None:
    lost = talk(notes, "tell me about DDIA", "how do I train my dog to sit")
    assert lost.abstained
    found = talk(notes, "tell me about DDIA", "how do I train my dog to sit", "who wrote it?")
    assert found.resources == ("designing-data-intensive-applications",)


def test_after_a_list_its_rows_are_what_they_are_asked_for_and_one_too_many_is_not_found(notes: Notes) -> None:
    tasks = talk(notes, "which phase is about LLMs?", "what are its projects?")
    assert len(tasks.resources) == 3
    assert "Build multi-agent RAG assistant" in tasks.text
    beyond = ("which resources are free in phase 2?", "the first one", "and the second?")
    assert talk(notes, *beyond).abstained
    assert talk(notes, *beyond, "who made it?").resources == ("neural-networks-zero-to-hero",)


def test_thanks_are_answered_and_leave_the_subject(notes: Notes) -> None:
    assert talk(notes, "tell me about DDIA", "thanks a lot!").text.startswith("Gladly.")
    assert "Kleppmann" in talk(notes, "tell me about DDIA", "thanks a lot!", "who wrote it?").text


@pytest.mark.parametrize(
    "question", ["help", "What can you do?", "hi, who are you?", "are you a bot?", "what can I ask you?"]
)
def test_who_asks_what_may_be_asked_is_told_and_keeps_the_subject(notes: Notes, question: str) -> None:
    said = talk(notes, "tell me about DDIA", question)
    assert said.text.startswith("I answer questions about the 48 weeks")
    assert not said.citations
    assert "Kleppmann" in talk(notes, "tell me about DDIA", question, "who wrote it?").text


def test_what_somebody_can_do_with_a_tool_is_a_question_on_the_subject(notes: Notes) -> None:
    for question in ("what can you do with DVC?", "how do you use Git?", "help me with embeddings"):
        assert not talk(notes, question).text.startswith("I answer")


def test_thanks_after_an_explanation_do_not_ask_for_it_again(notes: Notes) -> None:
    question = "how do I list the files of a folder in the terminal"
    for thanks in ("thanks", "ok great"):
        assert talk(notes, question, thanks).text.startswith("Gladly.")
    again = talk(notes, question, "thanks", "can you show an example?")
    assert again.asked
    assert again.asked.about == question


def test_a_scope_is_the_week_of_who_asks_and_not_one_that_is_named(notes: Notes) -> None:
    engine = GroundedQueryEngine(HybridRetriever(notes.index, notes.embedding), notes.folder)
    assistant = Assistant(Settings(), engine)
    found = assistant.grounds("how does attention work in week 20?", week=5, scope="so-far")
    assert found
    assert found.hits.passages
    assert all(passage.weeks.first <= 5 for passage in found.hits.passages)


def test_where_in_the_roadmap_a_thing_that_was_explained_stands(notes: Notes) -> None:
    found = talk(notes, "what is backpropagation?", "where in the roadmap is that?")
    assert found.weeks == Weeks(13, 16)
    assert "weeks 13–16" in found.text


def test_a_question_about_a_week_is_answered_from_what_belongs_to_it_under_its_row(notes: Notes) -> None:
    found = talk(notes, "do I need a GPU for week 14?")
    assert found.text.startswith("**[Neural Networks: Zero to Hero")
    assert {c.resource for c in found.citations} == {"neural-networks-zero-to-hero"}


def test_a_week_is_told_where_nothing_is_found_on_the_rest_of_the_question(notes: Notes) -> None:
    found = talk(notes, "what is the weather in week 12?")
    assert found.abstained
    assert found.text.startswith("I found nothing on this beyond what the roadmap says")
    assert "**Week 12** is the fourth and last of four weeks" in found.text


def test_a_definition_stands_above_what_the_sources_say_of_its_term(notes: Notes) -> None:
    found = talk(notes, "what is backpropagation?")
    assert found.text.startswith("**Backpropagation**: The algorithm that computes the gradient")
    assert [c.url for c in found.citations][:2] == ["note:glossary", "note:neural-networks-zero-to-hero"]


def test_a_term_of_the_field_is_defined_where_no_source_says_anything_of_it(notes: Notes) -> None:
    found = talk(notes, "what is a diffusion model?")
    assert not found.abstained
    assert found.text.startswith("**Diffusion model**:")
    assert talk(notes, "what is a monad?").abstained
