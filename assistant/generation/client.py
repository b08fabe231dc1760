"""The language model, if one is configured: any server of the OpenAI chat-completions protocol, by `OpenAILike`.

`configured(settings, choice)` says which; `LanguageModel.stream()` gives its text piece by piece under four deadlines.
The HTTP stream runs in a thread of its own, so that whoever waits for a piece can leave at any time. Knows nothing of
prompts, passages or answers. Keys are in no error, log or repr. Imports LlamaIndex: for those who have a model only.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Generator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
from llama_index.core.base.llms.types import ChatMessage, ChatResponse
from llama_index.llms.openai_like import OpenAILike
from openai import APIConnectionError, APIStatusError, OpenAIError

from assistant.generation.model_listing import served
from corpus.errors import ProjectError, UsageError
from corpus.proxies import unusable
from corpus.settings import Settings

_T = TypeVar("_T")

BEAT = 0.25
"""Seconds after which `stream` gives None instead of a piece, so that its reader is never held for longer."""

CONTEXT = 4096
"""Tokens of context that are assumed where the server does not say."""

LONGEST = 400
"""Tokens that an answer may have."""

_CHARS = 20
"""Characters a token at the most: a server that does not stop at the limit of tokens is left there."""

_LEAVE = 1.5
"""Seconds that closing waits for the HTTP stream to be closed."""

_MALFORMED = (ValueError, KeyError, AttributeError, TypeError, IndexError, RecursionError)
"""What LlamaIndex and OpenAI's client raise on chunks that are no chunks."""

_STATUS = {
    401: "it refused the key: check ROADMAP_LLM_KEY",
    403: "it refused the key: check ROADMAP_LLM_KEY",
    404: "it knows no such model or address: check ROADMAP_LLM_MODEL and ROADMAP_LLM_URL",
    429: "it has too much to do",
}


class ModelError(ProjectError):
    """The language model could not answer; the message says why, and never holds the key."""


class ChoiceError(UsageError):
    """A model was asked for by name, and no server is configured."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds: until connected, until the first piece, between two pieces, and for all of it."""

    connect: float = 5.0
    first: float = 60.0
    between: float = 20.0
    total: float = 180.0


DEADLINES = Deadlines()
"""Those of a configured model."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt; `role` is "system", "user" or "assistant"."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A server and one of its models; an empty `name` takes the first that the server names."""

    url: str
    name: str = ""
    key: str = field(default="", repr=False)
    deadlines: Deadlines = DEADLINES

    @property
    def place(self) -> str:
        """Host and port, for showing."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    def stream(
        self, prompt_for: Callable[[int], Sequence[Message]], longest: int = LONGEST
    ) -> Generator[str | None, None, bool]:
        """Pieces of the model's text, None after each `BEAT` without one; returns whether the model came to its own
        end, False where it was cut at `longest` tokens.

        `prompt_for` makes the prompt for a context of so many tokens. Closing the generator closes the HTTP stream.
        Errors: `ModelError`.
        """
        pieces: queue.SimpleQueue[str | bool | ModelError] = queue.SimpleQueue()
        work = Work(_Chat(self, prompt_for, longest, pieces.put).run, pieces.put)
        work.start()
        try:
            while True:
                try:
                    piece = pieces.get(timeout=BEAT)
                except queue.Empty:
                    yield None
                    continue
                if isinstance(piece, ModelError):
                    raise piece
                if isinstance(piece, bool):
                    return piece
                yield piece
        finally:
            work.leave()


def configured(settings: Settings, choice: str = "auto") -> LanguageModel | None:
    """The model for `choice`: "none", "auto" (the configured one, if any) or the name of a model on that server.

    A server that merely runs on this machine is never taken. Errors: `ChoiceError`.
    """
    if choice == "none" or (choice == "auto" and not settings.llm_url):
        return None
    if not settings.llm_url:
        raise ChoiceError(
            f"there is no server to ask for the model {choice!r}: set ROADMAP_LLM_URL (`roadmap llm` shows how)."
        )
    name = settings.llm_model if choice == "auto" else choice
    return LanguageModel(settings.llm_url.rstrip("/"), name, settings.llm_key, DEADLINES)


def client(url: str, key: str, deadlines: Deadlines) -> httpx.AsyncClient:
    """An HTTP client for one server: no redirects (they would carry the key away), no proxy to this machine.

    Errors: `ModelError` where the proxy that the environment names cannot be used: nothing goes past it.
    """
    ours = urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1")
    if not ours and (problem := unusable()):
        raise ModelError(problem)
    return httpx.AsyncClient(
        headers={"Authorization": f"Bearer {key}"} if key else {},
        timeout=httpx.Timeout(max(deadlines.first, deadlines.between), connect=deadlines.connect),
        trust_env=not ours,
    )


class Work:
    """A coroutine in a thread with a loop of its own, which can be left from any other thread."""

    def __init__(self, run: Callable[[], Coroutine[Any, Any, None]], put: Callable[[ModelError], None]) -> None:
        self._run, self._put = run, put
        self._left = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._begun = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main()), name="language model", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def leave(self) -> None:
        """Cancels what is left and waits a moment for it to be closed."""
        self._left.set()
        if self._begun.wait(_LEAVE) and self._loop and self._task and self._thread.is_alive():
            try:
                self._loop.call_soon_threadsafe(self._task.cancel)
            except RuntimeError:  # the loop ended meanwhile
                return
        self._thread.join(_LEAVE)

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._run())
        self._begun.set()
        await asyncio.wait({self._task})
        if not self._task.cancelled() and (error := self._task.exception()):
            self._put(error if isinstance(error, ModelError) else ModelError(f"it failed ({type(error).__name__})"))


@dataclass(frozen=True, slots=True)
class _Chat:
    """One streamed chat completion; what it says goes to `put`, at last whether it came to its own end."""

    model: LanguageModel
    prompt_for: Callable[[int], Sequence[Message]]
    longest: int
    put: Callable[[str | bool], None]

    async def run(self) -> None:
        """Errors: `ModelError`."""
        limits = self.model.deadlines
        try:
            async with asyncio.timeout(limits.total), client(self.model.url, self.model.key, limits) as http:
                await self._stream(http)
        except TimeoutError:
            raise ModelError(f"it was not done after {limits.total:g} s") from None
        except (httpx.HTTPError, OpenAIError, *_MALFORMED) as error:
            raise ModelError(_sentence(error, limits)) from None

    async def _stream(self, http: httpx.AsyncClient) -> None:
        limits = self.model.deadlines
        listed = await _in_time(served(http, self.model.url), limits.first)
        name = self.model.name or (listed[0].name if listed else "")
        if not name:
            raise ModelError("it names no model: set ROADMAP_LLM_MODEL")
        context = next((s.context for s in listed if s.name == name and s.context), CONTEXT)
        chunks = await self._chunks(http, name, self.prompt_for(context))
        reason, waiting, said, most = "", limits.first, 0, self.longest * _CHARS
        try:
            while said < most and (chunk := await _in_time(anext(chunks, None), waiting)) is not None:
                waiting = limits.between
                reason = _reason(chunk.raw) or reason
                if chunk.delta:
                    self.put(_well_formed(chunk.delta[: most - said]))
                    said += len(chunk.delta)
        finally:
            await chunks.aclose()
        if not said:
            raise ModelError("it sent no text: check ROADMAP_LLM_URL and ROADMAP_LLM_MODEL")
        if not reason and said < most:
            raise ModelError("it broke off in the middle")
        self.put(reason != "length" and said < most)

    async def _chunks(
        self, http: httpx.AsyncClient, name: str, prompt: Sequence[Message]
    ) -> AsyncGenerator[ChatResponse]:
        options: dict[str, Any] = {  # a mapping: `async_http_client` is a parameter of the class above OpenAILike
            "model": name,
            "api_base": self.model.url,
            "api_key": self.model.key or "none",
            "is_chat_model": True,
            "temperature": 0.0,
            "max_tokens": self.longest,
            "max_retries": 0,
            "async_http_client": http,
        }
        llm = OpenAILike(**options)
        messages = [ChatMessage(role=message.role, content=message.text) for message in prompt]
        return await llm.astream_chat(messages)


def _well_formed(text: str) -> str:
    """The text without lone surrogates, which JSON can hold and no encoding can."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _reason(chunk: Any) -> str:
    """Why the text ends with this chunk ("stop", "length"), else ""; one that only counts tokens has no choices."""
    return (chunk.choices[0].finish_reason or "") if chunk.choices else ""


async def _in_time(step: Awaitable[_T], seconds: float) -> _T:
    try:
        async with asyncio.timeout(seconds):
            return await step
    except TimeoutError:
        raise ModelError(f"it said nothing for {seconds:g} s") from None


def _sentence(error: Exception, limits: Deadlines) -> str:
    """What went wrong, in our words: what a server says may hold anything, also the key."""
    causes = (error, error.__cause__)
    if any(isinstance(cause, httpx.ConnectTimeout) for cause in causes):
        return f"it could not be reached within {limits.connect:g} s"
    if any(isinstance(cause, httpx.ConnectError | httpx.UnsupportedProtocol | httpx.InvalidURL) for cause in causes):
        return "it cannot be reached"
    if isinstance(error, APIStatusError):
        return _STATUS.get(error.status_code, f"it refused with status {error.status_code}")
    if isinstance(error, httpx.HTTPError | APIConnectionError):
        return "the connection broke off"
    return "it sent something that is no answer"
