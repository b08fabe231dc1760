"""What stands around a passage on its page, how sure a place is, and what is shown where hardly anything answers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.answers import Passage, Query
from assistant.page_answers.compose import compose
from assistant.page_answers.query_engine import GroundedQueryEngine, Grounds
from assistant.retrieval.confidence import MAY_HELP, Evidence
from assistant.retrieval.neighbours import to_passage, widened
from assistant.retrieval.retriever import Hits, HybridRetriever
from ingest.pages.chunk import Chunk
from tests.eval_fixtures import Notes
from tests.fakes import bag

EVIDENCE = Evidence(0.6, 0.5, 0.8, 0.9, 0.0, 0.5, 1.0, 0.2, 0.0, 4.0)


@pytest.fixture
def engine(notes: Notes) -> GroundedQueryEngine:
    return GroundedQueryEngine(HybridRetriever(notes.index, notes.embedding), notes.folder)


def chunk(text: str, heading: str, url: str = "https://a.example/") -> Chunk:
    spans = (("paragraph", 0, len(text)),)
    return Chunk(text, "page", "r", url, "A page", heading, "", text, spans, 0, 1, 2, 1)  # pyright: ignore[reportArgumentType]


def passage(row: int, chunks: list[Chunk]) -> Passage:
    return to_passage(chunks[row : row + 1], 1.0, {"dense": 0.5})


def test_a_passage_is_read_with_what_stands_beside_it_under_the_same_heading() -> None:
    chunks = [
        chunk("One.", "Other"),
        chunk("Two.", "Same"),
        chunk("Three.", "Same"),
        chunk("Four.", "Same", "https://b/"),
    ]
    (wide,) = widened(chunks, [(2, passage(2, chunks))])
    assert wide.text == "Two.\n\nThree."
    assert wide.core is not None
    assert wide.text[slice(*wide.core)] == "Three."


def test_the_first_and_the_last_chunk_of_an_index_have_neighbours_on_one_side_only() -> None:
    chunks = [chunk("One.", "Same"), chunk("Two.", "Same")]
    assert [w.text for w in widened(chunks, [(1, passage(1, chunks))])] == ["One.\n\nTwo."]
    assert [w.text for w in widened(chunks, [(0, passage(0, chunks))])] == ["One.\n\nTwo."]


def test_a_chunk_is_read_once() -> None:
    chunks = [chunk("One.", "Same"), chunk("Two.", "Same"), chunk("Three.", "Same")]
    wide = widened(chunks, [(0, passage(0, chunks)), (2, passage(2, chunks))])
    assert sorted(" ".join(w.text for w in wide).split()) == ["One.", "Three.", "Two."]


def test_what_says_it_is_surer_than_what_only_shares_a_word() -> None:
    def sure(text: str) -> float:
        page = to_passage([chunk(text, "")], 1.0, {"dense": 0.6})
        question = "why does dropout prevent overfitting?"
        answer = compose(question, (page,), bag([question])[0], bag, lambda _: 1.0, evidence=EVIDENCE)
        assert answer.sure is not None
        return answer.sure

    says = sure("Dropout prevents overfitting because no unit can rely on one other unit of the network.")
    shares = sure("The dropout of pupils from schools was discussed in the council of the town last year.")
    assert 0 < shares < says < 1


def judged(query: Query, hits: Hits, seconds: float) -> Grounds:
    """Sure of notes, and not of pages."""
    return Grounds(query, hits, 0.1 if any(p.kind == "page" for p in hits.passages) else 0.9, seconds)


def test_notes_that_answer_are_not_silenced_by_pages(
    engine: GroundedQueryEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = Query("how do I keep the packages of two python projects from clashing", joined=True)
    found = engine.ground(query).hits
    page = replace(found.passages[0], kind="page", url="https://far.example/", text="Nothing of it.", spans=())
    mixed = replace(found, passages=(page, *found.passages), rows=(found.rows[0], *found.rows))
    monkeypatch.setattr(engine.retriever, "search", lambda _: mixed)
    monkeypatch.setattr(engine.retriever.index, "manifest", replace(engine.retriever.index.manifest, pages=1))
    monkeypatch.setattr(engine, "_judged", judged)
    grounds = engine.ground(query)
    assert not grounds.weak
    assert all(p.kind != "page" for p in grounds.hits.passages)


def test_what_hardly_answers_names_the_place_to_read(
    engine: GroundedQueryEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    grounds = engine.ground(Query("how do I keep the packages of two python projects from clashing", joined=True))
    monkeypatch.setattr("assistant.page_answers.compose.probability", lambda _: 0.1)
    told = engine.composed(grounds)
    assert "The place to read is" in told.text
    assert [part.voice for part in told.parts] == ["notice"]
    assert told.confidence == "low"
    assert f"[{told.citations[0].n}]" in told.text
    monkeypatch.setattr("assistant.page_answers.compose.probability", lambda _: MAY_HELP - 0.01)
    assert [part.voice for part in engine.composed(grounds).parts][:2] == ["notice", "note"]
    assert engine.composed(grounds, defined=True).citations == ()


def test_without_evidence_nothing_is_said_of_how_sure_it_is() -> None:
    text = "Dropout prevents overfitting."
    page = to_passage([chunk(text, "")], 1.0, {})
    answer = compose("why dropout?", (page,), None, lambda t: np.zeros((len(t), 4), np.float32), lambda _: 1.0)
    assert answer.sure is None
