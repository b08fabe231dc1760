"""Words of a text for lexical search, and BM25 indexes that are kept with a generation (bm25s)."""

from __future__ import annotations

import itertools
import json
import logging
import math
import re
import runpy
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import Stemmer
from numpy.typing import NDArray

from corpus.letters import without_accents

_WORD = re.compile(r"[A-Za-z_][\w.]*\w|\w+")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_WRITTEN = re.compile(r"[a-z0-9_]+")


def _stop_words() -> frozenset[str]:
    """Those of bm25s, read without importing it: with it come SciPy and Numba, which only a build needs."""
    package = find_spec("bm25s")
    assert package is not None  # noqa: S101 -- it is installed with us
    assert package.origin is not None  # noqa: S101
    return frozenset(runpy.run_path(str(Path(package.origin).with_name("stopwords.py")))["STOPWORDS_EN_PLUS"])


_STOP = _stop_words()

_BRITISH = (
    (re.compile(r"(?<=\w{3})(?<![vcw])(?<!prom)(?<!pr)is(?=(?:e[drs]?|es|ing|ations?|ational|ers)\b)"), "iz"),
    (re.compile(r"(?<=\w{3})ys(?=(?:e[dr]?|ing|ers)\b)"), "yz"),
    (re.compile(r"(?<=\w{3})our(?=(?:s|ed|ing|al|ite|ites|hood|hoods)?\b)"), "or"),
    (re.compile(r"\b(model|label|cancel|travel|signal|channel)l(?=(?:ing|ed|ers?)\b)"), r"\1"),
    (re.compile(r"\b(artef)(?=acts?\b)"), "artif"),
    (re.compile(r"\b(cent|met|fib)re(?=[sd]?\b)"), r"\1er"),
)
"""Endings that are written in two ways, as pages and people do; words of any other kind are not harmed by it, since
texts and questions are read alike."""


def american(text: str) -> str:
    """The text with the American spelling of words such as "tokenise", "behaviour" and "labelled"."""
    for pattern, replacement in _BRITISH:
        text = pattern.sub(replacement, text)
    return text


def tokens(text: str) -> list[str]:
    """Stemmed words without stop words, however they are spelt; identifiers count whole and by their parts
    (`pivot_table`, `TextNode`)."""
    found: list[str] = []
    for word in _WORD.findall(american(without_accents(text))):
        lower = word.lower()
        parts = (
            [p.lower() for p in _PART.findall(word)]
            if word not in (lower, word.capitalize()) or not word.isalnum()
            else []
        )
        if len(parts) > 1:
            found += [lower, *(part for part in parts if part not in _STOP)]
        elif lower not in _STOP:
            found.append(lower)
    return _stemmed(tuple(found))


def forms(text: str) -> list[str]:
    """The stems of a text (see `tokens`), and beside them its words as they are written, marked: "models" gives "model"
    and "=models". In an index over these a text that says the very word is better than one with a relative of it."""
    written = (word for word in _WRITTEN.findall(american(without_accents(text).lower())) if word not in _STOP)
    return [*tokens(text), *(sys.intern(f"={word}") for word in written)]


def pairs(words: Sequence[str]) -> list[str]:
    """Words that stand beside each other, stop words left out: "multi head attention" has two pairs."""
    return [sys.intern(f"{one} {other}") for one, other in itertools.pairwise(words)]


def common_pairs(texts: Iterable[Sequence[str]]) -> list[list[str]]:
    """The pairs of each text, given by its words, that at least two of the texts hold."""
    found = [pairs(words) for words in texts]
    holders = Counter(pair for text in found for pair in set(text))
    return [[pair for pair in text if holders[pair] > 1] for text in found]


def build(texts: Iterable[Sequence[str]], folder: Path) -> None:
    """Writes a BM25 index over `texts` (in order), given by their words (`tokens`) or pairs, to `folder`."""
    import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)  # it reports each step of a build on standard error
    model = bm25s.BM25()
    model.index([list(text) or [""] for text in texts], show_progress=False)
    model.save(str(folder), show_progress=False)


class Lexicon:
    """A BM25 index that was built before; scores are float32, one a text, in the order of building.

    Read whole into memory (about 25 MB for 900 pages): what happens to its files later harms no search.
    """

    def __init__(self, folder: Path) -> None:
        self._ids: dict[str, int] = json.loads((folder / "vocab.index.json").read_text(encoding="utf-8"))
        self._texts = int(json.loads((folder / "params.index.json").read_text())["num_docs"])
        # of each word, from pointer to pointer, the texts that hold it and what it is worth there: bm25s's columns
        self._worth, self._rows, self._pointers = (
            np.load(folder / f"{name}.csc.index.npy") for name in ("data", "indices", "indptr")
        )

    def scores(self, words: Sequence[str]) -> NDArray[np.float32]:
        """BM25 of every text for these words (see `tokens`, `forms` and `pairs`); zeros if none of them is known."""
        scores = np.zeros(self._texts, dtype=np.float32)
        for id in (self._ids[word] for word in words if word in self._ids):
            held = slice(self._pointers[id], self._pointers[id + 1])
            scores[self._rows[held]] += self._worth[held]
        return scores

    def mass(self, words: Iterable[str]) -> dict[str, float]:
        """Each word that some text holds -> how much it tells: much for one that few hold."""
        held = {
            word: self._pointers[id + 1] - self._pointers[id]
            for word in words
            if (id := self._ids.get(word)) is not None
        }
        return {word: math.log(1 + self._texts / (1 + int(texts))) for word, texts in held.items()}

    def covered(self, mass: Mapping[str, float]) -> NDArray[np.float32]:
        """The share of what words tell (see `mass`) that each text holds, 0 to 1, however often it says them."""
        found = np.zeros(self._texts, dtype=np.float32)
        for word, tells in mass.items():
            id = self._ids[word]
            found[self._rows[self._pointers[id] : self._pointers[id + 1]]] += tells
        return found / (sum(mass.values()) or 1.0)

    def knows(self, word: str) -> bool:
        return word in self._ids

    def holders(self, words: Iterable[str]) -> NDArray[np.int64]:
        """The rows of the texts that hold one of these words, in order."""
        ids = [self._ids[word] for word in words if word in self._ids]
        held = [self._rows[self._pointers[id] : self._pointers[id + 1]] for id in ids]
        return np.unique(np.concatenate(held)).astype(np.int64) if held else np.zeros(0, dtype=np.int64)

    def share(self, word: str) -> float:
        """The share of texts that hold this word, 0 to 1."""
        id = self._ids.get(word)
        if id is None:
            return 0.0
        return float(self._pointers[id + 1] - self._pointers[id]) / self._texts


def _stemmed(words: tuple[str, ...]) -> list[str]:
    return [_stem(word) for word in words]


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    return Stemmer.Stemmer("english")
