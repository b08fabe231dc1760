"""The API about conversations, feedback, tokens, capabilities, pages and runs; tags, pages, ids of requests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest

from assistant.language.learning.table import capabilities
from assistant.service import Assistant
from assistant.tools import tools
from corpus.roadmap import Weeks
from corpus.settings import Settings
from ingest.coverage import Change
from tests.fakes import running
from ui.web import library
from ui.web.api import create_app

OWNER = "the-owners-token"
ASK = "/api/v1/ask"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    assistant = Assistant(Settings(data=tmp_path_factory.mktemp("data")))
    with closing(assistant.companion), running(create_app(assistant, owner=OWNER)) as url:
        yield url


@pytest.fixture
def ada(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=20) as client:
        yield client


@pytest.fixture
def ben(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=20) as client:
        yield client


def begun(client: httpx.Client, question: str = "what is in week 14?") -> str:
    return client.post(ASK, json={"question": question, "conversation": "new"}).json()["conversation"]


# --- conversations ----------------------------------------------------------------------------------------------------


def test_conversations_come_page_by_page_each_once(ada: httpx.Client) -> None:
    ids = [begun(ada, f"what is in week {week}?") for week in range(7)]
    found, cursor, pages = [], "", 0
    while pages < 10:
        pages += 1
        page = ada.get("/api/v1/conversations", params={"limit": 3, "cursor": cursor}).json()
        found += [line["id"] for line in page["conversations"]]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert found == ids[::-1]
    assert pages == 3
    searched = ada.get("/api/v1/conversations", params={"q": "week 5"}).json()["conversations"]
    assert [line["title"] for line in searched] == ["what is in week 5?"]


def test_a_conversation_is_shown_renamed_and_deleted_by_its_owner_alone(ada: httpx.Client, ben: httpx.Client) -> None:
    id = begun(ada)
    path = f"/api/v1/conversations/{id}"
    ben.get("/api/v1/conversations")
    for method, body in (("GET", None), ("PATCH", {"title": "Mine"}), ("DELETE", None)):
        assert ben.request(method, path, json=body).status_code == 404

    assert [turn["question"] for turn in ada.get(path).json()["turns"]] == ["what is in week 14?"]
    assert ada.patch(path, json={"title": "Nets"}).json()["title"] == "Nets"
    assert ada.delete(path).json() == {"deleted": "Nets"}
    assert ada.get(path).status_code == 404


@pytest.mark.parametrize("cursor", ["x", "bm90IGpzb24=", "WzEsMl0=", "W10=", "ÿ"])
@pytest.mark.parametrize("path", ["conversations", "changes"])
def test_a_cursor_that_is_none_of_ours_is_refused(ada: httpx.Client, path: str, cursor: str) -> None:
    refused = ada.get(f"/api/v1/{path}", params={"cursor": cursor})
    assert (refused.status_code, refused.json()["error"][:24]) == (422, "This is no cursor of our")


def test_changes_come_page_by_page_each_once(ada: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tuple(Change(f"https://a.example/{n}", "r", Weeks(1, 2), f"2026-11-0{9 - n // 3}", "new") for n in range(8))
    monkeypatch.setattr(library, "read_changes", lambda *_: made)
    found, cursor, pages = [], "", 0
    while cursor is not None and pages < 10:
        page = ada.get("/api/v1/changes", params={"limit": 3, "cursor": cursor}).json()
        found += [change["url"] for change in page["changes"]]
        cursor, pages = page["next"], pages + 1
    assert (found, pages) == ([change.url for change in made], 3)
    assert ada.get("/api/v1/changes").json()["next"] is None


def test_feedback_is_kept_of_ones_own_answers(ada: httpx.Client, ben: httpx.Client) -> None:
    body = {"conversation": begun(ada), "turn": 0, "good": False, "reason": "the checkpoint is missing"}
    assert ada.post("/api/v1/feedback", json=body).json() == {"kept": True}
    assert ben.post("/api/v1/feedback", json=body).status_code == 404
    assert ada.post("/api/v1/feedback", json={**body, "turn": 1}).status_code == 404
    assert ada.post("/api/v1/feedback", json={**body, "good": "no"}).status_code == 422


# --- who it is --------------------------------------------------------------------------------------------------------


def test_a_token_is_the_learner_in_another_program(server: str, ada: httpx.Client) -> None:
    ada.post(ASK, json={"question": "I finished the Linux refresher"})
    token = ada.post("/api/v1/token").json()["token"]
    with httpx.Client(base_url=server, headers={"Authorization": f"Bearer {token}"}) as program:
        exported = program.get("/api/v1/export")
        assert [mark["resource"] for mark in exported.json()["learner"]["marks"]] == ["linux-cli-refresher"]
        assert "set-cookie" not in exported.headers


@pytest.mark.parametrize("change", [lambda t: t[:-3] + "abc", lambda t: t.replace("p", "p0", 1)])
def test_a_token_that_we_did_not_give_opens_nothing(server: str, ada: httpx.Client, change: Any) -> None:
    token = change(ada.post("/api/v1/token").json()["token"])
    asked = httpx.get(f"{server}/api/v1/export", headers={"Authorization": f"Bearer {token}"})
    assert asked.status_code == 401 or asked.json()["learner"]["marks"] == []


def test_another_site_gets_no_token(ada: httpx.Client) -> None:
    assert ada.post("/api/v1/token", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_run_is_the_owners(ada: httpx.Client) -> None:
    for method, body in (("POST", {"crawl": False}), ("DELETE", None)):
        for key in ("none", "wrong"):
            headers = {"Authorization": f"Bearer {key}", "X-Forwarded-For": "127.0.0.1"}
            assert ada.request(method, "/api/v1/ingest", json=body, headers=headers).status_code == 403
    stopped = ada.delete("/api/v1/ingest", headers={"Authorization": f"Bearer {OWNER}"})
    assert (stopped.status_code, stopped.json()["running"]) == (200, False)


# --- capabilities -----------------------------------------------------------------------------------------------------


def test_the_table_is_listed_with_what_each_takes(ada: httpx.Client) -> None:
    listed = ada.get("/api/v1/capabilities").json()["capabilities"]
    assert [entry["name"] for entry in listed] == list(capabilities())
    assert {entry["name"] for entry in listed if entry["input"]} == set(tools())


def test_a_capability_is_called_by_its_arguments_and_kept_in_a_conversation(ada: httpx.Client) -> None:
    body = {"arguments": {"resource": "fast.ai"}, "conversation": "new"}
    marked = ada.post("/api/v1/capabilities/mark_done", json=body).json()
    assert marked["capabilities"] == ["mark_done"]
    assert marked["written"] == ["Mark fast.ai Practical Deep Learning for Coders as done."]
    asked = ada.post(ASK, json={"question": "who teaches it?", "conversation": marked["conversation"]}).json()
    assert "Jeremy Howard" in asked["answer"]
    assert ada.post("/api/v1/capabilities/undo", json={}).json()["written"]


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("nothing", {}, 404),
        ("mark_done", {"arguments": {"week": "3"}}, 422),
        ("mark_done", {"arguments": {"course": "x"}}, 422),
        ("mark_done", {"arguments": []}, 422),
        ("mark_done", {"arguments": {"week": 3}, "more": 1}, 422),
        ("concept", {"arguments": {"words": "what is \ud800?"}, "conversation": "new"}, 422),
        ("concept", {"arguments": {"words": "what is a\0b?"}}, 422),
        ("mark_done", {"arguments": {"resource": "fast.ai"}, "conversation": "f" * 32}, 404),
        ("week_content", {"arguments": {"week": 3}, "scope": "week"}, 422),
    ],
)
def test_a_call_that_cannot_be_made_writes_nothing(ada: httpx.Client, name: str, body: Any, status: int) -> None:
    kind = {"Content-Type": "application/json"}
    refused = ada.post(f"/api/v1/capabilities/{name}", content=json.dumps(body), headers=kind)
    assert (refused.status_code, refused.json()["status"]) == (status, status)
    assert refused.json()["error"].endswith((".", "?"))
    assert ada.get("/api/v1/export").json()["learner"]["marks"] == []
    assert ada.get("/api/v1/conversations").json()["conversations"] == []


# --- every response ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["roadmap", "capabilities", "coverage", "changes", "sources"])
def test_what_one_has_already_is_not_sent_again(ada: httpx.Client, path: str) -> None:
    first = ada.get(f"/api/v1/{path}")
    again = ada.get(f"/api/v1/{path}", headers={"If-None-Match": f'"x", W/{first.headers["etag"]}'})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert ada.get(f"/api/v1/{path}", headers={"If-None-Match": '"x"'}).status_code == 200


@pytest.mark.parametrize("path", ["search?q=tensor&weeks=3", "roadmap?wek=3", "settings?a=1", "quiz?n=3", "eval?x="])
def test_a_parameter_that_an_address_does_not_have_is_refused(ada: httpx.Client, path: str) -> None:
    """Passed over, it would be answered as if nothing had been asked of it."""
    refused = ada.get(f"/api/v1/{path}")
    assert (refused.status_code, "has no parameter" in refused.json()["error"]) == (422, True)


@pytest.mark.parametrize("path", ["roadmap?week=1&phase=2", "roadmap?week=1&resource=x", "quiz?week=1&resource=x"])
def test_of_two_places_none_is_passed_over(ada: httpx.Client, path: str) -> None:
    refused = ada.get(f"/api/v1/{path}")
    assert (refused.status_code, "exclude each other" in refused.json()["error"]) == (422, True)


@pytest.mark.parametrize(("given", "kept"), [("abc-1.2:3", True), ("", False), ("a b", False), ("x" * 65, False)])
@pytest.mark.parametrize("path", ["/healthz", "/api/v1/nothing", "/v1/nothing"])
def test_every_response_names_its_request(ada: httpx.Client, path: str, given: str, kept: bool) -> None:
    response = ada.get(path, headers={"X-Request-ID": given})
    assert (response.headers["x-request-id"] == given) is kept
    if path.startswith("/api"):
        assert response.json()["request_id"] == response.headers["x-request-id"]
        assert response.headers["content-type"] == "application/problem+json"
