"""What is to be judged: the first passages of each system for a question, each once, in an order that tells nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from assistant.retrieval.retriever import HybridRetriever
from eval.metrics import SEED
from eval.own.judging import Pooled
from eval.own.questions import OwnCase
from eval.runs import OURS, System
from eval.systems.configurations import own_systems
from eval.systems.embedding import MeasuredEmbedding

POOLED = ("bm25", "dense", "fusion", OURS)
FIRST = 10
"""Passages of each system."""


def pooled(retriever: HybridRetriever, cases: Sequence[OwnCase]) -> Iterator[Pooled]:
    """What our systems find in the index of this retriever, question by question."""
    systems = own_systems(
        retriever.index, MeasuredEmbedding(retriever.embedding), retriever.weights, retriever.reranker
    )
    return pool([systems[name]() for name in POOLED], cases)


def pool(systems: Sequence[System], cases: Sequence[OwnCase]) -> Iterator[Pooled]:
    """Question by question; the same systems and index give the same order."""
    for case in cases:
        hits = [hit for system in systems for hit in system.search(case.question)[:FIRST]]
        found = {one.name: one for one in (Pooled(case, hit.url, hit.heading, hit.text) for hit in hits)}
        shuffled = sorted(found.values(), key=lambda one: one.name)
        random.Random(f"{SEED} {case.id}").shuffle(shuffled)  # noqa: S311 -- nothing is secret
        yield from shuffled
