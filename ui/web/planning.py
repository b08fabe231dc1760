"""The API about making and moving a plan, and the calendar behind a secret address.

Every route but that of the calendar finds out for itself who asks; the calendar is anybody's who has its address.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, Strict, StrictInt
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from assistant.coaching.setup import Setup
from assistant.companion import Companion
from assistant.study.preferences import settings_json
from ui.clock import now
from ui.person import person_of
from ui.texts import SoundText
from ui.web.guard import SHORT
from ui.web.learning import SHOWN_NAME
from ui.web.learning_contract import SettingsJson

NO_FEED = "There is no calendar at this address, or no longer: take the new one from the page Plan."
_TAGS = ["learning"]
Names = list[Annotated[SoundText, Field(max_length=300)]]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class StartBody(_Body):
    """The answers to the first questions: hours a week, or a last day that they follow from."""

    start: date = Field(description="The first day.", examples=["2027-01-04"])
    hours: Annotated[float, Strict()] | None = Field(default=None, description="Hours a week.", examples=[8])
    by: date | None = Field(default=None, description="The last day, in place of hours a week.")
    known: Names = Field(default=[], description="Ids of what is known already.")
    prefer: SoundText | None = Field(default=None, description="none, code or theory.")
    free_only: bool | None = Field(default=None, description="Only what costs nothing.")
    formats: Names | None = Field(default=None, description="book, video, course, interactive.")

    def setup(self) -> Setup:
        formats = None if self.formats is None else tuple(self.formats)
        return Setup(self.start, self.hours, self.by, frozenset(self.known), self.prefer, self.free_only, formats)


class ShiftBody(_Body):
    """How far the plan moves."""

    weeks: StrictInt = Field(description="Weeks later, or earlier if below 0.", examples=[1])


class PauseBody(_Body):
    """Days without study, both included."""

    first: date = Field(description="The first day.", examples=["2031-02-01"])
    last: date = Field(description="The last day.", examples=["2031-02-14"])


class ShorterJson(BaseModel):
    """A way to be done earlier."""

    what: str = Field(description="What it is.")
    weeks: int = Field(description="Weeks that it then takes.")
    ends: str = Field(description="Its last day then.")


class PreviewJson(BaseModel):
    """How long a plan takes."""

    start: str = Field(description="The first day.")
    hours_a_week: float = Field(description="Hours a week that it is made for.")
    total_hours: float = Field(description="Hours of all that is left.")
    weeks: int = Field(description="Weeks that it takes.")
    ends: str = Field(description="The last day.")
    roadmap_weeks: int = Field(description="Weeks of the roadmap's own count.")
    roadmap_pace: float = Field(description="Hours a week with which it takes those.")
    shorter: list[ShorterJson] = Field(description="What would make it shorter.")
    text: str = Field(description="The same in sentences.")


class FeedJson(BaseModel):
    """The calendar's own address."""

    url: str | None = Field(description="Where a calendar program subscribes; null where there is none.")


def add_planning(app: Any, companion: Companion) -> None:
    """Adds the routes to a FastAPI application."""
    routes = _Routes(companion)
    for method, path, route, model in (
        ("POST", "preview", routes.preview, PreviewJson),
        ("POST", "start", routes.start, SettingsJson),
        ("POST", "shift", routes.shift, SettingsJson),
        ("POST", "pauses", routes.pause, SettingsJson),
        ("DELETE", "pauses/{first}", routes.unpause, SettingsJson),
        ("GET", "feed", routes.feed, FeedJson),
        ("POST", "feed", routes.new_feed, FeedJson),
        ("DELETE", "feed", routes.no_feed, FeedJson),
    ):
        answers = {200: {"model": model}}
        app.add_api_route(
            f"/api/v1/{path}", route, methods=[method], tags=_TAGS, response_model=None, responses=answers
        )
    app.add_route("/calendar/{secret:str}.ics", routes.calendar, include_in_schema=False)
    for path in SHORT:
        app.add_route(path, _to_page, include_in_schema=False)


async def _to_page(request: Request) -> Response:
    """The page of that name within the one page."""
    return RedirectResponse(f"./?page={request.url.path.rpartition('/')[2]}", status_code=303)


class _Routes:
    """One method a route; plain functions, so that they run in threads."""

    def __init__(self, companion: Companion) -> None:
        self._companion = companion

    def preview(self, request: Request, body: StartBody) -> dict[str, Any]:
        """How long a plan of these answers takes; nothing is kept."""
        return self._companion.preview(person_of(request), body.setup(), now()).as_json()

    def start(self, request: Request, body: StartBody) -> dict[str, Any]:
        """Begins the plan, or changes what it was begun with."""
        self._companion.start(person_of(request), body.setup(), now())
        return self._settings(request)

    def shift(self, request: Request, body: ShiftBody) -> dict[str, Any]:
        """Moves all that is left."""
        self._companion.shift(person_of(request), body.weeks, now())
        return self._settings(request)

    def pause(self, request: Request, body: PauseBody) -> dict[str, Any]:
        """Adds a pause."""
        self._companion.pause(person_of(request), body.first, body.last, now())
        return self._settings(request)

    def unpause(self, request: Request, first: date) -> dict[str, Any]:
        """Takes away the pause that begins on that day; one under way ends."""
        self._companion.unpause(person_of(request), first, now())
        return self._settings(request)

    def _settings(self, request: Request) -> dict[str, Any]:
        return settings_json(self._companion.learner(person_of(request))) | {"learner": SHOWN_NAME}

    def feed(self, request: Request) -> dict[str, Any]:
        """The private address of the calendar."""
        return _feed(request, self._companion.feed(person_of(request)))

    def new_feed(self, request: Request) -> dict[str, Any]:
        """Makes one, in place of the one before, which ends."""
        return _feed(request, self._companion.set_feed(person_of(request), on=True))

    def no_feed(self, request: Request) -> dict[str, Any]:
        """Ends it."""
        return _feed(request, self._companion.set_feed(person_of(request), on=False))

    async def calendar(self, request: Request) -> Response:
        """The plan behind a secret, as it is now."""
        data = await run_in_threadpool(self._companion.fed_calendar, request.path_params["secret"], now())
        if data is None:
            return JSONResponse({"error": NO_FEED}, status_code=404)
        return Response(data, media_type="text/calendar; charset=utf-8", headers={"Cache-Control": "no-store"})


def _feed(request: Request, secret: str) -> dict[str, Any]:
    return {"url": f"{request.base_url}calendar/{secret}.ics" if secret else None}
