"""The vectors of the sentences of each chunk, so that no answer encodes them again: int8, beside the chunks.

    sentences.npy  sentence-spans.npy  sentence-rows.npy    vectors, where in its chunk each stands, first of each chunk

They do not depend on a question. Eight bits a number change no quote (eval/LOG.md); a vector's length is lost with them
and put back where it is read. A generation without these files is whole: what it lacks is encoded when it is asked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ingest.index.encoder import Encoder
from ingest.index.memory import give_back
from ingest.index.vectorcache import Encoder as Model
from ingest.index.vectorcache import open_cache
from ingest.pages.chunk import Chunk
from ingest.pages.quotable import READ, quotable

VERSION = 1
"""Counts the ways in which sentences are cut and encoded."""

TOGETHER = 512
"""Sentences that the encoder is given at a time; it sorts them by length."""

VECTORS, SPANS, ROWS = FILES = ("sentences.npy", "sentence-spans.npy", "sentence-rows.npy")

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sentences:
    """Of one chunk: where its sentences stand (n x 2), and their vectors (n x dimension, int8)."""

    spans: NDArray[np.int32]
    vectors: NDArray[np.int8]

    def known(self, text: str) -> dict[str, Floats]:
        """What is read of each sentence -> its normalised vector; `text` is the chunk's."""
        vectors = self.vectors.astype(np.float32)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        read = [text[start : min(end, start + READ)] for start, end in self.spans.tolist()]
        return dict(zip(read, vectors, strict=True))


Find = Callable[[Chunk], Sentences | None]
"""The sentences of a chunk, where they are known."""


def eight_bits(vectors: Floats) -> NDArray[np.int8]:
    """Vectors (n x dimension) with their largest number as 127.

    >>> eight_bits(np.array([[0.5, -0.25]], dtype=np.float32)).tolist()
    [[127, -64]]
    """
    largest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-9) if len(vectors) else 1.0
    return np.round(vectors / largest * 127).astype(np.int8)


class SentenceCache:
    """The sentences of chunks by (model, version, text), kept on disk. A damaged file begins anew."""

    def __init__(self, path: Path, model: Model) -> None:
        self._model = model
        self.dimension = model.dimension
        self._db = open_cache(path, "sentences (key BLOB PRIMARY KEY, spans BLOB NOT NULL, vectors BLOB NOT NULL)")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def get(self, chunk: Chunk) -> Sentences | None:
        """The sentences of a chunk; None where they are not known, or what is kept is none."""
        found = self._db.execute("SELECT spans, vectors FROM sentences WHERE key = ?", (self._key(chunk),)).fetchone()
        if found is None or len(found[0]) % 8 or len(found[1]) != len(found[0]) // 8 * self.dimension:
            return None
        spans = np.frombuffer(found[0], dtype="<i4").reshape(-1, 2)
        return Sentences(spans, np.frombuffer(found[1], dtype=np.int8).reshape(len(spans), self.dimension))

    def put(self, chunks: Iterable[tuple[Chunk, Sentences]]) -> None:
        """Keeps them, in one transaction."""
        rows = [(self._key(c), s.spans.astype("<i4").tobytes(), s.vectors.tobytes()) for c, s in chunks]
        self._db.execute("BEGIN")
        self._db.executemany("INSERT OR REPLACE INTO sentences VALUES (?, ?, ?)", rows)
        self._db.execute("COMMIT")

    def keep_only(self, chunks: Iterable[Chunk]) -> None:
        """Forgets those of all other chunks and models."""
        self._db.execute("CREATE TEMP TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY) WITHOUT ROWID")
        self._db.execute("BEGIN")
        self._db.execute("DELETE FROM kept")
        self._db.executemany("INSERT OR IGNORE INTO kept VALUES (?)", [(self._key(chunk),) for chunk in chunks])
        self._db.execute("DELETE FROM sentences WHERE key NOT IN (SELECT key FROM kept)")
        self._db.execute("COMMIT")

    def _key(self, chunk: Chunk) -> bytes:
        said = f"{self._model.revision}\0{VERSION}\0{chunk.spans}\0{chunk.text}"
        return hashlib.sha256(said.encode()).digest()


def encode_sentences(
    chunks: Sequence[Chunk], cache: SentenceCache, load: Callable[[], Encoder], tell: Callable[[int], None]
) -> None:
    """Sees to it that the cache holds the sentences of every chunk; `tell` hears of each share of chunks.

    Stored share by share, so that a stopped run goes on where it was.
    """
    encoder: Encoder | None = None
    for start in range(0, len(chunks), TOGETHER // 4):
        some = chunks[start : start + TOGETHER // 4]
        missing = [chunk for chunk in some if cache.get(chunk) is None]
        if missing:
            encoder = encoder or load()
            cache.put(zip(missing, _encoded(missing, encoder, cache.dimension), strict=True))
            give_back()
        tell(len(some))


def write_sentences(folder: Path, chunks: Sequence[Chunk], find: Find) -> None:
    """Writes what is known of the sentences of `chunks`; no file where nothing is known of one of them."""
    found = [sentences for chunk in chunks if (sentences := find(chunk)) is not None]
    if not found or len(found) < len(chunks):
        return
    np.save(folder / ROWS, np.cumsum([0, *(len(sentences.spans) for sentences in found)]))
    np.save(folder / SPANS, np.concatenate([sentences.spans for sentences in found]))
    np.save(folder / VECTORS, np.concatenate([sentences.vectors for sentences in found]))


class KeptSentences:
    """The sentences of a generation by row, read from disk as they are needed; nothing where they were not made."""

    def __init__(self, folder: Path) -> None:
        self._files: tuple[NDArray[np.int8], NDArray[np.int32], NDArray[np.int64]] | None = None
        if all((folder / name).is_file() for name in FILES):
            vectors = np.load(folder / VECTORS, mmap_mode="r")
            self._files = (vectors, np.load(folder / SPANS), np.load(folder / ROWS))

    def __bool__(self) -> bool:
        return self._files is not None

    def of(self, row: int) -> Sentences | None:
        """The sentences of the chunk in this row."""
        if self._files is None:
            return None
        vectors, spans, rows = self._files
        first, last = rows[row], rows[row + 1]
        return Sentences(spans[first:last], np.asarray(vectors[first:last]))

    def nearest(self, rows: Sequence[int], vector: Floats) -> Floats | None:
        """Of each chunk the cosine of its nearest sentence to a normalised vector; None where none are kept. A chunk
        without sentences has 0."""
        if self._files is None:
            return None
        vectors, _, starts = self._files
        near = np.zeros(len(rows), dtype=np.float32)
        for n, row in enumerate(rows):
            held = np.asarray(vectors[starts[row] : starts[row + 1]], dtype=np.float32)
            if len(held):
                near[n] = (held @ vector / np.maximum(np.linalg.norm(held, axis=1), 1e-9)).max()
        return near


def no_sentences(_: Chunk) -> None:
    """Of no chunk are sentences known."""


def _encoded(chunks: Sequence[Chunk], encoder: Encoder, dimension: int) -> Iterable[Sentences]:
    spans = [np.array(quotable(chunk.spans, chunk.text), dtype=np.int32).reshape(-1, 2) for chunk in chunks]
    texts = [
        chunk.text[start : min(end, start + READ)]
        for chunk, places in zip(chunks, spans, strict=True)
        for start, end in places.tolist()
    ]
    known = _vectors(list(dict.fromkeys(texts)), encoder)
    rest = iter(texts)
    for places in spans:
        some = [known[next(rest)] for _ in places]
        yield Sentences(places, np.array(some, dtype=np.int8).reshape(len(places), dimension))


def _vectors(texts: list[str], encoder: Encoder) -> dict[str, NDArray[np.int8]]:
    known: dict[str, NDArray[np.int8]] = {}
    for start in range(0, len(texts), TOGETHER):
        some = texts[start : start + TOGETHER]
        made = np.asarray(encoder.get_text_embedding_batch(some), dtype=np.float32)
        known.update(zip(some, eight_bits(made), strict=True))
    return known
