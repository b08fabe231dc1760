"""Learns the classifier of wishes from the examples: `python -m assistant.language.learning.fitting` in the build.

The words alone are learnt in the build, or at the first question; with an encoder, at the first ingest. Deterministic:
the same examples give the same file. scikit-learn and scipy are imported here only.
"""

from __future__ import annotations

import logging
import math
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.language.learning.classifier import VECTOR, Classifier, Vocabulary, grams, load
from assistant.language.learning.table import FOLDER, LEAST, STRENGTH, Example, examples, fitted_key
from assistant.language.masking import KINDS, Masked, mask_example
from assistant.language.message import read_message
from corpus.reader import read_roadmap

Encode = Callable[[list[str]], NDArray[np.float32]]
"""Texts -> normalised vectors (n x dimension)."""

DAY = date(2026, 1, 5)
"""The wordings are read on one day, whichever it is: what they name does not hang on it."""

log = logging.getLogger(__name__)


def fit(
    masked: Sequence[Masked], names: Sequence[str], vectors: NDArray[np.float32] | None = None, digest: str = ""
) -> Classifier:
    """Learns from masked messages (n), the capability of each, and their vectors (n x dimension), if any."""
    from sklearn.linear_model import LogisticRegression

    vocabulary = _vocabulary([message.text for message in masked])
    model: Any = LogisticRegression(C=STRENGTH, max_iter=200, tol=1e-3)
    model.fit(_matrix(masked, vocabulary, vectors), list(names))
    rows = np.ascontiguousarray(model.coef_.T, dtype="<f2").tobytes()
    intercept = [round(float(value), 5) for value in model.intercept_]
    return Classifier([str(name) for name in model.classes_], vocabulary, intercept, rows, digest)


def masked_examples() -> tuple[tuple[Example, Masked], ...]:
    """Every wording with what is left of it when its things are put aside."""
    return _masked_examples()


@lru_cache(maxsize=1)
def _masked_examples() -> tuple[tuple[Example, Masked], ...]:
    roadmap = read_roadmap()
    read = ((e, mask_example(e.text) or read_message(e.text, roadmap, DAY).masked) for e in examples())
    return tuple(read)


def fitted(path: Path, encode: Encode | None = None, encoder: str = "") -> Classifier:
    """The classifier of the present examples: from the file if it is of these, else learnt and written there.

    encode, encoder: vectors to learn from as well, and what tells their encoder from others.
    """
    key = fitted_key(encoder)
    known = load(path, key)
    if known is not None:
        return known
    log.info("learning from %d wordings what people wish ...", len(examples()))
    pairs = masked_examples()
    vectors = encode([message.text for _, message in pairs]) if encode else None
    found = fit([message for _, message in pairs], [example.capability for example, _ in pairs], vectors, key)
    found.save(path)
    return found


def main() -> None:
    """Writes the classifier of words beside the table, where every start finds it."""
    found = fitted(FOLDER / "fitted.bin")
    sys.stdout.write(f"{len(examples())} wordings of {len(found.names)} wishes, {len(found.vocabulary.places)} terms\n")


# --- features ---------------------------------------------------------------------------------------------------------


def _vocabulary(texts: Sequence[str]) -> Vocabulary:
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(grams(text)))
    kept = sorted(gram for gram, count in counts.items() if count >= LEAST[gram[0]])
    idf = tuple(round(math.log((1 + len(texts)) / (1 + counts[gram])) + 1, 4) for gram in kept)
    return Vocabulary({gram: place for place, gram in enumerate(kept)}, idf)


def _matrix(masked: Sequence[Masked], vocabulary: Vocabulary, vectors: NDArray[np.float32] | None) -> Any:
    from scipy.sparse import csr_matrix, hstack

    found = [vocabulary.features(message) for message in masked]
    rows = [row for row, features in enumerate(found) for _ in features]
    columns = [place for features in found for place, _ in features]
    values = [value for features in found for _, value in features]
    shape = (len(masked), len(vocabulary.places) + len(KINDS))
    terms = csr_matrix((values, (rows, columns)), shape=shape, dtype=np.float32)
    return terms if vectors is None else hstack([terms, csr_matrix(vectors * VECTOR)]).tocsr()


if __name__ == "__main__":
    main()
