"""Rankings of pages -> tables: every system on every suite, the worst questions, and where they went wrong.

Knows nothing of how systems search or of how tables are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding

from eval.cases import PageCase
from eval.metrics import METRICS, compare, mean, score
from eval.results import PageTable, Retrieved, Scores, SystemRow, Worst
from eval.runs import OURS, SHOWN, Hit, Run
from ingest.index.nodes import embedded_text
from ingest.index.reader import OpenIndex

MAIN = "ndcg@10"


def page_tables(runs: Sequence[Run], cases: Sequence[PageCase], indexed: frozenset[str]) -> tuple[PageTable, ...]:
    """A table for every suite of `cases`; `indexed` are the addresses that the index holds."""
    tables: list[PageTable] = []
    for suite in dict.fromkeys(case.suite for case in cases):
        chosen = [case for case in cases if case.suite == suite]
        scores = {run.system: score(run.rankings, chosen) for run in runs}
        absent = sum(not any(r.sentence or r.url in indexed for r in case.relevant) for case in chosen)
        rows = tuple(_row(run, chosen, scores) for run in runs)
        tables.append(PageTable(suite, len(chosen), absent, rows))
    return tuple(tables)


def worst(run: Run, cases: Sequence[PageCase], tables: Iterable[PageTable], count: int = 10) -> tuple[Worst, ...]:
    """The `count` questions of `run` with the lowest nDCG@10, with what was retrieved in place of what was wanted."""
    values: dict[str, float] = {}
    for table in tables:
        for row in table.rows:
            if row.system == run.system:
                values |= row.scores[MAIN]
    ordered = sorted(
        (case for case in cases if values.get(case.id, 1.0) < 1.0), key=lambda case: (values[case.id], case.id)
    )
    return tuple(_worst(case, values[case.id], run.rankings[case.id]) for case in ordered[:count])


def alignment(index: OpenIndex, embedding: BaseEmbedding, samples: int = 8) -> float:
    """The least cosine between stored vectors and those of the chunks' texts, over some chunks spread over the index:
    near 1, unless vectors belong to other chunks or to another model."""
    rows = np.unique(np.linspace(0, len(index.chunks) - 1, samples).astype(int))
    texts = [embedded_text(index.chunks[row]) for row in rows]
    fresh = np.asarray(embedding.get_text_embedding_batch(texts), dtype=np.float32)
    return float((fresh * index.vectors[rows]).sum(axis=1).min())


def _row(run: Run, cases: Sequence[PageCase], scores: dict[str, Scores]) -> SystemRow:
    own = scores[run.system]
    types = dict.fromkeys(case.type for case in cases)
    by_type = {type: mean(own[MAIN][case.id] for case in cases if case.type == type) for type in types}
    against = {}
    if OURS in scores and run.system != OURS:
        against = {metric: compare(scores[OURS][metric], own[metric]) for metric in METRICS}
    return SystemRow(
        system=run.system,
        about=run.about,
        means={metric: mean(own[metric].values()) for metric in METRICS},
        by_type=by_type,
        scores=own,
        search_ms=tuple(run.search_ms[case.id] for case in cases if case.id in run.search_ms),
        against=against,
    )


def _worst(case: PageCase, value: float, hits: Sequence[Hit]) -> Worst:
    right = {relevant.name for relevant in case.relevant if relevant.grade > 0}
    places = [rank for rank, hit in enumerate(hits, 1) if hit.name in right]
    place = f"first right page at rank {places[0]}" if places else f"not among the {len(hits)} pages retrieved"
    shown = [(rank, hit) for rank, hit in enumerate(hits, 1) if rank <= SHOWN or rank in places[:1]]
    retrieved = tuple(Retrieved(rank, hit.url, hit.heading, hit.name in right, _why(hit)) for rank, hit in shown)
    return Worst(case.id, case.suite, case.question, value, tuple(r.url for r in case.relevant), place, retrieved)


def _why(hit: Hit) -> str:
    signals = ", ".join(f"{name} {value:.2f}" for name, value in hit.signals.items())
    return f"score {hit.score:.2f}" + (f" from {signals}" if signals else "")
