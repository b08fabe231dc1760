"""What the buttons of the pages do, each for one person: mark, leave out, prefer, undo, rename, delete, judge, keep.

Gives the HTML that replaces what changed. Errors: the sentences of whatever refuses it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from assistant.practice.cards import card_of_answer
from assistant.store.conversations import Deleted
from assistant.study.preferences import Wishes
from assistant.study_answers.sentences import left_out_text, moved_text
from corpus.errors import UsageError
from eval.own.adding import FILE, add_case
from eval.own.questions import FieldError, case_of
from ui.desk import Desk
from ui.pages.undoing import noted, undone
from ui.pages.views import Views

Sent = dict[str, str]
_REMEMBERED = 100
"""Persons whose last deletion can be taken back."""


class DeedError(UsageError):
    """What was sent is incomplete or cannot be; the message names the field."""


class Deeds:
    """The buttons of one desk."""

    def __init__(self, desk: Desk, views: Views) -> None:
        self._desk = desk
        self._views = views
        self._deleted: dict[str, Deleted] = {}
        """Person -> the conversation that was deleted last. In memory alone: what is deleted stands on no disk."""

    def mark(self, person: str, sent: Sent) -> str:
        """Marks a resource on the Roadmap page."""
        resource = _given(sent, "resource")
        self._desk.companion.mark(person, resource, "", _given(sent, "status"), self._desk.now())
        return self._views.marked(person, resource)

    def mark_today(self, person: str, sent: Sent) -> str:
        """Marks a resource or one of its parts on the Today page, or notes minutes on it."""
        resource, status, now = _given(sent, "resource"), _given(sent, "status"), self._desk.now()
        minutes = _number(sent.get("minutes", "0"), "is no number of minutes")
        self._desk.companion.mark(person, resource, sent.get("unit", ""), status, now, minutes)
        return self._today(person, "Noted.", now)

    def not_this(self, person: str, sent: Sent) -> str:
        """Leaves the resource that was recommended out of the plan, and says what that does to the rest."""
        resource, companion, now = _given(sent, "resource"), self._desk.companion, self._desk.now()
        before = companion.plan(person, now)
        companion.mark(person, resource, "", "skipped", now)
        told = (
            f"Left out: {companion.roadmap.title_of(resource)}.",
            left_out_text(companion, person, [resource], now),
            moved_text(companion, companion.learner(person), before, now),
        )
        return self._today(person, " ".join(text for text in told if text), now)

    def prefer(self, person: str, sent: Sent) -> str:
        """Sets what suits the learner; what holds already is taken back."""
        wish, companion, now = _given(sent, "wish"), self._desk.companion, self._desk.now()
        held = companion.learner(person)
        if wish == "free":
            companion.prefer(person, Wishes(free_only=not held.free_only), now)
        else:
            companion.prefer(person, Wishes(prefer="none" if held.prefer == wish else wish), now)
        return self._today(person, "Noted: what comes next follows it.", now)

    def replan(self, person: str, sent: Sent) -> str:
        """Plans anew from today."""
        now = self._desk.now()
        self._desk.companion.replan(person, now)
        return self._today(person, "Planned anew from today.", now)

    def undo(self, person: str, sent: Sent) -> str:
        """Takes back what the page said."""
        return self._views.today(person, undone(self._desk.companion, person, sent))

    def _today(self, person: str, text: str, at: datetime) -> str:
        return self._views.today(person, noted(self._desk.companion, person, text, at))

    def rename(self, person: str, sent: Sent) -> str:
        """Renames a conversation."""
        self._desk.conversations.rename(person, _given(sent, "id"), sent.get("title", ""))
        return self._views.history(person, sent.get("q", ""))

    def delete(self, person: str, sent: Sent) -> str:
        """Deletes a conversation, and offers to take that back."""
        gone = self._desk.conversations.delete(person, _given(sent, "target"))
        self._deleted[person] = gone
        for forgotten in list(self._deleted)[:-_REMEMBERED]:
            self._deleted.pop(forgotten, None)
        return self._views.history(person, sent.get("q", ""), deleted=gone.title)

    def restore(self, person: str, sent: Sent) -> str:
        """Takes the last deletion back; it is remembered until the server ends."""
        gone = self._deleted.pop(person, None)
        if gone is None:
            raise DeedError("There is no deleted conversation to bring back: it is remembered until the server ends.")
        self._desk.conversations.restore(gone)
        return self._views.history(person, sent.get("q", ""))

    def feedback(self, person: str, sent: Sent) -> str:
        """Keeps a thumb up or down, with its reason, for the eval suite."""
        turn = self._views.turn(person, _given(sent, "conversation"), _place(_given(sent, "turn")))
        self._desk.judge(turn, good=sent.get("good") == "yes", reason=sent.get("reason", ""))
        return "Thank you: it is kept on this machine."

    def add_case(self, person: str, sent: Sent, *, owner: bool) -> str:
        """Makes the question a case of the owner's eval suite; of anybody else it waits for the owner's review."""
        turn = self._views.turn(person, _given(sent, "conversation"), _place(_given(sent, "turn")))
        page = sent.get("page", "").strip()
        fields = {"question": turn.question, "expects": [page] if page else []}
        if not owner:
            _check_case(fields)
            self._desk.judge(turn, good=False, reason=f"For the evaluation: {page or 'to be judged'}")
            return "Thank you: it waits for the review of who runs this server (`roadmap eval --from-feedback`)."
        add_case(self._desk.data / FILE, fields)
        return (
            "Added: `roadmap eval --suite mine` measures it." if page else "Added, to be judged: `roadmap eval judge`."
        )

    def save_card(self, person: str, sent: Sent) -> str:
        """Keeps an answer as a review card."""
        turn = self._views.turn(person, _given(sent, "conversation"), _place(_given(sent, "turn")))
        if turn.answer is None:
            raise DeedError("This answer was not finished: ask again, then save it.")
        self._desk.companion.save_card(person, *card_of_answer(turn.question, turn.answer), self._desk.now())
        return "Saved: it comes up under Today."


def _check_case(fields: dict[str, Any]) -> None:
    try:
        case_of(fields, 0)
    except FieldError as error:
        raise DeedError(str(error)) from error


def _given(sent: Sent, name: str) -> str:
    value = sent.get(name, "")
    if not value:
        raise DeedError(f"Nothing was given for “{name}”: give it, or reload the page.")
    return value


def _place(text: str) -> int:
    """The number of a turn."""
    return _number(text, "is no question of a conversation")


def _number(text: str, otherwise: str) -> int:
    """A whole number. Errors: `DeedError`, with what the text is otherwise."""
    if not (text.isascii() and text.isdecimal() and len(text) < 7):
        raise DeedError(f"{text[:20]!r} {otherwise}: reload the page and try again.")
    return int(text)
