"""Our query engine behind LlamaIndex's own: `LlamaQueryEngine(GroundedQueryEngine(...)).query("...")`."""

from __future__ import annotations

from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import NodeWithScore, QueryBundle

from assistant.answers import Query
from assistant.page_answers.query_engine import GroundedQueryEngine
from ingest.index.nodes import to_node


class LlamaQueryEngine(BaseQueryEngine):
    """Answers with a `Response`: the text, the nodes of the passages that it cites, and our answer as JSON."""

    def __init__(self, engine: GroundedQueryEngine) -> None:
        super().__init__(CallbackManager([]))
        self.engine = engine

    def _query(self, query_bundle: QueryBundle) -> Response:
        grounds = self.engine.ground(Query(query_bundle.query_str))
        answer, hits = self.engine.composed(grounds), grounds.hits
        cited = {citation.url for citation in answer.citations}
        chunks = self.engine.retriever.index.chunks
        nodes = [
            NodeWithScore(node=to_node(chunks[row]), score=passage.score)
            for row, passage in zip(hits.rows, hits.passages, strict=True)
            if passage.url in cited
        ]
        return Response(response=answer.text, source_nodes=nodes, metadata={"answer": answer.as_json()})

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return self._query(query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}

    def _get_prompts(self) -> dict[str, Any]:
        return {}

    def _update_prompts(self, prompts: dict[str, Any]) -> None:
        return
