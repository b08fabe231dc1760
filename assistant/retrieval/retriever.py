"""A question -> passages: dense and lexical candidates, evidence of chunk and page, summed, diversified.

Imports no LlamaIndex: `llama_retriever` makes a LlamaIndex retriever of it.
Steps: 1 dense and lexical search -> 2 candidates and their signals -> 3 score -> 4 diversify (few a page, no
near-duplicates), rerank where there is a cross-encoder -> 5 passages, neighbours joined where they are read.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from assistant.answers import Passage, Query
from assistant.language.normalise import bare
from assistant.retrieval.neighbours import grouped, to_passage
from assistant.retrieval.rerank import RERANKED
from assistant.text.abbreviations import expansions
from corpus.errors import ProjectError
from corpus.letters import same_letters
from corpus.roadmap import Weeks
from ingest.index.encoder import Encoder
from ingest.index.lexical import american, forms, pairs, tokens
from ingest.index.reader import OpenIndex

if TYPE_CHECKING:
    from llama_index.core.postprocessor.types import BaseNodePostprocessor

T = TypeVar("T")
Floats = NDArray[np.float32]

DENSE, LEXICAL, RERANKER = "dense search", "lexical search", "the reranker"
_FAILED = {
    DENSE: "Searched by words only: the search by meaning does not work at the moment.",
    LEXICAL: "Searched by meaning only: the search by words does not work at the moment.",
    RERANKER: "Not reranked: the reranker does not work at the moment.",
}
_FAILURES = (ProjectError, RuntimeError, ValueError, OSError, LookupError)
log = logging.getLogger(__name__)

DEPTH = 100
"""Candidates taken from each of dense and lexical search."""

PER_PAGE = 3
"""Passages of one page at the most."""

NAMED = 0.5
"""What a row of a resource or week that the question names has on top of its score."""

OTHER_NAME = 0.3
"""What a word of another name counts ("retrieval", "augmented" and "generation" where RAG is asked for)."""

TWIN = 0.97
"""Cosine above which two chunks say the same."""

WEIGHTS: dict[str, float] = {
    "dense": 1.2,
    "sentence": 0.4,
    "page-dense": 0.4,
    "bm25": 0.8,
    "page-bm25": 0.5,
    "covered": 0.5,
    "headings": 0.4,
}
"""Weights of the signals, each from 0 for the mean of the candidates to 1 for the best of them, chosen on ten families
of sites (see eval/LOG.md)."""


class SearchError(ProjectError):
    """Nothing can be searched; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Passages, best first, with what the answer needs to judge them."""

    passages: tuple[Passage, ...]
    rows: tuple[int, ...]
    words: tuple[str, ...]
    """The stemmed content words of the query."""
    vector: Floats | None
    """The query's vector (dimension,), None when dense search failed."""
    degraded: tuple[str, ...] = ()
    """One sentence for each kind of search that failed."""


@dataclass(frozen=True, slots=True)
class _Dense:
    """What dense search found: the question's vector and the nearest rows."""

    vector: Floats
    rows: list[int]


@dataclass(frozen=True, slots=True)
class _Lexical:
    """BM25 of every chunk, by words and by pairs of words, and of every page; the share of the question's words that
    each chunk holds, and what each of them tells."""

    chunks: Floats
    pairs: Floats
    pages: Floats
    covered: Floats
    mass: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Hit:
    row: int
    score: float
    signals: dict[str, float]


class HybridRetriever:
    """Dense and BM25 evidence for the chunk and for its page, in one score.

    `degraded` says what did not work at the last search, a sentence each. An ablation overrides the class attributes.
    """

    other_names = staticmethod(expansions)
    per_page, twin = PER_PAGE, TWIN

    def __init__(
        self,
        index: OpenIndex,
        embedding: Encoder,
        weights: dict[str, float] | None = None,
        reranker: BaseNodePostprocessor | None = None,
    ) -> None:
        self.index = index
        self.embedding = embedding
        self.weights = weights or WEIGHTS
        self.reranker = reranker
        self.degraded: tuple[str, ...] = ()

    def search(self, query: Query) -> Hits:
        """The best `query.k` passages. One kind of search may fail (see `Hits.degraded`).

        Errors: `SearchError` if both do.
        """
        text = american(bare(same_letters(query.text)))
        words = tuple(tokens(text))
        others = self.other_names(text)
        allowed = self._allowed(query.weeks)
        failed: list[str] = []
        dense = self._tried(DENSE, lambda: self._dense(text, others, query.weeks), failed)
        lexical = self._tried(LEXICAL, lambda: self._lexical(text, words, tokens(" ".join(others))), failed)
        if dense is None and lexical is None:
            raise SearchError("neither dense nor lexical search works: run `roadmap ingest --force`.")
        rows = self._candidates(dense, lexical, allowed)
        signals = self._signals(rows, dense, lexical)
        scores = self._score(rows, signals)
        scores += NAMED * self._named(query, rows)
        order = self._diversified(rows, scores, max(query.k, RERANKED if self.reranker else 0))
        hits = [_Hit(int(rows[i]), float(scores[i]), {name: float(v[i]) for name, v in signals.items()}) for i in order]
        hits = self._tried(RERANKER, lambda: self._reranked(text, hits), failed) or hits
        self.degraded = tuple(failed)
        return self._hits(query, hits[: query.k], words, dense.vector if dense else None, self.degraded)

    # --- 1 dense and lexical search ---

    def _tried(self, kind: str, search: Callable[[], T], failed: list[str]) -> T | None:
        """What a kind of search finds; None if it fails, which is noted, and logged when it is new."""
        try:
            return search()
        except _FAILURES as error:
            if _FAILED[kind] not in self.degraded:
                log.warning("%s failed: %s", kind, error)
            failed.append(_FAILED[kind])
            return None

    def _dense(self, text: str, others: tuple[str, ...], weeks: Weeks | None) -> _Dense:
        asked = f"{text} ({', '.join(others)})" if others else text
        vector = np.asarray(self.embedding.get_query_embedding(asked), dtype=np.float32)
        bounds = (weeks.first, weeks.last) if weeks else None
        found = self.index.index.nearest(vector, min(DEPTH, len(self.index.chunks)), bounds)
        return _Dense(vector, [self.index.row_of[id] for id, _ in found])

    def _lexical(self, text: str, words: tuple[str, ...], others: list[str]) -> _Lexical:
        """The other names of what is asked lead to chunks only: a page on their subject holds them everywhere."""
        index = self.index
        chunks = index.chunk_lexicon.scores(words)
        mass = index.chunk_lexicon.mass(words)
        if others:
            chunks += OTHER_NAME * index.chunk_lexicon.scores(others)
        return _Lexical(
            chunks=chunks,
            pairs=index.pair_lexicon.scores(pairs(words)),
            pages=index.page_lexicon.scores(forms(text)),
            covered=index.chunk_lexicon.covered(mass),
            mass=mass,
        )

    def _allowed(self, weeks: Weeks | None) -> NDArray[np.bool_] | None:
        if weeks is None:
            return None
        bounds = self.index.week_bounds
        return (bounds[:, 0] <= weeks.last) & (bounds[:, 1] >= weeks.first)

    def _named(self, query: Query, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        named = np.array([self.index.chunks[row].resource in query.resources for row in rows], dtype=np.bool_)
        near = self._allowed(query.near)
        return named if near is None else named | near[rows]

    # --- 2 candidates and their signals ---

    def _candidates(
        self, dense: _Dense | None, lexical: _Lexical | None, allowed: NDArray[np.bool_] | None
    ) -> NDArray[np.int64]:
        rows = set(dense.rows) if dense else set[int]()
        if lexical:
            scores = lexical.chunks if allowed is None else np.where(allowed, lexical.chunks, 0.0)
            rows |= {int(row) for row in _top(scores, DEPTH) if scores[row] > 0}
        if allowed is not None:
            rows = {row for row in rows if allowed[row]}
        return np.array(sorted(rows), dtype=np.int64)

    def _signals(self, rows: NDArray[np.int64], dense: _Dense | None, lexical: _Lexical | None) -> dict[str, Floats]:
        pages = self.index.page_of[rows]
        values: dict[str, Floats] = {}
        if dense:
            values["dense"] = self.index.vectors[rows] @ dense.vector
            values["page-dense"] = self.index.page_vectors[pages] @ dense.vector
            if (near := self.index.sentences.nearest(rows.tolist(), dense.vector)) is not None:
                values["sentence"] = near
        if lexical:
            values["bm25"] = lexical.chunks[rows]
            values["pair-bm25"] = lexical.pairs[rows]
            values["page-bm25"] = lexical.pages[pages]
            values["covered"] = lexical.covered[rows]
            values["headings"] = np.array(
                [sum(lexical.mass.get(word, 0.0) for word in _words(self.index.chunks[row].prefix)) for row in rows],
                dtype=np.float32,
            )
        return values

    # --- 3 score ---

    def _score(self, rows: NDArray[np.int64], signals: dict[str, Floats]) -> Floats:
        total = np.zeros(len(rows), dtype=np.float32)
        for name, weight in self.weights.items():
            if name in signals:
                total += weight * _scaled(signals[name])
        return total

    def _reranked(self, question: str, hits: list[_Hit]) -> list[_Hit]:
        """The first hits in the order of the cross-encoder; the scores stay with the places."""
        if self.reranker is None or not hits:
            return hits
        from llama_index.core.schema import NodeWithScore

        from ingest.index.nodes import to_node

        read = hits[:RERANKED]
        nodes = [NodeWithScore(node=to_node(self.index.chunks[hit.row]), score=hit.score) for hit in read]
        by_id = {self.index.chunks[hit.row].id: hit for hit in read}
        ranked = [by_id[found.node.node_id] for found in self.reranker.postprocess_nodes(nodes, query_str=question)]
        return [replace(hit, score=at.score) for hit, at in zip(ranked, read, strict=True)] + hits[RERANKED:]

    # --- 4 diversify ---

    def _diversified(self, rows: NDArray[np.int64], scores: Floats, k: int) -> list[int]:
        chosen: list[int] = []
        per_page: dict[int, int] = {}
        for i in np.argsort(-scores, kind="stable"):
            page = int(self.index.page_of[rows[i]])
            if per_page.get(page, 0) >= self.per_page or self._twin(rows, int(i), chosen):
                continue
            chosen.append(int(i))
            per_page[page] = per_page.get(page, 0) + 1
            if len(chosen) == k:
                break
        return chosen

    def _twin(self, rows: NDArray[np.int64], i: int, chosen: list[int]) -> bool:
        if not chosen:
            return False
        others = self.index.vectors[rows[chosen]]
        return bool((others @ self.index.vectors[rows[i]] > self.twin).any())

    # --- 5 passages ---

    def _hits(
        self, query: Query, hits: list[_Hit], words: tuple[str, ...], vector: Floats | None, degraded: tuple[str, ...]
    ) -> Hits:
        by_row = {hit.row: hit for hit in hits}
        rows = list(by_row)
        groups = grouped(self.index.chunks, rows) if query.joined else [(row,) for row in rows]
        best = [max((by_row[row] for row in group if row in by_row), key=lambda hit: hit.score) for group in groups]
        passages = tuple(
            to_passage([self.index.chunks[row] for row in group], hit.score, hit.signals)
            for group, hit in zip(groups, best, strict=True)
        )
        return Hits(passages, tuple(hit.row for hit in best), words, vector, degraded)


def _top(scores: Floats, k: int) -> NDArray[np.int64]:
    if len(scores) <= k:
        return np.arange(len(scores))
    return np.argpartition(-scores, k)[:k]


def _scaled(values: Floats) -> Floats:
    """1 for the best of the candidates, 0 for the mean of them and what is below: one bad signal rules nothing out."""
    if not len(values):
        return values
    best, mean = float(values.max()), float(values.mean())
    return np.maximum((values - mean) / max(best - mean, 1e-6), 0.0)


@lru_cache(maxsize=4096)
def _words(prefix: str) -> frozenset[str]:
    """The stems of a title and its headings, which many chunks share."""
    return frozenset(tokens(prefix))
