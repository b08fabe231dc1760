"""Plans: order, budget, completeness, dates, pauses, deadlines, slips, calendar files."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.recommendation.curriculum import load_rules, slots_of
from assistant.recommendation.progress import InputError, Progress
from assistant.study.calendar import plan_calendar
from assistant.study.plan import Pause, Plan, make_plan, week_starts
from assistant.study.replan import must_end_by, replan
from corpus.notes import Notes, load_notes
from corpus.reader import read_roadmap

ROADMAP = read_roadmap()
NOTES = load_notes()
IDS = [resource.id for resource in ROADMAP.resources]
SLOTS = slots_of(ROADMAP)
START = date(2027, 1, 4)
FAST_AI = "fast-ai-practical-deep-learning-for-coders"
COURSERA = "coursera-deep-learning-specialization"
LINUX = "linux-cli-refresher"
SETUP = "quick-python-environment-setup"
PYTHON = "python-for-data-analysis"
MLOPS = "mlops-machine-learning-operations-specialization"

marks = st.frozensets(st.sampled_from(IDS))
paces = st.floats(2, 100)
preferences = st.sampled_from(["", "code", "theory", "free"])


def planned(hours: float = 10, done: frozenset[str] = frozenset(), prefer: str = "") -> Plan:
    return make_plan(ROADMAP, NOTES, START, hours, done, progress=Progress(prefer=prefer))  # type: ignore[arg-type]


@settings(max_examples=25, deadline=None)
@given(paces, marks, preferences)
def test_no_week_is_over_budget_and_dates_follow_each_other(hours: float, done: frozenset[str], prefer: str) -> None:
    plan = planned(hours, done, prefer)
    for number, week in enumerate(plan.weeks):
        assert 0 < week.hours <= hours
        assert week.number == number
        assert week.starts == START + timedelta(weeks=number)
    assert plan.ends == (plan.weeks[-1].ends if plan.weeks else START)


@settings(max_examples=25, deadline=None)
@given(paces, marks, preferences)
def test_no_resource_is_lost_and_none_is_done_twice(hours: float, done: frozenset[str], prefer: str) -> None:
    plan = planned(hours, done, prefer)
    covered = load_rules().with_same_course(done | set(plan.resources))
    assert all(slot.ids & covered for slot in SLOTS)
    assert not set(plan.resources) & done
    assert all(len(slot.ids & set(plan.resources)) <= 1 for slot in SLOTS)


@settings(max_examples=25, deadline=None)
@given(paces, marks)
def test_units_come_in_order_and_all_their_hours_are_planned(hours: float, done: frozenset[str]) -> None:
    plan = planned(hours, done)
    places = [IDS.index(id) for id in plan.resources]
    assert places == sorted(places)
    for id in plan.resources:
        found = [u for week in plan.weeks for u in week.units if u.task.resource == id]
        assert list(dict.fromkeys(u.task.unit for u in found)) == [unit.id for unit in NOTES.units(id)]
        assert sum(u.hours for u in found) == pytest.approx(
            sum(u.hours for u in NOTES.units(id)), abs=0.25 * len(found)
        )


@settings(max_examples=30, deadline=None)
@given(paces, marks, marks, preferences)
def test_doing_more_never_moves_the_end_later(
    hours: float, done: frozenset[str], more: frozenset[str], prefer: str
) -> None:
    assert planned(hours, done | more, prefer).ends <= planned(hours, done, prefer).ends


@settings(max_examples=25, deadline=None)
@given(paces, paces, marks)
def test_more_hours_a_week_never_move_the_end_later(one: float, other: float, done: frozenset[str]) -> None:
    assert planned(max(one, other), done).ends <= planned(min(one, other), done).ends


@settings(max_examples=8, deadline=None)
@given(paces, marks)
def test_the_same_state_gives_the_same_plan(hours: float, done: frozenset[str]) -> None:
    assert planned(hours, done).as_json() == planned(hours, done).as_json()


def test_the_json_keeps_the_contract() -> None:
    data = planned().as_json()
    assert {"weeks", "ends"} <= set(data)
    assert {"week", "starts", "resources", "units", "hours"} <= set(data["weeks"][0])
    assert json.loads(json.dumps(data)) == data


def test_checkpoints_follow_their_block_and_each_phase_ends_with_a_buffer() -> None:
    tasks = [unit.task for week in planned().weeks for unit in week.units]
    kinds = [task.kind for task in tasks]
    names = [task.resource for task in tasks]
    check = "build-a-data-pipeline-from-a-sql-database-and-create-dashboard"
    assert {t.resource for t in tasks if t.kind == "checkpoint"} == {
        check,
        "re-implement-k-means-or-simple-nn-from-scratch",
    }
    last_algebra = max(i for i, n in enumerate(names) if n == "essence-of-linear-algebra-khan-academy-statistics")
    assert names.index(check) > last_algebra
    assert len({t.unit for t in tasks if t.kind == "buffer"}) == len(ROADMAP.phases)
    assert kinds[-1] == "buffer"


def test_one_of_a_pair_is_planned_by_preference() -> None:
    assert FAST_AI in planned().resources
    theory = planned(prefer="theory").resources
    assert COURSERA in theory
    assert FAST_AI not in theory
    assert "deep-learning-specialization" not in theory


def test_a_split_of_undivided_blocks_is_marked_as_ours() -> None:
    plan = planned()
    ours = {id for week in plan.weeks if week.ours for id in week.resources}
    assert MLOPS in ours
    assert plan.as_json()["proposed_split"][MLOPS] == [37, 44]
    assert not plan.weeks[0].ours
    assert any("our proposal" in remark for remark in plan.remarks)


def test_units_that_are_done_are_left_out() -> None:
    first = NOTES.units(PYTHON)[0]
    plan = make_plan(ROADMAP, NOTES, START, 5, {SETUP}, progress=Progress(units_done=frozenset({(PYTHON, first.id)})))
    assert (PYTHON, first.id) not in {(u.task.resource, u.task.unit) for w in plan.weeks for u in w.units}


def test_the_least_pace_gives_a_plan_too() -> None:
    plan = planned(0.5)
    assert {week.hours for week in plan.weeks[:-1]} == {0.5}


def test_a_unit_that_does_not_fit_is_split_into_numbered_parts() -> None:
    units = [u for w in planned(1).weeks for u in w.units if u.task.unit == "micrograd"]
    assert [u.part for u in units] == list(range(1, len(units) + 1))
    assert units[0].title.endswith(f"(part 1 of {len(units)})")


def test_everything_done_is_a_plan_without_weeks() -> None:
    plan = planned(done=frozenset(IDS))
    assert plan.weeks == ()
    assert plan.as_json()["ends"] == START.isoformat()


def test_without_notes_hours_come_from_the_weeks_of_the_roadmap() -> None:
    plan = make_plan(ROADMAP, Notes(), START, 8, buffer=0)
    assert PYTHON in plan.resources
    assert 44 <= len(plan.weeks) <= 60


def test_a_plan_longer_than_the_roadmap_says_what_pace_would_keep_its_weeks() -> None:
    assert any("19 h a week" in remark for remark in planned(10).remarks)


def test_a_start_in_the_past_is_planned_with_a_remark() -> None:
    plan = make_plan(ROADMAP, NOTES, START, 10, today=START + timedelta(days=3))
    assert any("3 days in the past" in remark for remark in plan.remarks)


@pytest.mark.parametrize("hours", [0, -1, 200, float("nan"), float("inf")])
def test_impossible_hours_are_refused(hours: float) -> None:
    with pytest.raises(InputError, match="hours a week"):
        planned(hours)


def test_an_unknown_id_an_odd_buffer_and_the_end_of_the_calendar_are_refused() -> None:
    with pytest.raises(InputError, match="fastai"):
        planned(done=frozenset({"fastai"}))
    with pytest.raises(InputError, match="buffer"):
        make_plan(ROADMAP, NOTES, START, 10, buffer=2)
    for day in (date(1999, 12, 31), date(9999, 12, 30)):
        with pytest.raises(InputError, match=f"cannot start on {day}"):
            make_plan(ROADMAP, NOTES, day, 10)
    for last in (date(9999, 12, 28), date(9999, 12, 31)):
        with pytest.raises(InputError, match="calendar"):
            make_plan(ROADMAP, NOTES, START, 10, pauses=[Pause(START, last)])


def test_a_pause_shifts_what_follows_and_loses_nothing() -> None:
    pause = Pause(START + timedelta(days=14), START + timedelta(days=27))
    plan = make_plan(ROADMAP, NOTES, START, 10, pauses=[pause])
    free = planned()
    assert len(plan.weeks) == len(free.weeks)
    assert plan.ends == free.ends + timedelta(days=14)
    assert not any(w.starts <= pause.last and pause.first <= w.ends for w in plan.weeks)


def test_overlapping_pauses_are_jumped_together() -> None:
    first, second = (
        Pause(START, START + timedelta(days=9)),
        Pause(START + timedelta(days=5), START + timedelta(days=20)),
    )
    assert next(week_starts(START, [first, second])) == START + timedelta(days=21)


def test_a_deadline_that_fits_says_yes() -> None:
    found = must_end_by(ROADMAP, NOTES, START, 20, START + timedelta(weeks=60))
    assert found.feasible
    assert found.cuts == ()
    assert found.text.startswith("Yes")


def test_a_tight_deadline_names_what_would_have_to_go_and_the_pace_that_would_do() -> None:
    by = START + timedelta(weeks=75)
    found = must_end_by(ROADMAP, NOTES, START, 10, by)
    assert not found.feasible
    assert found.possible
    assert found.ends_with_cuts <= by < found.ends
    assert LINUX in {cut.resource for cut in found.cuts}
    assert MLOPS not in {cut.resource for cut in found.cuts}
    assert found.hours_needed is not None
    assert make_plan(ROADMAP, NOTES, START, found.hours_needed).ends <= by


def test_an_impossible_deadline_says_so() -> None:
    found = must_end_by(ROADMAP, NOTES, START, 5, START + timedelta(weeks=10))
    assert not found.possible
    assert found.text.startswith("It cannot be done")
    with pytest.raises(InputError, match="before the start"):
        must_end_by(ROADMAP, NOTES, START, 5, START - timedelta(days=1))


def test_cutting_a_pair_does_not_bring_in_its_other_half() -> None:
    found = must_end_by(ROADMAP, NOTES, START, 5, START + timedelta(weeks=10))
    cut = {cut.resource for cut in found.cuts}
    assert FAST_AI in cut
    assert COURSERA not in cut


def test_after_a_slip_what_is_done_stays_and_what_moved_is_told() -> None:
    old = planned()
    today = START + timedelta(weeks=6)
    done = frozenset({SETUP, LINUX})
    new = replan(old, ROADMAP, NOTES, today, progress=Progress(done=done))
    assert new.done == (SETUP, LINUX)
    assert not done & set(new.plan.resources)
    moved = {m.resource: m for m in new.moved}
    assert moved[PYTHON].days > 0
    assert str(old.ends) in new.text
    assert str(new.plan.ends) in new.text
    assert json.loads(json.dumps(new.as_json()))["moved"][0]["days"] == new.moved[0].days


def test_replanning_on_schedule_with_more_hours_ends_earlier() -> None:
    new = replan(planned(), ROADMAP, NOTES, START, hours=20)
    assert all(m.days < 0 for m in new.moved)
    assert "earlier" in new.text


def test_the_calendar_file_is_valid_for_another_library() -> None:
    vobject = pytest.importorskip("vobject")
    plan = planned()
    data = plan_calendar(plan, datetime(2027, 1, 1, 12, tzinfo=UTC), ROADMAP)
    text = data.decode("utf-8")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    calendar = vobject.readOne(text)
    assert calendar.validate(raiseException=True)
    events = calendar.vevent_list
    assert len(events) == len(plan.weeks)
    assert len({event.uid.value for event in events}) == len(events)
    assert events[0].dtstart.value == START
    assert events[0].dtend.value == START + timedelta(days=7)
    assert "Quick Python" in events[0].summary.value
    assert data == plan_calendar(plan, datetime(2027, 1, 1, 12, tzinfo=UTC), ROADMAP)
