"""Which address takes which method, that errors have one form, and that nothing of Gradio's is open but the page."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from assistant.service import Assistant
from corpus.settings import Settings
from tests.fakes import running
from ui.texts import UNREADABLE
from ui.web.api import create_app
from ui.web.problems import problem

STATIC = Path(__file__).parents[3] / "ui" / "static"
GETS = ("/", "/healthz", "/readyz", "/metrics", "/docs", "/api/v1/openapi.json", "/api/v1/roadmap", "/api/v1/today")
PAGES = ("/pages/today", "/pages/history", "/static/roadmap/main.js", "/theme.css", "/gradio_api/startup-events")
POSTS = ("/api/v1/ask", "/api/v1/undo", "/pages/today/mark", "/gradio_api/queue/join", "/gradio_api/run/predict")
BOTH = ("/api/v1/progress", "/api/v1/settings", "/api/v1/review")
CLOSED = (
    *("/openapi.json", "/config", "/config/", "/monitoring", "/monitoring/summary", "/login_check", "/token", "/user"),
    *("/redoc", "/pwa_icon", "/svelte/x", "/file=/etc/passwd", "/queue/join", "/run/predict", "/api/v2", "/nothing"),
    *(
        "/gradio_api/openapi.json",
        "/gradio_api/upload",
        "/gradio_api/file=x",
        "/gradio_api/call/ask",
        "/gradio_api/runs",
    ),
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    assistant = Assistant(Settings(data=tmp_path_factory.mktemp("data")))
    app = create_app(assistant)
    with closing(assistant.companion), running(app) as url, httpx.Client(base_url=url, timeout=20) as client:
        yield client


@pytest.mark.parametrize("path", [*GETS, *PAGES, *BOTH])
def test_head_is_answered_as_get_is_without_a_body(client: httpx.Client, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert (head.status_code, head.headers["content-type"]) == (got.status_code, got.headers["content-type"])
    assert head.content == b""


def test_head_of_a_stream_that_never_ends_ends_at_once(client: httpx.Client) -> None:
    assert client.head("/gradio_api/heartbeat/abc").status_code == 200
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PUT", "PATCH", "DELETE", "POST", "GET", "HEAD"])
@pytest.mark.parametrize("path", [*GETS, *PAGES, *POSTS, *BOTH])
def test_another_method_is_named_with_those_that_are_taken(client: httpx.Client, method: str, path: str) -> None:
    taken = {"POST"} if path in POSTS else {"GET", "HEAD"} | ({"POST"} if path in BOTH else set())
    if method in taken:
        return
    refused = client.request(method, path)
    assert (refused.status_code, set(refused.headers["allow"].split(", "))) == (405, taken)
    assert method == "HEAD" or refused.json().keys() == problem(0, "").keys()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
@pytest.mark.parametrize("path", CLOSED)
def test_nothing_else_is_open(client: httpx.Client, method: str, path: str) -> None:
    refused = client.request(method, path)
    assert refused.status_code in (403, 404)
    assert refused.json().keys() == problem(0, "").keys()
    assert "set-cookie" not in refused.headers


@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/gradio_api/run/predict"])
@pytest.mark.parametrize(
    "body",
    [
        {"fn_index": 9_999, "data": [], "session_hash": "x"},
        {"fn_index": -1, "data": [], "session_hash": "x"},
        {"fn_index": 0, "data": "text", "session_hash": "x"},
        {"fn_index": "ask", "data": []},
        {"data": []},
        {},
        [],
        None,
    ],
)
def test_a_function_that_the_page_does_not_have_is_one_sentence(
    client: httpx.Client, path: str, body: object, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    refused = client.post(path, json=body)
    assert 400 <= refused.status_code < 500
    assert refused.json().keys() == problem(0, "").keys()
    assert "Traceback" not in caplog.text


ASK, EXAMPLE = 0, 2
"""The functions of the page that ask: what is typed, and an example."""
TYPED = ["what is in week 3?", "", -1, "all", None]
CHOSEN = {"index": 0, "value": {"text": "what is in week 3?"}}


@pytest.mark.parametrize(
    "body",
    [
        {"fn_index": ASK, "data": []},
        {"fn_index": ASK, "data": TYPED[:4]},
        {"fn_index": ASK, "data": [*TYPED, None]},
        {"fn_index": ASK, "data": [{"text": "x"}, *TYPED[1:]]},
        {"fn_index": ASK, "data": [["x"], *TYPED[1:]]},
        {"fn_index": ASK, "data": ["x", "", 99, "all", None]},
        {"fn_index": ASK, "data": ["x", "", True, "all", None]},
        {"fn_index": ASK, "data": ["x", "", "3", "all", None]},
        {"fn_index": ASK, "data": ["x", "", None, "all", None]},
        {"fn_index": ASK, "data": ["x", "", -1, None, None]},
        {"fn_index": ASK, "data": ["x", "", -1, "everything", None]},
        {"fn_index": ASK, "data": ["x", "", [3], {}, None]},
        {"fn_index": ASK, "data": TYPED, "batched": True},
        {"fn_index": ASK, "data": TYPED, "trigger_id": "x"},
        {"fn_index": EXAMPLE, "data": TYPED[2:]},
        {"fn_index": EXAMPLE, "data": TYPED[2:], "event_data": "x"},
        {"fn_index": EXAMPLE, "data": TYPED[2:], "event_data": {"index": 0}},
        {"fn_index": EXAMPLE, "data": TYPED[2:], "event_data": {"index": 0, "value": "x"}},
        {"fn_index": EXAMPLE, "data": TYPED[2:], "event_data": {"index": 0, "value": {"text": 3}}},
        {"fn_index": EXAMPLE, "data": TYPED[2:], "event_data": {"value": {"text": "x"}}},
        {"fn_index": None, "data": []},
        {"fn_index": [0], "data": []},
    ],
)
def test_an_event_with_other_values_than_the_pages_never_gets_into_the_queue(
    client: httpx.Client, body: dict[str, object], capfd: pytest.CaptureFixture[str]
) -> None:
    for path in ("/gradio_api/queue/join", "/gradio_api/run/predict", "/gradio_api/run/predict/"):
        refused = client.post(path, json={"session_hash": "x"} | body)
        assert (refused.status_code, refused.json()["error"]) == (422, UNREADABLE)
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize(
    "body",
    [
        {"fn_index": ASK, "data": TYPED},
        {"fn_index": ASK, "data": [None, None, -1, "all", None]},
        {"fn_index": EXAMPLE, "data": TYPED[2:], "event_data": CHOSEN},
    ],
)
def test_an_event_as_the_page_sends_it_is_answered(
    client: httpx.Client, body: dict[str, object], capfd: pytest.CaptureFixture[str]
) -> None:
    session = f"own{hash(str(body))}"
    assert client.post("/gradio_api/queue/join", json={"session_hash": session} | body).status_code == 200
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
        ended = next(line for line in stream.iter_lines() if "process_completed" in line)
    assert '"success":true' in ended
    assert "Traceback" not in capfd.readouterr().err


def test_the_manifest_names_what_is_there_and_what_concerns_nobody_sets_no_cookie(client: httpx.Client) -> None:
    client.cookies.clear()
    (icon,) = client.get("/manifest.json").json()["icons"]
    drawn = client.get(f"/{icon['src']}")
    assert (drawn.status_code, drawn.headers["content-type"]) == (200, icon["type"])
    files = (f"/static/roadmap/{file.name}" for file in STATIC.iterdir())
    for path in ("/manifest.json", "/theme.css", "/favicon.ico", "/robots.txt", "/docs", "/static/nothing.js", *files):
        assert "set-cookie" not in client.get(path).headers, path
    assert "set-cookie" in client.get("/api/v1/today").headers


@pytest.mark.parametrize("by", ["9999-12-31", "2200-01-02", "5000-06-01"])
def test_a_plan_that_would_end_after_all_days_is_refused(client: httpx.Client, by: str) -> None:
    client.post("/api/v1/settings", json={"start": "2027-01-04", "hours": 8})
    refused = client.get("/api/v1/plan", params={"by": by})
    assert refused.status_code == 422
    assert by in refused.json()["error"]
    assert client.get("/api/v1/plan", params={"by": "2200-01-01"}).status_code == 200


def test_a_stream_is_not_held_back_by_a_proxy(client: httpx.Client) -> None:
    streamed = client.post("/api/v1/ask", json={"question": "what is in week 3?", "stream": True})
    assert streamed.headers["x-accel-buffering"] == "no"
