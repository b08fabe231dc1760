"""WARC files -> pages, or refusals with their reason. Each record is taken or refused, never a crash.

Knows nothing of resources, of character sets, or of what is on a page. Records that describe a
fetch (warcinfo, request, metadata) are no pages: they are counted in the log and passed over.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_string
from email.message import Message
from io import BytesIO
from pathlib import Path
from typing import Literal, cast, get_args

from warcio.statusandheaders import StatusAndHeadersParser

from ingest.archive.container import EMPTY, what_else
from ingest.archive.payload import MAX_DECODED, PayloadError, decode_payload, why_not_html
from ingest.archive.warcfile import Damage, RawRecord, read_records
from ingest.dates import is_to_come
from ingest.fetching.refresh import refresh_target

Status = Literal["blocked", "dead", "moved", "not-text", "refused", "unchanged"]

_BOOKKEEPING = frozenset({"warcinfo", "request", "metadata"})
_STORED_WHOLE = frozenset({"resource", "conversion"})
_BLOCKING = frozenset({401, 402, 403, 407, 408, 429, 451})
_TAKEN = frozenset({200, 203})

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Page:
    """One page as fetched: `body` is decoded from transfer and content encodings, not from its charset."""

    url: str
    fetched_at: str
    """ISO 8601 time in UTC, "" where the record states none; the newest of several pages of one address wins."""
    body: bytes
    charset: str | None = None
    """What the HTTP header says, a hint only."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One address (or the file's name, where no address can be read) and why it gave no page."""

    url: str
    reason: str
    status: Status
    fetched_at: str = ""


NO_PAGE = "holds no page, only records of how it was made: give the one that the pages are in"


class _Refused(Exception):
    def __init__(self, reason: str, status: Status = "refused") -> None:
        super().__init__(reason)
        self.reason = reason
        self.status: Status = status


def read_pages(paths: Iterable[Path]) -> Iterator[Page | Refusal]:
    """The pages and refusals of WARC files, in the order of the records; one is held at a time.

    The same address may come several times: compare `fetched_at`. Never raises for what a file
    holds; a file that cannot be opened is a refusal too.
    """
    for path in paths:
        try:
            yield from _pages_of(path)
        except OSError as error:
            reason = f"The file {path.name!r} cannot be read: {error.strerror}; give the path of a WARC or WACZ file."
            yield Refusal(path.name, reason, "refused")


def holds_pages(path: Path) -> bool:
    """Whether a file has anything for us, a page or why there is none: if not, nothing was done with it."""
    try:
        return not what_else(path) and any(_is_for_us(record) for record in read_records(path))
    except OSError:
        return False


def _is_for_us(record: RawRecord | Damage) -> bool:
    return isinstance(record, RawRecord) and (not _is_bookkeeping(record) or _noted_refusal(record) is not None)


def _pages_of(path: Path) -> Iterator[Page | Refusal]:
    passed_over: Counter[str] = Counter()
    if what := what_else(path):
        yield Refusal(path.name, f"The file {path.name!r} {what}.", "refused")
        return
    is_empty = True  # what was compressed may hold nothing
    for record in read_records(path):
        is_empty = is_empty and not isinstance(record, Damage) and not _is_for_us(record)
        if isinstance(record, Damage):
            reason = f"The file {path.name!r} is damaged at byte {record.offset:,}: {record.reason}."
            yield Refusal(path.name, reason, "refused")
        elif noted := _noted_refusal(record):
            yield noted
        elif _is_bookkeeping(record):
            passed_over[record.headers.get("warc-type", "unnamed")] += 1
        else:
            yield _taken_or_refused(record, path.name)
    counts = ", ".join(f"{count} {kind}" for kind, count in sorted(passed_over.items()))
    if is_empty:
        what = f"{NO_PAGE} ({counts})" if counts else EMPTY
        yield Refusal(path.name, f"The file {path.name!r} {what}.", "refused")
    elif counts:
        _log.info("%s: passed over records that hold no page: %s", path.name, counts)


def _noted_refusal(record: RawRecord) -> Refusal | None:
    """What our own crawler did not take, and why: `status` and `reason` in a metadata record."""
    if record.headers.get("warc-type", "").lower() != "metadata" or not record.whole:
        return None
    fields = message_from_string(record.block.decode("utf-8", "replace"))
    status, reason = fields.get("status", ""), fields.get("reason", "")
    if not reason or status not in get_args(Status):
        return None
    return Refusal(_address(record), str(reason), cast(Status, status), _date(record))


def _is_bookkeeping(record: RawRecord) -> bool:
    """wget stores its log and its arguments as `resource` records of `metadata:` addresses."""
    kind = record.headers.get("warc-type", "").lower()
    stored = kind in _STORED_WHOLE and not _address(record).startswith(("http:", "https:"))
    return kind in _BOOKKEEPING or stored


def _taken_or_refused(record: RawRecord, name: str) -> Page | Refusal:
    url = _address(record)
    date = _date(record)
    try:
        return _page(record, url, date)
    except (_Refused, PayloadError) as error:
        status = error.status if isinstance(error, _Refused) else "refused"
        return Refusal(url or name, f"{url or name} {error}.", status, date)


def _address(record: RawRecord) -> str:
    """The record's address without its fragment; old wgets put it between angle brackets."""
    stated = record.headers.get("warc-target-uri") or ""
    return stated.strip().removeprefix("<").removesuffix(">").partition("#")[0].replace(" ", "%20")


def _date(record: RawRecord) -> str:
    """When the record says that it was made, in UTC to the second; "" for what is no date, or has not come yet. Dates
    are compared as texts: any other would count as newer, or older, than every true one for ever."""
    try:
        at = datetime.fromisoformat(record.headers.get("warc-date", "").strip())
        at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return ""
    text = f"{at.replace(tzinfo=None).isoformat(timespec='seconds')}Z"
    return "" if is_to_come(text) else text


def _page(record: RawRecord, url: str, date: str) -> Page:
    _check_record(record, url)
    status, headers, body = _http_message(record)
    _check_status(status, headers)
    if target := refresh_target(headers.get("refresh", ""), url):
        raise _Refused(f"has moved to {target[:500]}", "moved")
    encodings = ",".join(headers.get_all("content-encoding", [])).split(",")
    page = decode_payload(body, headers.get("transfer-encoding", ""), encodings)
    _check_content(headers, page)
    return Page(url, date, page, _charset(headers))


def _check_record(record: RawRecord, url: str) -> None:
    kind = record.headers.get("warc-type", "").lower()
    if not url.startswith(("http://", "https://")):
        raise _Refused("is not the address of a web page")
    if kind == "revisit":
        raise _Refused("is only noted as unchanged (a revisit record); import the file that holds it too", "unchanged")
    if kind != "response" and kind not in _STORED_WHOLE:
        raise _Refused(f"stands in a record of type {kind[:40]!r}, which holds no page")
    if not record.whole:
        raise _Refused("is cut: its record does not have the length that it states")
    if record.oversize:
        raise _Refused(f"is larger than {MAX_DECODED:,} bytes decoded, more than is read of one page")
    if "warc-truncated" in record.headers or "warc-segment-number" in record.headers:
        raise _Refused("was cut by the program that fetched it")


def _http_message(record: RawRecord) -> tuple[int, Message, bytes]:
    """Status, headers and body; a `resource` record is a body of the type that the record names."""
    headers = Message()
    if record.headers.get("warc-type", "").lower() in _STORED_WHOLE:
        headers["content-type"] = record.headers.get("content-type", "")
        return 200, headers, record.block
    block = BytesIO(record.block)
    try:
        parsed = StatusAndHeadersParser(["HTTP/"], verify=False).parse(block)
        status = int(parsed.get_statuscode())
    except (EOFError, ValueError) as error:
        raise _Refused("has no HTTP answer in its record") from error
    for header, value in parsed.headers:
        headers[header] = value
    return status, headers, block.read()


def _check_status(status: int, headers: Message) -> None:
    if status in _TAKEN:
        return
    if status == 304:
        raise _Refused("is unchanged since an earlier fetch (304); import the file that holds it too", "unchanged")
    if 300 <= status < 400:
        raise _Refused(f"has moved to {headers.get('location', 'nowhere')[:500]} ({status})", "moved")
    if status in _BLOCKING or status >= 500:
        raise _Refused(f"was not given to us (HTTP status {status})", "blocked")
    if status >= 400 or status in (204, 205):
        raise _Refused(f"is gone or does not work (HTTP status {status})", "dead")
    raise _Refused(f"was answered with HTTP status {status}, which is not a whole page")


def _charset(headers: Message) -> str | None:
    """What the header names; None for a parameter that `email` itself stumbles over (a zero byte, 5,000 digits)."""
    try:
        return headers.get_content_charset()
    except ValueError:
        return None


def _check_content(headers: Message, page: bytes) -> None:
    if not page.strip():
        raise _Refused("is empty", "dead")
    if kind := why_not_html(headers.get("content-type", ""), page):
        raise _Refused(f"is {kind}, not HTML", "not-text")
