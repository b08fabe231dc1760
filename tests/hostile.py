"""Texts that make a pattern slow which backtracks: two hundred shapes, each of any length."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path

PIECES: tuple[str, ...] = tuple(json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8")))
AROUND = (("", ""), ("pause ", " until friday"), ("", "?!"), ("what is <a ", ""), ("&", " 5 euros"))
"""What stands around the pieces, in turn."""

BRIEF = 0.004
"""Seconds of processor that no measure of growth is taken from: the clock and the interpreter are not finer."""
GROWTH = 9.0
"""What four times the text may cost: 4 where the work is linear, 16 where it is quadratic."""


def shaped(piece: str, around: tuple[str, str], length: int) -> str:
    """A text of that length, of one piece over and over; "(¦)" is nested: "((( )))"."""
    room = max(0, length - len("".join(around)))
    opening, _, closing = piece.partition("¦")
    if closing:
        times = room // (len(opening) + len(closing))
        return f"{around[0]}{opening * times}{closing * times}{around[1]}"
    return around[0] + (piece * (room // len(piece) + 1))[:room] + around[1]


def growths(
    door: Callable[[str], object], lengths: tuple[int, int], more: Sequence[str] = (), *, alone: bool = False
) -> list[str]:
    """The shapes whose cost grows faster than their length from the first to the second, four times as long.

    more: pieces beside those of every text; `alone`: in place of them, with nothing around.
    """
    short, long = lengths
    found: list[str] = []
    for piece, around in zip((*(() if alone else PIECES), *more), cycle(AROUND[:1] if alone else AROUND), strict=False):
        texts = [shaped(piece, around, length) for length in (short, long)]
        if _growth(door, *texts, times=1) > GROWTH and (growth := _growth(door, *texts, times=4)) > GROWTH:
            found.append(f"{around[0]!r} {piece!r} {around[1]!r}: {growth:.0f} times")
    return found


def _growth(door: Callable[[str], object], short: str, long: str, *, times: int) -> float:
    """The least of some measures, since other processes only ever make one slower; 0 where it is too quick to tell."""
    cost = min(_seconds(door, long) for _ in range(times))
    return cost / max(BRIEF / 4, min(_seconds(door, short) for _ in range(times))) if cost > BRIEF else 0.0


def _seconds(door: Callable[[str], object], text: str) -> float:
    begun = time.thread_time()
    door(text)
    return time.thread_time() - begun
