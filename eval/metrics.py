"""Figures of rankings: per question by trec_eval, means with bootstrap intervals, and paired tests between two systems.

Scores are kept per question, so that any group of questions can be summed up afterwards. Knows nothing of systems.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy import stats

from corpus.errors import UsageError
from eval.cases import PageCase
from eval.results import Comparison, Mean, Proportion, Scores
from eval.runs import Rankings

METRICS = {
    "ndcg@10": "ndcg_cut_10",
    "mrr@10": "recip_rank",
    "recall@5": "recall_5",
    "recall@20": "recall_20",
    "hit_rate@1": "success_1",
}
"""Ours, and what trec_eval calls them; its reciprocal rank has no cut."""
CUT = 10

RESAMPLES = 2000
SEED = 20250101


def score(rankings: Rankings, cases: Sequence[PageCase]) -> Scores:
    """Every metric for every case; a question without a ranking scores 0. `cases` must not be empty.

    Errors: `UsageError` where pytrec_eval is not installed.
    """
    qrels = {case.id: {r.name: r.grade for r in case.relevant} for case in cases}
    evaluator = trec_eval().RelevanceEvaluator(qrels, set(METRICS.values()))
    found = evaluator.evaluate({case.id: _scored(rankings, case.id) for case in cases})
    scores = {metric: {case.id: float(found[case.id][name]) for case in cases} for metric, name in METRICS.items()}
    scores["mrr@10"] = {id: value if value >= 1 / CUT else 0.0 for id, value in scores["mrr@10"].items()}
    return scores


def mean(values: Iterable[float]) -> Mean:
    """The mean and its interval; the same values always give the same interval. NaN for no values."""
    array = np.fromiter(values, dtype=np.float64)
    if not len(array):
        return Mean(float("nan"), float("nan"), float("nan"), 0)
    if len(array) == 1 or np.ptp(array) == 0:
        value = float(array.mean())
        return Mean(value, value, value, len(array))
    found = stats.bootstrap(
        (array,), np.mean, n_resamples=RESAMPLES, method="percentile", rng=SEED, batch=_batch(array)
    )
    interval = found.confidence_interval
    return Mean(float(array.mean()), float(interval.low), float(interval.high), len(array))


def compare(ours: Mapping[str, float], other: Mapping[str, float]) -> Comparison:
    """Compares two systems' scores on the questions that both have. p is two-sided; 1 where nothing differs."""
    ids = [id for id in ours if id in other]
    a = np.array([ours[id] for id in ids])
    b = np.array([other[id] for id in ids])
    delta = a - b
    p = 1.0
    if np.any(delta):
        test = stats.permutation_test(
            (a, b),
            _difference,
            permutation_type="samples",
            vectorized=True,
            n_resamples=RESAMPLES * 2,
            rng=SEED,
            batch=_batch(a),
        )
        p = float(test.pvalue)
    wins, losses = int((delta > 1e-9).sum()), int((delta < -1e-9).sum())
    base = float(b.mean()) if len(b) else 0.0
    ratio = float(a.mean()) / base if base else float("inf")
    return Comparison(float(delta.mean()) if len(b) else 0.0, ratio, p, wins, len(ids) - wins - losses, losses)


def wilson(count: int, of: int) -> Proportion:
    """A share with its 95 % interval by Wilson's score, which holds near 0 and 1 too; (0, 1) for no cases.

    >>> found = wilson(8, 10)
    >>> round(found.low, 2), round(found.high, 2)
    (0.49, 0.94)
    """
    if not of:
        return Proportion(0, 0, 0.0, 1.0)
    low, high = stats.binomtest(count, of).proportion_ci(0.95, "wilson")
    return Proportion(count, of, float(low), float(high))


def quantile(values: Iterable[float], share: float) -> float:
    """The value below which `share` of the values lie; 0 for none."""
    array = np.fromiter(values, dtype=np.float64)
    return float(np.quantile(array, share)) if len(array) else 0.0


def _batch(array: Any) -> int:
    """Resamples that are held at a time, so that a hundred thousand questions fit; few questions fit all at once."""
    return max(1, min(RESAMPLES * 2, 1_000_000 // len(array)))


def _difference(a: Any, b: Any, axis: int) -> Any:
    return np.mean(a - b, axis=axis)


def _scored(rankings: Rankings, id: str) -> dict[str, float]:
    """Scores that fall by rank, so that no tie is broken in another way; trec_eval leaves out an empty ranking."""
    hits = rankings.get(id, ())
    return {hit.name: 1 / rank for rank, hit in enumerate(hits, 1)} or {"nothing-found": 0.0}


def trec_eval() -> Any:
    """The library. Errors: `UsageError` where it is not installed."""
    try:
        import pytrec_eval
    except ModuleNotFoundError as error:
        raise UsageError("rankings are measured by pytrec_eval: run `make eval`, or install `.[eval]`.") from error
    return pytrec_eval
