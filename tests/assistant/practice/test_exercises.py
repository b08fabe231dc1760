"""Questions made of cards, glossary and notes: the same by a seed, never with two right answers; checking; a quiz."""

from __future__ import annotations

import re

import pytest

from assistant.practice.exercises import GAP, Exercise, check
from assistant.practice.making import Bank
from assistant.practice.quiz import begun, step
from assistant.study.review import ReviewCard, cards_of
from corpus.glossary import entry_of
from corpus.notes import load_notes
from corpus.reader import read_roadmap

ROADMAP = read_roadmap()
NOTES = load_notes()
BANK = Bank(ROADMAP, NOTES)
IDS = [resource.id for resource in ROADMAP.resources]
SEEDS = range(4)
EVERY = [(card, seed) for card in BANK.cards(IDS) for seed in SEEDS]
MADE = [BANK.exercise(card, seed) for card, seed in EVERY]
PHASE = {resource.id: resource.phase for resource in ROADMAP.resources}


def test_there_are_choices_and_gaps_of_cards_and_of_terms() -> None:
    kinds = {(made.kind, made.key.startswith("glossary/")) for made in MADE}
    assert kinds == {("choice", True), ("cloze", True), ("choice", False), ("cloze", False), ("open", False)}
    assert {made.key.partition("/")[0] for made in MADE} >= {note.resource for note in NOTES.notes}


def test_the_same_seed_asks_the_same_and_another_one_otherwise() -> None:
    again = Bank(ROADMAP, NOTES)
    assert [again.exercise(card, seed) for card, seed in EVERY[:200]] == MADE[:200]
    by_seed = [[made.prompt for made in MADE[seed :: len(SEEDS)]] for seed in SEEDS]
    assert by_seed[0] != by_seed[1]


def test_a_choice_has_four_options_and_one_right_answer() -> None:
    for made in (made for made in MADE if made.kind == "choice"):
        assert len(set(made.options)) == 4, made
        assert made.options.count(made.answer) == 1
        assert check(made, made.letter) == "right"
        verdicts = [check(made, option) for option in made.options]
        assert verdicts.count("right") == 1, made


def test_what_stands_beside_a_term_is_no_kin_of_it_and_of_the_same_phase() -> None:
    for made in (made for made in MADE if made.kind == "choice" and made.key.startswith("glossary/")):
        right = entry_of(made.answer)
        assert right
        for option in made.options:
            other = entry_of(option)
            assert other
            if other == right:
                continue
            assert option.lower() not in right.meaning.lower().split()
            assert made.answer.lower() not in other.meaning.lower().split()
        phases = [BANK._terms[f"glossary/{option}"].phases for option in made.options]
        assert all(found & BANK._terms[made.key].phases for found in phases), made


def test_the_places_of_right_answers_tell_nothing() -> None:
    letters = [made.letter for made in MADE if made.kind == "choice"]
    assert all(0.15 < letters.count(letter) / len(letters) < 0.35 for letter in "abcd")


def test_a_gap_leaves_its_word_out_and_takes_it_by_any_of_its_names() -> None:
    for made in (made for made in MADE if made.kind == "cloze"):
        assert GAP in made.prompt
        assert not re.search(rf"(?<!\w){re.escape(made.answer)}(?!\w)", made.prompt, re.IGNORECASE), made
        assert all(check(made, name) == "right" for name in made.accepted)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [("b", "right"), ("B)", "right"), ("2", "right"), ("option b", "right"), ("an inner join.", "right"),
     ("a", "wrong"), ("4", "wrong"), ("LEFT JOIN", "wrong"), ("e", None), ("no join at all", None), ("", None)],
)  # fmt: skip
def test_an_option_is_picked_by_letter_number_or_words(text: str, verdict: str | None) -> None:
    options = ("left join", "inner join", "outer join", "cross join")
    assert check(Exercise("k", "choice", "Which?", "inner join", "", options), text) == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [("backpropagation", "right"), ("Back-propagation", "right"), ("backprop", "right"), ("backpropagaton", "right"),
     ("the backpropagation", "right"), ("propagation", "open"), ("chain rule", "open"), ("SGDs", "open")],
)  # fmt: skip
def test_a_gap_takes_slips_of_the_keyboard_and_leaves_other_words_to_oneself(text: str, verdict: str) -> None:
    gap = Exercise("k", "cloze", GAP, "backpropagation", "", accepted=("backpropagation", "backprop"))
    assert check(gap, text) == verdict


def test_a_short_word_is_taken_exactly() -> None:
    gap = Exercise("k", "cloze", GAP, "SGD", "", accepted=("SGD",))
    assert [check(gap, text) for text in ("sgd", "SGE", "SVD")] == ["right", "open", "open"]


# --- a quiz -----------------------------------------------------------------------------------------------------------

CHOICE = Exercise("k/1", "choice", "Which?", "x", "", ("x", "y", "z", "w"))
FREE = Exercise("k/2", "open", "Why?", "Because.", "")
CARDS = [ReviewCard(f"k/{n}", "k", "Which?", "x", "") for n in (1, 2, 3)]


def test_a_quiz_counts_what_is_right_and_comes_to_its_end() -> None:
    quiz = begun(CARDS, 1)
    assert quiz is not None
    right = step(quiz, CHOICE, "a")
    assert right
    assert right.quiz
    assert (right.outcome, right.rating, right.quiz.keys, right.quiz.right) == ("right", "good", ("k/2", "k/3"), 1)
    wrong = step(right.quiz, CHOICE, "b")
    assert wrong
    assert wrong.quiz
    assert (wrong.outcome, wrong.rating, wrong.quiz.right, wrong.quiz.asked) == ("wrong", "again", 1, 2)
    passed = step(wrong.quiz, CHOICE, "I don't know")
    assert passed
    assert passed.quiz
    assert (passed.rating, passed.quiz.keys, passed.quiz.asked) == ("again", (), 3)


def test_a_free_answer_is_shown_and_graded_by_oneself() -> None:
    quiz = begun(CARDS[1:], 1)
    assert quiz is not None
    shown = step(quiz, FREE, "since it is so")
    assert shown
    assert shown.quiz
    assert (shown.outcome, shown.rating, shown.quiz.keys) == ("shown", "", quiz.keys)
    assert step(shown.quiz, FREE, "a perfect answer") is None
    for text, rating in (("good", "good"), ("2", "hard"), ("Easy!", "easy"), ("next", "again")):
        graded = step(shown.quiz, FREE, text)
        assert graded
        assert graded.quiz
        assert (graded.rating, graded.quiz.right) == (rating, int(rating != "again"))


@pytest.mark.parametrize("text", ["stop", "Stop the quiz.", "that's enough"])
def test_stop_ends_it_without_a_grade(text: str) -> None:
    quiz = begun(CARDS, 1)
    assert quiz is not None
    ended = step(quiz, FREE, text)
    assert ended
    assert (ended.quiz, ended.outcome, ended.rating) == (None, "stopped", "")


def test_what_picks_nothing_is_no_answer_and_an_empty_deck_no_quiz() -> None:
    quiz = begun(CARDS, 1)
    assert quiz is not None
    assert step(quiz, CHOICE, "what is in week 5?") is None
    assert begun([], 1) is None
    assert BANK.cards(["no-such-resource"]) == ()
    assert cards_of(NOTES, "no-such-resource") == ()
