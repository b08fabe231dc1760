"""The page at `/` as ours: its query without what Gradio would read, its head without what Gradio says of itself.

Gradio takes our `/?page=...` for the name of a page of its own and fails; its template names its own site, picture and
account to whoever shows a preview of a link, and looks for the manifest at the root of the host, where a proxy may
show something else. Plain ASGI.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_GRADIOS = ("page", "deep_link")
_SOCIAL = re.compile(rb"(?:(?<!\s)\s++)?<meta\s(?=[^<>]*\b(?:property=\"og:|name=\"twitter:))[^<>]*>")
_MANIFEST = (b'href="/manifest.json"', b'href="manifest.json"')


class OwnAddress:
    """Around an ASGI app: the query of `/` reaches it without the names that Gradio would read, and its page comes
    back without social tags."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/":
            query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
            kept = urlencode([(name, value) for name, value in query if name not in _GRADIOS])
            scope = {**scope, "query_string": kept.encode("latin-1")}
            send = _OwnHead(send)
        await self._app(scope, receive, send)


class _OwnHead:
    """Holds an HTML page back until it is whole, and sends it without the tags."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        is_start = message["type"] == "http.response.start"
        if is_start and Headers(raw=message["headers"]).get("content-type", "").startswith("text/html"):
            self._start = message
        elif message["type"] == "http.response.body" and self._start is not None:
            await self._held(self._start, message)
        else:
            await self._send(message)

    async def _held(self, start: Message, message: Message) -> None:
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = _SOCIAL.sub(b"", self._body).replace(*_MANIFEST)
        MutableHeaders(scope=start)["content-length"] = str(len(body))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})
