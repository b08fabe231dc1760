"""`roadmap eval`: runs the eval suite, prints its tables; reviews feedback. Called by `app`, which prints errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from textwrap import shorten
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markdown import Markdown

from corpus.errors import UsageError
from corpus.settings import load_settings
from ui.cli.output import print_json

SHOWN = 400
"""Characters of a thumbs-down that are listed; `--json` has all of it."""

out = Console()
err = Console(stderr=True)


def evaluate(
    suite: Annotated[str, typer.Option("--suite", metavar="NAME,NAME", help="Only these suites.")] = "",
    compare: Annotated[str, typer.Option("--compare", metavar="A,B", help="Only these configurations.")] = "",
    report: Annotated[Path | None, typer.Option("--report", metavar="DIR", help="Write the report there.")] = None,
    gate: Annotated[bool, typer.Option("--gate", help="Fail on a regression against the baseline.")] = False,
    pin: Annotated[bool, typer.Option("--pin", help="Make the present figures the baseline.")] = False,
    from_feedback: Annotated[
        bool, typer.Option("--from-feedback", help="List thumbs-downs that may become cases.")
    ] = False,
    accept: Annotated[
        str, typer.Option("--accept", metavar="ID", help="Make this feedback a case, with --page or to be refused.")
    ] = "",
    page: Annotated[
        list[str] | None, typer.Option("--page", metavar="URL", help="A page that answers it; repeatable.")
    ] = None,
    dismiss: Annotated[str, typer.Option("--dismiss", metavar="ID", help="Take this feedback off the list.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure the quality of retrieval and of answers."""
    if from_feedback or accept or dismiss:
        _review(load_settings().data, accept, page or (), dismiss, as_json)
        return
    if page:
        raise UsageError("--page belongs to --accept ID: name the feedback that the page answers.")
    _measure(suite, compare, report, gate, pin, as_json)


def _measure(suite: str, compare: str, report: Path | None, gate: bool, pin: bool, as_json: bool) -> None:
    from eval.report.build import markdown
    from eval.suite import run_eval

    result = run_eval(load_settings(), suite, compare, report, gated=gate, pin=pin, console=err)
    if as_json:
        print_json(result.as_json())
    else:
        out.print(Markdown(markdown(result)))
        out.print(f"The report with its plots: {result.report}", markup=False, highlight=False, soft_wrap=True)
    if result.gate is not None and not result.gate.passed:
        for problem in result.gate.problems:
            err.print(f"roadmap: {problem}", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1)


def _review(data: Path, accept: str, pages: Sequence[str], dismiss: str, as_json: bool) -> None:
    """Settles what was named, then lists what still waits."""
    from eval import feedback

    done: dict[str, Any] = {}
    if accept:
        done["accepted"] = feedback.accept(data, accept, [feedback.page(url) for url in pages])
    if dismiss:
        feedback.dismiss(data, dismiss)
        done["dismissed"] = dismiss
    waiting = feedback.to_review(data)
    if as_json:
        print_json({**done, "feedback": [asdict(record) for record in waiting]})
        return
    for record in waiting:
        said = f" It was expected: {record.expectation}" if record.expectation else ""
        out.print(f"{record.id}  {shorten(record.question + said, SHOWN)}", markup=False, highlight=False)
        for url in record.urls:
            out.print(f"    shown: {url}", markup=False, highlight=False, soft_wrap=True)
    out.print(
        f"{len(waiting)} wait. `--accept ID --page URL` makes one a question with its page, `--accept ID` one that "
        "must be refused, `--dismiss ID` takes it off.",
        markup=False,
        highlight=False,
    )
