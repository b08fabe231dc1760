"""What is compared: each `System` ranks passages for a question. Ours, ours without each part, and what others do.

All of them see the same pages and the same model. Knows nothing of questions' answers or of metrics.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.indices.vector_store.base import VectorStoreIndex
from llama_index.core.llms.mock import MockLLM
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.retrievers.fusion_retriever import FUSION_MODES, QueryFusionRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle

from assistant.answers import Query
from assistant.retrieval.retriever import HybridRetriever
from corpus.errors import UsageError
from eval.runs import OURS, Hit, System
from ingest.index.lexical import tokens
from ingest.index.nodes import to_node
from ingest.index.reader import OpenIndex
from ingest.index.vectors import VectorIndex

DEPTH = 100
"""Passages that a configuration may return: enough for recall@20 over pages."""


class ConfigurationError(UsageError):
    """A configuration of that name does not exist; the message lists those that do."""


Factory = Callable[[], System]


class _OneNameOnly(HybridRetriever):
    other_names = staticmethod(lambda _: ())


class _AnyNumberAPage(HybridRetriever):
    per_page = DEPTH


class _WithTwins(HybridRetriever):
    twin = 2.0


PARTS: dict[str, type[HybridRetriever]] = {
    "other-names": _OneNameOnly,
    "page-limit": _AnyNumberAPage,
    "twin-collapse": _WithTwins,
}
"""What ours has besides its signals -> ours without it. The boost for what a question names is not among them: a
ranking is measured with the question's words alone."""


def own_systems(
    index: OpenIndex,
    embedding: BaseEmbedding,
    weights: dict[str, float],
    reranker: BaseNodePostprocessor | None = None,
) -> dict[str, Factory]:
    """Configurations over our own chunks, by name; each is made when it is asked for. `weights` are our default's, and
    so is the reranker, where one is set."""
    factories: dict[str, Factory] = {
        "bm25": lambda: _bm25(index),
        "dense": lambda: _dense(index, embedding),
        "fusion": lambda: _fusion(index, embedding),
        OURS: lambda: hybrid(OURS, "our default", HybridRetriever(index, embedding, weights, reranker)),
    }
    signals = {part: {name: weights[name] for name in weights if name != part} for part in weights}
    without = {part: HybridRetriever(index, embedding, left, reranker) for part, left in signals.items()}
    without |= {part: kind(index, embedding, weights, reranker) for part, kind in PARTS.items()}
    if reranker is not None:
        without["reranker"] = HybridRetriever(index, embedding, weights)
    for part, retriever in without.items():
        name = f"{OURS}-without-{part}"
        factories[name] = partial(hybrid, name, f"ours, {part} left out", retriever)
    return factories


def hybrid(name: str, about: str, retriever: HybridRetriever) -> System:
    """Our retriever as a system."""

    def search(question: str) -> list[Hit]:
        hits = retriever.search(Query(question, k=DEPTH))
        return [Hit(p.url, p.heading, p.score, p.origins, p.text) for p in hits.passages]

    return System(name, about, search)


def chosen(factories: dict[str, Factory], names: Sequence[str]) -> dict[str, Factory]:
    """The named ones in their own order; all of them for no names. Errors: `ConfigurationError`."""
    for name in names:
        if name not in factories:
            raise ConfigurationError(f"there is no configuration {name!r}: choose from {', '.join(factories)}.")
    return {name: make for name, make in factories.items() if not names or name in names}


class LexicalRetriever(BaseRetriever):
    """BM25 over our chunks as a LlamaIndex retriever."""

    def __init__(self, index: OpenIndex, k: int) -> None:
        super().__init__()
        self._index, self._k = index, k

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        scores = self._index.chunk_lexicon.scores(tokens(query_bundle.query_str))
        best = np.argsort(-scores, kind="stable")[: self._k]
        chunks = self._index.chunks
        return [NodeWithScore(node=to_node(chunks[i]), score=float(scores[i])) for i in best if scores[i] > 0]


def from_retriever(name: str, about: str, retriever: BaseRetriever) -> System:
    """Any LlamaIndex retriever over nodes that carry `url` in their metadata."""

    def search(question: str) -> list[Hit]:
        return [
            Hit(
                str(n.node.metadata["url"]),
                str(n.node.metadata.get("heading", "")),
                float(n.score or 0.0),
                text=n.node.get_content(),
            )
            for n in retriever.retrieve(question)
        ]

    return System(name, about, search)


def _bm25(index: OpenIndex) -> System:
    return from_retriever("bm25", "BM25 alone over our chunks", LexicalRetriever(index, DEPTH))


def _dense(index: OpenIndex, embedding: BaseEmbedding) -> System:
    def search(question: str) -> list[Hit]:
        vector = np.asarray(embedding.get_query_embedding(question), dtype=np.float32)
        found = index.index.nearest(vector, min(DEPTH, len(index.chunks)))
        chunks = [(index.chunks[index.row_of[id]], cosine) for id, cosine in found]
        return [Hit(chunk.url, chunk.heading, cosine, text=chunk.text) for chunk, cosine in chunks]

    return System("dense", "dense alone over our chunks (Chroma)", search)


def _fusion(index: OpenIndex, embedding: BaseEmbedding) -> System:
    k = min(DEPTH, len(index.chunks))
    assert isinstance(index.index, VectorIndex)  # noqa: S101 -- what is measured is open with Chroma
    vectors = VectorStoreIndex.from_vector_store(index.index.store, embed_model=embedding)
    retriever = QueryFusionRetriever(
        [vectors.as_retriever(similarity_top_k=k), LexicalRetriever(index, k)],
        llm=MockLLM(),
        mode=FUSION_MODES.RECIPROCAL_RANK,
        similarity_top_k=k,
        num_queries=1,
        use_async=False,
    )
    return from_retriever("fusion", "LlamaIndex QueryFusionRetriever, reciprocal rank, dense + BM25", retriever)
