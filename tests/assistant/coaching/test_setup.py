"""The first questions: what is previewed is what is kept, the figures add up, and what cannot be is one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.coaching.setup import Setup, known_already
from assistant.companion import Companion
from assistant.recommendation.progress import InputError
from assistant.study.preferences import Wishes
from corpus.settings import Settings

NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)
START = date(2027, 1, 11)
PANDAS, SETUP = "python-for-data-analysis", "quick-python-environment-setup"


@pytest.fixture
def companion(tmp_path: Path) -> Iterator[Companion]:
    opened = Companion(Settings(data=tmp_path))
    yield opened
    opened.close()


def test_what_is_previewed_is_what_is_kept(companion: Companion) -> None:
    setup = Setup(START, 6, known=frozenset({PANDAS}), prefer="code", free_only=True, formats=("video",))

    preview = companion.preview("ada", setup, NOW)

    assert companion.learner("ada").start is None
    after = companion.start("ada", setup, NOW)
    plan = companion.plan("ada", NOW)
    assert plan is not None
    assert (plan.ends, plan.total_hours) == (preview.plan.ends, preview.plan.total_hours)
    assert PANDAS not in plan.resources
    assert (after.prefer, after.free_only, after.formats, after.hours) == ("code", True, ("video",), 6)
    companion.undo("ada")
    assert companion.learner("ada").start is None


def test_the_figures_add_up_and_the_ways_to_be_quicker_are(companion: Companion) -> None:
    preview = companion.preview("ada", Setup(START, 8), NOW)

    assert preview.weeks == -(-preview.plan.total_hours // 8)
    assert f"{preview.plan.total_hours:g} hours at 8 hours a week are {preview.weeks} weeks." in preview.text
    assert preview.span == 48
    assert "Why not 48 weeks?" in preview.compared
    own = companion.preview("ada", Setup(START, preview.pace), NOW)
    assert own.weeks <= 48 < companion.preview("ada", Setup(START, preview.pace - 0.5), NOW).weeks
    assert len(preview.shorter) == 3
    for way in preview.shorter:
        assert way.weeks < preview.weeks
        assert way.ends < preview.plan.ends


@pytest.mark.parametrize("by", [date(2027, 12, 31), date(2029, 6, 1)])
def test_a_last_day_sets_the_hours(companion: Companion, by: date) -> None:
    preview = companion.preview("ada", Setup(START, by=by), NOW)

    assert preview.plan.ends <= by
    less = Setup(START, preview.plan.hours - 0.5)
    assert companion.preview("ada", less, NOW).plan.ends > by


def test_what_is_no_longer_known_comes_back_and_other_marks_stay(companion: Companion) -> None:
    companion.mark("ada", SETUP, "", "done", NOW)
    companion.start("ada", Setup(START, 8, known=frozenset({PANDAS, SETUP})), NOW)
    assert known_already(companion.learner("ada")) == {PANDAS}

    after = companion.start("ada", Setup(START, 8), NOW)

    assert [(m.resource, m.status) for m in after.marks] == [(SETUP, "done")]


@pytest.mark.parametrize(
    ("setup", "said"),
    [
        (Setup(date(1900, 1, 1), 8), "cannot start on 1900-01-01"),
        (Setup(date(2200, 6, 1), 8), "cannot start on 2200-06-01"),
        (Setup(START, 0), "0 hours a week cannot be planned with"),
        (Setup(START, 200), "200 hours a week cannot be planned with"),
        (Setup(START, float("nan")), "hours a week cannot be planned with"),
        (Setup(START, by=START + timedelta(days=20)), "Even 100 hours a week are too few"),
        (Setup(START, by=START - timedelta(days=1)), "is before the start"),
        (Setup(START, by=date(2300, 1, 1)), "cannot end by 2300-01-01"),
        (Setup(START, 8, known=frozenset({"no-such-thing"})), "No resource has the id"),
        (Setup(START, 8, formats=("smell",)), "Format 'smell' is unknown"),
        (Setup(START, 8, prefer="x"), "Preference 'x' is unknown"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_changes_nothing(companion: Companion, setup: Setup, said: str) -> None:
    before = companion.start("ada", Setup(START, 5), NOW)

    for ask in (companion.preview, companion.start):
        with pytest.raises(InputError, match=said):
            ask("ada", setup, NOW)

    assert companion.learner("ada") == before


def test_a_plan_of_nothing_says_so(companion: Companion) -> None:
    everything = frozenset(resource.id for resource in companion.roadmap.resources)

    preview = companion.preview("ada", Setup(START, 8, known=everything), NOW)

    assert (preview.weeks, preview.shorter, preview.compared) == (0, (), "")
    assert preview.text.startswith("Nothing is left to plan")
    companion.start("ada", Setup(START, by=START, known=everything), NOW)
    assert companion.outline("ada", NOW) is not None


def test_the_week_one_is_in_holds_everywhere(companion: Companion) -> None:
    """By their own word: what ends before it is neither planned nor recommended, and not counted as done."""
    companion.start("ada", Setup(START, 8), NOW)
    whole = companion.plan("ada", NOW)

    companion.prefer("ada", Wishes(week=14), NOW)

    plan, week = companion.plan("ada", NOW), companion.week("ada", NOW)
    assert plan is not None
    assert whole is not None
    assert plan.total_hours < whole.total_hours
    assert week == 14
    first = companion.roadmap.resource(plan.weeks[0].resources[0])
    assert first is not None
    assert first.weeks.last >= 14
    assert companion.next("ada", NOW).resource == first.id
    assert companion.today("ada", NOW).items[0].key.startswith(first.id)
    assert not companion.progress("ada").done
    companion.prefer("ada", Wishes(week=0), NOW)
    assert companion.plan("ada", NOW) == whole
    with pytest.raises(InputError, match="no week 60"):
        companion.prefer("ada", Wishes(week=60), NOW)


def test_hours_by_weekday_make_the_day(companion: Companion) -> None:
    companion.prefer("ada", Wishes(start=NOW.date().isoformat(), weekdays=[2, 0, 1, 1, 1, 0, 3]), NOW)

    assert companion.learner("ada").hours == 8
    assert companion.today("ada", NOW).budget == 120
    tuesday = companion.today("ada", NOW + timedelta(days=1))
    assert (tuesday.budget, tuesday.items) == (0, ())
    assert "Tuesday is a day off" in tuesday.text
    assert companion.today("ada", NOW + timedelta(days=1), 30).minutes > 0
    companion.prefer("ada", Wishes(hours=16), NOW)
    assert companion.today("ada", NOW).budget == 240
    for hours in ([1, 2], [25, 0, 0, 0, 0, 0, 0], [0] * 7, [-1, 3, 0, 0, 0, 0, 0], [float("nan")] * 7):
        with pytest.raises(InputError):
            companion.prefer("ada", Wishes(weekdays=hours), NOW)


def test_an_export_brings_the_week_and_the_weekdays_back_and_an_old_one_is_read(companion: Companion) -> None:
    before = companion.prefer("ada", Wishes(start="2027-01-04", week=9, weekdays=[1, 1, 1, 1, 1, 1, 2]), NOW)
    export = companion.export("ada")

    assert companion.restore("ben", export, replace=False) == replace(before, name="ben")
    for said in (export["learner"], *(change["before"] for change in export["changes"])):
        del said["week"], said["weekdays"]
    assert companion.restore("cem", export, replace=False).week is None
