"""Trends: a line for each run in the data folder, and those that measured the same questions beside each other."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from eval.report import charts
from eval.report.measure import MAIN
from eval.report.render import Grid, Section
from eval.results import EvalResult
from eval.runs import OURS

FILE = "runs.jsonl"
SHOWN = 12
"""Earlier runs that a report shows."""


def remember(result: EvalResult, data: Path) -> tuple[dict[str, str], ...]:
    """Adds the run, and gives the last ones over the same questions, this one at the end. Errors: `OSError`."""
    row = _row(result)
    if not row:
        return ()
    path = data / FILE
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
    return tuple([*(one for one in _read(path) if one.get("asked") == row["asked"])][-SHOWN:])


def section(runs: tuple[dict[str, str], ...]) -> Section:
    """The trend as a table; the newest run last."""
    names = list(dict.fromkeys(name for run in runs for name in run if name not in ("at", "asked", "code", "index")))
    head = ("run", *names, "index", "code")
    rows = tuple(
        (run["at"][:16].replace("T", " "), *(run.get(n, "") for n in names), run["index"], run["code"]) for run in runs
    )
    text = ("Ours over the same questions, the newest run last. Another index or other code may explain a step.",)
    drawn = charts.trend([{name: _number(run[name]) for name in names if name in run} for run in runs])
    return Section("Earlier runs", text, Grid(head, rows, len(rows) - 1), (drawn,))


def _number(figure: str) -> float:
    """A figure between 0 and 1, as it was written.

    >>> _number("0.812"), _number("81.2 %")
    (0.812, 0.812)
    """
    share = figure.removesuffix(" %")
    return float(share) if share == figure else round(float(share) / 100, 6)


def _row(result: EvalResult) -> dict[str, str]:
    figures = {
        f"{t.suite} nDCG@10": f"{r.means[MAIN].value:.3f}" for t in result.tables for r in t.rows if r.system == OURS
    }
    figures |= {t.suite: f"{100 * t.share:.1f} %" for t in result.passes}
    if not figures:
        return {}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    made = {"index": result.corpus.fingerprint[:10], "code": result.made.code[:10]}
    return {"at": now, "asked": result.made.asked, **figures, **made}


def _read(path: Path) -> list[dict[str, str]]:
    """A line that is none is passed over."""
    runs: list[dict[str, str]] = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            run = json.loads(line)
        except ValueError:
            continue
        if isinstance(run, dict) and {"at", "asked", "index", "code"} <= run.keys():
            runs.append({str(name): str(value) for name, value in run.items()})  # pyright: ignore[reportUnknownArgumentType]
    return runs
