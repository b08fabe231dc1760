"""What a page says was just done, with the way back from it. HTML only."""

from __future__ import annotations

from dataclasses import dataclass

from ui.markup import plain
from ui.sheets.parts import button

UNDO, UNDO_FIRST, GO_ON = "Undo", "Undo that first", "Go on undoing"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence. `change`: what its button takes back; "" for no button. `goal`: what is to be taken back after it."""

    text: str = ""
    change: str = ""
    label: str = UNDO
    goal: str = ""


NOTHING = Said()


def said_html(said: Said, undo: str) -> str:
    """What was just done. undo: where its button sends to."""
    if not said.text:
        return ""
    id = f"undo-{undo.split('/')[1]}"
    back = button(said.label, undo, id=id, change=said.change, goal=said.goal) if said.change else ""
    return f'<p class="said" role="status">{plain(said.text)} {back}</p>'
