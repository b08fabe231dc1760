"""What a run that is started from the page says of what happened, and that fetching can be stopped."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest

import ingest.crawling.crawl
import ingest.pipeline
from corpus.roadmap import Weeks
from corpus.settings import Settings
from ingest.coverage import ResourceCoverage
from ingest.crawling.records import CrawlReport, PageOutcome, PageStatus, ResourceCounts, SkippedHost
from ingest.pipeline import IngestReport
from ui.ingesting import Ingesting, Job, fetched_sentence, give_way
from ui.sheets.sources import job_html

HOSTS = [f"site{n}.example" for n in range(17)]


def report(pages: int, away: int, *, complete: bool = True) -> CrawlReport:
    outcomes = tuple(
        PageOutcome(f"https://{host}/", PageStatus.FETCHED, "s", "r", "", 200, "", "", 0) for host in HOSTS
    )
    skipped = tuple(SkippedHost(host, "its robots.txt gave no answer: not known") for host in HOSTS[:away])
    return CrawlReport("1", complete, (ResourceCounts("r", fetched=pages),), outcomes, skipped, (), 1, 1.0)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (report(0, 17), "Could not reach any of 17 sites: check the network."),
        (report(0, 1), "Could not reach any of 1 site: check the network."),
        (report(1, 0), "Fetched 1 address."),
        (report(240, 2), "Fetched 240 addresses. Could not reach 2 of 17 sites: site0.example, site1.example."),
        (report(9, 0, complete=False), "Fetched 9 addresses. It was stopped: the next run goes on where it was."),
    ],
)
def test_it_is_said_what_came_and_what_could_not_be_reached(found: CrawlReport, said: str) -> None:
    assert fetched_sentence(found) == said


def ended(running: Ingesting) -> Job:
    for _ in range(200):
        if not running.job().running:
            return running.job()
        time.sleep(0.05)
    raise AssertionError("the run does not end")


@pytest.fixture
def nothing_new(monkeypatch: pytest.MonkeyPatch) -> None:
    def same(*_: Any, **__: Any) -> IngestReport:
        return IngestReport("g", 52, 291, 0, 291, 0, 1.0, ())

    monkeypatch.setattr(ingest.pipeline, "ingest", same)


@pytest.mark.usefixtures("nothing_new")
def test_without_a_network_it_says_so_and_not_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.crawling.crawl, "crawl", lambda *_, **__: report(0, 17))
    running = Ingesting(Settings(data=tmp_path))
    running.start(crawl=True)
    job = ended(running)
    assert job.failed
    assert job.said == (
        "Could not reach any of 17 sites: check the network. "
        "Nothing new was there to take in: the index stays as it is."
    )


@pytest.mark.usefixtures("nothing_new")
def test_fetching_can_be_stopped_and_the_button_goes_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetching = threading.Event()

    def crawl(*_: Any, stop: Any, **__: Any) -> CrawlReport:
        fetching.set()
        while not stop():
            time.sleep(0.01)
        return report(3, 0, complete=False)

    monkeypatch.setattr(ingest.crawling.crawl, "crawl", crawl)
    running = Ingesting(Settings(data=tmp_path))
    running.start(crawl=True)
    assert fetching.wait(10)
    assert "Stop fetching" in job_html(running.job(), allowed=True)
    assert "Stop fetching" not in job_html(running.stop(), allowed=True)
    assert "It was stopped" in ended(running).said


def test_no_answer_is_no_refusal() -> None:
    row = ResourceCoverage("r", "R", Weeks(1, 2), "blocked", 0, (), "", "")
    refused = "The site asks for a login or refuses (HTTP 403)."
    unknown = "The host a.example is skipped: its robots.txt gave no answer: The name 'a.example' is not known."
    assert not ResourceCoverage(**_fields(row) | {"reason": refused}).unreached
    assert ResourceCoverage(**_fields(row) | {"reason": unknown}).unreached


def _fields(row: ResourceCoverage) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__dataclass_fields__}


@pytest.mark.skipif(not hasattr(os, "setpriority"), reason="priorities are of Unix")
def test_a_run_gives_way_and_what_it_starts_does_and_nobody_else() -> None:
    found: list[int] = []

    def run() -> None:
        give_way()
        inner = threading.Thread(target=lambda: found.append(priority()))
        inner.start()
        inner.join()
        found.append(priority())

    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    before = priority()
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert found == [max(before, 10)] * 2
    assert priority() == before
