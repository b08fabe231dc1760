"""`roadmap eval`: runs the eval suite on our questions or a person's own, compares runs, reviews feedback.

Called by `app`, which prints errors.
"""

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
from ingest.pages.visible import visible
from ui.cli.output import print_json

SHOWN = 400
"""Characters of a thumbs-down that are listed; `--json` has all of it."""

JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
FileOption = Annotated[
    Path | None, typer.Option("--file", metavar="FILE", help="A .jsonl file; without one, that of the data folder.")
]
out = Console()
err = Console(stderr=True)


app = typer.Typer(invoke_without_command=True)


@app.callback()
def evaluate(
    context: typer.Context,
    questions: Annotated[
        str, typer.Option("--questions", metavar="FILE", help="Only these: .jsonl, .csv, .trec, or a BEIR folder.")
    ] = "",
    suite: Annotated[str, typer.Option("--suite", metavar="NAME,NAME", help="Only these suites.")] = "",
    compare: Annotated[
        str,
        typer.Option(
            "--compare",
            metavar="A,B",
            help="Only these configurations; also ours+model=NAME, +chunk=128, +reranker=NAME, and llm=none.",
        ),
    ] = "",
    limit: Annotated[int, typer.Option("--limit", min=0, metavar="N", help="Of your questions the first N.")] = 0,
    sample: Annotated[
        int, typer.Option("--sample", min=0, metavar="N", help="Of your questions N, drawn by chance.")
    ] = 0,
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
    """Measure the quality of retrieval and of answers: on our questions, or on yours."""
    if context.invoked_subcommand:
        return
    if from_feedback or accept or dismiss:
        _review(load_settings().data, accept, page or (), dismiss, as_json)
        return
    if page:
        raise UsageError("--page belongs to --accept ID: name the feedback that the page answers.")
    if questions and (gate or pin):
        raise UsageError("--gate and --pin compare our own questions: leave --questions out.")
    own = {"questions": questions, "limit": limit, "sample": sample}
    _measure(suite, compare, report, gate, pin, as_json, own)


@app.command("init")
def init(
    file: Annotated[Path, typer.Argument(help="The file to write; it must be new.")] = Path("questions.jsonl"),
    headings: Annotated[
        int,
        typer.Option(
            "--from-headings",
            min=0,
            max=10_000,
            metavar="N",
            help="Instead, N questions made of headings of the index: a first look.",
        ),
    ] = 0,
) -> None:
    """Write an example of a file of questions, with explanations."""
    if headings:
        _from_headings(file, headings)
        return
    from eval.own.adding import write_example

    write_example(file)
    _say(f"Written: {file}. Put your questions in, then run `roadmap eval check {file}`.")


@app.command("add")
def add(
    question: Annotated[str, typer.Argument(help="As people ask it.")],
    expects: Annotated[
        list[str] | None, typer.Option("--expects", metavar="URL", help="A page that answers it; repeatable.")
    ] = None,
    heading: Annotated[str, typer.Option("--heading", help="Only this section of the page.")] = "",
    sentence: Annotated[str, typer.Option("--sentence", help="Only passages that hold this sentence.")] = "",
    refuse: Annotated[bool, typer.Option("--refuse", help="Nothing answers it: it must be refused.")] = False,
    file: FileOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Add a question to a file of yours."""
    from eval.own.adding import FILE, add_case

    place = {name: text for name, text in (("heading", heading), ("sentence", sentence)) if text}
    places: list[dict[str, str]] = [{"url": url, **place} for url in expects or ([""] if sentence else [])]
    if heading and not expects:
        raise UsageError("--heading names a section of a page: add --expects URL.")
    path = file or load_settings().data / FILE
    case = add_case(path, {"question": question, "expects": places, "refuse": refuse})
    if as_json:
        print_json({"id": case.id, "question": case.question, "file": str(path)})
    else:
        _say(f"Added as {case.id} to {path}.")


@app.command("check")
def check(
    file: Annotated[Path | None, typer.Argument(help="A file or folder; without one, what `add` has kept.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Find what is wrong with a file of questions: unreadable lines, duplicates, what is not judged or not indexed."""
    from eval.own.adding import FILE
    from eval.own.checking import HEADINGS, check
    from eval.own.placing import current_shelf
    from eval.own.reading import read_questions

    settings = load_settings()
    questions = read_questions(file or settings.data / FILE)
    found = check(questions, current_shelf(settings.data))
    if as_json:
        print_json(found.as_json())
    else:
        for one in found.findings[:SHOWN]:
            line = f"line {one.line}, " if one.line else ""
            _say(f"{line}{HEADINGS[one.kind]}: {one.said}")
        _say(
            f"{found.cases} questions: {found.measured} can be measured, {found.refused} must be refused; "
            f"{len(found.findings)} to look at."
        )
    if any(one.kind == "unreadable" for one in found.findings) or not found.measured + found.refused:
        raise typer.Exit(1)


@app.command("judge")
def judge(
    file: Annotated[Path | None, typer.Argument(help="A .jsonl file; without one, what `add` has kept.")] = None,
    name: Annotated[
        str, typer.Option("--judge", metavar="NAME", help="Who judges: each one's grades are kept.")
    ] = "me",
    by_model: Annotated[
        bool, typer.Option("--by-model", help="The language model judges; its grades are told apart.")
    ] = False,
) -> None:
    """Grade what the search finds for questions without a judgement: blind, with single keys."""
    from eval.own.adding import FILE
    from ui.cli.judging import judge_by_model, judge_in_terminal

    settings = load_settings()
    path = file or settings.data / FILE
    if by_model:
        judge_by_model(settings, path, out)
    else:
        judge_in_terminal(settings, path, name, out)


@app.command("diff")
def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="The folder of a report; FOLDER::NAME for a configuration.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The other one.")],
    as_json: JsonFlag = False,
) -> None:
    """Compare two runs question by question: how sure a difference is, and which stage lost what."""
    from eval.report import diff as runs

    found = runs.diff(a, b)
    if as_json:
        print_json(found.as_json())
    else:
        out.print(Markdown(runs.markdown(found)))


def _from_headings(file: Path, count: int) -> None:
    from eval.own.adding import FILE
    from eval.own.headings import write_from_headings
    from eval.own.placing import current_chunks

    data = load_settings().data
    if file.resolve() == (data / FILE).resolve():
        raise UsageError(f"{FILE} of the data folder is for questions of yours: give another name.")
    made = write_from_headings(file, current_chunks(data), count)
    _say(f"Written: {file}, {made} questions made of headings. `roadmap eval --questions {file}` measures them.")


def _say(text: str) -> None:
    out.print(visible(text), markup=False, highlight=False, soft_wrap=True)


def _measure(
    suite: str, compare: str, report: Path | None, gate: bool, pin: bool, as_json: bool, own: dict[str, Any]
) -> None:
    from eval.report.build import markdown
    from eval.suite import run_eval

    result = run_eval(load_settings(), suite, compare, report, **own, gated=gate, pin=pin, console=err)
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
