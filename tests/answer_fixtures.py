"""Assistants to talk to: over the six notes with the real embedding model, and over nothing, to see what is decided."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from _pytest.mark import ParameterSet

from assistant.answers import Answer, Query
from assistant.companion import Companion
from assistant.conversation import memory_of
from assistant.generation.small_model import serving
from assistant.handling import Memory
from assistant.language.message import Parsed, read_message
from assistant.page_answers.query_engine import GroundedQueryEngine, Grounds
from assistant.retrieval.retriever import Hits, HybridRetriever
from assistant.router import Decision
from assistant.service import Assistant
from assistant.study.learner import Learner
from corpus.settings import Settings, load_settings
from tests.eval_fixtures import Notes

Make = Callable[..., Assistant]
NOW = datetime(2027, 1, 6, 18, tzinfo=UTC)
"""The moment at which all is said that names none: a Wednesday."""
_PEOPLE = count(1)


class FindsNothing:
    """In the place of the query engine: every search comes back empty, and is kept in `sought`."""

    def __init__(self) -> None:
        manifest = SimpleNamespace(generation="none", chunks=0, pages=0)
        self.retriever = SimpleNamespace(index=SimpleNamespace(manifest=manifest), degraded=())
        self.sought: list[Query] = []

    def ground(self, query: Query) -> Grounds:
        self.sought.append(query)
        return Grounds(query, Hits((), (), (), None), 0.0, 0.0)

    def composed(self, grounds: Grounds, **asked: Any) -> Answer:
        return GroundedQueryEngine.composed(cast("GroundedQueryEngine", self), grounds, **asked)


class Talk:
    """Conversations with an assistant. `talk("week 14", "and the week after?")` -> the answers, one a message.

    Each call is a new conversation; all are of one person, whose state is `learner`. Without a language model.
    """

    def __init__(self, assistant: Assistant, person: str = "", now: datetime = NOW) -> None:
        self.assistant, self.now = assistant, now
        self.person = person or f"p{next(_PEOPLE)}"
        self.memory = Memory()

    def __call__(self, *texts: str, week: int | None = None, now: datetime | None = None) -> list[Answer]:
        self.memory = Memory()
        answers: list[Answer] = []
        for text in texts:
            where = {"person": self.person, "now": now or self.now, "week": week, "memory": self.memory}
            answers.append(self.assistant.ask(text, llm="none", **where))
            self.memory = memory_of(self.memory, answers[-1])
        return answers

    def last(self, *texts: str, week: int | None = None, now: datetime | None = None) -> Answer:
        """The last answer of a conversation."""
        return self(*texts, week=week, now=now)[-1]

    def decided(self, text: str) -> tuple[Parsed, Decision]:
        """A message as it is read on its own, and what is decided for it."""
        parsed = read_message(text, self.assistant.roadmap, self.learner.day(self.now))
        return parsed, self.assistant.router.decide(parsed)

    @property
    def learner(self) -> Learner:
        return self.assistant.companion.learner(self.person)

    @property
    def sought(self) -> list[Query]:
        """What was searched for, over an assistant that finds nothing."""
        return cast("FindsNothing", self.assistant.query_engine()).sought

    def begun(self) -> Talk:
        """The same of a person whose plan began on the Monday before."""
        self("I start on 2027-01-04")
        return self


def over(companion: Companion) -> Assistant:
    """An assistant that finds nothing, with this companion."""
    return Assistant(
        replace(load_settings(), embed_model="none"), cast("GroundedQueryEngine", FindsNothing()), companion
    )


@pytest.fixture(scope="session")
def over_nothing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant that answers everything but what is searched for: one for the whole run, since persons differ. It
    reads by words alone, as every one does while its model loads."""
    engine = cast("GroundedQueryEngine", FindsNothing())
    assistant = Assistant(Settings(data=tmp_path_factory.mktemp("nothing"), embed_model="none"), engine)
    with closing(assistant.companion):
        yield assistant


@pytest.fixture
def talk(over_nothing: Assistant) -> Talk:
    """Conversations of a new person, at a moment that never changes."""
    cast("FindsNothing", over_nothing.query_engine()).sought.clear()
    return Talk(over_nothing)


@pytest.fixture(scope="session")
def make_assistant(notes: Notes, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """`make_assistant(llm_url=...)`: an assistant with these settings, its index open."""
    data: Path = tmp_path_factory.mktemp("assistant")

    def make(**settings: str) -> Assistant:
        engine = GroundedQueryEngine(HybridRetriever(notes.index, notes.embedding), notes.folder)
        return Assistant(Settings(data=data, **settings), engine)  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def small_model() -> Iterator[str]:
    """SmolLM2-135M over HTTP, one server for the whole run; its base URL."""
    pytest.importorskip("xllamacpp")
    with serving() as url:
        yield url


def pending(
    rows: Iterable[str | Sequence[object]], not_yet: Mapping[str, Collection[str]], table: str
) -> list[ParameterSet]:
    """The rows as parameters, named by what is said. Those that `not_yet` names for this table are not understood yet:
    some lie on the border, and pass or fail with every example that is added, so neither ends the run."""
    waiting = not_yet.get(table, ())
    mark = pytest.mark.xfail(strict=False, reason="not understood yet")
    named = {_name(row): (row,) if isinstance(row, str) else row for row in rows}
    gone = set(waiting) - set(named)
    assert not gone, f"{table}: nothing of this name waits: {sorted(gone)}"
    return [pytest.param(*row, id=name, marks=[mark] if name in waiting else []) for name, row in named.items()]


def _name(row: str | Sequence[object]) -> str:
    said = row if isinstance(row, str) else row[0]
    return " / ".join(said) if isinstance(said, tuple) else str(said)
