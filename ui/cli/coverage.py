"""Coverage and changes for the terminal, and as one HTML page with a picture."""

from __future__ import annotations

from html import escape
from pathlib import Path

from rich.console import Console
from rich.table import Table

from corpus.errors import UsageError
from corpus.roadmap import Roadmap
from ingest.coverage import ORDER, Change, ResourceCoverage

COLORS = {
    "indexed": "#2e7d32",
    "stale": "#b26a00",
    "blocked": "#8e24aa",
    "dead": "#c62828",
    "not-text": "#546e7a",
    "not-fetched": "#cfd8dc",
}
STYLES = {"indexed": "green", "stale": "yellow", "blocked": "magenta", "dead": "red", "not-text": "blue"}


def print_coverage(console: Console, rows: tuple[ResourceCoverage, ...]) -> None:
    """A table: weeks, resource, status since when, pages and chunks."""
    table = Table("weeks", "resource", "status", "since", "pages", "chunks", box=None, header_style="bold")
    for r in rows:
        others = ", ".join(f"{count} {name}" for name, count in r.by_status if name != r.status)
        status = f"[{STYLES.get(r.status, 'dim')}]{r.status}[/]" + (f" ({others})" if others else "")
        weeks = str(r.weeks).removeprefix("weeks ").removeprefix("week ")
        table.add_row(weeks, r.title, status, r.since[:10], str(r.pages), str(r.chunks))
    console.print(table)


def write_page(path: Path, html: str) -> None:
    """Writes the page. Errors: `UsageError` where it cannot be written."""
    try:
        path.write_text(html, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}): give a file in a folder of yours.") from error


def print_changes(console: Console, changes: tuple[Change, ...]) -> None:
    """One line a page that the last run found new, changed or gone, with the weeks that it belongs to."""
    if not changes:
        console.print("The last run found no page new, changed or gone.")
    for change in changes:
        line = f"{change.at[:10]}  {change.weeks}  {change.what}  {change.url}"
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def coverage_html(rows: tuple[ResourceCoverage, ...], roadmap: Roadmap) -> str:
    """A page of its own: weeks across, resources down, coloured by status; no request to anywhere."""
    total = roadmap.weeks.last + 1
    bars = "\n".join(_bar(row, position, total) for position, row in enumerate(rows))
    legend = "".join(f'<span><i style="background:{COLORS[s]}"></i>{s}</span>' for s in ORDER)
    height = 26 * len(rows) + 30
    ticks = "".join(f'<text x="{300 + 13 * week}" y="{height - 8}">{week}</text>' for week in range(0, total, 4))
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Coverage of the roadmap's pages</title>
<style>body{{font:15px system-ui,sans-serif;margin:2rem;max-width:1000px}}svg text{{font-size:12px;fill:currentColor}}
span{{margin-right:1rem}}i{{display:inline-block;width:.8em;height:.8em;margin-right:.3em}}
@media (prefers-color-scheme:dark){{body{{background:#111;color:#eee}}}}</style>
<h1>Coverage of the roadmap's pages, by week</h1><p>{legend}</p>
<svg viewBox="0 0 960 {height}" width="100%" role="img" aria-label="Status of each resource over the weeks">
{bars}
{ticks}
</svg></html>
"""


def _bar(row: ResourceCoverage, position: int, total: int) -> str:
    y = 26 * position
    x, width = 300 + 13 * row.weeks.first, 13 * len(row.weeks)
    label = escape(row.title if len(row.title) <= 44 else row.title[:43] + "…")
    title = escape(f"{row.title}: {row.status}, {row.pages} pages, {row.chunks} chunks")
    line = f'<line x1="300" x2="{300 + 13 * total}" y1="{y + 12}" y2="{y + 12}" stroke="#8884"/>'
    bar = f'<rect x="{x}" y="{y + 3}" width="{width}" height="18" rx="3" fill="{COLORS[row.status]}"/>'
    return f'<g><title>{title}</title>{line}<text x="0" y="{y + 16}">{label}</text>{bar}</g>'
