"""What is still to be fetched: a lane a host, each address once, within every cap. No network.

A lane is one host name, whatever the scheme or the port: one connection goes there at a time.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Literal
from urllib.parse import urlsplit

from corpus.sources import Source, Sources
from corpus.urls import host_of
from ingest.crawling.journal import Job
from ingest.crawling.politeness import Pace, PaceLimits
from ingest.crawling.robots import Robots

MAX_SEGMENTS = 16
MAX_REPEATS = 2
"""A path segment that comes more often than this is taken for a loop of relative links."""

StepKind = Literal["robots", "page", "sitemap"]


@dataclass(frozen=True, slots=True)
class Step:
    """One request to make: a page, or what must be known before or beside pages."""

    kind: StepKind
    job: Job
    level: int = 0
    """How deep in sitemap indexes."""
    tries: int = 0


@dataclass(slots=True)
class Lane:
    """One host: what is to be fetched there, and how politely."""

    host: str
    pace: Pace
    ready_at: float = 0.0
    busy: bool = False
    closed: str = ""
    robots: dict[str, Robots] = field(default_factory=dict[str, Robots])
    heap: list[tuple[int, int, Step]] = field(default_factory=list[tuple[int, int, Step]])


@dataclass(frozen=True, slots=True)
class Caps:
    """Counts: addresses with a query, for one path and for one source."""

    queries_per_path: int = 5
    queries_per_source: int = 50


class Frontier:
    """The queue of a run. Not for several threads."""

    def __init__(self, sources: Sources, chosen: Iterable[Source], pace: PaceLimits, caps: Caps):
        self._sources = sources
        self._chosen = {source.id: source for source in chosen}
        self._pace = pace
        self._caps = caps
        self._seen: set[str] = set()
        self._pages: Counter[str] = Counter()
        self._queries: Counter[tuple[str, str]] = Counter()
        self._order = count()
        self.capped: Counter[str] = Counter()
        self.lanes: dict[str, Lane] = {}

    def source_of(self, url: str) -> Source | None:
        """The chosen source to whose prefixes a link belongs, or None: then it is not followed."""
        for source in self._sources.all_for_url(url):
            if source.id in self._chosen and source.access == "open" and source.follows(url):
                return source
        return None

    def offer(self, job: Job) -> bool:
        """Whether `job` is new and within every cap; if so it counts, but is not queued yet."""
        if job.url in self._seen:
            return False
        source = self._chosen[job.source]
        if job.depth > source.depth:
            return False
        if self._over_cap(job, source):
            self.capped[source.resource] += 1
            return False
        self.remember(job)
        return True

    def remember(self, job: Job) -> None:
        """Count `job` as found, whatever the caps say: it was accepted before."""
        self._seen.add(job.url)
        if job.hops == 0:  # a redirect's target stands for the address that was counted
            self._pages[job.source] += 1
        if "?" in job.url:
            self._queries[job.source, ""] += 1
            self._queries[job.source, job.url.split("?", 1)[0]] += 1

    def seen(self, url: str) -> bool:
        """Whether this address was found, or is known to be another spelling of one that was."""
        return url in self._seen

    def mark_seen(self, url: str) -> None:
        """Never fetch this address: it is another spelling of a page that we have."""
        self._seen.add(url)

    def push(self, step: Step) -> None:
        """Queue a step in the lane of its host: robots first, then by depth, sitemaps after 0."""
        lane = self.lane(step.job.url)
        order = {"robots": -1, "sitemap": 1}.get(step.kind, 2 * step.job.depth)
        heapq.heappush(lane.heap, (order, next(self._order), step))

    def lane(self, url: str) -> Lane:
        """The lane of an address's host."""
        host = host_of(url)
        if host not in self.lanes:
            self.lanes[host] = Lane(host, Pace(self._pace))
        return self.lanes[host]

    def ready(self, now: float) -> Iterator[Lane]:
        """Lanes that have something to do, and may do it now."""
        for lane in self.lanes.values():
            if lane.heap and not lane.busy and lane.ready_at <= now:
                yield lane

    def next_ready(self) -> float | None:
        """When the next idle lane may go on; None when no idle lane has anything to do."""
        times = [lane.ready_at for lane in self.lanes.values() if lane.heap and not lane.busy]
        return min(times, default=None)

    def _over_cap(self, job: Job, source: Source) -> bool:
        if job.hops == 0 and self._pages[source.id] >= source.max_pages:
            return True
        segments = [segment for segment in urlsplit(job.url).path.split("/") if segment]
        if len(segments) > MAX_SEGMENTS or max(Counter(segments).values(), default=0) > MAX_REPEATS:
            return True
        path, has_query, _ = job.url.partition("?")
        return bool(has_query) and (
            self._queries[source.id, path] >= self._caps.queries_per_path
            or self._queries[source.id, ""] >= self._caps.queries_per_source
        )
