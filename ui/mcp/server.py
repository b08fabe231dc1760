"""The MCP server: what the SDK asks for, answered from `ui.mcp.tools` and `ui.mcp.library`; and its run over stdio."""

from __future__ import annotations

import threading
from typing import Any

import anyio
from anyio.to_thread import run_sync
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    GetPromptRequestParams,
    GetPromptResult,
    InputRequiredResult,
    ListPromptsResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ListToolsResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
)

from assistant.service import Assistant
from ui.asking import Gate
from ui.desk import Desk, make_desk
from ui.mcp import library
from ui.mcp.tools import Call, Visitor, Who, listed

NAME, VERSION = "roadmap-assistant", "1"
SAYS = (
    "A study assistant for the Senior AI/ML Developer Roadmap (48 weeks): its weeks and resources, what their pages "
    "teach, and the person's own plan and progress. Answers name their sources: keep the links. Note only what the "
    "person says."
)
PLACES = 4
Context = ServerRequestContext[Any, Any]


def make_server(desk: Desk, gate: Gate, who: Who) -> Server[Any]:
    """A server of this desk. who: tells from a request who calls."""

    async def tools(_: Context, params: PaginatedRequestParams | None) -> ListToolsResult:
        _one_page(params)
        return ListToolsResult(tools=listed())

    async def call(context: Context, params: CallToolRequestParams) -> CallToolResult | InputRequiredResult:
        return await Call(desk, gate, who(context), context, params).result()

    async def resources(_: Context, params: PaginatedRequestParams | None) -> ListResourcesResult:
        _one_page(params)
        return ListResourcesResult(resources=library.resources(desk))

    async def templates(_: Context, params: PaginatedRequestParams | None) -> ListResourceTemplatesResult:
        _one_page(params)
        return ListResourceTemplatesResult(resource_templates=library.templates())

    async def read(_: Context, params: ReadResourceRequestParams) -> ReadResourceResult:
        with gate.place():
            return await run_sync(library.read, desk, str(params.uri), limiter=gate.threads)

    async def prompts(_: Context, params: PaginatedRequestParams | None) -> ListPromptsResult:
        _one_page(params)
        return ListPromptsResult(prompts=library.prompts())

    async def prompt(_: Context, params: GetPromptRequestParams) -> GetPromptResult:
        return library.prompt(params.name, params.arguments)

    return Server(
        NAME,
        version=VERSION,
        title="Roadmap assistant",
        instructions=SAYS,
        on_list_tools=tools,
        on_call_tool=call,
        on_list_resources=resources,
        on_list_resource_templates=templates,
        on_read_resource=read,
        on_list_prompts=prompts,
        on_get_prompt=prompt,
    )


def _one_page(params: PaginatedRequestParams | None) -> None:
    """Every list is one page: many clients read the first one alone. Errors: `MCPError` for a cursor."""
    if params and params.cursor is not None:
        raise MCPError(INVALID_PARAMS, "This is no cursor of ours: the list has one page, so leave it out.")


def serve_stdio(assistant: Assistant, learner: str) -> None:
    """Serves one client over standard input and output until it leaves; models load meanwhile."""
    desk = make_desk(assistant)
    threading.Thread(target=assistant.warm, name="warm", daemon=True).start()
    try:
        anyio.run(_over_stdio, desk, Visitor(learner))
    finally:
        desk.close()


async def _over_stdio(desk: Desk, visitor: Visitor) -> None:
    server = make_server(desk, Gate(PLACES), lambda _: visitor)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())
