"""Generations of the index: build beside the old one, verify, switch one pointer; readers keep a lease.

    <data>/generations/<id>/   manifest.json  chunks.jsonl  ids.txt  vectors.npy  chroma/  bm25-chunks/  bm25-pages/
    <data>/current             the id that is served
    <data>/ingest.lock         held by the one writer

Knows nothing of where chunks come from. Errors: `DamagedIndexError`, `BusyError`, `StaleIndexError`.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import numpy as np
from filelock import FileLock, Timeout
from llama_index.core.ingestion import IngestionPipeline

from corpus.errors import ProjectError
from ingest import lexical
from ingest.chunk import CHUNKER, Chunk
from ingest.embed import CachedEmbedding, ModelInfo
from ingest.index import DamagedIndexError, IndexWriter, probe
from ingest.nodes import to_node

BATCH = 2048
"""Nodes that are embedded and written at a time: memory does not grow with the corpus."""

LAYOUT = 1


class BusyError(ProjectError):
    """Another process is writing; the message says so."""


class StaleIndexError(ProjectError):
    """The index was made with another model, chunker or layout; the message names both and the command."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was made of and with; written last, so that its presence means complete."""

    generation: str
    created_at: str
    layout: int
    model: str
    revision: str
    dimension: int
    chunker: str
    chunks: int
    documents: int
    pages: int
    fingerprint: str
    """SHA-256 over model, chunker and all chunks: equal fingerprints are equal indexes."""
    files: dict[str, str]
    """SHA-256 of every file but Chroma's SQLite database, which changes when it is opened."""


class Generations:
    """The generations below one data folder."""

    def __init__(self, data: Path) -> None:
        self.root = data / "generations"
        self._pointer = data / "current"
        self._lock = data / "ingest.lock"

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Holds the writer's lock and clears what a killed run left. Errors: `BusyError`."""
        self.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._lock, timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise BusyError("another `roadmap ingest` is running on this data folder: wait for it to end.") from error
        try:
            for leftover in self.root.glob("building-*"):
                shutil.rmtree(leftover)
            yield
        finally:
            lock.release()

    def current(self) -> Path | None:
        """The folder that is served, or None when nothing was published yet."""
        try:
            folder = self.root / self._pointer.read_text().strip()
        except FileNotFoundError:
            return None
        return folder if folder != self.root else None

    def published(self) -> list[Path]:
        """All complete generations, newest first."""
        return sorted((p.parent for p in self.root.glob("[0-9]*/manifest.json")), reverse=True)

    def build(self, chunks: Sequence[Chunk], model: ModelInfo, embedding: CachedEmbedding) -> Path:
        """Builds, verifies and publishes a generation of `chunks`; call within `writing()`.

        Errors: `DamagedIndexError` if what was written does not verify (the old generation stays current).
        """
        print_ = fingerprint(chunks, model)
        id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{print_[:8]}"
        folder = self.root / f"building-{id}"
        folder.mkdir()
        _write_chunks(folder, chunks, model, embedding)
        _write_lexicons(folder, chunks)
        probe(folder / "chroma", folder / "ids.txt", folder / "vectors.npy")
        _write_manifest(folder, id, chunks, model, print_)
        final = self.root / id
        folder.rename(final)
        self._switch(final)
        return final

    def sweep(self) -> int:
        """Removes generations that are neither current nor leased by a reader; returns how many went."""
        current, gone = self.current(), 0
        for folder in self.published():
            if folder != current and _unleased(folder):
                shutil.rmtree(folder)
                gone += 1
        return gone

    def recover(self) -> Path | None:
        """The newest generation that verifies, made current; None if there is none."""
        for folder in self.published():
            try:
                verify(folder)
            except DamagedIndexError:
                continue
            self._switch(folder)
            return folder
        return None

    def _switch(self, folder: Path) -> None:
        beside = self._pointer.with_suffix(".new")
        with beside.open("w") as file:
            file.write(folder.name)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._pointer)


def read_manifest(folder: Path) -> Manifest:
    """Errors: `DamagedIndexError` when it is missing or unreadable."""
    try:
        return Manifest(**json.loads((folder / "manifest.json").read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise DamagedIndexError(
            f"the manifest of {folder.name} cannot be read: run `roadmap ingest --force`."
        ) from error


def check_model(manifest: Manifest, model: ModelInfo) -> None:
    """Refuses an index that another model or chunker made. Errors: `StaleIndexError`."""
    for what, made, wanted in (
        ("embedding model", f"{manifest.model} {manifest.revision[:8]}", f"{model.name} {model.revision[:8]}"),
        ("dimension", manifest.dimension, model.dimension),
        ("chunker", manifest.chunker, CHUNKER),
        ("layout", manifest.layout, LAYOUT),
    ):
        if made != wanted:
            raise StaleIndexError(
                f"the index was made with {what} {made}, the settings ask for {wanted}: run `roadmap ingest` to make it anew."
            )


def verify(folder: Path) -> Manifest:
    """Checks a generation without opening it in this process: file hashes, SQLite, then a probe in a subprocess.

    Errors: `DamagedIndexError` naming the first thing that is wrong.
    """
    manifest = read_manifest(folder)
    for name, digest in manifest.files.items():
        path = folder / name
        if not path.is_file() or _hash(path) != digest:
            raise DamagedIndexError(f"{name} of generation {folder.name} is damaged or missing.")
    _check_sqlite(folder / "chroma" / "chroma.sqlite3", manifest.chunks)
    probe(folder / "chroma", folder / "ids.txt", folder / "vectors.npy")
    return manifest


def lease(folder: Path) -> IO[str]:
    """A shared lock on a generation: while the returned file is open, no writer removes it."""
    file = (folder / "manifest.json").open()
    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    return file


def fingerprint(chunks: Sequence[Chunk], model: ModelInfo) -> str:
    """SHA-256 over all that decides what an index answers."""
    digest = hashlib.sha256(f"{LAYOUT}\0{model.revision}\0{CHUNKER}".encode())
    for chunk in chunks:
        digest.update(json.dumps(asdict(chunk), sort_keys=True).encode())
    return digest.hexdigest()


def _write_chunks(folder: Path, chunks: Sequence[Chunk], model: ModelInfo, embedding: CachedEmbedding) -> None:
    """Embeds and writes chunk by chunk in batches: Chroma, chunks.jsonl, ids.txt and vectors.npy in one order."""
    writer = IndexWriter(folder / "chroma")
    pipeline = IngestionPipeline(transformations=[embedding], disable_cache=True)
    shape = (len(chunks), model.dimension)
    vectors = np.lib.format.open_memmap(folder / "vectors.npy", mode="w+", dtype=np.float32, shape=shape)
    with (folder / "chunks.jsonl").open("w") as file, (folder / "ids.txt").open("w") as ids:
        for start in range(0, len(chunks), BATCH):
            batch = chunks[start : start + BATCH]
            nodes = pipeline.run(nodes=[to_node(c, chunks, start + i) for i, c in enumerate(batch)])
            writer.add(nodes, model.dimension)
            vectors[start : start + len(batch)] = [node.embedding for node in nodes]
            file.writelines(json.dumps(asdict(chunk)) + "\n" for chunk in batch)
            ids.writelines(f"{chunk.id}\n" for chunk in batch)
    vectors.flush()
    writer.close()


def _write_lexicons(folder: Path, chunks: Sequence[Chunk]) -> None:
    lexical.build((chunk.prefix + chunk.text for chunk in chunks), folder / "bm25-chunks")
    pages: dict[str, list[str]] = {}
    for chunk in chunks:
        pages.setdefault(chunk.url, [chunk.title]).append(f"{chunk.heading}\n{chunk.text}")
    lexical.build(("\n".join(texts) for texts in pages.values()), folder / "bm25-pages")


def _write_manifest(folder: Path, id: str, chunks: Sequence[Chunk], model: ModelInfo, print_: str) -> None:
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "chroma.sqlite3")
    manifest = Manifest(
        generation=id,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        layout=LAYOUT,
        model=model.name,
        revision=model.revision,
        dimension=model.dimension,
        chunker=CHUNKER,
        chunks=len(chunks),
        documents=len({chunk.url for chunk in chunks}),
        pages=len({chunk.url for chunk in chunks if chunk.kind == "page"}),
        fingerprint=print_,
        files={str(p.relative_to(folder)): _hash(p) for p in files},
    )
    with (folder / "manifest.json").open("w") as file:
        json.dump(asdict(manifest), file, indent=1)
        file.flush()
        os.fsync(file.fileno())


def _check_sqlite(path: Path, chunks: int) -> None:
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
            healthy = db.execute("PRAGMA quick_check").fetchone()[0] == "ok"
            count = db.execute("SELECT count(*) FROM embeddings").fetchone()[0]
        db.close()
    except sqlite3.Error as error:
        raise DamagedIndexError(f"{path.name} of generation {path.parents[1].name} is damaged ({error}).") from error
    if not healthy or count != chunks:
        raise DamagedIndexError(f"{path.name} of generation {path.parents[1].name} holds {count} of {chunks} chunks.")


def _unleased(folder: Path) -> bool:
    with (folder / "manifest.json").open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
