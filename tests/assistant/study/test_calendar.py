"""Calendar files that are imported one over the other: no week is stale, none is there twice. Read by two libraries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from assistant.companion import Companion
from corpus.settings import Settings
from tests.answer_fixtures import NOW, Talk, over

vobject = pytest.importorskip("vobject")
Entry = tuple[int, bool, date, str]
"""SEQUENCE, whether it stands, first day, summary."""


def with_icalendar(data: bytes) -> Iterator[tuple[str, Entry]]:
    for event in Calendar.from_ical(data).walk("VEVENT"):
        stands = str(event["STATUS"]) != "CANCELLED"
        yield str(event["UID"]), (int(event["SEQUENCE"]), stands, event["DTSTART"].dt, str(event["SUMMARY"]))


def with_vobject(data: bytes) -> Iterator[tuple[str, Entry]]:
    for event in vobject.readOne(data.decode()).vevent_list:
        stands = event.status.value != "CANCELLED"
        yield event.uid.value, (int(event.sequence.value), stands, event.dtstart.value, event.summary.value)


class Program:
    """A calendar program: what has a UID is replaced by what has a higher SEQUENCE, and goes where it is cancelled."""

    def __init__(self, read: Callable[[bytes], Iterator[tuple[str, Entry]]]) -> None:
        self._read, self._entries = read, dict[str, Entry]()

    def take(self, data: bytes) -> None:
        for uid, entry in self._read(data):
            if uid not in self._entries or entry[0] > self._entries[uid][0]:
                self._entries[uid] = entry

    def shown(self) -> list[tuple[date, str]]:
        return sorted((day, summary) for _, stands, day, summary in self._entries.values() if stands)


@pytest.fixture(params=[with_icalendar, with_vobject], ids=["icalendar", "vobject"])
def program(request: pytest.FixtureRequest) -> Program:
    return Program(request.param)


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Talk]:
    companion = Companion(Settings(data=tmp_path))
    yield Talk(over(companion))
    companion.close()


def taken(talk: Talk, program: Program, now: datetime) -> list[tuple[date, str]]:
    """Imports the file of a moment; gives what the plan says to be shown from there on."""
    companion = talk.assistant.companion
    plan = companion.plan(talk.person, now)
    assert plan is not None
    program.take(companion.calendar(talk.person, plan, now))
    titles = companion.roadmap.title_of
    return sorted(
        (week.starts, f"Roadmap week {week.number}: {', '.join(map(titles, week.resources)) or 'buffer'}")
        for week in plan.weeks
    )


CHANGES = {
    "a pause": ["I am on holiday from 1 March 2027 to 10 March 2027"],
    "two pauses": ["pause from 1 March 2027 to 10 March 2027", "pause from 2 August 2027 to 22 August 2027"],
    "a faster pace": ["I have 20 hours a week"],
    "a slower pace": ["I have 3 hours a week"],
    "a slower pace that is taken back": ["I have 3 hours a week", "undo that"],
    "an earlier start": ["I start on 2026-12-07"],
    "a later start": ["I start on 2027-02-01"],
    "a start on another day of the week": ["I start on 2026-12-31"],
    "much that is done": ["I finished the pandas book and fast.ai", "I finished the linear algebra videos"],
    "a pause that is over early": ["pause from 1 March 2027 to 31 March 2027", "I resume on 10 March 2027"],
}


@pytest.mark.parametrize("said", CHANGES.values(), ids=CHANGES)
def test_after_any_change_the_calendar_holds_the_plan_and_nothing_else(
    said: list[str], talk: Talk, program: Program
) -> None:
    talk("I start on 2027-01-04")
    taken(talk, program, NOW)
    wanted: list[tuple[date, str]] = []
    for number, sentence in enumerate(said, 1):
        talk(sentence)
        wanted = taken(talk, program, NOW + timedelta(seconds=number))
    assert program.shown() == wanted


def test_weeks_that_are_over_stay_where_they_were(talk: Talk, program: Program) -> None:
    talk("I start on 2027-01-04")
    first = taken(talk, program, NOW)
    later = NOW + timedelta(weeks=5)
    wanted = taken(talk, program, later)
    assert program.shown() == sorted([*[entry for entry in first if entry[0] < wanted[0][0]], *wanted])


def test_the_same_file_twice_changes_nothing_and_a_later_one_wins_within_a_second(talk: Talk, program: Program) -> None:
    talk("I start on 2027-01-04")
    assert taken(talk, program, NOW) == program.shown()
    talk("I have 20 hours a week")
    wanted = taken(talk, program, NOW)
    assert program.shown() == wanted
    assert taken(talk, program, NOW) == wanted == program.shown()


def test_who_is_forgotten_has_no_calendar_left(talk: Talk) -> None:
    talk("I start on 2027-01-04")
    companion = talk.assistant.companion
    plan = companion.plan(talk.person, NOW)
    assert plan is not None
    companion.calendar(talk.person, plan, NOW)
    companion.forget(talk.person)
    assert b"CANCELLED" not in companion.calendar(talk.person, replace(plan, weeks=plan.weeks[:3]), NOW)
