"""Today, where am I, reviews and their forecast; the clock is always given."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.recommendation.progress import InputError, Progress, count
from assistant.recommendation.reasons import counted, doing
from assistant.study.change import Change
from assistant.study.learner import Learner, LearnerError, Mark, SavedCard, StudyDay, apply, progress_of, with_mark
from assistant.study.pace import current_plan
from assistant.study.plan import Pause, make_plan
from assistant.study.review import RATINGS, deck, due_cards, forecast, grade, next_dues
from assistant.study.today import today_view, weeks_between, where_am_i
from corpus.notes import load_notes
from corpus.reader import read_roadmap

ROADMAP = read_roadmap()
NOTES = load_notes()
START = date(2027, 1, 4)
NOW = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
SETUP = "quick-python-environment-setup"
LINUX = "linux-cli-refresher"
PYTHON = "python-for-data-analysis"
IDS = [resource.id for resource in ROADMAP.resources]


def learner(*done: str, **fields: object) -> Learner:
    found = Learner("ada", start=START, **fields)  # type: ignore[arg-type]
    for resource in done:
        found = with_mark(found, Mark(resource, "", "done", NOW))
    return found


def graded(keys: list[str], at: datetime) -> dict[str, str]:
    return {key: grade(key, None, "good", at).schedule for key in keys}


def keys_of(resource: str) -> list[str]:
    return [f"{resource}/{card.id}" for card in NOTES.cards(resource)]


# --- today ------------------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 24 * 60), st.frozensets(st.sampled_from(IDS)), st.integers(0, 12))
def test_the_total_never_exceeds_the_minutes_given(minutes: int, done: frozenset[str], waiting: int) -> None:
    keys = [key for id in sorted(done) for key in keys_of(id)][:waiting]
    view = today_view(ROADMAP, NOTES, learner(*done), graded(keys, NOW - timedelta(days=30)), NOW, minutes)
    assert view.minutes <= minutes
    assert all(item.minutes > 0 for item in view.items)
    kinds = [item.kind for item in view.items]
    assert kinds == sorted(kinds, key=lambda kind: kind != "review")
    assert len({item.key for item in view.items}) == len(view.items)


def test_due_reviews_come_first_and_new_material_follows_with_the_exact_page() -> None:
    schedules = graded(keys_of(SETUP), NOW - timedelta(days=10))
    view = today_view(ROADMAP, NOTES, learner(SETUP, LINUX), schedules, NOW, 60)
    assert [item.kind for item in view.items[:9]] == ["review"] * 9
    first = next(item for item in view.items if item.kind == "unit")
    assert first.key == f"{PYTHON}/{NOTES.units(PYTHON)[0].id}"
    assert first.url == NOTES.units(PYTHON)[0].url
    assert json.loads(json.dumps(view.as_json()))["minutes"] == view.minutes


def test_reviews_take_at_most_half_while_there_is_new_material() -> None:
    done = IDS[:6]
    schedules = graded([key for id in done for key in keys_of(id)], NOW - timedelta(days=30))
    view = today_view(ROADMAP, NOTES, learner(*done), schedules, NOW, 40)
    assert sum(item.kind == "review" for item in view.items) == 20
    assert view.reviews_left > 0
    assert str(view.reviews_left) in view.text


def test_a_long_unit_is_begun_within_the_minutes() -> None:
    view = today_view(ROADMAP, NOTES, learner(), {}, NOW, 40)
    assert view.items[0].title.startswith("Begin")
    assert view.minutes == 40


def test_a_piece_of_a_unit_is_not_the_whole_of_it() -> None:
    view = today_view(ROADMAP, NOTES, learner(), {}, NOW, 132)
    assert [(item.minutes, item.whole) for item in view.items] == [(90, True), (42, False)]


def test_the_running_week_holds_what_is_left_of_its_hours() -> None:
    """And where they are used up the next week comes; doing more never makes the plan longer."""
    plain = current_plan(ROADMAP, NOTES, learner(hours=6), START)
    assert plain is not None
    for minutes, weeks in ((120, [0, 1]), (360, [1, 2]), (400, [1, 2])):
        studied = learner(hours=6, studied=(StudyDay(START, minutes),))
        plan = current_plan(ROADMAP, NOTES, studied, START + timedelta(days=2))
        assert plan is not None
        assert [week.number for week in plan.weeks[:2]] == weeks
        assert plan.weeks[0].hours == (6 - minutes / 60 if minutes < 360 else 6)
    later = current_plan(ROADMAP, NOTES, learner(hours=6, studied=(StudyDay(START, 120),)), START + timedelta(days=7))
    assert later is not None
    assert later.weeks[0].hours == 6


def test_without_minutes_a_fifth_of_the_week_is_planned() -> None:
    assert today_view(ROADMAP, NOTES, learner(hours=10), {}, NOW).budget == 120


def test_when_everything_is_done_only_reviews_are_left() -> None:
    view = today_view(ROADMAP, NOTES, learner(*IDS), {}, NOW, 30)
    assert {item.kind for item in view.items} == {"review"}


def test_a_pause_has_nothing_due_unless_minutes_are_given() -> None:
    paused = learner(pauses=(Pause(START, START + timedelta(days=6)),))
    view = today_view(ROADMAP, NOTES, paused, {}, NOW)
    assert view.items == ()
    assert view.text == "Nothing new until 2027-01-11."
    assert today_view(ROADMAP, NOTES, paused, {}, NOW, 30).items


def test_on_days_without_anything_new_the_cards_that_are_due_are_told() -> None:
    off = {"weekdays": (0.0, *(1.0,) * 6)}
    twice = (Pause(START, date(2027, 1, 6)), Pause(date(2027, 1, 7), date(2027, 1, 8)))
    for fields, why in (
        ({"pauses": twice}, "Nothing new until 2027-01-09."),
        (off, "Monday is a day off in your week"),
    ):
        for cards, told in ((2, "2 reviews wait for you."), (1, "1 review waits for you.")):
            schedules = graded(keys_of(SETUP)[:cards], NOW - timedelta(days=10))
            view = today_view(ROADMAP, NOTES, learner(SETUP, **fields), schedules, NOW, new=0)
            assert (view.items, view.reviews_left) == ((), cards)
            assert view.text.startswith(why)
            assert view.text.endswith(told)
    where = where_am_i(ROADMAP, NOTES, learner(pauses=twice), NOW)
    assert where.text == "Nothing new until 2027-01-09: your plan continues then."


def test_a_count_agrees_with_its_noun_and_its_verb() -> None:
    assert [counted(n, "hour") for n in (0, 1, 1.0, 1.5, 1234)] == [
        "0 hours",
        "1 hour",
        "1 hour",
        "1.5 hours",
        "1,234 hours",
    ]
    assert doing(1, "more review", "wait") == "1 more review waits"
    assert doing(2, "more review", "wait") == "2 more reviews wait"


@pytest.mark.parametrize("minutes", [0, -5, 2000])
def test_impossible_minutes_are_refused(minutes: int) -> None:
    with pytest.raises(InputError, match="minutes"):
        today_view(ROADMAP, NOTES, learner(), {}, NOW, minutes)


# --- where am I -------------------------------------------------------------------------------------------------------


def test_this_week_follows_from_the_start_the_pauses_and_the_time_zone() -> None:
    at = datetime(2027, 1, 17, 23, 30, tzinfo=UTC)
    assert where_am_i(ROADMAP, NOTES, learner(), at).week == 1
    assert where_am_i(ROADMAP, NOTES, learner(timezone="Asia/Tokyo"), at).week == 2
    paused = learner(pauses=(Pause(date(2027, 1, 11), date(2027, 1, 14)),), timezone="Asia/Tokyo")
    assert where_am_i(ROADMAP, NOTES, paused, at).week == 1


def test_before_the_start_without_one_and_in_a_pause_it_says_so() -> None:
    assert "in 3 days" in where_am_i(ROADMAP, NOTES, learner(), NOW - timedelta(days=3)).text
    assert "No start date" in where_am_i(ROADMAP, NOTES, Learner("ada"), NOW).text
    paused = where_am_i(ROADMAP, NOTES, learner(pauses=(Pause(START, date(2027, 1, 20)),)), NOW)
    assert (paused.week, paused.paused_until) == (None, date(2027, 1, 20))


def test_a_slip_shows_as_behind_and_work_done_as_on_time() -> None:
    at = NOW + timedelta(weeks=6)
    slipped = where_am_i(ROADMAP, NOTES, learner(SETUP), at)
    assert slipped.behind >= 4
    assert "behind" in slipped.text
    assert where_am_i(ROADMAP, NOTES, learner(*IDS[:6]), at).behind == 0
    assert where_am_i(ROADMAP, NOTES, learner(*IDS), at).behind == 0


def test_a_day_between_study_weeks_has_no_week() -> None:
    pauses = (Pause(date(2027, 1, 13), date(2027, 1, 20)),)
    between = where_am_i(ROADMAP, NOTES, learner(pauses=pauses), NOW + timedelta(days=8))
    assert (between.week, between.text) == (None, "The next week of your plan begins on 2027-01-21.")
    assert where_am_i(ROADMAP, NOTES, learner(pauses=pauses), NOW + timedelta(days=17)).week == 1


def test_the_weeks_of_a_span_are_those_that_share_a_day() -> None:
    plan = make_plan(ROADMAP, NOTES, START, 10)
    assert [w.number for w in weeks_between(plan, date(2027, 1, 10), date(2027, 1, 11))] == [0, 1]


# --- review -----------------------------------------------------------------------------------------------------------


def test_a_deck_holds_the_cards_of_the_resources_and_the_own_ones() -> None:
    own = learner(cards=(SavedCard("x", PYTHON, "Q?", "A.", "https://example.org/"),))
    cards = deck(ROADMAP, NOTES, own, Progress(done=frozenset({SETUP})))
    assert [card.key for card in cards] == [*keys_of(SETUP), "saved/x"]
    assert all(card.question and card.answer for card in cards)


def test_a_card_comes_back_later_after_good_and_soon_after_again() -> None:
    schedule, at = None, NOW
    waits: list[timedelta] = []
    for _ in range(4):
        result = grade("k/1", schedule, "good", at)
        waits.append(result.due - at)
        schedule, at = result.schedule, result.due
    assert waits == sorted(waits)
    assert waits[-1] > timedelta(days=7)
    assert grade("k/1", schedule, "again", at).due - at < timedelta(days=1)


def test_grading_is_deterministic() -> None:
    assert grade("k/1", None, "hard", NOW) == grade("k/1", None, "hard", NOW)


def test_due_cards_come_in_order_of_waiting_then_a_few_new_ones() -> None:
    cards = deck(ROADMAP, NOTES, learner(), Progress(done=frozenset({SETUP, LINUX})))
    keys = keys_of(SETUP)
    schedules = graded(keys[:1], NOW - timedelta(days=1)) | graded(keys[1:2], NOW - timedelta(days=5))
    due = due_cards(cards, schedules, NOW, new=3)
    assert [item.card.key for item in due[:2]] == [keys[1], keys[0]]
    assert [item.due for item in due[2:]] == [None] * 3
    assert not due_cards(cards, graded([c.key for c in cards], NOW), NOW)


def test_an_unknown_grade_and_a_spoilt_schedule_are_refused() -> None:
    with pytest.raises(LearnerError, match="'perfect'"):
        grade("k/1", None, "perfect", NOW)
    for spoilt in ("{}", "no json", '{"card_id": 1}', "[]"):
        with pytest.raises(LearnerError, match="k/1"):
            grade("k/1", spoilt, "good", NOW)


def test_the_forecast_counts_overdue_cards_today_and_the_rest_on_their_day() -> None:
    schedules = graded(["a"], NOW - timedelta(days=9)) | {"b": grade("b", None, "easy", NOW).schedule}
    days = forecast(schedules, NOW, 30, ZoneInfo("UTC"))
    assert len(days) == 30
    assert days[0] == (START, 1)
    assert sum(count for _, count in days) == 2


def test_cards_follow_the_units_that_are_done() -> None:
    first, *others = NOTES.units(SETUP)
    read = [card for card in NOTES.cards(SETUP) if card.unit == first.id]
    assert 0 < len(read) < len(NOTES.cards(SETUP))

    def keys(state: Learner, schedules: dict[str, str] | None = None) -> list[str]:
        return [c.key for c in deck(ROADMAP, NOTES, state, progress_of(state, ROADMAP, NOTES), schedules or {})]

    begun = with_mark(learner(), Mark(SETUP, "", "in-progress", NOW))
    half = with_mark(begun, Mark(SETUP, others[0].id, "in-progress", NOW, minutes=30))
    one = with_mark(half, Mark(SETUP, first.id, "done", NOW))
    assert keys(begun) == keys(half) == []
    assert keys(one) == [f"{SETUP}/{card.id}" for card in read]
    assert keys(learner(SETUP)) == keys_of(SETUP)
    known = graded(keys_of(SETUP)[-1:], NOW)
    assert keys(one, known)[-1:] == keys_of(SETUP)[-1:]
    assert keys(replace(one, suspended=(keys(one)[0],))) == keys(one)[1:]
    assert keys(with_mark(learner(), Mark(SETUP, "", "skipped", NOW)), known) == []


def test_again_comes_back_on_the_same_day_after_all_others() -> None:
    cards = deck(ROADMAP, NOTES, learner(), Progress(done=frozenset({SETUP})))
    again = {cards[0].key: grade(cards[0].key, None, "again", NOW).schedule}
    midnight = learner().midnight(NOW)
    assert cards[0].key not in [item.card.key for item in due_cards(cards, again, NOW)]
    assert [item.card.key for item in due_cards(cards, again, NOW, until=midnight)][-1] == cards[0].key
    view = today_view(ROADMAP, NOTES, learner(SETUP), again | graded([c.key for c in cards[1:]], NOW), NOW, 30)
    assert cards[0].key in [item.key for item in view.items]


@pytest.mark.parametrize("schedule", [None, grade("a/b", None, "good", NOW - timedelta(days=3)).schedule])
def test_the_next_days_that_are_shown_are_those_that_fsrs_then_gives(schedule: str | None) -> None:
    shown = next_dues("a/b", schedule, NOW)
    assert list(shown) == list(RATINGS)
    assert shown == {rating: grade("a/b", schedule, rating, NOW).due for rating in RATINGS}
    assert sorted(shown.values()) == list(shown.values())


def test_a_clock_that_goes_back_spoils_no_schedule() -> None:
    schedule = grade("a/b", grade("a/b", None, "good", NOW).schedule, "good", NOW).schedule
    earlier = NOW - timedelta(days=400)
    for rating in RATINGS:
        assert earlier < grade("a/b", schedule, rating, earlier).due < NOW + timedelta(days=400)


# --- the day ends -----------------------------------------------------------------------------------------------------


def test_minutes_that_are_done_count_and_end_the_day() -> None:
    state = learner(hours=10)
    half = today_view(ROADMAP, NOTES, replace(state, studied=(StudyDay(START, 70),)), {}, NOW, reviewed=5)
    assert (half.done, half.over) == (75, False)
    assert half.minutes == 45
    full = today_view(ROADMAP, NOTES, replace(state, studied=(StudyDay(START, 118),)), {}, NOW)
    assert (full.over, full.items) == (True, ())
    assert full.text == "Done for today: 118 minutes of study."
    assert today_view(ROADMAP, NOTES, replace(state, studied=(StudyDay(START, 118),)), {}, NOW, 15).minutes == 15
    yesterday = replace(state, studied=(StudyDay(START - timedelta(days=1), 118),))
    assert not today_view(ROADMAP, NOTES, yesterday, {}, NOW).over


def test_at_the_end_of_the_day_what_was_forgotten_today_still_comes_back() -> None:
    forgotten = {keys_of(SETUP)[0]: grade(keys_of(SETUP)[0], None, "again", NOW).schedule}
    view = today_view(ROADMAP, NOTES, learner(SETUP, studied=(StudyDay(START, 200),)), forgotten, NOW)
    assert view.over
    assert [item.key for item in view.items] == list(forgotten)
    assert "1 card comes back today" in view.text


# --- behind is behind, skipped is not done ----------------------------------------------------------------------------


def test_who_is_idle_is_behind_whatever_is_changed_meanwhile() -> None:
    at = NOW + timedelta(weeks=2)
    changes = (
        Change("hours", "", hours=12),
        Change("prefer", "", prefer="code"),
        Change("start", "", first=START),
    )
    state = learner()
    assert where_am_i(ROADMAP, NOTES, state, at).behind == 2
    for change in changes:
        state = apply(state, change, NOTES, at)
        assert where_am_i(ROADMAP, NOTES, state, at).behind == 2, change
    afresh = where_am_i(ROADMAP, NOTES, apply(state, Change("replan", ""), NOTES, at), at)
    assert afresh.behind == 0
    assert afresh.text.endswith("on time with the plan of 2027-01-18.")


def test_another_pace_counts_slips_from_the_last_day_of_study() -> None:
    last = NOW + timedelta(days=4)
    state = with_mark(learner(), Mark(SETUP, "", "done", last))
    at = NOW + timedelta(weeks=5)
    faster = apply(state, Change("hours", "", hours=20), NOTES, at)
    assert faster.replanned == last.date() + timedelta(days=1)
    assert where_am_i(ROADMAP, NOTES, faster, at).behind >= 4
    assert apply(faster, Change("hours", "", hours=20), NOTES, at) == faster


def test_half_of_a_long_unit_is_on_time_where_half_was_planned() -> None:
    state = learner(hours=2)
    plan = make_plan(ROADMAP, NOTES, START, 2)
    for week in plan.weeks[:8]:
        at = datetime(week.ends.year, week.ends.month, week.ends.day, 20, tzinfo=UTC)
        for unit in week.units:
            key = (unit.task.resource, unit.task.unit)
            if unit.part == unit.parts:
                state = with_mark(state, Mark(*key, "done", at))
            else:
                before = state.mark(*key)
                state = with_mark(
                    state, Mark(*key, "in-progress", at, unit.minutes + (before.minutes if before else 0))
                )
        assert where_am_i(ROADMAP, NOTES, state, at).behind == 0, week.number
    assert any(unit.parts > 1 for week in plan.weeks[:8] for unit in week.units)


def test_what_is_skipped_is_not_done() -> None:
    state = with_mark(learner(SETUP), Mark(LINUX, "", "skipped", NOW))
    found = count(ROADMAP.resources, progress_of(state, ROADMAP, NOTES))
    assert (found.done, found.skipped, found.total) == (1, 1, len(ROADMAP.resources))
    assert found.text == f"1 of {len(ROADMAP.resources)} resources is done, 1 is skipped"


# --- a year -----------------------------------------------------------------------------------------------------------


def test_a_year_with_two_slips_ends_with_everything_done() -> None:
    """A learner studies what `today_view` says, five days a week, but for two slips of three weeks."""
    state, at, hours = learner(hours=20), NOW, 20
    slips = {date(2027, 3, 1): 21, date(2027, 8, 2): 21}
    ends = [make_plan(ROADMAP, NOTES, START, hours).ends]
    spent: dict[str, int] = {}
    while at.date() < date(2029, 1, 1):
        away = slips.pop(at.date(), 0)
        at += timedelta(days=away)
        view = today_view(ROADMAP, NOTES, state, {}, at, hours * 60 // 5)
        units = [item for item in view.items if item.kind != "review"]
        if not units:
            break
        for item in units:
            spent[item.key] = spent.get(item.key, 0) + item.minutes
            resource, unit = item.key.split("/")
            full = next(u.hours * 60 for u in NOTES.units(resource) if u.id == unit)
            if spent[item.key] >= full:
                state = with_mark(state, Mark(resource, unit, "done", at))
        if away:
            ends.append(ends[-1] + timedelta(days=away))
        at += timedelta(days=1 if at.weekday() < 4 else 3)
    assert not slips
    assert at.date() <= ends[-1] + timedelta(days=120)
    assert where_am_i(ROADMAP, NOTES, replace(state, hours=20), at).text
    assert not [i for i in today_view(ROADMAP, NOTES, state, {}, at, 60).items if i.kind != "review"]
