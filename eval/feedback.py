"""Feedback becomes cases: thumbs, the review of those that point down, and a user's own cases.

    <data>/feedback.jsonl   one record a line, added by the chat or the API
    <data>/cases.jsonl      accepted ones, in the form of `eval/questions/own.jsonl` (or `outside.jsonl`: no `relevant`)

Only addresses are kept of what was shown, never the text of pages. Knows nothing of the chat.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from filelock import FileLock

from corpus.errors import UsageError
from eval.cases import Relevant


class FeedbackError(UsageError):
    """A record does not exist or cannot become a case; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Record:
    """One thumb: the question, what was answered, the addresses shown, and what the person expected."""

    id: str
    at: str
    question: str
    abstained: bool
    urls: tuple[str, ...]
    expectation: str
    state: str = "new"
    """"new", "accepted", "dismissed", or "liked" (a thumb up: nothing to review)."""


def add(
    data: Path,
    question: str,
    *,
    abstained: bool,
    urls: Sequence[str] = (),
    expectation: str = "",
    liked: bool = False,
) -> Record:
    """Keeps a thumb (down, or up with `liked`) and returns its record. Errors: `FeedbackError` for an empty question,
    `OSError`."""
    if not question.strip():
        raise FeedbackError("the question is empty: feedback needs the question that was asked.")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    state = "liked" if liked else "new"
    record = Record(f"fb-{uuid4().hex[:10]}", now, question.strip(), abstained, tuple(urls), expectation.strip(), state)
    data.mkdir(parents=True, exist_ok=True)
    with _locked(data), _records_file(data).open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(record)) + "\n")
    return record


def to_review(data: Path) -> list[Record]:
    """Records that were neither accepted nor dismissed, oldest first. A line that is no record is passed over."""
    records = (_record(line) for line in _lines(data))
    return [record for record in records if record and record.state == "new"]


def accept(data: Path, id: str, relevant: Sequence[Relevant] = ()) -> dict[str, Any]:
    """Turns a record into a case of the user's own: with `relevant` a question with pages, without one to be refused.

    Returns the case as written. Errors: `FeedbackError` when there is no such new record.
    """
    record = _settle(data, id, "accepted")
    case: dict[str, Any] = {"id": record.id, "type": "feedback", "by": "user", "question": record.question}
    if relevant:
        case["relevant"] = [asdict(one) for one in relevant]
    else:
        case["split"] = "test"
    with _locked(data), cases_file(data).open("a", encoding="utf-8") as file:
        file.write(json.dumps(case) + "\n")
    return case


def dismiss(data: Path, id: str) -> None:
    """Takes a record off the list for review. Errors: `FeedbackError` when there is no such new record."""
    _settle(data, id, "dismissed")


def cases_file(data: Path) -> Path:
    """The user's own cases; every eval run reads them when the file is there."""
    return data / "cases.jsonl"


def _settle(data: Path, id: str, state: str) -> Record:
    """Changes the state of one record; every other line stays as it is, also one that is no record."""
    with _locked(data):
        lines = _lines(data)
        new = {
            number: record for number, line in enumerate(lines) if (record := _record(line)) and record.state == "new"
        }
        place = next((number for number, record in new.items() if record.id == id), None)
        if place is None:
            waiting = ", ".join(record.id for record in new.values()) or "none"
            raise FeedbackError(f"there is no feedback {id!r} to review: waiting are {waiting}.")
        lines[place] = json.dumps(asdict(replace(new[place], state=state)))
        beside = _records_file(data).with_suffix(".new")
        beside.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        beside.replace(_records_file(data))
    return new[place]


def _lines(data: Path) -> list[str]:
    path = _records_file(data)
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def _record(line: str) -> Record | None:
    try:
        fields: dict[str, Any] = json.loads(line)
        fields["urls"] = tuple(fields["urls"])
        return Record(**fields)
    except (ValueError, TypeError, KeyError):
        return None


def _records_file(data: Path) -> Path:
    return data / "feedback.jsonl"


def _locked(data: Path) -> FileLock:
    return FileLock(data / "feedback.lock", timeout=10)
