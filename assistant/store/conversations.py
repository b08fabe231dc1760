"""Kept conversations: each belongs to one person, and nobody else's id opens it. SQLite, or PostgreSQL by URL.

Lies in the learner's database. Every look-up names the person, so that an id of another's conversation is one that
does not exist. Two tabs of one conversation lose nothing of each other: see `keep`. Knows nothing of how an answer is
made or shown.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    Table,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from assistant.answers import Answer, Scope
from assistant.store import answer_json
from assistant.store.database import StoreError, failure, make_engine, migrate
from assistant.store.learners import DATABASE_FILE
from assistant.store.rows import check_name, ensure_owner, owner_of
from assistant.store.schema import conversation, turn
from assistant.text.markdown import escaped
from corpus.errors import UsageError
from corpus.letters import seen

LONGEST_TITLE = 120
LISTED = 200
"""Conversations that a list shows at the most, the last changed first."""


class ConversationError(UsageError):
    """A conversation is not there, or cannot be called that; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as it was asked, and its answer; None where it was stopped or failed."""

    question: str
    answer: Answer | None
    week: int | None = None
    scope: Scope = "all"
    at: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """A line of the list."""

    id: str
    title: str
    changed: str
    turns: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation with all its turns."""

    id: str
    title: str
    turns: tuple[Turn, ...]
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Filed:
    """Where a turn was written, and when. `joined`: after what another tab had written meanwhile."""

    place: int
    changed: str
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Deleted:
    """A conversation that was deleted, row by row."""

    person: str
    title: str
    head: dict[str, Any]
    turns: tuple[dict[str, Any], ...]


class ConversationStore:
    """The conversations of one database. Use it as a context manager, or close it. Safe to use from several threads."""

    def __init__(self, database: Path | str) -> None:
        """A folder with `learner.db`, a file, or a database URL. Opened and migrated at the first use, by whichever
        method it is. Errors of every method: `StoreError` if it cannot be."""
        self._database = database
        self._lock = threading.Lock()
        self._opened: tuple[Engine, str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the database; it is opened again when it is needed."""
        with self._lock:
            if self._opened is not None:
                self._opened[0].dispose()
                self._opened = None

    def list(
        self, person: str, search: str = "", *, limit: int = LISTED, after: tuple[str, str] | None = None
    ) -> tuple[Summary, ...]:
        """A person's conversations, the last changed first; with `search`, those whose title or questions hold it.
        after: `changed` and id of the one that stands before them in the list."""
        mine = conversation.c.learner_id
        query = (
            select(conversation.c.id, conversation.c.title, conversation.c.changed, func.count(turn.c.place).label("n"))
            .join(turn, turn.c.conversation_id == conversation.c.id)
            .group_by(conversation.c.id, conversation.c.title, conversation.c.changed)
            .order_by(conversation.c.changed.desc(), conversation.c.id)
            .limit(limit)
        )
        if search.strip():
            query = query.where(_holding(search.strip()))
        if after:
            changed, id = after
            older, equal = conversation.c.changed < changed, conversation.c.changed == changed
            query = query.where(or_(older, and_(equal, conversation.c.id > id)))
        with self._reading() as connection:
            rows = connection.execute(query.where(mine == owner_of(connection, check_name(person))))
            return tuple(Summary(row.id, row.title, row.changed, row.n) for row in rows)

    def load(self, person: str, id: str) -> Kept:
        """One conversation. Errors: `ConversationError` if this person has none of that id."""
        with self._reading() as connection:
            title, changed = _head(connection, person, id)
            query = select(turn).where(turn.c.conversation_id == id).order_by(turn.c.place)
            return Kept(id, title, tuple(_turn(row) for row in connection.execute(query).mappings()), changed)

    def keep(self, person: str, id: str, place: int, one: Turn, *, seen: str | None = None) -> Filed:
        """Writes turn number `place` of a conversation; what stood there and after it is gone. Makes the conversation,
        named by its first question, if it is not there yet. Errors: `ConversationError` for another's id.

        seen: the `changed` that the writer knows ("": a new conversation). Where it is another's by now, nothing goes:
        the turn is written after what is stored.
        """
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        answer = answer_json.to_json(one.answer) if one.answer else None
        fields = {"at": one.at or now, "question": one.question, "week": one.week, "scope": one.scope, "answer": answer}
        with self._writing() as connection:
            before = _touch(connection, person, id, one.question, now)
            joined = seen is not None and seen != before
            place = _end(connection, id) if joined else place
            if place == 0:
                _retitle(connection, id, one.question)
            connection.execute(delete(turn).where(turn.c.conversation_id == id, turn.c.place >= place))
            connection.execute(insert(turn).values(conversation_id=id, place=place, **fields))
        return Filed(place, now, joined)

    def rename(self, person: str, id: str, title: str) -> None:
        """Errors: `ConversationError` for an empty title, or if this person has none of that id."""
        if not title_of(title):
            raise ConversationError("The name is empty: give the conversation a name.")
        self._change(person, id, lambda place: update(conversation).where(place).values(title=title_of(title)))

    def delete(self, person: str, id: str) -> Deleted:
        """What is gone, for `restore`. Errors: `ConversationError` if this person has none of that id."""
        with self._writing() as connection:
            owner = owner_of(connection, check_name(person))
            _head(connection, person, id)
            mine = conversation.c.id == id
            head = connection.execute(select(conversation).where(mine)).mappings().one()
            turns = connection.execute(select(turn).where(turn.c.conversation_id == id)).mappings().all()
            connection.execute(delete(turn).where(turn.c.conversation_id == id))
            connection.execute(delete(conversation).where(_own(owner or 0, id)))
        return Deleted(person, str(head["title"]), dict(head), tuple(dict(row) for row in turns))

    def restore(self, gone: Deleted) -> None:
        """Brings a deleted conversation back as it was. Errors: `ConversationError` if its place is taken."""
        with self._writing() as connection:
            owner, id = ensure_owner(connection, check_name(gone.person)), gone.head["id"]
            if connection.scalar(select(conversation.c.id).where(conversation.c.id == id)):
                raise ConversationError(f"The conversation “{gone.title}” is there already.")
            connection.execute(insert(conversation).values(gone.head | {"learner_id": owner}))
            if gone.turns:
                connection.execute(insert(turn), list(gone.turns))

    def _change(self, person: str, id: str, make: Any) -> None:
        with self._writing() as connection:
            owner = owner_of(connection, check_name(person))
            if owner is None or not connection.execute(make(_own(owner, id))).rowcount:
                raise ConversationError(_missing(id))

    @contextmanager
    def _reading(self) -> Generator[Connection]:
        engine, place = self._engine()
        with _translated(place), engine.connect().execution_options(reading=True) as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Generator[Connection]:
        engine, place = self._engine()
        with _translated(place), engine.begin() as connection:
            yield connection

    def _engine(self) -> tuple[Engine, str]:
        with self._lock:
            if self._opened is None:
                engine, place = make_engine(self._database, DATABASE_FILE)
                try:
                    with _translated(place):
                        migrate(engine)
                except (StoreError, OSError):
                    engine.dispose()
                    raise
                self._opened = (engine, place)
            return self._opened


@contextmanager
def _translated(place: str) -> Generator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise failure(error, place) from error


def new_id() -> str:
    """An id that nobody guesses."""
    return secrets.token_hex(16)


def title_of(question: str) -> str:
    """A name for a conversation: the question on one line, cut at a word."""
    line = " ".join("".join(c if c.isprintable() else " " for c in seen(question)).split())
    if len(line) <= LONGEST_TITLE:
        return line
    return line[:LONGEST_TITLE].rsplit(" ", 1)[0] + " …"


def as_markdown(kept: Kept) -> str:
    """A conversation for other programs: questions as headings, answers with their sources."""
    pieces = [f"# {escaped(kept.title)}"]
    for one in kept.turns:
        said = answer_markdown(one.answer) if one.answer else "_(no whole answer)_"
        pieces += [f"## {escaped(title_of(one.question))}", said]
    return "\n\n".join(pieces) + "\n"


def answer_markdown(answer: Answer) -> str:
    """An answer with a numbered list of its sources."""
    sources = [
        f"[{c.n}] {escaped(c.title)} ({c.kind}{f', fetched {c.fetched_at[:10]}' if c.fetched_at else ''})"
        + (f": <{c.url}>" if c.url else "")
        for c in answer.citations
    ]
    return answer.text + ("\n\n" + "  \n".join(sources) if sources else "")


def _touch(connection: Connection, person: str, id: str, question: str, now: str) -> str:
    """Marks the conversation as changed now, or makes it; when it was changed before ("": it was not there)."""
    owner = ensure_owner(connection, check_name(person))
    before = connection.scalar(select(conversation.c.changed).where(_own(owner, id)).with_for_update())
    if before is not None:
        connection.execute(update(conversation).where(_own(owner, id)).values(changed=now))
        return str(before)
    if connection.scalar(select(conversation.c.id).where(conversation.c.id == id)):
        raise ConversationError(_missing(id))
    values = {"id": id, "learner_id": owner, "title": title_of(question), "begun": now, "changed": now}
    connection.execute(insert(conversation).values(**values))
    return ""


def _retitle(connection: Connection, id: str, question: str) -> None:
    """A conversation that is named by its first question goes by the new one; a name that was given stays."""
    first = connection.scalar(select(turn.c.question).where(turn.c.conversation_id == id, turn.c.place == 0))
    if first is not None:
        named = and_(conversation.c.id == id, conversation.c.title == title_of(first))
        connection.execute(update(conversation).where(named).values(title=title_of(question)))


def _end(connection: Connection, id: str) -> int:
    """The number of the turn after the last one."""
    last = connection.scalar(select(func.max(turn.c.place)).where(turn.c.conversation_id == id))
    return 0 if last is None else int(last) + 1


def _head(connection: Connection, person: str, id: str) -> tuple[str, str]:
    """The title, and when it was last changed."""
    owner = owner_of(connection, check_name(person))
    query = select(conversation.c.title, conversation.c.changed)
    row = connection.execute(query.where(_own(owner, id))).first() if owner is not None else None
    if row is None:
        raise ConversationError(_missing(id))
    return str(row.title), str(row.changed)


def _own(owner: int, id: str) -> ColumnElement[bool]:
    return and_(conversation.c.id == id, conversation.c.learner_id == owner)


def _holding(text: str) -> ColumnElement[bool]:
    asked = select(turn.c.conversation_id).where(_like(turn, "question", text))
    return or_(_like(conversation, "title", text), conversation.c.id.in_(asked))


def _like(table: Table, column: str, text: str) -> ColumnElement[bool]:
    return table.c[column].icontains(text, autoescape=True)


def _turn(row: RowMapping) -> Turn:
    answer = answer_json.from_json(row["answer"]) if row["answer"] else None
    return Turn(row["question"], answer, row["week"], row["scope"], row["at"])


def _missing(id: str) -> str:
    return f"There is no conversation {id[:32]!r} here: choose one of the list, or begin a new one."
