"""The WARC file that a crawl writes: one page after the other, on disk before it counts.

Each record is a gzip member of its own, and the file is flushed to the disk after each page, so a
killed run leaves a file that reads well up to a last, possibly cut, record. A new part is begun
after every start: nothing is ever appended behind a cut record. Knows nothing of the frontier.
"""

from __future__ import annotations

import os
from base64 import b32encode
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha1
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from ingest.archive.warcfile import RawRecord, read_records
from ingest.fetching.fetch import USER_AGENT, Fetched

NOT_MODIFIED_PROFILE = "http://netpreserve.org/warc/1.0/revisit/server-not-modified"
_ORIGINAL = "X-Archive-Orig-"
_REWRITTEN = frozenset({"content-encoding", "transfer-encoding", "content-length"})
"""Headers that are true of the bytes on the wire, and no longer of the decoded body here."""


@dataclass(frozen=True, slots=True)
class Held:
    """Where the last good body of a page is: a record at `offset` of `file`, in the crawl's folder."""

    file: str
    offset: int
    digest: str
    date: str
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""


class WarcLog:
    """Appends records to `folder/pages-RUN-NN.warc.gz`; opened when first written to."""

    def __init__(self, folder: Path, run: str) -> None:
        self._folder = folder
        self._run = run
        self._writer: WARCWriter | None = None
        self._path = folder

    def response(self, answer: Fetched) -> Held:
        """Write what was asked and what came, synced; says where it is."""
        writer = self._open()
        offset = self._path.stat().st_size
        record = writer.create_warc_record(
            answer.url,
            "response",
            payload=BytesIO(answer.body),
            length=len(answer.body),
            http_headers=_answer_headers(answer),
            warc_headers_dict={"WARC-Date": _iso(answer.at)},
        )
        writer.write_request_response_pair(self._request(writer, answer), record)
        self._sync()
        digest = str(record.rec_headers.get_header("WARC-Payload-Digest"))
        return Held(
            self._path.name,
            offset,
            digest,
            _iso(answer.at),
            answer.header("content-type"),
            answer.header("etag"),
            answer.header("last-modified"),
        )

    def revisit(self, answer: Fetched, held: Held) -> None:
        """Write that the site stands by the body that `held` points to (304)."""
        writer = self._open()
        record = writer.create_revisit_record(
            answer.url,
            held.digest,
            answer.url,
            held.date,
            http_headers=_answer_headers(answer),
            warc_headers_dict={"WARC-Date": _iso(answer.at)},
        )
        record.rec_headers.replace_header("WARC-Profile", NOT_MODIFIED_PROFILE)
        writer.write_request_response_pair(self._request(writer, answer), record)
        self._sync()

    def metadata(self, url: str, fields: Iterable[tuple[str, str]]) -> None:
        """Write what was not taken and why, as warc-fields."""
        text = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in fields)
        payload = text.encode("utf-8")
        writer = self._open()
        record = writer.create_warc_record(url, "metadata", payload=BytesIO(payload), length=len(payload))
        writer.write_record(record)
        self._sync()

    def close(self) -> None:
        """Sync and close the file, if any was opened."""
        if self._writer is not None:
            self._writer.out.close()
            self._writer = None

    def _open(self) -> WARCWriter:
        if self._writer is None:
            self._path = self._next_part()
            self._writer = WARCWriter(self._path.open("xb"), gzip=True)
            info = {"software": USER_AGENT, "format": "WARC File Format 1.0", "robots": "obey"}
            self._writer.write_record(self._writer.create_warcinfo_record(self._path.name, info))
        return self._writer

    def _next_part(self) -> Path:
        number = 1
        while (path := self._folder / f"pages-{self._run}-{number:02d}.warc.gz").exists():
            number += 1
        return path

    def _request(self, writer: WARCWriter, answer: Fetched) -> object:
        parts = urlsplit(answer.url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = StatusAndHeaders(f"GET {target} HTTP/1.1", list(answer.request_headers), is_http_request=True)
        return writer.create_warc_record(answer.url, "request", http_headers=headers)

    def _sync(self) -> None:
        assert self._writer is not None  # noqa: S101 -- every caller opened it
        self._writer.out.flush()
        os.fsync(self._writer.out.fileno())


def read_body(folder: Path, held: Held) -> bytes | None:
    """The body that `held` points to, or None when it is not there any more, or damaged."""
    try:
        with closing(read_records(folder / held.file, held.offset)) as records:
            record = next(records, None)
    except OSError:
        return None
    if not isinstance(record, RawRecord):
        return None
    body = record.block.partition(b"\r\n\r\n")[2]
    return body if _digest(body) == held.digest else None


def _digest(body: bytes) -> str:
    """As warcio states it in a record's `WARC-Payload-Digest`."""
    return f"sha1:{b32encode(sha1(body, usedforsecurity=False).digest()).decode()}"


def _answer_headers(answer: Fetched) -> StatusAndHeaders:
    kept: list[tuple[str, str]] = []
    for name, value in answer.headers:
        kept.append((_ORIGINAL + name if name.lower() in _REWRITTEN else name, value))
    kept.append(("Content-Length", str(len(answer.body))))
    return StatusAndHeaders(f"{answer.status} {answer.reason}", kept, protocol="HTTP/1.1")


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
