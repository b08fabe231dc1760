"""The commands of a stored learner: what they keep, draw, write and refuse."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ui.cli import main

PYTHON = "python-for-data-analysis"
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Call:
    """Calls `main` with arguments; a data folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ROADMAP_DATA", str(tmp_path / "data"))

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["roadmap", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return (int(ended.value.code or 0), *capfd.readouterr())

    return run


def told(call: Call, *arguments: str) -> dict[str, Any]:
    status, out, err = call(*arguments, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)


def test_a_learner_is_kept_shown_drawn_and_moved(call: Call, tmp_path: Path) -> None:
    assert told(call, "learner", "--start", "2027-01-04", "--hours", "10")["hours"] == 10
    told(call, "progress", PYTHON, "--unit", "ch03", "--status", "done")
    told(call, "ask", "I finished the quick Python setup")
    assert told(call, "next")["resource"] == PYTHON
    assert told(call, "next", "--week", "9")["resource"].startswith("fast-ai")
    plan = told(call, "plan", "--png", "p.png", "--html", "p.html", "--ics", "p.ics", "--by", "2040-01-01")
    assert {"weeks", "ends", "moved", "deadline"} <= set(plan)
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")
    page = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert "<svg" in page
    assert "<script" not in page
    assert told(call, "today", "--minutes", "25")["minutes"] <= 25
    due = told(call, "review")["due"]
    assert told(call, "review", "--card", due[0]["key"], "--grade", "good")["reviews"] == 1
    assert told(call, "export", "me.json")["marks"] == 2
    assert told(call, "import", "me.json", "--learner", "copy")["marks"] == 2
    assert told(call, "progress", "--learner", "other")["burn_up"]["planned"] == []


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["plan"], 2, "start"),
        (["plan", "--start", "2027-01-04"], 2, "--hours"),
        (["plan", "--start", "2027-01-04", "--hours", "0"], 2, "0 hours"),
        (["plan", "--start", "2027-01-04", "--hours", "10", "--png", "p.gif"], 2, "p.gif"),
        (["progress", "fastai", "--status", "done"], 2, "'fastai'"),
        (["progress", PYTHON], 2, "--status"),
        (["review", "--card", "x"], 2, "--grade"),
        (["say", "what is attention?"], 2, "roadmap ask"),
        (["say", "undo"], 1, "no change"),
        (["learner", "--timezone", "Nowhere/Land"], 1, "Nowhere/Land"),
        (["import", "missing.json"], 2, "missing.json"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(call: Call, arguments: list[str], status: int, words: str) -> None:
    ended, out, err = call(*arguments)
    assert (ended, out) == (status, "")
    assert words in err
    assert len(err.splitlines()) == 1
