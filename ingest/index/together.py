"""Questions that arrive together are encoded together; one that arrives alone waits for nobody.

There is no clock in it: whoever finds a free place encodes at once, and what arrives meanwhile is taken as one batch by
the first of those who wait. Knows nothing of models.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

MOST = 16
"""Questions of one batch: the last of more would wait longer than it gains."""

Encode = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(slots=True)
class _Waiting:
    text: str
    woken: threading.Event = field(default_factory=threading.Event)
    vector: NDArray[np.float32] | None = None
    error: Exception | None = None


class Together:
    """`encode` for one text of each of many threads; at most `places` batches are encoded at the same time."""

    def __init__(self, encode: Encode, places: int) -> None:
        self._encode, self._free = encode, places
        self._lock = threading.Lock()
        self._line: list[_Waiting] = []

    def one(self, text: str) -> NDArray[np.float32]:
        """The vector of a text. Errors: what `encode` raises for its batch."""
        mine = _Waiting(text)
        with self._lock:
            leads = self._free > 0
            self._free -= leads
            if not leads:
                self._line.append(mine)
        if not leads:
            mine.woken.wait()
        if mine.vector is None and mine.error is None:  # it found a place, or was given one
            self._lead(mine)
        if mine.error is not None:
            raise mine.error
        assert mine.vector is not None  # noqa: S101 -- a batch gives a vector or an error to each
        return mine.vector

    def _lead(self, mine: _Waiting) -> None:
        """Encodes its own text with those of the others who wait, and gives the place to the next of them.

        That one is taken out of the line: in the batch of another it would never give the place back.
        """
        with self._lock:
            batch = [mine, *self._line[: MOST - 1]]
            del self._line[: MOST - 1]
        try:
            for waiting, vector in zip(batch, self._encode([waiting.text for waiting in batch]), strict=True):
                waiting.vector = vector
        except Exception as error:  # noqa: BLE001 -- each of the batch raises it again in its own thread
            for waiting in batch:
                waiting.vector, waiting.error = None, error
        with self._lock:
            after = self._line.pop(0) if self._line else None
            self._free += after is None
        for waiting in (*batch, *((after,) if after else ())):
            waiting.woken.set()
