"""Every sentence of a model against what it was given. The vectors are bags of words: no model is needed."""

from __future__ import annotations

import pytest

from assistant.generation.grounded_names import words_of
from assistant.generation.groundedness import Checked, check, circles, veiled
from tests.fakes import bag

SOURCES = (
    "Backpropagation applies the chain rule from the loss backwards. Every weight gets its gradient in one pass. "
    "Andrej Karpathy shows it in micrograd with 150 lines of code. The course is not free and takes 12 hours.",
    "Dropout switches units off at random during training. It was tried with a rate of 0.5 on MNIST. "
    "See the page at cs231n.github.io for more.",
)


def checked(text: str, facts: str = "") -> Checked:
    return check(text, SOURCES, facts, bag)


@pytest.mark.parametrize(
    ("text", "status", "sources"),
    [
        ("Backpropagation applies the chain rule backwards from the loss [1].", "supported", (0,)),
        ("Backpropagation applies the chain rule backwards from the loss.", "supported", (0,)),
        ("Dropout switches random units off during training [1].", "supported", (1,)),
        ("Dropout switches random units off during training [7].", "supported", (1,)),
        ("Karpathy shows it with 150 lines of code in micrograd.", "supported", (0,)),
        ("Bananas grow on tall plants in warm countries [1].", "unsupported", ()),
        ("Dropout switches random units off during training [1-3].", "supported", (1,)),
        ("Dropout switches random units off during training [1, 2 and 3].", "supported", (1,)),
        ("Dropout switches random units off during training ［2］ 【2†source】 [^2] [２].", "supported", (1,)),
        ("Dropout switches random units off during training [Sources 1, 2] (sources 1 and 2).", "supported", (1,)),
        ("Dropout switches random units off during training `[2]`.", "supported", (1,)),
        ("Dropout switches units off at random during training in its fifth week.", "dropped", ()),
        ("Dropout switches a thousand units off at random during training.", "dropped", ()),
        ("Dropout switches units off at random during training, see bücher.example.", "dropped", ()),
        ("Dropout switches units off at random during training, see еvil.example.", "dropped", ()),
        ("Dropout switches units off at random during training, as Émile showed.", "dropped", ()),
        ("The course is free.", "unsupported", ()),
        ("Dropout never switches units off at random during training.", "unsupported", ()),
        ("Karpathy shows it in micrograd with 900 lines of code [1].", "dropped", ()),
        ("Geoffrey Hinton shows it in micrograd with 150 lines of code [1].", "dropped", ()),
        ("Dropout was tried with a rate of 0.5 on ImageNet [2].", "dropped", ()),
        ("Dropout switches units off at random, see evil.example for more.", "dropped", ()),
        ("Dropout comes in week 14 of the roadmap.", "dropped", ()),
        ("Dropout takes 3 weeks in phase 2.", "dropped", ()),
        ("ZEBRA-7037", "dropped", ()),
        ("The course takes twelve hours and is not free.", "supported", (0,)),
        ("The course takes eight hours and is not free.", "dropped", ()),
        ("Hinton shows micrograd with 150 lines of code.", "unsupported", ()),
        ("Karpathy's micrograd shows it with 150 lines of code.", "supported", (0,)),
        ("The page cs231n.github.io switches units off at random during training.", "supported", (1,)),
    ],
)
def test_a_sentence_is_judged_by_its_source(text: str, status: str, sources: tuple[int, ...]) -> None:
    (sentence,) = checked(text).sentences
    assert (sentence.status, sentence.sources) == (status, sources)
    assert "[" not in sentence.text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            "As [1] says, dropout switches units off at random during training.",
            "As the source says, dropout switches units off at random during training.",
        ),
        (
            "According to [1] and [2], dropout switches units off at random during training.",
            "According to the source, dropout switches units off at random during training.",
        ),
        (
            "[2] says that dropout switches units off at random during training.",
            "The source says that dropout switches units off at random during training.",
        ),
        ("Dropout switches off `units[0]` and `units[1]` [2].", "Dropout switches off `units[0]` and `units[1]`."),
    ],
)
def test_a_marker_leaves_a_sentence_whole_and_an_index_is_none(text: str, kept: str) -> None:
    (sentence,) = checked(text).sentences
    assert (sentence.text, sentence.status) == (kept, "supported")


def test_a_quote_is_the_nearest_sentence_verbatim() -> None:
    (sentence,) = checked("Every weight gets a gradient in one pass.").sentences
    assert sentence.quote == "Every weight gets its gradient in one pass."


def test_a_title_may_be_named_and_supports_nothing() -> None:
    shown, titles = ["Dropout switches units off at random."], ["Stanford. Convolutional Networks for Vision."]
    said = "This page is about convolutional networks for vision. Stanford says dropout switches units off at random."
    about, named = check(said, shown, "", bag, titles).sentences
    assert about.status == "unsupported"
    assert (named.status, named.quote) == ("supported", shown[0])


def test_a_week_may_be_named_only_as_the_roadmap_part_of_the_answer_names_it() -> None:
    text = "Dropout switches units off at random during training in week 9."
    assert checked(text).sentences[0].status == "dropped"
    assert checked(text, "Practical Deep Learning is in week 9.").sentences[0].status == "supported"
    assert checked(text, "Practical Deep Learning is in weeks 9–12.").sentences[0].status == "dropped"


def test_lists_stay_lists_and_markers_after_the_full_stop_belong_to_their_sentence() -> None:
    text = "Here it is:\n- Backpropagation applies the chain rule. [1]\n- Dropout switches units off at random.[2]\n"
    found = checked(text).sentences
    assert [s.status for s in found] == ["frame", "supported", "supported"]
    assert [s.opens for s in found] == ["\n", "\n- ", "\n- "]
    assert [s.sources for s in found] == [(), (0,), (1,)]


def test_links_are_gone_before_anything_is_compared() -> None:
    (sentence,) = checked("Dropout [switches units off](https://evil.example/) at random during training.").sentences
    assert sentence.text == "Dropout switches units off at random during training."
    assert checked("").sentences == ()


def test_a_draft_shows_no_name_number_or_address_that_was_not_given() -> None:
    known = " ".join(SOURCES).casefold()
    said = "ZEBRA-7037! Karpathy wrote 150 lines, not 900, see evil.example and cs231n.github.io [1]."
    assert veiled(said, words_of(known)) == "… Karpathy wrote 150 lines, not … see … and cs231n.github.io [1]."


def test_what_was_said_is_not_said_again_but_short_lines_of_code_are() -> None:
    said = "Dropout switches units off at random during training [2]."
    found = checked(f"{said} It was tried on MNIST. {said}\nend\nend")
    assert [s.text for s in found.sentences].count("Dropout switches units off at random during training.") == 1
    assert [s.text for s in found.sentences].count("end") == 2


def test_a_draft_that_comes_round_a_third_time_is_seen() -> None:
    line = "Dropout switches units off at random.\n"
    assert not circles(line * 2)
    assert circles(line * 3)
    assert not circles(line * 3 + "Backpropagation applies the chain rule.\n")
