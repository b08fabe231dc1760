"""The assistant: one object that the command line, the API and the chat talk to.

Roadmap questions are answered from the parsed roadmap and import nothing heavy; every other question goes to the
LlamaIndex query engine, loaded once, on first use or by `warm()`. Holds no state of any person: the conversation is
the caller's, who passes the last `Question` back in.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.facts import answer_from_roadmap, place_from_roadmap
from assistant.question import Question, understand
from assistant.values import Answer, Passage, Scope
from corpus.errors import ProjectError, UsageError
from corpus.roadmap import Roadmap, read_roadmap
from corpus.settings import Settings

if TYPE_CHECKING:
    from assistant.query_engine import GroundedQueryEngine
    from assistant.retrieve import Query
    from ingest.embed import ModelInfo
    from ingest.reader import OpenIndex

LIMIT = 8_000
"""Characters of a question."""

log = logging.getLogger(__name__)


class QuestionError(UsageError):
    """A question that cannot be asked; the message says why."""


class NotReadyError(ProjectError):
    """The index or the model is missing, damaged or still loading; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of an answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """What can be answered now. Roadmap questions always can."""

    ready: bool
    loading: bool
    reason: str
    generation: str | None = None
    chunks: int = 0
    pages: int = 0
    degraded: tuple[str, ...] = ()


class Assistant:
    """Answers questions. Cheap to make: reads the roadmap only. Safe to use from several threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.roadmap: Roadmap = read_roadmap()
        self._lock = threading.Lock()
        self._engine: GroundedQueryEngine | None = None
        self._model: ModelInfo | None = None
        self._retired: OpenIndex | None = None
        """The index before this one; closed at the next change, when no question can be reading it any more."""
        self._readiness = Readiness(False, False, "the search model is not loaded yet")

    def warm(self) -> None:
        """Loads the models and opens the index; never raises, see `readiness()`."""
        try:
            self.query_engine()
        except NotReadyError as error:
            log.warning("%s", error)

    def readiness(self) -> Readiness:
        """What can be answered at this moment."""
        return self._readiness

    def understand(self, question: str, *, week: int | None = None, previous: Question | None = None) -> Question:
        """What a question asks. Errors: `QuestionError`."""
        return understand(checked(question), self.roadmap, week=week, previous=previous)

    def ask(
        self, question: str, *, week: int | None = None, scope: Scope = "all", previous: Question | None = None
    ) -> Answer:
        """Answers one question. Errors: `QuestionError`, `NotReadyError`."""
        begun = time.perf_counter()
        understood = self.understand(question, week=week, previous=previous)
        answer = answer_from_roadmap(understood, self.roadmap)
        if answer is None:
            query = self._query(understood, scope, week)
            answer = self.query_engine().answer(query, scope=scope, understood=understood.understood)
            if answer.abstained:
                answer = self._with_place(answer, understood)
        total = round((time.perf_counter() - begun) * 1000, 1)
        return replace(answer, question=question, timings_ms={**answer.timings_ms, "total": total})

    def stream(
        self, question: str, *, week: int | None = None, scope: Scope = "all", previous: Question | None = None
    ) -> Iterator[Delta | Answer]:
        """The same, piece by piece: deltas in order, then exactly one `Answer` that replaces their text."""
        answer = self.ask(question, week=week, scope=scope, previous=previous)
        for piece in re.findall(r"\S+\s*", answer.text):
            yield Delta(piece)
        yield answer

    def search(self, query: str, *, k: int = 10, week: int | None = None, scope: Scope = "all") -> list[Passage]:
        """The best `k` passages. Errors: `QuestionError`, `NotReadyError`."""
        from assistant.retrieve import Query, scope_weeks

        found = self.query_engine().retriever.search(Query(checked(query), scope_weeks(scope, week), (), k))
        return list(found.passages)

    def _with_place(self, answer: Answer, question: Question) -> Answer:
        """Where the passages hold nothing, what the roadmap says of the weeks or rows that the question names."""
        place = place_from_roadmap(question, self.roadmap)
        return replace(place, parts=(*answer.parts[:1], *place.parts), abstained=True) if place else answer

    def _query(self, question: Question, scope: Scope, week: int | None) -> Query:
        """Where to look: a scope narrows exactly; weeks and resources that were named raise a score."""
        from assistant.query_engine import CONSIDERED
        from assistant.retrieve import Query, scope_weeks

        at = question.weeks.last if question.weeks else week
        named = question.resources if question.intent in ("search", "topic") else ()
        return Query(question.text, scope_weeks(scope, at), named, CONSIDERED)

    def query_engine(self) -> GroundedQueryEngine:
        """The query engine over the generation that is served now: a newly published one is taken without a restart.

        Errors: `NotReadyError`.
        """
        with self._lock:
            if self._engine is None:
                self._engine = self._load()
            elif self._model is not None and self._is_superseded(self._engine):
                self._engine = self._reopened(self._engine, self._model)
            return self._engine

    def _load(self) -> GroundedQueryEngine:
        """The only place where the assistant imports torch, chromadb and llama_index."""
        self._readiness = Readiness(False, True, "the search model is still loading")
        try:
            if not (self.settings.data / "current").is_file():
                raise NotReadyError("there is no index yet: run `roadmap ingest`.")
            from assistant.query_engine import GroundedQueryEngine
            from assistant.retrieve import HybridRetriever
            from ingest.embed import find_model, load_embedding
            from ingest.reader import open_current

            model = find_model(self.settings.embed_model)
            index = open_current(self.settings.data, model, log.warning)
            engine = GroundedQueryEngine(HybridRetriever(index, load_embedding(model)))
            self._model = model
        except ProjectError as error:
            self._readiness = Readiness(False, False, str(error))
            raise NotReadyError(str(error)) from error
        self._readiness = _ready(index)
        return engine

    def _is_superseded(self, engine: GroundedQueryEngine) -> bool:
        from ingest.reader import superseded

        return superseded(self.settings.data, engine.retriever.index)

    def _reopened(self, engine: GroundedQueryEngine, model: ModelInfo) -> GroundedQueryEngine:
        """The same models over the new generation; what cannot be opened leaves the old one serving."""
        from assistant.query_engine import GroundedQueryEngine
        from assistant.retrieve import HybridRetriever
        from ingest.reader import open_current

        try:
            index = open_current(self.settings.data, model, log.warning)
        except ProjectError as error:
            log.warning("still serving the old index: %s", error)
            return engine
        if self._retired is not None:
            self._retired.close()
        self._retired = engine.retriever.index
        self._readiness = _ready(index)
        return GroundedQueryEngine(HybridRetriever(index, engine.retriever.embedding))


def _ready(index: OpenIndex) -> Readiness:
    manifest = index.manifest
    return Readiness(True, False, "", manifest.generation, manifest.chunks, manifest.pages)


def checked(question: str) -> str:
    """The question without control characters. Errors: `QuestionError` for an empty or an endless one."""
    if len(question) > LIMIT:
        raise QuestionError(f"the question has {len(question):,} characters: ask it in at most {LIMIT:,}.")
    clean = "".join(c if c.isprintable() or c == "\n" else " " for c in question).strip()
    if not clean:
        raise QuestionError(
            "the question is empty: type what you want to know, such as “what should I do in week 14?”."
        )
    return clean
