"""The HTTP API under /api/v1, with the chat mounted at `/`. The only module that imports FastAPI.

Turns requests into calls of one `Assistant` and what it raises into a status and one sentence; decides nothing about
questions. What a message changes is changed for the person of the request's cookie, and for nobody else. Questions run
in threads, at most `places` at once (the chat has as many of its own): whoever comes on top waits in a line, or is told
to come back where it is full, and /healthz never waits for them. A client that leaves closes the stream that it reads.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any, cast

from anyio.to_thread import run_sync
from fastapi import Depends, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi_offline import FastAPIOffline
from prometheus_client import CollectorRegistry
from prometheus_fastapi_instrumentator import Instrumentator
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from assistant.answers import Scope
from assistant.companion import Companion
from assistant.service import Assistant, Message
from assistant.store.errors import StoreError
from assistant.tools import UnknownToolError
from corpus.errors import ProjectError, UsageError
from ui.asking import Asked, BusyError, Events, Gate, UnknownConversationError, answered, events, pieces, whole
from ui.chat.address import OwnAddress
from ui.chat.mount import mount_chat
from ui.clock import now
from ui.desk import Desk, make_desk
from ui.errors import complaint, sentence_of
from ui.mcp.http import McpOverHttp
from ui.openai_protocol.requests import RequestError
from ui.openai_protocol.routes import UnknownModelError, openai_routes
from ui.owner import Owner
from ui.pages.routes import page_routes
from ui.person import Person, person_of
from ui.place import check_place
from ui.session import session_key
from ui.show import UnknownPlaceError, roadmap_json
from ui.texts import BROKEN, BUSY, FAILED
from ui.web.caching import UNCHANGED, tagged
from ui.web.contract import (
    RESPONSES,
    UNKNOWN,
    AskBody,
    HealthJson,
    HitsJson,
    ReadyJson,
    RoadmapJson,
    SayBody,
)
from ui.web.guard import HEADERS, Guard, policy, too_large
from ui.web.kept import add_kept
from ui.web.learning import add_learning
from ui.web.library import NoReportError, add_library
from ui.web.methods import NOTHING, OTHER_METHOD, Methods
from ui.web.openapi import described
from ui.web.planning import add_planning
from ui.web.prefix import Rooted, Stripped
from ui.web.problems import REQUEST_ID, request_id, shaped
from ui.web.table import add_table

TITLE = "Roadmap assistant"
PLACES = 8
"""Questions answered at the same time; each may hold a thread and a model's attention."""
LINE = 120
"""Questions that wait for one of the places, some seconds at most; nobody waits behind a language model."""
NOT_THERE = (UnknownPlaceError, UnknownConversationError, UnknownToolError, UnknownModelError, NoReportError)
"""What is asked for and does not exist."""
NOT_JSON = "Send the body as JSON, with the header `Content-Type: application/json`."
RETRY_AFTER = "5"
"""Seconds, as the header wants them."""
STATIC = "static/roadmap"
"""Where the page's own styles and scripts are. As every address in the page it is relative to the page, which a proxy
may show below a path of its own."""
SHEETS = ("base", "chat", "pages", "planning", "practice")
HEAD = (
    f'<script src="{STATIC}/early.js"></script>'
    + "".join(f'<link rel="stylesheet" href="{STATIC}/{name}.css">' for name in SHEETS)
    + f'<script type="module" src="{STATIC}/main.js"></script>'
)

_log = logging.getLogger(__name__)
_SENTENCES = {
    400: 'The body cannot be read: send one JSON object like {"question": "what is in week 14?"}.',
    404: NOTHING,
    405: OTHER_METHOD,
}


def create_app(
    assistant: Assistant,
    *,
    hosts: Collection[str] = (),
    places: int = PLACES,
    line: int = LINE,
    owner: str = "",
) -> FastAPI:
    """The whole web application around one assistant, whose companion is the one of all pages.

    hosts: names, besides localhost and IP addresses, under which it is opened. places: questions answered at
    once by the API, and as many again by the chat. line: how many wait for those of the API, where no language model
    is configured that may hold them. owner: the token of who may start a run; "" where nobody may.
    """
    desk = make_desk(assistant)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        yield
        await run_sync(desk.close)

    app = FastAPIOffline(
        title=TITLE,
        version="1",
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        lifespan=lifespan,
        dependencies=[Depends(_known_parameters)],
    )
    app.state.under_way = desk.under_way
    prefix = assistant.settings.prefix
    if prefix:
        app.add_middleware(Rooted, prefix=prefix)
    app.add_middleware(OwnAddress)
    key = cache(lambda: session_key(desk.data))
    app.add_middleware(Person, key=key, known=_was_here(desk.companion), names=assistant.settings.names)
    app.add_middleware(Owner, token=owner)
    app.add_middleware(Methods, routes=lambda: app.routes)
    app.add_middleware(Guard, hosts={"localhost", *hosts, *assistant.settings.names})
    _add_errors(app)
    gate = Gate(places, 0 if assistant.settings.llm_url else line)
    _add_questions(app, desk, gate)
    add_table(app, desk, gate)
    _add_roadmap(app, assistant)
    _add_health(app, desk)
    add_learning(app, desk.companion)
    add_planning(app, desk.companion)
    add_kept(app, desk, key)
    add_library(app, desk)
    _describe(app)
    app.mount(f"/{STATIC}", StaticFiles(directory=Path(__file__).parents[1] / "static"))
    app.add_route("/manifest.json", _manifest, include_in_schema=False)
    app.router.routes.extend((*page_routes(desk), *openai_routes(desk, gate)))
    app.router.routes.append(Route("/mcp", McpOverHttp(desk, gate), methods=["GET", "POST", "DELETE"]))
    Instrumentator(registry=CollectorRegistry()).instrument(app).expose(app, include_in_schema=False)
    mount_chat(app, desk, title=TITLE, places=places, head=HEAD)
    if prefix:
        app.add_middleware(Stripped, prefix=prefix)
    return app


class UnknownParameterError(UsageError):
    """A parameter that the address does not take; the message says which it takes."""


async def _known_parameters(request: Request) -> None:
    """Refuses a misspelt parameter: without it the answer would be another one. Errors: `UnknownParameterError`."""
    names = [parameter.alias for parameter in request.scope["route"].dependant.query_params]
    if unknown := next((name for name in request.query_params if name not in names), None):
        known = ", ".join(f"`{name}`" for name in names)
        takes = f"it takes {known}" if known else "it takes none"
        raise UnknownParameterError(f"This address has no parameter {unknown[:60]!r}: {takes}.")


async def _manifest(_: Request) -> Response:
    """What a browser needs to install the page; Gradio's own names an icon that is closed."""
    icon = {"src": f"{STATIC}/icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    manifest = {"name": TITLE, "icons": [icon], "start_url": "./", "display": "standalone"}
    return JSONResponse(manifest, media_type="application/manifest+json")


def _describe(app: FastAPI) -> None:
    """The OpenAPI document, completed once."""
    read_off = app.openapi
    app.openapi = cache(lambda: described(read_off()))


def _unkept(companion: Companion) -> str:
    """Why nothing can be kept of learners; "" where it can."""
    try:
        companion.check()
    except (StoreError, OSError) as error:
        return sentence_of(error) if isinstance(error, StoreError) else BROKEN
    return ""


def _was_here(companion: Companion) -> Callable[[str], bool]:
    """Whether a learner of that name is stored. Where that cannot be read nobody is turned away: the name is kept, and
    what is asked for says what is wrong."""

    def known(person: str) -> bool:
        try:
            return companion.knows(person)
        except (StoreError, OSError):
            return True

    return known


def _add_questions(app: FastAPI, desk: Desk, gate: Gate) -> None:
    assistant = desk.assistant

    @app.post("/api/v1/ask", response_class=JSONResponse, responses=RESPONSES | UNKNOWN, tags=["questions"])
    async def ask(body: AskBody, request: Request) -> Response:
        """Answers a question, or does what is told; as server-sent events with `stream` or `Accept:
        text/event-stream`. Where it asks back, send the message of one of the `choices` in the same conversation."""
        check_place(body.week, body.scope, assistant.roadmap.weeks, "`week`")
        message = Message(body.question, person_of(request), now(), body.week, body.scope, body.llm)
        asked = Asked(message, body.conversation)
        if not body.stream and "text/event-stream" not in request.headers.get("accept", ""):
            return answered(await whole(desk, asked, gate, request))
        rest = pieces(desk, asked, gate)
        return Events(rest, events(await anext(rest), rest))

    @app.post("/api/v1/say", response_class=JSONResponse, responses=RESPONSES, tags=["questions"])
    async def say(body: SayBody, request: Request) -> Response:
        """The same as `/api/v1/ask`: does what is told and says what was understood, or answers."""
        check_place(body.week, "all", assistant.roadmap.weeks, "`week`")
        message = Message(body.text, person_of(request), now(), body.week)
        return answered(await whole(desk, Asked(message), gate, request))

    @app.get(
        "/api/v1/search",
        tags=["questions"],
        response_model=None,
        responses={200: {"model": HitsJson}},
    )
    async def search(
        q: str,
        k: Annotated[int, Query(ge=1, le=100)] = 10,
        week: int | None = None,
        scope: Scope = "all",
    ) -> dict[str, Any]:
        """The best passages for a query, without an answer."""
        check_place(week, scope, assistant.roadmap.weeks, "`week`")
        with gate.place():
            hits = await run_sync(lambda: assistant.search(q, k=k, week=week, scope=scope), limiter=gate.threads)
        return {"hits": [hit.as_json(rank) for rank, hit in enumerate(hits, start=1)]}


def _add_roadmap(app: FastAPI, assistant: Assistant) -> None:
    there: dict[int | str, dict[str, Any]] = {
        200: {"model": RoadmapJson},
        404: {"description": "The roadmap has no such place."},
        **UNCHANGED,
    }

    @app.get("/api/v1/roadmap", tags=["roadmap"], response_model=None, responses=there)
    def roadmap(
        request: Request, week: int | None = None, phase: int | None = None, resource: str | None = None
    ) -> Response:
        """The roadmap as read, or one week, phase or resource of it."""
        return tagged(request, roadmap_json(assistant.roadmap, week=week, phase=phase, resource=resource))


def _add_health(app: FastAPI, desk: Desk) -> None:
    @app.get("/healthz", tags=["health"], response_model=None, responses={200: {"model": HealthJson}})
    async def healthz() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @app.get("/readyz", tags=["health"], response_model=None, responses={200: {"model": ReadyJson}})
    def readyz() -> JSONResponse:
        """Whether every question can be answered and what is told be kept, and if not (503), why."""
        state = desk.assistant.readiness()
        if state.ready and (problem := _unkept(desk.companion)):
            state = replace(state, ready=False, reason=problem)
        error = {} if state.ready else {"error": state.reason}
        return JSONResponse(asdict(state) | error, status_code=200 if state.ready else 503)


def _add_errors(app: FastAPI) -> None:
    """One sentence for whatever is raised; nothing of the machine in it."""

    async def known(_: Request, error: Exception) -> Response:
        more = {"param": error.param} if isinstance(error, RequestError) else {}
        return _sentence(_status(error), str(error), **more)

    async def busy(_: Request, error: Exception) -> Response:
        return _sentence(503, BUSY)

    async def invalid(request: Request, error: Exception) -> Response:
        errors = cast("RequestValidationError", error).errors()
        is_read = errors[0]["loc"][0] != "body" or "json" in request.headers.get("content-type", "")
        return _sentence(422, _complaint(errors) if is_read else NOT_JSON)

    async def http(request: Request, error: Exception) -> Response:
        status = cast("HTTPException", error).status_code
        if status == 413:
            return _sentence(status, too_large(request.url.path))
        return _sentence(422 if status == 400 else status, _SENTENCES.get(status, FAILED))

    async def unforeseen(request: Request, error: Exception) -> Response:
        id = request_id(request.headers.get(REQUEST_ID, ""))
        _log.error("request %s failed: %s", id, type(error).__name__)
        body, media = shaped(request.url.path, 500, {"error": FAILED}, id)  # the guard stands inside of this one
        headers = {**HEADERS, "Content-Security-Policy": policy(), REQUEST_ID: id, "Connection": "close"}
        return Response(body, 500, headers, media)  # the error is raised again for the log: then the server hangs up

    app.add_exception_handler(ProjectError, known)
    app.add_exception_handler(BusyError, busy)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, unforeseen)


def _status(error: Exception) -> int:
    if isinstance(error, NOT_THERE):
        return 404
    return 422 if isinstance(error, UsageError) else 503


def _complaint(errors: Sequence[Any]) -> str:
    """Which field is wrong and why."""
    return _SENTENCES[400] if errors[0]["type"] == "json_invalid" else complaint(errors)[1]


def _sentence(status: int, sentence: str, **more: str) -> JSONResponse:
    headers = {**HEADERS, "Content-Security-Policy": policy()}
    if status == 503:
        headers["Retry-After"] = RETRY_AFTER
    return JSONResponse({"error": sentence, **more}, status_code=status, headers=headers)
