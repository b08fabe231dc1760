"""An open generation: its chunks, vectors, lexicons and Chroma collection, held by a lease until closed."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.chunk import Chunk
from ingest.embed import ModelInfo
from ingest.generations import Generations, Manifest, check_model, lease, read_manifest, verify
from ingest.index import DamagedIndexError, VectorIndex
from ingest.lexical import Lexicon


class OpenIndex:
    """One generation, open for reading. Rows are positions in `chunks`; pages are documents in order of first row."""

    def __init__(self, folder: Path) -> None:
        self.manifest: Manifest = read_manifest(folder)
        self._lease = lease(folder)
        self.chunks: list[Chunk] = _read_chunks(folder / "chunks.jsonl")
        self.vectors: NDArray[np.float32] = np.load(folder / "vectors.npy", mmap_mode="r")
        self.index = VectorIndex(folder / "chroma")
        self.chunk_lexicon = Lexicon(folder / "bm25-chunks")
        self.page_lexicon = Lexicon(folder / "bm25-pages")
        self.row_of: dict[str, int] = {chunk.id: row for row, chunk in enumerate(self.chunks)}

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

    def neighbour(self, row: int, step: int) -> Chunk | None:
        """The chunk before (-1) or after (+1) within the same page."""
        place = row + step
        inside = 0 <= place < len(self.chunks) and self.chunks[place].url == self.chunks[row].url
        return self.chunks[place] if inside else None

    def close(self) -> None:
        self.index.close()
        self._lease.close()


def open_current(data: Path, model: ModelInfo, warn: Callable[[str], None]) -> OpenIndex:
    """Opens the generation that is served; a damaged one is passed over for the newest that verifies.

    Errors: `DamagedIndexError` if none can be opened, `StaleIndexError` if it was made with another model.
    """
    generations = Generations(data)
    folder = generations.current()
    if folder is None:
        raise DamagedIndexError("there is no index yet: run `roadmap ingest`.")
    try:
        verify(folder)
    except DamagedIndexError as damage:
        good = generations.recover()
        if good is None:
            raise DamagedIndexError(f"{damage} Run `roadmap ingest --force` to build it from what is kept.") from damage
        warn(f"{damage} Serving the last good generation, {good.name}.")
        folder = good
    check_model(read_manifest(folder), model)
    return OpenIndex(folder)


def _read_chunks(path: Path) -> list[Chunk]:
    with path.open() as file:
        return [_chunk(line) for line in file]


def _chunk(line: str) -> Chunk:
    fields = json.loads(line)
    fields["spans"] = tuple(tuple(span) for span in fields["spans"])
    return Chunk(**fields)
