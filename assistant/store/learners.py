"""Where learners are kept: SQLite by default, PostgreSQL by URL; migrated when it is opened.

Every change is one transaction that reads, edits and writes, so that two processes never lose each
other's marks; each is remembered with what was before, so that it can be undone. Knows nothing of
recommendations or plans.

    StoreError              the database cannot be used; the message says which one and what to do
    ├── ReadOnlyError       nothing can be kept there
    ├── DiskFullError       nothing can be kept there until there is room
    └── NothingToUndo       there is no change left to take back
        └── ChangedSince    another one was made after it
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from assistant.store.database import StoreError, check_writable, failure, make_engine, migrate
from assistant.store.errors import ChangedSince, NothingToUndo
from assistant.store.learner_json import from_json, to_json
from assistant.store.rows import (
    EXPORT_FORMAT,
    check_name,
    checked_export,
    claim,
    empty,
    ensure_owner,
    forget_old_changes,
    import_rest,
    insert_reviews,
    owner_of,
    read_learner,
    read_reviews,
    read_schedules,
    renamed,
    review_json,
    write_learner,
)
from assistant.store.schema import change, learner, schedule
from assistant.study.learner import Learner, LearnerError
from assistant.study.review import Graded, Review
from corpus.settings import DATABASE_FILE

REMEMBERED = 100
"""Changes a learner that can be undone; older ones are forgotten, so that the file does not grow for ever."""


class LearningStore:
    """The learners of one database. Use it as a context manager, or close it."""

    def __init__(self, database: Path | str) -> None:
        """Opens a folder's `learner.db` (or a path to a file), or a database URL, and migrates it.

        Errors: `StoreError` if it is damaged, cannot be reached or written, or is newer than the program.
        """
        self._engine, self.place = make_engine(database, DATABASE_FILE)
        try:
            with self._translated():
                migrate(self._engine)
        except (StoreError, OSError):
            self._engine.dispose()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._engine.dispose()

    # --- learners ---------------------------------------------------------------------------------------------------

    def load(self, name: str) -> Learner:
        """The learner of that name; a new one (not stored yet) if there is none."""
        with self._reading() as connection:
            return read_learner(connection, check_name(name))

    def check(self) -> None:
        """Errors: `StoreError` where nothing can be read, or nothing kept."""
        with self._reading() as connection:
            connection.exec_driver_sql("SELECT 1")
        check_writable(self._engine, self.place)

    def has(self, name: str) -> bool:
        """Whether there is a learner of that name."""
        with self._reading() as connection:
            return owner_of(connection, check_name(name)) is not None

    def change(
        self, name: str, said: str, edit: Callable[[Learner], Learner], now: datetime, *, amends: bool = False
    ) -> Learner:
        """Edits a learner in one transaction and remembers it under `said`, for `undo`.

        amends: the edit takes the place of the last change: it is made on the learner before it, and one undo takes
        back both. An edit that raises or changes nothing leaves everything as it was. Errors: `StoreError`, and
        whatever `edit` raises.
        """
        with self._writing() as connection:
            claim(connection, check_name(name))
            stored = read_learner(connection, name, lock=True)
            last = _last_change(connection, owner_of(connection, name)) if amends else None
            before = from_json(last.before) if last else stored
            after = edit(before)
            if after == stored:
                return stored
            if last:
                connection.execute(update(change).where(change.c.id == last.id).values(undone=True))
            if after.name != before.name:
                raise LearnerError(f"An edit cannot rename {before.name!r}: export and import under a new name.")
            owner = write_learner(connection, after)
            values = {"at": now.isoformat(), "said": said, "before": to_json(before), "undone": False}
            connection.execute(insert(change).values(learner_id=owner, **values))
            forget_old_changes(connection, owner, REMEMBERED)
            return after

    def undo(self, name: str, at: str = "") -> str:
        """Takes back the last change that was not taken back yet; gives what it said.

        at: the moment of the change that is meant: no other one is taken back in its place.
        Errors: `NothingToUndo`, `ChangedSince`, `StoreError`.
        """
        with self._writing() as connection:
            owner = owner_of(connection, check_name(name), lock=True)
            last = _last_change(connection, owner)
            if last is None:
                raise NothingToUndo("There is no change to undo.")
            if at and last.at != at:
                if _is_kept(connection, owner, at):
                    raise ChangedSince(last.said, last.at)
                raise NothingToUndo("There is nothing to undo: it is taken back already.")
            write_learner(connection, from_json(last.before))
            connection.execute(update(change).where(change.c.id == last.id).values(undone=True))
            return str(last.said)

    def changed_at(self, name: str, at: datetime) -> bool:
        """Whether there is a change of that moment that can be taken back."""
        with self._reading() as connection:
            return _is_kept(connection, owner_of(connection, check_name(name)), at.isoformat())

    def last_said(self, name: str) -> str:
        """What the last change said that was not taken back; "" where there is none."""
        with self._reading() as connection:
            last = _last_change(connection, owner_of(connection, check_name(name)))
            return str(last.said) if last else ""

    def before(self, name: str) -> Learner:
        """The learner before the last change that was not taken back; as it is where there is none."""
        with self._reading() as connection:
            last = _last_change(connection, owner_of(connection, check_name(name)))
            return from_json(last.before) if last else read_learner(connection, name)

    # --- reviews ----------------------------------------------------------------------------------------------------

    def schedules(self, name: str) -> dict[str, str]:
        """Card key -> FSRS schedule as JSON text."""
        with self._reading() as connection:
            return read_schedules(connection, owner_of(connection, check_name(name)))

    def grade(self, name: str, key: str, grading: Callable[[str | None], Graded]) -> Graded:
        """Grades a card in one transaction: `grading` gets its schedule (None for a new card)."""
        with self._writing() as connection:
            owner = ensure_owner(connection, check_name(name))
            place = (schedule.c.learner_id == owner) & (schedule.c.card == key)
            before = connection.scalar(select(schedule.c.state).where(place))
            graded = grading(before)
            connection.execute(delete(schedule).where(place))
            connection.execute(insert(schedule).values(learner_id=owner, card=key, state=graded.schedule))
            insert_reviews(connection, owner, [graded.review])
            return graded

    def reviews(self, name: str) -> tuple[Review, ...]:
        """The history of gradings, oldest first."""
        with self._reading() as connection:
            return read_reviews(connection, owner_of(connection, check_name(name)))

    # --- calendar files ---------------------------------------------------------------------------------------------

    def calendar(self, name: str) -> dict[str, Any] | None:
        """What `remember_calendar` kept last; None if it never did."""
        with self._reading() as connection:
            return connection.scalar(select(learner.c.calendar).where(learner.c.name == check_name(name)))

    def remember_calendar(self, name: str, written: dict[str, Any]) -> None:
        """Keeps what calendar files hold now. No change of the learner: there is nothing to undo."""
        with self._writing() as connection:
            owner = ensure_owner(connection, check_name(name))
            connection.execute(update(learner).where(learner.c.id == owner).values(calendar=written))

    # --- the calendar's address -------------------------------------------------------------------------------------

    def feed(self, name: str) -> str:
        """The secret of a learner's calendar address; "" where there is none."""
        with self._reading() as connection:
            return connection.scalar(select(learner.c.feed).where(learner.c.name == check_name(name))) or ""

    def set_feed(self, name: str, secret: str) -> None:
        """Sets the secret, or takes it away with "". No change of the learner: there is nothing to undo."""
        with self._writing() as connection:
            owner = ensure_owner(connection, check_name(name))
            connection.execute(update(learner).where(learner.c.id == owner).values(feed=secret or None))

    def fed_by(self, secret: str) -> str | None:
        """The learner whose secret it is."""
        with self._reading() as connection:
            return connection.scalar(select(learner.c.name).where(learner.c.feed == secret)) if secret else None

    # --- export and import ------------------------------------------------------------------------------------------

    def export_json(self, name: str) -> dict[str, Any]:
        """Everything about a learner as plain JSON; of one who is not stored, a new one's."""
        with self._reading() as connection:
            owner = owner_of(connection, check_name(name))
            changes = connection.execute(
                select(change.c.at, change.c.said, change.c.before, change.c.undone)
                .where(change.c.learner_id == owner)
                .order_by(change.c.id)
            ).mappings()
            return {
                "format": EXPORT_FORMAT,
                "learner": to_json(read_learner(connection, name)),
                "schedules": read_schedules(connection, owner),
                "reviews": [review_json(entry) for entry in read_reviews(connection, owner)],
                "changes": [dict(row) for row in changes],
            }

    def import_json(self, data: object, name: str | None = None, *, replace: bool = False) -> Learner:
        """Stores an export, under another name if one is given.

        Errors: `LearnerError` if it is no export, or if the learner exists and `replace` is False.
        """
        export = checked_export(data)
        found = from_json(export["learner"])
        found = found if name is None else renamed(found, name)
        with self._writing() as connection:
            claim(connection, check_name(found.name))
            if owner_of(connection, found.name) is not None:
                if not replace:
                    raise LearnerError("There is a learner of that name already: give another name, or replace it.")
                empty(connection, found.name)
            owner = write_learner(connection, found)
            import_rest(connection, owner, found.name, export)
        return found

    def forget(self, name: str) -> None:
        """Deletes all that is stored of a learner but the conversations; the next change begins anew.

        Errors: `StoreError`.
        """
        with self._writing() as connection:
            if owner_of(connection, check_name(name), lock=True) is not None:
                empty(connection, name)
                owner = write_learner(connection, Learner(name))
                connection.execute(update(learner).where(learner.c.id == owner).values(calendar=None, feed=None))

    # --- transactions -----------------------------------------------------------------------------------------------

    @contextmanager
    def _reading(self) -> Generator[Connection]:
        with self._translated(), self._engine.connect().execution_options(reading=True) as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Generator[Connection]:
        with self._translated(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _translated(self) -> Generator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise failure(error, self.place) from error


def _last_change(connection: Connection, owner: int | None) -> Row[Any, Any, Any, Any] | None:
    """The last change of a learner that was not taken back: its id, when, what it said, the learner before it."""
    return connection.execute(
        select(change.c.id, change.c.at, change.c.said, change.c.before)
        .where(change.c.learner_id == owner, change.c.undone.is_(False))
        .order_by(change.c.id.desc())
        .limit(1)
    ).first()


def _is_kept(connection: Connection, owner: int | None, at: str) -> bool:
    """Whether there is a change of that moment that was not taken back."""
    found = select(change.c.id).where(change.c.learner_id == owner, change.c.undone.is_(False), change.c.at == at)
    return connection.scalar(found.limit(1)) is not None
