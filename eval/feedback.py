"""Feedback becomes cases: thumbs, the review of those that point down, and a user's own cases.

    <data>/feedback.jsonl   one record a line, added by the chat or the API
    <data>/cases.jsonl      accepted ones, in the form of `eval/questions/own.jsonl` (or `outside.jsonl`: no `relevant`)

Only addresses are kept of what was shown, never the text of pages. Knows nothing of the chat.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from os import SEEK_END
from pathlib import Path
from typing import Any
from uuid import uuid4

from filelock import FileLock

from corpus.errors import UsageError
from corpus.urls import UrlError, normal_url
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
    """Keeps a thumb (down, or up with `liked`) and returns its record; what people wrote is kept as one line.

    Errors: `FeedbackError` for an empty question, `OSError`.
    """
    question, expectation = _one_line(question), _one_line(expectation)
    if not question:
        raise FeedbackError("the question is empty: feedback needs the question that was asked.")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    state = "liked" if liked else "new"
    record = Record(f"fb-{uuid4().hex[:10]}", now, question, abstained, tuple(urls), expectation, state)
    data.mkdir(parents=True, exist_ok=True)
    with _locked(data):
        _append(_records_file(data), asdict(record))
    return record


def to_review(data: Path) -> list[Record]:
    """Records that were neither accepted nor dismissed, oldest first. A line that is no record is passed over."""
    records = (_record(line) for line in _lines(data))
    return [record for record in records if record and record.state == "new"]


def accept(data: Path, id: str, relevant: Sequence[Relevant] = ()) -> dict[str, Any]:
    """Turns a record into a case of the user's own: with `relevant` a question with pages, without one to be refused.

    Returns the case as written. Errors: `FeedbackError` when there is no such new record.
    """
    with _locked(data):
        record = _waiting(data, id)
        case: dict[str, Any] = {"id": record.id, "type": "feedback", "by": "user", "question": record.question}
        if relevant:
            case["relevant"] = [{name: value for name, value in asdict(one).items() if value != ""} for one in relevant]
        else:
            case["split"] = "test"
        _append(cases_file(data), case)
        _settle(data, record, "accepted")
    return case


def dismiss(data: Path, id: str) -> None:
    """Takes a record off the list for review. Errors: `FeedbackError` when there is no such new record."""
    with _locked(data):
        _settle(data, _waiting(data, id), "dismissed")


def page(url: str) -> Relevant:
    """A page that answers, under the address that the index has it by. Errors: `FeedbackError` if it is none."""
    if not re.fullmatch(r"(?:note|roadmap):\S+", url):
        try:
            url = normal_url(url)
        except UrlError as error:
            raise FeedbackError(f"{error}: give the page as `roadmap search` shows it.") from error
    return Relevant(url, 2)


def cases_file(data: Path) -> Path:
    """The user's own cases; every eval run reads them when the file is there."""
    return data / "cases.jsonl"


def _one_line(text: str) -> str:
    """Without what steers a terminal or starts another line in a report."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _waiting(data: Path, id: str) -> Record:
    """The record of that id that is to be reviewed. Errors: `FeedbackError`."""
    new = {record.id: record for record in to_review(data)}
    if id not in new:
        raise FeedbackError(f"there is no feedback {id!r} to review: waiting are {', '.join(new) or 'none'}.")
    return new[id]


def _settle(data: Path, settled: Record, state: str) -> None:
    """Changes the state of one record; every other line stays as it is, also one that is no record."""
    done = json.dumps(asdict(replace(settled, state=state))).encode()
    lines = [done if _record(line) == settled else line for line in _lines(data)]
    beside = _records_file(data).with_suffix(".new")
    beside.write_bytes(b"".join(line + b"\n" for line in lines))
    beside.replace(_records_file(data))


def _append(path: Path, fields: dict[str, Any]) -> None:
    """Adds a line; one that was cut off before it, or edited by hand, stays a line of its own."""
    with path.open("a+b") as file:
        file.seek(max(0, file.seek(0, SEEK_END) - 1))
        apart = b"" if file.read() in (b"", b"\n") else b"\n"
        file.write(apart + json.dumps(fields).encode() + b"\n")


def _lines(data: Path) -> list[bytes]:
    path = _records_file(data)
    return path.read_bytes().splitlines() if path.is_file() else []


def _record(line: bytes) -> Record | None:
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
