"""The glossary, and the definition that stands above an answer."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.language.message import read_message
from assistant.roadmap_answers.glossary import meaning_of, words_in
from corpus.glossary import GLOSSARY_FILE, URL, entry_of, read_glossary
from corpus.reader import read_roadmap

ROADMAP = read_roadmap()
TEXT = GLOSSARY_FILE.read_text(encoding="utf-8")


def named(question: str) -> list[str]:
    answer = meaning_of(read_message(question, ROADMAP, date.today()).asked)
    return [citation.title.removeprefix("Glossary › ") for citation in answer.citations] if answer else []


def test_every_line_of_the_glossary_is_an_entry_with_names_of_its_own() -> None:
    lines = [line for line in TEXT.splitlines() if line.startswith("- ")]

    assert len({entry.name for entry in read_glossary().values()}) == len(lines) > 150
    assert sorted(read_glossary()) == sorted(name.strip("*").lower() for line in lines for name in _names(line))
    assert all(entry.meaning.endswith((".", ")")) for entry in read_glossary().values())


def _names(line: str) -> list[str]:
    head = line[2:].partition(": ")[0]
    first, _, others = head.partition(" (")
    return [first, *(name for name in others.rstrip(")").split(", ") if name)]


@pytest.mark.parametrize("term", ["dropout", "a CNN", "Convolutional  neural network", "the convnets", "CNNs"])
def test_a_term_is_found_by_each_of_its_names(term: str) -> None:
    entry = entry_of(term)
    assert entry
    assert entry.name in ("dropout", "convolutional neural network")


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("what is dropout?", ["dropout"]),
        ("Explain backprop", ["backpropagation"]),
        ("dropout?", ["dropout"]),
        ("and underfitting?", ["underfitting"]),
        ("temperature vs top_p", ["temperature", "top-p"]),
        ("what is the difference between L1 and L2 regularization?", ["L1 regularization", "L2 regularization"]),
        ("what are agents in LLMs?", ["agent"]),
        ("what is RAG and when should I use it?", ["retrieval-augmented generation"]),
        ("How do precision and recall differ?", ["precision", "recall"]),
        ("what is transformer oil?", []),
        ("how do I add dropout to a model?", []),
        ("which week covers dropout?", []),
        ("what is Swift?", []),
    ],
)
def test_terms_are_defined_where_a_question_asks_for_their_meaning(question: str, names: list[str]) -> None:
    assert named(question) == names


def test_a_definition_is_quoted_from_the_glossary() -> None:
    answer = meaning_of(read_message("what is a GAN?", ROADMAP, date.today()).asked)
    assert answer
    (citation,) = answer.citations
    assert (citation.kind, citation.url) == ("note", URL)
    assert citation.quote in TEXT
    assert answer.text == f"**GAN**: {citation.quote} [1]"


def test_the_terms_of_a_text_are_told_but_for_those_that_it_defines() -> None:
    dropout = meaning_of(read_message("what is dropout?", ROADMAP, date.today()).asked)
    assert dropout
    told = words_in(f"{dropout.text} It prevents overfitting.")
    assert told
    assert "Glossary › overfitting" in [citation.title for citation in told.citations]
    assert "Glossary › dropout" not in [citation.title for citation in told.citations]
    assert words_in("Nothing here.") is None
