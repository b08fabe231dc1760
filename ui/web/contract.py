"""The bodies that `/api/v1/ask` and `/api/v1/say` take and give, described for the documentation. Knows pydantic alone.

What is given is made by `Answer.as_json`; a test holds that it has these fields.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.answers import Confidence, Kind, Scope, Voice
from ui.texts import SoundText

NEW = "new"
"""In place of a conversation's id: begin one."""

_TOO_LONG = 64

_Told = Field(description="Anything that the chat understands: a question, or what you did, have or want.")


class AskBody(BaseModel):
    """A message, and where it is said. The learner is whoever the request's cookie belongs to."""

    model_config = ConfigDict(extra="forbid")

    question: Annotated[SoundText, _Told] = Field(examples=["What should I do in week 14?", "I finished fast.ai"])
    conversation: Annotated[SoundText, Field(min_length=1, max_length=_TOO_LONG)] | None = Field(
        default=None,
        description=(
            'Where it is said: the id of one of your conversations, or "new" to begin one. The message is then read '
            "with what was said there, and kept in it. Without it the message stands alone, and of it nothing is kept "
            "but what it changes."
        ),
        examples=[NEW],
    )
    week: int | None = Field(default=None, description="The asker's own week.")
    scope: Scope = Field(default="all", description="Which part of the roadmap may answer.")
    llm: Literal["none", "auto"] = Field(default="auto", description="auto: the configured language model, if any.")
    stream: bool = Field(default=False, description="Server-sent events: `delta`s, then one `answer` or `error`.")


class SayBody(BaseModel):
    """The same as `/api/v1/ask` with fewer fields."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[SoundText, _Told] = Field(examples=["I finished fast.ai"])
    week: int | None = Field(default=None, description="The asker's own week.")


class ChoiceJson(BaseModel):
    """A button."""

    label: str = Field(description="What it says.")
    message: str = Field(description="What to send as the next question, in the same conversation, for a click on it.")


class CitationJson(BaseModel):
    """The source of the marker `[n]`."""

    n: int
    kind: Kind
    title: str
    url: str
    quote: str = Field(description="A part of the stored record of the source.")
    fetched_at: str | None = Field(description="When a page was fetched.")


class PartJson(BaseModel):
    """A piece of the answer in one voice."""

    voice: Voice
    text: str


class AnswerJson(BaseModel):
    """An answer, or a question back."""

    answer: str = Field(description="The whole text as Markdown, with markers `[n]`.")
    abstained: bool = Field(description="Whether there was nothing to answer from, or something is asked back.")
    weeks: list[int] | None = Field(description="First and last week that it is about.")
    resources: list[str] = Field(description="Ids of the resources that it is about.")
    citations: list[CitationJson]
    confidence: Confidence
    scope: Scope
    understood: str
    parts: list[PartJson]
    timings_ms: dict[str, float]
    model: dict[str, Any] | None = Field(description="The language model that had a part in it.")
    capabilities: list[str] = Field(
        description="Which capabilities answered (`roadmap capabilities` lists all); none where it is asked back."
    )
    choices: list[ChoiceJson] = Field(description="What may have been meant, at most four, where it is asked back.")
    written: list[str] = Field(description="What was changed for the learner of the cookie, a sentence each.")
    conversation: str | None = Field(description="The id of the conversation that it is kept in, if it is in one.")


class ErrorJson(BaseModel):
    """What went wrong."""

    error: str = Field(description="One sentence, with what to do.")


RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"model": AnswerJson, "description": "The answer; with `stream` it is the data of the last event."},
    422: {"model": ErrorJson, "description": "The body, or what it asks for, cannot be used."},
    503: {"model": ErrorJson, "description": "Too many ask at the moment, or the search is not ready."},
}
UNKNOWN: dict[int | str, dict[str, Any]] = {
    404: {"model": ErrorJson, "description": "You have no conversation of that id."}
}
