"""A conversation with the assistant: what was answered, or could not be, is what the next question hangs on."""

from __future__ import annotations

from assistant.engine import Assistant
from assistant.query_engine import GroundedQueryEngine
from assistant.retrieve import HybridRetriever
from assistant.values import Answer
from corpus.settings import Settings
from tests.eval_fixtures import Notes


def talk(notes: Notes, *questions: str) -> Answer:
    """The last answer of a conversation over the roadmap and the notes."""
    assistant = Assistant(Settings(), GroundedQueryEngine(HybridRetriever(notes.index, notes.embedding)))
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


def test_thanks_are_answered_and_leave_the_subject(notes: Notes) -> None:
    assert talk(notes, "tell me about DDIA", "thanks a lot!").text.startswith("Gladly.")
    assert "Kleppmann" in talk(notes, "tell me about DDIA", "thanks a lot!", "who wrote it?").text
