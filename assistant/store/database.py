"""Engines, migrations and error sentences of the learner's database; knows no learner.

SQLite: one file, foreign keys on, a write lock from the first statement of a transaction, 30 s of
patience for another process. PostgreSQL: any `postgresql://` URL, by psycopg.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, NullPool, StaticPool, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError, SQLAlchemyError

from assistant.store.errors import DiskFullError, ReadOnlyError, StoreError
from corpus.rights import has_room, is_writable

MIGRATIONS = Path(__file__).parent / "migrations"
PATIENCE_SECONDS = 30
CONNECT_SECONDS = 5
NO_DRIVER = (
    'PostgreSQL needs the package psycopg, which is not installed: run `pip install "psycopg[binary]"`, or '
    '`pip install -e ".[postgres]"` in the folder of this program.'
)
NO_ADDRESS = (
    "The address of the database cannot be read: give one such as postgresql://name:password@127.0.0.1:5432/roadmap, "
    "with %40 for an @ in the password."
)
_LOCK_NUMBER = 7_205_411
"""Any fixed number: PostgreSQL's advisory lock around migrations."""


def make_engine(database: Path | str, file_name: str) -> tuple[Engine, str]:
    """An engine and the place to name in messages (without a password). Of a read-only file it only reads.

    Errors: `StoreError` for a folder that cannot be made, or a URL of an unknown kind.
    """
    if isinstance(database, str) and "://" in database:
        return _server_engine(database)
    path = Path(database)
    path = path if path.suffix == Path(file_name).suffix and not path.is_dir() else path / file_name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problem = f"{path.parent} cannot be made ({error.strerror}): choose another folder in ROADMAP_DATA."
        raise StoreError(problem) from error
    return _file_engine(path), str(path)


def _file_engine(path: Path) -> Engine:
    url = URL.create("sqlite", database=str(path))
    if is_writable(path):
        engine = create_engine(url, connect_args={"timeout": PATIENCE_SECONDS}, poolclass=NullPool)
    elif path.exists():
        there = f"{path.absolute().as_uri()}?mode=ro"
        engine = create_engine(
            url, creator=lambda: sqlite3.connect(there, PATIENCE_SECONDS, uri=True), poolclass=NullPool
        )
        engine = engine.execution_options(read_only=True)
    else:  # nothing is stored, and nothing can be
        engine = create_engine("sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool)
        engine = engine.execution_options(read_only=True)
    event.listen(engine, "connect", _sqlite_connected)
    event.listen(engine, "begin", _sqlite_begun)
    return engine


def _server_engine(database: str) -> tuple[Engine, str]:
    try:
        url = make_url(database)
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        options = {"connect_timeout": CONNECT_SECONDS} if url.get_backend_name() == "postgresql" else {}
        return create_engine(url, pool_pre_ping=True, connect_args=options), url.render_as_string(hide_password=True)
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError) as error:
        kind = database.split("://", maxsplit=1)[0]
        if kind.startswith("postgresql"):
            raise StoreError(NO_DRIVER if isinstance(error, ImportError) else NO_ADDRESS) from error
        problem = f"A database of kind {kind!r} is not supported: give a folder or a postgresql:// URL."
        raise StoreError(problem) from error


def _sqlite_connected(connection: Any, _: object) -> None:
    connection.isolation_level = None  # the driver's own transactions off: ours begin in _sqlite_begun
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _sqlite_begun(connection: Connection) -> None:
    """Writers take the lock at once, so that what they read is what they change; readers wait for none."""
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def migrate(engine: Engine) -> None:
    """Brings the tables to the newest version; one process at a time, others wait.

    Errors: `StoreError` for a database of a newer program, or one that fails SQLite's check.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    if engine.get_execution_options().get("read_only"):
        _read_only(engine, config, script)
        return
    with _alone(engine):
        if engine.dialect.name == "sqlite" and engine.url.database and not Path(engine.url.database).exists():
            _make(Path(engine.url.database), config)
            return
        _upgrade(engine, config, script)


def check_writable(engine: Engine, place: str) -> None:
    """Whether something can be kept in a file, without waiting for who writes in it. Errors: `StoreError`."""
    if engine.dialect.name != "sqlite":
        return
    if engine.get_execution_options().get("read_only") or not is_writable(Path(place)):
        raise ReadOnlyError(_read_only_place(place))
    if not has_room(Path(place)):
        raise DiskFullError(_full(place))


def _make(path: Path, config: Config) -> None:
    """A new database gets its name when it is whole, so that one that was cut short is never taken for a lost one."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)  # of a process that was killed
    engine = _file_engine(draft)
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        draft.replace(path)
    finally:
        engine.dispose()
        draft.unlink(missing_ok=True)


def _upgrade(engine: Engine, config: Config, script: ScriptDirectory) -> None:
    with engine.begin() as connection:
        _check_sound(connection)
        current = MigrationContext.configure(connection).get_current_revision()
        if current == script.get_current_head():
            return
        if current is not None and current not in {r.revision for r in script.walk_revisions()}:
            raise StoreError(f"{_place(engine)} was written by a newer version of the program ({current}): update it.")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _read_only(engine: Engine, config: Config, script: ScriptDirectory) -> None:
    """Of a read-only file, that it is of this version; of none, empty tables in memory, which nothing is written to."""
    if engine.url.database is None:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only=ON")
        return
    with engine.connect().execution_options(reading=True) as connection:
        _check_sound(connection)
        if MigrationContext.configure(connection).get_current_revision() != script.get_current_head():
            raise StoreError(
                f"{_place(engine)} is read-only, and of another version of the program: copy it elsewhere."
            )


def _check_not_empty(path: Path) -> None:
    """Errors: `StoreError` for an empty file, which would be taken for a new database: what was in it is gone."""
    if path.is_file() and path.stat().st_size == 0:
        raise StoreError(
            f"{path} is empty, as no database of learners is: put your copy in its place, or remove it to begin anew."
        )


def _check_sound(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if found != "ok":
        raise StoreError(_damaged(_place(connection.engine)))


@contextmanager
def _alone(engine: Engine) -> Generator[None]:
    if engine.dialect.name == "sqlite":
        try:
            held = FileLock(f"{engine.url.database}.lock", timeout=PATIENCE_SECONDS).acquire()
        except Timeout as error:
            raise StoreError(_in_use(_place(engine))) from error
        with held:
            _check_not_empty(Path(str(engine.url.database)))
            yield
        return
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:n)"), {"n": _LOCK_NUMBER})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": _LOCK_NUMBER})


def _place(engine: Engine) -> str:
    if engine.dialect.name == "sqlite":
        return str(engine.url.database)
    return engine.url.render_as_string(hide_password=True)


def failure(error: SQLAlchemyError, place: str) -> StoreError:
    """What is raised in its place; nothing was written."""
    lower = str(error).lower()
    if "readonly" in lower or "read-only" in lower:
        return ReadOnlyError(sentence(error, place))
    full = ("disk is full", "no space left")
    if any(said in lower for said in full) or ("disk i/o error" in lower and not has_room(Path(place))):
        return DiskFullError(sentence(error, place))
    return StoreError(sentence(error, place))


def sentence(error: SQLAlchemyError, place: str) -> str:
    """What happened, in one sentence for a person; nothing was written in any of these cases."""
    said = str(error.orig if isinstance(error, DatabaseError) else error).strip()
    line = said.splitlines()[0] if said else type(error).__name__
    lower = said.lower()
    if "not a database" in lower or "malformed" in lower or "encrypted" in lower:
        return _damaged(place)
    if "disk is full" in lower or "no space left" in lower:
        return _full(place)
    if "disk i/o error" in lower:
        return f"The disk of {place} is full or refuses to write: free some space and try again; nothing was changed."
    if "locked" in lower:
        return _in_use(place)
    if "readonly" in lower or "read-only" in lower:
        return _read_only_place(place)
    if "unable to open" in lower:
        return f"{place} cannot be opened for writing: check its rights, or choose another folder in ROADMAP_DATA."
    if "://" in place and isinstance(error, OperationalError):
        return (
            f"The database server of {place} does not answer ({line}): see that it runs, and try again; "
            "what was begun is kept whole or not at all."
        )
    return f"{place} cannot be used ({line}): check that it is reachable and try again; nothing was changed."


def _full(place: str) -> str:
    return f"The disk of {place} is full: free some space and try again; nothing was changed."


def _read_only_place(place: str) -> str:
    return f"{place} is read-only, so nothing can be kept: check its rights, or set another folder in ROADMAP_DATA."


def _in_use(place: str) -> str:
    return f"{place} has been in use for {PATIENCE_SECONDS:g} s by another process: try again; nothing was changed."


def _damaged(place: str) -> str:
    return f"{place} is damaged: move it away, and import your last export into the new one; nothing was changed."
