"""Exact answers from the parsed roadmap: `assistant.roadmap_answers`, on the real roadmap, as they are asked for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.answers import Answer
from assistant.conversation import searched
from assistant.language.message import read_message
from assistant.questions import Question
from assistant.recommendation.progress import Progress
from assistant.recommendation.week_units import units_of_week
from assistant.roadmap_answers.fallback import place_of
from assistant.roadmap_answers.rows import place_from_roadmap, suggested_questions
from corpus.notes import load_notes
from corpus.reader import read_roadmap
from corpus.roadmap import Resource, Weeks
from tests.answer_fixtures import NOW, Talk, pending

ROADMAP = read_roadmap()
NOTES = load_notes()
SOURCE = (Path(__file__).parents[3] / "corpus" / "roadmap.md").read_text(encoding="utf-8")


NOT_YET: dict[str, tuple[str, ...]] = {
    "attributes": (
        "what role does the Coursera Deep Learning Specialization play?",
        "does fast.ai use PyTorch?",
        "is there anything on SQL?",
        "I am in week 30, how much is left?",
    ),
    "lists": ("is there anything free in weeks 5-16?",),
}
"""What is not understood yet: table -> messages."""


def asked(text: str) -> Question:
    """A message as it is searched for."""
    return searched(read_message(text, ROADMAP, NOW.date()), None, ())


def checked(answer: Answer, *kinds: str) -> Answer:
    """The answer, after what must hold for every answer from the roadmap. `kinds`: of sources beside the roadmap."""
    numbers = [c.n for c in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {c.kind for c in answer.citations} <= {"roadmap", *kinds}
    assert all(c.quote and c.quote in SOURCE for c in answer.citations if c.kind == "roadmap")
    marks = {int(n) for part in answer.parts for n in re.findall(r"\[(\d+)\](?!\()", part.text)}
    assert marks == set(numbers)
    assert all(re.search(r"\[\d+\](?!\()", part.text) for part in answer.parts if part.voice == "roadmap")
    assert answer.changes == ()
    known = {link.url for r in ROADMAP.resources for link in r.links}
    known |= {unit.url for note in NOTES.notes for unit in note.units} if "note" in kinds else set()
    assert set(re.findall(r"\]\((http[^)]*)\)", answer.text)) <= known
    assert all(ROADMAP.resource(id) for id in answer.resources)
    return answer


# --- weeks --------------------------------------------------------------------------------------------------------


def test_a_week_names_block_position_phase_task_links_alternative_and_what_to_have_at_the_end(talk: Talk) -> None:
    answer = checked(talk.last("what should I do in week 14?"), "note")
    for piece in (
        "**Week 14** is the second of four weeks of **Weeks 13–16 — Neural Networks from Scratch**",
        "Phase 2 — Core Machine Learning & Advanced ML",
        "[Neural Networks: Zero to Hero (YouTube)](https://www.youtube.com/playlist?list=PLjJh1vlSEYgv3u2khHca7g0q0_zyFtx9c)",
        "preferred",
        "Task: Implement NN from scratch using NumPy",
        "At the end: Understand neural network fundamentals from first principles",
        "[Udemy](https://www.udemy.com/course/deep-learning/)",
        "Alternative: Udemy: Deep Learning Bootcamp",
        "Difficulty: Medium-High",
        "Recommendation: Great for fundamentals",
    ):
        assert piece in answer.text
    assert (answer.weeks, answer.resources) == (Weeks(13, 16), ("neural-networks-zero-to-hero",))
    assert answer.citations[0].title == "Roadmap, Weeks 13–16: Neural Networks from Scratch"
    assert (answer.abstained, answer.confidence) == (False, "high")


def test_the_pace_is_marked_as_a_suggestion_and_nothing_else_is(talk: Talk) -> None:
    answer = talk.last("week 14")
    *_, suggestion = [part for part in answer.parts if part.voice == "suggestion"]
    assert "about half" in suggestion.text
    assert "aim" not in "".join(part.text for part in answer.parts if part.voice == "roadmap")


@pytest.mark.parametrize(
    ("week", "has", "not_in"),
    [
        (14, ("Part 2: MLP](https://youtu.be/TCH_1BHY58I) (4 h)", "(about 9 h)"), ("Part 4", "begin")),
        (7, ("Chapter 6: Decision Trees](", "(1 h, begin)"), ("Chapter 7",)),
        (8, ("(1 h, finish)", "Chapter 11"), ("Chapter 5",)),
        (37, ("Python Essentials for MLOps](",), ("DevOps",)),
    ],
)
def test_a_week_begins_with_its_units_by_our_split(
    week: int, has: tuple[str, ...], not_in: tuple[str, ...], talk: Talk
) -> None:
    answer = checked(talk.last(f"week {week}"), "note")
    units, *_ = [part for part in answer.parts if part.voice == "suggestion"]
    assert answer.parts.index(units) == 1
    assert all(piece in units.text for piece in has)
    assert not any(piece in units.text for piece in not_in)


def test_the_units_of_the_weeks_together_are_the_whole_and_none_is_lost() -> None:
    told = [piece for week in range(49) for piece in units_of_week(ROADMAP, NOTES, week)]
    for id in {piece.resource.id for piece in told}:
        hours = sum(piece.hours for piece in told if piece.resource.id == id)
        assert hours == pytest.approx(sum(unit.hours for unit in NOTES.units(id)))
        assert {piece.unit for piece in told if piece.resource.id == id} == set(NOTES.units(id))
    assert all(units_of_week(ROADMAP, NOTES, week) for week in range(49))


def test_of_a_pair_a_week_tells_the_one_that_suits() -> None:
    theory = units_of_week(ROADMAP, NOTES, 7, Progress(prefer="theory"))
    assert {piece.resource.id for piece in theory} == {"andrew-ng-machine-learning-specialization"}


def test_week_six_holds_both_of_its_blocks(talk: Talk) -> None:
    answer = checked(talk.last("week 6"), "note")
    assert answer.weeks == Weeks(5, 6)
    assert "Linear Algebra & Stats" in answer.text
    assert "Checkpoint Project" in answer.text
    assert len(answer.resources) == 2


def test_week_twenty_holds_its_checkpoint_and_the_weeks_before_only_mention_it(talk: Talk) -> None:
    checkpoint = "re-implement-k-means-or-simple-nn-from-scratch"
    assert talk.last("week 20").resources == ("deep-learning-specialization", checkpoint)
    for week in (17, 18, 19):
        answer = checked(talk.last(f"week {week}"), "note")
        assert (answer.weeks, answer.resources) == (Weeks(17, 20), ("deep-learning-specialization",))
        assert "comes in week 20" in answer.text


@pytest.mark.parametrize(("week", "span"), [(25, "weeks 21–32"), (40, "weeks 33–48")])
def test_where_the_roadmap_gives_no_finer_split_it_is_said(week: int, span: str, talk: Talk) -> None:
    answer = checked(talk.last(f"week {week}"), "note")
    assert f"The roadmap does not divide {span} further." in answer.text
    assert len(answer.resources) == 3


def test_several_weeks_are_the_union_of_their_blocks(talk: Talk) -> None:
    assert checked(talk.last("weeks 10 to 14")).weeks == Weeks(9, 16)
    apart = checked(talk.last("weeks 3 and 14"))
    assert apart.weeks is None
    assert "Weeks 3–4" in apart.text
    assert "Weeks 13–16" in apart.text


@pytest.mark.parametrize("text", ["week 49", "week -1", "week 100", "week 3.5"])
def test_a_week_that_does_not_exist_gets_what_exists(text: str, talk: Talk) -> None:
    answer = checked(talk.last(text))
    assert (answer.abstained, answer.weeks, answer.resources) == (True, None, ())
    assert "it has weeks 0 to 48" in answer.text


def test_a_phase_that_does_not_exist_gets_the_phases(talk: Talk) -> None:
    answer = checked(talk.last("phase 5"))
    assert answer.abstained
    assert all(f"{p.number} ({p.title})" in answer.text for p in ROADMAP.phases)


def test_the_first_week_is_week_one_and_week_zero_is_mentioned(talk: Talk) -> None:
    answer = talk.last("the first week")
    assert answer.weeks == Weeks(1, 2)
    assert "week 0 comes before week 1" in answer.parts[0].text


def test_an_unknown_current_week_is_asked_for(talk: Talk) -> None:
    answer = talk.last("what is this week about?")
    assert answer.abstained
    assert answer.parts[0].voice == "notice"
    assert answer.resources == ()


# --- attributes ---------------------------------------------------------------------------------------------------

ATTRIBUTES = [
    ("who wrote DDIA?", "Martin Kleppmann / O’Reilly"),
    ("who teaches fast.ai?", "Jeremy Howard / Andrew Ng"),
    ("who is the author of the pandas book?", "Wes McKinney / Jose Portilla"),
    ("who made essence of linear algebra?", "3Blue1Brown / Khan Academy"),
    ("who is behind Zero to Hero?", "Andrej Karpathy / Udemy"),
    ("who teaches the math specialization?", "Imperial College London / Khan Academy"),
    ("who teaches week 14?", "Andrej Karpathy / Udemy"),
    ("link to the Karpathy lectures", "https://www.youtube.com/playlist?list=PLjJh1vlSEYgv3u2khHca7g0q0_zyFtx9c"),
    ("give me the url of CS224N", "http://web.stanford.edu/class/cs224n/"),
    ("where can I find the Full Stack LLM bootcamp?", "https://fullstackdeeplearning.com/"),
    ("what's the link to the capstone?", "has no link in the roadmap"),
    ("what's the link for week 9?", "https://course.fast.ai/"),
    ("what is the task of the MLOps course?", "Build pipeline with Docker, Kubernetes, MLflow, DVC"),
    ("what should I build in the week 6 checkpoint?", "Transform data, visualize, create interactive dashboard"),
    ("what does the MLOps course focus on?", "CI/CD, monitoring, versioning, cloud deployment"),
    ("what will I be able to do after fast.ai?", "Able to build and train deep models quickly"),
    ("what will I be able to do at the end of phase 4?", "Demonstrates senior-level, business-ready AI/ML skillset"),
    ("what will I know after week 2?", "Can clean, transform, and analyze complex datasets"),
    ("how difficult is Zero to Hero?", "is of difficulty **Medium-High**"),
    ("is DDIA hard?", "No: **[Designing Data-Intensive Applications]"),
    ("is the Linux refresher easy?", "Yes: **[Linux / CLI refresher]"),
    ("how hard is week 22?", "is of difficulty **High**"),
    ("how hands-on is fast.ai?", "has the hands-on focus **Very High**"),
    ("does the Hugging Face course cost anything?", "states “Free” among its pros"),
    ("is Duke's MLOps course paid?", "Yes: **[MLOps | Machine Learning Operations Specialization]"),
    ("is Zero to Hero free?", "Yes: **[Neural Networks: Zero to Hero (YouTube)]"),
    ("is the math specialization free?", "states no price: neither “Free” nor “Paid” stands in its row"),
    ("how much does the Full Stack bootcamp cost?", "states “Paid” among its cons"),
    ("what are the pros of fast.ai?", "Very hands-on"),
    ("what are the downsides of DDIA?", "Theory-heavy"),
    ("advantages and disadvantages of the RAG course", "Some prep work required"),
    ("why fast.ai?", "Best for coding-first learners"),
    ("any alternatives to Karpathy?", "Udemy: Deep Learning Bootcamp"),
    ("what can I do instead of the math specialization?", "Khan Academy: Linear Algebra & Stats"),
    ("alternatives for the capstone", "names no alternative"),
    ("what is the OpenAI Cookbook an alternative to?", "Building Advanced RAG Applications"),
    ("is the capstone mandatory?", "**Mandatory**"),
    ("is week 14 mandatory?", "that says neither “mandatory” nor “optional”"),
    ("do I have to do the Linux refresher?", "Optional but recommended"),
    ("can I skip the math specialization?", "Mandatory for ML"),
    ("who is fast.ai best for?", "Best for coding-first learners"),
    ("what role does the Coursera Deep Learning Specialization play?", "**alternative**"),
    ("is the Deep Learning Specialization supplemental?", "**supplemental**"),
    ("when do I read DDIA?", "**weeks 33–48**"),
    ("which week is fast.ai in?", "**weeks 9–12**"),
    ("when do I do the week 20 checkpoint?", "**week 20**, within weeks 17–20"),
    ("how long does the Hugging Face course take?", "**12 weeks**"),
    ("how many weeks does fast.ai take?", "**4 weeks**"),
    ("how long is phase 4?", "**16 weeks**"),
    ("what comes after fast.ai?", "Neural Networks from Scratch"),
    ("what comes before fast.ai?", "Hands-On Machine Learning"),
    ("what comes after the capstone?", "nothing comes after it"),
    ("what are the prerequisites of fast.ai?", "Requires Python & Math knowledge"),
    ("do I need Python before fast.ai?", "Requires Python & Math knowledge"),
    ("what do I need to know before the Hugging Face course?", "Requires Python & ML knowledge"),
    ("does fast.ai cover transformers?", "Train CNNs, RNNs, Transformers"),
    ("does fast.ai use PyTorch?", "Uses PyTorch"),
    ("which resource covers PCA?", "Mathematics for Machine Learning Specialization"),
    ("where do I learn CI/CD?", "CI/CD, monitoring, versioning, cloud deployment"),
    ("which resource covers pandas groupby?", "Python for Data Analysis (Book)"),
    ("where do I learn Docker?", "2 rows of the roadmap name “Docker”"),
    ("where do I learn k8s?", "Docker, Kubernetes, MLflow, DVC"),
    ("is there anything on SQL?", "Integrates SQL knowledge + Pandas + visualization"),
    ("how many weeks are there?", "**48 weeks**"),
    ("how many phases are there?", "5 phases"),
    ("how many resources are there?", "**19** rows"),
    ("how many resources are mandatory?", "**7** rows"),
    ("how many weeks is phase 2?", "**14 weeks**"),
    ("I am in week 30, how much is left?", "**18** weeks remain after week 30: weeks 31–48"),
    ("which phase is the longest?", "Phase 4 — MLOps & Production Engineering: 16 weeks"),
    ("which phase has most resources?", "7 rows (weeks 7–20)"),
    ("which phase has the fewest courses", "Phase 0 — Setup: 2 rows"),
    ("mandatory in phase 2", "Re-implement k-means or simple NN from scratch"),
    ("medium difficulty and mandatory", "3 of 19"),
    ("what is the shortest block?", "Checkpoint Project: 1 week"),
    ("what is the easiest resource?", "Linux / CLI refresher"),
    ("what is this roadmap about?", "Senior AI/ML Developer Roadmap — 48 Weeks"),
    ("list all phases", "**Phase 3 — LLM Engineering & NLP**"),
    ("who teaches the deep learning specialization?", "- **[Deep Learning Specialization (Coursera)]"),
]


@pytest.mark.parametrize(("text", "expected"), pending(ATTRIBUTES, NOT_YET, "attributes"))
def test_an_attribute_is_told_as_its_cell_states_it(text: str, expected: str, talk: Talk) -> None:
    assert expected in checked(talk.last(text)).text


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("is the capstone mandatory?", "Yes: "),
        ("is the Linux refresher mandatory?", "No: "),
        ("is the Full Stack LLM bootcamp free?", "No: "),
        ("is Zero to Hero hard?", "Fairly: "),
        ("is the Géron book easy?", "No: "),
        ("is the math specialization free?", "**[Mathematics"),
        ("who wrote DDIA?", "**[Designing"),
        ("is it worth paying for the Full Stack LLM bootcamp?", "**[Full Stack"),
        ("is week 14 mandatory?", "Neural Networks from Scratch"),
    ],
)
def test_a_yes_or_no_comes_first_where_a_cell_decides_it(text: str, begins: str, talk: Talk) -> None:
    assert talk.last(text).text.startswith(begins)


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("do I have to do the math specialization?", "Yes: the roadmap makes"),
        ("can I skip the math specialization?", "No: the roadmap makes"),
        ("must I do the Linux refresher?", "No: the roadmap calls"),
        ("may I leave out the Linux refresher?", "Yes: the roadmap calls"),
        ("do I need fast.ai?", "No, if you take"),
    ],
)
def test_a_yes_or_no_is_to_what_was_asked(text: str, begins: str, talk: Talk) -> None:
    assert talk.last(text).parts[0].text.startswith(begins)


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("fast.ai or the Coursera deep learning one?", "fast.ai Practical Deep Learning for Coders"),
        ("fast.ai or the Coursera deep learning one? I code, and I hate slides", "fast.ai Practical Deep"),
        ("Géron or Ng first?", "Hands-On Machine Learning"),
        ("the Géron book or the Andrew Ng course, I can't stand coding", "Andrew Ng Machine Learning"),
    ],
)
def test_of_a_pair_one_is_picked_first(text: str, taken: str, talk: Talk) -> None:
    first = talk.last(text).parts[0]
    assert first.voice == "suggestion"
    assert first.text.startswith(f"**[{taken}")


def test_hours_are_those_of_our_notes_since_the_roadmap_states_none(talk: Talk) -> None:
    answer = checked(talk.last("how many hours does week 14 take?"))
    (hours,) = [part for part in answer.parts if re.search(r"\d h\b", part.text)]
    assert hours.voice == "suggestion"
    assert hours.text.startswith("By our notes: ")
    assert "takes **4 weeks** (weeks 13–16)" in answer.text


def test_the_alternatives_own_author_is_not_given_to_the_row(talk: Talk) -> None:
    assert "Coursera Deep Learning Specialization is by Andrew Ng / Coursera" in talk.last("who teaches fast.ai?").text


# --- lists --------------------------------------------------------------------------------------------------------

MANDATORY = (
    "quick-python-environment-setup",
    "python-for-data-analysis",
    "mathematics-for-machine-learning-specialization",
    "build-a-data-pipeline-from-a-sql-database-and-create-dashboard",
    "re-implement-k-means-or-simple-nn-from-scratch",
    "mlops-machine-learning-operations-specialization",
    "capstone-portfolio",
)
FREE = (
    "essence-of-linear-algebra-khan-academy-statistics",
    "neural-networks-zero-to-hero",
    "hugging-face-course-cs224n",
)
PAID = ("full-stack-llm-bootcamp", "mlops-machine-learning-operations-specialization")
VERY_HANDS_ON = (
    "fast-ai-practical-deep-learning-for-coders",
    "re-implement-k-means-or-simple-nn-from-scratch",
    "hugging-face-course-cs224n",
    "full-stack-llm-bootcamp",
    "building-advanced-rag-applications-llamaindex",
    "capstone-portfolio",
)
THEORY_FIRST = ("andrew-ng-machine-learning-specialization", "coursera-deep-learning-specialization")
CHECKPOINTS = (MANDATORY[3], MANDATORY[4])


LISTS: list[tuple[str, tuple[str, ...]]] = [
    ("which resources are mandatory?", MANDATORY),
    ("list the mandatory resources in phase 1", MANDATORY[1:4]),
    ("which resources are optional?", ("linux-cli-refresher",)),
    ("which resources are free?", FREE),
    ("is there anything free in weeks 5-16?", FREE[:2]),
    ("which resources are paid?", PAID),
    ("which resources are very hands-on?", VERY_HANDS_ON),
    ("which resources in phase 2 are very hands-on?", VERY_HANDS_ON[:2]),
    ("which resources are good for theory-first learners?", THEORY_FIRST),
    ("what checkpoints are there?", CHECKPOINTS),
    ("which courses are easy?", ("quick-python-environment-setup", "linux-cli-refresher")),
    ("which resources are alternatives?", THEORY_FIRST),
    ("is anything paid in phase 1?", ()),
    ("which resource is by Martin Kleppmann?", ("designing-data-intensive-applications",)),
    ("which free resources are in phase 3?", FREE[2:]),
    ("which resources are time-consuming?", (MANDATORY[3], "capstone-portfolio")),
    ("which courses are less interactive?", ("python-for-data-analysis",)),
    ("which rows have an alternative on LinkedIn Learning?", (FREE[0], "designing-data-intensive-applications")),
    ("whats free in the roadmap", FREE),
    ("what do i have to pay for on this roadmap?", PAID),
]


@pytest.mark.parametrize(("text", "ids"), pending(LISTS, NOT_YET, "lists"))
def test_a_list_holds_exactly_the_rows_whose_cells_say_so(text: str, ids: tuple[str, ...], talk: Talk) -> None:
    assert checked(talk.last(text)).resources == ids


def test_an_author_or_platform_lists_every_row_that_names_it(talk: Talk) -> None:
    by_ng = talk.last("anything by Andrew Ng?").resources
    assert {"andrew-ng-machine-learning-specialization", "deep-learning-specialization"} < set(by_ng)
    assert len(talk.last("what is on Coursera?").resources) == 7


def test_a_platform_that_only_alternatives_name_is_found_among_them(talk: Talk) -> None:
    found = checked(talk.last("Which LinkedIn Learning courses are mentioned?"))
    assert found.resources == (
        "essence-of-linear-algebra-khan-academy-statistics",
        "designing-data-intensive-applications",
    )
    assert "among their alternatives" in found.text


def test_a_list_without_rows_says_so_in_a_sentence_that_can_be_read(talk: Talk) -> None:
    assert checked(talk.last("list the paid books")).text.startswith("Rows stated to be paid and that are books: none.")


def test_whether_a_row_is_by_somebody_is_told_by_who_it_is_by(talk: Talk) -> None:
    assert "Duke University / Coursera" in checked(talk.last("Is the MLOps specialization from Stanford?")).text


@pytest.mark.xfail(strict=True, reason="not understood yet")
def test_every_part_of_a_question_about_a_row_is_answered(talk: Talk) -> None:
    parts = checked(talk.last("What is the hands-on level of fast.ai, who teaches it and when do I do it?")).text
    assert "Very High" in parts
    assert "Jeremy Howard" in parts
    assert "weeks 9–12**, phase 2" in parts
    assert "author" not in checked(talk.last("What is the hands-on level of fast.ai?")).text
    assert checked(talk.last("what are the pros and the cons of fast.ai?")).text.count("cons") == 1


@pytest.mark.parametrize(
    "text",
    pending(["does the roadmap cover reinforcement learning?", "where do I learn Rust?"], NOT_YET, "no_cell"),
)
def test_a_subject_that_no_cell_names_is_left_to_the_pages(text: str, talk: Talk) -> None:
    answer = talk.last(text)
    assert talk.sought or [choice.capability for choice in answer.choices][-1:] == ["concept"]
    assert "roadmap" not in {part.voice for part in answer.parts}
    assert answer.resources == ()


def test_two_resources_are_compared_in_a_table(talk: Talk) -> None:
    answer = checked(talk.last("fast.ai or the Coursera specialization?"))
    assert answer.resources == ("fast-ai-practical-deep-learning-for-coders", "coursera-deep-learning-specialization")
    assert "| Recommendation | Best for coding-first learners" in answer.text
    widths = {len(re.findall(r"(?<!\\)\|", line)) for line in answer.text.splitlines() if line.startswith("|")}
    assert len(widths) == 1


def test_a_bar_in_a_title_does_not_break_the_table(talk: Talk) -> None:
    text = checked(talk.last("DDIA vs Duke MLOps")).text
    widths = {len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines() if line.startswith("|")}
    assert len(widths) == 1


def test_an_ambiguous_name_gets_every_row_that_it_may_mean(talk: Talk) -> None:
    answer = checked(talk.last("deep learning specialization"))
    assert answer.resources == ("coursera-deep-learning-specialization", "deep-learning-specialization")
    assert answer.weeks is None


# --- all of it ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("resource", ROADMAP.resources, ids=lambda r: r.id)
def test_every_row_is_found_by_its_title_and_told_with_all_its_links(resource: Resource, talk: Talk) -> None:
    row = resource
    answer = checked(talk.last(f"tell me about {row.title}"))
    assert row.id in answer.resources
    assert all(link.url in answer.text for link in row.links)
    assert all(text in answer.text for text in (row.task, row.focus, row.outcome, row.recommendation))
    (whole,) = answer.choices
    assert whole.label == "The whole row"
    told = checked(talk.last(whole.message)).text
    assert all(text in told for text in (row.task, row.outcome, *row.pros, *row.cons, row.difficulty, row.hands_on))


@pytest.mark.parametrize("number", range(5))
def test_every_phase_names_its_blocks_and_rows(number: int, talk: Talk) -> None:
    phase = ROADMAP.phase(number)
    assert phase
    answer = checked(talk.last(f"phase {number}"))
    assert answer.weeks == phase.weeks
    assert list(answer.resources) == [r.id for r in phase.resources]


def test_every_number_of_an_answer_stands_in_the_roadmap_or_counts_its_rows(talk: Talk) -> None:
    counts = {len(ROADMAP.resources), len(ROADMAP.phases)}
    known = {int(n) for n in re.findall(r"\d+", SOURCE)} | counts | set(range(49))
    for week in range(49):
        parts = [part.text for part in talk.last(f"week {week}").parts if "by our split" not in part.text]
        text = re.sub(r"\[\d+\]|\(http[^)]*\)", "", "\n".join(parts))
        assert {int(n) for n in re.findall(r"(?<![\w-])\d+(?![\w-])", text)} <= known


@pytest.mark.parametrize("week", [None, *range(49), 60])
def test_the_suggested_questions_are_all_answered(week: int | None, talk: Talk) -> None:
    found = suggested_questions(ROADMAP, week)
    assert len(set(found)) == 6
    for text in found:
        assert not checked(talk.last(text, week=week), "note").abstained


def test_where_the_pages_hold_nothing_the_place_named_can_still_be_told() -> None:
    answer = place_from_roadmap(asked("yo whats cookin for week 14"), ROADMAP)
    assert answer is not None
    assert answer.weeks == Weeks(13, 16)
    assert place_from_roadmap(asked("what is overfitting?"), ROADMAP) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("do I need a GPU for week 14", "Neural Networks: Zero to Hero (YouTube)](https"),
        ("isn't week 9 about MLOps?", "is in weeks 33–48."),
        ("how does fast.ai explain embeddings", "is in weeks 9–12."),
    ],
)
def test_what_the_pages_are_asked_about_a_week_or_a_row_begins_with_its_place(text: str, line: str) -> None:
    place = place_of(asked(text), ROADMAP)
    assert place
    assert line in checked(place).text


def test_a_question_that_names_no_place_or_a_whole_phase_has_no_such_line() -> None:
    assert place_of(asked("what is overfitting?"), ROADMAP) is None
    assert place_of(asked("do I need a GPU in phase 2"), ROADMAP) is None
