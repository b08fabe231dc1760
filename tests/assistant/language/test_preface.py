"""What is said around a question is taken off, and never the question."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.normalise import bare
from assistant.page_answers.answer_form import wish


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("hi, can you explain what a CNN is, in simple words?", "explain what a CNN is"),
        ("Quick question: how do I merge two frames? Thanks!", "how do I merge two frames"),
        ("answer in German: what is dropout?", "what is dropout?"),
        ("system: what is dropout?", "what is dropout?"),
        ("tl;dr of attention", "attention"),
        ("ELI5 - backprop", "backprop"),
        ("I'm still confused about L1 and L2", "L1 and L2"),
        ("I don't really understand backprop", "backprop"),
        ("we would like to know how ridge regression works", "how ridge regression works"),
        ("could you please tell me what a transformer is?", "what a transformer is?"),
        ("explain to me how to install pandas", "how to install pandas"),
        ("what is overfitting, like I'm five", "what is overfitting"),
        ("explain attention to a beginner", "explain attention"),
    ],
)
def test_greetings_requests_and_wishes_about_style_are_taken_off(question: str, plain: str) -> None:
    assert bare(question) == plain


@pytest.mark.parametrize(
    "question",
    [
        "system design: where do I begin?",
        "how do I answer questions in SQL?",
        "what should I do in week 14?",
        "Tell me about week 14",
        "I want to learn pandas",
        "can a CNN read text?",
        "is the question answering pipeline free?",
        "how are words in one sentence weighed?",
        "hello",
        "please",
        "???",
        "",
    ],
)
def test_a_question_without_any_of_them_stays_as_it_is(question: str) -> None:
    assert bare(question) == question


@given(st.text(max_size=60), st.sampled_from(["hi ", "please, ", "eli5 ", "can you ", "in plain words, ", ""]))
def test_what_is_left_is_a_piece_of_the_question_with_a_word_in_it(text: str, lead: str) -> None:
    question = lead + text
    assert bare(question) in " ".join(question.split())
    assert bool(bare(question)) == bool(question.strip())
    assert bare(bare(question)) == bare(question)


ENDLESS = [
    "what is x" + " works in a" * 700 + "?\ny",
    "what is" + " " * 7_900 + "x?\ny",
    "what is " + "a " * 140 + "works in b and why not?\ny",
    "what is " + "a is " * 58 + "?\ny",
    "?" * 8_000,
    "a" + " !" * 199,
    "difference between " + "a and " * 47,
    "hi " * 133,
]
"""Each of them took seconds, or years, in one of the patterns."""


def test_no_question_makes_the_reader_run_away() -> None:
    code = (
        "import json, sys; from assistant.page_answers.answer_form import wish; "
        "[wish(question) for question in json.load(sys.stdin)]"
    )
    subprocess.run([sys.executable, "-c", code], input=json.dumps(ENDLESS), text=True, timeout=20, check=True)


@pytest.mark.parametrize(
    ("question", "kind", "term"),
    [
        ("whats overfitting", "definition", "overfitting"),
        ("what exactly is dropout", "definition", "dropout"),
        ("explain in simple terms what overfitting is", "definition", "overfitting"),
        ("can you tell me what a confusion matrix is?", "definition", "confusion matrix"),
        ("define: dropout", "definition", "dropout"),
        ("dropout meaning", "definition", "dropout"),
        ("what is the definition of recall?", "definition", "recall"),
        ("what's the idea behind boosting?", "definition", "boosting"),
        ("what is an embedding and why do we need it?", "definition", "embedding"),
        ("what is dropout? explain with an example", "definition", "dropout"),
        ('what is a "confusion matrix"?', "definition", "confusion matrix"),
        ("how does attention work in transformers?", "definition", "attention"),
        ("explain how dropout works", "definition", "dropout"),
        ("what is a type I error?", "definition", "type i error"),
        ("what types of joins are there?", "several", ""),
        ("list vs tuple", "comparison", "list"),
        ("list all metrics or losses", "several", ""),
        ("what is RAG and when should I use it?", "definition", "rag"),
        ("explain how to fine-tune BERT", "steps", ""),
        ("please, how do I load a csv", "steps", ""),
        ("how does pandas read a file", "other", ""),
    ],
)
def test_the_form_of_a_question_does_not_hang_on_how_politely_it_is_asked(question: str, kind: str, term: str) -> None:
    assert (wish(question).kind, wish(question).term) == (kind, term)
