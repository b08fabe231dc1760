"""A stream of pieces that can be left at once, whatever it is doing: `watched(stream, stop)`. Knows no chat."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")
_BEAT = 0.05
"""Seconds between two looks at `stop`."""


def watched(stream: Generator[T], stop: threading.Event) -> Generator[T | None]:
    """The pieces of `stream`, and None whenever none came for a moment or `stop` is set.

    `stream` runs in a thread of its own: a search that takes two seconds is left at once, and ends there by itself.
    Errors: whatever `stream` raises. Closing the generator closes the stream at its next piece.
    """
    pieces: queue.SimpleQueue[tuple[str, T | BaseException | None]] = queue.SimpleQueue()
    left = threading.Event()

    def run() -> None:
        try:
            for piece in stream:
                pieces.put(("piece", piece))
                if left.is_set():
                    break
            pieces.put(("end", None))
        except BaseException as error:  # noqa: BLE001 -- raised again where the pieces are taken
            pieces.put(("error", error))
        finally:
            stream.close()

    threading.Thread(target=copy_context().run, args=(run,), name="answer", daemon=True).start()
    try:
        yield from _taken(pieces, stop)
    finally:
        left.set()


def _taken(
    pieces: queue.SimpleQueue[tuple[str, T | BaseException | None]], stop: threading.Event
) -> Generator[T | None]:
    while True:
        try:
            kind, piece = pieces.get(timeout=_BEAT)
        except queue.Empty:
            yield None
            continue
        if kind == "error" and isinstance(piece, BaseException):
            raise piece
        if kind == "end":
            return
        yield None if stop.is_set() else piece  # type: ignore[misc] -- a piece is none of the errors
