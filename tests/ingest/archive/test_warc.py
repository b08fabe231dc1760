"""WARC files of every kind -> pages and refusals: real files, a real wget, and damage on purpose."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
import threading
import time
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.archive.warc import Page, Refusal, holds_pages, read_pages
from ingest.archive.warcfile import MAX_RAW

SHARED = Path(__file__).parents[3].parent / "shared"
HTML = b"<!DOCTYPE html><html><head><title>T</title></head><body><p>Hello, reader.</p></body></html>"
URL = "https://docs.example.org/a"
DATE = "2026-11-22T10:00:00Z"


def record(
    url: str = URL,
    body: bytes = HTML,
    status: str = "200 OK",
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),),
    kind: str = "response",
    extra: dict[str, str] | None = None,
    packed: bool = False,
) -> bytes:
    """One WARC record; `packed` makes it a gzip member of its own."""
    if kind == "response":
        head = "".join(f"{name}: {value}\r\n" for name, value in headers)
        body = f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body
    media = "application/http; msgtype=response" if kind == "response" else "text/html"
    fields = {"WARC-Type": kind, "WARC-Target-URI": url, "WARC-Date": DATE, "Content-Type": media, **(extra or {})}
    start = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    whole = f"WARC/1.0\r\n{start}Content-Length: {len(body)}\r\n\r\n".encode() + body + b"\r\n\r\n"
    return gzip.compress(whole, mtime=0) if packed else whole


def read(path: Path, *parts: bytes) -> list[Page | Refusal]:
    path.write_bytes(b"".join(parts))
    return list(read_pages([path]))


def only(outcomes: list[Page | Refusal]) -> Page | Refusal:
    assert len(outcomes) == 1
    return outcomes[0]


def refusal(outcomes: list[Page | Refusal]) -> Refusal:
    one = only(outcomes)
    assert isinstance(one, Refusal)
    return one


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "pages.warc"


@pytest.mark.parametrize("packed", [False, True])
def test_a_page_is_taken_with_its_date_and_charset(file: Path, packed: bool) -> None:
    headers = (("Content-Type", "text/html; charset=ISO-8859-1"), ("ETag", '"abc"'))
    page = only(read(file, record(headers=headers, packed=packed)))
    assert page == Page(URL, DATE, HTML, "iso-8859-1")


@pytest.mark.parametrize(
    ("stated", "date"),
    [
        ("2026-11-22T10:00:00.123456Z", DATE),
        ("2026-11-22T12:00:00+02:00", DATE),
        ("2026-11-22T10:00:00", DATE),
        ("yesterday", ""),
        ("20261122100000", ""),
        ("0001-01-01T00:00:00+02:00", ""),
        ("", ""),
    ],
)
def test_a_date_is_utc_to_the_second_and_what_is_none_is_no_date(file: Path, stated: str, date: str) -> None:
    pages = read(file, record(extra={"WARC-Date": stated}), record(status="404 Not Found", extra={"WARC-Date": stated}))
    assert [page.fetched_at for page in pages] == [date, date]


@pytest.mark.parametrize("ahead", [timedelta(days=2), timedelta(days=400 * 365)])
def test_a_date_that_has_not_come_is_no_date(file: Path, ahead: timedelta) -> None:
    stated = (datetime.now(UTC) + ahead).isoformat()
    assert only(read(file, record(extra={"WARC-Date": stated}))).fetched_at == ""


def test_a_refresh_header_says_where_the_page_has_moved(file: Path) -> None:
    one = refusal(read(file, record(headers=(("Content-Type", "text/html"), ("Refresh", "0; url=/new")))))
    assert (one.status, one.reason) == ("moved", f"{URL} has moved to https://docs.example.org/new.")


def zstd(*parts: bytes, dictionary: bytes = b"", packed: bool = False) -> bytes:
    """A `.warc.zst`: a frame a record, before them a skipped frame with the dictionary, which may be packed itself."""
    known = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
    frames = b"".join(zstandard.ZstdCompressor(dict_data=known).compress(part) for part in parts)
    inner = zstandard.compress(dictionary) if packed else dictionary
    return (b"\x5d\x2a\x4d\x18" + len(inner).to_bytes(4, "little") + inner if dictionary else b"") + frames


@pytest.mark.parametrize(("dictionary", "packed"), [(b"", False), (record() * 3, False), (record() * 3, True)])
def test_zstd_is_read_with_its_dictionary(file: Path, dictionary: bytes, packed: bool) -> None:
    records = [record(f"{URL}/{number}") for number in range(3)]
    whole = zstd(*records, dictionary=dictionary, packed=packed)
    assert [page.url for page in read(file, whole)] == [f"{URL}/{number}" for number in range(3)]


def test_a_damaged_frame_of_zstd_costs_its_record_only(file: Path) -> None:
    first, second, third = (bytearray(zstandard.compress(record(f"{URL}/{number}"))) for number in range(3))
    second[6:12] = b"\xff" * 6
    outcomes = read(file, bytes(first + second + third))
    assert [outcome.url for outcome in outcomes] == [f"{URL}/0", file.name, f"{URL}/2"]
    cut = read(file, bytes(first + third)[:-20])
    assert [type(outcome) for outcome in cut] == [Page, Refusal]


def wacz(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), body)
    return path


def test_the_warc_files_of_a_wacz_are_read(tmp_path: Path) -> None:
    parts = {
        "datapackage_json": b"{}",
        "archive__a_warc_gz": record(packed=True),
        "archive__b_warc": record(f"{URL}/b"),
    }
    path = wacz(tmp_path / "pages.wacz", **parts)
    assert [page.url for page in read_pages([path])] == [URL, f"{URL}/b"]
    assert holds_pages(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (gzip.compress(b""), "is empty"),
        (gzip.compress(b"") * 2, "is empty"),
        (zstandard.compress(b""), "is empty"),
        (gzip.compress(HTML), "is damaged at byte 0: no WARC record begins here"),
        (b"PK\x03\x04", "is a ZIP (WACZ) that was cut or is damaged: if it can be opened, unpack it, its WARC files"),
        (HTML, "is an HTML page and no WARC file"),
        (b"%PDF-1.7", "is a PDF and no WARC file"),
        (b"hello", "is damaged at byte 0: no WARC record begins here"),
    ],
    # Named by hand: a gzip member holds the time of its making, and the workers of a run must collect the same names.
    ids=(
        "nothing",
        "blanks",
        "gzip of nothing",
        "two of nothing",
        "zstd of nothing",
        "gzip of a page",
        "ZIP that was cut",
        "page",
        "PDF",
        "words",
    ),
)
def test_a_file_of_another_kind_is_named_for_what_it_is(file: Path, content: bytes, words: str) -> None:
    one = refusal(read(file, content))
    assert one.reason.startswith(f"The file 'pages.warc' {words}")
    assert not holds_pages(file)


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_without_a_page_says_what_it_holds(file: Path, packed: bool) -> None:
    kinds = ("warcinfo", "request", "request", "metadata")
    whole = b"".join(record(kind=kind, packed=packed) for kind in kinds)
    one = refusal(read(file, whole))
    assert "holds no page" in one.reason
    assert "(1 metadata, 2 request, 1 warcinfo)" in one.reason
    assert not holds_pages(file)
    assert [type(outcome) for outcome in read(file, whole + record(packed=packed))] == [Page]
    assert holds_pages(file)


def test_a_zip_without_warc_files_and_one_of_wacz_files_say_so(tmp_path: Path) -> None:
    assert "without a WARC file" in refusal(list(read_pages([wacz(tmp_path / "a.zip", a_txt=b"x")]))).reason
    assert "unpack it and import in.wacz" in refusal(list(read_pages([wacz(tmp_path / "b.zip", in_wacz=b"x")]))).reason


def test_a_file_that_was_gzipped_as_a_whole_is_read(file: Path) -> None:
    whole = gzip.compress(b"".join(record(f"{URL}/{number}") for number in range(3)))
    assert [page.url for page in read(file, whole)] == [f"{URL}/{number}" for number in range(3)]


def test_the_fragment_and_the_brackets_of_old_wgets_are_left_out_of_the_address(file: Path) -> None:
    text = record().replace(URL.encode(), b"<" + URL.encode() + b"#part>")
    assert only(read(file, text)).url == URL


def chunked(body: bytes, size: int = 7, trailer: bytes = b"") -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x;x=1\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n" + trailer + b"\r\n"


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


def brotli(body: bytes) -> bytes:
    return pytest.importorskip("brotli").compress(body)


def quick_brotli(body: bytes) -> bytes:
    return pytest.importorskip("brotli").compress(body, quality=3)


ENCODED = {
    "chunked": ("", True, HTML),
    "gzip": ("gzip", False, gzip.compress(HTML, mtime=0)),
    "x-gzip": ("x-gzip", False, gzip.compress(HTML, mtime=0)),
    "gzip in two members": ("gzip", False, gzip.compress(HTML[:20], mtime=0) + gzip.compress(HTML[20:])),
    "deflate": ("deflate", False, zlib.compress(HTML)),
    "deflate without its frame": ("deflate", False, raw_deflate(HTML)),
    "chunked gzip": ("gzip", True, gzip.compress(HTML, mtime=0)),
    "gzip twice": ("gzip, gzip", False, gzip.compress(gzip.compress(HTML, mtime=0))),
    "not encoded whatever the header says": ("gzip", False, HTML),
    "not deflated whatever the header says": ("deflate", False, HTML),
    "identity": ("identity", False, HTML),
}


@pytest.mark.parametrize("name", ENCODED)
def test_a_body_is_decoded(file: Path, name: str) -> None:
    encoding, in_chunks, body = ENCODED[name]
    headers = [("Content-Type", "text/html"), ("Content-Encoding", encoding)]
    if in_chunks:
        headers.append(("Transfer-Encoding", "chunked"))
        body = chunked(body, trailer=b"X-Trailer: 1\r\n")
    page = only(read(file, record(body=body, headers=tuple(headers))))
    assert isinstance(page, Page)
    assert page.body == HTML


def test_a_brotli_body_is_decoded(file: Path) -> None:
    headers = (("Content-Type", "text/html"), ("Content-Encoding", "br"))
    page = only(read(file, record(body=brotli(HTML), headers=headers)))
    assert isinstance(page, Page)
    assert page.body == HTML


def test_a_body_that_is_not_chunked_although_its_header_says_so_is_taken(file: Path) -> None:
    headers = (("Content-Type", "text/html"), ("Transfer-Encoding", "chunked"))
    page = only(read(file, record(headers=headers)))
    assert isinstance(page, Page)
    assert page.body == HTML


def test_a_chunked_body_that_was_cut_is_refused(file: Path) -> None:
    headers = (("Content-Type", "text/html"), ("Transfer-Encoding", "chunked"))
    assert "last chunk is missing" in refusal(read(file, record(body=chunked(HTML)[:-20], headers=headers))).reason


@pytest.mark.parametrize("end", [-12, 30])
def test_a_compressed_body_that_was_cut_is_refused(file: Path, end: int) -> None:
    headers = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"))
    body = gzip.compress(HTML, mtime=0)[:end]
    assert "has no end" in refusal(read(file, record(body=body, headers=headers))).reason


def test_a_damaged_compressed_body_is_refused(file: Path) -> None:
    body = bytearray(gzip.compress(HTML, mtime=0))
    body[20:24] = b"\xff\xff\xff\xff"
    headers = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"))
    assert refusal(read(file, record(body=bytes(body), headers=headers))).status == "refused"


@pytest.mark.parametrize("encoding", ["utf-8", "none", "br", "zstd", "compress", "text/html"])
def test_a_page_that_is_not_encoded_is_taken_whatever_its_header_says(file: Path, encoding: str) -> None:
    headers = (("Content-Type", "text/html"), ("Content-Encoding", encoding))
    page = only(read(file, record(headers=headers)))
    assert isinstance(page, Page)
    assert page.body == HTML


@pytest.mark.parametrize("packed", [gzip.compress(HTML, mtime=0), zstandard.compress(HTML)])
@pytest.mark.parametrize("encoding", ["", "identity", "zstd", "gzip"])
def test_a_page_that_is_packed_is_unpacked_whatever_its_header_says(file: Path, packed: bytes, encoding: str) -> None:
    headers = (("Content-Type", "text/html"), ("Content-Encoding", encoding))
    page = only(read(file, record(body=packed, headers=headers)))
    assert isinstance(page, Page)
    assert page.body == HTML


def test_an_archive_is_no_page_even_if_it_is_called_one(file: Path) -> None:
    assert "a gzip archive" in refusal(read(file, record(body=gzip.compress(b"a,b\n1,2\n", mtime=0)))).reason


def test_inline_pictures_and_programs_do_not_count_and_text_does(file: Path) -> None:
    script = b"<script>" + b"x" * 3_000_000 + b"</script><script type=math/tex>x^2</script>"
    picture = (
        b"<p>a</p><img src='data:image/png;base64," + b"A" * 5_000_000 + b"'><svg>" + b"<g/>" * 900_000 + b"</svg>"
    )
    body = b"<html>" + picture + script + b"<p>b</p>"
    page = only(read(file, record(body=body)))
    assert isinstance(page, Page)
    assert re.sub(rb"<[^>]*>", b"", page.body) == b"ax^2b"
    words = refusal(read(file, record(body=b"<html>" + b"<p>word " * 300_000)))
    assert "larger than 2,000,000 bytes decoded" in words.reason


def test_svg_that_is_never_closed_costs_no_time(file: Path) -> None:
    begun = time.monotonic()
    assert refusal(read(file, record(body=b"<html>" + b"<svg " * 1_000_000))).status == "refused"
    assert time.monotonic() - begun < 5


def test_an_unknown_encoding_is_refused_by_name(file: Path) -> None:
    headers = (("Content-Type", "text/html"), ("Content-Encoding", "compress"))
    assert "'compress'" in refusal(read(file, record(body=b"\x1f\x9d\x90<p", headers=headers))).reason


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_a_bomb_stops_at_the_limit_and_the_reason_says_so(file: Path, encoding: str) -> None:
    zeros = b" " * 30_000_000
    body = {"gzip": gzip.compress, "deflate": zlib.compress, "br": quick_brotli}[encoding](zeros)
    headers = (("Content-Type", "text/html"), ("Content-Encoding", encoding))
    outcomes = read(file, record(body=body, headers=headers), record(f"{URL}/next"))
    assert isinstance(outcomes[0], Refusal)
    assert "larger than 2,000,000 bytes decoded" in outcomes[0].reason
    assert isinstance(outcomes[1], Page)


@pytest.mark.parametrize("packed", [False, True])
def test_a_body_larger_than_is_ever_held_is_refused_and_the_next_is_read(file: Path, packed: bool) -> None:
    large = record(body=b"x" * (MAX_RAW + 1), packed=packed)
    outcomes = read(file, large, record(f"{URL}/next", packed=packed))
    assert [type(outcome) for outcome in outcomes] == [Refusal, Page]


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("401 Unauthorized", "blocked"),
        ("403 Forbidden", "blocked"),
        ("429 Too Many Requests", "blocked"),
        ("503 Service Unavailable", "blocked"),
        ("404 Not Found", "dead"),
        ("410 Gone", "dead"),
        ("204 No Content", "dead"),
        ("206 Partial Content", "refused"),
        ("301 Moved Permanently", "moved"),
        ("302 Found", "moved"),
        ("304 Not Modified", "unchanged"),
        ("999 Odd", "blocked"),
        ("Nonsense", "refused"),
    ],
)
def test_an_answer_other_than_200_is_refused_with_its_status(file: Path, status: str, word: str) -> None:
    one = refusal(read(file, record(status=status)))
    assert (one.url, one.status, one.fetched_at) == (URL, word, DATE)


def test_a_redirect_names_where_the_page_has_moved(file: Path) -> None:
    one = refusal(read(file, record(status="301 Moved", headers=(("Location", "https://new.example.org/"),))))
    assert "has moved to https://new.example.org/" in one.reason


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"%PDF-1.7\n...", "a PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a PNG picture"),
        (b"GIF89a...", "a GIF picture"),
        (b"PK\x03\x04...", "a ZIP archive"),
        (b"<p>\x00\x01\x02\x03\x04</p>" * 9, "binary data"),
    ],
)
def test_something_else_served_as_html_is_no_text(file: Path, body: bytes, word: str) -> None:
    one = refusal(read(file, record(body=body)))
    assert one.status == "not-text"
    assert word in one.reason


def test_a_stated_type_that_is_no_html_is_no_text(file: Path) -> None:
    one = refusal(read(file, record(body=b"a,b\n1,2\n", headers=(("Content-Type", "text/csv"),))))
    assert (one.status, one.reason) == ("not-text", f"{URL} is text/csv, not HTML.")


@pytest.mark.parametrize(
    "headers", [(), (("Content-Type", "application/octet-stream"),), (("Content-Type", "text/plain"),)]
)
def test_html_is_taken_whatever_its_header_says(file: Path, headers: tuple[tuple[str, str], ...]) -> None:
    assert isinstance(only(read(file, record(headers=headers))), Page)


def test_what_begins_with_a_hundred_comments_is_judged_at_once(file: Path) -> None:
    comments = b"<!-- -->" * 100
    begun = time.monotonic()
    for kind in ("text/plain", ""):
        headers = (("Content-Type", kind),)
        assert isinstance(only(read(file, record(body=comments + b"<p>words</p>", headers=headers))), Page)
        assert refusal(read(file, record(body=comments + b"words", headers=headers))).status == "not-text"
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("parameter", ["charset*" + "9" * 5000 + "=x", "charset*=a\0b''x"])
def test_a_charset_that_cannot_be_parsed_is_no_charset(file: Path, parameter: str) -> None:
    page = only(read(file, record(headers=(("Content-Type", f"text/html; {parameter}"),))))
    assert page == Page(URL, DATE, HTML, None)


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_not_taken_for_binary_data(file: Path, codec: str) -> None:
    assert isinstance(only(read(file, record(body=HTML.decode().encode(codec)))), Page)


@pytest.mark.parametrize("body", [b"", b" \r\n "])
def test_an_empty_page_is_dead(file: Path, body: bytes) -> None:
    assert refusal(read(file, record(body=body))).status == "dead"


def test_records_that_describe_a_fetch_are_passed_over(file: Path) -> None:
    kinds = [record(kind=kind) for kind in ("request", "metadata")]
    log = record("metadata://gnu.org/software/wget/warc/wget.log", kind="resource")
    assert [type(outcome) for outcome in read(file, *kinds, log, record())] == [Page]


def test_a_resource_record_is_a_page_without_http(file: Path) -> None:
    page = only(read(file, record(kind="resource")))
    assert isinstance(page, Page)
    assert page.body == HTML


def test_a_revisit_record_is_refused_with_what_to_do(file: Path) -> None:
    one = refusal(read(file, record(kind="revisit", body=b"")))
    assert one.status == "unchanged"
    assert "import the file that holds it" in one.reason


def test_what_our_crawler_did_not_take_is_told_again(file: Path) -> None:
    note = "status: blocked\r\nreason: It leads to “Anmeldung für Schüler”.\r\nresource: x\r\n".encode()
    assert read(file, record(kind="metadata", body=note)) == [
        Refusal(URL, "It leads to “Anmeldung für Schüler”.", "blocked", DATE)
    ]


@pytest.mark.parametrize("header", ["WARC-Truncated", "WARC-Segment-Number"])
def test_a_page_cut_by_its_crawler_is_refused(file: Path, header: str) -> None:
    assert "was cut" in refusal(read(file, record(extra={header: "1"}))).reason


@pytest.mark.parametrize("url", ["dns:example.org", "ftp://example.org/a", "urn:x"])
def test_an_address_that_is_not_of_the_web_is_refused(file: Path, url: str) -> None:
    assert "not the address of a web page" in refusal(read(file, record(url))).reason


def test_a_record_without_address_or_http_is_refused(file: Path) -> None:
    bare = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 4\r\n\r\nabcd\r\n\r\n"
    named = bare.replace(b"Content", b"WARC-Target-URI: " + URL.encode() + b"\r\nContent")
    assert [type(outcome) for outcome in read(file, bare, named, record())] == [Refusal, Refusal, Page]


@pytest.mark.parametrize("length", [b"", b"Content-Length: many\r\n", b"Content-Length: -5\r\n"])
def test_a_record_without_a_length_does_not_take_the_next_one_with_it(file: Path, length: bytes) -> None:
    bare = b"WARC/1.0\r\nWARC-Type: response\r\n" + length + b"\r\nabcd\r\n\r\n"
    outcomes = read(file, record(f"{URL}/1"), bare, record(f"{URL}/2"))
    assert [type(outcome) for outcome in outcomes] == [Page, Refusal, Page]


@pytest.mark.parametrize(
    "content", [b"", b"no WARC at all", b"<html></html>\n" * 9000, b"\x1f\x8b\x08garbage", b"\0" * 99]
)
def test_a_file_that_is_no_warc_is_one_refusal(file: Path, content: bytes) -> None:
    outcomes = read(file, content)
    assert [(outcome.url, type(outcome)) for outcome in outcomes] == [("pages.warc", Refusal)]


def test_a_missing_file_and_a_folder_are_refusals(tmp_path: Path, file: Path) -> None:
    file.write_bytes(record())
    outcomes = list(read_pages([tmp_path / "gone.warc", tmp_path, file]))
    assert [type(outcome) for outcome in outcomes] == [Refusal, Refusal, Page]


@pytest.mark.parametrize("packed", [False, True])
def test_a_cut_file_yields_what_was_readable_and_a_refusal_for_the_rest(file: Path, packed: bool) -> None:
    parts = [record(f"{URL}/{number}", packed=packed) for number in range(3)]
    ends = [sum(map(len, parts[: number + 1])) for number in range(3)]
    whole = b"".join(parts)
    for cut in range(1, len(whole)):
        outcomes = read(file, whole[:cut])
        pages = [outcome for outcome in outcomes if isinstance(outcome, Page)]
        complete = sum(end <= cut + 10 * packed + 4 for end in ends)
        assert sum(end <= cut for end in ends) <= len(pages) <= complete
        assert all(page.body == HTML for page in pages)
        assert len(outcomes) - len(pages) <= 1
        if min(abs(cut - end) for end in ends) > 12:
            assert len(outcomes) - len(pages) == 1


@pytest.mark.parametrize("packed", [False, True])
def test_a_record_cut_in_the_middle_of_a_file_does_not_take_the_others_with_it(file: Path, packed: bool) -> None:
    parts = [record(f"{URL}/{number}", body=HTML * 50, packed=packed) for number in range(4)]
    outcomes = read(file, parts[0], parts[1][:-200], parts[2], parts[3])
    pages = [outcome.url for outcome in outcomes if isinstance(outcome, Page)]
    assert pages == [f"{URL}/0", f"{URL}/2", f"{URL}/3"]
    assert len(outcomes) == 4


@pytest.mark.parametrize("length", [b"Content-Length: many", b"Content-Length: 9", b"Content-Length: 99000"])
@pytest.mark.parametrize("together", [1, 2, 9])
def test_a_bad_record_does_not_take_the_others_of_its_gzip_member_with_it(
    file: Path, length: bytes, together: int
) -> None:
    parts = [record(f"{URL}/{number}", body=HTML * 50) for number in range(9)]
    parts[4] = re.sub(rb"Content-Length: \d+", length, parts[4])
    members = [gzip.compress(b"".join(parts[at : at + together])) for at in range(0, 9, together)]
    outcomes = read(file, *members)
    pages = [outcome.url for outcome in outcomes if isinstance(outcome, Page)]
    assert pages == [f"{URL}/{number}" for number in range(9) if number != 4]
    assert len(outcomes) == 9


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_garbled_bytes_in_one_gzip_member_never_raise(file: Path, data: st.DataObject) -> None:
    whole = bytearray(b"".join(record(f"{URL}/{number}") for number in range(3)))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place] = data.draw(st.integers(0, 255))
    assert len(read(file, gzip.compress(bytes(whole)))) <= 8


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data(), packed=st.booleans())
def test_garbled_bytes_never_raise(file: Path, data: st.DataObject, packed: bool) -> None:
    whole = bytearray(b"".join(record(f"{URL}/{number}", packed=packed) for number in range(3)))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place] = data.draw(st.integers(0, 255))
    assert len(read(file, bytes(whole))) <= 8


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(block=st.binary(max_size=300), headers=st.text(max_size=60))
def test_any_http_answer_is_taken_or_refused(file: Path, block: bytes, headers: str) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX: {headers}\r\n\r\n".encode("utf-8", "replace")
    for payload in (block, head + block):
        start = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {URL}\r\nContent-Length: {len(payload)}\r\n\r\n"
        assert len(read(file, start.encode() + payload + b"\r\n\r\n")) == 1


@pytest.mark.skipif(not (SHARED / "pages.warc.gz").is_file(), reason="needs ../shared")
def test_all_shared_pages_are_taken() -> None:
    outcomes = [type(outcome) for outcome in read_pages([SHARED / "pages.warc.gz"])]
    assert outcomes == [Page] * 898


LINKS = b"".join(b"<a href=/%s>link</a>" % name for name in (b"packed", b"gone", b"moved", b"chunks", b"paper"))


class _Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    pages: ClassVar[dict[str, tuple[int, dict[str, str], bytes]]] = {
        "/": (
            200,
            {"Content-Type": "text/html"},
            HTML.replace(b"Hello", LINKS),
        ),
        "/packed": (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, gzip.compress(HTML, mtime=0)),
        "/moved": (302, {"Location": "/packed"}, b""),
        "/paper": (200, {"Content-Type": "text/html"}, b"%PDF-1.4 ..."),
        "/robots.txt": (200, {"Content-Type": "text/plain"}, b"User-agent: *\nAllow: /\n"),
    }

    def do_GET(self) -> None:
        if self.path == "/chunks":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(chunked(HTML))
            return
        status, headers, body = self.pages.get(self.path, (404, {"Content-Type": "text/html"}, HTML))
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.skipif(shutil.which("wget") is None, reason="needs wget")
@pytest.mark.parametrize("options", [[], ["--no-warc-compression"], ["--warc-cdx"]])
def test_what_gnu_wget_writes_is_read(site: str, tmp_path: Path, options: list[str]) -> None:
    command = ["wget", "-q", "-r", "-l1", "--no-proxy", "--compression=auto", "--warc-file=out", *options, f"{site}/"]
    subprocess.run(command, cwd=tmp_path, check=False, timeout=60)
    (path,) = tmp_path.glob("out.warc*")
    outcomes = list(read_pages([path]))
    pages = {page.url: page.body for page in outcomes if isinstance(page, Page)}
    told = {one.url.removeprefix(site): one.status for one in outcomes if isinstance(one, Refusal)}
    assert set(pages) == {f"{site}/", f"{site}/packed", f"{site}/chunks"}
    assert pages[f"{site}/packed"] == pages[f"{site}/chunks"] == HTML
    assert told == {"/gone": "dead", "/moved": "moved", "/paper": "not-text", "/robots.txt": "not-text"}
