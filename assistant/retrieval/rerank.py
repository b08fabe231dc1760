"""The cross-encoder that reads question and passage together: LlamaIndex's own postprocessor, when its model is here.

Off by default, and never an error: a model that is not on this machine is a warning in the log, and retrieval goes on
without it.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.index.model import local_model

if TYPE_CHECKING:
    from llama_index.core.postprocessor.types import BaseNodePostprocessor

RERANKED = 20
"""Passages that the cross-encoder reads; each takes as long as encoding it."""

log = logging.getLogger(__name__)


def load_reranker(name: str) -> BaseNodePostprocessor | None:
    """The reranker of that name in the local Hugging Face cache, or of that folder; None if there is none to load."""
    if not name:
        return None
    folder = local_model(name)
    if folder is None:
        how = "correct the path" if Path(name).is_absolute() else f"download it with `hf download {name}`"
        log.warning("reranker %r is not on this machine, so it is off: %s.", name, how)
        return None
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from llama_index.core.postprocessor.sbert_rerank import SentenceTransformerRerank

    try:
        return SentenceTransformerRerank(model=str(folder), top_n=RERANKED, device="cpu", trust_remote_code=False)
    except Exception as error:  # noqa: BLE001 - what the libraries raise for a damaged file has no narrower base
        log.warning("reranker %r cannot be loaded (%s), so it is off.", name, type(error).__name__)
        return None
