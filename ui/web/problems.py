"""One shape for every error: problem details (RFC 9457), with the sentence also where it always was, under "error".

    {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "There is no week 60 ...",
     "request_id": "...", "error": "There is no week 60 ..."}

Below /v1 an error has the shape of the OpenAI protocol, below /mcp that of JSON-RPC. Pure.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

OPENAI, MCP = "/v1/", "/mcp"
MEDIA = "application/problem+json"
REQUEST_ID = "X-Request-ID"
_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_KINDS = {401: "authentication_error", 404: "not_found_error", 429: "rate_limit_error"}
_CODES = {400: -32600, 404: -32601, 422: -32602}
"""Status -> the code of JSON-RPC; -32603 else."""


def request_id(given: str) -> str:
    """The id that a request was sent with, if it is fit to be shown; else a new one."""
    return given if _ID.fullmatch(given) else uuid.uuid4().hex


def problem(status: int, sentence: str, id: str = "") -> dict[str, Any]:
    """An error as problem details.

    >>> problem(404, "There is no such week.")["title"]
    'Not Found'
    """
    return {
        "type": "about:blank",
        "title": _title(status),
        "status": status,
        "detail": sentence,
        "request_id": id,
        "error": sentence,
    }


def shaped(path: str, status: int, said: Mapping[str, Any], id: str) -> tuple[bytes, str]:
    """The body of an error and its media type, as the address wants them. said: what a route gave; its sentence is
    under "error", and what it gave besides is kept."""
    sentence = str(said["error"])
    if path.startswith(OPENAI):
        kind = _KINDS.get(status, "invalid_request_error" if status < 500 else "server_error")
        error = {"message": sentence, "type": kind, "param": said.get("param") or None, "code": said.get("code")}
        return json.dumps({"error": error}).encode(), "application/json"
    if path.startswith(MCP):
        error = {"code": _CODES.get(status, -32603), "message": sentence}
        return json.dumps({"jsonrpc": "2.0", "id": None, "error": error}).encode(), "application/json"
    return json.dumps({**problem(status, sentence, id), **said}).encode(), MEDIA


def is_of_another_protocol(path: str, said: object) -> bool:
    """Whether an error below /v1 or /mcp has the shape of its protocol already, and is told in one line."""
    if not isinstance(said, dict):
        return False
    error = said.get("error")
    is_openai = path.startswith(OPENAI) and isinstance(error, dict) and "message" in error
    is_mcp = path.startswith(MCP) and "jsonrpc" in said and not (isinstance(error, dict) and "\n" in error["message"])
    return is_openai or is_mcp


def _title(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # 499, which web servers say of a client that has left
        return "Client Closed Request"
