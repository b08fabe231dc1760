"""The classifier is asked only wordings of people that it has not learnt from, and figures follow from what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.language.learning.classifier import Guess
from assistant.language.masking import Masked
from eval import generalisation as g
from eval import wordings
from eval.wordings import CURVES, TABLES, Study, sections, write

SAID = {
    "cost": ("what does it cost", "how much must i pay", "is it free", "the price please", "what would i pay"),
    "author": ("who wrote it", "who teaches it", "who is the teacher", "who made it", "whose course is it"),
    "mark_done": ("i finished it", "it is done", "done with it now", "i am through with it", "finished at last"),
}
AUTHORS = ("a", "b", "c")


def _known() -> list[g.Wording]:
    """Each author says the same in other words; "d" wrote on one capability alone."""
    said = [
        g.Wording(wish, author, Masked(f"{text} {tail}", frozenset()))
        for author, tail in zip((*AUTHORS, g.OURS), ("please", "then", "today", "now"), strict=True)
        for wish, texts in SAID.items()
        for text in texts
    ]
    return [*said, *(g.Wording("cost", "d", Masked("zzz qqq", frozenset())) for _ in range(4))]


@pytest.fixture(scope="module")
def whole() -> dict[str, list[g.Told]]:
    return g.left_out(_known())


def test_each_author_is_told_by_what_the_others_wrote(whole: dict[str, list[g.Told]]) -> None:
    assert list(whole) == ["a", "b", "c"]
    assert g.score(whole["a"]) == g.Score(15, 1.0, 1.0, 1.0)
    assert all(len(one.guesses) == 3 for told in whole.values() for one in told)


def test_who_wrote_on_a_part_of_the_table_is_learnt_from_and_not_left_out() -> None:
    assert g.authors(_known()) == ["a", "b", "c"]
    assert g.authors([w for w in _known() if w.author in ("d", g.OURS)]) == []


def test_curves_end_where_all_is_learnt_from(whole: dict[str, list[g.Told]]) -> None:
    some = g.some_of(whole, 2)
    end = g.score([one for told in some.values() for one in told])
    heard: list[str] = []
    points = g.by_examples(_known(), some, heard.append)
    assert [point.amount for point in points] == [*g.SIZES, None]
    assert points[-1].score == end
    assert len(heard) == 2 * len(g.SIZES)
    assert [point.amount for point in g.by_authors(_known(), some)] == [1, 2, None]
    assert g.by_authors(_known(), some)[-1].score == end


def test_the_same_examples_give_the_same_figures(whole: dict[str, list[g.Told]]) -> None:
    assert g.left_out(_known()) == whole
    some = g.some_of(whole, 2)
    assert some == g.some_of(whole, 2)
    assert g.by_authors(_known(), some) == g.by_authors(_known(), some)


def test_vectors_are_learnt_from_too() -> None:
    axis = {"cost": (1.0, 0.0), "author": (0.0, 1.0), "mark_done": (0.0, 0.0)}
    told = [
        g.Wording(wish, author, Masked(f"word{number} {author}", frozenset()), vector)
        for author in AUTHORS
        for wish, vector in axis.items()
        for number in range(8)
    ]
    assert g.score(g.left_out(told)["a"]).first == 1.0


def test_shares_are_of_the_likeliest_of_its_group_and_of_the_first_three() -> None:
    told = [_told("cost", "cost"), _told("cost", "author"), _told("cost", "review", "cost"), _told("cost", "review")]
    assert g.score(told) == g.Score(4, 0.25, 0.5, 0.5)
    assert g.by_group([*told, _told("review", "review")])["review"] == g.Score(1, 1.0, 1.0, 1.0)
    assert list(g.by_group(told)) == ["row"]


def test_reliability_is_by_the_probability_that_was_given() -> None:
    told = [_told("cost", "cost", p=0.95), _told("cost", "review", p=1.0), _told("cost", "cost", p=0.31)]
    assert g.reliability(told) == [g.Bin(0.3, 0.4, 1, 0.31, 1.0), g.Bin(0.9, 1.0, 2, 0.975, 0.5)]


@pytest.mark.parametrize(
    ("pairs", "found"),
    [
        ([(0.9, True), (0.5, True)], g.Threshold(0.5, 1.0, 0.0)),
        ([(0.9, True), (0.5, False)], g.Threshold(0.9, 0.5, 0.0)),
        ([(0.9, False), (0.5, False)], g.Threshold(None, 0.0, 0.0)),
        ([(0.9, True), (0.9, False)], g.Threshold(None, 0.0, 0.0)),  # equally likely: both act or none
        ([(0.9, True)] * 30 + [(0.8, False), (0.7, True)], g.Threshold(0.7, 1.0, 1 / 32)),
        ([], g.Threshold(None, 0.0, 0.0)),
    ],
)
def test_a_threshold_lets_few_act_wrongly(pairs: list[tuple[float, bool]], found: g.Threshold) -> None:
    assert g.threshold(pairs) == found


def test_what_a_threshold_does_is_counted_over_all_that_was_said() -> None:
    pairs = [(0.9, True), (0.6, False), (0.2, True)]
    assert g.at(pairs, 0.5, total=10) == g.Threshold(0.5, 0.2, 0.5)
    assert g.at([], 0.5) == g.Threshold(0.5, 0.0, 0.0)


def test_a_pair_is_counted_both_ways() -> None:
    told = [_told("cost", "author"), _told("author", "cost"), _told("author", "cost"), _told("review", "cost")]
    assert g.confusions(told) == [("author", "cost", 2, 1), ("cost", "review", 0, 1)]


def test_tables_and_curves_are_written(whole: dict[str, list[g.Told]], tmp_path: Path) -> None:
    told = [one for some in whole.values() for one in some]
    points = [g.Point(1, g.score(told)), g.Point(None, g.score(told))]
    studies = [Study("words", told, points, points), Study("words and vectors", told, points, points)]
    folder = tmp_path / "out"
    text = write(studies, folder)
    assert (folder / TABLES).read_text() == text
    assert (folder / CURVES).read_bytes().startswith(b"\x89PNG")
    assert "| all | 45 |" in text
    titles = [section.title for section in sections(studies)]
    assert titles[:3] == ["Accuracy by group", "Accuracy by examples", "Accuracy by authors"]
    assert "Thresholds: words and vectors" in titles


def test_the_command_measures_words_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(g, "wordings", lambda encode: [w for w in _known() if w.author != "d" and encode is None])
    wordings.main(["--orders", "1", "--out", str(tmp_path)])
    assert "## Reliability: words" in capsys.readouterr().out


def _told(wish: str, *guesses: str, p: float = 0.6) -> g.Told:
    return g.Told(wish, tuple(Guess(name, p) for name in guesses), p)
