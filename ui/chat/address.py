"""Keeps our `/?page=...` from Gradio, which takes it for the name of a page of its own and fails. Plain ASGI."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from starlette.types import ASGIApp, Receive, Scope, Send

_GRADIOS = ("page", "deep_link")


class OwnAddress:
    """Around an ASGI app: the query of `/` reaches it without the names that Gradio would read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/":
            query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
            kept = urlencode([(name, value) for name, value in query if name not in _GRADIOS])
            scope = {**scope, "query_string": kept.encode("latin-1")}
        await self._app(scope, receive, send)
