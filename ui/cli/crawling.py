"""`roadmap crawl` with a progress line and Ctrl-C that stops between two addresses."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from rich.console import Console

from corpus.errors import ProjectError
from corpus.homes import all_sources
from corpus.settings import Settings
from ingest.crawling.crawl import CrawlError, Progress, crawl
from ingest.crawling.records import CrawlReport


class NothingFetchedError(ProjectError):
    """Every host was skipped; the message says what to look at."""


def crawl_with_progress(settings: Settings, resources: Collection[str] | None, console: Console) -> CrawlReport:
    """Fetches into `<data>/warc`; Ctrl-C ends the run, and the next one goes on where it was. Errors: `CrawlError`."""
    folder = settings.data / "warc"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CrawlError(f"the data folder cannot be written ({error.strerror}): set ROADMAP_DATA.") from error
    with console.status("Fetching ...") as status:

        def tell(progress: Progress) -> None:
            status.update(f"{progress.done} addresses done, {progress.waiting} wait: {progress.outcome.url[:70]}")

        return crawl(all_sources(settings.sources), folder, resources=resources, progress=tell)


def print_crawl(report: CrawlReport, out: Console, err: Console) -> None:
    """A line for each resource, and one for each host that was skipped."""
    for counts in report.resources:
        out.print(f"{counts.usable:5} addresses  {counts.resource}", highlight=False)
    for host in report.skipped_hosts:
        err.print(f"{host.host} was skipped: {host.reason}", highlight=False, markup=False, soft_wrap=True)
    if not report.complete:
        out.print("Stopped: `roadmap crawl` goes on where it was.", highlight=False)
    if any(counts.usable for counts in report.resources):
        out.print("Now run `roadmap ingest` to take them into the index.", highlight=False)


def check_crawled(report: CrawlReport) -> None:
    """Errors: `NothingFetchedError` if the run is over, hosts were skipped and no page came."""
    if report.complete and report.skipped_hosts and not any(counts.usable for counts in report.resources):
        hosts = len(report.skipped_hosts)
        raise NothingFetchedError(
            f"no page was fetched, {hosts} host{'s were' if hosts > 1 else ' was'} skipped: "
            "check the network and run `roadmap crawl` again, or take pages that you have with "
            "`roadmap ingest --warc FILE`."
        )


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
