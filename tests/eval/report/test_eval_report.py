"""The report is one file that loads nothing, says the same in HTML and Markdown, and escapes what people wrote."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from eval.cases import PageCase, Relevant
from eval.report import charts
from eval.report.build import ReportError, prepare, write
from eval.report.measure import page_tables, worst
from eval.results import (
    Abstention,
    Comparison,
    CurvePoint,
    EvalResult,
    Failure,
    GateResult,
    Mean,
    PageTable,
    PassTable,
    SystemRow,
    Timing,
)
from eval.runs import Hit, Run
from tests.eval_fixtures import result

NASTY = "<script>alert(1)</script> | `x`"


def test_one_file_holds_tables_plots_failures_and_the_command(tmp_path: Path) -> None:
    page = write(full(), tmp_path)
    text = page.read_text()
    assert text.count("<svg") == 4  # latency, ablation, abstention, types
    for expected in ("Suite own", "ours-without-bm25", "Worst 1", "roadmap eval", "Gate: FAILED", "x 1.25"):
        assert expected in text, expected
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)
    assert "@import" not in text


def test_a_run_without_ours_shows_what_was_measured_and_compares_with_nothing(tmp_path: Path) -> None:
    alone = replace(_table(), rows=(replace(_row("ours-without-bm25", "ours, bm25 left out"), against={}),))
    text = write(result([alone]), tmp_path).read_text()
    assert "ours-without-bm25" in text
    assert "gainst" not in text
    assert "<svg" not in text


def test_each_name_of_a_plot_has_room_and_chance_is_never_nought() -> None:
    latency = charts.quality_against_latency(_table())
    assert "dense" in latency
    assert "ours-without-bm25" not in latency
    small = {"ndcg@10": Comparison(0.1, 1.25, 0.0002, 1, 1, 0)}
    table = replace(_table(), rows=tuple(replace(row, against=row.against and small) for row in _table().rows))
    assert "p &lt; 0.001" in charts.ablation(table)


def test_a_phone_shows_the_report_at_its_own_width(tmp_path: Path) -> None:
    text = write(full(), tmp_path).read_text()
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in text
    assert "(0.40&NoBreak;–&NoBreak;0.60)" in text


def test_run_files_are_named_only_where_there_are_rankings(tmp_path: Path) -> None:
    assert "TREC" in write(full(), tmp_path).read_text()
    assert "TREC" not in write(result(passes=[_passes()]), tmp_path).read_text()


def test_a_folder_that_cannot_be_written_is_named_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ReportError, match=r"cannot be written to .*report \(Not a directory\): .* --report"):
        prepare(tmp_path / "file" / "report")
    prepare(tmp_path / "new" / "report")
    assert list((tmp_path / "new" / "report").iterdir()) == []


def test_what_people_wrote_is_escaped(tmp_path: Path) -> None:
    page = write(full(), tmp_path)
    assert "<script>" not in page.read_text()
    assert "&lt;script&gt;" in page.read_text()


def test_markdown_tells_the_same_figures(tmp_path: Path) -> None:
    write(full(), tmp_path)
    text = (tmp_path / "report.md").read_text()
    assert "| ours: our default | 0.500 (0.40–0.60)" in text
    assert "weeks | all | 9 of 10 | 90.0 %" in text
    rows = [line for line in text.splitlines() if line.startswith("| f1 ")]
    assert rows == ["| f1 | <script>alert(1)</script> \\| `x` | refused |"]


def test_a_run_without_rankings_still_gives_a_report(tmp_path: Path) -> None:
    page = write(result(passes=[_passes()]), tmp_path)
    assert "<svg" not in page.read_text()


def test_the_json_of_a_run_holds_means_and_no_scores_of_single_questions() -> None:
    data = json.loads(json.dumps(full().as_json()))
    assert data["pages"][0]["systems"][0]["metrics"]["ndcg@10"] == {"mean": 0.5, "low": 0.4, "high": 0.6, "n": 2}
    assert data["abstention"][0]["recall"] == 0.9
    assert data["gate"]["passed"] is False
    assert "scores" not in json.dumps(data)


def test_the_worst_question_says_where_the_right_page_was(tmp_path: Path) -> None:
    case = PageCase("q1", "own", "t", "us", "what?", (Relevant("right", 2),))
    run = Run(
        "ours", "", {"q1": (*(Hit(f"wrong{n}", "h", 1.0, {"dense": 0.5}) for n in range(7)), Hit("right", "", 0.1))}, {}
    )
    (found,) = worst(run, [case], page_tables([run], [case], frozenset()))
    assert found.place == "first right page at rank 8"
    assert found.retrieved[-1].right
    assert found.retrieved[0].why == "score 1.00 from dense 0.50"
    text = write(replace(result(), worst=(found,)), tmp_path).read_text()
    assert "8 (right)" in text


def full() -> EvalResult:
    curve = tuple(CurvePoint(n / 10, n / 10, n / 20) for n in range(11))
    return replace(
        result([_table()], [_passes()]),
        abstention=(Abstention("test", 10, 9, 20, 1, curve),),
        timings=(Timing("search", 1.0, 2.0, 2),),
        worst=worst(*_bad()),
        skipped=("quiz: no pages.",),
        gate=GateResult(False, ("own fell.",), 1),
    )


def _bad() -> tuple[Run, list[PageCase], list[PageTable]]:
    case = PageCase("q1", "own", "t", "us", NASTY, (Relevant("right", 2),))
    return Run("ours", "", {"q1": (Hit("wrong", NASTY, 1.0),)}, {}), [case], [_table()]


def _table() -> PageTable:
    names = (("ours", "our default"), ("dense", "dense alone"), ("ours-without-bm25", "ours, bm25 left out"))
    return PageTable("own", 2, 0, tuple(_row(name, about) for name, about in names))


def _row(name: str, about: str) -> SystemRow:
    metrics = ("ndcg@10", "mrr@10", "recall@5", "recall@20", "hit_rate@1")
    mean = Mean(0.5, 0.4, 0.6, 2)
    against = {} if name == "ours" else {metric: Comparison(0.1, 1.25, 0.03, 1, 1, 0) for metric in metrics}
    scores = {metric: {"q1": 0.2, "q2": 0.8} for metric in metrics}
    return SystemRow(name, about, dict.fromkeys(metrics, mean), {"t": mean}, scores, (1.0, 2.0), against)


def _passes() -> PassTable:
    return PassTable("weeks", 9, 10, {"plain": (9, 10)}, (Failure("f1", NASTY, "refused"),))
