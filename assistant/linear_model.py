"""Logistic regression that was fitted elsewhere: features -> probabilities, kept as one file.

Takes the standard library alone, so that the command line understands at once; NumPy adds up where it is loaded anyway,
as in a server. Knows neither what its features mean nor how they are fitted (`assistant.language.learning.fitting`).
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class LinearModel:
    """Weights for each feature and class. Safe to use from several threads.

    names: the classes. intercept: one for each. rows: half-precision weights, a row a feature, a column a class.
    """

    names: tuple[str, ...]
    intercept: tuple[float, ...]
    rows: bytes

    @property
    def size(self) -> int:
        """Features that it takes."""
        return len(self.rows) // (2 * len(self.names))

    def probabilities(self, features: Iterable[tuple[int, float]]) -> list[float]:
        """Of each class, in the order of `names`; they add up to 1. features: place and value, each place at most once.

        >>> LinearModel(("a", "b"), (0.0, 0.0), struct.pack("<2e", 1.0, -1.0)).probabilities([(0, 100.0)])[0]
        1.0
        """
        scores = self._added(features) if "numpy" in sys.modules else self.added_plainly(features)
        highest = max(scores)
        powers = [math.exp(score - highest) for score in scores]
        total = sum(powers)
        return [power / total for power in powers]

    def added_plainly(self, features: Iterable[tuple[int, float]]) -> Sequence[float]:
        """The score of each class, by the standard library."""
        row = struct.Struct(f"<{len(self.names)}e")
        scores: Sequence[float] = self.intercept
        for place, value in features:
            weights = row.unpack_from(self.rows, place * row.size)
            scores = [score + value * weight for score, weight in zip(scores, weights, strict=True)]
        return scores

    def _added(self, features: Iterable[tuple[int, float]]) -> Sequence[float]:
        """The same to the last bit in a sixth of the time: row is added to row, in the same order."""
        import numpy as np

        found = list(features)
        values = np.array([value for _, value in found])[:, None]
        weights = self._weights[[place for place, _ in found]].astype(float) * values
        return np.add.reduce(np.concatenate([np.array([self.intercept]), weights])).tolist()

    @cached_property
    def _weights(self) -> Any:
        """`rows` as an array (features x classes, half precision), without a copy."""
        import numpy as np

        return np.frombuffer(self.rows, dtype="<f2").reshape(-1, len(self.names))

    def save(self, path: Path, digest: str, **head: Any) -> None:
        """Writes it as one file, whole or not at all. digest: what it was fitted to; head: what else is kept."""
        own = {"digest": digest, "names": self.names, "intercept": self.intercept, "size": self.size}
        text = json.dumps({**own, **head}).encode()
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".new")
        beside.write_bytes(struct.pack("<I", len(text)) + text + self.rows)
        beside.replace(path)


def digest_of(told: str, files: Iterable[Path]) -> str:
    """Tells one state of what a model is fitted to from another: how it is learnt, and its files. Errors: `OSError`."""
    found = hashlib.sha256(told.encode())
    for path in files:
        found.update(path.read_bytes())
    return found.hexdigest()


def load(path: Path, digest: str) -> tuple[LinearModel, dict[str, Any]] | None:
    """The model with its head; None if there is none, it was fitted to something else, or it cannot be read."""
    try:
        data = path.read_bytes()
        (size,) = struct.unpack_from("<I", data)
        head = json.loads(data[4 : 4 + size])
        model = LinearModel(tuple(head["names"]), tuple(head["intercept"]), data[4 + size :])
        is_wanted = head["digest"] == digest and len(model.rows) == 2 * len(model.names) * head["size"]
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return None
    return (model, head) if is_wanted else None
