"""One request of the crawl, ready to be made by a thread: what to ask, and what we hold already."""

from __future__ import annotations

import time
from dataclasses import dataclass

from ingest.archive.payload import may_be_html
from ingest.archive.warclog import Held
from ingest.crawling import robots as robots_txt
from ingest.crawling.frontier import Step
from ingest.fetching.fetch import Fetched, Fetcher, Validators
from ingest.fetching.netguard import FetchError
from ingest.pages.pageinfo import MAX_SITEMAP_BYTES


@dataclass(frozen=True, slots=True)
class Asked:
    """A step with all that its request needs: what a thread is given."""

    step: Step
    held: Held | None = None
    held_body: bytes | None = None

    def perform(self, fetcher: Fetcher) -> Fetched | FetchError:
        """Make the request; a failure is an answer too, with its time."""
        begun = time.monotonic()
        try:
            return self._answer(fetcher)
        except FetchError as error:
            error.seconds = time.monotonic() - begun
            return error

    def _answer(self, fetcher: Fetcher) -> Fetched:
        url = self.step.job.url
        if self.step.kind == "robots":
            return fetcher.fetch(url, max_redirects=robots_txt.MAX_REDIRECTS, cut_at=robots_txt.MAX_BYTES)
        if self.step.kind == "sitemap":
            return fetcher.fetch(url, cut_at=MAX_SITEMAP_BYTES)
        known = self.held
        validators = Validators(known.etag, known.last_modified) if known else None
        return fetcher.fetch_hop(url, validators, wants=may_be_html)
