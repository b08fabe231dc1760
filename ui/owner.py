"""Whose the server is: whoever has opened the address with the token that `roadmap serve` printed. Plain ASGI.

An address says nothing about it: behind a proxy every visitor comes from this machine. The token is new at every start;
what the browser keeps of it is a mark that only this start takes.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.person import bearer

COOKIE = "roadmap-owner"
QUERY = "owner"
STALE = "This is no address of the owner since the last start: open the one that `roadmap serve` printed."
_SCOPE = "roadmap.owner"


def is_owner(request: Any) -> bool:
    """Whether a Starlette request is the owner's: only then may a run be started."""
    return request.scope.get(_SCOPE) is True


class Owner:
    """Around an ASGI app. token: "" where nobody is the owner."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._token = token
        self._mark = hmac.digest(token.encode(), COOKIE.encode(), hashlib.sha256).hex() if token else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        if scope["method"] == "GET" and scope["path"] == "/" and QUERY in dict(query):
            await self._greeting(query, scope["scheme"])(scope, receive, send)
            return
        headers = Headers(scope=scope)
        kept = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
        is_his = _same(kept, self._mark) or _same(bearer(headers), self._token)
        await self._app({**scope, _SCOPE: is_his}, receive, send)

    def _greeting(self, query: list[tuple[str, str]], scheme: str) -> Response:
        """On to the page, without the token in its address."""
        if not _same(dict(query)[QUERY], self._token):
            return JSONResponse({"error": STALE}, status_code=403)
        rest = urlencode([(name, value) for name, value in query if name != QUERY])
        response = Response(status_code=303, headers={"Location": f"?{rest}", "Cache-Control": "no-store"})
        response.set_cookie(COOKIE, self._mark, httponly=True, samesite="strict", secure=scheme == "https")
        return response


def _same(given: str, ours: str) -> bool:
    return bool(ours) and hmac.compare_digest(given.encode(errors="replace"), ours.encode())
