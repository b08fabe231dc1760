"""The API about what is kept: conversations, feedback on an answer, and the token of a learner for other programs.

Every route finds out for itself who asks, and speaks of that person alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from assistant.answers import Scope
from assistant.store.conversations import ConversationError, Kept, Turn
from ui.asking import UnknownConversationError
from ui.desk import Desk
from ui.person import person_of
from ui.session import KEPT, Sessions
from ui.texts import SoundText
from ui.web import paging
from ui.web.caching import UNCHANGED, tagged
from ui.web.contract import AnswerJson

MOST = 100
MISSING = {404: {"description": "You have no conversation of that id."}}
_TAGS, _MINE = ["conversations"], ["learning"]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RenameBody(_Body):
    """A new name for a conversation."""

    title: Annotated[SoundText, Field(min_length=1, max_length=120)] = Field(
        description="The new name.", examples=["Week 14"]
    )


class FeedbackBody(_Body):
    """What you think of an answer of one of your conversations; kept on this machine, for the eval suite."""

    conversation: Annotated[SoundText, Field(min_length=1, max_length=64)] = Field(
        description="The id of the conversation.", examples=["0" * 32]
    )
    turn: StrictInt = Field(ge=0, lt=1000, description="The number of the question in it, from 0.", examples=[0])
    good: StrictBool = Field(description="Whether the answer was any good.", examples=[True])
    reason: Annotated[SoundText, Field(max_length=2000)] = Field(default="", description="What was wrong, or expected.")


class SummaryJson(BaseModel):
    """A conversation in the list."""

    id: str = Field(description="Its id.")
    title: str = Field(description="Its name: its first question, or the one that it was given.")
    changed: str = Field(description="When something was last said in it.")
    turns: int = Field(description="How many questions it has.")


class ConversationsJson(BaseModel):
    """A page of the list, the last changed first."""

    conversations: list[SummaryJson] = Field(description="The conversations of this page.")
    next: str | None = Field(description="The `cursor` of the next page; null on the last one.")


class TurnJson(BaseModel):
    """A question and its answer."""

    question: str = Field(description="As it was asked.")
    at: str = Field(description="When.")
    week: int | None = Field(description="The asker's own week, if it was said.")
    scope: Scope = Field(description="Which part of the roadmap could answer.")
    answer: AnswerJson | None = Field(description="Null where it was stopped or failed.")


class ConversationJson(BaseModel):
    """A conversation with all its turns."""

    id: str = Field(description="Its id.")
    title: str = Field(description="Its name.")
    changed: str = Field(description="When something was last said in it.")
    turns: list[TurnJson] = Field(description="The questions, in order.")


class DeletedJson(BaseModel):
    """What is gone."""

    deleted: str = Field(description="The name of the conversation.")


class KeptJson(BaseModel):
    """What was kept."""

    kept: Literal[True] = Field(description="Always true.")


class TokenJson(BaseModel):
    """A learner's key for other programs."""

    token: str = Field(description="To be sent as `Authorization: Bearer TOKEN`: also the API key of an OpenAI client.")
    learner: str = Field(description='Always "me": whoever holds the token is this learner.')
    expires: str = Field(description="When it ends.")


def add_kept(app: Any, desk: Desk, key: Callable[[], bytes]) -> None:
    """Adds the routes to a FastAPI application. key: gives what sessions are signed with."""
    routes = _Routes(desk, key)
    one = "/api/v1/conversations/{id}"
    for method, path, route, model, tags in (
        ("GET", "/api/v1/conversations", routes.list, ConversationsJson, _TAGS),
        ("GET", one, routes.show, ConversationJson, _TAGS),
        ("PATCH", one, routes.rename, ConversationJson, _TAGS),
        ("DELETE", one, routes.delete, DeletedJson, _TAGS),
        ("POST", "/api/v1/feedback", routes.feedback, KeptJson, _TAGS),
        ("POST", "/api/v1/token", routes.token, TokenJson, _MINE),
    ):
        missing = MISSING if path == one or route == routes.feedback else {}
        more = missing | (UNCHANGED if route == routes.show else {})
        app.add_api_route(
            path, route, methods=[method], tags=tags, response_model=None, responses={200: {"model": model}} | more
        )


class _Routes:
    """One method a route; plain functions, so that they run in threads."""

    def __init__(self, desk: Desk, key: Callable[[], bytes]) -> None:
        self._desk, self._key = desk, key

    def list(
        self,
        request: Request,
        q: Annotated[SoundText, Field(max_length=200)] = "",
        limit: Annotated[int, Field(ge=1, le=MOST)] = 20,
        cursor: Annotated[SoundText, Field(max_length=400)] = "",
    ) -> dict[str, Any]:
        """Your conversations, page by page."""
        found = self._desk.conversations.list(person_of(request), q, limit=limit + 1, after=_after(cursor))
        shown = found[:limit]
        rest = paging.cursor(shown[-1].changed, shown[-1].id) if len(found) > limit else None
        listed = [{"id": s.id, "title": s.title, "changed": s.changed, "turns": s.turns} for s in shown]
        return {"conversations": listed, "next": rest}

    def show(self, request: Request, id: SoundText) -> Response:
        """One of your conversations, with its questions and answers."""
        return tagged(request, _json(self._loaded(request, id)))

    def rename(self, request: Request, id: SoundText, body: RenameBody) -> dict[str, Any]:
        """Gives it another name."""
        self._loaded(request, id)
        self._desk.conversations.rename(person_of(request), id, body.title)
        return _json(self._loaded(request, id))

    def delete(self, request: Request, id: SoundText) -> dict[str, Any]:
        """Deletes it for good."""
        self._loaded(request, id)
        return {"deleted": self._desk.conversations.delete(person_of(request), id).title}

    def feedback(self, request: Request, body: FeedbackBody) -> dict[str, Any]:
        """Keeps what you think of an answer."""
        turns = self._loaded(request, body.conversation).turns
        if body.turn >= len(turns):
            raise UnknownConversationError(f"The conversation has {len(turns)} questions: give `turn` from 0.")
        self._desk.judge(turns[body.turn], good=body.good, reason=body.reason)
        return {"kept": True}

    def token(self, request: Request) -> Response:
        """A token with which other programs come as you: an OpenAI client, an MCP client, a script. Whoever holds it
        is you, for 400 days."""
        moment = time.time()
        value = Sessions(self._key()).issued(person_of(request), moment)
        expires = datetime.fromtimestamp(moment + KEPT, UTC).isoformat(timespec="seconds")
        return JSONResponse({"token": value, "learner": "me", "expires": expires})

    def _loaded(self, request: Request, id: str) -> Kept:
        try:
            return self._desk.conversations.load(person_of(request), id)
        except ConversationError as error:
            raise UnknownConversationError(str(error)) from error


def _json(kept: Kept) -> dict[str, Any]:
    turns = [_turn(turn) for turn in kept.turns]
    return {"id": kept.id, "title": kept.title, "changed": kept.changed, "turns": turns}


def _after(cursor: str) -> tuple[str, str] | None:
    """The last conversation of the page before. Errors: `CursorError`."""
    last = paging.place(cursor, 2)
    return (last[0], last[1]) if last else None


def _turn(turn: Turn) -> dict[str, Any]:
    answer = turn.answer.as_json() if turn.answer else None
    return {"question": turn.question, "at": turn.at, "week": turn.week, "scope": turn.scope, "answer": answer}
