"""The scripted year on SQLite and on PostgreSQL: it ends with everything done, and both tell the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.companion import Companion
from assistant.service import Assistant
from corpus.settings import Settings
from tests.scripted_year import BEGIN, REMOVED, WHO, a_year

SKIPPED = "linux-cli-refresher"
OTHER_OF_A_PAIR = {"andrew-ng-machine-learning-specialization", "coursera-deep-learning-specialization"}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Companion, list[str]]]:
    """The year on SQLite."""
    assistant = Assistant(Settings(data=tmp_path_factory.mktemp("year")))
    with closing(assistant.companion) as companion:
        yield companion, list(a_year(assistant))


def test_a_year_with_two_slips_and_an_edit_of_the_roadmap_ends_with_everything_done(
    year: tuple[Companion, list[str]],
) -> None:
    check_finished(*year)


def test_the_same_year_on_postgresql_ends_and_tells_the_same(
    year: tuple[Companion, list[str]], postgres_url: str, tmp_path: Path
) -> None:
    assistant = Assistant(Settings(data=tmp_path, learners=postgres_url))
    with closing(assistant.companion) as companion:
        told = list(a_year(assistant))
        check_finished(companion, told)
        assert told == year[1]
        assert companion.export(WHO) == year[0].export(WHO)
    assert not (tmp_path / "learner.db").exists()


def check_finished(companion: Companion, told: list[str]) -> None:
    """Everything that counts is done, what was skipped stays skipped, and the removed row is kept as an orphan."""
    end = BEGIN + timedelta(weeks=60)
    report = companion.report(WHO, end)
    statuses = {line.resource: line.status for line in report.lines}
    assert {id for id, status in statuses.items() if status == "not-started"} == OTHER_OF_A_PAIR
    assert statuses[SKIPPED] == "skipped"
    assert {mark.resource for mark in report.orphans} == {REMOVED}
    assert companion.next(WHO, end).finished
    slips = [text for text in told if "behind it" in text]
    assert "3 weeks behind it" in slips[0]
    assert "1 week behind it" in slips[1]  # two weeks away, one of them made up for by buffers
    assert "Finished" in told[-2]
    assert date(2027, 11, 1) < max(companion.learner(WHO).day(mark.at) for mark in companion.learner(WHO).marks)
    assert len(companion.cards(WHO, end).history) > 100
