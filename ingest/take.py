"""WARC files -> clean documents in the page store. Bytes that were seen before are not extracted again."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.sources import Source, Sources
from corpus.urls import UrlError, normal_url
from ingest.archive.warc import Page, Refusal, read_pages
from ingest.pages.extract import extract_many
from ingest.state import PageStore

CLEANER = "clean-2"
"""Name of the way from HTML to blocks: a new one makes every page be extracted again."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """What stands behind one page that is in work."""

    fetched_at: str
    digest: str


def take_pages(
    store: PageStore, sources: Sources, warcs: Sequence[Path], progress: Callable[[int], None]
) -> Iterator[tuple[str, str]]:
    """Keeps each page's document as soon as it is made; yields (address, reason) for what was refused."""
    in_work: deque[_Taken | None] = deque()  # one entry for each outcome to come, in the same order
    for done, outcome in enumerate(extract_many(_new_pages(store, sources, warcs, in_work)), 1):
        progress(done)
        taken = in_work.popleft()
        source = sources.for_url(outcome.url)
        if isinstance(outcome, Refusal):
            if _refused(store, source, outcome):
                yield outcome.url, outcome.reason
        elif source is not None and taken is not None:
            store.save(outcome, source.resource, taken.fetched_at, taken.digest)


def _refused(store: PageStore, source: Source | None, refusal: Refusal) -> bool:
    """Keeps what a refusal says of the page; False if it says that all is as it was."""
    address = _address(refusal.url)
    if refusal.status == "unchanged" and store.body_hash(address):
        store.mark_checked(address, refusal.fetched_at)
        return False
    leads_on = refusal.status == "moved" and not store.fetched_at(address)  # its new place is a page of its own
    if source is not None and refusal.status not in ("refused", "unchanged") and not leads_on:
        store.fail(address, source.resource, refusal.status, refusal.reason, refusal.fetched_at)
    return True


def _new_pages(
    store: PageStore, sources: Sources, warcs: Sequence[Path], in_work: deque[_Taken | None]
) -> Iterator[Page | Refusal]:
    """Pages of the roadmap's sources whose bytes are new; refusals pass through."""
    for record in read_pages(warcs):
        if isinstance(record, Refusal):
            in_work.append(None)
            yield record
        elif sources.for_url(record.url) is None:
            reason = "belongs to no resource of the roadmap: add its address to corpus/sources.toml."
            in_work.append(None)
            yield Refusal(record.url, f"{record.url} {reason}", "refused", record.fetched_at)
        else:
            address = _address(record.url)
            digest = hashlib.sha256(CLEANER.encode() + record.body).hexdigest()
            if store.body_hash(address) == digest:
                store.mark_checked(address, record.fetched_at)
            elif store.fetched_at(address) <= record.fetched_at:
                in_work.append(_Taken(record.fetched_at, digest))
                yield Page(address, record.fetched_at, record.body, record.charset)


def _address(url: str) -> str:
    """One spelling of an address; one that cannot be normalised is kept as it is."""
    try:
        return normal_url(url)
    except UrlError:
        return url
