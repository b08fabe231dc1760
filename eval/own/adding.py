"""The example of a file of questions, and one more case at the end of a file: nothing is ever half written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from filelock import FileLock

from corpus.errors import UsageError
from eval.own.questions import FieldError, OwnCase, QuestionsError, case_of
from eval.own.reading import read_questions

FILE = "questions.jsonl"
"""In the data folder: a person's own questions, where no other file is named."""

EXAMPLE = """\
# Your questions, one a line; lines that begin with # are left out. Run them with `roadmap eval --questions FILE`.
#
# question   what is asked, as people ask it
# expects    the page that answers it, or a list of places, each with some of
#              url       the address of the page, as `roadmap search` shows it (what follows # in it is left out)
#              heading   only this section of the page counts
#              sentence  only passages that hold this sentence count; the url may then be left out
#              grade     2 answers the question (the default), 1 a part of it, 0 not at all
# refuse     true where nothing answers it and it must be refused
# id, type   a name of the case, and a kind by which results are told apart; both may be left out
#
# A case with neither expects nor refuse waits to be judged (`roadmap eval judge`). Replace these lines by yours:
{"question": "what is a learning rate?", "expects": "note:fast-ai-practical-deep-learning-for-coders"}
{"question": "how do I list files?", "type": "how-to", "expects": [{"url": "note:linux-cli-refresher", "grade": 2}]}
{"question": "how do I bake bread?", "refuse": true}
"""


def write_example(path: Path) -> None:
    """The example. Errors: as `write_new`."""
    write_new(path, EXAMPLE)


def write_new(path: Path, text: str) -> None:
    """Errors: `UsageError` where something stands there, or it cannot be written."""
    if path.suffix.lower() != ".jsonl":
        raise UsageError(f"{path.name} would not be read as JSON Lines: give a name that ends with .jsonl.")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"{path} is there already, and is left as it is: give another name.") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}): give a file in a folder of yours.") from error


def add_case(path: Path, fields: dict[str, Any]) -> OwnCase:
    """Adds a case at the end of a JSON Lines file, which may be new. Errors: `QuestionsError` for a case that cannot be
    one, a question that stands there already, and a file that is damaged: then nothing is changed."""
    try:
        case = case_of(fields, 0)
    except FieldError as error:
        raise QuestionsError(str(error)) from error
    if path.suffix.lower() != ".jsonl":
        raise QuestionsError(f"{path.name} is no JSON Lines file: give one whose name ends with .jsonl.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f"{path.name}.lock"), timeout=10):
            _append(path, case, {name: value for name, value in fields.items() if value not in (None, "", [])})
    except OSError as error:
        raise QuestionsError(
            f"{path} cannot be written ({error.strerror}): make room, or give another file."
        ) from error
    return case


def kept_cases(path: Path) -> tuple[OwnCase, ...]:
    """The cases of a file that may be empty, or not be there yet. Errors: `QuestionsError` for a damaged one."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise QuestionsError(f"{path} cannot be read ({error.strerror}): make it readable.") from error
    return read_questions(path).checked() if _has_cases(raw) else ()


def _append(path: Path, case: OwnCase, fields: dict[str, Any]) -> None:
    """By a new file beside it that takes its place: a full disk leaves the old one."""
    before = path.read_bytes() if path.is_file() else b""
    if known := next((one for one in kept_cases(path) if one.id == case.id), None):
        raise QuestionsError(f"{path.name}, line {known.line}: it is there already: {known.question[:80]!r}.")
    apart = b"" if not before or before.endswith(b"\n") else b"\n"
    beside = path.with_name(f"{path.name}.new")
    beside.write_bytes(before + apart + json.dumps(fields, ensure_ascii=False).encode() + b"\n")
    beside.replace(path)


def _has_cases(raw: bytes) -> bool:
    return any(line.strip() and not line.lstrip().startswith((b"#", b"//")) for line in raw.splitlines())
