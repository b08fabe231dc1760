"""What a conversation keeps in mind: follow-ups, picks, corrections, thanks, lists, several wishes, clicked buttons."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answers import Answer, Choice, Part
from assistant.conversation import beside, memory_of, searched
from assistant.handling import Memory
from assistant.questions import Question
from assistant.service import Assistant
from assistant.store.answer_json import from_json, to_json
from corpus.reader import read_roadmap
from corpus.roadmap import Weeks
from tests.answer_fixtures import NOW, Talk, pending

ROADMAP = read_roadmap()
FASTAI = "fast-ai-practical-deep-learning-for-coders"
COURSERA_DL = "coursera-deep-learning-specialization"
DLS = "deep-learning-specialization"
KARPATHY = "neural-networks-zero-to-hero"
HF = "hugging-face-course-cs224n"
DDIA = "designing-data-intensive-applications"
BOOTCAMP = "full-stack-llm-bootcamp"
RAG = "building-advanced-rag-applications-llamaindex"
ALGEBRA = "essence-of-linear-algebra-khan-academy-statistics"
LINUX = "linux-cli-refresher"
SETUP = "quick-python-environment-setup"
PYTHON = "python-for-data-analysis"
MLOPS = "mlops-machine-learning-operations-specialization"
CAPSTONE = "capstone-portfolio"
SQL = "build-a-data-pipeline-from-a-sql-database-and-create-dashboard"

NOT_YET: dict[str, tuple[str, ...]] = {
    "corrections": ("what does the deep learning specialization cost? / no, the supplemental one",),
    "lists": (
        "which resources are mandatory? / only in phase 1",
        "which resources are free in phase 3? / and paid?",
    ),
}
"""What is not understood yet: table -> messages."""

Said = tuple[str, ...]


# --- what is pointed back to ------------------------------------------------------------------------------------------

POINTED: list[tuple[Said, str, tuple[str, ...]]] = [
    # pronouns
    (("who wrote DDIA?", "how hard is it?"), "difficulty", (DDIA,)),
    (("who wrote DDIA?", "what does it cost?"), "cost", (DDIA,)),
    (("who wrote DDIA?", "how long does that take?"), "length", (DDIA,)),
    (("who wrote DDIA?", "where do I find the book?"), "link", (DDIA,)),
    (("tell me about fast.ai", "who teaches it?", "is it free?"), "cost", (FASTAI,)),
    (("compare fast.ai and zero to hero", "how hard are they?"), "difficulty", (FASTAI, KARPATHY)),
    (("week 14", "who teaches it?"), "author", (KARPATHY,)),
    # without a pronoun
    (("tell me about DDIA", "and the price?"), "cost", (DDIA,)),
    (("tell me about DDIA", "any alternatives?"), "alternatives", (DDIA,)),
    (("tell me about DDIA", "pros and cons?"), "pros_cons", (DDIA,)),
    # the wish of the message before, asked of another thing
    (("who wrote DDIA?", "and fast.ai?"), "author", (FASTAI,)),
    (("is fast.ai free?", "what about zero to hero?"), "cost", (KARPATHY,)),
    (("how hard is week 14?", "and week 22?"), "difficulty", (HF, BOOTCAMP, RAG)),
    # the other one, the second one
    (("tell me about fast.ai", "and the other one?"), "about_resource", (COURSERA_DL,)),
    (("how hard is fast.ai?", "and the other one?"), "difficulty", (COURSERA_DL,)),
    (("week 9", "who teaches the second one?"), "author", (COURSERA_DL,)),
    (("week 22", "how hard is the third one?"), "difficulty", (RAG,)),
    (("which resources are free?", "who made the first one?"), "author", (ALGEBRA,)),
    (("which resources are free?", "how long does the last one take?"), "length", (HF,)),
    (("which resources are mandatory?", "how long does the last one take?"), "length", (CAPSTONE,)),
    (("which resources are free?", "who made the first one?", "and the second one?"), "author", (KARPATHY,)),
    (("compare fast.ai and zero to hero", "is the second one free?"), "cost", (KARPATHY,)),
]


@pytest.mark.parametrize(("texts", "name", "resources"), pending(POINTED, NOT_YET, "pointed"))
def test_what_was_talked_about_need_not_be_named_again(
    texts: Said, name: str, resources: tuple[str, ...], talk: Talk
) -> None:
    answer = talk.last(*texts)
    assert (answer.capabilities, answer.resources) == ((name,), resources)


WEEKS: list[tuple[Said, Weeks]] = [
    (("week 14", "and the week after?"), Weeks(15, 15)),
    (("week 14", "and 20?"), Weeks(20, 20)),
    (("week 14", "what about week 20?"), Weeks(20, 20)),
    (("week 14", "thanks", "and the week after?"), Weeks(15, 15)),
    (("phase 2", "and the next one?"), Weeks(21, 32)),
    (("phase 2", "and 3?"), Weeks(21, 32)),
]


@pytest.mark.parametrize(("texts", "weeks"), pending(WEEKS, NOT_YET, "weeks"))
def test_weeks_are_counted_from_those_that_were_talked_about(texts: Said, weeks: Weeks, talk: Talk) -> None:
    answer = talk.last(*texts)
    assert answer.capabilities == ("week_content",)
    assert answer.asked
    assert answer.asked.weeks == weeks


def test_the_week_after_is_asked_what_the_week_before_was(talk: Talk) -> None:
    answer = talk.last("week 14", "who teaches it?", "and the week before week 13?")
    assert answer.asked
    assert (answer.asked.weeks, answer.resources) == (Weeks(12, 12), (FASTAI, COURSERA_DL))


# --- what ends a topic, and what does not -----------------------------------------------------------------------------

NO_TOPIC = ["thanks", "thank you so much!", "ok cool", "what can you do?", "undo that", "my time zone is Europe/Berlin"]


@pytest.mark.parametrize("text", pending(NO_TOPIC, NOT_YET, "no_topic"))
def test_what_is_no_topic_leaves_the_one_before(text: str, talk: Talk) -> None:
    answers = talk("tell me about DDIA", text, "who wrote it?")
    assert answers[1].capabilities[0] in ("smalltalk", "help", "undo", "timezone")
    assert (answers[2].capabilities, answers[2].resources) == (("author",), (DDIA,))


SWITCHES: list[tuple[Said, tuple[str, ...]]] = [
    (("tell me about DDIA", "week 14", "is it free?"), (KARPATHY,)),
    (("week 14", "tell me about DDIA", "is it free?"), (DDIA,)),
    (("who wrote DDIA?", "who teaches fast.ai?", "how hard is it?"), (FASTAI,)),
    (("which resources are free?", "tell me about DDIA", "how hard is it?"), (DDIA,)),
    (("week 9", "the second one", "week 14", "how hard is it?"), (KARPATHY,)),
]


@pytest.mark.parametrize(("texts", "resources"), pending(SWITCHES, NOT_YET, "switches"))
def test_another_topic_takes_the_place_of_the_one_before(texts: Said, resources: tuple[str, ...], talk: Talk) -> None:
    assert talk.last(*texts).resources == resources


ALONE: list[tuple[Said, str]] = [
    (("tell me about DDIA", "which resources are free?"), "list_filter"),
    (("tell me about DDIA", "how many phases are there?"), "count"),
    (("tell me about DDIA", "what is dropout?"), "concept"),
    (("tell me about DDIA", "give me an overview of the roadmap"), "overview"),
    (("week 14", "how long does the whole roadmap take?"), "workload"),
]


@pytest.mark.parametrize(("texts", "name"), pending(ALONE, NOT_YET, "alone"))
def test_what_stands_for_itself_is_answered_as_if_it_were_the_first(texts: Said, name: str, talk: Talk) -> None:
    alone = Talk(talk.assistant).last(texts[-1])
    answer = talk.last(*texts)
    assert answer.capabilities == alone.capabilities == (name,)
    assert (answer.resources, answer.weeks) == (alone.resources, alone.weeks)


def test_what_could_not_be_answered_is_no_topic(talk: Talk) -> None:
    answer = talk.last("who wrote DDIA?", "how do I train my dog to sit", "how hard is it?")
    assert answer.resources == (DDIA,)


# --- corrections ------------------------------------------------------------------------------------------------------

CORRECTIONS: list[tuple[Said, str, tuple[str, ...]]] = [
    (("who teaches fast.ai?", "no, I meant zero to hero"), "author", (KARPATHY,)),
    (("how hard is week 9?", "sorry, I meant week 14"), "difficulty", (KARPATHY,)),
    (("what does the deep learning specialization cost?", "no, the supplemental one"), "cost", (DLS,)),
    (("who wrote DDIA?", "no, the pandas book"), "author", (PYTHON,)),
    (("what should I do in week 9?", "I meant week 14"), "week_content", (KARPATHY,)),
]


@pytest.mark.parametrize(("texts", "name", "resources"), pending(CORRECTIONS, NOT_YET, "corrections"))
def test_a_correction_replaces_the_thing_and_keeps_the_wish(
    texts: Said, name: str, resources: tuple[str, ...], talk: Talk
) -> None:
    alone = talk.last(*texts)
    assert alone.resources == resources
    plain = Talk(talk.assistant).last(texts[0])
    assert plain.capabilities == (name,)
    assert alone.capabilities[0] in (name, "correction")
    assert alone.text != plain.text


NUMBERS: list[tuple[Said, str]] = [
    (("I have 5 hours a week", "no, 6 not 5"), "set your time to 6 hours a week"),
    (("I have 5 hours a week", "sorry, not five but 6"), ""),
    (("I have 5 hours a week", "i meant 7"), "set your time to 7 hours a week"),
    (("I have 5 hours a week", "sorry, i meant seven"), "set your time to 7 hours a week"),
    (("I did 1 hour of fast.ai today", "sorry 1.5 h, not 1"), "note 1.5 hours"),
    (("I did 30 minutes of fast.ai today", "no, 45 minutes, not 30"), "note 45 minutes"),
    (("pause me for 2 weeks", "i meant 3"), "pause from 2027-01-06 to 2027-01-26"),
]
"""A message, a correction of its number, and what is changed then; "" for nothing."""


@pytest.mark.parametrize(("texts", "changed"), NUMBERS)
def test_a_number_is_put_right_and_what_it_changed_is_changed_again(talk: Talk, texts: Said, changed: str) -> None:
    answer = talk.last(*texts)
    assert changed.lower() in " ".join(answer.changes).lower()
    assert bool(answer.changes) == bool(changed)
    if changed:  # the wrong one is gone: what is undone is all
        talk.last("undo that")
        assert not talk.learner.marks
        assert not talk.learner.pauses


def test_a_correction_that_corrects_nothing_asks_what_is_meant(talk: Talk) -> None:
    answer = talk.last("no, the other one")
    assert {part.voice for part in answer.parts} == {"notice"}
    assert answer.resources == ()


# --- lists ------------------------------------------------------------------------------------------------------------

LISTS: list[tuple[Said, tuple[str, ...]]] = [
    (("which resources are free?", "only the videos"), (ALGEBRA, KARPATHY)),
    (("which resources are mandatory?", "only in phase 1"), (PYTHON, "mathematics-for-machine-learning-specialization",
     SQL)),
    (("which resources are mandatory?", "and in phase 4?"), (MLOPS, CAPSTONE)),
    (("which resources are free?", "and in phase 3?"), (HF,)),
    (("list the books", "just the mandatory ones"), (PYTHON,)),
    (("which resources are free in phase 3?", "and paid?"), (BOOTCAMP,)),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "resources"), pending(LISTS, NOT_YET, "lists"))
def test_a_list_is_narrowed_or_asked_again(texts: Said, resources: tuple[str, ...], talk: Talk) -> None:
    answer = talk.last(*texts)
    assert (answer.capabilities, answer.resources) == (("list_filter",), resources)


# --- several wishes ---------------------------------------------------------------------------------------------------

SEVERAL: list[tuple[str, Said, int]] = [
    ("I finished the Python setup. What's next?", ("mark_done", "next_step"), 1),
    ("finished the Linux refresher, what's next?", ("mark_done", "next_step"), 1),
    ("I have 5 hours a week. When will I be done?", ("set_pace", "finish_date"), 1),
    ("mark the Linux refresher as done, and who wrote DDIA?", ("mark_done", "author"), 1),
    ("I start on Monday. I have 6 hours a week.", ("set_pace", "set_pace"), 2),
]


@pytest.mark.parametrize(("text", "names", "changes"), pending(SEVERAL, NOT_YET, "several"))
def test_what_is_told_is_done_and_what_is_asked_is_answered(text: str, names: Said, changes: int, talk: Talk) -> None:
    answer = talk.last(text)
    assert answer.capabilities == names
    assert len(answer.changes) == changes
    assert answer.question == text
    assert [c.n for c in answer.citations] == list(range(1, len(answer.citations) + 1))


def test_what_was_asked_last_is_what_is_talked_about(talk: Talk) -> None:
    answer = talk.last("mark the Linux refresher as done, and who wrote DDIA?", "how hard is it?")
    assert (answer.capabilities, answer.resources) == (("difficulty",), (DDIA,))


def test_a_doubtful_wish_in_a_message_of_several_changes_nothing(talk: Talk) -> None:
    before = talk.learner
    for text in ("I nearly finished fast.ai. What's next?", "my flatmate finished fast.ai. what is it about?"):
        assert talk.last(text).changes == ()
        assert talk.learner == before


# --- clicked buttons --------------------------------------------------------------------------------------------------

ASKED_BACK = ["something with fast.ai maybe", "hmm week 14 hmm", "fast.ai or so, you know"]


@pytest.mark.parametrize("text", ASKED_BACK)
def test_every_button_of_a_question_back_does_what_it_says(text: str, over_nothing: Assistant) -> None:
    asked = Talk(over_nothing).last(text)
    for choice in asked.choices:
        answer = Talk(over_nothing).last(text, choice.message)
        assert answer.capabilities[-1] == choice.capability


def test_a_button_says_its_message_to_the_capability_that_it_stands_for(over_nothing: Assistant) -> None:
    """Even one whose words alone would be taken for something else."""
    choice = Choice("Its price", "and fast.ai then", "cost")
    memory = Memory(choices=(choice,))
    answer = over_nothing.ask(choice.message, memory=memory, now=NOW, llm="none", person="clicks")
    assert (answer.capabilities, answer.resources) == (("cost",), (FASTAI,))


def test_a_button_of_an_older_question_is_read_as_any_message(over_nothing: Assistant) -> None:
    choice = Choice("Mark it", "who wrote fast.ai", "mark_done")
    answer = over_nothing.ask(choice.message, memory=Memory(), now=NOW, llm="none", person="clicks")
    assert answer.capabilities == ("author",)


def test_a_question_back_leaves_what_was_talked_about(talk: Talk) -> None:
    answers = talk("who wrote DDIA?", "pause", "how hard is it?")
    assert answers[1].choices
    assert answers[2].resources == (DDIA,)


# --- the memory itself ------------------------------------------------------------------------------------------------


def test_the_memory_is_what_the_answers_of_a_kept_conversation_say(talk: Talk) -> None:
    memory = Memory()
    for answer in talk("which resources are free?", "who made the second one?", "thanks"):
        memory = memory_of(memory, from_json(to_json(answer)))
    assert memory == talk.memory
    assert memory.asked
    assert memory.asked.resources == (KARPATHY,)


def test_the_memory_keeps_what_was_said_last_of_a_subject() -> None:
    about = Answer("who wrote DDIA?", (Part("roadmap", "x"),), asked=Question("q"), capabilities=("author",))
    thanks = Answer("thanks", (Part("notice", "Gladly."),), capabilities=("smalltalk",))
    memory = memory_of(memory_of(Memory(), about), thanks)
    assert (memory.said, memory.capability, memory.text) == ("who wrote DDIA?", "author", "Gladly.")
    assert memory.asked == Question("q")
    back = replace(about, question="hm", asked=None, capabilities=(), choices=(Choice("a", "b", "author"),))
    asked = memory_of(memory, back)
    assert (asked.said, asked.asked, asked.capability) == ("who wrote DDIA?", Question("q"), "author")
    assert asked.choices == back.choices


def test_two_answers_are_put_together_as_one() -> None:
    first = Answer(
        "q", (Part("notice", "Done."),), capabilities=("mark_done",), changes=("Mark it.",), resources=("a",)
    )
    second = Answer("q", (Part("roadmap", "It is."),), capabilities=("author",), weeks=Weeks(1, 2), resources=("b",))
    both = beside(first, second)
    assert both.text == "Done.\n\nIt is."
    assert both.capabilities == ("mark_done", "author")
    assert (both.weeks, both.resources, both.changes) == (Weeks(1, 2), ("b",), ("Mark it.",))


def test_no_state_of_a_person_is_kept_in_the_assistant(over_nothing: Assistant) -> None:
    one, other = Talk(over_nothing), Talk(over_nothing)
    one("who wrote DDIA?", "I have 5 hours a week")
    assert other.last("how hard is it?").resources != (DDIA,)
    assert other.learner.hours == 8


# --- said again -------------------------------------------------------------------------------------------------------


def test_more_of_a_row_is_all_its_cells(talk: Talk) -> None:
    short, long = talk("is DDIA hard?", "more detail please")
    assert short.text.startswith("No: ")
    assert long.resources == short.resources
    assert "- Pros: " in long.text


def test_what_the_roadmap_told_is_told_again_by_what_told_it(talk: Talk) -> None:
    first, again = talk("who wrote DDIA?", "come again?")
    assert again.text == first.text
    assert talk.sought == [] or talk.sought[-1].text != "who wrote DDIA?"


def test_what_the_pages_told_is_sought_again_in_the_form_that_is_asked_for(talk: Talk) -> None:
    asked = Question("how does backpropagation work?")
    parsed, _ = talk.decided("can you give me an example of that?")
    found = searched(parsed, asked, ("rephrase",), "longer")
    assert (found.text, found.manner) == ("how does backpropagation work, example", "longer")
    plain, _ = talk.decided("simpler please")
    assert searched(plain, asked, ("rephrase",), "simpler").text == asked.text


@pytest.mark.parametrize(
    ("asked", "named", "status", "row"),
    [
        ("I finished it", "fast.ai", "done", FASTAI),
        ("skip it", "the Linux refresher", "skipped", LINUX),
    ],
)
def test_a_name_alone_answers_what_was_asked_back(asked: str, named: str, status: str, row: str, talk: Talk) -> None:
    first, last = talk(asked, named)
    assert "?" in first.text
    assert not first.changes
    assert last.changes
    assert (row, "") in talk.learner.with_status(status)


def test_never_mind_takes_nothing_back_where_nothing_was_noted(talk: Talk) -> None:
    answer = talk.last("what is dropout?", "never mind. who wrote DDIA?")
    assert answer.capabilities == ("author",)
    assert not answer.changes
