"""Rows of the learner's database <-> values. Every function works inside the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Connection, RowMapping, Table, delete, func, insert, select, update

from assistant.store.database import StoreError
from assistant.store.learner_json import from_json, to_json
from assistant.store.schema import card, change, learner, mark, pause, review, schedule
from assistant.study.learner import Learner, LearnerError, Mark, SavedCard, StudyDay
from assistant.study.planned import Pause
from assistant.study.review import Review

EXPORT_FORMAT = 1
LONGEST_NAME = 200


def check_name(name: str) -> str:
    """Errors: `LearnerError` for an empty or overlong name."""
    if not name.strip() or len(name) > LONGEST_NAME or "\x00" in name:
        raise LearnerError(f"{name[:40]!r} cannot be a learner's name: give 1 to {LONGEST_NAME} characters.")
    return name


def owner_of(connection: Connection, name: str, *, lock: bool = False) -> int | None:
    query = select(learner.c.id).where(learner.c.name == name)
    return connection.scalar(query.with_for_update() if lock else query)


def claim(connection: Connection, name: str) -> None:
    """Waits until no other transaction writes a learner of that name, also one that is not stored yet, whose row
    cannot be locked; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))


def ensure_owner(connection: Connection, name: str) -> int:
    claim(connection, name)
    owner = owner_of(connection, name, lock=True)
    return write_learner(connection, Learner(name)) if owner is None else owner


def read_learner(connection: Connection, name: str, *, lock: bool = False) -> Learner:
    with _readable():
        return _read_learner(connection, name, lock=lock)


@contextmanager
def _readable() -> Generator[None]:
    """A file that SQLite takes as sound may hold a date or a list that is none. Names nobody: in the web application
    the name is the only key to what is stored, and the message is logged."""
    try:
        yield
    except (ValueError, TypeError, KeyError) as error:
        raise StoreError(
            f"What is stored of this learner holds a value that cannot be read ({error}): import your last export; "
            "nothing was changed."
        ) from error


def _read_learner(connection: Connection, name: str, *, lock: bool) -> Learner:
    query = select(learner).where(learner.c.name == name)
    row = connection.execute(query.with_for_update() if lock else query).mappings().first()
    if row is None:
        return Learner(name)
    owner = row["id"]
    marks = sorted((_mark(r) for r in _rows(connection, mark, owner)), key=lambda m: m.key)
    cards = sorted(_rows(connection, card, owner), key=lambda r: r["place"])
    pauses = sorted(_rows(connection, pause, owner), key=lambda r: (r["first"], r["last"]))
    return Learner(
        name=name,
        start=row["start"],
        hours=row["hours"],
        prefer=row["prefer"],
        free_only=row["free_only"],
        formats=tuple(row["formats"]),
        timezone=row["timezone"],
        notes=row["notes"],
        replanned=row["replanned"],
        week=row["week"],
        weekdays=tuple(row["weekdays"] or ()),
        marks=tuple(marks),
        pauses=tuple(Pause(r["first"], r["last"]) for r in pauses),
        cards=tuple(SavedCard(r["id"], r["resource"], r["question"], r["answer"], r["source"]) for r in cards),
        suspended=tuple(row["suspended"]),
        studied=tuple(StudyDay(date.fromisoformat(r["day"]), r["minutes"]) for r in row["studied"]),
    )


def _rows(connection: Connection, table: Table, owner: int) -> list[RowMapping]:
    return list(connection.execute(select(table).where(table.c.learner_id == owner)).mappings())


def _mark(row: RowMapping) -> Mark:
    at = datetime.fromisoformat(row["at"])
    return Mark(row["resource"], row["unit"], row["status"], at, row["minutes"], row["reason"])


def write_learner(connection: Connection, value: Learner) -> int:
    """Writes the learner's row and replaces what belongs to it, but for reviews and changes."""
    fields = {
        "start": value.start,
        "hours": value.hours,
        "prefer": value.prefer,
        "free_only": value.free_only,
        "formats": list(value.formats),
        "timezone": value.timezone,
        "notes": value.notes,
        "replanned": value.replanned,
        "week": value.week,
        "weekdays": list(value.weekdays) or None,
        "suspended": list(value.suspended),
        "studied": [{"day": entry.day.isoformat(), "minutes": entry.minutes} for entry in value.studied],
    }
    owner = owner_of(connection, value.name)
    if owner is None:
        result = connection.execute(insert(learner).values(name=value.name, **fields))
        owner = cast("int", result.inserted_primary_key[0]) if result.inserted_primary_key else 0
    else:
        connection.execute(update(learner).where(learner.c.id == owner).values(**fields))
    _replace(connection, mark, owner, [asdict(m) | {"at": m.at.isoformat()} for m in value.marks])
    _replace(connection, card, owner, [asdict(c) | {"place": n} for n, c in enumerate(value.cards)])
    _replace(connection, pause, owner, [asdict(p) for p in value.pauses])
    return owner


def _replace(connection: Connection, table: Table, owner: int, rows: list[dict[str, Any]]) -> None:
    connection.execute(delete(table).where(table.c.learner_id == owner))
    if rows:
        connection.execute(insert(table), [{"learner_id": owner, **row} for row in rows])


def read_reviews(connection: Connection, owner: int | None) -> tuple[Review, ...]:
    rows = connection.execute(select(review).where(review.c.learner_id == owner).order_by(review.c.id))
    return tuple(Review(row.card, row.rating, datetime.fromisoformat(row.at)) for row in rows)


def insert_reviews(connection: Connection, owner: int, reviews: list[Review]) -> None:
    rows = [{"learner_id": owner, **review_json(entry)} for entry in reviews]
    if rows:
        connection.execute(insert(review), rows)


def review_json(entry: Review) -> dict[str, str]:
    return {"card": entry.key, "rating": entry.rating, "at": entry.at.isoformat()}


def read_schedules(connection: Connection, owner: int | None) -> dict[str, str]:
    rows = connection.execute(select(schedule.c.card, schedule.c.state).where(schedule.c.learner_id == owner))
    return dict(sorted((row.card, row.state) for row in rows))


def empty(connection: Connection, name: str) -> None:
    """Removes gradings and remembered changes; what `write_learner` replaces, and conversations, stay."""
    owner = owner_of(connection, name)
    for table in (schedule, review, change):
        connection.execute(delete(table).where(table.c.learner_id == owner))


def forget_old_changes(connection: Connection, owner: int, kept: int) -> None:
    last = select(change.c.id).where(change.c.learner_id == owner).order_by(change.c.id.desc()).offset(kept).limit(1)
    oldest = connection.scalar(last)
    if oldest is not None:
        connection.execute(delete(change).where(change.c.learner_id == owner, change.c.id <= oldest))


# --- import ---------------------------------------------------------------------------------------------------------


def checked_export(data: object) -> Mapping[str, Any]:
    if not isinstance(data, dict) or "learner" not in data:
        raise LearnerError("This is no export of a learner: give a file that `export` wrote.")
    export = cast("dict[str, Any]", data)
    _check_text(export)
    if export.get("format") != EXPORT_FORMAT:
        raise LearnerError(
            f"The export has format {str(export.get('format'))[:40]!r}: this program reads {EXPORT_FORMAT}."
        )
    from assistant.store.export_model import ExportModel, checked

    checked(ExportModel, export)
    return export


def _check_text(export: Mapping[str, Any]) -> None:
    """JSON can say half of a surrogate pair, or nest without end; neither can be stored."""
    try:
        json.dumps(export, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError) as error:
        problem = "holds a character that is no character, or is nested too deep"
        raise LearnerError(f"The export {problem}: export it anew.") from error


def renamed(value: Learner, name: str) -> Learner:
    return from_json(to_json(value) | {"name": name})


def import_rest(connection: Connection, owner: int, name: str, export: Mapping[str, Any]) -> None:
    """Writes what a checked export holds beside the learner."""
    schedules = [{"learner_id": owner, "card": key, "state": state} for key, state in export["schedules"].items()]
    changes = [{"learner_id": owner, **c, "before": c["before"] | {"name": name}} for c in export["changes"]]
    for table, rows in ((schedule, schedules), (change, changes)):
        if rows:
            connection.execute(insert(table), rows)
    reviews = [Review(r["card"], r["rating"], datetime.fromisoformat(r["at"])) for r in export["reviews"]]
    insert_reviews(connection, owner, reviews)
