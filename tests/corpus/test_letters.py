"""Characters of the same letter are one: in questions, in the words of an index, in what is encoded."""

from __future__ import annotations

import doctest
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import corpus.letters
from assistant.language.weeks.reader import clean
from assistant.service import checked
from assistant.store.conversations import title_of
from corpus.letters import same_letters, without_accents
from ingest.index.lexical import forms, tokens

BOLD = {chr(code): chr(code - 0x1D41A + ord("a")) for code in range(0x1D41A, 0x1D41A + 26)}
ALIKE = [
    ("over\ufb01tting", "overfitting"),
    ("\ufb01ne-tuning", "fine-tuning"),
    ("fine\u2011tuning", "fine-tuning"),
    ("ＣＮＮ", "CNN"),
    ("𝐞𝐦𝐛𝐞𝐝𝐝𝐢𝐧𝐠", "embedding"),
    ("𝘵𝘰𝘬𝘦𝘯", "token"),
    ("over\u00adfit\u200bting", "overfitting"),
    ("E.T.L.", "ETL"),
    ("e.t.l.", "etl"),
    ("P.C.A", "PCA"),
    ("week ١٤", "week 14"),
    ("week १४", "week 14"),
    ("na\u0131\u0308ve", "naıve"),
    ("Ge\u0301ron", "Géron"),
    ("ﬄ", "ffl"),
    ("week 1\ufe0f\u20e34\ufe0f\u20e3", "week 14"),
    ("Ⓟⓨⓣⓞⓡⓒⓗ", "Pytorch"),
    ("L² penalty", "L2 penalty"),
]


@pytest.mark.parametrize(("odd", "plain"), ALIKE)
def test_odd_letters_are_searched_for_and_read_as_plain_ones(odd: str, plain: str) -> None:
    assert tokens(odd) == tokens(plain)
    assert forms(odd) == forms(plain)
    assert clean(odd) == clean(plain)


@pytest.mark.parametrize(("odd", "plain"), [("over\u00ad\ufb01tting", "over\ufb01tting"), ("c\u200bn\ufeffn", "cnn")])
def test_what_nobody_sees_parts_no_word_of_a_question(odd: str, plain: str) -> None:
    assert checked(f"what is {odd}?") == f"what is {plain}?"
    assert title_of(f"what is {odd}?") == f"what is {plain}?"


@pytest.mark.parametrize("text", ["e.g. this", "i.e. that", "x.T @ y", "v1.2.3", "np.ndarray.T", "A. Ng", "A.T.dot(B)"])
def test_what_is_no_abbreviation_keeps_its_dots(text: str) -> None:
    assert same_letters(text) == text


@given(st.text(max_size=80))
def test_doing_it_twice_changes_nothing_more(text: str) -> None:
    once = without_accents(text)
    assert tokens(once) == tokens(text)
    assert not any(unicodedata.category(c) == "Nd" and not c.isascii() for c in same_letters(text))


def test_the_examples_hold() -> None:
    assert doctest.testmod(corpus.letters).failed == 0
