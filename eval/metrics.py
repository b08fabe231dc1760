"""Figures of rankings: per question by ranx, means with bootstrap intervals, and paired tests between two systems.

Scores are kept per question, so that any group of questions can be summed up afterwards. Knows nothing of systems.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from corpus.rights import is_writable
from corpus.settings import load_settings
from eval.cases import PageCase
from eval.results import Comparison, Mean, Proportion, Scores
from eval.runs import Rankings

METRICS = ("ndcg@10", "mrr@10", "recall@5", "recall@20", "hit_rate@1")
"""As ranx names them; `hit_rate@1` is hit@1."""

RESAMPLES = 2000
SEED = 20250101


def score(rankings: Rankings, cases: Sequence[PageCase]) -> Scores:
    """Every metric for every case; a question without a ranking scores 0. `cases` must not be empty."""
    ranx = _ranx()
    qrels = ranx.Qrels({case.id: {r.url: r.grade for r in case.relevant} for case in cases})
    run = ranx.Run({case.id: _scored(rankings, case.id) for case in cases})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numba's notes on ranx's own casts
        ranx.evaluate(qrels, run, list(METRICS), make_comparable=True)
    return {metric: {id: float(value) for id, value in run.scores[metric].items()} for metric in METRICS}


def mean(values: Iterable[float]) -> Mean:
    """The mean and its interval; the same values always give the same interval. NaN for no values."""
    array = np.fromiter(values, dtype=np.float64)
    if not len(array):
        return Mean(float("nan"), float("nan"), float("nan"), 0)
    if len(array) == 1 or np.ptp(array) == 0:
        value = float(array.mean())
        return Mean(value, value, value, len(array))
    found = stats.bootstrap((array,), np.mean, n_resamples=RESAMPLES, method="percentile", rng=SEED)
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
            (a, b), _difference, permutation_type="samples", vectorized=True, n_resamples=RESAMPLES * 2, rng=SEED
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


def _difference(a: Any, b: Any, axis: int) -> Any:
    return np.mean(a - b, axis=axis)


def _scored(rankings: Rankings, id: str) -> dict[str, float]:
    """Scores that fall by rank, so that no library breaks a tie its own way; ranx wants at least one entry."""
    hits = rankings.get(id, ())
    return {hit.url: 1 / rank for rank, hit in enumerate(hits, 1)} or {"nothing-found": 0.0}


@lru_cache(maxsize=1)
def _ranx() -> Any:
    """ranx, imported when it is needed: it compiles with numba, and its own docstrings hold bad escapes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        home = find_spec("ranx")
        if home and home.origin and not is_writable(Path(home.origin)):  # numba keeps what it compiled beside it
            os.environ.setdefault("NUMBA_CACHE_DIR", str(load_settings().data / "numba"))
        import ranx

        return ranx
