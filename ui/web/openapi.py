"""What the OpenAPI document says besides what FastAPI reads off the routes: parameters, errors, headers, sessions.

Each parameter is described once, by its name; every error is a problem of one shape.
"""

from __future__ import annotations

from typing import Any

from assistant.language.learning.table import the
from ui.web.contract import ErrorJson
from ui.web.problems import MEDIA, REQUEST_ID

PARAMETERS: dict[str, tuple[str, Any]] = {
    "q": ("What to look for.", "data frames"),
    "k": ("How many passages.", 3),
    "week": ("A week of the roadmap; for a question, the asker's own.", 14),
    "phase": ("A phase of the roadmap.", 2),
    "resource": ("The id of a resource, as /api/v1/roadmap lists them.", "neural-networks-zero-to-hero"),
    "scope": ("Which part of the roadmap may answer; anything but `all` needs the week.", "all"),
    "done": ("Ids of resources that are done, with commas between.", "python-for-data-analysis"),
    "hours": ("Hours a week.", 8),
    "minutes": ("Minutes at hand.", 45),
    "prefer": ("What suits: code, theory or free.", "code"),
    "by": ("The day by which it should end.", "2031-01-01"),
    "days": ("Days of the forecast.", 14),
    "limit": ("How many at most.", 20),
    "cursor": ("Where the page begins: `next` of the page before.", ""),
    "id": ("The id of a conversation.", "0" * 32),
    "card": ("The key of a card.", "saved/cf133dbe33b2"),
    "first": ("The first day of a pause.", "2031-02-01"),
    "name": ("The name of a capability.", the("place")),
}
"""Name -> what it is, and an example."""

_ERRORS = {
    "400": "The host name is not served here.",
    "401": "The token is not valid here, or no longer.",
    "403": "Another site made the browser ask.",
    "413": "The body is too large.",
    "422": "A parameter or the body, or what it asks for, cannot be used.",
    "500": "Something went wrong inside; the log says what.",
    "503": "Too many ask at the moment, or what is asked for is not ready.",
}
_NOBODYS = ("/healthz", "/readyz")
_SECURITY = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "roadmap-person",
        "description": "Set at the first visit: whose progress and conversations they are.",
    },
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "The same for programs (`POST /api/v1/token`), or the owner's token of `roadmap serve`.",
    },
}
_HEADERS = {
    REQUEST_ID: {"description": "Names the request, also in the log.", "schema": {"type": "string"}},
}
_TAG = {"ETag": {"description": "Names this content.", "schema": {"type": "string"}}}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag that you have.",
    "schema": {"type": "string"},
    "example": f'"{"0" * 32}"',
}


def described(document: dict[str, Any]) -> dict[str, Any]:
    """The document, with all of it said."""
    components = document.setdefault("components", {})
    components.setdefault("schemas", {})["ErrorJson"] = ErrorJson.model_json_schema()
    components["schemas"].pop("HTTPValidationError", None)
    components["schemas"].pop("ValidationError", None)
    components["securitySchemes"] = _SECURITY
    for path, operations in document["paths"].items():
        for operation in operations.values():
            _describe(path, operation)
    return document


def _describe(path: str, operation: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", ()):
        says, example = PARAMETERS[parameter["name"]]
        parameter |= {"description": says, "example": example}
    if path not in _NOBODYS:
        operation["security"] = [{}, {"session": []}, {"token": []}]
    responses = operation["responses"]
    if "304" in responses:
        operation.setdefault("parameters", []).append(_IF_NONE_MATCH)
    for status, says in _ERRORS.items():
        responses.setdefault(status, {"description": says})
    for status, response in responses.items():
        response["headers"] = _HEADERS | (_TAG if "304" in responses and status in ("200", "304") else {})
        if int(status) >= 400:
            response["content"] = {MEDIA: {"schema": {"$ref": "#/components/schemas/ErrorJson"}}}
