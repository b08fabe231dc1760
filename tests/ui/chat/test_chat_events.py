"""What the chat's handlers do, without a browser: what is refused, what breaks, and how many wait."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from sqlalchemy import text

from assistant import suggestions
from assistant.answers import Delta
from assistant.service import Assistant
from assistant.store.conversations import ConversationStore, Turn
from assistant.store.learners import LearningStore
from corpus.settings import Settings
from tests.fakes import FakeAssistant
from ui.chat import events as chat_events
from ui.chat.conversation import Conversation
from ui.chat.events import FAILED, NO_WEEK, UNKEPT, ChatEvents, read_wish
from ui.chat.frame import PAGES
from ui.chat.layout import chat_page, reached_week
from ui.chat.rendering import UNDO_MESSAGE, draft_html, question_html
from ui.desk import Desk, make_desk
from ui.person import COOKIE
from ui.texts import BROKEN

PERSON = "a" * 32
WEEK_14 = "what should I do in week 14?"
LONG, INVISIBLE = "week 14 " * 1_200, "\u200b"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(Assistant(Settings(data=tmp_path)))
    with closing(made.companion), closing(made.conversations):
        yield made


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[Desk]:
    """With the stand-in."""
    made = make_desk(FakeAssistant(settings=Settings(data=tmp_path)))  # type: ignore[arg-type]
    with closing(made.companion), closing(made.conversations):
        yield made


def request(chat: str = "") -> Any:
    return at(chat=chat) if chat else at()


def at(**query: str) -> Any:
    """A request of the page at an address with this query."""
    return SimpleNamespace(headers={"cookie": f"{COOKIE}={PERSON}"}, query_params=query)


def asked(desk: Desk, question: str, held: Conversation | None = None, wish: str = "") -> Conversation:
    """The conversation at the end of the event."""
    *_, last = ChatEvents(desk).ask(question, wish, NO_WEEK, "all", held or Conversation(), request())
    assert last[2].submit_btn == "Ask"  # no answer is left under way
    return last[0]


def reopened(desk: Desk, id: str) -> list[str]:
    return [turn.question for turn in ChatEvents(desk).open_linked(Conversation(), request(id))[0].turns]


# --- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("refused", [LONG, INVISIBLE])
def test_a_refused_question_is_said_but_not_kept_and_its_place_is_free_again(desk: Desk, refused: str) -> None:
    first = asked(desk, WEEK_14)

    second = asked(desk, refused, first)
    assert "The question" in second.turns[-1].html
    assert reopened(desk, first.id) == [WEEK_14]

    third = asked(desk, "and week 20?", second)
    assert [turn.question for turn in third.turns] == [WEEK_14, "and week 20?"]
    assert "week 20" in third.turns[-1].html.lower()
    assert reopened(desk, first.id) == [WEEK_14, "and week 20?"]


def test_a_refused_question_can_be_asked_again_in_its_place(desk: Desk) -> None:
    first = asked(desk, WEEK_14)
    refused = asked(desk, INVISIBLE, first)

    again = asked(desk, "", refused, '{"turn": 1}')
    changed = asked(desk, "", refused, '{"turn": 1, "text": "and week 20?"}')

    assert "The question" in again.turns[-1].html
    assert [turn.question for turn in changed.turns] == [WEEK_14, "and week 20?"]


@pytest.mark.parametrize("refused", [LONG, INVISIBLE])
def test_a_conversation_that_holds_a_refused_question_is_opened_and_gone_on_with(desk: Desk, refused: str) -> None:
    for place, question in enumerate((refused, "what is in week 14?")):
        desk.conversations.keep(PERSON, "kept", place, Turn(question, None))

    opened = ChatEvents(desk).open_linked(Conversation(), request("kept"))[0]

    assert [turn.question for turn in opened.turns] == [refused, "what is in week 14?"]
    assert asked(desk, "", opened, '{"turn": 1}').turns[-1].answer is not None


def test_a_conversation_goes_on_after_it_was_opened_again_as_it_would_have_before(desk: Desk) -> None:
    first = asked(desk, "which resources are mandatory?")
    opened = ChatEvents(desk).open_linked(Conversation(), request(first.id))[0]

    live, later = (asked(desk, "who teaches the second one?", held).turns[-1].answer for held in (first, opened))

    assert live is not None
    assert later is not None
    assert later.resources == live.resources == ("python-for-data-analysis",)


def test_what_is_cut_off_is_forgotten(desk: Desk) -> None:
    first = asked(desk, WEEK_14)
    second = asked(desk, "who teaches fast.ai?", first)

    changed = asked(desk, "", second, '{"turn": 1, "text": "who teaches it?"}').turns[-1].answer

    assert changed is not None
    assert changed.resources == ("neural-networks-zero-to-hero",)


def test_an_answer_is_kept_though_the_page_was_left_before_the_event_came_to_its_end(desk: Desk) -> None:
    event = ChatEvents(desk).ask(WEEK_14, "", NO_WEEK, "all", Conversation(), request())
    shown = next(step[0] for step in event if step[0].turns[-1].answer is not None)
    event.close()  # type: ignore[attr-defined]

    kept = ChatEvents(desk).open_linked(Conversation(), request(shown.id))[0]
    assert kept.turns[-1].answer is not None

    event = ChatEvents(desk).ask(WEEK_14, "", NO_WEEK, "all", Conversation(), request())
    begun = next(event)[0]
    next(event)
    event.close()  # type: ignore[attr-defined]
    assert reopened(desk, begun.id) == [WEEK_14]


# --- what is asked back, and what is written ------------------------------------------------------------------------


def test_what_is_asked_back_is_a_row_of_buttons_and_no_refusal(fake: Desk) -> None:
    html = asked(fake, "unclear").turns[-1].html

    assert re.findall(r'<button type="button" class="act ask choice" value="([^"]*)">', html) == [
        "hello first",
        "hello &quot;second&quot; &lt;i&gt;one&lt;/i&gt;",
        "hello pages",
    ]
    assert "The &lt;b&gt;first&lt;/b&gt;</button>" in html
    for other in ("abstained", "Ask next", "Search all pages", "Save as card", "act ask undo"):
        assert other not in html
    assert [message.text for message in fake.assistant.messages] == ["unclear"]  # type: ignore[attr-defined]


def test_a_click_on_a_choice_does_it_also_in_a_conversation_that_was_opened_again(desk: Desk) -> None:
    back = asked(desk, "I have nearly finished fast.ai")
    assert desk.companion.learner(PERSON).marks == ()
    opened = ChatEvents(desk).open_linked(Conversation(), request(back.id))[0]
    assert opened.memory == back.memory
    assert "act ask choice" in opened.turns[-1].html
    choice = opened.memory.choices[0]

    asked(desk, "", opened, json.dumps({"text": choice.message}))

    assert [mark.status for mark in desk.companion.learner(PERSON).marks] == ["done"]


def test_what_was_written_has_a_button_that_takes_it_back(desk: Desk) -> None:
    written = asked(desk, "I finished fast.ai")
    assert '<button type="button" class="act ask undo" value="undo that">Undo</button>' in written.turns[-1].html
    assert "Save as card" not in written.turns[-1].html
    again = ChatEvents(desk).open_linked(Conversation(), request(written.id))[0]
    assert "act ask undo" not in again.turns[-1].html  # other changes may have come since

    undone = asked(desk, "", written, json.dumps({"text": UNDO_MESSAGE}))

    assert "act ask undo" not in undone.turns[-1].html
    assert desk.companion.learner(PERSON).marks == ()


def test_finding_the_next_questions_changes_nothing_for_anyone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggestions, "_candidates", lambda *_: iter(["I finished fast.ai", "who teaches fast.ai?"]))

    events = ChatEvents(desk)
    *_, last = events.ask(WEEK_14, "", NO_WEEK, "all", Conversation(), request())
    html = events.follow(last[0])[-1]["content"]

    assert "who teaches fast.ai?</button>" in html
    assert "I finished fast.ai" not in html
    assert [desk.companion.learner(name).marks for name in (PERSON, "me")] == [(), ()]


def test_a_refused_command_changes_nothing(desk: Desk) -> None:
    asked(desk, "I finished fast.ai" + " " * 9_000)

    assert desk.companion.learner(PERSON).marks == ()


def test_half_a_character_is_kept_as_a_question_mark(desk: Desk) -> None:
    assert asked(desk, f"{WEEK_14} \ud83d").turns[-1].answer is not None


@pytest.mark.parametrize("text", ["[" * 60_000, "{", "[]", '"x"'])
def test_a_wish_that_is_none_wishes_nothing(text: str) -> None:
    assert read_wish(text) == read_wish("")


# --- what breaks ----------------------------------------------------------------------------------------------------


def test_a_broken_database_is_said_without_its_place(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "learner.db").write_bytes(b"this is no database" * 500)

    said = asked(desk, "I finished fast.ai").turns[-1].html

    assert BROKEN.split(":", maxsplit=1)[0] in said
    assert str(tmp_path) not in said
    assert reached_week(desk, PERSON) is None


def test_a_value_that_cannot_be_read_is_said_and_logged_without_the_cookie(
    desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    asked(desk, "I finished fast.ai")
    with LearningStore(tmp_path) as store, store._engine.begin() as connection:
        connection.execute(text("UPDATE mark SET at = 'noon'"))

    with caplog.at_level(logging.INFO):
        said = asked(desk, "I have 5 hours a week").turns[-1].html

    assert BROKEN.split(":", maxsplit=1)[0] in said
    assert "cannot be read" in caplog.text
    assert PERSON not in said + caplog.text


def test_what_there_is_to_undo_is_still_said(desk: Desk) -> None:
    said = asked(desk, "undo that").turns[-1].html

    assert "no change to undo" in said.lower() or "nothing to undo" in said.lower()


def test_an_answer_stands_though_no_next_question_can_be_found(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> tuple[str, ...]:
        raise RuntimeError("secret")

    monkeypatch.setattr(chat_events, "next_questions", fail)

    whole = asked(desk, WEEK_14)
    last = whole.turns[-1]

    assert last.answer is not None
    assert FAILED.split(".", maxsplit=1)[0] not in last.html
    assert ChatEvents(desk).follow(whole) == gr.skip()


def test_the_next_question_need_not_wait_for_those_that_are_offered(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The box is free before they are looked for, and what is found late does not overwrite what was asked since."""
    events, meanwhile = ChatEvents(desk), list[Conversation]()

    def slowly(*_: object) -> tuple[str, ...]:
        *_, later = events.ask("and week 20?", "", NO_WEEK, "all", first, request())
        meanwhile.append(later[0])
        return ("who teaches fast.ai?",)

    monkeypatch.setattr(chat_events, "next_questions", slowly)
    first = asked(desk, WEEK_14)

    assert events.follow(first) == gr.skip()
    assert [turn.question for turn in meanwhile[0].turns] == [WEEK_14, "and week 20?"]


def test_stop_ends_at_once_whatever_is_going_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    held, events = threading.Event(), ChatEvents(desk)

    def slow(_: object) -> Iterator[Delta]:
        yield Delta("It begins ")
        held.wait(20)

    monkeypatch.setattr(desk.assistant, "respond", slow)
    answering = events.ask(WEEK_14, "", NO_WEEK, "all", Conversation(), request())
    first = next(answering)
    begun = time.monotonic()
    events.stop(first[0])
    *_, last = answering
    held.set()

    assert time.monotonic() - begun < 1
    assert "Stopped" in last[0].turns[-1].html
    assert last[2].submit_btn == "Ask"


def test_who_asks_before_the_linked_conversation_is_shown_goes_on_with_it(desk: Desk) -> None:
    first = asked(desk, WEEK_14)
    events = ChatEvents(desk)

    *_, early = events.ask("and week 20?", "", NO_WEEK, "all", Conversation(), request(first.id))
    shown_late = events.open_linked(early[0], request(first.id))

    assert [turn.question for turn in early[0].turns] == [WEEK_14, "and week 20?"]
    assert shown_late[0] == early[0]
    assert reopened(desk, first.id) == [WEEK_14, "and week 20?"]


def test_who_asks_at_an_unknown_link_begins_another_conversation(desk: Desk, recwarn: pytest.WarningsRecorder) -> None:
    *_, last = ChatEvents(desk).ask(WEEK_14, "", NO_WEEK, "all", Conversation(), request("gone"))
    assert [turn.question for turn in last[0].turns] == [WEEK_14]
    assert last[0].id != "gone"
    assert not recwarn  # it was said when the page was opened


def test_an_unknown_link_says_so(desk: Desk) -> None:
    with pytest.warns(UserWarning, match="There is no conversation 'gone' here"):
        opened = ChatEvents(desk).open_linked(Conversation(), request("gone"))[0]
    assert opened.turns == ()


@pytest.mark.parametrize("page", ["nope", "Ask", "toString", "<b>x</b>", "today/..", "x" * 300])
def test_an_unknown_page_says_so_and_the_chat_is_there(desk: Desk, page: str) -> None:
    with pytest.warns(UserWarning, match="There is no page .{1,60} here: choose one of Ask, Today,") as said:
        opened = ChatEvents(desk).open_linked(Conversation(), at(page=page))[0]
    assert (opened.turns, opened.person) == ((), PERSON)
    assert "<" not in str(said[0].message)


@pytest.mark.parametrize("page", ["", *PAGES])
def test_of_a_page_that_is_there_nothing_is_said(desk: Desk, page: str, recwarn: pytest.WarningsRecorder) -> None:
    kept = asked(desk, WEEK_14)
    assert len(ChatEvents(desk).open_linked(Conversation(), at(page=page, chat=kept.id))[0].turns) == 1
    assert not recwarn


def test_an_edited_first_question_names_the_conversation_and_a_given_name_stays(desk: Desk) -> None:
    first = asked(desk, WEEK_14)
    changed = asked(desk, "", first, json.dumps({"turn": 0, "text": "what is in week 20?"}))
    assert [one.title for one in desk.conversations.list(PERSON)] == ["what is in week 20?"]

    desk.conversations.rename(PERSON, first.id, "Mine")
    asked(desk, "", changed, json.dumps({"turn": 0, "text": "what is in week 21?"}))
    assert [one.title for one in desk.conversations.list(PERSON)] == ["Mine"]


def test_an_answer_that_the_system_does_not_keep_is_shown_and_the_box_is_free(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise PermissionError("no")

    monkeypatch.setattr(ConversationStore, "keep", fail)

    last = asked(desk, WEEK_14).turns[-1]

    assert last.answer is not None
    assert UNKEPT.split(":", maxsplit=1)[0] in last.html


# --- how many -------------------------------------------------------------------------------------------------------


def test_every_way_to_ask_shares_the_same_places(desk: Desk) -> None:
    async def laid_out() -> Any:  # Gradio wants a running event loop
        return chat_page(desk, "title", 3)

    page = asyncio.run(laid_out())

    asking = [fn for fn in page.fns.values() if fn.queue]

    places = Counter((fn.concurrency_id, fn.concurrency_limit) for fn in asking)
    assert places == {("ask", 3): 3, ("follow", 3): 3, ("say", None): 3}


def test_what_is_written_from_the_right_begins_there() -> None:
    assert question_html("ما هو؟").startswith('<div class="asked" dir="auto"')
    assert 'class="answer draft" dir="auto"' in draft_html("نص")
