"""`serve` under a signal and under slow clients: a real process of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from assistant.store.conversations import ConversationStore
from corpus.settings import Settings
from tests.fakes import FakeAssistant, running
from ui.kept import MOST_TURNS, kept_turn
from ui.under_way import STOPPED
from ui.web import patience
from ui.web.api import RETRY_AFTER, create_app
from ui.web.problems import problem

SERVE = """
import sys
from pathlib import Path
from corpus.settings import Settings
from tests.fakes import FakeAssistant
from ui.web import patience
from ui.web.server import serve
patience.SECONDS = float(sys.argv[2])
serve(FakeAssistant(settings=Settings(data=Path(sys.argv[1]))), port=0,
      announce=lambda address, owner: print(address, flush=True))
"""


@contextmanager
def process(data: Path, patient: float = 10.0) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process, and where it serves."""
    command = [sys.executable, "-c", SERVE, str(data), str(patient)]
    root = str(Path(__file__).parents[3])
    environment = os.environ | {"PYTHONPATH": root}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as served:
        assert served.stdout is not None
        try:
            yield served, served.stdout.readline().strip()
        finally:
            served.kill()


def ask(url: str, question: str, stream: bool) -> tuple[int, str, str]:
    """Status, text and the cookie's value."""
    body = {"question": question, "stream": stream, "conversation": "new"}
    with httpx.Client(base_url=url, timeout=30) as client:
        answer = client.post("/api/v1/ask", json=body)
        return answer.status_code, answer.text, client.cookies["roadmap-person"]


def test_a_signal_lets_answers_end_and_cuts_the_endless_ones_with_a_sentence(tmp_path: Path) -> None:
    with process(tmp_path) as (served, url), ThreadPoolExecutor(4) as pool:
        endless = [pool.submit(ask, url, "slow please", stream) for stream in (True, False)]
        brief = pool.submit(ask, url, "brief wait", False)
        time.sleep(0.7)
        begun = time.monotonic()
        served.send_signal(signal.SIGTERM)
        (streamed, events, person), (whole, text, _) = (each.result() for each in endless)
        assert served.wait(15) is not None
        took = time.monotonic() - begun
        errors = served.stderr.read() if served.stderr else ""
    assert took < 10
    assert brief.result()[0] == 200
    last = events.strip().split("\n\n")[-1]
    assert (streamed, last.splitlines()[0]) == (200, "event: error")
    assert json.loads(last.splitlines()[1].removeprefix("data: ")) == {"error": STOPPED}
    assert (whole, json.loads(text)["error"]) == (503, STOPPED)
    assert "Traceback" not in errors
    with ConversationStore(tmp_path) as kept:
        (one,) = kept.list(person.split(".")[0])
        assert [(turn.question, turn.answer) for turn in kept.load(person.split(".")[0], one.id).turns] == [
            ("slow please", None)
        ]


def test_a_server_that_does_nothing_stops_at_once(tmp_path: Path) -> None:
    with process(tmp_path) as (served, url):
        assert httpx.get(f"{url}healthz").status_code == 200
        begun = time.monotonic()
        served.send_signal(signal.SIGTERM)
        served.wait(10)
        assert time.monotonic() - begun < 4


@pytest.mark.parametrize(
    "half",
    [
        b"",
        b"GET /heal",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
        b"POST /api/v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{",
    ],
)
def test_who_sends_half_a_request_is_hung_up_on(tmp_path: Path, half: bytes) -> None:
    with process(tmp_path, patient=0.5) as (_, url):
        port = int(url.rstrip("/").rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port), timeout=8) as slow:
            slow.sendall(half)
            while slow.recv(4096):
                pass
        assert httpx.get(f"{url}healthz").status_code == 200


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("FOO /api/v1/ask HTTP/1.1", 501),
        ("get / HTTP/1.1", 501),
        ("GETS / HTTP/1.1", 501),
        ("BREW /pot HTTP/1.1", 501),
        ("<GET> / HTTP/1.1", 501),
        ("GET / HTTP/9.9", 400),
        ("POST /api/v1/ask HTTP/1.1\r\nContent-Length: many", 400),
        ("GET / HTTP/1.1\r\nno colon", 400),
        ("PROPFIND /api/v1/ask HTTP/1.1", 405),
        ("TRACE / HTTP/1.1", 405),
    ],
)
def test_what_the_parser_does_not_know_is_told_as_every_error_is(tmp_path: Path, sent: str, status: int) -> None:
    with process(tmp_path) as (_, url):
        port = int(url.rstrip("/").rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port), timeout=8) as client:
            client.sendall(f"{sent}\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            said = b"".join(iter(lambda: client.recv(4096), b""))
        assert httpx.get(f"{url}healthz").status_code == 200
    head, _, body = said.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert (b"allow: " in head.lower()) == (status == 405)
    told = json.loads(body)
    assert told.keys() == problem(0, "").keys()
    assert told["status"] == status


def test_a_client_that_drips_its_header_is_hung_up_on(tmp_path: Path) -> None:
    with process(tmp_path, patient=0.5) as (_, url):
        port = int(url.rstrip("/").rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port), timeout=8) as slow:
            assert _dripped(slow, b"GET /healthz HTTP/1.1\r\nX-Slow: " + b"x" * 200) < 100


def _dripped(slow: socket.socket, text: bytes) -> int:
    """How many bytes were taken, one at a time."""
    for count, byte in enumerate(text):
        try:
            slow.sendall(bytes([byte]))
        except OSError:
            return count
        time.sleep(0.05)
    return len(text)


def test_a_thousand_slow_clients_stop_nobody(tmp_path: Path) -> None:
    with process(tmp_path, patient=2) as (_, url):
        port = int(url.rstrip("/").rsplit(":", 1)[1])
        slow: list[socket.socket] = []
        try:
            for _ in range(800):
                slow.append(socket.create_connection(("127.0.0.1", port), timeout=5))
                slow[-1].sendall(b"GET / HTTP/1.1\r\n")
            assert httpx.get(f"{url}healthz", timeout=5).status_code == 200
        finally:
            for each in slow:
                each.close()


def test_a_connection_is_kept_longer_than_a_client_is_told_to_wait() -> None:
    from ui.web import server

    assert int(RETRY_AFTER) < server._KEEP_ALIVE
    assert patience.SECONDS < server._KEEP_ALIVE


def test_a_conversation_takes_so_many_questions(tmp_path: Path) -> None:
    fake = FakeAssistant(settings=Settings(data=tmp_path))
    with running(create_app(fake)) as url, httpx.Client(base_url=url, timeout=20) as client:  # type: ignore[arg-type]
        id = client.post("/api/v1/ask", json={"question": "hello", "conversation": "new"}).json()["conversation"]
        person = client.cookies["roadmap-person"].split(".")[0]
        with ConversationStore(tmp_path) as kept:
            for place in range(1, MOST_TURNS):
                kept.keep(person, id, place, kept_turn(f"question {place}", None, None, "all"))
        refused = client.post("/api/v1/ask", json={"question": "one more", "conversation": id})
        assert (refused.status_code, refused.json()["error"][:21]) == (422, "This conversation has")
