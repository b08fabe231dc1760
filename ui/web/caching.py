"""JSON with a tag of its content: who has it already is told so in a few bytes (304)."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

UNCHANGED: dict[int, dict[str, Any]] = {304: {"description": "You have it already."}}
"""What the documentation says of a route that gives it."""


def tagged(request: Request, data: dict[str, Any]) -> Response:
    """The data as JSON with its ETag; 304 where the request names that tag."""
    body = json.dumps(data, ensure_ascii=False).encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    known = {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
