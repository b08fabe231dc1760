"""Which capability a message wishes: logistic regression over the masked message, learnt from the examples.

Features: words, pairs of words, runs of letters, the kinds of things that are named, and, where an encoder is loaded,
the message's vector. Asking takes a millisecond and the standard library alone, so that the command line understands
at once; fitting (`assistant.language.learning.fitting`) takes scikit-learn. Knows nothing of what the capabilities do.
"""

from __future__ import annotations

import json
import math
import re
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.language.masking import KINDS, Masked

VECTOR = 1.0
"""Weight of the message's vector beside its words (length 1), its letters (length 1) and its things (1 each): from
leave-author-out validation (eval/LOG.md)."""

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[?!]")


@dataclass(frozen=True, slots=True)
class Guess:
    """A capability and its probability, 0 to 1."""

    name: str
    p: float


MENDED = 4
"""Letters of a word that may be a slip of another."""


@dataclass(frozen=True)
class Vocabulary:
    """The terms that count, each with its place and its weight by rarity."""

    places: dict[str, int]
    idf: tuple[float, ...]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The single words of the examples that are long enough to be told from a slip of another."""
        return tuple(
            term[2:] for term in self.places if term[0] == "w" and " " not in term[2:] and len(term) > MENDED + 1
        )

    def mended(self, text: str) -> str:
        """The text with slips of known words put right: "shoud i lern" is "should i learn"."""
        return _TOKEN.sub(lambda match: self._meant(match[0]), text)

    def _meant(self, word: str) -> str:
        if len(word) < MENDED or f"w {word}" in self.places:
            return word
        near = process.extractOne(word, self.words, scorer=OSA.distance, score_cutoff=1)
        return near[0] if near else word

    def features(self, masked: Masked) -> list[tuple[int, float]]:
        """Places and values of a message's terms, then of the kinds of things that it names."""
        counts = Counter(gram for gram in grams(masked.text) if gram in self.places)
        found: list[tuple[int, float]] = []
        for family in ("w", "c"):
            terms = [
                (self.places[g], (1 + math.log(n)) * self.idf[self.places[g]])
                for g, n in counts.items()
                if g[0] == family
            ]
            length = math.sqrt(sum(value * value for _, value in terms)) or 1.0
            found += [(place, value / length) for place, value in terms]
        size = len(self.places)
        return found + [(size + number, 1.0) for number, kind in enumerate(KINDS) if kind in masked.kinds]


class Classifier:
    """What was learnt: a weight for each feature and capability. Safe to use from several threads."""

    def __init__(
        self, names: Sequence[str], vocabulary: Vocabulary, intercept: Sequence[float], rows: bytes, digest: str
    ) -> None:
        """rows: half-precision weights, a row a feature: the vocabulary, the kinds, the vector's dimensions."""
        self.names, self.vocabulary, self.digest = tuple(names), vocabulary, digest
        self._intercept, self._rows = tuple(intercept), rows
        self._row = struct.Struct(f"<{len(self.names)}e")

    @property
    def dimension(self) -> int:
        """Of the vectors that it takes; 0 where it takes none."""
        return len(self._rows) // self._row.size - len(self.vocabulary.places) - len(KINDS)

    def guesses(self, masked: Masked, vector: Sequence[float] = ()) -> list[Guess]:
        """Every capability, the likeliest first; the probabilities add up to 1."""
        first = len(self.vocabulary.places) + len(KINDS)
        features = self.vocabulary.features(Masked(self.vocabulary.mended(masked.text), masked.kinds))
        features += [(first + place, VECTOR * float(value)) for place, value in enumerate(vector)]
        scores = list(self._intercept)
        for place, value in features:
            weights = self._row.unpack_from(self._rows, place * self._row.size)
            scores = [score + value * weight for score, weight in zip(scores, weights, strict=True)]
        highest = max(scores)
        powers = [math.exp(score - highest) for score in scores]
        total = sum(powers)
        found = [Guess(name, power / total) for name, power in zip(self.names, powers, strict=True)]
        return sorted(found, key=lambda guess: -guess.p)

    def save(self, path: Path) -> None:
        """Writes it as one file, whole or not at all."""
        head = {
            "digest": self.digest,
            "names": self.names,
            "terms": list(self.vocabulary.places),
            "idf": [round(value, 4) for value in self.vocabulary.idf],
            "intercept": self._intercept,
        }
        text = json.dumps(head).encode()
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".new")
        beside.write_bytes(struct.pack("<I", len(text)) + text + self._rows)
        beside.replace(path)


def load(path: Path, digest: str) -> Classifier | None:
    """What was fitted from these examples; None if there is none, it is of others, or it cannot be read."""
    try:
        data = path.read_bytes()
        (size,) = struct.unpack_from("<I", data)
        head = json.loads(data[4 : 4 + size])
        if head["digest"] != digest:
            return None
        places = {term: place for place, term in enumerate(head["terms"])}
        vocabulary = Vocabulary(places, tuple(head["idf"]))
        found = Classifier(head["names"], vocabulary, head["intercept"], data[4 + size :], digest)
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return None
    return found if found.dimension >= 0 else None


def grams(text: str) -> Iterator[str]:
    """Words and pairs of words ("w ..."), and runs of two to four letters with the ends of words ("c ...").

    >>> list(grams("hi"))
    ['w hi', 'c  h', 'c hi', 'c i ', 'c  hi', 'c hi ', 'c  hi ']
    """
    words = _TOKEN.findall(text)
    yield from (f"w {word}" for word in words)
    yield from (f"w {one} {two}" for one, two in pairwise(words))
    for word in words:
        yield from (f"c {letters}" for letters in _letters(f" {word} "))


def _letters(word: str) -> Iterable[str]:
    for size in (2, 3, 4):
        yield from (word[start : start + size] for start in range(len(word) - size + 1))
