"""Conversations are kept, found, renamed, deleted and exported, and are one person's only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answers import Answer, Choice, Citation, Part, Written
from assistant.questions import Question
from assistant.store.answer_json import from_json, to_json
from assistant.store.conversations import (
    ConversationError,
    ConversationStore,
    Turn,
    answer_markdown,
    as_markdown,
    new_id,
    title_of,
)
from corpus.roadmap import Weeks

ANSWER = Answer(
    "what is attention?",
    (Part("page", "It weighs tokens [1]."), Part("suggestion", "Read it twice.")),
    (Citation(1, "page", "A page", "https://page.example/a", "weighs tokens", "2026-10-01T00:00:00Z", "r", "context"),),
    weeks=Weeks(21, 32),
    resources=("r",),
    confidence="medium",
    scope="so-far",
    understood="week 22",
    timings_ms={"total": 1.5},
    written=Written("tiny", supported=2),
)


@pytest.fixture
def store(database: Path | str) -> Iterator[ConversationStore]:
    with ConversationStore(database) as store:
        yield store


def test_an_answer_survives_json_whole_and_what_another_version_wrote() -> None:
    assert from_json(to_json(ANSWER)) == ANSWER
    assert from_json({**to_json(ANSWER), "of_tomorrow": 1}) == ANSWER
    sent = replace(ANSWER, written=Written("tiny", 2, prompt=(("user", "p"),)))
    assert from_json(json.loads(json.dumps(to_json(sent)))) == ANSWER


def test_what_an_answer_is_about_and_what_it_asked_and_changed_survive_json() -> None:
    spans = (Weeks(3, 3), Weeks(14, 16))
    asked = Question(
        "weeks 3 and 14 to 16", "week", Weeks(3, 16), spans, resources=("r",), criteria=("free",), among=("r", "s")
    )
    answer = replace(
        ANSWER,
        asked=asked,
        capabilities=("mark_done", "week_content"),
        choices=(Choice("Mark it", "Mark r as done", "mark_done"),),
        changes=("Mark r as done.",),
    )
    assert from_json(json.loads(json.dumps(to_json(answer)))) == answer


def test_a_conversation_survives_a_restart(tmp_path: Path) -> None:
    id = new_id()
    with ConversationStore(tmp_path) as store:
        store.keep("ann", id, 0, Turn("what is attention?", ANSWER, 22, "so-far"))
        store.keep("ann", id, 1, Turn("and then?", None))

    with ConversationStore(tmp_path) as store:
        kept = store.load("ann", id)

    assert kept.title == "what is attention?"
    assert [(t.question, t.answer, t.week, t.scope) for t in kept.turns] == [
        ("what is attention?", ANSWER, 22, "so-far"),
        ("and then?", None, None, "all"),
    ]


def test_asking_again_drops_what_came_after(store: ConversationStore) -> None:
    id = new_id()
    for place in range(3):
        store.keep("ann", id, place, Turn(f"question {place}", ANSWER))

    store.keep("ann", id, 1, Turn("another", ANSWER))

    assert [t.question for t in store.load("ann", id).turns] == ["question 0", "another"]


def asked(store: ConversationStore, id: str) -> list[str]:
    return [turn.question for turn in store.load("ann", id).turns]


def test_two_tabs_of_one_conversation_lose_nothing_of_each_other(store: ConversationStore) -> None:
    id = new_id()
    begun = store.keep("ann", id, 0, Turn("first", ANSWER), seen="")
    one = store.keep("ann", id, 1, Turn("of one", ANSWER), seen=begun.changed)

    other = store.keep("ann", id, 1, Turn("of the other", ANSWER), seen=begun.changed)
    late = store.keep("ann", id, 0, Turn("first, changed", ANSWER), seen=one.changed)

    assert asked(store, id) == ["first", "of one", "of the other", "first, changed"]
    assert [(filed.place, filed.joined) for filed in (one, other, late)] == [(1, False), (2, True), (3, True)]
    assert store.load("ann", id).changed == late.changed
    store.keep("ann", id, 1, Turn("asked again", ANSWER), seen=late.changed)
    assert asked(store, id) == ["first", "asked again"]


def test_a_conversation_that_was_deleted_meanwhile_begins_anew(store: ConversationStore) -> None:
    id = new_id()
    begun = store.keep("ann", id, 0, Turn("first", ANSWER), seen="")
    store.delete("ann", id)

    filed = store.keep("ann", id, 1, Turn("second", ANSWER), seen=begun.changed)

    assert (filed.place, filed.joined, asked(store, id)) == (0, True, ["second"])


def test_the_list_is_searched_in_titles_and_questions(store: ConversationStore) -> None:
    first, second = new_id(), new_id()
    store.keep("ann", first, 0, Turn("What is 100% Attention?", ANSWER))
    store.keep("ann", second, 0, Turn("pandas", ANSWER))
    store.keep("ann", second, 1, Turn("and data frames?", ANSWER))

    assert [s.id for s in store.list("ann")] == [second, first]
    assert [s.id for s in store.list("ann", "attention")] == [first]
    assert [s.id for s in store.list("ann", "FRAMES")] == [second]
    assert [s.id for s in store.list("ann", "0%")] == [first]
    assert store.list("ann", "_") == ()
    assert store.list("ann")[0].turns == 2


def test_nobody_sees_or_changes_what_is_anothers(store: ConversationStore) -> None:
    id = new_id()
    store.keep("ann", id, 0, Turn("mine", ANSWER))

    assert store.list("bob") == ()
    with pytest.raises(ConversationError, match="no conversation"):
        store.load("bob", id)
    with pytest.raises(ConversationError):
        store.rename("bob", id, "stolen")
    with pytest.raises(ConversationError):
        store.delete("bob", id)
    with pytest.raises(ConversationError):
        store.keep("bob", id, 0, Turn("stolen", ANSWER))
    assert store.load("ann", id).turns[0].question == "mine"


def test_renamed_and_deleted(store: ConversationStore) -> None:
    id = new_id()
    store.keep("ann", id, 0, Turn("a question", ANSWER))
    store.rename("ann", id, "  Attention,\nat last ")
    assert store.load("ann", id).title == "Attention, at last"
    with pytest.raises(ConversationError, match="empty"):
        store.rename("ann", id, " \u200b")

    store.delete("ann", id)

    assert store.list("ann") == ()
    with pytest.raises(ConversationError):
        store.load("ann", id)


def test_exported_as_markdown_with_the_sources(store: ConversationStore) -> None:
    id = new_id()
    store.keep("ann", id, 0, Turn("what is attention?", ANSWER))
    store.keep("ann", id, 1, Turn("stopped", None))

    text = as_markdown(store.load("ann", id))

    assert text.startswith("# what is attention?\n\n## what is attention?\n\nIt weighs tokens [1].")
    assert "[1] A page (page, fetched 2026-10-01): <https://page.example/a>" in text
    assert "(no whole answer)" in text
    assert "Our suggestion" in answer_markdown(ANSWER)


def test_a_long_question_makes_a_short_title() -> None:
    title = title_of("word " * 100)
    assert len(title) <= 123
    assert title.endswith("word …")


def test_what_was_deleted_comes_back_as_it_was(store: ConversationStore) -> None:
    id = new_id()
    for place in range(3):
        store.keep("ann", id, place, Turn(f"question {place}", None, week=14))
    store.rename("ann", id, "Mine")
    before, line = store.load("ann", id), store.list("ann")

    gone = store.delete("ann", id)
    assert store.list("ann") == ()
    store.restore(gone)

    assert (store.load("ann", id), store.list("ann")) == (before, line)
    with pytest.raises(ConversationError, match="there already"):
        store.restore(gone)
    with pytest.raises(ConversationError):
        store.delete("bob", id)
