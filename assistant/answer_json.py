"""An `Answer` <-> plain JSON, whole: what a kept conversation is made of. Pure.

Reading is lenient to what another version of the program wrote: fields that are not known are dropped, fields that
are missing get their default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, TypeVar

from assistant.values import Answer, Citation, Part
from corpus.roadmap import Weeks

Value = TypeVar("Value", Answer, Citation, Part)


def to_json(answer: Answer) -> dict[str, Any]:
    """Everything that the answer holds."""
    return asdict(answer)


def from_json(data: Mapping[str, Any]) -> Answer:
    """The answer again. Errors: `KeyError`, `TypeError` for what is no answer."""
    weeks = data.get("weeks")
    whole = {
        **data,
        "parts": tuple(_known(Part, part) for part in data["parts"]),
        "citations": tuple(_known(Citation, citation) for citation in data.get("citations", ())),
        "weeks": Weeks(weeks["first"], weeks["last"]) if weeks else None,
        "resources": tuple(data.get("resources", ())),
    }
    return _known(Answer, whole)


def _known(kind: type[Value], data: Mapping[str, Any]) -> Value:
    names = {field.name for field in fields(kind)}
    return kind(**{name: value for name, value in data.items() if name in names})
