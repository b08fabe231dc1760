"""What a visitor is told of an error: the same in the chat and in the API. The command line says all of it."""

from __future__ import annotations

import logging

from assistant.store.errors import DiskFullError, NothingToUndo, ReadOnlyError, StoreError
from corpus.errors import ProjectError
from ui.texts import BROKEN, DISK_FULL, READ_ONLY

_log = logging.getLogger(__name__)

_SAID = ((ReadOnlyError, READ_ONLY), (DiskFullError, DISK_FULL))


def sentence_of(error: ProjectError) -> str:
    """Its own sentence; but what is wrong with the database names folders of the machine, which are for the log."""
    if isinstance(error, StoreError) and not isinstance(error, NothingToUndo):
        _log.error("%s", error)
        return next((said for kind, said in _SAID if isinstance(error, kind)), BROKEN)
    return str(error)
