"""`--batch`: one JSON object a line in, one a line out, in the order asked."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from corpus.errors import UsageError
from ui.cli.output import print_json


def run_batch(name: str, run: Callable[[str], dict[str, Any]]) -> None:
    """One JSON line out for each line in, in order; a bad question gets an `error` of its own."""
    for number, line in enumerate(_lines(name), 1):
        if not line.strip():
            continue
        try:
            id, text = _case(json.loads(line))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise UsageError(f'line {number} of {name} is no {{"id", "question"}} object: mend that line.') from error
        try:
            result = run(text)
        except UsageError as error:
            result = {"error": str(error)}
        print_json({"id": id, **result})


def _case(value: Any) -> tuple[Any, str]:
    if not isinstance(value["question"], str):
        raise TypeError("a question is a text")
    return value["id"], value["question"]


def _lines(name: str) -> Iterator[str]:
    try:
        if name == "-":
            yield from io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig")
            return
        with Path(name).open(encoding="utf-8-sig") as file:
            yield from file
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(f"{name} cannot be read as UTF-8 text ({reason}): give a file of JSON lines.") from error
