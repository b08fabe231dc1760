"""A learner as JSON and back, without loss: `to_json`, `from_json`. Pure; used for export, import and undo."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any, cast, get_args

from assistant.study.learner import Learner, LearnerError, Mark, SavedCard, Status, zone
from assistant.study.planned import Pause
from assistant.study.progress import PREFERENCES, Prefer, check_hours, check_start

MOST_MINUTES = 1_000_000
"""Of one mark: more than a lifetime of evenings, and no database overflows."""


def to_json(learner: Learner) -> dict[str, Any]:
    """Plain JSON values: dates and times as ISO text."""
    data = asdict(learner)
    data["start"] = learner.start.isoformat() if learner.start else None
    data["replanned"] = learner.replanned.isoformat() if learner.replanned else None
    data["formats"] = list(learner.formats)
    data["marks"] = [asdict(mark) | {"at": mark.at.isoformat()} for mark in learner.marks]
    data["pauses"] = [{"first": p.first.isoformat(), "last": p.last.isoformat()} for p in learner.pauses]
    data["cards"] = [asdict(card) for card in learner.cards]
    return data


def from_json(data: object) -> Learner:
    """Errors: `LearnerError` naming what is missing or wrong, `InputError` for an impossible pace or start."""
    if not isinstance(data, dict):
        raise LearnerError("This is no export of a learner: it must be a JSON object with `name` and `marks`.")
    try:
        return _learner(cast("dict[str, Any]", data))
    except KeyError as error:
        raise LearnerError(f"The export lacks {error.args[0]!r}: export it anew.") from error
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise LearnerError(f"The export holds a value that cannot be used ({error}): export it anew.") from error


def _learner(data: dict[str, Any]) -> Learner:
    name = data["name"]
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"name {name!r}")
    return Learner(
        name=name,
        start=check_start(date.fromisoformat(data["start"])) if data["start"] else None,
        hours=_hours(data["hours"]),
        prefer=_prefer(data["prefer"]),
        free_only=bool(data["free_only"]),
        formats=tuple(str(item) for item in data["formats"]),
        timezone=zone(str(data["timezone"])).key,
        notes=str(data["notes"]),
        replanned=date.fromisoformat(data["replanned"]) if data.get("replanned") else None,
        marks=tuple(sorted((_mark(item) for item in data["marks"]), key=lambda mark: mark.key)),
        pauses=tuple(_pause(item) for item in data["pauses"]),
        cards=tuple(
            SavedCard(str(c["id"]), str(c["resource"]), str(c["question"]), str(c["answer"]), str(c["source"]))
            for c in data["cards"]
        ),
    )


def _prefer(value: object) -> Prefer:
    if value not in ("", *PREFERENCES):
        raise ValueError(f"prefer {value!r}")
    return value


def _hours(value: Any) -> float:
    hours = float(value)
    check_hours(hours)
    return hours


def _pause(item: dict[str, Any]) -> Pause:
    pause = Pause(date.fromisoformat(item["first"]), date.fromisoformat(item["last"]))
    if pause.last < pause.first:
        raise ValueError(f"a pause from {pause.first} to {pause.last}")
    return pause


def _mark(item: dict[str, Any]) -> Mark:
    status = item["status"]
    if status not in get_args(Status):
        raise ValueError(f"status {status!r}")
    at, minutes = datetime.fromisoformat(item["at"]), int(item["minutes"])
    if not 0 <= minutes <= MOST_MINUTES:
        raise ValueError(f"{str(minutes)[:20]} minutes")
    return Mark(str(item["resource"]), str(item["unit"]), status, at, minutes, str(item["reason"]))
