"""`roadmap crawl` with a progress line and Ctrl-C that stops between two addresses."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from rich.console import Console

from corpus.settings import Settings
from corpus.sources import load_sources
from ingest.crawl import Progress, crawl
from ingest.records import CrawlReport


def crawl_with_progress(settings: Settings, resources: Collection[str] | None, console: Console) -> CrawlReport:
    """Fetches into `<data>/warc`; Ctrl-C ends the run, and the next one goes on where it was. Errors: `CrawlError`."""
    folder = settings.data / "warc"
    folder.mkdir(parents=True, exist_ok=True)
    with console.status("Fetching pages ...") as status:

        def tell(progress: Progress) -> None:
            status.update(f"{progress.done} addresses done, {progress.waiting} wait: {progress.outcome.url[:70]}")

        return crawl(load_sources(), folder, resources=resources, progress=tell)


def crawl_json(report: CrawlReport) -> dict[str, Any]:
    """What `roadmap crawl --json` prints."""
    counted = ("fetched", "not_modified", "moved", "blocked", "dead", "not_text", "refused", "capped")
    return {
        "complete": report.complete,
        "requests": report.requests,
        "seconds": round(report.seconds, 1),
        "resources": [{"id": r.resource, **{name: getattr(r, name) for name in counted}} for r in report.resources],
        "skipped_hosts": [{"host": h.host, "reason": h.reason} for h in report.skipped_hosts],
        "files": [str(path) for path in report.warc_files],
    }
