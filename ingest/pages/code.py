"""An element that holds code -> its lines, as written, without the numbers beside them.

A line may be text up to a line end, an element of its own (`li`, `div`, `tr`, `span.line`), or both at once.
Knows nothing of pages or of other blocks.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from lxml.html import HtmlElement

from ingest.pages.tree import has_text_beside
from ingest.pages.visible import visible

_BOX: Final = re.compile(
    r"(?:^|\s)(?:CodeMirror-code|cm-content|view-lines|syntaxhighlighter|crayon-pre|crayon-table|enlighter|"
    r"ace_text-layer|prettyprint|code-toolbar-lines)(?=\s|$)"
)
_LINE_TAGS: Final = frozenset({"li", "div", "tr", "p", "pre"})
_LINE: Final = re.compile(
    r"(?:^|\s)(?:[\w-]+[_-])?(?:line|row)(?=\s|$)|(?:^|\s)(?:token-line|code-line|hljs-ln-line|cm-line)(?=\s|$)"
)
_PANDOC_LINE: Final = re.compile(r"cb\d+-\d+")
_LAID_OUT: Final = re.compile(r"display\s*:\s*(?:block|flex|grid|table-row)", re.IGNORECASE)
_UNSELECTABLE: Final = re.compile(r"user-select\s*:\s*none", re.IGNORECASE)
_GUTTER: Final = re.compile(
    r"line-?n(?:o|r|um)|line-?numbers?|gutter|(?:^|[\s_-])(?:ln|lnt|lno|lntd|nums?|number|linenos?|n)(?=[\s\d_-]|$)",
    re.IGNORECASE,
)
_NUMBERS: Final = re.compile(r"[\s\d.:|]*")
_CODE_CELL: Final = re.compile(r"(?:^|[\s_-])(?:code|codeline|source-code)(?=[\s_-]|$)", re.IGNORECASE)
_ONLY_LAYOUT: Final = frozenset({"ol", "ul", "table", "tbody", "thead", "tr"})
_PROMPT = re.compile(r"^(?:(?:In|Out) ?\[[\d ]*\]:|   +\.\.\.+:) ?", re.MULTILINE)
_HAS_PROMPT = re.compile(r"^In \[\d+\]:", re.MULTILINE)
_BLANK_START = re.compile(r"\A(?:[ \t]*\n)+")


def verbatim(element: HtmlElement) -> str:
    """Code as written, without blank lines around it, without line numbers and without notebook prompts."""
    lines = _Lines(preformatted=element.tag in ("pre", "code", "listing", "xmp"))
    lines.read(element)
    text = visible("".join(lines.parts))
    if lines.numbered and all(line.startswith(" ") for line in text.split("\n") if line.strip()):
        text = re.sub(r"^ ", "", text, flags=re.MULTILINE)  # it stood between the number and the line
    if _HAS_PROMPT.search(text):
        text = _PROMPT.sub("", text)
    return _BLANK_START.sub("", text).rstrip()


def is_code_box(element: HtmlElement) -> bool:
    """Code without a `pre`: an editor or a highlighter, or a `code` element of several lines."""
    if element.tag in ("code", "samp", "tt"):
        if next(element.iter("div", "ol"), None) is not None:
            return True
        kept = re.search(r"white-space\s*:\s*pre", element.get("style") or "") and "\n" in "".join(element.itertext())
        return bool(kept or next(element.iter("br"), None) is not None) and not has_text_beside(element)
    named = element.get("class") or ""
    return element.tag in ("div", "table", "code", "ol") and _BOX.search(named) is not None


def is_code_table(table: HtmlElement) -> bool:
    """One cell of code a row, beside its number or not: GitHub, SyntaxHighlighter."""
    rows = [[cell for cell in row if cell.tag in ("td", "th") and not is_gutter(cell)] for row in table.iter("tr")]
    cells = [cell for row in rows for cell in row]
    return (
        bool(cells)
        and all(len(row) < 2 for row in rows)
        and all(_CODE_CELL.search(cell.get("class") or "") for cell in cells)
    )


def is_gutter(element: HtmlElement) -> bool:
    """Line numbers: nothing but digits, in an element that is called so, or that cannot be selected."""
    called = _names_gutter(element.get("class") or "") or _UNSELECTABLE.search(element.get("style") or "")
    if called or element.get("data-line-number") is not None or element.get("data-linenumber") is not None:
        return _NUMBERS.fullmatch("".join(element.itertext())) is not None
    return element.tag in ("td", "th") and _counts_lines(element)


@lru_cache(4_096)
def _names_gutter(named: str) -> bool:
    return _GUTTER.search(named) is not None


@lru_cache(4_096)
def _names_line(named: str) -> bool:
    return _LINE.search(named) is not None


def _counts_lines(cell: HtmlElement) -> bool:
    """A cell that holds 1, 2, 3, each in a line of its own."""
    if next(cell.iter("pre", "br", "div"), None) is None:
        return False
    numbers = verbatim(cell).split()
    if len(numbers) < 2 or not all(number.isascii() and number.isdigit() and len(number) < 7 for number in numbers):
        return False
    first = int(numbers[0])
    return [int(number) for number in numbers] == list(range(first, first + len(numbers)))


class _Lines:
    """Collects text; `_due` says that the line element before has ended and no line end has come since."""

    def __init__(self, *, preformatted: bool) -> None:
        self.parts: list[str] = []
        self.numbered = False
        self._due = False
        self._preformatted = preformatted

    def read(self, element: HtmlElement) -> None:
        own_lines = _children_are_lines(element)
        self._text(element.text, element)
        for child in element:
            if isinstance(child.tag, str):
                self._child(child, own_lines)
            self._text(child.tail, element)

    def _child(self, child: HtmlElement, own_lines: bool) -> None:
        if child.tag == "br":
            self._add("\n")
        elif is_gutter(child):
            self.numbered = True
        elif child.tag == "textarea" or "toolbar" in (child.get("class") or "").split():
            return
        elif (own_lines and child.tag == "code") or _is_line(child):
            self._line(child)
        else:
            self.read(child)

    def _line(self, element: HtmlElement) -> None:
        if self._due or (self.parts and not self.parts[-1].endswith("\n")):
            self._due = False
            self.parts.append("\n")
        before = len(self.parts)
        self.read(element)
        written = self.parts[before:]
        self._due = self._due or not written or not written[-1].endswith("\n")

    def _text(self, text: str | None, parent: HtmlElement) -> None:
        if not text or (not text.strip() and (parent.tag in _ONLY_LAYOUT or self._is_between(text, parent))):
            return
        self._add(text)

    def _is_between(self, text: str, parent: HtmlElement) -> bool:
        """The line ends of the page's own source, between lines that are elements."""
        return not self._preformatted and "\n" in text and any(_is_line(child) for child in parent)

    def _add(self, text: str) -> None:
        if self._due and not text.startswith(("\n", "\r\n")):
            self.parts.append("\n")
        self._due = False
        self.parts.append(text)


def _is_line(element: HtmlElement) -> bool:
    if element.tag in _LINE_TAGS:
        return True
    if element.tag not in ("span", "code"):
        return False
    return (
        _names_line(element.get("class") or "")
        or element.get("data-line") is not None
        or _LAID_OUT.search(element.get("style") or "") is not None
        or _PANDOC_LINE.fullmatch(element.get("id") or "") is not None
    )


def _children_are_lines(element: HtmlElement) -> bool:
    """Several `code` elements side by side in a `pre`, nothing between them but space."""
    if element.tag != "pre":
        return False
    codes = [child for child in element if child.tag == "code"]
    between = "".join([element.text or "", *(child.tail or "" for child in element)])
    return len(codes) > 1 and len(codes) == len(element) and not between.strip()
