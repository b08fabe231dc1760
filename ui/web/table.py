"""The table of capabilities over HTTP: what can be done, and each of it by its arguments. Lists none itself."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema
from starlette.requests import Request
from starlette.responses import Response

from assistant.answers import Scope
from assistant.language.learning.table import table_json
from assistant.service import Message
from assistant.tools import all_arguments, call, tools
from ui.asking import NEW, Asked, Gate, answered, whole
from ui.clock import now
from ui.desk import Desk
from ui.person import person_of
from ui.place import check_place
from ui.texts import SoundText
from ui.web.caching import UNCHANGED, tagged
from ui.web.contract import AnswerJson, Week

TAGS = ["capabilities"]
_TOO_LONG = 64

Name = Annotated[SoundText, WithJsonSchema({"type": "string", "enum": list(tools())})]
Arguments = Annotated[
    dict[str, Any],
    WithJsonSchema({"type": "object", "properties": all_arguments(), "additionalProperties": False}),
]


class CallBody(BaseModel):
    """A call of a capability; its `input` in the list says which arguments it takes."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"arguments": {"week": 14}}]})

    arguments: Arguments = Field(default={}, description="The arguments, by their names.")
    conversation: Annotated[SoundText, Field(min_length=1, max_length=_TOO_LONG)] | None = Field(
        default=None, description='The id of one of your conversations, or "new", to keep it there.', examples=[NEW]
    )
    week: Week | None = Field(default=None, description="The asker's own week.")
    scope: Scope = Field(default="all", description="Which part of the roadmap may answer; needs the week.")
    llm: Literal["none", "auto"] = Field(default="auto", description="auto: the configured language model, if any.")


class CapabilityJson(BaseModel):
    """An entry of the table."""

    name: str = Field(description="Its name.")
    says: str = Field(description="What it does.")
    ask: str = Field(description="A plain wording of it, with places for what it is asked of; may be empty.")
    writes: bool = Field(description="Whether it changes what is stored of the learner.")
    needs: list[str] = Field(description="One of these must be named.")
    input: dict[str, Any] | None = Field(description="The JSON schema of its arguments; null where it has none.")


class CapabilitiesJson(BaseModel):
    """The table."""

    capabilities: list[CapabilityJson] = Field(description="The entries, in their order.")


def add_table(app: Any, desk: Desk, gate: Gate) -> None:
    """Adds the routes to a FastAPI application."""

    async def listed(request: Request) -> Response:
        """What can be asked and told, and how each is called by its arguments."""
        found = table_json()
        for entry in found["capabilities"]:
            tool = tools().get(entry["name"])
            entry["input"] = tool.schema() if tool else None
        return tagged(request, found)

    async def called(request: Request, name: Name, body: CallBody) -> Response:
        """Does or answers one thing by its arguments, without a word that could be misunderstood."""
        roadmap, person = desk.assistant.roadmap, person_of(request)
        check_place(body.week, body.scope, roadmap.weeks, "`week`")
        click = call(name, body.arguments, roadmap, now().date())
        message = Message(click.message, person, now(), body.week, body.scope, body.llm)
        return answered(await whole(desk, Asked(message, body.conversation, click=click), gate, request))

    all_of_it = {200: {"model": CapabilitiesJson}, **UNCHANGED}
    app.add_api_route("/api/v1/capabilities", listed, tags=TAGS, response_model=None, responses=all_of_it)
    app.add_api_route(
        "/api/v1/capabilities/{name}",
        called,
        methods=["POST"],
        tags=TAGS,
        response_model=None,
        responses={200: {"model": AnswerJson}, 404: {"description": "There is no such capability or conversation."}},
    )
