"""The next resource: order, needs, pairs, levels, checkpoints, money, time at hand, bad input."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.recommendation.curriculum import is_free, load_rules, proposed_split, shares, slot_of, slots_of
from assistant.recommendation.progress import InputError, Progress
from assistant.recommendation.readiness import can_skip, readiness_for_week
from assistant.recommendation.recommend import recommend
from corpus.notes import Notes, load_notes
from corpus.reader import read_roadmap
from eval.cases import CaseError
from eval.suites.next_suite import load_scenarios, next_table
from tests.learning_fixtures import edited, imported_by

ROADMAP = read_roadmap()
NOTES = load_notes()
IDS = [resource.id for resource in ROADMAP.resources]
SLOTS = slots_of(ROADMAP)
HANDS_ON = "hands-on-machine-learning-with-scikit-learn-keras-tensorflow"
ANDREW_NG = "andrew-ng-machine-learning-specialization"
FAST_AI = "fast-ai-practical-deep-learning-for-coders"
COURSERA = "coursera-deep-learning-specialization"
SUPPLEMENT = "deep-learning-specialization"
LINUX = "linux-cli-refresher"
PYTHON = "python-for-data-analysis"
SETUP = "quick-python-environment-setup"
ZERO = "neural-networks-zero-to-hero"
NUMPY_CHECK = "re-implement-k-means-or-simple-nn-from-scratch"
HUGGING = "hugging-face-course-cs224n"
MLOPS = "mlops-machine-learning-operations-specialization"


def before(resource: str) -> frozenset[str]:
    """Everything of the roadmap that stands before a resource."""
    return frozenset(IDS[: IDS.index(resource)])


def choice(**marks: object) -> str | None:
    return recommend(ROADMAP, NOTES, Progress(**marks)).resource  # type: ignore[arg-type]


def test_a_newcomer_begins_with_the_setup() -> None:
    assert choice() == SETUP


def test_the_whole_roadmap_can_be_walked_in_order_and_ends() -> None:
    done: list[str] = []
    while (step := recommend(ROADMAP, NOTES, Progress(done=frozenset(done)))).resource:
        assert not step.blocked_by
        done.append(step.resource)
    positions = [IDS.index(id) for id in done]
    assert positions == sorted(positions)
    assert set(IDS) - set(done) == {ANDREW_NG, COURSERA}
    assert step.as_json()["resource"] is None
    assert step.reason.startswith("Finished")


@pytest.mark.parametrize(
    ("prefer", "seven", "nine"),
    [
        ("", HANDS_ON, FAST_AI),
        ("code", HANDS_ON, FAST_AI),
        ("theory", ANDREW_NG, COURSERA),
        ("free", HANDS_ON, FAST_AI),
    ],
)
def test_a_preference_chooses_within_a_pair(prefer: str, seven: str, nine: str) -> None:
    assert choice(week=7, prefer=prefer) == seven
    assert choice(week=9, prefer=prefer) == nine


@pytest.mark.parametrize("one", [FAST_AI, COURSERA])
def test_one_of_a_pair_is_enough(one: str) -> None:
    result = recommend(ROADMAP, NOTES, Progress(done=before(FAST_AI) | {one}))
    assert result.resource == ZERO
    assert {a.resource for a in result.alternatives}.isdisjoint({FAST_AI, COURSERA})


def test_skipping_one_of_a_pair_leaves_the_other() -> None:
    assert choice(done=before(FAST_AI), skipped=frozenset({FAST_AI})) == COURSERA
    assert choice(done=before(FAST_AI), skipped=frozenset({FAST_AI, COURSERA})) == ZERO


def test_the_same_course_is_not_recommended_twice() -> None:
    done = before(FAST_AI) | {COURSERA, ZERO}
    assert choice(done=done) == NUMPY_CHECK


def test_the_alternative_is_named_with_the_difference_that_matters() -> None:
    other = recommend(ROADMAP, NOTES, Progress(week=9)).alternatives[0]
    assert (other.resource, other.difference) == (COURSERA, "theory first")
    other = recommend(ROADMAP, NOTES, Progress(week=9, prefer="theory")).alternatives[0]
    assert (other.resource, other.difference) == (FAST_AI, "code first, and free")
    other = recommend(ROADMAP, NOTES, Progress(week=9, prefer="free")).alternatives[0]
    assert (other.resource, other.difference) == (COURSERA, "costs money")


def test_an_optional_resource_comes_in_order_and_may_be_left_out() -> None:
    result = recommend(ROADMAP, NOTES, Progress(done=frozenset({SETUP})))
    assert result.resource == LINUX
    assert "optional" in result.reason
    assert result.alternatives[0].resource == PYTHON
    assert choice(done=frozenset({SETUP, PYTHON})) != LINUX


def test_a_supplemental_resource_gone_past_does_not_hold_back() -> None:
    done = before(HUGGING) - {SUPPLEMENT}
    assert choice(done=done) == HUGGING


def test_a_checkpoint_comes_after_its_block() -> None:
    week6 = "build-a-data-pipeline-from-a-sql-database-and-create-dashboard"
    algebra = "essence-of-linear-algebra-khan-academy-statistics"
    assert choice(done=before(week6) - {algebra}) == algebra
    assert choice(done=before(week6)) == week6
    assert choice(week=20) == NUMPY_CHECK


def test_a_gap_is_filled_before_going_on() -> None:
    done = before(ZERO) - {PYTHON}
    result = recommend(ROADMAP, NOTES, Progress(done=done, week=13))
    assert result.resource == PYTHON
    assert "catch-up" in result.rules


def test_a_week_without_earlier_marks_presumes_what_comes_before_and_says_so() -> None:
    result = recommend(ROADMAP, NOTES, Progress(week=9))
    assert "taken as known" in result.reason
    assert PYTHON in result.blocked_by
    assert choice(week=13, done=frozenset({FAST_AI})) == ZERO


def test_every_week_gives_a_resource_of_that_week() -> None:
    for week in range(49):
        resource = ROADMAP.resource(choice(week=week) or "")
        assert resource is not None
        assert week in resource.weeks


def test_undivided_blocks_follow_the_proposed_split_and_say_that_it_is_ours() -> None:
    result = recommend(ROADMAP, NOTES, Progress(week=40))
    assert result.resource == MLOPS
    assert "we propose" in result.reason


def test_the_proposed_split_fills_the_block_without_overlap() -> None:
    split = proposed_split(SLOTS, NOTES)
    weeks = sorted(week for span in split.values() for week in range(span.first, span.last + 1))
    assert weeks == list(range(21, 49))


@given(st.lists(st.floats(0, 500), min_size=1, max_size=8), st.integers(0, 40))
def test_shares_are_whole_at_least_one_and_add_up(weights: list[float], spare: int) -> None:
    total = len(weights) + spare
    found = shares(total, weights)
    assert sum(found) == total
    assert min(found) >= 1


def test_free_only_sets_paid_ones_aside_and_says_so() -> None:
    result = recommend(ROADMAP, NOTES, Progress(done=before(SUPPLEMENT) - {COURSERA}, prefer="free"))
    assert result.resource == NUMPY_CHECK
    assert "Set aside" in result.reason
    assert SUPPLEMENT in {a.resource for a in result.alternatives}
    assert choice(week=40, prefer="free") != MLOPS


def test_free_only_puts_what_the_roadmap_calls_paid_last_in_an_undivided_block() -> None:
    done = before("full-stack-llm-bootcamp")
    assert choice(done=done, prefer="free") == "building-advanced-rag-applications-llamaindex"


def test_free_only_gives_the_address_of_the_free_way() -> None:
    result = recommend(ROADMAP, NOTES, Progress(week=7, prefer="free"))
    assert result.url == "https://github.com/ageron/handson-ml3"
    assert "free way" in result.reason


def test_when_only_paid_ones_are_left_the_reason_says_so() -> None:
    done = frozenset(IDS) - {MLOPS}
    result = recommend(ROADMAP, NOTES, Progress(done=done, free_only=True))
    assert result.resource == MLOPS
    assert "costs money" in result.reason


def test_a_dead_resource_gives_way_to_its_pair() -> None:
    assert choice(week=9, dead=frozenset({FAST_AI})) == COURSERA


def test_a_dead_resource_is_set_aside_and_named_with_what_it_is_needed_for() -> None:
    result = recommend(ROADMAP, NOTES, Progress(done=frozenset({SETUP, LINUX}), dead=frozenset({PYTHON})))
    assert result.resource != PYTHON
    assert "dead-set-aside" in result.rules
    assert "Set aside, because none of their pages could be reached at the last crawl: Python for Data" in result.reason
    assert "costs money" not in result.reason
    assert PYTHON in result.blocked_by
    dead = next(a for a in result.alternatives if a.resource == PYTHON)
    assert dead.difference == "comes earlier in the order, but its pages could not be reached"


def test_the_living_one_of_a_pair_says_why_it_was_taken() -> None:
    result = recommend(ROADMAP, NOTES, Progress(week=9, dead=frozenset({FAST_AI})))
    assert "pair-dead" in result.rules
    assert "the pages of the other one could not be reached" in result.reason
    assert FAST_AI not in {a.resource for a in result.alternatives}


def test_a_dead_resource_that_is_begun_is_not_recommended_without_a_word() -> None:
    result = recommend(ROADMAP, NOTES, Progress(in_progress=frozenset({ZERO}), dead=frozenset({ZERO})))
    assert result.resource == ZERO
    assert "Its pages could not be reached" in result.reason


def test_when_only_dead_ones_are_left_the_reason_says_so() -> None:
    progress = Progress(done=frozenset(IDS) - {MLOPS, ZERO}, dead=frozenset({MLOPS, ZERO}))
    assert recommend(ROADMAP, NOTES, progress).resource == ZERO
    assert "could not be reached, but nothing else is left" in recommend(ROADMAP, NOTES, progress).reason
    free = recommend(ROADMAP, NOTES, replace(progress, free_only=True))
    assert (free.resource, free.rules) == (ZERO, ("nothing-alive-left",))


@settings(max_examples=60, deadline=None)
@given(st.frozensets(st.sampled_from(IDS)), st.frozensets(st.sampled_from(IDS)), st.booleans())
def test_a_dead_resource_is_never_recommended_without_saying_so(
    done: frozenset[str], dead: frozenset[str], free: bool
) -> None:
    result = recommend(ROADMAP, NOTES, Progress(done=done, dead=dead, free_only=free))
    if result.resource in dead:
        assert "could not be reached" in result.reason


@pytest.mark.parametrize(
    ("formats", "seven", "nine"),
    [
        ((), HANDS_ON, FAST_AI),
        (("book",), HANDS_ON, FAST_AI),
        (("video",), HANDS_ON, FAST_AI),
        (("course",), ANDREW_NG, COURSERA),
        (("interactive",), ANDREW_NG, FAST_AI),
        (("book", "course"), HANDS_ON, COURSERA),
    ],
)
def test_the_formats_that_are_liked_choose_within_a_pair(formats: tuple[str, ...], seven: str, nine: str) -> None:
    assert choice(week=7, formats=formats) == seven
    assert choice(week=9, formats=formats) == nine


def test_a_choice_by_format_says_so_and_where_there_is_none_that_too() -> None:
    chosen = recommend(ROADMAP, NOTES, Progress(week=9, formats=("course",)))
    assert "the format that you like" in chosen.reason
    book = recommend(ROADMAP, NOTES, Progress(week=1, formats=("video",)))
    assert book.resource == PYTHON
    assert "It comes as book: there is none here in the format you like, video." in book.reason
    own = recommend(ROADMAP, NOTES, Progress(formats=("video",)))
    assert own.resource == SETUP
    assert "comes as" not in own.reason


def test_code_or_theory_first_goes_before_the_format_which_is_then_the_difference_told() -> None:
    result = recommend(ROADMAP, NOTES, Progress(week=7, prefer="code", formats=("course",)))
    assert result.resource == HANDS_ON
    other = result.alternatives[0]
    assert (other.resource, other.difference) == (ANDREW_NG, "comes as course and interactive, as you like it")


def test_what_is_free_goes_before_the_format() -> None:
    assert choice(week=9, formats=("course",), free_only=True) == FAST_AI


def test_what_is_begun_is_finished_first() -> None:
    result = recommend(ROADMAP, NOTES, Progress(in_progress=frozenset({ZERO})))
    assert result.resource == ZERO
    assert "finish" in result.reason
    assert PYTHON in result.blocked_by


def test_the_minutes_at_hand_are_answered_with_the_next_unit_not_done() -> None:
    units = NOTES.units(PYTHON)
    progress = Progress(week=1, minutes=40, units_done=frozenset({(PYTHON, units[0].id)}))
    result = recommend(ROADMAP, NOTES, progress)
    assert result.first_unit == units[1]
    assert "40 minutes" in result.now
    assert result.hours == pytest.approx(NOTES.note(PYTHON).hours - units[0].hours)  # type: ignore[union-attr]


def test_effort_is_told_in_weeks_of_the_learner() -> None:
    assert "weeks at 5 h a week" in recommend(ROADMAP, NOTES, Progress(week=1, hours=5)).effort


def test_without_any_note_the_hours_come_from_the_weeks() -> None:
    result = recommend(ROADMAP, Notes(), Progress(week=1))
    assert result.hours == 16
    assert result.url.startswith("https://www.oreilly.com/")


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (Progress(done=frozenset({"fastai"})), ("'fastai'", FAST_AI)),
        (Progress(skipped=frozenset({"linux"})), ("'linux'", LINUX)),
        (Progress(week=49), ("week 49", "0 to 48")),
        (Progress(week=-1), ("week -1",)),
        (Progress(hours=0), ("0 hours", "0.5")),
        (Progress(hours=200), ("200 hours", "100")),
        (Progress(hours=float("nan")), ("nan",)),
        (Progress(minutes=0), ("0 minutes",)),
        (Progress(prefer="cheap"), ("'cheap'", "code, theory, free")),  # type: ignore[arg-type]
    ],
)
def test_bad_input_is_one_sentence_that_names_it(progress: Progress, words: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as error:
        recommend(ROADMAP, NOTES, progress)
    assert all(word in str(error.value) for word in words)


def test_the_json_keeps_the_contract() -> None:
    data = recommend(ROADMAP, NOTES, Progress(week=9)).as_json()
    assert {"resource", "title", "url", "weeks", "reason", "alternatives", "blocked_by"} <= set(data)
    assert data["weeks"] == [9, 12]
    assert set(data["alternatives"][0]) == {"resource", "title", "url", "difference", "speaks_for"}
    assert json.loads(json.dumps(data)) == data


marks = st.frozensets(st.sampled_from(IDS))


@settings(max_examples=60, deadline=None)
@given(marks, marks, st.none() | st.integers(0, 48), st.sampled_from(["", "code", "theory", "free"]))
def test_a_recommendation_is_open_deterministic_and_never_the_rest_of_a_done_pair(
    done: frozenset[str], skipped: frozenset[str], week: int | None, prefer: str
) -> None:
    progress = Progress(done=done, skipped=skipped, week=week, prefer=prefer)  # type: ignore[arg-type]
    result = recommend(ROADMAP, NOTES, progress)
    assert result == recommend(ROADMAP, NOTES, progress)
    named = {a.resource for a in result.alternatives} | set(result.blocked_by)
    assert not named & done
    if result.resource is None:
        return
    slot = slot_of(SLOTS, result.resource)
    assert slot is not None
    assert result.resource not in done | skipped
    assert not slot.ids & load_rules().with_same_course(done)
    assert result.resource not in named


@settings(max_examples=40, deadline=None)
@given(marks)
def test_doing_what_is_recommended_never_brings_up_something_earlier(done: frozenset[str]) -> None:
    first = recommend(ROADMAP, NOTES, Progress(done=done)).resource
    if first is None:
        return
    second = recommend(ROADMAP, NOTES, Progress(done=done | {first})).resource
    places = {id: place for place, slot in enumerate(SLOTS) for id in slot.ids}
    assert second is None or places[second] > places[first]


@settings(max_examples=40, deadline=None)
@given(marks)
def test_under_free_a_paid_resource_comes_only_when_nothing_else_is_left(done: frozenset[str]) -> None:
    result = recommend(ROADMAP, NOTES, Progress(done=done, prefer="free"))
    resource = ROADMAP.resource(result.resource or "")
    assert resource is None or is_free(resource, NOTES) or "nothing-free-left" in result.rules


def test_readiness_names_what_is_missing_and_what_may_wait() -> None:
    ready = readiness_for_week(ROADMAP, NOTES, Progress(done=before(FAST_AI)), 9)
    assert ready.ready
    assert ready.text.startswith("Yes")
    partly = readiness_for_week(ROADMAP, NOTES, Progress(done=before(FAST_AI) - {PYTHON, SETUP}), 9)
    assert not partly.ready
    assert [m.resource for m in partly.missing if m.needed] == [PYTHON]
    assert [m.resource for m in partly.missing if not m.needed] == [SETUP]
    with pytest.raises(InputError, match="week 60"):
        readiness_for_week(ROADMAP, NOTES, Progress(), 60)


def test_skipping_is_answered_by_level_pair_and_what_builds_on_it() -> None:
    assert can_skip(ROADMAP, NOTES, Progress(), LINUX).verdict == "yes"
    assert can_skip(ROADMAP, NOTES, Progress(), PYTHON).verdict == "no"
    assert FAST_AI in can_skip(ROADMAP, NOTES, Progress(), PYTHON).needed_by
    pair = can_skip(ROADMAP, NOTES, Progress(), FAST_AI)
    assert (pair.verdict, pair.instead) == ("with-care", (COURSERA,))
    assert can_skip(ROADMAP, NOTES, Progress(done=frozenset({COURSERA})), FAST_AI).verdict == "yes"
    with pytest.raises(InputError, match="nonsense"):
        can_skip(ROADMAP, NOTES, Progress(), "nonsense")


def test_after_rows_are_reordered_checkpoints_still_come_last_and_pairs_hold() -> None:
    order = [sorted(slot.ids) for slot in slots_of(edited(ROADMAP))]
    assert order.index([NUMPY_CHECK]) > order.index([SUPPLEMENT])
    assert sorted([FAST_AI, COURSERA]) in order


def test_every_scenario_gets_an_accepted_answer() -> None:
    scenarios = load_scenarios()
    assert len(scenarios) >= 120
    assert len({scenario.id for scenario in scenarios}) == len(scenarios)
    assert len({scenario.progress for scenario in scenarios}) == len(scenarios)
    table = next_table(scenarios, ROADMAP, NOTES)
    assert table.failures == ()


def test_a_wrong_recommendation_fails_its_scenario() -> None:
    wrong = replace(load_scenarios()[0], accepted=(ZERO,), forbidden=())
    forbidden = replace(load_scenarios()[0], accepted=(), forbidden=(SETUP,))
    table = next_table([wrong, forbidden], ROADMAP, NOTES)
    assert [failure.id for failure in table.failures] == [wrong.id, forbidden.id]


def test_a_spoilt_scenario_is_refused_by_line(tmp_path: Path) -> None:
    path = tmp_path / "next.jsonl"
    path.write_text('{"id": "x"}\n', encoding="utf-8")
    with pytest.raises(CaseError, match=r"next\.jsonl, line 1"):
        load_scenarios(path)


def test_importing_the_recommendation_stays_light() -> None:
    heavy = {"sqlalchemy", "pydantic", "numpy", "torch", "chromadb", "llama_index", "gradio"}
    assert (
        not imported_by("assistant.recommendation.recommend, assistant.study.plan, assistant.recommendation.readiness")
        & heavy
    )
