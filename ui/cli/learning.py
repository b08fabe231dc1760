"""The commands about a stored learner: today, progress, review, learner, export, import. Called by `app`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer
from rich.console import Console

from assistant.recommendation.reasons import counted
from corpus.errors import UsageError
from ui.cli.output import print_json
from ui.cli.study import DEFAULT_LEARNER, JsonFlag, LearnerOption, companion
from ui.clock import now

if TYPE_CHECKING:
    from assistant.companion import Companion

out = Console()
Status = Literal["done", "in-progress", "skipped", "not-started"]
Grade = Literal["again", "hard", "good", "easy"]


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    for name, command in _COMMANDS.items():
        app.command(name)(command)


def today(
    minutes: Annotated[int | None, typer.Option("--minutes", help="Minutes at hand.")] = None,
    learner: LearnerOption = DEFAULT_LEARNER,
    as_json: JsonFlag = False,
) -> None:
    """Show what to do today: due reviews first, then new material, within the minutes."""
    with companion() as opened:
        view = opened.today(learner, now(), minutes)
    if as_json:
        print_json(view.as_json())
        return
    out.print(view.text, style="bold", markup=False, highlight=False)
    for item in view.items:
        out.print(f"{item.minutes:>4} min  {item.kind:<10} {item.title}", markup=False, highlight=False)
        out.print(f"          {item.url}", style="dim", markup=False, highlight=False, soft_wrap=True)


def progress(
    resource: Annotated[
        str, typer.Argument(metavar="[ID]", help="A resource to mark, as `roadmap show` names it.")
    ] = "",
    unit: Annotated[str, typer.Option("--unit", metavar="ID", help="Only this unit of it.")] = "",
    status: Annotated[Status | None, typer.Option("--status", help="What it is.")] = None,
    minutes: Annotated[int, typer.Option("--minutes", help="Minutes studied now; they add up.")] = 0,
    reason: Annotated[str, typer.Option("--reason", help="Why it is skipped.")] = "",
    png: Annotated[Path | None, typer.Option("--png", metavar="FILE", help="Draw it (.png or .svg).")] = None,
    learner: LearnerOption = DEFAULT_LEARNER,
    as_json: JsonFlag = False,
) -> None:
    """Show the progress, or mark a resource or a unit of it."""
    with companion() as opened:
        if resource:
            wanted = status or ("in-progress" if minutes else None)
            if wanted is None:
                raise UsageError(f"what about {resource}? Give --status {', '.join(get_args(Status))}, or --minutes N.")
            opened.mark(learner, resource, unit, wanted, now(), minutes, reason)
        elif unit or status or minutes or reason:
            raise UsageError("nothing to mark was named: give the id of a resource, as `roadmap show` lists them.")
        report, habits = opened.report(learner, now()), opened.habits(learner, now())
    if png is not None:
        from ui.pictures import write_progress

        write_progress(png, habits)
    if as_json:
        print_json(report.as_json() | {"habits": habits.as_json()})
        return
    out.print(report.text, markup=False, highlight=False)
    out.print(habits.text, markup=False, highlight=False)
    for line in report.lines:
        out.print(f"{line.status:<12} {line.hours_left:>6g} h left  {line.title}", markup=False, highlight=False)
    for mark in report.orphans:
        out.print(f"kept, but no longer in the roadmap: {mark.resource} {mark.unit}", markup=False, highlight=False)


def review(
    card: Annotated[str, typer.Option("--card", metavar="KEY", help="Grade this card.")] = "",
    grade: Annotated[Grade | None, typer.Option("--grade", help="How well you knew it.")] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=365, help="Days of the forecast.")] = 14,
    learner: LearnerOption = DEFAULT_LEARNER,
    as_json: JsonFlag = False,
) -> None:
    """Review the cards that are due: asks in a terminal, or lists them; `--card KEY --grade good` grades one."""
    if bool(card) != bool(grade):
        raise UsageError("to grade a card give both --card KEY and --grade again, hard, good or easy.")
    with companion() as opened:
        if card and grade:
            opened.grade(learner, card, grade, now())
        elif not as_json and sys.stdin.isatty():
            _ask_cards(opened, learner)
        cards = opened.cards(learner, now(), days)
    if as_json:
        print_json(cards.as_json())
        return
    out.print(cards.text, markup=False, highlight=False)
    for item in cards.due:
        out.print(f"• {item.card.key}: {item.card.question}", markup=False, highlight=False)


def settings(
    start: Annotated[str | None, typer.Option("--start", metavar="DATE", help="First day, as 2027-01-04.")] = None,
    hours: Annotated[float | None, typer.Option("--hours", help="Hours a week.")] = None,
    prefer: Annotated[
        Literal["code", "theory", "none"] | None, typer.Option("--prefer", help="What comes first.")
    ] = None,
    free_only: Annotated[bool | None, typer.Option("--free-only/--paid-too", help="Only what costs nothing.")] = None,
    formats: Annotated[str | None, typer.Option("--formats", metavar="A,B", help="Formats that suit you.")] = None,
    week: Annotated[int | None, typer.Option("--week", help="The week that you are in; 0: the beginning.")] = None,
    weekdays: Annotated[
        str | None, typer.Option("--weekdays", metavar="H,H,...", help='Hours of Monday to Sunday; "" spreads them.')
    ] = None,
    timezone: Annotated[str | None, typer.Option("--timezone", metavar="ZONE", help="Such as Europe/Berlin.")] = None,
    notes: Annotated[str | None, typer.Option("--notes", help="Anything you want kept.")] = None,
    learner: LearnerOption = DEFAULT_LEARNER,
    as_json: JsonFlag = False,
) -> None:
    """Show or change the settings of a learner: start, hours a week, preferences, time zone, notes."""
    from assistant.study.preferences import Wishes, settings_json

    suiting, spread = formats.split(",") if formats else None, _hours(weekdays)
    wishes = Wishes(start, hours, prefer, free_only, suiting, timezone, notes, week, spread)
    with companion() as opened:
        state = opened.prefer(learner, wishes, now()) if wishes != Wishes() else opened.learner(learner)
    if as_json:
        print_json(settings_json(state))
        return
    for name, value in settings_json(state).items():
        out.print(f"{name:<10} {value}", markup=False, highlight=False)


def export(
    file: Annotated[
        Path | None, typer.Argument(help="Where to; a name that ends with .apkg: the review cards, for Anki.")
    ] = None,
    learner: LearnerOption = DEFAULT_LEARNER,
    as_json: JsonFlag = False,
) -> None:
    """Write everything that is stored about a learner as JSON, which `roadmap import` reads back; or cards for Anki."""
    with companion() as opened:
        if file is not None and file.suffix.lower() == ".apkg":
            _write(file, opened.anki(learner, now()))
            cards = sum(not line.suspended for line in opened.deck(learner))
            if as_json:
                print_json({"exported": learner, "cards": cards})
            else:
                out.print(f"{counted(cards, 'card')} in {file}.", markup=False, highlight=False)
            return
        data = opened.export(learner)
    if file is None:
        print_json(data)
        return
    _write(file, json.dumps(data, ensure_ascii=False, indent=1).encode())
    _say_counts("exported", learner, len(data["learner"]["marks"]), as_json=as_json)


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `roadmap export` wrote.")],
    replace_learner: Annotated[bool, typer.Option("--replace", help="In place of what is stored.")] = False,
    learner: LearnerOption = DEFAULT_LEARNER,
    as_json: JsonFlag = False,
) -> None:
    """Read a learner back from an export, under the name given."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read ({error.strerror}): give a file that `roadmap export` wrote."
        ) from error
    except (ValueError, RecursionError) as error:  # no JSON, or nested without end
        raise UsageError(f"{file} is not JSON: give a file that `roadmap export` wrote.") from error
    with companion() as opened:
        state = opened.restore(learner, data, replace_learner)
    _say_counts("imported", learner, len(state.marks), as_json=as_json)


def _hours(text: str | None) -> list[float] | None:
    """Hours by weekday. Errors: `UsageError` for what are no numbers."""
    try:
        return None if text is None else [float(piece) for piece in text.split(",") if piece.strip()]
    except ValueError as error:
        raise UsageError(f"--weekdays {text!r} are no hours: give seven numbers such as 1,1,1,1,1,0,3.") from error


def _write(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        raise UsageError(f"{file} cannot be written ({error.strerror}): give another file.") from error


def _say_counts(what: str, learner: str, marks: int, *, as_json: bool) -> None:
    if as_json:
        print_json({what: learner, "marks": marks})
    else:
        out.print(f"{learner} was {what}, with {counted(marks, 'mark')}.", markup=False, highlight=False)


def _ask_cards(opened: Companion, learner: str) -> None:
    """Shows each card, waits, shows its answer, and takes the grade; anything but a grade ends it. What was forgotten
    comes back in the end."""
    from assistant.study.review import RATINGS, when

    state = opened.learner(learner)
    while due := opened.due(learner, now(), today=True):
        item = due[0]
        out.print(item.card.question, style="bold", markup=False, highlight=False)
        typer.prompt("Enter shows the answer", default="", show_default=False, prompt_suffix=" … ")
        out.print(item.card.answer, markup=False, highlight=False)
        out.print(item.card.source, style="dim", markup=False, highlight=False, soft_wrap=True)
        rating = typer.prompt("again, hard, good, easy (anything else ends)", default="end", show_default=False).strip()
        if rating not in RATINGS:
            return
        graded = opened.grade(learner, item.card.key, rating, now())
        out.print(f"It comes back {when(graded.due, now(), state)}.", style="dim", markup=False, highlight=False)


_COMMANDS: dict[str, Callable[..., None]] = {
    "today": today,
    "progress": progress,
    "review": review,
    "learner": settings,
    "export": export,
    "import": restore,
}
