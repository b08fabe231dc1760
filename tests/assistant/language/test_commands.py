"""What learners say about their progress: what is written of it, what is no command, and names that are not clear."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.language.dates import find_day, find_length
from assistant.recommendation.progress import InputError
from assistant.service import Assistant
from assistant.study.learner import Learner
from assistant.study.planned import Pause
from corpus.reader import read_roadmap
from tests.answer_fixtures import Talk, pending

ROADMAP = read_roadmap()
SUNDAY = datetime(2026, 11, 22, 18, tzinfo=UTC)
TODAY = SUNDAY.date()
FAST_AI = "fast-ai-practical-deep-learning-for-coders"
LINUX = "linux-cli-refresher"
DDIA = "designing-data-intensive-applications"
ZERO = "neural-networks-zero-to-hero"
PYTHON = "python-for-data-analysis"

NOT_YET: dict[str, tuple[str, ...]] = {
    "hours": ("set my hours to 6 per week",),
}
"""What is not understood yet: table -> messages."""


@pytest.fixture
def sunday(over_nothing: Assistant) -> Talk:
    """Conversations of a new person on a Sunday."""
    return Talk(over_nothing, now=SUNDAY)


MARKS = [
    ("I finished fast.ai", "done", FAST_AI),
    ("i've just completed FastAI!", "done", FAST_AI),
    ("Done with Karpathy", "done", ZERO),
    ("fast.ai is done", "done", FAST_AI),
    ("I read DDIA", "done", DDIA),
    ("please mark the Linux refresher as done", "done", LINUX),
    ("can you mark DDIA as done?", "done", DDIA),
    ("mark the Linux refresher as skipped", "skipped", LINUX),
    ("skip the linux refresher", "skipped", LINUX),
    ("I'll skip DDIA", "skipped", DDIA),
    ("I started Zero to Hero", "in-progress", ZERO),
    ("I'm working on fast.ai", "in-progress", FAST_AI),
]


@pytest.mark.parametrize(("text", "status", "resource"), pending(MARKS, NOT_YET, "marks"))
def test_marks_are_set_and_said_back(text: str, status: str, resource: str, talk: Talk) -> None:
    answer = talk.last(text)
    assert [(mark.key, mark.status) for mark in talk.learner.marks] == [((resource, ""), status)]
    (change,) = answer.changes
    assert ROADMAP.title_of(resource) in change
    assert f"Understood: {change[:1].lower()}{change[1:]} Say “undo that” to take it back." in answer.text


TAKEN = [
    "mark fast-ai-practical-deep-learning-for-coders as not done",
    "unmark fast.ai",
    "I haven't done fast.ai after all",
]


@pytest.mark.parametrize("text", pending(TAKEN, NOT_YET, "taken"))
def test_a_mark_is_taken_away(text: str, talk: Talk) -> None:
    talk("I finished fast.ai", "skip the Linux refresher")
    assert talk.last(text).changes
    assert [mark.key for mark in talk.learner.marks] == [(LINUX, "")]


def test_a_reason_for_skipping_is_kept(talk: Talk) -> None:
    talk("skip DDIA because I read it last year")
    mark = talk.learner.mark(DDIA)
    assert mark
    assert (mark.status, mark.reason) == ("skipped", "i read it last year")


def test_several_resources_are_marked_at_once(talk: Talk) -> None:
    talk("I finished fast.ai and Karpathy")
    assert talk.learner.with_status("done") == {(FAST_AI, ""), (ZERO, "")}


def test_a_unit_is_marked_by_its_number(talk: Talk) -> None:
    answer = talk.last("I did chapter 3 of Python for Data Analysis")
    assert talk.learner.with_status("done", units=True) == {(PYTHON, "ch03")}
    assert "Chapter 3" in answer.text
    assert "Name it by number" in talk.last("finished unit 99 of fast.ai").text
    assert len(talk.learner.marks) == 1


HOURS = [
    ("I have 5 hours a week", 5),
    ("only 4.5 h/week", 4.5),
    ("I have two hours a day", 14),
    ("set my hours to 6 per week", 6),
    ("I can do ten hours per week", 10),
]


@pytest.mark.parametrize(("text", "hours"), pending(HOURS, NOT_YET, "hours"))
def test_hours_a_week_are_understood(text: str, hours: float, talk: Talk) -> None:
    assert f"{hours:g} hours a week" in talk.last(text).text
    assert talk.learner.hours == hours


PAUSES = [
    ("pause for two weeks", date(2026, 11, 22), date(2026, 12, 5)),
    ("Pause my plan for 10 days", date(2026, 11, 22), date(2026, 12, 1)),
    ("pause until March 1", date(2026, 11, 22), date(2027, 2, 28)),
    ("I'm on holiday for a week from tomorrow", date(2026, 11, 23), date(2026, 11, 29)),
    ("I'm away next week", date(2026, 11, 23), date(2026, 11, 29)),
]


@pytest.mark.parametrize(("text", "first", "last"), pending(PAUSES, NOT_YET, "pauses"))
def test_pauses_are_understood(text: str, first: date, last: date, sunday: Talk) -> None:
    answer = sunday.last(text)
    assert sunday.learner.pauses == (Pause(first, last),)
    assert str(last) in answer.text


OTHERS = [
    ("I prefer theory first", "prefer", "theory"),
    ("free only please", "free_only", True),
    ("I start on 2027-01-04", "start", date(2027, 1, 4)),
    ("start next Monday", "start", date(2026, 11, 23)),
]


@pytest.mark.parametrize(("text", "field", "value"), pending(OTHERS, NOT_YET, "others"))
def test_other_settings_are_understood(text: str, field: str, value: object, sunday: Talk) -> None:
    assert sunday.last(text).changes
    assert getattr(sunday.learner, field) == value


@pytest.mark.parametrize("text", pending(["undo that", "Undo"], NOT_YET, "undo"))
def test_the_last_change_is_taken_back(text: str, talk: Talk) -> None:
    talk("I have 5 hours a week", "I finished fast.ai")
    answer = talk.last(text)
    assert answer.text.startswith("Taken back: Mark fast.ai")
    assert (talk.learner.hours, talk.learner.marks) == (5, ())


def test_who_is_back_ends_the_pause(talk: Talk) -> None:
    talk.begun()
    talk("pause for two weeks")
    assert talk.last("I'm back").changes
    assert talk.learner.pauses == ()


def test_time_at_hand_and_deadlines_ask(sunday: Talk) -> None:
    minutes = sunday.last("I have 40 minutes")
    assert (minutes.capabilities, minutes.changes) == (("fit_time",), ())
    assert "40 minutes" in minutes.text
    deadline = sunday.last("I must be done by June")
    assert (deadline.capabilities, deadline.changes) == (("deadline",), ())
    assert "2027-06-01" in deadline.text
    assert sunday.learner == Learner(sunday.person)


NO_COMMANDS = """
Can I skip the Linux refresher?
can i skip the linux refresher
What should I do after I finished fast.ai
when I finished fast.ai I felt great
I haven't finished fast.ai yet
I have not finished fast.ai
fast.ai is not done
Did I finish fast.ai?
Explain gradient descent
tell me about fast.ai
I have a question about week 5
I want to practice SQL
how many hours a week do I need
?
what is backpropagation?
what should I do in week 14?
Can I use PyTorch?
what should I learn about transformers this week?
which resources are mandatory?
???
""".strip().splitlines()


@pytest.mark.parametrize("text", pending(NO_COMMANDS, NOT_YET, "no_commands"))
def test_questions_and_remarks_are_no_commands(text: str, talk: Talk) -> None:
    assert talk.last(text).changes == ()
    assert talk.learner == Learner(talk.person)


UNCLEAR = [
    ("I'm done with the Deep Learning Specialization", "Which one do you mean", (
        "coursera-deep-learning-specialization", "deep-learning-specialization")),
    ("I finished it", "Which resource do you mean? Name it as the roadmap does.", ()),
    ("pause", "For how long", ()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "choices"), pending(UNCLEAR, NOT_YET, "unclear"))
def test_what_is_not_clear_is_asked_back_with_the_choices(
    text: str, words: str, choices: tuple[str, ...], talk: Talk
) -> None:
    answer = talk.last(text)
    assert words in answer.text
    assert answer.resources == choices
    for id in choices:
        assert f"Mark {ROADMAP.title_of(id)} as done" in [choice.message for choice in answer.choices]
    assert talk.learner == Learner(talk.person)


IMPOSSIBLE = ["I have 200 hours a week", "I have 0 hours a week", "I have 0 minutes"]


@pytest.mark.parametrize("text", pending(IMPOSSIBLE, NOT_YET, "impossible"))
def test_impossible_amounts_are_refused_in_a_sentence(text: str, talk: Talk) -> None:
    with pytest.raises(InputError) as error:
        talk(text)
    assert "\n" not in str(error.value)
    assert talk.learner == Learner(talk.person)


def test_days_and_lengths_are_read() -> None:
    assert find_day("on 3 february", TODAY) == date(2027, 2, 3)
    assert find_day("dec 24, 2026", TODAY) == date(2026, 12, 24)
    assert find_day("on sunday", TODAY) == date(2026, 11, 29)
    assert find_day("february 31", TODAY) is None
    assert find_day("some day", TODAY) is None
    assert find_length("for a couple of weeks") == 14
    assert find_length("for one month") == 30
    assert find_length("for long") is None


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=80).filter(lambda text: any(c.isprintable() and not c.isspace() for c in text)))
def test_any_text_is_answered_and_nothing_that_is_no_word_is_written(text: str, over_nothing: Assistant) -> None:
    talk = Talk(over_nothing)
    answer = talk.last(text)
    assert answer.changes == () or any(c.isalpha() for c in text)
