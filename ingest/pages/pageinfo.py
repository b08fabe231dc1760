"""What the crawl must see in a page: is it empty, where does it link, what sitemap.

Knows nothing of the network. Cleaning a page for the index is `extract`, not here.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import html
from lxml.etree import ParserError, QName, XMLSyntaxError, iterparse

from corpus.urls import UrlError, normal_url
from ingest.pages.charset import decode_html
from ingest.pages.moves import framed, moved_to

MAX_LINKS = 5_000
MAX_SITEMAP_URLS = 50_000
MAX_SITEMAP_BYTES = 10_000_000

_LOCATIONS = {("loc", "url"), ("loc", "sitemap"), ("link", "item"), ("link", "entry")}
_SILENT = {"script", "style", "noscript", "noframes", "template", "head", "title", "svg"}
_CHARSET = re.compile(r"charset=[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_DOCTYPE = re.compile(rb"<!DOCTYPE[^<>\[]*(?:\[(?:[^\]<]|<(?!!DOCTYPE))*+\]\s*)?>", re.IGNORECASE)
_BARE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-f]{1,6});)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageInfo:
    """The links of a page in order, normal and without repetition, and whether it says anything."""

    empty: bool
    links: tuple[str, ...] = ()
    canonical: str = ""
    moved_to: str = ""
    """Where the page sends its reader by itself."""
    frames: tuple[str, ...] = ()
    """The pages that it shows instead of text of its own; they are among the links."""


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
    base = _resolve(_first(root.xpath("//base/@href")) or "", url) or url
    frames = framed(root, base)
    links = tuple(dict.fromkeys((*frames, *_links(root, base))))
    canonical = _first(root.xpath("//link[@rel='canonical']/@href"))
    canonical = _resolve(canonical, url) if canonical else ""
    return PageInfo(_is_empty(root), links, canonical, moved_to(root, url), frames)


def read_sitemap(body: bytes, url: str = "") -> Sitemap:
    """The addresses of a sitemap at `url`, or of an index of sitemaps, at most `MAX_SITEMAP_URLS`: XML, a feed, or text
    with an address a line; gzip or not.

    Entities are not expanded and nothing is loaded; what cannot be read counts as empty.
    """
    data = _unzipped(body).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not data.startswith(b"<") and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Sitemap(tuple(_lines(data, url)))
    if b"<!ENTITY" in data:
        return Sitemap()
    data = _BARE_AMPERSAND.sub(b"&amp;", _DOCTYPE.sub(b"", data, count=1))
    pages: list[str] = []
    maps: list[str] = []
    events = iterparse(
        io.BytesIO(data), events=("end",), resolve_entities=False, no_network=True,
        load_dtd=False, huge_tree=False, recover=True,
    )  # fmt: skip
    try:
        for _, element in events:
            _take_location(element, url, pages, maps)
            if len(pages) + len(maps) >= MAX_SITEMAP_URLS:
                break
    except XMLSyntaxError:
        pass  # what was read before the damage is as good as it was
    return Sitemap(tuple(pages), tuple(maps))


def _lines(data: bytes, url: str) -> Iterator[str]:
    """The addresses of a text: every line that is one, so that an error page is none."""
    for line in data.decode("utf-8", "replace").splitlines()[:MAX_SITEMAP_URLS]:
        if line.strip().lower().startswith(("http://", "https://")) and (address := _resolve(line, url)):
            yield address


def _take_location(element: Any, url: str, pages: list[str], maps: list[str]) -> None:
    name = QName(element).localname if isinstance(element.tag, str) else ""
    if name in ("loc", "link"):
        parent = element.getparent()
        inside = QName(parent).localname if parent is not None else ""
        stated = (element.text or "").strip() or element.get("href") or ""
        address = _resolve(stated, url) if stated else ""
        if address and (name, inside) in _LOCATIONS:
            (maps if inside == "sitemap" else pages).append(address)
    elif name in ("url", "sitemap", "item", "entry"):
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
    charset = _CHARSET.search(content_type)
    text = decode_html(body, charset[1] if charset else None).replace("\0", "")
    parser = html.HTMLParser(encoding="utf-8", no_network=True)
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (ParserError, XMLSyntaxError, ValueError):
        return None


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
