"""MCP over HTTP at /mcp, as a part of the web application. The SDK is imported at the first request.

Whose progress it is, each request says: with a learner's token, or a browser's cookie; else it is a stranger's. Plain
ASGI.
"""

from __future__ import annotations

import asyncio
import importlib.util
from typing import Any
from weakref import WeakKeyDictionary

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.asking import Gate
from ui.desk import Desk
from ui.origin import FOREIGN, is_foreign
from ui.person import is_stranger, person_of

MISSING = 'MCP is not installed here: run `pip install -e ".[mcp]"` where `roadmap serve` is installed.'


def is_installed() -> bool:
    """Whether the SDK is there."""
    return importlib.util.find_spec("mcp") is not None


class McpOverHttp:
    """An ASGI app; one session manager an event loop, started at its first request."""

    def __init__(self, desk: Desk, gate: Gate) -> None:
        self._desk, self._gate = desk, gate
        self._started: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Task[ASGIApp]] = WeakKeyDictionary()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not is_installed():
            await JSONResponse({"error": MISSING}, status_code=501)(scope, receive, send)
        elif is_foreign(Headers(scope=scope), self._desk.assistant.settings.names):
            await JSONResponse({"error": FOREIGN}, status_code=403)(scope, receive, send)
        else:
            loop = asyncio.get_running_loop()
            starting = self._started.get(loop) or self._started.setdefault(loop, loop.create_task(self._start()))
            await (await asyncio.shield(starting))(scope, receive, send)

    async def _start(self) -> ASGIApp:
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        from ui.mcp.server import make_server
        from ui.mcp.tools import Visitor

        def who(context: Any) -> Visitor:
            return Visitor(person_of(context.request), is_stranger(context.request))

        manager = StreamableHTTPSessionManager(make_server(self._desk, self._gate, who))
        ready = asyncio.Event()
        self._running = asyncio.get_running_loop().create_task(_run(manager, ready))
        await ready.wait()
        return manager.asgi_app


async def _run(manager: Any, ready: asyncio.Event) -> None:
    """Until the event loop ends, which cancels it."""
    async with manager.run():
        ready.set()
        await asyncio.Event().wait()
