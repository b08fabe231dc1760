"""The crawl: the pages of the chosen sources, fetched politely, written as WARC.

    1. what an interrupted run left is taken up, or a new run is begun     (journal)
    2. start addresses are queued, a lane a host                           (frontier)
    3. lanes that may go on make one request each, in threads              (fetch, politeness)
    4. each answer is judged, written, synced, and its links are queued    (verdict, crawlrun)
    5. when nothing is left, the summary of all addresses is written       (journal)

Only the calling thread touches the queue and the files; the threads only fetch.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import UsageError
from corpus.sources import Source, Sources
from ingest.crawling.ask import Asked
from ingest.crawling.crawlrun import CrawlRun
from ingest.crawling.discover import RunOptions
from ingest.crawling.frontier import Caps, Frontier, Lane
from ingest.crawling.politeness import PaceLimits
from ingest.crawling.records import CrawlReport, PageOutcome
from ingest.fetching.fetch import Fetched, Fetcher
from ingest.fetching.netguard import FetchError

LOCK = ".crawl.lock"
POLL = 0.25
"""Seconds between looks at `stop` while nothing happens."""


class CrawlError(UsageError):
    """The crawl cannot begin; the message says what to do."""


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """How to crawl. `max_seconds` ends a run early; the next one goes on where it was."""

    workers: int = 8
    max_seconds: float = float("inf")
    pace: PaceLimits = PaceLimits()  # noqa: RUF009 -- frozen
    caps: Caps = Caps()  # noqa: RUF009 -- frozen
    run: RunOptions = RunOptions()  # noqa: RUF009 -- frozen


@dataclass(frozen=True, slots=True)
class Progress:
    """Said after each address: its outcome, how many are done, and how many wait."""

    outcome: PageOutcome
    done: int
    waiting: int


def crawl(
    sources: Sources,
    out: Path,
    *,
    resources: Collection[str] | None = None,
    options: CrawlOptions | None = None,
    make_fetcher: Callable[[], Fetcher] = Fetcher,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> CrawlReport:
    """Fetch the pages of `resources` (all by default) into WARC files in `out`.

    A run that was stopped or killed is continued when the same resources are asked for. One
    crawl writes to a folder at a time. Ctrl-C leaves whole files and is raised again.
    Raises `CrawlError` for an unknown resource and for a folder that another crawl writes to.
    """
    options = options or CrawlOptions()
    chosen = _choose(sources, resources)
    out.mkdir(parents=True, exist_ok=True)
    lock = FileLock(out / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise CrawlError(f"Another crawl is writing to {out.name!r}; wait until it ends.") from error
    try:
        run = CrawlRun(out, Frontier(sources, chosen, options.pace, options.caps), chosen, options.run)
        loop = _Loop(
            run,
            options,
            make_fetcher=make_fetcher,
            progress=progress,
            stop=stop,
            clock=clock,
            sleep=sleep,
        )
        try:
            return loop.go()
        finally:
            run.close()
    finally:
        lock.release()


def _choose(sources: Sources, resources: Collection[str] | None) -> tuple[Source, ...]:
    if resources is None:
        return sources.entries
    unknown = sorted(set(resources) - set(sources.resources))
    if unknown:
        known = ", ".join(sources.resources)
        raise CrawlError(f"No source belongs to the resource {unknown[0]!r}; known are {known}.")
    return tuple(source for source in sources.entries if source.resource in resources)


class _Loop:
    """Gives lanes to threads when they are ready, and takes their answers."""

    def __init__(
        self,
        run: CrawlRun,
        options: CrawlOptions,
        *,
        make_fetcher: Callable[[], Fetcher],
        progress: Callable[[Progress], None] | None,
        stop: Callable[[], bool] | None,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._run = run
        self._options = options
        self._make_fetcher = make_fetcher
        self._progress = progress
        self._stop = stop
        self._clock = clock
        self._sleep = sleep
        self._started = clock()
        self._told = 0
        self._fetchers: dict[str, Fetcher] = {}
        self._running: dict[Future[Fetched | FetchError], tuple[Lane, Asked]] = {}

    def go(self) -> CrawlReport:
        self._run.start()
        self._tell()
        try:
            with ThreadPoolExecutor(self._options.workers, "crawl") as pool:
                try:
                    complete = self._work(pool)
                finally:
                    for fetcher in self._fetchers.values():
                        fetcher.cancel()
        finally:  # the pool has ended: no thread uses them any more
            for fetcher in self._fetchers.values():
                fetcher.close()
        if complete:
            self._run.finish()
        return self._run.report(complete, self._clock() - self._started)

    def _work(self, pool: ThreadPoolExecutor) -> bool:
        """Until nothing is left (True), or it is to stop (False)."""
        while not self._to_stop():
            self._dispatch(pool)
            self._tell()
            at = self._run.frontier.next_ready()
            if self._running:
                pause = POLL if at is None else min(POLL, max(0.01, at - self._clock()))
                done, _ = wait(self._running, timeout=pause, return_when=FIRST_COMPLETED)
                for future in done:
                    lane, asked = self._running.pop(future)
                    self._run.take(lane, asked, future.result(), self._clock())
                self._tell()
            elif at is None:
                return True
            else:
                self._sleep(min(POLL, max(0.0, at - self._clock())))
        return False

    def _dispatch(self, pool: ThreadPoolExecutor) -> None:
        for lane in list(self._run.frontier.ready(self._clock())):
            if len(self._running) >= self._options.workers:
                return
            asked = self._run.next_step(lane)
            if asked is None:
                continue
            lane.busy = True
            if lane.host not in self._fetchers:
                self._fetchers[lane.host] = self._make_fetcher()
            future = pool.submit(asked.perform, self._fetchers[lane.host])
            self._running[future] = (lane, asked)

    def _to_stop(self) -> bool:
        late = self._clock() - self._started > self._options.max_seconds
        return late or (self._stop is not None and self._stop())

    def _tell(self) -> None:
        if self._progress is None:
            return
        for outcome in self._run.outcomes_since(self._told):
            self._told += 1
            self._progress(Progress(outcome, self._told, self._run.waiting()))
