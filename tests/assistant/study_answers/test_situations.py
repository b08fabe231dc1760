"""Workload, money, hardware, goals and backgrounds: the direct answer first, every `[n]` with its source."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date
from typing import Any

import pytest

from assistant.answers import Part
from assistant.recommendation.curriculum import Slot, load_rules, slots_of
from assistant.recommendation.progress import InputError
from assistant.roadmap_answers.citations import Sheet
from assistant.study.plan import make_plan
from assistant.study_answers import situations
from assistant.study_answers.goals import Goal, backgrounds_of, goal_of, load_backgrounds, load_goals
from assistant.study_answers.situations import (
    GPU,
    SHORTER,
    background_parts,
    budget_parts,
    goal_parts,
    hardware_parts,
    workload_parts,
)
from corpus.notes import NOTES_FOLDER, Notes, load_notes
from corpus.reader import ROADMAP_FILE, read_roadmap
from corpus.roadmap import Roadmap
from tests.answer_fixtures import Talk

TODAY = date(2027, 1, 4)
LONGEST = 1060
"""Characters of an answer without its addresses."""

LONGEST_BUDGET = 1180
"""Money names every row of the roadmap."""

CHECKPOINT = "build-a-data-pipeline-from-a-sql-database-and-create-dashboard"
NOTES = load_notes()
ROADMAP = read_roadmap()
WORKLOADS = (None, 0.5, 2, 5.5, 8, 10, 18.5, 19, 20, 40, 100)
MONEY = (None, 0, -5, 1, 30, 50, 200.0, 1000, 1234.5)
MACHINES = (
    ("is my old laptop enough?", "Yes: an ordinary laptop is enough for weeks 0–8, 17–20 and 33–48; for weeks 9–16"),
    ("my notebook is from 2014, will it do", "Yes: an ordinary laptop"),
    ("Will my ten-year-old ThinkPad hold?", "Yes: an ordinary laptop"),
    ("what kind of computer do I need", "An ordinary laptop is enough for weeks"),
    ("minimum specs?", "An ordinary laptop"),
    ("must I buy a new machine before week 9", "No: an ordinary laptop"),
    ("is my PC too weak for this?", "No: an ordinary laptop"),
    ("can I do everything without a GPU", "Yes: it works without a GPU of your own"),
    ("is an RTX 3060 with 12 GB enough", "Yes: it works without a GPU of your own"),
    ("i have an AMD card instead of nvidia, ok?", "Yes: it works without a GPU"),
    ("do I need a GPU", "No: you need no GPU of your own; for weeks 9–16 and 21–32"),
    ("should i buy a graphics card", "No: you need no GPU"),
    ("no gpu here, am I screwed", "No: you need no GPU"),
    ("which weeks need a GPU?", "In weeks 9–16 and 21–32 a GPU helps"),
    ("what graphics card would be best", "In weeks 9–16 and 21–32 a GPU helps"),
    ("can I do it on an iPad", "No, not with a tablet or phone alone"),
    ("I only have my phone", "No, not with a tablet"),
    ("is an Android tablet with a keyboard enough", "No, not with a tablet"),
    ("chromebook ok?", "Yes, mostly: with its Linux environment"),
    ("my work laptop is locked down, I can’t install anything", "Only in part: reading and notebooks"),
    ("there are only public computers", "Only in part: reading"),
    ("would a raspberry pi do", "Only in part: it does for Python"),
    ("how much memory do I need", "8 GB of memory are enough and 16 GB comfortable"),
    ("4 GB of RAM, hopeless?", "Partly: 4 GB are tight"),
    ("is 8gb ram enough", "Yes: 8 GB are enough"),
    ("MacBook Air M1 with 16 gigs?", "Yes: 16 GB are enough by our own estimate; the roadmap names no"),
    ("how much disk space should I keep free", "A few gigabytes of free disk are enough"),
    ("does it work on Windows", "Yes: Windows will do"),
    ("is a Mac trouble for this?", "No: a Mac will do"),
    ("does it run on ubuntu", "Yes: Linux suits best"),
    ("windows or mac?", "Windows will do, 10 or newer; install WSL 2 for the command line and the later weeks. A Mac"),
    ("is windows fine or must it be linux", "Windows will do"),
)  # fmt: skip
GOALS = (
    ("I want to build a chatbot over our documents, which parts matter", "document-bot"),
    ("a bot that answers from my PDFs", "document-bot"),
    ("search through 20 years of contracts", "document-bot"),
    ("we need an assistant that knows our company wiki", "document-bot"),
    ("what do I need for RAG", "document-bot"),
    ("I want to become a data analyst", "data-analyst"),
    ("business intelligence job at a bank", "data-analyst"),
    ("LLM engineer interview in three months", "interview-llm"),
    ("interview for an LLM position", "interview-llm"),
    ("work as LLM engineer", "llm-engineer"),
    ("I want to be a prompt engineer", "llm-engineer"),
    ("NLP engineer when I grow up", "llm-engineer"),
    ("MLOps engineer", "mlops-engineer"),
    ("i just want to deploy models at work", "mlops-engineer"),
    ("put models into production", "mlops-engineer"),
    ("my target is a Kaggle medal", "kaggle"),
    ("computer vision on drones", "computer-vision"),
    ("an app that recognises plant diseases", "computer-vision"),
    ("aiming at a data scientist job", "data-scientist"),
    ("data scientist, not ML engineer", "data-scientist"),
    ("ML engineer is my aim", "ml-engineer"),
    ("data analyst now, ML engineer in two years", "ml-engineer"),
    ("from analyst to machine learning engineer", "ml-engineer"),
    ("how do I get to senior", "senior"),
    ("I want to be promoted", "senior"),
    ("build an AI product for my start-up", "language-app"),
    ("automate the e-mails at the office with a language model", "language-app"),
    ("AI product manager", "ai-manager"),
    ("I only want to understand what my developers talk about", "ai-manager"),
    ("fine-tune a model in my own language", "fine-tuning"),
    ("finetuning open models with LoRA", "fine-tuning"),
    ("I want to read papers without crying", "read-papers"),
    ("PhD in machine learning", "read-papers"),
    ("building dashboards for our warehouse", "dashboard"),
    ("automate reports with pandas", "dashboard"),
    ("sentiment analysis of reviews", "texts"),
    ("I want to do NLP on support tickets", "texts"),
    ("I want to create an AI SaaS", "language-app"),
    ("something like ChatGPT for our HR policies", "document-bot"),
    ("I want a job in AI", "ml-engineer"),
    ("an agent that books tables", "agents"),
    ("make my own little GPT", "own-gpt"),
    ("a recommender for our web shop", "recommender"),
    ("predict sales for my bakery", "predictions"),
    ("fraud detection at our bank", "predictions"),
    ("a job as data engineer", "data-engineer"),
    ("pass a machine learning interview", "interview-ml"),
    ("what do recruiters care about", "portfolio"),
)
NO_GOALS = ("", "what should I do next", "I want to cook well", "how long does it take", "which parts matter most")
BACKGROUNDS = (
    ("I have never coded", ("never-coded",), "quick-python-environment-setup"),
    ("never wrote a line of code in my life", ("never-coded",), "quick-python-environment-setup"),
    ("I can't program at all", ("never-coded",), "quick-python-environment-setup"),
    ("a maths degree but no programming", ("never-coded", "mathematician"), "quick-python-environment-setup"),
    ("total beginner in programming", ("never-coded",), "quick-python-environment-setup"),
    ("no prior experience with coding", ("never-coded",), "quick-python-environment-setup"),
    ("I studied computer science", ("developer",), "python-for-data-analysis"),
    ("I've built chatbots with LangChain", ("llm-apps",), "python-for-data-analysis"),
    ("I am a Python developer", ("python",), "python-for-data-analysis"),
    ("i know python well", ("python",), "python-for-data-analysis"),
    ("I know python but no maths", ("python",), "python-for-data-analysis"),
    ("data analyst with SQL and Excel", ("data-analyst",), "quick-python-environment-setup"),
    ("I do SQL all day", ("data-analyst",), "quick-python-environment-setup"),
    ("I'm an accountant, excel is my second home", ("spreadsheets",), "quick-python-environment-setup"),
    ("as a backend dev, which weeks are new to me?", ("backend",), "python-for-data-analysis"),
    ("I come from Java", ("developer",), "python-for-data-analysis"),
    ("i've been a web developer for ten years", ("developer",), "python-for-data-analysis"),
    ("I'm a mathematician", ("mathematician",), "quick-python-environment-setup"),
    ("PhD in physics", ("mathematician",), "quick-python-environment-setup"),
    ("statistician here", ("mathematician",), "quick-python-environment-setup"),
    ("I know linear algebra and statistics", ("mathematician",), "quick-python-environment-setup"),
    ("a physicist who knows Python", ("python", "mathematician"), "python-for-data-analysis"),
    ("I know pandas", ("pandas",), "mathematics-for-machine-learning-specialization"),
    ("I know pandas and sql", ("pandas", "data-analyst"), "mathematics-for-machine-learning-specialization"),
    ("I know pandas and linear algebra", ("pandas", "mathematician"), CHECKPOINT),
    ("I know docker, linux and git", ("operations",), "python-for-data-analysis"),
    ("devops person here", ("operations",), "python-for-data-analysis"),
    ("I know Docker but have never used pandas", ("operations",), "python-for-data-analysis"),
    ("I have done an ML course", ("ml-course",), "fast-ai-practical-deep-learning-for-coders"),
    ("did Andrew Ng years ago", ("ml-course",), "fast-ai-practical-deep-learning-for-coders"),
    ("I train models already", ("trains-models",), "fast-ai-practical-deep-learning-for-coders"),
    ("experienced data scientist", ("trains-models",), "fast-ai-practical-deep-learning-for-coders"),
    ("I've used scikit-learn quite a bit", ("trains-models",), "fast-ai-practical-deep-learning-for-coders"),
    ("I know PyTorch", ("deep-learning",), "neural-networks-zero-to-hero"),
    ("I have worked with Hugging Face", ("nlp",), "full-stack-llm-bootcamp"),
    ("I know R and matlab", ("other-language",), "quick-python-environment-setup"),
)  # fmt: skip
NO_BACKGROUNDS = (
    "", "where do I start", "first step", "total beginner", "new here", "python or maths first?",
    "where do I start with python", "I want to learn docker, where should I begin", "how do I begin with deep learning",
    "should it be pandas?", "i have forgotten all school math", "do I begin with maths or python, I have neither",
)  # fmt: skip


# --- how long -------------------------------------------------------------------------------------------------------


def test_how_long_the_roadmap_takes_begins_with_its_weeks_and_reckons_with_the_plan() -> None:
    parts, sheet = told(workload_parts, hours=None, today=TODAY)
    text = joined(parts)
    plan = make_plan(ROADMAP, NOTES, TODAY, 8)
    assert text.startswith("**48 weeks** by the roadmap")
    assert parts[0].voice == "roadmap"
    assert sheet.citations[0].quote == ROADMAP.title
    assert "about 840 study hours" in text
    assert "48 weeks would need about 19 h a week" in text
    assert f"at 8 h a week it is {len(plan.weeks)} weeks, until {plan.ends}" in text
    assert "a typical week has 16–22 h" in text


@pytest.mark.parametrize(
    ("hours", "verdict"), [(2, "No"), (10, "No"), (18.5, "No"), (19, "Yes"), (20, "Yes"), (40, "Yes")]
)
def test_whether_a_pace_is_enough_is_what_the_plan_says(hours: float, verdict: str) -> None:
    parts, sheet = told(workload_parts, hours=hours, today=TODAY)
    plan = make_plan(ROADMAP, NOTES, TODAY, hours)
    assert joined(parts).startswith(
        f"{verdict}: at {hours:g} h a week it takes **{len(plan.weeks)} weeks**, until {plan.ends}"
    )
    assert (len(plan.weeks) <= len(ROADMAP.weeks)) is (verdict == "Yes")
    assert any(id in {c.resource for c in sheet.citations} for id, _, _ in SHORTER) is (verdict == "No")


def test_the_hours_of_the_phases_add_up_to_the_study_hours() -> None:
    text = joined(told(workload_parts, hours=None, today=TODAY)[0])
    hours = sum(float(found) for found in re.findall(r"\]: about ([\d.]+) h", text))
    assert round(hours, -1) == 840


def test_impossible_hours_are_refused_as_a_plan_refuses_them() -> None:
    with pytest.raises(InputError):
        told(workload_parts, hours=200, today=TODAY)


# --- money ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("money", [None, 0, -1])
def test_without_money_it_is_told_what_is_free_and_what_is_left_out(money: float | None) -> None:
    parts, sheet = told(budget_parts, money=money)
    text = joined(parts)
    assert text.startswith("Yes: 14 of the roadmap's 17 steps can be done without paying.")
    assert "fast.ai Practical Deep Learning for Coders [3] instead of Coursera Deep Learning" in text
    left = text[text.index("Left out") :]
    assert all(name in left for name in ("Deep Learning Specialization", "Designing Data-Intensive", "MLOps"))
    assert "fast.ai" not in left
    assert "Full Stack LLM Bootcamp [7] (“Paid” by the roadmap" in text
    assert {c.quote for c in sheet.citations} >= {"Paid", "Free", "Free video", "Mandatory for production-ready ML"}


def test_every_free_way_of_the_curriculum_is_told() -> None:
    text = joined(told(budget_parts, money=None)[0])
    assert [way.url for way in load_rules().free_ways if way.url not in text] == []


@pytest.mark.parametrize("money", [1, 50, 1234.5])
def test_money_goes_first_to_what_is_mandatory_and_has_no_free_way(money: float) -> None:
    parts, _ = told(budget_parts, money=money)
    text = joined(parts)
    assert text.startswith("First on **MLOps** [1]: the roadmap says “Mandatory for production-ready ML”")
    assert (
        text.index("Designing Data-Intensive") < text.index("Deep Learning Specialization") < text.index("Not needed")
    )
    assert "gives no amounts" in text
    assert f"Whether your {money:g} is enough cannot be said" in text


@pytest.mark.parametrize("money", MONEY)
def test_no_price_is_invented(money: float | None) -> None:
    text = joined(told(budget_parts, money=money)[0])
    assert not re.search(r"[$€£]|\b(?:euros?|dollars?|usd|eur)\b", text.lower())


# --- hardware -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "first"), MACHINES)
def test_the_computer_that_is_named_gets_the_direct_answer(text: str, first: str) -> None:
    parts, sheet = told(hardware_parts, text=text)
    assert parts[0].text.startswith(first)
    assert parts[0].voice == "suggestion"
    assert "Install Python 3.10+, Conda/venv, VS Code, Git, Docker, Jupyter/Colab" in {c.quote for c in sheet.citations}


def test_the_rows_where_a_gpu_helps_are_in_the_roadmap_and_say_so() -> None:
    assert [said.resource for said in GPU if ROADMAP.resource(said.resource) is None] == []
    assert [said.resource for said in GPU if said.quote not in note_text(said.resource)] == []
    assert all("GPU" in said.quote for said in GPU)


@pytest.mark.parametrize(
    ("ids", "first"),
    [
        (["capstone-portfolio"], "No: an ordinary laptop without a GPU is enough for Capstone & Portfolio [1]."),
        (
            ["hugging-face-course-cs224n"],
            "No: an ordinary laptop with a free GPU in the browser (Colab, Kaggle) is enough",
        ),
    ],
)
def test_a_row_that_is_named_gets_its_own_answer(ids: list[str], first: str) -> None:
    parts, sheet = told(hardware_parts, text="does it need a GPU", resources=ids)
    assert parts[0].text.startswith(first)
    assert {c.resource for c in sheet.citations} == {*ids, "quick-python-environment-setup"}


# --- a goal ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "id"), GOALS)
def test_a_goal_is_found_and_its_parts_come_first(text: str, id: str) -> None:
    goal = goal_of(text.split())
    assert goal is not None
    assert goal.id == id
    parts, sheet = told(goal_parts, words=text.split())
    assert parts[0].text.startswith(f"For {goal.name} the parts that matter are week")
    assert [c.resource for c in sheet.citations][: len(goal.first)] == list(goal.first)
    assert parts[0].text.index(goal.why) < parts[0].text.index("- May wait")


def test_for_a_chatbot_the_rag_course_is_named_first() -> None:
    text = joined(told(goal_parts, words="a chatbot over our documents".split())[0])
    assert text.startswith(
        "For a bot that answers from documents the parts that matter are weeks 21–32: "
        "**Building Advanced RAG Applications** [1] first"
    )


@pytest.mark.parametrize("text", NO_GOALS)
def test_without_a_goal_nothing_is_said(text: str) -> None:
    assert goal_of(text.split()) is None
    assert told(goal_parts, words=text.split()) == ([], Sheet(ROADMAP))


def test_what_is_done_is_marked_and_comes_last() -> None:
    done = {"building-advanced-rag-applications-llamaindex", "python-for-data-analysis", "deep-learning-specialization"}
    text = joined(told(goal_parts, words=["chatbot"], done=done)[0])
    assert text.index("**Full Stack LLM Bootcamp**") < text.index("**Building Advanced RAG Applications** (done)")
    assert "Python for Data Analysis (done)" in text
    assert "Coursera Deep Learning (done)" in text  # the one course stands in two rows, and closes the pair
    assert "Deep Learning Specialization" not in text[text.index("May wait") :]


def test_a_pair_of_which_one_is_done_is_done() -> None:
    done = {"hands-on-machine-learning-with-scikit-learn-keras-tensorflow"}
    text = joined(told(goal_parts, words="ai product manager".split(), done=done)[0])
    assert "**Andrew Ng Machine Learning** (done)" in text


@pytest.mark.parametrize("goal", load_goals(), ids=lambda goal: goal.id)
def test_the_table_of_goals_names_rows_and_lets_nothing_wait_that_is_needed(goal: Goal) -> None:
    assert [id for id in (*goal.first, *goal.later) if ROADMAP.resource(id) is None] == []
    assert set(goal.first) & set(goal.later) == set()
    assert needed_by(goal.first) & set(goal.later) == set()
    assert goal.why.endswith(".")


# --- what one knows already -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "ids", "begin"), BACKGROUNDS)
def test_a_background_says_where_to_begin(text: str, ids: tuple[str, ...], begin: str) -> None:
    assert tuple(b.id for b in backgrounds_of(text.split())) == ids
    parts, sheet = told(background_parts, words=text.split())
    row = ROADMAP.resource(begin)
    assert row is not None
    assert parts[0].text.startswith(f"Begin with {row.weeks}: **")
    assert sheet.citations[0].resource == begin
    assert f"**[{first_unit(begin)[0]}]" in parts[0].text


def test_for_who_never_coded_week_0_is_said_to_teach_no_language() -> None:
    text = joined(told(background_parts, words="I have never programmed".split())[0])
    assert "Week 0 sets up tools and does not teach the language: learn the basics of Python first or alongside" in text


@pytest.mark.parametrize("text", NO_BACKGROUNDS)
def test_without_a_background_it_begins_with_the_first_unit_of_week_0(text: str) -> None:
    parts, sheet = told(background_parts, words=text.split())
    title, hours, url = first_unit("quick-python-environment-setup")
    assert backgrounds_of(text.split()) == ()
    assert parts[0].text.startswith("Begin with week 0: **Quick Python & environment setup** [1].")
    assert f"**[{title}]({url})** (about {hours:g} h)" in parts[0].text
    assert "New to you" not in parts[0].text
    assert {c.resource for c in sheet.citations} == {"quick-python-environment-setup"}


def test_what_is_known_is_marked_skimmed_or_mandatory_all_the_same() -> None:
    text = joined(told(background_parts, words="I have done an ML course".split())[0])
    assert re.search(r"- Mark as done: Andrew Ng Machine Learning \[", text)
    assert re.search(r"- Go through quickly: .*Python for Data Analysis \[", text)
    assert re.search(r"- Mandatory all the same: Build a data pipeline", text)
    assert "- New to you: weeks 9–48" in text


def test_what_is_done_without_a_background_is_gone_on_from() -> None:
    done = {"fast-ai-practical-deep-learning-for-coders"}
    text = joined(told(background_parts, words=["start"], done=done)[0])
    assert text.startswith("Begin with weeks 13–16: **Neural Networks: Zero to Hero** [1]. It comes next")
    assert told(background_parts, words=["start"], done={r.id for r in ROADMAP.resources})[0] == []


@pytest.mark.parametrize("background", load_backgrounds(), ids=lambda background: background.id)
def test_the_table_of_backgrounds_names_rows_and_words_of_notes(background: situations.Background) -> None:
    ids = (background.begin, *background.done, *background.skim)
    assert [id for id in ids if ROADMAP.resource(id) is None] == []
    assert background.begin not in (*background.done, *background.skim)
    assert not background.quote or background.quote in note_text(background.source)


# --- what holds for all of them -------------------------------------------------------------------------------------

ANSWERS: list[tuple[Callable[..., list[Part]], dict[str, Any]]] = [
    *((workload_parts, {"hours": hours, "today": TODAY}) for hours in WORKLOADS),
    *((budget_parts, {"money": money}) for money in MONEY),
    *((hardware_parts, {"text": text}) for text, _ in MACHINES),
    *((hardware_parts, {"text": "enough?", "resources": [row.id]}) for row in ROADMAP.resources),
    *((goal_parts, {"words": text.split()}) for text, _ in GOALS),
    *((goal_parts, {"words": ["senior"], "done": [row.id]}) for row in ROADMAP.resources),
    *((background_parts, {"words": text.split()}) for text, _, _ in BACKGROUNDS),
    *((background_parts, {"words": text.split()}) for text in NO_BACKGROUNDS),
    *((background_parts, {"words": [], "done": [row.id]}) for row in ROADMAP.resources),
]


@pytest.mark.parametrize(("answer", "asked"), ANSWERS)
def test_every_mark_has_its_source_and_every_quote_stands_verbatim(
    answer: Callable[..., list[Part]], asked: dict[str, Any]
) -> None:
    parts, sheet = told(answer, **asked)
    text = joined(parts)
    assert {int(n) for n in re.findall(r"\[(\d+)\]", text)} == {c.n for c in sheet.citations}
    assert [c.n for c in sheet.citations] == list(range(1, len(sheet.citations) + 1))
    for c in sheet.citations:
        source = ROADMAP_FILE.read_text(encoding="utf-8") if c.kind == "roadmap" else note_text(c.resource)
        assert c.quote
        assert c.quote in source
    assert all(part.text == part.text.strip() and "  " not in part.text for part in parts)
    assert "{" not in text
    assert len(seen(text)) <= (LONGEST_BUDGET if answer is budget_parts else LONGEST)


@pytest.mark.parametrize(("answer", "asked"), ANSWERS[::7])
def test_without_notes_and_without_rows_nothing_breaks(
    answer: Callable[..., list[Part]], asked: dict[str, Any]
) -> None:
    bare, sheet = told(answer, notes=Notes(), **asked)
    assert {int(n) for n in re.findall(r"\[(\d+)\]", joined(bare))} == {c.n for c in sheet.citations}
    assert all(c.kind == "roadmap" for c in sheet.citations)
    small = Roadmap(ROADMAP.title, ROADMAP.phases[:2], ())
    parts, sheet = told(answer, roadmap=small, **asked)
    assert {int(n) for n in re.findall(r"\[(\d+)\]", joined(parts))} == {c.n for c in sheet.citations}


# --- helpers --------------------------------------------------------------------------------------------------------


def told(
    answer: Callable[..., list[Part]], *, roadmap: Roadmap = ROADMAP, notes: Notes = NOTES, **asked: Any
) -> tuple[list[Part], Sheet]:
    """The parts of an answer, and the sheet with their sources."""
    sheet = Sheet(roadmap)
    return answer(roadmap, notes, sheet, **asked), sheet


def joined(parts: Collection[Part]) -> str:
    return "\n\n".join(part.text for part in parts)


def seen(text: str) -> str:
    """What a reader sees of it: no addresses, no marks of emphasis."""
    return re.sub(r"\]\(https?:[^)]*\)|\*\*", "", text)


def note_text(resource: str) -> str:
    return (NOTES_FOLDER / f"{resource}.md").read_text(encoding="utf-8")


def first_unit(resource: str) -> tuple[str, float, str]:
    unit = NOTES.units(resource)[0]
    return unit.title, unit.hours, unit.url


def needed_by(ids: Collection[str]) -> set[str]:
    """Everything that the resources need by curriculum.toml, and what that needs in turn; of a pair both."""
    slots = slots_of(ROADMAP)
    found = set(ids)
    while more := with_pairs(slots, first_of(found)) - found:
        found |= more
    return found


def first_of(ids: Collection[str]) -> set[str]:
    return {first for need in load_rules().needs if need.resource in ids for first in need.first}


def with_pairs(slots: Collection[Slot], ids: Collection[str]) -> set[str]:
    return {slot.members[0].id for slot in slots if slot.ids & set(ids)}


def test_a_claim_gets_no_yes(talk: Talk) -> None:
    answer = talk.last("my laptop has no GPU, so I need colab for everything, right?")
    assert not answer.text.startswith("**Our suggestion:** Yes: ")
