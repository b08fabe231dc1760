"""Messages of programs: run in threads, at most so many at once, streamed or whole, ended when the client leaves.

Said to the assistant of one `Desk`; one that belongs to a conversation is read with what was said there, and kept in it
once its answer is whole. The API, the OpenAI protocol and MCP ask here. Knows Starlette's requests and responses, and
nothing of routes, statuses or FastAPI.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import anyio
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Send
from starlette.types import Scope as AsgiScope

from assistant.answers import Answer, Choice, Delta, Part
from assistant.service import Message
from assistant.store.conversations import ConversationError, Kept, new_id
from corpus.errors import ProjectError, UsageError
from ui.desk import Desk
from ui.errors import sentence_of
from ui.kept import FULL, MOST_TURNS, kept_turn, memory_after
from ui.texts import FAILED, NO_CONVERSATION, NOT_KEPT, sound
from ui.under_way import StoppedError

NEW = "new"
"""In place of a conversation's id: begin one."""

WAITING = b": the model is still thinking\n\n"
"""A comment, which every client skips: it keeps the connection, and shows whether the client is still there."""

_log = logging.getLogger(__name__)


class BusyError(Exception):
    """Every place is taken."""


class UnknownConversationError(UsageError):
    """The person has no conversation of that id; the message says so."""


class UnsoundError(UsageError):
    """What is said, or where, is no text; the message says so."""


class FullError(UsageError):
    """The conversation takes no more questions; the message says so."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A message, and the conversation that it belongs to: its id, `NEW`, or none.

    stranger: of a person who cannot come again; nothing is kept of them. click: the button that the message is a
    click on, so that its wish is known. Errors: `UnsoundError`, whatever way the texts came.
    """

    message: Message
    conversation: str | None = None
    stranger: bool = False
    click: Choice | None = None

    def __post_init__(self) -> None:
        try:
            sound(self.message.text + (self.conversation or ""))
        except ValueError as error:
            raise UnsoundError(f"This cannot be read: {error}.") from error


@dataclass(frozen=True, slots=True)
class Told:
    """A whole answer, and the id of the conversation that it was kept in."""

    answer: Answer
    conversation: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {**self.answer.as_json(), "conversation": self.conversation}


class Gate:
    """Places for questions, and for as many more as may wait in line for one. Used on the event loop only, so a plain
    count is enough."""

    def __init__(self, places: int, line: int = 0) -> None:
        self._free = places + line
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


async def pieces(desk: Desk, asked: Asked, gate: Gate) -> AsyncGenerator[Delta | Told]:
    """What the assistant says, a thread a piece; ends it and frees the place whatever happens."""
    with gate.place():
        stream = _stream(desk, asked)
        try:
            while (piece := await run_sync(next, stream, None, limiter=gate.threads)) is not None:
                yield piece
        finally:
            with anyio.CancelScope(shield=True):
                await run_sync(stream.close, limiter=gate.threads)


async def whole(desk: Desk, asked: Asked, gate: Gate, request: Request) -> Told | None:
    """The answer alone, made in one thread; a client that leaves ends it, and gets None."""
    left = threading.Event()

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass  # the body, where it was not read
        left.set()

    watching = asyncio.create_task(watch())
    try:
        return await told(desk, asked, gate, left)
    finally:
        watching.cancel()


async def told(desk: Desk, asked: Asked, gate: Gate, left: threading.Event) -> Told | None:
    """The answer alone; None where nobody waits for it any more."""

    def last() -> Delta | Told | None:
        with closing(_stream(desk, asked)) as stream:
            return next((piece for piece in stream if isinstance(piece, Told) or left.is_set()), None)

    with gate.place():
        piece = await run_sync(last, limiter=gate.threads)
    return piece if isinstance(piece, Told) else None


def answered(answer: Told | None) -> Response:
    """A whole answer as JSON; nothing for a client that has left."""
    return Response(status_code=499) if answer is None else JSONResponse(answer.as_json())


def _stream(desk: Desk, asked: Asked) -> Generator[Delta | Told]:
    """Deltas, then the answer, which is kept before it is given away. Errors: `UnknownConversationError`, and those of
    the assistant and of the store; nothing is kept then."""
    kept = _conversation(desk, asked)
    with desk.under_way.one(), closing(desk.assistant.respond(_within(kept, asked))) as said:
        for piece in said:
            if isinstance(piece, Delta):
                if desk.under_way.is_cut:
                    _keep_question(desk, asked, kept)
                    raise StoppedError
                yield piece
                continue
            if kept:
                turn = kept_turn(asked.message.text, piece, asked.message.week, asked.message.scope)
                desk.conversations.keep(asked.message.person, kept.id, len(kept.turns), turn, seen=kept.changed)
            answer = _forgotten(desk, piece, asked.message.person) if asked.stranger else piece
            yield Told(answer, kept.id if kept else None)


def _forgotten(desk: Desk, answer: Answer, stranger: str) -> Answer:
    """The answer to a person who cannot come again: what was noted is deleted, and not said to be kept."""
    if not answer.changes:
        return answer
    desk.companion.forget(stranger)
    return replace(answer, parts=(*answer.parts, Part("notice", NOT_KEPT)), changes=())


def _keep_question(desk: Desk, asked: Asked, kept: Kept | None) -> None:
    """Keeps what was asked without an answer, so that it can be asked again."""
    if kept:
        turn = kept_turn(asked.message.text, None, asked.message.week, asked.message.scope)
        desk.conversations.keep(asked.message.person, kept.id, len(kept.turns), turn, seen=kept.changed)


def _conversation(desk: Desk, asked: Asked) -> Kept | None:
    if asked.conversation is None or (asked.stranger and asked.conversation == NEW):
        return None
    if asked.stranger:
        raise UnknownConversationError(NO_CONVERSATION)
    if asked.conversation == NEW:
        return Kept(new_id(), "", ())
    try:
        kept = desk.conversations.load(asked.message.person, asked.conversation)
    except ConversationError as error:
        raise UnknownConversationError(str(error)) from error
    if len(kept.turns) >= MOST_TURNS:
        raise FullError(FULL)
    return kept


def _within(kept: Kept | None, asked: Asked) -> Message:
    """The message with what was said before it."""
    message = asked.message
    if kept:
        history = [(turn.question, turn.answer.text) for turn in kept.turns if turn.answer]
        message = replace(message, memory=memory_after(turn.answer for turn in kept.turns), history=history)
        message = replace(message, in_turns=True)
    if asked.click:
        memory = replace(message.memory, choices=(*message.memory.choices, asked.click))
        message = replace(message, memory=memory)
    return message


class Events(StreamingResponse):
    """Pieces as server-sent events; `rest` is ended with the response, whatever happens to it."""

    media_type = "text/event-stream"

    def __init__(self, rest: AsyncGenerator[Delta | Told], events: AsyncIterator[bytes]) -> None:
        super().__init__(events, headers={"Cache-Control": "no-store"})
        self._rest = rest

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            with anyio.CancelScope(shield=True):
                await self._rest.aclose()


async def events(first: Delta | Told, rest: AsyncIterator[Delta | Told]) -> AsyncIterator[bytes]:
    """The events of the API. The first piece is there already, so that what can be refused has been refused with a
    status; an error after it becomes the one `error` event."""
    yield _event(first)
    try:
        async for piece in rest:
            yield _event(piece)
    except ProjectError as error:
        yield _data("error", {"error": sentence_of(error)})
    except Exception:  # noqa: BLE001 -- the status is sent already, so this is where an unforeseen error gets its sentence
        _log.exception("a streamed answer failed")
        yield _data("error", {"error": FAILED})


def _event(piece: Delta | Told) -> bytes:
    if isinstance(piece, Told):
        return _data("answer", piece.as_json())
    return _data("delta", {"text": piece.text}) if piece.text else WAITING


def _data(event: str, data: dict[str, Any]) -> bytes:
    return f"event: {event}\ndata: {json.dumps(data)}\n\n".encode()
