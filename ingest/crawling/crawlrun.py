"""One run of the crawl: what to ask next, and what follows from an answer.

Holds the queue, the journal and the WARC file together; makes no request itself and never waits.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from corpus.sources import Source
from corpus.urls import origin_of
from ingest.archive.warclog import Held, WarcLog, read_body
from ingest.crawling.ask import Asked
from ingest.crawling.discover import Discovery, RunOptions
from ingest.crawling.frontier import Frontier, Lane, Step
from ingest.crawling.journal import (
    Done,
    Job,
    Journal,
    RunState,
    merge_known,
    read_known,
    read_run,
    write_known,
)
from ingest.crawling.politeness import retry_after
from ingest.crawling.records import (
    CrawlReport,
    PageOutcome,
    PageStatus,
    SkippedHost,
    count_by_resource,
)
from ingest.crawling.verdict import Verdict, judge, judge_error
from ingest.fetching.fetch import Fetched
from ingest.fetching.netguard import FetchError, NoAnswer
from ingest.pages.pageinfo import read_page, read_sitemap

NOT_FETCHED = {
    "login": "Its content needs an account; save it with your browser as WARC and import that.",
    "browser": "It needs a browser; save it with your browser as WARC and import that.",
    "catalogue": "It is a catalogue of courses, and no page of this resource.",
}
RECORDED = frozenset({PageStatus.FETCHED, PageStatus.MOVED, PageStatus.DEAD, PageStatus.BLOCKED})
"""Statuses whose answer goes into the WARC file as it came."""
SILENT = frozenset({PageStatus.FETCHED, PageStatus.MOVED, PageStatus.NOT_MODIFIED})
"""Statuses that need no record of why a page was not taken."""


class CrawlRun:
    """The state of one run, for one thread."""

    def __init__(
        self,
        folder: Path,
        frontier: Frontier,
        chosen: Sequence[Source],
        options: RunOptions,
    ) -> None:
        self.frontier = frontier
        self._by_id = {source.id: source for source in chosen}
        self._folder = folder
        self._options = options
        self._known = read_known(folder)
        self._state = read_run(folder)
        self._journal = Journal(folder)
        self._discovery = Discovery(self.frontier, self._by_id, options)
        self._requests = 0
        self._resumed = self._begin()
        self._warc = WarcLog(folder, self._state.run)

    def start(self) -> None:
        """Queue what an interrupted run left, and every start address."""
        for job in self._resumed:
            self.frontier.remember(job)
        left = [job for job in self._resumed if job.url not in self._state.done]
        self._discovery.queue(left)
        for source in self._by_id.values():
            jobs = [Job(url, source.id) for url in (*source.start, *source.pages)]
            if source.access == "open":
                self._add(self._discovery.accepted(jobs))
                continue
            for job in jobs:
                if job.url not in self._state.done:
                    self._record(job, Verdict(PageStatus.BLOCKED, NOT_FETCHED[source.access]))

    def next_step(self, lane: Lane) -> Asked | None:
        """The next request of a lane; None when what was queued there may not be asked for."""
        while lane.heap:
            _, _, step = heapq.heappop(lane.heap)
            closed = self._why_closed(lane, step)
            if not closed:
                return self._ask(step)
            if step.kind == "page":
                self._record(step.job, Verdict(PageStatus.BLOCKED, closed))
        return None

    def take(self, lane: Lane, asked: Asked, answer: Fetched | FetchError, now: float) -> None:
        """What follows from an answer: the lane's next time, records, and new addresses."""
        self._requests += 1
        lane.busy = False
        verdict = self._judge(asked, answer)
        lane.ready_at = now + _pause(lane, answer, verdict)
        if lane.pace.exhausted and not lane.closed:
            lane.closed = f"it failed {lane.pace.failures} times in a row: {verdict.reason}"
        step = asked.step
        last = step.tries + 1 >= self._options.max_tries
        if verdict.again and not last and not lane.closed:
            self.frontier.push(Step(step.kind, step.job, step.level, step.tries + 1))
        elif step.kind == "robots":
            self._take_robots(lane, step, answer)
            lane.ready_at = max(lane.ready_at, now + lane.pace.delay)
        elif step.kind == "sitemap":
            self._take_sitemap(step, answer)
        else:
            self._take_page(asked, answer, verdict)

    def outcomes_since(self, number: int) -> list[PageOutcome]:
        """The outcomes of this run from the `number`-th on."""
        return [done.outcome for done in islice(self._state.done.values(), number, None)]

    def waiting(self) -> int:
        """How many steps are queued."""
        return sum(len(lane.heap) for lane in self.frontier.lanes.values())

    def finish(self) -> None:
        """The run is complete: write the summary, then say so."""
        self._known = merge_known(self._known, self._state)
        write_known(self._folder, self._known)
        self._journal.end()

    def close(self) -> None:
        """Close the files."""
        self._warc.close()
        self._journal.close()

    def report(self, complete: bool, seconds: float) -> CrawlReport:
        """What this run has done so far, the part before an interruption included."""
        outcomes = tuple(self.outcomes_since(0))
        order = dict.fromkeys(source.resource for source in self._by_id.values())
        return CrawlReport(
            run=self._state.run,
            complete=complete,
            resources=count_by_resource(outcomes, self.frontier.capped, order),
            outcomes=outcomes,
            skipped_hosts=tuple(self._skipped()),
            warc_files=tuple(sorted(self._folder.glob(f"pages-{self._state.run}-*.warc.gz"))),
            requests=self._requests,
            seconds=seconds,
        )

    def _begin(self) -> tuple[Job, ...]:
        """Continue the run on disk when it is the same one; else put it away and begin anew."""
        wanted = tuple(sorted({source.resource for source in self._by_id.values()}))
        if self._state.run and not self._state.ended and self._state.resources == wanted:
            self._journal.resume()
            return tuple(job for job in self._state.found if job.source in self._by_id)
        if self._state.run and not self._state.ended:
            self._known = merge_known(self._known, self._state)
            write_known(self._folder, self._known)
        run = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
        self._journal.begin(run, wanted)
        self._state = RunState(run, wanted)
        return ()

    def _ask(self, step: Step) -> Asked:
        """With what we hold, if it is still there: a 304 for a body that is lost helps nobody."""
        known = self._known.get(step.job.url)
        held = known.held if known and step.kind == "page" else None
        if held is None or not (held.etag or held.last_modified):
            return Asked(step)
        body = read_body(self._folder, held)
        return Asked(step, held, body) if body is not None else Asked(step)

    def _judge(self, asked: Asked, answer: Fetched | FetchError) -> Verdict:
        if isinstance(answer, FetchError):
            return judge_error(answer)
        if asked.step.kind == "page":
            return judge(answer, asked.held_body)
        later = answer.status >= 500 or answer.status == 429
        reason = f"{asked.step.kind} answered HTTP {answer.status}"
        return Verdict(PageStatus.BLOCKED if later else PageStatus.FETCHED, reason, again=later)

    def _why_closed(self, lane: Lane, step: Step) -> str:
        if lane.closed:
            return f"The host {lane.host} is left alone: {lane.closed.rstrip('.')}."
        rules = lane.robots.get(origin_of(step.job.url))
        if step.kind == "robots" or rules is None:
            return ""
        if rules.closed:
            return f"The host {lane.host} is skipped: {rules.closed.rstrip('.')}."
        return "" if rules.allows(step.job.url) else "The site's robots.txt forbids it."

    def _take_robots(self, lane: Lane, step: Step, answer: Fetched | FetchError) -> None:
        rules = self._discovery.robots(lane, step, answer)
        said = rules.closed or (f"HTTP {answer.status}" if isinstance(answer, Fetched) else "none")
        self._warc.metadata(step.job.url, [("robots", said), ("delay", str(rules.delay))])

    def _take_sitemap(self, step: Step, answer: Fetched | FetchError) -> None:
        if isinstance(answer, FetchError) or answer.status != 200:
            return
        content = read_sitemap(answer.body, answer.url)
        said = f"{len(content.pages)} pages, {len(content.sitemaps)} sitemaps"
        self._warc.metadata(step.job.url, [("sitemap", said)])
        self._add(self._discovery.sitemap(step, content))

    def _take_page(self, asked: Asked, answer: Fetched | FetchError, verdict: Verdict) -> None:
        job = asked.step.job
        if isinstance(answer, FetchError):
            self._record(job, verdict)
        elif verdict.status is PageStatus.MOVED:
            self._take_redirect(job, answer, verdict)
        elif verdict.status is PageStatus.NOT_MODIFIED and asked.held is not None:
            self._warc.revisit(answer, asked.held)
            info = read_page(asked.held_body or b"", asked.held.content_type, job.url)
            links = self._discovery.links(job, info)
            self._record(job, verdict, 304, held=asked.held, found=links)
        else:
            held = self._warc.response(answer) if verdict.status in RECORDED else None
            good = held if verdict.status is PageStatus.FETCHED else None
            links = self._discovery.links(job, verdict.info)
            self._record(job, verdict, answer.status, held=good, found=links)

    def _take_redirect(self, job: Job, answer: Fetched, verdict: Verdict) -> None:
        self._warc.response(answer)
        follow = self._discovery.redirect(job, verdict.info.moved_to or answer.location)
        if isinstance(follow, Verdict):
            self._record(job, follow, answer.status)
            return
        new = self._discovery.accepted([follow])
        self._record(job, verdict, answer.status, found=new, target=follow.url)

    def _add(self, new: Sequence[Job]) -> None:
        """Note accepted jobs that belong to no page's outcome, and queue them."""
        self._journal.add(new)
        self._discovery.queue(new)

    def _record(
        self,
        job: Job,
        verdict: Verdict,
        http_status: int = 0,
        *,
        held: Held | None = None,
        found: Sequence[Job] = (),
        target: str = "",
    ) -> None:
        """Finish with one address: the reason into the WARC file, then the journal, then the queue."""
        outcome = PageOutcome(
            url=job.url,
            status=verdict.status,
            source=job.source,
            resource=self._by_id[job.source].resource,
            reason=verdict.reason,
            http_status=http_status,
            at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            target=target,
            depth=job.depth,
        )
        if verdict.status not in SILENT:
            pairs = [("status", verdict.status.value), ("reason", verdict.reason)]
            self._warc.metadata(job.url, [*pairs, ("resource", outcome.resource)])
        done = Done(outcome, held)
        self._journal.add(found, done)
        self._state.done[job.url] = done
        self._discovery.queue(found)

    def _skipped(self) -> Iterable[SkippedHost]:
        for lane in self.frontier.lanes.values():
            reasons = [lane.closed, *(rules.closed for rules in lane.robots.values())]
            for reason in filter(None, reasons):
                yield SkippedHost(lane.host, reason)


def _pause(lane: Lane, answer: Fetched | FetchError, verdict: Verdict) -> float:
    """Seconds until the lane's next request."""
    if isinstance(answer, NoAnswer):
        return lane.pace.failed()
    if isinstance(answer, FetchError):
        return lane.pace.answered(answer.seconds)
    if verdict.again:
        return lane.pace.failed(retry_after(answer.header("retry-after")))
    return lane.pace.answered(answer.seconds)
