"""The commands of the companion: `roadmap next` and `roadmap plan`. Called by `ui.cli`, which prints errors."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.console import Console

from corpus.errors import UsageError
from corpus.roadmap import Roadmap, read_roadmap

if TYPE_CHECKING:
    from assistant.planned import Plan
    from assistant.recommendation import Recommendation

out = Console()
DoneOption = Annotated[str, typer.Option("--done", metavar="ID,ID", help="Resources that are done.")]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def next_resource(
    done: DoneOption = "",
    week: Annotated[int | None, typer.Option("--week", help="The week that you are in.")] = None,
    hours: Annotated[float | None, typer.Option("--hours", help="Hours a week.")] = None,
    minutes: Annotated[int | None, typer.Option("--minutes", help="Minutes at hand now.")] = None,
    prefer: Annotated[
        Literal["code", "theory", "free", ""], typer.Option("--prefer", help="What suits you: code, theory or free.")
    ] = "",
    as_json: JsonFlag = False,
) -> None:
    """Recommend the one best resource now, with its reason."""
    from assistant.progress import Progress
    from assistant.recommend import recommend
    from corpus.notes import load_notes

    progress = Progress(done=_ids(done), week=week, hours=hours, minutes=minutes, prefer=prefer)
    found = recommend(read_roadmap(), load_notes(), progress)
    if as_json:
        _print_json(found.as_json())
    else:
        _print_recommendation(found)


def plan(
    start: Annotated[str, typer.Option("--start", metavar="DATE", help="First day, as 2027-01-04.")],
    hours: Annotated[float, typer.Option("--hours", help="Hours a week.")],
    done: DoneOption = "",
    ics: Annotated[Path | None, typer.Option("--ics", metavar="FILE", help="Write a calendar file.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Plan dated weeks from a start date and hours a week."""
    from assistant.plan import make_plan
    from corpus.notes import load_notes

    roadmap = read_roadmap()
    made = make_plan(roadmap, load_notes(), _date(start), hours, _ids(done), today=_today())
    if ics is not None:
        _write_calendar(ics, made, roadmap)
    if as_json:
        _print_json(made.as_json())
    else:
        _print_plan(made, roadmap)


def _ids(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split(",") if part.strip())


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--start {text!r} is no date: write it as 2027-01-04.") from error


def _today() -> date:
    return datetime.now().astimezone().date()


def _write_calendar(path: Path, made: Plan, roadmap: Roadmap) -> None:
    from assistant.calendar import plan_calendar

    try:
        path.write_bytes(plan_calendar(made, datetime.now(UTC), roadmap))
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}): give another --ics file.") from error


def _print_recommendation(found: Recommendation) -> None:
    where = f" ({found.weeks})" if found.weeks else ""
    out.print(f"{found.title}{where}", style="bold", markup=False, highlight=False)
    if found.url:
        out.print(found.url, style="cyan", markup=False, highlight=False, soft_wrap=True)
    out.print(found.reason, markup=False, highlight=False)
    for other in found.alternatives:
        out.print(f"• or {other.title}: {other.difference}", markup=False, highlight=False)


def _print_plan(made: Plan, roadmap: Roadmap) -> None:
    for week in made.weeks:
        mark = "  (our split of the roadmap's weeks)" if week.ours else ""
        out.print(f"Week {week.number} from {week.starts}, {week.hours:g} h{mark}", style="bold", highlight=False)
        for unit in week.units:
            resource = roadmap.resource(unit.task.resource)
            name = f"{resource.title}: {unit.title}" if resource and resource.title != unit.title else unit.title
            out.print(f"  {unit.hours:>5.2f} h  {name}", markup=False, highlight=False)
    out.print(f"Ends {made.ends}.", highlight=False)
    for remark in made.remarks:
        out.print(f"• {remark}", markup=False, highlight=False)


def _print_json(value: dict[str, Any]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False))
