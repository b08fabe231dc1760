"""Our router as a selector of LlamaIndex, and the table of capabilities as its tools: for a `RouterQueryEngine`.

Knows nothing of the query engines that are chosen between. The assistant itself does not need it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from llama_index.core.base.base_selector import BaseSelector, SelectorResult, SingleSelection
from llama_index.core.prompts.mixin import PromptDictType
from llama_index.core.schema import QueryBundle
from llama_index.core.tools.types import ToolMetadata

from assistant.language.learning.table import capabilities
from assistant.language.message import read_message
from assistant.router import Decision, Router
from assistant.selectors import WordSelector
from corpus.errors import UsageError
from corpus.reader import our_roadmap
from corpus.roadmap import Roadmap
from corpus.settings import load_settings


class CapabilitySelector(BaseSelector):
    """Chooses the one tool whose capability answers a query, as the assistant itself would.

    A tool is known by its name, which must be one of the table's; `capability_tools()` gives them.

    >>> from llama_index.core.llms import MockLLM
    >>> from llama_index.core.query_engine import CustomQueryEngine, RouterQueryEngine
    >>> from llama_index.core.tools import QueryEngineTool
    >>> class Says(CustomQueryEngine):
    ...     said: str
    ...     def custom_query(self, query_str: str) -> str:
    ...         return self.said
    >>> said = {"author": "Asked for a teacher.", "week_content": "Asked for a week."}
    >>> tools = [QueryEngineTool(Says(said=said[tool.name]), tool) for tool in capability_tools() if tool.name in said]
    >>> engine = RouterQueryEngine(CapabilitySelector(), tools, llm=MockLLM())
    >>> str(engine.query("who teaches fast.ai?"))
    'Asked for a teacher.'
    >>> str(engine.query("what should I do in week 14?"))
    'Asked for a week.'
    """

    def __init__(self, router: Router | None = None, roadmap: Roadmap | None = None) -> None:
        """router: by the words if None; `Router(ToolSelector(model, WordSelector(folder)))` asks a model too."""
        self._router = router or Router(WordSelector(load_settings().data))
        self._roadmap = roadmap or our_roadmap()

    def _select(self, choices: Sequence[ToolMetadata], query: QueryBundle) -> SelectorResult:
        places = {choice.name: place for place, choice in reversed(list(enumerate(choices)))}
        parsed = read_message(query.query_str, self._roadmap, datetime.now(UTC).date())
        decision = self._router.decide(parsed)
        name = next((name for name in _ranked(decision) if name in places), None)
        if name is None:
            raise UsageError(
                f"none of the tools {sorted(str(choice.name) for choice in choices)} is a capability: take them from "
                "capability_tools(), or name them so."
            )
        return SelectorResult(selections=[SingleSelection(index=places[name], reason=_reason(name, decision))])

    async def _aselect(self, choices: Sequence[ToolMetadata], query: QueryBundle) -> SelectorResult:
        return await asyncio.to_thread(self._select, choices, query)

    def _get_prompts(self) -> dict[str, Any]:
        """It has none: what a model is told stands in `assistant.tool_selector`."""
        return {}

    def _update_prompts(self, prompts_dict: PromptDictType) -> None:
        """It has none."""


def capability_tools() -> list[ToolMetadata]:
    """Every capability of the table as a tool, in the order of the table.

    >>> next(tool.description for tool in capability_tools() if tool.name == "link")
    'Where a resource is found: its link or page'
    """
    return [ToolMetadata(description=entry.says, name=entry.name) for entry in capabilities().values()]


def _ranked(decision: Decision) -> tuple[str, ...]:
    """What the router would try, then what it would ask about, then all the rest by probability."""
    return (*decision.tries, *decision.choices, *(guess.name for guess in decision.guesses))


def _reason(name: str, decision: Decision) -> str:
    p = next((guess.p for guess in decision.guesses if guess.name == name), 0.0)
    return f"{capabilities()[name].says} (p = {p:.2f})"
