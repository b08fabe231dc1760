"""What a client of the OpenAI protocol sends: checked, and taken apart into what is asked and what was said before.

Fields that we have no use for (temperature, tools, ...) are no mistake: every client sends some.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError
from starlette.requests import Request

from assistant.handling import Memory
from corpus.errors import UsageError
from ui.texts import SoundText

T = TypeVar("T", bound=BaseModel)
MOST_TEXTS = 256
MOST_CHARS = 20_000
SOURCES = "\n\nSources:\n"
"""What stands below an answer begins so; it is no part of what was said."""
_TASK = re.compile(r"\s*### Task:")
_WANTED = re.compile(r"[\"'](title|tags|follow_ups|queries)[\"']\s*:")


class RequestError(UsageError):
    """A request that cannot be used; the message names the field."""


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
        if isinstance(self.content, list):
            if unread := next((part.type for part in self.content if part.text is None), ""):
                raise RequestError(f"messages: a part of type {unread[:40]!r} cannot be read: send text alone.")
            return "\n".join(part.text for part in self.content if part.text)
        return self.content or ""


class StreamOptions(_Given):
    """How a stream is to be."""

    include_usage: StrictBool = False


class ChatBody(_Given):
    """The body of /v1/chat/completions."""

    model: SoundText
    messages: Annotated[list[MessageIn], Field(min_length=1, max_length=1000)]
    stream: StrictBool | None = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = None


class EmbeddingsBody(_Given):
    """The body of /v1/embeddings."""

    model: SoundText
    input: SoundText | Annotated[list[SoundText], Field(min_length=1, max_length=MOST_TEXTS)]
    encoding_format: Literal["float", "base64"] = "float"

    @property
    def texts(self) -> list[str]:
        texts = [self.input] if isinstance(self.input, str) else self.input
        if any(not text.strip() or len(text) > MOST_CHARS for text in texts):
            raise RequestError(f"input: each text must have 1 to {MOST_CHARS:,} characters.")
        return texts


@dataclass(frozen=True, slots=True)
class Said:
    """What is asked, and the questions and answers before it."""

    question: str
    turns: tuple[tuple[str, str], ...]


async def read(request: Request, kind: type[T]) -> T:
    """The body. Errors: `RequestError`."""
    try:
        data = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise RequestError("The body cannot be read: send one JSON object.") from error
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"] if step not in ("list[PartIn]", "function-after"))
        sentence = first["msg"].removeprefix("Value error, ").lower()
        raise RequestError(f"{place or 'The body'} cannot be used: {sentence}.") from error


def said(messages: list[MessageIn]) -> Said:
    """The last message, and the turns before it. What the client tells its model (system) is not for us.

    Errors: `RequestError` where the last message is not the user's.
    """
    spoken = [(message.role, message.text) for message in messages if message.role in ("user", "assistant")]
    if not spoken or spoken[-1][0] != "user":
        raise RequestError("messages: the last one must be the user's.")
    turns: list[tuple[str, str]] = []
    for role, text in spoken[:-1]:
        if role == "user":
            turns.append((text, ""))
        elif turns:
            turns[-1] = (turns[-1][0], turns[-1][1] + text)
    return Said(spoken[-1][1], tuple(turns))


def clicked(text: str, memory: Memory) -> str:
    """The message behind a choice that is answered by its number or its label; else the text itself."""
    given = text.strip().rstrip(".)")
    if given.isdecimal() and 0 < int(given[:3]) <= len(memory.choices):
        return memory.choices[int(given[:3]) - 1].message
    return next((c.message for c in memory.choices if c.label.casefold() == given.casefold()), text)


def chore(said: Said) -> str | None:
    """What is answered to a chat program that has its model name the conversation (Open WebUI); None for a person's
    message. Such a request repeats what was said, so it is never understood as said again."""
    if not _TASK.match(said.question):
        return None
    wanted = _WANTED.search(said.question)
    asked = re.search(r"USER:\s*(.+)", said.question)
    title = asked[1].strip()[:60] if asked else "Roadmap"
    found: dict[str, Any] = {wanted[1]: title if wanted[1] == "title" else []} if wanted else {}
    return json.dumps(found, ensure_ascii=False)
