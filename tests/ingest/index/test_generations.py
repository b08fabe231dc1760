"""Building, verifying, switching, sweeping, damage and rebuilding: safety 9-12, on a real Chroma and real vectors."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from ingest_fixtures import built_fixture, chunks_fixture, data_fixture, model_fixture, publish  # noqa: F401

from corpus.errors import ProjectError
from ingest.index.embed import StoredVectors
from ingest.index.generations import BusyError, Generations, lease
from ingest.index.manifest import StaleIndexError, read_chunks, read_kept, read_manifest, verify
from ingest.index.model import ModelInfo
from ingest.index.nodes import to_node
from ingest.index.reader import OpenIndex, open_current, open_once, superseded
from ingest.index.vectors import DamagedIndexError, IndexWriter, StoreError, VectorIndex, probe
from ingest.pages.chunk import Chunk

Damage = Callable[[Path], None]


def served(data: Path) -> Path:
    folder = Generations(data).current()
    assert folder is not None
    return folder


def opened(data: Path, model: ModelInfo) -> tuple[OpenIndex, list[str]]:
    said: list[str] = []
    return open_current(data, model, said.append), said


def hnsw(folder: Path, name: str) -> Path:
    return next((folder / "chroma").glob(f"*/{name}"))


def garble(path: Path, share: int = 0) -> None:
    """Inverts 64 bytes in the middle, or one part of `share` there."""
    content = bytearray(path.read_bytes())
    size = len(content) // share if share else 64
    middle = len(content) // 2 - size // 2
    content[middle : middle + size] = bytes(255 - byte for byte in content[middle : middle + size])
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def edit_row(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "chroma" / "chroma.sqlite3")) as db:
        db.execute("UPDATE embedding_metadata SET int_value = 47 WHERE key = 'first_week'")
        db.commit()


CHROMA_DAMAGE: dict[str, Damage] = {
    "garbled vectors": lambda f: garble(hnsw(f, "data_level0.bin")),
    "cut header": lambda f: cut(hnsw(f, "header.bin")),
    "cut links": lambda f: cut(hnsw(f, "link_lists.bin")),
    "cut lengths": lambda f: cut(hnsw(f, "length.bin")),
    "lost vectors": lambda f: hnsw(f, "data_level0.bin").unlink(),
    "empty database": lambda f: (f / "chroma" / "chroma.sqlite3").write_bytes(b""),
    "garbled database": lambda f: garble(f / "chroma" / "chroma.sqlite3", share=3),
    "cut database": lambda f: cut(f / "chroma" / "chroma.sqlite3"),
    "lost database": lambda f: (f / "chroma" / "chroma.sqlite3").unlink(),
    "changed metadata": edit_row,
    "lost folder": lambda f: shutil.rmtree(f / "chroma"),
    "lost lexicon": lambda f: shutil.rmtree(f / "bm25-pages"),
}
KEPT_DAMAGE: dict[str, Damage] = {
    "garbled chunks": lambda f: garble(f / "chunks.jsonl"),
    "cut vectors": lambda f: cut(f / "vectors.npy"),
    "lost manifest": lambda f: (f / "manifest.json").unlink(),
    "manifest of nonsense": lambda f: (f / "manifest.json").write_text("[]"),
    "lost generation": shutil.rmtree,
}


def test_a_generation_verifies_again_and_again_after_it_was_read(data: Path, model: ModelInfo) -> None:
    for _ in range(2):
        index, said = opened(data, model)
        assert index.index.nearest(np.asarray(index.vectors[3]), 1)[0][0] == index.chunks[3].id
        index.close()
        assert not said
    assert verify(served(data)).chunks == len(index.chunks)


def test_everything_in_a_generation_is_in_one_order(data: Path, model: ModelInfo, chunks: list[Chunk]) -> None:
    index, _ = opened(data, model)
    assert index.chunks == chunks
    assert index.vectors.shape == (len(chunks), model.dimension)
    assert np.allclose(np.linalg.norm(index.vectors, axis=1), 1, atol=1e-4)
    assert index.index.count() == len(chunks)
    scores = index.chunk_lexicon.scores(["interpol"])
    assert "interpolated" in chunks[int(scores.argmax())].text
    assert index.page_vectors.shape[0] == len({chunk.url for chunk in chunks})
    index.close()


def test_an_error_of_chroma_itself_is_a_damaged_index(data: Path, model: ModelInfo) -> None:
    index, _ = opened(data, model)
    with pytest.raises(DamagedIndexError, match="roadmap ingest --force"):
        index.index.nearest(np.ones(3, dtype=np.float32), 1)
    index.index._client.delete_collection("chunks")
    with pytest.raises(DamagedIndexError, match="roadmap ingest --force"):
        index.index.count()
    index.close()


@pytest.mark.parametrize("name", CHROMA_DAMAGE)
def test_damage_to_the_database_is_found_before_it_is_opened_here(data: Path, name: str) -> None:
    CHROMA_DAMAGE[name](served(data))
    with pytest.raises(DamagedIndexError, match="the index"):
        verify(served(data))


def probed(folder: Path, ids: Path | None = None) -> None:
    probe(folder / "chroma", ids or folder / "ids.txt", folder / "vectors.npy")


@pytest.mark.parametrize(
    "damage",
    [
        lambda f: garble(hnsw(f, "data_level0.bin"), share=1),
        lambda f: hnsw(f, "header.bin").write_bytes(b""),
        CHROMA_DAMAGE["lost vectors"],
        CHROMA_DAMAGE["empty database"],
    ],
)
def test_the_probe_finds_damage_without_the_help_of_hashes(data: Path, damage: Damage) -> None:
    probed(served(data))
    damage(served(data))
    with pytest.raises(DamagedIndexError, match="is damaged"):
        probed(served(data))


def test_modules_in_the_folder_of_the_user_are_not_taken_for_ours(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ingest", "numpy", "random"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('not ours')")
    monkeypatch.chdir(tmp_path)
    probed(Path(os.path.relpath(served(data))))


def test_the_probe_finds_vectors_that_stand_under_other_ids(data: Path, tmp_path: Path) -> None:
    names = (served(data) / "ids.txt").read_text().split()
    turned = tmp_path / "ids.txt"
    turned.write_text("\n".join([*names[1:], names[0]]))
    with pytest.raises(DamagedIndexError, match="is not found"):
        probed(served(data), turned)


def test_chunks_with_one_vector_may_be_found_for_one_another(data: Path, model: ModelInfo, chunks: list[Chunk]) -> None:
    many = [replace(chunks[0], id=f"{number:06}") for number in range(30)]
    assert verify(publish(data, many, model)).chunks == 30


def test_a_probe_that_dies_of_a_signal_publishes_nothing(
    data: Path, model: ModelInfo, chunks: list[Chunk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, dying = served(data), tmp_path / "python"
    dying.write_text("#!/bin/sh\nkill -SEGV $$\n")
    dying.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(dying))
    with pytest.raises(DamagedIndexError, match="exit status -11"):
        publish(data, chunks[:9], model)
    assert served(data) == old
    assert list(Generations(data).root.iterdir()) == [old]


@pytest.mark.parametrize("name", ["garbled vectors", "empty database", "lost folder"])
def test_a_damaged_database_is_built_anew_from_what_is_kept(data: Path, model: ModelInfo, name: str) -> None:
    before = served(data)
    names = (before / "ids.txt").read_text()
    (data / "vectors.db").unlink()
    CHROMA_DAMAGE[name](before)
    index, said = opened(data, model)
    assert "Building it anew" in said[0]
    assert served(data) != before
    assert not before.exists()
    assert (served(data) / "ids.txt").read_text() == names
    assert index.index.nearest(np.asarray(index.vectors[5]), 1)[0][0] == index.chunks[5].id
    assert read_manifest(served(data)).inputs == "first"
    assert not superseded(data, index)
    index.close()


@pytest.mark.parametrize("name", KEPT_DAMAGE)
def test_damage_to_what_is_kept_gives_one_clear_error(data: Path, model: ModelInfo, name: str) -> None:
    folder = served(data)
    KEPT_DAMAGE[name](folder)
    with pytest.raises(DamagedIndexError, match="roadmap ingest") as caught:
        opened(data, model)
    assert str(data) not in str(caught.value)


GARBLED = {
    "no JSON": '{"generation": ',
    "empty": "",
    "a list": "[1]",
    "null": "null",
    "unknown field": '{"layout": 5, "later": 1}',
    "deep": "[" * 100_000,
    "not UTF-8": "\udcff",
}


@pytest.mark.parametrize("text", [*GARBLED.values(), None])
def test_of_a_broken_manifest_only_what_is_the_case_is_said_and_nothing_is_lost(
    data: Path, model: ModelInfo, text: str | None
) -> None:
    manifest = served(data) / "manifest.json"
    manifest.unlink() if text is None else manifest.write_bytes(text.encode(errors="surrogateescape"))
    before = held(data)
    for way in (open_current, open_once):
        said: list[str] = []
        with pytest.raises(DamagedIndexError, match=r"manifest .* Run `roadmap ingest` to build it anew; what was"):
            way(data, model, said.append)
        assert said == [], "nothing was built"
    assert held(data) == before


@pytest.mark.parametrize(
    ("name", "value"), [("files", None), ("files", ["x"]), ("chunks", "many"), ("layout", "5"), ("dimension", 3.5)]
)
def test_a_field_of_another_kind_is_damage(data: Path, model: ModelInfo, name: str, value: object) -> None:
    changed(served(data), **{name: value})
    for way in (open_current, open_once):
        with pytest.raises(DamagedIndexError, match="manifest"):
            way(data, model, print)


def test_a_manifest_of_another_version_names_both_and_the_command(data: Path, model: ModelInfo) -> None:
    for layout in (4, 999):
        changed(served(data), layout=layout)
        for way in (open_current, open_once):
            with pytest.raises(
                StaleIndexError, match=rf"layout {layout}, this version reads \d+: run `roadmap ingest`"
            ):
                way(data, model, print)


def test_where_it_cannot_be_built_anew_nobody_says_that_it_is(
    data: Path, model: ModelInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    CHROMA_DAMAGE["garbled vectors"](served(data))
    monkeypatch.setattr(FileLock, "acquire", _read_only)
    said: list[str] = []
    with pytest.raises(DamagedIndexError, match=r"It cannot be built anew, and nothing was changed: .*Read-only"):
        open_current(data, model, said.append)
    assert said == []


def _read_only(_: FileLock) -> None:
    raise OSError(errno.EROFS, "Read-only file system")


def held(data: Path) -> dict[str, bytes]:
    """Every file of the folder."""
    return {str(path.relative_to(data)): path.read_bytes() for path in data.rglob("*") if path.is_file()}


def changed(folder: Path, **fields: object) -> None:
    """Its manifest with other values."""
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def test_the_last_good_generation_serves_while_there_is_one(data: Path, model: ModelInfo, chunks: list[Chunk]) -> None:
    good = served(data)
    bad = publish(data, chunks[:9], model)
    garble(bad / "vectors.npy")
    index, said = opened(data, model)
    assert index.manifest.generation == good.name
    assert good.name in said[0]
    assert Generations(data).pointer() == bad.name, "a reader moves no pointer"
    assert not superseded(data, index)
    index.close()


def test_an_index_of_another_model_or_chunker_is_refused_by_name(data: Path, model: ModelInfo) -> None:
    with pytest.raises(StaleIndexError, match="deadbeef"):
        opened(data, replace(model, revision="deadbeef" * 8))
    with pytest.raises(StaleIndexError, match="dimension 384"):
        opened(data, replace(model, dimension=768))


def test_without_an_index_the_error_says_what_to_run(tmp_path: Path, model: ModelInfo) -> None:
    with pytest.raises(DamagedIndexError, match="roadmap ingest"):
        opened(tmp_path, model)


@pytest.mark.parametrize("text", ["../../etc", "nonsense", "\x00\xff"])
def test_a_garbled_pointer_leads_to_the_newest_generation(data: Path, model: ModelInfo, text: str) -> None:
    folder = served(data)
    (data / "current").write_bytes(text.encode("latin-1"))
    index, _ = opened(data, model)
    assert index.manifest.generation == folder.name
    index.close()


def test_a_reader_notices_a_new_generation_and_its_own_stays_until_it_closes(
    data: Path, model: ModelInfo, chunks: list[Chunk]
) -> None:
    index, _ = opened(data, model)
    old = served(data)
    new = publish(data, chunks[:9], model)
    assert superseded(data, index)
    assert Generations(data).sweep() == 0
    assert index.index.nearest(np.asarray(index.vectors[11]), 1)[0][0] == index.chunks[11].id
    newer, _ = opened(data, model)
    assert newer.manifest.chunks == newer.index.count() == 9
    assert newer.index.nearest(np.asarray(index.vectors[3]), 1)[0][0] == chunks[3].id
    index.close()
    assert Generations(data).sweep() == 1
    assert not old.exists()
    assert new.exists()
    newer.close()


def test_a_generation_that_was_swept_cannot_be_leased(data: Path, model: ModelInfo, chunks: list[Chunk]) -> None:
    old = served(data)
    publish(data, chunks[:9], model)
    Generations(data).sweep()
    with pytest.raises(DamagedIndexError):
        lease(old)
    assert [p.name for p in Generations(data).root.iterdir()] == [served(data).name]


def test_a_second_writer_is_refused_also_from_another_process(data: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from ingest.index.generations import *\n"
        "try:\n  with Generations(Path(sys.argv[1])).writing(): pass\n"
        "except BusyError as e: print(e); sys.exit(7)"
    )
    with Generations(data).writing():
        with pytest.raises(BusyError), Generations(data).writing():
            pass
        run = subprocess.run([sys.executable, "-c", code, str(data)], capture_output=True, text=True, check=False)
    assert run.returncode == 7, run.stderr
    assert "another `roadmap ingest`" in run.stdout
    with Generations(data).writing():
        pass


def test_what_a_killed_run_left_is_cleared_by_the_next_writer(data: Path) -> None:
    root = Generations(data).root
    for name in ("building-1", "removed-2"):
        (root / name / "chroma").mkdir(parents=True)
    with Generations(data).writing():
        assert [p.name for p in root.iterdir()] == [served(data).name]


@pytest.mark.parametrize(
    ("vector", "word"),
    [(None, "has 0 numbers"), ([], "has 0 numbers"), ([1.0, 2.0], "has 2 numbers"), ([1.0, float("nan"), 0.0], "NaN")],
)
def test_a_vector_that_is_none_is_refused_with_its_chunk(
    tmp_path: Path, chunks: list[Chunk], vector: list[float] | None, word: str
) -> None:
    node = to_node(chunks[0])
    node.embedding = vector
    with IndexWriter(tmp_path, 1, 3) as writer, pytest.raises(StoreError, match=word) as caught:
        writer.add([node])
    assert chunks[0].id in str(caught.value)


def test_an_id_that_stands_twice_is_refused_across_batches(tmp_path: Path, chunks: list[Chunk]) -> None:
    node = to_node(chunks[0])
    node.embedding = [1.0, 0.0, 0.0]
    with IndexWriter(tmp_path, 2, 3) as writer:
        writer.add([node])
        with pytest.raises(StoreError, match="stands twice"):
            writer.add([node])


def test_more_items_than_chroma_takes_at_once_are_written(tmp_path: Path, chunks: list[Chunk]) -> None:
    chance = np.random.default_rng(0)
    many = [replace(chunks[0], id=f"{number:06}", text="x", spans=()) for number in range(5600)]
    nodes = [to_node(chunk) for chunk in many]
    for node in nodes:
        node.embedding = chance.normal(size=3).tolist()
    with IndexWriter(tmp_path, len(nodes), 3) as writer:
        writer.add(nodes)
    with closing(VectorIndex(tmp_path)) as index:
        assert index.count() == 5600


def test_a_build_that_fails_leaves_the_old_generation_and_nothing_else(
    data: Path, model: ModelInfo, chunks: list[Chunk]
) -> None:
    generations, old = Generations(data), served(data)
    bad = np.full((len(chunks), model.dimension), np.nan, dtype=np.float32)
    rows = {chunk.id: row for row, chunk in enumerate(chunks)}
    with generations.writing(), pytest.raises(ProjectError, match="NaN"):
        generations._publish(read_manifest(old), chunks, StoredVectors(rows, bad))
    assert [p.name for p in generations.root.iterdir()] == [old.name]
    assert verify(old)


def test_what_is_kept_can_be_read_back(data: Path, chunks: list[Chunk]) -> None:
    manifest, kept, vectors = read_kept(served(data))
    assert kept == chunks == read_chunks(served(data))
    assert manifest.chunks == len(vectors)
    assert json.loads((served(data) / "manifest.json").read_text())["generation"] == served(data).name
