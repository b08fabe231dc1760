"""An outline of sections and rows -> `Roadmap`: corrections, phases, blocks, resources, findings. Pure."""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from corpus.findings import check_roadmap
from corpus.outline import COLUMNS, EMPTY, Cell, Row, Section, read_outline
from corpus.roadmap import Block, Finding, Phase, Resource, Roadmap, RoadmapError, Role, Weeks

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
_PHASE = re.compile(r"\s*+phase\s+(\d{1,3})(?!\d)\s*[-–—:]?\s*(.*)", re.IGNORECASE)
_ROLE = re.compile(r"(?<!\s)\s++[-–—]\s++(" + "|".join(ROLES) + r")\s*$", re.IGNORECASE)


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
    title, root = read_outline(text, findings)
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
    bare = re.sub(r"\((?:[^()]|\([^()]*\))*+\)", " ", title)
    plain = unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain)) or f"resource-{_digest(title)}"


def _digest(title: str) -> str:
    """Stands for a title without an ASCII letter; depends on the title alone, as every id."""
    return hashlib.sha256(title.encode("utf-8", "replace")).hexdigest()[:8]


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
        title = re.sub(r"(?:(?<!\s)\s++)?\([^()]*\)\s*+$", "", match[2])
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
