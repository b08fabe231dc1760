"""`roadmap llm`: which language model is configured or found, a trial of it, and a small one for trying things out."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import Console

from corpus.settings import Settings, load_settings
from ui.cli.output import print_json

app = typer.Typer(help="Show and try the language model; serve a small one.", invoke_without_command=True)
out = Console()
err = Console(stderr=True)


@app.callback()
def show(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show which language model answers, if any, and try it."""
    if context.invoked_subcommand:
        return
    from assistant.generation.client import configured
    from assistant.generation.servers import Found, Trial, find_servers, try_out

    settings = load_settings()
    model = configured(settings)
    trial: Trial | None = try_out(model) if model else None
    found: tuple[Found, ...] = find_servers()
    if as_json:
        shown = {"url": settings.llm_url, "model": settings.llm_model, "key": bool(settings.llm_key)} if model else None
        report = {
            "configured": shown,
            "trial": trial.as_json() if trial else None,
            "found": [server.as_json() for server in found],
        }
        print_json(report)
    else:
        _print(settings, trial, found)
    if trial and trial.error:
        raise typer.Exit(1)


@app.command("serve-small")
def serve_small(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8081,
) -> None:
    """Serve SmolLM2-135M on this machine: a real model for trying things out, too weak for real use."""
    from assistant.generation.small_model import serve

    def announce(url: str) -> None:
        _say(f"SmolLM2-135M answers at {url} until Ctrl-C. To use it, in another terminal:")
        _say(f"    ROADMAP_LLM_URL={url} roadmap ask 'how does backpropagation work?'")

    serve(port, announce)


def _print(settings: Settings, trial: Any, found: Any) -> None:
    if trial is None:
        _say("No language model is configured: answers are composed from quotes.")
    else:
        key = "with a key" if settings.llm_key else "without a key"
        _say(f"Configured: {settings.llm_model or 'the first model'} at {settings.llm_url}, {key}.")
        _say(f"It cannot be used: {trial.error}." if trial.error else trial.sentence)
    if trial is None and not found:
        _say("None was found on this machine either. `roadmap llm serve-small` serves a small one.")
    for server in found:
        _say(f"Found {server.kind} at {server.url}, not used unless you configure it:")
        for name in server.models[:10]:
            _say(f"    ROADMAP_LLM_URL={server.url} ROADMAP_LLM_MODEL={name}")


def _say(text: str) -> None:
    out.print(text, markup=False, highlight=False, soft_wrap=True)
