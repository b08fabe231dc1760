"""Resources whose pages are gone, as the last crawl found them: `dead_resources(data)`. Loads no index."""

from __future__ import annotations

import logging
import sqlite3
from functools import lru_cache
from pathlib import Path

from ingest.state import PagesError, read_states

ALIVE = frozenset({"indexed", "stale", "blocked", "duplicate"})
"""States of a page that was there, or may be."""

log = logging.getLogger(__name__)


def dead_resources(data: Path) -> frozenset[str]:
    """Ids of the resources with no page left; none before the first run, or where the pages cannot be read."""
    path = data / "pages.db"
    try:
        seen = path.stat()
    except OSError:
        return frozenset()
    return _read(path, seen.st_mtime_ns)


@lru_cache(maxsize=8)
def _read(path: Path, _: int) -> frozenset[str]:
    """Kept until the file changes: reading all pages takes a moment."""
    try:
        pages = [(page.resource, page.status) for page in read_states(path)]
    except (PagesError, sqlite3.Error) as error:
        log.warning("which pages are gone is not known: %s", error)
        return frozenset()
    alive = {resource for resource, status in pages if status in ALIVE}
    return frozenset(resource for resource, status in pages if status == "dead" and resource not in alive)
