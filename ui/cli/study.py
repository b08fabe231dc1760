"""The commands `roadmap next` and `roadmap plan`. Called by `ui.cli.app`, which prints errors.

Without a flag that says what is done, they speak of the stored learner; with one, of a learner that the flags
describe, and nothing that is stored of anyone is read.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console

from corpus.errors import UsageError
from corpus.reader import read_roadmap
from corpus.roadmap import Roadmap
from corpus.settings import load_settings
from ui.cli.output import print_json
from ui.clock import now

if TYPE_CHECKING:
    from assistant.companion import Companion
    from assistant.recommendation.progress import Prefer
    from assistant.recommendation.recommend import Recommendation
    from assistant.study.outlook import Outlook
    from assistant.study.planned import Plan

out = Console()
DEFAULT_LEARNER = "me"
DoneOption = Annotated[str, typer.Option("--done", metavar="ID,ID", help="Resources that are done.")]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
LearnerOption = Annotated[str, typer.Option("--learner", metavar="NAME", help="Whose progress.")]


@contextmanager
def companion() -> Generator[Companion]:
    """The companion over the stored learners, closed at the end."""
    from assistant.companion import Companion

    opened = Companion(load_settings())
    try:
        yield opened
    finally:
        opened.close()


def next_resource(
    done: DoneOption = "",
    week: Annotated[int | None, typer.Option("--week", help="The week that you are in.")] = None,
    hours: Annotated[float | None, typer.Option("--hours", help="Hours a week.")] = None,
    minutes: Annotated[int | None, typer.Option("--minutes", help="Minutes at hand now.")] = None,
    prefer: Annotated[
        Literal["code", "theory", "free", ""], typer.Option("--prefer", help="What suits you: code, theory or free.")
    ] = "",
    learner: LearnerOption = DEFAULT_LEARNER,
    as_json: JsonFlag = False,
) -> None:
    """Recommend the one best resource now, with its reason."""
    if done or week is not None or hours is not None or prefer:
        found = _recommended(done, week, hours, minutes, prefer)
    else:
        with companion() as opened:
            found = opened.next(learner, now(), minutes)
    if as_json:
        print_json(found.as_json())
    else:
        _print_recommendation(found)


def plan(
    start: Annotated[str, typer.Option("--start", metavar="DATE", help="First day, as 2027-01-04.")] = "",
    hours: Annotated[float | None, typer.Option("--hours", help="Hours a week.")] = None,
    done: DoneOption = "",
    by: Annotated[str, typer.Option("--by", metavar="DATE", help="Say what it takes to be done by this day.")] = "",
    ics: Annotated[Path | None, typer.Option("--ics", metavar="FILE", help="Write a calendar file.")] = None,
    png: Annotated[Path | None, typer.Option("--png", metavar="FILE", help="Draw it (.png or .svg).")] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Draw it on a page.")] = None,
    learner: LearnerOption = DEFAULT_LEARNER,
    as_json: JsonFlag = False,
) -> None:
    """Plan dated weeks from a start date and hours a week; without them, those of the stored learner."""
    seen = _outlook(start, hours, done, by, learner)
    roadmap = read_roadmap()
    if ics is not None:
        _write_calendar(ics, seen.plan, roadmap, "" if start or done else learner)
    for path in (png, html):
        if path is not None:
            from ui.pictures import write_picture

            write_picture(path, seen.bars, seen.lines, seen.day)
    if as_json:
        print_json(seen.as_json())
    else:
        _print_plan(seen, roadmap)


def _recommended(
    done: str, week: int | None, hours: float | None, minutes: int | None, prefer: Prefer
) -> Recommendation:
    from assistant.recommendation.progress import Progress

    with companion() as opened:
        return opened.recommended(Progress(_ids(done), week=week, hours=hours, minutes=minutes, prefer=prefer))


def _outlook(start: str, hours: float | None, done: str, by: str, learner: str) -> Outlook:
    from assistant.study.outlook import outlook_from, outlook_of
    from corpus.notes import load_notes

    last = _date("--by", by) if by else None
    if not start and not done:
        with companion() as opened:
            state = opened.learner(learner)
            return outlook_of(opened.roadmap, opened.notes, state, state.day(now()), hours=hours, by=last)
    if not start or hours is None:
        raise UsageError("a plan from scratch needs both --start DATE and --hours H.")
    today = now().astimezone().date()
    return outlook_from(read_roadmap(), load_notes(), _date("--start", start), hours, _ids(done), today, by=last)


def _ids(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split(",") if part.strip())


def _date(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} {text!r} is no date: write it as 2027-01-04.") from error


def _write_calendar(path: Path, made: Plan, roadmap: Roadmap, learner: str) -> None:
    """Of a stored learner, with what earlier files held; `learner` "" is nobody's plan."""
    from assistant.study.calendar import plan_calendar

    if learner:
        with companion() as opened:
            data = opened.calendar(learner, made, now())
    else:
        data = plan_calendar(made, now(), roadmap)
    try:
        path.write_bytes(data)
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}): give another --ics file.") from error


def _print_recommendation(found: Recommendation) -> None:
    where = f" ({found.weeks})" if found.weeks else ""
    out.print(f"{found.title}{where}", style="bold", markup=False, highlight=False)
    if found.url:
        out.print(found.url, style="cyan", markup=False, highlight=False, soft_wrap=True)
    out.print(found.why, markup=False, highlight=False)
    if found.first_unit:
        unit = found.first_unit
        begin = f"Begin with {unit.title} ({unit.hours:g} h): {unit.url}".removesuffix(": ")
        out.print(begin, markup=False, highlight=False, soft_wrap=True)
        out.print(f"In all {found.effort}.", markup=False, highlight=False)
    if found.now:
        out.print(found.now, markup=False, highlight=False)
    if found.outcome:
        out.print(f"At the end: {found.outcome}.", markup=False, highlight=False)
    if found.free_way:
        way = found.free_way
        out.print(f"It costs money; a free way: {way.what}, {way.url}", markup=False, highlight=False, soft_wrap=True)
    for other in found.alternatives:
        out.print(f"• or {other.title}: {other.text}", markup=False, highlight=False)


def _print_plan(seen: Outlook, roadmap: Roadmap) -> None:
    for week in seen.plan.weeks:
        mark = "  (our split of the roadmap's weeks)" if week.ours else ""
        out.print(f"Week {week.number} from {week.starts}, {week.hours:g} h{mark}", style="bold", highlight=False)
        for unit in week.units:
            resource = roadmap.resource(unit.task.resource)
            name = f"{resource.title}: {unit.title}" if resource and resource.title != unit.title else unit.title
            out.print(f"  {unit.hours:>5.2f} h  {name}", markup=False, highlight=False)
    out.print(f"Ends {seen.plan.ends}.", highlight=False)
    for remark in (*seen.plan.remarks, *seen.remarks):
        out.print(f"• {remark}", markup=False, highlight=False)
