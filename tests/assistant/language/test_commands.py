"""What learners say about their progress: commands, questions that are none, and names that are not clear."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.language.commands.understand import understand
from assistant.language.dates import find_day, find_length
from assistant.study.change import Command, Unclear
from assistant.study.progress import InputError
from corpus.notes import load_notes
from corpus.reader import read_roadmap

ROADMAP = read_roadmap()
NOTES = load_notes()
TODAY = date(2026, 11, 22)
FAST_AI = "fast-ai-practical-deep-learning-for-coders"
LINUX = "linux-cli-refresher"
DDIA = "designing-data-intensive-applications"
ZERO = "neural-networks-zero-to-hero"
PYTHON = "python-for-data-analysis"


def heard(text: str) -> Command | Unclear | None:
    return understand(text, ROADMAP, NOTES, TODAY)


def command(text: str) -> Command:
    found = heard(text)
    assert isinstance(found, Command), text
    return found


@pytest.mark.parametrize(
    ("text", "kind", "resource"),
    [
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
        ("I started Zero to Hero", "started", ZERO),
        ("I'm working on fast.ai", "started", FAST_AI),
        ("mark fast-ai-practical-deep-learning-for-coders as not done", "reset", FAST_AI),
    ],
)
def test_marks_are_understood_and_said_back(text: str, kind: str, resource: str) -> None:
    found = command(text)
    assert (found.kind, found.resources) == (kind, (resource,))
    title = ROADMAP.resource(resource)
    assert title is not None
    assert title.title in found.understood


def test_a_reason_for_skipping_is_kept() -> None:
    assert command("skip DDIA because I read it last year").reason == "i read it last year"


def test_several_resources_are_marked_at_once() -> None:
    assert command("I finished fast.ai and Karpathy").resources == (FAST_AI, ZERO)


def test_a_unit_is_marked_by_its_number() -> None:
    found = command("I did chapter 3 of Python for Data Analysis")
    assert (found.resources, found.units) == ((PYTHON,), ("ch03",))
    assert "Chapter 3" in found.understood
    assert isinstance(heard("finished unit 99 of fast.ai"), Unclear)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("I have 5 hours a week", 5),
        ("only 4.5 h/week", 4.5),
        ("I have two hours a day", 14),
        ("set my hours to 6 per week", 6),
        ("I can do ten hours per week", 10),
    ],
)
def test_hours_a_week_are_understood(text: str, hours: float) -> None:
    found = command(text)
    assert (found.kind, found.hours) == ("hours", hours)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("pause for two weeks", date(2026, 11, 22), date(2026, 12, 5)),
        ("Pause my plan for 10 days", date(2026, 11, 22), date(2026, 12, 1)),
        ("pause until March 1", date(2026, 11, 22), date(2027, 2, 28)),
        ("I'm on holiday for a week from tomorrow", date(2026, 11, 23), date(2026, 11, 29)),
        ("I'm away next week", date(2026, 11, 23), date(2026, 11, 29)),
    ],
)
def test_pauses_are_understood(text: str, first: date, last: date) -> None:
    found = command(text)
    assert (found.kind, found.first, found.last) == ("pause", first, last)
    assert str(last) in found.understood


def test_other_commands_are_understood() -> None:
    assert command("undo that").kind == "undo"
    assert command("Undo").kind == "undo"
    assert command("I'm back").kind == "resume"
    assert command("I prefer theory first").prefer == "theory"
    assert command("free only please").prefer == "free"
    assert command("I start on 2027-01-04").first == date(2027, 1, 4)
    assert command("start next Monday").first == date(2026, 11, 23)


def test_time_at_hand_and_deadlines_ask() -> None:
    minutes = command("I have 40 minutes")
    assert (minutes.kind, minutes.minutes) == ("minutes", 40)
    deadline = command("I must be done by June")
    assert (deadline.kind, deadline.last) == ("deadline", date(2027, 6, 1))


@pytest.mark.parametrize(
    "text",
    [
        "Can I skip the Linux refresher?",
        "can i skip the linux refresher",
        "What should I do after I finished fast.ai",
        "when I finished fast.ai I felt great",
        "I haven't finished fast.ai yet",
        "I have not finished fast.ai",
        "fast.ai is not done",
        "Did I finish fast.ai?",
        "Explain gradient descent",
        "tell me about fast.ai",
        "I have a question about week 5",
        "I want to practice SQL",
        "how many hours a week do I need",
        "",
        "   ",
        "?",
    ],
)
def test_questions_and_remarks_are_no_commands(text: str) -> None:
    assert heard(text) is None


def test_a_name_of_several_resources_is_asked_back_with_the_choices() -> None:
    found = heard("I'm done with the Deep Learning Specialization")
    assert isinstance(found, Unclear)
    assert found.choices == ("coursera-deep-learning-specialization", "deep-learning-specialization")
    assert heard("I finished it") == Unclear("Which resource do you mean? Name it as the roadmap does.")
    assert isinstance(heard("pause"), Unclear)


@pytest.mark.parametrize("text", ["I have 200 hours a week", "I have 0 hours a week", "I have 0 minutes"])
def test_impossible_amounts_are_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(InputError):
        heard(text)


def test_days_and_lengths_are_read() -> None:
    assert find_day("on 3 february", TODAY) == date(2027, 2, 3)
    assert find_day("dec 24, 2026", TODAY) == date(2026, 12, 24)
    assert find_day("on sunday", TODAY) == date(2026, 11, 29)
    assert find_day("february 31", TODAY) is None
    assert find_day("some day", TODAY) is None
    assert find_length("for a couple of weeks") == 14
    assert find_length("for one month") == 30
    assert find_length("for long") is None


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_read_without_failing(text: str) -> None:
    assert heard(text) is None or isinstance(heard(text), Command | Unclear)
