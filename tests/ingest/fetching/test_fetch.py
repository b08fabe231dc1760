"""One fetch: where it may go, how much it takes, how long it waits. Against a real server."""

from __future__ import annotations

import gzip
import shutil
import ssl
import subprocess
import threading
import time
import zlib
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from ingest.fetching.fetch import Fetcher, FetchLimits, Validators
from ingest.fetching.netguard import (
    AddressRefused,
    BadEncoding,
    DeadlineExceeded,
    FetchError,
    NoAnswer,
    TooLarge,
    TooManyRedirects,
    why_not_public,
)
from tests.webserver import QUICK, Handler, Page, WebServer

HTML = ("Content-Type", "text/html")


@pytest.fixture
def web() -> Iterator[WebServer]:
    with WebServer() as server:
        yield server


def test_a_page_comes_with_its_headers_and_says_who_asked(web: WebServer) -> None:
    web.html("a.test", "/x", "hello")
    with web.fetcher() as fetcher:
        answer = fetcher.fetch_hop(web.url("a.test", "/x#part"))
    assert answer.status == 200
    assert b"hello" in answer.body
    assert answer.header("CONTENT-type") == "text/html; charset=utf-8"
    asked = web.seen[0].headers
    assert asked["user-agent"].startswith("roadmap-assistant/")
    assert "+https://" in asked["user-agent"]
    assert "cookie" not in asked


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("127.0.0.1", "loopback"), ("::1", "loopback"), ("::ffff:127.0.0.1", "loopback"),
        ("64:ff9b::7f00:1", "loopback"), ("2002:7f00:1::", "loopback"), ("10.2.3.4", "private"),
        ("172.16.0.1", "private"), ("192.168.1.1", "private"), ("fd00::1", "private"),
        ("fec0::1", "private"), ("169.254.169.254", "link-local"), ("fe80::1%eth0", "link-local"),
        ("224.0.0.1", "multicast"), ("ff02::1", "multicast"), ("::ffff:224.0.0.1", "multicast"),
        ("0.0.0.0", "unspecified"), ("::", "unspecified"), ("100.64.0.1", "reserved"),
        ("::7f00:1", "reserved"), ("nonsense", "malformed"),
        ("93.184.216.34", ""), ("2606:4700::1111", ""), ("64:ff9b::808:808", ""),
    ],
)  # fmt: skip
def test_only_public_addresses_are_connected_to(address: str, kind: str) -> None:
    assert why_not_public(address) == kind


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "ftp://a.test/x", "data:text/html,x", "gopher://a.test/",
        "http://user@a.test/", "http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/latest",
        "http://[::ffff:10.0.0.1]/", "http://224.0.0.1/", "http://0.0.0.0/", "http://999.1.1.1/",
        "http://xn--a.test/",
    ],
)  # fmt: skip
def test_other_schemes_and_private_addresses_are_refused(web: WebServer, url: str) -> None:
    with web.fetcher() as fetcher, pytest.raises(AddressRefused):
        fetcher.fetch(url)
    assert web.seen == []


def test_the_systems_resolver_is_checked_too() -> None:
    with Fetcher(QUICK) as fetcher:
        for url in ("http://localhost:9/", "http://2130706433:9/", "http://0x7f.1:9/"):
            with pytest.raises(AddressRefused, match="loopback"):
                fetcher.fetch(url)


def test_a_private_address_is_refused_at_the_second_redirect(web: WebServer) -> None:
    web.redirect("a.test", "/1", "/2")
    web.redirect("a.test", "/2", "http://10.0.0.1/secret")
    with web.fetcher() as fetcher, pytest.raises(AddressRefused, match=r"private address 10\.0\.0\.1"):
        fetcher.fetch(web.url("a.test", "/1"))
    assert web.paths("a.test") == ["/1", "/2"]


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://a.test/", "data:text/html,x"])
def test_a_redirect_to_another_scheme_is_refused(web: WebServer, target: str) -> None:
    web.redirect("a.test", "/1", target)
    with web.fetcher() as fetcher, pytest.raises(AddressRefused, match="neither http nor https"):
        fetcher.fetch(web.url("a.test", "/1"))


def test_another_port_of_the_allowed_address_is_refused(web: WebServer) -> None:
    with WebServer() as other:
        other.html("b.test", "/")
        web.redirect("a.test", "/1", other.url("b.test"))
        with web.fetcher() as fetcher, pytest.raises(AddressRefused, match="loopback"):
            fetcher.fetch(web.url("a.test", "/1"))
        assert other.seen == []


def test_a_name_that_changes_its_address_is_never_connected_to_unchecked(web: WebServer) -> None:
    """Rebinding: every look-up is the one that is connected to, so a change is always seen."""
    answers = iter([["127.0.0.1"], ["127.0.0.2"], ["127.0.0.1", "10.0.0.1"]])
    asked: list[str] = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return next(answers)

    web.routes["r.test", "/"] = Page(b"x", headers=(HTML, ("Connection", "close")))
    allowed = frozenset({web.address})
    with Fetcher(QUICK, resolver=rebinding, allowed_private=allowed) as fetcher:
        assert fetcher.fetch(web.url("r.test")).body == b"x"
        assert asked == ["r.test"]
        with pytest.raises(AddressRefused, match=r"127\.0\.0\.2"):
            fetcher.fetch(web.url("r.test"))
        with pytest.raises(AddressRefused, match=r"10\.0\.0\.1"):
            fetcher.fetch(web.url("r.test"))
    assert len(web.seen) == 1


def test_an_unknown_name_and_a_closed_port_are_no_answer(web: WebServer) -> None:
    with web.fetcher() as fetcher, pytest.raises(NoAnswer, match="is not known"):
        fetcher.fetch("http://nowhere.example/")
    with WebServer() as gone:
        address, url = gone.address, gone.url("a.test")
    allowed = frozenset({address})
    fetcher = Fetcher(QUICK, resolver=gone.resolve, allowed_private=allowed)
    with fetcher, pytest.raises(NoAnswer):
        fetcher.fetch(url)


def test_redirects_are_followed_up_to_ten_and_no_further(web: WebServer) -> None:
    for number in range(20):
        web.redirect("a.test", f"/{number}", f"/{number + 1}")
    web.html("a.test", "/20", "the end")
    with web.fetcher() as fetcher:
        answer = fetcher.fetch(web.url("a.test", "/10"))
        assert b"the end" in answer.body
        assert len(web.seen) == 11
        with pytest.raises(TooManyRedirects):
            fetcher.fetch(web.url("a.test", "/9"))


def test_one_connection_serves_many_requests(web: WebServer) -> None:
    web.html("a.test", "/")
    with web.fetcher() as fetcher:
        for _ in range(5):
            fetcher.fetch(web.url("a.test"))
    assert len({seen.connection for seen in web.seen}) == 1


def test_a_gzip_bomb_stops_at_the_limit_of_decoded_bytes(web: WebServer) -> None:
    bomb = _bomb(1_000_000_000)
    assert len(bomb) < 1_100_000
    web.routes["a.test", "/bomb"] = Page(bomb, headers=(HTML, ("Content-Encoding", "gzip")))
    started = time.monotonic()
    limits = FetchLimits(max_bytes=2_000_000, total=5)
    with web.fetcher(limits) as fetcher, pytest.raises(TooLarge, match="2000000 bytes"):
        fetcher.fetch(web.url("a.test", "/bomb"))
    assert time.monotonic() - started < 2


def test_a_large_plain_page_is_refused_or_cut(web: WebServer) -> None:
    web.routes["a.test", "/large"] = Page(b"x" * 300_000, headers=(HTML,))
    with web.fetcher() as fetcher:
        with pytest.raises(TooLarge):
            fetcher.fetch(web.url("a.test", "/large"))
        answer = fetcher.fetch(web.url("a.test", "/large"), cut_at=1_000)
    assert len(answer.body) == 1_000


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        pytest.param("gzip", gzip.compress(b"words"), id="gzip"),
        pytest.param("gzip", gzip.compress(b"wor") + gzip.compress(b"ds"), id="gzip in two members"),
        pytest.param("deflate", zlib.compress(b"words"), id="deflate"),
        pytest.param("deflate", zlib.compress(b"words")[2:-4], id="deflate without its frame"),
        pytest.param("identity", b"words", id="identity"),
    ],
)
def test_compressed_bodies_are_decoded(web: WebServer, encoding: str, body: bytes) -> None:
    web.routes["a.test", "/"] = Page(body, headers=(HTML, ("Content-Encoding", encoding)))
    with web.fetcher() as fetcher:
        assert fetcher.fetch(web.url("a.test")).body == b"words"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        pytest.param("br", b"x", id="br"),
        pytest.param("gzip, gzip", b"x", id="gzip twice"),
        pytest.param("gzip", b"not gzip", id="not gzip"),
        pytest.param("gzip", gzip.compress(b"x" * 99)[:-9], id="gzip that was cut"),
    ],
)
def test_a_compression_that_cannot_be_undone_is_refused(web: WebServer, encoding: str, body: bytes) -> None:
    web.routes["a.test", "/"] = Page(body, headers=(HTML, ("Content-Encoding", encoding)))
    with web.fetcher() as fetcher, pytest.raises(BadEncoding):
        fetcher.fetch(web.url("a.test"))


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "utf-8", "text/html", "gzip, gzip", "none"])
@pytest.mark.parametrize(
    "body", [b"<!doctype html><p>words", b"\xef\xbb\xbf <html>", b"User-agent: *\nAllow: /", b"<p>x"]
)
def test_a_page_that_is_not_encoded_is_taken_whatever_its_header_says(
    web: WebServer, encoding: str, body: bytes
) -> None:
    web.routes["a.test", "/"] = Page(body, headers=(HTML, ("Content-Encoding", encoding)))
    with web.fetcher() as fetcher:
        assert fetcher.fetch(web.url("a.test")).body == body


def test_a_refresh_header_beside_a_page_is_a_redirect_and_one_that_reloads_it_is_not(web: WebServer) -> None:
    web.routes["a.test", "/old"] = Page(b"<p>moved", headers=(HTML, ("Refresh", "0; url=/new")))
    web.routes["a.test", "/new"] = Page(b"<p>new", headers=(HTML, ("Refresh", "5; url=/new")))
    with web.fetcher() as fetcher:
        assert fetcher.fetch(web.url("a.test", "/old")).body == b"<p>new"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_an_encoded_body_of_no_bytes_is_empty(web: WebServer, encoding: str) -> None:
    web.routes["a.test", "/"] = Page(b"", headers=(HTML, ("Content-Encoding", encoding)))
    with web.fetcher() as fetcher:
        assert fetcher.fetch(web.url("a.test")).body == b""


@pytest.mark.parametrize(
    ("encoding", "body"), [("gzip", b""), ("gzip", b"not gzip"), ("br", b"x"), ("identity", b"x" * 300_000)]
)
@pytest.mark.parametrize("status", [301, 304, 404, 503])
def test_a_body_that_cannot_be_taken_does_not_hide_the_status(
    web: WebServer, status: int, encoding: str, body: bytes
) -> None:
    headers = (HTML, ("Content-Encoding", encoding), ("Location", "/next"))
    web.routes["a.test", "/"] = Page(b"" if status == 304 else body, status, headers)
    with web.fetcher() as fetcher:
        answer = fetcher.fetch_hop(web.url("a.test"))
    assert (answer.status, answer.body) == (status, b"")


@pytest.mark.parametrize("part", ["headers", "body"])
def test_a_slow_drip_ends_at_the_total_deadline(web: WebServer, part: str) -> None:
    web.routes["a.test", "/drip"] = _drip(b"" if part == "body" else b"X-Slow: ")
    started = time.monotonic()
    with web.fetcher(FetchLimits(total=0.6, read=5)) as fetcher, pytest.raises(NoAnswer):
        fetcher.fetch(web.url("a.test", "/drip"))
    assert 0.4 < time.monotonic() - started < 1.5


def test_a_host_that_says_nothing_ends_at_the_read_timeout(web: WebServer) -> None:
    web.routes["a.test", "/hang"] = lambda handler: time.sleep(1.5)
    started = time.monotonic()
    with web.fetcher(FetchLimits(read=0.3)) as fetcher, pytest.raises(NoAnswer, match="in time"):
        fetcher.fetch(web.url("a.test", "/hang"))
    assert time.monotonic() - started < 1.2


def test_a_fetch_can_be_cancelled_from_another_thread(web: WebServer) -> None:
    web.routes["a.test", "/hang"] = lambda handler: time.sleep(1.5)
    with web.fetcher(FetchLimits(read=10)) as fetcher:
        threading.Timer(0.2, fetcher.cancel).start()
        started = time.monotonic()
        with pytest.raises(FetchError):
            fetcher.fetch(web.url("a.test", "/hang"))
        assert time.monotonic() - started < 1.0
        with pytest.raises(DeadlineExceeded):
            fetcher.fetch(web.url("a.test", "/hang"))


@pytest.mark.parametrize("ending", ["deadline", "cancel"])
def test_a_name_that_is_looked_up_for_ever_ends_like_a_slow_page(ending: str) -> None:
    free = threading.Event()

    def resolve(host: str, port: int) -> Sequence[str]:
        free.wait(5)
        return ()

    fetcher = Fetcher(FetchLimits(total=0.3 if ending == "deadline" else 5), resolver=resolve)
    if ending == "cancel":
        threading.Timer(0.1, fetcher.cancel).start()
    started = time.monotonic()
    with fetcher, pytest.raises(DeadlineExceeded):
        fetcher.fetch("http://slow.test/")
    assert time.monotonic() - started < 1.5
    free.set()


def test_an_answer_that_is_not_http_is_no_answer(web: WebServer) -> None:
    def nonsense(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"\x00\x01 nonsense\r\n\r\n")
        handler.close_connection = True

    web.routes["a.test", "/"] = nonsense
    with web.fetcher() as fetcher, pytest.raises(NoAnswer, match="no usable answer"):
        fetcher.fetch(web.url("a.test"))


def test_a_body_that_is_not_wanted_is_not_read(web: WebServer) -> None:
    web.routes["a.test", "/v"] = Page(b"x" * 100_000, headers=(("Content-Type", "video/mp4"),))
    with web.fetcher() as fetcher:
        answer = fetcher.fetch_hop(web.url("a.test", "/v"), wants=lambda kind: "video" not in kind)
    assert answer.body == b""


def test_a_conditional_request_sends_what_the_site_sent(web: WebServer) -> None:
    web.routes["a.test", "/"] = Page(b"", 304, (("ETag", '"1"'),))
    with web.fetcher() as fetcher:
        answer = fetcher.fetch_hop(web.url("a.test"), Validators('"1"', "Mon, 01 Jan 2024 00:00:00 GMT"))
    assert answer.status == 304
    assert web.seen[0].headers["if-none-match"] == '"1"'
    assert web.seen[0].headers["if-modified-since"] == "Mon, 01 Jan 2024 00:00:00 GMT"


def test_cookies_are_not_kept(web: WebServer) -> None:
    web.routes["a.test", "/"] = Page(b"x", headers=(HTML, ("Set-Cookie", "id=1")))
    with web.fetcher() as fetcher:
        fetcher.fetch(web.url("a.test"))
        fetcher.fetch(web.url("a.test"))
    assert "cookie" not in web.seen[1].headers


def test_a_proxy_of_the_environment_is_not_used(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    web.html("a.test", "/")
    with web.fetcher() as fetcher:
        assert fetcher.fetch(web.url("a.test")).status == 200


def _bomb(size: int) -> bytes:
    """One gzip stream of `size` zeros, made of one piece repeated (a full flush allows that)."""
    block = bytes(10_000_000)
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    first = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + again * (size // len(block) - 1) + packer.flush()


def _drip(header: bytes) -> Handler:
    """Send a byte every 50 ms, within a header or within the body, for ever."""

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + header)
        if not header:
            handler.wfile.write(b"Content-Length: 100000\r\n\r\n")
        for _ in range(60):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)
        handler.close_connection = True

    return drip


def test_tls_still_sees_the_name_and_its_certificate_is_checked(tmp_path: Path) -> None:
    """The connection goes to a checked address; SNI, `Host` and the certificate keep the name."""
    pem = _certificate(tmp_path, "secure.test")
    names: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    context.sni_callback = lambda sock, name, ctx: names.append(name)
    with WebServer(tls=context) as web:
        web.html("secure.test", "/", "safe")
        trusting = ssl.create_default_context(cafile=str(pem))
        allowed = frozenset({web.address})
        with Fetcher(QUICK, resolver=web.resolve, allowed_private=allowed, ssl_context=trusting) as fetcher:
            answer = fetcher.fetch(f"https://secure.test:{web.port}/")
            assert b"safe" in answer.body
            with pytest.raises(NoAnswer, match="CERTIFICATE"):
                fetcher.fetch(f"https://other.test:{web.port}/")
        assert names == ["secure.test", "other.test"]
        with web.fetcher() as fetcher, pytest.raises(NoAnswer, match="CERTIFICATE"):
            fetcher.fetch(f"https://secure.test:{web.port}/")


def _certificate(folder: Path, name: str) -> Path:
    """A self-signed certificate with its key, by the openssl command."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    key, cert, both = folder / "key.pem", folder / "cert.pem", folder / "both.pem"
    subprocess.run(
        [
            openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-keyout", str(key), "-out", str(cert), "-subj", f"/CN={name}",
            "-addext", f"subjectAltName=DNS:{name}",
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    both.write_bytes(key.read_bytes() + cert.read_bytes())
    return both
