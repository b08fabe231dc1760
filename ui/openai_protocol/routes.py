"""The addresses of the OpenAI protocol: /v1/chat/completions, /v1/models, /v1/embeddings.

A conversation is in the messages: what it is about is remembered by what was said (`Remembered`), or else read from the
texts. Only the last message is understood as said now. Errors are left to the application. Knows Starlette.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import threading
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from anyio.to_thread import run_sync
from numpy.typing import NDArray
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from assistant.answers import Answer, Delta
from assistant.conversation import memory_of
from assistant.handling import Memory
from assistant.service import Message
from corpus.errors import ProjectError
from ui.asking import WAITING, Asked, Events, Gate, Told, pieces, whole
from ui.clock import now
from ui.desk import Desk
from ui.errors import sentence_of
from ui.openai_protocol.replies import DONE, Completion, cited, corrected, data, ours, text_of, words
from ui.openai_protocol.requests import (
    SOURCES,
    ChatBody,
    EmbeddingsBody,
    RequestError,
    Said,
    chore,
    clicked,
    read,
    said,
)
from ui.person import is_stranger, person_of
from ui.texts import FAILED

CONFIGURED, QUOTES = "roadmap", "roadmap-quotes"
MODELS = {CONFIGURED: "auto", QUOTES: "none"}
"""Name -> whether the configured language model may write."""
REMEMBERED = 1_000

_log = logging.getLogger(__name__)


class UnknownModelError(RequestError):
    """There is no model of that name."""


class Remembered:
    """What conversations are about, by all that was said in them; the last ones used. Safe in several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Memory] = OrderedDict()

    def get(self, person: str, turns: tuple[tuple[str, str], ...]) -> Memory | None:
        with self._lock:
            return self._kept.get(_digest(person, turns))

    def put(self, person: str, turns: tuple[tuple[str, str], ...], memory: Memory) -> None:
        with self._lock:
            self._kept[_digest(person, turns)] = memory
            while len(self._kept) > REMEMBERED:
                self._kept.popitem(last=False)


def _digest(person: str, turns: tuple[tuple[str, str], ...]) -> str:
    """Blanks at the ends do not count: clients trim."""
    trimmed = [[question.strip(), answer.strip()] for question, answer in turns]
    return hashlib.sha256(json.dumps([person, trimmed]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Turn:
    """One request for a reply: who asks, what was said, and what is to be known of the conversation afterwards."""

    person: str
    said: Said
    memory: Memory
    asked: Asked
    completion: Completion = field(repr=False)


def openai_routes(desk: Desk, gate: Gate) -> list[BaseRoute]:
    """All of them."""
    protocol = _Protocol(desk, gate)
    return [
        Route("/v1/models", protocol.models),
        Route("/v1/models/{id:path}", protocol.model),
        Route("/v1/chat/completions", protocol.chat, methods=["POST"]),
        Route("/v1/embeddings", protocol.embeddings, methods=["POST"]),
    ]


class _Protocol:
    """One method a route."""

    def __init__(self, desk: Desk, gate: Gate) -> None:
        self._desk, self._gate = desk, gate
        self._remembered = Remembered()

    async def models(self, request: Request) -> Response:
        return JSONResponse({"object": "list", "data": [_model(name) for name in self._names()]})

    async def model(self, request: Request) -> Response:
        return JSONResponse(_model(_known(request.path_params["id"], self._names())))

    async def chat(self, request: Request) -> Response:
        body = await read(request, ChatBody)
        llm = MODELS[_known(body.model, list(MODELS))]
        conversation, completion = said(body.messages), Completion(body.model)
        if (done := chore(conversation)) is not None:
            return await self._chore(done, body, completion)
        turn = await run_sync(self._turn, request, conversation, llm, completion, limiter=self._gate.threads)
        if body.stream:
            live = llm != "none" and bool(self._desk.assistant.settings.llm_url)
            counted = bool(body.stream_options and body.stream_options.include_usage)
            rest = pieces(self._desk, turn.asked, self._gate)
            return Events(rest, self._chunks(turn, await anext(rest), rest, live=live, counted=counted))
        told = await whole(self._desk, turn.asked, self._gate, request)
        if told is None:
            return Response(status_code=499)
        text = text_of(told.answer)
        self._remember(turn, text, told.answer)
        return JSONResponse(completion.whole(text, told.answer, conversation.question))

    def _turn(self, request: Request, conversation: Said, llm: str, completion: Completion) -> _Turn:
        """Finds out what the conversation is about. Nothing of it is done again."""
        stranger = is_stranger(request)
        person, owner = person_of(request), "" if stranger else person_of(request)
        memory = self._remembered.get(owner, conversation.turns) if conversation.turns else Memory()
        if memory is None:
            turns = [(question, answer.partition(SOURCES)[0]) for question, answer in conversation.turns]
            memory = self._desk.assistant.recall(turns, person, now())
        text = clicked(conversation.question, memory)
        message = Message(text, person, now(), llm=llm, memory=memory, history=conversation.turns)
        return _Turn(owner, conversation, memory, Asked(message, stranger=stranger), completion)

    def _remember(self, turn: _Turn, text: str, answer: Answer) -> None:
        turns = (*turn.said.turns, (turn.said.question, text))
        self._remembered.put(turn.person, turns, memory_of(turn.memory, answer))

    async def _chunks(
        self, turn: _Turn, first: Delta | Told, rest: AsyncGenerator[Delta | Told], *, live: bool, counted: bool
    ) -> AsyncIterator[bytes]:
        """The events of a stream. live: pieces are passed on as a language model says them."""
        completion, text = turn.completion, ""
        yield completion.chunk({"role": "assistant", "content": ""})
        try:
            async for piece in _chained(first, rest):
                if isinstance(piece, Delta):
                    text += piece.text if live else ""
                    yield completion.chunk({"content": piece.text}) if live and piece.text else WAITING
                    continue
                final = text_of(piece.answer)
                left, same = corrected(text, final)
                for word in words(left):
                    yield completion.chunk({"content": word})
                text += left
                self._remember(turn, text, piece.answer)
                notes = [*cited(final[:same], piece.answer), *cited(text, piece.answer, len(text) - len(final) + same)]
                yield completion.chunk({"annotations": notes} if notes else {}, ended=True, **ours(piece.answer))
        except ProjectError as error:
            yield _failed(sentence_of(error))
        except Exception:  # noqa: BLE001 -- the status is sent already, so this is where an unforeseen error gets its sentence
            _log.exception("a streamed answer failed")
            yield _failed(FAILED)
        if counted:
            yield completion.used(turn.said.question, text)
        yield DONE

    async def _chore(self, done: str, body: ChatBody, completion: Completion) -> Response:
        if not body.stream:
            return JSONResponse(completion.whole(done, None, ""))
        counted = bool(body.stream_options and body.stream_options.include_usage)
        events = [completion.chunk({"role": "assistant", "content": done}), completion.chunk({}, ended=True)]
        events += [completion.used("", done)] if counted else []
        return Response(b"".join([*events, DONE]), media_type="text/event-stream")

    async def embeddings(self, request: Request) -> Response:
        """Vectors of the model that passages are found with."""
        body = await read(request, EmbeddingsBody)
        name = _known(body.model, [self._desk.assistant.settings.embed_model])
        texts = body.texts
        with self._gate.place():
            vectors = await run_sync(self._encoded, texts, limiter=self._gate.threads)
        if body.dimensions not in (None, length := vectors.shape[1]):
            raise RequestError(f"dimensions: vectors of this model have {length}: leave it out.", "dimensions")
        coded = [_coded(vector, body.encoding_format) for vector in vectors]
        listed = [{"object": "embedding", "index": n, "embedding": vector} for n, vector in enumerate(coded)]
        count = sum(len(text.split()) for text in texts)
        used = {"prompt_tokens": count, "total_tokens": count}
        return JSONResponse({"object": "list", "data": listed, "model": name, "usage": used})

    def _encoded(self, texts: list[str]) -> NDArray[np.float32]:
        return self._desk.assistant.query_engine().encode(texts)

    def _names(self) -> list[str]:
        return [*MODELS, self._desk.assistant.settings.embed_model]


async def _chained(first: Delta | Told, rest: AsyncGenerator[Delta | Told]) -> AsyncIterator[Delta | Told]:
    yield first
    async for piece in rest:
        yield piece


def _failed(sentence: str) -> bytes:
    return data({"error": {"message": sentence, "type": "server_error", "param": None, "code": None}})


def _coded(vector: NDArray[np.float32], kind: str) -> Any:
    return base64.b64encode(vector.astype("<f4").tobytes()).decode() if kind == "base64" else vector.tolist()


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "roadmap"}


def _known(name: str, names: list[str]) -> str:
    if name not in names:
        raise UnknownModelError(f"There is no model {name[:60]!r} here: take {' or '.join(names)}.", "model")
    return name
