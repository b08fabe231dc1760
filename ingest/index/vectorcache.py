"""Vectors that are computed once: a file of them by model and text."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.rights import is_writable


class Encoder(Protocol):
    """What tells the vectors of one model from those of another: a `ModelInfo`, or the manifest of an index."""

    @property
    def revision(self) -> str: ...

    @property
    def dimension(self) -> int: ...


class VectorCache:
    """Vectors by (model revision, text), kept on disk: float32, one row a text. Errors: `sqlite3.Error`.

    It is a cache: a damaged file is thrown away, and a row that is no vector of the model counts as unknown.
    """

    def __init__(self, path: Path, model: Encoder) -> None:
        self._revision = model.revision
        self.dimension = model.dimension
        self._db = open_cache(path, "vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL)")

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM vectors").fetchone()[0])

    def get(self, texts: Sequence[str]) -> list[NDArray[np.float32] | None]:
        """The known vector of each text, or None."""
        return [self._one(text) for text in texts]

    def put(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Stores `vectors` (len(texts) x dimension) in one transaction."""
        rows = [(self._key(t), v.astype(np.float32).tobytes()) for t, v in zip(texts, vectors, strict=True)]
        self._db.execute("BEGIN")
        self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
        self._db.execute("COMMIT")

    def keep_only(self, texts: Sequence[str]) -> int:
        """Forgets every vector of this and other models that is not of `texts`; returns how many went."""
        keys = [(self._key(text),) for text in texts]
        self._db.execute("BEGIN")
        self._db.execute("CREATE TEMP TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY) WITHOUT ROWID")
        self._db.execute("DELETE FROM kept")
        self._db.executemany("INSERT OR IGNORE INTO kept VALUES (?)", keys)
        gone = self._db.execute("DELETE FROM vectors WHERE key NOT IN (SELECT key FROM kept)").rowcount
        self._db.execute("COMMIT")
        return gone

    def close(self) -> None:
        self._db.close()

    def _one(self, text: str) -> NDArray[np.float32] | None:
        row = self._db.execute("SELECT vector FROM vectors WHERE key = ?", (self._key(text),)).fetchone()
        if row is None or len(row[0]) != 4 * self.dimension:
            return None
        vector = np.frombuffer(row[0], dtype=np.float32)
        return vector if np.isfinite(vector).all() else None

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self._revision}\0{text}".encode()).digest()


def open_cache(path: Path, table: str) -> sqlite3.Connection:
    """Opens the file with its one table; one that SQLite finds damaged begins anew, and one on a read-only disk is only
    read."""
    if path.is_file() and not is_writable(path):
        return sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)
    db = sqlite3.connect(path, isolation_level=None)
    if not _is_healthy(db):
        db.close()
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()
        db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=NORMAL")
    db.execute("PRAGMA wal_autocheckpoint=256")  # pages, 1 MB: the log stays small beside the file
    db.execute(f"CREATE TABLE IF NOT EXISTS {table} WITHOUT ROWID")
    return db


def _is_healthy(db: sqlite3.Connection) -> bool:
    """Errors: `sqlite3.OperationalError` for a full disk or a lock, where nothing is wrong with the file."""
    try:
        return db.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        return False
