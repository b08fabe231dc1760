"""Our retriever behind LlamaIndex's own interface: `LlamaRetriever(HybridRetriever(...)).retrieve("...")`."""

from __future__ import annotations

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle

from assistant.answers import Query
from assistant.retrieval.retriever import HybridRetriever
from ingest.index.nodes import to_node


class LlamaRetriever(BaseRetriever):
    """What it returns are nodes of the chunks, best first."""

    def __init__(self, retriever: HybridRetriever) -> None:
        super().__init__()
        self.retriever = retriever

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self.retriever.search(Query(query_bundle.query_str))
        chunks = self.retriever.index.chunks
        return [
            NodeWithScore(node=to_node(chunks[row]), score=passage.score)
            for row, passage in zip(hits.rows, hits.passages, strict=True)
        ]
