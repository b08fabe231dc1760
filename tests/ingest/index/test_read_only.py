"""A data folder that cannot be written: it is searched, the learner is read, and nobody calls it damaged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import assistant.store.database
import ingest.index.vectors
from assistant.store.errors import ReadOnlyError
from assistant.store.learners import LearningStore
from assistant.study.learner import Learner, Mark, with_mark
from ingest.index.vectors import VectorIndex
from tests.eval_fixtures import Notes

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
            store.change("ada", "undone", lambda learner: Learner(learner.name), NOW)
        assert store.load("ada").mark("linux-cli-refresher")


@pytest.mark.usefixtures("read_only")
def test_where_nothing_is_stored_everybody_is_new_and_nothing_can_be_kept(tmp_path: Path) -> None:
    with LearningStore(tmp_path) as store:
        assert store.load("ada") == Learner("ada")
        assert store.export_json("ada")["reviews"] == []
        with pytest.raises(ReadOnlyError, match="read-only"):
            store.change("ada", "done", done, NOW)
        assert store.load("ada") == Learner("ada")
    assert list(tmp_path.iterdir()) == []
