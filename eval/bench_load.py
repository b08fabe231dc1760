"""Many askers at once: our server against a FastAPI app around LlamaIndex's plain starter, in one run, on this machine.

    python -m eval.bench_load DATA [--seconds S]    prints a line for 1, 8 and 64 clients

Both have the same model and pages. Ours is asked half about weeks and half about topics, each text another, and
composes answers; the starter retrieves two nodes and composes nothing. Bounded: a rate is what was answered in the
seconds given.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http import HTTPStatus
from itertools import count
from pathlib import Path

import httpx

from eval.cases import load_pages

CLIENTS = (1, 8, 64)
START_SECONDS = 300
STARTER = """
import sys
from pathlib import Path
import uvicorn
from fastapi import FastAPI
from llama_index.core import Settings, StorageContext, VectorStoreIndex
from ingest.index.model import find_model, load_embedding
from ingest.index.nodes import to_node
from ingest.index.generations import Generations
from ingest.index.manifest import read_chunks, read_vectors
folder = Generations(Path(sys.argv[1])).current()
Settings.llm, Settings.embed_model = None, load_embedding(find_model())
nodes = [to_node(chunk) for chunk in read_chunks(folder)]
for node, vector in zip(nodes, read_vectors(folder)):
    node.embedding = vector.tolist()
retriever = VectorStoreIndex(nodes).as_retriever(similarity_top_k=2)
app = FastAPI()
@app.post("/api/v1/ask")
def ask(body: dict) -> dict:
    return {"answer": [found.get_content() for found in retriever.retrieve(body["question"])]}
@app.get("/readyz")
def ready() -> dict:
    return {}
uvicorn.run(app, port=int(sys.argv[2]), log_level="error")
"""
OURS = "from ui.cli.app import main; main()"


@dataclass(frozen=True, slots=True)
class Load:
    """What so many clients got: answers a second, milliseconds of one in twenty, refusals, and errors."""

    clients: int
    rate: float
    p95: float
    refused: int
    failed: int
    health_p95: float


def main() -> None:
    """Prints a line of JSON for each number of clients and side."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench_load", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--seconds", type=float, default=15)
    given = parser.parse_args()
    for name, loads in measure(given.data, given.seconds).items():
        for load in loads:
            sys.stdout.write(json.dumps({"side": name, **asdict(load)}) + "\n")


def measure(data: Path, seconds: float) -> dict[str, list[Load]]:
    """Ours and the starter, each alone on the machine, one after the other."""
    ours = [sys.executable, "-c", OURS, "serve", "--port", "{port}"]
    theirs = [sys.executable, "-c", STARTER, str(data), "{port}"]
    found: dict[str, list[Load]] = {}
    for name, command, asked in (("ours", ours, _mixed), ("starter", theirs, _topics)):
        with served(command, data) as (url, _):
            found[name] = [asyncio.run(_load(url, clients, seconds, asked())) for clients in CLIENTS]
    return found


def _topics() -> Iterator[str]:
    """Questions that the notes answer, no two alike."""
    known = [case.question for case in load_pages() if case.suite == "own"]
    for number in count():
        yield f"{known[number % len(known)].rstrip('?')} (case {number})?"


def _mixed() -> Iterator[str]:
    topics = _topics()
    for number in count():
        yield next(topics) if number % 2 else f"what should I do in week {number // 2 % 48 + 1} ({number})?"


async def _load(url: str, clients: int, seconds: float, asked: Iterator[str]) -> Load:
    took, refused, failed = list[float](), 0, 0
    limits = httpx.Limits(max_connections=clients + 1)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as client:
        end = time.perf_counter() + seconds

        async def work() -> None:
            nonlocal refused, failed
            while time.perf_counter() < end:
                begun = time.perf_counter()
                response = await client.post("/api/v1/ask", json={"question": next(asked)})
                refused += response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
                failed += response.status_code not in (HTTPStatus.OK, HTTPStatus.SERVICE_UNAVAILABLE)
                if response.status_code == HTTPStatus.OK:
                    took.append(time.perf_counter() - begun)

        health = list[float]()

        async def look() -> None:
            while time.perf_counter() < end:
                begun = time.perf_counter()
                await client.get("/healthz")
                health.append(time.perf_counter() - begun)
                await asyncio.sleep(0.1)

        begun = time.perf_counter()
        await asyncio.gather(look(), *(work() for _ in range(clients)))
        rate = len(took) / (time.perf_counter() - begun)
    return Load(clients, rate, _p95(took), refused, failed, _p95(health))


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1] * 1000 if len(seconds) > 1 else 0.0


@contextmanager
def served(command: list[str], data: Path) -> Generator[tuple[str, int]]:
    """A server over a data folder until the end: its address, and its process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    filled = [part.replace("{port}", port) for part in command]
    environment = {**os.environ, "ROADMAP_DATA": str(data)}
    with subprocess.Popen(filled, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            _until(lambda: httpx.get(f"{url}/readyz").status_code == HTTPStatus.OK, process)
            yield url, process.pid
        finally:
            process.terminate()


def _until(is_up: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            if is_up():
                return
        except httpx.TransportError:
            pass
        time.sleep(0.3)
    raise TimeoutError("a server that is measured does not start")


if __name__ == "__main__":
    main()
