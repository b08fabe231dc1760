"""The companion: what it answers and changes, and a whole year of one learner; the clock is always given."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.companion import Companion
from assistant.learner import LearnerError, Mark, with_mark, with_minutes
from assistant.pace import first_plan, roadmap_week
from assistant.progress import InputError, Progress
from assistant.review import NEW_A_DAY
from corpus.roadmap import Roadmap
from corpus.settings import Settings

NOW = datetime(2027, 1, 4, 18, tzinfo=UTC)
SETUP = "quick-python-environment-setup"
LINUX = "linux-cli-refresher"
PYTHON = "python-for-data-analysis"
ANDREW_NG = "andrew-ng-machine-learning-specialization"
COURSERA = "coursera-deep-learning-specialization"


@pytest.fixture
def companion(tmp_path: Path) -> Iterator[Companion]:
    opened = Companion(Settings(data=tmp_path))
    yield opened
    opened.close()


def said(companion: Companion, text: str, now: datetime = NOW) -> str:
    answer = companion.reply(text, "ada", now)
    assert answer is not None, text
    assert all(f"[{citation.n}]" in answer.text for citation in answer.citations)
    return answer.text


# --- a year -----------------------------------------------------------------------------------------------------------


def edited(roadmap: Roadmap, gone: str) -> Roadmap:
    """The rows of every block in reverse, one row removed."""
    phases = tuple(
        replace(
            phase,
            blocks=tuple(
                replace(b, resources=tuple(r for r in reversed(b.resources) if r.id != gone)) for b in phase.blocks
            ),
        )
        for phase in roadmap.phases
    )
    return Roadmap(roadmap.title, phases, roadmap.findings)


def study_a_week(companion: Companion, now: datetime) -> None:
    """Marks the units of the present week of the plan as done; of a long one, the part that falls into it."""
    plan = companion.plan("ada", now)
    assert plan is not None
    units = [u for u in plan.weeks[0].units if u.task.resource]
    at = now + timedelta(days=4)

    def edit(learner):  # type: ignore[no-untyped-def]
        for unit in units:
            task = unit.task
            if unit.part == unit.parts:
                learner = with_mark(learner, Mark(task.resource, task.unit, "done", at))
            else:
                learner = with_minutes(learner, task.resource, task.unit, unit.minutes, at)
        return learner

    companion.change("ada", f"A week of study: {len(units)} units.", edit, at)


def a_year(companion: Companion) -> list[str]:
    """A learner who slips twice, edits the roadmap once and finishes; gives what was said."""
    told: list[str] = []

    def tell(text: str, now: datetime) -> None:
        told.append(f"{now:%Y-%m-%d}  > {text}\n{said(companion, text, now)}")

    for text in ("I start on 2027-01-04", "I have 20 hours a week", "skip the Linux refresher because I know it"):
        tell(text, NOW)
    now, week = NOW, 0
    while (plan := companion.plan("ada", now)) is not None and plan.weeks:
        if week == 9:  # the first slip: three weeks without a word
            now += timedelta(weeks=3)
            tell("where am I?", now)
            tell("replan", now)
        if week == 20:
            companion.roadmap = edited(companion.roadmap, PYTHON)
            tell("where am I?", now)
        if week == 30:  # the second slip
            now += timedelta(weeks=2)
            tell("am I behind?", now)
            tell("I have 25 hours a week", now)
            tell("I must be done by March 2028", now)
        study_a_week(companion, now)
        now, week = now + timedelta(weeks=1), week + 1
        assert week < 80
    tell("what next?", now)
    tell("where am I?", now)
    return told


def test_a_year_with_two_slips_and_an_edit_of_the_roadmap_ends_with_everything_done(companion: Companion) -> None:
    told = "\n\n".join(a_year(companion))
    end = NOW + timedelta(weeks=60)
    report = companion.report("ada", end)
    statuses = {line.resource: line.status for line in report.lines}
    assert {id for id, status in statuses.items() if status == "not-started"} == {ANDREW_NG, COURSERA}
    assert statuses[LINUX] == "skipped"
    assert {mark.resource for mark in report.orphans} == {PYTHON}
    assert companion.next("ada", end).finished
    assert "3 weeks behind" in told
    assert "Finished" in told
    assert date(2027, 11, 1) < max(companion.learner("ada").day(m.at) for m in companion.learner("ada").marks)
    assert companion.export("ada")["learner"]["marks"]


# --- what is said -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "what is backpropagation?",
        "what should I do in week 14?",
        "Can I use PyTorch?",
        "what should I learn about transformers this week?",
        "which resources are mandatory?",
        "",
        "???",
    ],
)
def test_other_questions_are_not_the_companions(companion: Companion, text: str) -> None:
    assert companion.reply(text, "ada", NOW) is None
    said(companion, "I start on 2027-01-04")
    assert companion.reply(text, "ada", NOW) is None


def test_of_one_who_is_not_known_only_what_needs_no_state_is_answered(companion: Companion) -> None:
    assert companion.reply("what should I do this week?", "ada", NOW) is None
    assert companion.reply("where am I?", "ada", NOW) is None
    assert "environment setup" in said(companion, "what next?")
    answer = companion.reply("what next?", "ada", NOW, week=9)
    assert answer is not None
    assert "fast.ai" in answer.text
    assert companion.week("ada", NOW) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("what should I do this week?", "2027-01-04 to 2027-01-10"),
        ("what should I do tomorrow?", "2027-01-05"),
        ("what should I do next month?", "2027-02-01 to 2027-02-28"),
        ("what should I do today?", "For 2027-01-04"),
        ("am I ready for week 9?", "Not yet ready for week 9"),
        ("am I ready for fast.ai?", "begins in week 9"),
        ("can I skip the Linux refresher?", "optional"),
        ("where am I?", "week 0 of your plan"),
        ("when will I be done?", "everything is done on"),
        ("when will I finish fast.ai?", "is finished in the week"),
        ("can I be done by March 2027?", "cannot be done"),
        ("I have 40 minutes", "of 40 minutes"),
        ("I have only 4 hours a week", "later than before"),
        ("pause for two weeks", "14 days later"),
        ("I finished it", "Which resource"),
        ("my time zone is europe/berlin", "Europe/Berlin"),
        ("my time zone is middle/earth", "no time zone"),
    ],
)
def test_what_the_state_answers(companion: Companion, text: str, words: str) -> None:
    said(companion, "I start on 2027-01-04")
    assert words in said(companion, text)


def test_a_command_says_what_was_understood_and_is_taken_back(companion: Companion) -> None:
    text = said(companion, "I finished the quick Python setup, what next?")
    assert "Understood: mark Quick Python" in text
    assert text.count("Our suggestion") == 1
    assert companion.next("ada", NOW).resource == LINUX
    assert "Taken back: Mark Quick Python" in said(companion, "undo that")
    assert companion.next("ada", NOW).resource == SETUP
    with pytest.raises(InputError, match="200 hours"):
        companion.reply("I have 200 hours a week", "ada", NOW)


def test_more_hours_after_a_slip_do_not_make_it_worse(companion: Companion) -> None:
    said(companion, "I start on 2027-01-04")
    later = NOW + timedelta(weeks=6)
    assert companion.where("ada", later).behind == 6
    said(companion, "I have 16 hours a week", later)
    assert companion.where("ada", later).behind == 0
    plan = first_plan(companion.roadmap, companion.notes, companion.learner("ada"))
    assert plan is not None
    assert (plan.weeks[0].number, plan.start) == (6, date(2027, 2, 15))


def test_the_week_of_the_roadmap_follows_the_work(companion: Companion) -> None:
    units = companion.notes.units(PYTHON)
    half = frozenset((PYTHON, u.id) for u in units[: len(units) * 3 // 4])
    progress = Progress(done=frozenset({SETUP, LINUX}), units_done=half, in_progress=frozenset({PYTHON}))
    assert roadmap_week(companion.roadmap, companion.notes, progress) == 2
    everything = Progress(done=frozenset(r.id for r in companion.roadmap.resources))
    assert roadmap_week(companion.roadmap, companion.notes, everything) == 48


# --- cards, marks, threads --------------------------------------------------------------------------------------------


def test_new_cards_are_shown_ten_a_day_however_often_one_asks(companion: Companion) -> None:
    for resource in (SETUP, LINUX, PYTHON):
        companion.mark("ada", resource, "", "done", NOW)
    for item in companion.due("ada", NOW):
        companion.grade("ada", item.card.key, "easy", NOW)
    assert companion.due("ada", NOW) == ()
    assert len([d for d in companion.due("ada", NOW + timedelta(days=1)) if d.due is None]) == NEW_A_DAY
    assert companion.cards("ada", NOW).as_json()["reviews"] == NEW_A_DAY


def test_a_card_saved_twice_is_kept_once_and_comes_up(companion: Companion) -> None:
    for _ in range(2):
        card = companion.save_card("ada", "Q?", "A.", "https://example.org/", PYTHON, NOW)
    assert companion.learner("ada").cards == (card,)
    assert [item.card.key for item in companion.due("ada", NOW)] == [f"saved/{card.id}"]
    with pytest.raises(LearnerError, match="no card"):
        companion.grade("ada", "nope/nope", "good", NOW)


def test_marks_are_set_added_to_and_removed(companion: Companion) -> None:
    first = companion.notes.units(PYTHON)[0].id
    for _ in range(2):
        companion.mark("ada", PYTHON, first, "in-progress", NOW, minutes=10)
    mark = companion.learner("ada").mark(PYTHON, first)
    assert mark is not None
    assert mark.minutes == 20
    companion.mark("ada", PYTHON, "", "not-started", NOW)
    assert companion.learner("ada").marks == ()


def test_several_threads_lose_nothing(companion: Companion) -> None:
    ids = [resource.id for resource in companion.roadmap.resources]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda id: companion.mark("ada", id, "", "done", NOW), ids))
    assert len(companion.learner("ada").marks) == len(ids)


def test_the_companion_is_light_to_import() -> None:
    code = (
        "import sys, assistant.companion\n"
        "heavy = {'sqlalchemy', 'numpy', 'torch', 'chromadb', 'llama_index', 'gradio', 'matplotlib'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    root = Path(__file__).parents[1]
    run = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
