"""The addresses under /pages: pages as HTML, and what their buttons send. Every one acts for the person of the cookie.

An answer to a button is HTML whose elements replace those of the same id. Errors are left to the application, which
says each as one sentence. Knows Starlette, and nothing of FastAPI or Gradio.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from corpus.errors import UsageError
from ui.desk import Desk
from ui.owner import is_owner
from ui.pages.deeds import Deeds
from ui.pages.judging import Judging
from ui.pages.planning import Here, PlanningPages
from ui.pages.practising import Practising
from ui.pages.views import Views
from ui.person import person_of
from ui.sheets.judging import PRESS
from ui.sheets.judging import START as JUDGE
from ui.sheets.settings import MODEL
from ui.sheets.start import PREVIEW

Sent = dict[str, str]
_LONGEST = 8_000
NOT_OWNER = "This is for who serves this page: open the owner's address, which `roadmap serve` printed."


class SentError(UsageError):
    """What a button of the page sent cannot be used; the message says why."""


def page_routes(desk: Desk) -> list[BaseRoute]:
    """All of them."""
    views = Views(desk, desk.ingesting)
    deeds = Deeds(desk, views)
    planning = PlanningPages(desk)
    judging = Judging(desk)
    return [
        _get("/pages/today", lambda r: views.today(person_of(r))),
        _get("/pages/start", lambda r: planning.start(person_of(r))),
        _get(f"/{PREVIEW}", lambda r: planning.preview(person_of(r), dict(r.query_params))),
        _get("/pages/plan", lambda r: planning.plan(person_of(r), _here(r))),
        _get("/pages/settings", lambda r: planning.settings(person_of(r), _here(r))),
        *(_post_here(f"/{path}", deed) for path, deed in planning.deeds()),
        _post_owned(f"/{MODEL}", lambda _: planning.models()),
        _get("/pages/roadmap", lambda r: views.roadmap(person_of(r), _week(r))),
        _get("/pages/sources", lambda r: views.sources(allowed=is_owner(r))),
        _get("/pages/sources/job", lambda r: views.job(allowed=is_owner(r))),
        _get("/pages/quality", lambda r: views.quality(judging.section(allowed=is_owner(r)))),
        _get("/pages/quality/report", lambda r: views.report()),
        _get("/pages/history", lambda r: views.history(person_of(r), r.query_params.get("q", ""))),
        Route("/pages/history/{id:str}.{kind:str}", _run(lambda r: _export(views, r))),
        Route("/pages/answers/{id:str}/{turn:int}.md", _run(lambda r: _copied(views, r))),
        _post("/pages/roadmap/mark", deeds.mark),
        _post("/pages/today/mark", deeds.mark_today),
        *_practice(views.practising),
        _post("/pages/today/not-this", deeds.not_this),
        _post("/pages/today/prefer", deeds.prefer),
        _post("/pages/today/undo", deeds.undo),
        _post("/pages/today/replan", deeds.replan),
        _post("/pages/history/rename", deeds.rename),
        _post("/pages/history/delete", deeds.delete),
        _post("/pages/history/restore", deeds.restore),
        _post("/pages/answers/feedback", deeds.feedback),
        _post("/pages/answers/card", deeds.save_card),
        _post_known("/pages/answers/case", deeds.add_case),
        _post_owned("/pages/sources/ingest", lambda sent: views.started(crawl=sent.get("crawl") == "yes")),
        _post_owned("/pages/sources/stop", lambda _: views.stopped()),
        _post_owned(f"/{JUDGE}", judging.start),
        _post_owned(f"/{PRESS}", judging.press),
    ]


def _practice(practising: Practising) -> list[BaseRoute]:
    """The pages Practice and Progress, and the card on Today."""

    def picture(request: Request) -> Response:
        dark = request.query_params.get("theme") == "dark"
        svg = practising.picture(person_of(request), dark=dark)
        return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": "no-store"})

    return [
        _get("/pages/practice", lambda r: practising.page(person_of(r))),
        _get("/pages/progress", lambda r: practising.progress(person_of(r))),
        Route("/pages/progress.svg", _run(picture)),
        _post("/pages/today/grade", practising.grade),
        _post("/pages/today/more", practising.more),
        _post("/pages/practice/start", practising.start),
        _post("/pages/practice/answer", practising.answer),
        _post("/pages/practice/change", practising.change),
        _post("/pages/practice/suspend", practising.suspend),
        _post("/pages/practice/delete", practising.delete),
        _post("/pages/practice/undo", practising.undo),
    ]


def _get(path: str, page: Callable[[Request], str]) -> Route:
    return Route(path, _run(lambda request: HTMLResponse(page(request), headers={"Cache-Control": "no-store"})))


def _run(make: Callable[[Request], Response]) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:  # no coroutine: Starlette runs it in a thread
        return make(request)

    return endpoint


def _post(path: str, deed: Callable[[str, Sent], str]) -> Route:
    return _post_by(path, lambda request, sent: deed(person_of(request), sent))


def _post_here(path: str, deed: Callable[[str, Sent, Here], str]) -> Route:
    """For a deed whose page names the address of this site."""
    return _post_by(path, lambda request, sent: deed(person_of(request), sent, _here(request)))


class _KnownDeed(Protocol):
    def __call__(self, person: str, sent: Sent, *, owner: bool) -> str: ...


def _post_known(path: str, deed: _KnownDeed) -> Route:
    """For everybody; the owner's counts at once."""
    return _post_by(path, lambda request, sent: deed(person_of(request), sent, owner=is_owner(request)))


def _post_by(path: str, answer: Callable[[Request, Sent], str]) -> Route:
    async def endpoint(request: Request) -> Response:
        sent = await _sent(request)
        return HTMLResponse(await run_in_threadpool(answer, request, sent))

    return Route(path, endpoint, methods=["POST"])


def _here(request: Request) -> Here:
    return Here(str(request.base_url), is_owner(request))


def _post_owned(path: str, deed: Callable[[Sent], str]) -> Route:
    """For the owner of what is served."""

    async def endpoint(request: Request) -> Response:
        sent = await _sent(request)
        if not is_owner(request):
            return JSONResponse({"error": NOT_OWNER}, status_code=403)
        return HTMLResponse(await run_in_threadpool(deed, sent))

    return Route(path, endpoint, methods=["POST"])


async def _sent(request: Request) -> Sent:
    """The JSON object of texts that a button sent. Errors: `SentError`. (Another site cannot send this type.)"""
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise SentError("The request is no JSON: use the page's own buttons.")
    try:
        data = await request.json()
    except (ValueError, RecursionError) as error:  # no JSON, or nested without end
        raise SentError("The body cannot be read: send one JSON object.") from error
    if not isinstance(data, dict) or not all(_is_sent(v) for v in data.values()):
        raise SentError("The body cannot be used: send one JSON object of short texts.")
    return {str(name): str(value) for name, value in data.items()}


def _is_sent(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST and "\0" not in value


def _week(request: Request) -> int | None:
    given = request.query_params.get("week", "")
    return int(given) if given.isdecimal() and len(given) < 4 else None


def _export(views: Views, request: Request) -> Response:
    id, kind = request.path_params["id"], request.path_params["kind"]
    text, media = views.exported(person_of(request), id, kind)
    return Response(
        text,
        media_type=media,
        headers={"Content-Disposition": f'attachment; filename="conversation.{kind}"', "Cache-Control": "no-store"},
    )


def _copied(views: Views, request: Request) -> Response:
    text = views.copied(person_of(request), request.path_params["id"], request.path_params["turn"])
    return Response(text, media_type="text/markdown", headers={"Cache-Control": "no-store"})
