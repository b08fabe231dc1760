"""Who is asking: a session that a browser gets at its first visit, in a cookie. Plain ASGI; knows no learner.

The cookie is the only key to a person's state, so we issue it (`ui.session`), no script can read it, and it is sent by
our own pages alone; a request that another site makes a browser send is refused before it changes anything. What stands
behind this middleware sees the person in its place, and never the session. What is said to a person is kept by no
cache.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection
from functools import cached_property
from typing import Any

from anyio.to_thread import run_sync
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.origin import FOREIGN, is_foreign
from ui.session import KEPT, Sessions, is_session, new_person, unsigned

COOKIE = "roadmap-person"
NOBODY = (
    "/healthz",
    "/readyz",
    "/metrics",
    "/static",
    "/calendar/",
    "/assets/",
    "/theme.css",
    "/favicon.ico",
    "/manifest.json",
    "/robots.txt",
    "/docs",
    "/api/v1/openapi.json",
    "/gradio_api/theme.css",
    "/gradio_api/info",
)
"""Addresses that concern no person, and set no cookie."""

STRANGERS = ("/v1/", "/mcp")
"""Addresses for programs, which keep no cookie: who comes there without a session is a stranger."""
EXPIRED = "This token is not valid here, or no longer: get a new one with `POST /api/v1/token`."
_STRANGER = "roadmap.stranger"

_VALID = re.compile(r"p?[0-9a-f]{32}")
_SAFE = ("GET", "HEAD", "OPTIONS")


def person_of(request: Any) -> str:
    """The person of a Starlette or Gradio request that passed `Person`."""
    name = cookie_parser(dict(request.headers).get("cookie", "")).get(COOKIE, "")
    if not _VALID.fullmatch(name):
        raise LookupError("a request without a person: the middleware `Person` is missing")
    return name


def is_stranger(request: Any) -> bool:
    """Whether the person of a Starlette request cannot come again: a program without a session."""
    return request.scope.get(_STRANGER) is True


def bearer(headers: Headers) -> str:
    """The token of a request; "" where it has none."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


class Person:
    """Around an ASGI app: every request that it lets through has a person.

    key: gives the key that sessions are signed with, at the first request. known: whether there is a learner of that
    name; only then a cookie from before sessions were signed is taken, and becomes a session. names: the host names
    under which a proxy shows us.
    """

    def __init__(
        self,
        app: ASGIApp,
        key: Callable[[], bytes],
        known: Callable[[str], bool] = lambda _: False,
        clock: Callable[[], float] = time.time,
        names: Collection[str] = (),
    ) -> None:
        self._app, self._names = app, names
        self._key, self._was_here, self._clock = key, known, clock

    @cached_property
    def _sessions(self) -> Sessions:
        return Sessions(self._key())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["path"].startswith(NOBODY):
            await self._app(_named(scope, headers, ""), receive, send)
        elif scope["method"] not in _SAFE and is_foreign(headers, self._names):
            await JSONResponse({"error": FOREIGN}, status_code=403)(scope, receive, send)
        elif is_session(token := bearer(headers)):
            await self._with_token(token, headers, scope, receive, send)
        else:
            person, value, known = await self._found(cookie_parser(headers.get("cookie", "")).get(COOKIE, ""))
            stranger = not known and scope["path"].startswith(STRANGERS)
            spoken = _introducing(send, "" if stranger else value, scope["scheme"])
            await self._app({**_named(scope, headers, person), _STRANGER: stranger}, receive, spoken)

    async def _with_token(self, token: str, headers: Headers, scope: Scope, receive: Receive, send: Send) -> None:
        """A program says who it comes from; it gets no cookie."""
        session = self._sessions.read(token, self._clock())
        if session is None:
            await JSONResponse({"error": EXPIRED}, 401, {"WWW-Authenticate": "Bearer"})(scope, receive, send)
            return
        await self._app(_named(scope, headers, session.person), receive, _introducing(send, "", scope["scheme"]))

    async def _found(self, value: str) -> tuple[str, str, bool]:
        """The person; the value that the browser is to keep from now on, "" where it keeps what it has; and whether
        the person was here before."""
        now = self._clock()
        if session := self._sessions.read(value, now):
            return session.person, self._sessions.issued(session.person, now) if session.due else "", True
        before = unsigned(value)
        known = bool(before) and await run_sync(self._was_here, before)
        person = before if known else new_person()
        return person, self._sessions.issued(person, now), known


def _named(scope: Scope, headers: Headers, person: str) -> Scope:
    """The scope with the person in place of the session, as if the browser had sent that."""
    cookies = {key: value for key, value in cookie_parser(headers.get("cookie", "")).items() if key != COOKIE}
    cookies |= {COOKIE: person} if person else {}
    kept = [(key, value) for key, value in scope["headers"] if key != b"cookie"]
    cookie = "; ".join(f"{key}={value}" for key, value in cookies.items())
    return {**scope, "headers": [*kept, (b"cookie", cookie.encode("latin-1"))]}


def _introducing(send: Send, value: str, scheme: str) -> Send:
    secure = "; Secure" if scheme == "https" else ""
    cookie = f"{COOKIE}={value}; Path=/; Max-Age={KEPT}; HttpOnly; SameSite=Strict{secure}"

    async def introduced(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if "etag" not in headers:
                headers["cache-control"] = "no-store"
            if value:
                headers.append("set-cookie", cookie)
        await send(message)

    return introduced
