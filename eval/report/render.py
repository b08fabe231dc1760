"""Sections of a report -> Markdown and one self-contained HTML page. Knows nothing of what the sections say."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

STYLE = """
:root { color-scheme: light dark }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1140px; margin: 2rem auto; padding: 0 1rem; color: #1c2126 }
summary { cursor: pointer; padding: .5rem 0 }
h1 { font-size: 1.6rem }
h2 { font-size: 1.2rem; margin-top: 2.2rem; border-bottom: 1px solid #d8dde2 }
.scroll { overflow-x: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
td, th { padding: .25rem .5rem; text-align: left; border-bottom: 1px solid #e6e9ec }
td.words { min-width: 14rem; overflow-wrap: anywhere }
p { overflow-wrap: anywhere }
tr.strong td { font-weight: 600; background: #eef6f2 }
code { background: #f1f3f5; padding: .1rem .3rem }
figure { margin: 1rem 0 }
svg { max-width: 100%; height: auto }
@media (prefers-color-scheme: dark) {
  body { background: #14181c; color: #e4e8ec }
  h2, td, th { border-color: #39424b }
  tr.strong td { background: #17352a }
  code { background: #262d34 }
  a { color: #7fc8ff }
  figure { background: #fff; border-radius: .3rem; padding: .5rem } /* the plots are drawn for light paper */
}
"""

LONG = 40
"""Characters from which the text of a cell may wrap."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; `strong` is the number of the row that is set off, -1 for none."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    strong: int = -1


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, sentences, a table and plots (SVG); each but the heading may be missing."""

    title: str
    text: tuple[str, ...] = ()
    grid: Grid | None = None
    plots: tuple[str, ...] = ()
    behind: Grid | None = None
    """The questions behind the figures: folded up in HTML, left out of Markdown."""


def as_markdown(title: str, sections: Sequence[Section]) -> str:
    """The sections without their plots."""
    parts = [f"# {title}"]
    for section in sections:
        parts += [f"## {section.title}", *section.text]
        if section.grid:
            rule = tuple("---" for _ in section.grid.head)
            parts.append("\n".join(_markdown_row(line) for line in (section.grid.head, rule, *section.grid.rows)))
    return "\n\n".join(parts) + "\n"


def as_html(title: str, sections: Sequence[Section]) -> str:
    """One page that loads nothing; all of it is escaped but the plots, which are our own."""
    meta = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    head = f"{meta}<title>{html.escape(title)}</title><style>{STYLE}</style>"
    body = "\n".join(_section(section) for section in sections)
    page = f"<head>{head}</head>\n<body><main><h1>{html.escape(title)}</h1>\n{body}</main></body>"
    return f'<!doctype html>\n<html lang="en">{page}</html>\n'


def _markdown_row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _section(section: Section) -> str:
    parts = [f"<h2>{html.escape(section.title)}</h2>", *(f"<p>{_inline(text)}</p>" for text in section.text)]
    parts += [_table(section.grid, section.title)] if section.grid else []
    if section.behind:
        count = len(section.behind.rows)
        said = f"The {count:,} questions behind it"
        parts.append(f"<details><summary>{said}</summary>{_table(section.behind, said)}</details>")
    parts += [f"<figure>{plot}</figure>" for plot in section.plots]
    return f"<section>{''.join(parts)}</section>"


def _table(grid: Grid, label: str) -> str:
    """A table that scrolls by itself, and by the keyboard, where it is wider than the page."""
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in grid.head)
    rows = "".join(_row(row, strong=number == grid.strong) for number, row in enumerate(grid.rows))
    scroll = f'<div class="scroll" tabindex="0" role="group" aria-label="{html.escape(label)}">'
    return f"{scroll}<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"


def _row(cells: Sequence[str], *, strong: bool) -> str:
    written = "".join(f"<td{' class=words' if len(c) > LONG else ''}>{_cell(c)}</td>" for c in cells)
    return f"<tr{' class=strong' if strong else ''}>{written}</tr>"


def _cell(text: str) -> str:
    """Escaped; what stands on both sides of a dash stays on one line."""
    return html.escape(text).replace("–", "&NoBreak;–&NoBreak;")


def _inline(text: str) -> str:
    """Escaped, with what stands between backquotes set as code."""
    pieces = html.escape(text).split("`")
    if len(pieces) % 2 == 0:
        return html.escape(text)
    return "".join(f"<code>{piece}</code>" if place % 2 else piece for place, piece in enumerate(pieces))
