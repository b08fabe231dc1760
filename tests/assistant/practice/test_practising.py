"""Own cards, minutes of study by day, the figures of a learner, and the deck for Anki."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.answers import Answer, Citation, Part
from assistant.companion import Companion
from assistant.practice.cards import card_of_answer
from assistant.practice.habits import habits_of
from assistant.study.learner import Learner, LearnerError, StudyDay, progress_of
from assistant.study.review import LONGEST_ANSWER, Review
from corpus.settings import Settings
from ui.pictures import progress_picture

NOW = datetime(2027, 1, 6, 18, tzinfo=UTC)
TODAY = NOW.date()
SETUP = "quick-python-environment-setup"
PIPES, LINUX = "pipes", "linux-cli-refresher"


@pytest.fixture
def companion(tmp_path: Path) -> Iterator[Companion]:
    with closing(Companion(Settings(data=tmp_path))) as opened:
        yield opened


# --- cards ------------------------------------------------------------------------------------------------------------


def test_a_card_keeps_every_part_and_the_code_of_an_answer_whose_first_source_is_a_note() -> None:
    code = "```python\nx = a[1]\n```"
    parts = (
        Part("note", f"Merge by key [1].\n\n{code}"),
        Part("page", "A second part, `b[2]` [2]."),
        Part("notice", "Searched 3 pages."),
    )
    cited = (
        Citation(1, "note", "Our note", "note:python-for-data-analysis", "Merge by key"),
        Citation(2, "page", "A page", "https://page.example/a", "A second part"),
    )
    answer = Answer("How?", parts, cited, resources=("python-for-data-analysis",))
    question, text, source, resource = card_of_answer("How?", answer)
    assert text == f"Merge by key.\n\n{code}\n\nA second part, `b[2]`."
    assert (question, source, resource) == ("How?", "https://page.example/a", "python-for-data-analysis")
    long = card_of_answer("Q" * 3000, Answer("Q", (Part("page", "x" * 30_000),)))
    assert len(long[1]) == LONGEST_ANSWER


def test_a_card_is_changed_suspended_deleted_and_brought_back(companion: Companion) -> None:
    saved = f"saved/{companion.save_card('ada', 'Q?', 'A.', '', '', NOW).id}"
    companion.grade("ada", saved, "good", NOW)
    companion.edit_card("ada", saved, "Q2?", "A2.", NOW)
    (line,) = companion.deck("ada")
    assert (line.card.key, line.card.question, line.card.answer) == (saved, "Q2?", "A2.")
    assert line.due
    companion.suspend("ada", saved, NOW, suspended=True)
    assert not companion.due("ada", NOW + timedelta(days=30))
    assert [line.suspended for line in companion.deck("ada")] == [True]
    companion.suspend("ada", saved, NOW, suspended=False)
    companion.delete_card("ada", saved, NOW)
    assert companion.deck("ada") == ()
    companion.undo("ada")
    assert [item.card.key for item in companion.due("ada", NOW + timedelta(days=30))] == [saved]


def test_what_cannot_be_changed_is_refused_and_left_as_it_was(companion: Companion) -> None:
    companion.mark("ada", LINUX, PIPES, "done", NOW)
    key = companion.deck("ada")[0].card.key
    for deed in (
        lambda: companion.edit_card("ada", key, "Q?", "A.", NOW),
        lambda: companion.delete_card("ada", key, NOW),
        lambda: companion.suspend("ada", "no/card", NOW, suspended=True),
        lambda: companion.edit_card("ada", "saved/none", "", "", NOW),
    ):
        with pytest.raises(LearnerError):
            deed()
    assert companion.deck("ada")[0].card.key == key


def test_suspended_cards_and_days_of_study_come_through_an_export(companion: Companion) -> None:
    companion.mark("ada", LINUX, PIPES, "done", NOW)
    companion.suspend("ada", f"{LINUX}/pipe", NOW, suspended=True)
    data = json.loads(json.dumps(companion.export("ada")))
    companion.restore("eve", data, replace=False)
    assert companion.learner("eve").suspended == (f"{LINUX}/pipe",)
    assert companion.learner("eve").studied == (StudyDay(TODAY, 60),)


# --- minutes by day ---------------------------------------------------------------------------------------------------


def test_minutes_are_counted_on_the_day_on_which_they_are_told(companion: Companion) -> None:
    tomorrow = NOW + timedelta(days=1)
    companion.mark("ada", LINUX, PIPES, "in-progress", NOW, minutes=20)
    companion.mark("ada", LINUX, PIPES, "done", tomorrow)
    assert companion.learner("ada").studied == (StudyDay(TODAY, 20), StudyDay(tomorrow.date(), 40))
    companion.undo("ada")
    assert companion.learner("ada").studied == (StudyDay(TODAY, 20),)


def test_what_was_known_before_is_no_study_of_today(companion: Companion) -> None:
    companion.mark("ada", SETUP, "", "done", NOW)
    companion.mark("ada", LINUX, "", "skipped", NOW)
    assert companion.learner("ada").studied == ()
    assert not companion.today("ada", NOW).over


def test_what_is_taken_away_takes_its_minutes_along(companion: Companion) -> None:
    companion.mark("ada", LINUX, PIPES, "done", NOW)
    companion.mark("ada", LINUX, PIPES, "not-started", NOW)
    assert companion.learner("ada").studied == ()


# --- figures ----------------------------------------------------------------------------------------------------------


def test_the_figures_follow_from_the_days_and_the_reviews(companion: Companion) -> None:
    days = tuple(StudyDay(TODAY - timedelta(days=n), 90) for n in (7, 6, 5, 1, 0))
    learner = Learner("ada", start=date(2026, 12, 1), studied=tuple(reversed(days)))
    ago = {n: NOW - timedelta(days=n) for n in (40, 39, 5, 4, 0)}
    reviews = [
        Review("a/1", "good", ago[40]),
        Review("a/1", "again", ago[39]),  # too long ago to count
        Review("a/1", "good", ago[5]),
        Review("a/1", "good", ago[5]),  # on the same day: learnt, not remembered
        Review("a/2", "good", ago[5]),
        Review("a/2", "again", ago[4]),
        Review("a/3", "good", ago[0]),
    ]
    found = habits_of(
        learner, progress_of(learner, companion.roadmap, companion.notes), reviews, companion.roadmap, TODAY
    )
    assert (found.streak, found.longest) == (2, 4)
    assert (found.retention, found.recalls) == (0.5, 2)
    assert [(week.starts, week.hours) for week in found.weeks[-2:]] == [
        (date(2026, 12, 28), 4.5),
        (date(2027, 1, 4), 3.0),
    ]
    assert found.weeks[-1].reviews == 1
    assert sum(phase.counts.total for phase in found.phases) == len(companion.roadmap.resources)
    assert "50%" in found.text


def test_a_streak_holds_until_the_day_is_over_and_of_nothing_there_is_no_figure(companion: Companion) -> None:
    progress = progress_of(Learner("ada"), companion.roadmap, companion.notes)
    yesterday = Learner("ada", studied=(StudyDay(TODAY - timedelta(days=1), 30),))
    assert habits_of(yesterday, progress, (), companion.roadmap, TODAY).streak == 1
    assert habits_of(yesterday, progress, (), companion.roadmap, TODAY + timedelta(days=1)).streak == 0
    nothing = habits_of(Learner("ada"), progress, (), companion.roadmap, TODAY)
    assert (nothing.streak, nothing.longest, nothing.retention, nothing.recalls) == (0, 0, None, 0)


@pytest.mark.parametrize(("kind", "begins"), [(".png", b"\x89PNG"), (".svg", b"<?xml")])
def test_the_picture_is_drawn_also_of_nothing_and_asks_no_other_host(
    companion: Companion, kind: str, begins: bytes
) -> None:
    drawn = progress_picture(kind, companion.habits("ada", NOW), dark=True)
    assert drawn.startswith(begins)
    assert b'href="http' not in drawn


# --- anki -------------------------------------------------------------------------------------------------------------


def notes_in(apkg: bytes, folder: Path) -> dict[str, str]:
    """Guid -> fields of a deck."""
    with zipfile.ZipFile(io.BytesIO(apkg)) as package:
        path = Path(package.extract("collection.anki2", folder))
    with closing(sqlite3.connect(path)) as database:
        return dict(database.execute("SELECT guid, flds FROM notes"))


def test_a_deck_for_anki_holds_the_cards_and_a_second_one_updates_them(companion: Companion, tmp_path: Path) -> None:
    companion.mark("ada", LINUX, PIPES, "done", NOW)
    saved = companion.save_card("ada", "What is <b>?", "Code:\n\n```\na < b\n```", "https://a.example/", LINUX, NOW)
    first = notes_in(companion.anki("ada", NOW), tmp_path / "first")
    assert len(first) == len(companion.deck("ada"))
    assert any("&lt;b&gt;" in fields and "<pre>" in fields and "a &lt; b" in fields for fields in first.values())
    companion.edit_card("ada", f"saved/{saved.id}", "Another question", "Another answer", NOW)
    companion.suspend("ada", f"{LINUX}/pipe", NOW, suspended=True)
    second = notes_in(companion.anki("ada", NOW + timedelta(days=9)), tmp_path / "second")
    assert set(second) < set(first)
    assert len(second) == len(first) - 1
    assert any("Another question" in fields for fields in second.values())


def test_nothing_to_export_is_said(companion: Companion) -> None:
    with pytest.raises(LearnerError, match="no card to export"):
        companion.anki("ada", NOW)
