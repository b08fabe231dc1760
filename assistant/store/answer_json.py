"""An `Answer` <-> plain JSON: what a kept conversation is made of. Pure.

Left out is what a language model was sent. What an answer is about is kept, so that a conversation can go on.

Reading is lenient to what another version of the program wrote: fields that are not known are dropped, fields that
are missing get their default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from typing import Any, TypeVar

from assistant.answers import Answer, Choice, Citation, Part, Quiz, Written
from assistant.questions import Question, around
from corpus.roadmap import Weeks

Value = TypeVar("Value", Answer, Choice, Citation, Part, Question, Quiz, Written)


def to_json(answer: Answer) -> dict[str, Any]:
    """Everything of the answer that is shown."""
    written = replace(answer.written, prompt=()) if answer.written else None
    return asdict(replace(answer, written=written))


def from_json(data: Mapping[str, Any]) -> Answer:
    """The answer again. Errors: `KeyError`, `TypeError` for what is no answer."""
    weeks, written = data.get("weeks"), data.get("written")
    whole = {
        **data,
        "parts": tuple(_known(Part, part) for part in data["parts"]),
        "citations": tuple(_known(Citation, citation) for citation in data.get("citations", ())),
        "weeks": Weeks(weeks["first"], weeks["last"]) if weeks else None,
        "resources": tuple(data.get("resources", ())),
        "capabilities": tuple(data.get("capabilities", ())),
        "choices": tuple(_known(Choice, choice) for choice in data.get("choices", ())),
        "changes": tuple(data.get("changes", ())),
        "written": _known(Written, {**written, "prompt": ()}) if written else None,
        "quiz": _known(Quiz, {**data["quiz"], "keys": tuple(data["quiz"]["keys"])}) if data.get("quiz") else None,
        "asked": _question(data["asked"]) if data.get("asked") else None,
    }
    return _known(Answer, whole)


def _question(data: Mapping[str, Any]) -> Question:
    """What an answer is about: tuples and weeks again."""
    spans = tuple(Weeks(span["first"], span["last"]) for span in data.get("spans", ()))
    plain = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
    return _known(Question, {**plain, "spans": spans, "weeks": around(spans)})


def _known(kind: type[Value], data: Mapping[str, Any]) -> Value:
    names = {field.name for field in fields(kind)}
    return kind(**{name: value for name, value in data.items() if name in names})
