"""What a long run shows on a terminal, and what a crawl that came to nothing says."""

from __future__ import annotations

import io
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from rich.console import Console

from corpus.errors import UsageError
from ingest.crawling.records import CrawlReport, ResourceCounts, SkippedHost
from ingest.take import UNKNOWN
from ui.cli.crawling import NothingFetchedError, check_crawled, print_crawl
from ui.cli.progress import Lines, check_taken, home, print_refused, progress_bar

NOTES = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
GONE = b"HTTP/1.1 404 Not Found\r\n\r\n"
PAGE = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/\r\n"
    b"Content-Length: %d\r\n\r\n%b\r\n\r\n" % (len(GONE), GONE)
)
"""A record of a page that is refused: it is gone."""


def test_a_terminal_sees_how_many_how_fast_and_how_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    screen = io.StringIO()
    with progress_bar(Console(file=screen, force_terminal=True, width=100)) as bar:
        task = bar.add_task("Embedding", total=40)
        for _ in range(4):
            bar.advance(task, 5)
        bar.refresh()
        shown = screen.getvalue()
    assert "Embedding" in shown
    assert "20/40" in shown
    assert "/s" in shown
    assert "0:00:0" in shown


def test_a_pipe_sees_no_progress_bar() -> None:
    pipe = io.StringIO()
    with progress_bar(Console(file=pipe)) as bar:
        bar.advance(bar.add_task("Embedding", total=2))
    assert pipe.getvalue() == ""


def test_a_log_sees_a_line_now_and_then_with_rate_and_time_left() -> None:
    log, seconds = io.StringIO(), iter(range(1000))
    lines = Lines(Console(file=log, width=40), clock=lambda: float(next(seconds)))
    for done in range(100, 1001, 10):  # 100 were known; ten a second, for 90 seconds
        lines("embed", done, 1000)
    lines("sentences", 0, 1000)
    lines("sentences", 1000, 1000)
    for done in range(1, 40):
        lines("read", done, None)
    assert log.getvalue().splitlines() == [
        "Embedding: 250 of 1,000, 10.0 a second, 75 s left",
        "Embedding: 400 of 1,000, 10.0 a second, 60 s left",
        "Embedding: 550 of 1,000, 10.0 a second, 45 s left",
        "Embedding: 700 of 1,000, 10.0 a second, 30 s left",
        "Embedding: 850 of 1,000, 10.0 a second, 15 s left",
        "Embedding: 1,000 of 1,000, 10.0 a second",
        "Reading addresses: 16, 1.0 a second",
        "Reading addresses: 31, 1.0 a second",
    ]


def test_what_was_not_taken_is_a_line_each_without_codes_and_the_rest_is_counted() -> None:
    pipe = io.StringIO()
    refused = [(f"https://a.example/{n}/" + "x" * 200, "has moved to \x1b[31m\x9b31mnowhere") for n in range(23)]
    print_refused(Console(file=pipe, width=80), refused)
    lines = pipe.getvalue().splitlines()
    assert [line.startswith("not taken: https://a.example/") for line in lines] == [True] * 20 + [False]
    assert lines[0].endswith("has moved to [31m31mnowhere")
    assert "3 more" in lines[20]


@pytest.mark.parametrize(
    ("contents", "crawled", "fails"),
    [
        ([b""], False, True),
        ([b"<html>", b"PK"], False, True),
        ([NOTES], False, True),
        ([b"<html>"], True, False),
        ([b"<html>", NOTES + PAGE], False, False),
    ],
)
def test_an_import_fails_where_no_file_holds_a_page_not_even_one_that_is_refused(
    tmp_path: Path, contents: list[bytes], crawled: bool, fails: bool
) -> None:
    paths = [tmp_path / str(number) for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    with pytest.raises(typer.Exit) if fails else nullcontext():
        check_taken(paths, (), crawl=crawled)


def test_an_import_fails_whose_pages_have_no_place_and_says_how_to_give_them_one(tmp_path: Path) -> None:
    warc, pipe = tmp_path / "a.warc", io.StringIO()
    warc.write_bytes(PAGE)
    refused = [("https://a.example/", f"https://a.example/ {UNKNOWN}.")]
    print_refused(Console(file=pipe, width=80), refused)
    assert "add --resource ID" in pipe.getvalue()
    with pytest.raises(typer.Exit):
        check_taken([warc], refused, crawl=False)


@pytest.mark.parametrize(
    ("resource", "topic", "said"),
    [
        ("x", "y", "exclude each other"),
        ("pandas-book", "", "no resource 'pandas-book': did you mean"),
        ("", "/", "cannot name a topic"),
    ],
)
def test_where_pages_belong_is_one_place_that_exists(resource: str, topic: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        home([Path("a.warc")], resource, topic)
    with pytest.raises(UsageError, match="add --warc FILE"):
        home([], "linux-cli-refresher", "")


def report(*counts: ResourceCounts, skipped: int = 0, complete: bool = True) -> CrawlReport:
    hosts = tuple(SkippedHost(f"h{n}.example", "its robots.txt gave no answer") for n in range(skipped))
    return CrawlReport("run", complete, counts, (), hosts, (), 3, 1.0)


def test_a_crawl_without_a_network_fails_in_one_sentence() -> None:
    with pytest.raises(NothingFetchedError, match="no page was fetched, 2 hosts were skipped: check the network"):
        check_crawled(report(ResourceCounts("ddia"), skipped=2))


@pytest.mark.parametrize(
    ("fine", "failed"),
    [
        (report(ResourceCounts("ddia", fetched=1), skipped=1), {"resources": (ResourceCounts("ddia"),)}),
        (report(ResourceCounts("ddia", not_modified=1), skipped=1), {"resources": (ResourceCounts("ddia"),)}),
        (report(ResourceCounts("ddia"), skipped=1, complete=False), {"complete": True}),
        (report(ResourceCounts("ddia", not_text=1)), {"skipped_hosts": (SkippedHost("h.example", "it is away"),)}),
    ],
)
def test_a_crawl_that_fetched_or_was_stopped_or_met_no_closed_host_is_no_failure(
    fine: CrawlReport, failed: dict[str, object]
) -> None:
    """Each is fine for one reason, without which it is a failure."""
    check_crawled(fine)
    with pytest.raises(NothingFetchedError):
        check_crawled(replace(fine, **failed))  # type: ignore[arg-type]


def test_a_stopped_crawl_says_how_to_go_on_and_what_to_do_with_what_it_has() -> None:
    out, err = io.StringIO(), io.StringIO()
    print_crawl(report(ResourceCounts("ddia", fetched=2), complete=False), Console(file=out), Console(file=err))
    assert "2 addresses  ddia" in out.getvalue()
    assert "goes on where it was" in out.getvalue()
    assert "roadmap ingest" in out.getvalue()
