"""Who is asking: a random cookie that a browser gets at its first visit. Plain ASGI; knows no learner.

The cookie is the only key to a person's state, so it is long, unreadable for scripts, and sent by our own pages
alone; a request that another site makes a browser send is refused before it changes anything.
"""

from __future__ import annotations

import re
import secrets
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "roadmap-person"
NOBODY = ("/healthz", "/readyz", "/metrics", "/static/")
"""Addresses that concern no person, and set no cookie."""

FOREIGN = "This request comes from another site: open the assistant's own page."
_YEAR = 400 * 24 * 3600
"""Seconds that browsers keep a cookie at most."""
_VALID = re.compile(r"[0-9a-f]{32}")
_SAFE = ("GET", "HEAD", "OPTIONS")


def person_of(request: Any) -> str:
    """The person of a Starlette or Gradio request that passed `Person`: 32 hexadecimal digits."""
    name = _known(dict(request.headers).get("cookie", ""))
    if name is None:
        raise LookupError("a request without a person: the middleware `Person` is missing")
    return name


class Person:
    """Around an ASGI app: every request that it lets through has a person."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(NOBODY):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["method"] not in _SAFE and headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            await JSONResponse({"error": FOREIGN}, status_code=403)(scope, receive, send)
        elif _known(headers.get("cookie", "")) is not None:
            await self._app(scope, receive, send)
        else:
            name = secrets.token_hex(16)
            await self._app(_named(scope, headers, name), receive, _introducing(send, name, scope["scheme"]))


def _known(header: str) -> str | None:
    name = cookie_parser(header).get(COOKIE, "")
    return name if _VALID.fullmatch(name) else None


def _named(scope: Scope, headers: Headers, name: str) -> Scope:
    """The scope with the new cookie, as if the browser had sent it."""
    others = {key: value for key, value in cookie_parser(headers.get("cookie", "")).items() if key != COOKIE}
    cookie = "; ".join(f"{key}={value}" for key, value in (*others.items(), (COOKIE, name)))
    kept = [(key, value) for key, value in scope["headers"] if key != b"cookie"]
    return {**scope, "headers": [*kept, (b"cookie", cookie.encode("latin-1"))]}


def _introducing(send: Send, name: str, scheme: str) -> Send:
    secure = "; Secure" if scheme == "https" else ""
    cookie = f"{COOKIE}={name}; Path=/; Max-Age={_YEAR}; HttpOnly; SameSite=Strict{secure}"

    async def introduced(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).append("set-cookie", cookie)
        await send(message)

    return introduced
