"""The Quality page: judging one's own questions, and the last report that `roadmap eval` left in the data folder."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from ui.markup import day, markdown, one_line
from ui.sheets.parts import sheet

REPORT = "report"
"""Folder below the data folder where `roadmap eval` keeps its last report."""
WHOLE = "pages/quality/report"


def quality_html(data: Path, judging: str) -> str:
    """The section on judging, and the tables of the report; without one, how to make it."""
    path = data / REPORT / "report.md"
    try:
        text = path.read_text(encoding="utf-8")
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat()
    except OSError:
        return one_line(sheet("quality", "Quality", judging + _NONE))
    _, _, body = text.partition("\n")  # the title is the page's
    whole = f'<a href="{WHOLE}" target="_blank" rel="noopener">The whole report, with plots</a>'
    tables = markdown(body, deeper=1).replace("<table>", f"{_SCROLL}<table>")
    tables = tables.replace("</table>", "</table></div>")
    return one_line(sheet("quality", "Quality", f"{judging}<p>Measured {day(at)}. {whole}.</p>{tables}"))


_SCROLL = '<div class="scroll" tabindex="0" role="group" aria-label="Table of figures">'
_NONE = (
    "<p>How well pages are found, questions answered and messages understood is measured by the eval suite. It has "
    "not been run on this index yet:</p><pre><code>roadmap eval</code></pre><p>It takes some minutes; its tables then "
    "stand here.</p>"
)
