"""One spelling for one address. Pure; knows nothing of sources, robots or the network.

The same page is linked as `HTTP://Host:80/a/../b%7e#part` and as `http://host/b~`; a crawl that
does not see that fetches it twice, and a citation that does not see that points nowhere.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

SCHEMES = {"http": 80, "https": 443}
MAX_LENGTH = 2_000
TRACKING = re.compile(r"^(utm_\w+|gclid|fbclid|msclkid|mc_cid|mc_eid|igshid|_ga)(=|$)", re.IGNORECASE)
"""Query parameters that tell a site where its visitor came from, and never which page is meant."""

_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_CONTROL = re.compile(r"[\x00-\x20\x7f]")
_PATH_SAFE = "/%:@!$&'()*+,;=~-._"


class UrlError(ValueError):
    """An address that is not a public web address; the message names it and what is wrong."""


def normal_url(url: str, base: str = "") -> str:
    """The one spelling of `url` (relative to `base`, when given), without its fragment.

    Lower-case scheme and host, no default port, no dot segments, no tracking parameters,
    escapes only where they are needed. Raises `UrlError` for any scheme but http and https, a
    missing host, credentials in the address, a bad port, and more than `MAX_LENGTH` characters.
    """
    try:
        url.encode()  # half of a surrogate pair can be neither sent nor stored
        parts = urlsplit(urljoin(base, url.strip()) if base else url.strip())
        port = parts.port
    except ValueError as error:
        raise UrlError(f"{_short(url)!r} is not a web address ({error}); correct it") from error
    if parts.scheme not in SCHEMES:
        raise UrlError(f"{_short(url)!r} is neither http nor https; only these are fetched")
    if not (parts.hostname or "").strip(".") or _CONTROL.search(parts.netloc):
        raise UrlError(f"{_short(url)!r} names no host; give a full address such as https://host/")
    if parts.username is not None or parts.password is not None:
        raise UrlError(f"The address of {parts.hostname!r} carries a user name; remove it")
    path = _path(parts.path)
    normal = urlunsplit((parts.scheme, _netloc(parts, port), path, _query(parts.query), ""))
    if len(normal) > MAX_LENGTH:
        raise UrlError(f"{_short(url)!r} is longer than {MAX_LENGTH} characters; it is not followed")
    return normal


def host_of(url: str) -> str:
    """The host name of a normal address, without its port."""
    return urlsplit(url).hostname or ""


def origin_of(url: str) -> str:
    """`scheme://host[:port]` of a normal address: what a robots.txt is valid for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _netloc(parts: object, port: int | None) -> str:
    host = str(getattr(parts, "hostname", "")).rstrip(".")
    scheme = str(getattr(parts, "scheme", ""))
    if ":" in host:
        host = f"[{host}]"
    elif not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise UrlError(f"{_short(host)!r} is not a host name; correct it") from error
    return host if port is None or port == SCHEMES[scheme] else f"{host}:{port}"


def _path(path: str) -> str:
    kept: list[str] = []
    segments = _clean(path).split("/")
    for position, segment in enumerate(segments):
        last = position == len(segments) - 1
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
            continue
        if last:
            kept.append("")
    joined = "/".join(kept)
    return joined if joined.startswith("/") else "/" + joined


def _query(query: str) -> str:
    kept = [part for part in query.split("&") if part and not TRACKING.match(part)]
    return quote(_unescape("&".join(kept)), safe=_PATH_SAFE + "?")


def _clean(path: str) -> str:
    return quote(_unescape(path), safe=_PATH_SAFE)


def _unescape(text: str) -> str:
    """Undo the escapes of unreserved characters, write the others in capitals (RFC 3986, 6.2.2)."""

    def once(match: re.Match[str]) -> str:
        char = chr(int(match.group(1), 16))
        return char if char in _UNRESERVED else match.group(0).upper()

    return _ESCAPE.sub(once, text)


def _short(text: str) -> str:
    return text if len(text) <= 120 else text[:117] + "..."
