"""The list of a person's conversations: search, open, rename, export, delete. HTML only."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from assistant.store.conversations import Summary
from ui.markup import day, one_line, plain
from ui.sheets.parts import button

HISTORY = "pages/history"


def history_html(kept: Sequence[Summary], search: str = "", deleted: str = "") -> str:
    """The inside of the drawer. deleted: the name of the conversation that was deleted just now."""
    return one_line(
        f'<div id="history-list"><form class="find" data-get="{HISTORY}"><label for="history-search">Search</label>'
        f'<input type="search" id="history-search" name="q" value="{escape(search)}" autocomplete="off">'
        f'<button class="act">Find</button></form>{_undo(deleted, search)}{_list(kept, search)}</div>'
    )


def _undo(deleted: str, search: str) -> str:
    if not deleted:
        return ""
    again = button("Undo", f"{HISTORY}/restore", id="restore", q=search)
    return f'<p class="quiet" role="status">“{plain(deleted)}” is deleted. {again}</p>'


def _list(kept: Sequence[Summary], search: str) -> str:
    if kept:
        return f'<ul class="kept">{"".join(_line(one, search) for one in kept)}</ul>'
    if search:
        return f'<p class="quiet" role="status">No conversation holds “{plain(search)}”.</p>'
    return '<p class="quiet" role="status">Your conversations will stand here. They stay on this machine.</p>'


def _line(one: Summary, search: str) -> str:
    named = f'<span class="sr"> “{plain(one.title)}”</span>'
    many = "question" if one.turns == 1 else "questions"
    return (
        f'<li id="kept-{one.id}"><a class="open" dir="auto" href="?chat={one.id}">{plain(one.title)}</a>'
        f'<p class="quiet">{day(one.changed)} · {one.turns} {many}</p>'
        f'<details class="more"><summary>More{named}</summary>'
        f'<form data-post="{HISTORY}/rename"><input type="hidden" name="id" value="{one.id}">'
        f'<input type="hidden" name="q" value="{escape(search)}"><label>Name '
        f'<input name="title" value="{escape(one.title)}" maxlength="120" required></label>'
        f'<button class="act">Rename</button></form><div class="row">'
        f'<a class="act" href="{HISTORY}/{one.id}.md" download>Export as Markdown</a>'
        f'<a class="act" href="{HISTORY}/{one.id}.json" download>Export as JSON</a>'
        + button("Delete", f"{HISTORY}/delete", id=f"delete-{one.id}", classes="danger", target=one.id, q=search)
        + "</div></details></li>"
    )
