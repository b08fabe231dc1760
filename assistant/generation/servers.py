"""Language models on this machine: servers on loopback that could be configured, and a trial of the one that is.

What is found is only ever offered. Knows the usual ports; starts nothing and changes nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Any

import httpx

from assistant.generation.client import Deadlines, LanguageModel, Message, ModelError, client
from assistant.generation.model_listing import served

PORTS = (("Ollama", 11434), ("llama.cpp", 8080), ("a small model", 8081), ("LM Studio", 1234), ("vLLM", 8000))
"""Where these servers listen if nobody changed it."""

_PROBE = Deadlines(connect=1.0, first=2.0, between=2.0, total=3.0)
_TRIAL = "Say in one short sentence what a neural network is."


@dataclass(frozen=True, slots=True)
class Found:
    """A server on this machine, by its usual port, and the models that it names."""

    kind: str
    url: str
    models: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of asking one short question; `error` is empty where it went well."""

    text: str = ""
    first_token_ms: float = 0.0
    pieces_per_second: float = 0.0
    error: str = ""

    @property
    def sentence(self) -> str:
        return (
            f"It works: first token after {self.first_token_ms:.0f} ms, then {self.pieces_per_second:.0f} tokens a "
            f"second. It said: {self.text}"
        )

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def find_servers(ports: Sequence[tuple[str, int]] = PORTS) -> tuple[Found, ...]:
    """The servers that answer on this machine's usual ports, all asked at once."""
    return asyncio.run(_find(ports))


def try_out(model: LanguageModel) -> Trial:
    """Asks the model for one sentence; never raises."""
    begun, first, pieces = time.perf_counter(), 0.0, list[str]()
    try:
        with closing(model.stream(lambda _: [Message("user", _TRIAL)], longest=40)) as stream:
            for piece in stream:
                if piece:
                    first = first or time.perf_counter() - begun
                    pieces.append(piece)
    except ModelError as error:
        return Trial(error=str(error))
    rest = max(time.perf_counter() - begun - first, 1e-6)
    return Trial("".join(pieces).strip(), round(first * 1000, 1), round(max(len(pieces) - 1, 0) / rest, 1))


async def _find(ports: Sequence[tuple[str, int]]) -> tuple[Found, ...]:
    asked = await asyncio.gather(*(_probe(kind, f"http://127.0.0.1:{port}/v1") for kind, port in ports))
    return tuple(found for found in asked if found)


async def _probe(kind: str, url: str) -> Found | None:
    try:
        async with asyncio.timeout(_PROBE.total), client(url, "", _PROBE) as http:
            models = await served(http, url)
    except (httpx.HTTPError, TimeoutError):
        return None
    return Found(kind, url, tuple(model.name for model in models)) if models else None
