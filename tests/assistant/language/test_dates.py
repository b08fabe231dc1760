"""Days, ranges, stretches, lengths, amounts of time and paces as learners type them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.dates import DAYS, MONTHS, find_day, find_length, find_range, find_reversed, find_stretch
from assistant.language.durations import amount, find_minutes, find_pace, spoken
from assistant.language.weeks.reader import clean

TODAY = date(2026, 11, 29)  # a Sunday
WEDNESDAY = date(2027, 1, 6)


def day(text: str) -> date:
    return date.fromisoformat(text)


def span(text: str | None) -> tuple[date, date] | None:
    return (day(text.split()[0]), day(text.split()[1])) if text else None


# --- ranges -----------------------------------------------------------------------------------------------------------

RANGES = {
    "away from the 1st to the 14th of February": "2027-02-01 2027-02-14",
    "1-14 February": "2027-02-01 2027-02-14",
    "between 3 and 9 May": "2027-05-03 2027-05-09",
    "3rd - 9th May": "2027-05-03 2027-05-09",
    "3rd–9th of may 2028": "2028-05-03 2028-05-09",
    "I'm away from 1 to 28 November": "2026-11-01 2026-11-28 next",
    "from august 1 to 14": "2027-08-01 2027-08-14",
    "from August 1 to 14 because of a wedding in Rome": "2027-08-01 2027-08-14",
    "August 1-14": "2027-08-01 2027-08-14",
    "from 20 November to 3 December": "2026-11-20 2026-12-03",
    "from 28 to 3 December": "2026-11-28 2026-12-03",
    "from 28 December to 3": "2026-12-28 2027-01-03",
    "from 20 December 2027 to 3 January": "2027-12-20 2028-01-03",
    "from 20 December to 3 January 2028": "2027-12-20 2028-01-03",
    "24.12. to 2.1.": "2026-12-24 2027-01-02",
    "from 20 Nov. to 3 Dec.": "2026-11-20 2026-12-03",
    "on the 5th and 6th of December": "2026-12-05 2026-12-06",
    "from the 24th until new year": "2026-12-24 2026-12-31",
    "until the end of January": "2026-11-29 2027-01-31",
    "until mid january": "2026-11-29 2027-01-14",
    "a week off in July": "2027-07-01 2027-07-07",
    "from 24.12.2026 until 2.1.2027": "2026-12-24 2027-01-01",
    "24/12 - 2/1": "2026-12-24 2027-01-02",
    "2027-03-01 to 2027-03-05": "2027-03-01 2027-03-05",
    "from the 3rd to the 9th": "2026-12-03 2026-12-09",
    "from the 25th to the 3rd": "2026-11-25 2026-12-03",
    "mon to wed": "2026-11-30 2026-12-02",
    "Mon-Wed": "2026-11-30 2026-12-02",
    "from monday through friday": "2026-11-30 2026-12-04",
    "from Monday to Monday": "2026-11-30 2026-12-07",
    "on Saturday and Sunday": "2026-12-05 2026-12-06",
    "from Monday 3 May to Friday 7 May": "2027-05-03 2027-05-07",
    "tomorrow till sunday": "2026-11-30 2026-12-05",
    "from tomorrow until and including Sunday": "2026-11-30 2026-12-06",
    "from tomorrow to 14 December": "2026-11-30 2026-12-14",
    "from today until Friday": "2026-11-29 2026-12-03",
    "from 20 November till Sunday": "2026-11-20 2026-12-05",
    "from June to August": "2027-06-01 2027-08-31",
    "from 15 February 2028 until the end of February": "2028-02-15 2028-02-29",
    "from 1 Feb 2029 till the end of Feb": "2029-02-01 2029-02-28",
    "from 1 November 2027 until the end of January": "2027-11-01 2028-01-31",
    "june - august": "2027-06-01 2027-08-31",
    "from june until august": "2027-06-01 2027-07-31",
    "between Christmas and New Year": "2026-12-25 2027-01-01",
    "from christmas eve to new year's eve": "2026-12-24 2026-12-31",
    "I'm away until the 31st": "2026-11-29 2026-12-30",
    "till the 12th": "2026-11-29 2026-12-11",
    "until Friday": "2026-11-29 2026-12-03",
    "through Friday": "2026-11-29 2026-12-04",
    "until new year": "2026-11-29 2026-12-31",
    "since Monday": "2026-11-23 2026-11-29",
    "since the 20th": "2026-11-20 2026-11-29",
    "from Monday for ten days": "2026-11-30 2026-12-09",
    "for ten days from Monday": "2026-11-30 2026-12-09",
    "for two weeks starting 1 June": "2027-06-01 2027-06-14",
    "away two weeks from Friday": "2026-12-04 2026-12-17",
    "tomorrow for a fortnight": "2026-11-30 2026-12-13",
    "in two weeks for a week": "2026-12-13 2026-12-19",
    "for two weeks in August": "2027-08-01 2027-08-14",
    "the next ten days": "2026-11-29 2026-12-08",
}
NO_RANGES = (
    "",
    "from 9 to 5",
    "I have from 2 to 3 hours",
    "from the 1st to the 3rd lesson",
    "lessons 1-14",
    "weeks 3 to 5 may be hard",
    "upgrade from 3.11 to 3.12",
    "from 30 February to 31 February",
    "until 5",
    "until the 2nd lesson",
    "since week 3",
    "on Monday and Friday",
    "5 hours a week from Monday",
    "within the next 3 months",
    "I finished it",
)
PAST_RANGES = {
    "I was away from 1 to 28 November": "2026-11-01 2026-11-28",
    "I was away from 20 November to 3 December": "2025-11-20 2025-12-03",
    "from 24.12. to 2.1.": "2025-12-24 2026-01-02",
    "from the 3rd to the 9th": "2026-11-03 2026-11-09",
    "from Friday to Saturday": "2026-11-27 2026-11-28",
    "from last Thursday until yesterday": "2026-11-26 2026-11-28",
    "between Christmas and New Year": "2025-12-25 2026-01-01",
    "from June to August": "2026-06-01 2026-08-31",
    "since Monday": "2026-11-23 2026-11-29",
    "until Friday": None,
}


@pytest.mark.parametrize(("text", "expected"), RANGES.items())
def test_a_range_is_read(text: str, expected: str) -> None:
    if expected.endswith("next"):  # over since yesterday
        expected = "2027-11-01 2027-11-28"
    assert find_range(clean(text), TODAY) == span(expected)
    assert find_stretch(clean(text), TODAY) == span(expected)


@pytest.mark.parametrize("text", NO_RANGES)
def test_what_sounds_like_a_range_is_none(text: str) -> None:
    assert find_range(clean(text), TODAY) is None


@pytest.mark.parametrize(("text", "expected"), PAST_RANGES.items())
def test_a_range_of_the_past_is_over(text: str, expected: str | None) -> None:
    assert find_range(clean(text), TODAY, past=True) == span(expected)


@pytest.mark.parametrize(
    ("text", "today", "expected"),
    [
        ("from 24.12. to 2.1.", "2027-01-01", "2026-12-24 2027-01-02"),
        ("between christmas and new year", "2026-12-27", "2026-12-25 2027-01-01"),
        ("from friday to monday", "2027-01-06", "2027-01-08 2027-01-11"),
        ("from friday until monday", "2027-01-06", "2027-01-08 2027-01-10"),
        ("from 28 february to 29 february", "2026-11-29", "2028-02-28 2028-02-29"),
    ],
)
def test_a_range_that_has_begun_and_is_not_over_is_the_present_one(text: str, today: str, expected: str) -> None:
    assert find_range(text, day(today)) == span(expected)


# --- stretches --------------------------------------------------------------------------------------------------------

STRETCHES = {
    "this week": "2027-01-06 2027-01-10",
    "next week": "2027-01-11 2027-01-17",
    "the coming week": "2027-01-11 2027-01-17",
    "the week after next": "2027-01-18 2027-01-24",
    "last week": "2026-12-28 2027-01-03",
    "the rest of the week": "2027-01-06 2027-01-10",
    "for the rest of the month": "2027-01-06 2027-01-31",
    "next month": "2027-02-01 2027-02-28",
    "next quarter": "2027-04-01 2027-06-30",
    "next year": "2028-01-01 2028-12-31",
    "this weekend": "2027-01-09 2027-01-10",
    "over the weekend": "2027-01-09 2027-01-10",
    "next weekend": "2027-01-16 2027-01-17",
    "the weekend after next": "2027-01-23 2027-01-24",
    "last weekend": "2027-01-02 2027-01-03",
    "over Christmas": "2027-12-24 2027-12-26",
    "over the christmas holidays": "2027-12-24 2028-01-01",
    "over easter": "2027-03-26 2027-03-29",
    "all of August": "2027-08-01 2027-08-31",
    "in August": "2027-08-01 2027-08-31",
    "in January": "2027-01-06 2027-01-31",
    "in may 2028": "2028-05-01 2028-05-31",
    "early june": "2027-06-01 2027-06-10",
    "the first week of June": "2027-06-01 2027-06-07",
    "the last week of may": "2027-05-25 2027-05-31",
    "the first two weeks of june": "2027-06-01 2027-06-14",
    "the second half of june": "2027-06-16 2027-06-30",
    "this summer": "2027-06-01 2027-08-31",
    "in q2": "2027-04-01 2027-06-30",
    "in 2028": "2028-01-01 2028-12-31",
    "tomorrow": "2027-01-07 2027-01-07",
    "tonight": "2027-01-06 2027-01-06",
    "this evening": "2027-01-06 2027-01-06",
    "on friday": "2027-01-08 2027-01-08",
    "on Monday next week": "2027-01-11 2027-01-11",
    "the 23rd": "2027-01-23 2027-01-23",
    "on 3 february": "2027-02-03 2027-02-03",
    "two weeks ago": "2026-12-21 2026-12-27",
    "the week of 5 June": "2027-05-31 2027-06-06",
    "the last two weeks": "2026-12-23 2027-01-06",
    "4 hours every weekend": None,
    "in two weeks": None,
    "by the end of next year": "2028-12-31 2028-12-31",
    "the last two weeks of phase 2": None,
    "some time": None,
}


@pytest.mark.parametrize(("text", "expected"), STRETCHES.items())
def test_a_stretch_is_read(text: str, expected: str | None) -> None:
    assert find_stretch(clean(text), WEDNESDAY) == span(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("last week", "2026-12-28 2027-01-03"),
        ("this week", "2027-01-04 2027-01-10"),
        ("at the weekend", "2027-01-02 2027-01-03"),
        ("in november", "2026-11-01 2026-11-30"),
        ("over christmas", "2026-12-24 2026-12-26"),
        ("on monday", "2027-01-04 2027-01-04"),
        ("from 1 to 3 january", "2027-01-01 2027-01-03"),
    ],
)
def test_a_stretch_of_the_past_lies_behind(text: str, expected: str) -> None:
    assert find_stretch(text, WEDNESDAY, past=True) == span(expected)


# --- days -------------------------------------------------------------------------------------------------------------

DAYS_READ = {
    "by the end of next year": "2027-12-31",
    "by the end of June": "2027-06-30",
    "the end of the month": "2026-11-30",
    "by the end of the week": "2026-11-29",
    "by the end of q1": "2027-03-31",
    "by the end of 2027": "2027-12-31",
    "by the end of the summer": "2027-08-31",
    "by the end of march next year": "2027-03-31",
    "before summer": "2027-06-01",
    "before the summer": "2027-06-01",
    "by christmas": "2026-12-25",
    "until new year": "2027-01-01",
    "by new year's eve": "2026-12-31",
    "by easter": "2027-03-28",
    "in half a year": "2027-05-30",
    "within 3 months": "2027-02-27",
    "within the next 3 months": "2027-02-27",
    "six months from now": "2027-05-28",
    "in a fortnight": "2026-12-13",
    "in a quarter": "2027-02-27",
    "in a year and a half": "2028-05-30",
    "in 2-3 weeks": "2026-12-13",
    "in a week or two": "2026-12-06",
    "in about 10 days": "2026-12-09",
    "by 2027": "2027-01-01",
    "by q2": "2027-04-01",
    "by next month": "2026-12-01",
    "start of next month": "2026-12-01",
    "by mid-march": "2027-03-15",
    "in late June": "2027-06-21",
    "by march next year": "2027-03-01",
    "2027-03-04": "2027-03-04",
    "on 4.3.2027": "2027-03-04",
    "on 4.3.": "2027-03-04",
    "4.3.27": "2027-03-04",
    "by 4/3/2027": "2027-03-04",
    "by 3/14/2027": "2027-03-14",
    "by 4/3": "2027-03-04",
    "04-03-2027": "2027-03-04",
    "on the 3rd of May": "2027-05-03",
    "May the 4th": "2027-05-04",
    "Dec 24, 2026": "2026-12-24",
    "3. march": "2027-03-03",
    "until the 31st": "2026-12-31",
    "till the 12th": "2026-12-12",
    "the 23rd": "2026-12-23",
    "on the 29th": "2026-11-29",
    "in sept": "2027-09-01",
    "in may": "2027-05-01",
    "on 29 February": "2028-02-29",
    "on Mon": "2026-11-30",
    "on tue": "2026-12-01",
    "by thurs": "2026-12-03",
    "on sat": "2026-12-05",
    "on sunday": "2026-12-06",
    "last sunday": "2026-11-22",
    "monday next week": "2026-11-30",
    "two weeks from Friday": "2026-12-18",
    "a week before christmas": "2026-12-18",
    "tonight": "2026-11-29",
    "this evening": "2026-11-29",
    "after work": "2026-11-29",
    "at lunch": "2026-11-29",
    "the day after tomorrow": "2026-12-01",
    "3 days ago": "2026-11-26",
    "next week": "2026-11-30",
    "last christmas": "2025-12-25",
    "next weekend": "2026-12-05",
}
NO_DAYS = (
    "",
    "before I turn 40",
    "before I turn thirty",
    "February 31",
    "on 31.2.",
    "some day",
    "I may go on",
    "week 5 may take long",
    "I use python 3.12.",
    "an hour every evening after work",
    "the 2nd week",
    "on the 3rd chapter",
    "I sat an exam",
    "an hour on mondays",
    "4 hours every weekend",
    "if I fall behind",
    "in 99999999999 weeks",
    "by 30",
    "by the end of week 3",
    "1.5",
    "3rd",
    "my notebook is from 2014",
    "the week before that",
)


@pytest.mark.parametrize(("text", "expected"), DAYS_READ.items())
def test_a_day_is_read(text: str, expected: str) -> None:
    assert find_day(clean(text), TODAY) == day(expected)


@pytest.mark.parametrize("text", NO_DAYS)
def test_what_names_no_day_is_none(text: str) -> None:
    assert find_day(clean(text), TODAY) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on 1 september", "2026-09-01"),
        ("on 30 november", "2025-11-30"),
        ("on monday", "2026-11-23"),
        ("on the 30th", "2026-10-30"),
        ("on 4.3.", "2026-03-04"),
        ("at easter", "2026-04-05"),
        ("until the end of june", "2026-06-30"),
    ],
)
def test_a_day_of_the_past_lies_behind(text: str, expected: str) -> None:
    assert find_day(text, TODAY, past=True) == day(expected)


@pytest.mark.parametrize(
    ("year", "sunday"), [(2024, "2024-03-31"), (2025, "2025-04-20"), (2026, "2026-04-05"), (2038, "2038-04-25")]
)
def test_easter_is_where_the_calendar_has_it(year: int, sunday: str) -> None:
    assert find_day("at easter", date(year, 1, 1)) == day(sunday)


@pytest.mark.parametrize("name", MONTHS)
def test_every_month_and_its_short_name_are_read(name: str) -> None:
    for word in (name, name[:3]):
        assert find_day(f"on 3 {word} 2027", TODAY) == date(2027, MONTHS.index(name) + 1, 3)


@pytest.mark.parametrize("name", DAYS)
def test_every_weekday_and_its_short_name_are_read(name: str) -> None:
    for word in (name, name[:3]):
        found = find_day(f"on {word}", TODAY)
        assert found is not None
        assert (found.weekday(), 0 < (found - TODAY).days <= 7) == (DAYS.index(name), True)


# --- lengths, amounts of time, paces ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("for a fortnight", 14),
        ("for half a year", 182),
        ("a quarter", 90),
        ("a quarter of the book", None),
        ("three quarters of an hour", None),
        ("a ten-year-old notebook", None),
        ("the 48-week roadmap", None),
        ("for a couple of weeks", 14),
        ("for one month", 30),
        ("2-3 weeks", 14),
        ("a week or two", 7),
        ("a week and a half", 10),
        ("one and a half months", 45),
        ("a 10-day break", 10),
        ("in two weeks for a week", 7),
        ("in twenty five days", None),
        ("two weeks ago", None),
        ("5 hours a week", None),
        ("three times a week", None),
        ("for long", None),
        ("for 99999999999 weeks", None),
    ],
)
def test_a_length_is_read(text: str, days: int | None) -> None:
    assert find_length(text) == days


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("40 minutes", 40),
        ("ten mins", 10),
        ("20ish minutes", 20),
        ("20 or so minutes", 20),
        ("45'", 45),
        ("thirty-five minutes", 35),
        ("1.5 h", 90),
        ("1,5 hours", 90),
        ("1½ hours", 90),
        ("1h30", 90),
        ("1h30min", 90),
        ("1 h 20 min", 80),
        ("1:30 hours", 90),
        ("an hour and a half", 90),
        ("an hour and a quarter", 75),
        ("two and a half hours", 150),
        ("half an hour", 30),
        ("a half-hour", 30),
        ("three quarters of an hour", 45),
        ("quarter of an hour", 15),
        ("2-3 hours", 120),
        ("between 2 and 3 hours", 120),
        ("30 to 45 min", 30),
        ("a couple of hours", 120),
        ("an hour or two", 60),
        ("one or two hours", 60),
        ("from 5 to 10 hours", 600),
        ("0 minutes", 0),
        ("a while", None),
        ("the 90's", None),
        ("'2027-02-30' is no date", None),
        ("9" * 400 + " hours", None),
    ],
)
def test_an_amount_of_time_is_read(text: str, minutes: float | None) -> None:
    assert find_minutes(clean(text)) == minutes


PACES = {
    "6 hours a week": 6,
    "5h per week": 5,
    "5 h/w": 5,
    "10h/week": 10,
    "8hpw": 8,
    "10 hrs weekly": 10,
    "2-3 hours a week": 2,
    "2 hours of study a week": 2,
    "every week 5 hours": 5,
    "an hour a day": 7,
    "one hour daily": 7,
    "an hour every evening": 7,
    "30 minutes each morning": 3.5,
    "three quarters of an hour every morning": 5.25,
    "an hour or two a day": 7,
    "an hour in the evenings": 7,
    "every day I have an hour": 7,
    "an hour every other day": 3.5,
    "2 hours on weekdays": 10,
    "an hour monday to friday": 5,
    "2 hours a day on weekdays": 10,
    "2 hours per day at weekends": 4,
    "an hour a day, 5 days a week": 5,
    "an hour on Tuesdays and Thursdays": 2,
    "2 hours every Saturday": 2,
    "an hour on mon/wed/fri": 3,
    "3 evenings a week, an hour each": 3,
    "three times a week for 90 minutes": 4.5,
    "2 hours twice a week": 4,
    "saturdays 4 hours": 4,
    "4 hours every weekend": 4,
    "2 hours on weekdays and 4 hours on Saturdays": 14,
    "change from 5 to 10 hours a week": 10,
    "5 hours": None,
    "2 hours this week": None,
    "2 hours on Saturday": None,
    "I did 2 hours week 3": None,
    "I have 40 minutes today": None,
    "I study every day. I have 40 minutes": None,
}


@pytest.mark.parametrize(("text", "hours"), PACES.items())
def test_a_pace_is_read(text: str, hours: float | None) -> None:
    found = find_pace(clean(text))
    assert (found[0] if found else None) == hours


def test_a_pace_tells_how_it_was_counted() -> None:
    assert find_pace("2 hours a day") == (14, "2 a day")
    assert find_pace("an hour on tuesdays and thursdays") == (2, "2 times 1")
    assert find_pace("5 hours a week") == (5, "")


def test_numbers_are_read_and_amounts_are_spoken() -> None:
    assert [amount(word) for word in ("a", "half an", "1,5", "forty-five", "3/4", "a couple of")] == [
        1,
        0.5,
        1.5,
        45,
        0.75,
        2,
    ]
    assert [spoken(minutes) for minutes in (1, 40, 60, 90)] == ["1 minute", "40 minutes", "1 hour", "1.5 hours"]


# --- any text ---------------------------------------------------------------------------------------------------------

_WORDS = (
    "from to until till between and - the of in for by since next last this weekend week month year end first 1 14 31 "
    "30th 3rd 29 february may june 2027 24.12. 4/3 2027-03-04 99999 0 monday tue sat tomorrow yesterday today ago "
    "christmas easter new year summer q1 two a half weeks days hours h minutes every on evening 1h30 45' €"
).split()
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(_WORDS), max_size=9).map(" ".join))
TODAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@given(TEXTS, TODAYS, st.booleans())
def test_no_text_raises_and_no_range_is_backwards(text: str, today: date, past: bool) -> None:
    for said in (text, clean(text)):
        find_day(said, today, past=past)
        for found in (find_range(said, today, past=past), find_stretch(said, today, past=past)):
            assert found is None or found[0] <= found[1]
        length, minutes, pace = find_length(said), find_minutes(said), find_pace(said)
        assert length is None or length >= 0
        assert minutes is None or minutes >= 0
        assert pace is None or pace[0] >= 0


@given(TEXTS, st.sampled_from((date.min, date.max)), st.booleans())
def test_no_day_of_the_calendar_raises(text: str, today: date, past: bool) -> None:
    find_day(text, today, past=past)
    find_range(text, today, past=past)
    find_stretch(text, today, past=past)


@given(TODAYS, st.integers(0, 330), st.integers(0, 30), st.booleans())
def test_a_range_without_a_year_is_the_nearest(today: date, ahead: int, days: int, past: bool) -> None:
    first = today - timedelta(days=ahead + days) if past else today + timedelta(days=ahead)
    last = first + timedelta(days=days)
    text = f"from {first.day} {MONTHS[first.month - 1]} to {last.day} {MONTHS[last.month - 1]}"
    assert find_range(text, today, past=past) == (first, last)


def test_spans_of_days_are_those_of_the_calendar() -> None:
    day = date(2027, 12, 29)
    assert find_stretch("tomorrow", day) == (date(2027, 12, 30), date(2027, 12, 30))
    assert find_stretch("this week", day) == (day, date(2028, 1, 2))
    assert find_stretch("next week", day) == (date(2028, 1, 3), date(2028, 1, 9))
    assert find_stretch("next month", day) == (date(2028, 1, 1), date(2028, 1, 31))
    assert find_stretch("next month", date(2027, 1, 31)) == (date(2027, 2, 1), date(2027, 2, 28))


FEBRUARY = [
    ("away until the end of february", date(2026, 11, 29), (date(2026, 11, 29), date(2027, 2, 28))),
    ("away until the end of february", date(2028, 1, 10), (date(2028, 1, 10), date(2028, 2, 29))),
    ("away until end of feb", date(2028, 1, 10), (date(2028, 1, 10), date(2028, 2, 29))),
    ("away until the end of february 2028", date(2026, 11, 29), (date(2026, 11, 29), date(2028, 2, 29))),
    ("away until the last day of february", date(2026, 11, 29), (date(2026, 11, 29), date(2027, 2, 28))),
    ("away until the last day of february", date(2027, 12, 1), (date(2027, 12, 1), date(2028, 2, 29))),
    ("pause from 20 february until the end of the month", date(2027, 1, 6), (date(2027, 2, 20), date(2027, 2, 28))),
    ("pause from 20 february until the end of the month", date(2028, 1, 6), (date(2028, 2, 20), date(2028, 2, 29))),
    ("from 3 february to the end of february", date(2028, 1, 6), (date(2028, 2, 3), date(2028, 2, 29))),
    ("from 20 november to the end of the year", date(2026, 10, 1), (date(2026, 11, 20), date(2026, 12, 31))),
    ("away from 20 december to 5 january", date(2026, 11, 29), (date(2026, 12, 20), date(2027, 1, 5))),
]


@pytest.mark.parametrize(("text", "today", "expected"), FEBRUARY)
def test_the_end_of_a_month_is_its_last_day(text: str, today: date, expected: tuple[date, date]) -> None:
    assert find_range(text, today) == expected


@pytest.mark.parametrize(
    "text",
    [
        "pause from 10 march 2027 to 1 march 2027",
        "on holiday from 2027-03-10 to 2027-03-01",
        "away from 10 march to 1 march",
        "away from 10 to 1 march",
        "pause from march 10 until march 1",
        "pause from 5 may 2027 till 1 may",
        "pause from tomorrow to yesterday",
        "away from 10.3.2027 to 1.3.2027",
    ],
)
def test_a_range_that_ends_before_it_begins_is_told_as_such(text: str) -> None:
    turned = find_reversed(text, date(2026, 11, 29))
    assert turned
    assert turned[1] < turned[0]


@pytest.mark.parametrize(
    "text",
    [
        "from 20 december to 5 january",
        "from september to june",
        "from friday to monday",
        "from the 28th to the 3rd",
        "from 1 to 14 august",
        "from tomorrow until the end of the month",
        "until 5 march",
        "weeks 9 to 5",
    ],
)
def test_a_range_over_new_year_is_none(text: str) -> None:
    assert find_reversed(text, date(2026, 11, 29)) is None
