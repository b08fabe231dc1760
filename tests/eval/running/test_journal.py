"""A run that was stopped goes on where it was, and only the same run does; progress is told without a terminal."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pytest
from rich.console import Console

from eval.cases import PageCase, Relevant
from eval.running.journal import Journal
from eval.running.telling import progress_task, shown
from eval.runs import Hit, Run, System, run_system


def test_a_stopped_run_asks_only_what_it_had_not_asked(tmp_path: Path) -> None:
    cases = [PageCase(f"q{n}", "mine", "t", "me", f"question {n}", (Relevant("u1", 2),)) for n in range(6)]
    asked: list[str] = []

    def search(question: str, stop: str = "") -> list[Hit]:
        if question == stop:
            raise KeyboardInterrupt
        asked.append(question)
        return [Hit("u2", "h", 2.0, {"dense": 1.0}), Hit("u1", "h", 1.0)]

    def run(stop: str = "", key: str = "k") -> Run:
        journal = Journal(tmp_path / "j", key)
        done = False
        try:
            found = run_system(System("ours", "", lambda q: search(q, stop)), cases, journal=journal)
            done = True
        finally:
            journal.close(done=done)
        return found

    with pytest.raises(KeyboardInterrupt):
        run(stop="question 3")
    with (tmp_path / "j").open("a") as file:
        file.write('["ours", "q3", [1')  # it was killed in the middle of a line
    asked.clear()
    resumed = run()
    assert asked == ["question 0", "question 3", "question 4", "question 5"]  # the first is the one that is not counted
    assert not (tmp_path / "j").exists()
    whole = run()
    assert resumed.rankings == whole.rankings
    with pytest.raises(KeyboardInterrupt):
        run(stop="question 3")
    asked.clear()
    run(key="another")
    assert len(asked) == len(cases) + 1


def test_a_log_gets_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    log = io.StringIO()
    with progress_task(shown(Console(file=log, width=100)), "asking", 40) as tick:
        for _ in range(40):
            now += 1.0
            tick(1)
    assert log.getvalue().splitlines() == [
        "asking: 15 of 40, 1.0 a second, about 25 s left",
        "asking: 30 of 40, 1.0 a second, about 10 s left",
        "asking: 40 of 40, 1.0 a second",
    ]
