"""Retrieval over a small real index: scope, diversity, abbreviations, neighbours, a reranker, a search that fails."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, QueryBundle

from assistant.answers import Passage, Query, scope_weeks
from assistant.retrieval.neighbours import grouped
from assistant.retrieval.rerank import load_reranker
from assistant.retrieval.retriever import PER_PAGE, HybridRetriever, SearchError
from assistant.text.abbreviations import expansions
from corpus.roadmap import Weeks
from ingest.index.model import find_model
from ingest.index.vectors import DamagedIndexError
from ingest.pages.chunk import Chunk
from tests.eval_fixtures import Notes, publish

QUESTION = "how do I list the files of a folder in the terminal"
LINUX = "note:linux-cli-refresher"


@pytest.fixture
def retriever(notes: Notes) -> HybridRetriever:
    return HybridRetriever(notes.index, notes.embedding)


# --- scope, diversity -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weeks", [Weeks(0, 0), Weeks(0, 5), Weeks(13, 14), Weeks(33, 48)])
def test_a_scope_is_kept_exactly(retriever: HybridRetriever, weeks: Weeks) -> None:
    found = retriever.search(Query(QUESTION, weeks, k=50)).passages
    assert found
    assert [p.url for p in found if not p.weeks.overlaps(weeks)] == []


def test_a_scope_without_rows_finds_nothing(retriever: HybridRetriever) -> None:
    assert retriever.search(Query(QUESTION, Weeks(20, 20))).passages == ()


def test_scopes_are_weeks() -> None:
    assert scope_weeks("all", 5) is None
    assert scope_weeks("so-far", 5) == Weeks(0, 5)
    assert scope_weeks("week", 5) == Weeks(5, 5)


def test_one_page_does_not_crowd_out_the_rest(retriever: HybridRetriever) -> None:
    urls = [p.url for p in retriever.search(Query("ls cd pwd chmod grep pipe redirect", k=12)).passages]
    assert urls.count(LINUX) == PER_PAGE


def test_near_duplicates_collapse(notes: Notes, tmp_path: Path) -> None:
    rows = [row for row, chunk in enumerate(notes.chunks) if chunk.url == LINUX]
    copies = [_copy(notes.chunks[row]) for row in rows]
    chunks = [*(notes.chunks[row] for row in rows), *copies]
    index = publish(tmp_path, chunks, np.concatenate([notes.vectors[rows]] * 2), find_model())
    texts = [p.text for p in HybridRetriever(index, notes.embedding).search(Query(QUESTION, k=20)).passages]
    index.close()
    assert len(texts) == len(set(texts)) >= PER_PAGE


def test_a_named_resource_comes_higher(retriever: HybridRetriever) -> None:
    question = "what do I need before I start"
    resource = "full-stack-llm-bootcamp"
    plain = [p.resource for p in retriever.search(Query(question, k=20)).passages]
    named = [p.resource for p in retriever.search(Query(question, resources=(resource,), k=20)).passages]
    assert named.index(resource) < plain.index(resource)


def test_rows_of_the_weeks_that_a_question_names_come_before_others(retriever: HybridRetriever) -> None:
    question = "do I need a GPU"
    plain = retriever.search(Query(question, k=20)).passages
    near = retriever.search(Query(question, near=Weeks(14, 14), k=20)).passages

    def due(passages: Sequence[Passage]) -> list[int]:
        return [place for place, passage in enumerate(passages) if passage.weeks.overlaps(Weeks(14, 14))]

    assert sum(due(near)[:3]) < sum(due(plain)[:3])
    assert len(due(near)) < 20


def test_words_that_stand_side_by_side_are_a_signal_of_their_own(retriever: HybridRetriever) -> None:
    passages = retriever.search(Query("gradient descent", k=20)).passages

    assert any("gradient descent" in p.text.lower() and p.origins["pair-bm25"] > 0 for p in passages)
    assert all(p.origins["pair-bm25"] == 0 for p in retriever.search(Query("gradient")).passages)


def test_an_abbreviation_and_its_long_form_find_the_same(retriever: HybridRetriever) -> None:
    short, long = (
        [p.chunk_id for p in retriever.search(Query(f"building with {name}", k=3)).passages]
        for name in ("RAG", "retrieval-augmented generation")
    )
    assert set(short) & set(long)


def test_an_abbreviation_with_a_hyphen_is_not_taken_apart() -> None:
    assert expansions("how does k-NN work") == ("k-nearest neighbors",)
    assert expansions("CI-CD") == ("continuous integration", "continuous delivery")


# --- neighbours -----------------------------------------------------------------------------------------------------


def test_neighbours_are_read_as_one_passage_and_quotes_still_stand_in_the_page(notes: Notes) -> None:
    retriever = HybridRetriever(notes.index, notes.embedding)
    passages = retriever.search(Query("terminal commands: ls, pipes, permissions", k=20, joined=True)).passages
    stored = {chunk.id: chunk for chunk in notes.chunks}
    assert any(p.text != stored[p.chunk_id].text for p in passages)
    for passage in passages:
        page = "\n".join(chunk.text for chunk in notes.chunks if chunk.url == passage.url)
        assert all(passage.text[start:end] in page for _, start, end in passage.spans)


def test_consecutive_rows_form_a_group_at_the_place_of_the_best() -> None:
    chunks = [_chunk(n, "a" * 500) for n in range(5)]
    assert grouped(chunks, [3, 0, 2]) == [(2, 3), (0,)]


def test_a_stub_is_read_with_what_follows_it_on_the_same_page_only() -> None:
    chunks = [_chunk(0, "stub"), _chunk(1, "a" * 500), _chunk(2, "stub"), _chunk(3, "other", url="elsewhere")]
    assert grouped(chunks, [0, 2]) == [(0, 1), (2,)]


def test_a_row_that_was_read_already_is_not_read_twice() -> None:
    chunks = [_chunk(0, "stub"), _chunk(1, "a" * 500)]
    assert grouped(chunks, [1, 0]) == [(0, 1)]


# --- one search fails -----------------------------------------------------------------------------------------------


def test_without_dense_search_words_still_find_it_and_that_is_said(
    retriever: HybridRetriever, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(retriever.index.index, "nearest", _broken)
    with caplog.at_level(logging.WARNING):
        hits = retriever.search(Query(QUESTION))
    assert hits.passages[0].url == LINUX
    assert hits.vector is None
    assert hits.degraded == ("Searched by words only: the search by meaning does not work at the moment.",)
    assert "dense search failed: the graph is gone" in caplog.text


def test_without_lexical_search_meaning_still_finds_it_and_that_is_said(
    retriever: HybridRetriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retriever.index.chunk_lexicon, "scores", _broken)
    hits = retriever.search(Query(QUESTION))
    assert hits.passages[0].url == LINUX
    assert hits.degraded == ("Searched by meaning only: the search by words does not work at the moment.",)
    monkeypatch.undo()
    assert retriever.search(Query(QUESTION)).degraded == ()


def test_a_store_that_names_chunks_which_the_index_does_not_hold_is_a_search_that_failed(
    retriever: HybridRetriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retriever.index.index, "nearest", lambda *_: [("of-another-index", 0.9)])
    hits = retriever.search(Query(QUESTION))
    assert hits.passages[0].url == LINUX
    assert hits.degraded == ("Searched by words only: the search by meaning does not work at the moment.",)


def test_without_either_an_error_says_what_to_do(retriever: HybridRetriever, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retriever.index.index, "nearest", _broken)
    monkeypatch.setattr(retriever.index.chunk_lexicon, "scores", _broken)
    with pytest.raises(SearchError, match="roadmap ingest --force"):
        retriever.search(Query(QUESTION))


# --- reranker -------------------------------------------------------------------------------------------------------


class Reversed(BaseNodePostprocessor):
    """A reranker that likes the last one best."""

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        return nodes[::-1]


def test_a_reranker_decides_the_order_of_what_it_reads(notes: Notes) -> None:
    plain = HybridRetriever(notes.index, notes.embedding).search(Query(QUESTION, k=20)).rows
    other = HybridRetriever(notes.index, notes.embedding, reranker=Reversed()).search(Query(QUESTION, k=20))
    assert other.rows == plain[::-1]
    scores = [p.score for p in other.passages]
    assert scores == sorted(scores, reverse=True)


def test_a_reranker_that_fails_leaves_the_order_of_the_search_and_that_is_said(
    notes: Notes, caplog: pytest.LogCaptureFixture
) -> None:
    class Failing(Reversed):
        def _postprocess_nodes(
            self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
        ) -> list[NodeWithScore]:
            raise RuntimeError("out of memory")

    plain = HybridRetriever(notes.index, notes.embedding).search(Query(QUESTION, k=20))
    found = HybridRetriever(notes.index, notes.embedding, reranker=Failing()).search(Query(QUESTION, k=20))
    assert found.rows == plain.rows
    assert found.degraded == ("Not reranked: the reranker does not work at the moment.",)
    assert "the reranker failed: out of memory" in caplog.text


def test_one_kind_of_search_may_fail_now_and_the_other_the_next_time(
    retriever: HybridRetriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retriever.index.chunk_lexicon, "scores", _broken)
    assert retriever.search(Query(QUESTION)).degraded
    monkeypatch.undo()
    monkeypatch.setattr(retriever.index.index, "nearest", _broken)
    assert retriever.search(Query(QUESTION)).passages[0].url == LINUX


def test_a_cross_encoder_is_loaded_from_its_folder(notes: Notes, tmp_path: Path) -> None:
    reranker = load_reranker(str(_cross_encoder(tmp_path)))
    found = HybridRetriever(notes.index, notes.embedding, reranker=reranker).search(Query(QUESTION, k=5))
    assert len(found.passages) == 5


@pytest.mark.parametrize("name", ["nobody/has-this-model", "no such name at all"])
def test_a_reranker_that_is_not_there_is_off_and_no_error(name: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert load_reranker(name) is None
    assert name in caplog.text


def test_a_path_that_is_not_there_is_nothing_to_download(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert load_reranker(str(tmp_path / "none")) is None
    assert "so it is off: correct the path." in caplog.text


def test_a_folder_that_holds_no_model_is_no_error(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert load_reranker(str(tmp_path)) is None
    assert "cannot be loaded" in caplog.text


def test_a_reranker_whose_weights_are_cut_off_is_off_and_the_reason_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    weights = _cross_encoder(tmp_path) / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[: weights.stat().st_size // 2])
    with caplog.at_level(logging.WARNING, "assistant.retrieval.rerank"):
        assert load_reranker(str(tmp_path)) is None
    (said,) = (record.message for record in caplog.records if record.name == "assistant.retrieval.rerank")
    assert "cannot be loaded (SafetensorError), so it is off" in said


def _cross_encoder(folder: Path) -> Path:
    """A tiny cross-encoder with random weights, saved as sentence-transformers does it."""
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    tokenizer: Any = AutoTokenizer.from_pretrained(str(find_model().folder))
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        num_labels=1,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _broken(*_: object) -> Sequence[object]:
    raise DamagedIndexError("the graph is gone")


def _copy(chunk: Chunk) -> Chunk:
    return _chunk(chunk.position, chunk.text, url="note:copy", id=f"copy-{chunk.id}")


def _chunk(position: int, text: str, url: str = "page", id: str = "") -> Chunk:
    spans = (("paragraph", 0, len(text)),)
    return Chunk(id or f"{url}-{position}", "note", "r", url, "Title", "", "", text, spans, position, 0, 48, 0)
