"""What an export of a learner must hold, field by field, for pydantic: what passes can be reviewed, planned, exported.

Imported only where an export is read, since most commands read none. Knows nothing of the database.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from assistant.recommendation.curriculum import load_rules
from assistant.recommendation.progress import (
    FIRST_START,
    LAST_START,
    MAX_HOURS,
    MIN_HOURS,
    InputError,
    check_weekdays,
)
from assistant.study.learner import LearnerError, zone
from assistant.study.preferences import LONGEST_NOTES
from assistant.study.review import check_schedule, saved_card

MOST_MINUTES = 1_000_000
"""Of one mark: more than a lifetime of evenings, and no database overflows."""

LAST_WEEK = 1000
"""Of any roadmap: one that a later roadmap does not hold is taken as its end."""

LONGEST_KEY = 300
"""Characters of an id, a key or a name."""


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("a text with a NUL character")
    return text


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    if not FIRST_START <= day <= LAST_START:
        raise ValueError(f"{day} is not from {FIRST_START} to {LAST_START}")
    return text


def _moment(text: str) -> str:
    moment = datetime.fromisoformat(text)
    if moment.utcoffset() is None:
        raise ValueError(f"{text} has no time zone: write it with one, as {text}+00:00")
    _day(moment.date().isoformat())
    return text


def _known_zone(name: str) -> str:
    try:
        return zone(name).key
    except LearnerError as error:
        raise ValueError(str(error)) from error


def _known_format(name: str) -> str:
    if name not in load_rules().formats:
        raise ValueError(f"the format {name[:40]!r} is unknown")
    return name


def _a_week(hours: list[float]) -> list[float]:
    try:
        check_weekdays(hours)
    except InputError as error:
        raise ValueError(str(error)) from error
    return hours


def _reviewable(state: str) -> str:
    check_schedule(state)
    return state


Text = Annotated[str, AfterValidator(_storable)]
Key = Annotated[Text, Field(min_length=1, max_length=LONGEST_KEY)]
Day = Annotated[str, AfterValidator(_day)]
Moment = Annotated[str, AfterValidator(_moment)]
Hours = Annotated[float, Field(ge=MIN_HOURS, le=MAX_HOURS, allow_inf_nan=False)]


class _Strict(BaseModel):
    """Text is text, numbers are numbers; a field that is not known is refused, since it would be lost."""

    model_config = ConfigDict(strict=True, extra="forbid")


class MarkModel(_Strict):
    resource: Key
    unit: Annotated[Text, Field(max_length=LONGEST_KEY)]
    status: Literal["in-progress", "done", "skipped"]
    at: Moment
    minutes: Annotated[int, Field(ge=0, le=MOST_MINUTES)]
    reason: Text


class PauseModel(_Strict):
    first: Day
    last: Day

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if date.fromisoformat(self.last) < date.fromisoformat(self.first):
            raise ValueError(f"the pause from {self.first} to {self.last} ends before it begins")
        return self


class CardModel(_Strict):
    id: Key
    resource: Annotated[Text, Field(max_length=LONGEST_KEY)]
    question: Text
    answer: Text
    source: Text

    @model_validator(mode="after")
    def _is_a_card(self) -> Self:
        try:
            saved_card(self.question, self.answer, self.source, self.resource)
        except LearnerError as error:
            raise ValueError(str(error)) from error
        return self


class StudyDayModel(_Strict):
    day: Day
    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)]


class LearnerModel(_Strict):
    """As `learner_json.to_json` writes it; what has a default is missing in exports of earlier versions."""

    name: Annotated[Key, Field(max_length=200, pattern=r"\S")]
    start: Day | None
    hours: Hours
    prefer: Literal["code", "theory", "free", ""]
    free_only: bool
    formats: list[Annotated[Text, AfterValidator(_known_format)]]
    timezone: Annotated[Text, AfterValidator(_known_zone)]
    notes: Annotated[Text, Field(max_length=LONGEST_NOTES)]
    replanned: Day | None = None
    week: Annotated[int, Field(ge=0, le=LAST_WEEK)] | None = None
    weekdays: Annotated[list[float], AfterValidator(_a_week)] = []
    marks: list[MarkModel]
    pauses: list[PauseModel]
    cards: list[CardModel]
    suspended: list[Key] = []
    studied: list[StudyDayModel] = []

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        for what, keys in (
            ("mark", [(mark.resource, mark.unit) for mark in self.marks]),
            ("pause", [(pause.first, pause.last) for pause in self.pauses]),
            ("card", [card.id for card in self.cards]),
            ("suspended card", self.suspended),
            ("day of study", [entry.day for entry in self.studied]),
        ):
            if len(set(keys)) < len(keys):
                raise ValueError(f"a {what} stands there twice")
        return self


class ReviewModel(_Strict):
    card: Key
    rating: Literal["again", "hard", "good", "easy"]
    at: Moment


class ChangeModel(_Strict):
    at: Moment
    said: Text
    before: LearnerModel
    undone: bool


class ExportModel(_Strict):
    format: int
    learner: LearnerModel
    schedules: dict[Key, Annotated[Text, AfterValidator(_reviewable)]]
    reviews: list[ReviewModel]
    changes: list[ChangeModel]


def checked(model: type[BaseModel], data: Any) -> None:
    """Errors: `LearnerError`, one sentence that names the first field that is missing or wrong."""
    try:
        model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part)[:40] for part in first["loc"]) or "the whole"
        if first["type"] == "missing":
            raise LearnerError(f"The export lacks {where!r}: export it anew.") from error
        said = " ".join(first["msg"].removeprefix("Value error, ").split())[:200].rstrip(".")
        raise LearnerError(
            f"The export holds a value that cannot be used ({where}: {said}): export it anew."
        ) from error
