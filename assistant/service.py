"""The assistant: one object that the command line, the API and the chat talk to.

Roadmap questions are answered from the parsed roadmap and import nothing heavy; every other question goes to the
LlamaIndex query engine, loaded once, on first use or by `warm()`. Holds no state of any person: the conversation is
the caller's, who passes its `Memory` back in.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from assistant.answers import Answer, Delta, Passage, Query, Scope, scope_weeks
from assistant.asking_back import SEARCH, asked_back, with_others
from assistant.companion import Companion
from assistant.conversation import beside, remembered, searched
from assistant.handling import HANDLERS, Context, Memory
from assistant.interpretation import Wish, read, wishes
from assistant.language.learning.table import capabilities, having, the
from assistant.language.message import Parsed
from assistant.page_answers.versions import asked_versions
from assistant.questions import UNNAMED, Question
from assistant.recall import recalled
from assistant.retrieval.own_pages import are_about, has_own_pages
from assistant.roadmap_answers import handlers as _rows
from assistant.roadmap_answers.coverage_notice import with_reach
from assistant.roadmap_answers.fallback import nothing_beyond
from assistant.roadmap_answers.glossary import defines, meaning_of, said_above, words_in
from assistant.roadmap_answers.weeks import answer_missing
from assistant.router import FOREIGN, Router
from assistant.selectors import MeaningSelector, WordSelector
from assistant.study_answers import changes as _changes
from assistant.study_answers import handlers as _study
from assistant.study_answers import my_data as _data
from assistant.study_answers import working as _working
from assistant.talk_answers import handlers as _talk
from assistant.text.markers import joined
from corpus.errors import ProjectError, UsageError
from corpus.letters import seen
from corpus.reader import our_roadmap
from corpus.roadmap import Roadmap
from corpus.settings import BUNDLED_MODEL, Settings

if TYPE_CHECKING:
    from assistant.generation.client import LanguageModel
    from assistant.generation.prompt import Turn
    from assistant.page_answers.query_engine import GroundedQueryEngine, Grounds
    from ingest.index.encoder import Encoder
    from ingest.index.model import ModelInfo
    from ingest.index.reader import OpenIndex

ROOMS = (_rows, _study, _changes, _working, _data, _talk)
"""The modules whose handlers are bound by being imported."""

SEARCHES = having("searched")
"""Capabilities that are answered from the pages where their handler has no answer."""

LIMIT = 8_000
"""Characters of a question."""

_BLANKS = re.compile(r"\s{41,}+")
"""Blanks in a row that nobody means: an indented line of code has fewer."""

log = logging.getLogger(__name__)


class QuestionError(UsageError):
    """A question that cannot be asked; the message says why."""


class NotReadyError(ProjectError):
    """The index or the model is missing, damaged or still loading; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody says, and where it is said.

    person: whose progress and plan; each person's are their own. memory: what the conversation is about so far.
    history: the turns so far, oldest first, for a language model. llm: "none", "auto" (the configured model, if any),
    or the name of a model on the configured server. in_turns: whether the next message comes with this answer's memory,
    so that a question can be asked back. now: for tests and for eval; the present moment if None.
    """

    text: str
    person: str = "me"
    now: datetime | None = None
    week: int | None = None
    scope: Scope = "all"
    llm: str = "auto"
    memory: Memory = field(default_factory=Memory)
    history: Sequence[Turn] = ()
    in_turns: bool = False


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
    encoder: str = ""
    """Why questions are encoded with sentence-transformers; empty where the exported model is used."""


class Assistant:
    """Answers questions. Cheap to make: reads the roadmap only. Safe to use from several threads.

    engine: a query engine of your own, in place of the one over the index of the settings. once: for a process that
    ends with the answer; it starts in half the time (see `ingest.index.reader.open_once`).
    """

    def __init__(
        self,
        settings: Settings,
        engine: GroundedQueryEngine | None = None,
        companion: Companion | None = None,
        *,
        once: bool = False,
    ) -> None:
        self.settings = settings
        self._once = once
        self.roadmap: Roadmap = our_roadmap()
        self._lock = threading.Lock()
        self._engine: GroundedQueryEngine | None = engine
        self._model: ModelInfo | None = None
        self._fallback = ""
        self._retired: OpenIndex | None = None
        """The index before this one; closed at the next change, when no question can be reading it any more."""
        self.companion = companion or Companion(settings, self.roadmap)
        self._router: Router | None = None
        self._readiness = (
            _ready(engine.retriever.index) if engine else Readiness(False, False, "the search model is not loaded yet")
        )

    @property
    def router(self) -> Router:
        """What decides which capability answers; the classifier is learnt at the first use where no build did it."""
        with self._lock:
            if self._router is None:
                self._router = Router(MeaningSelector(WordSelector(self.settings.data), self._vector))
            return self._router

    def _vector(self, text: str) -> Sequence[float] | None:
        """A text's vector by the bundled encoder; None while it is not loaded, so that no wish waits for it."""
        if self.settings.embed_model != BUNDLED_MODEL:
            return None
        exported = self._exported if self._engine is None and self._once else None
        embedding = self._engine.retriever.embedding if self._engine else exported
        try:
            return None if embedding is None else embedding.get_text_embedding_batch([text])[0]
        except (ProjectError, RuntimeError, ValueError, OSError) as error:
            log.warning("what is wished is read by words alone: %s", error)
            return None

    @cached_property
    def _exported(self) -> Encoder | None:
        """The encoder without an index, which loads in half a second; None where it is not exported."""
        from ingest.index.model import find_model
        from ingest.index.onnx_encoder import open_encoder

        try:
            return open_encoder(self.settings.data, find_model(self.settings.embed_model))
        except ProjectError:
            return None

    def warm(self) -> None:
        """Loads the models and opens the index; never raises, see `readiness()`."""
        try:
            self.query_engine().warm()
        except NotReadyError as error:
            log.warning("%s", error)

    def close(self) -> None:
        """Lets go of the index that is served, and of the one before it."""
        for index in filter(None, (self._retired, self._engine and self._engine.retriever.index)):
            index.close()
        self._retired = self._engine = None

    def readiness(self) -> Readiness:
        """What can be answered at this moment."""
        engine = self._engine
        return replace(self._readiness, degraded=engine.retriever.degraded if engine else ())

    def respond(self, message: Message) -> Generator[Delta | Answer]:
        """Deltas in order, then exactly one `Answer` that replaces their text. The only way in: chat, command line,
        API, eval and whatever comes.

        A message may hold several wishes: at most one that writes, and what is asked. Closing it ends all that goes on.
        While a language model is silent an empty delta comes every quarter of a second.
        Errors: `QuestionError`, `NotReadyError`, `ChoiceError`, `InputError`, `StoreError`.
        """
        begun = time.perf_counter()
        text = checked(message.text)
        model = self._language_model(message.llm)
        context = self._context(message)
        given: Answer | None = None
        with closing(wishes(text, context, self.router, model, message.history)) as found:
            for wish in found:
                if isinstance(wish, Delta):
                    yield wish
                    continue
                given = yield from self._beside(given, self._answered(wish, message, model))
        assert given is not None  # noqa: S101 -- a message has at least one wish, and a wish one answer
        timings = {**given.timings_ms, "total": round((time.perf_counter() - begun) * 1000, 1)}
        yield replace(given, question=message.text, timings_ms=timings)

    def _beside(self, given: Answer | None, pieces: Generator[Delta | Answer]) -> Generator[Delta, None, Answer | None]:
        """Passes on the deltas; gives the answer, below what was answered before."""
        with closing(pieces):
            for piece in pieces:
                if isinstance(piece, Answer):
                    return beside(given, piece) if given else piece
                yield piece
        return given

    def ask(self, question: str, **where: Any) -> Answer:
        """The answer to one message, whole. `where`: the other fields of `Message`. Errors: as `respond`."""
        return next(piece for piece in self.respond(Message(question, **where)) if isinstance(piece, Answer))

    def would_write(self, text: str, person: str, now: datetime) -> bool:
        """Whether a message is likely to change what is stored of a person; does nothing. Errors: `QuestionError`."""
        found = wishes(checked(text), self._context(Message(text, person, now)), self.router)
        decisions = [wish.decision for wish in found if isinstance(wish, Wish)]
        return any(capabilities()[name].writes for decision in decisions for name in decision.tries[:1])

    def recall(self, turns: Sequence[tuple[str, str]], person: str, now: datetime) -> Memory:
        """What a conversation is about, from its questions and answers alone; does nothing of what was told in it."""
        return recalled(turns, self._context(Message("", person, now)), self.router)

    def _context(self, message: Message) -> Context:
        return Context(
            self.roadmap,
            self.companion.notes,
            self.companion,
            message.person,
            message.now or datetime.now(UTC),
            message.week,
            message.scope,
            message.memory,
            in_turns=message.in_turns,
        )

    def _answered(self, wish: Wish, message: Message, model: LanguageModel | None) -> Generator[Delta | Answer]:
        """The answer of the first handler that has one; else the question back, else what the pages hold."""
        parsed, decision, context = wish.parsed, wish.decision, wish.context
        own = None
        for name in decision.tries:
            if name == SEARCH or (name == FOREIGN and meaning_of(parsed.asked)):
                break  # a term of the glossary is answered in any case
            if name == FOREIGN and (own := self._own_pages(parsed, context, decision.tries)):
                break
            sure = decision.sure and name == decision.tries[0]
            answer = HANDLERS[name](parsed, replace(context, sure=sure, kind=decision.kind_of(name)), name)
            if answer is not None:
                answer = with_others(answer, parsed, context, decision.choices)
                yield from _in_words(self._finished(answer, parsed, context, name))
                return
            if name == the("again"):
                break  # what the pages answered is composed again
        if parsed.asked.missing not in ("", UNNAMED):  # no page tells of a week that the roadmap has not
            place = the("place")
            yield from _in_words(self._finished(answer_missing(parsed.asked, self.roadmap), parsed, context, place))
            return
        asked = searched(parsed, context.memory.asked, decision.tries, decision.kind_of(the("again")))
        back = asked_back(parsed, context, decision.choices) if not decision.tries else None
        grounds = own or self._sought(asked, message, wish, back)
        if back is not None and (grounds is None or grounds.weak):
            yield from _in_words(replace(back, asked=context.memory.asked))
            return
        assert grounds is not None  # noqa: S101 -- where nothing is asked back, the pages are what is left
        name = next((name for name in decision.tries[:1] if name in SEARCHES), SEARCH)
        writer = None if grounds.weak else model  # there is nothing to write from
        for piece in self._from_passages(asked, grounds, message, writer):
            if isinstance(piece, Delta):
                yield piece
                continue
            other = self._instead(wish, piece)
            answer = other or self._finished(
                with_others(piece, parsed, context, decision.choices), parsed, context, name, asked
            )
            yield from [answer] if writer else _in_words(answer)

    def _instead(self, wish: Wish, found: Answer) -> Answer | None:
        """What is said in place of what the pages hardly answer, where it may be another subject's; where they hold
        nothing, the rows whose cells name the subject, else what else may have been meant."""
        parsed, context = wish.parsed, wish.context
        if asked_versions(parsed.text):
            return None
        if found.confidence == "low" and wish.decision.may_be_foreign:
            refused = HANDLERS[FOREIGN](parsed, context, FOREIGN)
            return self._finished(refused, parsed, context, FOREIGN) if refused else None
        if not found.abstained:
            return None
        topic = the("topic")
        rows = HANDLERS[topic](parsed, context, topic) if parsed.own.topic or parsed.topic else None
        if rows is not None and wish.likely(topic):
            return self._finished(rows, parsed, context, topic)
        back = asked_back(parsed, context, wish.decision.choices)
        return replace(back, asked=context.memory.asked) if back else None

    def _finished(
        self, answer: Answer, parsed: Parsed, context: Context, name: str, asked: Question | None = None
    ) -> Answer:
        """With the capability that answered, and what the next message can point back to."""
        about = remembered(asked or answer.asked or parsed.asked, answer, context.memory.asked, name)
        if name == the("row"):
            answer = with_reach(answer, self.roadmap, self.settings.data)
        return replace(answer, asked=about, capabilities=(name,), question=parsed.text)

    def _own_pages(self, parsed: Parsed, context: Context, tries: Sequence[str]) -> Grounds | None:
        """What pages of one's own hold, where there are some and they are about it."""
        if not has_own_pages(self.settings.data):
            return None
        asked = searched(parsed, context.memory.asked, tries)
        try:
            found = self.query_engine().ground(self._query(asked, context.scope, context.week))
        except NotReadyError:
            return None
        return found if not found.weak and are_about(found.hits.passages, found.evidence) else None

    def _sought(self, asked: Question, message: Message, wish: Wish, back: Answer | None) -> Grounds | None:
        """What the pages hold, unless it may be asked back and they are hardly meant, or not ready.

        Errors: `NotReadyError` where nothing can be asked back.
        """
        if back is not None and not wish.decision.may_be_sought(asked=wish.parsed.is_question):
            return None
        try:
            return self.query_engine().ground(self._query(asked, message.scope, message.week))
        except NotReadyError:
            if back is None:
                raise
            return None

    def _from_passages(
        self, asked: Question, grounds: Grounds, message: Message, model: LanguageModel | None
    ) -> Generator[Delta | Answer]:
        """From what was retrieved: by the model, if there is one, in deltas and an answer; else an answer alone."""
        engine, scope = self.query_engine(), message.scope
        facts = None if asked.manner == "longer" else said_above(asked, self.roadmap, weak=grounds.weak)
        if facts and grounds.rules_out(facts.text):
            facts = None
        if asked.manner == "simpler":
            facts = words_in(message.memory.text) or facts
        composed = partial(
            engine.composed,
            grounds,
            scope=scope,
            understood=asked.understood,
            defined=defines(facts) and not asked.manner,
            manner=asked.manner,
            said=message.memory.text,
        )
        if model is None:
            answer = composed()
            if grounds.unnamed:
                facts = None
            if facts and answer.abstained:
                answer = replace(grounds.told(facts, scope, asked.understood), confidence="high")
            elif answer.abstained and not grounds.unnamed:
                answer = nothing_beyond(asked, self.roadmap, grounds.hits.degraded) or answer
            elif facts:
                answer = joined(facts, answer)
                answer = replace(answer, confidence="high") if defines(facts) else answer
            yield answer
            return
        from assistant.generation.writer import Task, write

        if facts:
            yield Delta(f"{facts.text}\n\n")
        said = facts.text if facts else ""
        task = Task(asked.text, grounds.hits.passages, composed, engine.encode, said, message.history)
        with closing(write(task, model)) as written:
            for piece in written:
                if isinstance(piece, Delta):
                    yield piece
                    continue
                answer = grounds.told(piece, scope, asked.understood) if piece.written_by_model else piece
                yield joined(facts, answer) if facts else answer

    def _language_model(self, llm: str) -> LanguageModel | None:
        """Imports what talks to a model only where one may be asked."""
        if llm == "none" or (llm == "auto" and not self.settings.llm_url):
            return None
        from assistant.generation.client import configured

        return configured(self.settings, llm)

    def search(self, query: str, *, k: int = 10, week: int | None = None, scope: Scope = "all") -> list[Passage]:
        """The best `k` passages. Errors: `QuestionError`, `NotReadyError`."""
        return list(self.query_engine().retriever.search(Query(checked(query), scope_weeks(scope, week), k=k)).passages)

    def grounds(self, question: str, *, week: int | None = None, scope: Scope = "all") -> Grounds | None:
        """What is found for a question and how sure that may be; None where a capability answers it without a search.

        Errors: `QuestionError`, `NotReadyError`.
        """
        context = self._context(Message(checked(question), week=week, scope=scope))
        parsed = read(question, context)
        decision = self.router.decide(parsed)
        for name in decision.tries:
            if name == SEARCH:
                break
            if name == FOREIGN and (own := self._own_pages(parsed, context, decision.tries)):
                return own
            if capabilities()[name].writes or HANDLERS[name](parsed, context, name) is not None:
                return None
        if not decision.tries and decision.choices and not decision.may_be_sought(asked=parsed.is_question):
            return None
        return self.query_engine().ground(self._query(searched(parsed, None, decision.tries), scope, week))

    def _query(self, question: Question, scope: Scope, week: int | None) -> Query:
        """Where to look: a scope narrows to the asker's week; weeks and resources that are named raise a score."""
        from assistant.page_answers.query_engine import CONSIDERED

        named = question.resources if question.intent in ("search", "topic") else ()
        sought = " ".join(question.topic) if question.intent == "topic" and not question.about else question.sought
        return Query(sought, scope_weeks(scope, week), named, question.weeks, CONSIDERED, joined=True)

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
        """The only place where the assistant imports chromadb, and torch where no exported model is."""
        self._readiness = Readiness(False, True, "the search model is still loading")
        try:
            if not (self.settings.data / "current").is_file():
                raise NotReadyError("there is no index yet: run `roadmap ingest`.")
            from assistant.page_answers.query_engine import GroundedQueryEngine
            from assistant.retrieval.rerank import load_reranker
            from assistant.retrieval.retriever import HybridRetriever
            from ingest.index.encoder import Loaded, load_encoder
            from ingest.index.model import find_model
            from ingest.index.reader import open_current, open_once

            model = find_model(self.settings.embed_model)
            index = (open_once if self._once else open_current)(self.settings.data, model, log.warning)
            exported = self._exported if self._once else None  # a wish may have needed it already
            loaded = Loaded(exported) if exported else load_encoder(self.settings.data, model)
            retriever = HybridRetriever(index, loaded.encoder, reranker=load_reranker(self.settings.reranker))
            engine = GroundedQueryEngine(retriever, self.settings.data)
            self._model, self._fallback = model, loaded.fallback
        except ProjectError as error:
            self._readiness = Readiness(False, False, str(error))
            raise NotReadyError(str(error)) from error
        self._readiness = _ready(index, self._fallback)
        return engine

    def _is_superseded(self, engine: GroundedQueryEngine) -> bool:
        from ingest.index.reader import superseded

        return superseded(self.settings.data, engine.retriever.index)

    def _reopened(self, engine: GroundedQueryEngine, model: ModelInfo) -> GroundedQueryEngine:
        """The same models over the new generation; what cannot be opened leaves the old one serving."""
        from ingest.index.reader import open_current

        try:
            index = open_current(self.settings.data, model, log.warning)
        except ProjectError as error:
            log.warning("still serving the old index: %s", error)
            return engine
        if self._retired is not None:
            self._retired.close()
        self._retired = engine.retriever.index
        self._readiness = _ready(index, self._fallback)
        return engine.over(index)


def _in_words(answer: Answer) -> Generator[Delta | Answer]:
    """An answer that is there already, as deltas."""
    for piece in re.findall(r"\S+\s*", answer.text):
        yield Delta(piece)
    yield answer


def _ready(index: OpenIndex, encoder: str = "") -> Readiness:
    manifest = index.manifest
    return Readiness(True, False, "", manifest.generation, manifest.chunks, manifest.pages, encoder=encoder)


def checked(question: str) -> str:
    """The question without control characters and without endless blanks, which no reader below then has to count.

    Errors: `QuestionError` for an empty or an endless one.
    """
    if len(question) > LIMIT:
        raise QuestionError(f"the question has {len(question):,} characters: ask it in at most {LIMIT:,}.")
    clean = _BLANKS.sub(_one_blank, "".join(c if c.isprintable() or c == "\n" else " " for c in seen(question))).strip()
    if not clean:
        raise QuestionError(
            "the question is empty: type what you want to know, such as “what should I do in week 14?”."
        )
    return clean


def _one_blank(run: re.Match[str]) -> str:
    """A line break where there was one; an empty line at most."""
    return "\n" * min(run[0].count("\n"), 2) or " "
