"""What is written of a learner: only what is told, said back, and taken back again; nothing on a guess."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.conversation import memory_of
from assistant.handling import Memory
from assistant.language.learning.table import capabilities
from assistant.service import Assistant
from assistant.study.learner import Learner
from assistant.study.planned import Pause
from corpus.notes import load_notes
from corpus.reader import read_roadmap
from corpus.roadmap import Resource
from tests.answer_fixtures import NOW, Talk, pending

ROADMAP = read_roadmap()
NOTES = load_notes()
TODAY = NOW.date()
FAST_AI = "fast-ai-practical-deep-learning-for-coders"
COURSERA = "coursera-deep-learning-specialization"
DLS = "deep-learning-specialization"
LINUX = "linux-cli-refresher"
SETUP = "quick-python-environment-setup"
PYTHON = "python-for-data-analysis"
ZERO = "neural-networks-zero-to-hero"
DDIA = "designing-data-intensive-applications"
SQL = "build-a-data-pipeline-from-a-sql-database-and-create-dashboard"
KMEANS = "re-implement-k-means-or-simple-nn-from-scratch"
CAPSTONE = "capstone-portfolio"

NOT_YET: dict[str, tuple[str, ...]] = {
    "by_title": (
        "I finished the makemore wavenet lecture",
        "I watched the GPT tokenizer video",
    ),
}
"""What is not understood yet: table -> messages."""


@pytest.fixture
def ada(over_nothing: Assistant) -> Talk:
    """A learner who began on Monday and has done the Python setup; today is a Wednesday."""
    talk = Talk(over_nothing).begun()
    talk("mark the quick Python setup as done")
    return talk


# --- nothing is written on a guess ------------------------------------------------------------------------------------

GUESSES = """
I'm nearly done with fast.ai
I almost finished DDIA
fast.ai is almost done
I haven't finished fast.ai
I haven't finished DDIA yet
I didn't finish the Linux refresher
I never finished fast.ai
I'm not done with week 3
week 3 is not done
I barely started and certainly didn't finish zero to hero
I'm halfway through fast.ai
I'm half way through the Géron book
I hope to finish fast.ai by Friday
I want to finish fast.ai this month
I should finish DDIA
I should have finished DDIA last week
I will finish fast.ai tomorrow
I'm going to finish the Linux refresher tonight
I'll be done with fast.ai soon
I plan to finish week 3 on Sunday
I would like to be done with fast.ai
I wish I had finished fast.ai
if I finish fast.ai, what comes next?
once I finish fast.ai, what comes next?
when I have finished fast.ai, what should I do?
what if I skip DDIA?
what happens if I skip week 3?
could I skip the Linux refresher?
can I skip DDIA?
should I skip the Linux refresher?
do I have to finish DDIA before the capstone?
did I finish fast.ai?
have I finished the Linux refresher?
is the Linux refresher done?
am I done with week 2?
my flatmate finished fast.ai
my friend finished DDIA in a week
my brother has done zero to hero already
a colleague of mine finished the MLOps course
my boss says I should skip DDIA
my study group is done with week 4
she finished fast.ai, is it good?
people say fast.ai can be finished in 4 weeks
how long does it take to finish fast.ai?
how do I finish week 20?
I can't finish DDIA
I couldn't finish the Linux refresher
I won't finish fast.ai this week
I don't want to skip anything
don't mark fast.ai as done
please don't skip DDIA
I might skip DDIA
maybe I skip DDIA
I'm thinking about skipping the Linux refresher
I think about dropping fast.ai
what would change if I had 10 hours a week?
what if I study 20 hours a week?
could I do it with 3 hours a week?
is 5 hours a week enough?
how many hours a week do I need?
would 12 hours a week be better?
my friend studies 20 hours a week
fast.ai takes 10 hours a week
should I take a break for two weeks?
would a pause of two weeks hurt?
what happens when I pause for a month?
can I pause my plan?
when should I start?
if I start on Monday, when am I done?
when do I start fast.ai?
should I start with DDIA?
what does undo do?
how do I mark something as done?
how can I undo that?
can I learn with videos only?
are there only free resources?
which resources are free only?
is theory first better?
I read about fast.ai
I read that DDIA is good
I know fast.ai is good
I started wondering whether DDIA is any good
I have a question about week 5
I did nothing in week 4
my exam was in week 2
the Linux refresher was boring, wasn't it?
someday I will have finished everything
pretend I finished fast.ai
imagine I had finished phase 2
let's say I pause for a month, would the end move?
say I do 20 hours a week, would it be over in a year
compare 6 hours a week with 12 hours a week
can you undo the last two changes or only one
could you pause single weeks or just the whole plan
I might pause for two weeks in May
I may or may not take July off, not sure yet
a break in August is still undecided
""".strip().splitlines()


@pytest.mark.parametrize("text", pending(GUESSES, NOT_YET, "guesses"))
def test_nothing_is_written_on_a_guess(text: str, ada: Talk) -> None:
    before = ada.learner
    answer = ada.last(text)
    assert answer.changes == ()
    assert ada.learner == before


def test_there_are_many_of_them() -> None:
    assert len(set(GUESSES)) >= 60


AFTER = [
    (("who teaches fast.ai?", "is it done?"), ()),
    (("who teaches fast.ai?", "ok"), ()),
    (("who teaches fast.ai?", "yes"), ()),
    (("what should I do next?", "no"), ()),
    (("I nearly finished fast.ai", "thanks"), ()),
    (("pause", "thanks"), ()),
    (("can I skip DDIA?", "hm, I see"), ()),
]


@pytest.mark.parametrize(("texts", "changes"), pending(AFTER, NOT_YET, "after"))
def test_a_word_after_a_question_writes_nothing(texts: tuple[str, ...], changes: tuple[str, ...], ada: Talk) -> None:
    before = ada.learner
    assert ada.last(*texts).changes == changes
    assert ada.learner == before


DOUBTED = ["I'm nearly done with fast.ai", "I almost finished DDIA", "half of fast.ai is done"]


@pytest.mark.parametrize("text", pending(DOUBTED, NOT_YET, "doubted"))
def test_who_hedges_is_asked_and_one_click_marks_it(text: str, ada: Talk) -> None:
    asked = ada.last(text)
    assert asked.choices
    done = next(choice for choice in asked.choices if choice.message.startswith("Mark ") and "done" in choice.message)
    assert ada.last(text, done.message).changes
    assert len([m for m in ada.learner.marks if m.status == "done"]) == 2


# --- what is told is written ------------------------------------------------------------------------------------------

Marked = dict[tuple[str, str], str]
MARKS: list[tuple[str, Marked]] = [
    ("I finished fast.ai", {(FAST_AI, ""): "done"}),
    ("tick the Kleppmann book off", {(DDIA, ""): "done"}),
    ("fast.ai is behind me", {(FAST_AI, ""): "done"}),
    ("mark zero to hero done", {(ZERO, ""): "done"}),
    ("I'm through with the Linux refresher", {(LINUX, ""): "done"}),
    ("both checkpoints are done", {(SQL, ""): "done", (KMEANS, ""): "done"}),
    ("I finished both checkpoints", {(SQL, ""): "done", (KMEANS, ""): "done"}),
    ("I finished fast.ai and zero to hero", {(FAST_AI, ""): "done", (ZERO, ""): "done"}),
    ("weeks 1 and 2 are done", {(PYTHON, ""): "done"}),
    ("I finished lesson 3 of fast.ai", {(FAST_AI, "lesson-3"): "done"}),
    ("done with chapters 2 and 3 of the pandas book", {(PYTHON, "ch02"): "done", (PYTHON, "ch03"): "done"}),
    ("I started DDIA", {(DDIA, ""): "in-progress"}),
    ("I'm on fast.ai now", {(FAST_AI, ""): "in-progress"}),
    ("skip DDIA", {(DDIA, ""): "skipped"}),
    ("leave DDIA out", {(DDIA, ""): "skipped"}),
    ("drop the Linux refresher from my plan", {(LINUX, ""): "skipped"}),
]


@pytest.mark.parametrize(("text", "marks"), pending(MARKS, NOT_YET, "marks"))
def test_what_is_told_is_marked_and_said_back(text: str, marks: Marked, ada: Talk) -> None:
    answer = ada.last(text)
    assert {m.key: m.status for m in ada.learner.marks if m.resource != SETUP} == marks
    assert answer.changes
    assert answer.text.startswith("Understood: ")
    assert "Say “undo that” to take it back." in answer.text


BY_TITLE = [
    ("I finished micrograd", ZERO, "micrograd"),
    ("I finished the makemore wavenet lecture", ZERO, "wavenet"),
    ("I watched the GPT tokenizer video", ZERO, "tokenizer"),
]


@pytest.mark.parametrize(("text", "resource", "word"), pending(BY_TITLE, NOT_YET, "by_title"))
def test_a_unit_can_be_named_by_its_own_title(text: str, resource: str, word: str, ada: Talk) -> None:
    ada(text)
    marked = [m for m in ada.learner.marks if m.resource != SETUP]
    assert marked
    titles = {unit.id: unit.title.casefold() for unit in NOTES.units(resource)}
    assert {m.resource for m in marked} == {resource}
    assert all(m.unit and word in titles[m.unit] for m in marked)


OWN_WEEK = [
    ("set my week to 14", 14),
    ("put me at week 9", 9),
    ("I am now on week 20", 20),
    ("my current week is 21", 21),
    ("treat everything before week 17 as known", 17),
]


@pytest.mark.parametrize(("text", "week"), pending(OWN_WEEK, NOT_YET, "own_week"))
def test_the_week_that_one_is_in_is_kept_and_taken_back(text: str, week: int, ada: Talk) -> None:
    answer = ada.last(text)
    assert ada.learner.week == week
    assert f"Understood: set your week to {week}" in answer.text
    ada("undo that")
    assert ada.learner.week is None


@pytest.mark.parametrize("text", ["set my week to 60", "set my week to weeks 9 to 12"])
def test_a_week_that_is_none_is_asked_back(text: str, ada: Talk) -> None:
    answer = ada.last(text)
    assert answer.text.endswith("?") or "For example" in answer.text
    assert ada.learner.week is None


def test_what_is_done_goes_before_the_week_that_is_told(ada: Talk) -> None:
    ada("I finished fast.ai", "phase 1 is done", "I finished Hands-On Machine Learning")
    answer = ada.last("set my week to 3")
    assert "What you have marked as done reaches week" in answer.text


PAIRS = [
    ("I finished week 12", (FAST_AI, COURSERA)),
    ("I'm done with the deep learning specialization", (COURSERA, DLS)),
    ("weeks 9 to 12 are done", (FAST_AI, COURSERA)),
]


@pytest.mark.parametrize(("text", "ids"), pending(PAIRS, NOT_YET, "pairs"))
def test_which_of_a_pair_was_done_is_asked_with_a_button_each(text: str, ids: tuple[str, ...], ada: Talk) -> None:
    before = ada.learner
    asked = ada.last(text)
    assert asked.changes == ()
    assert ada.learner == before
    assert {choice.message for choice in asked.choices} >= {f"Mark {ROADMAP.title_of(id)} as done" for id in ids}
    done = ada.last(text, f"Mark {ROADMAP.title_of(ids[1])} as done")
    assert done.resources[0] == ids[1]
    assert ada.learner.with_status("done") == {(SETUP, ""), (ids[1], "")}


@pytest.mark.parametrize(
    ("text", "button", "changed"),
    [
        ("skip kubernetes for me, I will never use it", "MLOps", "as skipped"),
        ("SQL I know since ten years, put it as skipped", "Build a data pipeline", "as skipped"),
        ("45 minutes of SQL on the train, write that down", "Build a data pipeline", "Note 45 minutes"),
        ("log an hour of langchain for yesterday", "Full Stack LLM Bootcamp", "Note 1 hour"),
    ],
)
def test_a_subject_that_few_rows_hold_is_asked_after_with_a_button_that_does_it(
    text: str, button: str, changed: str, ada: Talk
) -> None:
    asked = ada.last(text)
    assert asked.changes == ()
    choice = next(choice for choice in asked.choices if choice.label.startswith(button))
    (done,) = ada.last(choice.message).changes
    assert changed in done


@pytest.mark.parametrize("row", ROADMAP.resources, ids=lambda row: row.id)
def test_a_row_that_is_called_by_its_title_is_meant_as_a_whole(row: Resource, talk: Talk) -> None:
    for state in ("in progress", "done", "skipped", "not done"):
        (changed,) = talk.last(f"Mark {row.title} as {state}").changes
        assert changed == f"Mark {row.title} as {state.replace('not done', 'not started')}."
    (spent,) = talk.last(f"I did 45 minutes of {row.title}").changes
    assert spent.endswith(f"of study on {row.title}.")


def test_which_of_a_week_is_begun_is_asked_with_buttons_that_mark_it(ada: Talk) -> None:
    asked = ada.last("I started week 14")
    assert asked.changes == ()
    assert asked.choices
    for choice in asked.choices:
        assert ada.last(choice.message).changes == (f"Mark {choice.label} as in progress.",)


@pytest.mark.parametrize(
    "text", ["mark docker and fast.ai as done", "done with docker and fast.ai", "Mark docker and fast.ai as finished"]
)
def test_a_part_of_one_row_beside_another_row_marks_no_more_than_that(text: str, talk: Talk) -> None:
    changes = talk.last(text).changes
    assert sorted(changes, key=len) == [
        "Mark fast.ai Practical Deep Learning for Coders as done.",
        "Mark “Docker: run and build one image” of Quick Python & environment setup as done.",
    ]
    assert SETUP not in talk.assistant.companion.progress(talk.person).done
    talk.last("undo that")
    assert FAST_AI not in talk.assistant.companion.progress(talk.person).done


@pytest.mark.parametrize(
    "text", ["I spent 2 hours on the capstone and the dashboard", "I studied fast.ai and DDIA for 2 hours"]
)
def test_time_on_several_rows_is_noted_on_none_of_them_unasked(text: str, ada: Talk) -> None:
    asked = ada.last(text)
    assert asked.changes == ()
    assert len(asked.choices) == 2
    (done,) = ada.last(asked.choices[0].message).changes
    assert done.startswith("Note 2 hours of study on ")


def test_begun_and_not_finished_is_under_way(ada: Talk) -> None:
    (done,) = ada.last("docker I have begun, not finished, put it in progress").changes
    assert done.endswith("as in progress.")


# --- pace and start ---------------------------------------------------------------------------------------------------

PACES = [
    ("I have 6 hours a week", date(2027, 1, 4), 6),
    ("only 5 hours a week from now on", date(2027, 1, 4), 5),
    ("an hour every evening", date(2027, 1, 4), 7),
    ("make it 10 hours a week", date(2027, 1, 4), 10),
    ("double my hours", date(2027, 1, 4), 16),
    ("set my weekly hours to twelve", date(2027, 1, 4), 12),
    ("change my hours to 6", date(2027, 1, 4), 6),
    ("make my weekly hours 10 please", date(2027, 1, 4), 10),
    ("set my hours per week to 7.5", date(2027, 1, 4), 7.5),
    ("I start on 2027-02-01", date(2027, 2, 1), 8),
    ("I start next Monday with 6 hours a week", date(2027, 1, 11), 6),
    ("I begin on 1 February and have 10 hours a week", date(2027, 2, 1), 10),
    ("start on the 1st of February, 4 hours per week", date(2027, 2, 1), 4),
]


@pytest.mark.parametrize(("text", "start", "hours"), pending(PACES, NOT_YET, "paces"))
def test_a_pace_and_a_start_are_kept_also_in_one_sentence(text: str, start: date, hours: float, ada: Talk) -> None:
    answer = ada.last(text)
    assert (ada.learner.start, ada.learner.hours) == (start, hours)
    assert answer.changes
    assert "plan now ends on" in answer.text


def test_a_start_and_a_pace_are_taken_back_together(ada: Talk) -> None:
    before = ada.learner
    ada("I start next Monday with 6 hours a week")
    ada("undo that")
    if ada.learner != before:
        ada("undo that")
    assert ada.learner == before


# --- pauses, postponing, coming back ----------------------------------------------------------------------------------

PAUSES = [
    ("pause for two weeks", TODAY, date(2027, 1, 19)),
    ("pause until March", TODAY, date(2027, 2, 28)),
    ("I'm away from the 1st to the 14th of February", date(2027, 2, 1), date(2027, 2, 14)),
    ("I'm on holiday next week", date(2027, 1, 11), date(2027, 1, 17)),
    ("I have the flu, no studying for three days", TODAY, date(2027, 1, 8)),
    ("I was ill for two weeks", date(2026, 12, 23), date(2027, 1, 5)),
    ("push everything back by a week", TODAY, date(2027, 1, 12)),
    ("shift my plan by 10 days", TODAY, date(2027, 1, 15)),
]


@pytest.mark.parametrize(("text", "first", "last"), pending(PAUSES, NOT_YET, "pauses"))
def test_a_time_without_study_moves_the_plan(text: str, first: date, last: date, ada: Talk) -> None:
    answer = ada.last(text)
    assert ada.learner.pauses == (Pause(first, last),)
    assert ada.learner.start == date(2027, 1, 4)
    assert answer.changes


def test_what_has_not_begun_is_postponed_by_its_start(talk: Talk) -> None:
    talk("I start on 2027-02-01", "push everything back by two weeks")
    assert (talk.learner.start, talk.learner.pauses) == (date(2027, 2, 15), ())


LENGTHLESS = ["pause", "pause my plan", "I need a break", "push everything back"]


@pytest.mark.parametrize("text", pending(LENGTHLESS, NOT_YET, "lengthless"))
def test_for_how_long_is_asked_with_buttons_that_do_it(text: str, ada: Talk) -> None:
    before = ada.learner
    asked = ada.last(text)
    assert asked.changes == ()
    assert ada.learner == before
    assert len(asked.choices) >= 3
    ada(text, asked.choices[0].message)
    assert len(ada.learner.pauses) == 1


BACK = ["I'm back", "end the pause", "let's go on", "resume my plan"]


@pytest.mark.parametrize("text", pending(BACK, NOT_YET, "back"))
def test_who_is_back_ends_the_pause_today(text: str, ada: Talk) -> None:
    ada("I'm on holiday from 2027-01-05 to 2027-01-20")
    assert ada.last(text).changes
    assert ada.learner.pauses == (Pause(date(2027, 1, 5), date(2027, 1, 5)),)


def test_who_will_be_back_on_a_day_ends_the_pause_before_it_and_no_later_one(ada: Talk) -> None:
    ada("I'm on holiday from 2027-01-05 to 2027-01-20")
    ada("away from 2027-02-01 to 2027-02-07")
    assert ada.last("I'm back on the 12th already").changes
    assert ada.learner.pauses == (
        Pause(date(2027, 1, 5), date(2027, 1, 11)),
        Pause(date(2027, 2, 1), date(2027, 2, 7)),
    )


def test_who_is_back_without_a_pause_is_welcome_and_changes_nothing(ada: Talk) -> None:
    before = ada.learner
    answer = ada.last("I'm back")
    assert answer.text.startswith("Welcome back.")
    assert ada.learner == before


# --- undo -------------------------------------------------------------------------------------------------------------

UNDOABLE = [
    "I finished fast.ai",
    "I started DDIA",
    "skip the Linux refresher",
    "I have 5 hours a week",
    "I start on 2027-02-01",
    "only free stuff",
    "I prefer videos",
    "pause for two weeks",
    "I did 2 hours of fast.ai",
    "my time zone is Europe/Berlin",
    "replan",
]


@pytest.mark.parametrize("text", pending(UNDOABLE, NOT_YET, "undoable"))
def test_every_change_is_taken_back_as_it_was(text: str, ada: Talk) -> None:
    before = ada.learner
    said = " ".join(ada.last(text).changes)
    assert said
    answer = ada.last("undo that")
    assert answer.text == f"Taken back: {said}"
    assert answer.changes == (f"Taken back: {said}",)
    assert ada.learner == before


def test_changes_are_taken_back_one_after_the_other(talk: Talk) -> None:
    talk("I finished fast.ai", "I have 5 hours a week")
    talk("undo")
    assert (talk.learner.hours, len(talk.learner.marks)) == (8, 1)
    talk("undo")
    assert talk.learner == Learner(talk.person)
    nothing = talk.last("undo")
    assert nothing.changes == ()
    assert nothing.text == "There is no change to undo."


def test_what_another_tab_has_changed_since_is_not_taken_back_unasked(ada: Talk) -> None:
    before = ada.learner
    told = ada.last("I have 5 hours a week")
    memory = memory_of(Memory(), told)
    ada.assistant.companion.mark(ada.person, DDIA, "", "done", NOW)
    changed = ada.learner

    asked = ada.assistant.ask("undo that", person=ada.person, now=NOW, memory=memory, llm="none")

    assert ada.learner == changed
    assert "Something else was changed since: mark Designing Data-Intensive Applications as done." in asked.text
    assert [choice.message for choice in asked.choices] == ["Undo that"]
    ada("undo that")
    ada("undo that")
    assert ada.learner == before


def test_a_resource_that_is_named_is_not_done_and_the_rest_stays(ada: Talk) -> None:
    ada("I finished fast.ai", "I finished DDIA")
    ada("mark fast.ai as not done")
    assert ada.learner.with_status("done") == {(SETUP, ""), (DDIA, "")}


def test_what_is_so_already_changes_nothing_and_says_so(ada: Talk) -> None:
    before = ada.learner
    answer = ada.last("mark the quick Python setup as done")
    assert "That is so already, nothing changed." in answer.text
    assert answer.changes == ()
    assert ada.learner == before


# --- what is understood is what is said -------------------------------------------------------------------------------


def test_only_what_writes_changes_a_learner(ada: Talk) -> None:
    """Every plain wording of what only reads leaves the learner as it was."""
    before = ada.learner
    for name, entry in capabilities().items():
        if entry.writes or not entry.ask or "{" in entry.ask or name in ("catch_up", "concept"):
            continue
        assert ada.last(entry.ask).changes == (), name
        assert ada.learner == before, name


PREFERENCES = [
    ("only free stuff", "free_only", True),
    ("code before theory", "prefer", "code"),
    ("I prefer theory first", "prefer", "theory"),
    ("I learn best by watching videos", "formats", ("video",)),
    ("I'd rather read books than watch videos", "formats", ("book",)),
    ("my time zone is America/New_York", "timezone", "America/New_York"),
    ("I live in Lisbon", "timezone", "Europe/Lisbon"),
]


@pytest.mark.parametrize(("text", "field", "value"), pending(PREFERENCES, NOT_YET, "preferences"))
def test_preferences_are_kept(text: str, field: str, value: object, ada: Talk) -> None:
    assert ada.last(text).changes
    assert getattr(ada.learner, field) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pause from 10 march 2027 to 1 march 2027", "2027-03-01, before it begins"),
        ("I am on holiday from 10 March to 1 March", "2027-03-01, before it begins"),
        ("pause from 2027-03-10 to 2027-03-01", "2027-03-01, before it begins"),
        ("pause until 30 february", "There is no 30 February"),
        ("I am away from 29 February 2027 to 5 March 2027", "There is no 29 February 2027"),
        ("pause until 29 february", "more than a year"),
        ("I start on 31 april", "There is no 31 April"),
    ],
)
def test_days_that_cannot_be_meant_are_asked_back(text: str, said: str, talk: Talk) -> None:
    before = talk.begun().learner
    assert said in talk.last(text).text
    assert talk.learner == before


def test_a_click_writes_what_its_button_says_and_nothing_else(talk: Talk) -> None:
    told = "she finished chapters 1 and 2 of the pandas book"
    button = next(choice for choice in talk.last(told).choices if "Chapter 1" in choice.label)
    done = talk.last(told, button.message)
    assert done.changes == (f"{button.label}.",)
    book = "python-for-data-analysis"
    assert talk.learner.with_status("done", units=True) == {(book, "ch01"), (book, "ch02")}
    assert talk.learner.with_status("done", units=False) == frozenset()
