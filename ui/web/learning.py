"""The API about a person's own learning: next, plan, today, progress, review, undo, export, import, calendar.

Every route finds out for itself who asks (`ui.person`) and speaks of that person alone: a learner's name is never
taken from an address or a body. Given the application; knows neither FastAPI nor how anything is worked out.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from itertools import islice
from typing import Annotated, Any, cast

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from assistant.companion import Companion
from assistant.recommendation.progress import InputError, Prefer, Progress
from assistant.store.learners import NothingToUndo, StoreError
from assistant.study.learner import LearnerError
from assistant.study.preferences import Wishes, settings_json
from assistant.study.review import cards_of
from ui.clock import now
from ui.errors import sentence_of
from ui.person import person_of
from ui.show import select
from ui.web.learning_contract import (
    CardBody,
    CardChangeBody,
    DeckJson,
    ExportJson,
    GradeBody,
    GradedJson,
    ImportBody,
    ImportedJson,
    Key,
    MarkBody,
    Minutes,
    NextJson,
    PlanJson,
    ProgressJson,
    QuizJson,
    ReviewJson,
    SavedJson,
    SettingsBody,
    SettingsJson,
    TodayJson,
    UndoneJson,
)

NO_PLACE = {404: {"description": "The roadmap has no such place."}}
ANKI = "application/octet-stream"
SHOWN_NAME = "me"
"""What an export calls its learner: the person's own cookie is a key, and stays out of files."""


def add_learning(app: Any, companion: Companion) -> None:
    """Adds the routes to a FastAPI application."""
    for kind, answer in ((NothingToUndo, _refused), (LearnerError, _refused), (StoreError, _broken)):
        app.add_exception_handler(kind, answer)
    routes = _Routes(companion)
    for method, path, route, model in (
        ("GET", "next", routes.next, NextJson),
        ("GET", "plan", routes.plan, PlanJson),
        ("GET", "today", routes.today, TodayJson),
        ("GET", "progress", routes.progress, ProgressJson),
        ("POST", "progress", routes.mark, ProgressJson),
        ("GET", "settings", routes.settings, SettingsJson),
        ("POST", "settings", routes.change_settings, SettingsJson),
        ("GET", "review", routes.review, ReviewJson),
        ("POST", "review", routes.grade, GradedJson),
        ("GET", "quiz", routes.quiz, QuizJson),
        ("GET", "cards", routes.cards, DeckJson),
        ("POST", "cards", routes.save_card, SavedJson),
        ("PATCH", "cards", routes.change_card, DeckJson),
        ("DELETE", "cards", routes.delete_card, DeckJson),
        ("POST", "undo", routes.undo, UndoneJson),
        ("GET", "export", routes.export, ExportJson),
        ("POST", "import", routes.restore, ImportedJson),
    ):
        given = {200: {"model": model}} | (NO_PLACE if route == routes.quiz else {})
        app.add_api_route(
            f"/api/v1/{path}", route, methods=[method], tags=["learning"], response_model=None, responses=given
        )
    deck = {200: {"content": {ANKI: {"schema": {"type": "string", "format": "binary"}}}}}
    app.add_api_route(
        "/api/v1/cards.apkg",
        routes.anki,
        tags=["learning"],
        response_model=None,
        response_class=Response,
        responses=deck,
    )
    calendar = {200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}}
    app.add_api_route(
        "/api/v1/calendar.ics",
        routes.calendar,
        tags=["learning"],
        response_model=None,
        response_class=Response,
        responses=calendar,
    )


async def _refused(_: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, status_code=422)


async def _broken(_: Request, error: Exception) -> Response:
    return JSONResponse(
        {"error": sentence_of(cast("StoreError", error))}, status_code=503, headers={"Retry-After": "5"}
    )


class _Routes:
    """One method a route; plain functions, so that they run in threads."""

    def __init__(self, companion: Companion) -> None:
        self._companion = companion

    def next(
        self,
        request: Request,
        done: str = "",
        week: int | None = None,
        hours: float | None = None,
        minutes: Minutes | None = None,
        prefer: Prefer = "",
    ) -> dict[str, Any]:
        """The one best resource now: for the person who asks, or for what the parameters say is done."""
        if not (done or prefer or week is not None or hours is not None):
            return self._companion.next(person_of(request), now(), minutes).as_json()
        ids = frozenset(id.strip() for id in done.split(",") if id.strip())
        progress = Progress(done=ids, week=week, hours=hours, minutes=minutes, prefer=prefer)
        return self._companion.recommended(progress).as_json()

    def plan(self, request: Request, hours: float | None = None, by: date | None = None) -> dict[str, Any]:
        """The person's plan; `hours` tries another pace, `by` asks whether it ends by a day."""
        return self._companion.outlook(person_of(request), now(), hours=hours, by=by).as_json()

    def calendar(self, request: Request) -> Response:
        """The person's plan as a calendar file."""
        person = person_of(request)
        data = self._companion.calendar(person, self._companion.outlook(person, now()).plan, now())
        headers = {"Content-Disposition": 'attachment; filename="roadmap-plan.ics"'}
        return Response(data, media_type="text/calendar; charset=utf-8", headers=headers)

    def today(self, request: Request, minutes: Minutes | None = None) -> dict[str, Any]:
        """Due reviews, then new material, within the minutes."""
        return self._companion.today(person_of(request), now(), minutes).as_json()

    def progress(self, request: Request) -> dict[str, Any]:
        """The person's progress, resource by resource."""
        return self._report(person_of(request))

    def mark(self, request: Request, body: MarkBody) -> dict[str, Any]:
        """Marks a resource or a unit; "not-started" takes the mark away."""
        person, at = person_of(request), now()
        self._companion.mark(person, body.resource, body.unit, body.status, at, body.minutes, body.reason)
        return self._report(person)

    def _report(self, person: str) -> dict[str, Any]:
        found = self._companion.report(person, now()).as_json()
        habits = self._companion.habits(person, now()).as_json()
        return found | {"learner": found["learner"] | {"learner": SHOWN_NAME}, "habits": habits}

    def settings(self, request: Request) -> dict[str, Any]:
        """Start, hours a week, preferences, time zone and notes."""
        return settings_json(self._companion.learner(person_of(request))) | {"learner": SHOWN_NAME}

    def change_settings(self, request: Request, body: SettingsBody) -> dict[str, Any]:
        """Changes those that are given."""
        wishes = Wishes(**body.model_dump(mode="json"))
        state = self._companion.prefer(person_of(request), wishes, now())
        return settings_json(state) | {"learner": SHOWN_NAME}

    def review(self, request: Request, days: int = 14) -> dict[str, Any]:
        """Cards that are due, a forecast, and the last gradings."""
        if not 1 <= days <= 365:
            raise InputError(f"A forecast of {days} days cannot be made: give 1 to 365.")
        return self._companion.cards(person_of(request), now(), days).as_json()

    def quiz(
        self, resource: str | None = None, week: int | None = None, limit: Annotated[int, Field(ge=1, le=100)] = 5
    ) -> dict[str, Any]:
        """Questions to test oneself on a resource or a week, whether it is begun or not; nothing is stored."""
        _, _, rows = select(self._companion.roadmap, week, None, resource)
        cards = (card for row in rows for card in cards_of(self._companion.notes, row.id))
        return {"cards": [asdict(card) for card in islice(cards, limit)]}

    def grade(self, request: Request, body: GradeBody) -> dict[str, Any]:
        """Grades a card; says when it comes again."""
        graded = self._companion.grade(person_of(request), body.card, body.rating, now())
        return {"card": body.card, "due": graded.due.isoformat()}

    def save_card(self, request: Request, body: CardBody) -> dict[str, Any]:
        """Keeps a card out of an answer."""
        card = self._companion.save_card(
            person_of(request), body.question, body.answer, body.source, body.resource, now()
        )
        return {"card": f"saved/{card.id}", "question": card.question}

    def cards(self, request: Request) -> dict[str, Any]:
        """Every card that may come up, and those that are suspended; the person's own first."""
        lines = self._companion.deck(person_of(request))
        cards = [asdict(line.card) | {"due": _moment(line.due), "suspended": line.suspended} for line in lines]
        return {"cards": cards}

    def change_card(self, request: Request, body: CardChangeBody) -> dict[str, Any]:
        """Changes a card that the person saved; suspends any card, or lets it come up again."""
        person = person_of(request)
        if body.question is not None and body.answer is not None:
            self._companion.edit_card(person, body.card, body.question, body.answer, now())
        elif body.question is not None or body.answer is not None:
            raise InputError("A card is changed as a whole: give both `question` and `answer`.")
        if body.suspended is not None:
            self._companion.suspend(person, body.card, now(), suspended=body.suspended)
        return self.cards(request)

    def delete_card(self, request: Request, card: Key) -> dict[str, Any]:
        """Deletes a card that the person saved."""
        self._companion.delete_card(person_of(request), card, now())
        return self.cards(request)

    def anki(self, request: Request) -> Response:
        """The cards as a deck for Anki; importing it again updates them."""
        headers = {"Content-Disposition": 'attachment; filename="roadmap-cards.apkg"'}
        return Response(self._companion.anki(person_of(request), now()), media_type=ANKI, headers=headers)

    def undo(self, request: Request) -> dict[str, Any]:
        """Takes the last change back."""
        return {"undone": self._companion.undo(person_of(request))}

    def export(self, request: Request) -> Response:
        """Everything that is stored about the person's learning."""
        data = self._companion.export(person_of(request))
        data["learner"]["name"] = SHOWN_NAME
        for change in data["changes"]:
            change["before"]["name"] = SHOWN_NAME
        headers = {"Content-Disposition": 'attachment; filename="roadmap-progress.json"'}
        return Response(json.dumps(data, ensure_ascii=False), media_type="application/json", headers=headers)

    def restore(self, request: Request, body: ImportBody) -> dict[str, Any]:
        """Reads an export back, for the person who asks."""
        state = self._companion.restore(person_of(request), body.data, body.replace)
        return settings_json(state) | {"learner": SHOWN_NAME, "marks": len(state.marks)}


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
