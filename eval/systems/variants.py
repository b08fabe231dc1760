"""Configurations that are ours with something exchanged: `ours+model=NAME+chunk=128+reranker=NAME`.

The first part is a configuration over our own chunks (ours, where it is left out): dense, bm25, fusion, ours, ours
without a part. Another model or chunk size has an index of its own, which is kept. Knows nothing of questions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

from llama_index.core.postprocessor.types import BaseNodePostprocessor

from assistant.retrieval.rerank import load_reranker
from assistant.retrieval.retriever import WEIGHTS
from corpus.roadmap import Roadmap
from eval.runs import OURS, System
from eval.systems.configurations import ConfigurationError, Factory, own_systems
from eval.systems.embedding import MeasuredEmbedding
from ingest.apart import WINDOWS, open_apart
from ingest.index.encoder import Encoder, load_encoder
from ingest.index.model import ModelInfo, find_model
from ingest.index.onnx_export import ensure_export
from ingest.index.reader import OpenIndex
from ingest.pages.chunk import Record
from ingest.pipeline import Progress, records_of
from ingest.state import PageStore

OPTIONS = ("model", "chunk", "reranker")
WAYS = ("llm=none", "llm=auto")
"""Ways of answering."""

INDEXES = "indexes"
"""Folder below the eval cache: an index for each model and chunk size."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What indexes are made of: the records, a hash of them, the folder for the indexes, and the default model."""

    records: Callable[[], Iterable[Record]]
    inputs: str
    folder: Path
    model: str
    progress: Progress
    reranker: BaseNodePostprocessor | None = None


@dataclass(frozen=True, slots=True)
class Apart:
    """An index of its own with its model."""

    index: OpenIndex
    embedding: MeasuredEmbedding


@dataclass(frozen=True, slots=True)
class _Variant:
    base: str
    model: ModelInfo
    window: int | None
    reranker: str | None
    """None: the default one, "": none."""


def is_variant(name: str) -> bool:
    return "=" in name


def variants(names: Sequence[str], ground: Ground) -> dict[str, Factory]:
    """A factory for each name; what is wrong with one is told before anything is made. Errors: `ConfigurationError`."""
    return {name: partial(_made, name, _read(name, ground), ground) for name in names}


def open_index(ground: Ground, model: ModelInfo, window: int | None = None) -> Apart:
    """An index of the ground for a model and a chunk size, built where it is not kept yet."""
    key = hashlib.sha256(f"{model.revision} {window}".encode()).hexdigest()[:12]
    root = ground.folder / INDEXES / key
    encoder = _encoder(root, model)
    index = open_apart(root, ground.records, ground.inputs, model, encoder, ground.progress, window)
    return Apart(index, MeasuredEmbedding(encoder()))


def kept_records(data: Path, roadmap: Roadmap) -> list[Record]:
    """What the index of a data folder is made of."""
    with closing(PageStore(data / "pages.db")) as store:
        return list(records_of(store, roadmap))


def answering(names: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Ways of answering among the names ("llm=none": without the language model), and the other names. Asked in any
    case: as everybody is answered."""
    ways = [name for name in names if name.startswith("llm=")]
    for way in ways:
        if way not in WAYS:
            raise ConfigurationError(
                f"there is no {way!r}: give {' or '.join(WAYS)}; the model is set in ROADMAP_LLM_URL."
            )
    asked = dict.fromkeys(["auto", *(way.removeprefix("llm=") for way in ways)])
    return tuple(asked), [name for name in names if name not in ways]


def _read(name: str, ground: Ground) -> _Variant:
    parts = name.split("+")
    base = parts.pop(0) if "=" not in parts[0] else OURS
    given: dict[str, str] = {}
    for part in parts:
        option, _, value = part.partition("=")
        if option not in OPTIONS or option in given or not (value or option == "reranker"):
            raise ConfigurationError(
                f"{name!r} cannot be measured: write a configuration and what is exchanged, such as "
                f"ours+model=FOLDER or dense+chunk=128; what can be exchanged is {', '.join(OPTIONS)}, each once."
            )
        given[option] = value
    reranker = given.get("reranker")
    if reranker and load_reranker(reranker) is None:
        raise ConfigurationError(f"the reranker {reranker!r} is not on this machine: name a folder, or download it.")
    model = find_model(given.get("model", ground.model))
    return _Variant(base, model, _window(given.get("chunk"), model.window), reranker)


def _window(text: str | None, most: int) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdecimal() or int(text) not in WINDOWS or int(text) > most:
        raise ConfigurationError(
            f"chunk={text} is no size: give {WINDOWS.start} to {most} tokens, which the model reads."
        )
    return int(text)


def _made(name: str, variant: _Variant, ground: Ground) -> System:
    reranker = ground.reranker if variant.reranker is None else load_reranker(variant.reranker)
    over = open_index(ground, variant.model, variant.window)
    systems = own_systems(over.index, over.embedding, WEIGHTS, reranker)
    if variant.base not in systems:
        raise ConfigurationError(
            f"{name!r}: there is no configuration {variant.base!r}: choose from {', '.join(systems)}."
        )
    model = variant.model
    called = model.folder.name if Path(model.name).is_dir() else model.name
    about = [f"{variant.base}, model {called} {model.revision[:12]}"]
    about += [f"chunks of {variant.window} tokens"] if variant.window else []
    about += [f"reranker {variant.reranker or 'none'}"] if variant.reranker is not None else []
    return replace(systems[variant.base](), name=name, about=", ".join(about), spent=over.embedding.spent)


def _encoder(root: Path, model: ModelInfo) -> Callable[[], Encoder]:
    @lru_cache(1)
    def load() -> Encoder:
        root.mkdir(parents=True, exist_ok=True)
        ensure_export(root, model)
        return load_encoder(root, model).encoder

    return load
