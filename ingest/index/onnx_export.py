"""The embedding model -> ONNX, once, through sentence-transformers and torch, checked against them on probe texts.

The whole model is exported, pooling and all, so that what runs is what sentence-transformers computes. A model that
cannot be exported, or that gives other vectors, is remembered with the reason and stays with sentence-transformers.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import ProjectError
from ingest.index.model import ModelInfo, digest_of, find_model, load_embedding, whole_model
from ingest.index.onnx_encoder import (
    EXPORTER,
    MODEL,
    SENTENCE,
    TOKENS,
    WEIGHTS,
    EncoderError,
    Export,
    OnnxEncoder,
    encoder_folder,
    normalised,
    open_encoder,
    read_export,
)

if TYPE_CHECKING:
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

ALIKE = 0.9999
"""Cosine to sentence-transformers' own vector that every probe must reach."""

PROBES = (
    "what is dropout?",
    "  How do I fine-tune a language model, and what does it cost?\n",
    "def f(x): return {k: v ** 2 for k, v in x.items() if v != 0}  # naïve – “quoted” 汉字 🙂",
    "?",
    "",
    "Gradient descent takes small steps towards the minimum of the loss. " * 60,
)
"""Short, long, empty, odd, and longer than what a model reads."""

OPSET = 17
SECONDS = 900
"""After which an export is given up; it takes four on a quiet laptop, and importing torch."""

_log = logging.getLogger(__name__)


def ensure_export(data: Path, model: ModelInfo, *, again: bool = False) -> None:
    """Exports the model where that was not done yet, or what was made is damaged; `again`: where it failed, too.

    In a process of its own, whose memory goes with it. Never fails: what is wrong is written down, and told by
    `open_encoder`.
    """
    made = read_export(data, model)
    if made is not None and made.failed and not again:
        return
    try:
        open_encoder(data, model)
    except EncoderError:
        said = _exported_beside(data, model)
        if said:
            _log.warning("The embedding model stays with sentence-transformers: no export to ONNX (%s).", said)
            Export(EXPORTER, model.revision, failed=said).write(encoder_folder(data, model))


def _exported_beside(data: Path, model: ModelInfo) -> str:
    """Why the export failed; "" if it did not."""
    folder = encoder_folder(data, model).absolute()
    command = [sys.executable, "-m", "ingest.index.onnx_export", str(folder), model.name]
    home = Path(__file__).parents[2]  # as for `vectors.probe`
    try:
        run = subprocess.run(command, cwd=home, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return f"it took more than {SECONDS} s"
    last = (run.stderr.strip().splitlines() or [f"exit status {run.returncode}"])[-1]
    return last[:200] if run.returncode else ""


def _export(folder: Path, model: ModelInfo) -> str:
    """Exports and checks; what is wrong, or "". Runs in the process of the export."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix="new.", dir=folder) as new:
            beside, embedding = Path(new), load_embedding(model, plainly=True)
            made = _written(beside, embedding, model)
            _check(OnnxEncoder(beside, made, model), embedding)
            for name in (WEIGHTS, MODEL):
                (beside / name).replace(folder / name)
        made.write(folder)
    except ProjectError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - what torch raises for a model that it cannot export has no narrower base
        return f"{type(error).__name__}"
    return ""


def _written(folder: Path, embedding: HuggingFaceEmbedding, model: ModelInfo) -> Export:
    """Traces the model with two texts of seven tokens; both numbers are free in what is written."""
    import onnx
    import torch

    whole = whole_model(embedding)
    tokenizer = whole.tokenizer
    wants_types = "token_type_ids" in tokenizer.model_input_names

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.whole = whole

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            given = {"input_ids": ids, "attention_mask": mask}
            if wants_types:
                given["token_type_ids"] = torch.zeros_like(ids)
            found = self.whole(given)
            return found["sentence_embedding"], found["token_embeddings"]

    inputs = ("input_ids", "attention_mask")
    ids = torch.ones((2, 7), dtype=torch.long)
    free = {0: "texts", 1: "longest"}
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # the tracer warns of each constant; the probes show whether one matters
        torch.onnx.export(
            Whole().eval(),
            (ids, torch.ones_like(ids)),
            str(folder / MODEL),
            input_names=list(inputs),
            output_names=[SENTENCE, TOKENS],
            dynamic_axes=dict.fromkeys((*inputs, TOKENS), free) | {SENTENCE: {0: "texts"}},
            opset_version=OPSET,
            dynamo=False,  # the other exporter needs two more packages
        )
    onnx.save_model(
        onnx.load_model(folder / MODEL),
        folder / MODEL,
        save_as_external_data=True,
        all_tensors_to_one_file=True,
        location=WEIGHTS,
    )
    prompts: dict[str, str] = whole.prompts
    pad = int(tokenizer.pad_token_id or 0)
    digest = digest_of(folder / MODEL, folder / WEIGHTS)
    return Export(EXPORTER, model.revision, digest, inputs, pad, prompts.get("query") or "", prompts.get("text") or "")


def _check(encoder: OnnxEncoder, embedding: HuggingFaceEmbedding) -> None:
    """Compares the vectors of the probes, as questions and as texts. Errors: `EncoderError` naming the worst."""
    for ours, theirs in (
        (encoder.get_text_embedding_batch(PROBES), embedding.get_text_embedding_batch(list(PROBES))),
        ([encoder.get_query_embedding(p) for p in PROBES], [embedding.get_query_embedding(p) for p in PROBES]),
    ):
        one, other = (np.asarray(vectors, dtype=np.float32) for vectors in (ours, theirs))
        worst = float((one * normalised(other)).sum(axis=1).min()) if one.shape == other.shape else 0.0
        if not worst >= ALIKE:
            raise EncoderError(f"its vectors differ, cosine {worst:.4f}")


if __name__ == "__main__":
    sys.exit(_export(Path(sys.argv[1]), find_model(sys.argv[2])) or 0)
