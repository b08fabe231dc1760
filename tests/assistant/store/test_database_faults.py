"""Databases that cannot be used: the driver that is missing, a file that is empty, a server that is away."""

from __future__ import annotations

import builtins
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.companion import Companion
from assistant.store.database import NO_ADDRESS, NO_DRIVER
from assistant.store.errors import StoreError
from assistant.store.learners import LearningStore
from assistant.study.learner import LearnerError
from assistant.study.review import saved_card
from corpus.settings import Settings
from tests.fakes import FakeAssistant, running
from tests.learning_fixtures import ROOT, Postgres
from ui.texts import BROKEN
from ui.web.api import create_app

URL = "postgresql://roadmap:secret@127.0.0.1:5432/roadmap"


def test_without_the_driver_it_is_named_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.split(".", maxsplit=1)[0] == "psycopg":
            raise ModuleNotFoundError(f"No module named {name!r}")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(StoreError) as refused:
        LearningStore(URL)
    assert str(refused.value) == NO_DRIVER
    assert "not supported" not in NO_DRIVER


@pytest.mark.parametrize("url", ["mysql://a@b/c", "oracle://a@b/c", "nothing://x"])
def test_another_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match="is not supported: give a folder or a postgresql:// URL"):
        LearningStore(url)


@pytest.mark.parametrize("url", ["postgresql://[::1", "postgresql://a:secret@b:port/c", "postgresql+nothing://a/b"])
def test_an_address_that_cannot_be_read_is_not_repeated(url: str) -> None:
    with pytest.raises(StoreError) as refused:
        LearningStore(url)
    assert str(refused.value) == NO_ADDRESS


def test_the_readme_names_the_extra_that_there_is() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert 'pip install -e ".[postgres]"' in readme
    assert any(name.startswith("psycopg") for name in extras["postgres"])


def test_the_readmes_variable_keeps_a_learner_in_postgresql(postgres_url: str, tmp_path: Path) -> None:
    (line,) = [
        line for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines() if "export ROADMAP_L" in line
    ]
    name = line.split()[1].partition("=")[0]
    command = [sys.executable, "-m", "ui.cli.app", "say", "I finished fast.ai", "--json"]
    code = f"from ui.cli.app import main; import sys; sys.argv={['roadmap', *command[3:]]!r}; main()"
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "ROADMAP_DATA": str(tmp_path), name: postgres_url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    with LearningStore(postgres_url) as store:
        assert store.load("me").marks
    assert not (tmp_path / "learner.db").exists()


def test_an_empty_file_is_asked_about_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "learner.db"
    file.touch()
    with pytest.raises(StoreError, match=r"is empty.*remove it to begin anew"):
        LearningStore(tmp_path)
    assert file.stat().st_size == 0
    file.unlink()
    LearningStore(tmp_path).close()
    LearningStore(tmp_path).close()


def test_the_server_is_not_ready_while_nothing_can_be_kept(tmp_path: Path) -> None:
    (tmp_path / "learner.db").touch()
    fake = FakeAssistant(settings=Settings(data=tmp_path))
    with running(create_app(fake)) as url, httpx.Client(base_url=url, timeout=20) as client:  # type: ignore[arg-type]
        away = client.get("/readyz")
        assert (away.status_code, away.json()["error"]) == (503, BROKEN)
        assert client.get("/api/v1/progress").status_code == 503
        (tmp_path / "learner.db").unlink()
        assert client.get("/readyz").status_code == 200
        assert client.get("/api/v1/progress").status_code == 200


def test_the_server_is_not_ready_while_postgresql_is_away(
    postgres: Postgres, postgres_url: str, tmp_path: Path
) -> None:
    fake = FakeAssistant(settings=Settings(data=tmp_path, learners=postgres_url))
    with running(create_app(fake)) as url, httpx.Client(base_url=url, timeout=30) as client:  # type: ignore[arg-type]
        assert client.get("/readyz").status_code == 200
        postgres.stop()
        try:
            assert client.get("/readyz").status_code == 503
        finally:
            postgres.start()
        assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_nul_is_refused_wherever_a_text_is_taken(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    learners = request.getfixturevalue("postgres_url") if kind == "postgresql" else ""
    fake = FakeAssistant(settings=Settings(data=tmp_path, learners=learners))
    requests: list[tuple[str, str, Any]] = [
        ("POST", "/api/v1/ask", {"question": "a\0b", "conversation": "new"}),
        ("POST", "/api/v1/ask", {"question": "ab", "conversation": "\0"}),
        ("POST", "/api/v1/say", {"text": "I finished \0"}),
        ("POST", "/api/v1/settings", {"notes": "\0"}),
        ("POST", "/api/v1/cards", {"question": "Q\0", "answer": "A"}),
        ("POST", "/api/v1/progress", {"resource": "\0", "status": "done"}),
        ("POST", "/api/v1/progress", {"resource": "fast-ai", "status": "done", "reason": "\0"}),
        ("POST", "/pages/history/rename", {"id": "x", "title": "\0"}),
        ("GET", "/pages/history?q=%00", None),
        ("GET", "/pages/history/%00.md", None),
        ("GET", "/api/v1/search?q=a%00", None),
    ]
    with running(create_app(fake)) as url, httpx.Client(base_url=url, timeout=20) as client:  # type: ignore[arg-type]
        for method, path, body in requests:
            refused = client.request(method, path, json=body)
            assert (refused.status_code, "error" in refused.json()) == (422, True), (path, body)


@pytest.mark.parametrize("source", ["javascript:alert(1)", "file:///a", "http://[::1", "x" * 3000, "//a.b", "http:"])
def test_a_card_has_the_source_of_a_page(source: str) -> None:
    with pytest.raises(LearnerError, match="no address of a page"):
        saved_card("Q?", "A.", source, "")
    assert saved_card("Q?", "A.", "https://a.example/b", "").source


def test_whether_learners_can_be_read_is_checked(tmp_path: Path) -> None:
    companion = Companion(Settings(data=tmp_path))
    companion.check()
    assert not companion.knows("me")
    companion.close()
