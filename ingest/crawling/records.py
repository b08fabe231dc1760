"""What a crawl says of pages: the value types that `crawl`, `pipeline` and `coverage` share.

Knows nothing of how a page was fetched, or of how it is stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class PageStatus(StrEnum):
    """What became of one address in a crawl."""

    FETCHED = "fetched"
    """Its text came, and is in the WARC file."""
    NOT_MODIFIED = "not-modified"
    """The site says that what we hold is still right (304); a `revisit` record says so."""
    MOVED = "moved"
    """It redirects; `PageOutcome.target` is an address of its own, with an outcome of its own."""
    BLOCKED = "blocked"
    """The site did not let us have it now: robots.txt, login, too many requests, no answer."""
    DEAD = "dead"
    """Gone (404, 410) or empty: what is indexed of it is kept, and marked stale."""
    NOT_TEXT = "not-text"
    """A PDF, a picture, an archive, whatever its header says; and text that is no HTML, which import does not take."""
    REFUSED = "refused"
    """We would not take it: a private address, another scheme, too large, too many redirects."""


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """One address, and what became of it. `reason` is one clear sentence unless it was fetched."""

    url: str
    status: PageStatus
    source: str
    resource: str
    reason: str = ""
    http_status: int = 0
    at: str = ""
    """When, as an ISO 8601 time in UTC."""
    target: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class SkippedHost:
    """A host that was not crawled (further), and why."""

    host: str
    reason: str


@dataclass(frozen=True, slots=True)
class ResourceCounts:
    """How many addresses of one resource ended how; `capped` links were left by a limit."""

    resource: str
    fetched: int = 0
    not_modified: int = 0
    moved: int = 0
    blocked: int = 0
    dead: int = 0
    not_text: int = 0
    refused: int = 0
    capped: int = 0

    @property
    def usable(self) -> int:
        """Addresses whose answer we hold and the site still stands by; which pages they are, `roadmap ingest` says."""
        return self.fetched + self.not_modified


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """One run, or the part of it until it was stopped (`complete` is False then)."""

    run: str
    complete: bool
    resources: tuple[ResourceCounts, ...]
    outcomes: tuple[PageOutcome, ...]
    skipped_hosts: tuple[SkippedHost, ...]
    warc_files: tuple[Path, ...]
    requests: int
    seconds: float


def count_by_resource(
    outcomes: Iterable[PageOutcome], capped: Counter[str], order: Iterable[str]
) -> tuple[ResourceCounts, ...]:
    """Counts for every resource of `order`, zeros included."""
    tally = Counter((outcome.resource, outcome.status) for outcome in outcomes)
    return tuple(
        ResourceCounts(
            resource,
            *(tally[resource, status] for status in PageStatus),
            capped=capped[resource],
        )
        for resource in order
    )
