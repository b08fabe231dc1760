"""An assistant over the six notes, with the real embedding model, and whatever language model a test gives it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.generation.small_model import serving
from assistant.page_answers.query_engine import GroundedQueryEngine
from assistant.retrieval.retriever import HybridRetriever
from assistant.service import Assistant
from corpus.settings import Settings
from tests.eval_fixtures import Notes

Make = Callable[..., Assistant]


@pytest.fixture(scope="session")
def make_assistant(notes: Notes, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """`make_assistant(llm_url=...)`: an assistant with these settings, its index open."""
    data: Path = tmp_path_factory.mktemp("assistant")

    def make(**settings: str) -> Assistant:
        engine = GroundedQueryEngine(HybridRetriever(notes.index, notes.embedding), notes.folder)
        return Assistant(Settings(data=data, **settings), engine)  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def small_model() -> Iterator[str]:
    """SmolLM2-135M over HTTP, one server for the whole run; its base URL."""
    pytest.importorskip("xllamacpp")
    with serving() as url:
        yield url
