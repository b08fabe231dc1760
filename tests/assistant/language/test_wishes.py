"""Several wishes in one message are told apart; one wish stays whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.wishes import MOST, pieces


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("finished week 3, what's next?", ("finished week 3", "what's next?")),
        ("I finished fast.ai. What now?", ("I finished fast.ai", "What now?")),
        ("I finished fast.ai and I have 5 hours a week", ("I finished fast.ai", "I have 5 hours a week")),
        ("I finished fast.ai, and what is next?", ("I finished fast.ai", "what is next?")),
        ("mark week 2 as done; set my hours to 6", ("mark week 2 as done", "set my hours to 6")),
        ("done with the Linux refresher - what now?", ("done with the Linux refresher", "what now?")),
        ("I'm back! What did I miss?", ("I'm back", "What did I miss?")),
        ("Thanks! And who wrote it?", ("Thanks", "And who wrote it?")),
        ("finished week 2, I'm on holiday next week", ("finished week 2", "I'm on holiday next week")),
    ],
)
def test_a_message_of_several_wishes_comes_apart_where_a_new_one_begins(text: str, found: tuple[str, ...]) -> None:
    assert pieces(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "who wrote DDIA?",
        "compare fast.ai and zero to hero",
        "weeks 3 and 14",
        "I finished fast.ai and Karpathy",
        "what is dropout and batch norm?",
        "read chapters 1, 2 and 5",
        "I began last week",
        "3.5 hours a week",
        "I start on Monday with 6 hours a week",
        "what should I do in week 14?",
        "...",
        "",
        "   ",
    ],
)
def test_a_message_of_one_wish_comes_back_whole(text: str) -> None:
    assert pieces(text) == (text,)


def test_a_story_is_read_whole() -> None:
    story = "I woke up. I had tea. I read a bit. I slept. I woke up again. What now?"
    assert story.count(".") >= MOST
    assert pieces(story) == (story,)


@given(st.text(max_size=200))
def test_the_pieces_of_any_text_stand_in_it_in_order(text: str) -> None:
    found = pieces(text)
    assert 1 <= len(found) <= MOST
    place = 0
    for piece in found:
        place = text.index(piece, place) + len(piece)
