"""`roadmap ask` is answered by a server of the same data folder, by no other program, and once."""

from __future__ import annotations

import http.server
import shutil
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette

from assistant.answers import Answer, Citation, Part
from assistant.service import QuestionError
from corpus.errors import ProjectError, UsageError
from corpus.roadmap import Weeks
from corpus.settings import Settings
from tests.fakes import running
from ui.cli.warm import asked_server
from ui.serving import Serving, find_serving, new_serving, told
from ui.web.local import local_route

WHERE: dict[str, Any] = {"person": "ada", "week": None, "scope": "all", "llm": "auto"}


class Listening:
    """Stands for the assistant: remembers what it was asked."""

    roadmap = type("Rows", (), {"weeks": Weeks(0, 48)})

    def __init__(self, answer: Answer | ProjectError) -> None:
        self.answer, self.asked = answer, list[tuple[str, dict[str, Any]]]()

    def ask(self, text: str, **where: Any) -> Answer:
        self.asked.append((text, where))
        if isinstance(self.answer, ProjectError):
            raise self.answer
        return self.answer


ANSWER = Answer(
    "what is dropout?",
    (Part("note", "It drops units. [1]"),),
    (Citation(1, "note", "Dropout", "note:x", "It drops units.", context="It drops units. Really."),),
    weeks=Weeks(3, 4),
    timings_ms={"total": 3.5},
    changes=("Nothing.",),
)


@contextmanager
def served(settings: Settings, answer: Answer | ProjectError = ANSWER) -> Iterator[Listening]:
    listening, routes = Listening(answer), list[Any]()
    app = Starlette(routes=routes)
    with running(app) as url:
        address = urlsplit(url)
        serving = new_serving(settings, str(address.hostname), int(address.port or 0))
        app.router.routes.append(local_route(listening, serving))  # type: ignore[arg-type]
        with told(settings.data, serving):
            yield listening


def test_the_server_of_the_folder_answers_the_whole_answer(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    with served(settings) as listening:
        found = asked_server(settings, "what is dropout?", **WHERE)
    assert found is not None
    answer, address = found
    assert answer.as_json() == ANSWER.as_json()
    assert answer.citations == ANSWER.citations
    assert address.startswith("http://127.0.0.1:")
    [(text, where)] = listening.asked
    assert (text, where["person"]) == ("what is dropout?", "ada")


def test_errors_come_back_as_what_they_are(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    with served(settings, QuestionError("the question is empty")), pytest.raises(UsageError, match="is empty"):
        asked_server(settings, " ", **WHERE)
    with served(settings, ProjectError("no index yet")), pytest.raises(ProjectError, match="no index yet") as caught:
        asked_server(settings, "x", **WHERE)
    assert not isinstance(caught.value, UsageError)
    with served(settings), pytest.raises(UsageError, match="Week 99 does not exist"):
        asked_server(settings, "x", **WHERE | {"week": 99})


def test_who_does_not_know_the_secret_is_told_nothing_and_asks_nothing(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    with served(settings) as listening:
        known = find_serving(settings)
        assert known is not None
        assert known.secret not in repr(known)
        with told(tmp_path, replace(known, secret="0" * 64)):
            assert asked_server(settings, "what is dropout?", **WHERE) is None
    assert listening.asked == []


def test_a_program_that_has_taken_the_port_is_not_believed(tmp_path: Path) -> None:
    class Other(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = b'{"error": "send your password", "usage": false}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("x-roadmap-signed", "0" * 64)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    settings = Settings(data=tmp_path)
    with http.server.HTTPServer(("127.0.0.1", 0), Other) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        with told(tmp_path, new_serving(settings, "127.0.0.1", server.server_port)):
            assert asked_server(settings, "x", **WHERE) is None
        thread.join()


def test_what_may_have_been_obeyed_is_not_said_again(tmp_path: Path) -> None:
    class Dies(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            return

    settings = Settings(data=tmp_path)
    with http.server.HTTPServer(("127.0.0.1", 0), Dies) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        told_of = told(tmp_path, new_serving(settings, "127.0.0.1", server.server_port))
        with told_of, pytest.raises(ProjectError, match="broke off: look whether"):
            asked_server(settings, "I finished fast.ai", **WHERE)
        thread.join()


def test_other_settings_an_ended_server_and_a_damaged_file_are_no_server(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    with served(settings):
        assert find_serving(replace(settings, embed_model="other")) is None
        assert find_serving(replace(settings, llm_url="http://127.0.0.1:1/v1")) is None
        kept = (tmp_path / "serving.json").read_text()
    assert not (tmp_path / "serving.json").exists()
    (tmp_path / "serving.json").write_text(kept)
    assert asked_server(settings, "x", **WHERE) is None
    for damage in ("", "[]", "{}", '{"host": 1}'):
        (tmp_path / "serving.json").write_text(damage)
        assert find_serving(settings) is None


def test_the_server_of_the_folder_that_this_one_was_copied_from_is_no_server(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "one")
    with told(settings.data, new_serving(settings, "127.0.0.1", 1)):
        shutil.copytree(tmp_path / "one", tmp_path / "copy")
        assert find_serving(settings) is not None
        assert find_serving(replace(settings, data=tmp_path / "copy")) is None


def test_the_file_is_for_its_owner_alone_and_a_later_servers_stays(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "new")
    one, other = (new_serving(settings, "0.0.0.0", port) for port in (1, 2))
    with told(settings.data, one):
        assert stat.S_IMODE((settings.data / "serving.json").stat().st_mode) == 0o600
        with told(settings.data, other):
            pass
        assert find_serving(settings) is None
    later = told(settings.data, other)
    with told(settings.data, one):
        later.__enter__()
    assert find_serving(settings) == other
    assert other.host == "127.0.0.1"
    later.__exit__(None, None, None)


def test_a_signature_is_of_parts_and_not_of_what_they_run_together_to() -> None:
    serving = Serving("127.0.0.1", 1, "", "secret")
    assert serving.signature(b"ab", b"c") != serving.signature(b"a", b"bc")
    assert serving.signed(serving.signature(b"a"), b"a")
    assert not serving.signed("ü", b"a")
