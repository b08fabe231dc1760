"""Which address takes which method, that errors have one form, and that nothing of Gradio's is open but the page."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from assistant.service import Assistant
from corpus.settings import Settings
from tests.fakes import running
from ui.web.api import create_app
from ui.web.problems import problem

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
