"""Conversations over the API: begun, gone on with, kept for their person alone; and how all of it is documented."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest

from assistant.answers import Answer, Part
from assistant.service import Assistant
from corpus.settings import Settings
from tests.fakes import FakeAssistant, running
from ui.person import COOKIE
from ui.web.api import create_app
from ui.web.contract import AnswerJson, ChoiceJson, CitationJson

ASK = "/api/v1/ask"
WEEK_14 = "what should I do in week 14?"
ZERO_TO_HERO = "neural-networks-zero-to-hero"
HALF_DONE = "I have nearly finished fast.ai"
"""Asked back: nothing is marked as done on a guess."""


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    assistant = Assistant(Settings(data=tmp_path_factory.mktemp("data")))
    with closing(assistant.companion), running(create_app(assistant)) as url:
        yield url


@pytest.fixture
def ada(real: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=real, timeout=20) as client:
        yield client


@pytest.fixture
def ben(real: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=real, timeout=20) as client:
        yield client


def asked(client: httpx.Client, question: str, conversation: str | None = None, **more: Any) -> dict[str, Any]:
    """The answer, whole or as the last event of a stream."""
    body = {"question": question, "conversation": conversation, **more}
    response = client.post(ASK, json=body)
    assert response.status_code == 200, response.text
    if not more.get("stream"):
        return response.json()
    event = response.text.strip().split("\n\n")[-1]
    assert event.startswith("event: answer\n")
    return json.loads(event.partition("data: ")[2])


def kept(client: httpx.Client, id: str) -> list[str]:
    """The questions of a kept conversation."""
    response = client.get(f"/pages/history/{id}.json")
    return [turn["question"] for turn in response.json()["turns"]] if response.status_code == 200 else []


@pytest.mark.parametrize("stream", [False, True])
def test_a_conversation_is_begun_and_gone_on_with(ada: httpx.Client, stream: bool) -> None:
    first = asked(ada, WEEK_14, "new", stream=stream)
    second = asked(ada, "who teaches it?", first["conversation"], stream=stream)

    assert second["conversation"] == first["conversation"]
    assert second["resources"] == [ZERO_TO_HERO]
    assert kept(ada, first["conversation"]) == [WEEK_14, "who teaches it?"]


def test_without_a_conversation_each_question_stands_alone_and_nothing_is_kept(ada: httpx.Client) -> None:
    assert asked(ada, WEEK_14)["conversation"] is None
    assert asked(ada, "who teaches it?")["resources"] == []
    assert "will stand here" in ada.get("/pages/history").text


def test_two_conversations_do_not_mix(ada: httpx.Client) -> None:
    one, other = (asked(ada, question, "new")["conversation"] for question in (WEEK_14, "who teaches fast.ai?"))

    assert one != other
    assert asked(ada, "who teaches it?", one)["resources"] == [ZERO_TO_HERO]
    assert kept(ada, other) == ["who teaches fast.ai?"]


@pytest.mark.parametrize("stream", [False, True])
def test_an_unknown_conversation_and_anothers_are_not_there(ada: httpx.Client, ben: httpx.Client, stream: bool) -> None:
    id = asked(ada, WEEK_14, "new")["conversation"]

    for client, unknown in ((ben, id), (ada, "f" * 32), (ada, "NEW"), (ada, "no such\u202e")):
        body = {"question": "I finished fast.ai", "conversation": unknown, "stream": stream}
        response = client.post(ASK, json=body)
        assert response.status_code == 404
        assert response.json()["error"].endswith(".")
        assert client.get("/api/v1/export").json()["learner"]["marks"] == []
    assert kept(ada, id) == [WEEK_14]


@pytest.mark.parametrize("conversation", ["", "x" * 65, 7, "\ud800"])
def test_what_is_no_id_is_refused(ada: httpx.Client, conversation: object) -> None:
    body = json.dumps({"question": WEEK_14, "conversation": conversation})
    response = ada.post(ASK, content=body, headers={"Content-Type": "application/json"})

    assert response.status_code == 422
    assert response.json()["error"].startswith("conversation")


def test_a_click_on_a_choice_is_done_in_its_conversation(ada: httpx.Client) -> None:
    back = asked(ada, HALF_DONE, "new")
    assert back["written"] == []

    clicked = asked(ada, back["choices"][0]["message"], back["conversation"])

    assert clicked["capabilities"] == ["mark_done"]
    assert [mark["status"] for mark in ada.get("/api/v1/export").json()["learner"]["marks"]] == ["done"]


def test_what_is_written_in_a_conversation_is_taken_back_in_it(ada: httpx.Client) -> None:
    done = asked(ada, "I finished fast.ai", "new")
    undone = asked(ada, "undo that", done["conversation"])

    assert (len(done["written"]), len(undone["written"])) == (1, 1)
    assert ada.get("/api/v1/export").json()["learner"]["marks"] == []


@pytest.mark.parametrize("question", ["I have 200 hours a week", " ", "how does backpropagation work?"])
def test_of_a_question_that_fails_nothing_is_kept(ada: httpx.Client, question: str) -> None:
    id = asked(ada, WEEK_14, "new")["conversation"]

    for conversation in (id, "new"):
        assert ada.post(ASK, json={"question": question, "conversation": conversation}).status_code in (422, 503)

    assert kept(ada, id) == [WEEK_14]
    assert ada.get("/pages/history").text.count("<li id=") == 1


def test_the_person_the_place_and_the_conversation_reach_the_assistant() -> None:
    fake = FakeAssistant()
    with running(create_app(fake)) as url, httpx.Client(base_url=url) as client:  # type: ignore[arg-type]
        id = asked(client, "hello", "new", week=9, scope="so-far", llm="none")["conversation"]
        asked(client, "and then?", id)
        person = client.cookies[COOKIE].split(".")[0]

    first, second = fake.messages
    assert (first.person, first.week, first.scope, first.llm, list(first.history)) == (person, 9, "so-far", "none", [])
    assert first.now is not None
    assert (second.person, second.memory.said, second.llm) == (person, "hello", "auto")
    assert [question for question, _ in second.history] == ["hello"]


# --- the documentation ----------------------------------------------------------------------------------------------


def test_every_field_of_the_two_doors_is_described(ada: httpx.Client) -> None:
    schemas = ada.get("/api/v1/openapi.json").json()["components"]["schemas"]

    for name in ("AskBody", "SayBody", "ChoiceJson", "ErrorJson"):
        fields = schemas[name]["properties"]
        assert [field for field, told in fields.items() if not told.get("description")] == []
    told = schemas["AnswerJson"]["properties"]
    assert all(told[field]["description"] for field in ("capabilities", "choices", "written", "conversation"))


def test_the_answer_is_documented_as_it_is(ada: httpx.Client) -> None:
    made = Answer("q", (Part("notice", "x"),)).as_json()
    assert set(AnswerJson.model_fields) == set(made)

    for answer in (asked(ada, WEEK_14, "new"), asked(ada, HALF_DONE)):
        assert AnswerJson.model_validate(answer).model_dump() == answer
    assert {"label", "message"} == set(ChoiceJson.model_fields)
    assert {"n", "kind", "title", "url", "quote", "fetched_at"} == set(CitationJson.model_fields)


def test_the_errors_of_the_two_doors_are_documented(ada: httpx.Client) -> None:
    paths = ada.get("/api/v1/openapi.json").json()["paths"]

    documented = {path: set(paths[path]["post"]["responses"]) for path in (ASK, "/api/v1/say")}
    everywhere = {"200", "400", "401", "403", "413", "422", "500", "503"}
    assert documented == {ASK: everywhere | {"404"}, "/api/v1/say": everywhere}
