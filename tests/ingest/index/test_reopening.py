"""An assistant that runs while indexes are published and damaged: what it answers from, and what `/readyz` says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from ingest_fixtures import built_fixture, chunks_fixture, data_fixture, model_fixture, publish  # noqa: F401

from assistant.service import Assistant
from corpus.settings import Settings
from ingest.index.generations import Generations
from ingest.index.model import ModelInfo
from ingest.pages.chunk import Chunk
from tests.fakes import running
from ui.web.api import create_app

QUERY = "how are missing values of a frame filled"


@pytest.fixture(name="assistant")
def assistant_fixture(data: Path) -> Iterator[Assistant]:
    assistant = Assistant(Settings(data=data))
    yield assistant
    for index in (assistant._retired, assistant._engine and assistant._engine.retriever.index):
        if index is not None:
            index.close()


def said(assistant: Assistant) -> str:
    """The best passage for one query."""
    return assistant.search(QUERY)[0].text


def test_an_open_assistant_answers_from_a_new_generation_without_a_restart(
    assistant: Assistant, data: Path, chunks: list[Chunk], model: ModelInfo
) -> None:
    best = max(chunks, key=lambda chunk: "Missing values" in chunk.text)
    assert said(assistant) == best.text
    first = assistant.query_engine()
    new = [replace(c, text=c.text.replace("interpolated", "guessed")) if c is best else c for c in chunks]
    published = publish(data, new, model)
    assert "guessed" in said(assistant)
    assert assistant.readiness().generation == published.name
    assert first.retriever.index.index.count() == len(chunks), "a question under way ends on the old one"
    assert assistant.query_engine() is assistant.query_engine() is not first


def test_a_damaged_new_generation_leaves_the_old_one_answering(
    assistant: Assistant, data: Path, chunks: list[Chunk], model: ModelInfo
) -> None:
    before, old = said(assistant), assistant.readiness().generation
    (publish(data, chunks[:3], model) / "vectors.npy").write_bytes(b"")
    assert said(assistant) == before
    assert assistant.readiness().generation == old
    assert assistant.readiness().ready


def test_readyz_says_503_with_the_reason_until_a_damaged_index_is_mended(
    assistant: Assistant, data: Path, chunks: list[Chunk], model: ModelInfo
) -> None:
    damaged = Generations(data).current()
    assert damaged is not None
    (damaged / "vectors.npy").write_bytes(b"")
    with running(create_app(assistant)) as url, httpx.Client(base_url=url, timeout=60) as client:
        assistant.warm()
        told = client.get("/readyz")
        assert told.status_code == 503
        assert "damaged" in told.json()["error"]
        assert "roadmap ingest" in told.json()["error"]
        assert client.post("/api/v1/ask", json={"question": QUERY}).status_code == 503
        assert client.post("/api/v1/ask", json={"question": "what should I do in week 14?"}).status_code == 200
        publish(data, chunks, model)
        assert client.get("/api/v1/search", params={"q": QUERY}).status_code == 200
        assert client.get("/readyz").json()["ready"]
