"""The commands that ask and tell: ask, say, search, capabilities. Called by `app`, which prints errors.

What is asked and what is told go through one door, `Assistant.ask`; each call and each line of a batch stands alone.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from assistant.answers import Answer, Passage, Scope
from assistant.language.learning import table
from corpus.errors import UsageError
from corpus.settings import load_settings
from ui.cli.batch import run_batch
from ui.cli.output import print_json
from ui.cli.study import DEFAULT_LEARNER, JsonFlag, LearnerOption
from ui.cli.warm import asked_server
from ui.clock import now
from ui.place import check_place

if TYPE_CHECKING:
    from assistant.service import Assistant

out = Console()
err = Console(stderr=True)
WeekOption = Annotated[int | None, typer.Option("--week", help="The week that you are in.")]
ScopeOption = Annotated[Scope, typer.Option("--scope", help="Look in all weeks, up to your week, or your week.")]
BatchOption = Annotated[str | None, typer.Option("--batch", help='A file (or -) of {"id", "question"} lines.')]

LocalFlag = Annotated[bool, typer.Option("--local", help="Answer here, also where a server could.")]


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    for command in (ask, say, search, capabilities):
        app.command(command.__name__)(command)


def ask(
    question: Annotated[str | None, typer.Argument(help="What you want to know, or to tell.")] = None,
    week: WeekOption = None,
    scope: ScopeOption = "all",
    llm: Annotated[str, typer.Option("--llm", help="none, auto (the configured model) or NAME.")] = "auto",
    show_prompt: Annotated[bool, typer.Option("--show-prompt", help="Show what the language model was sent.")] = False,
    batch: BatchOption = None,
    learner: LearnerOption = DEFAULT_LEARNER,
    local: LocalFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Answer a question, with sources; or do what you say about your progress ("I finished fast.ai").

    A `roadmap serve` that runs on this machine over the same data folder is asked, since its models are loaded.
    """
    if batch is None and not (local or show_prompt):
        warm = asked_server(load_settings(), _given(question), person=learner, week=week, scope=scope, llm=llm)
        if warm is not None:
            answer, address = warm
            err.print(f"Answered by the server at {address}", style="dim", highlight=False)
            _print_answer(answer, as_json=as_json, show_prompt=False)
            return
    with _assistant() as assistant:
        check_place(week, scope, assistant.roadmap.weeks, "--week N")

        def answered(text: str) -> Answer:
            return assistant.ask(text, person=learner, now=now(), week=week, scope=scope, llm=llm)

        if batch is not None:
            run_batch(batch, lambda text: answered(text).as_json())
            return
        answer = answered(_given(question))
    _print_answer(answer, as_json=as_json, show_prompt=show_prompt)


def _print_answer(answer: Answer, *, as_json: bool, show_prompt: bool) -> None:
    if as_json:
        print_json(answer.as_json() | ({"prompt": answer.prompt_json()} if show_prompt else {}))
        return
    from ui.show import print_answer

    print_answer(out, answer, with_prompt=show_prompt)


def say(
    text: Annotated[str, typer.Argument(help='Such as "I finished fast.ai" or "what should I do this week?".')],
    learner: LearnerOption = DEFAULT_LEARNER,
    local: LocalFlag = False,
    as_json: JsonFlag = False,
) -> None:
    """Tell what you did, have or want; the same as `roadmap ask`. `roadmap say "undo that"` takes it back."""
    ask(text, learner=learner, local=local, as_json=as_json)


def search(
    query: Annotated[str | None, typer.Argument(help="What to look for.")] = None,
    k: Annotated[int, typer.Option("--k", min=1, max=100, help="How many passages.")] = 10,
    week: WeekOption = None,
    scope: ScopeOption = "all",
    batch: BatchOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Show the passages that fit a query best."""
    with _assistant() as assistant:
        check_place(week, scope, assistant.roadmap.weeks, "--week N")
        if batch is not None:
            run_batch(batch, lambda text: _hits_json(assistant.search(text, k=k, week=week, scope=scope)))
            return
        hits = assistant.search(_given(query), k=k, week=week, scope=scope)
    if as_json:
        print_json(_hits_json(hits))
        return
    for rank, hit in enumerate(hits, 1):
        out.print(f"[bold]{rank}.[/bold] ", end="")
        out.print(f"{hit.title}  {hit.heading}", markup=False, highlight=False, style="bold")
        out.print(f"   {hit.url}", markup=False, highlight=False, style="dim")
        out.print(f"   {' '.join(hit.text.split())[:280]}", markup=False, highlight=False)


def capabilities(as_json: JsonFlag = False) -> None:
    """List what can be asked and told, and what of it changes what is stored of you."""
    entries = table.capabilities().values()
    if as_json:
        print_json(table.table_json())
        return
    shown = Table("name", "what it does", "writes", box=None, header_style="bold")
    for entry in entries:
        shown.add_row(entry.name, entry.says, "yes" if entry.writes else "")
    out.print(shown, markup=False, highlight=False)


@contextmanager
def _assistant() -> Generator[Assistant]:
    """The assistant of the settings; what it opened of the learners is closed at the end."""
    from assistant.service import Assistant

    opened = Assistant(load_settings(), once=True)
    try:
        yield opened
    finally:
        opened.companion.close()


def _given(text: str | None) -> str:
    if text is None:
        raise UsageError("nothing was asked: give a question in quotes, or --batch FILE.")
    return text


def _hits_json(hits: list[Passage]) -> dict[str, Any]:
    return {"hits": [hit.as_json(rank) for rank, hit in enumerate(hits, 1)]}
