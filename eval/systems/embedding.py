"""One embedding model for everything that is compared: texts from a cache on disk, questions encoded once and timed.

So every configuration sees the very same vectors, a second run is quick, and the time of a search can be told from the
time of encoding the question.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from numpy.typing import NDArray

from ingest.index.encoder import Encoder
from ingest.index.vectorcache import VectorCache

STEP = 32
"""Texts that are encoded and stored at a time: a stopped run goes on where it was."""


class MeasuredEmbedding(BaseEmbedding):
    """A LlamaIndex embedding around `model` that remembers: texts in `cache`, questions in memory."""

    _model: Encoder = PrivateAttr()
    _cache: VectorCache | None = PrivateAttr()
    _tell: Callable[[int], None] = PrivateAttr()
    _questions: dict[str, NDArray[np.float32]] = PrivateAttr(default_factory=dict)
    _seconds: dict[str, float] = PrivateAttr(default_factory=dict)
    _spent: float = PrivateAttr(default=0.0)

    def __init__(
        self, model: Encoder, cache: VectorCache | None = None, tell: Callable[[int], None] = lambda _: None
    ) -> None:
        super().__init__(model_name=model.model_name, embed_batch_size=2048)
        self._model, self._cache, self._tell = model, cache, tell

    def seconds(self, question: str) -> float:
        """How long encoding this question took; 0 for one that was never asked."""
        return self._seconds.get(question, 0.0)

    def spent(self) -> float:
        """Seconds that encoding questions took so far."""
        return self._spent

    def times(self) -> list[float]:
        """Seconds that each question took to encode."""
        return list(self._seconds.values())

    def _get_query_embedding(self, query: str) -> list[float]:
        if query not in self._questions:
            begun = time.perf_counter()
            self._questions[query] = np.asarray(self._model.get_query_embedding(query), dtype=np.float32)
            self._seconds[query] = time.perf_counter() - begun
            self._spent += self._seconds[query]
        return self._questions[query].tolist()

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        if self._cache is None:
            return self._model.get_text_embedding_batch(texts)
        known = dict(zip(texts, self._cache.get(texts), strict=True))
        missing = sorted((text for text, vector in known.items() if vector is None), key=len, reverse=True)
        for start in range(0, len(missing), STEP):
            batch = missing[start : start + STEP]
            vectors = np.asarray(self._model.get_text_embedding_batch(batch), dtype=np.float32)
            self._cache.put(batch, vectors)
            known.update(zip(batch, vectors, strict=True))
            self._tell(len(batch))
        return [vector.tolist() for text in texts if (vector := known[text]) is not None]
