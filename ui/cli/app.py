"""The `roadmap` command: reads arguments, calls one function, prints its result. Holds no logic of its own.

Results go to standard output (with `--json` one JSON object and nothing else), progress and errors to standard error.
Exit status 0 for success, 1 for "could not", 2 for wrong usage. Heavy libraries are imported by the commands that
need them: `roadmap ask "what should I do in week 14?"` imports no torch, gradio or chromadb.
"""

from __future__ import annotations

import atexit
import gc
import io
import logging
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from corpus.errors import ProjectError, UsageError
from corpus.proxies import tidy_proxies
from corpus.settings import load_settings
from ui.cli import asking, quality, study
from ui.cli import learning as learning_cli
from ui.cli import llm as models
from ui.cli.asking import WeekOption
from ui.cli.doctor import doctor
from ui.cli.mcp import mcp
from ui.cli.output import print_json
from ui.cli.study import JsonFlag

app = typer.Typer(
    help="A study assistant for the Senior AI/ML Developer Roadmap (48 weeks).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
out = Console()
err = Console(stderr=True)
_INTERRUPTED = 130
"""What typer makes of Ctrl-C."""


def main() -> None:
    """Runs the command line; every error of ours becomes one sentence and an exit status."""
    gc.set_threshold(50_000)  # what is made at the start stays: looking through it again and again took a twentieth
    atexit.register(gc.freeze)  # else Python looks through torch's million objects for seconds before it ends
    tidy_proxies(os.environ)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # NumPy's own threads wait for each other on a busy machine
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
    for stream in (sys.stdout, sys.stderr):  # whatever the locale: a pipe gets UTF-8, a lone surrogate its JSON escape
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        status = app(standalone_mode=False)
        if status == _INTERRUPTED:
            _fail(ProjectError("stopped; a crawl or an ingest goes on where it was when you run it again."), 1)
        sys.exit(status)
    except typer.TyperException as error:
        _wrong_usage(error)
    except typer.Abort:
        _fail(ProjectError("stopped."), 1)
    except UsageError as error:
        _fail(error, 2)
    except ProjectError as error:
        _fail(error, 1)
    except OSError as error:  # a full disk under standard output, a folder that vanished
        with suppress(OSError):
            sys.stdout.close()  # what it still holds would fail again at the end
        _fail(ProjectError(f"the system refused ({error.strerror or error}): make room, or check ROADMAP_DATA."), 1)


asking.register(app)


@app.command()
def show(
    week: WeekOption = None,
    phase: Annotated[int | None, typer.Option("--phase")] = None,
    resource: Annotated[str | None, typer.Option("--resource", metavar="ID")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Print the roadmap, or a week, a phase or a resource of it."""
    from corpus.reader import read_roadmap
    from ui.show import print_roadmap, roadmap_json

    if sum(value is not None for value in (week, phase, resource)) > 1:
        raise UsageError("--week, --phase and --resource exclude each other: give one of them.")
    roadmap = read_roadmap()
    if as_json:
        print_json(roadmap_json(roadmap, week, phase, resource))
    else:
        print_roadmap(out, roadmap, week, phase, resource)


@app.command()
def lint(
    file: Annotated[Path | None, typer.Argument(help="Another roadmap file to check.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Report what is odd in the roadmap and what was mended."""
    from corpus.reader import ROADMAP_FILE, read_roadmap
    from ui.show import print_findings

    findings = read_roadmap(file or ROADMAP_FILE).findings
    if as_json:
        fields = ("code", "severity", "message", "line")
        print_json({"findings": [{name: getattr(f, name) for name in fields} for f in findings]})
    else:
        print_findings(out, findings)
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(1)


@app.command()
def ingest(
    warc: Annotated[list[Path] | None, typer.Option("--warc", help="A WARC or WACZ file; repeatable.")] = None,
    resource: Annotated[
        str, typer.Option("--resource", metavar="ID", help="With --warc: its pages belong to this resource.")
    ] = "",
    topic: Annotated[
        str, typer.Option("--topic", metavar="NAME", help="With --warc: its pages are about this, outside the roadmap.")
    ] = "",
    crawl: Annotated[bool, typer.Option("--crawl", help="First fetch the public pages of the resources.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Build a new index even if nothing changed.")] = False,
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, metavar="N", help="Use so many processors (default: all).")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Build the index from the roadmap, the notes and the pages."""
    from ui.cli.progress import check_taken, home, ingest_with_progress, print_refused
    from ui.ingesting import give_way

    under = home(warc or [], resource, topic)
    give_way()
    report = ingest_with_progress(
        load_settings(), warc or [], crawl=crawl, force=force, jobs=jobs, under=under, console=err
    )
    if as_json:
        print_json(report.as_json())
        check_taken(warc or [], report.refused, crawl=crawl)
        return
    out.print(
        f"Generation {report.generation}: {report.documents} documents, {report.chunks} chunks "
        f"({report.embedded} embedded, {report.reused} reused, {report.removed} removed) in {report.seconds:.1f} s.",
        highlight=False,
        soft_wrap=True,
    )
    print_refused(err, report.refused)
    check_taken(warc or [], report.refused, crawl=crawl)


@app.command()
def crawl(
    resource: Annotated[
        list[str] | None, typer.Option("--resource", metavar="ID", help="Only this; repeatable.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Fetch the public pages of the resources, politely, into WARC files."""
    from ui.cli.crawling import check_crawled, crawl_json, crawl_with_progress, print_crawl

    report = crawl_with_progress(load_settings(), resource, err)
    if as_json:
        print_json(crawl_json(report))
    else:
        print_crawl(report, out, err)
    check_crawled(report)


@app.command()
def coverage(
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write a page with a picture.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Show which resources have pages in the index, and since when."""
    from corpus.reader import read_roadmap
    from ingest.coverage import read_coverage
    from ui.cli.coverage import coverage_html, print_coverage, write_page
    from ui.show import coverage_json

    roadmap = read_roadmap()
    settings = load_settings()
    rows = read_coverage(settings.data, roadmap, settings.sources)
    if html is not None:
        write_page(html, coverage_html(rows, roadmap))
    if as_json:
        print_json(coverage_json(rows))
    else:
        print_coverage(out, rows)


@app.command()
def changes(as_json: JsonFlag = False) -> None:
    """Show which pages the last run found new, changed or gone, and the weeks that they belong to."""
    from corpus.reader import read_roadmap
    from ingest.coverage import read_changes
    from ui.cli.coverage import print_changes
    from ui.show import changes_json

    found = read_changes(load_settings().data, read_roadmap())
    if as_json:
        print_json(changes_json(found))
    else:
        print_changes(out, found)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 7860,
    build: Annotated[bool, typer.Option("--build", help="Build the index first where it is missing or old.")] = False,
    root_path: Annotated[
        str, typer.Option("--root-path", metavar="PATH", help="As ROADMAP_PREFIX: where a proxy shows it, as /study.")
    ] = "",
) -> None:
    """Serve the chat at /, the API under /api/v1, the OpenAI protocol under /v1 and MCP at /mcp."""
    if root_path:
        os.environ["ROADMAP_PREFIX"] = root_path
    settings = load_settings()
    if build:
        from ui.cli.progress import build_if_needed

        build_if_needed(settings, err)
    from assistant.service import Assistant
    from ui.web.server import serve as run_server

    def announce(address: str, owner: str) -> None:
        out.print(f"The chat is at {address}")
        out.print(f"To start runs from its page Sources, open {owner} (for you alone).", soft_wrap=True)

    run_server(Assistant(settings), host, port, announce=announce)


app.command("next")(study.next_resource)
app.command("plan")(study.plan)
learning_cli.register(app)
app.add_typer(quality.app, name="eval")
app.command("doctor")(doctor)
app.command("mcp")(mcp)
app.add_typer(models.app, name="llm")


def _wrong_usage(error: typer.TyperException) -> None:
    """One sentence instead of the frame that typer draws; a bare command has got its help already."""
    message, context = error.format_message().rstrip("."), getattr(error, "ctx", None)
    if not message:
        sys.exit(2)
    command = context.command_path if context else "roadmap"
    _fail(UsageError(f"{' '.join(message.split())}: see `{command} --help`."), 2)


def _fail(error: ProjectError, status: int) -> None:
    err.print(f"roadmap: {error}", markup=False, highlight=False, soft_wrap=True)
    sys.exit(status)
