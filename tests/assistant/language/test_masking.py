"""What is left of a message when its names, weeks, days and amounts are put aside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.learning.table import FOLDER, examples
from assistant.language.masking import KINDS, SIGNS, STANDS_FOR, Masked, mask_example
from assistant.language.message import read_message
from corpus.reader import read_roadmap
from corpus.roadmap import Resource
from tests.answer_fixtures import NOW, pending

ROADMAP = read_roadmap()

NOT_YET: dict[str, tuple[str, ...]] = {
    "pairs": ("what comes after {phase}",),
}
"""What is not understood yet: table -> messages."""


def masked(text: str) -> Masked:
    return read_message(text, ROADMAP, NOW.date()).masked


MASKED: list[tuple[str, str, set[str]]] = [
    ("How long does fast.ai take if I give it 5 hours?",
     "how long does the course take if i give it five hours?", {"resource", "hours"}),
    ("who wrote the Géron book?", "who wrote the course?", {"resource"}),
    ("who wrote DDIA?", "who wrote the course?", {"resource"}),
    ("finished week 3", "finished week nine", {"week"}),
    ("what should I do in wk14??", "what should i do in week nine?", {"week"}),
    ("the second phase", "phase two", {"phase"}),
    ("phase II", "phase two", {"phase"}),
    ("I have 40 minutes", "i have forty minutes", {"minutes"}),
    ("I have 5 hours a week", "i have five hours a week", {"hours"}),
    ("is fast.ai hard?", "is the course hard?", {"resource"}),
    ("I have half an hour", "i have forty minutes", {"minutes"}),
    ("push everything back by two weeks", "push everything back by two weeks", {"length"}),
    ("push everything back by a month", "push everything back by two weeks", {"length"}),
    ("I start on 4 January", "i start on friday", {"date"}),
    ("I start on 2027-01-04", "i start on friday", {"date"}),
    ("I start on 4.1", "i start on friday", {"date"}),
    ("from 3.10 to 5.11", "from friday to friday", {"date"}),
    ("what is new in scikit-learn 1.9?", "what is new in scikit-learn 9.9?", set()),
    ("does a rate of 0.01 work?", "does a rate of 9.9 work?", set()),
    ("300 euros, where should it go", "two hundred euros, where should it go", {"money"}),
    ("I've $50 to spend", "i've two hundred euros to spend", {"money"}),
    ("what is on Coursera?", "what is on professor smith?", {"person"}),
    ("fast.ai or Karpathy", "the course or the course", {"resource"}),
    ("1h30 of the Linux refresher", "five hours of the course", {"resource", "hours"}),
    ("what is dropout?", "what is dropout?", set()),
    ("undo that!!!", "undo that!", set()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "left", "kinds"), pending(MASKED, NOT_YET, "masked"))
def test_what_is_named_is_put_aside_and_told_by_its_kind(text: str, left: str, kinds: set[str]) -> None:
    found = masked(text)
    assert found.text == left
    assert found.kinds & (set(STANDS_FOR) - {"topic"}) >= kinds
    assert found.kinds - set(SIGNS) <= kinds | {"person"}


@pytest.mark.parametrize("row", ROADMAP.resources, ids=lambda row: row.id)
def test_a_wish_is_the_same_for_every_row_by_its_title_but_for_projects(row: Resource) -> None:
    for wording in ("how hard is {}?", "I finished {}", "what can I take instead of {}?"):
        found = masked(wording.format(row.title))
        assert found.text == wording.format("the project" if row.is_project else "the course").casefold()
        assert "resource" in found.kinds
        assert ("project" in found.kinds) == row.is_project


@pytest.mark.parametrize("week", range(49))
def test_a_wish_is_the_same_for_every_week(week: int) -> None:
    found = masked(f"what should I do in week {week}?")
    assert (found.text, found.kinds - set(SIGNS)) == ("what should i do in week nine?", {"week"})


SIGNED = [
    ("where is pandas covered?", {"product"}),
    ("where is dropout covered?", {"subject", "term"}),
    ("compare fast.ai and zero to hero", {"several"}),
    ("is it free?", {"points"}),
    ("what should I do next?", set[str]()),
]


@pytest.mark.parametrize(("text", "signs"), pending(SIGNED, NOT_YET, "signs"))
def test_what_else_is_seen_is_told_by_signs(text: str, signs: set[str]) -> None:
    assert masked(text).kinds & set(SIGNS) == signs


# --- examples ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "left", "kinds"),
    [
        ("is {resource} hard?", "is the course hard?", {"resource"}),
        ("I finished {resource} in {length}", "i finished the course in two weeks", {"resource", "length"}),
        ("{resource} or {resource}", "the course or the course", {"resource", "several"}),
        ("compare {resources}", "compare the course and the course", {"several"}),
        ("where is {topic} covered", "where is dropout covered", {"topic", "subject", "term"}),
        ("I have {hours} a week", "i have five hours a week", {"hours"}),
        ("by {date}!", "by friday!", {"date"}),
    ],
)
def test_a_wording_with_places_reads_as_a_message_that_names_things(text: str, left: str, kinds: set[str]) -> None:
    assert mask_example(text) == Masked(left, frozenset(kinds))


def test_a_wording_without_places_is_read_as_a_message_is() -> None:
    assert mask_example("who wrote DDIA?") is None


PAIRS = [
    ("is {resource} hard?", "is fast.ai hard?"),
    ("who wrote {resource}", "who wrote the pandas book"),
    ("what should I do in {week}?", "what should I do in week 14?"),
    ("I have {minutes}", "I have 40 minutes"),
    ("I have {hours} a day", "I have two hours a day"),
    ("I start on {date}", "I start on March 3"),
    ("push everything back by {length}", "push everything back by ten days"),
    ("what comes after {phase}", "what comes after the LLM phase"),
]


@pytest.mark.parametrize(("wording", "text"), pending(PAIRS, NOT_YET, "pairs"))
def test_a_wording_and_what_is_said_are_masked_alike(wording: str, text: str) -> None:
    example, found = mask_example(wording), masked(text)
    assert example
    assert found.text == example.text
    assert example.kinds <= found.kinds


# --- whatever is said -------------------------------------------------------------------------------------------------


@given(st.text(max_size=120))
def test_any_text_is_masked(text: str) -> None:
    found = masked(text)
    assert found.text == " ".join(found.text.split())
    assert found.kinds <= set(KINDS)
    assert not any(letter.isdigit() and letter != "9" for letter in found.text if letter.isascii())


def test_the_examples_are_there() -> None:
    assert len({example.text for example in examples()}) > 10_000
    assert (FOLDER / "table.toml").is_file()
