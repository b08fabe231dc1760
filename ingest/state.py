"""What ingest remembers of pages between runs: the clean document of each, its status, and when that changed.

One SQLite file in the data folder. Knows nothing of chunks, vectors or Chroma.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingest.document import Block, Document, Link

_SCHEMA = """
CREATE TABLE IF NOT EXISTS pages (
    url TEXT PRIMARY KEY,
    resource TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    since TEXT NOT NULL,
    checked_at TEXT NOT NULL,
    fetched_at TEXT NOT NULL DEFAULT '',
    body_hash TEXT NOT NULL DEFAULT '',
    text_hash TEXT NOT NULL DEFAULT '',
    changed_at TEXT NOT NULL DEFAULT '',
    document TEXT
)
"""


@dataclass(frozen=True, slots=True)
class PageState:
    """One page as last seen. `status`: indexed, stale, blocked, dead, not-text, duplicate."""

    url: str
    resource: str
    status: str
    reason: str
    since: str
    """When the page came to have this status (ISO 8601, UTC)."""
    checked_at: str
    fetched_at: str
    body_hash: str
    changed_at: str
    """When its text last became another; empty before the first change."""


class PageStore:
    """The pages of one data folder. Errors: `sqlite3.Error`."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute(_SCHEMA)

    def close(self) -> None:
        self._db.close()

    def body_hash(self, url: str) -> str:
        row = self._db.execute("SELECT body_hash FROM pages WHERE url = ?", (url,)).fetchone()
        return str(row[0]) if row else ""

    def save(self, document: Document, resource: str, fetched_at: str, body_hash: str) -> None:
        """Keeps the clean document of a page; one older than what is kept changes nothing."""
        text = json.dumps([asdict(block) for block in document.blocks])
        text_hash = hash_text(document.title + text)
        old = self._db.execute(
            "SELECT text_hash, status, since, changed_at, fetched_at FROM pages WHERE url = ?", (document.url,)
        ).fetchone()
        if old and old[4] > fetched_at:
            return
        since = old[2] if old and old[1] == "indexed" else _now()
        changed = _now() if old and old[0] and old[0] != text_hash else (old[3] if old else "")
        body = json.dumps(
            {"title": document.title, "blocks": json.loads(text), "links": [asdict(x) for x in document.links]}
        )
        self._db.execute(
            "INSERT OR REPLACE INTO pages VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            (document.url, resource, "indexed", "", since, _now(), fetched_at, body_hash, text_hash, changed, body),
        )

    def mark_checked(self, url: str, fetched_at: str) -> None:
        """The same bytes came again: the page is as good as new."""
        self._db.execute(
            "UPDATE pages SET since = CASE status WHEN 'indexed' THEN since ELSE ? END, status = 'indexed', reason = '', "
            "checked_at = ?, fetched_at = max(fetched_at, ?) WHERE url = ? AND document IS NOT NULL",
            (_now(), _now(), fetched_at, url),
        )

    def fail(self, url: str, resource: str, status: str, reason: str) -> None:
        """A page did not come: one that has a good document keeps it and becomes `stale`."""
        row = self._db.execute("SELECT status, since, document FROM pages WHERE url = ?", (url,)).fetchone()
        kept = row is not None and row[2] is not None
        now_status = "stale" if kept else status
        since = row[1] if row and row[0] == now_status else _now()
        if row:
            self._db.execute(
                "UPDATE pages SET status = ?, reason = ?, since = ?, checked_at = ? WHERE url = ?",
                (now_status, reason, since, _now(), url),
            )
        else:
            self._db.execute(
                "INSERT INTO pages (url, resource, status, reason, since, checked_at) VALUES (?,?,?,?,?,?)",
                (url, resource, now_status, reason, since, _now()),
            )

    def documents(self) -> Iterator[tuple[PageState, Document]]:
        """Every page with a document, by address."""
        query = f"SELECT {_FIELDS}, document FROM pages WHERE document IS NOT NULL ORDER BY url"
        for *fields, body in self._db.execute(query):
            data = json.loads(body)
            blocks = tuple(Block(**block) for block in data["blocks"])
            links = tuple(Link(**link) for link in data["links"])
            yield PageState(*fields), Document(fields[0], data["title"], blocks, links)

    def pages(self) -> Iterator[PageState]:
        """Every page that was ever seen, by address."""
        for fields in self._db.execute(f"SELECT {_FIELDS} FROM pages ORDER BY url"):
            yield PageState(*fields)

    def digest(self) -> str:
        """A hash of all documents: equal digests give equal chunks."""
        rows = self._db.execute(
            "SELECT url, resource, text_hash, fetched_at FROM pages WHERE document IS NOT NULL ORDER BY url"
        )
        return hash_text(json.dumps(list(rows)))


_FIELDS = "url, resource, status, reason, since, checked_at, fetched_at, body_hash, changed_at"


def hash_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
