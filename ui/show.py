"""The roadmap and its pages as JSON (the contracts of the commands and of the API), and the roadmap
laid out for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.style import Style
from rich.table import Table
from rich.text import Text

from assistant.answers import Answer, Choice
from corpus.errors import UsageError
from corpus.roadmap import Block, Finding, Phase, Resource, Roadmap

if TYPE_CHECKING:
    from ingest.coverage import Change, ResourceCoverage

COLORS = {"error": "red", "warning": "yellow", "note": "cyan"}


class UnknownPlaceError(UsageError):
    """A week, phase or resource that the roadmap does not hold; the message says what it holds."""


def roadmap_json(
    roadmap: Roadmap, week: int | None = None, phase: int | None = None, resource: str | None = None
) -> dict[str, Any]:
    """`{"phases", "blocks", "resources"}`, narrowed to a week, a phase or a resource. Errors: `UnknownPlaceError`."""
    phases, blocks, resources = select(roadmap, week, phase, resource)
    return {
        "phases": [{"number": p.number, "title": p.title, "weeks": p.weeks.as_list()} for p in phases],
        "blocks": [
            {
                "title": b.title,
                "weeks": b.weeks.as_list(),
                "phase": b.phase,
                "resources": [r.id for r in b.resources],
            }
            for b in blocks
        ],
        "resources": [_resource_json(r) for r in resources],
    }


def coverage_json(rows: tuple[ResourceCoverage, ...]) -> dict[str, Any]:
    """`{"resources": [...]}` in the roadmap's order."""
    return {
        "resources": [
            {
                "id": r.id,
                "weeks": r.weeks.as_list(),
                "status": r.status,
                "since": r.since or None,
                "pages": r.pages,
                "chunks": r.chunks,
                "by_status": dict(r.by_status),
                "newest": r.newest or None,
            }
            for r in rows
        ]
    }


def changes_json(changes: tuple[Change, ...]) -> dict[str, Any]:
    """`{"changes": [...]}`, the newest first."""
    return {
        "changes": [
            {"url": c.url, "resource": c.resource, "weeks": c.weeks.as_list(), "at": c.at, "what": c.what}
            for c in changes
        ]
    }


def select(
    roadmap: Roadmap, week: int | None, phase: int | None, resource: str | None
) -> tuple[tuple[Phase, ...], tuple[Block, ...], tuple[Resource, ...]]:
    """The phases, blocks and resources that are asked for. Errors: `UnknownPlaceError`, and for two places at once."""
    if sum(given is not None for given in (week, phase, resource)) > 1:
        raise UsageError("A week, a phase and a resource exclude each other: give one of them.")
    if week is not None:
        return _of_week(roadmap, week)
    if phase is not None:
        return _of_phase(roadmap, phase)
    if resource is not None:
        return _of_resource(roadmap, resource)
    return roadmap.phases, roadmap.blocks, roadmap.resources


def print_roadmap(
    console: Console, roadmap: Roadmap, week: int | None, phase: int | None, resource: str | None
) -> None:
    """Prints phases, blocks and resources; the columns of a row in full when one week or resource is asked for."""
    phases, blocks, resources = select(roadmap, week, phase, resource)
    full = week is not None or resource is not None
    shown = {r.id for r in resources}
    for p in phases:
        console.print(f"[bold]Phase {p.number} — {escape(p.title)}[/bold] ({p.weeks})", highlight=False)
        for b in (b for b in blocks if b.phase == p.number):
            undivided = "" if b.divided else " [dim](the roadmap does not divide these weeks)[/dim]"
            console.print(f"  [cyan]{_capital(str(b.weeks))}[/cyan]  {escape(b.title)}{undivided}", highlight=False)
            for r in (r for r in b.resources if r.id in shown):
                _print_resource(console, r, full)


def print_findings(console: Console, findings: tuple[Finding, ...]) -> None:
    """One line a finding, the gravest first."""
    for finding in sorted(findings, key=lambda f: list(COLORS).index(f.severity)):
        line = f"line {finding.line}: " if finding.line else ""
        color = COLORS[finding.severity]
        message = "".join(c if c.isprintable() else "�" for c in finding.message)  # another's file may steer a terminal
        console.print(
            f"[{color}]{finding.severity}[/{color}] {finding.code}: {line}{escape(message)}",
            highlight=False,
            soft_wrap=True,
        )


def print_answer(console: Console, answer: Answer, *, with_prompt: bool = False) -> None:
    """What a language model was sent, if that is asked for; the answer as Markdown; what it asks back, numbered; its
    sources with their links."""
    from rich.markdown import Markdown

    if with_prompt:
        _print_prompt(console, answer)
    console.print(Markdown(answer.text))
    for number, choice in enumerate(answer.choices, 1):
        console.print(f"{number}. {_said(choice)}", markup=False, highlight=False, soft_wrap=True)
    if answer.citations:
        console.print()
    for c in answer.citations:
        where = {"roadmap": "roadmap", "note": "note", "page": f"page, fetched {(c.fetched_at or '')[:10]}"}[c.kind]
        console.print(f"[{c.n}] {c.title} ({where})", markup=False, highlight=False, style="dim")
        if c.url:
            console.print(f"    {c.url}", markup=False, highlight=False, style="dim", soft_wrap=True)


def _said(choice: Choice) -> str:
    """What a choice is, and what to say for it where that is something else."""
    same = choice.label.rstrip(".?") == choice.message.rstrip(".?")
    return choice.label if same else f"{choice.label}: say “{choice.message}”"


def _print_prompt(console: Console, answer: Answer) -> None:
    messages = answer.prompt_json()
    if not messages:
        console.print("No language model was asked.\n", style="dim", highlight=False)
    for message in messages:
        console.print(f"--- {message['role']} ---", style="bold", highlight=False)
        console.print(message["content"], markup=False, highlight=False, soft_wrap=True)
    if messages:
        console.print("--- answer ---", style="bold", highlight=False)


def _print_resource(console: Console, r: Resource, full: bool) -> None:
    role = "" if r.role == "main" else f" [dim]{r.role}[/dim]"
    fits = len(f"    • {r.title} {r.role} {r.id}") <= console.width
    console.print(
        f"    • {escape(r.title)}{role}{' ' if fits else chr(10) + ' ' * 6}[dim]{r.id}[/dim]", highlight=False
    )
    if not full:
        return
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 6))
    table.add_column()
    table.add_column(overflow="fold")  # an address is never cut
    for name, value in _columns(r):
        if value:
            table.add_row(f"[dim]{name}[/dim]", value)
    console.print(table)


def _columns(r: Resource) -> tuple[tuple[str, Text], ...]:
    links = (Text(f"{link.text}: {link.url}", Style(link=link.url)) for link in r.links)
    return (*((name, Text(value)) for name, value in _texts(r)), ("links", Text("\n").join(links)))


def _texts(r: Resource) -> tuple[tuple[str, str], ...]:
    return (
        ("weeks", str(r.weeks)),
        ("task", r.task),
        ("focus", r.focus),
        ("outcome", r.outcome),
        ("by", ", ".join(r.authors)),
        ("alternatives", ", ".join(r.alternatives)),
        ("pros", ", ".join(r.pros)),
        ("cons", ", ".join(r.cons)),
        ("difficulty", r.difficulty),
        ("hands-on", r.hands_on),
        ("recommendation", r.recommendation),
    )


def _resource_json(r: Resource) -> dict[str, Any]:
    return {
        "id": r.id,
        "title": r.title,
        "role": r.role,
        "weeks": r.weeks.as_list(),
        "phase": r.phase,
        "block": r.block,
        "alternatives": list(r.alternatives),
        "authors": list(r.authors),
        "task": r.task,
        "focus": r.focus,
        "outcome": r.outcome,
        "links": [{"text": link.text, "url": link.url} for link in r.links],
        "pros": list(r.pros),
        "cons": list(r.cons),
        "difficulty": r.difficulty,
        "hands_on": r.hands_on,
        "recommendation": r.recommendation,
    }


def _of_week(roadmap: Roadmap, week: int) -> tuple[tuple[Phase, ...], tuple[Block, ...], tuple[Resource, ...]]:
    phase = roadmap.phase_of_week(week)
    if phase is None:
        raise UnknownPlaceError(f"there is no week {week}: the roadmap has {roadmap.weeks}.")
    return (phase,), roadmap.blocks_of_week(week), roadmap.resources_of_week(week)


def _of_phase(roadmap: Roadmap, number: int) -> tuple[tuple[Phase, ...], tuple[Block, ...], tuple[Resource, ...]]:
    phase = roadmap.phase(number)
    if phase is None:
        known = ", ".join(str(p.number) for p in roadmap.phases)
        raise UnknownPlaceError(f"there is no phase {number}: the roadmap has the phases {known}.")
    return (phase,), phase.blocks, phase.resources


def _of_resource(roadmap: Roadmap, id: str) -> tuple[tuple[Phase, ...], tuple[Block, ...], tuple[Resource, ...]]:
    from rapidfuzz import process, utils

    resource = roadmap.resource(id)
    if resource is None:
        near = [
            match[0]
            for match in process.extract(
                id, [r.id for r in roadmap.resources], limit=3, processor=utils.default_process
            )
        ]
        raise UnknownPlaceError(f"there is no resource {id!r}: did you mean {' or '.join(near)}?")
    phases = tuple(p for p in roadmap.phases if p.number == resource.phase)
    blocks = tuple(b for b in roadmap.blocks if resource in b.resources)
    return phases, blocks, (resource,)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
