"""A path below which a proxy shows the application ("/study"), whether the proxy takes it off or not. Plain ASGI.

What guards requests sees paths as they are without a proxy (`Stripped`, around it); what routes them is told of the
prefix as ASGI says it (`Rooted`, inside), so that addresses which are made from a request hold it.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send


class Stripped:
    """Around an ASGI app: paths without the prefix."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app, self._prefix = app, prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(f"{self._prefix}/"):
            scope = {**scope, "path": scope["path"].removeprefix(self._prefix)}
        await self._app(scope, receive, send)


class Rooted:
    """Around an ASGI app: paths with the prefix, and the prefix as the root."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app, self._prefix = app, prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = f"{self._prefix}{scope['path']}"
            scope = {**scope, "path": path, "raw_path": path.encode(), "root_path": self._prefix}
        await self._app(scope, receive, send)
