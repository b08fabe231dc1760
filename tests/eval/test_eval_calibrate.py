"""Calibration fits on one half, and its figures of the other half are honest."""

from __future__ import annotations

import random
from dataclasses import fields

import pytest

from assistant.retrieval.confidence import Evidence
from eval.calibrate import Sample, calibrate, labelled
from eval.cases import GatedCase, Split


def _sample(number: int, split: Split, answerable: bool, evidence: float, chance: random.Random) -> Sample:
    case = GatedCase(f"{split}-{answerable}-{number}", "t", "us", f"question {number}", split, answerable)
    rest = (chance.random() for _ in fields(Evidence)[1:])
    return Sample(case, (evidence + chance.gauss(0, 0.05), *rest))


def _samples(gap: float) -> list[Sample]:
    chance = random.Random(1)
    halves: tuple[Split, ...] = ("tune", "test")
    return [
        _sample(n, split, answerable, 0.4 + gap * answerable, chance)
        for split in halves
        for answerable in (True, False)
        for n in range(60)
    ]


def test_evidence_that_tells_them_apart_is_found_and_the_rest_is_not_trusted() -> None:
    found = calibrate(_samples(0.4))
    assert found.weights[0] > 5 * max(abs(weight) for weight in found.weights[1:])
    tune, test = found.halves
    assert test.auc > 0.99
    assert test.refused >= 0.95
    assert test.falsely_refused <= 0.05
    assert tune.refused >= 0.95
    assert tune.falsely_refused <= 0.01


def test_evidence_that_says_nothing_gives_a_test_half_no_better_than_chance() -> None:
    _, test = calibrate(_samples(0.0)).halves
    assert 0.3 < test.auc < 0.7


def test_the_constants_are_python_to_paste() -> None:
    found = calibrate(_samples(0.4))
    assert "WEIGHTS = Evidence(dense=" in found.constants()
    assert 0 < found.abstain <= found.high <= 1


def test_a_half_with_one_kind_only_is_refused() -> None:
    with pytest.raises(ValueError, match="needs both outside and answerable"):
        calibrate([sample for sample in _samples(0.4) if sample.case.answerable])


def test_what_is_fitted_on_holds_no_question_of_other_people() -> None:
    assert {case.by for case in labelled()} == {"project"}
