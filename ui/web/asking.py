"""Questions over HTTP: run in threads, at most so many at once, streamed or whole, ended when the client leaves.

Asked of one `Assistant`; knows Starlette's requests and responses, and nothing of routes, statuses or FastAPI.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, cast

import anyio
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Send
from starlette.types import Scope as AsgiScope

from assistant.answers import Answer, Scope
from assistant.service import Assistant, Delta
from corpus.errors import ProjectError

FAILED = "Something went wrong inside the assistant: its log says what; try again."
_WATCH_SECONDS = 0.25
"""How often a client that waits for a whole answer is checked to be still there."""

_WAITING = b": the model is still thinking\n\n"
"""A comment, which every client skips: it keeps the connection, and shows whether the client is still there."""

_log = logging.getLogger(__name__)


class BusyError(Exception):
    """Every place is taken."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and where the asker is."""

    question: str
    week: int | None
    scope: Scope
    llm: str = "auto"


class Gate:
    """Places for questions. Used on the event loop only, so a plain count is enough."""

    def __init__(self, places: int) -> None:
        self._free = places
        self.threads = anyio.CapacityLimiter(places)

    @contextmanager
    def place(self) -> Generator[None]:
        if self._free == 0:
            raise BusyError
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1


async def pieces(assistant: Assistant, asked: Asked, gate: Gate) -> AsyncGenerator[Delta | Answer]:
    """What `Assistant.stream` yields, a thread a piece; closes it and frees the place whatever happens."""
    with gate.place():
        stream = _stream(assistant, asked)
        try:
            while (piece := await run_sync(next, stream, None, limiter=gate.threads)) is not None:
                yield piece
        finally:
            with anyio.CancelScope(shield=True):
                await run_sync(stream.close, limiter=gate.threads)


async def whole(assistant: Assistant, asked: Asked, gate: Gate, request: Request) -> Response:
    """The answer alone, made in one thread; a client that leaves ends it."""
    left = threading.Event()

    def last() -> Delta | Answer | None:
        with closing(_stream(assistant, asked)) as stream:
            return next((piece for piece in stream if isinstance(piece, Answer) or left.is_set()), None)

    async def watch() -> None:
        while not await request.is_disconnected():
            await anyio.sleep(_WATCH_SECONDS)
        left.set()

    with gate.place():
        watching = asyncio.create_task(watch())
        try:
            piece = await run_sync(last, limiter=gate.threads)
        finally:
            watching.cancel()
    return JSONResponse(piece.as_json()) if isinstance(piece, Answer) else Response(status_code=499)


def _stream(assistant: Assistant, asked: Asked) -> Generator[Delta | Answer]:
    stream = assistant.stream(asked.question, week=asked.week, scope=asked.scope, llm=asked.llm)
    return cast("Generator[Delta | Answer]", stream)


class Events(StreamingResponse):
    """Pieces as server-sent events. The first one is there already, so that what can be refused has been refused
    with a status; an error after it becomes the one `error` event."""

    media_type = "text/event-stream"

    def __init__(self, first: Delta | Answer, rest: AsyncGenerator[Delta | Answer]) -> None:
        super().__init__(_events(first, rest), headers={"Cache-Control": "no-store"})
        self._rest = rest

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            with anyio.CancelScope(shield=True):
                await self._rest.aclose()


async def _events(first: Delta | Answer, rest: AsyncIterator[Delta | Answer]) -> AsyncIterator[bytes]:
    yield _event(first)
    try:
        async for piece in rest:
            yield _event(piece)
    except ProjectError as error:
        yield _data("error", {"error": str(error)})
    except Exception:  # noqa: BLE001 -- the status is sent already, so this is where an unforeseen error gets its sentence
        _log.exception("a streamed answer failed")
        yield _data("error", {"error": FAILED})


def _event(piece: Delta | Answer) -> bytes:
    if isinstance(piece, Answer):
        return _data("answer", piece.as_json())
    return _data("delta", {"text": piece.text}) if piece.text else _WAITING


def _data(event: str, data: dict[str, Any]) -> bytes:
    return f"event: {event}\ndata: {json.dumps(data)}\n\n".encode()
