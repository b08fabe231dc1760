"""Sessions: issued by us alone, renewed, and in no body, log or file."""

from __future__ import annotations

import logging
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.companion import Companion
from assistant.service import Assistant
from corpus.settings import Settings
from tests.fakes import running
from ui.person import COOKIE, Person, person_of
from ui.session import KEPT, KEY_FILE, RENEWED, Sessions, new_person, session_key
from ui.web.api import create_app

V1 = "/api/v1"
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
BEFORE = "0123456789abcdef" * 2
"""A cookie from before sessions were signed."""
NOW = 1_800_000_000


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def url(data: Path) -> Iterator[str]:
    assistant = Assistant(Settings(data=data))
    with closing(assistant.companion), running(create_app(assistant)) as address:
        yield address


# --- values ---


def test_a_session_is_read_back_until_it_is_too_old() -> None:
    sessions, person = Sessions(b"k" * 32), new_person()
    value = sessions.issued(person, NOW)
    assert [
        (found.person == person, found.due) if (found := sessions.read(value, NOW + age)) else None
        for age in (0, RENEWED, RENEWED + 1, KEPT - 1, KEPT)
    ] == [(True, False), (True, False), (True, True), (True, True), None]


@given(st.integers(0, 90), st.sampled_from("0123456789abcdefpZ_-. é"))
def test_a_value_with_any_other_character_is_none_of_ours(at: int, other: str) -> None:
    sessions = Sessions(b"k" * 32)
    value = sessions.issued("p" + "a" * 32, NOW)
    changed = f"{value[:at]}{other}{value[at + 1 :]}"
    assert changed == value or sessions.read(changed, NOW) is None


@given(st.text(max_size=100))
def test_nothing_made_up_is_a_session(value: str) -> None:
    assert Sessions(b"k" * 32).read(value, NOW) is None


def test_another_installation_does_not_take_it() -> None:
    assert Sessions(b"a" * 32).read(Sessions(b"b" * 32).issued(new_person(), NOW), NOW) is None


# --- the key ---


def test_the_key_is_kept_and_is_the_accounts_own(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    key = session_key(folder)
    assert len(key) == 32
    assert session_key(folder) == key
    assert [path.name for path in folder.iterdir()] == [KEY_FILE]
    assert stat.S_IMODE((folder / KEY_FILE).stat().st_mode) == 0o600


def test_a_key_that_was_cut_off_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_bytes(b"half")
    assert len(session_key(tmp_path)) == 32
    assert session_key(tmp_path) == session_key(tmp_path)


def test_where_no_key_can_be_kept_it_lasts_until_the_end(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    assert len(session_key(tmp_path / "file")) == 32
    assert "cannot be kept" in caplog.text


# --- over HTTP ---


@pytest.mark.parametrize("value", ["", "me", "f" * 32, BEFORE, f"{'f' * 32}.6b49d200.{'A' * 43}", "../../etc"])
def test_a_cookie_that_we_did_not_issue_is_replaced(url: str, value: str) -> None:
    response = httpx.get(f"{url}{V1}/settings", headers={"cookie": f"{COOKIE}={value}"})
    issued = response.cookies[COOKIE]
    assert issued != value
    assert not issued.startswith(f"{value}.")
    with httpx.Client(base_url=url, cookies={COOKIE: issued}) as client:
        assert "set-cookie" not in client.get(f"{V1}/settings").headers


def test_who_was_here_before_sessions_were_signed_keeps_what_is_stored(data: Path, url: str) -> None:
    with closing(Companion(Settings(data=data))) as companion:
        companion.mark(BEFORE[::-1], "python-for-data-analysis", "", "done", NOON)
    response = httpx.get(f"{url}{V1}/progress", headers={"cookie": f"{COOKIE}={BEFORE[::-1]}"})
    assert response.cookies[COOKIE].startswith(f"{BEFORE[::-1]}.")
    assert BEFORE[::-1] not in response.text


def test_a_session_is_renewed_after_a_day_and_stays_the_same_persons() -> None:
    now = [NOW]
    seen: list[str] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        seen.append(person_of(type("Request", (), {"headers": {k.decode(): v.decode() for k, v in scope["headers"]}})))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    app = Person(inner, key=lambda: b"k" * 32, clock=lambda: now[0])
    first = visit(app, "")
    assert visit(app, first) == ""
    now[0] += RENEWED + 1
    second = visit(app, first)
    assert second not in ("", first)
    assert len(set(seen)) == 1


def visit(app: Callable[..., Any], cookie: str) -> str:
    """The value that is set; "" where none is."""
    import anyio

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
            return await client.get("/", headers={"cookie": f"{COOKIE}={cookie}"})

    return anyio.run(ask).cookies.get(COOKIE, "")


def test_no_body_log_or_file_holds_the_session(data: Path, url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, "httpcore")  # the visitor's own log
    with httpx.Client(base_url=url, timeout=30) as client:
        client.get(f"{V1}/settings")
        secret = client.cookies[COOKIE]
        bodies = [
            client.post(f"{V1}/settings", json={"start": "2027-01-04", "hours": 8}).text,
            client.post(f"{V1}/progress", json={"resource": "python-for-data-analysis", "status": "done"}).text,
            client.post(f"{V1}/cards", json={"question": "Q?", "answer": "A."}).text,
            client.post(f"{V1}/say", json={"text": "I finished fast.ai"}).text,
            client.post(f"{V1}/ask", json={"question": "what is in week 3?", "conversation": "new"}).text,
            client.post(f"{V1}/import", json={"data": client.get(f"{V1}/export").json(), "replace": True}).text,
            client.post(f"{V1}/import", json={"data": {}}).text,
            *(client.get(path).text for path in GETS),
            client.post(f"{V1}/undo").text,
        ]
    person, _, signature = secret.split(".")
    for part in (secret, signature, person):
        assert [body for body in bodies if part in body] == []
        assert part not in caplog.text
    files = [path for path in data.rglob("*") if path.is_file()]
    assert files
    assert [path.name for path in files if signature.encode() in path.read_bytes()] == []


GETS = (
    *(f"{V1}/{name}" for name in ("next", "plan", "calendar.ics", "today", "progress", "settings", "review", "export")),
    *(f"/pages/{name}" for name in ("today", "roadmap", "sources", "history")),
    "/",
)


def test_what_is_a_persons_is_kept_by_no_cache(url: str) -> None:
    with httpx.Client(base_url=url, timeout=30) as client:
        client.post(f"{V1}/settings", json={"start": "2027-01-04"})
        answers = [client.get(path) for path in GETS]
        answers += [client.post(f"{V1}/ask", json={"question": "what is in week 3?", "stream": on}) for on in (0, 1)]
        assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}


@pytest.mark.parametrize("path", ["/static/roadmap/main.js", "/healthz", "/readyz", "/metrics", "/theme.css", "/docs"])
def test_what_is_nobodys_sets_no_cookie(url: str, path: str) -> None:
    assert "set-cookie" not in httpx.get(f"{url}{path}").headers
