"""The companion: one object for everything that a learner's state can answer or change.

The chat, the API and the command line talk to it. Joins the roadmap, the notes and the stored learners; decides
nothing by itself. Cheap to make: the database is opened at the first use. Safe to use from several threads.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from assistant.coaching.hours import WeekHours, hours_by_week
from assistant.coaching.moves import paused, replanned, shifted, unpaused
from assistant.coaching.setup import Preview, Setup, previewed, started
from assistant.dead_links import dead_resources
from assistant.practice.cards import CardLine, with_edited, with_suspended, without_card
from assistant.practice.effort import with_effort
from assistant.practice.habits import Habits, habits_of
from assistant.practice.making import Bank
from assistant.recommendation.progress import Counts, Progress, check_ids, check_week, count
from assistant.recommendation.reasons import counted
from assistant.recommendation.recommend import recommend
from assistant.store.errors import StoreError
from assistant.study.learner import Learner, LearnerError, SavedCard, marking, progress_of, zone
from assistant.study.outlook import Outlook, outlook_of
from assistant.study.pace import current_plan, roadmap_week
from assistant.study.preferences import Wishes, with_wishes
from assistant.study.report import Report, make_report
from assistant.study.review import (
    Cards,
    DueCard,
    Graded,
    ReviewCard,
    all_cards,
    check_card,
    deck,
    due_cards,
    due_of,
    forecast,
    grade,
    new_left,
    next_dues,
    saved_card,
)
from assistant.study.today import Today, Where, today_view, where_am_i
from corpus.notes import Notes, our_notes
from corpus.reader import our_roadmap
from corpus.roadmap import Roadmap
from corpus.settings import DATABASE_FILE, Settings

if TYPE_CHECKING:
    from assistant.recommendation.recommend import Recommendation
    from assistant.store.learners import LearningStore
    from assistant.study.planned import Plan


class Companion:
    """What a learner's state can answer or change. `learner` is always the learner's name, `now` has a time zone."""

    def __init__(self, settings: Settings, roadmap: Roadmap | None = None) -> None:
        self.roadmap: Roadmap = roadmap or our_roadmap()
        self.notes: Notes = our_notes()
        self._settings = settings
        self._lock = threading.Lock()
        self._opened: LearningStore | None = None
        self._bank = Bank(self.roadmap, self.notes)

    # --- what the state answers -----------------------------------------------------------------------------------

    def learner(self, name: str) -> Learner:
        """The stored learner; a new one (not stored yet) if there is none."""
        return self._store().load(name)

    def check(self) -> None:
        """Errors: `StoreError` where the learners cannot be read."""
        self._store().check()

    @property
    def keeps_anything(self) -> bool:
        """Whether there is a place where learners are kept; makes none, and opens none."""
        return bool(self._settings.learners) or (self._settings.data / DATABASE_FILE).exists()

    def knows(self, name: str) -> bool:
        """Whether anything is stored of a learner of that name. Errors: `StoreError`."""
        return self._store().has(name)

    def progress(self, learner: str, minutes: int | None = None) -> Progress:
        """The learner's progress over this roadmap, without resources whose pages are gone."""
        found = progress_of(self.learner(learner), self.roadmap, self.notes, minutes=minutes)
        return replace(found, dead=dead_resources(self._settings.data))

    def week(self, learner: str, now: datetime) -> int | None:
        """The week of the roadmap that the learner's work has reached, or that they say to be in if that is later;
        None for one of whom nothing is known."""
        found = self.learner(learner)
        if found.start is None and not found.marks and found.week is None:
            return None
        reached = roadmap_week(self.roadmap, self.notes, self.progress(learner))
        return max(reached, min(found.week or 0, self.roadmap.weeks.last))

    def today(self, learner: str, now: datetime, minutes: int | None = None) -> Today:
        """Due reviews, then new material, within the minutes."""
        found, store = self.learner(learner), self._store()
        reviews, day = store.reviews(learner), found.day(now)
        new, reviewed = new_left(reviews, found, now), sum(found.day(review.at) == day for review in reviews)
        schedules = store.schedules(learner)
        return today_view(self.roadmap, self.notes, found, schedules, now, minutes, new=new, reviewed=reviewed)

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

    def counts(self, learner: str) -> Counts:
        """How many resources are done, begun and skipped."""
        return count(self.roadmap.resources, progress_of(self.learner(learner), self.roadmap, self.notes))

    def report(self, learner: str, now: datetime) -> Report:
        """The progress, resource by resource, with marks that the roadmap no longer holds."""
        return make_report(self.roadmap, self.notes, self.learner(learner), now)

    # --- what changes it ------------------------------------------------------------------------------------------

    def change(
        self, learner: str, said: str, edit: Callable[[Learner], Learner], now: datetime, *, amends: bool = False
    ) -> Learner:
        """Edits the learner and remembers it under `said`; amends: in place of the last change.

        What the change tells of study is counted for the day. Errors: `StoreError`, and whatever `edit` raises.
        """

        def counted(before: Learner) -> Learner:
            return with_effort(before, edit(before), self.roadmap, self.notes, now)

        return self._store().change(learner, said, counted, now, amends=amends)

    def before(self, learner: str) -> Learner:
        """The learner before the last change. Errors: `StoreError`."""
        return self._store().before(learner)

    def undo(self, learner: str, at: str = "") -> str:
        """Takes the last change back; gives what it said. at: the moment of the one that is meant, and no other.

        Errors: `NothingToUndo`, `ChangedSince`, `StoreError`.
        """
        return self._store().undo(learner, at)

    def last_said(self, learner: str) -> str:
        """What the last change said that can be taken back; "" where there is none. Errors: `StoreError`."""
        return self._store().last_said(learner)

    def changed_at(self, learner: str, at: datetime) -> bool:
        """Whether there is a change of that moment that can be taken back. Errors: `StoreError`."""
        return self._store().changed_at(learner, at)

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
        if wishes.week is not None:
            check_week(self.roadmap, wishes.week)
        return self.change(learner, "Change settings.", lambda it: with_wishes(it, wishes, now), now)

    # --- the plan -------------------------------------------------------------------------------------------------

    def preview(self, learner: str, setup: Setup, now: datetime) -> Preview:
        """How long a plan of these answers takes; keeps nothing. Errors: `InputError`, as `start`."""
        found = started(self.roadmap, self.notes, self.learner(learner), setup, now)
        preview = previewed(self.roadmap, self.notes, found, max(setup.start, found.day(now)))
        assert preview is not None  # noqa: S101 -- it has a start
        return preview

    def start(self, learner: str, setup: Setup, now: datetime) -> Learner:
        """Keeps the answers: the plan begins. Errors: `InputError` naming the answer that cannot be used."""
        said = f"Start on {setup.start}."
        return self.change(learner, said, lambda it: started(self.roadmap, self.notes, it, setup, now), now)

    def outline(self, learner: str, now: datetime) -> Preview | None:
        """How long what is left takes; None without a start date."""
        found = self.learner(learner)
        return previewed(self.roadmap, self.notes, found, found.day(now))

    def hours_by_week(self, learner: str, now: datetime) -> tuple[WeekHours, ...]:
        """Hours planned and done, from the first week of study to the present one."""
        found = self.learner(learner)
        return hours_by_week(self.roadmap, self.notes, found, found.day(now))

    def replan(self, learner: str, now: datetime) -> Learner:
        """Plans anew from today on: one counts as on time. What is done stays done. Errors: `InputError`."""
        said = "Plan anew from today on; what is done stays done."
        return self.change(learner, said, lambda it: replanned(it, it.day(now)), now)

    def shift(self, learner: str, weeks: int, now: datetime) -> Learner:
        """Moves all that is left later, or earlier. Errors: `InputError`."""
        said = f"Move the plan {counted(abs(weeks), 'week')} {'later' if weeks > 0 else 'earlier'}."
        return self.change(learner, said, lambda it: shifted(it, weeks, it.day(now)), now)

    def pause(self, learner: str, first: date, last: date, now: datetime) -> Learner:
        """Adds a pause, both days included. Errors: `InputError`."""
        return self.change(learner, f"Pause from {first} to {last}.", lambda it: paused(it, first, last), now)

    def unpause(self, learner: str, first: date, now: datetime) -> Learner:
        """Takes the pause away that begins on a day; ends one that is under way. Errors: `InputError`."""
        return self.change(learner, "End a pause.", lambda it: unpaused(it, first, it.day(now)), now)

    # --- the calendar's own address ---------------------------------------------------------------------------------

    def feed(self, learner: str) -> str:
        """The secret of the learner's calendar address; "" where there is none."""
        return self._store().feed(learner)

    def set_feed(self, learner: str, *, on: bool) -> str:
        """Makes the secret anew, or takes it away; the address of before is gone. Errors: `StoreError`."""
        secret = secrets.token_urlsafe(24) if on else ""
        self._store().set_feed(learner, secret)
        return secret

    def fed_calendar(self, secret: str, now: datetime) -> bytes | None:
        """The calendar behind a secret, as it is now; None where there is no such secret."""
        from assistant.study.calendar import no_calendar, plan_calendar

        learner = self._store().fed_by(secret)
        if learner is None:
            return None
        plan = self.plan(learner, now)
        return plan_calendar(plan, now, self.roadmap) if plan else no_calendar()

    @property
    def bank(self) -> Bank:
        """What can be asked about the roadmap and the notes."""
        with self._lock:
            if self._bank.roadmap is not self.roadmap:
                self._bank = Bank(self.roadmap, self.notes)
            return self._bank

    # --- reviews --------------------------------------------------------------------------------------------------

    def due(self, learner: str, now: datetime, *, today: bool = False) -> tuple[DueCard, ...]:
        """Cards to review now: due ones first, then the new ones of the day; today: with those that come back later
        on the same day, in the end."""
        found, store = self.learner(learner), self._store()
        schedules = store.schedules(learner)
        new, until = new_left(store.reviews(learner), found, now), found.midnight(now) if today else None
        return due_cards(self._deck(found, schedules), schedules, now, new=new, until=until)

    def grade(self, learner: str, card_key: str, rating: str, now: datetime) -> Graded:
        """Grades a card "again", "hard", "good" or "easy". Errors: `LearnerError` for another rating or card."""
        check_card(all_cards(self.notes, self.learner(learner)), card_key)
        return self._store().grade(learner, card_key, lambda before: grade(card_key, before, rating, now))

    def next_dues(self, learner: str, card_key: str, now: datetime) -> dict[str, datetime]:
        """Grade -> when the card would be due again."""
        return next_dues(card_key, self._store().schedules(learner).get(card_key), now)

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

    def edit_card(self, learner: str, key: str, question: str, answer: str, now: datetime) -> Learner:
        """Changes a card that the learner saved. Errors: `LearnerError` for another card, or what is no card."""
        return self.change(learner, f"Change the card “{question[:60]}”.", with_edited(key, question, answer), now)

    def delete_card(self, learner: str, key: str, now: datetime) -> Learner:
        """Deletes a card that the learner saved. Errors: `LearnerError` for another card."""
        return self.change(learner, "Delete a card.", without_card(key), now)

    def suspend(self, learner: str, key: str, now: datetime, *, suspended: bool) -> Learner:
        """Keeps a card from coming up, or lets it again. Errors: `LearnerError` for a card that there is not."""
        check_card(all_cards(self.notes, self.learner(learner)), key)
        said = "Suspend a card." if suspended else "Let a card come up again."
        return self.change(learner, said, with_suspended(key, suspended=suspended), now)

    def deck(self, learner: str) -> tuple[CardLine, ...]:
        """Every card that may come up, and those that are suspended; the learner's own first."""
        found, schedules = self.learner(learner), self._store().schedules(learner)
        cards = self._deck(replace(found, suspended=()), schedules)
        lines = (CardLine(c, due_of(c.key, schedules), c.key in found.suspended) for c in cards)
        return tuple(sorted(lines, key=lambda line: not line.own))

    def askable(self, learner: str, resources: Collection[str]) -> tuple[ReviewCard, ...]:
        """What can be asked about some resources: what was never asked first, then what was seen longest ago."""
        schedules = self._store().schedules(learner)
        cards = self.bank.cards(resources)
        fresh = [card for card in cards if card.key not in schedules]
        asked = [(due, card) for card in cards if (due := due_of(card.key, schedules))]
        return (*fresh, *(card for _, card in sorted(asked, key=lambda item: item[0])))

    def anki(self, learner: str, now: datetime) -> bytes:
        """The deck as a file for Anki, without what is suspended. Errors: `LearnerError` for an empty one."""
        from assistant.practice.anki import anki_deck

        cards = [line.card for line in self.deck(learner) if not line.suspended]
        if not cards:
            raise LearnerError("There is no card to export yet: mark a part as done, or save a card from an answer.")
        return anki_deck(cards, {r.id: r.title for r in self.roadmap.resources}, now)

    def habits(self, learner: str, now: datetime) -> Habits:
        """Hours and reviews a week, days in a row, how much is remembered, how far each phase is."""
        found, reviews = self.learner(learner), self._store().reviews(learner)
        progress = progress_of(found, self.roadmap, self.notes)
        return habits_of(found, progress, reviews, self.roadmap, found.day(now))

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

    def _deck(self, learner: Learner, schedules: Mapping[str, str]) -> tuple[ReviewCard, ...]:
        progress = progress_of(learner, self.roadmap, self.notes)
        return deck(self.roadmap, self.notes, learner, progress, schedules)
