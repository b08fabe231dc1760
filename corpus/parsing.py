"""Markdown text -> `Roadmap`: sections, tables, rows, resources, findings. Pure; reads no roadmap file itself."""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import count
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from corpus.findings import check_roadmap
from corpus.roadmap import Block, Finding, Link, Phase, Resource, Roadmap, RoadmapError, Role, Weeks

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
SHIFTED = ("title", "alternatives", "authors", "task", "focus", "outcome")
"""What the cells after a label cell are (see corrections.toml, "label-cell")."""

KINDS = ("label-cell", "split-title")

ROLES: dict[str, Role] = {
    "preferred": "preferred",
    "alternative": "alternative",
    "supplemental": "supplemental",
}
DIGITS = 3
"""Longest number of a week: a heading with a longer one is not read (a slip of the key is no plan of 100 years)."""

_NUMBERS = re.compile(r"\bweeks?\s+(\d+)(?:\s*(?:[-–—&]|to|and|through)\s*(\d+))?", re.IGNORECASE)
_PHASE = re.compile(r"\s*phase\s+(\d{1,3})(?!\d)\s*[-–—:]?\s*(.*)", re.IGNORECASE)
_ROLE = re.compile(r"\s+[-–—]\s+(" + "|".join(ROLES) + r")\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Correction:
    """One entry of corrections.toml."""

    kind: str
    title: str
    why: str
    alternative: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise TypeError(f"unknown kind {self.kind!r}, known are {' and '.join(KINDS)}")


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


def read_corrections(path: Path) -> tuple[Correction, ...]:
    """Reads corrections.toml. Errors: `RoadmapError` naming the file if it cannot be read or has an unknown key."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return tuple(Correction(**{k: str(v) for k, v in entry.items()}) for entry in data.get("correction", []))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError, AttributeError) as error:
        raise RoadmapError(f"{path} cannot be read as corrections ({error}): see the comment at its top.") from error


def parse_roadmap(text: str, corrections: tuple[Correction, ...] = ()) -> Roadmap:
    """Parses the author's Markdown. Never fails on content; see `Roadmap.findings`."""
    findings: list[Finding] = []
    title, root = _sections(text, findings)
    phases = _phases(root, corrections, findings)
    roadmap = Roadmap(title, phases, ())
    messages = {f.message for f in findings}
    findings += [
        Finding("unused-correction", "warning", f"correction for “{c.title}” matches no row: remove or mend it.")
        for c in corrections
        if _mended(c) not in messages
    ]
    return replace(roadmap, findings=(*findings, *check_roadmap(roadmap)))


def slug(title: str) -> str:
    """A stable id: lower-case ASCII words joined by "-", without what stands in parentheses."""
    bare = re.sub(r"\([^)]*\)", " ", title)
    plain = unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain)) or f"resource-{_digest(title)}"


def _digest(title: str) -> str:
    """Stands for a title without an ASCII letter; depends on the title alone, as every id."""
    return hashlib.sha256(title.encode("utf-8", "replace")).hexdigest()[:8]


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


def _sections(text: str, findings: list[Finding]) -> tuple[str, Section]:
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


# --- 4: phases, blocks, resources ---------------------------------------------------------------------------------


def _phases(root: Section, corrections: tuple[Correction, ...], findings: list[Finding]) -> tuple[Phase, ...]:
    if root.rows:
        findings.append(Finding("table-outside", "error", "a table outside any phase is not read.", root.rows[0].line))
    phases: list[Phase] = []
    for section in root.children:
        match, weeks = _PHASE.match(section.heading), _span(section, findings)
        if not match or not weeks:
            message = f"“{section.heading}” is no phase heading (“Phase N — Title (Weeks A–B)”): section not read."
            findings.append(Finding("bad-heading", "error", message, section.line))
            continue
        title = re.sub(r"\s*\([^)]*\)\s*$", "", match[2])
        phases.append(_phase(section, int(match[1]), title, weeks, corrections=corrections, findings=findings))
    return _unique(tuple(phases), findings)


def _phase(
    section: Section,
    number: int,
    title: str,
    weeks: Weeks,
    *,
    corrections: tuple[Correction, ...],
    findings: list[Finding],
) -> Phase:
    blocks: list[Block] = []
    for child in section.children:
        span = _span(child, findings)
        if span is None:
            message = f"“{child.heading}” names no weeks (“Week A–B — Title”): block not read."
            findings.append(Finding("bad-heading", "error", message, child.line))
            continue
        findings += [_deep(inner) for inner in child.children]
        name = _name(child.heading)
        blocks.append(_block(child, name, span, number, corrections=corrections, findings=findings))
    if section.rows or not section.children:
        whole = _block(section, title, weeks, number, corrections=corrections, findings=findings)
        if not section.children:
            whole = replace(whole, divided=len(weeks) <= 1)
            if section.rows and len(weeks) > 1:
                message = f"phase {number} gives {weeks} only: no finer split is known for its resources."
                findings.append(Finding("undivided-phase", "note", message, section.line))
        blocks.append(whole)
    return Phase(number, title, weeks, tuple(blocks), section.heading)


def _block(
    section: Section,
    title: str,
    weeks: Weeks,
    phase: int,
    *,
    corrections: tuple[Correction, ...],
    findings: list[Finding],
) -> Block:
    if not section.tables:
        findings.append(Finding("no-table", "error", f"“{section.heading}” has no table of resources.", section.line))
    resources: list[Resource] = []
    for row in section.rows:
        mended, span = _corrected(row, weeks, corrections, findings)
        if not mended["title"].text:
            findings.append(Finding("no-title", "error", "a row without a title is not read.", row.line))
            continue
        if mended["links"].text and not mended["links"].links:
            message = f"the link cell says “{mended['links'].text}”: only [text](address) is read as a link."
            findings.append(Finding("unread-link", "warning", message, row.line))
        resources.append(_resource(mended, span, phase, title))
    return Block(title, weeks, phase, tuple(resources), section.heading)


def _corrected(
    row: Row, weeks: Weeks, corrections: tuple[Correction, ...], findings: list[Finding]
) -> tuple[dict[str, Cell], Weeks]:
    cells = {column: row.cells.get(column, EMPTY) for column in COLUMNS.values()}
    name = cells["title"].text
    for correction in corrections:
        if correction.title != name:
            continue
        if correction.kind == "label-cell":
            following = list(row.cells.values())[1 : len(SHIFTED) + 1]
            shifted = dict(zip(SHIFTED, following, strict=False))
            heading = f"{name} — {shifted['title'].text}" if "title" in shifted else name
            cells |= shifted | {"links": EMPTY, "title": Cell((heading,))}
            weeks = _weeks(name) or weeks
        elif correction.kind == "split-title" and cells["alternatives"].text == correction.alternative:
            cells |= {"title": Cell((f"{name} | {correction.alternative}",)), "alternatives": EMPTY}
        else:
            continue
        findings.append(Finding(correction.kind, "note", _mended(correction), row.line))
    return cells, weeks


def _mended(correction: Correction) -> str:
    return f"“{correction.title}” was mended: {correction.why}."


def _deep(section: Section) -> Finding:
    message = f"“{section.heading}” stands inside a week's section: it and what it holds are not read."
    return Finding("deep-section", "error", message, section.line)


def _resource(cells: dict[str, Cell], weeks: Weeks, phase: int, block: str) -> Resource:
    full = cells["title"].text
    match = _ROLE.search(full)
    title = full[: match.start()] if match else full
    label = re.match(r"week\s+\d+\s+checkpoint\s*[-–—:]\s*", title, re.IGNORECASE)
    checkpoint = bool(label) or ("checkpoint" in block.lower() and not match)
    role: Role = ROLES[match[1].lower()] if match else "checkpoint" if checkpoint else "main"
    return Resource(
        id=slug(title[label.end() :] if label else title),
        title=title,
        role=role,
        weeks=weeks,
        phase=phase,
        block=block,
        alternatives=cells["alternatives"].lines,
        authors=tuple(a.strip() for a in cells["authors"].text.split(" / ") if a.strip()),
        task=cells["task"].text,
        focus=cells["focus"].text,
        outcome=cells["outcome"].text,
        links=cells["links"].links,
        pros=cells["pros"].lines,
        cons=cells["cons"].lines,
        difficulty=cells["difficulty"].text,
        hands_on=cells["hands_on"].text,
        recommendation=cells["recommendation"].text,
    )


def _unique(phases: tuple[Phase, ...], findings: list[Finding]) -> tuple[Phase, ...]:
    """Two rows of one title get ids of their own from their authors, and a finding."""
    seen: Counter[str] = Counter()

    def unique(resource: Resource) -> Resource:
        id = resource.id
        if seen[id]:
            longer = slug(f"{resource.title} {' '.join(resource.authors)}")
            id = next(i for i in _numbered(longer) if not seen[i])
            message = f"“{resource.title}” stands in two rows: the later one has the id {id}."
            findings.append(Finding("duplicate-title", "warning", message))
        seen[id] += 1
        return replace(resource, id=id)

    return tuple(
        replace(
            phase,
            blocks=tuple(replace(b, resources=tuple(unique(r) for r in b.resources)) for b in phase.blocks),
        )
        for phase in phases
    )


def _numbered(id: str) -> Iterator[str]:
    yield id
    yield from (f"{id}-{number}" for number in count(2))


def _span(section: Section, findings: list[Finding]) -> Weeks | None:
    """The weeks of a heading; a range that runs backwards is turned round, and said so."""
    match = _NUMBERS.search(section.heading)
    if match and match[2] and (weeks := _weeks(section.heading)) and weeks.first != int(match[1]):
        message = f"“{section.heading}” runs from week {weeks.last} back to {weeks.first}: read as {weeks}."
        findings.append(Finding("swapped-weeks", "warning", message, section.line))
    return _weeks(section.heading)


def _weeks(heading: str) -> Weeks | None:
    match = _NUMBERS.search(heading)
    if not match or len(match[1]) > DIGITS or len(match[2] or "") > DIGITS:
        return None
    first, last = int(match[1]), int(match[2] or match[1])
    return Weeks(min(first, last), max(first, last))


def _name(heading: str) -> str:
    """What follows the weeks: "Week 1–2 — Python" -> "Python"; the whole heading if nothing does."""
    match = _NUMBERS.search(heading)
    rest = re.match(r"\s*[-–—:]\s*(\S.*)", heading[match.end() :], re.DOTALL) if match else None
    return rest[1].strip() if rest else heading
