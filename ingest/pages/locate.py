"""A page and its main text, as some detector found it -> the element of the page that holds that text.

Detectors give back text of their own making: code without its lines, sentences cut at inline elements. Here their
text only says where to look.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from lxml.html import HtmlElement

from ingest.pages.tree import length

_WORD: Final = re.compile(r"\w+")
_RUN: Final = 4
"""Words in a row that say that a text of the page was found."""
_ENOUGH: Final = 0.95
_LINKED: Final = 0.5


def content_element(page: HtmlElement, found: str) -> HtmlElement:
    """The smallest element of `page` with nearly all that was found and the heading above it; menus in it go."""
    runs = set(_runs(_words(found)))
    weight = _weights(page, runs)
    enough = max(1, weight[page] * _ENOUGH)
    *_, root = (element for element in page.iter("*") if element is page or weight[element] >= enough)
    root = _with_its_heading(root, page)
    for element in list(root.iter("ul", "ol", "div", "section", "aside", "p", "table")):
        if element is not root and not weight[element] and _is_menu(element):
            element.drop_tree()
    return root


def _weights(page: HtmlElement, runs: set[tuple[str, ...]]) -> Counter[HtmlElement]:
    """Characters of each element, with all in it, that were found."""
    weight: Counter[HtmlElement] = Counter()
    own = {element: _own_text(element) for element in page.iter("*")}
    for element, text in own.items():
        here = list(_runs(_words(text)))
        if here and sum(run in runs for run in here) * 2 >= len(here):
            weight[element] += len(text)
            for above in element.iterancestors():
                weight[above] += len(text)
    return weight


def _own_text(element: HtmlElement) -> str:
    """The text of an element up to the elements that stand by themselves; "" for what is part of a line."""
    if element.tag in ("a", "b", "code", "em", "i", "span", "strong", "sub", "sup", "br"):
        return ""
    parts = [element.text or ""]
    for child in element:
        if child.tag in ("a", "b", "code", "em", "i", "span", "strong", "sub", "sup"):
            parts.append(child.text_content())
        parts.append(child.tail or "")
    return " ".join(parts)


def _with_its_heading(root: HtmlElement, page: HtmlElement) -> HtmlElement:
    """The element around `root` that has the page's h1 too, if it has little else."""
    if next(root.iter("h1"), None) is not None:
        return root
    for above in root.iterancestors():
        if next(above.iter("h1"), None) is not None:
            return above if length(above) < length(root) * 1.2 else root
        if above is page:
            break
    return root


def _is_menu(element: HtmlElement) -> bool:
    size = length(element)
    links = [link for link in element.iter("a") if (link.get("href") or "#")[0] != "#"]
    return size > 0 and sum(map(length, links)) > size * _LINKED


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _runs(words: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)]
