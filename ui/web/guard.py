"""What every request passes before a route sees it, and every response before it leaves. Plain ASGI.

Stages: 1 the Host header is one of ours -> 2 the body is small -> 3 the address is one that we use -> 4 the
response says what a browser may do with it. Knows nothing of questions, and neither FastAPI nor Gradio.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import json
import logging
import re
from collections.abc import Awaitable, Callable, Collection
from urllib.parse import urlsplit

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.texts import BUSY, FAILED, NO_CHARACTER, NO_MESSAGE, UNREADABLE
from ui.web.methods import NOTHING, OTHER_METHOD
from ui.web.problems import MCP, OPENAI, REQUEST_ID, is_of_another_protocol, request_id, shaped

MAX_BODY = 64 * 1024
"""Bytes of a request body, counted as they arrive."""

LONG_BODIES = {
    "/api/v1/import": (
        8 * 1024**2,
        "The export is larger than 8 MiB: empty its list `changes`, which is for `undo` alone.",
    ),
    "/v1/chat/completions": (1024**2, "The messages are larger than 1 MiB: send the last ones."),
    "/v1/embeddings": (1024**2, "The texts are larger than 1 MiB: send fewer at once."),
}
"""Addresses that take more, and what is said of still more: an export holds everything that can be undone, a client of
the OpenAI protocol sends all of a conversation with each message."""

MOST_DROPPED = 32 * 1024**2
"""Bytes of the body of a refused request that are read and dropped before the refusal is said. Who is answered in the
middle of sending loses the answer: the connection is reset, and a proxy makes a 502 of it."""
DROPPING = 10
"""Seconds for that."""
SHORT = ("/start", "/today", "/plan", "/settings")
"""Addresses of pages that are easy to type: each leads to the page within `/`."""
OURS = (
    "/api/v1/",
    "/pages/",
    "/calendar/",
    "/static/",
    "/static-offline-docs/",
    "/docs",
    "/healthz",
    "/readyz",
    "/metrics",
)
PAGE = ("/assets/", "/theme.css", "/favicon.ico", "/manifest.json", "/robots.txt")
"""What is there, besides `/`: our addresses, and those that the page asks of Gradio."""
GRADIO = "/gradio_api"
USED = ("queue/", "run/predict", "heartbeat/", "startup-events", "theme.css", "info", "app_id", "cancel", "reset")
"""What the page asks of Gradio. Every other address below `GRADIO` is closed: uploads and recordings, files of the
machine, a forwarding proxy, code and components of its own."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
FORBIDDEN = "This address is closed: the chat takes no files and forwards no requests."
FOREIGN = "This host name is not served: open the address that `roadmap serve` printed."

_log = logging.getLogger(__name__)
_INLINE_SCRIPT = re.compile(rb"<script(?![^<>]*\ssrc=)[^<>]*>(.*?)</script>", re.DOTALL)


class Guard:
    """The whole of it around an ASGI app; `hosts` are the names, besides IP addresses, that a browser may ask for.

    A Host header with an IP address cannot come from a rebound DNS name, so every IP address passes.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app = RequestBodyLimitMiddleware(app, max_body_size=MAX_BODY)
        self._longer = {path: RequestBodyLimitMiddleware(app, max_body_size=n) for path, (n, _) in LONG_BODIES.items()}
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        id = request_id(Headers(scope=scope).get(REQUEST_ID, ""))
        received = _Received(receive, MOST_DROPPED if "expect" not in Headers(scope=scope) else 0)
        guarded = _GuardedSend(send, scope["path"], id, received.drop)
        scope = {**scope, REQUEST_ID: id}
        refusal = self._refusal(scope)
        app = self._longer.get(scope["path"], self._app)
        try:
            await (refusal or app)(scope, received, guarded)
        except Exception as error:
            if not guarded.is_gradios_failure:
                raise
            _log.warning("a request to the chat failed: %s", type(error).__name__)
            _log.debug("what was asked of the chat failed", exc_info=error)
            await guarded.end()

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        if not _is_ours(Headers(scope=scope).get("host", ""), self._hosts):
            return JSONResponse({"error": FOREIGN}, status_code=400)
        path = scope["path"]
        if "\0" in path or b"%00" in scope["query_string"]:
            return JSONResponse({"error": f"This address cannot be used: {NO_CHARACTER}."}, status_code=422)
        if path.startswith(GRADIO) and not path.removeprefix(f"{GRADIO}/").startswith(USED):
            return JSONResponse({"error": FORBIDDEN}, status_code=403)
        if path not in ("/", MCP, *SHORT) and not path.startswith((*OURS, OPENAI, *PAGE, GRADIO)):
            return JSONResponse({"error": NOTHING}, status_code=404)
        return None


def too_large(path: str) -> str:
    """What is said to whoever sends more than this address takes."""
    short = f"The request is larger than {MAX_BODY // 1024} KiB: send one short question."
    return LONG_BODIES[path][1] if path in LONG_BODIES else short


def policy(scripts: Collection[str] = ()) -> str:
    """The Content-Security-Policy: this server only, and inline scripts only by their hash ("sha256-...")."""
    hashes = "".join(f" '{script}'" for script in scripts)
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self'{hashes}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class _Received:
    """What the client sends. most: how much of it is dropped; nothing where it waits to be told whether to send it."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self._most = receive, most
        self._more = True

    async def __call__(self) -> Message:
        message = await self._receive()
        self._more = message.get("more_body", False)
        return message

    async def drop(self) -> None:
        """Reads what nobody has read."""
        with anyio.move_on_after(DROPPING):
            while self._more and self._most > 0:
                self._most -= len((await self()).get("body", b""))


class _GuardedSend:
    """Adds the headers; holds an HTML page back until it is whole, to hash the scripts that it carries, and an error
    that has not our form, to give it that."""

    def __init__(self, send: Send, path: str, id: str, rest: Callable[[], Awaitable[None]]) -> None:
        self._send, self._rest = send, rest
        self._path, self._id = path, id
        self._start: Message | None = None
        self._body = b""
        self._sent = False
        self.is_gradios_failure = False
        """Whether Gradio failed at what it was asked: at a function or a form that the page does not have."""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._on_start(message)
        elif message["type"] == "http.response.body" and self._start is not None:
            await self._on_held_body(self._start, message)
        else:
            await self._send(message)

    async def _on_start(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in HEADERS.items():
            headers[name] = value
        headers["Content-Security-Policy"] = policy()
        headers[REQUEST_ID] = self._id
        kind = headers.get("content-type", "")
        if kind.startswith("text/event-stream"):
            headers["X-Accel-Buffering"] = "no"
        self.is_gradios_failure = self._path.startswith(GRADIO) and message["status"] == 500
        if kind.startswith("text/html") or message["status"] >= 400:
            self._start = message
        else:
            await self._send(message)

    async def end(self) -> None:
        """Sends what is held, if it was not sent."""
        if self._start is not None and not self._sent:
            await self._on_held_body(self._start, {"type": "http.response.body"})

    async def _on_held_body(self, start: Message, message: Message) -> None:
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        headers = MutableHeaders(scope=start)
        if start["status"] >= 400:
            self._shape_error(start, headers)
        headers["Content-Security-Policy"] = policy(_script_hashes(self._body))
        self._sent = True
        if start["status"] >= 400:
            await self._rest()
        await self._send(start)
        await self._send({"type": "http.response.body", "body": self._body})

    def _shape_error(self, start: Message, headers: MutableHeaders) -> None:
        """Gives an error the shape of its protocol; what has no sentence of ours gets one."""
        said = _read(self._body)
        if is_of_another_protocol(self._path, said):
            return
        if not (isinstance(said, dict) and isinstance(said.get("error"), str)):
            start["status"] = 422 if self.is_gradios_failure else start["status"]
            said = {"error": _sentence(start["status"], self._path)}
        self._body, headers["content-type"] = shaped(self._path, start["status"], said, self._id)
        headers["content-length"] = str(len(self._body))


def _read(body: bytes) -> object:
    """The JSON of a body; None for a page of HTML."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def _sentence(status: int, path: str) -> str:
    if status == 413:
        return too_large(path)
    unreadable = NO_MESSAGE if path.startswith(MCP) else UNREADABLE
    return {404: NOTHING, 405: OTHER_METHOD, 503: BUSY}.get(status, unreadable if status < 500 else FAILED)


def _script_hashes(page: bytes) -> list[str]:
    closed = page[: page.rfind(b"</script>") + len(b"</script>")]
    digests = (hashlib.sha256(script).digest() for script in _INLINE_SCRIPT.findall(closed))
    return ["sha256-" + base64.b64encode(digest).decode() for digest in digests]


def _is_ours(header: str, hosts: frozenset[str]) -> bool:
    try:
        name = urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return False
    return name in hosts or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
