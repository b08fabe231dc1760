"""Generations of the index: build beside the old one, verify, switch one pointer; readers keep a lease.

    <data>/generations/<id>/   one complete index, see `manifest`
    <data>/current             the id that is served
    <data>/ingest.lock         held by the one writer

Knows nothing of where chunks come from. Errors: `DamagedIndexError`, `BusyError`, `StoreError`.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np
from filelock import FileLock, Timeout

from corpus.errors import ProjectError
from ingest.index import lexical
from ingest.index.manifest import (
    Manifest,
    StaleIndexError,
    draft,
    read_kept,
    read_manifest,
    read_sentences,
    seal,
    verify,
)
from ingest.index.memory import give_back
from ingest.index.model import ModelInfo
from ingest.index.sentence_vectors import Find, no_sentences, write_sentences
from ingest.index.vectors import DamagedIndexError, IndexWriter, StoreError, probe
from ingest.pages.chunk import Chunk

if TYPE_CHECKING:
    from llama_index.core.schema import TransformComponent

__all__ = ["BusyError", "Generations", "StaleIndexError", "lease", "read_manifest", "verify"]

BATCH = 2048
"""Nodes that are written at a time: memory does not grow with the corpus."""

_ID = re.compile(r"\d{8}T\d{12}-[0-9a-f]{8}|\d{8}T\d{6}-[0-9a-f]{8}")
_LEFTOVERS = ("building-*", "removed-*")


class BusyError(ProjectError):
    """Another process is writing; the message says so."""


class Generations:
    """The generations below one data folder."""

    def __init__(self, data: Path) -> None:
        self.root = data / "generations"
        self._pointer = data / "current"
        self._lock = data / "ingest.lock"

    @contextmanager
    def writing(self) -> Generator[None]:
        """Holds the writer's lock and clears what a killed run left. Errors: `BusyError`, `StoreError`."""
        lock = FileLock(self._lock, timeout=0)
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout as error:
            raise BusyError("another `roadmap ingest` is running on this data folder: wait for it to end.") from error
        except OSError as error:
            raise StoreError(f"the data folder cannot be written ({error.strerror}): set ROADMAP_DATA.") from error
        try:
            for pattern in _LEFTOVERS:
                for leftover in self.root.glob(pattern):
                    shutil.rmtree(leftover, ignore_errors=True)
            yield
        finally:
            lock.release()

    def pointer(self) -> str:
        """What stands in the pointer now: it changes with every publication. Empty before the first."""
        try:
            return self._pointer.read_text(errors="replace").strip()
        except FileNotFoundError:
            return ""

    def current(self) -> Path | None:
        """The folder that is served, which may be damaged; None when nothing was published yet."""
        name = self.pointer()
        if _ID.fullmatch(name):
            return self.root / name
        return next(iter(self.published()), None) if name else None

    def published(self) -> list[Path]:
        """All complete generations, newest first."""
        return [folder for folder in self._folders() if (folder / "manifest.json").is_file()]

    def build(
        self,
        chunks: Sequence[Chunk],
        model: ModelInfo,
        embedding: TransformComponent,
        inputs: str = "",
        sentences: Find = no_sentences,
    ) -> Path:
        """Builds, verifies and publishes a generation of `chunks`; call within `writing()`.

        Errors: `DamagedIndexError` if what was written does not verify, `StoreError` if it cannot be written,
        `OSError`; the old generation stays current, and nothing of the new one stays.
        """
        return self._publish(draft(chunks, model, inputs), chunks, embedding, sentences)

    def rebuild(self, folder: Path, begun: Callable[[], None]) -> Path:
        """Publishes the chunks and vectors that a damaged generation keeps as a new one; call within `writing()`.

        Needs no model. begun: called when those could be read, before the work begins.
        Errors: `DamagedIndexError` if chunks or vectors are damaged too; as `build`.
        """
        from ingest.index.embed import StoredVectors

        manifest, chunks, vectors = read_kept(folder)
        begun()
        rows = {chunk.id: row for row, chunk in enumerate(chunks)}
        kept = read_sentences(folder, manifest)
        return self._publish(
            manifest, chunks, StoredVectors(rows, vectors), lambda chunk: kept.of(rows[chunk.id]) if kept else None
        )

    def sweep(self) -> int:
        """Removes generations that are neither current nor leased by a reader; returns how many went."""
        current = self.current()
        return sum(self._remove(folder) for folder in self._folders() if folder != current)

    def recover(self) -> Path | None:
        """The newest generation that verifies, made current; None if there is none. Call within `writing()`."""
        for folder in self.published():
            try:
                verify(folder)
            except DamagedIndexError:
                continue
            self._switch(folder)
            return folder
        return None

    def _folders(self) -> list[Path]:
        return sorted((p for p in self.root.glob("[0-9]*") if _ID.fullmatch(p.name)), reverse=True)

    def _publish(
        self, manifest: Manifest, chunks: Sequence[Chunk], embedding: TransformComponent, sentences: Find = no_sentences
    ) -> Path:
        id = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{manifest.fingerprint[:8]}"
        folder = self.root / f"building-{id}"
        try:
            folder.mkdir()
            with ThreadPoolExecutor(1) as beside:  # Chroma's share is not Python's: the two take the time of one
                lexicons = beside.submit(_write_lexicons, folder, chunks)
                _write_chunks(folder, chunks, manifest.dimension, embedding)
                write_sentences(folder, chunks, sentences)
                lexicons.result()
            probe(folder / "chroma", folder / "ids.txt", folder / "vectors.npy")
            seal(folder, manifest, id)
            final = folder.rename(self.root / id)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        self._switch(final)
        return final

    def _switch(self, folder: Path) -> None:
        beside = self._pointer.with_suffix(".new")
        with beside.open("w") as file:
            file.write(folder.name)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._pointer)

    def _remove(self, folder: Path) -> bool:
        """Takes a generation out of sight while no reader holds it, and only then deletes it file by file."""
        try:
            with (folder / "manifest.json").open() as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                gone = folder.rename(self.root / f"removed-{folder.name}")
        except BlockingIOError:
            return False
        except FileNotFoundError:  # without a manifest nobody can hold it
            gone = folder.rename(self.root / f"removed-{folder.name}")
        shutil.rmtree(gone, ignore_errors=True)
        return True


def lease(folder: Path) -> IO[str]:
    """A shared lock on a generation: while the returned file is open, no writer removes it.

    Errors: `DamagedIndexError` if it is gone, or is being removed at this moment.
    """
    path = folder / "manifest.json"
    try:
        file = path.open()
    except OSError as error:
        raise DamagedIndexError("the index cannot be read: its manifest is damaged or missing.") from error
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        path.stat()  # a folder that was moved away before the lock was got is missed here
    except OSError as error:
        file.close()
        raise DamagedIndexError("the index was just replaced.") from error
    return file


def _write_chunks(folder: Path, chunks: Sequence[Chunk], dimension: int, embedding: TransformComponent) -> None:
    """Embeds and writes in batches: Chroma, chunks.jsonl, ids.txt and vectors.npy in one order.

    LlamaIndex is imported by what builds an index, and not by who opens one.
    """
    from llama_index.core.ingestion import IngestionPipeline

    from ingest.index.nodes import to_node

    pipeline = IngestionPipeline(transformations=[embedding], disable_cache=True)
    with (
        IndexWriter(folder / "chroma", len(chunks), dimension) as writer,
        (folder / "chunks.jsonl").open("w") as file,
        (folder / "ids.txt").open("w") as ids,
        (folder / "vectors.npy").open("wb") as vectors,
    ):
        # written in order and not through a memory map, where a full disk would kill the process
        header = {"descr": "<f4", "fortran_order": False, "shape": (len(chunks), dimension)}
        np.lib.format.write_array_header_1_0(vectors, header)
        for start in range(0, len(chunks), BATCH):
            batch = chunks[start : start + BATCH]
            nodes = pipeline.run(nodes=[to_node(c, chunks, start + i) for i, c in enumerate(batch)])
            writer.add(nodes)
            vectors.write(np.array([node.embedding for node in nodes], dtype="<f4").tobytes())
            file.writelines(json.dumps(asdict(chunk)) + "\n" for chunk in batch)
            ids.writelines(f"{chunk.id}\n" for chunk in batch)
            give_back()


def _write_lexicons(folder: Path, chunks: Sequence[Chunk]) -> None:
    words = [lexical.tokens(chunk.prefix + chunk.text) for chunk in chunks]
    lexical.build(words, folder / "bm25-chunks")
    lexical.build(lexical.common_pairs(words), folder / "bm25-pairs")
    pages: dict[str, list[str]] = {}
    for chunk in chunks:
        pages.setdefault(chunk.url, [chunk.title]).append(f"{chunk.heading}\n{chunk.text}")
    lexical.build((lexical.forms("\n".join(texts)) for texts in pages.values()), folder / "bm25-pages")
