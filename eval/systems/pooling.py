"""What is to be judged: the first passages of each system for a question, each once, in an order that tells nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from eval.metrics import SEED
from eval.own.judging import Pooled
from eval.own.questions import OwnCase
from eval.runs import OURS, System

POOLED = ("bm25", "dense", "fusion", OURS)
FIRST = 10
"""Passages of each system."""


def pool(systems: Sequence[System], cases: Sequence[OwnCase]) -> Iterator[Pooled]:
    """Question by question; the same systems and index give the same order."""
    for case in cases:
        hits = [hit for system in systems for hit in system.search(case.question)[:FIRST]]
        found = {one.name: one for one in (Pooled(case, hit.url, hit.heading, hit.text) for hit in hits)}
        shuffled = sorted(found.values(), key=lambda one: one.name)
        random.Random(f"{SEED} {case.id}").shuffle(shuffled)  # noqa: S311 -- nothing is secret
        yield from shuffled
