"""The API about the pages and the quality: coverage, changes, sources, ingest runs, the report of `roadmap eval`.

What starts something is the owner's, as on the page Sources: `ui.owner` says who that is.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from corpus.errors import UsageError
from corpus.homes import all_sources
from ingest.coverage import Change, read_changes, read_coverage
from ui.desk import Desk
from ui.ingesting import Job
from ui.owner import is_owner
from ui.pages.routes import NOT_OWNER
from ui.sheets.quality import REPORT
from ui.show import changes_json, coverage_json
from ui.texts import SoundText
from ui.web import paging
from ui.web.caching import UNCHANGED, tagged

MOST = 1000
"""Changes of a page."""
_PAGES, _RUNS = ["pages"], ["runs"]


class NoReportError(UsageError):
    """The eval suite has not been run."""


class RunBody(BaseModel):
    """What to start."""

    model_config = ConfigDict(extra="forbid")

    crawl: StrictBool = Field(default=False, description="First fetch the public pages, politely.", examples=[False])


class CoverageLineJson(BaseModel):
    """The pages of one resource."""

    id: str = Field(description="The id of the resource.")
    weeks: list[int] = Field(description="First and last week on the roadmap.")
    status: str = Field(description="indexed, stale, blocked, dead, not-text or not-fetched.")
    since: str | None = Field(description="Since when.")
    pages: int = Field(description="Pages in the index.")
    chunks: int = Field(description="Passages in the index.")
    by_status: dict[str, int] = Field(description="All its pages, by status.")
    newest: str | None = Field(description="When one was last found good.")


class CoverageJson(BaseModel):
    """What is in the index."""

    resources: list[CoverageLineJson] = Field(description="In the roadmap's order.")


class ChangeJson(BaseModel):
    """A page that the last run found new, changed or gone."""

    url: str = Field(description="Its address.")
    resource: str = Field(description="The id of its resource.")
    weeks: list[int] = Field(description="First and last week on the roadmap.")
    at: str = Field(description="When.")
    what: Literal["new", "changed", "stale"] = Field(description="What was found.")


class ChangesJson(BaseModel):
    """What the last run found."""

    changes: list[ChangeJson] = Field(description="The changes of this page, the newest first.")
    next: str | None = Field(description="The `cursor` of the next page; null on the last one.")


class SourceJson(BaseModel):
    """A place on the web where pages of a resource are."""

    id: str = Field(description="Its id.")
    resource: str = Field(description="The id of the resource.")
    title: str = Field(description="Its name.")
    access: str = Field(description="open, login, browser or catalogue.")
    start: list[str] = Field(description="Where a crawl begins.")
    licence_note: str = Field(description="What is known of its licence.")


class SourcesJson(BaseModel):
    """Where pages come from."""

    sources: list[SourceJson] = Field(description="In the order of the roadmap.")


class RunJson(BaseModel):
    """The run of this server, or how the last one ended."""

    running: bool = Field(description="Whether one is under way.")
    stage: str = Field(description="What it does; empty where none is.")
    done: int = Field(description="How much of the stage is done.")
    total: int = Field(description="Of how much; 0 where that is not known.")
    said: str = Field(description="How the last one ended, in a sentence.")
    failed: bool = Field(description="Whether that was a failure.")
    can_stop: bool = Field(description="Whether it is fetching, which may be stopped.")
    generation: str | None = Field(description="The index that is served.")
    chunks: int = Field(description="Passages in it.")


class ReportJson(BaseModel):
    """The last report of `roadmap eval`."""

    at: str = Field(description="When it was made.")
    markdown: str = Field(description="Its tables.")


def add_library(app: Any, desk: Desk) -> None:
    """Adds the routes to a FastAPI application."""
    routes = _Routes(desk)
    refused = {403: {"description": "Only the owner may: send the token that `roadmap serve` printed as bearer."}}
    none = {404: {"description": "The eval suite has not been run here."}}
    for method, path, route, model, tags, more in (
        ("GET", "coverage", routes.coverage, CoverageJson, _PAGES, UNCHANGED),
        ("GET", "changes", routes.changes, ChangesJson, _PAGES, UNCHANGED),
        ("GET", "sources", routes.sources, SourcesJson, _PAGES, UNCHANGED),
        ("GET", "ingest", routes.run, RunJson, _RUNS, {}),
        ("POST", "ingest", routes.start, RunJson, _RUNS, refused),
        ("DELETE", "ingest", routes.stop, RunJson, _RUNS, refused),
        ("GET", "eval", routes.report, ReportJson, _PAGES, none | UNCHANGED),
    ):
        status = 202 if method == "POST" else 200
        app.add_api_route(
            f"/api/v1/{path}",
            route,
            methods=[method],
            tags=tags,
            response_model=None,
            status_code=status,
            responses={status: {"model": model}, **more},
        )


def _comes_after(change: Change, at: str, url: str) -> bool:
    """In the order of the list: the newest first, and by address."""
    return change.at < at or (change.at == at and change.url > url)


class _Routes:
    """One method a route; plain functions, so that they run in threads."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def coverage(self, request: Request) -> Response:
        """Which resources have pages in the index, and since when."""
        assistant = self._desk.assistant
        return tagged(
            request, coverage_json(read_coverage(self._desk.data, assistant.roadmap, assistant.settings.sources))
        )

    def changes(
        self,
        request: Request,
        limit: Annotated[int, Field(ge=1, le=MOST)] = MOST,
        cursor: Annotated[SoundText, Field(max_length=4000)] = "",
    ) -> Response:
        """Which pages the last run found new, changed or gone, page by page."""
        last = paging.place(cursor, 2)
        found = read_changes(self._desk.data, self._desk.assistant.roadmap)
        rest = [change for change in found if not last or _comes_after(change, *last)]
        shown = tuple(rest[:limit])
        after = paging.cursor(shown[-1].at, shown[-1].url) if len(rest) > limit else None
        return tagged(request, changes_json(shown) | {"next": after})

    def sources(self, request: Request) -> Response:
        """Where the pages of the resources are, and who may read them."""
        names = ("id", "resource", "title", "access", "licence_note")
        sources = all_sources(self._desk.assistant.settings.sources)
        found = [{n: getattr(s, n) for n in names} | {"start": list(s.start)} for s in sources.entries]
        return tagged(request, {"sources": found})

    def run(self) -> dict[str, Any]:
        """How far the run of the ingest is, how the last one ended, and which index is served."""
        return self._json(self._desk.ingesting.job())

    def start(self, request: Request, body: RunBody) -> Response:
        """Starts a run, unless one is under way. For the owner alone."""
        if not is_owner(request):
            return JSONResponse({"error": NOT_OWNER}, status_code=403)
        return JSONResponse(self._json(self._desk.ingesting.start(crawl=body.crawl)), status_code=202)

    def stop(self, request: Request) -> Response:
        """Ends the fetching before its next address; what came is taken in. For the owner alone."""
        if not is_owner(request):
            return JSONResponse({"error": NOT_OWNER}, status_code=403)
        return JSONResponse(self._json(self._desk.ingesting.stop()))

    def report(self, request: Request) -> Response:
        """The last report of the eval suite."""
        path = self._desk.data / REPORT / "report.md"
        try:
            text, at = path.read_text(encoding="utf-8"), datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except OSError as error:
            raise NoReportError("The eval suite has not been run here: run `roadmap eval`.") from error
        return tagged(request, {"at": at.isoformat(timespec="seconds"), "markdown": text})

    def _json(self, job: Job) -> dict[str, Any]:
        state = self._desk.assistant.readiness()
        return asdict(job) | {"generation": state.generation, "chunks": state.chunks}
