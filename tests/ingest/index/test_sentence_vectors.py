"""Sentences have their vectors from the index: the same quotes as encoded anew, made once, and never another text's."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from ingest_fixtures import built_fixture, chunks_fixture, exported_fixture, model_fixture  # noqa: F401

from ingest.index.embed import CachedEmbedding
from ingest.index.encoder import Encoder, load_encoder
from ingest.index.generations import Generations
from ingest.index.manifest import read_manifest, read_sentences
from ingest.index.model import ModelInfo
from ingest.index.reader import open_current
from ingest.index.sentence_vectors import VECTORS, SentenceCache, encode_sentences
from ingest.index.vectorcache import VectorCache
from ingest.pages.chunk import Chunk
from ingest.pages.quotable import READ, quotable


@pytest.fixture(name="encoder", scope="module")
def encoder_fixture(exported: Path, model: ModelInfo) -> Encoder:
    return load_encoder(exported, model).encoder


@pytest.fixture(name="cache")
def cache_fixture(tmp_path: Path, model: ModelInfo) -> Iterator[SentenceCache]:
    with SentenceCache(tmp_path / "sentences.db", model) as cache:
        yield cache


def encoded(chunks: Sequence[Chunk], cache: SentenceCache, encoder: Encoder) -> list[int]:
    told: list[int] = []
    encode_sentences(chunks, cache, lambda: encoder, told.append)
    return told


def nothing() -> Encoder:
    pytest.fail("the model was loaded although every sentence is known")


def test_every_sentence_of_a_chunk_has_its_own_vector(
    chunks: list[Chunk], cache: SentenceCache, encoder: Encoder
) -> None:
    assert sum(encoded(chunks, cache, encoder)) == len(chunks)
    for chunk in chunks:
        sentences = cache.get(chunk)
        assert sentences is not None
        known = sentences.known(chunk.text)
        assert list(known) == [chunk.text[a : min(b, a + READ)] for a, b in quotable(chunk.spans, chunk.text)]
        direct = np.array(encoder.get_text_embedding_batch(list(known)))
        assert (np.stack(list(known.values())) * direct).sum(axis=1).min() > 0.9995


def test_they_are_encoded_once_and_again_only_for_what_changed(
    chunks: list[Chunk], cache: SentenceCache, encoder: Encoder
) -> None:
    encoded(chunks, cache, encoder)
    encode_sentences(chunks, cache, nothing, lambda _: None)
    moved = [replace(chunk, id=f"other-{chunk.id}", url="https://elsewhere.example/") for chunk in chunks]
    encode_sentences(moved, cache, nothing, lambda _: None)
    assert cache.get(replace(chunks[0], text=chunks[0].text + " More.")) is None
    cache.keep_only(chunks[1:])
    assert cache.get(chunks[0]) is None
    assert cache.get(chunks[1]) is not None


def test_a_chunk_without_sentences_is_known_to_have_none(
    chunks: list[Chunk], cache: SentenceCache, encoder: Encoder
) -> None:
    code = replace(chunks[0], text="x = 1", spans=(("code", 0, 5),))
    encoded([code], cache, encoder)
    kept = cache.get(code)
    assert kept is not None
    assert kept.known(code.text) == {}


def test_another_model_shares_none_and_a_damaged_row_counts_as_unknown(
    chunks: list[Chunk], cache: SentenceCache, encoder: Encoder, model: ModelInfo, tmp_path: Path
) -> None:
    encoded(chunks[:2], cache, encoder)
    with SentenceCache(tmp_path / "sentences.db", replace(model, revision="other")) as other:
        assert other.get(chunks[0]) is None
    cache._db.execute("UPDATE sentences SET vectors = x'01' WHERE key = ?", (cache._key(chunks[0]),))
    assert cache.get(chunks[0]) is None
    assert cache.get(chunks[1]) is not None


@pytest.fixture(name="data")
def data_fixture(tmp_path: Path, chunks: list[Chunk], cache: SentenceCache, encoder: Encoder, model: ModelInfo) -> Path:
    """A data folder whose generation holds its sentences."""
    encoded(chunks, cache, encoder)
    data = tmp_path / "data"
    data.mkdir()
    vectors = VectorCache(data / "vectors.db", model)
    generations = Generations(data)
    with generations.writing():
        embedding = CachedEmbedding(vectors, model, load=lambda _: encoder)
        generations.build(chunks, model, embedding, sentences=cache.get)
    vectors.close()
    return data


def test_a_generation_holds_them_by_row(
    data: Path, chunks: list[Chunk], cache: SentenceCache, model: ModelInfo
) -> None:
    index = open_current(data, model, pytest.fail)
    assert index.sentences
    for row, chunk in enumerate(chunks):
        kept, made = index.sentences.of(row), cache.get(chunk)
        assert kept is not None
        assert made is not None
        assert np.array_equal(kept.spans, made.spans)
        assert np.array_equal(kept.vectors, made.vectors)
    index.close()


def test_a_damaged_index_that_is_built_anew_keeps_them(data: Path, model: ModelInfo) -> None:
    folder = Generations(data).current()
    assert folder is not None
    before = (folder / VECTORS).read_bytes()
    shutil.rmtree(folder / "chroma")
    index = open_current(data, model, lambda _: None)
    assert index.sentences
    rebuilt = Generations(data).current()
    assert rebuilt is not None
    assert rebuilt != folder
    assert (rebuilt / VECTORS).read_bytes() == before
    index.close()


def test_a_damaged_file_of_them_is_seen_and_left_out_when_the_rest_is_kept(data: Path, model: ModelInfo) -> None:
    folder = Generations(data).current()
    assert folder is not None
    (folder / VECTORS).write_bytes((folder / VECTORS).read_bytes()[:-1])
    assert read_sentences(folder, read_manifest(folder)) is None
    index = open_current(data, model, lambda _: None)
    assert index.manifest.generation != folder.name
    assert not index.sentences
    index.close()


def test_a_generation_without_them_is_whole(built: Path, model: ModelInfo) -> None:
    index = open_current(built, model, pytest.fail)
    assert index.sentences.of(0) is None
    index.close()
