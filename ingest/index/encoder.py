"""What texts and questions are encoded with: the exported model where there is a good one, else sentence-transformers.

The two give the same vectors (see `onnx_export`), so an index may be made by one and asked by the other.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ingest.index.model import ModelInfo, load_embedding
from ingest.index.onnx_encoder import EncoderError, open_encoder

_log = logging.getLogger(__name__)


class Encoder(Protocol):
    """What is used here of LlamaIndex's embeddings; every one of them will do."""

    @property
    def model_name(self) -> str: ...

    def get_query_embedding(self, query: str, /) -> list[float]: ...

    def get_text_embedding_batch(self, texts: list[str], /) -> list[list[float]]: ...


@dataclass(frozen=True, slots=True)
class Loaded:
    """An encoder, and why it is not the exported one ("" if it is)."""

    encoder: Encoder
    fallback: str = ""


def load_encoder(data: Path, model: ModelInfo, jobs: int | None = None) -> Loaded:
    """The encoder for the index of a data folder; `jobs` threads, where the exported model encodes.

    Errors: `ModelError` where the model itself cannot be loaded.
    """
    try:
        return Loaded(open_encoder(data, model, jobs))
    except EncoderError as error:
        _log.warning("Encoding with sentence-transformers, which starts slowly: %s.", error)
        return Loaded(load_embedding(model), f"sentence-transformers encodes, since {error}")


def encoder_state(data: Path, model: ModelInfo) -> str:
    """Why sentence-transformers would encode; "" where the exported model is used. Loads no model but that one."""
    try:
        open_encoder(data, model)
    except EncoderError as error:
        return str(error)
    return ""
