"""The API by a real HTTP client against a real server."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from assistant.service import Assistant, Readiness
from corpus.settings import Settings
from tests.fakes import FakeAssistant, running
from ui.web.api import create_app
from ui.web.problems import problem

ASK = "/api/v1/ask"
ZERO_TO_HERO = "https://www.youtube.com/playlist?list=PLjJh1vlSEYgv3u2khHca7g0q0_zyFtx9c"


@pytest.fixture(scope="module")
def fake() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture(scope="module")
def client(fake: FakeAssistant) -> Iterator[httpx.Client]:
    with running(create_app(fake, places=3, line=0)) as url, httpx.Client(base_url=url, timeout=20) as client:  # type: ignore[arg-type]
        yield client


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    assistant = Assistant(Settings(data=tmp_path_factory.mktemp("data")))
    with running(create_app(assistant)) as url, httpx.Client(base_url=url, timeout=20) as client:
        yield client


def events(text: str) -> list[tuple[str, dict[str, Any]]]:
    blocks = [dict(line.split(": ", 1) for line in block.splitlines()) for block in text.strip().split("\n\n")]
    return [(block["event"], json.loads(block["data"])) for block in blocks]


# ---- answers ----


def test_a_week_is_answered_from_the_roadmap_with_its_source(real: httpx.Client) -> None:
    answer = real.post(ASK, json={"question": "what should I do in week 14?"}).json()

    assert "Zero to Hero" in answer["answer"]
    assert answer["weeks"] == [13, 16]
    assert ZERO_TO_HERO in [c["url"] for c in answer["citations"]]


def test_a_stream_ends_with_the_one_answer(real: httpx.Client) -> None:
    whole = real.post(ASK, json={"question": "what should I do in week 14?"}).json()

    streamed = events(real.post(ASK, json={"question": "what should I do in week 14?", "stream": True}).text)

    assert {kind for kind, _ in streamed[:-1]} == {"delta"}
    assert streamed[-1][0] == "answer"
    assert streamed[-1][1]["answer"] == whole["answer"]


def test_a_stream_is_also_asked_for_by_the_accept_header(client: httpx.Client) -> None:
    response = client.post(ASK, json={"question": "hello"}, headers={"Accept": "text/event-stream"})

    assert response.headers["content-type"].startswith("text/event-stream")
    assert [kind for kind, _ in events(response.text)] == ["delta", "delta", "answer"]


def test_the_roadmap_is_served_whole_and_by_week(real: httpx.Client) -> None:
    assert len(real.get("/api/v1/roadmap").json()["phases"]) == 5
    assert [r["id"] for r in real.get("/api/v1/roadmap?week=14").json()["resources"]] == [
        "neural-networks-zero-to-hero"
    ]


def test_a_search_returns_ranked_hits(client: httpx.Client) -> None:
    hits = client.get("/api/v1/search", params={"q": "data"}).json()["hits"]

    assert hits[0].keys() == {"rank", "score", "kind", "resource", "title", "url", "heading", "text"}
    assert hits[0]["rank"] == 1


# ---- refusals ----


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b"{}",
        b'{"question": 7}',
        b'{"question": ""}',
        b'{"question": "\\ud800"}',
        b'{"question": "a", "week": "soon"}',
        b'{"question": "a", "week": 99}',
        b'{"question": "a", "week": NaN}',
        b'{"question": "a", "scope": "week"}',
        b'{"question": "a", "scope": "everything"}',
        b'{"question": "a", "admin": true}',
        b"[" * 60_000,
    ],
)
def test_nonsense_is_refused_with_one_sentence(client: httpx.Client, body: bytes) -> None:
    response = client.post(ASK, content=body, headers={"Content-Type": "application/json"})

    assert response.status_code == 422
    assert response.json().keys() == problem(0, "").keys()
    assert response.json()["error"].endswith(".")


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", ""])
def test_a_body_that_is_not_said_to_be_json_is_told_so(client: httpx.Client, kind: str) -> None:
    """As curl sends it with -d alone."""
    response = client.post(ASK, content=b'{"question": "hello"}', headers={"Content-Type": kind})
    assert (response.status_code, "Content-Type: application/json" in response.json()["error"]) == (422, True)


def test_an_empty_stream_question_is_refused_with_a_status_not_an_event(client: httpx.Client) -> None:
    assert client.post(ASK, json={"question": " ", "stream": True}).status_code == 422


def test_a_question_of_ten_megabytes_is_refused(client: httpx.Client) -> None:
    response = client.post(ASK, json={"question": "a" * 10_000_000})

    assert response.status_code == 413
    assert "64 KiB" in response.json()["error"]


@pytest.mark.parametrize("sized", [True, False])
@pytest.mark.parametrize(
    ("path", "status"),
    [(ASK, 413), ("/gradio_api/queue/join", 413), ("/v1/embeddings", 413), ("/mcp", 413), ("/gradio_api/upload", 403)],
)
def test_who_sends_too_much_gets_the_answer(client: httpx.Client, path: str, status: int, sized: bool) -> None:
    """Not a connection that is reset in the middle of sending."""
    whole = b"a" * 20_000_000
    pieces = (whole[at : at + 65_536] for at in range(0, len(whole), 65_536))
    response = client.post(path, content=whole if sized else pieces, headers={"Content-Type": "application/json"})
    assert response.status_code == status
    assert "error" in response.json()


def test_who_asks_whether_to_send_is_refused_at_once(client: httpx.Client) -> None:
    headers = {"Expect": "100-continue", "Content-Length": "20000000", "Content-Type": "application/json"}
    with socket.create_connection((client.base_url.host, client.base_url.port or 80), 10) as asking:
        asking.sendall(f"POST {ASK} HTTP/1.1\r\nHost: localhost\r\n".encode())
        asking.sendall("".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode() + b"\r\n")
        assert asking.recv(100).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(("path", "status"), [("/api/v1/roadmap?week=99", 404), ("/api/v1/nothing", 404)])
def test_what_does_not_exist_is_said(client: httpx.Client, path: str, status: int) -> None:
    response = client.get(path)

    assert response.status_code == status
    assert response.json()["error"].endswith(".")


def test_an_unforeseen_error_says_nothing_of_the_machine(client: httpx.Client) -> None:
    response = client.post(ASK, json={"question": "crash"})

    assert response.status_code == 500
    assert response.json().keys() == problem(0, "").keys()
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert response.headers["connection"] == "close"  # it hangs up, so no other request may follow on this connection


def test_an_error_after_the_first_piece_is_the_last_event(client: httpx.Client) -> None:
    streamed = events(client.post(ASK, json={"question": "break off", "stream": True}).text)

    assert [kind for kind, _ in streamed] == ["delta", "error"]
    assert "secret" not in json.dumps(streamed)


def test_a_question_that_needs_the_index_is_refused_while_there_is_none(client: httpx.Client) -> None:
    response = client.post(ASK, json={"question": "unready"})

    assert response.status_code == 503
    assert "roadmap ingest" in response.json()["error"]


@pytest.mark.parametrize(
    "path",
    [
        "upload",
        "file=/etc/passwd",
        "proxy=http://a.b",
        "process_recording",
        "deep_link?session_hash=x",
        "call/ask",
        "run/ask",
        "custom_component/a/client/b/c.js",
        "vibe-code",
        "mcp/",
    ],
)
def test_gradios_doors_to_files_and_other_hosts_are_closed(client: httpx.Client, path: str) -> None:
    assert client.get(f"/gradio_api/{path}").status_code == 403
    assert client.post(f"/gradio_api/{path}", files={"files": b"x"}).status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::1"])
def test_a_foreign_host_name_is_refused(client: httpx.Client, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost:7860", "127.0.0.1", "[::1]:7860"])
def test_our_own_host_names_are_served(client: httpx.Client, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


# ---- many at once, and those who leave ----


def test_those_over_the_limit_are_sent_away_and_health_stays_quick(client: httpx.Client) -> None:
    with ThreadPoolExecutor(50) as pool:
        asked = [pool.submit(client.post, ASK, json={"question": "brief wait"}) for _ in range(50)]
        waits = sorted(_health(client) for _ in range(40))
        responses = [future.result() for future in asked]

    refused = [r for r in responses if r.status_code == 503]
    assert len(refused) == 47
    assert refused[0].headers["retry-after"]
    assert "try again in a few seconds" in refused[0].json()["error"]
    assert waits[int(0.95 * len(waits))] < 0.2
    assert client.post(ASK, json={"question": "hello"}).status_code == 200


def _health(client: httpx.Client) -> float:
    begun = time.perf_counter()
    assert client.get("/healthz").status_code == 200
    return time.perf_counter() - begun


@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_leaves_ends_the_stream_within_two_seconds(
    client: httpx.Client, fake: FakeAssistant, stream: bool
) -> None:
    fake.started.clear()
    fake.closed.clear()
    with httpx.Client(base_url=client.base_url, timeout=httpx.Timeout(20, read=0.7)) as leaver:
        if stream:
            with leaver.stream("POST", ASK, json={"question": "slow", "stream": True}) as response:
                next(response.iter_raw())
        else:
            with pytest.raises(httpx.ReadTimeout):
                leaver.post(ASK, json={"question": "slow"})

    assert fake.started.is_set()
    assert fake.closed.wait(2)


# ---- the rest ----


def test_readiness_says_why_not() -> None:
    fake = FakeAssistant(ready=Readiness(False, True, "the search model is still loading"))
    with running(create_app(fake)) as url:  # type: ignore[arg-type]
        response = httpx.get(f"{url}/readyz")

    assert response.status_code == 503
    assert response.json()["error"] == "the search model is still loading"


def test_readiness_tells_what_is_indexed(client: httpx.Client) -> None:
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json()["pages"] == 3


def test_metrics_count_requests(client: httpx.Client) -> None:
    client.get("/healthz")

    assert 'handler="/healthz"' in client.get("/metrics").text


@pytest.mark.parametrize("path", ["/", "/docs", "/healthz", "/api/v1/openapi.json", "/nothing", "/config"])
def test_every_response_limits_what_a_browser_may_do(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe-eval" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_the_documentation_names_no_other_host(client: httpx.Client) -> None:
    assert "http://" not in client.get("/docs").text.replace(str(client.base_url), "")
    assert "https://" not in client.get("/docs").text
