"""What a conversation is about, from its texts alone: read as it was, and nothing of it done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from assistant.service import Assistant
from corpus.settings import Settings

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
TURNS = [
    ("what should I do in week 14?", "Week 14 is the second of four weeks."),
    ("I finished the Linux refresher", "Understood: mark Linux / CLI refresher as done."),
    ("who teaches fast.ai?", "Jeremy Howard."),
]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    opened = Assistant(Settings(data=tmp_path_factory.mktemp("data")))
    with closing(opened.companion):
        yield opened


def test_it_is_about_what_was_said_last_and_nothing_is_done(assistant: Assistant) -> None:
    memory = assistant.recall(TURNS, "ada", NOW)

    assert memory.asked is not None
    assert memory.asked.resources == ("fast-ai-practical-deep-learning-for-coders",)
    assert (memory.capability, memory.said, memory.text) == ("author", TURNS[-1][0], TURNS[-1][1])
    assert assistant.companion.learner("ada").marks == ()
    assert not assistant.companion.knows("ada")


def test_the_next_message_leans_on_it(assistant: Assistant) -> None:
    memory = assistant.recall(TURNS[:1], "ada", NOW)
    assert "Karpathy" in assistant.ask("who teaches it?", person="ada", now=NOW, memory=memory).text


def test_what_was_asked_back_can_be_clicked(assistant: Assistant) -> None:
    """Where the question back was the router's, which needs no handler."""
    back = assistant.ask("hmm fast.ai", person="ada", now=NOW)
    assert back.choices
    memory = assistant.recall([("hmm fast.ai", back.text)], "ada", NOW)
    assert [choice.message for choice in memory.choices] == [choice.message for choice in back.choices]


def test_without_turns_it_is_about_nothing(assistant: Assistant) -> None:
    assert assistant.recall([], "ada", NOW).asked is None


@pytest.mark.parametrize(
    ("text", "writes"),
    [
        ("I finished fast.ai", True),
        ("undo that", True),
        ("I have 6 hours a week", True),
        ("who teaches fast.ai?", False),
        ("what should I do in week 14?", False),
        ("how does backpropagation work?", False),
    ],
)
def test_what_would_write_is_known_before_it_does(assistant: Assistant, text: str, writes: bool) -> None:
    assert assistant.would_write(text, "ada", NOW) is writes
    assert not assistant.companion.knows("ada")
