"""What a question is held against before it is answered: questions on other subjects."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.retrieval.out_of_domain import NEAREST, Elsewhere, other_questions
from tests.eval_fixtures import Notes

OUTSIDE = Path(__file__).parents[3] / "eval" / "questions" / "outside.jsonl"


class Counting:
    """Counts what it is asked for."""

    def __init__(self, notes: Notes) -> None:
        self.embedding, self.model, self.texts = notes.embedding, notes.index.manifest, 0

    def __call__(self, texts: list[str]) -> NDArray[np.float32]:
        self.texts += len(texts)
        return np.asarray(self.embedding.get_text_embedding_batch(texts), dtype=np.float32)


@pytest.fixture
def encode(notes: Notes) -> Counting:
    return Counting(notes)


def test_a_question_about_something_else_is_nearer_to_the_other_subjects_than_one_of_ours(encode: Counting) -> None:
    elsewhere = Elsewhere(encode, encode.model)
    [pets, attention] = encode(["how do I train my dog to sit", "how does self-attention weigh tokens"])
    assert elsewhere.near(pets) > elsewhere.near(attention) + 0.05


def test_the_vectors_are_made_once_and_kept(encode: Counting, tmp_path: Path) -> None:
    first = Elsewhere(encode, encode.model, tmp_path).vectors
    made, other = encode.texts, replace(encode.model, revision="of another model")
    assert np.array_equal(Elsewhere(encode, encode.model, tmp_path).vectors, first)
    assert encode.texts == made == len(other_questions()) > 400
    assert Elsewhere(encode, other, tmp_path).vectors.shape == first.shape
    assert encode.texts == 2 * made


def test_a_damaged_file_is_made_anew(encode: Counting, tmp_path: Path) -> None:
    whole = Elsewhere(encode, encode.model, tmp_path).vectors
    [kept] = tmp_path.iterdir()
    for damage in (b"", b"no array", kept.read_bytes()[:2000]):
        kept.write_bytes(damage)
        assert np.array_equal(Elsewhere(encode, encode.model, tmp_path).vectors, whole)
    assert list(tmp_path.iterdir()) == [kept]


def test_where_nothing_can_be_kept_it_works_and_says_so(
    encode: Counting, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert len(Elsewhere(encode, encode.model, tmp_path / "missing").vectors) > NEAREST
    assert "cannot be kept" in caplog.text


def test_what_is_measured_is_not_what_was_put_in(encode: Counting) -> None:
    outside = [json.loads(line)["question"] for line in OUTSIDE.read_text(encoding="utf-8").splitlines()]
    assert (Elsewhere(encode, encode.model).vectors @ encode(outside).T).max() < 0.75
