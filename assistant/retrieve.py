"""A question -> passages: dense and lexical candidates, evidence of chunk and page, summed, diversified.

`HybridRetriever` is a LlamaIndex retriever; what it returns are `NodeWithScore`s whose node metadata holds the signals.
Steps: 1 signals over rows and pages -> 2 candidates -> 3 score -> 4 diversify (few a page, no near-duplicates).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.schema import NodeWithScore, QueryBundle
from numpy.typing import NDArray

from assistant.values import Passage, Scope
from corpus.roadmap import Weeks
from ingest.chunk import Chunk
from ingest.lexical import tokens
from ingest.nodes import to_node
from ingest.reader import OpenIndex

Floats = NDArray[np.float32]

DEPTH = 100
"""Candidates taken from each of dense and lexical search."""

PER_PAGE = 3
"""Passages of one page at the most."""

TWIN = 0.97
"""Cosine above which two chunks say the same."""

WEIGHTS: dict[str, float] = {"dense": 1.0, "bm25": 1.0, "page-dense": 1.0, "page-bm25": 1.0}
"""Weights of the signals, each scaled to its best and mean value for the question (see eval/LOG.md)."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for, and where: weeks and resource narrow exactly, `resources` only raise a score."""

    text: str
    weeks: Weeks | None = None
    """Only rows whose weeks overlap these."""
    resources: tuple[str, ...] = ()
    k: int = 10


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
    signals: dict[str, Floats] = field(default_factory=dict[str, Floats])


def scope_weeks(scope: Scope, week: int | None) -> Weeks | None:
    """The weeks that a scope admits; None for all (also when the week is not known)."""
    if week is None or scope == "all":
        return None
    return Weeks(0, week) if scope == "so-far" else Weeks(week, week)


class HybridRetriever(BaseRetriever):
    """Dense and BM25 evidence for the chunk and for its page, in one score."""

    def __init__(self, index: OpenIndex, embedding: BaseEmbedding, weights: dict[str, float] | None = None) -> None:
        super().__init__()
        self.index = index
        self.embedding = embedding
        self.weights = weights or WEIGHTS

    def search(self, query: Query) -> Hits:
        """The best `query.k` passages. Never fails for one broken signal; see `Hits.degraded`."""
        words = tuple(tokens(query.text))
        vector = np.asarray(self.embedding.get_query_embedding(query.text), dtype=np.float32)
        allowed = self._allowed(query.weeks)
        signals = self._signals(vector, list(words))
        rows = self._candidates(vector, signals, query.weeks, allowed)
        scores = self._score(rows, vector, signals)
        scores += np.array(
            [0.5 * (self.index.chunks[row].resource in query.resources) for row in rows], dtype=np.float32
        )
        order = self._diversified(rows, scores, query.k)
        passages = tuple(self._passage(int(rows[i]), float(scores[i]), vector, signals) for i in order)
        return Hits(passages, tuple(int(rows[i]) for i in order), words, vector, (), signals)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self.search(Query(query_bundle.query_str))
        return [
            NodeWithScore(node=to_node(self.index.chunks[row]), score=passage.score)
            for row, passage in zip(hits.rows, hits.passages, strict=True)
        ]

    # --- 1 signals ---

    def _signals(self, vector: Floats, words: list[str]) -> dict[str, Floats]:
        return {
            "bm25": self.index.chunk_lexicon.scores(words),
            "page-dense": self.index.page_vectors @ vector,
            "page-bm25": self.index.page_lexicon.scores(words),
        }

    def _allowed(self, weeks: Weeks | None) -> NDArray[np.bool_] | None:
        if weeks is None:
            return None
        bounds = self.index.week_bounds
        return (bounds[:, 0] <= weeks.last) & (bounds[:, 1] >= weeks.first)

    # --- 2 candidates ---

    def _candidates(
        self, vector: Floats, signals: dict[str, Floats], weeks: Weeks | None, allowed: NDArray[np.bool_] | None
    ) -> NDArray[np.int64]:
        dense = self.index.index.nearest(vector, min(DEPTH, len(self.index.chunks)), _where(weeks))
        rows = {self.index.row_of[id] for id, _ in dense}
        lexical = signals["bm25"] if allowed is None else np.where(allowed, signals["bm25"], 0.0)
        rows |= {int(row) for row in _top(lexical, DEPTH) if lexical[row] > 0}
        if allowed is not None:
            rows = {row for row in rows if allowed[row]}
        return np.array(sorted(rows), dtype=np.int64)

    # --- 3 score ---

    def _score(self, rows: NDArray[np.int64], vector: Floats, signals: dict[str, Floats]) -> Floats:
        pages = self.index.page_of[rows]
        values = {
            "dense": np.asarray(self.index.vectors[rows]) @ vector,
            "bm25": signals["bm25"][rows],
            "page-dense": signals["page-dense"][pages],
            "page-bm25": signals["page-bm25"][pages],
        }
        total = np.zeros(len(rows), dtype=np.float32)
        for name, weight in self.weights.items():
            total += weight * _scaled(values[name])
        return total

    # --- 4 diversify ---

    def _diversified(self, rows: NDArray[np.int64], scores: Floats, k: int) -> list[int]:
        chosen: list[int] = []
        per_page: dict[int, int] = {}
        for i in np.argsort(-scores, kind="stable"):
            page = int(self.index.page_of[rows[i]])
            if per_page.get(page, 0) >= PER_PAGE or self._twin(rows, int(i), chosen):
                continue
            chosen.append(int(i))
            per_page[page] = per_page.get(page, 0) + 1
            if len(chosen) == k:
                break
        return chosen

    def _twin(self, rows: NDArray[np.int64], i: int, chosen: list[int]) -> bool:
        if not chosen:
            return False
        others = np.asarray(self.index.vectors[rows[chosen]])
        return bool((others @ self.index.vectors[rows[i]] > TWIN).any())

    def _passage(self, row: int, score: float, vector: Floats, signals: dict[str, Floats]) -> Passage:
        page = int(self.index.page_of[row])
        origins = {
            "dense": float(self.index.vectors[row] @ vector),
            "bm25": float(signals["bm25"][row]),
            "page-dense": float(signals["page-dense"][page]),
            "page-bm25": float(signals["page-bm25"][page]),
        }
        return to_passage(self.index.chunks[row], score, origins)


def to_passage(chunk: Chunk, score: float, origins: dict[str, float]) -> Passage:
    """A chunk as retrieved."""
    return Passage(
        chunk_id=chunk.id,
        kind=chunk.kind,  # pyright: ignore[reportArgumentType] -- written by us as one of the three
        resource=chunk.resource,
        title=chunk.title,
        url=chunk.url,
        heading=chunk.heading,
        text=chunk.text,
        weeks=Weeks(chunk.first_week, chunk.last_week),
        score=round(score, 4),
        fetched_at=chunk.fetched_at,
        origins={name: round(value, 4) for name, value in origins.items()},
        spans=chunk.spans,
        anchor=chunk.anchor,
    )


def _where(weeks: Weeks | None) -> dict[str, Any] | None:
    if weeks is None:
        return None
    return {"$and": [{"first_week": {"$lte": weeks.last}}, {"last_week": {"$gte": weeks.first}}]}


def _top(scores: Floats, k: int) -> NDArray[np.int64]:
    if len(scores) <= k:
        return np.arange(len(scores))
    return np.argpartition(-scores, k)[:k]


def _scaled(values: Floats) -> Floats:
    """0 for the mean of the candidates, 1 for the best of them."""
    if not len(values):
        return values
    best, mean = float(values.max()), float(values.mean())
    return (values - mean) / max(best - mean, 1e-6)
