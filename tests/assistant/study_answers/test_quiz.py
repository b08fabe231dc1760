"""“Quiz me” in a conversation: question by question, checked, kept for the reviews, and left by any other wish."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.answers import Answer, Quiz
from assistant.conversation import memory_of
from assistant.handling import Memory
from assistant.service import Assistant
from assistant.store import answer_json
from assistant.study.review import all_cards
from corpus.settings import Settings
from tests.answer_fixtures import NOW
from tests.modelserver import model_server

REVIEW = "review"
SETUP = "quick-python-environment-setup"


class Chat:
    """A conversation whose answers are kept and read again, as a chat does."""

    def __init__(self, assistant: Assistant, person: str) -> None:
        self.assistant, self.person, self.memory, self.now = assistant, person, Memory(), NOW

    def __call__(self, text: str) -> Answer:
        asked = {"person": self.person, "now": self.now, "memory": self.memory, "in_turns": True, "llm": "none"}
        answer = answer_json.from_json(answer_json.to_json(self.assistant.ask(text, **asked)))
        self.memory = memory_of(self.memory, answer)
        return answer

    @property
    def right(self) -> str:
        """The right answer to the question that is open."""
        quiz = self.memory.quiz
        assert quiz
        companion = self.assistant.companion
        cards = {card.key: card for card in all_cards(companion.notes, companion.learner(self.person))}
        made = companion.bank.exercise(cards[quiz.keys[0]], quiz.seed)
        return made.letter if made.options else made.answer


@pytest.fixture
def chat(over_notes: Assistant, request: pytest.FixtureRequest) -> Chat:
    return Chat(over_notes, request.node.name)


def test_a_quiz_goes_question_by_question_and_keeps_what_came_of_it(chat: Chat) -> None:
    first = chat("quiz me on week 1")
    assert "Question 1 of 5" in first.text
    assert "answers" not in first.text
    companion, asked = chat.assistant.companion, 0
    while chat.memory.quiz:
        quiz = chat.memory.quiz
        told = chat("good" if quiz.shown else chat.right)
        asked += 1
        assert told.capabilities == first.capabilities
    assert "5 of 5 right" in told.text
    history = companion.cards(chat.person, NOW).history
    assert [review.rating for review in history] == ["good"] * 5
    assert len({review.key for review in history}) == 5
    assert companion.due(chat.person, NOW + timedelta(days=1))


def test_what_is_wrong_is_told_with_its_source_and_comes_back(chat: Chat) -> None:
    chat("quiz me on fast.ai")
    told = chat("next")
    while chat.memory.quiz and chat.memory.quiz.shown:
        told = chat("again")
    assert "comes back in 1 minute" in told.text
    assert "Question 2 of 5" in told.text
    reviews = chat.assistant.companion.cards(chat.person, NOW).history
    assert [review.rating for review in reviews] == ["again"]
    ended = chat("stop")
    assert "0 of 1 right" in ended.text
    assert chat.memory.quiz is None


def test_another_question_leaves_the_quiz_and_so_does_a_wish_to_note_something(chat: Chat) -> None:
    for text in ("what is in week 5?", "I have 9 hours a week", "mark the Linux refresher as done"):
        chat("quiz me on week 1")
        assert chat.memory.quiz, text
        assert "Question" not in chat(text).text
        assert chat.memory.quiz is None
    assert chat.assistant.companion.learner(chat.person).hours == 9


def test_without_anything_read_it_asks_for_a_subject_and_with_it_for_the_cards_of_the_day(chat: Chat) -> None:
    assert "quiz me on week 3" in chat("quiz me").text
    chat(f"I finished {SETUP}")
    anew = Chat(chat.assistant, chat.person)
    assert "Question 1 of 5" in anew("quiz me").text
    assert anew.memory.quiz
    assert all(key.startswith(SETUP) for key in anew.memory.quiz.keys)


def test_where_nobody_can_answer_the_questions_are_listed(over_notes: Assistant) -> None:
    listed = over_notes.ask("quiz me on week 1", person="one-shot", now=NOW, llm="none")
    assert "The answers:" in listed.text
    assert listed.quiz is None


@pytest.mark.parametrize(
    ("said", "opinion", "rating"),
    [("RIGHT", "for right", "good"), ("Wrong.", "for wrong", "again"), ("Hm", "How well did you know it?", "again")],
)
def test_a_language_model_gives_its_opinion_with_the_source_and_the_learner_the_grade(
    tmp_path: Path, said: str, opinion: str, rating: str
) -> None:
    with model_server(text=said) as server:
        assistant = Assistant(Settings(data=tmp_path, llm_url=server.url))
        with closing(assistant.companion) as companion:
            card = companion.save_card("ada", "Why is the sky blue?", "It scatters.", "https://a.example/", "", NOW)
            quiz = Quiz((f"saved/{card.id}",), 1)
            memory = Memory(capability=REVIEW, quiz=quiz)
            where = {"person": "ada", "now": NOW, "in_turns": True}
            shown = assistant.ask("Blue light is scattered more.", memory=memory, llm="auto", **where)
            assert opinion in shown.text
            assert "It scatters." in shown.text
            assert "Blue light is scattered more." in str(server.asked[0])
            graded = assistant.ask("next", memory=memory_of(memory, shown), llm="none", **where)
            assert "right" in graded.text
            assert [review.rating for review in companion.cards("ada", NOW).history] == [rating]
