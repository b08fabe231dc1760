"""An open generation: its chunks, vectors, lexicons and Chroma collection, held by a lease until closed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from ingest.index.generations import BusyError, Generations, lease
from ingest.index.lexical import Lexicon
from ingest.index.manifest import (
    Manifest,
    StaleIndexError,
    check_files,
    check_model,
    read_chunks,
    read_manifest,
    read_vectors,
    verify,
)
from ingest.index.model import ModelInfo
from ingest.index.sentence_vectors import KeptSentences
from ingest.index.vectors import DamagedIndexError, ExactIndex, StoreError, VectorIndex
from ingest.pages.chunk import Chunk

ATTEMPTS = 5
"""How often a reader begins anew when a writer publishes while it opens."""


class OpenIndex:
    """One generation, open for reading. Rows are positions in `chunks`; pages are documents in order of first row.

    `held` is its lease; `pointer` is what the pointer said when it was chosen, see `superseded`.
    once: without Chroma (see `ExactIndex`), to be asked once, or where Chroma cannot write.
    """

    def __init__(self, folder: Path, held: IO[str], pointer: str = "", *, once: bool = False) -> None:
        self._lease = held
        self.pointer = pointer
        self.manifest: Manifest = read_manifest(folder)
        self.chunks: list[Chunk] = read_chunks(folder)
        self.vectors: NDArray[np.float32] = np.asarray(read_vectors(folder))  # a memmap's own slices are slow to make
        self.sentences = KeptSentences(folder)
        self.chunk_lexicon = Lexicon(folder / "bm25-chunks")
        self.pair_lexicon = Lexicon(folder / "bm25-pairs")
        self.page_lexicon = Lexicon(folder / "bm25-pages")
        self.row_of: dict[str, int] = {chunk.id: row for row, chunk in enumerate(self.chunks)}
        self.index: VectorIndex | ExactIndex = (
            ExactIndex(list(self.row_of), self.vectors, self.week_bounds) if once else VectorIndex(folder / "chroma")
        )

    @cached_property
    def page_of(self) -> NDArray[np.int64]:
        """The page of every row."""
        numbers: dict[str, int] = {}
        return np.array([numbers.setdefault(chunk.url, len(numbers)) for chunk in self.chunks], dtype=np.int64)

    @cached_property
    def first_row(self) -> NDArray[np.int64]:
        """The first row of every page, and behind them the number of rows."""
        starts = np.flatnonzero(np.diff(self.page_of, prepend=-1))
        return np.append(starts, len(self.chunks)).astype(np.int64)

    @cached_property
    def page_vectors(self) -> NDArray[np.float32]:
        """The normalised mean vector of every page (pages x dimension)."""
        sums = np.add.reduceat(np.asarray(self.vectors), self.first_row[:-1], axis=0)
        return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)

    @cached_property
    def week_bounds(self) -> NDArray[np.int64]:
        """First and last week of every row (rows x 2)."""
        return np.array([(c.first_week, c.last_week) for c in self.chunks], dtype=np.int64)

    def close(self) -> None:
        self.index.close()
        self._lease.close()


def open_current(data: Path, model: ModelInfo, warn: Callable[[str], None]) -> OpenIndex:
    """Opens the generation that is served. In place of a damaged one comes the newest that verifies, or else
    one that is built anew from the chunks and vectors that are kept; `warn` is told.

    Errors: `DamagedIndexError` if none can be opened, `StaleIndexError` if it was made with another model.
    """
    generations = Generations(data)
    for _ in range(ATTEMPTS):
        pointer, folder = generations.pointer(), generations.current()
        if folder is None:
            raise DamagedIndexError("there is no index yet: run `roadmap ingest`.")
        try:
            return _open(folder, model, pointer)
        except DamagedIndexError as damage:
            if generations.pointer() == pointer:
                return _open_older(generations, folder, model, damage, warn)
    raise DamagedIndexError("the index is replaced faster than it can be opened: wait for `roadmap ingest` to end.")


def open_once(data: Path, model: ModelInfo, warn: Callable[[str], None]) -> OpenIndex:
    """As `open_current`, for a process that asks once: Chroma is not opened, and so need not be probed first."""
    generations = Generations(data)
    pointer, folder = generations.pointer(), generations.current()
    if folder is not None:
        with suppress(DamagedIndexError):
            held = lease(folder)
            try:
                manifest = read_manifest(folder)
                check_model(manifest, model)
                check_files(folder, manifest, [name for name in manifest.files if not name.startswith("chroma/")])
                return OpenIndex(folder, held, pointer, once=True)
            except (DamagedIndexError, StaleIndexError):
                held.close()
                raise
    return open_current(data, model, warn)


def superseded(data: Path, index: OpenIndex) -> bool:
    """Whether another generation was published since `index` was opened; reads one small file."""
    return Generations(data).pointer() != index.pointer


def _open(folder: Path, model: ModelInfo, pointer: str) -> OpenIndex:
    """The lease comes first, so that what was verified is what is opened."""
    held = lease(folder)
    try:
        check_model(read_manifest(folder), model)
        try:
            verify(folder)
            return OpenIndex(folder, held, pointer)
        except StoreError:  # Chroma cannot write where it opens; the arrays beside it are read alone
            check_files(folder, manifest := read_manifest(folder), tuple(manifest.files))
            return OpenIndex(folder, held, pointer, once=True)
    except (DamagedIndexError, StaleIndexError):
        held.close()
        raise


def _open_older(
    generations: Generations, damaged: Path, model: ModelInfo, damage: DamagedIndexError, warn: Callable[[str], None]
) -> OpenIndex:
    """The newest other generation that can be opened, without touching the pointer; else a new one."""
    pointer = generations.pointer()
    for folder in generations.published():
        if folder == damaged:
            continue
        try:
            index = _open(folder, model, pointer)
        except (DamagedIndexError, StaleIndexError):
            continue
        warn(f"{damage} Serving the last good generation, {folder.name}.")
        return index
    return _open_rebuilt(generations, damaged, model, damage, warn)


def _open_rebuilt(
    generations: Generations, damaged: Path, model: ModelInfo, damage: DamagedIndexError, warn: Callable[[str], None]
) -> OpenIndex:
    """What is done is said when it can be done."""

    def begun() -> None:
        warn(f"{damage} Building it anew from the chunks and vectors that are kept.")

    try:
        with generations.writing():
            folder = generations.rebuild(damaged, begun)
            generations.sweep()
    except BusyError as error:
        raise DamagedIndexError(f"{damage} `roadmap ingest` is running: ask again when it has ended.") from error
    except DamagedIndexError as error:
        raise DamagedIndexError(f"{damage} Run `roadmap ingest` to build it anew; what was fetched is kept.") from error
    except (StoreError, OSError) as error:
        why = str(error) if isinstance(error, StoreError) else f"{error.strerror or type(error).__name__}."
        raise DamagedIndexError(f"{damage} It cannot be built anew, and nothing was changed: {why}") from error
    return _open(folder, model, generations.pointer())
