"""What is compared really searches: rivals over the same texts, our parts alone, and ours without each part."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import anyio
import numpy as np
import pytest
from anyio import to_thread
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, QueryBundle

from assistant.retrieval.rerank import RERANKED
from assistant.retrieval.retriever import PER_PAGE, WEIGHTS, HybridRetriever
from corpus.roadmap import Roadmap
from eval.own.judging import Pooled
from eval.own.questions import OwnCase
from eval.runs import OURS, System, run_system
from eval.systems.configurations import ConfigurationError, Factory, chosen, own_systems
from eval.systems.embedding import MeasuredEmbedding
from eval.systems.pooling import FIRST, POOLED, pooled
from eval.systems.rivals import rival_systems, texts
from ingest.index.model import find_model
from ingest.index.vectorcache import VectorCache
from tests.eval_fixtures import Notes, notes, publish

__all__ = ["notes"]


def pick(factories: dict[str, Factory], names: Sequence[str]) -> list[System]:
    return [make() for make in chosen(factories, names).values()]


QUESTION = "how do I list the files of a folder in the terminal"


@pytest.mark.parametrize("name", ["bm25", "dense", "fusion", OURS])
def test_a_configuration_finds_the_note_that_answers(notes: Notes, name: str) -> None:
    (system,) = pick(own_systems(notes.index, notes.embedding, WEIGHTS), [name])
    hits = system.search(QUESTION)
    assert hits[0].url == "note:linux-cli-refresher"
    assert [hit.score for hit in hits[:5]] == sorted((hit.score for hit in hits[:5]), reverse=True)


def test_every_signal_of_ours_has_an_ablation_that_leaves_it_out(notes: Notes) -> None:
    names = own_systems(notes.index, notes.embedding, WEIGHTS)
    assert {f"{OURS}-without-{signal}" for signal in WEIGHTS} <= set(names)


def test_ours_reads_again_with_the_reranker_that_is_set_and_has_an_ablation_of_it(notes: Notes) -> None:
    class Reversed(BaseNodePostprocessor):
        def _postprocess_nodes(
            self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
        ) -> list[NodeWithScore]:
            return nodes[::-1]

    factories = own_systems(notes.index, notes.embedding, WEIGHTS, Reversed())
    ours, without = pick(factories, [OURS, f"{OURS}-without-reranker"])
    found = [hit.url for hit in without.search(QUESTION)]
    assert [hit.url for hit in ours.search(QUESTION)] == found[RERANKED - 1 :: -1] + found[RERANKED:]
    assert f"{OURS}-without-reranker" not in own_systems(notes.index, notes.embedding, WEIGHTS)


def test_a_pool_is_searched_in_a_thread_of_the_server_too(notes: Notes) -> None:
    case = OwnCase("q", QUESTION, ())
    retriever = HybridRetriever(notes.index, notes.embedding, WEIGHTS)

    async def searched() -> list[Pooled]:
        return await to_thread.run_sync(lambda: list(pooled(retriever, [case])))

    found = anyio.run(searched)
    assert FIRST <= len(found) <= FIRST * len(POOLED)
    assert "note:linux-cli-refresher" in {one.url for one in found}
    assert found == list(pooled(retriever, [case]))


def test_an_unknown_configuration_is_refused_with_the_names_that_exist(notes: Notes) -> None:
    with pytest.raises(ConfigurationError, match="no configuration 'best': choose from bm25, dense, fusion, ours"):
        pick(own_systems(notes.index, notes.embedding, WEIGHTS), ["best"])


def test_searching_takes_time_and_encoding_is_told_apart(notes: Notes) -> None:
    (system,) = pick(own_systems(notes.index, notes.embedding, WEIGHTS), ["dense"])
    cases = list(notes.cases[:3])
    for case in cases:
        notes.embedding.get_query_embedding(case.question)
    run = run_system(system, cases)
    assert set(run.search_ms) == set(run.rankings) == {case.id for case in cases}
    assert all(notes.embedding.seconds(case.question) > 0 for case in cases)
    assert all(ms > 0 for ms in run.search_ms.values())


def test_what_a_search_encodes_itself_is_no_part_of_its_time(notes: Notes) -> None:
    class Slow(MeasuredEmbedding):
        def _get_query_embedding(self, query: str) -> list[float]:
            time.sleep(0.5)
            return super()._get_query_embedding(query)

    embedding = MeasuredEmbedding(Slow(notes.embedding))
    cases = [replace(notes.cases[0], id=name, question=f"what does {name} mean?") for name in ("CNN", "RAG", "SVD")]
    for case in cases:
        embedding.get_query_embedding(case.question)
    (ours,) = pick(own_systems(notes.index, embedding, WEIGHTS), [OURS])
    run = run_system(ours, cases, encoding=embedding.spent)
    assert len(embedding.times()) == 6, "ours searches with the long form beside the abbreviation"
    assert all(0 < ms < 500 for ms in run.search_ms.values())


def test_ours_without_other_names_searches_for_what_was_typed(notes: Notes) -> None:
    embedding = MeasuredEmbedding(notes.embedding)
    factories = own_systems(notes.index, embedding, WEIGHTS)
    for name, typed in ((OURS, False), (f"{OURS}-without-other-names", True)):
        (system,) = pick(factories, [name])
        assert system.search("building with RAG")
        assert (embedding.seconds("building with RAG") > 0) is typed


def test_ours_without_its_page_limit_takes_any_number_from_a_page(notes: Notes) -> None:
    question = "ls cd pwd chmod grep pipe redirect"
    most = [
        max(Counter(hit.url for hit in system.search(question)).values())
        for system in pick(own_systems(notes.index, notes.embedding, WEIGHTS), [OURS, f"{OURS}-without-page-limit"])
    ]
    assert most[0] == PER_PAGE < most[1]


def test_ours_without_the_collapse_of_twins_finds_both(notes: Notes, tmp_path: Path) -> None:
    rows = [row for row, chunk in enumerate(notes.chunks) if chunk.url == "note:linux-cli-refresher"][:PER_PAGE]
    copies = [replace(notes.chunks[row], id=f"copy-{row}", url="note:copy") for row in rows]
    chunks = [*(notes.chunks[row] for row in rows), *copies]
    index = publish(tmp_path, chunks, np.concatenate([notes.vectors[rows]] * 2), find_model())
    names = [OURS, f"{OURS}-without-twin-collapse"]
    found = [len(system.search(QUESTION)) for system in pick(own_systems(index, notes.embedding, WEIGHTS), names)]
    index.close()
    assert found == [PER_PAGE, 2 * PER_PAGE]


def test_rivals_start_from_the_same_records(tmp_path: Path, roadmap: Roadmap) -> None:
    found = texts(tmp_path, roadmap)
    assert {url.partition(":")[0] for url in found} == {"roadmap", "note"}
    assert all(text.strip() for text in found.values())


def test_texts_are_encoded_once_and_kept(notes: Notes, tmp_path: Path) -> None:
    done: list[int] = []
    cache = VectorCache(tmp_path / "vectors.db", find_model())
    first = MeasuredEmbedding(notes.embedding, cache, done.append).get_text_embedding_batch(["one", "two", "one"])
    again = MeasuredEmbedding(notes.embedding, cache, done.append).get_text_embedding_batch(["two", "one"])
    cache.close()
    assert sum(done) == 2
    np.testing.assert_allclose(first[1], again[0], atol=1e-6)
    np.testing.assert_allclose(first[0], first[2])


@pytest.mark.e2e
@pytest.mark.parametrize("name", ["starter", "private-gpt"])
def test_a_rival_ranks_the_notes(notes: Notes, tmp_path: Path, roadmap: Roadmap, name: str) -> None:
    (system,) = pick(rival_systems(tmp_path, roadmap, notes.embedding), [name])
    hits = system.search(QUESTION)
    assert "note:linux-cli-refresher" in [hit.url for hit in hits]
    assert len(hits) <= (2 if name == "private-gpt" else 100)
