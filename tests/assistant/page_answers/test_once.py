"""A process that asks once imports neither torch nor LlamaIndex nor Chroma, finds the same, and serves no damage."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.answers import Query
from assistant.retrieval.retriever import HybridRetriever
from corpus.roadmap import Weeks
from ingest.index.generations import Generations
from ingest.index.model import find_model
from ingest.index.onnx_export import ensure_export
from ingest.index.reader import open_once
from tests.eval_fixtures import Notes

HEAVY = ("torch", "transformers", "llama_index", "chromadb", "scipy", "numba", "bm25s")


@pytest.fixture(name="data")
def data_fixture(notes: Notes, tmp_path: Path) -> Path:
    return Path(shutil.copytree(notes.folder, tmp_path / "data"))


def test_a_question_from_a_cold_start_imports_nothing_heavy(data: Path) -> None:
    ensure_export(data, find_model())
    code = (
        "import sys; from pathlib import Path; from corpus.settings import Settings;"
        "from assistant.service import Assistant;"
        f"answer = Assistant(Settings(data=Path({str(data)!r})), once=True).ask("
        "'how do file permissions work on the command line?', llm='none');"
        "assert answer.citations, answer.text;"
        f"sys.exit(' '.join(name for name in {HEAVY} if name in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("weeks", [None, Weeks(1, 2), Weeks(30, 31)])
def test_it_finds_what_the_graph_finds(notes: Notes, data: Path, weeks: Weeks | None) -> None:
    index = open_once(data, find_model(), pytest.fail)
    for case in notes.cases[:15]:
        query = Query(case.question, weeks, k=20)
        ours = HybridRetriever(index, notes.embedding).search(query)
        assert ours.rows == HybridRetriever(notes.index, notes.embedding).search(query).rows
        assert ours.degraded == ()
    index.close()


def test_a_damaged_file_that_it_reads_is_seen_and_a_garbled_graph_is_never_opened(data: Path) -> None:
    model, folder = find_model(), Generations(data).current()
    assert folder is not None
    graph = next((folder / "chroma").glob("*/data_level0.bin"))
    graph.write_bytes(b"\xff" * graph.stat().st_size)
    open_once(data, model, pytest.fail).close()
    words = folder / "bm25-chunks" / "data.csc.index.npy"
    words.write_bytes(words.read_bytes()[:-4])
    told: list[str] = []
    index = open_once(data, model, told.append)
    assert words.name in told[0]
    assert index.manifest.generation != folder.name
    index.close()
