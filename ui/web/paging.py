"""Where a page of a list begins, as a word that the client hands back unread: the page before names it. Pure."""

from __future__ import annotations

import base64
import json

from corpus.errors import UsageError


class CursorError(UsageError):
    """A cursor that we did not give; the message says what to do."""


def cursor(*last: str) -> str:
    """The cursor of the page after one whose last entry is told by these texts.

    >>> place(cursor("2026-11-30", "ab"), 2)
    ('2026-11-30', 'ab')
    """
    return base64.urlsafe_b64encode(json.dumps(last).encode()).decode()


def place(given: str, parts: int) -> tuple[str, ...]:
    """The texts of the last entry before the page; none for the first page. Errors: `CursorError`."""
    if not given:
        return ()
    try:
        last = json.loads(base64.b64decode(given, altchars="-_", validate=True))
    except (ValueError, RecursionError):
        last = None
    if not (isinstance(last, list) and len(last) == parts and all(isinstance(part, str) for part in last)):
        raise CursorError("This is no cursor of ours: take `next` of the page before, or leave it out.")
    return tuple(last)
