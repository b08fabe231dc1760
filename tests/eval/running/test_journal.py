"""A run that was stopped goes on where it was, and only the same run does; progress is told without a terminal."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import pytest
from rich.console import Console

from eval.cases import PageCase, Relevant
from eval.running.journal import Journal, JournalError, journal_path
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
        journal = Journal(journal_path(tmp_path, key))
        done = False
        try:
            found = run_system(System("ours", "", lambda q: search(q, stop)), cases, journal=journal)
            done = True
        finally:
            journal.close(done=done)
        return found

    with pytest.raises(KeyboardInterrupt):
        run(stop="question 3")
    with journal_path(tmp_path, "k").open("a") as file:
        file.write('["ours", "q3", [1')  # it was killed in the middle of a line
    asked.clear()
    resumed = run()
    assert asked == ["question 0", "question 3", "question 4", "question 5"]  # the first is the one that is not counted
    assert not journal_path(tmp_path, "k").exists()
    whole = run()
    assert resumed.rankings == whole.rankings
    with pytest.raises(KeyboardInterrupt):
        run(stop="question 3")
    asked.clear()
    run(key="another")
    assert len(asked) == len(cases) + 1
    asked.clear()
    assert run().rankings == whole.rankings  # the other run left it what it had
    assert len(asked) == 1 + 3


def test_two_runs_at_once_keep_apart_and_the_same_one_is_refused(tmp_path: Path) -> None:
    one, other = Journal(journal_path(tmp_path, "one")), Journal(journal_path(tmp_path, "other"))
    one.put("ours", "q", 1)
    other.put("ours", "q", 2)
    with pytest.raises(JournalError, match="going on already"):
        Journal(journal_path(tmp_path, "one"))
    other.close(done=True)
    one.close(done=False)
    again = Journal(journal_path(tmp_path, "one"))
    assert again.get("ours", "q") == 1
    again.close(done=True)
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_nobody_went_on_with_for_a_week_is_forgotten(tmp_path: Path) -> None:
    old = journal_path(tmp_path, "old")
    old.touch()
    os.utime(old, (0, 0))
    fresh = journal_path(tmp_path, "fresh")
    fresh.touch()
    journal_path(tmp_path, "new")
    assert not old.exists()
    assert fresh.exists()


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
