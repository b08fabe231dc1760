"""A whole run over a real index: figures, run files, report, pin and gate."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from corpus.settings import Settings
from eval.cases import SuiteError
from eval.report.gate import BaselineError
from eval.suite import run_eval
from eval.systems.configurations import ConfigurationError
from ingest.pipeline import ingest


def test_an_unknown_suite_is_refused_before_anything_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="no suite 'wekks'"):
        run_eval(Settings(data=tmp_path / "none"), "wekks")
    assert not (tmp_path / "none").exists()


def test_a_broken_baseline_is_told_before_anything_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "baseline.json").write_text("{")
    with pytest.raises(BaselineError, match="is not a baseline"):
        run_eval(Settings(data=tmp_path / "none"), "next", gated=True, baseline=tmp_path / "baseline.json")


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The roadmap and the notes, as `roadmap ingest` indexes them on a fresh clone."""
    settings = Settings(data=tmp_path_factory.mktemp("eval"))
    ingest(settings)
    return settings


@pytest.mark.e2e
def test_a_run_is_measured_pinned_and_passes_its_own_gate(indexed: Settings, tmp_path: Path) -> None:
    baseline = tmp_path / "baseline.json"
    result = run_eval(indexed, "own,outside,next", "bm25", tmp_path / "report", pin=True, baseline=baseline)
    assert [row.system for row in result.tables[0].rows] == ["bm25", "ours", "oracle"]
    assert {table.suite for table in result.passes} == {"next", "outside", "citations", "answered"}
    assert result.report is not None
    assert sorted(path.name for path in (tmp_path / "report" / "runs").iterdir()) == [
        "bm25.run",
        "oracle.run",
        "ours.run",
        "qrels.txt",
    ]
    assert result.skipped[0].startswith("answerable: the index holds no pages")
    assert {"encode the question", "search: ours"} <= {timing.stage for timing in result.timings}
    again = run_eval(indexed, "own,outside,next", gated=True, baseline=baseline)
    assert again.gate is not None
    assert again.gate.problems == ()


@pytest.mark.e2e
def test_the_command_of_a_report_can_be_typed_again_and_only_what_was_asked_for_is_left_out(
    indexed: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "my report"
    result = run_eval(indexed, "next, attributes", report_dir=folder)
    assert shlex.split(result.command) == ["roadmap", "eval", "--suite", "next, attributes", "--report", str(folder)]
    assert result.skipped == ()


@pytest.mark.e2e
def test_an_unknown_configuration_is_refused(indexed: Settings) -> None:
    with pytest.raises(ConfigurationError, match="no configuration 'best'"):
        run_eval(indexed, "own", "best")
