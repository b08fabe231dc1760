"""Learns from the examples what people wish and what they name: `python -m assistant.language.learning.fitting`.

Learnt in the build, or at the first question. Deterministic: the same examples give the same files. scikit-learn and
scipy are imported here only.
"""

from __future__ import annotations

import logging
import math
import re
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from assistant import linear_model
from assistant.language.learning import meaning
from assistant.language.learning.classifier import Classifier, Vocabulary, grams, load
from assistant.language.learning.meaning import Meaning
from assistant.language.learning.table import FOLDER, LEAST, STRENGTH, Example, examples, fitted_key
from assistant.language.masking import Masked, filled, mask_example
from assistant.language.message import is_placed, marks_of, read_message
from assistant.language.names import tagger
from assistant.language.names.description import described
from assistant.language.names.tagger import NameExample, Tag, Tagger
from assistant.language.parse import take_apart
from assistant.language.weeks.reader import clean
from assistant.linear_model import LinearModel
from corpus.reader import read_roadmap
from corpus.roadmap import Roadmap
from ingest.index.model import find_model, load_embedding

Encode = Callable[[list[str]], NDArray[np.float32]]
"""Texts -> normalised vectors (n x dimension)."""

NAMELESS = frozenset("week_content set_pace pause postpone deadline workload timezone overview outside".split())
"""Wishes whose wordings show the tagger messages that name no row."""

NEAR, STEPS = 1e-4, 400
"""Where a fit stops, and its steps at the most. At ten times that it has not converged, and is wrong in 21 of 100
wordings of authors whom it does not know in place of 18 (eval/LOG.md)."""

AT_ONCE = 500
"""Wordings that a process reads at a time."""

MEANING_STRENGTH = 20.0
"""Inverse of the regularisation for vectors, from leave-author-out validation (eval/LOG.md)."""

LEAST_SEEN = 2
"""Words of the examples of which a term must be seen to count for the tagger."""

DAY = date(2026, 1, 5)
"""The wordings are read on one day, whichever it is: what they name does not hang on it."""

log = logging.getLogger(__name__)


def fit(masked: Sequence[Masked], names: Sequence[str], digest: str = "") -> Classifier:
    """Learns from masked messages and the wish of each."""
    vocabulary = _vocabulary(masked)
    return Classifier(_regression(_matrix(masked, vocabulary), names, STRENGTH), vocabulary, digest)


def fit_meaning(vectors: NDArray[np.float32], capabilities: Sequence[str]) -> Meaning:
    """Learns from the vectors of masked messages (n x dimension) and the capability of each."""
    return Meaning(_regression(vectors, capabilities, MEANING_STRENGTH))


def fit_tagger(known: Iterable[NameExample]) -> Tagger:
    """Learns from messages which words of them name which row; scarce terms are left out."""
    seen, rows = _tokens(known)
    counts = Counter(term for terms in seen for term in terms)
    places = {term: n for n, term in enumerate(sorted(term for term, count in counts.items() if count >= LEAST_SEEN))}
    kept = [[(places[term], value) for term, value in terms.items() if term in places] for terms in seen]
    return Tagger(_regression(_sparse(kept, len(places)), rows, tagger.STRENGTH), places)


def masked_examples() -> tuple[tuple[Example, Masked], ...]:
    """Every wording with what is left of it when its things are put aside."""
    return _masked_examples()


@lru_cache(maxsize=1)
def _masked_examples() -> tuple[tuple[Example, Masked], ...]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    known = examples()
    with ProcessPoolExecutor(
        mp_context=get_context("spawn"), initializer=tagger.look_in, initargs=tagger.places()
    ) as readers:
        read = tuple(zip(known, readers.map(_masked, known, chunksize=AT_ONCE), strict=True))
    return (*read, *_of_projects(known))


def _of_projects(known: Iterable[Example]) -> Iterator[tuple[Example, Masked]]:
    """One wording in three with a place for a row, once more of a project: "is there a video of the capstone?"."""
    for example in known:
        text = example.text.replace("{resource}", "{project}")
        if example.text.count("{resource}") == 1 and crc32(text.encode()) % 3 == 0:
            found = mask_example(text, example.after)
            assert found is not None  # noqa: S101 -- it has a place for a project
            yield example, found


def _masked(example: Example) -> Masked:
    """A wording as the classifier sees it."""
    found = mask_example(example.text, example.after)
    return found or read_message(example.text, _roadmap(), DAY, after=example.after).masked


@lru_cache(maxsize=1)
def _roadmap() -> Roadmap:
    """Each process reads it once."""
    return read_roadmap()


def fitted_tagger(path: Path, *, anew: bool = False) -> None:
    """Learns the tagger and writes it there, unless what is there is of the present examples; used from now on.

    anew: whatever is there; wordings of wishes, which its own examples do not tell of, show it what names no row.
    """
    if anew or linear_model.load(path, tagger.key()) is None:
        log.info("learning how people name the rows ...")
        found = fit_tagger((*tagger.examples(), *_nameless()))
        found.model.save(path, tagger.key(), terms=list(found.places))
    tagger.look_in(path)


def fitted(path: Path, names: Path, *, anew: bool = False) -> Classifier:
    """The classifier of the present examples: from the file if it is of these, else learnt and written there.

    What the wordings name is read as messages are, so the tagger is learnt first, and written to `names`.
    anew: whatever is there; a file tells the examples that it is of, and not the code that read them.
    """
    key = fitted_key()
    known = None if anew else load(path, key)
    fitted_tagger(names, anew=known is None)
    if known is not None:
        return known
    log.info("learning from %d wordings what people wish ...", len(examples()))
    pairs = masked_examples()
    found = fit([message for _, message in pairs], [example.wish for example, _ in pairs], digest=key)
    found.save(path)
    return found


def fitted_meaning(path: Path, *, anew: bool = False) -> None:
    """Learns the second opinion and writes it there, unless what is there is of the present examples."""
    key = meaning.meaning_key()
    if not anew and linear_model.load(path, key) is not None:
        return
    log.info("learning what the wordings mean ...")
    wishes = {(message.text, example.capability) for example, message in masked_examples()}
    texts, names = zip(*sorted(wishes), strict=True)
    fit_meaning(_vectors(texts), names).model.save(path, key)


def _vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """Of the bundled encoder (n x dimension); short texts together, so that little is padded."""
    order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
    found = load_embedding(find_model()).get_text_embedding_batch([texts[n] for n in order])
    vectors = np.empty((len(texts), len(found[0])), np.float32)
    vectors[order] = found
    return vectors


def main() -> None:
    """Learns all three anew and writes them beside their examples, where every start finds them."""
    found = fitted(FOLDER / "fitted.bin", tagger.BUILT, anew=True)
    fitted_meaning(meaning.BUILT, anew=True)
    sys.stdout.write(f"{len(examples())} wordings of {len(found.names)} wishes, {len(found.vocabulary.places)} terms\n")


# --- features ---------------------------------------------------------------------------------------------------------


def _vocabulary(masked: Sequence[Masked]) -> Vocabulary:
    counts: Counter[str] = Counter()
    for message in masked:
        counts.update(set(grams(message.text)))
    kept = sorted(gram for gram, count in counts.items() if count >= LEAST[gram[0]])
    idf = tuple(round(math.log((1 + len(masked)) / (1 + counts[gram])) + 1, 4) for gram in kept)
    before = tuple(sorted({message.after for message in masked if message.after}))
    return Vocabulary({gram: place for place, gram in enumerate(kept)}, idf, before)


def _matrix(masked: Sequence[Masked], vocabulary: Vocabulary) -> Any:
    return _sparse([vocabulary.features(message) for message in masked], vocabulary.size)


def _sparse(found: Sequence[Sequence[tuple[int, float]]], width: int) -> Any:
    """Rows of places and values as a matrix (n x width)."""
    from scipy.sparse import csr_matrix

    rows = [row for row, features in enumerate(found) for _ in features]
    columns = [place for features in found for place, _ in features]
    values = [value for features in found for _, value in features]
    return csr_matrix((values, (rows, columns)), shape=(len(found), width), dtype=np.float32)


def _regression(features: Any, classes: Sequence[str], strength: float) -> LinearModel:
    """Learns the class of each row of a matrix. strength: the inverse of the regularisation."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    model: Any = LogisticRegression(C=strength, max_iter=STEPS, tol=NEAR)
    with warnings.catch_warnings(action="ignore", category=ConvergenceWarning):  # of few examples it may not
        model.fit(features, list(classes))
    weights, intercept = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # of two classes, what is kept is of the second
        weights, intercept = np.vstack([0 * weights, weights]), [0.0, *intercept]
    rows = np.ascontiguousarray(weights.T, dtype="<f2").tobytes()
    names = tuple(str(name) for name in model.classes_)
    return LinearModel(names, tuple(round(float(value), 5) for value in intercept), rows)


def _tokens(known: Iterable[NameExample]) -> tuple[list[dict[str, float]], list[str]]:
    """What is seen of each word of the messages, and the row that it names, or ""."""
    roadmap = read_roadmap()
    seen: list[dict[str, float]] = []
    rows: list[str] = []
    for example in known:
        reading = take_apart(example.text, roadmap, None, None, None)
        words, marks = tagger.split(example.text), marks_of(reading)
        placed = [tag for tag in example.tags if not is_placed(reading, tag.start, tag.end)]
        seen += [tagger.features(words, number, marks) for number in range(len(words))]
        rows += [_row_at(word, placed) for word in words]
    return seen, rows


def _row_at(word: re.Match[str], tags: Iterable[Tag]) -> str:
    return next((tag.id for tag in tags if tag.start <= word.start() and word.end() <= tag.end), "")


def _nameless() -> Iterator[NameExample]:
    """Wordings of wishes that name no row: what such messages look like."""
    roadmap = read_roadmap()
    for example in examples():
        text = clean(filled(example.text))
        placed = "{week}" in example.text or "{phase}" in example.text
        if (example.capability in NAMELESS or placed) and "{resource" not in example.text:
            reading = take_apart(text, roadmap, None, None, None)
            if not reading.names and not described(text, roadmap):
                yield NameExample(text, ())


if __name__ == "__main__":
    main()
