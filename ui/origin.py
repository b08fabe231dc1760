"""Whether a page of another site makes a browser send a request: one decision for every address that writes.

Browsers say so in `Sec-Fetch-Site`, but not over plain HTTP under another name than localhost, and old ones never:
then `Origin` says which page it was, or `Referer` where that is missing. Programs send none of the three. Pure.
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers

FOREIGN = "This request comes from another site: open the assistant's own page."
_OURS = ("same-origin", "none")


def is_foreign(headers: Headers, names: Collection[str] = ()) -> bool:
    """Whether the request was sent by a page that is not ours. names: those under which a proxy shows us.

    >>> is_foreign(Headers({"host": "localhost:7860", "origin": "https://elsewhere.example"}))
    True
    >>> is_foreign(Headers({"host": "localhost:7860"}))
    False
    """
    if site := headers.get("sec-fetch-site", ""):
        return site.strip().lower() not in _OURS
    page = headers.get("origin") or headers.get("referer") or ""
    return bool(page) and not _is_own(page, headers.get("host", ""), names)


def _is_own(page: str, host: str, names: Collection[str]) -> bool:
    """Whether the address is of the host that was asked. A proxy may leave the port out of what it says was asked."""
    try:
        of_page, asked = urlsplit(page), urlsplit(f"//{host}")
        port = asked.port
        same_port = port is None or port == _port(of_page.scheme, of_page.port)
    except ValueError:
        return False
    name = of_page.hostname or ""
    return name in names or (bool(name) and name == asked.hostname and same_port)


def _port(scheme: str, given: int | None) -> int | None:
    return given if given is not None else {"http": 80, "https": 443}.get(scheme)
