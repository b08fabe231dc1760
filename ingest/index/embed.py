"""LlamaIndex transformations that give nodes their vectors: encoded once, or kept from before.

Knows nothing of Chroma or of pages, and of the model only that it encodes texts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.schema import BaseNode, MetadataMode, TransformComponent

from corpus.letters import same_letters
from ingest.index.encoder import Encoder
from ingest.index.memory import give_back
from ingest.index.model import BATCH, ModelError, ModelInfo, load_embedding, token_counter
from ingest.index.vectorcache import VectorCache

if TYPE_CHECKING:
    from numpy.typing import NDArray

GIVEN_BACK = 8 * BATCH
"""Texts after which freed memory is given back: after each batch it would take 4 % of the time."""


class CachedEmbedding(TransformComponent):
    """A LlamaIndex transformation that gives every node its vector, encoding only texts never seen before.

    Texts are encoded in the order of their tokens, most first: those of a batch are padded to its longest, and texts of
    as many characters differ by a third in tokens. Each batch is stored as it is done, so a stopped run goes on where
    it was. The model is loaded only when something must be encoded.
    """

    _cache: VectorCache = PrivateAttr()
    _info: ModelInfo = PrivateAttr()
    _load: Callable[[ModelInfo], Encoder] = PrivateAttr()
    _progress: Callable[[int], None] = PrivateAttr()
    _model: Encoder | None = PrivateAttr(default=None)
    embedded: int = 0
    """Texts encoded so far."""

    def __init__(
        self,
        cache: VectorCache,
        model: ModelInfo,
        progress: Callable[[int], None] = lambda _: None,
        load: Callable[[ModelInfo], Encoder] = load_embedding,
    ) -> None:
        super().__init__()
        self._cache, self._info, self._progress, self._load = cache, model, progress, load

    def __call__(self, nodes: Sequence[BaseNode], **kwargs: Any) -> Sequence[BaseNode]:
        texts = [same_letters(node.get_content(metadata_mode=MetadataMode.EMBED)) for node in nodes]
        known = dict(zip(texts, self._cache.get(texts), strict=True))
        self._progress(sum(known[text] is not None for text in texts))
        missing = self._longest_first([text for text, vector in known.items() if vector is None])
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            vectors = self._encode(batch)
            self._cache.put(batch, vectors)
            known.update(zip(batch, vectors, strict=True))
            self._progress(len(batch))
            if start % GIVEN_BACK == 0:
                give_back()
        for node, text in zip(nodes, texts, strict=True):
            vector = known[text]
            node.embedding = vector.tolist() if vector is not None else None
        return nodes

    def _longest_first(self, texts: list[str]) -> list[str]:
        counts = dict(zip(texts, token_counter(self._info)(texts), strict=True)) if texts else {}
        return sorted(texts, key=counts.__getitem__, reverse=True)

    def _encode(self, texts: list[str]) -> NDArray[np.float32]:
        self._model = self._model or self._load(self._info)
        vectors = np.asarray(self._model.get_text_embedding_batch(texts), dtype=np.float32)
        wanted = (len(texts), self._cache.dimension)
        if vectors.shape != wanted:
            raise ModelError(f"the embedding model gave {vectors.shape} numbers for {wanted}: install it again.")
        if not np.isfinite(vectors).all():
            raise ModelError("the embedding model gave NaN or infinity: install it again, or take another.")
        self.embedded += len(texts)
        return vectors


class StoredVectors(TransformComponent):
    """A LlamaIndex transformation that gives every node the vector that is kept for its id: no model is needed."""

    _rows: Mapping[str, int] = PrivateAttr()
    _vectors: NDArray[np.float32] = PrivateAttr()

    def __init__(self, rows: Mapping[str, int], vectors: NDArray[np.float32]) -> None:
        super().__init__()
        self._rows, self._vectors = rows, vectors

    def __call__(self, nodes: Sequence[BaseNode], **kwargs: Any) -> Sequence[BaseNode]:
        for node in nodes:
            node.embedding = self._vectors[self._rows[node.node_id]].tolist()
        return nodes
