"""What a learner really says: parts of a resource, time spent, weeks, days away, paces to try; read and answered."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.language.dates import find_day, find_range, find_stretch
from assistant.language.durations import find_minutes, find_pace
from assistant.language.unit_reader import Numbered, find_numbered, find_places
from assistant.service import Assistant
from assistant.study.planned import Pause
from corpus.notes import load_notes
from corpus.reader import read_roadmap
from tests.answer_fixtures import NOW, Talk, pending

ROADMAP = read_roadmap()
NOTES = load_notes()
TODAY = NOW.date()
FAST_AI = "fast-ai-practical-deep-learning-for-coders"
COURSERA = "coursera-deep-learning-specialization"
LINUX = "linux-cli-refresher"
SETUP = "quick-python-environment-setup"
PYTHON = "python-for-data-analysis"
MATHS = "mathematics-for-machine-learning-specialization"
ZERO = "neural-networks-zero-to-hero"

NOT_YET: dict[str, tuple[str, ...]] = {
    "unclear_parts": ("I read a few chapters of Python for Data Analysis",),
    "remarks": ("I use Karpathy instead of fast.ai",),
    "answered": ("what should I do?",),
    "formats": ("I learn best from interactive exercises",),
}
"""What is not understood yet: table -> messages."""


@pytest.fixture
def ada(over_nothing: Assistant) -> Talk:
    """A learner who began on Monday; today is a Wednesday."""
    return Talk(over_nothing).begun()


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
        ("2 hrs each mon tue wed thu", 8),
        ("90 minutes each on tue thu and sat", 4.5),
        ("an hour every mon wed fri", 3),
        ("lets say hour and a half every day", 10.5),
        ("an hour and a half a day", 10.5),
        ("weekends only, 4 hours each day", 8),
        ("on weekdays i could do 2 hours a day", 10),
        ("i could do 2 hours a day", 14),
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

PARTS = [
    ("I finished lessons 1-3 of fast.ai", ("lesson-1", "lesson-2", "lesson-3")),
    ("I watched the first two lessons of fast.ai", ("lesson-1", "lesson-2")),
    ("mark lesson two of fast.ai as done", ("lesson-2",)),
    ("lesson 4 of fast.ai is done", ("lesson-4",)),
    ("fast.ai lessons 1 and 2: done", ("lesson-1", "lesson-2")),
    ("fast.ai done", ("",)),
    ("I finished all lessons of fast.ai", ("",)),
]


@pytest.mark.parametrize(("text", "units"), pending(PARTS, NOT_YET, "parts"))
def test_parts_are_marked_and_not_the_whole(text: str, units: tuple[str, ...], ada: Talk) -> None:
    ada(text)
    assert [(m.resource, m.unit, m.status) for m in ada.learner.marks] == [(FAST_AI, unit, "done") for unit in units]


UNCLEAR_PARTS = [
    "I finished half of fast.ai",
    "I did most of fast.ai",
    "I read a few chapters of Python for Data Analysis",
    "I finished the first part of fast.ai",
    "I finished 30% of fast.ai",
    "I finished lessons 8 to 20 of fast.ai",
    "I did a third of the Linux refresher",
    "I read 50 pages of DDIA",
]


@pytest.mark.parametrize("text", pending(UNCLEAR_PARTS, NOT_YET, "unclear_parts"))
def test_a_part_that_is_not_clear_is_asked_for_and_nothing_is_marked(text: str, ada: Talk) -> None:
    answer = ada.last(text)
    assert re.search(r"Name it by number|Noted nothing", answer.text) or answer.choices
    assert ada.learner.marks == ()


@pytest.mark.xfail(strict=True, reason="not understood yet")
def test_a_part_of_one_of_several_is_asked_one_after_the_other(ada: Talk) -> None:
    assert "One after the other" in ada.last("I finished Karpathy and half of fast.ai").text
    assert ada.learner.marks == ()


SPENT = [
    ("I did 2 hours of fast.ai", FAST_AI, 120),
    ("I spent an hour and a half on the Linux refresher", LINUX, 90),
    ("today I studied fast.ai for 40 minutes", FAST_AI, 40),
    ("log 30 min on Karpathy", ZERO, 30),
]


@pytest.mark.parametrize(("text", "resource", "minutes"), pending(SPENT, NOT_YET, "spent"))
def test_time_that_was_spent_marks_nothing_as_done(text: str, resource: str, minutes: int, ada: Talk) -> None:
    ada(text)
    assert {(m.resource, m.status) for m in ada.learner.marks} == {(resource, "in-progress")}
    assert sum(m.minutes for m in ada.learner.marks) == minutes


def test_time_that_something_took_is_not_spent_on_it(ada: Talk) -> None:
    ada("I finished fast.ai in 40 hours")
    assert [(m.resource, m.status, m.minutes) for m in ada.learner.marks] == [(FAST_AI, "done", 0)]


def test_time_without_a_resource_is_asked_back(ada: Talk) -> None:
    asked = ada.last("I studied for 2 hours")
    assert "On which resource" in asked.text or asked.choices
    assert ada.learner.marks == ()


OF_WEEKS = [
    ("I finished week 2", "done", (PYTHON,)),
    ("I've finished weeks 1 to 4", "done", (PYTHON, MATHS)),
    ("mark week 0 as done", "done", (SETUP, LINUX)),
    ("I'm done with everything up to week 4", "done", (SETUP, LINUX, PYTHON, MATHS)),
    ("skip week 12", "skipped", (FAST_AI, COURSERA)),
    ("skip the optional stuff", "skipped", (LINUX,)),
]


@pytest.mark.parametrize(("text", "status", "resources"), pending(OF_WEEKS, NOT_YET, "of_weeks"))
def test_weeks_mean_what_ends_in_them(text: str, status: str, resources: tuple[str, ...], ada: Talk) -> None:
    ada(text)
    assert {(m.key, m.status) for m in ada.learner.marks} == {((id, ""), status) for id in resources}


ASKED_BACK = [
    ("I finished week 3", "lies within weeks 3–4"),
    ("I finished week 12", "Which one did you take"),
    ("I finished week 60", "no week 60"),
    ("I finished everything", "Which resource"),
    ("Done!", "Which resource"),
    ("skip the optional exercises in the book", "Which"),
    ("I'm busy", "For how long"),
    ("pause for 99999999999 weeks", "For how long"),
    ("I only have 4 hours this week", "Every week, or only this one?"),
]


@pytest.mark.parametrize(("text", "words"), pending(ASKED_BACK, NOT_YET, "asked_back"))
def test_what_is_not_clear_is_asked_back_and_changes_nothing(text: str, words: str, ada: Talk) -> None:
    before = ada.learner
    answer = ada.last(text)
    assert words in answer.text or answer.choices
    assert ada.learner == before


REMARKS = [
    "I did nothing in week 4",
    "skip to week 12",
    "I read about fast.ai",
    "my exam was in week 2",
    "fast.ai takes 10 hours a week",
    "it takes 10 hours a week",
    "I need 2 hours for lunch",
    "I use Karpathy instead of fast.ai",
    "should I take Coursera instead of fast.ai?",
    "I know fast.ai is good",
    "I want to spend 2 hours on fast.ai tomorrow",
]


@pytest.mark.parametrize("text", pending(REMARKS, NOT_YET, "remarks"))
def test_remarks_that_sound_alike_change_nothing(text: str, ada: Talk) -> None:
    before = ada.learner
    assert ada.last(text).changes == ()
    assert ada.learner == before


@pytest.mark.xfail(strict=True, reason="not understood yet")
def test_one_of_a_pair_instead_of_the_other_leaves_the_other_out(ada: Talk) -> None:
    ada("I'd like to take the Coursera Deep Learning Specialization instead of fast.ai")
    assert [(m.key, m.status) for m in ada.learner.marks] == [((FAST_AI, ""), "skipped")]


AGAIN = ["unmark fast.ai", "restart fast.ai"]


@pytest.mark.parametrize("text", pending(AGAIN, NOT_YET, "again"))
def test_a_mark_is_taken_away_by_its_word(text: str, ada: Talk) -> None:
    ada("I finished fast.ai")
    ada(text)
    assert ada.learner.marks == ()


GIVEN_UP = [("I already know the Linux stuff", LINUX, "known already"), ("I gave up on fast.ai", FAST_AI, "")]


@pytest.mark.parametrize(("text", "resource", "reason"), pending(GIVEN_UP, NOT_YET, "given_up"))
def test_what_is_known_or_given_up_is_skipped(text: str, resource: str, reason: str, ada: Talk) -> None:
    ada(text)
    assert [(m.resource, m.status, m.reason) for m in ada.learner.marks] == [(resource, "skipped", reason)]


# --- days away, paces, wishes -----------------------------------------------------------------------------------------

AWAY = [
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
]


@pytest.mark.parametrize(("text", "first", "last"), pending(AWAY, NOT_YET, "away"))
def test_days_away_are_a_pause(text: str, first: date, last: date, ada: Talk) -> None:
    ada(text)
    assert ada.learner.pauses == (Pause(first, last),)


TAKEN_BACK = ["forget that", "undo", "scratch that", "never mind", "that was a mistake"]


@pytest.mark.parametrize("text", pending(TAKEN_BACK, NOT_YET, "taken_back"))
def test_taking_back_has_many_words(text: str, ada: Talk) -> None:
    ada("I finished fast.ai", text)
    assert ada.learner.marks == ()


PACES = [("I have 30 minutes a day", 3.5), ("only 4 hours a week", 4)]


@pytest.mark.parametrize(("text", "hours"), pending(PACES, NOT_YET, "paces"))
def test_paces_are_told_by_day_and_by_week(text: str, hours: float, ada: Talk) -> None:
    ada(text)
    assert ada.learner.hours == hours


STARTS = [
    ("I started last Monday", date(2027, 1, 4)),
    ("I started on 1 September", date(2026, 9, 1)),
    ("I'll start on Monday", date(2027, 1, 11)),
    ("move my start to February 1", date(2027, 2, 1)),
]


@pytest.mark.parametrize(("text", "day"), pending(STARTS, NOT_YET, "starts"))
def test_the_start_may_lie_behind(text: str, day: date, talk: Talk) -> None:
    talk(text)
    assert talk.learner.start == day


BOTH = [
    ("I start on Monday with 6 hours a week", date(2027, 1, 11), 6),
    ("I began last week and have about 7 hours a week", date(2026, 12, 28), 7),
]


@pytest.mark.parametrize(("text", "start", "hours"), pending(BOTH, NOT_YET, "both"))
def test_a_start_and_a_pace_in_one_sentence_are_both_kept(text: str, start: date, hours: float, ada: Talk) -> None:
    ada(text)
    assert (ada.learner.start, ada.learner.hours) == (start, hours)


DEADLINES = [
    ("I want to be finished by the end of June", "2027-06-30", ()),
    ("I have six months left", "2027-07-05", ()),
    ("I want to finish fast.ai in 3 weeks", "2027-01-27", (FAST_AI,)),
]


@pytest.mark.parametrize(("text", "day", "resources"), pending(DEADLINES, NOT_YET, "deadlines"))
def test_deadlines_name_all_or_one_resource(text: str, day: str, resources: tuple[str, ...], ada: Talk) -> None:
    answer = ada.last(text)
    assert (answer.capabilities, answer.resources, answer.changes) == (("deadline",), resources, ())
    assert day in answer.text


def test_what_costs_money_is_ruled_out_and_in_again(ada: Talk) -> None:
    ada("only free stuff please")
    assert ada.learner.free_only
    ada("paid courses are fine too")
    assert not ada.learner.free_only


FORMATS = [
    ("I prefer videos", ("video",)),
    ("I prefer books to videos", ("book",)),
    ("I'd rather read books than watch videos", ("book",)),
    ("I learn best from interactive exercises", ("interactive",)),
]


@pytest.mark.parametrize(("text", "formats"), pending(FORMATS, NOT_YET, "formats"))
def test_formats_are_understood(text: str, formats: tuple[str, ...], ada: Talk) -> None:
    ada(text)
    assert ada.learner.formats == formats


FREE = ["free courses only", "only free stuff please"]


@pytest.mark.parametrize("text", pending(FREE, NOT_YET, "free"))
def test_free_courses_are_no_format(text: str, ada: Talk) -> None:
    ada(text)
    assert (ada.learner.free_only, ada.learner.formats) == (True, ())


# --- what is answered -------------------------------------------------------------------------------------------------

ANSWERED = [
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
    ("do I have to do the Linux refresher?", "ptional"),
    ("what did I do last week?", "Nothing is marked for 2026-12-28 to 2027-01-03"),
    ("how many hours have I spent?", "0 h of study"),
    ("I'm behind", "You are on time"),
    ("what's left?", "of 19 resources"),
    ("how much of the roadmap have I done?", "of 19 resources"),
    ("show me my plan", "2027-01-06 to 2027-01-"),
    ("what should I study this evening?", "For 2027-01-06"),
    ("can I do it in 6 months?", "2027-07-05"),
    ("is 5 hours a week enough?", "at 5 h a week it takes"),
    ("which card is next?", "No review card is due"),
    ("did I finish fast.ai?", "is not started."),
    ("have I already done the Linux refresher?", "Linux / CLI refresher is not started."),
    ("give me something for 20 minutes", "of 20 minutes"),
    ("do I have any reviews today?", "No review card is due"),
    ("when is my next review?", "No review card is due"),
    ("what should I do this week?", "2027-01-06 to 2027-01-10"),
    ("what should I do tomorrow?", "2027-01-07"),
    ("what should I do next month?", "2027-02-01 to 2027-02-28"),
    ("what should I do today?", "For 2027-01-06"),
]


@pytest.mark.parametrize(("text", "words"), pending(ANSWERED, NOT_YET, "answered"))
def test_what_a_learner_asks_is_answered_from_the_plan(text: str, words: str, ada: Talk) -> None:
    before = ada.learner
    assert words in ada.last(text).text
    assert ada.learner == before


SEVERAL = ["I finished the Python setup, and I have 10 hours a week now"]


@pytest.mark.parametrize("text", pending(SEVERAL, NOT_YET, "several"))
def test_several_things_in_one_breath_are_all_done(text: str, ada: Talk) -> None:
    answer = ada.last(text)
    assert (answer.text.count("Understood"), len(answer.changes)) == (2, 2)
    assert ada.learner.hours == 10
    assert ada.assistant.companion.next(ada.person, NOW).resource == LINUX


@pytest.mark.xfail(strict=True, reason="not understood yet")
def test_of_one_who_is_not_known_it_is_said_what_to_tell(talk: Talk) -> None:
    for text in ("what should I do tomorrow?", "when will I be done?", "what did I do yesterday?", "my plan"):
        assert "I start on 2027-01-06" in talk.last(text).text
    assert talk.learner.start is None


def test_a_week_of_the_calendar_holds_one_week_of_hours_whatever_day_the_plan_began(talk: Talk) -> None:
    talk("I start on 2027-01-05")
    for question, days in (("this", "2027-01-06 to 2027-01-10"), ("next", "2027-01-11 to 2027-01-17")):
        told = re.search(rf"{days}, about ([\d.]+) h:", talk.last(f"what should I do {question} week?").text)
        assert told
        assert 4 < float(told[1]) <= 8


def test_minutes_on_another_day_are_for_that_day(ada: Talk) -> None:
    text = ada.last("I have 2 hours on Saturday").text
    assert "120 minutes on 2027-01-09" in text
    assert "For 2027-01-09 (120 of 120 minutes" in text


def test_what_is_begun_comes_first_today_and_in_the_plan_as_it_is_recommended(ada: Talk) -> None:
    ada("I finished chapter 1 of Python for Data Analysis")
    companion = ada.assistant.companion
    assert companion.next(ada.person, NOW).resource == PYTHON
    assert next(i for i in companion.today(ada.person, NOW).items if i.kind == "unit").key == f"{PYTHON}/ch02"
    plan = companion.plan(ada.person, NOW)
    assert plan is not None
    assert plan.resources[:2] == (PYTHON, SETUP)


def test_time_spent_fills_the_open_units_in_order_and_moves_the_plan(ada: Talk) -> None:
    companion = ada.assistant.companion
    before = companion.outlook(ada.person, NOW).plan.total_hours
    assert "2 hours of study on Linux" in ada.last("I did 2 hours of the Linux refresher").text
    marks = [mark for mark in ada.learner.marks if mark.resource == LINUX]
    assert sum(mark.minutes for mark in marks) == 120
    assert {mark.status for mark in marks} == {"in-progress"}
    assert companion.outlook(ada.person, NOW).plan.total_hours < before
    assert companion.next(ada.person, NOW).resource == LINUX
    ada("I did 90 hours of the Linux refresher")
    assert LINUX not in companion.progress(ada.person).done
    ada("undo")
    assert sum(mark.minutes for mark in ada.learner.marks) == 120


def test_what_was_done_is_listed_by_day(ada: Talk) -> None:
    ada("I finished chapter 3 of Python for Data Analysis")
    text = ada.last("what did I do yesterday?", now=NOW + timedelta(days=1)).text
    assert "Chapter 3" in text
    assert "Python for Data Analysis" in text
    assert "2027-01-06, about 2 h" in text


def test_how_far_a_resource_is_can_be_asked(ada: Talk) -> None:
    ada("I finished lessons 1 and 2 of fast.ai")
    told = "is in progress: 2 of 9 parts are done, about 30 h are left"
    assert told in ada.last("have I finished fast.ai?").text
    ada("skip the Linux refresher because I know it")
    assert "is skipped (i know it)." in ada.last("did I skip the Linux refresher?").text


def test_tomorrow_goes_on_where_today_ends(ada: Talk) -> None:
    """In the middle of a week, what is left of it begins today."""
    friday = datetime(2027, 1, 8, 18, tzinfo=UTC)
    today = ada.last("what should I do today?", now=friday).text
    tomorrow = ada.last("what should I do tomorrow?", now=friday).text
    plan = tomorrow[tomorrow.index("2027-01-09") :]
    first = NOTES.units(SETUP)[0].title
    assert first in today
    assert first not in plan
    assert any(unit.title in plan for unit in NOTES.units(SETUP))
