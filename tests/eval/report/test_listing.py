"""Every question of a run is kept with its ranks, and two runs are compared by that."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.cases import PageCase, Relevant
from eval.report.diff import RunError, diff, markdown
from eval.report.listing import listed, lost, read_csv, write_csv
from eval.report.measure import page_tables
from eval.runs import Hit, Run

CASES = [PageCase(f"q{n}", "mine", "t", "me", f"=question {n}, yes?", (Relevant("right", 2),)) for n in range(8)]


def run(folder: Path, rank: int, answer: str = "cites a right place") -> Path:
    """A run whose ours has the right page at `rank`, and dense at 1."""
    folder.mkdir()

    def rankings(place: int) -> dict[str, tuple[Hit, ...]]:
        hits = [Hit(f"u{n}", "", 1.0) for n in range(1, 30)]
        hits.insert(place - 1, Hit("right", "", 1.0))
        return {case.id: tuple(hits) for case in CASES}

    runs = [Run("ours", "", rankings(rank), {}), Run("dense", "", rankings(1), {})]
    tables = page_tables(runs, CASES, frozenset(["right"]))
    write_csv(listed(runs, CASES, tables, {case.id: answer for case in CASES}), folder)
    made = {"corpus": {"fingerprint": "f", "model": "m"}, "made": {"code": "c"}}
    (folder / "report.json").write_text(json.dumps(made))
    return folder


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    rows = read_csv(run(tmp_path / "a", 3)).rows
    row = rows["mine", "q1"]
    assert (row.question, row.ranks, row.scores["dense"]) == ("=question 1, yes?", {"ours": 3, "dense": 1}, 1.0)
    assert row.lost == "ranking: ranked 3"
    assert (tmp_path / "a" / "questions.csv").read_text().splitlines()[1].split(",")[3].startswith("\"'=question")


def test_a_difference_has_its_p_and_the_stage_that_lost_it(tmp_path: Path) -> None:
    good, bad = run(tmp_path / "good", 1), run(tmp_path / "bad", 25, "refused")
    found = diff(str(good), str(bad))
    assert found.suites["mine"].difference == pytest.approx(-1.0)
    assert found.suites["mine"].p < 0.05
    assert {change.reason for change in found.changes} == {"ranking: found by dense at 1, and ranked 25"}
    assert "B is worse" in markdown(found)
    assert diff(str(good), str(good)).changes == ()
    against = diff(f"{bad}::dense", f"{bad}::ours")
    assert against.suites["mine"].losses == len(CASES)


@pytest.mark.parametrize(
    ("named", "said"),
    [("none", "is no run"), ("good::bm25", "has not measured 'bm25': write FOLDER::NAME with one of ours, dense")],
)
def test_a_run_that_cannot_be_compared_is_told(tmp_path: Path, named: str, said: str) -> None:
    good = run(tmp_path / "good", 1)
    with pytest.raises(RunError, match=said):
        diff(str(tmp_path / named), str(good))


@pytest.mark.parametrize(
    ("ranks", "answer", "said"),
    [
        ({"ours": 1, "dense": 1}, "cites a right place", ""),
        ({"ours": 2, "dense": 1}, "refused", "refusal: found at 2, and refused"),
        ({"ours": 1, "dense": 1}, "cites another place", "choice of the place: found at 1, and another one is shown"),
        ({"ours": None, "dense": None, "bm25": None}, "", "search: neither by meaning nor by words"),
        ({"dense": 4}, "", ""),
    ],
)
def test_the_stage_that_lost_a_question(ranks: dict[str, int | None], answer: str, said: str) -> None:
    assert lost(ranks, answer) == said
