"""What the stages ask of an element, and do to it. Knows nothing of what elements mean."""

from __future__ import annotations

from lxml.etree import XPath
from lxml.html import HtmlElement

_LENGTH = XPath("string-length(normalize-space())")


def length(element: HtmlElement) -> int:
    """Characters of text in an element, one space for many."""
    return int(_LENGTH(element))


def drop(element: HtmlElement) -> None:
    """Removes an element and what is in it; the text behind it stays."""
    if element.getparent() is not None:
        element.drop_tree()


def has_text_beside(element: HtmlElement) -> bool:
    """True if text stands right before or behind an element: it is a part of that line."""
    before, parent = element.getprevious(), element.getparent()
    text = before.tail if before is not None else parent.text if parent is not None else ""
    return bool((text or "").strip() or (element.tail or "").strip())
