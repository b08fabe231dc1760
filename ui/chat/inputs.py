"""Whether an event that a client sends has the values that the page would send. Plain ASGI around Gradio's own app.

Gradio takes whatever is sent into its queue, fails at it there, and writes a traceback into the log. What is asked for
is looked up in the page itself: which components a function reads, and which choices those have.
"""

from __future__ import annotations

import json
from typing import Any

import gradio as gr
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.texts import UNREADABLE

_EVENTS = ("/gradio_api/queue/join", "/gradio_api/run/predict")
_OF_A_SESSION = {"session_hash": str, "trigger_id": int}


class Inputs:
    """Around an ASGI app: events with other values than those of `page` do not reach it."""

    def __init__(self, app: ASGIApp, page: gr.Blocks) -> None:
        self._app, self._page = app, page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"].rstrip("/").endswith(_EVENTS):
            try:
                body = await Request(scope, receive).body()
            except ClientDisconnect:
                return
            if not fits(self._page, body):
                await JSONResponse({"error": UNREADABLE}, status_code=422)(scope, receive, send)
                return
            receive = _again(body, receive)
        await self._app(scope, receive, send)


def fits(page: gr.Blocks, body: bytes) -> bool:
    """Whether the body names a function of the page, with a value for each component that it reads."""
    try:
        sent = json.loads(body)
        function, data = page.fns[sent["fn_index"]], sent["data"]
    except (ValueError, TypeError, LookupError, RecursionError):
        return False
    chosen = any(event == "example_select" for _, event in function.targets)
    return (
        isinstance(data, list)
        and len(data) == len(function.inputs)
        and all(_is_of(value, block) for value, block in zip(data, function.inputs, strict=True))
        and all(sent.get(name) is None or type(sent[name]) is kind for name, kind in _OF_A_SESSION.items())
        and not sent.get("batched")
        and (not chosen or _is_example(sent.get("event_data")))
    )


def _is_of(value: object, block: Any) -> bool:
    """Whether a component can have the value. What stands for a state is not read: the server has it."""
    if isinstance(block, gr.Textbox):
        return value is None or isinstance(value, str)
    if choices := getattr(block, "choices", None):
        return any(type(value) is type(choice) and value == choice for _, choice in choices)
    return isinstance(block, gr.State) or value is None


def _is_example(event: Any) -> bool:
    return (
        isinstance(event, dict)
        and "index" in event
        and isinstance(event.get("value"), dict)
        and isinstance(event["value"].get("text"), str)
    )


def _again(body: bytes, receive: Receive) -> Receive:
    """Gives the body that was read, and then whatever comes."""
    parts: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def received() -> Message:
        return parts.pop() if parts else await receive()

    return received
