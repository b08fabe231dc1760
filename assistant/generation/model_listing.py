"""The models that a server of the OpenAI protocol names, with their contexts. Knows nothing of keys or deadlines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import httpx

_MOST = 1_000_000
"""Bytes of a list of models; what is longer is none."""


@dataclass(frozen=True, slots=True)
class Served:
    """A model that a server names, and the tokens of its context if it says so."""

    name: str
    context: int | None = None


async def served(http: httpx.AsyncClient, url: str) -> tuple[Served, ...]:
    """The models that a server names. Errors: `httpx.HTTPError`; an answer that cannot be read names none."""
    body = bytearray()
    async with http.stream("GET", f"{url}/models") as response:
        if not response.is_success:
            return ()
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > _MOST:
                return ()
    try:
        listed = json.loads(body)["data"]
        return tuple(Served(str(entry["id"]), _context(entry)) for entry in listed)
    except (ValueError, KeyError, TypeError, RecursionError):
        return ()


def _context(entry: dict[str, Any]) -> int | None:
    """llama.cpp says `meta.n_ctx`, vLLM `max_model_len`, OpenRouter `context_length`."""
    meta = entry.get("meta")
    values = (meta.get("n_ctx") if isinstance(meta, dict) else None, entry.get("max_model_len"))
    return next((v for v in (*values, entry.get("context_length")) if isinstance(v, int) and v > 0), None)
