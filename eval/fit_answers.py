"""Learns which place answers and how probably it does: writes `assistant/page_answers/place_model.json`.

    python -m eval.fit_answers DATA      DATA: a folder with an index of the pages and notes

Learns from `eval/questions`: "place", a softmax over the places of a question, so that those that hold a passage which
answers come first, from `judged.jsonl` and the half "learn" of `places.jsonl`; its weights are drawn to
`eval/place_prior.json`. "answers": logistic regression of the judges' "acceptable" over what can be seen of the place
that is shown.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from assistant.answers import Query
from assistant.page_answers.answer_form import wish
from assistant.page_answers.asked_form import forms_of
from assistant.page_answers.compose import MARGIN, places_in
from assistant.page_answers.place_choice import MODEL_FILE
from assistant.page_answers.place_features import Asked, features
from assistant.page_answers.query_engine import CONSIDERED, GroundedQueryEngine
from assistant.service import Assistant
from corpus.settings import Settings
from eval.suites.judged import HELD, JudgedCase, held, load_judged, load_places
from eval.systems.rivals import texts
from ingest.index.lexical import tokens

PRIOR_FILE = Path(__file__).with_name("place_prior.json")
DRAWN = 0.01
"""How strongly the weights are drawn to those that were thought of: 0.05, 0.01 and 0.003 do the same (eval/LOG.md)."""

STIFF, STIFFER = ("note", "roadmap", "definition_fit", "against"), 100.0
"""Numbers that are hardly learnt, and how much more strongly they are drawn: where a passage is from says nothing by
itself, a definition defines, and what speaks of the opposite direction, which few questions show, does not answer."""

PENALTY = 0.01
"""C of the logistic regression over standardised numbers."""

SEEN = tuple(
    """
    cosine cosine_anchor cosine_all covered covered_one covered_headed headed heading_asked heading_path dense score_
    margin fit hollow e_dense e_covered e_covered_any e_elsewhere size steps_code calls against number_none
    formula_formula score empty_heading adds page_bm25 bm25 rarest_missing name_missing note
    """.split()
)
"""What the probability is told from."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """A question with its places: a row of numbers each, whether each holds a passage that answers, which passage of
    the search it is from, and the evidence of the search."""

    case: JudgedCase
    names: tuple[str, ...]
    rows: Floats
    holds: NDArray[np.bool_]
    passages: tuple[int, ...]
    evidence: Mapping[str, float]


def gather(assistant: Assistant, cases: Sequence[JudgedCase]) -> list[Sample]:
    """The places of every question that the search is not too weak for."""
    records = texts(assistant.settings.data, assistant.roadmap)
    engine = assistant.query_engine()
    found = (_sample(engine, case, records) for case in cases)
    return [sample for sample in found if sample]


def fit_places(samples: Sequence[Sample], prior: Mapping[str, float]) -> dict[str, float]:
    """The weights of the places, by name."""
    from scipy.optimize import minimize

    names = samples[0].names
    every = np.vstack([sample.rows for sample in samples])
    mean, spread = every.mean(axis=0), every.std(axis=0) + 1e-6
    data = [((s.rows - mean) / spread, s.holds) for s in samples if s.holds.any()]
    start = np.array([prior.get(name, 0.0) for name in names]) * spread
    stiff = np.where(np.isin(names, STIFF), STIFFER, 1.0)

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = 0.0, np.zeros_like(weights)
        for rows, holds in data:
            scores = rows @ weights
            share = np.exp(scores - scores.max())
            share /= share.sum()
            right = share[holds].sum() + 1e-9
            total -= np.log(right)
            slope -= rows.T @ (np.where(holds, share / right, 0.0) - share)
        off = weights - start
        drawn = DRAWN * (stiff * off * off).sum()
        return float(total / len(data) + drawn), slope / len(data) + 2 * DRAWN * stiff * off

    weights = minimize(loss, start, jac=True, method="L-BFGS-B").x / spread
    return {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}


def fit_probability(samples: Sequence[Sample], weights: Mapping[str, float]) -> tuple[dict[str, float], float]:
    """Weights by name and the intercept; of the questions that were answered in quotes and judged."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    judged = [s for s in samples if s.case.labels and s.case.labels[0] != "refused"]
    rows = np.array([[seen.get(name, 0.0) for name in SEEN] for seen in (_seen(s, weights) for s in judged)])
    labels = [s.case.labels[0] == "acceptable" for s in judged]
    scale = StandardScaler().fit(rows)
    fitted = LogisticRegression(C=PENALTY, max_iter=2000).fit(scale.transform(rows), labels)
    slope = fitted.coef_[0] / scale.scale_
    intercept = float(fitted.intercept_[0] - slope @ scale.mean_)
    return {name: round(float(w), 4) for name, w in zip(SEEN, slope, strict=True)}, round(intercept, 4)


def _sample(engine: GroundedQueryEngine, case: JudgedCase, records: Mapping[str, str]) -> Sample | None:
    grounds = engine.ground(Query(case.question, k=CONSIDERED, joined=True))
    passages = engine.widened(grounds)
    if grounds.weak or grounds.hits.vector is None:
        return None
    wanted = wish(case.question)
    words = {word: engine.weigh(word) for word in tokens(case.question)}
    asked = Asked(case.question, wanted, forms_of(case.question, wanted), words, grounds.hits.vector)
    places = places_in(asked, passages, engine.knowing(passages), engine.weigh)
    if not places:
        return None
    names, rows = features(asked, places, passages)
    golds = [text for gold in case.gold if (text := gold.text(records))]
    holds = np.array([any(held(place.text, gold) >= HELD for gold in golds) for place in places])
    evidence = asdict(engine.evidence(grounds.query, grounds.hits))
    return Sample(case, names, rows.astype(np.float64), holds, tuple(p.passage for p in places), evidence)


def _seen(sample: Sample, weights: Mapping[str, float]) -> dict[str, float]:
    """What can be seen of the best place, as `compose` tells it."""
    scores = sample.rows @ np.array([weights[name] for name in sample.names])
    best = int(np.argmax(scores))
    others = [float(s) for s, p in zip(scores, sample.passages, strict=True) if p != sample.passages[best]]
    ahead = min(MARGIN, float(scores[best]) - max(others, default=0.0))
    seen = dict(zip(sample.names, sample.rows[best].tolist(), strict=True))
    found = {f"e_{name}": value for name, value in sample.evidence.items()}
    return {**seen, **found, "score_": float(scores[best]), "margin": ahead}


def main(arguments: Sequence[str]) -> None:
    """Fits both and writes them."""
    assistant = Assistant(Settings(data=Path(arguments[0])))
    samples = gather(assistant, [*load_judged(), *load_places("learn", "test")])
    learnt = [sample for sample in samples if sample.case.split == "learn"]
    weights = fit_places(learnt, json.loads(PRIOR_FILE.read_text(encoding="utf-8")))
    probability, intercept = fit_probability(samples, weights)
    told: dict[str, Any] = {
        "place": {"weights": weights, "intercept": 0.0},
        "answers": {"weights": probability, "intercept": intercept},
    }
    MODEL_FILE.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    Console().print(f"{len(learnt)} questions; written to {MODEL_FILE.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
