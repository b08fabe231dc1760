"""What a client of the OpenAI protocol sends: checked, and taken apart into what is asked and what was said before.

Fields that we have no use for (temperature, stop, tools, ...) are no mistake: every client sends some. One that asks
for another kind of answer than a text (several, JSON, a call, vectors of another length) is refused, as its client
could not use ours.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, ValidationError
from starlette.requests import Request

from assistant.handling import Memory
from corpus.errors import UsageError
from ui.errors import complaint
from ui.texts import SoundText

T = TypeVar("T", bound=BaseModel)
MOST_TEXTS = 256
MOST_CHARS = 20_000
SOURCES = "\n\nSources:\n"
"""What stands below an answer begins so; it is no part of what was said."""
NOT_MERGED = "Answers of several models can be put together by a language model alone, which this is not."
_TASK = re.compile(r"\s*(?:### Task:|Your task is to )")
_WANTED = re.compile(r"[\"'](title|tags|follow_ups|queries|text)[\"']\s*:")
_TOOLS = re.compile(r"\s*Available Tools:")
_MERGE = re.compile(r"\s*You have been provided with a set of responses from various models")
_ASKED, _ANSWERED = (
    re.compile(r"(?mi)^\W{0,4}(?:user|human):(.*)"),
    re.compile(r"(?mi)^\W{0,4}(?:assistant|ai|response):"),
)
"""Lines of a conversation that is repeated in a message."""


class RequestError(UsageError):
    """A request that cannot be used; the message names the field. param: the field alone."""

    def __init__(self, message: str, param: str = "") -> None:
        super().__init__(message)
        self.param = param


class _Given(BaseModel):
    model_config = ConfigDict(extra="ignore")


class PartIn(_Given):
    """A part of a message; only texts can be read."""

    type: str
    text: SoundText | None = None


class MessageIn(_Given):
    """A message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: SoundText | list[PartIn] | None = None

    @property
    def text(self) -> str:
        """What of it can be read."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.text)
        return self.content or ""

    @property
    def unread(self) -> str:
        """The kind of its first part that cannot be read; "" where all can."""
        parts = self.content if isinstance(self.content, list) else []
        return next((part.type for part in parts if part.text is None), "")


class StreamOptions(_Given):
    """How a stream is to be."""

    include_usage: StrictBool = False


def _is_text(value: object) -> object:
    if isinstance(value, dict) and value.get("type") not in (None, "text"):
        raise ValueError("answers are texts, and follow no schema: leave it out")
    return value


def _is_free(value: object) -> object:
    if value not in (None, "auto", "none"):
        raise ValueError("this model calls no tools: leave it out")
    return value


def _are_texts(value: object) -> object:
    if not isinstance(value, str) and not (
        isinstance(value, list) and all(isinstance(v, str) for v in value) and value
    ):
        raise ValueError(f"send a text, or a list of 1 to {MOST_TEXTS} of them")
    return value


class ChatBody(_Given):
    """The body of /v1/chat/completions."""

    model: SoundText
    messages: Annotated[list[MessageIn], Field(min_length=1, max_length=1000)]
    stream: StrictBool | None = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = None
    response_format: Annotated[Any, BeforeValidator(_is_text)] = None
    tool_choice: Annotated[Any, BeforeValidator(_is_free)] = None


class EmbeddingsBody(_Given):
    """The body of /v1/embeddings."""

    model: SoundText
    input: Annotated[SoundText | Annotated[list[SoundText], Field(max_length=MOST_TEXTS)], BeforeValidator(_are_texts)]
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: Annotated[int, Field(gt=0)] | None = None

    @property
    def texts(self) -> list[str]:
        texts = [self.input] if isinstance(self.input, str) else self.input
        if any(not text.strip() or len(text) > MOST_CHARS for text in texts):
            raise RequestError(f"input: each text must have 1 to {MOST_CHARS:,} characters.", "input")
        return texts


@dataclass(frozen=True, slots=True)
class Said:
    """What is asked, the questions and answers before it, and what the client told its model."""

    question: str
    turns: tuple[tuple[str, str], ...]
    system: str = ""


async def read(request: Request, kind: type[T]) -> T:
    """The body. Errors: `RequestError`."""
    try:
        data = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise RequestError("The body cannot be read: send one JSON object.") from error
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        place, sentence = complaint(error.errors())
        raise RequestError(sentence, place) from error


def said(messages: list[MessageIn]) -> Said:
    """The last message, and the turns before it. What the client tells its model (system) is not for us, nor are
    pictures of earlier turns, which clients send again with every message.

    Errors: `RequestError` where the last message is not the user's, or holds what cannot be read.
    """
    spoken = [message for message in messages if message.role in ("user", "assistant")]
    if not spoken or spoken[-1].role != "user":
        raise RequestError("messages: the last one must be the user's.", "messages")
    if unread := spoken[-1].unread:
        raise RequestError(f"messages: a part of type {unread[:40]!r} cannot be read: send text alone.", "messages")
    turns: list[tuple[str, str]] = []
    for message in spoken[:-1]:
        if message.role == "user":
            turns.append((_question(message.text), ""))
        elif turns:
            turns[-1] = (turns[-1][0], turns[-1][1] + message.text)
    system = next((message.text for message in messages if message.role in ("system", "developer")), "")
    return Said(_question(spoken[-1].text), tuple(turns), system)


def _question(text: str) -> str:
    """What the person asks in a message that a chat program (Open WebUI) has put its own documents before.

    >>> _question("### Task:\\nUse the context.\\n<context>...</context>\\n<user_query>\\nwho?\\n</user_query>")
    'who?'
    """
    before, found, after = text.rpartition("</context>")
    if not (found and "<context>" in before and _TASK.match(text)):
        return text
    return after.replace("<user_query>", "").replace("</user_query>", "").strip()


def clicked(text: str, memory: Memory) -> str:
    """The message behind a choice that is answered by its number or its label; else the text itself."""
    given = text.strip().rstrip(".)")
    if given.isdecimal() and 0 < int(given[:3]) <= len(memory.choices):
        return memory.choices[int(given[:3]) - 1].message
    return next((c.message for c in memory.choices if c.label.casefold() == given.casefold()), text)


def chore(said: Said) -> str | None:
    """What is answered to a chat program (Open WebUI, LibreChat) that has its model name the conversation, choose a
    tool or put answers together; None for a person's message. Such a request repeats what was said, so it is never
    understood as said again."""
    if _TOOLS.match(said.system):
        return json.dumps({"tool_calls": []})
    if _MERGE.match(said.question):
        return NOT_MERGED
    asked = _ASKED.search(said.question)
    title = asked[1].strip(' "')[:60] if asked else ""
    if _TASK.match(said.question):
        wanted = _WANTED.search(said.question)
        empty: dict[str, Any] = {"title": title or "Roadmap", "text": ""}
        found = {wanted[1]: empty.get(wanted[1], [])} if wanted else {}
        return json.dumps(found, ensure_ascii=False)
    repeats = asked and _ANSWERED.search(said.question) and "title" in said.question.lower()
    return (title or "Roadmap") if repeats else None
