"""The answers that are being made, so that a server which is stopped lets them end or says that it cut them."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager

from corpus.errors import ProjectError

STOPPED = "The server was stopped before this answer was whole: ask again in a moment."


class StoppedError(ProjectError):
    """An answer was cut since the server is being stopped."""

    def __init__(self) -> None:
        super().__init__(STOPPED)


class UnderWay:
    """Counts answers of all doors. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0
        self._cut = threading.Event()

    @property
    def count(self) -> int:
        with self._lock:
            return self._count

    @contextmanager
    def one(self) -> Generator[None]:
        """While an answer is made."""
        with self._lock:
            self._count += 1
        try:
            yield
        finally:
            with self._lock:
                self._count -= 1

    def cut(self) -> None:
        """From now on every answer ends at its next piece."""
        self._cut.set()

    @property
    def is_cut(self) -> bool:
        return self._cut.is_set()
