"""The classifier of wishes: saved and read again, damaged, deterministic, and as good as its examples."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.learning.classifier import Classifier, Vocabulary, grams, load
from assistant.language.learning.fitting import fit, fitted
from assistant.language.learning.table import Example, capabilities, examples, fitted_key
from assistant.language.masking import KINDS, Masked, mask_example
from assistant.language.message import read_message
from assistant.language.names import tagger
from assistant.service import Assistant
from corpus.reader import read_roadmap
from tests.answer_fixtures import NOW

ROADMAP = read_roadmap()
WISHES = ("author", "cost", "mark_done", "next_step", "pause", "concept")
EACH = 25
SHARE = 0.9
"""Of the examples that must be taken for what they are."""


def masked(example: Example) -> Masked:
    return mask_example(example.text) or read_message(example.text, ROADMAP, NOW.date()).masked


@pytest.fixture(scope="module")
def few() -> tuple[list[Masked], list[str]]:
    """Masked examples of some wishes, and the wish of each."""
    chosen = [e for name in WISHES for e in islice((e for e in examples() if e.capability == name), EACH)]
    return [masked(e) for e in chosen], [e.capability for e in chosen]


@pytest.fixture(scope="module")
def small(few: tuple[list[Masked], list[str]]) -> Classifier:
    return fit(*few, digest="of these")


# --- what it guesses --------------------------------------------------------------------------------------------------


def test_it_knows_its_examples(small: Classifier, few: tuple[list[Masked], list[str]]) -> None:
    guessed = [small.guesses(message)[0].name for message in few[0]]
    assert sum(one == other for one, other in zip(guessed, few[1], strict=True)) >= 0.95 * len(guessed)


@given(text=st.text(max_size=80), kinds=st.sets(st.sampled_from(KINDS)))
def test_the_probabilities_add_up_to_one_and_come_in_order(text: str, kinds: set[str], small: Classifier) -> None:
    found = small.guesses(Masked(text, frozenset(kinds)))
    assert {guess.name for guess in found} == set(WISHES)
    assert sum(guess.p for guess in found) == pytest.approx(1)
    assert [guess.p for guess in found] == sorted((guess.p for guess in found), reverse=True)


def test_a_thing_that_is_named_counts(small: Classifier) -> None:
    without = small.guesses(Masked("free?", frozenset()))
    named = small.guesses(Masked("free?", frozenset({"resource"})))
    assert {guess.name: guess.p for guess in without} != {guess.name: guess.p for guess in named}


def test_words_and_letters_are_what_it_looks_at() -> None:
    assert list(grams("is it")) == [
        "w is", "w it", "w is it",
        "c  i", "c is", "c s ", "c  is", "c is ", "c  is ",
        "c  i", "c it", "c t ", "c  it", "c it ", "c  it ",
    ]  # fmt: skip
    assert list(grams("")) == []


# --- its file ---------------------------------------------------------------------------------------------------------


def test_it_is_the_same_when_it_is_saved_and_read_again(small: Classifier, tmp_path: Path) -> None:
    path = tmp_path / "new" / "words.bin"
    small.save(path)
    again = load(path, "of these")
    assert again
    message = Masked("who wrote the course?", frozenset({"resource"}))
    assert [guess.name for guess in again.guesses(message)] == [guess.name for guess in small.guesses(message)]
    assert [guess.p for guess in again.guesses(message)] == pytest.approx(
        [guess.p for guess in small.guesses(message)], abs=1e-4
    )
    assert [file.name for file in path.parent.iterdir()] == ["words.bin"]


def test_what_is_of_other_examples_is_not_taken(small: Classifier, tmp_path: Path) -> None:
    small.save(tmp_path / "words.bin")
    assert load(tmp_path / "words.bin", "of others") is None


@pytest.mark.parametrize("kept", [0, 1, 3, 4, 40, 400, 4_000, -100, -1])
def test_a_file_that_was_cut_is_none(small: Classifier, kept: int, tmp_path: Path) -> None:
    path = tmp_path / "words.bin"
    small.save(path)
    path.write_bytes(path.read_bytes()[:kept])
    assert load(path, "of these") is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no classifier at all" * 100,
        b"\xff" * 64,
        b"\x02\x00\x00\x00[]",
        b"\x02\x00\x00\x00{}",
        b"\x04\x00\x00\x00null",
        b'\x14\x00\x00\x00{"digest":"of these"}',
        b'\x15\x00\x00\x00{"digest":"of these"}',
    ],
)
def test_a_foreign_file_is_none(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "words.bin").write_bytes(data)
    assert load(tmp_path / "words.bin", "of these") is None


def test_no_file_and_a_folder_are_none(tmp_path: Path) -> None:
    assert load(tmp_path / "words.bin", "of these") is None
    assert load(tmp_path, "of these") is None


# --- learning ---------------------------------------------------------------------------------------------------------


def test_learning_twice_gives_the_same_bytes(few: tuple[list[Masked], list[str]], tmp_path: Path) -> None:
    for name in ("one", "two"):
        fit(*few, digest="of these").save(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_what_is_there_is_not_learnt_again(
    few: tuple[list[Masked], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fit(*few, digest=fitted_key()).save(tmp_path / "words.bin")
    monkeypatch.setattr("assistant.language.learning.fitting.masked_examples", lambda: pytest.fail("it learns again"))
    assert set(fitted(tmp_path / "words.bin", tagger.BUILT).names) == set(WISHES)


def test_names_are_learnt_anew_with_the_wordings_and_only_then(
    few: tuple[list[Masked], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tagger learns from some of them what names no row."""
    anew: list[bool] = []
    pairs = tuple((Example(name, "", "a"), message) for message, name in zip(*few, strict=True))
    monkeypatch.setattr("assistant.language.learning.fitting.masked_examples", lambda: pairs)
    monkeypatch.setattr("assistant.language.learning.fitting.fitted_tagger", lambda _, **how: anew.append(how["anew"]))
    for _ in range(2):
        fitted(tmp_path / "words.bin", tmp_path / "names.bin")
    assert anew == [True, False]


def test_what_was_shipped_takes_its_examples_for_what_they_are(over_nothing: Assistant) -> None:
    """Every so manyth example, 200 in all: its own wish, or one of the same group, is the likeliest."""
    table, known = capabilities(), list(dict.fromkeys(examples()))
    chosen = known[:: len(known) // 200][:200]
    selector = over_nothing.router.selector.words  # type: ignore[attr-defined]
    wrong = [
        f"{example.capability}: {example.text} -> {best}"
        for example in chosen
        if table[best := _best(selector, example)].group != table[example.capability].group
    ]
    assert len(chosen) == 200
    assert len(wrong) <= (1 - SHARE) * len(chosen), wrong


def _best(selector: object, example: Example) -> str:
    return selector.classifier().guesses(masked(example))[0].name  # type: ignore[attr-defined]


def test_a_slip_is_mended_to_a_word_that_is_far_commoner_though_the_examples_hold_the_slip() -> None:
    rarities = {"learn": 2.0, "lern": 8.0, "first": 2.0, "frist": 9.0, "weak": 5.0, "week": 2.0, "should": 1.5}
    words = Vocabulary({f"w {word}": n for n, word in enumerate(rarities)}, tuple(rarities.values()))
    assert words.mended("shuld i lern maths frist?") == "should i learn maths first?"
    assert words.mended("i am weak in maths") == "i am weak in maths"
    assert words.mended("a gan") == "a gan"
