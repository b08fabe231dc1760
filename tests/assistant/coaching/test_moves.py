"""Shifts, pauses, hours by week and the calendar's own address; a clock that goes back; nothing left to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from assistant.coaching.setup import Setup
from assistant.companion import Companion
from assistant.recommendation.progress import InputError
from assistant.store.database import StoreError
from corpus.settings import Settings

MONDAY = datetime(2027, 1, 4, 12, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
def companion(tmp_path: Path) -> Iterator[Companion]:
    """With a learner whose plan begins on a Monday."""
    opened = Companion(Settings(data=tmp_path))
    opened.start("ada", Setup(MONDAY.date(), 8), MONDAY)
    yield opened
    opened.close()


def ends(companion: Companion, now: datetime) -> date:
    plan = companion.plan("ada", now)
    assert plan is not None
    return plan.ends


def test_only_what_was_begun_is_under_way(companion: Companion) -> None:
    now = MONDAY + 2 * WEEK
    assert "now" not in {bar.state for bar in companion.outlook("ada", now).bars}
    companion.mark("ada", "linux-cli-refresher", "pipes", "done", now)
    begun = [bar.resource for bar in companion.outlook("ada", now).bars if bar.state == "now"]
    assert begun == ["linux-cli-refresher"]
    assert begun == [bar.resource for bar in companion.report("ada", now).bars if bar.state == "now"]


def test_a_plan_that_was_moved_is_said_to_continue_and_not_to_be_on_a_pause(companion: Companion) -> None:
    companion.shift("ada", 1, MONDAY)
    told = (companion.where("ada", MONDAY).text, companion.today("ada", MONDAY).text)
    assert told == ("Nothing new until 2027-01-11: your plan continues then.", "Nothing new until 2027-01-11.")


@pytest.mark.parametrize("day", range(7))
def test_a_plan_under_way_moves_by_whole_weeks_and_back(companion: Companion, day: int) -> None:
    now = MONDAY + 2 * WEEK + timedelta(days=day)
    before = ends(companion, now)

    for weeks in (1, 2, -1, -2):
        was = ends(companion, now)
        companion.shift("ada", weeks, now)
        assert ends(companion, now) == was + weeks * WEEK

    assert ends(companion, now) == before
    assert companion.learner("ada").pauses == ()
    with pytest.raises(InputError, match="no pause ahead"):
        companion.shift("ada", -1, now)


def test_a_plan_that_has_not_begun_begins_on_another_day(companion: Companion) -> None:
    now = MONDAY - WEEK
    companion.shift("ada", 2, now)
    assert companion.learner("ada").start == (MONDAY + 2 * WEEK).date()
    assert companion.learner("ada").pauses == ()
    companion.shift("ada", -2, now)
    with pytest.raises(InputError, match="in the past"):
        companion.shift("ada", -2, now)
    assert companion.learner("ada").start == MONDAY.date()


@pytest.mark.parametrize("weeks", [0, 53, -53, 10**12])
def test_a_shift_that_is_none_is_refused(companion: Companion, weeks: int) -> None:
    with pytest.raises(InputError, match="cannot move by"):
        companion.shift("ada", weeks, MONDAY)
    with pytest.raises(InputError, match="no plan yet"):
        companion.shift("ben", 1, MONDAY)


def test_a_pause_is_ended_taken_away_or_stays(companion: Companion) -> None:
    today = MONDAY + 3 * WEEK
    for first, last in (((2027, 1, 11), (2027, 1, 12)), ((2027, 1, 20), (2027, 1, 31)), ((2027, 3, 1), (2027, 3, 7))):
        companion.pause("ada", date(*first), date(*last), MONDAY)

    companion.unpause("ada", date(2027, 1, 20), today)
    companion.unpause("ada", date(2027, 3, 1), today)

    kept = [(p.first, p.last) for p in companion.learner("ada").pauses]
    assert kept == [(date(2027, 1, 11), date(2027, 1, 12)), (date(2027, 1, 20), date(2027, 1, 24))]
    with pytest.raises(InputError, match="is over"):
        companion.unpause("ada", date(2027, 1, 11), today)
    with pytest.raises(InputError, match="No pause begins"):
        companion.unpause("ada", date(2027, 1, 13), today)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2027, 2, 2), date(2027, 2, 1), "swap the dates"),
        (date(2026, 1, 1), date(2026, 1, 9), "before the plan begins"),
        (date(2027, 2, 1), date(2029, 2, 1), "is a new start"),
    ],
)
def test_a_pause_that_is_none_is_refused(companion: Companion, first: date, last: date, said: str) -> None:
    with pytest.raises(InputError, match=said):
        companion.pause("ada", first, last, MONDAY)
    assert companion.learner("ada").pauses == ()


def test_hours_by_week_are_all_that_was_done_also_in_a_pause(companion: Companion) -> None:
    companion.pause("ada", date(2027, 1, 18), date(2027, 1, 24), MONDAY)
    setup = companion.roadmap.resources[0].id
    companion.mark("ada", setup, "", "done", MONDAY + timedelta(days=15))  # in the pause
    now = MONDAY + 4 * WEEK

    weeks = companion.hours_by_week("ada", now)

    assert [week.first.isoformat() for week in weeks] == ["2027-01-04", "2027-01-11", "2027-01-25", "2027-02-01"]
    done = companion.outlook("ada", now).lines.done[-1][1]
    assert [week.done for week in weeks] == [0, done, 0, 0]
    assert done > 0
    assert [week.planned for week in weeks] == [8, 8, 8, 8]
    assert companion.hours_by_week("ada", MONDAY - WEEK) == ()


def test_the_calendar_has_an_address_of_its_own_that_stays_up_to_date(companion: Companion) -> None:
    secret = companion.set_feed("ada", on=True)
    assert len(secret) >= 32
    before = first_day(companion.fed_calendar(secret, MONDAY))

    companion.shift("ada", 1, MONDAY)

    assert first_day(companion.fed_calendar(secret, MONDAY)) == before + WEEK
    assert secret not in str(companion.export("ada"))
    anew = companion.set_feed("ada", on=True)
    assert companion.fed_calendar(secret, MONDAY) is None
    assert companion.fed_calendar("", MONDAY) is None
    companion.undo("ada")
    assert companion.feed("ada") == anew
    companion.forget("ada")
    assert companion.fed_calendar(anew, MONDAY) is None
    assert companion.feed("nobody") == ""


def test_without_a_plan_the_address_gives_a_calendar_without_events(companion: Companion) -> None:
    secret = companion.set_feed("ada", on=True)
    while companion.learner("ada").start:
        companion.undo("ada")
    assert events(companion.fed_calendar(secret, MONDAY)) == []


def test_a_clock_that_goes_back_loses_nothing(companion: Companion) -> None:
    later = MONDAY + 20 * WEEK
    companion.mark("ada", companion.roadmap.resources[0].id, "", "done", later)
    companion.shift("ada", 1, later)
    kept = companion.start("ada", Setup(MONDAY.date(), 9), later)

    for now in (MONDAY - 60 * WEEK, MONDAY, MONDAY + WEEK):
        assert companion.outline("ada", now) is not None
        assert len(companion.hours_by_week("ada", now)) in (0, 1, 2)
        assert companion.outlook("ada", now).bars
        companion.where("ada", now)
        companion.today("ada", now)

    assert companion.learner("ada") == kept


def test_when_nothing_is_left_the_plan_moves_without_harm(companion: Companion) -> None:
    for resource in companion.roadmap.resources:
        companion.mark("ada", resource.id, "", "done", MONDAY)

    companion.shift("ada", 1, MONDAY)

    preview = companion.outline("ada", MONDAY)
    assert preview is not None
    assert preview.text.startswith("Nothing is left")
    assert events(companion.fed_calendar(companion.set_feed("ada", on=True), MONDAY)) == []
    assert sum(week.done for week in companion.hours_by_week("ada", MONDAY)) > 100


def test_where_nothing_can_be_kept_no_address_is_made(tmp_path: Path) -> None:
    (tmp_path / "learner.db").write_bytes(b"no database")
    opened = Companion(Settings(data=tmp_path))
    with pytest.raises(StoreError):
        opened.set_feed("ada", on=True)


def events(data: bytes | None) -> list[date]:
    assert data is not None
    return [event["DTSTART"].dt for event in Calendar.from_ical(data).walk("VEVENT")]


def first_day(data: bytes | None) -> date:
    return min(events(data))
