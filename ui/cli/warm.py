"""`roadmap ask` through a server that runs on this machine over the same data folder: its models are loaded already."""

from __future__ import annotations

import http.client
import json
import secrets
import socket
from contextlib import closing
from typing import Any

from assistant.answers import Answer
from assistant.store.answer_json import from_json
from corpus.errors import ProjectError, UsageError
from corpus.settings import Settings
from ui.serving import PATH, SIGNED, Serving, find_serving

_KNOCK_SECONDS = 0.5
_ANSWER_SECONDS = 900
"""A language model may write for minutes."""


def asked_server(settings: Settings, text: str, **where: Any) -> tuple[Answer, str] | None:
    """The answer of the server and its address; None where there is no such server, or it has no place free.

    `where`: `person`, `week`, `scope` and `llm` of the message. Errors: those of the assistant, and `ProjectError`
    where the message was sent and no answer came: it may have been obeyed, so it is not said again.
    """
    serving = find_serving(settings)
    if serving is None:
        return None
    address = f"http://{serving.host}:{serving.port}/"
    body = json.dumps({"text": text, "nonce": secrets.token_hex(16), **where}).encode()
    said = _said(serving, body, address)
    if said is None:
        return None
    if "error" in said:
        raise (UsageError if said["usage"] else ProjectError)(said["error"])
    return from_json(said["answer"]), address


def _said(serving: Serving, body: bytes, address: str) -> dict[str, Any] | None:
    connection = http.client.HTTPConnection(serving.host, serving.port, timeout=_KNOCK_SECONDS)
    with closing(connection):
        try:
            connection.connect()
        except OSError:
            return None
        if isinstance(connection.sock, socket.socket):
            connection.sock.settimeout(_ANSWER_SECONDS)
        headers = {"Content-Type": "application/json", SIGNED: serving.signature(body)}
        try:
            connection.request("POST", PATH, body, headers)
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise ProjectError(
                f"the server at {address} broke off: look whether it did what you said, or ask with --local."
            ) from error
        if response.status != http.HTTPStatus.OK:
            return None  # it refused without reading: busy, or another program that has taken the port
        if not serving.signed(response.headers.get(SIGNED, ""), body, content):
            return None
    return json.loads(content)
