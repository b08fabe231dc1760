"""What a learner really says: parts of a resource, time spent, weeks, days away, paces to try; read and answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.language.commands.understand import understand
from assistant.language.dates import find_day, find_range, find_stretch
from assistant.language.durations import find_minutes, find_pace
from assistant.language.unit_reader import Numbered, find_numbered, find_places
from assistant.study.change import Command, Unclear
from assistant.study_answers.companion import Companion
from assistant.study_answers.replies import reply
from corpus.notes import load_notes
from corpus.reader import read_roadmap
from corpus.settings import Settings

ROADMAP = read_roadmap()
NOTES = load_notes()
TODAY = date(2027, 1, 6)  # a Wednesday
NOW = datetime(2027, 1, 6, 18, tzinfo=UTC)
FAST_AI = "fast-ai-practical-deep-learning-for-coders"
COURSERA = "coursera-deep-learning-specialization"
LINUX = "linux-cli-refresher"
SETUP = "quick-python-environment-setup"
PYTHON = "python-for-data-analysis"
MATHS = "mathematics-for-machine-learning-specialization"
ZERO = "neural-networks-zero-to-hero"


@pytest.fixture
def companion(tmp_path: Path) -> Iterator[Companion]:
    """A learner who began on Monday."""
    opened = Companion(Settings(data=tmp_path))
    said(opened, "I start on 2027-01-04")
    yield opened
    opened.close()


def said(companion: Companion, text: str, now: datetime = NOW) -> str:
    answer = reply(companion, text, "ada", now, None)
    assert answer is not None, text
    return answer.text


def heard(text: str) -> Command | Unclear | None:
    return understand(text, ROADMAP, NOTES, TODAY)


def command(text: str) -> Command:
    found = heard(text)
    assert isinstance(found, Command), (text, found)
    return found


def unclear(text: str) -> Unclear:
    found = heard(text)
    assert isinstance(found, Unclear), (text, found)
    return found


# --- times and days ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("40 minutes", 40),
        ("half an hour", 30),
        ("an hour and a half", 90),
        ("two and a half hours", 150),
        ("1h30", 90),
        ("1 h 20 min", 80),
        ("twenty five minutes", 25),
        ("three quarters of an hour", 45),
        ("1,5 hours", 90),
        ("a while", None),
    ],
)
def test_amounts_of_time_are_read(text: str, minutes: float | None) -> None:
    assert find_minutes(text) == minutes


@pytest.mark.parametrize(
    ("text", "pace"),
    [
        ("5 hours a week", 5),
        ("30 minutes every day", 3.5),
        ("an hour each evening", 7),
        ("2 h on weekdays", 10),
        ("10h/week", 10),
        ("5 hours", None),
        ("2 hours this week", None),
    ],
)
def test_paces_are_read(text: str, pace: float | None) -> None:
    found = find_pace(text)
    assert (found[0] if found else None) == pace


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("by the end of june", date(2027, 6, 30)),
        ("the end of the month", date(2027, 1, 31)),
        ("the end of next month", date(2027, 2, 28)),
        ("the end of the year", date(2027, 12, 31)),
        ("mid-march", date(2027, 3, 15)),
        ("in two weeks", date(2027, 1, 20)),
        ("3 days ago", date(2027, 1, 3)),
        ("last monday", date(2027, 1, 4)),
        ("last wednesday", date(2026, 12, 30)),
        ("in may", date(2027, 5, 1)),
        ("i may go on", None),
    ],
)
def test_days_are_read(text: str, day: date | None) -> None:
    assert find_day(text, TODAY) == day


def test_days_of_the_past_lie_behind() -> None:
    assert find_day("on 1 september", TODAY, past=True) == date(2026, 9, 1)
    assert find_day("on monday", TODAY, past=True) == date(2027, 1, 4)
    assert find_stretch("last week", TODAY, past=True) == (date(2026, 12, 28), date(2027, 1, 3))


def test_ranges_and_stretches_are_read() -> None:
    assert find_range("from 1 to 14 august", TODAY) == (date(2027, 8, 1), date(2027, 8, 14))
    assert find_range("from august 1 to 14", TODAY) == (date(2027, 8, 1), date(2027, 8, 14))
    assert find_range("from friday to monday", TODAY) == (date(2027, 1, 8), date(2027, 1, 11))
    assert find_range("from friday until monday", TODAY) == (date(2027, 1, 8), date(2027, 1, 10))
    assert find_range("from 9 to 5", TODAY) is None
    assert find_stretch("this weekend", TODAY) == (date(2027, 1, 9), date(2027, 1, 10))
    assert find_stretch("in august", TODAY) == (date(2027, 8, 1), date(2027, 8, 31))
    assert find_stretch("this week", TODAY) == (TODAY, date(2027, 1, 10))


def test_numbers_of_units_and_weeks_are_read() -> None:
    assert find_numbered("lessons 1 to 3") == Numbered("lesson", (1, 2, 3))
    assert find_numbered("chapters 1, 2 and 5") == Numbered("chapter", (1, 2, 5))
    assert find_numbered("the first two lessons") == Numbered("lesson", (1, 2))
    assert find_numbered("the last module") == Numbered("module", (-1,))
    assert find_places("everything up to week 3") == Numbered("week", (0, 1, 2, 3))
    assert find_places("all of it before week 3") == Numbered("week", (0, 1, 2))
    assert find_places("phase one") == Numbered("phase", (1,))
    assert find_places("lesson 3") is None


# --- what is marked ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("I finished lessons 1-3 of fast.ai", ("lesson-1", "lesson-2", "lesson-3")),
        ("I watched the first two lessons of fast.ai", ("lesson-1", "lesson-2")),
        ("mark lesson two of fast.ai as done", ("lesson-2",)),
        ("lesson 4 of fast.ai is done", ("lesson-4",)),
        ("fast.ai lessons 1 and 2: done", ("lesson-1", "lesson-2")),
        ("fast.ai done", ()),
    ],
)
def test_parts_are_marked_and_not_the_whole(text: str, units: tuple[str, ...]) -> None:
    found = command(text)
    assert (found.kind, found.resources, found.units) == ("done", (FAST_AI,), units)


@pytest.mark.parametrize(
    "text",
    [
        "I finished half of fast.ai",
        "I did most of fast.ai",
        "I read a few chapters of Python for Data Analysis",
        "I finished the first part of fast.ai",
        "I finished 30% of fast.ai",
        "I finished lessons 8 to 20 of fast.ai",
        "I did a third of the Linux refresher",
        "I read 50 pages of DDIA",
    ],
)
def test_a_part_that_is_not_clear_is_asked_for_and_nothing_is_marked(text: str) -> None:
    assert "Name it by number" in unclear(text).question


def test_a_part_of_one_of_several_is_asked_one_after_the_other() -> None:
    assert "One after the other" in unclear("I finished Karpathy and half of fast.ai").question


def test_all_of_the_parts_are_the_whole() -> None:
    assert command("I finished all lessons of fast.ai").units == ()


@pytest.mark.parametrize(
    ("text", "resource", "minutes"),
    [
        ("I did 2 hours of fast.ai", FAST_AI, 120),
        ("I spent an hour and a half on the Linux refresher", LINUX, 90),
        ("today I studied fast.ai for 40 minutes", FAST_AI, 40),
        ("log 30 min on Karpathy", ZERO, 30),
    ],
)
def test_time_that_was_spent_marks_nothing_as_done(text: str, resource: str, minutes: int) -> None:
    found = command(text)
    assert (found.kind, found.resources, found.minutes) == ("spent", (resource,), minutes)


def test_time_that_something_took_or_shall_take_is_not_spent_on_it() -> None:
    assert command("I finished fast.ai in 40 hours").kind == "done"
    assert heard("I want to spend 2 hours on fast.ai tomorrow") is None
    assert "On which resource" in unclear("I studied for 2 hours").question


@pytest.mark.parametrize(
    ("text", "kind", "resources"),
    [
        ("I finished week 2", "done", (PYTHON,)),
        ("I've finished weeks 1 to 4", "done", (PYTHON, MATHS)),
        ("mark week 0 as done", "done", (SETUP, LINUX)),
        ("I'm done with everything up to week 4", "done", (SETUP, LINUX, PYTHON, MATHS)),
        ("skip week 12", "skipped", (FAST_AI, COURSERA)),
    ],
)
def test_weeks_mean_what_ends_in_them(text: str, kind: str, resources: tuple[str, ...]) -> None:
    found = command(text)
    assert (found.kind, found.resources) == (kind, resources)


def test_a_week_in_the_middle_or_of_a_pair_is_asked_back() -> None:
    assert "lies within weeks 3–4" in unclear("I finished week 3").question
    assert unclear("I finished week 12").choices == (FAST_AI, COURSERA)
    assert "no week 60" in unclear("I finished week 60").question


@pytest.mark.parametrize(
    "text",
    [
        "I did nothing in week 4",
        "skip to week 12",
        "I read about fast.ai",
        "my exam was in week 2",
        "fast.ai takes 10 hours a week",
        "it takes 10 hours a week",
        "I need 2 hours for lunch",
    ],
)
def test_remarks_that_sound_alike_change_nothing(text: str) -> None:
    assert heard(text) is None


def test_one_of_a_pair_instead_of_the_other_leaves_the_other_out() -> None:
    found = command("I'd like to take the Coursera Deep Learning Specialization instead of fast.ai")
    assert (found.kind, found.resources) == ("skipped", (FAST_AI,))
    assert heard("I use Karpathy instead of fast.ai") is None
    assert heard("should I take Coursera instead of fast.ai?") is None


def test_a_mark_is_taken_away_by_its_word() -> None:
    assert (command("unmark fast.ai").kind, command("restart fast.ai").kind) == ("reset", "reset")
    assert "Which resource" in unclear("I finished everything").question
    assert "Which resource" in unclear("Done!").question


def test_everything_of_a_level_is_skipped_by_its_word() -> None:
    assert command("skip the optional stuff").resources == (LINUX,)
    assert "Which resource" in unclear("skip the optional exercises in the book").question


def test_what_is_known_or_given_up_is_skipped() -> None:
    known = command("I already know the Linux stuff")
    assert (known.kind, known.resources, known.reason) == ("skipped", (LINUX,), "known already")
    assert command("I gave up on fast.ai").kind == "skipped"
    assert heard("I know fast.ai is good") is None


# --- days away, paces, wishes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("I'm on holiday for a week", TODAY, date(2027, 1, 12)),
        ("I'm on holiday from 1 to 14 August", date(2027, 8, 1), date(2027, 8, 14)),
        ("I was sick for three days", date(2027, 1, 3), date(2027, 1, 5)),
        ("I was away last week", date(2026, 12, 28), date(2027, 1, 3)),
        ("I have no time this week", TODAY, date(2027, 1, 10)),
        ("I can't study tomorrow", date(2027, 1, 7), date(2027, 1, 7)),
        ("skip today", TODAY, TODAY),
        ("I'm away this weekend", date(2027, 1, 9), date(2027, 1, 10)),
        ("I'm on holiday in two weeks for a week", date(2027, 1, 20), date(2027, 1, 26)),
        ("I'll be back on Monday", TODAY, date(2027, 1, 10)),
        ("I've been on vacation since Monday", date(2027, 1, 4), TODAY),
    ],
)
def test_days_away_are_a_pause(text: str, first: date, last: date) -> None:
    found = command(text)
    assert (found.kind, found.first, found.last) == ("pause", first, last)


def test_a_pause_without_an_end_or_too_long_is_asked_back() -> None:
    assert "For how long" in unclear("I'm busy").question
    assert "For how long" in unclear("pause for 99999999999 weeks").question


@pytest.mark.parametrize("text", ["forget that", "undo", "scratch that", "never mind", "that was a mistake"])
def test_taking_back_has_many_words(text: str) -> None:
    assert command(text).kind == "undo"


def test_paces_are_told_by_day_and_hours_of_one_week_are_asked_back() -> None:
    assert command("I have 30 minutes a day").hours == 3.5
    assert command("only 4 hours a week").hours == 4
    assert "Every week, or only this one?" in unclear("I only have 4 hours this week").question


def test_the_start_may_lie_behind() -> None:
    assert command("I started last Monday").first == date(2027, 1, 4)
    assert command("I started on 1 September").first == date(2026, 9, 1)
    assert command("I'll start on Monday").first == date(2027, 1, 11)
    assert command("move my start to February 1").first == date(2027, 2, 1)


def test_deadlines_name_all_or_one_resource() -> None:
    assert command("I want to be finished by the end of June").last == date(2027, 6, 30)
    assert command("I have six months left").last == date(2027, 7, 5)
    one = command("I want to finish fast.ai in 3 weeks")
    assert (one.kind, one.resources, one.last) == ("deadline", (FAST_AI,), date(2027, 1, 27))


def test_what_costs_money_is_ruled_out_and_in_again(companion: Companion) -> None:
    said(companion, "only free stuff please")
    assert companion.learner("ada").free_only
    said(companion, "paid courses are fine too")
    assert not companion.learner("ada").free_only


def test_formats_are_understood() -> None:
    assert command("I prefer videos").formats == ("video",)
    assert command("I prefer books to videos").formats == ("book",)
    assert command("I'd rather read books than watch videos").formats == ("book",)
    assert command("I learn best from interactive exercises").formats == ("interactive",)
    assert command("free courses only").prefer == "free"


# --- what is answered -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("which week am I in?", "week 0 of your plan"),
        ("what should I do?", "Quick Python"),
        ("what should I do on Friday?", "2027-01-08"),
        ("what should I do this weekend?", "2027-01-09 to 2027-01-10"),
        ("what can I do in 40 minutes?", "of 40 minutes"),
        ("I have half an hour, what should I do?", "of 30 minutes"),
        ("what if I study 20 hours a week?", "At 20 h a week everything is done on"),
        ("when will I be done with 20 hours a week?", "At your 8 h a week it is"),
        ("how long will I need?", "everything is done on"),
        ("when will I start fast.ai?", "begins in the week of"),
        ("can I finish fast.ai by March?", "days after 2027-03-01"),
        ("is it possible to finish by June?", "cannot be done by 2027-06-01"),
        ("how many hours a week do I need to be done by the end of next year?", "2028"),
        ("do I have to do the Linux refresher?", "optional"),
        ("what did I do last week?", "Nothing is marked for 2026-12-28 to 2027-01-03"),
        ("how many hours have I spent?", "0 h of study"),
        ("I'm behind", "You are on time"),
        ("what's left?", "of 19 resources"),
        ("how much of the roadmap have I done?", "of 19 resources"),
        ("show me my plan", "2027-01-06 to 2027-01-10"),
        ("what should I study this evening?", "For 2027-01-06"),
        ("can I do it in 6 months?", "cannot be done by 2027-07-05"),
        ("is 5 hours a week enough?", "At 5 h a week everything is done on"),
        ("which card is next?", "No review card is due"),
        ("did I finish fast.ai?", "is not started."),
        ("have I already done the Linux refresher?", "Linux / CLI refresher is not started."),
        ("give me something for 20 minutes", "of 20 minutes"),
        ("do I have any reviews today?", "No review card is due"),
        ("when is my next review?", "No review card is due"),
    ],
)
def test_what_a_learner_asks_is_answered_from_the_plan(companion: Companion, text: str, words: str) -> None:
    assert words in said(companion, text)


def test_several_things_in_one_breath_are_all_done(companion: Companion) -> None:
    text = said(companion, "I finished the Python setup, and I have 10 hours a week now")
    assert text.count("Understood") == 2
    assert companion.learner("ada").hours == 10
    assert companion.next("ada", NOW).resource == LINUX


def test_of_one_who_is_not_known_it_is_said_what_to_tell(tmp_path: Path) -> None:
    with closing(Companion(Settings(data=tmp_path))) as stranger:
        for text in ("what should I do tomorrow?", "when will I be done?", "what did I do yesterday?", "my plan"):
            assert "I start on 2027-01-06" in said(stranger, text)
        assert reply(stranger, "which week am I in?", "ada", NOW, None) is None
        assert reply(stranger, "what should I do tomorrow?", "ada", NOW, 9) is None


def test_a_week_of_the_calendar_holds_one_week_of_hours_whatever_day_the_plan_began(tmp_path: Path) -> None:
    with closing(Companion(Settings(data=tmp_path))) as companion:
        said(companion, "I start on 2027-01-05")
        for question, days in (("this", "2027-01-06 to 2027-01-10"), ("next", "2027-01-11 to 2027-01-17")):
            told = re.search(rf"{days}, about ([\d.]+) h:", said(companion, f"what should I do {question} week?"))
            assert told
            assert 4 < float(told[1]) <= 8


def test_minutes_on_another_day_are_for_that_day(companion: Companion) -> None:
    text = said(companion, "I have 2 hours on Saturday")
    assert "120 minutes on 2027-01-09" in text
    assert "For 2027-01-09 (120 of 120 minutes" in text


def test_what_is_begun_comes_first_today_and_in_the_plan_as_it_is_recommended(companion: Companion) -> None:
    said(companion, "I finished chapter 1 of Python for Data Analysis")
    assert companion.next("ada", NOW).resource == PYTHON
    assert next(i for i in companion.today("ada", NOW).items if i.kind == "unit").key == f"{PYTHON}/ch02"
    plan = companion.plan("ada", NOW)
    assert plan is not None
    assert plan.resources[:2] == (PYTHON, SETUP)


def test_a_start_and_a_pace_in_one_sentence_are_both_kept(companion: Companion) -> None:
    for text, start, hours in (
        ("I start on Monday with 6 hours a week", date(2027, 1, 11), 6),
        ("I began last week and have about 7 hours a week", date(2026, 12, 28), 7),
    ):
        said(companion, text)
        learner = companion.learner("ada")
        assert (learner.start, learner.hours) == (start, hours)


def test_time_spent_fills_the_open_units_in_order_and_moves_the_plan(companion: Companion) -> None:
    before = companion.outlook("ada", NOW).plan.total_hours
    assert "2 hours of study on Linux" in said(companion, "I did 2 hours of the Linux refresher")
    marks = [mark for mark in companion.learner("ada").marks if mark.resource == LINUX]
    assert sum(mark.minutes for mark in marks) == 120
    assert {mark.status for mark in marks} == {"in-progress"}
    assert companion.outlook("ada", NOW).plan.total_hours < before
    assert companion.next("ada", NOW).resource == LINUX
    said(companion, "I did 90 hours of the Linux refresher")
    assert LINUX not in companion.progress("ada").done
    said(companion, "undo")
    assert sum(mark.minutes for mark in companion.learner("ada").marks) == 120


def test_what_was_done_is_listed_by_day(companion: Companion) -> None:
    said(companion, "I finished chapter 3 of Python for Data Analysis")
    later = NOW + timedelta(days=1)
    text = said(companion, "what did I do yesterday?", later)
    assert "Chapter 3" in text
    assert "Python for Data Analysis" in text
    assert "2027-01-06, about 2 h" in text


def test_how_far_a_resource_is_can_be_asked(companion: Companion) -> None:
    said(companion, "I finished lessons 1 and 2 of fast.ai")
    assert "is in progress: 2 of 9 parts are done, about 30 h are left" in said(companion, "have I finished fast.ai?")
    said(companion, "skip the Linux refresher because I know it")
    assert "is skipped (i know it)." in said(companion, "did I skip the Linux refresher?")


def test_tomorrow_goes_on_where_today_ends(companion: Companion) -> None:
    """In the middle of a week, what is left of it begins today."""
    friday = NOW + timedelta(days=2)
    today, tomorrow = (
        said(companion, "what should I do today?", friday),
        said(companion, "what should I do tomorrow?", friday),
    )
    first = NOTES.units(SETUP)[0].title
    assert first in today
    assert first not in tomorrow
    assert any(unit.title in tomorrow for unit in NOTES.units(SETUP))
