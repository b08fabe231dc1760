"""Long work with a progress bar on standard error: ingest, and the first build of the index."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from corpus.errors import UsageError
from corpus.homes import home_of
from corpus.settings import Settings
from corpus.sources import TOPIC, SourcesError
from ingest.archive.warc import holds_pages
from ingest.pages.visible import visible
from ingest.take import UNKNOWN
from ingest.version import other_maker
from ui.ingesting import STAGES

if TYPE_CHECKING:
    from ingest.pipeline import IngestReport
    from ingest.pipeline import Progress as Tell

_TOLD = 20
"""Refused addresses that are printed."""
_EVERY = 15.0
"""Seconds between two lines of progress in a log."""
_MINUTES = 100
"""Seconds from which on the time left is told in minutes."""


def ingest_with_progress(
    settings: Settings,
    warcs: Sequence[Path],
    *,
    crawl: bool,
    force: bool,
    console: Console,
    jobs: int | None = None,
    under: str = "",
) -> IngestReport:
    """Runs ingest and shows how far it is; `jobs`: processors that encode; `under`: where `warcs` belong, see `home`.

    Errors: `UsageError` for a WARC file that is not there.
    """
    for path in warcs:
        if not path.is_file():
            raise UsageError(f"{path} is no file: give the path of a WARC file.")
    if crawl:
        from ui.cli.crawling import crawl_with_progress

        crawl_with_progress(settings, None, console)
    from ingest.pipeline import ingest as run_ingest

    kept = sorted((settings.data / "warc").glob("*.warc.gz"))
    with _shown(console) as tell:
        return run_ingest(settings, kept, own=warcs, under=under, force=force, jobs=jobs, progress=tell)


def home(warcs: Sequence[Path], resource: str, topic: str) -> str:
    """What the pages of `warcs` are filed under; "" for what the sources say. Errors: `UsageError`, `SourcesError`."""
    if resource and topic:
        raise UsageError("--resource and --topic exclude each other: give one of them.")
    if (resource or topic) and not warcs:
        raise UsageError("--resource and --topic say where the pages of a WARC file belong: add --warc FILE.")
    try:
        return home_of(f"{TOPIC}{topic}" if topic else resource) if resource or topic else ""
    except SourcesError as error:
        raise UsageError(str(error)) from error


def print_refused(console: Console, refused: Sequence[tuple[str, str]]) -> None:
    """A line for each of the first addresses that were not taken, and how many more there are. Addresses and reasons
    repeat what a WARC file says, which may hold codes that a terminal would obey."""
    if homeless := sum(UNKNOWN in reason for _, reason in refused):
        are = "pages belong" if homeless > 1 else "page belongs"
        console.print(
            f"{homeless} {are} to no resource of the roadmap. Say where: add --resource ID (see `roadmap show`), "
            "--topic NAME for another subject, or name a file of sources in ROADMAP_SOURCES.",
            highlight=False,
            soft_wrap=True,
        )
    for url, reason in refused[:_TOLD]:
        said = visible(f"not taken: {reason if url in reason else f'{url}: {reason}'}")
        console.print(said, highlight=False, markup=False, soft_wrap=True)
    if len(refused) > _TOLD:
        more = len(refused) - _TOLD
        console.print(f"not taken: {more} more; `roadmap ingest --json` lists all.", highlight=False, soft_wrap=True)


def check_taken(warcs: Sequence[Path], refused: Sequence[tuple[str, str]], *, crawl: bool) -> None:
    """Ends with status 1 when what was asked for was not done: no file that was given holds a page, or pages of one
    have no place in the index. A page that was refused for another reason was read, and the reason is listed."""
    if not warcs:
        return
    if any(UNKNOWN in reason for _, reason in refused) or not (crawl or any(holds_pages(path) for path in warcs)):
        raise typer.Exit(1)


def build_if_needed(settings: Settings, console: Console) -> None:
    """Builds the index of the roadmap and the notes when nothing was published yet, and anew, from what is kept, when
    another version or model made it. One that is damaged is left to who opens it."""
    other = other_maker(settings.data, settings.embed_model)
    if other:
        console.print(f"Building the index anew: the index was made with {other}.")
    elif not (settings.data / "current").is_file():
        console.print("Building the index of the roadmap and the notes (once) ...")
    else:
        return
    ingest_with_progress(settings, (), crawl=False, force=False, console=console)


@contextmanager
def _shown(console: Console) -> Generator[Tell]:
    """How far each stage is: as bars on a terminal, as a line now and then in a log."""
    with progress_bar(console) as bar:
        tasks = {stage: bar.add_task(text, total=None, visible=False) for stage, text in STAGES.items()}

        def tell(stage: str, done: int, total: int | None) -> None:
            bar.update(tasks[stage], completed=done, total=total, visible=True)

        yield tell if console.is_terminal else Lines(console)


class Lines:
    """Progress in a log: a line four times a minute, and one at the end of a stage that took as long."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._console, self._clock = console, clock
        self._stage, self._begun, self._first, self._told = "", 0.0, 0, 0.0

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        now = self._clock()
        if stage != self._stage:
            self._stage, self._begun, self._first, self._told = stage, now, done, now
        is_end = done == total and now - self._begun >= _EVERY
        if now - self._told < _EVERY and not is_end:
            return
        self._told = now
        line = f"{STAGES[stage]}: {done:,}{f' of {total:,}' if total else ''}"
        self._console.print(f"{line}{self._pace(now, done, total)}", highlight=False, soft_wrap=True)

    def _pace(self, now: float, done: int, total: int | None) -> str:
        """By what this stage did so far; what it found done at its beginning says nothing of the rest."""
        rate = (done - self._first) / max(now - self._begun, 1e-9)
        if rate <= 0:
            return ""
        left = (total - done) / rate if total else 0.0
        said = f"{left / 60:.0f} min" if left >= _MINUTES else f"{left:.0f} s"
        return f", {rate:.1f} a second" + (f", {said} left" if left else "")


class _Rate(ProgressColumn):
    """How many are done in a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.1f}/s" if speed else "", style="progress.data.speed")


def progress_bar(console: Console) -> Progress:
    """A bar with count, rate and remaining time; nothing where no terminal is."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
