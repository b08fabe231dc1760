"""The embedding model as ONNX, run by ONNX Runtime: neither torch nor transformers is imported.

    <data>/encoder/<revision>/model.onnx    token ids -> vectors of texts, and of their tokens
    <data>/encoder/<revision>/weights.bin   its weights, mapped into memory: what no word of a text needs stays on disk
    <data>/encoder/<revision>/encoder.json  their digest and what is around them, or why it could not be exported

Made once by `onnx_export`. Knows nothing of how; whatever is not as it was made is refused: sentence-transformers is
used then. Errors: `EncoderError`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ProjectError
from ingest.index.model import ModelError, ModelInfo, digest_of, load_tokenizer
from ingest.index.together import Together

EXPORTER = 2
"""Counts the ways in which a model was exported: what another way made is made anew."""

MODEL, WEIGHTS = "model.onnx", "weights.bin"
"""The files of an export. One that is in use is replaced and never written to: it is mapped into memory."""

STEP = 8
"""Texts that one thread encodes at a time: they are padded to the longest of them."""

SENTENCE, TOKENS = "sentence", "tokens"
"""The outputs: a vector a text (n x dimension), and a vector a token (n x longest x dimension)."""

Floats = NDArray[np.float32]


class EncoderError(ProjectError):
    """The exported model cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Export:
    """What stands beside an exported model; `failed` says why there is none."""

    exporter: int
    revision: str
    digest: str = ""
    """SHA-256 of the model with its weights."""
    inputs: tuple[str, ...] = ()
    pad: int = 0
    query: str = ""
    """What the model wants before a question."""
    text: str = ""
    failed: str = ""

    def write(self, folder: Path) -> None:
        """Written last and whole: with it the export is complete."""
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / "encoder.json.new"
        beside.write_text(json.dumps(asdict(self), indent=1))
        beside.replace(folder / "encoder.json")


def encoder_folder(data: Path, model: ModelInfo) -> Path:
    """Where the export of this very model is kept."""
    return data / "encoder" / model.revision[:16]


def read_export(data: Path, model: ModelInfo) -> Export | None:
    """What the last try to export gave; None before the first, and where another version or model was exported."""
    try:
        fields: Any = json.loads((encoder_folder(data, model) / "encoder.json").read_text())
        fields["inputs"] = tuple(fields["inputs"])
        made = Export(**fields)
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return made if (made.exporter, made.revision) == (EXPORTER, model.revision) else None


def open_encoder(data: Path, model: ModelInfo, jobs: int | None = None) -> OnnxEncoder:
    """The exported model of a data folder. jobs: see `OnnxEncoder`. Errors: `EncoderError` saying why there is none."""
    made = read_export(data, model)
    if made is None:
        raise EncoderError("the model has not been exported to ONNX yet: `roadmap ingest` does it")
    if made.failed:
        raise EncoderError(f"the model cannot be exported to ONNX ({made.failed})")
    folder = encoder_folder(data, model)
    try:
        digest = digest_of(folder / MODEL, folder / WEIGHTS)
    except OSError as error:
        raise EncoderError("the exported model is missing: `roadmap ingest` makes it anew") from error
    if digest != made.digest:
        raise EncoderError("the exported model is damaged: `roadmap ingest` makes it anew")
    return OnnxEncoder(folder, made, model, jobs)


class OnnxEncoder:
    """Texts to normalised vectors, with the methods of LlamaIndex's embeddings that are used here. Thread-safe.

    Each call computes in the thread that makes it: a session with threads of its own fights with Chroma's, with the
    event loop and with other questions. Many texts are shared out to `jobs` threads (None: one for each processor);
    questions that arrive together are encoded together.
    """

    def __init__(self, folder: Path, made: Export, model: ModelInfo, jobs: int | None = None) -> None:
        self.model_name = model.name
        self._made, self._dimension = made, model.dimension
        self.jobs = jobs or cores()
        self._tokenizer = _tokenizer(model, made)
        self._session = _session(folder / MODEL)
        self._together = Together(self.encode, self.jobs)

    def get_query_embedding(self, query: str) -> list[float]:
        """The vector of a question."""
        return self._together.one(self._made.query + query).tolist()

    def get_text_embedding_batch(self, texts: Sequence[str]) -> list[list[float]]:
        """The vectors of texts of an index."""
        return self.encode([self._made.text + text for text in texts]).tolist()

    def encode(self, texts: Sequence[str]) -> Floats:
        """The normalised vectors (n x dimension), in the order of the texts."""
        vectors = np.zeros((len(texts), self._dimension), dtype=np.float32)
        read = self._tokenizer.encode_batch([text.strip() for text in texts])
        order = sorted(range(len(texts)), key=lambda row: -len(read[row].ids))
        steps = [order[start : start + STEP] for start in range(0, len(order), STEP)]

        def one(rows: list[int]) -> None:
            vectors[rows] = self._run(SENTENCE, [read[row].ids for row in rows])

        if len(steps) <= 2 or self.jobs == 1:  # a batch of questions is one thread's: others have theirs
            for rows in steps:
                one(rows)
        else:
            with ThreadPoolExecutor(self.jobs) as threads:
                list(threads.map(one, steps))
        return normalised(vectors)

    def _run(self, output: str, ids: Sequence[Sequence[int]]) -> Floats:
        """One batch of token ids, padded to its longest."""
        given = np.full((len(ids), max(map(len, ids))), self._made.pad, dtype=np.int64)
        mask = np.zeros_like(given)
        for row, some in enumerate(ids):
            given[row, : len(some)], mask[row, : len(some)] = some, 1
        known = {"input_ids": given, "attention_mask": mask}
        fed = {name: known[name] for name in self._made.inputs}
        return np.asarray(self._session.run([output], fed)[0], dtype=np.float32)


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def normalised(vectors: Floats) -> Floats:
    """The vectors with length 1 (n x dimension); one of length 0 stays."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def _tokenizer(model: ModelInfo, made: Export) -> Any:
    """One of its own: what is set to cut off here must not cut off where tokens are counted."""
    from tokenizers import Tokenizer

    try:
        tokenizer: Any = Tokenizer.from_str(load_tokenizer(model.folder).to_str())
    except ModelError as error:
        raise EncoderError(str(error)) from error
    tokenizer.enable_truncation(model.window)
    return tokenizer


def _session(path: Path) -> Any:
    """The only place that imports ONNX Runtime. Memory is not kept for the largest batch ever seen.

    From 1.32 on it numbers the device in the home folder and reports to its maker, unless it is told not to before it
    is imported.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    options: Any = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # what the library raises for a file that it cannot open has no narrower base
        raise EncoderError(f"the exported model cannot be opened ({type(error).__name__})") from error
