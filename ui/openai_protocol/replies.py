"""An answer in the OpenAI protocol: whole, or as the chunks of a stream; its sources as text and as annotations."""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from assistant.answers import Answer
from ui.kept import sources_of
from ui.markup import is_web
from ui.openai_protocol.requests import SOURCES

CHECKED = "\n\n---\n\nChecked against its sources:\n\n"
"""Stands before an answer that is not what had been streamed of it: a chunk cannot be taken back."""
DONE = b"data: [DONE]\n\n"
_LOADS = re.compile(r"!(?=\[)|<(?=img|script|iframe|link|video|audio|object|embed)", re.IGNORECASE)
"""Where a chat program that shows Markdown would load something: a page's text must not make it do so."""
_MARKER = re.compile(r"\[(\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class Completion:
    """One reply: what all its parts have in common."""

    model: str
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid.uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, text: str, answer: Answer | None, prompt: str) -> dict[str, Any]:
        """The body of a reply that is not streamed."""
        message = {"role": "assistant", "content": text, "refusal": None, "annotations": cited(text, answer)}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return self._head("chat.completion") | {"choices": [choice], "usage": usage(prompt, text)} | ours(answer)

    def chunk(self, delta: dict[str, Any], *, ended: bool = False, **more: Any) -> bytes:
        """A chunk of a stream."""
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": "stop" if ended else None}
        return data(self._head("chat.completion.chunk") | {"choices": [choice]} | more)

    def used(self, prompt: str, text: str) -> bytes:
        """The last chunk, for a client that wants to know how much it was."""
        return data(self._head("chat.completion.chunk") | {"choices": [], "usage": usage(prompt, text)})

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}


def data(value: dict[str, Any]) -> bytes:
    """An event of a stream."""
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n".encode()


def text_of(answer: Answer) -> str:
    """What is said, with what was asked back numbered, and the sources below."""
    choices = "".join(f"\n{number}. {choice.message}" for number, choice in enumerate(answer.choices, 1))
    sources = sources_of(answer)
    text = answer.text + (f"\n{choices}" if choices else "") + (f"{SOURCES}{sources}" if sources else "")
    return _LOADS.sub(lambda mark: "\\!" if mark[0] == "!" else "&lt;", text)


def corrected(streamed: str, final: str) -> tuple[str, int]:
    """What is left to be said of an answer of which so much was streamed, and how much of it both have in common.

    >>> corrected("Week 14 is", "Week 14 is the second.")
    (' the second.', 10)
    >>> corrected("A.\\n\\nMade up.", "A.\\n\\nChecked.")[0].endswith("Checked against its sources:\\n\\nChecked.")
    True
    """
    if final.startswith(streamed):
        return final[len(streamed) :], len(streamed)
    paragraphs = zip(streamed.split("\n\n"), final.split("\n\n"), strict=False)
    same = sum(len(one) + 2 for one, _ in takewhile(lambda pair: pair[0] == pair[1], paragraphs))
    same = same if same < len(final) else 0
    return CHECKED + final[same:], same


def cited(text: str, answer: Answer | None, start: int = 0) -> list[dict[str, Any]]:
    """A `url_citation` for each marker in the text from `start` on whose source has an address."""
    urls = {c.n: c for c in answer.citations if is_web(c.url)} if answer else {}
    body = text[: text.rfind(SOURCES)] if SOURCES in text else text
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": marker.start(),
                "end_index": marker.end(),
                "title": urls[int(marker[1])].title,
                "url": urls[int(marker[1])].url,
            },
        }
        for marker in _MARKER.finditer(body, start)
        if int(marker[1]) in urls
    ]


def ours(answer: Answer | None) -> dict[str, Any]:
    """What the protocol has no place for; clients skip it."""
    if answer is None:
        return {}
    choices = [{"label": choice.label, "message": choice.message} for choice in answer.choices]
    return {
        "roadmap": {
            "capabilities": list(answer.capabilities),
            "choices": choices,
            "written": list(answer.changes),
            "abstained": answer.abstained,
        }
    }


def usage(prompt: str, text: str) -> dict[str, int]:
    """Roughly: no model of this protocol has counted."""
    asked, said = len(prompt.split()), len(text.split())
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


def words(text: str) -> Iterator[str]:
    """A text in the pieces in which it is streamed."""
    yield from re.findall(r"\s*\S+\s?", text.rstrip())
