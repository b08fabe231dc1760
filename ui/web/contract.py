"""The bodies that `/api/v1/ask` and `/api/v1/say` take and give, described for the documentation. Knows pydantic alone.

What is given is made by `Answer.as_json`; a test holds that it has these fields.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict, StrictBool, WithJsonSchema

from assistant.answers import Confidence, Kind, Scope, Voice
from ui.asking import NEW
from ui.texts import SoundText

_TOO_LONG = 64
Week = Annotated[int, Strict(), WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 48})]
"""Which weeks there are, the roadmap says."""

_Told = Field(description="Anything that the chat understands: a question, or what you did, have or want.")


class AskBody(BaseModel):
    """A message, and where it is said. The learner is whoever the request's cookie belongs to."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"question": "What should I do in week 14?"}]}
    )

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
    week: Week | None = Field(default=None, description="The asker's own week.")
    scope: Scope = Field(default="all", description="Which part of the roadmap may answer.")
    llm: Literal["none", "auto"] = Field(default="auto", description="auto: the configured language model, if any.")
    stream: StrictBool = Field(default=False, description="Server-sent events: `delta`s, then one `answer` or `error`.")


class SayBody(BaseModel):
    """The same as `/api/v1/ask` with fewer fields."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"text": "What is in week 14?"}]})

    text: Annotated[SoundText, _Told] = Field(examples=["I finished fast.ai"])
    week: Week | None = Field(default=None, description="The asker's own week.")


class ChoiceJson(BaseModel):
    """A button."""

    label: str = Field(description="What it says.")
    message: str = Field(description="What to send as the next question, in the same conversation, for a click on it.")


class CitationJson(BaseModel):
    """The source of the marker `[n]`."""

    n: int = Field(description="The number of its marker.")
    kind: Kind = Field(description="Whether it stands in the roadmap, in a note of ours or on a page.")
    title: str = Field(description="The title of the source.")
    url: str = Field(description="Its address; empty where it has none.")
    quote: str = Field(description="A part of the stored record of the source.")
    fetched_at: str | None = Field(description="When a page was fetched.")


class PartJson(BaseModel):
    """A piece of the answer in one voice."""

    voice: Voice = Field(description="Who speaks: the roadmap, a note, a page, a model, or the assistant itself.")
    text: str = Field(description="What is said, as Markdown.")


class AnswerJson(BaseModel):
    """An answer, or a question back."""

    answer: str = Field(description="The whole text as Markdown, with markers `[n]`.")
    abstained: bool = Field(description="Whether there was nothing to answer from, or something is asked back.")
    weeks: list[int] | None = Field(description="First and last week that it is about.")
    resources: list[str] = Field(description="Ids of the resources that it is about.")
    citations: list[CitationJson] = Field(description="The sources of the markers.")
    confidence: Confidence = Field(description="How well what was found fits.")
    scope: Scope = Field(description="Which part of the roadmap could answer.")
    understood: str = Field(description="What it was taken to be about; empty if nothing was resolved.")
    parts: list[PartJson] = Field(description="The text, told apart by who speaks.")
    timings_ms: dict[str, float] = Field(description="Milliseconds by step.")
    model: dict[str, Any] | None = Field(description="The language model that had a part in it.")
    capabilities: list[str] = Field(
        description="Which capabilities answered (`roadmap capabilities` lists all); none where it is asked back."
    )
    choices: list[ChoiceJson] = Field(description="What may have been meant, at most four, where it is asked back.")
    written: list[str] = Field(description="What was changed for the learner of the cookie, a sentence each.")
    conversation: str | None = Field(description="The id of the conversation that it is kept in, if it is in one.")


class HitJson(BaseModel):
    """A passage that was found."""

    rank: int = Field(description="Its place, from 1.")
    score: float = Field(description="How well it fits; comparable within one result only.")
    kind: Kind = Field(description="Whether it stands in the roadmap, in a note of ours or on a page.")
    resource: str = Field(description="The id of its resource.")
    title: str = Field(description="The title of its source.")
    url: str = Field(description="The address of its source; empty where it has none.")
    heading: str = Field(description="The headings that it stands under.")
    text: str = Field(description="The passage.")


class HitsJson(BaseModel):
    """What was found."""

    hits: list[HitJson] = Field(description="The best passages, the best first.")


class PhaseJson(BaseModel):
    """A top-level section of the roadmap."""

    number: int = Field(description="0 to 4.")
    title: str = Field(description="Its title.")
    weeks: list[int] = Field(description="First and last week.")


class BlockJson(BaseModel):
    """A run of weeks with a heading of its own."""

    title: str = Field(description="Its heading.")
    weeks: list[int] = Field(description="First and last week.")
    phase: int = Field(description="The number of its phase.")
    resources: list[str] = Field(description="Ids of its rows.")


class LinkJson(BaseModel):
    """A link of a row."""

    text: str = Field(description="What it says.")
    url: str = Field(description="Where it goes.")


class ResourceJson(BaseModel):
    """A row of the roadmap, cell by cell."""

    id: str = Field(description="Its id, which stays.")
    title: str = Field(description="Its title.")
    role: str = Field(description="main, preferred, alternative, supplemental or checkpoint.")
    weeks: list[int] = Field(description="First and last week.")
    phase: int = Field(description="The number of its phase.")
    block: str = Field(description="The heading of its block.")
    alternatives: list[str] = Field(description="What may be taken instead.")
    authors: list[str] = Field(description="Who wrote or teaches it, and the platform.")
    task: str = Field(description="What is to be done.")
    focus: str = Field(description="What it is about.")
    outcome: str = Field(description="What one can do afterwards.")
    links: list[LinkJson] = Field(description="Where it is found.")
    pros: list[str] = Field(description="What is good about it.")
    cons: list[str] = Field(description="What is not.")
    difficulty: str = Field(description="How hard it is.")
    hands_on: str = Field(description="How practical it is.")
    recommendation: str = Field(description="Whether it is mandatory.")


class RoadmapJson(BaseModel):
    """The roadmap, or a part of it."""

    phases: list[PhaseJson] = Field(description="The phases.")
    blocks: list[BlockJson] = Field(description="The runs of weeks.")
    resources: list[ResourceJson] = Field(description="The rows.")


class HealthJson(BaseModel):
    """The process answers."""

    status: Literal["ok"] = Field(description="Always ok.")


class ReadyJson(BaseModel):
    """What can be answered."""

    ready: bool = Field(description="Whether every question can be answered.")
    loading: bool = Field(description="Whether the search model is still loading.")
    reason: str = Field(description="Why not, and what to do; empty where it is ready.")
    generation: str | None = Field(description="The index that is served.")
    chunks: int = Field(description="Passages in it.")
    pages: int = Field(description="Pages in it.")
    degraded: list[str] = Field(description="What of the search does not work.")
    encoder: str = Field(description="Why a slower encoder is used; empty where it is not.")


class ErrorJson(BaseModel):
    """What went wrong: problem details (RFC 9457)."""

    type: str = Field(description="Always about:blank: the status says what sort of problem it is.")
    title: str = Field(description="The status in words.")
    status: int = Field(description="The status.")
    detail: str = Field(description="One sentence, with what to do.")
    request_id: str = Field(description="Names the request, also in the log.")
    error: str = Field(description="The sentence once more, where it was before there were problem details.")


_EVENT = {
    "type": "object",
    "properties": {
        "event": {"type": "string", "enum": ["delta", "answer", "error"], "description": "What comes."},
        "data": {"type": "string", "description": "JSON: a piece of the text, the answer, or what went wrong."},
    },
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "model": AnswerJson,
        "description": "The answer; with `stream` it is the data of the last event.",
        "content": {"text/event-stream": {"schema": _EVENT}},
    },
}
UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"description": "You have no conversation of that id."}}
