"""Start, Plan and Settings of one desk: what each page shows, and what its buttons do. Each acts for one person.

A page that was left open in another tab changes nothing that was changed since: its form says what settings it was
made of, and is refused where they are others by now.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from assistant.coaching.setup import Setup, known_already, said_day
from assistant.recommendation.progress import check_week
from assistant.study.learner import Learner
from assistant.study.preferences import Wishes, settings_json, with_wishes
from corpus.errors import UsageError
from ui.desk import Desk
from ui.pages.undoing import noted, undone
from ui.sheets.fields import TICKED, sent_day
from ui.sheets.plan import FEED, PAUSE, REPLAN, SHIFT, UNPAUSE, PlanView, no_plan_html, plan_html
from ui.sheets.plan import UNDO as UNDO_PLAN
from ui.sheets.said import NOTHING, Said
from ui.sheets.settings import DELETE, LIKING, PLAN, SettingsView, found_html, read_liking, read_plan, settings_html
from ui.sheets.settings import UNDO as UNDO_SETTINGS
from ui.sheets.start import BEGIN, preview_html, read_setup, start_html

Sent = dict[str, str]
ELSEWHERE = (
    "Your settings were changed in another tab meanwhile, so nothing is saved: reload this page, then change it."
)
NOT_SURE = "Nothing is deleted: tick that you are sure, then delete."


class ChangedElsewhereError(UsageError):
    """A form was made of settings that are others by now."""

    def __init__(self) -> None:
        super().__init__(ELSEWHERE)


@dataclass(frozen=True, slots=True)
class Here:
    """Where a request came to: the address of this site, as the browser has it; and whether its owner asks."""

    base: str
    owner: bool


class PlanningPages:
    """The three pages."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._companion = desk.companion

    def deeds(self) -> Iterator[tuple[str, Callable[[str, Sent, Here], str]]]:
        """Address -> what is done for a person with what was sent; gives the HTML that replaces what changed."""
        yield BEGIN, lambda person, sent, _: self._begin(person, sent)
        yield SHIFT, self._shift
        yield REPLAN, lambda person, _, here: self._replan(person, here)
        yield PAUSE, self._pause
        yield UNPAUSE, self._unpause
        yield FEED, self._feed
        yield UNDO_PLAN, lambda person, sent, here: self.plan(person, here, self._undone(person, sent))
        yield PLAN, lambda person, sent, here: self._save(person, sent, here, read_plan)
        yield LIKING, lambda person, sent, here: self._save(person, sent, here, read_liking)
        yield DELETE, self._delete
        yield UNDO_SETTINGS, lambda person, sent, here: self.settings(person, here, self._undone(person, sent))

    # --- start --------------------------------------------------------------------------------------------------------

    def start(self, person: str) -> str:
        """The page with the answers that are known."""
        now, learner = self._desk.now(), self._companion.learner(person)
        today = learner.day(now)
        setup = Setup(learner.start or today, learner.hours, known=known_already(learner))
        return start_html(self._companion.roadmap, learner, self._companion.preview(person, setup, now), today)

    def preview(self, person: str, sent: Sent) -> str:
        """How long it takes with these answers. Errors: `UsageError` for one that cannot be used."""
        return preview_html(self._companion.preview(person, read_setup(sent), self._desk.now()))

    def _begin(self, person: str, sent: Sent) -> str:
        self._companion.start(person, read_setup(sent), self._desk.now())
        return ""

    # --- plan ---------------------------------------------------------------------------------------------------------

    def plan(self, person: str, here: Here, said: Said = NOTHING) -> str:
        """The page."""
        companion, now = self._companion, self._desk.now()
        outline = companion.outline(person, now)
        if outline is None:
            return no_plan_html(said)
        secret = companion.feed(person)
        return plan_html(
            PlanView(
                companion.roadmap,
                companion.learner(person),
                companion.where(person, now),
                companion.outlook(person, now),
                outline,
                companion.hours_by_week(person, now),
                f"{here.base}calendar/{secret}.ics" if secret else "",
                said,
            )
        )

    def _shift(self, person: str, sent: Sent, here: Here) -> str:
        weeks = sent.get("weeks", "")
        if weeks not in ("1", "-1"):
            raise UsageError("The plan moves by a week at a time: reload the page and try again.")
        now = self._desk.now()
        self._companion.shift(person, int(weeks), now)
        text = f"Moved a week {'later' if weeks == '1' else 'earlier'}.{self._ends(person)}"
        return self.plan(person, here, self._noted(person, text, now))

    def _replan(self, person: str, here: Here) -> str:
        now = self._desk.now()
        self._companion.replan(person, now)
        return self.plan(person, here, self._noted(person, f"Planned anew from today.{self._ends(person)}", now))

    def _pause(self, person: str, sent: Sent, here: Here) -> str:
        first, last = sent_day(sent, "first", "The first day"), sent_day(sent, "last", "The last day")
        now = self._desk.now()
        self._companion.pause(person, first, last, now)
        text = f"Paused from {said_day(first)} to {said_day(last)}.{self._ends(person)}"
        return self.plan(person, here, self._noted(person, text, now))

    def _unpause(self, person: str, sent: Sent, here: Here) -> str:
        now, first = self._desk.now(), sent_day(sent, "first", "The pause")
        over = first <= self._companion.unpause(person, first, now).day(now)
        text = f"{'Your plan goes on today' if over else 'It is taken away'}.{self._ends(person)}"
        return self.plan(person, here, self._noted(person, text, now))

    def _feed(self, person: str, sent: Sent, here: Here) -> str:
        on = sent.get("on") == "yes"
        self._companion.set_feed(person, on=on)
        return self.plan(person, here)

    def _ends(self, person: str) -> str:
        plan = self._companion.plan(person, self._desk.now())
        return f" The plan ends on {said_day(plan.ends)}." if plan and plan.weeks else ""

    def _noted(self, person: str, text: str, at: datetime) -> Said:
        return noted(self._companion, person, text, at)

    def _undone(self, person: str, sent: Sent) -> Said:
        return undone(self._companion, person, sent)

    # --- settings -----------------------------------------------------------------------------------------------------

    def settings(self, person: str, here: Here, said: Said = NOTHING) -> str:
        """The page."""
        learner, roadmap = self._companion.learner(person), self._companion.roadmap
        settings = self._desk.assistant.settings
        model = (settings.llm_model or "A language model") if settings.llm_url else ""
        count = len(self._desk.conversations.list(person, limit=10_000))
        view = SettingsView(learner, roadmap.weeks, seen_of(learner), model, count, here.owner, said)
        return settings_html(view)

    def models(self) -> str:
        """The language models that answer on this machine."""
        from assistant.generation.servers import find_servers  # imports the SDK of the protocol

        return found_html(find_servers())

    def _save(self, person: str, sent: Sent, here: Here, read: Callable[[Sent, Learner], Wishes]) -> str:
        now = self._desk.now()

        def edit(before: Learner) -> Learner:
            if sent.get("seen") != seen_of(before):
                raise ChangedElsewhereError
            wishes = read(sent, before)
            check_week(self._companion.roadmap, wishes.week or 0)
            return with_wishes(before, wishes, now)

        self._companion.change(person, "Change settings.", edit, now)
        return self.settings(person, here, self._noted(person, "Saved.", now))

    def _delete(self, person: str, sent: Sent, here: Here) -> str:
        if sent.get("sure") != TICKED:
            raise UsageError(NOT_SURE)
        self._companion.forget(person)
        if sent.get("conversations") == TICKED:
            for kept in self._desk.conversations.list(person, limit=10_000):
                self._desk.conversations.delete(person, kept.id)
        return self.settings(person, here, Said("Deleted."))


def seen_of(learner: Learner) -> str:
    """What tells a learner's settings from any others."""
    return hashlib.sha256(json.dumps(settings_json(learner), sort_keys=True).encode()).hexdigest()[:16]
