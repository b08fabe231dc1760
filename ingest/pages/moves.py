"""A page that is none itself: it sends its reader on, or only frames other pages. Knows nothing of its text."""

from __future__ import annotations

from lxml.html import HtmlElement

from corpus.urls import UrlError, normal_url
from ingest.fetching.refresh import refresh_target


def moved_to(tree: HtmlElement, url: str) -> str:
    """Where `<meta http-equiv="refresh">` leads, "" where none does. One within `noscript` is not for us."""
    for meta in tree.iter("meta"):
        if (meta.get("http-equiv") or "").strip().lower() == "refresh":
            target = refresh_target(meta.get("content") or "", url)
            if target and not any(above.tag == "noscript" for above in meta.iterancestors()):
                return target
    return ""


def framed(tree: HtmlElement, url: str) -> tuple[str, ...]:
    """The pages of a frameset, in order."""
    found: dict[str, None] = {}
    for frame in tree.iter("frame"):
        try:
            found[normal_url(frame.get("src") or "", url)] = None
        except UrlError:
            continue
    found.pop(url, None)
    return tuple(found)
