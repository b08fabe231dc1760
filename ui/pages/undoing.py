"""What a button did, with the way back from it; and the way back. Of one person.

The way back names the change: what another tab has changed since is not taken back in its place.
"""

from __future__ import annotations

from datetime import datetime

from assistant.companion import Companion
from assistant.store.errors import ChangedSince
from corpus.errors import UsageError
from ui.sheets.said import GO_ON, UNDO_FIRST, Said

STALE = "This page does not say what it would take back: reload it and try again."


def noted(companion: Companion, person: str, text: str, at: datetime) -> Said:
    """What was done at a moment; without a way back where nothing was changed."""
    return Said(text, at.isoformat() if companion.changed_at(person, at) else "")


def undone(companion: Companion, person: str, sent: dict[str, str]) -> Said:
    """Takes back the change that was sent, or says what has to be taken back first. Errors: `NothingToUndo`."""
    wanted, goal = sent.get("change", ""), sent.get("goal", "")
    if not wanted:
        raise UsageError(STALE)
    try:
        text = f"Undone: {companion.undo(person, wanted)}"
    except ChangedSince as since:
        return Said(str(since), since.at, UNDO_FIRST, goal or wanted)
    return Said(text, goal, GO_ON)
