"""The crawl against a real local web server: politeness, safety, traps, and going on after a stop."""

from __future__ import annotations

import gzip
import json
import random
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from pathlib import Path

import pytest
from filelock import FileLock
from warcio.archiveiterator import ArchiveIterator

from corpus.sources import Source, Sources
from ingest.archive import warc
from ingest.archive.warc import read_pages
from ingest.archive.warclog import read_body
from ingest.crawling.crawl import CrawlError, CrawlOptions, Progress, crawl
from ingest.crawling.discover import RunOptions
from ingest.crawling.frontier import Caps
from ingest.crawling.journal import read_known, read_run
from ingest.crawling.politeness import Pace, PaceLimits, retry_after
from ingest.crawling.records import CrawlReport, PageOutcome, PageStatus
from ingest.fetching.fetch import Fetcher, FetchLimits
from tests.webserver import QUICK, Page, WebServer, send

ROOT = Path(__file__).parents[3]
FAST = CrawlOptions(pace=PaceLimits(min_delay=0.0, factor=0.0, first_backoff=0.01, max_retry_after=0.3))
HTML = ("Content-Type", "text/html; charset=utf-8")


@pytest.fixture
def web() -> Iterator[WebServer]:
    with WebServer() as server:
        yield server


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "crawl"


# --- which pages -------------------------------------------------------------------------------


def test_links_are_followed_within_the_prefix_and_the_depth_and_each_page_once(web: WebServer, out: Path) -> None:
    web.html("a.test", "/c/", links=["1", "/c/1#part", "/c/./1?utm_source=x", "/other", "/c/2"])
    web.html("a.test", "/c/1", links=["/c/", "3", web.url("b.test", "/c/")])
    web.html("a.test", "/c/2", links=["/c/3"])
    web.html("a.test", "/c/3", links=["/c/4"])
    web.html("a.test", "/c/4", "too deep")
    report = go(web, out, source(web, depth=2))
    assert web.paths("a.test") == ["/c/", "/c/1", "/c/2", "/c/3"]
    assert web.paths("b.test") == []
    assert counts(report) == {"fetched": 4}
    assert report.complete


@pytest.mark.parametrize("charset", ["latin-1", "utf-8-sig", "undefined", "cp037", "nonsense", "é"])
def test_a_charset_that_the_parser_lacks_costs_no_link(web: WebServer, out: Path, charset: str) -> None:
    web.routes["a.test", "/c/"] = Page(
        b"<p>words <a href='1'>1</a></p>", headers=(("Content-Type", f"text/html; charset={charset}"),)
    )
    web.routes["a.test", "/c/1"] = Page(
        f"<meta charset={charset}><p>words</p>".encode(), headers=(("Content-Type", "text/html"),)
    )
    assert counts(go(web, out, source(web, depth=1))) == {"fetched": 2}


def test_a_calendar_without_end_is_stopped_by_the_caps(web: WebServer, out: Path) -> None:
    def calendar(handler: BaseHTTPRequestHandler) -> None:
        number = len(web.seen)
        links = f'<a href="/c/cal?day={number}">next</a><a href="/c/cal?day={number + 1}">2</a>'
        links += f'<a href="/c/{number}/">day</a><a href="x/">deeper</a>'
        send(handler, Page(f"<html><body>day {number} {links}</body></html>".encode()))

    class Everywhere(dict[tuple[str, str], object]):
        def get(self, key: object, default: object = None) -> object:
            return default if key == ("a.test", "/robots.txt") else calendar

    web.routes = Everywhere()  # type: ignore[assignment]  # a route for every path
    report = go(web, out, source(web, depth=8, max_pages=25), caps=Caps(queries_per_path=4))
    asked = web.paths("a.test")
    assert len(asked) == 25
    assert sum("?" in path for path in asked) <= 4
    assert not any(path.count("x/") > 2 for path in asked)
    assert report.resources[0].capped > 0
    assert report.complete


def test_a_sitemap_adds_pages_within_the_prefix_and_expands_no_entity(web: WebServer, out: Path) -> None:
    web.html("a.test", "/c/")
    web.html("a.test", "/c/hidden")
    web.robots("a.test", f"Sitemap: {web.url('a.test', '/index.xml')}\nUser-agent: *\nAllow: /\n")
    web.routes["a.test", "/index.xml"] = Page(sitemap([web.url("a.test", "/map.xml")], "sitemap"))
    web.routes["a.test", "/map.xml"] = Page(
        sitemap([web.url("a.test", "/c/hidden"), web.url("a.test", "/private"), "http://10.0.0.1/c/"])
    )
    report = go(web, out, source(web, depth=1, sitemap=True))
    assert web.paths("a.test") == ["/c/", "/index.xml", "/map.xml", "/c/hidden"]
    assert counts(report) == {"fetched": 2}
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + sitemap([web.url("a.test", "/c/evil")])
    web.routes["a.test", "/map.xml"] = Page(bomb)
    go(web, out.with_name("second"), source(web, depth=1, sitemap=True))
    assert "/c/evil" not in web.paths("a.test")


def test_a_page_that_sends_on_is_followed_and_the_pages_of_a_frameset_are_asked_for(web: WebServer, out: Path) -> None:
    web.routes["a.test", "/c/"] = Page(b"<meta http-equiv=refresh content='0; url=home'>")
    web.html("a.test", "/c/home", links=["frames", "old"])
    web.routes["a.test", "/c/frames"] = Page(b"<frameset><frame src=left><frame src=right></frameset>")
    web.routes["a.test", "/c/old"] = Page(b"<p>Moved.", headers=(HTML, ("Refresh", "0; url=/c/right")))
    web.html("a.test", "/c/left")
    web.html("a.test", "/c/right")
    report = go(web, out, source(web, depth=3))
    assert set(web.paths("a.test")) == {"/c/", "/c/home", "/c/frames", "/c/old", "/c/left", "/c/right"}
    assert counts(report) == {"moved": 2, "fetched": 3, "not-text": 1}
    assert reasons(report, PageStatus.MOVED)[0] == f"It moved to {web.url('a.test', '/c/home')} (the page says so)."


def test_a_relative_sitemap_and_one_of_lines_are_read(web: WebServer, out: Path) -> None:
    web.html("a.test", "/c/")
    web.html("a.test", "/c/hidden")
    web.robots("a.test", "Sitemap: /maps/all.txt\n")
    web.routes["a.test", "/maps/all.txt"] = Page(web.url("a.test", "/c/hidden").encode())
    assert counts(go(web, out, source(web, depth=1, sitemap=True))) == {"fetched": 2}


def test_the_crawl_takes_what_import_takes(web: WebServer, out: Path) -> None:
    web.routes["a.test", "/c/"] = Page(b"<html><p>x<img src='data:image/png;base64," + b"A" * 2_500_000 + b"'></p>")
    web.routes["b.test", "/c/"] = Page(b"<html>" + b"<p>words " * 250_000)
    pages = [source(web), source(web, "b.test", resource="second")]
    report = go(web, out, *pages, limits=FetchLimits(total=20.0))
    assert counts(report) == {"fetched": 1, "refused": 1}
    assert [page.url for page in read_pages(report.warc_files) if isinstance(page, warc.Page)] == [
        web.url("a.test", "/c/")
    ]


def test_what_needs_a_login_a_browser_or_is_a_catalogue_is_not_asked_but_reported(web: WebServer, out: Path) -> None:
    closed = [
        replace(source(web), id=access, access=access, start=(web.url("a.test", f"/{access}"),))
        for access in ("login", "browser", "catalogue")
    ]
    report = go(web, out, *closed)
    assert web.seen == []
    assert counts(report) == {"blocked": 3}
    assert all(outcome.reason for outcome in report.outcomes)


def test_only_the_resources_asked_for_are_crawled_and_unknown_ones_are_named(web: WebServer, out: Path) -> None:
    web.html("a.test", "/c/")
    web.html("b.test", "/c/")
    both = Sources((source(web), source(web, "b.test", resource="second")))
    crawl(both, out, resources={"second"}, options=FAST, make_fetcher=web.fetcher)
    assert [seen.host for seen in web.seen] == ["b.test", "b.test"]
    with pytest.raises(CrawlError, match=r"'third'.*first.*second"):
        crawl(both, out, resources={"third"}, options=FAST, make_fetcher=web.fetcher)


# --- robots.txt --------------------------------------------------------------------------------


def test_wildcards_and_the_longest_match_of_robots_are_obeyed(web: WebServer, out: Path) -> None:
    pages = ["/c/open", "/c/no/x", "/c/no/but/this", "/c/a.pdf?x", "/c/end.php", "/c/end.phpx"]
    web.html("a.test", "/c/", links=pages)
    for page in pages:
        web.html("a.test", page)
    web.robots(
        "a.test",
        "User-agent: *\nDisallow: /\n\n"
        "User-agent: Roadmap-Assistant/9\nDisallow: /c/no/\nAllow: /c/no/but/\n"
        "Disallow: /*.pdf\nDisallow: /*.php$\n\nUser-agent: roadmap\nDisallow: /c/open\n",
    )
    report = go(web, out, source(web, depth=1))
    assert web.paths("a.test") == ["/c/", "/c/open", "/c/no/but/this", "/c/end.phpx"]
    assert counts(report) == {"fetched": 4, "blocked": 3}
    assert set(reasons(report, PageStatus.BLOCKED)) == {"The site's robots.txt forbids it."}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_robots_4xx_means_allowed(web: WebServer, out: Path, status: int) -> None:
    web.html("a.test", "/c/")
    web.routes["a.test", "/robots.txt"] = Page(b"User-agent: *\nDisallow: /", status)
    assert counts(go(web, out, source(web))) == {"fetched": 1}


def test_a_robots_4xx_means_allowed_whatever_its_body(web: WebServer, out: Path) -> None:
    web.html("a.test", "/c/")
    web.routes["a.test", "/robots.txt"] = Page(b"", 404, (HTML, ("Content-Encoding", "gzip")))
    web.html("b.test", "/c/")
    web.routes["b.test", "/robots.txt"] = Page(b"?", 404, (HTML, ("Content-Encoding", "br")))
    assert counts(go(web, out, source(web), source(web, "b.test"))) == {"fetched": 2}


@pytest.mark.parametrize("status", [500, 503])
def test_robots_5xx_skips_the_host_and_reports_it(web: WebServer, out: Path, status: int) -> None:
    web.html("a.test", "/c/")
    web.html("b.test", "/c/")
    web.routes["a.test", "/robots.txt"] = Page(b"", status)
    report = go(web, out, source(web), source(web, "b.test"))
    assert web.paths("a.test") == []
    assert web.paths("b.test") == ["/c/"]
    assert [(s.host, str(status) in s.reason) for s in report.skipped_hosts] == [("a.test", True)]
    assert counts(report) == {"fetched": 1, "blocked": 1}


def test_robots_without_an_answer_skips_the_host(web: WebServer, out: Path) -> None:
    def hang_up(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True

    web.html("a.test", "/c/")
    web.routes["a.test", "/robots.txt"] = hang_up
    report = go(web, out, source(web))
    assert web.paths("a.test") == []
    assert "no answer" in report.skipped_hosts[0].reason


def test_robots_is_found_behind_five_redirects_but_not_at_a_private_address(web: WebServer, out: Path) -> None:
    web.html("a.test", "/c/", links=["no"])
    web.redirect("a.test", "/robots.txt", "/r1")
    for number in range(1, 5):
        web.redirect("a.test", f"/r{number}", f"/r{number + 1}")
    web.routes["a.test", "/r5"] = Page(b"User-agent: *\nDisallow: /c/no")
    web.html("b.test", "/c/")
    web.redirect("b.test", "/robots.txt", "http://10.0.0.1/robots.txt")
    report = go(web, out, source(web, depth=1), source(web, "b.test"))
    assert "/c/no" not in web.paths("a.test")
    assert web.paths("b.test") == []
    assert counts(report) == {"fetched": 1, "blocked": 2}


def test_only_the_first_500_kib_of_robots_are_read(web: WebServer, out: Path) -> None:
    web.html("a.test", "/c/", links=["late"])
    web.html("a.test", "/c/late")
    head = "User-agent: *\nDisallow: /c/early\n"
    web.robots("a.test", head + "#" * (500 * 1024) + "\nDisallow: /c/late\n")
    assert counts(go(web, out, source(web, depth=1))) == {"fetched": 2}


# --- where it may not go -----------------------------------------------------------------------


def test_a_link_and_a_start_at_a_private_address_are_refused_and_recorded(web: WebServer, out: Path) -> None:
    web.redirect("a.test", "/c/", "/c/2")
    web.redirect("a.test", "/c/2", "http://10.0.0.1/c/")
    inside = replace(source(web), id="inside", start=("http://192.168.0.1/", "http://[::1]/"), max_pages=2)
    report = go(web, out, source(web), inside)
    said = {o.url: (o.status, o.reason) for o in report.outcomes}
    for url in ("http://10.0.0.1/c/", "http://192.168.0.1/", "http://[::1]/"):
        status, reason = said[url]
        assert status in (PageStatus.REFUSED, PageStatus.BLOCKED)
        assert "not fetched" in reason
    records = warc_records(report)
    moved = {web.url("a.test", "/c/"), web.url("a.test", "/c/2")}
    assert {u for kind, u, _ in records if kind == "metadata"} >= set(said) - moved


def test_other_schemes_are_neither_followed_nor_redirected_to(web: WebServer, out: Path) -> None:
    bad = ["file:///etc/passwd", "ftp://a.test/c/x", "data:text/html,x", "javascript:alert(1)"]
    web.html("a.test", "/c/", links=[*bad, "/c/r"])
    web.redirect("a.test", "/c/r", "file:///etc/passwd")
    report = go(web, out, source(web, depth=1))
    assert counts(report) == {"fetched": 1, "refused": 1}
    assert "neither http nor https" in reasons(report, PageStatus.REFUSED)[0]


def test_an_address_that_is_none_ends_its_own_page_only(web: WebServer, out: Path) -> None:
    web.html("a.test", "/c/")
    web.redirect("b.test", "/c/", "http://999.1.1.1/")
    web.html("c.test", "/c/")
    web.redirect("c.test", "/robots.txt", "http://999.1.1.1/robots.txt")
    report = go(web, out, source(web), source(web, "b.test"), source(web, "c.test"))
    assert counts(report) == {"fetched": 1, "moved": 1, "blocked": 2}
    assert all("is no address" in reason for reason in reasons(report, PageStatus.BLOCKED))
    assert not any(reason.endswith("..") for reason in reasons(report, PageStatus.BLOCKED))


def test_a_name_that_is_rebound_to_a_private_address_is_refused(web: WebServer, out: Path) -> None:
    close = Page(b"<p>text <a href='/c/1'>1</a></p>", headers=(HTML, ("Connection", "close")))
    web.routes["a.test", "/c/"] = close
    web.routes["a.test", "/c/1"] = close
    answers = iter(["127.0.0.1", "127.0.0.1", "169.254.169.254"])
    web.routes["a.test", "/robots.txt"] = Page(b"", headers=(("Connection", "close"),))
    changing = web.fetcher()
    changing._guard._resolver = lambda host, port: [next(answers)]  # type: ignore[attr-defined]
    report = crawl(Sources((source(web, depth=1),)), out, options=FAST, make_fetcher=lambda: changing)
    assert counts(report) == {"fetched": 1, "refused": 1}
    assert "link-local" in reasons(report, PageStatus.REFUSED)[0]


# --- what comes back ---------------------------------------------------------------------------


def test_every_kind_of_answer_gets_its_status_and_its_reason(web: WebServer, out: Path) -> None:
    answers = {
        "gone": Page(b"", 410),
        "missing": Page(b"", 404),
        "packed": Page(b"x", 404, (HTML, ("Content-Encoding", "br"))),
        "packed-away": Page(b"", 301, (("Location", "/c/good"), ("Content-Encoding", "gzip"))),
        "empty": Page(b""),
        "blank": Page(b"<html><head><title>t</title></head><body> <script>x()</script></body></html>"),
        "pdf": Page(b"%PDF-1.7 ..."),
        "image": Page(b"x", headers=(("Content-Type", "image/png"),)),
        "secret": Page(b"", 403),
        "login": Page(b"", 302, (("Location", "/login?next=x"),)),
        "loop": Page(b"", 302, (("Location", "/c/loop"),)),
        "away": Page(b"", 301, (("Location", "http://b.test/"),)),
        "astray": Page(b"", 302, (("Location", "http://[::1"),)),
        "teapot": Page(b"", 418),
        "challenge": Page(b"<p>words</p>", 202),
        "part": Page(b"<p>words</p>", 206),
        "large": Page(b"x" * (QUICK.max_bytes + 1)),
        "nul": Page(b"<p>\x00\x00\x00\x01</p>"),
        "good": Page(b"<p>words</p>"),
        "plain": Page(b"words", headers=(("Content-Type", "text/plain"),)),
        "markdown": Page(b"# words", headers=(("Content-Type", "text/markdown"),)),
        "json": Page(b"{}", headers=(("Content-Type", "application/json"),)),
        "untold": Page(b"<p>words</p>", headers=(("Content-Type", "text/plain"),)),
        "wide": Page("<p>words</p>".encode("utf-16-le")),
        "nothing": Page(b"", headers=()),
    }
    web.html("a.test", "/c/", links=[f"/c/{name}" for name in answers])
    for name, page in answers.items():
        web.routes["a.test", f"/c/{name}"] = page
    report = go(web, out, source(web, depth=1))
    statuses = {o.url.rsplit("/", 1)[-1]: o.status.value for o in report.outcomes}
    assert statuses == {
        "": "fetched", "gone": "dead", "missing": "dead", "empty": "dead", "blank": "dead",
        "packed": "dead", "packed-away": "moved",
        "pdf": "not-text", "image": "not-text", "secret": "blocked", "login": "blocked",
        "loop": "blocked", "away": "moved", "astray": "refused", "teapot": "blocked", "challenge": "blocked",
        "part": "blocked", "large": "refused",
        "nul": "not-text", "good": "fetched", "plain": "not-text", "markdown": "not-text", "json": "not-text",
        "untold": "fetched", "wide": "fetched", "nothing": "dead",
    }  # fmt: skip
    assert all(o.reason for o in report.outcomes if o.status is not PageStatus.FETCHED)
    assert report.skipped_hosts == ()
    taken = {page.url for page in read_pages(report.warc_files) if isinstance(page, warc.Page)}
    assert taken >= {o.url for o in report.outcomes if o.status is PageStatus.FETCHED}


def test_a_status_in_words_that_are_not_ascii_is_recorded(web: WebServer, out: Path) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write("HTTP/1.1 404 Página no encontrada\r\nContent-Length: 0\r\n\r\n".encode("latin-1"))

    web.html("a.test", "/c/", links=["/c/1"])
    web.routes["a.test", "/c/1"] = answer
    report = go(web, out, source(web, depth=1))
    assert counts(report) == {"fetched": 1, "dead": 1}
    with report.warc_files[0].open("rb") as file:
        lines = [str(r.http_headers.statusline) for r in ArchiveIterator(file) if r.rec_type == "response"]
    assert lines == ["200 OK", "404 P\\xe1gina no encontrada"]


def test_a_start_page_that_moved_is_followed_to_its_new_place(web: WebServer, out: Path) -> None:
    web.redirect("a.test", "/c/", web.url("new.test", "/home"), 301)
    web.html("new.test", "/home", links=["/more"])
    report = go(web, out, source(web, depth=2))
    assert [(o.status.value, o.target) for o in report.outcomes] == [
        ("moved", web.url("new.test", "/home")),
        ("fetched", ""),
    ]
    assert web.paths("new.test") == ["/home"]


def test_more_than_ten_redirects_in_a_row_are_refused(web: WebServer, out: Path) -> None:
    for number in range(20):
        web.redirect("a.test", f"/c/{number}", f"/c/{number + 1}")
    first = replace(source(web), start=(web.url("a.test", "/c/0"),))
    report = go(web, out, first)
    assert counts(report) == {"moved": 10, "refused": 1}


def test_a_gzip_bomb_and_a_slow_drip_are_ended_and_the_rest_goes_on(web: WebServer, out: Path) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9999\r\n\r\n")
        for _ in range(40):
            handler.wfile.write(b"x")
            time.sleep(0.05)
        handler.close_connection = True

    bomb = gzip.compress(bytes(50_000_000))
    web.routes["a.test", "/c/bomb"] = Page(bomb, headers=(HTML, ("Content-Encoding", "gzip")))
    web.routes["a.test", "/c/drip"] = drip
    web.html("a.test", "/c/", links=["bomb", "drip", "good"])
    web.html("a.test", "/c/good")
    limits = replace(QUICK, total=0.4)
    report = go(web, out, source(web, depth=1), limits=limits, tries=1)
    assert counts(report) == {"fetched": 2, "refused": 1, "blocked": 1}


# --- politeness --------------------------------------------------------------------------------


def test_429_and_503_are_tried_again_after_the_time_that_the_site_names(web: WebServer, out: Path) -> None:
    for status in (429, 503):
        web.routes["a.test", f"/c/{status}"] = _twice_then_good(status, retry="1")
    web.html("a.test", "/c/", links=["429", "503"])
    options = replace(FAST, pace=replace(FAST.pace, max_retry_after=5))
    report = go(web, out, source(web, depth=1), options=options)
    assert counts(report) == {"fetched": 3}
    times = [seen.at for seen in web.seen if seen.path == "/c/429"]
    assert len(times) == 2
    assert times[1] - times[0] >= 0.95


def test_a_long_retry_after_is_capped_and_a_site_that_never_recovers_is_left_alone(web: WebServer, out: Path) -> None:
    links = [str(number) for number in range(9)]
    web.html("a.test", "/c/", links=links)
    for link in links:
        web.routes["a.test", f"/c/{link}"] = Page(b"", 503, (("Retry-After", "86400"),))
    started = time.monotonic()
    options = replace(FAST, pace=replace(FAST.pace, max_retry_after=0.05, patience=5))
    report = go(web, out, source(web, depth=1), options=options)
    assert time.monotonic() - started < 5
    assert len(web.paths("a.test")) == 1 + 5
    assert counts(report) == {"fetched": 1, "blocked": 9}
    assert "5 times in a row" in report.skipped_hosts[0].reason


def test_one_connection_a_host_while_hosts_go_in_parallel(web: WebServer, out: Path) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.1)
        send(handler, Page(b"<p>text</p>"))

    hosts = ["a.test", "b.test", "d.test", "e.test"]
    for host in hosts:
        web.html(host, "/c/", links=[str(number) for number in range(5)])
        for number in range(5):
            web.routes[host, f"/c/{number}"] = slow
    report = go(web, out, *(source(web, host, depth=1) for host in hosts))
    assert counts(report) == {"fetched": 24}
    for host in hosts:
        assert web.busiest[host] == 1
        assert len({seen.connection for seen in web.seen if seen.host == host}) == 1
    assert web.most_at_once > 1


@pytest.mark.parametrize("page", [Page(b"<p>text</p>"), Page(b"x" * (QUICK.max_bytes + 1))])
def test_the_delay_grows_with_the_response_time_of_the_host(web: WebServer, out: Path, page: Page) -> None:
    def slow(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.15)
        send(handler, page)

    web.html("a.test", "/c/", links=["1", "2"])
    web.routes["a.test", "/c/1"] = slow
    web.html("a.test", "/c/2")
    options = replace(FAST, pace=PaceLimits(min_delay=0.0, factor=3.0))
    go(web, out, source(web, depth=1), options=options)
    at = {seen.path: seen.at for seen in web.seen}
    assert at["/c/1"] - at["/c/"] < 0.15 + 3 * 0.15
    assert at["/c/2"] - at["/c/1"] >= 0.15 + 3 * 0.15


def test_a_crawl_delay_of_robots_is_kept_and_capped(web: WebServer, out: Path) -> None:
    web.robots("a.test", "User-agent: *\nCrawl-delay: 3600\n")
    web.html("a.test", "/c/", links=["1"])
    web.html("a.test", "/c/1")
    options = replace(FAST, pace=replace(FAST.pace, max_crawl_delay=0.3))
    go(web, out, source(web, depth=1), options=options)
    times = [seen.at for seen in web.seen]
    assert all(0.28 <= later - earlier < 2 for earlier, later in pairwise(times))


def test_the_pace_grows_at_once_and_calms_down_slowly() -> None:
    pace = Pace(PaceLimits(min_delay=1, max_delay=20, factor=2))
    assert pace.answered(0.1) == 1
    assert pace.answered(4) == 8
    assert 5 < pace.answered(0.1) < 8
    assert pace.answered(100) == 20
    assert pace.failed(retry_after=500) == 120
    assert [Pace(PaceLimits()).failed() for _ in range(2)] == [5, 5]
    grown = Pace(PaceLimits())
    assert [grown.failed() for _ in range(6)] == [5, 10, 20, 40, 80, 120]
    assert grown.exhausted
    grown.answered(0)
    assert not grown.exhausted


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120), (" 7 ", 7), ("Wed, 01 Jan 2025 00:01:00 GMT", 60), ("99999999999", 999999999),
        ("Wed, 01 Jan 2020 00:00:00 GMT", 0), ("soon", None), ("-5", None), ("", None), ("1.5", None),
        ("Wed, 01 Jan 99999999999999999999 00:00:00 GMT", None), ("Wed, 01 Jan 2025 00:00:00 +99999999999999", None),
    ],
)  # fmt: skip
def test_retry_after_is_a_number_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after(value, datetime(2025, 1, 1, tzinfo=UTC)) == seconds


# --- what stays --------------------------------------------------------------------------------


def test_the_warc_file_holds_request_and_response_and_what_was_refused(web: WebServer, out: Path) -> None:
    body = b"<p>words</p><a href='gone'>x</a>"
    encoded = Page(gzip.compress(body), headers=(HTML, ("Content-Encoding", "gzip")))
    web.routes["a.test", "/c/"] = encoded
    report = go(web, out, source(web, depth=1))
    records = warc_records(report)
    start = web.url("a.test", "/c/")
    assert ("response", start, body) in records
    assert any(kind == "request" and url == start for kind, url, _ in records)
    notes = {url: text for kind, url, text in records if kind == "metadata"}
    assert b"status: dead" in notes[web.url("a.test", "/c/gone")]
    assert b"HTTP 404" in notes[web.url("a.test", "/c/gone")]
    assert records[0][0] == "warcinfo"


def test_a_second_run_asks_conditionally_and_still_finds_the_links(web: WebServer, out: Path) -> None:
    web.routes["a.test", "/c/"] = _versioned(b"<p>v1 <a href='1'>1</a></p>", '"v1"')
    web.routes["a.test", "/c/1"] = _versioned(b"<p>one</p>", '"one"')
    go(web, out, source(web, depth=1))
    web.seen.clear()
    report = go(web, out, source(web, depth=1))
    assert counts(report) == {"not-modified": 2}
    assert [seen.headers.get("if-none-match") for seen in web.seen[1:]] == ['"v1"', '"one"']
    assert [kind for kind, _, _ in warc_records(report)].count("revisit") == 2
    web.routes["a.test", "/c/1"] = Page(b"", 404)
    third = go(web, out, source(web, depth=1))
    assert counts(third) == {"not-modified": 1, "dead": 1}
    web.routes["a.test", "/c/1"] = _versioned(b"<p>one</p>", '"one"')
    assert counts(go(web, out, source(web, depth=1))) == {"not-modified": 2}


def test_a_validator_that_no_request_can_carry_is_left_out(web: WebServer, out: Path) -> None:
    web.routes["a.test", "/c/"] = Page(b"<p>words</p>", headers=(HTML, ("ETag", '"é"'), ("Last-Modified", "früh")))
    go(web, out, source(web))
    web.seen.clear()
    assert counts(go(web, out, source(web))) == {"fetched": 1}
    assert "if-none-match" not in web.seen[-1].headers


def test_without_the_stored_body_no_conditional_request_is_made(web: WebServer, out: Path) -> None:
    web.routes["a.test", "/c/"] = _versioned(b"<p>v1</p>", '"v1"')
    first = go(web, out, source(web))
    first.warc_files[0].unlink()
    assert counts(go(web, out, source(web))) == {"fetched": 1}


def test_a_stored_body_that_was_cut_is_none(web: WebServer, out: Path) -> None:
    body = b"<p>" + random.Random(0).randbytes(3_000).hex().encode() + b"</p>"
    web.routes["a.test", "/c/"] = Page(body)
    [path] = go(web, out, source(web)).warc_files
    held = read_known(out)[web.url("a.test", "/c/")].held
    assert held is not None
    assert read_body(out, held) == body
    whole = path.read_bytes()
    for end in range(held.offset, len(whole) - 1_000, 50):
        path.write_bytes(whole[:end])
        assert read_body(out, held) is None, end


def test_a_stopped_run_goes_on_where_it_was_and_fetches_nothing_twice(web: WebServer, out: Path) -> None:
    links = [str(number) for number in range(10)]
    web.html("a.test", "/c/", links=links)
    for link in links:
        web.html("a.test", f"/c/{link}")
    told: list[PageOutcome] = []

    def note(progress: Progress) -> None:
        told.append(progress.outcome)

    sources = Sources((source(web, depth=1),))
    first = crawl(sources, out, options=FAST, make_fetcher=web.fetcher, progress=note, stop=lambda: len(told) >= 4)
    assert not first.complete
    assert 4 <= len(first.outcomes) < 11
    second = crawl(sources, out, options=FAST, make_fetcher=web.fetcher)
    assert second.complete
    assert second.run == first.run
    assert len(second.outcomes) == 11
    asked = web.paths("a.test")
    assert sorted(asked) == sorted(set(asked))
    assert {u for kind, u, _ in warc_records(second) if kind == "response"} == {
        outcome.url for outcome in second.outcomes
    }
    third = crawl(sources, out, options=FAST, make_fetcher=web.fetcher)
    assert third.run != second.run


def test_a_killed_crawl_leaves_a_readable_file_and_is_continued(web: WebServer, out: Path) -> None:
    links = [str(number) for number in range(12)]
    web.html("a.test", "/c/", links=links)
    for link in links:
        web.html("a.test", f"/c/{link}")
    script = textwrap.dedent(f"""
        from pathlib import Path
        from corpus.sources import Source, Sources
        from ingest.crawling.crawl import CrawlOptions, crawl
        from ingest.fetching.fetch import Fetcher
        from ingest.crawling.politeness import PaceLimits
        source = Source(id="a.test", resource="first", title="t", access="open", depth=1, max_pages=50,
            start=("{web.url("a.test", "/c/")}",), prefixes=("{web.url("a.test", "/c/")}",))
        crawl(Sources((source,)), Path({str(out)!r}),
            options=CrawlOptions(pace=PaceLimits(min_delay=0.1, factor=0)),
            make_fetcher=lambda: Fetcher(resolver=lambda h, p: ["127.0.0.1"],
                allowed_private=frozenset({{"{web.address}"}})),
            progress=lambda p: print(p.done, flush=True))
    """)
    child = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    with child:
        for line in child.stdout:
            if int(line) >= 4:
                child.send_signal(signal.SIGKILL)
                break
    journal = out / "crawl.jsonl"
    journal.write_bytes(journal.read_bytes() + b'{"event": "done", "outc')
    before = web.paths("a.test")
    warc = next(out.glob("*.warc.gz"))
    with warc.open("ab") as file:
        file.write(warc.read_bytes()[:200])  # a record that was cut by the kill
    report = go(web, out, source(web, depth=1))
    assert report.complete
    assert len(report.outcomes) == 13
    assert len(report.warc_files) == 2
    again = [path for path in web.paths("a.test") if before.count(path)]
    assert len(web.paths("a.test")) <= 13 + 1
    assert len(again) <= len(before) + 1
    responses = {u for kind, u, _ in warc_records(report) if kind == "response"}
    assert responses == {outcome.url for outcome in report.outcomes}


def test_ctrl_c_ends_a_hanging_fetch_at_once_and_the_files_are_whole(web: WebServer, out: Path) -> None:
    web.html("a.test", "/c/", links=["hang"])
    web.routes["a.test", "/c/hang"] = lambda handler: time.sleep(3)
    calls: list[float] = []

    def interrupt() -> bool:
        if any(seen.path == "/c/hang" for seen in web.seen):
            calls.append(time.monotonic())
            raise KeyboardInterrupt
        return False

    with pytest.raises(KeyboardInterrupt):
        crawl(Sources((source(web, depth=1),)), out, options=FAST, make_fetcher=web.fetcher, stop=interrupt)
    assert time.monotonic() - calls[0] < 1.5
    assert [done.outcome.status for done in read_run(out).done.values()] == [PageStatus.FETCHED]


def test_a_crawl_that_breaks_off_closes_its_connections(web: WebServer, out: Path) -> None:
    web.html("a.test", "/c/")
    closed: list[Fetcher] = []

    class Watched(Fetcher):
        def close(self) -> None:
            closed.append(self)
            super().close()

    def make() -> Fetcher:
        return Watched(QUICK, resolver=web.resolve, allowed_private=frozenset({web.address}))

    def full(_: Progress) -> None:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        crawl(Sources((source(web),)), out, options=FAST, make_fetcher=make, progress=full)
    assert len(closed) == 1


def test_two_crawls_do_not_write_to_one_folder(web: WebServer, out: Path) -> None:
    out.mkdir()
    with FileLock(out / ".crawl.lock"), pytest.raises(CrawlError, match="Another crawl"):
        go(web, out, source(web))


def test_a_run_for_other_resources_keeps_what_the_stopped_run_knew(web: WebServer, out: Path) -> None:
    web.html("a.test", "/c/", links=["1"])
    web.html("a.test", "/c/1")
    web.html("b.test", "/c/")
    both = Sources((source(web, depth=1), source(web, "b.test", resource="second")))
    told: list[Progress] = []
    crawl(
        both, out, resources={"first"}, options=FAST, make_fetcher=web.fetcher,
        progress=told.append, stop=lambda: bool(told),
    )  # fmt: skip
    crawl(both, out, resources={"second"}, options=FAST, make_fetcher=web.fetcher)
    assert read_known(out).keys() >= {web.url("a.test", "/c/"), web.url("b.test", "/c/")}


def test_a_time_limit_ends_the_run_and_says_so(web: WebServer, out: Path) -> None:
    web.html("a.test", "/c/")
    report = go(web, out, source(web), options=replace(FAST, max_seconds=0.0))
    assert not report.complete
    assert web.seen == []


def test_damaged_state_files_cost_a_fetch_and_no_traceback(web: WebServer, out: Path) -> None:
    web.html("a.test", "/c/")
    out.mkdir()
    (out / "crawl.jsonl").write_bytes(b'\x00\xff{"event":\n[]\n{"event":"found","x":1}\n{"event":"run"}\n')
    (out / "known.jsonl").write_text(json.dumps({"outcome": {"url": "x"}, "held": None}) + "\n{")
    assert counts(go(web, out, source(web))) == {"fetched": 1}


# --- helpers -----------------------------------------------------------------------------------


def source(
    web: WebServer, host: str = "a.test", *, resource: str = "first", depth: int = 0,
    max_pages: int = 100, sitemap: bool = False,
) -> Source:  # fmt: skip
    """A source of everything below /c/ of a host."""
    place = web.url(host, "/c/")
    return Source(
        id=host, resource=resource, title=host, access="open", start=(place,), prefixes=(place,),
        depth=depth, max_pages=max_pages, sitemap=sitemap,
    )  # fmt: skip


def go(
    web: WebServer, out: Path, *sources: Source, options: CrawlOptions = FAST,
    limits: FetchLimits = QUICK, caps: Caps | None = None, tries: int = 3,
) -> CrawlReport:  # fmt: skip
    """Crawl `sources` of the test server."""
    chosen = replace(options, run=RunOptions(max_tries=tries), caps=caps or options.caps)
    return crawl(Sources(sources), out, options=chosen, make_fetcher=lambda: web.fetcher(limits))


def counts(report: CrawlReport) -> dict[str, int]:
    """How many outcomes per status, zeros left out; the report's own counts must agree."""
    total: dict[str, int] = {}
    for outcome in report.outcomes:
        total[outcome.status.value] = total.get(outcome.status.value, 0) + 1
    assert sum(c.fetched for c in report.resources) == total.get("fetched", 0)
    assert sum(c.blocked for c in report.resources) == total.get("blocked", 0)
    assert sum(c.refused for c in report.resources) == total.get("refused", 0)
    assert sum(c.not_modified for c in report.resources) == total.get("not-modified", 0)
    return total


def reasons(report: CrawlReport, status: PageStatus) -> list[str]:
    """The reasons of all outcomes with one status, in the order in which they came."""
    return [outcome.reason for outcome in report.outcomes if outcome.status is status]


def warc_records(report: CrawlReport) -> list[tuple[str, str, bytes]]:
    """(type, address, content) of every whole record, as warcio reads them."""
    found: list[tuple[str, str, bytes]] = []
    for path in report.warc_files:
        with path.open("rb") as file:
            try:
                for record in ArchiveIterator(file):
                    url = record.rec_headers.get_header("WARC-Target-URI") or ""
                    found.append((record.rec_type, url, record.content_stream().read()))
            except EOFError:
                continue
    return found


def sitemap(urls: Sequence[str], kind: str = "url") -> bytes:
    """A sitemap, or an index of sitemaps."""
    root = "sitemapindex" if kind == "sitemap" else "urlset"
    items = "".join(f"<{kind}><loc>{url}</loc></{kind}>" for url in urls)
    return f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{items}</{root}>'.encode()


def _twice_then_good(status: int, retry: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """First `status` with a Retry-After, then a page."""
    tried: list[int] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        tried.append(1)
        first = len(tried) == 1
        send(handler, Page(b"", status, (("Retry-After", retry),)) if first else Page(b"<p>ok</p>"))

    return answer


def _versioned(body: bytes, etag: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """A page that answers 304 to whoever has this version."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        same = handler.headers.get("If-None-Match") == etag
        tag = ("ETag", etag)
        send(handler, Page(b"", 304, (tag,)) if same else Page(body, headers=(HTML, tag)))

    return answer
