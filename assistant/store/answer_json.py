"""An `Answer` <-> plain JSON: what a kept conversation is made of. Pure.

Left out are the question as understood, which is understood anew, and what a language model was sent.

Reading is lenient to what another version of the program wrote: fields that are not known are dropped, fields that
are missing get their default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from typing import Any, TypeVar

from assistant.answers import Answer, Citation, Part, Written
from corpus.roadmap import Weeks

Value = TypeVar("Value", Answer, Citation, Part, Written)


def to_json(answer: Answer) -> dict[str, Any]:
    """Everything of the answer that is shown."""
    written = replace(answer.written, prompt=()) if answer.written else None
    return asdict(replace(answer, asked=None, written=written))


def from_json(data: Mapping[str, Any]) -> Answer:
    """The answer again. Errors: `KeyError`, `TypeError` for what is no answer."""
    weeks, written = data.get("weeks"), data.get("written")
    whole = {
        **data,
        "parts": tuple(_known(Part, part) for part in data["parts"]),
        "citations": tuple(_known(Citation, citation) for citation in data.get("citations", ())),
        "weeks": Weeks(weeks["first"], weeks["last"]) if weeks else None,
        "resources": tuple(data.get("resources", ())),
        "written": _known(Written, {**written, "prompt": ()}) if written else None,
    }
    return _known(Answer, whole)


def _known(kind: type[Value], data: Mapping[str, Any]) -> Value:
    names = {field.name for field in fields(kind)}
    return kind(**{name: value for name, value in data.items() if name in names})
