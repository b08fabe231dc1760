"""The companion: one object for everything that a learner's state can answer or change.

The chat, the API and the command line talk to it. Joins the roadmap, the notes and the stored learners; decides
nothing by itself. Cheap to make: the database is opened at the first use. Safe to use from several threads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from assistant.dead_links import dead_resources
from assistant.recommendation.progress import Progress, check_ids
from assistant.recommendation.recommend import recommend
from assistant.store.errors import StoreError
from assistant.study.learner import Learner, SavedCard, marking, progress_of, zone
from assistant.study.outlook import Outlook, outlook_of
from assistant.study.pace import current_plan, roadmap_week
from assistant.study.preferences import Wishes, with_wishes
from assistant.study.report import Report, make_report
from assistant.study.review import (
    Cards,
    DueCard,
    Graded,
    check_card,
    deck,
    due_cards,
    forecast,
    grade,
    new_left,
    saved_card,
)
from assistant.study.today import Today, Where, today_view, where_am_i
from corpus.notes import Notes, load_notes
from corpus.reader import read_roadmap
from corpus.roadmap import Roadmap
from corpus.settings import Settings

if TYPE_CHECKING:
    from assistant.recommendation.recommend import Recommendation
    from assistant.store.learners import LearningStore
    from assistant.study.planned import Plan


class Companion:
    """What a learner's state can answer or change. `learner` is always the learner's name, `now` has a time zone."""

    def __init__(self, settings: Settings, roadmap: Roadmap | None = None) -> None:
        self.roadmap: Roadmap = roadmap or read_roadmap()
        self.notes: Notes = load_notes()
        self._settings = settings
        self._lock = threading.Lock()
        self._opened: LearningStore | None = None

    # --- what the state answers -----------------------------------------------------------------------------------

    def learner(self, name: str) -> Learner:
        """The stored learner; a new one (not stored yet) if there is none."""
        return self._store().load(name)

    def check(self) -> None:
        """Errors: `StoreError` where the learners cannot be read."""
        self._store().check()

    def knows(self, name: str) -> bool:
        """Whether anything is stored of a learner of that name. Errors: `StoreError`."""
        return self._store().has(name)

    def progress(self, learner: str, minutes: int | None = None) -> Progress:
        """The learner's progress over this roadmap, without resources whose pages are gone."""
        found = progress_of(self.learner(learner), self.roadmap, self.notes, minutes=minutes)
        return replace(found, dead=dead_resources(self._settings.data))

    def week(self, learner: str, now: datetime) -> int | None:
        """The week of the roadmap that the learner's work has reached; None for one of whom nothing is known."""
        found = self.learner(learner)
        if found.start is None and not found.marks:
            return None
        return roadmap_week(self.roadmap, self.notes, self.progress(learner))

    def today(self, learner: str, now: datetime, minutes: int | None = None) -> Today:
        """Due reviews, then new material, within the minutes."""
        found, store = self.learner(learner), self._store()
        new = new_left(store.reviews(learner), found, now)
        return today_view(self.roadmap, self.notes, found, store.schedules(learner), now, minutes, new=new)

    def where(self, learner: str, now: datetime) -> Where:
        """The week by the calendar, and how far the work lies behind."""
        return where_am_i(self.roadmap, self.notes, self.learner(learner), now)

    def next(self, learner: str, now: datetime, minutes: int | None = None) -> Recommendation:
        """The one best resource now."""
        return recommend(self.roadmap, self.notes, self.progress(learner, minutes))

    def recommended(self, progress: Progress) -> Recommendation:
        """The one best resource for a learner of whom nothing is stored. Errors: `InputError`, as `recommend`."""
        return recommend(self.roadmap, self.notes, replace(progress, dead=dead_resources(self._settings.data)))

    def plan(self, learner: str, now: datetime) -> Plan | None:
        """What is left, from the present week of study on; None without a start date."""
        found = self.learner(learner)
        return current_plan(self.roadmap, self.notes, found, found.day(now))

    def outlook(self, learner: str, now: datetime, *, hours: float | None = None, by: date | None = None) -> Outlook:
        """The plan with what moved, its bars and lines; `hours` tries another pace, `by` asks for a last day.

        Errors: `InputError` without a start date, for impossible hours or days.
        """
        found = self.learner(learner)
        return outlook_of(self.roadmap, self.notes, found, found.day(now), hours=hours, by=by)

    def calendar(self, learner: str, plan: Plan, now: datetime) -> bytes:
        """The plan as a calendar file, which cancels the weeks of earlier files that fell away.

        Where nothing can be written (a read-only folder), the file is made all the same.
        """
        from assistant.study.calendar import Written, plan_calendar

        written = Written.from_json(self._store().calendar(learner)).with_plan(plan, now)
        with suppress(StoreError):
            self._store().remember_calendar(learner, written.as_json())
        return plan_calendar(plan, now, self.roadmap, written)

    def report(self, learner: str, now: datetime) -> Report:
        """The progress, resource by resource, with marks that the roadmap no longer holds."""
        return make_report(self.roadmap, self.notes, self.learner(learner), now)

    # --- what changes it ------------------------------------------------------------------------------------------

    def change(
        self, learner: str, said: str, edit: Callable[[Learner], Learner], now: datetime, *, amends: bool = False
    ) -> Learner:
        """Edits the learner and remembers it under `said`; amends: in place of the last change.

        Errors: `StoreError`, and whatever `edit` raises.
        """
        return self._store().change(learner, said, edit, now, amends=amends)

    def before(self, learner: str) -> Learner:
        """The learner before the last change. Errors: `StoreError`."""
        return self._store().before(learner)

    def undo(self, learner: str) -> str:
        """Takes the last change back; gives what it said. Errors: `NothingToUndo`, `StoreError`."""
        return self._store().undo(learner)

    def mark(
        self,
        learner: str,
        resource: str,
        unit: str,
        status: str,
        now: datetime,
        minutes: int = 0,
        reason: str = "",
    ) -> Learner:
        """Marks a resource (`unit` "") or a unit: "in-progress", "done", "skipped", or "not-started", which removes.

        Minutes of a unit in progress add up. Errors: `InputError` for an unknown id, unit, status or minutes.
        """
        edit = marking(self.roadmap, self.notes, resource, unit, status, now, minutes, reason)
        part = next((u.title for u in self.notes.units(resource) if u.id == unit), unit)
        what = f"“{part}” of {self.roadmap.title_of(resource)}" if unit else self.roadmap.title_of(resource)
        return self.change(learner, f"Mark {what} as {status.replace('-', ' ')}.", edit, now)

    def prefer(self, learner: str, wishes: Wishes, now: datetime) -> Learner:
        """Changes settings. Errors: `InputError` naming what cannot be used, `LearnerError` for a time zone."""
        return self.change(learner, "Change settings.", lambda it: with_wishes(it, wishes, now), now)

    # --- reviews --------------------------------------------------------------------------------------------------

    def due(self, learner: str, now: datetime) -> tuple[DueCard, ...]:
        """Cards to review now: due ones first, then the new ones of the day."""
        found, store = self.learner(learner), self._store()
        cards = deck(self.notes, found, self._seen(found))
        return due_cards(cards, store.schedules(learner), now, new=new_left(store.reviews(learner), found, now))

    def grade(self, learner: str, card_key: str, rating: str, now: datetime) -> Graded:
        """Grades a card "again", "hard", "good" or "easy". Errors: `LearnerError` for another rating or card."""
        check_card(deck(self.notes, self.learner(learner), [note.resource for note in self.notes.notes]), card_key)
        return self._store().grade(learner, card_key, lambda before: grade(card_key, before, rating, now))

    def save_card(
        self, learner: str, question: str, answer: str, source: str, resource: str, now: datetime
    ) -> SavedCard:
        """Keeps a card out of an answer. Errors: `LearnerError` for what is no card, `InputError` for an unknown id."""
        check_ids(self.roadmap, [resource] if resource else [])
        card = saved_card(question, answer, source, resource)

        def edit(before: Learner) -> Learner:
            kept = tuple(other for other in before.cards if other.id != card.id)
            return replace(before, cards=(*kept, card))

        self.change(learner, f"Save the card “{card.question[:60]}”.", edit, now)
        return card

    def cards(self, learner: str, now: datetime, days: int = 14) -> Cards:
        """What is due, how many come due on each of the next days, and the last gradings."""
        zone_of = zone(self.learner(learner).timezone)
        coming = forecast(self._store().schedules(learner), now, days, zone_of)
        return Cards(self.due(learner, now), coming, self._store().reviews(learner))

    # --- export and import ----------------------------------------------------------------------------------------

    def export(self, learner: str) -> dict[str, Any]:
        """Everything about the learner as plain JSON; of one who is not stored yet, an empty state."""
        return self._store().export_json(learner)

    def restore(self, learner: str, data: object, replace: bool) -> Learner:
        """Stores an export under this name. Errors: `LearnerError` if it is none, or the learner exists already."""
        return self._store().import_json(data, learner, replace=replace)

    def forget(self, learner: str) -> None:
        """Deletes the progress, settings and reviews of a learner. Errors: `StoreError`."""
        self._store().forget(learner)

    def close(self) -> None:
        """Closes the database; it is opened again when it is needed."""
        with self._lock:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    # --- parts ----------------------------------------------------------------------------------------------------

    def _store(self) -> LearningStore:
        """The only place where the database is opened, and SQLAlchemy imported."""
        with self._lock:
            if self._opened is None:
                from assistant.store.learners import LearningStore

                self._opened = LearningStore(self._settings.learners or self._settings.data)
            return self._opened

    def _seen(self, learner: Learner) -> list[str]:
        progress = progress_of(learner, self.roadmap, self.notes)
        return [r.id for r in self.roadmap.resources if r.id in progress.done | progress.in_progress]
