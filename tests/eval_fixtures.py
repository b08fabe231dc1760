"""A small real index of notes for the tests of eval, and results made by hand. Imported by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from rich.progress import Progress

from assistant.service import Assistant
from corpus.notes import load_notes
from corpus.reader import read_roadmap
from eval.cases import PageCase, load_pages
from eval.results import CorpusInfo, EvalResult, PageTable, PassTable
from eval.suites.asking import Bench
from eval.systems.embedding import MeasuredEmbedding
from ingest.index.embed import StoredVectors
from ingest.index.generations import Generations
from ingest.index.model import ModelInfo, find_model, load_embedding, token_counter
from ingest.index.reader import OpenIndex, open_current
from ingest.pages.chunk import Chunk, chunk_record
from ingest.pages.local import note_records

RESOURCES = (
    "linux-cli-refresher",
    "quick-python-environment-setup",
    "fast-ai-practical-deep-learning-for-coders",
    "neural-networks-zero-to-hero",
    "full-stack-llm-bootcamp",
    "designing-data-intensive-applications",
)
CORPUS = CorpusInfo("g1", "a" * 64, "all-MiniLM-L6-v2 53aa51172d14", 10, 3, 0)


@dataclass(frozen=True, slots=True)
class Notes:
    """Chunks of some notes with their vectors, an index of them, and the questions that they answer."""

    chunks: tuple[Chunk, ...]
    vectors: NDArray[np.float32]
    index: OpenIndex
    embedding: MeasuredEmbedding
    cases: tuple[PageCase, ...]
    folder: Path
    """The data folder of the index, where vectors of other subjects are kept too."""


@pytest.fixture(scope="session")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notes]:
    """Six notes, chunked and embedded as ingest does it, with the real model."""
    model = find_model()
    records = [r for r in note_records(load_notes(), read_roadmap()) if r.resource in RESOURCES]
    count = token_counter(model)
    chunks = [chunk for record in records for chunk in chunk_record(record, count, model.window)]
    embedding = MeasuredEmbedding(load_embedding(model))
    texts = [chunk.prefix + chunk.text for chunk in chunks]
    vectors = np.asarray(embedding.get_text_embedding_batch(texts), dtype=np.float32)
    urls = {record.url for record in records}
    cases = [c for c in load_pages() if c.suite == "own" and any(r.url in urls for r in c.relevant)]
    folder = tmp_path_factory.mktemp("notes")
    index = publish(folder, chunks, vectors, model)
    yield Notes(tuple(chunks), vectors, index, embedding, tuple(cases), folder)
    index.close()


def publish(data: Path, chunks: Sequence[Chunk], vectors: NDArray[np.float32], model: ModelInfo) -> OpenIndex:
    """Publishes chunks with these vectors, row by row, and opens the generation."""
    generations = Generations(data)
    rows = {chunk.id: row for row, chunk in enumerate(chunks)}
    with generations.writing():
        generations.build(chunks, model, StoredVectors(rows, vectors))
    return open_current(data, model, lambda _: None)


def bench(notes: Notes, assistant: Assistant, asked: Sequence[str]) -> Bench:
    """What a run over these suites measures with; shows no progress."""
    progress = Progress(disable=True)
    return Bench(assistant.settings, assistant, assistant.query_engine(), notes.embedding, progress, tuple(asked))


def result(
    tables: Sequence[PageTable] = (), passes: Sequence[PassTable] = (), corpus: CorpusInfo = CORPUS
) -> EvalResult:
    """Figures of a run that holds nothing else."""
    return EvalResult(
        corpus=corpus,
        command="roadmap eval",
        tables=tuple(tables),
        passes=tuple(passes),
        abstention=(),
        timings=(),
        worst=(),
        skipped=(),
        seconds=1.0,
    )
