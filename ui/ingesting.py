"""One ingest at a time, started from the Sources page, in a thread; its progress is there for whoever looks.

Knows nothing of HTML or HTTP. A run ends with a sentence, whatever happens in it.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, replace

from corpus.errors import ProjectError
from corpus.settings import Settings

STAGES = {
    "read": "Reading pages",
    "chunk": "Cutting into passages",
    "embed": "Embedding",
    "sentences": "Reading sentences",
}
_FETCHING = "Fetching pages"

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


class Ingesting:
    """The run of this process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._job = Job()

    def job(self) -> Job:
        with self._lock:
            return self._job

    def start(self, *, crawl: bool) -> Job:
        """Begins a run in a thread, unless one is under way; how far it is."""
        with self._lock:
            if not self._job.running:
                self._job = Job(running=True, stage=_FETCHING if crawl else STAGES["read"])
                threading.Thread(target=self._run, args=(crawl,), name="ingest", daemon=True).start()
            return self._job

    def _run(self, crawl: bool) -> None:
        try:
            said = self._work(crawl)
            ended = Job(said=said)
        except ProjectError as error:
            ended = Job(said=str(error), failed=True)
        except Exception:  # noqa: BLE001 -- the last border of a thread, which would end without a word
            _log.exception("an ingest started from the page failed")
            ended = Job(said="The run failed: the log of `roadmap serve` says why.", failed=True)
        with self._lock:
            self._job = ended

    def _work(self, crawl: bool) -> str:
        from ingest.pipeline import ingest

        folder = self._settings.data / "warc"
        if crawl:
            self._fetch()
        report = ingest(self._settings, sorted(folder.glob("*.warc.gz")), progress=self._tell)
        return (
            f"Done: {report.documents:,} documents, {report.chunks:,} passages; {report.embedded:,} were new. "
            "The next question already uses them."
        )

    def _fetch(self) -> None:
        from corpus.sources import load_sources
        from ingest.crawling.crawl import Progress, crawl

        def tell(progress: Progress) -> None:
            self._set(_FETCHING, progress.done, progress.done + progress.waiting)

        crawl(load_sources(), self._settings.data / "warc", progress=tell)

    def _tell(self, stage: str, done: int, total: int | None) -> None:
        self._set(STAGES.get(stage, stage), done, total or 0)

    def _set(self, stage: str, done: int, total: int) -> None:
        with self._lock:
            self._job = replace(self._job, stage=stage, done=done, total=total)
