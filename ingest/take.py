"""WARC files -> clean documents in the page store. Bytes that were seen before are not extracted again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from corpus.sources import Sources
from corpus.urls import UrlError, normal_url
from ingest.extract import extract_many
from ingest.state import PageStore
from ingest.warc import Page, Refusal, read_pages

CLEANER = "clean-1"
"""Name of the way from HTML to blocks: a new one makes every page be extracted again."""


def take_pages(
    store: PageStore, sources: Sources, warcs: Sequence[Path], progress: Callable[[int], None]
) -> Iterator[tuple[str, str]]:
    """Keeps each page's document as soon as it is made; yields (address, reason) for what was refused."""
    taken: dict[str, tuple[str, str]] = {}
    done = 0
    for outcome in extract_many(_new_pages(store, sources, warcs, taken)):
        done += 1
        progress(done)
        source = sources.for_url(outcome.url)
        if isinstance(outcome, Refusal) and outcome.status == "unchanged" and store.body_hash(_address(outcome.url)):
            store.mark_checked(_address(outcome.url), outcome.fetched_at)
        elif isinstance(outcome, Refusal):
            if source is not None and outcome.status != "refused":
                store.fail(_address(outcome.url), source.resource, outcome.status, outcome.reason)
            yield outcome.url, outcome.reason
        elif source is not None:
            fetched_at, body_hash = taken.pop(outcome.url)
            store.save(outcome, source.resource, fetched_at, body_hash)


def _new_pages(
    store: PageStore, sources: Sources, warcs: Sequence[Path], taken: dict[str, tuple[str, str]]
) -> Iterator[Page | Refusal]:
    """Pages of the roadmap's sources whose bytes are new; refusals pass through."""
    for record in read_pages(warcs):
        if isinstance(record, Refusal):
            yield record
        elif sources.for_url(record.url) is None:
            reason = "belongs to no resource of the roadmap: add its address to corpus/sources.toml."
            yield Refusal(record.url, f"{record.url} {reason}", "refused", record.fetched_at)
        else:
            address = _address(record.url)
            digest = hashlib.sha256(CLEANER.encode() + record.body).hexdigest()
            if store.body_hash(address) == digest:
                store.mark_checked(address, record.fetched_at)
            elif taken.get(address, ("", ""))[0] <= record.fetched_at:
                taken[address] = (record.fetched_at, digest)
                yield Page(address, record.fetched_at, record.body, record.charset, record.etag, record.last_modified)


def _address(url: str) -> str:
    """One spelling of an address; one that cannot be normalised is kept as it is."""
    try:
        return normal_url(url)
    except UrlError:
        return url
