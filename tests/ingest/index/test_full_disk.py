"""A full disk, a real one: a good index is searched, what is stored is read, and what cannot be kept says why."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.store.conversations import ConversationStore, new_id
from assistant.store.errors import DiskFullError
from assistant.store.learners import LearningStore
from assistant.study.learner import Learner, Mark, with_mark
from corpus.rights import has_room
from ingest.index.generations import Generations
from ingest.index.manifest import verify
from ingest.index.model import find_model
from ingest.index.reader import open_current, open_once
from ingest.index.vectors import ExactIndex, StoreError, VectorIndex, probe
from tests.eval_fixtures import Notes
from ui.errors import sentence_of
from ui.texts import DISK_FULL

NOW = datetime(2027, 1, 4, 18, tzinfo=UTC)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own of 64 MB; skips where this account may mount none."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root can mount a small disk to fill it")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """What takes the last byte; removing it makes room."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError:
                continue
    assert not has_room(folder)
    return filler


@pytest.fixture
def full(disk: Path, notes: Notes) -> Path:
    """The index of the notes on a disk that filled up afterwards."""
    for name in ("generations", "current"):
        source = notes.folder / name
        shutil.copytree(source, disk / name) if source.is_dir() else shutil.copy(source, disk / name)
    fill(disk)
    return disk


def warned(text: str) -> None:
    pytest.fail(f"it was called damaged: {text}")


def test_a_good_index_is_sound_and_searched_and_not_touched(full: Path, notes: Notes) -> None:
    folder = Generations(full).current()
    assert folder is not None
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")}
    verify(folder)
    vector = notes.index.vectors[5]
    for opened in (open_current(full, find_model(), warned), open_once(full, find_model(), warned)):
        assert opened.index.nearest(vector, 1)[0][0] == notes.index.chunks[5].id
        opened.close()
    assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")} == before


def test_a_disk_that_fills_up_under_an_open_index_changes_no_answer_and_damages_nothing(
    disk: Path, notes: Notes
) -> None:
    for name in ("generations", "current"):
        source = notes.folder / name
        shutil.copytree(source, disk / name) if source.is_dir() else shutil.copy(source, disk / name)
    vectors, chunks = notes.index.vectors, notes.index.chunks
    opened = open_current(disk, find_model(), warned)
    filler = fill(disk)
    assert [opened.index.nearest(vectors[n], 1)[0][0] for n in range(5)] == [chunk.id for chunk in chunks[:5]]
    folder = Generations(disk).current()
    assert folder is not None
    verify(folder)
    opened.close()
    filler.unlink()
    again = open_current(disk, find_model(), warned)
    assert again.index.nearest(vectors[7], 1)[0][0] == chunks[7].id
    again.close()


def test_where_no_copy_can_be_made_either_the_arrays_are_searched(
    full: Path, notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(full))
    opened = open_current(full, find_model(), warned)
    assert isinstance(opened.index, ExactIndex)
    vector = notes.index.vectors[5]
    assert opened.index.nearest(vector, 1)[0][0] == notes.index.chunks[5].id
    opened.close()


def test_a_probe_that_has_no_room_to_look_has_seen_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho 'make room.' >&2\nexit 3\n")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(StoreError, match=r"make room\."):
        probe(tmp_path, tmp_path, tmp_path)


def test_when_there_is_room_again_the_index_is_opened_where_it_is(full: Path) -> None:
    (full / "filler").unlink()
    opened = open_current(full, find_model(), warned)
    assert isinstance(opened.index, VectorIndex)
    assert opened.index._copy is None
    opened.close()


def done(learner: Learner) -> Learner:
    return with_mark(learner, Mark("linux-cli-refresher", "", "done", NOW))


def test_a_learner_is_read_a_change_says_full_and_succeeds_with_room(disk: Path) -> None:
    with LearningStore(disk) as store:
        store.change("ada", "done", done, NOW)
        filler = fill(disk)
        assert store.load("ada").mark("linux-cli-refresher")
        with pytest.raises(DiskFullError, match="is full: free some space"):
            store.check()
        with pytest.raises(DiskFullError, match="is full: free some space") as met:
            store.change("ada", "undone", lambda learner: Learner(learner.name), NOW)
        assert sentence_of(met.value) == DISK_FULL
        assert store.load("ada").mark("linux-cli-refresher")
        filler.unlink()
        store.check()
        assert not store.change("ada", "undone", lambda learner: Learner(learner.name), NOW).marks
    fill(disk)
    with LearningStore(disk) as store:
        assert not store.load("ada").marks


def test_a_new_database_says_full_leaves_nothing_half_made_and_is_made_with_room(disk: Path) -> None:
    filler = fill(disk)
    with pytest.raises(DiskFullError, match="is full"):
        LearningStore(disk)
    assert not (disk / "learner.db").exists()
    conversations = ConversationStore(disk)
    with pytest.raises(DiskFullError, match="is full"):
        conversations.load("ada", new_id())
    filler.unlink()
    with LearningStore(disk) as store:
        assert store.change("ada", "done", done, NOW).marks
