"""Progress: bars on a terminal, elsewhere a line now and then for each stage. Knows nothing of what is measured."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from eval.running.journal import Journal

EVERY = 15.0
"""Seconds between two lines."""


class Lines:
    """Tells how much of one stage is done, and when it took long, its end."""

    def __init__(self, name: str, total: int, say: Callable[[str], None]) -> None:
        self._name, self._total, self._say = name, total, say
        self._begun = self._told = time.monotonic()
        self._done = 0

    def advance(self, count: int) -> None:
        self._done += count
        now = time.monotonic()
        if now - self._told < EVERY and (self._done < self._total or now - self._begun < EVERY):
            return
        self._told = now
        rate = self._done / max(now - self._begun, 1e-9)
        left = f", about {(self._total - self._done) / rate:,.0f} s left" if self._done < self._total else ""
        self._say(f"{self._name}: {self._done:,} of {self._total:,}, {rate:.1f} a second{left}")


@contextmanager
def progress_task(progress: Progress, name: str, total: int) -> Generator[Callable[[int], None]]:
    """One stage; what is given is called with how much was done."""
    task = progress.add_task(name, total=total)
    lines = Lines(name, total, lambda line: _say(progress, line))

    def tick(count: int) -> None:
        progress.advance(task, count)
        if not progress.console.is_terminal:
            lines.advance(count)

    yield tick
    progress.update(task, visible=False)


def shown(console: Console) -> Progress:
    """A line for each stage; as a context it is drawn."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True)


@dataclass(frozen=True, slots=True)
class Plain:
    """Progress and journal of a run that asks nobody."""

    progress: Progress
    journal: Journal

    def task(self, name: str, total: int) -> AbstractContextManager[Callable[[int], None]]:
        return progress_task(self.progress, name, total)


class Building:
    """How far an index is that is built for a comparison: takes what `ingest.pipeline.Progress` tells."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None
        self._told = time.monotonic()

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        self._task = self._task if self._task is not None else self._progress.add_task("")
        text = {"chunk": "cutting documents", "embed": "embedding passages"}.get(stage, stage)
        self._progress.update(self._task, description=text, completed=done, total=total, visible=done != total)
        now = time.monotonic()
        if not self._progress.console.is_terminal and now - self._told >= EVERY:
            self._told = now
            _say(self._progress, f"{text}: {done:,}{f' of {total:,}' if total else ''}")


def _say(progress: Progress, line: str) -> None:
    progress.console.print(line, highlight=False, soft_wrap=True)
