"""The exported model gives sentence-transformers' own vectors, imports no torch, and is not used when damaged."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from ingest_fixtures import exported_fixture, model_fixture  # noqa: F401

from ingest.index import onnx_export
from ingest.index.encoder import load_encoder
from ingest.index.model import ModelInfo, digest_of, find_model, load_embedding
from ingest.index.onnx_encoder import EncoderError, OnnxEncoder, encoder_folder, open_encoder, read_export
from ingest.index.onnx_export import ensure_export

TEXTS = [
    "what is dropout?",
    "",
    "  Two\n\nparagraphs   with \t spaces. ",
    "naïve façade – 汉字 🙂 \u200b",
    "for i in range(10): print(f'{i:>3}')",
    "word " * 700,
    "short",
    *(
        f"Sentence number {number} of the index says something about gradient {'descent ' * number}."
        for number in range(30)
    ),
]


@pytest.fixture(name="folder")
def folder_fixture(exported: Path, tmp_path: Path) -> Path:
    """A data folder with an export, for a test to spoil."""
    return Path(shutil.copytree(exported, tmp_path / "data"))


def cosines(ours: list[list[float]], theirs: list[list[float]]) -> np.ndarray:
    return (np.array(ours) * np.array(theirs)).sum(axis=1)


def test_texts_and_questions_get_the_vectors_of_sentence_transformers(exported: Path, model: ModelInfo) -> None:
    encoder, reference = open_encoder(exported, model), load_embedding(model)
    theirs = reference.get_text_embedding_batch(TEXTS)
    assert cosines(encoder.get_text_embedding_batch(TEXTS), theirs).min() > 0.99999
    asked = [encoder.get_query_embedding(text) for text in TEXTS[:5]]
    assert cosines(asked, [reference.get_query_embedding(text) for text in TEXTS[:5]]).min() > 0.99999


def test_vectors_do_not_hang_on_what_is_encoded_beside_them(exported: Path, model: ModelInfo) -> None:
    encoder = open_encoder(exported, model)
    together = encoder.encode(TEXTS)
    alone = np.stack([encoder.encode([text])[0] for text in TEXTS])
    encoder.jobs = 1
    assert np.allclose(together, alone, atol=1e-6)
    assert np.array_equal(encoder.encode(TEXTS), together)
    assert encoder.encode([]).shape == (0, model.dimension)


def test_a_question_is_encoded_without_torch_and_transformers(exported: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from ingest.index.model import find_model;"
        "from ingest.index.encoder import load_encoder;"
        f"load_encoder(Path({str(exported)!r}), find_model()).encoder.get_query_embedding('what is dropout?');"
        "sys.exit(' '.join({'torch', 'transformers', 'sentence_transformers', 'llama_index'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_onnx_runtime_numbers_no_device_and_reports_to_nobody(exported: Path, tmp_path: Path) -> None:
    """Its telemetry is native code, which no guard of Python's sees: what it would send it first keeps in the home."""
    code = (
        "from pathlib import Path; from ingest.index.model import find_model; from ingest.index.onnx_encoder import *;"
        f"open_encoder(Path({str(exported)!r}), find_model()).get_query_embedding('what is dropout?')"
    )
    home = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "ORT_"))}
    done = subprocess.run([sys.executable, "-c", code], env=home | {"HOME": str(tmp_path)}, check=False)
    assert done.returncode == 0
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("model.onnx", None, "missing"),
        ("model.onnx", b"", "damaged"),
        ("model.onnx", b"\x08\x07 no model", "damaged"),
        ("weights.bin", None, "missing"),
        ("weights.bin", b"cut off", "damaged"),
        ("encoder.json", None, "not been exported"),
        ("encoder.json", b"{nothing", "not been exported"),
        ("encoder.json", b"[]", "not been exported"),
    ],
)
def test_what_is_damaged_is_not_used_and_the_next_ingest_makes_it_anew(
    folder: Path, model: ModelInfo, name: str, content: bytes | None, said: str
) -> None:
    path = encoder_folder(folder, model) / name
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    loaded = load_encoder(folder, model)
    assert said in loaded.fallback
    assert "roadmap ingest" in loaded.fallback
    assert len(loaded.encoder.get_query_embedding("still answered")) == model.dimension


@pytest.mark.parametrize("name", ["model.onnx", "weights.bin"])
def test_one_flipped_bit_is_damage_that_an_ingest_mends(folder: Path, model: ModelInfo, name: str) -> None:
    path = encoder_folder(folder, model) / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(EncoderError, match="damaged"):
        open_encoder(folder, model)
    ensure_export(folder, model)
    assert open_encoder(folder, model).encode(["x"]).shape == (1, model.dimension)
    assert sorted(p.name for p in path.parent.iterdir()) == ["encoder.json", "model.onnx", "weights.bin"]


def test_a_file_with_the_right_digest_that_cannot_be_opened_falls_back(folder: Path, model: ModelInfo) -> None:
    place = encoder_folder(folder, model)
    (place / "model.onnx").write_bytes(b"not a graph")
    made = read_export(folder, model)
    assert made is not None
    replace(made, digest=digest_of(place / "model.onnx", place / "weights.bin")).write(place)
    assert "cannot be opened" in load_encoder(folder, model).fallback


def test_the_export_of_another_model_or_way_is_not_used(folder: Path, model: ModelInfo) -> None:
    other = replace(model, revision=model.revision[:16] + "0" * 48)
    with pytest.raises(EncoderError, match="not been exported"):
        open_encoder(folder, other)
    record = encoder_folder(folder, model) / "encoder.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | {"exporter": 0}))
    with pytest.raises(EncoderError, match="not been exported"):
        open_encoder(folder, model)


def test_an_export_that_is_there_is_not_made_again(
    exported: Path, model: ModelInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx_export, "_exported_beside", lambda *_: pytest.fail("it was exported again"))
    ensure_export(exported, model)
    ensure_export(exported, model, again=True)


def test_a_model_that_cannot_be_exported_is_tried_once_and_says_why(
    tmp_path: Path, model: ModelInfo, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Path(shutil.copytree(model.folder, tmp_path / "broken-model"))
    (broken / "model.safetensors").write_bytes(b"weights")
    info = find_model(str(broken))
    ensure_export(tmp_path, info)
    assert "no export to ONNX (embedding model 'broken-model' cannot be loaded" in caplog.text
    assert str(tmp_path) not in caplog.text
    with pytest.raises(EncoderError, match="cannot be exported to ONNX"):
        open_encoder(tmp_path, info)
    tried: list[object] = []
    monkeypatch.setattr(onnx_export, "_exported_beside", lambda *given: tried.append(given) or "again")
    ensure_export(tmp_path, info)
    assert tried == []
    ensure_export(tmp_path, info, again=True)
    assert len(tried) == 1


def test_a_model_whose_vectors_differ_is_refused(exported: Path, model: ModelInfo) -> None:
    made = read_export(exported, model)
    assert made is not None
    folder = encoder_folder(exported, model)
    reference = load_embedding(model)
    onnx_export._check(OnnxEncoder(folder, made, model), reference)
    for wrong in (replace(made, query="query: "), replace(made, text="passage: ")):
        with pytest.raises(EncoderError, match="its vectors differ"):
            onnx_export._check(OnnxEncoder(folder, wrong, model), reference)
    with pytest.raises(EncoderError, match="its vectors differ"):
        onnx_export._check(OnnxEncoder(folder, made, replace(model, window=16)), reference)


@pytest.mark.parametrize("pooling", ["cls", "mean", "max"])
def test_any_model_is_exported_with_its_own_pooling(tmp_path: Path, model: ModelInfo, pooling: str) -> None:
    small = small_model(tmp_path / "small", model, pooling)
    ensure_export(tmp_path, small)
    ours = open_encoder(tmp_path, small).get_text_embedding_batch(TEXTS)
    assert cosines(ours, load_embedding(small).get_text_embedding_batch(TEXTS)).min() > 0.9999


def small_model(folder: Path, like: ModelInfo, pooling: str) -> ModelInfo:
    """A model of one layer with random weights, the bundled one's tokens, and no layer that normalises."""
    from transformers import BertConfig, BertModel

    shutil.copytree(like.folder, folder, ignore=shutil.ignore_patterns("*.safetensors"))
    config = BertConfig(num_hidden_layers=1, hidden_size=32, num_attention_heads=2, intermediate_size=64)
    BertModel(config).save_pretrained(folder)
    (folder / "modules.json").write_text(json.dumps(json.loads((folder / "modules.json").read_text())[:2]))
    names = ("cls_token", "mean_tokens", "max_tokens")
    chosen = {f"pooling_mode_{name}": name.startswith(pooling) for name in names}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({"word_embedding_dimension": 32, **chosen}))
    return find_model(str(folder))
