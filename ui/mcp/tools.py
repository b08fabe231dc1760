"""The tools: one for each capability of the table that has a plain wording, and `ask` for whatever is said freely.

What changes something is confirmed first, and what is asked back is chosen from, where the client can ask its person
(elicitation, in both forms of the protocol: a request of the server, or a result that asks to be called again).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from anyio.to_thread import run_sync
from mcp.server.context import ServerRequestContext
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    InputRequiredResult,
    TextContent,
    Tool,
    ToolAnnotations,
)
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from assistant.answers import Answer, Choice
from assistant.language.learning.table import having
from assistant.service import Message
from assistant.tools import LONGEST, ToolError, call, tools
from corpus.errors import ProjectError
from ui.asking import NEW, Asked, BusyError, Gate, Told, pieces
from ui.clock import now
from ui.desk import Desk
from ui.errors import sentence_of
from ui.kept import sources_of
from ui.texts import BUSY

ASK = "ask"
CONVERSATION = "conversation"
DECLINED = "Nothing was done: it was declined."
LONGEST_SHOWN = 300
MOST_CHOSEN = 3
"""Times that is asked back before the answer is left as it is."""

_CONFIRM, _CHOOSE = "confirm", "choose"
_LONGEST_ID = 64
_WHERE: dict[str, Any] = {
    "type": "string",
    "minLength": 1,
    "maxLength": _LONGEST_ID,
    "description": f"Where it is said: the id that the last result gave, or {NEW!r}; without it, it stands alone.",
}
_MESSAGE: dict[str, Any] = {
    "type": "string",
    "minLength": 1,
    "maxLength": LONGEST,
    "description": "What the person says.",
}
_WEEK: dict[str, Any] = {"type": "integer", "minimum": 0, "maximum": 48, "description": "The week one is in."}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who calls; a stranger cannot come again, and nothing is kept of one."""

    person: str
    stranger: bool = False


Who = Callable[[ServerRequestContext[Any, Any]], Visitor]


def listed() -> list[Tool]:
    """All tools, in the order of the table."""
    free = Tool(
        name=ASK,
        title="Ask or tell anything",
        description=(
            "Ask the study assistant of the 48-week roadmap to senior AI developer anything, or tell it what was done "
            "in the person's own words. Its answers name their sources. Prefer another tool where one fits exactly."
        ),
        input_schema={
            "type": "object",
            "properties": {"message": _MESSAGE, "week": _WEEK, CONVERSATION: _WHERE},
            "required": ["message"],
            "additionalProperties": False,
        },
        annotations=ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False),
    )
    return [free, *(_listed(name) for name in tools())]


def _listed(name: str) -> Tool:
    tool = tools()[name]
    schema = tool.schema()
    schema["properties"] = {**schema["properties"], CONVERSATION: _WHERE}
    hints = ToolAnnotations(
        title=tool.says,
        read_only_hint=not tool.writes,
        destructive_hint=name in having("at-once"),
        open_world_hint=False,
    )
    return Tool(name=name, title=tool.says, description=tool.says, input_schema=schema, annotations=hints)


@dataclass(frozen=True)
class Call:
    """One call of a tool, from what was sent to its result."""

    desk: Desk
    gate: Gate
    visitor: Visitor
    context: ServerRequestContext[Any, Any]
    params: CallToolRequestParams

    async def result(self) -> CallToolResult | InputRequiredResult:
        """What the tool gives; a refusal is a result with one sentence, so that a model can mend its call."""
        try:
            return await self._result()
        except ProjectError as error:
            return _refused(sentence_of(error))
        except BusyError:
            return _refused(BUSY)

    async def _result(self) -> CallToolResult | InputRequiredResult:
        chosen = self._chosen()
        asked = self._asked(chosen) if chosen else self._first()
        if not chosen and (question := await run_sync(self._question, asked, limiter=self.gate.threads)):
            answer = await self._elicited(_CONFIRM, question, _CONFIRM_SCHEMA)
            if isinstance(answer, InputRequiredResult):
                return answer
            if answer and not _is_confirmed(answer):
                return CallToolResult(content=[TextContent(text=DECLINED)])
        return await self._said(asked)

    def _question(self, asked: Asked) -> str:
        """What is confirmed before something is changed; "" where nothing will be."""
        if asked.click:
            return f"{asked.click.label}?" if tools()[asked.click.capability].writes else ""
        message = asked.message
        writes = self.desk.assistant.would_write(message.text, message.person, now())
        return f"May this be noted: “{message.text[:LONGEST_SHOWN]}”?" if writes else ""

    async def _said(self, asked: Asked) -> CallToolResult | InputRequiredResult:
        """The answer; as long as it is asked back, and the client can, the person chooses."""
        told = await self._told(asked)
        for _ in range(MOST_CHOSEN):
            if not _is_question(told.answer):
                break
            answer = await self._elicited(_CHOOSE, told.answer.text, _choice_schema(told.answer), _state(told))
            if isinstance(answer, InputRequiredResult):
                return answer
            choice = _choice(answer, told.answer)
            if choice is None:
                break
            told = await self._told(self._asked(choice, told.conversation))
        return _given(told)

    async def _told(self, asked: Asked) -> Told:
        told: Told | None = None
        async with aclosing(pieces(self.desk, asked, self.gate)) as said:
            async for piece in said:
                told = piece if isinstance(piece, Told) else told
        assert told is not None  # noqa: S101 -- the last piece is the answer, or an error was raised
        return told

    def _first(self) -> Asked:
        """What the call says. Errors: `ToolError`."""
        given = dict(self.params.arguments or {})
        where = given.pop(CONVERSATION, None)
        if where is not None and not (isinstance(where, str) and 1 <= len(where) <= _LONGEST_ID):
            raise ToolError(f"{CONVERSATION} must be the id of a conversation, or {NEW!r}.")
        if self.params.name != ASK:
            return self._asked(call(self.params.name, given, self.desk.assistant.roadmap, now().date()), where)
        text, week = given.pop("message", None), given.pop("week", None)
        if given:
            raise ToolError(
                f"{ASK} has no argument {next(iter(given))[:60]!r}: it takes message, week, {CONVERSATION}."
            )
        if not isinstance(text, str) or not 1 <= len(text) <= LONGEST:
            raise ToolError(f"message must be a text of 1 to {LONGEST} characters: what the person says.")
        if week is not None and (isinstance(week, bool) or not isinstance(week, int) or not 0 <= week <= 48):
            raise ToolError("week must be a JSON integer from 0 to 48: the week that the person is in.")
        message = Message(text, self.visitor.person, now(), week)
        return Asked(message, where, self.visitor.stranger)

    def _asked(self, click: Choice, conversation: str | None = None) -> Asked:
        message = Message(click.message, self.visitor.person, now())
        return Asked(message, conversation, self.visitor.stranger, click)

    # --- asking the person ------------------------------------------------------------------------------------------

    async def _elicited(
        self, key: str, message: str, schema: dict[str, Any], state: str | None = None
    ) -> ElicitResult | InputRequiredResult | None:
        """What the person says; None where the client cannot ask."""
        capabilities = self.context.session.client_capabilities
        if capabilities is None or capabilities.elicitation is None:
            return None
        if self.context.protocol_version in MODERN_PROTOCOL_VERSIONS:
            given = (self.params.input_responses or {}).get(key)
            if isinstance(given, ElicitResult):
                return given
            asking = ElicitRequest(params=ElicitRequestFormParams(message=message, requested_schema=schema))
            return InputRequiredResult(input_requests={key: asking}, request_state=state)
        if not self.context.session.can_send_request:
            return None
        return await self.context.session.elicit_form(message, schema, related_request_id=self.context.request_id)

    def _chosen(self) -> Choice | None:
        """What was chosen of what an earlier round of this call asked back."""
        given = (self.params.input_responses or {}).get(_CHOOSE)
        if not isinstance(given, ElicitResult) or not self.params.request_state:
            return None
        try:
            offered = [Choice(*map(str, choice)) for choice in json.loads(self.params.request_state)]
        except (ValueError, TypeError) as error:
            raise ToolError("The state of this call cannot be read: call the tool again.") from error
        return _picked(given, offered)


_CONFIRM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"yes": {"type": "boolean", "title": "Do it", "default": True}},
}


def _is_confirmed(answer: ElicitResult) -> bool:
    return answer.action == "accept" and (answer.content or {}).get("yes", True) is True


def _is_question(answer: Answer) -> bool:
    """Whether it only asks what is meant; other answers may have choices beside them."""
    return bool(answer.choices) and not answer.changes and all(part.voice == "notice" for part in answer.parts)


def _choice_schema(answer: Answer) -> dict[str, Any]:
    labels = [choice.label for choice in answer.choices]
    return {
        "type": "object",
        "properties": {"choice": {"type": "string", "title": "What is meant", "enum": labels}},
        "required": ["choice"],
    }


def _state(told: Told) -> str:
    """What the client hands back with its choice: no more than it could say without it."""
    return json.dumps([[c.label, c.message, c.capability] for c in told.answer.choices])


def _choice(answer: ElicitResult | None, given: Answer) -> Choice | None:
    return _picked(answer, list(given.choices)) if answer else None


def _picked(answer: ElicitResult, offered: list[Choice]) -> Choice | None:
    label = (answer.content or {}).get("choice") if answer.action == "accept" else None
    return next((choice for choice in offered if choice.label == label), None)


def _given(told: Told) -> CallToolResult:
    """The answer as text for a model, and whole for a program."""
    answer = told.answer
    lines = [answer.text]
    if answer.choices:
        lines.append("\n".join(f"- to mean “{c.label}”, {ASK}: {c.message}" for c in answer.choices))
    if answer.citations:
        lines.append(sources_of(answer))
    if told.conversation:
        lines.append(f"({CONVERSATION}: {told.conversation})")
    return CallToolResult(content=[TextContent(text="\n\n".join(lines))], structured_content=told.as_json())


def _refused(sentence: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=sentence)], is_error=True)
