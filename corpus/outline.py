"""Markdown text -> an outline of sections with rows of cells. Knows the columns, nothing of weeks or resources."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from corpus.roadmap import Finding, Link

COLUMNS = {
    "training / book / video": "title",
    "alternatives": "alternatives",
    "author / platform": "authors",
    "task / project": "task",
    "notes / focus": "focus",
    "learning outcome": "outcome",
    "link": "links",
    "pros": "pros",
    "cons": "cons",
    "difficulty": "difficulty",
    "hands-on focus": "hands_on",
    "recommendation": "recommendation",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its lines (split at `<br>`) as plain text, and its links."""

    lines: tuple[str, ...]
    links: tuple[Link, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(self.lines)


EMPTY = Cell(())


@dataclass(frozen=True, slots=True)
class Row:
    """One table row: canonical column name -> cell."""

    cells: dict[str, Cell]
    line: int


@dataclass(slots=True)
class Section:
    """A `<details>` element (or the document itself) with what stands in it."""

    heading: str = ""
    line: int = 0
    rows: list[Row] = field(default_factory=list)
    tables: int = 0
    children: list[Section] = field(default_factory=list)


# --- 1-2: tokens and sections -------------------------------------------------------------------------------------


class _Details(HTMLParser):
    """Follows `<details>` and `<summary>` over the document's HTML blocks."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__()
        self.stack = [Section()]
        self.findings = findings
        self.line = 0
        self.in_summary = False

    def read(self, html: str, line: int) -> None:
        """Follows one HTML block, whose first line is `line`."""
        self.line = line
        try:
            self.feed(html)
        except AssertionError:  # html.parser's way to refuse a malformed "<!...>"
            self.reset()
            self._find("bad-markup", "HTML that cannot be read, from here to the next empty line: mend or remove it.")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "details":
            section = Section(line=self.line)
            self.stack[-1].children.append(section)
            self.stack.append(section)
        self.in_summary = tag == "summary" or (self.in_summary and tag != "details")
        names = {name for name, _ in attrs}
        if tag == "table":
            self._find("html-table", "an HTML table is not read: write it as a Markdown table.")
        if names & {"colspan", "rowspan"}:
            self._find("merged-cell", "a merged cell is not read: give every column a cell of its own.")

    def handle_endtag(self, tag: str) -> None:
        if tag == "summary":
            self.in_summary = False
        if tag == "details":
            if len(self.stack) > 1:
                self.stack.pop()
            else:
                self._find("unbalanced-details", "a </details> closes nothing.")

    def handle_data(self, data: str) -> None:
        if self.in_summary:
            section = self.stack[-1]
            section.heading = f"{section.heading} {data}".strip()

    def _find(self, code: str, message: str) -> None:
        self.findings.append(Finding(code, "error", message, self.line))


def read_outline(text: str, findings: list[Finding]) -> tuple[str, Section]:
    parser = _Details(findings)
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    source = re.split(r"\r\n|\r|\n", text)  # as markdown-it counts them; str.splitlines() knows more line ends
    title = ""
    for position, token in enumerate(tokens):
        line = token.map[0] + 1 if token.map else 0
        if token.type == "html_block":
            parser.read(token.content, line)
        elif token.type == "heading_open" and not title and len(parser.stack) == 1:
            title = tokens[position + 1].content
        elif token.type == "heading_open":
            message = f"“{tokens[position + 1].content}” is not read: phases and weeks are <summary> headings."
            findings.append(Finding("unread-heading", "warning", message, line))
        elif token.type == "table_open":
            parser.stack[-1].tables += 1
            parser.stack[-1].rows += _table(tokens[position:], source, findings)
    if len(parser.stack) > 1:
        findings.append(Finding("unbalanced-details", "warning", "a <details> is never closed.", parser.stack[-1].line))
    return title, parser.stack[0]


# --- 3: rows ------------------------------------------------------------------------------------------------------


def _table(tokens: list[Token], source: list[str], findings: list[Finding]) -> list[Row]:
    end = next(i for i, token in enumerate(tokens) if token.type == "table_close")
    rows: list[list[Cell]] = []
    lines: list[int] = []
    for token in tokens[:end]:
        if token.type == "tr_open":
            rows.append([])
            lines.append(token.map[0] if token.map else 0)
        elif token.type == "inline":
            rows[-1].append(_cell(token.children or []))
    header = [_column(cell.text, lines[0] + 1, findings) for cell in rows[0]]
    _check_header(header, lines[0] + 1, findings)
    for cells, line in zip(rows[1:], lines[1:], strict=True):
        _check_width(source[line], len(header), line + 1, findings)
        assert len(cells) <= len(header)
    body = zip(rows[1:], lines[1:], strict=True)
    return [Row(dict(zip(header, cells, strict=False)), line + 1) for cells, line in body]


def _column(name: str, line: int, findings: list[Finding]) -> str:
    column = COLUMNS.get(name.strip().lower())
    if column is None:
        findings.append(Finding("unknown-column", "warning", f"column “{name}” is unknown and not read.", line))
    return column or f"unknown:{name}"


def _check_header(header: list[str], line: int, findings: list[Finding]) -> None:
    missing = [name for name, column in COLUMNS.items() if column not in header]
    if missing:
        findings.append(Finding("missing-column", "error", f"the table has no column {', '.join(missing)}.", line))
    twice = [name for name, column in COLUMNS.items() if header.count(column) > 1]
    if twice:
        message = f"the table has more than one column {', '.join(twice)}: the last one is read."
        findings.append(Finding("duplicate-column", "error", message, line))


def _check_width(line: str, width: int, number: int, findings: list[Finding]) -> None:
    """The Markdown parser pads and cuts rows without a word, so their cells are counted in the source."""
    cells = escapedSplit(line.strip())
    cells = cells[bool(cells and not cells[0].strip()) :]
    cells = cells[: len(cells) - bool(cells and not cells[-1].strip())]
    if len(cells) != width:
        message = f"the row has {len(cells)} cells where the header has {width}: cells may be merged or missing."
        findings.append(Finding("table-width", "error", message, number))


def _cell(tokens: list[Token]) -> Cell:
    lines, links, href, label = [""], [], "", ""
    for token in tokens:
        if token.type == "html_inline" and token.content.lower().startswith("<br"):
            lines.append("")
        elif token.type == "link_open":
            href, label = str(token.attrGet("href") or ""), ""
        elif token.type == "link_close":
            links.append(Link(label.strip(), href))
            href = ""
        else:
            piece = f"`{token.content}`" if token.type == "code_inline" else _plain(token)
            label += piece
            lines[-1] += piece
    texts = (line.strip().removeprefix("•").strip() for line in lines)
    return Cell(tuple(t for t in texts if t and t.upper() != "N/A"), tuple(links))


def _plain(token: Token) -> str:
    return " " if token.type in ("softbreak", "hardbreak") else token.content if token.type == "text" else ""
