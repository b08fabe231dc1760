"""A call of a capability, by its arguments: every one of the table can be made, and does what its name says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest

from assistant.answers import Answer
from assistant.handling import Memory
from assistant.language.learning.table import capabilities
from assistant.service import Assistant, NotReadyError
from assistant.tools import ARGUMENTS, WORDS, ToolError, call, tools
from corpus.settings import Settings

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
GIVEN: dict[str, Any] = {
    "resource": "Python for Data Analysis",
    "week": 14,
    "phase": 2,
    "person": "Andrew Ng",
    "topic": "Docker",
    "criteria": "free",
    "unit": "chapter 3",
    "date": "2027-06-01",
    "length": "two weeks",
    "hours": 6,
    "minutes": 40,
}
"""A value for each argument."""
EVERY = [
    (name, {argument: GIVEN[argument]} if argument in GIVEN else {})
    for name, tool in tools().items()
    if not tool.required
    for argument in (*(a for a in tool.arguments if a in GIVEN), *([""] if len(tool.arguments) == 1 else []))
]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    opened = Assistant(Settings(data=tmp_path_factory.mktemp("data")))
    with closing(opened.companion):
        yield opened


def called(assistant: Assistant, name: str, given: dict[str, Any], person: str = "me") -> Answer:
    choice = call(name, given, assistant.roadmap, NOW.date())
    return assistant.ask(choice.message, person=person, now=NOW, memory=Memory(choices=(choice,)))


def test_the_table_is_what_is_offered() -> None:
    assert list(tools()) == [name for name, entry in capabilities().items() if entry.ask]
    for name, tool in tools().items():
        entry = capabilities()[name]
        assert (tool.says, tool.writes) == (entry.says, entry.writes)
        assert set(tool.arguments) >= set(entry.needs) & set(ARGUMENTS)
        assert tool.schema()["additionalProperties"] is False
        assert all(place["description"].endswith(".") for place in tool.schema()["properties"].values())


@pytest.mark.parametrize(("name", "given"), EVERY)
def test_every_call_is_answered_by_its_own_capability(assistant: Assistant, name: str, given: dict[str, Any]) -> None:
    try:
        answer = called(assistant, name, given)
    except NotReadyError:
        assert set(given) & {"topic", "week"} or name == "compare"  # left to the pages, which are not here
        return
    assert answer.capabilities == (name,)
    assert bool(answer.changes) <= capabilities()[name].writes


@pytest.mark.parametrize(
    ("name", "given", "changed"),
    [
        ("mark_done", {"resource": "Python for Data Analysis"}, "Mark Python for Data Analysis (Book) as done."),
        ("mark_done", {"resource": "python-for-data-analysis"}, "Mark Python for Data Analysis (Book) as done."),
        ("mark_done", {"resource": "the Géron book", "unit": "chapter 3"}, "Mark “Chapter 3: Classification” of"),
        ("set_pace", {"hours": 10, "date": "2027-01-04"}, "Set your time to 10 hours a week."),
        ("set_pace", {"hours": 10, "date": "2027-01-04"}, "Set the start of your plan to 2027-01-04."),
        ("set_pace", {"minutes": 60}, "Set your time to 7 hours a week"),
        ("set_preference", {"criteria": "free"}, "Set your preference to free resources only."),
        ("pause", {"length": "two weeks"}, "Pause from 2026-11-30 to 2026-12-13."),
        ("timezone", {"words": "my time zone is Asia/Tokyo"}, "Set your time zone to Asia/Tokyo."),
        ("mark_skip", {"resource": "fast.ai", "words": "too expensive for me"}, "Mark fast.ai Practical"),
    ],
)  # fmt: skip
def test_what_writes_does_what_its_arguments_say(
    assistant: Assistant, name: str, given: dict[str, Any], changed: str
) -> None:
    assistant.companion.forget("ada")
    assert any(change.startswith(changed) for change in called(assistant, name, given, "ada").changes)


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("nothing", {}, "no tool 'nothing'"),
        ("mark_done", {}, "needs one of resource"),
        ("mark_done", {"course": "fast.ai"}, "no argument 'course'"),
        ("mark_done", {"week": "3"}, "must be a JSON integer"),
        ("mark_done", {"week": True}, "must be a JSON integer"),
        ("mark_done", {"week": 49}, "must be 0 to 48"),
        ("mark_done", {"resource": ["fast.ai"]}, "must be a JSON string"),
        ("mark_done", {"resource": ""}, "must be 1 to 200 characters"),
        ("mark_done", {"resource": "x" * 201}, "must be 1 to 200 characters"),
        ("mark_done", {"resource": "the moon"}, "is not on the roadmap: did you mean"),
        ("deadline", {"date": "sometime"}, "cannot be read"),
        ("set_pace", {"hours": 0}, "must be 0.5 to 100"),
        ("set_pace", {"hours": float("nan")}, "must be 0.5 to 100"),
        ("timezone", {}, "needs words"),
        ("concept", {}, "needs words"),
    ],
)
def test_a_call_that_cannot_be_made_says_what_would_do(
    assistant: Assistant, name: str, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(ToolError, match=said) as error:
        call(name, given, assistant.roadmap, NOW.date())
    assert str(error.value).endswith((".", "?"))


def test_a_name_of_several_rows_is_asked_back(assistant: Assistant) -> None:
    with pytest.raises(ToolError, match=r"may be .* or .*: give one of these"):
        call("author", {"resource": "the deep learning specialization"}, assistant.roadmap, NOW.date())


def test_the_persons_own_words_go_with_what_they_lack(assistant: Assistant) -> None:
    said = call("mark_skip", {WORDS: "too hard", "resource": "fast.ai"}, assistant.roadmap, NOW.date()).message
    assert said == "too hard, fast.ai Practical Deep Learning for Coders"
