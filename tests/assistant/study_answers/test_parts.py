"""Parts of a resource as people name them, and changes that are put right by the next message."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assistant.language.message import read_message
from assistant.study.change import Change
from assistant.study.learner import Learner, apply
from assistant.study.planned import Pause
from assistant.study_answers.parts import parts_alone, parts_of
from assistant.talk_answers.handlers import without_denied
from corpus.notes import load_notes
from corpus.reader import read_roadmap
from tests.answer_fixtures import Talk

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
ROADMAP, NOTES = read_roadmap(), load_notes()
LINUX, PANDAS, GERON = (
    "linux-cli-refresher",
    "python-for-data-analysis",
    "hands-on-machine-learning-with-scikit-learn-keras-tensorflow",
)
DASHBOARD, SETUP, HERO, FAST = (
    "build-a-data-pipeline-from-a-sql-database-and-create-dashboard",
    "quick-python-environment-setup",
    "neural-networks-zero-to-hero",
    "fast-ai-practical-deep-learning-for-coders",
)


@pytest.mark.parametrize(
    ("text", "row", "parts"),
    [
        ("I finished docker and git", SETUP, ("git", "docker")),
        ("conda and vs code are done", SETUP, ("conda", "vs-code")),
        ("micrograd and build gpt are done", HERO, ("micrograd", "build-gpt")),
        ("done with fast.ai lessons 1 to 3", FAST, ("lesson-1", "lesson-2", "lesson-3")),
        ("I finished fast.ai", FAST, ()),
        ("mark Quick Python & environment setup as done", SETUP, ()),
        ("we can tick off the dashboard project", DASHBOARD, ()),
        ("the dashboard is done", DASHBOARD, ("dashboard",)),
        ("the pipeline project is finished", DASHBOARD, ()),
    ],
)
def test_a_name_that_is_a_part_s_own_means_the_part(text: str, row: str, parts: tuple[str, ...]) -> None:
    named = ROADMAP.resource(row)
    assert named is not None
    found = parts_of(read_message(text, ROADMAP, NOW.date()), NOTES.units(row), named)
    assert found is not None
    assert tuple(unit.id for unit in found) == parts


@pytest.mark.parametrize(
    ("text", "row", "part"),
    [
        ("I finished users, permissions and processes, took me 40 minutes", LINUX, "permissions"),
        ("pipes, redirection and exit codes is done", LINUX, "pipes"),
        ("done with reading and searching text", LINUX, "text-tools"),
        ("finished getting started with pandas", PANDAS, "ch05"),
        ("I did Support Vector Machines", GERON, "ch05"),
        ("I finished the unit Dimensionality Reduction", GERON, "ch08"),
    ],
)
def test_a_part_that_is_called_by_its_title_is_marked_and_nothing_else(
    text: str, row: str, part: str, talk: Talk
) -> None:
    answer = talk.last(text)
    assert [(m.resource, m.unit, m.status) for m in talk.learner.marks] == [(row, part, "done")], answer.text


@pytest.mark.parametrize("text", ["what are support vector machines?", "is dimensionality reduction hard?"])
def test_the_title_of_a_part_is_a_subject_too(text: str, talk: Talk) -> None:
    assert talk.last(text).capabilities in (("concept",), ("find_topic",), ())
    assert talk.learner.marks == ()


def test_a_part_is_known_by_its_title_alone_unless_several_rows_have_it() -> None:
    found = parts_alone(read_message("git is behind me", ROADMAP, NOW.date()), ROADMAP.resources, NOTES)
    assert found is not None
    assert (found[0].id, [unit.id for unit in found[1]]) == (SETUP, ["git"])
    nothing = read_message("that one is behind me", ROADMAP, NOW.date())
    assert parts_alone(nothing, ROADMAP.resources, NOTES) is None


def test_a_part_that_is_reset_leaves_the_others_of_a_finished_row_done() -> None:
    done = apply(Learner("me"), Change("done", "", (SETUP,)), NOTES, NOW)
    after = apply(done, Change("reset", "", (SETUP,), ("docker",)), NOTES, NOW)
    assert {mark.unit for mark in after.marks} == {unit.id for unit in NOTES.units(SETUP)} - {"docker"}


def test_pauses_that_overlap_are_one() -> None:
    first, second = datetime(2026, 12, 1).date(), datetime(2026, 12, 5).date()
    paused = apply(Learner("me"), Change("pause", "", first=first, last=second), NOTES, NOW)
    longer = apply(paused, Change("pause", "", first=second, last=datetime(2026, 12, 14).date()), NOTES, NOW)
    assert longer.pauses == (Pause(first, datetime(2026, 12, 14).date()),)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("not all of it, only the git part", "only the git part"),
        ("I said fast.ai not the coursera one", "I said fast.ai"),
        ("docker isn't done", "docker isn't done"),
        ("no, 3 hours", "no, 3 hours"),
    ],
)
def test_what_is_denied_is_not_what_is_meant(text: str, left: str) -> None:
    assert without_denied(text) == left


def test_a_change_that_is_put_right_is_replaced_and_undone_as_one(talk: Talk) -> None:
    talk("I finished fast.ai", "oops, only the first lesson")
    assert [mark.key for mark in talk.learner.marks] == [(FAST, "lesson-1")]
    talk("undo that")
    assert talk.learner.marks == ()


def test_a_pause_that_is_made_longer_is_the_same_pause(talk: Talk) -> None:
    talk("pause from 1 to 7 february", "make it until the 15th")
    (pause,) = talk.learner.pauses
    assert (pause.first.day, pause.last.day) == (1, 14)


def test_a_pace_from_a_later_day_is_not_written_for_today(talk: Talk) -> None:
    talk("I start on 1 November", "I have 6 hours a week")
    answer = talk.last("I can do 20 hours a week from january")
    assert answer.changes == ()
    assert talk.learner.hours == 6


@pytest.mark.parametrize(
    ("text", "capabilities"),
    [
        ("what is in week 5 and how long does it take", ("week_content", "length")),
        ("finished git. what's next?", ("mark_done", "next_step")),
        ("tell me about fast.ai and what it costs", ("about_resource", "cost")),
        ("what is the difference between precision and recall", ("concept",)),
    ],
)
def test_two_plain_wishes_of_one_message_are_both_answered(
    text: str, capabilities: tuple[str, ...], talk: Talk
) -> None:
    assert talk.last(text).capabilities == capabilities


def test_a_quiz_is_about_the_part_that_is_named(talk: Talk) -> None:
    answer = talk.last("quiz me on git")
    assert answer.resources == (SETUP,)
    assert "Git" in answer.text
    assert "Docker" not in answer.text
