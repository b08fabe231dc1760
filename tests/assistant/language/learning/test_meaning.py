"""The second opinion by meaning: what it weighs, when it is asked, and that what is shipped is of our examples."""

from __future__ import annotations

import datetime
import struct
from pathlib import Path

import numpy as np
import pytest

from assistant import linear_model
from assistant.language.learning import meaning
from assistant.language.learning.classifier import Guess
from assistant.language.learning.fitting import fit_meaning
from assistant.language.learning.meaning import Meaning
from assistant.language.message import Parsed, read_message
from assistant.linear_model import LinearModel
from assistant.selectors import MeaningSelector, WordSelector
from corpus.reader import read_roadmap

AXES = Meaning(LinearModel(("author", "cost"), (0.0, 0.0), struct.pack("<4e", 4.0, -4.0, -4.0, 4.0)))
"""The first dimension speaks for "author", the second for "cost"."""


def parsed(text: str, after: str = "") -> Parsed:
    return read_message(text, read_roadmap(), datetime.date(2026, 11, 29), after=after)


def test_what_is_shipped_is_of_the_present_examples() -> None:
    """If this fails: `python -m assistant.language.learning.fitting`, and commit meaning.bin."""
    found = meaning.load()
    assert found is not None
    assert found.dimension == 384


def test_the_meaning_decides_between_what_the_words_leave_open() -> None:
    guesses = [Guess("cost", 0.45, "cheap"), Guess("author", 0.44), Guess("review", 0.11)]
    found = AXES.pooled(guesses, (1.0, 0.0))
    assert found[0].name == "author"
    assert sum(guess.p for guess in found) == pytest.approx(1.0)
    assert [guess.p for guess in found] == sorted((guess.p for guess in found), reverse=True)
    assert next(guess.kind for guess in found if guess.name == "cost") == "cheap"


def test_a_wish_that_no_vector_was_learnt_for_is_not_ruled_out() -> None:
    assert min(guess.p for guess in AXES.pooled([Guess("review", 0.9), Guess("cost", 0.1)], (0.0, 1.0))) > 0


class Words(WordSelector):
    """Guesses what it is told to."""

    def __init__(self, *guesses: Guess) -> None:
        self.told = list(guesses)

    def guesses(self, parsed: Parsed) -> list[Guess]:
        return self.told

    def mended(self, text: str) -> str:
        return text.replace("coast", "cost")


@pytest.mark.parametrize(
    ("name", "p", "after", "asked"),
    [
        ("cost", 0.5, "", 1),
        ("cost", 0.5, "author", 1),
        ("cost", meaning.UNSURE, "", 0),
        ("cost", 0.9, "", 0),
        ("mark_done", 0.9, "", 1),
    ],
)
def test_it_is_asked_where_words_are_not_sure_and_for_what_writes(
    name: str, p: float, after: str, asked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meaning, "load", lambda: AXES)
    heard: list[str] = []

    def vector(text: str) -> tuple[float, float]:
        heard.append(text)
        return 1.0, 0.0

    selector = MeaningSelector(Words(Guess(name, p), Guess("author", 1 - p)), vector)
    selector.guesses(parsed("what does fast.ai coast?", after))
    assert heard == ["what does the course cost?"] * asked


def test_while_no_model_is_loaded_words_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "load", lambda: AXES)
    words = Words(Guess("cost", 0.5), Guess("author", 0.4))
    assert MeaningSelector(words, lambda _: None).guesses(parsed("and now?")) == words.told


def test_what_is_learnt_is_kept_and_tells_its_examples_apart(tmp_path: Path) -> None:
    vectors = np.eye(2, 8, dtype=np.float32).repeat(6, axis=0)
    found = fit_meaning(vectors, ["author"] * 6 + ["cost"] * 6)
    found.model.save(tmp_path / "meaning.bin", "of these")
    kept = linear_model.load(tmp_path / "meaning.bin", "of these")
    assert kept is not None
    assert Meaning(kept[0]).pooled([Guess("author", 0.5), Guess("cost", 0.5)], vectors[-1])[0].name == "cost"
