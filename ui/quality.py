"""`roadmap eval`: runs the eval suite, prints its tables. Called by `ui.cli`, which prints errors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markdown import Markdown

from corpus.settings import load_settings

out = Console()
err = Console(stderr=True)


def evaluate(
    suite: Annotated[str, typer.Option("--suite", metavar="NAME,NAME", help="Only these suites.")] = "",
    compare: Annotated[str, typer.Option("--compare", metavar="A,B", help="Only these configurations.")] = "",
    report: Annotated[Path | None, typer.Option("--report", metavar="DIR", help="Write the report there.")] = None,
    gate: Annotated[bool, typer.Option("--gate", help="Fail on a regression against the baseline.")] = False,
    pin: Annotated[bool, typer.Option("--pin", help="Make the present figures the baseline.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure the quality of retrieval and of answers."""
    from eval.report import markdown
    from eval.suite import run_eval

    result = run_eval(load_settings(), suite, compare, report, gated=gate, pin=pin, console=err)
    if as_json:
        typer.echo(json.dumps(result.as_json(), ensure_ascii=False))
    else:
        out.print(Markdown(markdown(result)))
    if result.gate is not None and not result.gate.passed:
        for problem in result.gate.problems:
            err.print(f"roadmap: {problem}", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1)
