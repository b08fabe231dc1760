"""Other people's text -> HTML that is safe to put into a page. Pure; knows nothing of answers or of Gradio.

Markdown is rendered without HTML and without pictures, a link stays a link only where its address is one that the
caller trusts, and all else is escaped. What is made is one line: Gradio reads a message as Markdown, and a blank
line within it would end the HTML there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from html import escape
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_MARKDOWN.disable(["image", "html_block", "html_inline", "autolink", "reference", "text_join"])
_MARKER = re.compile(r"\[(\d{1,3})\]")
Marker = Callable[[int], str]
"""The number of a marker `[n]` -> our own HTML for it; empty where it points nowhere."""


def markdown(text: str, urls: Collection[str] = (), marker: Marker = lambda n: "", *, deeper: int = 2) -> str:
    """Markdown as safe HTML; `urls` are the addresses that may be links, `deeper` the levels that headings go down
    by: the page and the answer have theirs."""
    known = {_MARKDOWN.normalizeLink(url) for url in urls}
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1:]) + deeper)}"
        if token.children:
            token.children = _inline(token.children, known, marker)
    return _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})


def inline(text: str) -> str:
    """One sentence with Markdown in it, without links."""
    return one_line(markdown(text).removeprefix("<p>").removesuffix("</p>\n"))


def plain(text: str) -> str:
    """Text as it is."""
    return one_line(escape(text))


def link(url: str, html: str) -> str:
    """A link that opens beside the page; nothing where the address is none of the web."""
    return f"{_link_open(url)}{html}</a>" if is_web(url) else ""


def open_link(url: str) -> str:
    """ "Open example.org ↗", or nothing."""
    host = (urlsplit(url).hostname or "").removeprefix("www.") if is_web(url) else ""
    return link(url, f'Open {plain(host)} <span aria-hidden="true">↗</span>')


def day(stamp: str) -> str:
    """A stored moment as "3 October 2026"; what is none stays as it is."""
    try:
        at = datetime.fromisoformat(stamp)
    except ValueError:
        return plain(stamp)
    return f"{at.day} {at:%B %Y}"


def is_web(url: str) -> bool:
    """Whether an address is one of http or https with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def one_line(html: str) -> str:
    return html.replace(">\n<", "><").replace("\r", "").replace("\n", "&#10;")


def hidden(text: str) -> str:
    """Text for screen readers only. (Gradio takes `aria-label` away.)"""
    return f'<span class="sr">{plain(text)}</span>'


def _inline(tokens: Sequence[Token], urls: Collection[str], marker: Marker) -> list[Token]:
    out: list[Token] = []
    open_links: list[bool] = []
    for token in tokens:
        if token.type == "link_open":
            url = str(token.attrs.get("href", ""))
            open_links.append(url in urls and is_web(url))
            out.append(_raw(_link_open(url) if open_links[-1] else ""))
        elif token.type == "link_close":
            out.append(_raw("</a>" if open_links.pop() else ""))
        elif token.type == "text":
            out += _markers(token, marker)
        elif token.type == "text_special":  # what was escaped is no marker
            out.append(Token("text", "", 0, content=token.content))
        else:
            out.append(token)
    return out


def _markers(token: Token, marker: Marker) -> list[Token]:
    out: list[Token] = []
    for index, piece in enumerate(_MARKER.split(token.content)):
        html = marker(int(piece)) if index % 2 else ""
        text = f"[{piece}]" if index % 2 else piece
        out.append(_raw(html) if html else Token("text", "", 0, content=text))
    return out


def _raw(html: str) -> Token:
    """A token that the renderer copies as it is: only ever made of our own, escaped HTML."""
    return Token("html_inline", "", 0, content=html)


def _link_open(url: str) -> str:
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">'
