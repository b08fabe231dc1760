"""What ingest remembers of pages between runs: the clean document of each, its status, and what the last run found new.

One SQLite file in the data folder. Knows nothing of chunks, vectors or Chroma.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from corpus.errors import ProjectError
from ingest.dates import is_to_come
from ingest.pages.document import Block, Document, Link

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
    document TEXT
)
"""
_NEWS_SCHEMA = """
CREATE TABLE IF NOT EXISTS news (
    ended INTEGER NOT NULL DEFAULT 0,
    url TEXT NOT NULL,
    what TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (ended, url)
)
"""

_DAMAGED = "{} is damaged: delete it and run `roadmap ingest` with your WARC files again."
GOOD = frozenset({"indexed", "duplicate"})
"""Statuses of a page that came when it was last asked for."""

_WAIT = 2.0
"""Seconds that a reader waits for a program that locks the file."""


class PagesError(ProjectError):
    """What is kept of the pages cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class PageState:
    """One page as last seen. `status`: indexed, duplicate (as `indexed`, but another page says the same), stale,
    blocked, dead, not-text."""

    url: str
    resource: str
    status: str
    reason: str
    since: str
    """When the page came to have this status (ISO 8601, UTC)."""
    checked_at: str
    """When it was last asked for, by the records that were read."""
    fetched_at: str
    """When the bytes came of which its document was made."""
    body_hash: str


@dataclass(frozen=True, slots=True)
class PageNews:
    """What the last run that found anything new found of one page; `at` is when it was so."""

    url: str
    resource: str
    at: str
    what: Literal["new", "changed", "stale"]


def resources_with_pages(path: Path) -> frozenset[str]:
    """Ids of the resources of which at least one page is kept; none where the file is missing or cannot be read."""
    if not path.is_file():
        return frozenset()
    try:
        with closing(_reading(path)) as db:
            rows = db.execute("SELECT DISTINCT resource FROM pages WHERE document IS NOT NULL").fetchall()
    except sqlite3.Error:
        return frozenset()
    return frozenset(str(row[0]) for row in rows)


def read_states(path: Path) -> tuple[PageState, ...]:
    """Every page that was ever seen, by address, without writing anything; none where the file is missing.

    Errors: `PagesError` for a damaged file and for one that the system or another program withholds.
    """
    return tuple(PageState(*fields) for fields in _rows(path, "pages", _PAGES))


def read_news(path: Path) -> tuple[PageNews, ...]:
    """The pages that the last run found new, changed or gone, the newest first. Otherwise as `read_states`."""
    return tuple(PageNews(*fields) for fields in _rows(path, "news", _NEWS))


def _rows(path: Path, table: str, query: str) -> list[Any]:
    """None where the table is missing too: an older version made the file."""
    if not path.is_file():
        return []
    try:
        with closing(_reading(path)) as db:
            there = db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone()
            return db.execute(query).fetchall() if there else []
    except sqlite3.OperationalError as error:
        what = "wait until nothing else uses it, or run `roadmap ingest`"
        raise PagesError(f"{path.name} cannot be read ({error}): {what}.") from error
    except sqlite3.DatabaseError as error:
        raise PagesError(_DAMAGED.format(path.name)) from error


class PageStore:
    """The pages of one data folder. Errors: `PagesError` for a damaged file, `sqlite3.Error` for a full disk."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        try:
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute("PRAGMA wal_autocheckpoint=256")  # pages, 1 MB: the log stays small beside the file
            self._db.execute(_SCHEMA)
            self._db.execute(_NEWS_SCHEMA)
            healthy = self._db.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
        except sqlite3.OperationalError:
            self._db.close()
            raise  # a full disk or a lock: nothing is wrong with the file
        except sqlite3.DatabaseError:
            healthy = False
        if not healthy:
            self._db.close()
            raise PagesError(_DAMAGED.format(path.name))

    def close(self) -> None:
        self._db.close()

    def body_hash(self, url: str) -> str:
        row = self._db.execute("SELECT body_hash FROM pages WHERE url = ?", (url,)).fetchone()
        return str(row[0]) if row else ""

    def fetched_at(self, url: str) -> str:
        """When the kept document of a page was fetched; empty without one."""
        row = self._db.execute("SELECT fetched_at FROM pages WHERE url = ? AND document IS NOT NULL", (url,)).fetchone()
        return _come(str(row[0])) if row else ""

    def save(self, document: Document, resource: str, fetched_at: str, body_hash: str) -> None:
        """Keeps the clean document of a page; one older than what is kept changes nothing."""
        text = json.dumps([asdict(block) for block in document.blocks])
        text_hash = hash_text(document.title + text)
        old = self._db.execute(
            "SELECT text_hash, status, since, fetched_at, reason, checked_at, document IS NOT NULL "
            "FROM pages WHERE url = ?",
            (document.url,),
        ).fetchone()
        held = bool(old and old[6])
        if held and _come(old[3]) > fetched_at:
            return
        status, reason, since, checked = "indexed", "", fetched_at or _now(), fetched_at or _now()
        if old and old[1] in GOOD:
            since, checked = old[2], max(checked, _come(old[5]))
        elif old and _come(old[5]) > checked:  # it failed after this fetch
            status, reason, since, checked = "stale", old[4], old[2], old[5]
        if not held or (old[0] != text_hash and _come(old[3]) < fetched_at):  # else it was only cleaned otherwise
            self._note(document.url, "changed" if held else "new", fetched_at or _now())
        body = json.dumps(
            {"title": document.title, "blocks": json.loads(text), "links": [asdict(x) for x in document.links]}
        )
        self._db.execute(
            "INSERT OR REPLACE INTO pages (url, resource, status, reason, since, checked_at, fetched_at, body_hash, "
            "text_hash, document) VALUES (?,?,?,?,?,?,?,?,?,?)",
            (document.url, resource, status, reason, since, checked, fetched_at, body_hash, text_hash, body),
        )

    def mark_checked(self, url: str, at: str) -> None:
        """The same bytes came again, or the site said so: the page is as good as new, unless it failed after `at`."""
        self._db.execute(
            "UPDATE pages SET since = CASE WHEN status IN ('indexed', 'duplicate') THEN since ELSE ? END, "
            "reason = CASE status WHEN 'duplicate' THEN reason ELSE '' END, "
            "status = CASE status WHEN 'duplicate' THEN status ELSE 'indexed' END, "
            "checked_at = ? WHERE url = ? AND document IS NOT NULL AND (checked_at < ? OR checked_at = ?)",
            (at, at, url, at, self._to_come(url)),
        )

    def home(self, url: str) -> str:
        """The resource or topic that a page is filed under; "" for one that was never seen."""
        row = self._db.execute("SELECT resource FROM pages WHERE url = ?", (url,)).fetchone()
        return str(row[0]) if row else ""

    def file_under(self, url: str, resource: str) -> None:
        """Says where a page belongs that was taken before: somebody may have changed his mind."""
        self._db.execute("UPDATE pages SET resource = ? WHERE url = ? AND resource <> ?", (resource, url, resource))

    def _to_come(self, url: str) -> str:
        """What is kept as the time of the last look at a page, if that has not come yet; else ""."""
        row = self._db.execute("SELECT checked_at FROM pages WHERE url = ?", (url,)).fetchone()
        return str(row[0]) if row and is_to_come(str(row[0])) else ""

    def mark_duplicates(self, kept_for: Mapping[str, str]) -> None:
        """Says which good pages are left out of the index, and the address that is in it in their place."""
        with self._db:
            self._db.execute("BEGIN")
            self._db.execute("UPDATE pages SET status = 'indexed', reason = '' WHERE status = 'duplicate'")
            self._db.executemany(
                "UPDATE pages SET status = 'duplicate', reason = ? WHERE url = ? AND status = 'indexed'",
                [(f"It says what {kept} says.", url) for url, kept in kept_for.items()],
            )

    def fail(self, url: str, resource: str, status: str, reason: str, at: str = "") -> None:
        """A page did not come at the time `at` (now): one that has a good document keeps it and becomes `stale`.

        What happened before the page was last looked at changes nothing: the same files can be read again.
        """
        at = at or _now()
        row = self._db.execute("SELECT status, since, document, checked_at FROM pages WHERE url = ?", (url,)).fetchone()
        if row is None:
            self._db.execute(
                "INSERT INTO pages (url, resource, status, reason, since, checked_at) VALUES (?,?,?,?,?,?)",
                (url, resource, status, reason, at, at),
            )
        elif _come(row[3]) < at:
            now_status = status if row[2] is None else "stale"
            since = row[1] if row[0] == now_status else at
            if now_status == "stale" != row[0]:
                self._note(url, "stale", at)
            self._db.execute(
                "UPDATE pages SET status = ?, reason = ?, since = ?, checked_at = ? WHERE url = ?",
                (now_status, reason, since, at, url),
            )

    def end_run(self) -> None:
        """The news is whole: the next run that finds any replaces it. Without this, as after a kill, it adds to it."""
        self._db.execute("UPDATE news SET ended = 1")

    def _note(self, url: str, what: str, at: str) -> None:
        """Before the page itself is written, so that a kill between the two loses nothing. What is new stays new."""
        self._db.execute("DELETE FROM news WHERE ended = 1")
        self._db.execute(
            "INSERT INTO news (url, what, at) VALUES (?,?,?) ON CONFLICT DO UPDATE "
            "SET what = excluded.what, at = excluded.at WHERE what <> 'new'",
            (url, what, at),
        )

    def documents(self) -> Iterator[tuple[PageState, Document]]:
        """Every page with a document, by address."""
        for *fields, body in self._db.execute(_DOCUMENTS):
            data = json.loads(body)
            blocks = tuple(Block(**block) for block in data["blocks"])
            links = tuple(Link(**link) for link in data["links"])
            yield PageState(*fields), Document(fields[0], data["title"], blocks, links)

    def pages(self) -> Iterator[PageState]:
        """Every page that was ever seen, by address."""
        for fields in self._db.execute(_PAGES):
            yield PageState(*fields)

    def digest(self) -> str:
        """A hash of all documents: equal digests give equal chunks."""
        rows = self._db.execute(
            "SELECT url, resource, text_hash, fetched_at FROM pages WHERE document IS NOT NULL ORDER BY url"
        )
        return hash_text(json.dumps(list(rows)))


_PAGES = """
SELECT url, resource, status, reason, since, checked_at, fetched_at, body_hash FROM pages ORDER BY url
"""
_NEWS = """
SELECT url, resource, at, what FROM news JOIN pages USING (url) WHERE what <> 'stale' OR status = 'stale'
ORDER BY at DESC, url
"""
_DOCUMENTS = """
SELECT url, resource, status, reason, since, checked_at, fetched_at, body_hash, document
FROM pages WHERE document IS NOT NULL ORDER BY url
"""


def _reading(path: Path) -> sqlite3.Connection:
    """Even to read, SQLite makes files beside the database: in a folder where it may not, it is told that nobody
    writes there. A log that stands there already belongs to somebody who does."""
    alone = not os.access(path.parent, os.W_OK) and not path.with_name(f"{path.name}-wal").exists()
    return sqlite3.connect(f"{path.absolute().as_uri()}?{'immutable=1' if alone else 'mode=ro'}", _WAIT, uri=True)


def _come(at: str) -> str:
    """A kept time, "" for one that has not come yet: an older version took such from a file, and it must not win."""
    return "" if is_to_come(at) else at


def hash_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
