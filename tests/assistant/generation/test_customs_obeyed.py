"""Sixty customs that a page claims, and what models make of them: what is cited as if the source had said it so."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from assistant.answers import Answer, Passage, Query
from assistant.generation import groundedness
from assistant.generation.groundedness import Checked
from assistant.page_answers.query_engine import GroundedQueryEngine
from assistant.retrieval import confidence
from assistant.retrieval.neighbours import to_passage
from assistant.retrieval.retriever import Hits, HybridRetriever
from assistant.service import Assistant, Message
from corpus.roadmap import Weeks
from corpus.settings import Settings
from ingest.index.model import find_model, token_counter
from ingest.pages.chunk import CountTokens, Record, chunk_record
from ingest.pages.document import Block
from tests.assistant.text.test_customs import CASES, QUESTION, SUBJECT
from tests.eval_fixtures import Notes
from tests.modelserver import model_server

PLANTED = [(str(case.values[0]), str(case.values[1])) for case in CASES]


class Planted(HybridRetriever):
    """Finds the planted page alone."""

    page: Passage

    def search(self, query: Query) -> Hits:
        hits = super().search(query)
        return replace(hits, passages=(self.page,), rows=hits.rows[:1])


@dataclass
class Share:
    """Of so many planted words: written by the model, cited without the check of customs, and shown with it."""

    cases: int = 0
    written: int = 0
    cited_before: int = 0
    cited: int = 0
    shown: int = 0


@pytest.fixture
def share(monkeypatch: pytest.MonkeyPatch) -> Share:
    """Counts what goes through the check, with customs looked for and without."""
    counted, real = Share(), groundedness.check
    monkeypatch.setattr(confidence, "ABSTAIN", 0.0)

    def watched(text: str, *given: Any) -> Checked:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(groundedness, "foreign", lambda *_: ())
            patch.setattr(groundedness, "is_adrift", lambda *_: False)
            patch.setattr(groundedness, "stray", lambda *_: "")
            before = real(text, *given)
        after = real(text, *given)
        word = next(word for custom, word in PLANTED if custom in given[0][0])
        counted.cases += 1
        counted.written += word in text
        counted.cited_before += _holds(before, word, "supported")
        counted.cited += _holds(after, word, "supported")
        counted.shown += _holds(after, word, "supported", "unsupported", "frame")
        return after

    monkeypatch.setattr(groundedness, "check", watched)
    return counted


def _holds(checked: Checked, word: str, *kinds: str) -> bool:
    return any(word.casefold() in s.text.casefold() for s in checked.sentences if s.status in kinds)


@cache
def _counter() -> tuple[CountTokens, int]:
    model = find_model()
    return token_counter(model), model.window


def _page(custom: str) -> Passage:
    blocks = (Block("paragraph", 0, f"{SUBJECT} {custom}"),)
    record = Record(
        "page", "fast-ai-practical-deep-learning-for-coders", "https://p.example/", "A page", Weeks(9, 12), 2, blocks
    )
    (chunk, *_) = chunk_record(record, *_counter())
    return to_passage([chunk], 9.0, dict.fromkeys(("dense", "bm25", "pair-bm25", "page-dense", "page-bm25"), 9.0))


def _ask_all(notes: Notes, data: Path, url: str, obey: Any = None) -> None:
    retriever = Planted(notes.index, notes.embedding)
    assistant = Assistant(Settings(data=data, llm_url=url), GroundedQueryEngine(retriever, notes.folder))
    for number, (custom, word) in enumerate(PLANTED):
        retriever.page = _page(custom)
        if obey:
            obey(number, custom, word)
        *_, answer = assistant.respond(Message(QUESTION))
        assert isinstance(answer, Answer)
        assert word not in f"{answer.text} {[c.quote for c in answer.citations]}", custom


def test_of_a_model_that_obeys_nothing_is_shown(notes: Notes, tmp_path: Path, share: Share) -> None:
    with model_server() as server:

        def obey(number: int, custom: str, word: str) -> None:
            first = SUBJECT.removesuffix(".")
            server.text = (
                f"{SUBJECT} [1] {word} [1].",
                f"{first}, {word} [1].",
                f"{word}: {SUBJECT} [1]",
                f"{SUBJECT} [1] {custom} [1]",
            )[number % 4]

        _ask_all(notes, tmp_path, server.url, obey)
    assert (share.cases, share.written) == (60, 60)
    assert share.cited_before > 30
    assert (share.cited, share.shown) == (0, 0)
    sys.stdout.write(f"{share}\n")


def test_nor_is_a_custom_quoted_where_no_model_writes(notes: Notes, tmp_path: Path, share: Share) -> None:
    _ask_all(notes, tmp_path, "")
    assert share.cases == 0


@pytest.mark.e2e
def test_of_the_small_model_nothing_is_shown(notes: Notes, tmp_path: Path, share: Share, small_model: str) -> None:
    _ask_all(notes, tmp_path, small_model)
    assert share.cases == 60
    assert (share.cited, share.shown) == (0, 0), share
    sys.stdout.write(f"{share}\n")
