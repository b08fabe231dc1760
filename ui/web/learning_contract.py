"""What the API about a person's own learning takes and gives, described for the documentation. Knows pydantic alone.

What is given is made by `as_json` of each value; a test holds that it has these fields.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict, StrictBool

from ui.texts import SoundText

MOST = 1_000_000

Days = Annotated[list[str], Field(min_length=2, max_length=2)]
Span = Annotated[list[int], Field(min_length=2, max_length=2)]
Point = tuple[str, float]
Text = Annotated[SoundText, Field(max_length=4000)]
Key = Annotated[SoundText, Field(min_length=1, max_length=300)]
Name = Annotated[SoundText, Field(max_length=300)]
Minutes = Annotated[int, Field(ge=-MOST, le=MOST)]
"""Beyond them no number can be shown; which ones are possible, the library says."""


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MarkBody(_Body):
    """A resource, or a unit of it, and what it is."""

    resource: Name = Field(description="The id of the resource.", examples=["python-for-data-analysis"])
    unit: Name = Field(default="", description="The id of a part of it; empty for all of it.")
    status: SoundText = Field(
        description="done, in-progress, skipped or not-started, which takes the mark away.", examples=["in-progress"]
    )
    minutes: Annotated[Minutes, Strict()] = Field(default=0, description="Minutes studied now; they add up.")
    reason: Text = Field(default="", description="Why it is skipped.")


class GradeBody(_Body):
    """A card that was reviewed."""

    card: Name = Field(description="Its key.", examples=["python-for-data-analysis/split-apply-combine"])
    rating: SoundText = Field(description="again, hard, good or easy.", examples=["good"])


class CardBody(_Body):
    """A card to keep out of an answer."""

    question: Text = Field(description="What it asks.", examples=["What is a tensor?"])
    answer: Annotated[SoundText, Field(max_length=8000)] = Field(
        description="What should be known.", examples=["An array with axes."]
    )
    source: Annotated[SoundText, Field(max_length=2000)] = Field(default="", description="Where that stands.")
    resource: Name = Field(default="", description="The id of a resource that it belongs to.")


class CardChangeBody(_Body):
    """What is to change of a card; what is left out stays."""

    card: Key = Field(description="Its key.", examples=["python-for-data-analysis/split-apply-combine"])
    question: Text | None = Field(default=None, description="Of a card of one's own: what it asks.")
    answer: Annotated[SoundText, Field(max_length=8000)] | None = Field(
        default=None, description="Of a card of one's own: what should be known."
    )
    suspended: StrictBool | None = Field(default=None, description="Whether it is not to come up.", examples=[True])


class SettingsBody(_Body):
    """Settings to change; what is left out stays."""

    start: date | None = Field(default=None, description="The first day of the plan.", examples=["2027-01-04"])
    hours: Annotated[float, Strict()] | None = Field(default=None, description="Hours a week.", examples=[8])
    prefer: SoundText | None = Field(default=None, description="none, code, theory or free.")
    free_only: StrictBool | None = Field(default=None, description="Only what costs nothing.")
    formats: list[SoundText] | None = Field(default=None, description="book, video, course, interactive.")
    week: Annotated[Minutes, Strict()] | None = Field(
        default=None, description="The week of the roadmap that you are in; 0: the beginning.", examples=[14]
    )
    weekdays: list[Annotated[float, Strict()]] | None = Field(
        default=None, description="Hours of Monday to Sunday, which set the hours a week; [] spreads them evenly."
    )
    timezone: SoundText | None = Field(default=None, description="Such as Europe/Berlin.")
    notes: SoundText | None = Field(default=None, description="Whatever you want kept.")


class ImportBody(_Body):
    """An export, and whether it takes the place of what is stored."""

    data: dict[str, Any] = Field(description="What `GET /api/v1/export` gave.")
    replace: StrictBool = Field(default=False, description="Take the place of what is stored.", examples=[True])


class DeckCardJson(BaseModel):
    """A card of the deck."""

    key: str = Field(description="What it is graded and changed by.")
    resource: str = Field(description="The id of its resource; empty for a term, or a card of one's own.")
    question: str = Field(description="What it asks.")
    answer: str = Field(description="What should be known.")
    source: str = Field(description="Where that stands; may be empty.")
    due: str | None = Field(description="When it comes up; null if it was never reviewed.")
    suspended: bool = Field(description="Whether it is kept from coming up.")


class DeckJson(BaseModel):
    """All cards."""

    cards: list[DeckCardJson] = Field(description="The cards, one's own first.")


class QuizCardJson(BaseModel):
    """A question to test oneself."""

    key: str = Field(description="What it is graded by.")
    resource: str = Field(description="The id of its resource.")
    question: str = Field(description="What it asks.")
    answer: str = Field(description="What should be known.")
    source: str = Field(description="Where that stands.")


class QuizJson(BaseModel):
    """Questions to test oneself."""

    cards: list[QuizCardJson] = Field(description="The questions, with their answers.")


class AlternativeJson(BaseModel):
    """Another resource that would do."""

    resource: str = Field(description="Its id.")
    title: str = Field(description="Its title.")
    url: str = Field(description="Its link; empty where it has none.")
    difference: str = Field(description="In what it differs from the one that is recommended.")
    speaks_for: str = Field(description="What the roadmap praises in it; empty where it praises nothing.")


class FreeWayJson(BaseModel):
    """Where the skills of a paid resource can be had for nothing."""

    what: str = Field(description="What it is.")
    url: str = Field(description="Where it is.")


class UnitJson(BaseModel):
    """A part of a resource."""

    id: str = Field(description="Its id within the resource.")
    title: str = Field(description="Its title.")
    hours: float = Field(description="Hours of study, roughly.")
    url: str = Field(description="Where it is; empty where it has no address of its own.")


class NextJson(BaseModel):
    """The one best resource now."""

    resource: str | None = Field(description="Its id; null when nothing that counts is left.")
    title: str = Field(description="Its title.")
    url: str = Field(description="Its link; empty where it has none.")
    weeks: Span | None = Field(description="First and last week on the roadmap.")
    reason: str = Field(description="Why it is this one, in a sentence or two.")
    alternatives: list[AlternativeJson] = Field(description="What else would do.")
    blocked_by: list[str] = Field(description="Ids of what it needs and is not marked as done.")
    first_unit: UnitJson | None = Field(description="The part to begin with.")
    hours: float = Field(description="Hours that are left in it, roughly.")
    effort: str = Field(description="The same in words.")
    cost: str | None = Field(description="free, free-to-audit, paid or own-work.")
    now: str = Field(description="What the minutes at hand are enough for; empty where none were given.")
    order: str = Field(description="What it builds on and what it opens the way to; empty where it does neither.")
    suits: str = Field(description="How it goes with what the learner prefers; empty without a preference.")
    outcome: str = Field(description="What one can do at the end, as the roadmap says it.")
    free_way: FreeWayJson | None = Field(description="For one that costs money: where the same is free.")
    rules: list[str] = Field(description="The rules of the curriculum that decided.")
    finished: bool = Field(description="Whether nothing that counts is left.")


class PlannedJson(BaseModel):
    """A piece of work in a week of the plan."""

    resource: str | None = Field(description="The id of the resource; null for a buffer.")
    id: str = Field(description="The id of its part.")
    title: str = Field(description="Its title.")
    hours: float = Field(description="Hours of it in this week.")
    part: int = Field(description="Which piece of it this is, from 1.")
    parts: int = Field(description="In how many pieces it is planned.")
    url: str = Field(description="Where it is; empty where it has no address of its own.")
    kind: str = Field(description="What sort of work it is.")


class WeekJson(BaseModel):
    """A week of the plan."""

    week: int = Field(description="Its number, from 0.")
    starts: str = Field(description="Its first day.")
    ends: str = Field(description="Its last day.")
    resources: list[str] = Field(description="Ids of what is studied in it.")
    units: list[PlannedJson] = Field(description="What is studied in it, part by part.")
    hours: float = Field(description="Hours of all of it.")
    split: Literal["ours", "roadmap"] = Field(description="Whose division of the weeks this is.")


class PlanJson(BaseModel):
    """The dated plan."""

    weeks: list[WeekJson] = Field(description="The weeks, in order.")
    ends: str = Field(description="The last day.")
    start: str = Field(description="The first day.")
    hours_a_week: float = Field(description="Hours a week that it is made for.")
    total_hours: float = Field(description="Hours of all that is left.")
    proposed_split: dict[str, Span] = Field(description="Resource to the weeks that we propose within its block.")
    remarks: list[str] = Field(description="What there is to know of it, in sentences.")
    moved: list[dict[str, Any]] = Field(default=[], description="What moved against the first plan, if anything did.")
    done: list[str] = Field(default=[], description="What of the first plan is done, where something moved.")
    deadline: dict[str, Any] = Field(default={}, description="Whether it ends by the day asked for, and what it takes.")


class ItemJson(BaseModel):
    """A thing to do today."""

    kind: Literal["review", "unit", "checkpoint"] = Field(description="What sort of work it is.")
    key: str = Field(description="The card, or the part of a resource.")
    title: str = Field(description="Its title, or the question of the card.")
    url: str = Field(description="Where it is; empty where it has no address.")
    minutes: int = Field(description="Minutes that it is given.")


class TodayJson(BaseModel):
    """One day's work."""

    day: str = Field(description="The person's own day.")
    budget: int = Field(description="Minutes at hand.")
    minutes: int = Field(description="Minutes of all items together; never more than the budget.")
    items: list[ItemJson] = Field(description="Due reviews first, then new material.")
    reviews_left: int = Field(description="Due reviews that did not fit.")
    text: str = Field(description="The day in a sentence.")
    done: int = Field(description="Minutes of study and reviews today.")
    over: bool = Field(description="Whether they are what the day asks for.")


class SettingsJson(BaseModel):
    """How a person studies."""

    learner: str = Field(description='Always "me": the name behind a session is a key.')
    start: str | None = Field(description="The first day of the plan.")
    hours: float = Field(description="Hours a week.")
    prefer: str = Field(description="none, code, theory or free.")
    free_only: bool = Field(description="Whether only what costs nothing is recommended.")
    formats: list[str] = Field(description="Formats that suit: book, video, course, interactive.")
    week: int | None = Field(description="The week of the roadmap that the person says to be in, if they did.")
    weekdays: list[float] = Field(description="How the hours are spread from Monday to Sunday; empty: evenly.")
    timezone: str = Field(description="Such as Europe/Berlin.")
    notes: str = Field(description="Whatever the person wants kept.")
    pauses: list[Days] = Field(description="First and last day of each pause.")


class ImportedJson(SettingsJson):
    """What an import has brought."""

    marks: int = Field(description="How many marks of progress there are now.")


class WhereJson(BaseModel):
    """Where a person is by the calendar."""

    day: str = Field(description="The person's own day.")
    week: int | None = Field(description="The week of the plan; null before its start, without one, or in a pause.")
    paused_until: str | None = Field(description="The last day of the pause, in one.")
    behind: int = Field(description="Weeks by which the work lies behind the first plan.")
    text: str = Field(description="The same in a sentence.")


class LineJson(BaseModel):
    """The progress on one resource."""

    resource: str = Field(description="Its id.")
    title: str = Field(description="Its title.")
    status: str = Field(description="done, in-progress, skipped or not-started.")
    units_done: list[str] = Field(description="Ids of its parts that are done.")
    units: list[str] = Field(description="Ids of all its parts.")
    hours_left: float = Field(description="Hours that are left in it, roughly.")
    reason: str = Field(description="Why it is skipped; else empty.")


class OrphanJson(BaseModel):
    """A mark on what the roadmap no longer holds; kept all the same."""

    resource: str = Field(description="The id that was marked.")
    unit: str = Field(description="The part that was marked; empty for all of it.")
    status: str = Field(description="What it was marked as.")
    at: str = Field(description="When.")
    minutes: int = Field(description="Minutes that were noted.")
    reason: str = Field(description="Why it was skipped; else empty.")


class BarJson(BaseModel):
    """One resource on the calendar."""

    resource: str = Field(description="Its id.")
    title: str = Field(description="Its title.")
    state: Literal["done", "now", "ahead", "skipped"] = Field(description="now: it was begun.")
    first: str = Field(description="Its first day.")
    last: str = Field(description="Its last day.")
    hours: float = Field(description="Hours that are left in it.")
    planned: Days | None = Field(description="Its days in the first plan.")


class BurnUpJson(BaseModel):
    """Hours of study by day."""

    planned: list[Point] = Field(description="By the first plan.")
    done: list[Point] = Field(description="What is done.")
    ahead: list[Point] = Field(description="What is to come.")


class CountsJson(BaseModel):
    """How many resources are what."""

    done: int = Field(description="Done; what is skipped is not.")
    begun: int = Field(description="Begun and not done.")
    skipped: int = Field(description="Left out.")
    total: int = Field(description="All of the roadmap.")


class StudyWeekJson(BaseModel):
    """A week of study."""

    starts: str = Field(description="Its Monday.")
    hours: float = Field(description="Hours of study that were marked in it.")
    reviews: int = Field(description="Cards reviewed.")


class PhaseCountsJson(CountsJson):
    """A phase and how many of its resources are what."""

    number: int = Field(description="Its number.")
    title: str = Field(description="Its title.")


class HabitsJson(BaseModel):
    """How a person studies."""

    weeks: list[StudyWeekJson] = Field(description="The last twelve weeks, the present one last.")
    hours: float = Field(description="Hours a week that are aimed at.")
    streak: int = Field(description="Days in a row with study or a review, until today or yesterday.")
    longest_streak: int = Field(description="The most days in a row.")
    retention: float | None = Field(description="Share of cards remembered that came up again; null without any.")
    recalls: int = Field(description="Of how many cards.")
    phases: list[PhaseCountsJson] = Field(description="The phases.")
    text: str = Field(description="All of it in a sentence or two.")


class ProgressJson(BaseModel):
    """Where a person stands."""

    learner: SettingsJson = Field(description="How the person studies.")
    where: WhereJson = Field(description="Where the person is by the calendar.")
    resources: list[LineJson] = Field(description="The progress, in the roadmap's order.")
    orphans: list[OrphanJson] = Field(description="Marks on what the roadmap no longer holds.")
    timeline: list[BarJson] = Field(description="What is done and planned, on the calendar.")
    burn_up: BurnUpJson = Field(description="What was planned, what is done, and what is to come.")
    ends: str | None = Field(description="The last day by the plan; null without one.")
    counts: CountsJson = Field(description="How many resources are done, begun and skipped.")
    habits: HabitsJson = Field(description="How the person studies.")
    text: str = Field(description="All of it in a sentence or two.")


class CardJson(BaseModel):
    """A card that is due."""

    key: str = Field(description="What it is graded by.")
    resource: str = Field(description="The id of its resource; empty for a card of one's own.")
    question: str = Field(description="What it asks.")
    answer: str = Field(description="What should be known.")
    source: str = Field(description="Where that stands.")
    due: str | None = Field(description="Since when it is due; null for a new one.")


class ForecastJson(BaseModel):
    """A day to come."""

    day: str = Field(description="The day.")
    cards: int = Field(description="Cards that come due on it.")


class GradingJson(BaseModel):
    """A card that was graded."""

    card: str = Field(description="Its key.")
    rating: str = Field(description="again, hard, good or easy.")
    at: str = Field(description="When.")


class ReviewJson(BaseModel):
    """The cards of a person."""

    due: list[CardJson] = Field(description="The due ones, the longest waiting first, then the new ones of the day.")
    forecast: list[ForecastJson] = Field(description="The days to come.")
    history: list[GradingJson] = Field(description="The last gradings.")
    reviews: int = Field(description="How many gradings there are in all.")
    text: str = Field(description="The same in a sentence.")


class GradedJson(BaseModel):
    """A card that was just graded."""

    card: str = Field(description="Its key.")
    due: str = Field(description="When it comes again.")


class SavedJson(BaseModel):
    """A card that was just saved."""

    card: str = Field(description="Its key.")
    question: str = Field(description="What it asks.")


class UndoneJson(BaseModel):
    """What was taken back."""

    undone: str = Field(description="The change, as it was said.")


class ExportJson(BaseModel):
    """Everything that is stored of a person's learning; `POST /api/v1/import` reads it back."""

    format: int = Field(description="The version of this shape.")
    learner: dict[str, Any] = Field(description="Settings, marks and cards.")
    schedules: dict[str, Any] = Field(description="When each card comes again.")
    reviews: list[dict[str, Any]] = Field(description="All gradings.")
    changes: list[dict[str, Any]] = Field(description="What can be undone, with what was before.")
