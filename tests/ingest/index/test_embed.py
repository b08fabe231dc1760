"""The model is checked, and a vector is computed once for a text: by the cache, across runs, never a bad one."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from ingest_fixtures import chunks_fixture, model_fixture  # noqa: F401

from ingest.index.embed import CachedEmbedding, StoredVectors
from ingest.index.model import (
    BUNDLED_DIGEST,
    ModelError,
    ModelInfo,
    bundled_revision,
    digest_of,
    find_model,
    load_embedding,
    token_counter,
)
from ingest.index.nodes import embedded_text, to_node
from ingest.index.vectorcache import VectorCache
from ingest.pages.chunk import Chunk


class GivenVectors:
    """Stands for a model that gives what it is told to: a broken one cannot be had otherwise."""

    def __init__(self, vectors: list[list[float]]) -> None:
        self.vectors = vectors
        self.asked: list[str] = []

    def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
        self.asked += texts
        return self.vectors


@pytest.fixture(name="cache")
def cache_fixture(tmp_path: Path, model: ModelInfo) -> Iterator[VectorCache]:
    with closing(VectorCache(tmp_path / "vectors.db", model)) as cache:
        yield cache


def no_model(_: ModelInfo) -> object:
    pytest.fail("the model was loaded although every vector is known")


def vectors(count: int, model: ModelInfo) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(count, model.dimension)).astype(np.float32)


def test_the_bundled_model_is_found_with_the_published_digest(model: ModelInfo) -> None:
    assert (model.dimension, model.window) == (384, 256)
    assert digest_of(model.folder / "model.safetensors") == BUNDLED_DIGEST
    assert model.revision == bundled_revision() != BUNDLED_DIGEST


def test_what_was_learnt_is_added_to_the_bundled_model_and_to_no_other(tmp_path: Path, model: ModelInfo) -> None:
    texts = ["how do i merge two tables that share a column?", "pandas.merge joins frames on shared columns."]
    published = np.array(load_embedding(replace(model, tuning=None)).get_text_embedding_batch(texts))
    tuned = np.array(load_embedding(model).get_text_embedding_batch(texts))
    assert ((published * tuned).sum(axis=1) > 0.5).all()
    assert ((published * tuned).sum(axis=1) < 0.999).all()
    copy = find_model(str(shutil.copytree(model.folder, tmp_path / "copy")))
    assert copy.revision == BUNDLED_DIGEST
    assert np.allclose(np.array(load_embedding(copy).get_text_embedding_batch(texts)), published, atol=1e-6)


def test_finding_the_model_imports_no_torch() -> None:
    code = "import sys; from ingest.index.model import find_model; find_model(); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_model_folder_that_is_incomplete_is_named_without_its_path(tmp_path: Path, model: ModelInfo) -> None:
    broken = tmp_path / "broken-model"
    broken.mkdir()
    with pytest.raises(ModelError, match=r"sentence_bert_config\.json is missing"):
        find_model(str(broken))
    for name in ("sentence_bert_config.json", "config.json"):
        shutil.copy(model.folder / name, broken)
    (broken / "config.json").write_text("{")
    with pytest.raises(ModelError, match="is incomplete"):
        find_model(str(broken))


def test_a_model_of_another_name_that_is_not_here_is_an_error_and_no_download() -> None:
    with pytest.raises(ModelError, match="hf download"):
        find_model("no-such-org/no-such-model")


def test_another_folder_is_a_model_of_its_own(tmp_path: Path, model: ModelInfo) -> None:
    for name in ("sentence_bert_config.json", "config.json"):
        shutil.copy(model.folder / name, tmp_path)
    settings = json.loads((tmp_path / "config.json").read_text()) | {"hidden_size": 12}
    (tmp_path / "config.json").write_text(json.dumps(settings))
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    assert find_model(str(tmp_path)).dimension == 12


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
def test_a_model_that_cannot_be_loaded_is_one_sentence_without_its_path(
    tmp_path: Path, model: ModelInfo, name: str
) -> None:
    broken = tmp_path / "broken-model"
    shutil.copytree(model.folder, broken)
    (broken / name).write_text("{nothing")
    with pytest.raises(ModelError, match=r"'broken-model' cannot be loaded .*: install it again") as caught:
        load_embedding(replace(model, name=str(broken), folder=broken))
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("damage", ["", "{nothing", None])
def test_a_damaged_tokenizer_is_one_sentence(tmp_path: Path, model: ModelInfo, damage: str | None) -> None:
    broken = tmp_path / "broken-model"
    broken.mkdir()
    if damage is not None:
        (broken / "tokenizer.json").write_text(damage)
    with pytest.raises(ModelError, match=r"tokenizer of 'broken-model' cannot be read .*: install the model again"):
        token_counter(replace(model, folder=broken))


def test_the_same_texts_are_encoded_once_and_give_the_model_s_own_vectors(
    cache: VectorCache, model: ModelInfo, chunks: list[Chunk]
) -> None:
    some = [*chunks[:3], chunks[0]]
    first = CachedEmbedding(cache, model)
    once = [node.embedding for node in first([to_node(chunk) for chunk in some])]
    again = CachedEmbedding(cache, model, load=no_model)
    assert [node.embedding for node in again([to_node(chunk) for chunk in some])] == once
    assert (first.embedded, again.embedded) == (3, 0)
    direct = load_embedding(model).get_text_embedding_batch([embedded_text(chunk) for chunk in some])
    assert np.allclose(np.array(once), np.array(direct), atol=1e-5)


def test_progress_counts_what_is_known_and_what_is_encoded(
    cache: VectorCache, model: ModelInfo, chunks: list[Chunk]
) -> None:
    cache.put([embedded_text(chunk) for chunk in chunks], vectors(len(chunks), model))
    told: list[int] = []
    CachedEmbedding(cache, model, told.append, no_model)([to_node(chunk) for chunk in chunks])
    assert sum(told) == len(chunks)


def test_texts_are_encoded_by_their_tokens_and_not_by_their_characters(
    cache: VectorCache, model: ModelInfo, chunks: list[Chunk]
) -> None:
    code, prose = "x=[]; y={};", "an international misunderstanding"
    records = [replace(chunks[0], text=text) for text in (prose, code)]
    given = GivenVectors([[0.5] * model.dimension] * 2)
    CachedEmbedding(cache, model, load=lambda _: given)([to_node(chunk) for chunk in records])  # type: ignore[arg-type, return-value]
    assert len(prose) > len(code)
    assert given.asked == [embedded_text(chunk) for chunk in reversed(records)]


def test_another_revision_of_the_model_shares_no_vector(cache: VectorCache, model: ModelInfo, tmp_path: Path) -> None:
    cache.put(["text"], vectors(1, model))
    with closing(VectorCache(tmp_path / "vectors.db", replace(model, revision="other"))) as other:
        assert other.get(["text"]) == [None]


def test_vectors_are_kept_across_runs_until_nobody_uses_them(tmp_path: Path, model: ModelInfo) -> None:
    path = tmp_path / "vectors.db"
    with closing(VectorCache(path, model)) as cache:
        cache.put(["a", "b", "c"], vectors(3, model))
    with closing(VectorCache(path, model)) as cache:
        assert cache.keep_only(["b", "d"]) == 2
        found = cache.get(["a", "b"])
    assert found[0] is None
    assert found[1] is not None
    assert np.array_equal(found[1], vectors(3, model)[1])


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ([[float("nan")] * 384], "NaN"),
        ([[float("inf")] * 384], "infinity"),
        ([[0.5] * 12], "install it again"),
        ([[]], "install it again"),
        ([], "install it again"),
    ],
)
def test_a_bad_vector_from_the_model_is_one_error_and_is_not_kept(
    cache: VectorCache, model: ModelInfo, chunks: list[Chunk], given: list[list[float]], word: str
) -> None:
    embedding = CachedEmbedding(cache, model, load=lambda _: GivenVectors(given))  # type: ignore[arg-type, return-value]
    with pytest.raises(ModelError, match=word):
        embedding([to_node(chunks[0])])
    assert len(cache) == 0


@pytest.mark.parametrize("content", [b"", b"not a database at all " * 400])
def test_a_damaged_cache_begins_anew(tmp_path: Path, model: ModelInfo, content: bytes) -> None:
    path = tmp_path / "vectors.db"
    path.write_bytes(content)
    with closing(VectorCache(path, model)) as cache:
        cache.put(["a"], vectors(1, model))
        assert len(cache) == 1


def test_a_row_that_is_no_vector_counts_as_unknown(cache: VectorCache, model: ModelInfo) -> None:
    cache.put(["cut", "nan", "good"], vectors(3, model))
    cache._db.execute("UPDATE vectors SET vector = x'0102' WHERE key = ?", (cache._key("cut"),))
    nan = np.full(model.dimension, np.nan, dtype=np.float32).tobytes()
    cache._db.execute("UPDATE vectors SET vector = ? WHERE key = ?", (nan, cache._key("nan")))
    assert [vector is None for vector in cache.get(["cut", "nan", "good"])] == [True, True, False]


def test_stored_vectors_go_to_the_nodes_of_their_ids(model: ModelInfo, chunks: list[Chunk]) -> None:
    kept = vectors(2, model)
    nodes = StoredVectors({chunks[1].id: 0, chunks[0].id: 1}, kept)([to_node(chunks[0]), to_node(chunks[1])])
    assert nodes[0].embedding == kept[1].tolist()
    assert nodes[1].embedding == kept[0].tolist()
