"""How near a question is to subjects that are not ours: its cosine to questions that nothing here answers.

"How do I train my dog to sit" meets pages on reinforcement learning at 0.61, and questions about pets at more. The
questions are in `corpus/elsewhere.txt`. Their vectors are made once for a model and kept in the data folder.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.index.vectorcache import Encoder, VectorCache

log = logging.getLogger(__name__)

QUESTIONS_FILE = Path(__file__).parents[2] / "corpus" / "elsewhere.txt"
NEAREST = 5
"""Questions whose mean cosine counts: one alone may share a word by chance."""

Encode = Callable[[list[str]], NDArray[np.float32]]


def other_questions() -> list[str]:
    """The questions on other subjects."""
    lines = QUESTIONS_FILE.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


class Elsewhere:
    """The questions on other subjects as vectors, made or read when first needed.

    encode: texts -> normalised vectors (n x dimension) of `model`; folder: where they are kept, if anywhere.
    """

    def __init__(self, encode: Encode, model: Encoder, folder: Path | None = None) -> None:
        self._encode, self._model = encode, model
        self._path = folder / "elsewhere.db" if folder else None

    def near(self, vector: NDArray[np.float32]) -> float:
        """Mean cosine of a question's normalised vector to the nearest questions on other subjects."""
        cosines = self.vectors @ vector
        return float(np.partition(cosines, -NEAREST)[-NEAREST:].mean())

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """The vectors (questions x dimension)."""
        questions = other_questions()
        if self._path is None:
            return self._encode(questions)
        try:
            with closing(VectorCache(self._path, self._model)) as cache:
                return self._kept(questions, cache)
        except sqlite3.Error as error:
            log.warning("the vectors of other subjects cannot be kept (%s): they are made at each start.", error)
            return self._encode(questions)

    def _kept(self, questions: list[str], cache: VectorCache) -> NDArray[np.float32]:
        known = dict(zip(questions, cache.get(questions), strict=True))
        missing = [question for question, vector in known.items() if vector is None]
        if missing:
            made = self._encode(missing)
            cache.put(missing, made)
            cache.keep_only(questions)
            known.update(zip(missing, made, strict=True))
        return np.stack([vector for question in questions if (vector := known[question]) is not None])
