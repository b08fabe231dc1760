"""A learner as JSON and back, without loss: `to_json`, `from_json`. Pure; used for export, import and undo."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any, cast

from assistant.study.learner import Learner, LearnerError, Mark, SavedCard, StudyDay
from assistant.study.planned import Pause


def to_json(learner: Learner) -> dict[str, Any]:
    """Plain JSON values: dates and times as ISO text."""
    data = asdict(learner)
    data["start"] = learner.start.isoformat() if learner.start else None
    data["replanned"] = learner.replanned.isoformat() if learner.replanned else None
    data["formats"] = list(learner.formats)
    data["weekdays"] = list(learner.weekdays)
    data["marks"] = [asdict(mark) | {"at": mark.at.isoformat()} for mark in learner.marks]
    data["pauses"] = [{"first": p.first.isoformat(), "last": p.last.isoformat()} for p in learner.pauses]
    data["cards"] = [asdict(card) for card in learner.cards]
    data["suspended"] = list(learner.suspended)
    data["studied"] = [{"day": entry.day.isoformat(), "minutes": entry.minutes} for entry in learner.studied]
    return data


def from_json(data: object) -> Learner:
    """Errors: `LearnerError` naming what is missing or wrong."""
    if not isinstance(data, dict):
        raise LearnerError("This is no export of a learner: it must be a JSON object with `name` and `marks`.")
    from assistant.store.export_model import LearnerModel, checked

    found = cast("dict[str, Any]", data)
    checked(LearnerModel, found)
    return _learner(found)


def _learner(data: dict[str, Any]) -> Learner:
    """The value of what has been checked."""
    return Learner(
        name=data["name"],
        start=_day(data["start"]),
        hours=float(data["hours"]),
        prefer=data["prefer"],
        free_only=data["free_only"],
        formats=tuple(data["formats"]),
        timezone=data["timezone"],
        notes=data["notes"],
        replanned=_day(data.get("replanned")),
        week=data.get("week"),
        weekdays=tuple(data.get("weekdays", ())),
        marks=tuple(
            sorted((Mark(**m | {"at": datetime.fromisoformat(m["at"])}) for m in data["marks"]), key=lambda m: m.key)
        ),
        pauses=tuple(Pause(date.fromisoformat(p["first"]), date.fromisoformat(p["last"])) for p in data["pauses"]),
        cards=tuple(SavedCard(**card) for card in data["cards"]),
        suspended=tuple(data.get("suspended", ())),
        studied=tuple(StudyDay(date.fromisoformat(s["day"]), s["minutes"]) for s in data.get("studied", ())),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
