"""What a run was made of, so that it can be done again: hashes of code and questions, versions, seeds, the machine."""

from __future__ import annotations

import hashlib
import platform
import resource
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from corpus.settings import Settings
from eval.cases import PageCase
from eval.metrics import SEED
from eval.own.wanted import Wanted
from eval.results import Made

PACKAGES = ("chromadb", "sentence-transformers", "onnxruntime", "bm25s", "numpy", "scipy", "pytrec-eval-terrier")
_CODE = ("corpus", "ingest", "assistant", "eval")


@cache
def code_hash() -> str:
    """SHA-256 of the sources that decide a figure."""
    root, found = Path(__file__).parents[2], hashlib.sha256()
    for package in _CODE:
        for path in sorted((root / package).rglob("*.py")):
            found.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return found.hexdigest()


def versions() -> dict[str, str]:
    """Python and the packages that decide a figure."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def peak_memory() -> float:
    """The most memory that this process had so far, in megabytes (Linux and macOS count in other units)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 if platform.system() != "Darwin" else 1024) / 1024


def run_key(parts: Sequence[str]) -> str:
    """Equal keys: the same run, which may go on where it was stopped."""
    return hashlib.sha256("\n".join((*parts, code_hash())).encode()).hexdigest()


def made(cases: Sequence[PageCase], wanted: Wanted | None, settings: Settings, *, by_model: bool) -> Made:
    """What the run was made of, and why it may come out otherwise a second time."""
    differs: list[str] = []
    if by_model and settings.llm_url:
        differs.append("Answers were written by a language model, which may say something else another time.")
    if wanted is not None and len(wanted.cases) < wanted.of:
        differs.append(f"{len(wanted.cases)} of {wanted.of} questions were measured; the same ones each time.")
    asked = hashlib.sha256("\n".join(sorted(f"{c.suite} {c.question}" for c in cases)).encode()).hexdigest()
    return Made(code_hash(), asked, SEED, versions(), round(peak_memory()), tuple(differs))
