"""Fits the weights of `assistant.retrieval.confidence` on the tune halves and reports them on the test halves.

`python -m eval.calibrate DATA ...` prints the constants to paste and the figures of both halves, on the indexes of one
or more data folders: one with pages and one without, so that both kinds of user are judged alike. Negatives are the
outside questions; positives the answerable ones and, of the same split by turns, the project's own questions on the
notes. Never reads `../shared`. Answerable questions that the roadmap itself answers are left out; outside ones are
searched even where the router would refuse them before, since few of them would be left to learn from.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from assistant.answers import Query
from assistant.page_answers.query_engine import CONSIDERED
from assistant.retrieval.confidence import Evidence
from assistant.service import Assistant
from assistant.text.injection import is_order
from corpus.settings import load_settings
from eval.cases import GatedCase, load_gated, load_pages

PENALTY = 1.0
"""C of scikit-learn's logistic regression over standardised evidence."""

REFUSED = 0.94
"""Share of the tune half's outside questions that the threshold must refuse on each index, of those that reach
retrieval: with those that are refused before, 95 % of all."""

OWN = "own-"
"""Before the types of questions on the notes, which every index holds."""

CONFIDENT = 0.995
"""Share of answered questions above "high" that are answerable, on the tune half."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One question's evidence; `answerable` is the label."""

    case: GatedCase
    evidence: tuple[float, ...]
    index: str = ""
    """Which index it was asked of."""


@dataclass(frozen=True, slots=True)
class Half:
    """Figures of one half at the chosen threshold."""

    name: str
    auc: float
    outside: int
    refused: float
    answerable: int
    falsely_refused: float
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """What to paste, and how well it does."""

    names: tuple[str, ...]
    intercept: float
    weights: tuple[float, ...]
    abstain: float
    high: float
    halves: tuple[Half, ...]

    def constants(self) -> str:
        """Python for `assistant/retrieval/confidence.py`."""
        pairs = ", ".join(f"{name}={weight:.3f}" for name, weight in zip(self.names, self.weights, strict=True))
        return (
            f"ABSTAIN = {self.abstain:.3f}\nHIGH = {self.high:.3f}\n"
            f"INTERCEPT = {self.intercept:.3f}\nWEIGHTS = Evidence({pairs})"
        )


def gather(assistant: Assistant, cases: Sequence[GatedCase]) -> list[Sample]:
    """The evidence of every case that retrieval answers; orders to the assistant are refused without any."""
    engine = assistant.query_engine()
    manifest = engine.retriever.index.manifest
    samples: list[Sample] = []
    for case in cases:
        if case.answerable and not case.type.startswith(OWN) and not manifest.pages:
            continue
        grounds = None if is_order(case.question) else assistant.grounds(case.question)
        if grounds is None and not case.answerable:
            grounds = engine.ground(Query(case.question, k=CONSIDERED, joined=True))
        if grounds and grounds.hits.passages:
            evidence = astuple(engine.evidence(grounds.query, grounds.hits))
            samples.append(Sample(case, tuple(float(x) for x in evidence), f"{manifest.pages} pages"))
    return samples


def calibrate(samples: Sequence[Sample]) -> Calibration:
    """Logistic regression on the tune half, thresholds on the tune half, figures on both.

    Errors: `ValueError` when a half lacks one of the two kinds.
    """
    tune = [sample for sample in samples if sample.case.split == "tune"]
    intercept, weights = _fit(tune)
    scores = _scores(tune, intercept, weights)
    labels = _labels(tune)
    indexes = list(dict.fromkeys(sample.index for sample in samples))
    parts = [np.array([sample.index == index for sample in tune]) for index in indexes]
    abstain = max(_abstain_at(scores[part], labels[part]) for part in parts)
    halves = [
        (f"{half}, {index}".rstrip(" ,"), [s for s in samples if (s.case.split, s.index) == (half, index)])
        for index in indexes
        for half in ("tune", "test")
    ]
    return Calibration(
        names=tuple(field.name for field in fields(Evidence)),
        intercept=intercept,
        weights=tuple(float(w) for w in weights),
        abstain=abstain,
        high=_high_at(scores, labels, abstain),
        halves=tuple(_half(name, part, intercept, weights, abstain) for name, part in halves),
    )


def labelled() -> list[GatedCase]:
    """The questions that are fitted on and reported: outside, answerable, and the project's own by turns."""
    own = [case for case in load_pages() if case.suite == "own"]
    positives = [
        GatedCase(case.id, f"{OWN}{case.type}", case.by, case.question, "test" if i % 2 else "tune", answerable=True)
        for i, case in enumerate(own)
    ]
    return [*load_gated(), *positives]


def _fit(samples: Sequence[Sample]) -> tuple[float, NDArray[np.float64]]:
    """Weights over the raw evidence; both kinds count the same, however many there are."""
    from sklearn.linear_model import LogisticRegression

    labels = _labels(samples)
    if not labels.any() or labels.all():
        raise ValueError("the tune half needs both outside and answerable questions: index the pages first.")
    x = np.array([sample.evidence for sample in samples])
    centre, spread = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)
    model: Any = LogisticRegression(C=PENALTY, class_weight="balanced", max_iter=1000)
    model.fit((x - centre) / spread, labels)
    weights = np.asarray(model.coef_[0], dtype=np.float64) / spread
    return float(model.intercept_[0] - weights @ centre), weights


def _labels(samples: Sequence[Sample]) -> NDArray[np.bool_]:
    return np.array([sample.case.answerable for sample in samples], dtype=np.bool_)


def _scores(samples: Sequence[Sample], intercept: float, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-(np.array([sample.evidence for sample in samples]) @ weights + intercept)))


def _abstain_at(scores: NDArray[np.float64], labels: NDArray[np.bool_]) -> float:
    """The lowest threshold that refuses at least `REFUSED` of the outside ones, in the middle of its gap."""
    last = np.quantile(scores[~labels], REFUSED, method="higher")
    above = scores[scores > last]
    return float((last + above.min()) / 2) if len(above) else float(last)


def _high_at(scores: NDArray[np.float64], labels: NDArray[np.bool_], abstain: float) -> float:
    """The lowest score from which on `CONFIDENT` of the questions are answerable."""
    for threshold in np.sort(scores[scores >= abstain]):
        if labels[scores >= threshold].mean() >= CONFIDENT:
            return float(max(threshold, abstain))
    return 1.0


def _half(name: str, samples: Sequence[Sample], intercept: float, weights: NDArray[np.float64], abstain: float) -> Half:
    from sklearn.metrics import roc_auc_score

    scores, labels = _scores(samples, intercept, weights), _labels(samples)
    refused = scores < abstain
    wrong = [f"{'refused' if label else 'answered'}: {sample.case.question}"
             for sample, label, no in zip(samples, labels, refused, strict=True) if label == no]  # fmt: skip
    return Half(
        name=name,
        auc=float(roc_auc_score(labels, scores)),
        outside=int((~labels).sum()),
        refused=float(refused[~labels].mean()),
        answerable=int(labels.sum()),
        falsely_refused=float(refused[labels].mean()),
        wrong=tuple(wrong),
    )


def _show(found: Calibration, console: Console) -> None:
    console.print(found.constants(), markup=False, highlight=False)
    for half in found.halves:
        console.print(
            f"{half.name}: AUC {half.auc:.4f}, refused {100 * half.refused:.1f} % of {half.outside} outside questions, "
            f"falsely refused {100 * half.falsely_refused:.1f} % of {half.answerable}"
        )
        for line in half.wrong:
            console.print(f"  {line}", markup=False, highlight=False)


if __name__ == "__main__":
    folders = [replace(load_settings(), data=Path(name)) for name in sys.argv[1:]] or [load_settings()]
    gathered = [sample for settings in folders for sample in gather(Assistant(settings), labelled())]
    _show(calibrate(gathered), Console(file=sys.stdout))
