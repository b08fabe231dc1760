"""What the router decides by the guesses of a selector, which is a stub here: act, ask back, search, ask first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answers import Answer, Choice
from assistant.asking_back import with_others
from assistant.companion import Companion
from assistant.language.learning.classifier import Guess
from assistant.language.learning.table import capabilities
from assistant.language.message import Parsed, read_message
from assistant.router import ACTS, ELSEWHERE, LEAST_OFFERED, OFFERED, ROW, WRITES, Decision, Router
from assistant.service import Message
from corpus.reader import read_roadmap
from corpus.settings import Settings
from tests.answer_fixtures import NOW, Talk, over

ROADMAP = read_roadmap()
NAMES = tuple(capabilities())


class Stub:
    """A selector that always guesses the same; what is left is spread over the others."""

    def __init__(self, **guesses: float) -> None:
        others = [name for name in NAMES if name not in guesses]
        left = max(0.0, 1 - sum(guesses.values())) / len(others)
        found = [*(Guess(name, p) for name, p in guesses.items()), *(Guess(name, left) for name in others)]
        self._guesses = sorted(found, key=lambda guess: -guess.p)

    def guesses(self, parsed: Parsed) -> list[Guess]:
        return self._guesses


def parsed(text: str) -> Parsed:
    return read_message(text, ROADMAP, NOW.date())


def decided(text: str, **guesses: float) -> Decision:
    return Router(Stub(**guesses)).decide(parsed(text))


# --- acts -------------------------------------------------------------------------------------------------------------


def test_the_likeliest_acts_and_the_next_may_answer_where_it_has_nothing_to_say() -> None:
    found = decided("who wrote DDIA?", author=0.7, about_resource=0.15, cost=0.1, link=0.02)
    assert found.tries == ("author", "about_resource", "cost")
    assert found.sure


def test_what_is_hardly_likely_is_not_tried() -> None:
    assert decided("who wrote DDIA?", author=0.9, cost=LEAST_OFFERED - 0.01).tries == ("author",)


def test_the_guesses_are_kept_and_add_up_to_one() -> None:
    found = decided("who wrote DDIA?", author=0.7, about_resource=0.2)
    assert [guess.name for guess in found.guesses[:2]] == ["author", "about_resource"]
    assert sum(guess.p for guess in found.guesses) == pytest.approx(1)
    assert {guess.name for guess in found.guesses} == set(NAMES)


def test_the_probabilities_of_a_group_are_added_up() -> None:
    rows = {"author": 0.26, "cost": 0.25, "difficulty": 0.24}
    assert {capabilities()[name].group for name in rows} == {"row"}
    assert sum(rows.values()) > ROW
    found = decided("tell me of DDIA", **rows)
    assert found.tries == ("author", "cost", "difficulty")
    apart = decided("tell me of DDIA", author=0.26, week_content=0.25, checkpoints=0.24)
    assert apart.tries == ()


def test_what_writes_answers_for_itself_alone() -> None:
    groups = [entry.group for entry in capabilities().values()]
    assert all(groups.count(entry.group) == 1 for entry in capabilities().values() if entry.writes)


# --- asks back --------------------------------------------------------------------------------------------------------


def test_where_nothing_is_likely_the_first_ones_are_offered_in_order() -> None:
    found = decided("fast.ai", compare=0.3, find_topic=0.25, ready=0.2, next_step=0.1, help=0.08)
    assert found.tries == ()
    assert found.choices == ("compare", "find_topic", "ready", "next_step")
    assert len(found.choices) == OFFERED


def test_the_search_is_never_among_what_is_offered_since_it_is_always_a_button() -> None:
    found = decided("fast.ai", compare=0.3, concept=0.25, find_topic=0.2, outside=0.1)
    assert not set(found.choices) & set(ELSEWHERE)


def test_what_is_searched_for_is_subject_matter_or_likely_none_of_ours() -> None:
    assert decided("what is dropout?", concept=0.8).tries == ("concept",)
    both = decided("what is dropout?", concept=0.3, outside=0.29, find_topic=0.2)
    assert both.tries[0] == "concept"
    assert "find_topic" in both.choices


# --- what is needed ---------------------------------------------------------------------------------------------------


def test_what_needs_a_thing_that_is_not_named_is_less_likely() -> None:
    guesses = {"ready": 0.6, "next_step": 0.35}
    assert decided("am I ready for fast.ai?", **guesses).tries[0] == "ready"
    assert decided("and now?", **guesses).tries[0] == "next_step"


def test_it_is_not_ruled_out_since_a_name_may_be_missed() -> None:
    assert decided("and now?", ready=0.97).tries[0] == "ready"


# --- writes -----------------------------------------------------------------------------------------------------------

BETWEEN = (ACTS + WRITES) / 2


@pytest.mark.parametrize(
    ("text", "p", "sure"),
    [
        ("I finished fast.ai", 0.9, True),
        ("I finished fast.ai", WRITES + 0.01, True),
        ("I finished fast.ai", BETWEEN, False),
        ("did I finish fast.ai?", 0.9, False),
        ("is fast.ai done", 0.9, False),
        ("can you mark fast.ai as done?", 0.9, True),
        ("could you please mark fast.ai as done", 0.9, True),
    ],
)
def test_what_writes_is_sure_only_where_it_is_likely_and_told(text: str, p: float, sure: bool) -> None:
    found = decided(text, mark_done=p)
    assert (found.tries[0], found.sure) == ("mark_done", sure)


def test_what_only_reads_need_not_be_as_sure() -> None:
    assert decided("how far am I?", progress_report=BETWEEN).sure


def test_what_writes_is_not_done_for_being_ahead_of_the_rest() -> None:
    """Below the threshold a capability that is far ahead may answer, and never one that changes something."""
    assert decided("fast.ai", mark_done=0.5).tries == ()
    assert decided("what about fast.ai", ready=0.5).tries[0] == "ready"


@pytest.fixture
def companion(tmp_path: Path) -> Iterator[Companion]:
    with closing(Companion(Settings(data=tmp_path))) as opened:
        yield opened


def answered(companion: Companion, text: str, **guesses: float) -> Answer:
    """The answer of an assistant whose router guesses so."""
    assistant = over(companion)
    assistant._router = Router(Stub(**guesses))
    return Talk(assistant, "ada").last(text)


def test_below_the_threshold_it_asks_first_and_one_click_does_it(companion: Companion) -> None:
    asked = answered(companion, "I finished fast.ai", mark_done=BETWEEN)
    assert asked.text.startswith("Shall I? Mark fast.ai")
    assert "Nothing is changed yet." in asked.text
    assert asked.changes == ()
    assert companion.learner("ada").marks == ()
    (choice, *_) = asked.choices
    done = Talk(over(companion), "ada").last(choice.message)
    assert done.changes == ("Mark fast.ai Practical Deep Learning for Coders as done.",)
    assert len(companion.learner("ada").marks) == 1


def test_above_it_it_does_it_and_says_so(companion: Companion) -> None:
    done = answered(companion, "I finished fast.ai", mark_done=0.9)
    assert done.changes == ("Mark fast.ai Practical Deep Learning for Coders as done.",)
    assert "Say “undo that” to take it back." in done.text


def test_what_was_second_likeliest_writes_nothing_without_a_question(companion: Companion) -> None:
    """The likeliest has nothing to say ("ready" needs a row or a week): the next is no surer for that."""
    answer = answered(companion, "I am through with it all, six hours a week", ready=0.8, set_pace=0.19)
    assert answer.changes == ()
    assert companion.learner("ada").hours == 8


def test_asked_back_are_buttons_that_say_what_they_do_and_the_search_as_the_last(companion: Companion) -> None:
    back = answered(companion, "something of fast.ai", difficulty=0.2, compare=0.3, checkpoints=0.25)
    assert back.capabilities == ()
    assert back.abstained
    assert [choice.capability for choice in back.choices] == ["compare", "checkpoints", "difficulty", "concept"]
    assert back.choices[-1].message == "Search the pages for: something of fast.ai"
    assert back.choices[2].message == "How hard is fast.ai Practical Deep Learning for Coders?"


# --- never fails ------------------------------------------------------------------------------------------------------


@given(st.dictionaries(st.sampled_from(NAMES), st.floats(0.001, 1), min_size=1), st.text(max_size=40))
def test_any_guesses_lead_to_a_decision(guesses: dict[str, float], text: str) -> None:
    total = sum(guesses.values())
    found = decided(text, **{name: p / total for name, p in guesses.items()})
    assert set(found.tries) <= set(NAMES)
    assert set(found.choices) <= set(NAMES)
    assert not any(capabilities()[name].writes for name in found.tries[:1]) or found.guesses[0].p >= ACTS


@pytest.mark.parametrize(("own", "kept"), [(0, 2), (2, 3), (4, 4)])
def test_other_wishes_stand_behind_the_buttons_of_an_answer_and_take_the_place_of_none(
    own: int, kept: int, companion: Companion
) -> None:
    talk = Talk(over(companion))
    message = parsed("fast.ai")
    answer = Answer("fast.ai", (), choices=tuple(Choice(str(n), f"button {n}") for n in range(own)))
    context = talk.assistant._context(Message("fast.ai"))
    found = with_others(answer, message, context, ("next_step", "help"))
    assert found.choices[:own] == answer.choices
    assert len(found.choices) == kept
