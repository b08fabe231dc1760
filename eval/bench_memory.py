"""What a server holds after many answers: `roadmap serve` has to be flat from the 200th to the 5,000th.

    python -m eval.bench_memory DATA [--answers N]    prints a line at 200, 500, 1,000, ... answers

Half is asked about weeks and half about topics, each text another; one message in four stands in a conversation, since
those are kept. A figure is the median of the last 50 answers: what an answer in the making holds for a moment is no
growth. Exit status 1 if what was held at any mark is more than a tenth above what was held at the 200th.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from eval.bench_load import OURS, mixed, served
from eval.memory import held_by

CLIENTS = 4
FIRST = 200
MOST = 1.1
MARKS = frozenset({50, 100, FIRST, 500, *range(1000, 100_001, 500)})
WINDOW = 50
IN_CONVERSATION = 4
TURNS = 10
"""After so many turns a conversation is left, and another begun."""


@dataclass(frozen=True, slots=True)
class Held:
    """MB that the server held when so many answers were given."""

    answers: int
    megabytes: float


def main() -> None:
    """Prints a line of JSON for each mark, and whether it was flat."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench_memory", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--answers", type=int, default=5000)
    given = parser.parse_args()
    held = asyncio.run(measure(given.data, given.answers))
    sys.stdout.write(json.dumps({"most / 200th": round(growth(held), 3)}) + "\n")
    sys.exit(0 if growth(held) <= MOST else 1)


async def measure(data: Path, answers: int) -> list[Held]:
    """Each mark, printed as it is reached."""
    held: list[Held] = []
    last = deque[float](maxlen=WINDOW)
    with served([sys.executable, "-c", OURS, "serve", "--port", "{port}"], data) as (url, pid):
        number = 0
        async for _ in _answers(url, answers):
            number += 1
            last.append(held_by(pid))
            if number in MARKS:
                held.append(Held(number, round(statistics.median(last), 1)))
                sys.stdout.write(json.dumps(asdict(held[-1])) + "\n")
                sys.stdout.flush()
    return held


def growth(held: Sequence[Held]) -> float:
    """The most that was held from the 200th answer on, as a ratio to what was held then.

    >>> growth([Held(50, 400), Held(200, 500), Held(1000, 540), Held(5000, 510)])
    1.08
    """
    later = [mark.megabytes for mark in held if mark.answers >= FIRST]
    return max(later) / later[0]


async def _answers(url: str, most: int) -> AsyncIterator[None]:
    """One after the other as they come, from a few clients at once."""
    asked, given = mixed(), asyncio.Queue[None](maxsize=1)
    async with asyncio.TaskGroup() as clients:
        tasks = [clients.create_task(_ask(url, asked, given)) for _ in range(CLIENTS)]
        for _ in range(most):
            yield await given.get()
        for task in tasks:
            task.cancel()


async def _ask(url: str, asked: Iterator[str], given: asyncio.Queue[None]) -> None:
    """Asks for ever, as one visitor with its cookie."""
    conversation, turns = "new", 0
    async with httpx.AsyncClient(base_url=url, timeout=120) as client:
        while True:
            body: dict[str, Any] = {"question": next(asked)}
            if turns % IN_CONVERSATION == 0:
                body["conversation"] = conversation if turns % (IN_CONVERSATION * TURNS) else "new"
            response = await client.post("/api/v1/ask", json=body)
            response.raise_for_status()
            conversation = response.json()["conversation"] or conversation
            turns += 1
            await given.put(None)


if __name__ == "__main__":
    main()
