"""Which capability a message wishes: logistic regression over the masked message, learnt from the examples.

Features: words, pairs of words, runs of letters, the kinds of things that are named, and what answered before. Asking
takes a millisecond and the standard library alone, so that the command line understands at once; fitting
(`assistant.language.learning.fitting`) takes scikit-learn. Knows nothing of what the capabilities do.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant import linear_model
from assistant.language.masking import KINDS, Masked
from assistant.linear_model import LinearModel

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[?!]")


@dataclass(frozen=True, slots=True)
class Guess:
    """A capability, its probability, 0 to 1, and the likeliest of its kinds ("hardest"), where it has any."""

    name: str
    p: float
    kind: str = ""


MENDED, RARER = 4, 4.6
"""Letters of a word that may be a slip of another, and how much rarer it must be (log of the ratio, 100 to 1): the
examples hold slips, too."""


@dataclass(frozen=True)
class Vocabulary:
    """The terms that count, each with its place and its weight by rarity."""

    places: dict[str, int]
    idf: tuple[float, ...]
    before: tuple[str, ...] = ()
    """The capabilities after which the examples stand."""

    @cached_property
    def size(self) -> int:
        """How many features there are."""
        return len(self.places) + len(KINDS) + len(self.before)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The single words of the examples that are long enough to be told from a slip of another."""
        return tuple(
            term[2:] for term in self.places if term[0] == "w" and " " not in term[2:] and len(term) > MENDED + 1
        )

    def mended(self, text: str) -> str:
        """The text with slips of known words put right: "shoud i lern frist" is "should i learn first"."""
        return _TOKEN.sub(lambda match: self._meant(match[0]), text)

    def _meant(self, word: str) -> str:
        """The commonest word of which it may be a slip, or itself."""
        rarity = self._rarity(word)
        if len(word) < MENDED or rarity <= RARER:
            return word
        near = process.extract(word, self.words, scorer=OSA.distance, score_cutoff=1, limit=None)
        commonest = min((found[0] for found in near), key=self._rarity, default=word)
        return commonest if rarity - self._rarity(commonest) > RARER else word

    def _rarity(self, word: str) -> float:
        """0 for a word that every example holds; endless for one that none holds."""
        place = self.places.get(f"w {word}")
        return math.inf if place is None else self.idf[place] - 1

    def features(self, masked: Masked) -> list[tuple[int, float]]:
        """Places and values of a message's terms, of the kinds of things that it names, of what answered before."""
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
        signs = (*(kind in masked.kinds for kind in KINDS), *(name == masked.after for name in self.before))
        return found + [(len(self.places) + number, 1.0) for number, there in enumerate(signs) if there]


class Classifier:
    """What was learnt: a weight for each feature and capability. Safe to use from several threads."""

    def __init__(self, model: LinearModel, vocabulary: Vocabulary, digest: str) -> None:
        """model: its classes are wishes, of kinds too ("extreme:hardest"); its features are the vocabulary with its
        signs."""
        self.model, self.vocabulary, self.digest = model, vocabulary, digest

    @property
    def names(self) -> tuple[str, ...]:
        """The wishes that it tells apart."""
        return self.model.names

    def guesses(self, masked: Masked) -> list[Guess]:
        """Every capability, the likeliest first; the probabilities add up to 1."""
        features = self.vocabulary.features(replace(masked, text=self.vocabulary.mended(masked.text)))
        wishes = zip(self.model.names, self.model.probabilities(features), strict=True)
        return _by_capability(Guess(name, p) for name, p in wishes)

    def save(self, path: Path) -> None:
        """Writes it as one file, whole or not at all."""
        words = self.vocabulary
        idf = [round(value, 4) for value in words.idf]
        self.model.save(path, self.digest, terms=list(words.places), idf=idf, before=words.before)


def load(path: Path, digest: str) -> Classifier | None:
    """What was fitted from these examples; None if there is none, it is of others, or it cannot be read."""
    found = linear_model.load(path, digest)
    if found is None:
        return None
    model, head = found
    places = {term: place for place, term in enumerate(head.get("terms", ()))}
    vocabulary = Vocabulary(places, tuple(head.get("idf", ())), tuple(head.get("before", ())))
    return Classifier(model, vocabulary, digest) if places else None


def _by_capability(guesses: Iterable[Guess]) -> list[Guess]:
    """The capabilities, the likeliest first: each with all its kinds, and the likeliest of these."""
    kinds: dict[str, list[Guess]] = {}
    for guess in guesses:
        name, _, kind = guess.name.partition(":")
        kinds.setdefault(name, []).append(Guess(name, guess.p, kind))
    found = [Guess(name, sum(g.p for g in some), max(some, key=lambda g: g.p).kind) for name, some in kinds.items()]
    return sorted(found, key=lambda guess: -guess.p)


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
