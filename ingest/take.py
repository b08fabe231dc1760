"""WARC files -> clean documents in the page store. Bytes that were seen before are not extracted again."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.sources import Sources
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


UNKNOWN = "belongs to no resource of the roadmap"
"""How the reason of a page begins that nobody said where to file: nothing is wrong with the page."""

Home = Callable[[str], str]
"""The address of a page -> the resource or topic that it is to be filed under, "" where nobody says it anew."""


def take_pages(
    store: PageStore, home: Home, warcs: Sequence[Path], progress: Callable[[int], None]
) -> Iterator[tuple[str, str]]:
    """Keeps each page's document as soon as it is made; yields (address, reason) for what was refused."""
    in_work: deque[_Taken | None] = deque()  # one entry for each outcome to come, in the same order
    for done, outcome in enumerate(extract_many(_new_pages(store, home, warcs, in_work)), 1):
        progress(done)
        taken = in_work.popleft()
        under = home(outcome.url) or store.home(_address(outcome.url))
        if isinstance(outcome, Refusal):
            if _refused(store, under, outcome):
                yield outcome.url, outcome.reason
        elif under and taken is not None:
            store.save(outcome, under, taken.fetched_at, taken.digest)


def by_sources(sources: Sources) -> Home:
    """Pages are filed as sources.toml says."""

    def home(url: str) -> str:
        source = sources.for_url(url)
        return source.resource if source else ""

    return home


def _refused(store: PageStore, under: str, refusal: Refusal) -> bool:
    """Keeps what a refusal says of the page; False if it says that all is as it was."""
    address = _address(refusal.url)
    if refusal.status == "unchanged" and store.body_hash(address):
        store.mark_checked(address, refusal.fetched_at)
        return False
    leads_on = refusal.status == "moved" and not store.fetched_at(address)  # its new place is a page of its own
    if under and refusal.status not in ("refused", "unchanged") and not leads_on:
        store.fail(address, under, refusal.status, refusal.reason, refusal.fetched_at)
    return True


def _new_pages(
    store: PageStore, home: Home, warcs: Sequence[Path], in_work: deque[_Taken | None]
) -> Iterator[Page | Refusal]:
    """Pages that have a home and whose bytes are new; refusals pass through."""
    for record in read_pages(warcs):
        if isinstance(record, Refusal):
            in_work.append(None)
            yield record
        elif not (under := home(record.url) or store.home(_address(record.url))):
            in_work.append(None)
            yield Refusal(record.url, f"{record.url} {UNKNOWN}.", "refused", record.fetched_at)
        else:
            address = _address(record.url)
            digest = hashlib.sha256(CLEANER.encode() + record.body).hexdigest()
            if store.body_hash(address) == digest:
                store.mark_checked(address, record.fetched_at)
                store.file_under(address, under)
            elif store.fetched_at(address) <= record.fetched_at:
                in_work.append(_Taken(record.fetched_at, digest))
                yield Page(address, record.fetched_at, record.body, record.charset)


def _address(url: str) -> str:
    """One spelling of an address; one that cannot be normalised is kept as it is."""
    try:
        return normal_url(url)
    except UrlError:
        return url
