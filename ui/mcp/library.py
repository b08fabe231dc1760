"""What can be read without a tool: weeks, rows, notes and passages as resources, and prompts for a week and a quiz."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, unquote

from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    GetPromptResult,
    Prompt,
    PromptArgument,
    PromptMessage,
    ReadResourceResult,
    Resource,
    ResourceTemplate,
    TextContent,
    TextResourceContents,
)

from corpus.errors import ProjectError
from ui.desk import Desk
from ui.errors import sentence_of
from ui.show import roadmap_json

SCHEME = "roadmap://"
PASSAGES = 5
_JSON, _MARKDOWN = "application/json", "text/markdown"
TEMPLATES = (
    ("week/{week}", "week", "A week of the roadmap: its rows, cell by cell", _JSON),
    ("resource/{id}", "resource", "A row of the roadmap, by its id", _JSON),
    ("note/{id}", "note", "Our note on a row, by its id", _MARKDOWN),
    ("passages/{query}", "passages", "The passages of pages and notes that fit a query best", _JSON),
)

_PROMPTS = {
    "plan_my_week": (
        "Plan my week",
        "Plan this week's study with me",
        (("hours", "Hours at hand this week"),),
        "Plan my week of study with me{hours}. First look at my progress and my plan with the tools of the roadmap "
        "assistant, then at what this week asks for. Propose days and pieces of at most two hours, begin with reviews "
        "that are due, name the source of each piece, and ask me before anything is noted.",
    ),
    "quiz_me": (
        "Quiz me",
        "Ask me questions on a week or a resource",
        (("topic", "A week (“week 3”) or a resource"),),
        "Quiz me{topic}. Take the questions from the tool for reviews of the roadmap assistant, and ask me one at a "
        "time. Wait for my answer, then say what was right and what was missing, with its source, and go on. At the "
        "end say what I should look at again.",
    ),
}
"""Name -> title, description, arguments, text; what an argument adds stands in its place."""
_ADDED = {"hours": ": I have {} hours", "topic": " on {}"}
_LONGEST = 200


def resources(desk: Desk) -> list[Resource]:
    """All weeks, rows and notes."""
    roadmap = desk.assistant.roadmap
    weeks = [
        Resource(uri=f"{SCHEME}week/{week}", name=f"week-{week}", title=f"Week {week}", mime_type=_JSON)
        for week in range(roadmap.weeks.first, roadmap.weeks.last + 1)
    ]
    rows = [
        Resource(uri=f"{SCHEME}resource/{row.id}", name=row.id, title=row.title, mime_type=_JSON)
        for row in roadmap.resources
    ]
    notes = [
        Resource(uri=f"{SCHEME}note/{row.id}", name=f"note-{row.id}", title=f"Note: {row.title}", mime_type=_MARKDOWN)
        for row in roadmap.resources
        if _note(desk, row.id)
    ]
    return [*weeks, *rows, *notes]


def templates() -> list[ResourceTemplate]:
    """How any of them is addressed."""
    return [
        ResourceTemplate(uri_template=f"{SCHEME}{path}", name=name, description=says, mime_type=kind)
        for path, name, says, kind in TEMPLATES
    ]


def read(desk: Desk, uri: str) -> ReadResourceResult:
    """One resource. Errors: `MCPError` with a sentence for an address that is none."""
    kind, _, name = str(uri).removeprefix(SCHEME).partition("/")
    try:
        text, media = _read(desk, kind, unquote(name))
    except ProjectError as error:
        raise MCPError(INVALID_PARAMS, sentence_of(error)) from error
    return ReadResourceResult(contents=[TextResourceContents(uri=str(uri), mime_type=media, text=text)])


def _read(desk: Desk, kind: str, name: str) -> tuple[str, str]:
    roadmap = desk.assistant.roadmap
    if kind == "week" and name.isascii() and name.isdecimal() and len(name) < 4:
        return _json(roadmap_json(roadmap, week=int(name))), _JSON
    if kind == "resource" and name:
        return _json(roadmap_json(roadmap, resource=name)), _JSON
    if kind == "note" and roadmap.resource(name) and (note := _note(desk, name)):
        return note, _MARKDOWN
    if kind == "passages" and len(name) > _LONGEST:
        raise MCPError(INVALID_PARAMS, f"The query is longer than {_LONGEST} characters: give a shorter one.")
    if kind == "passages" and name:
        hits = desk.assistant.search(name, k=PASSAGES)
        return _json({"hits": [hit.as_json(rank) for rank, hit in enumerate(hits, 1)]}), _JSON
    known = ", ".join(f"{SCHEME}{path}" for path, *_ in TEMPLATES)
    raise MCPError(INVALID_PARAMS, f"Nothing is at {quote(f'{kind}/{name}')[:60]!r}: the addresses are {known}.")


def _note(desk: Desk, id: str) -> str:
    note = desk.companion.notes.note(id)
    return note.body if note else ""


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)


def prompts() -> list[Prompt]:
    """What a person can begin with."""
    return [
        Prompt(
            name=name,
            title=title,
            description=says,
            arguments=[PromptArgument(name=argument, description=what, required=False) for argument, what in arguments],
        )
        for name, (title, says, arguments, _) in _PROMPTS.items()
    ]


def prompt(name: str, given: dict[str, str] | None) -> GetPromptResult:
    """A prompt with its arguments. Errors: `MCPError` with a sentence."""
    if name not in _PROMPTS:
        raise MCPError(INVALID_PARAMS, f"There is no prompt {name[:60]!r}: there are {' and '.join(_PROMPTS)}.")
    _, says, arguments, text = _PROMPTS[name]
    names = [argument for argument, _ in arguments]
    if unknown := next((argument for argument in given or {} if argument not in names), ""):
        raise MCPError(INVALID_PARAMS, f"{name} has no argument {unknown[:60]!r}: it takes {', '.join(names)}.")
    values = {argument: (given or {}).get(argument, "").strip()[:_LONGEST] for argument in names}
    added = {argument: _ADDED[argument].format(value) if value else "" for argument, value in values.items()}
    said = PromptMessage(role="user", content=TextContent(text=text.format(**added)))
    return GetPromptResult(description=says, messages=[said])
