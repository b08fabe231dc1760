"""One safe HTTP fetch of one address, hop by hop.

Only http and https, only public addresses (see `netguard`), at most so many decoded bytes, at most
so many seconds for the whole answer. No cookies, no proxy, no script. Knows nothing of
robots.txt, of politeness or of what the page is for.
"""

from __future__ import annotations

import re
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import chain

import httpx

from corpus.urls import UrlError, normal_url
from ingest.fetching.limits import MAX_BODY
from ingest.fetching.netguard import (
    AddressRefused,
    BadEncoding,
    FetchError,
    Guard,
    GuardedTransport,
    Resolver,
    TooLarge,
    TooManyRedirects,
    system_resolver,
)
from ingest.fetching.refresh import refresh_target

PRODUCT = "roadmap-assistant"
CONTACT = "https://github.com/roadmap-assistant/roadmap-assistant"
USER_AGENT = f"{PRODUCT}/1.0 (+{CONTACT})"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_CHAIN = 10
_INFLATE = {"gzip": 31, "x-gzip": 31, "deflate": 47}
"""zlib's window bits: gzip only, and gzip or zlib by its header."""
_PIECE = 256 * 1024
_ENOUGH = 64
_PLAIN = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<[!?a-z]|#|(?:user-agent|sitemap)\s*:|https?://)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Limits of one answer; seconds and decoded bytes."""

    max_bytes: int = MAX_BODY
    total: float = 60.0
    connect: float = 10.0
    read: float = 20.0


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request is made of: values that the site itself sent before."""

    etag: str = ""
    last_modified: str = ""

    def headers(self) -> list[tuple[str, str]]:
        """`If-None-Match` and `If-Modified-Since`, as far as known; a request carries ASCII only."""
        pairs = [("If-None-Match", self.etag), ("If-Modified-Since", self.last_modified)]
        return [(name, value) for name, value in pairs if value.isascii() and value]


@dataclass(frozen=True, slots=True)
class Fetched:
    """One HTTP answer. `body` is decoded."""

    url: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    request_headers: tuple[tuple[str, str], ...]
    at: datetime
    seconds: float

    def header(self, name: str) -> str:
        """The first value of a header, "" when it was not sent."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    @property
    def location(self) -> str:
        """Where a redirect leads, unchecked, or a `Refresh` header beside a page; "" when this is none."""
        if self.status in REDIRECTS:
            return self.header("location")
        return refresh_target(self.header("refresh"), self.url) if 200 <= self.status < 300 else ""


class Fetcher:
    """Fetches one address after the other over one connection; for one thread.

    `allowed_private` (`address:port`) and `resolver` are for tests that run their own server.
    """

    def __init__(
        self,
        limits: FetchLimits | None = None,
        *,
        user_agent: str = USER_AGENT,
        resolver: Resolver = system_resolver,
        allowed_private: frozenset[str] = frozenset(),
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self.limits = limits or FetchLimits()
        self._user_agent = user_agent
        self._guard = Guard(resolver, allowed_private)
        context = ssl_context or httpx.create_ssl_context(trust_env=False)
        self._transport = GuardedTransport(self._guard, context)

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def cancel(self) -> None:
        """End a fetch that another thread is in; it raises `DeadlineExceeded` or `NoAnswer`."""
        self._guard.cancel()

    def fetch_hop(
        self,
        url: str,
        validators: Validators | None = None,
        *,
        wants: Callable[[str], bool] | None = None,
        cut_at: int = 0,
    ) -> Fetched:
        """One request, redirects not followed. Raises `FetchError`.

        `wants` is asked with the content type; when it says no, the body is not read. With
        `cut_at`, a longer body is cut to that many bytes instead of refused.
        """
        self._guard.set_deadline(time.monotonic() + self.limits.total)
        return self._hop(_checked(url), validators, wants, cut_at)

    def fetch(self, url: str, *, max_redirects: int = MAX_CHAIN, cut_at: int = 0) -> Fetched:
        """As `fetch_hop`, following redirects; every hop is checked like the first.

        The limit of time is for the whole chain.
        """
        self._guard.set_deadline(time.monotonic() + self.limits.total)
        here = _checked(url)
        for _ in range(max_redirects + 1):
            answer = self._hop(here, None, None, cut_at)
            if not answer.location:
                return answer
            here = _checked(answer.location, here)
        raise TooManyRedirects(f"{url!r} redirects more than {max_redirects} times.")

    def _hop(
        self,
        url: str,
        validators: Validators | None,
        wants: Callable[[str], bool] | None,
        cut_at: int,
    ) -> Fetched:
        request = self._request(url, validators)
        at, start = datetime.now(UTC), time.monotonic()
        response = self._transport.handle_request(request)
        try:
            reading = wants is None or wants(response.headers.get("content-type", ""))
            body = self._body(response, cut_at) if reading else b""
        finally:
            response.close()
        return Fetched(
            url=url,
            status=response.status_code,
            reason=_phrase(response),
            headers=tuple(response.headers.multi_items()),
            body=body,
            request_headers=tuple(request.headers.multi_items()),
            at=at,
            seconds=time.monotonic() - start,
        )

    def _request(self, url: str, validators: Validators | None) -> httpx.Request:
        headers = [
            ("User-Agent", self._user_agent),
            ("Accept", "text/html, application/xhtml+xml, text/plain;q=0.8, */*;q=0.5"),
            ("Accept-Language", "en, *;q=0.5"),
            ("Accept-Encoding", "gzip, deflate"),
            *(validators.headers() if validators else ()),
        ]
        wait = self.limits
        timeout = {"connect": wait.connect, "read": wait.read, "write": wait.read, "pool": wait.read}
        try:
            return httpx.Request("GET", url, headers=headers, extensions={"timeout": timeout})
        except (httpx.InvalidURL, ValueError) as error:  # it checks more than `normal_url`: 999.1.1.1, xn--a.b
            raise AddressRefused(f"{url!r} is no address ({error}); not fetched.") from error

    def _body(self, response: httpx.Response, cut_at: int) -> bytes:
        """Decoded. What is no 2xx is judged by its status, which a body that cannot be taken must not hide."""
        try:
            return self._taken(response, cut_at)
        except (BadEncoding, TooLarge):
            if response.is_success:
                raise
            return b""

    def _taken(self, response: httpx.Response, cut_at: int) -> bytes:
        limit = cut_at or self.limits.max_bytes
        encoding = response.headers.get("content-encoding", "").strip().lower()
        stream = response.stream
        assert isinstance(stream, httpx.SyncByteStream)  # noqa: S101 -- our own transport made it
        body, over = _read(decoded(_at_most(stream, limit), encoding), limit)
        if over and not cut_at:
            raise TooLarge(f"{response.status_code} answer is larger than {limit} bytes; not taken.")
        return body


def decoded(parts: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Undo a content-encoding, in pieces of at most `_PIECE` bytes, however far one part inflates. Nothing is nothing.

    A page that is plainly not encoded is taken as it is, whatever its header says. Raises `BadEncoding` for an encoding
    that was not asked for, or a broken one.
    """
    parts, plain = _begins_plain(parts)
    if plain or encoding in ("", "identity"):
        yield from parts
        return
    if encoding not in _INFLATE:
        raise BadEncoding(f"The content-encoding {encoding[:40]!r} was not asked for; not taken.")
    bits = _INFLATE[encoding]
    inflater = zlib.decompressobj(bits)
    came = False
    try:
        for part in filter(None, parts):
            if encoding == "deflate" and not came and not _has_zlib_header(part):
                inflater = zlib.decompressobj(-15)
            came, waiting = True, part
            while waiting:
                yield inflater.decompress(waiting, _PIECE)
                waiting = inflater.unconsumed_tail
                if inflater.eof and inflater.unused_data.startswith(b"\x1f\x8b"):
                    waiting = inflater.unused_data  # gzip allows several members in a row
                    inflater = zlib.decompressobj(bits)
        yield inflater.flush()
    except zlib.error as error:
        raise BadEncoding(f"The {encoding} body is broken ({error}); not taken.") from error
    if came and not inflater.eof:
        raise BadEncoding(f"The {encoding} body ends in the middle; not taken.")


def _begins_plain(parts: Iterable[bytes]) -> tuple[Iterable[bytes], bool]:
    """The same parts, and whether they begin as a page, a sitemap or a robots.txt does."""
    rest, head = iter(parts), b""
    for part in rest:
        head += part
        if len(head) >= _ENOUGH:
            break
    return chain([head] if head else [], rest), _PLAIN.match(head) is not None


def _has_zlib_header(part: bytes) -> bool:
    """Some servers send raw deflate under the name "deflate" (RFC 9110, 8.4.1.2 warns of it)."""
    return len(part) < 2 or (part[0] & 0x0F == 8 and int.from_bytes(part[:2], "big") % 31 == 0)


def _at_most(parts: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """Stop a compressed stream that goes on without ever inflating to anything."""
    taken = 0
    for part in parts:
        yield part
        taken += len(part)
        if taken > limit:
            raise TooLarge(f"The answer is larger than {limit} bytes; not taken.")


def _read(pieces: Iterable[bytes], limit: int) -> tuple[bytes, bool]:
    """The first `limit` bytes, and whether there were more."""
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > limit:
            return bytes(body[:limit]), True
    return bytes(body), False


def _checked(url: str, base: str = "") -> str:
    try:
        return normal_url(url, base)
    except UrlError as error:
        raise AddressRefused(str(error)) from error


def _phrase(response: httpx.Response) -> str:
    raw = response.extensions.get("reason_phrase", b"")
    sent = raw.decode("ascii", "backslashreplace") if isinstance(raw, bytes) else ""  # a WARC takes ASCII only
    if sent:
        return sent
    try:
        return HTTPStatus(response.status_code).phrase
    except ValueError:
        return "Unknown"


__all__ = [
    "PRODUCT",
    "USER_AGENT",
    "AddressRefused",
    "FetchError",
    "FetchLimits",
    "Fetched",
    "Fetcher",
    "Validators",
]
