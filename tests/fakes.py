"""A stand-in for `assistant.service.Assistant` that is slow, hostile or broken on demand, and a real server for it."""

from __future__ import annotations

import socket
import threading
import time
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import uvicorn
from numpy.typing import NDArray

from assistant.answers import Answer, Choice, Citation, Delta, Part, Passage, Scope
from assistant.companion import Companion
from assistant.service import Message, NotReadyError, QuestionError, Readiness
from corpus.reader import read_roadmap
from corpus.roadmap import Roadmap, Weeks
from corpus.settings import Settings, load_settings
from ingest.index.lexical import tokens

HOSTILE = (
    "See <script>alert(1)</script> ![x](http://picture.example/a.png) ![r][ref] "
    "[click](javascript:alert(1)) [away](http://elsewhere.example/) <img src=http://raw.example/b.png> [1]\n\n"
    "[ref]: http://reference.example/c.png"
)


@dataclass
class FakeAssistant:
    """Slow, hostile or broken on demand: "slow" streams for 60 s, "hold" waits for `released`, "hostile" says and
    quotes markup, "crash" raises, "unclear" is asked back, "finished" is said to be written.
    `messages`: all that it was asked."""

    roadmap: Roadmap = field(default_factory=read_roadmap)
    settings: Settings = field(default_factory=load_settings)
    ready: Readiness = field(default_factory=lambda: Readiness(True, False, "", "g1", 10, 3))
    closed: threading.Event = field(default_factory=threading.Event)
    started: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)
    messages: list[Message] = field(default_factory=list[Message])

    def __post_init__(self) -> None:
        self.companion = Companion(self.settings)

    def warm(self) -> None:
        return None

    def readiness(self) -> Readiness:
        return self.ready

    def search(self, query: str, *, k: int = 10, **_: Any) -> list[Passage]:
        hit = Passage("c1", "page", "r1", "A page", "https://page.example/a", "Top", "Text", Weeks(1, 2), 0.5)
        return [hit][:k]

    def would_write(self, text: str, person: str, now: datetime) -> bool:
        return False

    def ask(self, question: str, **where: Any) -> Answer:
        return next(piece for piece in self.respond(Message(question, **where)) if isinstance(piece, Answer))

    def respond(self, message: Message) -> Generator[Delta | Answer]:
        question = message.text
        self.messages.append(message)
        if "unready" in question:
            raise NotReadyError("No page is indexed yet: run `roadmap ingest` first.")
        if not question.strip():
            raise QuestionError("The question is empty: ask about a week, a phase or a resource.")
        if "crash" in question:
            raise RuntimeError("secret /path/of/the/machine")
        if "brief wait" in question:
            time.sleep(1)
        if "hold" in question:
            self.released.wait(60)
        if "break off" in question:
            yield Delta("Hello ")
            raise RuntimeError("secret /path/of/the/machine")
        if "slow" in question:
            yield from self._slowly()
        yield from (Delta(word) for word in ((HOSTILE,) if "hostile" in question else ("Hello ", "there ")))
        yield _answer(question, message.scope)

    def _slowly(self) -> Iterator[Delta]:
        try:
            for tick in range(600):
                self.started.set()
                yield Delta(f"tick {tick} ")
                time.sleep(0.1)
        finally:
            self.closed.set()


ASKED_BACK = (
    Choice("The <b>first</b>", "hello first", "overview"),
    Choice('The "second"', 'hello "second" <i>one</i>', "overview"),
    Choice("Search the pages", "hello pages", "concept"),
)


def _answer(question: str, scope: Scope) -> Answer:
    if "unclear" in question:
        return Answer(question, (Part("notice", "Did you mean:"),), abstained=True, choices=ASKED_BACK)
    if "finished" in question:
        written = ("Mark it as done.",)
        return Answer(question, (Part("notice", "Understood."),), capabilities=("mark_done",), changes=written)
    text = HOSTILE if "hostile" in question else "The page says **so** [1] and more [7]."
    quote = "a quoted <b>sentence</b>\n\n![q](http://quote.example/q.png)"
    address, context = "https://page.example/a?x=1&y=2", f"Said before it. {quote} Said after it."
    source = Citation(1, "page", "A <i>page</i>", address, quote, "2026-10-01T00:00:00Z", context=context)
    bad = Citation(2, "page", "Bad address", "javascript:alert(2)", "another")
    parts = (Part("page", text), Part("suggestion", "Take two evenings."), Part("notice", "Searched 3 pages."))
    cited, timings = (source, bad), {"search": 12.5, "total": 20.0}
    return Answer(
        question,
        parts,
        cited,
        Weeks(13, 16),
        confidence="medium",
        capabilities=("concept",),
        scope=scope,
        understood="week 14",
        timings_ms=timings,
    )


@contextmanager
def running(app: Any) -> Iterator[str]:
    """Runs an ASGI app with uvicorn in a thread; gives its base URL."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="critical", ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


def bag(texts: list[str]) -> NDArray[np.float32]:
    """Normalised bags of words (n x 512)."""
    vectors = np.zeros((len(texts), 512), dtype=np.float32)
    for row, text in enumerate(texts):
        for word in tokens(text) or [""]:
            vectors[row, zlib.crc32(word.encode()) % 512] += 1
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
