"""The companion: what it answers and changes; the clock is always given. A whole year: `test_scripted_year`."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.companion import Companion
from assistant.recommendation.progress import InputError, Progress
from assistant.service import Assistant
from assistant.study.learner import LearnerError
from assistant.study.pace import first_plan, roadmap_week
from assistant.study.review import NEW_A_DAY
from corpus.settings import Settings
from ingest.pages.document import Block, Document
from ingest.state import PageStore
from tests.answer_fixtures import Talk, over, pending
from tests.learning_fixtures import imported_by

NOW = datetime(2027, 1, 4, 18, tzinfo=UTC)
SETUP = "quick-python-environment-setup"
LINUX = "linux-cli-refresher"
PYTHON = "python-for-data-analysis"

NOT_YET: dict[str, tuple[str, ...]] = {}
"""What is not understood yet: table -> messages."""


@pytest.fixture
def companion(tmp_path: Path) -> Iterator[Companion]:
    with closing(Companion(Settings(data=tmp_path))) as opened:
        yield opened


def said(companion: Companion, text: str, now: datetime = NOW) -> str:
    """What the assistant answers to ada, over this companion."""
    answer = Talk(over(companion), "ada", now).last(text)
    assert all(f"[{citation.n}]" in answer.text for citation in answer.citations)
    return answer.text


@pytest.fixture
def monday(over_nothing: Assistant) -> Talk:
    """Conversations of a new person on a Monday."""
    return Talk(over_nothing, now=NOW)


# --- what is said -----------------------------------------------------------------------------------------------------

NOT_PERSONAL = [
    ("what is backpropagation?", "concept"),
    ("what should I do in week 14?", "week_content"),
    ("what should I learn about transformers this week?", "find_topic concept"),
    ("which resources are mandatory?", "list_filter"),
]


@pytest.mark.parametrize(("text", "names"), pending(NOT_PERSONAL, NOT_YET, "not_personal"))
def test_other_questions_are_answered_alike_whatever_is_known_of_who_asks(text: str, names: str, monday: Talk) -> None:
    before = monday.last(text)
    monday("I start on 2027-01-04")
    after = monday.last(text)
    assert before.capabilities == after.capabilities
    assert before.capabilities[0] in names.split()
    assert before.text == after.text


def test_of_one_who_is_not_known_only_what_needs_no_state_is_answered(monday: Talk) -> None:
    assert "I know nothing of your start or your progress yet" in monday.last("where am I?").text
    assert "environment setup" in monday.last("what next?").text
    assert "fast.ai" in monday.last("what next?", week=9).text
    assert monday.assistant.companion.week(monday.person, NOW) is None


def test_a_pace_that_was_told_counts_before_a_start_was(monday: Talk) -> None:
    monday("I have 6 hours a week")
    for text in ("when will I be done?", "my plan", "how long does the whole roadmap take?"):
        assert "at 6 h a week it is" in monday.last(text).text


STATE = [
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
    ("my time zone is middle/earth", "time zone"),
]


@pytest.mark.parametrize(("text", "words"), pending(STATE, NOT_YET, "state"))
def test_what_the_state_answers(text: str, words: str, monday: Talk) -> None:
    monday("I start on 2027-01-04")
    assert words in monday.last(text).text


def test_a_time_zone_that_is_none_is_not_kept(monday: Talk) -> None:
    assert monday.last("my time zone is middle/earth").changes == ()
    assert monday.learner.timezone == "UTC"


def test_a_command_says_what_was_understood_and_is_taken_back(companion: Companion) -> None:
    text = said(companion, "I finished the quick Python setup, what next?")
    assert "Understood: mark Quick Python" in text
    assert text.count("**Week 1**") == 1
    assert companion.next("ada", NOW).resource == LINUX
    assert "Taken back: Mark Quick Python" in said(companion, "undo that")
    assert companion.next("ada", NOW).resource == SETUP
    with pytest.raises(InputError, match="200 hours"):
        said(companion, "I have 200 hours a week")


def test_a_resource_whose_pages_are_all_gone_is_set_aside_until_one_is_back(
    companion: Companion, tmp_path: Path
) -> None:
    for id in (SETUP, LINUX):
        companion.mark("ada", id, "", "done", NOW)
    url = "https://pages.example/book/"
    with closing(PageStore(tmp_path / "pages.db")) as pages:
        for n in range(2):
            pages.fail(f"{url}{n}", PYTHON, "dead", "It is gone.", "2027-01-01T00:00:00Z")
    text = said(companion, "what next?")
    assert "none of their pages could be reached at the last crawl: Python for Data Analysis" in text
    assert "could be reached" in companion.recommended(Progress(week=1)).reason
    with closing(PageStore(tmp_path / "pages.db")) as pages:
        pages.save(Document(f"{url}0", "A page", (Block("paragraph", 0, "Back."),), ()), PYTHON, "2027-01-02", "hash")
    assert "could be reached" not in said(companion, "what next?")


def test_more_hours_after_a_slip_neither_forgive_it_nor_make_it_worse(companion: Companion) -> None:
    said(companion, "I start on 2027-01-04")
    later = NOW + timedelta(weeks=6)
    assert companion.where("ada", later).behind == 6
    said(companion, "I have 16 hours a week", later)
    assert companion.where("ada", later).behind == 6
    said(companion, "replan", later)
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
    heavy = {"sqlalchemy", "numpy", "torch", "chromadb", "llama_index", "gradio", "matplotlib"}
    assert not imported_by("assistant.companion") & heavy
