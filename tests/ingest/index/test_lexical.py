"""Words for lexical search, and the BM25 index that is kept with a generation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.index import lexical
from ingest.index.lexical import Lexicon, common_pairs, forms, pairs, tokens

TEXTS = ["Merge two frames with a left join.", "pivot_table reshapes a frame", "The HTTPServer listens", "of the and"]


@pytest.fixture(name="lexicon")
def lexicon_fixture(tmp_path: Path) -> Lexicon:
    lexical.build(map(tokens, TEXTS), tmp_path)
    return Lexicon(tmp_path)


def test_words_are_stemmed_and_stop_words_are_left_out() -> None:
    assert tokens("The frames are merging") == tokens("frame merge")
    assert tokens("of the and") == []


@pytest.mark.parametrize(
    ("british", "other"),
    [
        ("tokenise normalisation optimisers", "tokenize normalization optimizers"),
        ("analyse behaviour neighbours", "analyze behavior neighbors"),
        ("labelled modelling artefacts centre", "labeled modeling artifacts center"),
        ("supervised precise exercise promise otherwise", "supervision precision exercises promised otherwise"),
    ],
)
def test_words_are_the_same_however_they_are_spelt(british: str, other: str) -> None:
    assert tokens(british) == tokens(other)
    assert tokens("the noise of our hours") == ["nois", "hour"]


@pytest.mark.parametrize(
    ("word", "part"),
    [("pivot_table", "tabl"), ("TextNode", "node"), ("np.linalg.norm", "norm"), ("HTTPServer", "http")],
)
def test_an_identifier_counts_whole_and_by_its_parts(word: str, part: str) -> None:
    found = tokens(word)
    assert part in found
    assert len(found) >= 3


def test_the_text_that_holds_the_words_scores_best(lexicon: Lexicon) -> None:
    assert int(lexicon.scores(tokens("left joins")).argmax()) == 0
    assert int(lexicon.scores(tokens("pivot table")).argmax()) == 1
    assert int(lexicon.scores(tokens("server")).argmax()) == 2


def test_there_is_one_score_a_text_also_for_unknown_words(lexicon: Lexicon) -> None:
    scores = lexicon.scores(tokens("zebra quagga"))
    assert scores.shape == (len(TEXTS),)
    assert scores.dtype == np.float32
    assert not scores.any()
    assert not lexicon.scores([]).any()


def test_the_share_of_a_word_is_the_texts_that_hold_it(lexicon: Lexicon) -> None:
    assert lexicon.share("frame") == 0.5
    assert lexicon.share("zebra") == 0.0
    assert lexicon.knows("frame")
    assert not lexicon.knows("zebra")


def test_the_texts_that_hold_one_of_some_words_are_told_in_order(lexicon: Lexicon) -> None:
    assert lexicon.holders(tokens("frame")).tolist() == [0, 1]
    assert lexicon.holders([*tokens("server"), *tokens("pivot left"), "zebra"]).tolist() == [0, 1, 2]
    assert lexicon.holders(["zebra"]).tolist() == []


def test_what_happens_to_the_files_of_an_open_lexicon_harms_no_search(lexicon: Lexicon, tmp_path: Path) -> None:
    before = lexicon.scores(tokens("merge two frames"))
    for file in tmp_path.rglob("*.npy"):
        held = file.read_bytes()
        with file.open("r+b") as written:
            written.write(b"\xff" * len(held))
    assert before.any()
    assert np.array_equal(lexicon.scores(tokens("merge two frames")), before)


def test_words_beside_each_other_count_as_a_pair_where_two_texts_hold_it(tmp_path: Path) -> None:
    texts = ["the left join", "a join, then left", "left join of frames", "frames alone"]
    lexical.build(common_pairs(map(tokens, texts)), tmp_path)

    scores = Lexicon(tmp_path).scores(pairs(tokens("a left join of frames")))

    assert scores[0] == scores[2] > 0
    assert scores[1] == scores[3] == 0


def test_texts_without_a_common_pair_still_have_scores(tmp_path: Path) -> None:
    lexical.build(common_pairs(map(tokens, ["left join", ""])), tmp_path)

    assert Lexicon(tmp_path).scores(pairs(tokens("left join"))).tolist() == [0, 0]


def test_a_text_that_says_the_very_word_scores_above_one_with_a_relative_of_it(tmp_path: Path) -> None:
    lexical.build(map(forms, ["generation of text", "generating text", "a text"]), tmp_path)

    scores = Lexicon(tmp_path).scores(forms("Generating text"))

    assert scores[1] > scores[0] > scores[2]


@given(st.text(max_size=200))
def test_any_text_has_words_or_none_and_they_are_the_same_each_time(text: str) -> None:
    assert tokens(text) == tokens(text)
    assert all(tokens(text))
