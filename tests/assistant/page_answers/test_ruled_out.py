"""What a question rules out as a means is not what it is answered with."""

from __future__ import annotations

import pytest

from assistant.page_answers.ruled_out import RuledOut, read_ruled_out, without
from assistant.retrieval.retriever import Hits
from tests.assistant.page_answers.test_answer import passage


@pytest.mark.parametrize(
    ("question", "what", "rest"),
    [
        ("how to plot without matplotlib?", "matplotlib", "how to plot?"),
        ("how can I fine-tune without LoRA?", "LoRA", "how can I fine-tune?"),
        ("how do I read a CSV file not using pandas", "pandas", "how do I read a CSV file"),
        ("which libraries other than matplotlib can plot?", "matplotlib", "which libraries can plot?"),
        ("Can I train a network without a GPU in week 9?", "GPU", "Can I train a network in week 9?"),
        ("how to group rows instead of using groupby?", "groupby", "how to group rows?"),
        ("regularization methods except dropout", "dropout", "regularization methods"),
        ("vector stores except Chroma and FAISS", "Chroma and FAISS", "vector stores"),
        ("activation functions, anything but sigmoid", "sigmoid", "activation functions,"),
        ("loading data not using read_csv", "read_csv", "loading data"),
        ("ways to deploy a model, no Docker", "Docker", "ways to deploy a model,"),
        ("build a web demo, not with Streamlit", "Streamlit", "build a web demo,"),
        ("how to merge tables, no joins please", "joins", "how to merge tables, please"),
    ],
)
def test_what_is_ruled_out_is_taken_out_of_what_is_searched_for(question: str, what: str, rest: str) -> None:
    assert read_ruled_out(question) == RuledOut(what, rest)


@pytest.mark.parametrize(
    "question",
    [
        "what happens without an activation function?",
        "why does it fail without scaling?",
        "how to use pandas",
        "without?",
        "besides, how do I plot?",
        "why use Adam rather than SGD?",
        "how to save the model",
        "learning without labels",
    ],
)
def test_a_question_about_the_lack_itself_rules_out_nothing(question: str) -> None:
    assert read_ruled_out(question) is None


def test_what_uses_it_is_left_out_and_what_does_without_it_stays() -> None:
    out = RuledOut("matplotlib", "how to plot?")
    pages = (
        passage(("paragraph", "Plot with matplotlib.")),
        passage(("paragraph", "You can plot without matplotlib: plotly draws in the browser.")),
        passage(("code", "import matplotlib.pyplot as plt")),
        passage(("code", "fig, ax = plt.subplots()")),
        passage(("paragraph", "It draws lines."), title="Matplotlib for beginners"),
    )
    kept = without(Hits(pages, (0, 1, 2, 3, 4), (), None), out)
    assert [p.text for p in kept.passages] == [pages[1].text]
    assert kept.rows == (1,)


def test_of_a_list_the_items_that_do_without_stay() -> None:
    page = passage(
        ("paragraph", "Three libraries draw."), ("list", "- matplotlib draws.\n- plotly draws.\n- altair draws.")
    )
    kept = without(Hits((page,), (0,), (), None), RuledOut("matplotlib", "which libraries draw?")).passages[0]
    assert [kept.text[a:b].strip() for kind, a, b in kept.spans if kind == "list"] == [
        "- plotly draws.",
        "- altair draws.",
    ]


@pytest.mark.parametrize(
    ("text", "is_used"),
    [
        ("Dropout is not only for images.", True),
        ("Dropout switches units off; there is no free lunch.", True),
        ("This works without any dropout.", False),
        ("Dropout is not needed here.", False),
        ("Weights decay, unlike with dropout.", False),
    ],
)
def test_only_what_is_said_to_do_without_it_does_without(text: str, is_used: bool) -> None:
    assert RuledOut("dropout", "").names(text) is is_used


def test_of_prose_the_other_sentences_stay_and_of_a_section_on_it_nothing() -> None:
    page = passage(
        ("paragraph", "Weight decay shrinks weights. Dropout switches units off. It does so at random. Stop early."),
        ("heading", "Dropout in practice"),
        ("paragraph", "Choose a rate."),
    )
    kept = without(Hits((page,), (0,), (), None), RuledOut("dropout", "methods")).passages[0]
    assert [kept.text[a:b].strip() for _, a, b in kept.spans] == ["Weight decay shrinks weights.", "Stop early."]
