"""The values that `assistant` works with and gives away: queries, passages, citations, answers.

Knows nothing of how they are made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from assistant.questions import Question
from corpus.roadmap import Weeks

Kind = Literal["roadmap", "note", "page"]
Voice = Literal["roadmap", "note", "page", "suggestion", "model", "notice"]
"""Who speaks in a part of an answer: the roadmap, a note, a page, the assistant's own suggestion, a language
model, or the assistant about itself (what it did not find, what it searched with)."""

Scope = Literal["all", "so-far", "week"]
Confidence = Literal["low", "medium", "high"]
CONFIDENCES: dict[Confidence, str] = {"low": "not sure: read the place", "medium": "may help", "high": "answers it"}
"""What it is called for people."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for, and where: `weeks` narrow exactly, `resources` and `near` only raise a score."""

    text: str
    weeks: Weeks | None = None
    """Only rows whose weeks overlap these."""
    resources: tuple[str, ...] = ()
    near: Weeks | None = None
    """The weeks that the question names."""
    k: int = 10
    joined: bool = False
    """Whether neighbours of one page come as one passage, which reads better; off where rows are compared."""


def scope_weeks(scope: Scope, week: int | None) -> Weeks | None:
    """The weeks that a scope admits; None for all (also when the week is not known)."""
    if week is None or scope == "all":
        return None
    return Weeks(0, week) if scope == "so-far" else Weeks(week, week)


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk that was retrieved for a question. `score` is comparable within one result only."""

    chunk_id: str
    kind: Kind
    resource: str
    title: str
    url: str
    heading: str
    text: str
    weeks: Weeks
    score: float
    fetched_at: str | None = None
    origins: dict[str, float] = field(default_factory=dict[str, float])
    """Where the score came from: signal name -> its value ("dense", "bm25", ...)."""
    spans: tuple[tuple[str, int, int], ...] = ()
    """The blocks of `text`: kind (see `ingest.pages.document.Block`), start, end."""
    places: tuple[tuple[int, str], ...] = ()
    """Where in `text` each of several chunks begins, and the heading that it stands under."""
    core: tuple[int, int] | None = None
    """The characters that were retrieved, where what stands around them on the page was added; None for all."""

    def heading_at(self, place: int) -> str:
        """The heading that this character of `text` stands under."""
        return next((heading for start, heading in reversed(self.places) if start <= place), self.heading)

    def as_json(self, rank: int) -> dict[str, Any]:
        """A hit in the contract of `roadmap search --json` and `/api/v1/search`; ranks count from 1."""
        names = ("score", "kind", "resource", "title", "url", "heading", "text")
        return {"rank": rank} | {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Citation:
    """The source `[n]` of an answer. `quote` is a substring of the stored record of the source."""

    n: int
    kind: Kind
    title: str
    url: str
    quote: str
    fetched_at: str | None = None
    resource: str = ""
    context: str = ""
    """The passage around the quote, for showing; empty for the roadmap."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of an answer in one voice; `text` is Markdown with `[n]` markers."""

    voice: Voice
    text: str


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of an answer's text; an empty one says only that it is still being worked on."""

    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """What a language model had a part in: whose, how its sentences were judged, and whether it came to an end."""

    model: str
    supported: int = 0
    unsupported: int = 0
    dropped: int = 0
    complete: bool = True
    cut: bool = False
    """Whether it was stopped at its limit of tokens; the answer is then what it had said in whole sentences."""
    pieces: int = 0
    """Pieces of text that the server sent; with most servers each is a token."""
    prompt: tuple[tuple[str, str], ...] = ()
    """The messages that it was sent: role, text."""

    def as_json(self) -> dict[str, Any]:
        names = ("model", "supported", "unsupported", "dropped", "complete")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Choice:
    """A button where it is asked back: what it says, and the message that it sends."""

    label: str
    message: str
    capability: str = ""
    """What the message wishes, so that a click is never misunderstood."""


@dataclass(frozen=True, slots=True)
class Quiz:
    """Questions that are asked one after the other, as far as they have come; nothing of it is stored elsewhere.

    keys: cards still to ask, the first of them now. seed: what chooses the wording of the questions. shown: whether
    the answer is shown, to be graded by oneself; proposed: the grade that one gets by going on.
    """

    keys: tuple[str, ...]
    seed: int
    asked: int = 0
    right: int = 0
    shown: bool = False
    proposed: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question gets, with or without a language model."""

    question: str
    parts: tuple[Part, ...]
    citations: tuple[Citation, ...] = ()
    weeks: Weeks | None = None
    resources: tuple[str, ...] = ()
    abstained: bool = False
    confidence: Confidence = "high"
    sure: float | None = None
    """The probability that what is quoted answers the question; None where nothing is quoted."""
    scope: Scope = "all"
    understood: str = ""
    """What the question was taken to be about ("week 15"), for showing; empty if nothing was resolved."""
    timings_ms: dict[str, float] = field(default_factory=dict[str, float])
    written: Written | None = None
    """None: no language model was asked."""
    asked: Question | None = None
    """What it is about, for understanding the next message."""
    capabilities: tuple[str, ...] = ()
    """Which of the table answered; empty where it was asked back."""
    choices: tuple[Choice, ...] = ()
    """What it may have been, where it was asked back."""
    changes: tuple[str, ...] = ()
    """What was changed for the learner, a sentence each."""
    quiz: Quiz | None = None
    """The quiz that waits for the next message as its answer."""

    @property
    def text(self) -> str:
        """The whole answer as Markdown; suggestions are marked as ours."""
        return "\n\n".join(_spoken(part) for part in self.parts)

    @property
    def written_by_model(self) -> bool:
        """Whether a language model wrote it; not where one broke off, and what it had said stands below ours."""
        written = self.written
        return written is not None and (written.complete or written.cut) and any(p.voice == "model" for p in self.parts)

    def prompt_json(self) -> list[dict[str, str]]:
        """The messages that a language model was sent; empty where none was."""
        return [{"role": role, "content": text} for role, text in (self.written.prompt if self.written else ())]

    def as_json(self) -> dict[str, Any]:
        """The contract of `roadmap ask --json` and `/api/v1/ask`."""
        return {
            "answer": self.text,
            "abstained": self.abstained,
            "weeks": self.weeks.as_list() if self.weeks else None,
            "resources": list(self.resources),
            "citations": [
                {
                    "n": c.n,
                    "kind": c.kind,
                    "title": c.title,
                    "url": c.url,
                    "quote": c.quote,
                    "fetched_at": c.fetched_at,
                }
                for c in self.citations
            ],
            "confidence": self.confidence,
            "scope": self.scope,
            "understood": self.understood,
            "parts": [{"voice": p.voice, "text": p.text} for p in self.parts],
            "timings_ms": self.timings_ms,
            "model": self.written.as_json() if self.written else None,
            "capabilities": list(self.capabilities),
            "choices": [{"label": c.label, "message": c.message} for c in self.choices],
            "written": list(self.changes),
            "conversation": None,
        }


def _spoken(part: Part) -> str:
    return f"**Our suggestion:** {part.text}" if part.voice == "suggestion" else part.text
