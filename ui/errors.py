"""What a visitor is told of an error: the same in the chat and in the API. The command line says all of it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.store.errors import DiskFullError, NothingToUndo, ReadOnlyError, StoreError
from corpus.errors import ProjectError
from ui.texts import BROKEN, DISK_FULL, READ_ONLY

_log = logging.getLogger(__name__)

UNKNOWN_FIELD = "there is no such field"
_PLAIN = {
    "extra_forbidden": UNKNOWN_FIELD,
    "missing": "it must be given",
    "model_type": "it should be a JSON object",
    "model_attributes_type": "it should be a JSON object",
}
"""Kinds of pydantic's errors -> plainer words than its own."""
_SAID = ((ReadOnlyError, READ_ONLY), (DiskFullError, DISK_FULL))


def sentence_of(error: ProjectError) -> str:
    """Its own sentence; but what is wrong with the database names folders of the machine, which are for the log."""
    if isinstance(error, StoreError) and not isinstance(error, NothingToUndo):
        _log.error("%s", error)
        return next((said for kind, said in _SAID if isinstance(error, kind)), BROKEN)
    return str(error)


def complaint(errors: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """Of pydantic's errors about a body or a parameter the one to tell: the field, and a sentence. Never the value,
    which may be anything.

    >>> complaint([{"type": "missing", "loc": ("body", "question"), "msg": "Field required"}])
    ('question', 'question cannot be used: it must be given.')
    """
    # of a field that may be of several types, what is wrong within the one that was meant
    error = next((e for e in errors if not str(e["type"]).endswith("_type")), errors[0])
    steps = [str(step) for step in error["loc"] if step not in ("body", "query", "path")]
    place = ".".join(step for step in steps if "[" not in step)
    said = _PLAIN.get(error["type"]) or str(error["msg"]).removeprefix("Value error, ")
    return place, f"{place or 'The body'} cannot be used: {said[:1].lower()}{said[1:]}."
