"""A data folder that cannot be written: it is searched, the learner is read, and nobody calls it damaged."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

import assistant.store.database
import ingest.index.vectors
from assistant.store.errors import ReadOnlyError
from assistant.store.learners import LearningStore
from assistant.study.learner import Learner, Mark, with_mark
from corpus.settings import Settings
from ingest.index.vectors import VectorIndex
from tests.eval_fixtures import Notes
from tests.fakes import FakeAssistant, running
from ui.texts import READ_ONLY
from ui.web.api import create_app

NOW = datetime(2027, 1, 4, 18, tzinfo=UTC)


def done(learner: Learner) -> Learner:
    return with_mark(learner, Mark("linux-cli-refresher", "", "done", NOW))


@pytest.fixture
def read_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rights as on a read-only disk, which a test that runs as root cannot take away."""
    for module in (ingest.index.vectors, assistant.store.database):
        monkeypatch.setattr(module, "is_writable", lambda _: False)


@pytest.mark.usefixtures("read_only")
def test_an_index_is_opened_as_a_copy_which_goes_with_it(notes: Notes) -> None:
    folder = notes.folder / "generations" / (notes.folder / "current").read_text().strip() / "chroma"
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    index = VectorIndex(folder)
    assert index.count() == len(notes.index.chunks)
    assert index._copy
    copy = Path(index._copy.name)
    assert (copy / "chroma.sqlite3").is_file()
    index.close()
    assert not copy.exists()
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


@pytest.mark.parametrize("rights", [0o500, 0o555])
@pytest.mark.usefixtures("read_only")
def test_the_copy_of_a_folder_that_nobody_may_write_can_be_written(notes: Notes, tmp_path: Path, rights: int) -> None:
    """SQLite keeps a log beside a database, in a folder that had come with the rights of the first."""
    folder = notes.folder / "generations" / (notes.folder / "current").read_text().strip() / "chroma"
    locked = tmp_path / "chroma"
    shutil.copytree(folder, locked)
    for each in (locked, *locked.rglob("*")):
        each.chmod(rights if each.is_dir() else 0o444)
    index = VectorIndex(locked)
    assert index._copy
    copy = Path(index._copy.name)
    assert all(each.stat().st_mode & 0o200 for each in (copy, *copy.rglob("*")))
    assert index.count() == len(notes.index.chunks)
    index.close()
    assert not copy.exists()


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[Path]:
    with LearningStore(tmp_path) as store:
        store.change("ada", "done", done, NOW)
    return tmp_path


def test_what_is_stored_is_read_and_a_change_says_read_only(stored: Path, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue("read_only")
    with LearningStore(stored) as store:
        assert store.load("ada").mark("linux-cli-refresher")
        with pytest.raises(ReadOnlyError, match="read-only"):
            store.check()
        with pytest.raises(ReadOnlyError, match="read-only"):
            store.change("ada", "undone", lambda learner: Learner(learner.name), NOW)
        assert store.load("ada").mark("linux-cli-refresher")


@pytest.mark.usefixtures("read_only")
def test_where_nothing_is_stored_everybody_is_new_and_nothing_can_be_kept(tmp_path: Path) -> None:
    with LearningStore(tmp_path) as store:
        assert store.load("ada") == Learner("ada")
        assert store.export_json("ada")["reviews"] == []
        with pytest.raises(ReadOnlyError, match="read-only"):
            store.check()
        with pytest.raises(ReadOnlyError, match="read-only"):
            store.change("ada", "done", done, NOW)
        assert store.load("ada") == Learner("ada")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_becomes_read_only_while_it_is_served_is_not_ready(
    stored: Path, request: pytest.FixtureRequest
) -> None:
    """Questions are answered, but what is told could not be kept: `/readyz` says which."""
    fake = FakeAssistant(settings=Settings(data=stored))
    with closing(fake.companion), running(create_app(fake)) as url:  # type: ignore[arg-type]
        assert httpx.get(f"{url}/readyz").status_code == 200
        request.getfixturevalue("read_only")
        ready = httpx.get(f"{url}/readyz")
        assert (ready.status_code, ready.json()["reason"]) == (503, READ_ONLY)
        assert httpx.post(f"{url}/api/v1/ask", json={"question": "hello"}).status_code == 200
