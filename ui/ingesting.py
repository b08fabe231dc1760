"""One ingest at a time, started from the Sources page, in a thread; its progress is there for whoever looks.

Knows nothing of HTML or HTTP. A run ends with a sentence, whatever happens in it.
"""

from __future__ import annotations

import logging
import os
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from corpus.errors import ProjectError
from corpus.settings import Settings
from ingest.crawling.records import CrawlReport

STAGES = {
    "read": "Reading addresses",
    "chunk": "Cutting into passages",
    "embed": "Embedding",
    "sentences": "Reading sentences",
}
_FETCHING = "Fetching addresses"
_NICE = 10
"""Of 19: a run beside a busy program gets a tenth of what that gets."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """How far the run is; `total` 0: not known. `said`: how the last one ended."""

    running: bool = False
    stage: str = ""
    done: int = 0
    total: int = 0
    said: str = ""
    failed: bool = False
    can_stop: bool = False
    """Whether it is fetching, which may be stopped."""


class Ingesting:
    """The run of this process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._job = Job()
        self._stopping = threading.Event()

    def job(self) -> Job:
        with self._lock:
            return self._job

    def start(self, *, crawl: bool) -> Job:
        """Begins a run in a thread, unless one is under way; how far it is."""
        with self._lock:
            if not self._job.running:
                self._stopping.clear()
                self._job = Job(running=True, stage=_FETCHING if crawl else STAGES["read"], can_stop=crawl)
                threading.Thread(target=self._run, args=(crawl,), name="ingest", daemon=True).start()
            return self._job

    def stop(self) -> Job:
        """Ends the fetching before its next address; what came is taken in."""
        self._stopping.set()
        with self._lock:
            if self._job.can_stop:
                self._job = replace(self._job, stage="Stopping", can_stop=False)
            return self._job

    def _run(self, crawl: bool) -> None:
        give_way()
        try:
            said, failed = self._work(crawl)
            ended = Job(said=said, failed=failed)
        except ProjectError as error:
            ended = Job(said=str(error), failed=True)
        except Exception:  # noqa: BLE001 -- the last border of a thread, which would end without a word
            _log.exception("an ingest started from the page failed")
            ended = Job(said="The run failed: the log of `roadmap serve` says why.", failed=True)
        with self._lock:
            self._job = ended

    def _work(self, crawl: bool) -> tuple[str, bool]:
        """What happened, and whether that is a failure."""
        from ingest.index.generations import Generations
        from ingest.pipeline import ingest

        folder = self._settings.data / "warc"
        fetched = self._fetch() if crawl else None
        before = Generations(self._settings.data).pointer()
        with self._lock:
            self._job = replace(self._job, can_stop=False)
        report = ingest(self._settings, sorted(folder.glob("*.warc.gz")), progress=self._tell)
        told = f"{fetched_sentence(fetched)} " if fetched else ""
        pages = sum(resource.pages for resource in report.resources)
        holds = f"{pages:,} pages and {report.chunks:,} passages, of pages and of what comes with the program"
        if Generations(self._settings.data).pointer() == before:
            failed = fetched is not None and not came(fetched)
            return f"{told}Nothing new was there to take in: the index stays as it is.", failed
        return (
            f"{told}Taken in: the index holds {holds}; {report.embedded:,} passages are new. "
            "The next question already uses them."
        ), False

    def _fetch(self) -> CrawlReport:
        from corpus.homes import all_sources
        from ingest.crawling.crawl import Progress, crawl

        def tell(progress: Progress) -> None:
            if not self._stopping.is_set():
                self._set(_FETCHING, progress.done, progress.done + progress.waiting)

        folder = self._settings.data / "warc"
        return crawl(all_sources(self._settings.sources), folder, progress=tell, stop=self._stopping.is_set)

    def _tell(self, stage: str, done: int, total: int | None) -> None:
        self._set(STAGES.get(stage, stage), done, total or 0)

    def _set(self, stage: str, done: int, total: int) -> None:
        with self._lock:
            self._job = replace(self._job, stage=stage, done=done, total=total)


def give_way() -> None:
    """This thread, and what it starts, takes the processors when nobody else wants them: questions are answered, and
    the machine stays usable, while it encodes (Linux; elsewhere it changes nothing)."""
    with suppress(AttributeError, OSError):
        mine = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, mine, max(_NICE, os.getpriority(os.PRIO_PROCESS, mine)))


def came(report: CrawlReport) -> int:
    """Addresses that were fetched and can be used: some lead to the same page, and some hold no text."""
    return sum(counts.usable for counts in report.resources)


def fetched_sentence(report: CrawlReport) -> str:
    """What a crawl brought, and which sites it could not reach: "Could not reach any of 17 sites: check ..."."""
    away = sorted({skipped.host for skipped in report.skipped_hosts})
    sites = len({urlsplit(outcome.url).hostname for outcome in report.outcomes} | set(away))
    stopped = "" if report.complete else " It was stopped: the next run goes on where it was."
    if away and not came(report):
        return f"Could not reach any of {len(away)} site{'s' * (len(away) > 1)}: check the network.{stopped}"
    missed = f" Could not reach {len(away)} of {sites} sites: {', '.join(away[:3])}." if away else ""
    return f"Fetched {came(report):,} address{'es' * (came(report) != 1)}.{missed}{stopped}"
