"""What the crawl must see in a page: is it empty, where does it link, what sitemap.

Knows nothing of the network. Cleaning a page for the index is `extract`, not here.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from dataclasses import dataclass
from typing import Any

from lxml import html
from lxml.etree import ParserError, QName, XMLSyntaxError, iterparse

from corpus.urls import UrlError, normal_url

MAX_LINKS = 5_000
MAX_SITEMAP_URLS = 50_000
MAX_SITEMAP_BYTES = 10_000_000

_SILENT = {"script", "style", "noscript", "template", "head", "title", "svg"}
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{2,40})""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageInfo:
    """The links of a page in order, normal and without repetition, and whether it says anything."""

    empty: bool
    links: tuple[str, ...] = ()
    canonical: str = ""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """Addresses of pages, and of further sitemaps."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def read_page(body: bytes, content_type: str, url: str) -> PageInfo:
    """Links and emptiness of an HTML page."""
    root = _parse(body, content_type)
    if root is None:
        return PageInfo(empty=True)
    base = _first(root.xpath("//base/@href")) or ""
    links = _links(root, _resolve(base, url) or url)
    canonical = _first(root.xpath("//link[@rel='canonical']/@href"))
    return PageInfo(_is_empty(root), links, _resolve(canonical, url) if canonical else "")


def read_sitemap(body: bytes) -> Sitemap:
    """The addresses of a sitemap or a sitemap index, gzip or not, at most `MAX_SITEMAP_URLS`.

    Entities are not expanded and nothing is loaded; what cannot be read counts as empty.
    """
    data = _unzipped(body)
    if b"<!DOCTYPE" in data[:4_096] or b"<!ENTITY" in data:
        return Sitemap()
    pages: list[str] = []
    maps: list[str] = []
    events = iterparse(
        io.BytesIO(data), events=("end",), resolve_entities=False, no_network=True,
        load_dtd=False, huge_tree=False, recover=True,
    )  # fmt: skip
    try:
        for _, element in events:
            _take_location(element, pages, maps)
            if len(pages) + len(maps) >= MAX_SITEMAP_URLS:
                break
    except XMLSyntaxError:
        pass  # what was read before the damage is as good as it was
    return Sitemap(tuple(pages), tuple(maps))


def _take_location(element: Any, pages: list[str], maps: list[str]) -> None:
    name = QName(element).localname if isinstance(element.tag, str) else ""
    if name == "loc":
        parent = element.getparent()
        inside = QName(parent).localname if parent is not None else ""
        address = _resolve(element.text or "", "")
        if address and inside in ("url", "sitemap"):
            (maps if inside == "sitemap" else pages).append(address)
    elif name in ("url", "sitemap"):
        element.clear()


def _unzipped(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body[:MAX_SITEMAP_BYTES]
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as file:
            return file.read(MAX_SITEMAP_BYTES)
    except (OSError, EOFError, zlib.error):
        return b""


def _parse(body: bytes, content_type: str) -> Any:
    """lxml's tree, or None for nothing. Networks and huge trees stay off."""
    try:
        return html.document_fromstring(body, parser=_parser(_charset(body, content_type)))
    except (ParserError, XMLSyntaxError, ValueError):
        return None


def _parser(charset: str) -> html.HTMLParser:
    """A parser for a charset, or for UTF-8 where lxml lacks it: it knows fewer names than Python, and others."""
    try:
        return html.HTMLParser(encoding=charset, no_network=True)
    except (LookupError, ValueError):
        return html.HTMLParser(encoding="utf-8", no_network=True)


def _charset(body: bytes, content_type: str) -> str:
    """What the header or the page itself states, unchecked."""
    found = re.search(r"charset=[\"']?([\w-]{2,40})", content_type, re.IGNORECASE)
    meta = _CHARSET.search(body[:4_096])
    return found.group(1) if found else meta.group(1).decode("ascii") if meta else "utf-8"


def _links(root: Any, base: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for anchor in root.iter("a", "area"):
        href = anchor.get("href")
        if not href or "nofollow" in (anchor.get("rel") or "").lower():
            continue
        address = _resolve(href, base)
        if address:
            found[address] = None
        if len(found) >= MAX_LINKS:
            break
    return tuple(found)


def _is_empty(root: Any) -> bool:
    """No visible character at all; `iter` and not recursion, for pages nested without end."""
    for element in root.iter():
        silent = not isinstance(element.tag, str) or element.tag in _SILENT
        if not silent and (element.text or "").strip() and not _in_silent(element):
            return False
        if element is not root and (element.tail or "").strip() and not _in_silent(element):
            return False
    return True


def _in_silent(element: Any) -> bool:
    return any(parent.tag in _SILENT for parent in element.iterancestors())


def _resolve(href: str, base: str) -> str:
    try:
        return normal_url(href, base)
    except UrlError:
        return ""


def _first(values: Any) -> str:
    return str(values[0]) if values else ""
