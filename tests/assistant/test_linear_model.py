"""A fitted model gives the same probabilities whether NumPy is loaded or not, to the last bit."""

from __future__ import annotations

import random
import struct
import subprocess
import sys

import numpy as np
import pytest

from assistant.linear_model import LinearModel

CLASSES, FEATURES = 7, 40


@pytest.fixture
def model() -> LinearModel:
    chance = random.Random(3)
    weights = np.array([chance.gauss(0, 2) for _ in range(CLASSES * FEATURES)], dtype="<f2")
    names = tuple(f"class {n}" for n in range(CLASSES))
    return LinearModel(names, tuple(chance.gauss(0, 1) for _ in names), weights.tobytes())


@pytest.mark.parametrize("seed", range(20))
def test_numpy_changes_no_bit(model: LinearModel, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    places = chance.sample(range(FEATURES), seed)
    features = [(place, chance.choice((0.5, 1.0, 1.5, chance.random()))) for place in places]
    quick = model.probabilities(features)
    monkeypatch.delitem(sys.modules, "numpy")
    assert model.probabilities(iter(features)) == quick
    assert sum(quick) == pytest.approx(1)


def test_a_model_that_is_asked_alone_imports_no_numpy() -> None:
    rows = struct.pack("<2e", 1.0, -1.0)
    code = f"""
import sys
from assistant.linear_model import LinearModel
assert LinearModel(("a", "b"), (0.0, 0.0), {rows!r}).probabilities([(0, 2.0)])[0] > 0.9
sys.exit("numpy" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
