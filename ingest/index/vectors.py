"""The Chroma part of a generation: write it, open it, probe it. The only module that imports chromadb.

Explicit vectors only: Chroma is never given text to embed. Errors are `DamagedIndexError`s and, in
writing, `StoreError`s, with one sentence.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Generator, Iterable, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ProjectError
from corpus.rights import has_room, is_writable

if TYPE_CHECKING:
    from llama_index.core.schema import BaseNode
    from llama_index.vector_stores.chroma import ChromaVectorStore

COLLECTION = "chunks"
DATABASE = "chroma.sqlite3"
HNSW = {"space": "cosine", "ef_construction": 128, "max_neighbors": 24, "ef_search": 160}
PROBES = 5
PROBE_SECONDS = 120
_NO_ROOM = 3
"""Exit status of the probe where the disk let it write nothing, which Chroma does as it opens."""


class DamagedIndexError(ProjectError):
    """An index cannot be served; the message says what is wrong with it and what to do."""


class StoreError(ProjectError):
    """Something cannot be stored: a bad vector or id, or the disk refuses; the message says which."""


class VectorIndex:
    """An open Chroma collection: nearest chunks by cosine similarity."""

    def __init__(self, folder: Path) -> None:
        from chromadb.errors import ChromaError

        self._copy = None if is_writable(folder / DATABASE) and has_room(folder) else _copied(folder)
        self._client = _client(Path(self._copy.name) if self._copy else folder)
        try:
            self._collection = self._client.get_collection(COLLECTION, embedding_function=None)
        except ChromaError as error:
            self.close()
            raise DamagedIndexError(f"the index holds no collection ({error}).") from error

    @property
    def store(self) -> ChromaVectorStore:
        """The same collection as a LlamaIndex vector store, with its nodes and metadata filters."""
        return _llama_store(self._collection)

    def count(self) -> int:
        with _asking():
            return self._collection.count()

    def nearest(
        self, vector: NDArray[np.float32], k: int, weeks: tuple[int, int] | None = None
    ) -> list[tuple[str, float]]:
        """The `k` chunks nearest to `vector` (dimension,) as (chunk id, cosine similarity), best first.

        weeks: first and last; only chunks that belong to one of them. Errors: `DamagedIndexError`, as for `count`.
        """
        where = {"$and": [{"first_week": {"$lte": weeks[1]}}, {"last_week": {"$gte": weeks[0]}}]} if weeks else None
        with _asking():
            found = self._collection.query(query_embeddings=[vector], n_results=k, where=where, include=["distances"])
        distances = (found["distances"] or [[]])[0]
        return [(id, 1.0 - float(distance)) for id, distance in zip(found["ids"][0], distances, strict=True)]

    def close(self) -> None:
        self._client.close()
        if self._copy:
            self._copy.cleanup()


class ExactIndex:
    """The same question put to all vectors, without Chroma: for a process that asks once, where importing Chroma,
    and seeing first that its files cannot kill the process, would take longer than all the rest."""

    def __init__(self, ids: Sequence[str], vectors: NDArray[np.float32], weeks: NDArray[np.int64]) -> None:
        self._ids, self._vectors, self._weeks = ids, vectors, weeks

    def nearest(
        self, vector: NDArray[np.float32], k: int, weeks: tuple[int, int] | None = None
    ) -> list[tuple[str, float]]:
        """As `VectorIndex.nearest`."""
        cosines = self._vectors @ vector
        if weeks:
            cosines[(self._weeks[:, 0] > weeks[1]) | (self._weeks[:, 1] < weeks[0])] = -np.inf
        rows = np.argsort(-cosines, kind="stable")[:k]
        found: list[int] = rows.tolist()
        return [(self._ids[row], float(cosines[row])) for row in found if np.isfinite(cosines[row])]

    def close(self) -> None:
        """There is nothing to close."""


class IndexWriter:
    """A new Chroma collection for `total` chunks in an empty folder, filled in batches; a context manager."""

    def __init__(self, folder: Path, total: int, dimension: int) -> None:
        self._dimension = dimension
        self._ids: set[str] = set()
        # Chroma writes its graph to disk at the sync threshold and keeps the rest in a log that every opening
        # replays, which changes the files: so the last chunk is the one that reaches the threshold.
        size = max(2, total)
        hnsw = {**HNSW, "sync_threshold": size, "batch_size": min(100, size)}
        with _writing():
            self._client = _client(folder)
            self._collection = self._client.create_collection(
                COLLECTION, embedding_function=None, configuration={"hnsw": hnsw}
            )
        self._store = _llama_store(self._collection)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def add(self, nodes: Sequence[BaseNode]) -> None:
        """Adds nodes with their vectors. Errors: `StoreError` naming the first bad id or vector, or the disk's."""
        for node in nodes:
            self._check(node)
        size = self._client.get_max_batch_size()
        with _writing():
            for start in range(0, len(nodes), size):
                self._store.add(list(nodes[start : start + size]))

    def _check(self, node: BaseNode) -> None:
        vector = node.embedding or []
        if len(vector) != self._dimension:
            raise StoreError(f"chunk {node.node_id} has {len(vector)} numbers where the model gives {self._dimension}.")
        if not np.isfinite(vector).all():
            raise StoreError(f"the vector of chunk {node.node_id} holds NaN or infinity: check the embedding model.")
        if node.node_id in self._ids:
            raise StoreError(f"chunk {node.node_id} stands twice in the index: two pages have one address.")
        self._ids.add(node.node_id)


def probe(folder: Path, ids: Path, vectors: Path) -> None:
    """Opens an index in a subprocess and asks it for stored vectors: damage there cannot kill this process.

    `ids` holds one chunk id a line, `vectors` is the .npy file in the same order.
    Errors: `DamagedIndexError` with what the probe saw, `StoreError` where there is no room to look.
    """
    command = [sys.executable, "-m", "ingest.index.vectors", *(str(path.absolute()) for path in (folder, ids, vectors))]
    home = Path(__file__).parents[2]  # Python looks for modules in the working folder first: in ours, not the user's
    try:
        run = subprocess.run(command, cwd=home, capture_output=True, text=True, timeout=PROBE_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise DamagedIndexError(f"the index did not answer within {PROBE_SECONDS} s.") from error
    if run.returncode != 0:
        last = (run.stderr.strip().splitlines() or [f"exit status {run.returncode}"])[-1]
        if run.returncode == _NO_ROOM:
            raise StoreError(last)
        said = last.replace(str(folder.absolute()), "chroma")[:200]
        raise DamagedIndexError(f"the index is damaged ({said}).")


def _copied(folder: Path) -> TemporaryDirectory[str]:
    """A copy of a folder that is read-only or on a full disk: Chroma writes where it opens. Errors: `StoreError` where
    there is no room for it."""
    with ExitStack() as undone:
        try:
            copy = TemporaryDirectory(prefix="roadmap-index-")
            undone.callback(copy.cleanup)
            shutil.copytree(folder, copy.name, dirs_exist_ok=True, copy_function=shutil.copyfile)
            for each in (copied := Path(copy.name), *copied.rglob("*")):
                each.chmod(0o700 if each.is_dir() else 0o600)  # folders come with the rights that they had
        except (OSError, shutil.Error) as error:
            raise StoreError(
                "the data folder is read-only or its disk is full, and its index cannot be copied to a temporary "
                "folder: make room, or name another folder in TMPDIR."
            ) from error
        undone.pop_all()
    return copy


def _client(folder: Path) -> Any:
    """Chroma is imported here and where its errors are met: a question from a cold start does without it."""
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False, is_persistent=True, persist_directory=str(folder))
    return chromadb.PersistentClient(path=str(folder), settings=settings)


@contextmanager
def _writing() -> Generator[None]:
    from chromadb.errors import ChromaError

    try:
        yield
    except ChromaError as error:
        raise StoreError(
            f"Chroma cannot write the new index ({error}): make room; the old one is as it was."
        ) from error


@contextmanager
def _asking() -> Generator[None]:
    from chromadb.errors import ChromaError

    try:
        yield
    except ChromaError as error:
        said = f"Chroma cannot answer ({type(error).__name__})"
        raise DamagedIndexError(f"{said}: run `roadmap ingest --force` to build the index anew.") from error


def _llama_store(collection: Any) -> ChromaVectorStore:
    """The only place here that imports llama_index: the probe needs it not, and starts in half the time."""
    from llama_index.vector_stores.chroma import ChromaVectorStore

    return ChromaVectorStore.from_collection(collection)


def _run_probe(folder: Path, ids: Path, vectors: Path) -> str:
    """What is wrong with an index, or an empty string. Runs in the probe's own process."""
    names = ids.read_text().split()
    stored = np.load(vectors, mmap_mode="r")
    index = VectorIndex(folder)
    if index.count() != len(names) or len(names) != len(stored):
        return f"{index.count()} vectors in Chroma, {len(stored)} kept, {len(names)} chunks"
    rows = {name: row for row, name in enumerate(names)}
    for position in _spread(len(names)):
        vector = np.asarray(stored[position])
        found = [rows.get(id, -1) for id, similarity in index.nearest(vector, 10) if similarity >= 0.999]
        if not any(row >= 0 and np.allclose(stored[row], vector, atol=1e-3) for row in found):  # itself, or a twin
            return f"the vector of chunk {names[position]} is not found"
    return ""


def _spread(size: int) -> Iterable[int]:
    return sorted({round(i * (size - 1) / max(1, PROBES - 1)) for i in range(PROBES)}) if size else ()


if __name__ == "__main__":
    try:
        problem = _run_probe(*(Path(argument) for argument in sys.argv[1:4]))
    except StoreError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(_NO_ROOM)
    sys.exit(problem or 0)
