"""Figures are what their definitions say, intervals hold the mean, and tests tell a difference from none."""

from __future__ import annotations

import math
import random
import sys
from pathlib import Path

import pytest
import pytrec_eval

from corpus.errors import UsageError
from eval.cases import PageCase, Relevant
from eval.metrics import METRICS, compare, mean, quantile, score, wilson
from eval.report.measure import page_tables, worst
from eval.runs import Hit, Run, oracle, pages, write_trec


def _case(id: str, *grades: int, suite: str = "own") -> PageCase:
    relevant = tuple(Relevant(f"u{place}", grade) for place, grade in enumerate(grades))
    return PageCase(id, suite, "t", "us", f"question {id}?", relevant)


def _random_run(seed: int, cases: list[PageCase], depth: int = 30) -> Run:
    chance = random.Random(seed)
    rankings = {c.id: tuple(Hit(f"u{n}", "", 1.0) for n in chance.sample(range(60), depth)) for c in cases}
    return Run("ours", "", rankings, {})


@pytest.fixture(scope="module")
def cases() -> list[PageCase]:
    chance = random.Random(7)
    return [_case(f"q{n}", *chance.choices((1, 2), k=chance.randint(1, 4))) for n in range(40)]


def test_every_metric_is_what_its_definition_gives(cases: list[PageCase]) -> None:
    run = _random_run(1, cases)
    ours = score(run.rankings, cases)
    assert ours.keys() == METRICS.keys()
    for case in cases:
        for metric, expected in _by_definition([hit.url for hit in run.rankings[case.id]], case).items():
            assert ours[metric][case.id] == pytest.approx(expected, abs=1e-6), (metric, case.id)


def _by_definition(found: list[str], case: PageCase) -> dict[str, float]:
    grades = {page.url: page.grade for page in case.relevant}
    gains = [grades.get(url, 0) for url in found]

    def dcg(some: list[int]) -> float:
        return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(some[:10], 1))

    first = next((rank for rank, gain in enumerate(gains[:10], 1) if gain), None)
    return {
        "ndcg@10": dcg(gains) / dcg(sorted(grades.values(), reverse=True)),
        "mrr@10": 1 / first if first else 0.0,
        "recall@5": sum(gain > 0 for gain in gains[:5]) / len(grades),
        "recall@20": sum(gain > 0 for gain in gains[:20]) / len(grades),
        "hit_rate@1": float(gains[0] > 0),
    }


def test_run_files_that_are_kept_give_the_same_figures_to_whoever_reads_them(
    cases: list[PageCase], tmp_path: Path
) -> None:
    run = _random_run(1, cases)
    write_trec([run], cases, tmp_path)
    with (tmp_path / "qrels.txt").open() as qrels, (tmp_path / "ours.run").open() as kept:
        evaluator = pytrec_eval.RelevanceEvaluator(pytrec_eval.parse_qrel(qrels), {"ndcg_cut_10"})
        theirs = evaluator.evaluate(pytrec_eval.parse_run(kept))
    ours = score(run.rankings, cases)["ndcg@10"]
    assert ours == pytest.approx({id: values["ndcg_cut_10"] for id, values in theirs.items()})


def test_without_the_library_it_is_said_how_to_install_it(
    cases: list[PageCase], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pytrec_eval", None)
    with pytest.raises(UsageError, match=r"install `\.\[eval\]`"):
        score({}, cases)


def test_run_files_of_an_earlier_run_do_not_stay_beside_other_qrels(cases: list[PageCase], tmp_path: Path) -> None:
    ours = _random_run(1, cases)
    write_trec([ours, oracle(ours, cases)], cases, tmp_path)
    write_trec([ours], cases[:3], tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ours.run", "qrels.txt"]
    assert write_trec([], [], tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_a_question_without_a_ranking_scores_nothing(cases: list[PageCase]) -> None:
    scores = score({}, cases)
    assert set(scores["ndcg@10"].values()) == {0.0}
    assert len(scores["mrr@10"]) == len(cases)


def test_a_page_counts_once_where_its_first_passage_stands() -> None:
    ranking = pages([Hit("a", "1", 3), Hit("b", "2", 2), Hit("a", "3", 1)])
    assert [(hit.url, hit.heading) for hit in ranking] == [("a", "1"), ("b", "2")]


def test_the_oracle_is_never_below_what_it_reorders(cases: list[PageCase]) -> None:
    run = _random_run(2, cases)
    best, plain = score(oracle(run, cases).rankings, cases), score(run.rankings, cases)
    assert all(best["ndcg@10"][id] >= plain["ndcg@10"][id] - 1e-9 for id in plain["ndcg@10"])
    assert mean(best["ndcg@10"].values()).value > mean(plain["ndcg@10"].values()).value


def test_an_interval_holds_its_mean_and_is_the_same_each_time() -> None:
    values = [0.0, 0.2, 0.5, 1.0] * 10
    first = mean(values)
    assert first.low < first.value < first.high
    assert mean(values) == first
    assert mean([1.0, 1.0]) == mean([1.0]).__class__(1.0, 1.0, 1.0, 2)
    assert math.isnan(mean([]).value)


def test_a_steady_difference_is_significant_and_none_is_not() -> None:
    chance = random.Random(3)
    base = {f"q{n}": chance.random() for n in range(50)}
    better = {id: min(1.0, value + 0.05) for id, value in base.items()}
    noise = {id: value + chance.choice((-0.1, 0.1)) for id, value in base.items()}
    assert compare(better, base).p < 0.01
    assert compare(better, base).wins == 50
    assert compare(base, base).p == 1.0
    assert compare(noise, base).p > 0.05


def test_quantiles_of_nothing_are_zero() -> None:
    assert quantile([], 0.5) == 0.0
    assert quantile([1.0, 2.0, 3.0], 0.5) == 2.0


def test_the_interval_of_a_share_is_wilsons() -> None:
    found = wilson(8, 10)
    assert (found.share, round(found.low, 4), round(found.high, 4)) == (0.8, 0.4902, 0.9433)
    assert (wilson(0, 20).low, round(wilson(20, 20).low, 3), wilson(20, 20).high) == (0.0, 0.839, 1.0)
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0.0, 1.0)


def test_tables_are_by_suite_and_say_how_many_cases_cannot_be_answered(cases: list[PageCase]) -> None:
    other = _case("z1", 1, suite="quiz")
    run = _random_run(4, [*cases, other])
    own, quiz = page_tables([run], [*cases, other], frozenset({"u7"}))
    assert (own.suite, own.cases, own.absent) == ("own", len(cases), len(cases))
    assert (quiz.suite, quiz.cases, quiz.absent) == ("quiz", 1, 1)


def test_the_worst_questions_show_what_stood_in_the_way(cases: list[PageCase]) -> None:
    run = _random_run(5, cases)
    found = worst(run, cases, page_tables([run], cases, frozenset()), count=3)
    assert [w.score for w in found] == sorted(w.score for w in found)
    assert found[0].score == 0.0
    assert "retrieved" in found[0].place or "rank" in found[0].place
    assert found[0].retrieved[0].rank == 1
