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

from ingest.pages.document import Block, BlockKind, Link
from ingest.pages.prune import names
from ingest.pages.visible import squeeze, visible

OUTPUT_CAP: Final = 2_000
"""Characters kept of one notebook output: enough to see what came, too few to bury the page."""

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_INLINE = names(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark math meter q "
    "rp rt ruby s samp small span strike strong sub sup time tt u var wbr"
)
_BLOCKS = names("p div section article ul ol li dl dt dd pre table tr td th blockquote figure h1 h2 h3 h4 h5 h6")
_PROMPT = re.compile(r"^(?:(?:In|Out) ?\[[\d ]*\]:|   +\.\.\.+:) ?", re.MULTILINE)
_HAS_PROMPT = re.compile(r"^In \[\d+\]:", re.MULTILINE)
_PILCROW = re.compile(r"[ \t]*[¶#§🔗]+$")
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
                self._child(child)
            self._words.append(_one_line(child.tail))

    def _child(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in _INLINE and not _wraps_blocks(element):
            self._words.append(_inline(element))
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
        text = _PILCROW.sub("", squeeze(_inline(element)).replace("\n", " "))
        anchor = element.get("id") or self._anchor or _inner_anchor(element)
        self._anchor = None
        self._end_lead()
        if text:
            self.blocks.append(Block("heading", _HEADINGS[element.tag], text, anchor))

    def _code(self, element: HtmlElement) -> None:
        text = _verbatim(element)
        if _is_output(element) and len(text) > OUTPUT_CAP:
            text = text[:OUTPUT_CAP].rpartition("\n")[0] or text[:OUTPUT_CAP]
            text += "\n[...]"
        if text.strip():
            self._end_lead()
            self._add("code", text)

    def _table(self, element: HtmlElement) -> None:
        code = element.xpath("descendant::td[contains(@class, 'code')]//pre")
        if code:
            self._code(code[0])
        elif element.xpath("descendant::table | descendant::pre | descendant::h1 | descendant::h2 | descendant::h3"):
            self.flow(element)
        else:
            self._end_lead()
            text = "\n".join(_rows(element))
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
    number = _start(element)
    for item in element:
        if not isinstance(item.tag, str):
            continue
        mark = f"{number}. " if element.tag == "ol" else "- "
        number += 1
        inner = _Reader()
        inner.flow(item)
        inner.flush()
        yield from _item_parts(inner.blocks, mark)


def _item_parts(blocks: list[Block], mark: str) -> Iterator[tuple[BlockKind, str]]:
    """An item's first text carries its mark; what follows is indented below it."""
    for number, block in enumerate(blocks):
        if block.kind in ("code", "table"):
            yield block.kind, block.text
            continue
        yield "list", (mark if number == 0 else "  ") + block.text.replace("\n", "\n  ")


def _start(element: HtmlElement) -> int:
    start = (element.get("start") or "").strip()
    return int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 1


def _rows(table: HtmlElement) -> Iterator[str]:
    for caption in table.iter("caption"):
        yield squeeze(_inline(caption)).replace("\n", " ")
    for row in table.iter("tr"):
        cells = [squeeze(_inline(cell)).replace("\n", " ") for cell in row if cell.tag in ("td", "th")]
        if any(cells):
            yield " | ".join(cells)


def _inline(element: HtmlElement) -> str:
    """The text of an element and all in it; `<br>` is a newline, other newlines are spaces."""
    parts: list[str] = []
    _gather(element, parts)
    return "".join(parts)


def _gather(element: HtmlElement, parts: list[str]) -> None:
    if element.tag == "br":
        parts.append("\n")
    elif element.tag == "math":
        parts.append(_formula(element))
    elif element.tag == "img":
        parts.append(_one_line(element.get("alt")) if "math" in (element.get("class") or "") else "")
    else:
        gap = " " if element.tag in _BLOCKS else ""
        parts.append(gap + _one_line(element.text))
        for child in element:
            if isinstance(child.tag, str):
                _gather(child, parts)
            parts.append(_one_line(child.tail))
        parts.append(gap)


def _formula(element: HtmlElement) -> str:
    """The TeX source where MathML carries it, otherwise its symbols."""
    for note in element.iter("annotation"):
        if (note.get("encoding") or "").endswith("tex"):
            return _one_line(note.text)
    return " ".join("".join(element.itertext()).split())


def _one_line(text: str | None) -> str:
    return text.replace("\n", " ") if text else ""


def _verbatim(element: HtmlElement) -> str:
    """Code as written, without blank lines around it and without notebook prompts."""
    for line_break in list(element.iter("br")):
        line_break.text = "\n"
    text = visible("".join(element.itertext()))
    if _HAS_PROMPT.search(text):
        text = _PROMPT.sub("", text)
    return re.sub(r"\A(?:[ \t]*\n)+", "", text).rstrip()


def _is_output(element: HtmlElement) -> bool:
    """True within a notebook's output, as nbviewer, JupyterLab and Jupyter Book mark it."""
    marks = [element.get("class") or ""]
    marks += [ancestor.get("class") or "" for ancestor in element.iterancestors("div")][:4]
    return any(_OUTPUT.search(mark) for mark in marks)


def _wraps_blocks(element: HtmlElement) -> bool:
    return len(element) > 0 and any(node.tag in _BLOCKS for node in element.iterdescendants())


def _inner_anchor(heading: HtmlElement) -> str | None:
    for anchor in heading.iter("a", "span"):
        name = anchor.get("id") or anchor.get("name")
        if name:
            return name
    return None
