"""How near a question is to subjects that are not ours: its cosine to questions that nothing here answers.

"How do I train my dog to sit" meets pages on reinforcement learning at 0.61, and questions about pets at more. The
questions are in `corpus/elsewhere.txt`. Their vectors are made once for a model and kept in the data folder.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

log = logging.getLogger(__name__)

QUESTIONS_FILE = Path(__file__).parents[1] / "corpus" / "elsewhere.txt"
NEAREST = 5
"""Questions whose mean cosine counts: one alone may share a word by chance."""

Encode = Callable[[list[str]], NDArray[np.float32]]


def other_questions() -> list[str]:
    """The questions on other subjects."""
    lines = QUESTIONS_FILE.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


class Elsewhere:
    """The questions on other subjects as vectors, made or read when first needed.

    encode: texts -> normalised vectors (n x dimension); model: what names it; folder: where they are kept, if anywhere.
    """

    def __init__(self, encode: Encode, model: str, folder: Path | None = None) -> None:
        self._encode, self._model, self._folder = encode, model, folder

    def near(self, vector: NDArray[np.float32]) -> float:
        """Mean cosine of a question's normalised vector to the nearest questions on other subjects."""
        cosines = self.vectors @ vector
        return float(np.partition(cosines, -NEAREST)[-NEAREST:].mean())

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """The vectors (questions x dimension)."""
        questions = other_questions()
        if self._folder is None:
            return self._encode(questions)
        key = hashlib.sha256("\n".join((self._model, *questions)).encode()).hexdigest()[:16]
        path = self._folder / f"elsewhere-{key}.npy"
        kept = _read(path, len(questions))
        return _keep(path, self._encode(questions)) if kept is None else kept


def _read(path: Path, count: int) -> NDArray[np.float32] | None:
    """What is kept, or None where nothing is, or it is damaged."""
    try:
        vectors = np.load(path)
    except (OSError, ValueError, EOFError):
        return None
    return vectors if vectors.ndim == 2 and len(vectors) == count else None


def _keep(path: Path, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Keeps them whole or not at all; where nothing can be written they are made anew by the next process."""
    beside = path.with_suffix(f".{os.getpid()}")
    try:
        with beside.open("wb") as file:
            np.save(file, vectors)
        beside.replace(path)
    except OSError as error:
        log.warning("the vectors of other subjects cannot be kept (%s): they are made at each start.", error.strerror)
        beside.unlink(missing_ok=True)
    return vectors
