"""What several modules of tests here talk to: the assistant over a few notes."""

from __future__ import annotations

import pytest

from assistant.service import Assistant
from tests.answer_fixtures import Make, Talk


@pytest.fixture(scope="module")
def over_notes(make_assistant: Make) -> Assistant:
    return make_assistant()


@pytest.fixture
def talk(over_notes: Assistant) -> Talk:
    """Conversations of a new person, over six notes with the real embedding model."""
    return Talk(over_notes)
