"""Where new addresses come from: links, redirects, robots.txt and sitemaps. Writes no file.

Knows the frontier and the sources; knows nothing of the journal, of WARC or of outcomes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from corpus.sources import Source
from corpus.urls import UrlError, host_of, normal_url, origin_of
from ingest.crawling import robots as robots_txt
from ingest.crawling.frontier import Frontier, Lane, Step
from ingest.crawling.journal import Job
from ingest.crawling.records import PageStatus
from ingest.crawling.robots import Robots
from ingest.crawling.verdict import Verdict
from ingest.fetching.fetch import Fetched
from ingest.fetching.netguard import FetchError
from ingest.pages.pageinfo import PageInfo, Sitemap

MAX_SITEMAP_LEVEL = 2


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Counts."""

    max_tries: int = 3
    max_redirects: int = 10
    max_sitemaps: int = 20


class Discovery:
    """Turns what came back into new jobs, each within the caps and never twice."""

    def __init__(self, frontier: Frontier, chosen: Mapping[str, Source], options: RunOptions) -> None:
        self._frontier = frontier
        self._chosen = chosen
        self._options = options
        self._origins: set[str] = set()
        self._sitemaps = 0

    def queue(self, jobs: Iterable[Job]) -> None:
        """Queue accepted jobs, the robots.txt of a new origin before its first page."""
        for job in jobs:
            origin = origin_of(job.url)
            if origin not in self._origins:
                self._origins.add(origin)
                self._frontier.push(Step("robots", Job(f"{origin}/robots.txt", job.source)))
            self._frontier.push(Step("page", job))

    def accepted(self, jobs: Iterable[Job]) -> list[Job]:
        """Those jobs that are new and within the caps."""
        return [job for job in jobs if self._frontier.offer(job)]

    def links(self, job: Job, info: PageInfo) -> list[Job]:
        """The new addresses on a page; a page that names its own better spelling marks it as seen."""
        if info.canonical and _same_page(info.canonical, job.url):
            self._frontier.mark_seen(info.canonical)
        return self.inside(info.links, job.depth + 1) if job.scoped else []

    def inside(self, urls: Iterable[str], depth: int) -> list[Job]:
        """Those addresses that are new and lie within the prefixes of a chosen source."""
        found: list[Job] = []
        for url in urls:
            source = None if self._frontier.seen(url) else self._frontier.source_of(url)
            if source is not None:
                found.append(Job(url, source.id, depth))
        return self.accepted(found)

    def redirect(self, job: Job, location: str) -> Job | Verdict:
        """The job that a redirect leads to, or why it is not followed.

        A start page may lead anywhere public: the resource has moved. Any other page must stay
        within the prefixes.
        """
        try:
            target = normal_url(location, job.url)
        except UrlError as error:
            return Verdict(PageStatus.REFUSED, f"It redirects where nothing is fetched: {error}")
        if target == job.url:
            return Verdict(PageStatus.BLOCKED, "It redirects to itself (it may want cookies).")
        if job.hops >= self._options.max_redirects:
            most = self._options.max_redirects
            return Verdict(PageStatus.REFUSED, f"More than {most} redirects lead on from here.")
        source = self._frontier.source_of(target)
        if source is None and job.depth > 0:
            return Verdict(PageStatus.MOVED, f"It moved out of its source, to {target[:300]}.")
        owner = source.id if source else job.source
        return Job(target, owner, job.depth, job.hops + 1, scoped=source is not None)

    def robots(self, lane: Lane, step: Step, answer: Fetched | FetchError) -> Robots:
        """Give the lane its rules and its delay, and queue the sitemaps that are wanted."""
        is_error = isinstance(answer, FetchError)
        rules = robots_txt.from_error(answer) if is_error else robots_txt.from_answer(answer)
        origin = origin_of(step.job.url)
        lane.robots[origin] = rules
        lane.pace.ask(rules.delay)
        source = self._wants_sitemap(origin)
        if source is not None and not rules.closed:
            maps = rules.sitemaps or (f"{origin}/sitemap.xml",)
            maps = [urljoin(step.job.url, address) for address in maps]
            self._queue_sitemaps(maps, source.id, lane.host, level=0)
        return rules

    def sitemap(self, step: Step, content: Sitemap) -> list[Job]:
        """The new pages of a sitemap; further sitemaps of the same host are queued."""
        if step.level < MAX_SITEMAP_LEVEL:
            host = host_of(step.job.url)
            self._queue_sitemaps(content.sitemaps, step.job.source, host, step.level + 1)
        return self.inside(content.pages, depth=1)

    def _wants_sitemap(self, origin: str) -> Source | None:
        for source in self._chosen.values():
            here = any(origin_of(prefix) == origin for prefix in source.prefixes)
            if source.sitemap and source.access == "open" and here:
                return source
        return None

    def _queue_sitemaps(self, urls: Iterable[str], source: str, host: str, level: int) -> None:
        for url in urls:
            try:
                address = normal_url(url)
            except UrlError:
                continue
            new = host_of(address) == host and not self._frontier.seen(address)
            if new and self._sitemaps < self._options.max_sitemaps:
                self._sitemaps += 1
                self._frontier.mark_seen(address)
                self._frontier.push(Step("sitemap", Job(address, source), level))


def _same_page(canonical: str, url: str) -> bool:
    """Whether two addresses differ in their spelling only: query, last slash, index page, scheme."""
    return _bare(canonical) == _bare(url)


def _bare(address: str) -> str:
    path = address.split("://", 1)[-1].split("?", 1)[0]
    return path.removesuffix("index.html").rstrip("/")
