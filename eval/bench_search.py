"""How long a search takes beside encoding its question: on an index as it is, and on one with ten times the chunks.

The larger index is a real generation of the same chunks, copied under other addresses with vectors moved a little, so
that neither near-duplicates nor Chroma's graph make it easier. Knows nothing of how well is searched.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.answers import Query
from assistant.page_answers.query_engine import CONSIDERED, GroundedQueryEngine
from assistant.retrieval.retriever import HybridRetriever
from eval.cases import load_pages
from ingest.index.embed import StoredVectors
from ingest.index.encoder import Encoder, load_encoder
from ingest.index.generations import Generations
from ingest.index.model import ModelInfo, find_model, load_embedding
from ingest.index.reader import OpenIndex, open_current
from ingest.pages.chunk import Chunk

TIMES = 10
QUESTIONS = 150
NOISE = 0.03
"""Standard deviation of what is added to each number of a copied vector: cosine to the original about 0.86."""


@dataclass(frozen=True, slots=True)
class SearchTime:
    """Medians in milliseconds over the same questions: encoded by what is used and by sentence-transformers; `search`
    is what it takes beyond the encoding."""

    chunks: int
    encode: float
    reference: float
    search: float


def measure(data: Path, work: Path) -> tuple[SearchTime, SearchTime]:
    """The index of `data` as it is, and ten times as large (built in the empty folder `work`, minutes)."""
    model = find_model()
    embedding, reference = load_encoder(data, model).encoder, load_embedding(model)
    index = open_current(data, model, lambda _: None)
    asked = [case.question for case in load_pages() if case.suite == "own"][:QUESTIONS]
    small = _timed(index, embedding, reference, asked)
    _build_larger(index, model, work)
    index.close()
    larger = open_current(work, model, lambda _: None)
    large = _timed(larger, embedding, reference, asked)
    larger.close()
    return small, large


def measure_compose(data: Path) -> dict[str, float]:
    """Medians in milliseconds: a question encoded by sentence-transformers and by what is used, and an answer in
    quotes composed from passages that were found before."""
    model = find_model()
    index = open_current(data, model, lambda _: None)
    encoder, reference = load_encoder(data, model).encoder, load_embedding(model)
    engine = GroundedQueryEngine(HybridRetriever(index, encoder), data)
    asked = [case.question for case in load_pages() if case.suite == "own"][:QUESTIONS]
    times: dict[str, list[float]] = {"reference": [], "exported": [], "composed": []}
    for question in asked:
        grounds = engine.ground(Query(question, k=CONSIDERED, joined=True))
        times["reference"].append(_milliseconds(partial(reference.get_query_embedding, question)))
        times["exported"].append(_milliseconds(partial(encoder.get_query_embedding, question)))
        times["composed"].append(_milliseconds(partial(engine.composed, grounds)))
    index.close()
    return {name: statistics.median(taken) for name, taken in times.items()}


def _timed(index: OpenIndex, embedding: Encoder, reference: Encoder, asked: Sequence[str]) -> SearchTime:
    """Each question is encoded alone and searched whole, in turns: the search meets the processor as it finds it,
    and its own time is the median of what is left when the encoding of the same question is taken off."""
    retriever = HybridRetriever(index, embedding)
    for question in asked:
        retriever.search(Query(question))  # reads from disk what is read once
    first, encode, rest = list[float](), list[float](), list[float]()
    for question in asked:
        first.append(_milliseconds(partial(reference.get_query_embedding, question)))
        encode.append(_milliseconds(partial(embedding.get_query_embedding, question)))
        rest.append(_milliseconds(partial(retriever.search, Query(question))) - encode[-1])
    return SearchTime(len(index.chunks), *(statistics.median(taken) for taken in (encode, first, rest)))


def _milliseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def _build_larger(index: OpenIndex, model: ModelInfo, work: Path) -> None:
    copies = [_copy(index, number) for number in range(TIMES)]
    chunks = [chunk for copied, _ in copies for chunk in copied]
    vectors = np.concatenate([moved for _, moved in copies])
    rows = {chunk.id: row for row, chunk in enumerate(chunks)}
    generations = Generations(work)
    with generations.writing():
        generations.build(chunks, model, StoredVectors(rows, vectors))


def _copy(index: OpenIndex, number: int) -> tuple[list[Chunk], NDArray[np.float32]]:
    if number == 0:
        return index.chunks, np.asarray(index.vectors)
    noise = np.random.default_rng(number).normal(0, NOISE, index.vectors.shape)
    moved = index.vectors + noise
    moved /= np.linalg.norm(moved, axis=1, keepdims=True)
    return list(_renamed(index.chunks, number)), moved.astype(np.float32)


def _renamed(chunks: Sequence[Chunk], number: int) -> Iterator[Chunk]:
    for chunk in chunks:
        yield replace(chunk, id=f"{number}-{chunk.id}", url=f"{chunk.url}?copy={number}")
