"""How much memory a process and its children hold together, pages that they share counted once. Linux only."""

from __future__ import annotations

import os
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def watched() -> Generator[list[float]]:
    """Notes four times a second how many MB this process and its descendants hold, in two looks one after the other:
    a child that is about to start another program has its parent's memory for a moment, which would count twice."""
    held, ended = [0.0], threading.Event()

    def watch() -> None:
        before = 0.0
        while not ended.wait(0.25):
            now = held_by(os.getpid())
            held.append(min(before, now))
            before = now

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield held
    finally:
        ended.set()
        watcher.join()


def held_by(pid: int) -> float:
    """MB that a process and its descendants hold now."""
    return sum(_proportional(member) for member in _family(pid)) / 1024


def _family(pid: int) -> Iterator[int]:
    yield pid
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _read(listed).split():
            yield from _family(int(child))


def _proportional(pid: int) -> int:
    """The proportional set size in KB: a page that several processes share is counted in parts."""
    lines = _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _read(path: Path) -> str:
    """A file of /proc; empty when its process has ended."""
    try:
        return path.read_text()
    except OSError:
        return ""
