"""One door: whatever is said is understood, answered and written alike, wherever it is said.

Each message goes through every door in turn, each time for the same learner in the same state, without an index: what
needs the pages is refused alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import anyio
import pytest
import time_machine
from mcp import Client
from starlette.testclient import TestClient

from assistant.service import Assistant
from corpus.errors import ProjectError
from corpus.settings import Settings
from ui.asking import Gate
from ui.chat.conversation import Conversation
from ui.chat.events import NO_WEEK, ChatEvents
from ui.cli.app import app
from ui.desk import Desk, make_desk
from ui.mcp.server import make_server
from ui.mcp.tools import Visitor
from ui.person import COOKIE
from ui.web.api import create_app

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
ADA = "ada" + "0" * 29
"""The name of a learner that can be a cookie, too."""

Told = dict[str, Any]
"""What a door gave, without what differs: the time that it took, and the conversation that it is kept in."""
Door = Callable[["House", str], Told]

FRESH = (
    # weeks
    "what should I do in week 14?",
    "week 9",
    "what's in weeks 5 to 8?",
    "what is due in phase 2?",
    "what is in week 60?",
    "what comes after week 20?",
    "weeks 21-24",
    "what should I do in the last week?",
    # rows
    "who teaches fast.ai?",
    "is Zero to Hero free?",
    "pros and cons of the Géron book",
    "how long does CS224N take?",
    "what can I take instead of fast.ai?",
    "where do I find the Full Stack LLM Bootcamp?",
    "what do I build in the capstone?",
    "compare fast.ai and the Coursera deep learning specialization",
    "what do I need to know before CS224N?",
    "is the Linux refresher mandatory?",
    # lists
    "which resources are free?",
    "which resources are mandatory?",
    "how many books are there?",
    "which resource is the hardest?",
    "which checkpoint projects are there?",
    "give me an overview of the roadmap",
    "where is Docker covered?",
    # what is told
    "I finished fast.ai",
    "I start on 2027-01-04 and have 10 hours a week",
    "skip the Linux refresher because I know it",
    "I started Zero to Hero",
    "I did 2 hours of fast.ai",
    "only free stuff please",
    "my time zone is Europe/Berlin",
    "mark weeks 0 and 1 as done",
    "finished the Linux refresher, what's next?",
    "undo that",
    "I have 200 hours a week",
    # the learner's own way
    "what next?",
    "where am I?",
    "I have 40 minutes",
    "quiz me on week 3",
    "am I ready for CS224N?",
    # asked back
    "hmm fast.ai",
    "fast.ai or something",
    "I have nearly finished fast.ai",
    "pause my plan",
    # small talk
    "hi",
    "thanks!",
    "good night",
    "what can you do?",
    # outside, or not answered
    "what's the weather tomorrow?",
    "can you do my project for me?",
    "how does backpropagation work?",
    "what is attention?",
    "\u200b",
)
KNOWN = (
    "what should I do next?",
    "where am I?",
    "am I behind?",
    "when will I be done?",
    "show me my plan",
    "can I be done by June 2028?",
    "pause for two weeks",
    "push everything back by a week",
    "I have 5 hours a week",
    "replan",
    "I'm back",
    "undo that",
    "mark fast.ai as not done",
    "quiz me",
    "what did I do last week?",
)
"""Said by one who began six weeks ago."""


@dataclass(frozen=True)
class House:
    """All doors of one data folder."""

    desk: Desk
    client: TestClient
    folder: Path
    capture: pytest.CaptureFixture[str]

    def printed(self, *arguments: str) -> Told:
        """What a command prints, or the sentence of its error."""
        try:
            app([*arguments, "--learner", ADA], standalone_mode=False)
        except ProjectError as error:
            return refused(str(error))
        return told(json.loads(self.capture.readouterr().out))

    def posted(self, path: str, body: dict[str, Any]) -> Told:
        answer = self.client.post(path, json=body, headers={"Cookie": f"{COOKIE}={ADA}"}).json()
        return refused(answer["error"]) if "error" in answer else told(answer)


@pytest.fixture(scope="module", autouse=True)
def noon() -> Iterator[None]:
    """It is the same moment at every door."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    data = tmp_path_factory.mktemp("doors")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROADMAP_DATA", str(data))
        yield data


@pytest.fixture(scope="module")
def web(folder: Path) -> Iterator[tuple[Desk, TestClient]]:
    """The chat and the API of one application."""
    assistant = Assistant(Settings(data=folder))
    desk = make_desk(assistant)
    with closing(assistant.companion), closing(desk.conversations):
        yield desk, TestClient(create_app(assistant), base_url="http://127.0.0.1")


@pytest.fixture
def house(web: tuple[Desk, TestClient], folder: Path, capsys: pytest.CaptureFixture[str]) -> House:
    return House(*web, folder, capsys)


@pytest.fixture(scope="module")
def states(web: tuple[Desk, TestClient]) -> dict[str, dict[str, Any]]:
    """What is stored of a learner of whom nothing is known, and of one who began six weeks ago."""
    desk, _ = web
    fresh = desk.companion.export(ADA)
    for text in ("I start on 2026-10-19 and have 8 hours a week", "mark weeks 0 and 1 as done", "I started fast.ai"):
        assert desk.assistant.ask(text, person=ADA, now=NOON).changes, text
    return {"fresh": fresh, "known": desk.companion.export(ADA)}


# --- the doors --------------------------------------------------------------------------------------------------------


def asked(house: House, text: str) -> Told:
    try:
        return told(house.desk.assistant.ask(text, person=ADA, now=NOON).as_json())
    except ProjectError as error:
        return refused(str(error))


def chatted(house: House, text: str) -> Told:
    request: Any = SimpleNamespace(headers={"cookie": f"{COOKIE}={ADA}"}, query_params={})
    *_, last = ChatEvents(house.desk).ask(text, "", NO_WEEK, "all", Conversation(), request)
    turn = last[0].turns[-1]
    if turn.answer is not None:
        return told(turn.answer.as_json())
    (alert,) = re.findall(r'role="alert">(.*?)</div>', turn.html)
    return refused(unescape(re.sub(r"<[^>]+>", "", alert)))


def called(house: House, text: str) -> Told:
    return house.printed("ask", text, "--json")


def batched(house: House, text: str) -> Told:
    file = house.folder / "cases.jsonl"
    file.write_text(json.dumps({"id": 1, "question": text}), encoding="utf-8")
    answer = house.printed("ask", "--batch", str(file))
    answer.pop("id", None)
    return refused(answer["error"]) if "error" in answer else answer


def said(house: House, text: str) -> Told:
    return house.printed("say", text, "--json")


def posted(house: House, text: str) -> Told:
    return house.posted("/api/v1/ask", {"question": text})


def posted_in_a_conversation(house: House, text: str) -> Told:
    return house.posted("/api/v1/ask", {"question": text, "conversation": "new"})


def said_by_post(house: House, text: str) -> Told:
    return house.posted("/api/v1/say", {"text": text})


def asked_of_a_model(house: House, text: str) -> Told:
    """By the OpenAI protocol, whose reply holds less: the text with its sources, what answered and what was written."""
    body = {"model": "roadmap", "messages": [{"role": "user", "content": text}]}
    given = house.client.post("/v1/chat/completions", json=body, headers={"Cookie": f"{COOKIE}={ADA}"}).json()
    if "error" in given:
        return refused(given["error"]["message"])
    told_of = given["roadmap"]
    return {"text": given["choices"][0]["message"]["content"]} | {n: told_of[n] for n in ("capabilities", "written")}


def asked_by_mcp(house: House, text: str) -> Told:
    """By the tool `ask`, of a server in this process."""
    given: list[Any] = []

    async def work() -> None:
        server = make_server(house.desk, Gate(1), lambda _: Visitor(ADA))
        async with Client(server, mode="legacy") as client:
            given.append(await client.call_tool("ask", {"message": text}))

    anyio.run(work)
    (result,) = given
    return refused(result.content[0].text) if result.is_error else told(result.structured_content)


DOORS: tuple[Door, ...] = (
    chatted, called, batched, said, posted, posted_in_a_conversation, said_by_post, asked_by_mcp,
)  # fmt: skip

GO_ON: tuple[Door, ...] = (chatted, posted_in_a_conversation)
QUIZZES = ("quiz me", "quiz me on week 3")


def told(answer: dict[str, Any]) -> Told:
    return {name: value for name, value in answer.items() if name not in ("timings_ms", "conversation")}


def refused(sentence: str) -> Told:
    """An error's sentence; the chat begins it with a capital, and shows code as code."""
    return {"error": sentence[:1].lower() + sentence[1:].replace("`", "")}


# --- the same through each ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "text"), [*(("fresh", text) for text in FRESH), *(("known", text) for text in KNOWN)]
)
def test_every_door_gives_the_same(house: House, states: dict[str, dict[str, Any]], state: str, text: str) -> None:
    found: dict[str, Told] = {}
    left: dict[str, Any] = {}
    for door in (asked, *DOORS):
        house.desk.companion.restore(ADA, states[state], replace=True)
        found[door.__name__] = door(house, text)
        left[door.__name__] = stored(house)

    expected = found["asked"]
    house.desk.companion.restore(ADA, states[state], replace=True)
    spoken = asked_of_a_model(house, text)
    assert spoken.get("error") == expected.get("error")
    assert all(spoken.get(name) == expected.get(name) for name in ("capabilities", "written"))
    assert spoken.get("text", "").startswith(expected.get("answer", ""))
    assert stored(house) == left["asked"]
    if text in QUIZZES:  # where the next message goes on, it is asked question by question
        chatted, *others = (found.pop(door.__name__) for door in GO_ON)
        assert all(other == chatted for other in others)
        assert "Question 1 of" in chatted["answer"]
    assert {name: given for name, given in found.items() if given != expected} == {}
    assert {name: kept for name, kept in left.items() if kept != left["asked"]} == {}
    assert bool(expected.get("written")) == (left["asked"] != states[state]["learner"])


def stored(house: House) -> Any:
    """What is stored of the learner, but for what can be undone."""
    return house.desk.companion.export(ADA)["learner"]


def test_the_messages_are_of_every_kind(house: House, states: dict[str, dict[str, Any]]) -> None:
    """Else the comparison would say little."""
    house.desk.companion.restore(ADA, states["fresh"], replace=True)
    given = [asked(house, text) for text in FRESH]

    assert len(FRESH) + len(KNOWN) >= 60
    assert sum("error" in answer for answer in given) <= 10
    assert sum(bool(answer.get("choices")) for answer in given) >= 3
    assert sum(bool(answer.get("written")) for answer in given) >= 8
    assert len({name for answer in given for name in answer.get("capabilities", ())}) >= 20
