"""Which place answers a question best, and how probably it answers it: a small model over what can be seen of each.

    place_model.json    names of the numbers, weights, and where they were learnt (python -m eval.fit_answers)

Knows nothing of how places are cut or told.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

MODEL_FILE = Path(__file__).with_name("place_model.json")


@dataclass(frozen=True, slots=True)
class Linear:
    """Weights by name; a number that has none counts nothing."""

    weights: Mapping[str, float]
    intercept: float = 0.0

    def score(self, names: Sequence[str], rows: Floats) -> Floats:
        """The sum for every row (rows x numbers)."""
        weights = np.array([self.weights.get(name, 0.0) for name in names], dtype=np.float32)
        return rows @ weights + np.float32(self.intercept)


@cache
def read_model(name: str) -> Linear:
    """The model of that name: "place" (which is best), "answers" (whether it answers)."""
    told = json.loads(MODEL_FILE.read_text(encoding="utf-8"))[name]
    return Linear(told["weights"], told["intercept"])


def probability(total: float) -> float:
    """A sum of the model "answers" as a probability."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))
