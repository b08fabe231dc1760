"""`roadmap doctor` says what works: with an index, with an encoder that is damaged, and with nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from corpus.settings import Settings
from ingest.index.model import find_model
from ingest.index.onnx_encoder import encoder_folder
from ingest.index.onnx_export import ensure_export
from tests.eval_fixtures import Notes
from ui.cli.doctor import examine


@pytest.fixture(name="data")
def data_fixture(notes: Notes, tmp_path: Path) -> Path:
    return Path(shutil.copytree(notes.folder, tmp_path / "data", ignore=shutil.ignore_patterns("encoder")))


def found(settings: Settings) -> dict[str, tuple[bool, str]]:
    return {finding.what: (finding.works, finding.said) for finding in examine(settings)}


def test_with_an_index_and_an_exported_model_all_works(data: Path) -> None:
    assert "has not been exported" in found(Settings(data=data))["encoder"][1]
    ensure_export(data, find_model())
    said = found(Settings(data=data))
    assert said["encoder"] == (True, "ONNX Runtime")
    assert said["index"][0]


def test_a_damaged_export_is_told_with_what_to_do_and_fails_nothing(data: Path) -> None:
    ensure_export(data, find_model())
    (encoder_folder(data, find_model()) / "model.onnx").write_bytes(b"cut off")
    said = found(Settings(data=data))
    assert "damaged: `roadmap ingest` makes it anew" in said["encoder"][1]
    assert all(works for works, _ in said.values())


def test_without_an_index_or_a_model_it_says_what_to_run(tmp_path: Path) -> None:
    assert found(Settings(data=tmp_path))["index"] == (False, "there is none yet: run `roadmap ingest`.")
    missing = found(Settings(data=tmp_path, embed_model=str(tmp_path)))["embedding model"]
    assert not missing[0]


def test_a_damaged_index_fails(data: Path) -> None:
    generation = next((data / "generations").iterdir())
    (generation / "vectors.npy").write_bytes(b"nothing")
    assert found(Settings(data=data))["index"][0] is False
