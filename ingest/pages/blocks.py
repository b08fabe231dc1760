"""An element with content -> headings, paragraphs, code, tables, lists and quotes, in reading order.

Knows nothing of pages, sites or furniture: what is in the element comes out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import urldefrag, urljoin

from lxml.html import HtmlElement

from ingest.pages.code import is_code_box, is_code_table, is_gutter, verbatim
from ingest.pages.document import Block, BlockKind, Link
from ingest.pages.prune import names
from ingest.pages.tables import read_rows
from ingest.pages.tree import has_text_beside
from ingest.pages.visible import squeeze

OUTPUT_CAP: Final = 2_000
"""Characters kept of one notebook output: enough to see what came, too few to bury the page."""

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = names(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol p plaintext pre "
    "search section summary table tbody td tfoot th thead tr ul xmp"
)
"""What the HTML standard lays out as blocks: all else, known or not, stands in a line of text."""
_SPACED = _BLOCKS - names("dialog hr html body")
_MARK = re.compile(r"[\s¶#§🔗\uf0c1]*")
_PILCROW = re.compile(r"(?:(?<![ \t])[ \t]++|(?<![ \t¶🔗]))[¶🔗]++$|(?<![ \t])[ \t]++[¶#§🔗]++$")
_MARK_NAMES = re.compile(r"anchor|perma|headerlink|hash|heading-link|direct-link", re.IGNORECASE)
_POWER = re.compile(r"[+\-−–]?(?:\d{1,3}|[a-z])")
_BASE = re.compile(r"(?:^|[^\w.])(?:\d+(?:[.,]\d+)?|[A-Za-z\u0370-\u03ff]|[\w ]{0,60}[)\]])$")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_LIST_STYLES = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:[^;]{0,99}?((?:lower|upper)-(?:alpha|latin|roman))", re.IGNORECASE)
_OUTPUT = re.compile(r"(?:^|\s)(?:output(?:_\w+)?|jp-OutputArea[\w-]*|cell_output|cell-output[\w-]*)(?=\s|$)")


def read_blocks(root: HtmlElement) -> tuple[Block, ...]:
    """The blocks of `root`, none of them empty."""
    reader = _Reader()
    reader.flow(root)
    reader.flush()
    return tuple(reader.blocks)


def read_links(root: HtmlElement, url: str) -> tuple[Link, ...]:
    """Links (text, absolute http or https address) in order, each pair once; none to `url` itself."""
    here = urldefrag(url).url
    found: dict[Link, None] = {}
    for anchor in root.iter("a"):
        text = squeeze("".join(anchor.itertext()))
        if not text:
            continue
        try:
            target = urljoin(url, (anchor.get("href") or "").strip())
        except ValueError:
            continue
        if target.startswith(("http://", "https://")) and urldefrag(target).url != here:
            found[Link(text, target)] = None
    return tuple(found)


class _Reader:
    """Collects blocks; `_words` is the inline text since the last block."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._words: list[str] = []
        self._kind: BlockKind = "paragraph"
        self._lead = ""
        self._anchor: str | None = None

    def flush(self) -> None:
        """Ends the paragraph that is being collected."""
        text = squeeze("".join(self._words))
        self._words.clear()
        if text and self._lead:
            text = f"{self._lead} {text}"
        if text:
            self._lead = ""
            self._add(self._kind, text)

    def flow(self, element: HtmlElement) -> None:
        """Reads an element's text and children, as they stand."""
        self._words.append(_one_line(element.text))
        for child in element:
            if isinstance(child.tag, str):
                self.child(child)
            self._words.append(_one_line(child.tail))

    def child(self, element: HtmlElement) -> None:
        tag = element.tag
        if is_code_box(element):
            self.flush()
            self._code(element)
            self.flush()
            return
        if _in_line(element):
            self._words.append(_raised("".join(self._words[-2:]), element) + _inline(element))
            return
        self.flush()
        if tag in _HEADINGS:
            self._heading(element)
        elif tag in ("pre", "listing", "xmp"):
            self._code(element)
        elif tag == "table":
            self._table(element)
        elif tag in ("ul", "ol", "menu"):
            self._list(element)
        elif tag == "dt":
            self._lead = self._joined_lead(element, ":")
        elif tag == "blockquote":
            self._quote(element)
        elif "admonition-title" in (element.get("class") or "").split():
            self._lead = self._joined_lead(element, ":")
        else:
            self._section(element)
        self.flush()

    def _section(self, element: HtmlElement) -> None:
        if element.tag in ("section", "article", "div") and element.get("id"):
            self._anchor = element.get("id")
        self.flow(element)
        if element.tag == "dd" and self._lead:
            self._words.append(" ")
        self.flush()

    def _joined_lead(self, element: HtmlElement, mark: str) -> str:
        """A term or an admonition's title: it opens the paragraph that follows it."""
        text = squeeze(_inline(element)).rstrip(":.")
        return f"{self._lead} {text}{mark}".strip() if text else self._lead

    def _heading(self, element: HtmlElement) -> None:
        anchor = element.get("id") or self._anchor or _inner_anchor(element)
        _drop_marks(element)
        text = _PILCROW.sub("", squeeze(_inline(element)).replace("\n", " "))
        self._anchor = None
        self._end_lead()
        if text:
            self.blocks.append(Block("heading", _HEADINGS[element.tag], text, anchor))

    def _code(self, element: HtmlElement) -> None:
        text = verbatim(element)
        if _is_output(element) and len(text) > OUTPUT_CAP:
            text = text[:OUTPUT_CAP].rpartition("\n")[0] or text[:OUTPUT_CAP]
            text += "\n[...]"
        if text.strip():
            self._end_lead()
            self._add("code", text)

    def _table(self, element: HtmlElement) -> None:
        if is_code_table(element) and next(element.iter("pre"), None) is None:
            self._code(element)
        elif element.xpath("descendant::table | descendant::pre | descendant::h1 | descendant::h2 | descendant::h3"):
            for cell in element.xpath("descendant::td | descendant::th"):
                if is_gutter(cell):
                    cell.drop_tree()
            self.flow(element)
        else:
            self._end_lead()
            text = "\n".join(read_rows(element, _cell))
            if _is_output(element) and len(text) > OUTPUT_CAP:
                text = text[:OUTPUT_CAP].rpartition("\n")[0] + "\n[...]"
            self._add("table", text)

    def _list(self, element: HtmlElement) -> None:
        self._end_lead()
        lines: list[str] = []
        for kind, text in _list_parts(element):
            if kind == "list":
                lines.append(text)
                continue
            self._add("list", "\n".join(lines))
            lines.clear()
            self._add(kind, text)
        self._add("list", "\n".join(lines))

    def _quote(self, element: HtmlElement) -> None:
        inner = _Reader()
        inner._kind = "quote"
        inner._lead = self._lead
        inner.flow(element)
        inner.flush()
        self._lead = ""
        for block in inner.blocks:
            last = self.blocks[-1] if self.blocks else None
            if block.kind == "quote" and last and last.kind == "quote" and block is not inner.blocks[0]:
                self.blocks[-1] = replace(last, text=f"{last.text}\n{block.text}")
            else:
                self.blocks.append(block)

    def _end_lead(self) -> None:
        """A term without a paragraph of its own becomes one."""
        if self._lead:
            lead, self._lead = self._lead, ""
            self._add(self._kind, lead)

    def _add(self, kind: BlockKind, text: str) -> None:
        if text.strip():
            self.blocks.append(Block(kind, 0, text))


def _list_parts(element: HtmlElement) -> Iterator[tuple[BlockKind, str]]:
    """Lines of a list ("list"), and the code and tables inside of its items, in order."""
    numbers = _numbers(element)
    for item in element:
        if not isinstance(item.tag, str):
            continue
        inner = _Reader()
        if item.tag in ("ul", "ol", "menu"):  # a list right in a list belongs to the item before it
            inner.child(item)
            yield from _item_parts(inner.blocks, "  ")
            continue
        inner.flow(item)
        inner.flush()
        mark = f"{next(numbers)}. " if element.tag == "ol" and item.tag == "li" else "- "
        yield from _item_parts(inner.blocks, mark)


def _item_parts(blocks: list[Block], mark: str) -> Iterator[tuple[BlockKind, str]]:
    """An item's first text carries its mark; what follows is indented below it."""
    if blocks and blocks[0].kind in ("code", "table") and mark not in ("- ", "  "):
        yield "list", mark.rstrip()
    for number, block in enumerate(blocks):
        if block.kind in ("code", "table"):
            yield block.kind, block.text
            continue
        yield "list", (mark if number == 0 else "  ") + block.text.replace("\n", "\n  ")


def _numbers(element: HtmlElement) -> Iterator[str]:
    """What stands before each item: by `start`, `reversed`, the items' own `value`, and the style of the numbers."""
    items = [item for item in element if item.tag == "li"]
    step = -1 if element.get("reversed") is not None else 1
    number = _number(element.get("start"), len(items) if step < 0 else 1)
    styled = _LIST_STYLE.search(element.get("style") or "")
    style = styled[1].lower() if styled else _LIST_STYLES.get((element.get("type") or "").strip(), "")
    for item in items:
        number = _number(item.get("value"), number)
        yield _written(number, style)
        number += step


def _number(stated: str | None, otherwise: int) -> int:
    found = re.fullmatch(r"\s*([+-]?[0-9]{1,6})\s*", stated or "")
    return int(found[1]) if found else otherwise


def _written(number: int, style: str) -> str:
    """`3` as it is, or as "c", "C", "iii", "III"; beyond what letters and Roman numerals hold, as it is."""
    if "roman" in style and 0 < number < 4000:
        text = ""
        for value, letters in _ROMAN:
            text, number = text + letters * (number // value), number % value
    elif style and "roman" not in style and 0 < number < 27:
        text = chr(ord("a") + number - 1)
    else:
        return str(number)
    return text.upper() if style.startswith("upper") else text


def _cell(cell: HtmlElement) -> str:
    return squeeze(_inline(cell)).replace("\n", " ")


def _inline(element: HtmlElement) -> str:
    """The text of an element and all in it; `<br>` is a newline, other newlines are spaces."""
    parts: list[str] = []
    _gather(element, parts)
    return "".join(parts)


def _gather(element: HtmlElement, parts: list[str]) -> None:
    if element.tag == "br":
        parts.append("\n")
    elif element.tag == "img":
        return
    else:
        gap = " " if element.tag in _SPACED else ""
        parts.append(gap + _one_line(element.text))
        for child in element:
            if isinstance(child.tag, str):
                parts.append(_raised("".join(parts[-2:]), child))
                _gather(child, parts)
            parts.append(_one_line(child.tail))
        parts.append(gap)


def _raised(before: str, element: HtmlElement) -> str:
    """The sign before a power, of a number or a letter: 10<sup>6</sup> is not 106. A note has a word before it."""
    if element.tag != "sup" or len(element) > 0 or not _POWER.fullmatch((element.text or "").strip()):
        return ""
    return "^" if _BASE.search(before[-40:]) else ""


def _one_line(text: str | None) -> str:
    return text.replace("\n", " ") if text else ""


def _is_output(element: HtmlElement) -> bool:
    """True within a notebook's output, as nbviewer, JupyterLab and Jupyter Book mark it."""
    marks = [element.get("class") or ""]
    marks += [ancestor.get("class") or "" for ancestor in element.iterancestors("div")][:4]
    return any(_OUTPUT.search(mark) for mark in marks)


def _in_line(element: HtmlElement) -> bool:
    """True for what is part of a line of text. A label, or an element that a site made up, is if text is beside it."""
    if element.tag in _BLOCKS or any(node.tag in _BLOCKS for node in element.iterdescendants()):
        return False
    if "-" not in element.tag and element.tag != "label":
        return True
    parent = element.getparent()
    return has_text_beside(element) or (
        parent is not None and parent.tag not in ("div", "section", "main", "article", "body")
    )


def _drop_marks(heading: HtmlElement) -> None:
    """The sign that links a heading to itself (¶, #): an element of its own, so "Learning C#" keeps its sign."""
    for mark in list(heading.iter("a", "span", "button")):
        if mark is heading or not _MARK.fullmatch("".join(mark.itertext())):
            continue
        links = mark.tag == "a" and (mark.get("href") or "#").find("#") >= 0
        if links or _MARK_NAMES.search(mark.get("class") or ""):
            mark.drop_tree()


def _inner_anchor(heading: HtmlElement) -> str | None:
    for anchor in heading.iter("a", "span"):
        name = anchor.get("id") or anchor.get("name")
        if name:
            return name
    return None
