"""Questions of many threads: each gets its own vector, those that wait are one batch, one alone waits for nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from ingest.index.together import MOST, Together

SECONDS = 20


class Slow:
    """An encoder that can be held, and remembers its batches."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.begun, self.go = threading.Semaphore(0), threading.Event()

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.batches.append(list(texts))
        self.begun.release()
        assert self.go.wait(SECONDS)
        if "bad" in texts:
            raise ValueError("no such text")
        return np.array([[float(text)] for text in texts], dtype=np.float32)


def test_one_alone_is_encoded_at_once_and_alone() -> None:
    slow = Slow()
    slow.go.set()
    together = Together(slow.encode, 1)
    assert [together.one(str(n))[0] for n in range(3)] == [0, 1, 2]
    assert slow.batches == [["0"], ["1"], ["2"]]


def test_those_who_wait_become_one_batch_and_each_gets_its_own() -> None:
    slow = Slow()
    together = Together(slow.encode, 1)
    with ThreadPoolExecutor(64) as threads:
        first = threads.submit(together.one, "0")
        assert slow.begun.acquire(timeout=SECONDS)
        rest = [threads.submit(together.one, str(n)) for n in range(1, 41)]
        while len(together._line) < 40:
            threading.Event().wait(0.01)
        slow.go.set()
        assert [found.result(SECONDS)[0] for found in (first, *rest)] == list(range(41))
    assert [len(batch) for batch in slow.batches] == [1, MOST, MOST, 8]
    assert together._free == 1


def test_there_are_as_many_batches_at_a_time_as_places() -> None:
    slow = Slow()
    together = Together(slow.encode, 2)
    with ThreadPoolExecutor(8) as threads:
        found = [threads.submit(together.one, str(n)) for n in range(2)]
        assert all(slow.begun.acquire(timeout=SECONDS) for _ in found)
        slow.go.set()
        assert [one.result(SECONDS)[0] for one in found] == [0, 1]
    assert _given_back(together, 2)


def test_an_error_reaches_everyone_of_its_batch_and_the_next_is_answered() -> None:
    slow = Slow()
    slow.go.set()
    together = Together(slow.encode, 1)
    with pytest.raises(ValueError, match="no such text"):
        together.one("bad")
    assert together.one("7")[0] == 7


def test_many_threads_for_a_while_lose_nothing() -> None:
    slow = Slow()
    slow.go.set()
    together = Together(slow.encode, 2)
    with ThreadPoolExecutor(32) as threads:
        assert [v[0] for v in threads.map(lambda n: together.one(str(n)), range(2000))] == list(range(2000))
    assert _given_back(together, 2)
    assert together._line == []


def _given_back(together: Together, places: int) -> bool:
    """Whether all places become free: the last is given back when its results are out, a moment after them."""
    end = time.monotonic() + SECONDS
    while together._free != places and time.monotonic() < end:
        time.sleep(0.01)
    return together._free == places
