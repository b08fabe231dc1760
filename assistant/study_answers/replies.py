"""What the companion says: `reply(companion, text, learner, now, week)` -> `Answer`, or None if it has no say.

Stages: 1 several commands in one breath ("I finished fast.ai, and I have 5 hours a week") -> 2 a command is done, and
said back -> 3 a question that only the state answers -> 4 both ("I finished fast.ai, what next?") -> 5 None. The
sentences about plans and steps are made in `assistant.study_answers.sentences`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from assistant.answers import Answer, Part
from assistant.language.commands.personal import Wish, wondered
from assistant.language.commands.understand import understand
from assistant.roadmap_answers.citations import Sheet
from assistant.study.change import Command, Unclear
from assistant.study.learner import Learner, apply
from assistant.study.replan import must_end_by
from assistant.study_answers import history as looking_back
from assistant.study_answers import sentences as telling

if TYPE_CHECKING:
    from assistant.study.recommend import Recommendation
    from assistant.study_answers.companion import Companion

UNKNOWN = (
    "I know nothing of your start or your progress yet. Say when you start (“I start on {}”) or what you have done "
    "(“I finished the Linux refresher”), then I can answer this."
)
_WEEKS = ("this-week", "next-week")
UNDO_HINT = "Say “undo that” to take it back."
MOST_BREATHS = 4
_BREATHS = re.compile(
    r"\s*[.;!]\s+|,?\s+(?:and|so|now|but|then)\s+(?=what\b|i\b|my\b|have\b)|"
    r",\s+(?=(?:what|which|when|where|how|i|my)\b|am i|can i)|"
    r",?\s+with\s+(?=(?:only |about )?[\w.,]+ ?(?:h|hours?|minutes?) (?:a|per|each|every)\b)",
    re.IGNORECASE,
)


def reply(companion: Companion, text: str, learner: str, now: datetime, week: int | None) -> Answer | None:
    """The answer to a command ("I finished fast.ai") or to what only the state answers ("what next?"); None: ask the
    assistant. `week`: the week that the learner has chosen on the page, for one of whom nothing is stored.

    A command changes the state at once and says what was understood; "undo that" takes it back. Errors:
    `InputError` for impossible values ("200 hours a week"), `StoreError`.
    """
    if not _concerns_it(companion, text, now):
        return None
    asked = _Asked(companion, text, learner, now, week)
    pieces = [piece for piece in _BREATHS.split(text.strip()) if piece]
    return (_several(asked, pieces) if 1 < len(pieces) <= MOST_BREATHS else None) or _one(asked) or _both(asked, pieces)


def _several(asked: _Asked, pieces: list[str]) -> Answer | None:
    """Every piece is a command: each is done, in order."""
    commands = [asked.understood(piece) for piece in pieces]
    sheet = Sheet(asked.companion.roadmap)
    parts: list[Part] = []
    if not all(isinstance(command, Command) for command in commands):
        return None
    for command in commands:
        if isinstance(command, Command):
            parts += _done(asked, command, sheet, asked.companion.learner(asked.learner), goes_on=False)
    return sheet.answer(asked.text, parts)


def _both(asked: _Asked, pieces: list[str]) -> Answer | None:
    """A command, then a question. Time at hand says itself what to do."""
    if len(pieces) != 2:
        return None
    companion = asked.companion
    state = companion.learner(asked.learner)
    command = asked.understood(pieces[0])
    wish = wondered(pieces[1], companion.roadmap, state.day(asked.now))
    if not isinstance(command, Command) or wish is None:
        return None
    sheet = Sheet(companion.roadmap)
    parts = _done(asked, command, sheet, state, goes_on=False)
    if not (command.kind == "minutes" and wish.kind in ("next", "span")):
        parts += _wished(asked, wish, sheet, companion.learner(asked.learner))
    return sheet.answer(asked.text, parts)


def _concerns_it(companion: Companion, text: str, now: datetime) -> bool:
    """Whether any piece of the text may be the companion's, before a database is opened for it."""
    return any(
        understand(piece, companion.roadmap, companion.notes, now.date())
        or wondered(piece, companion.roadmap, now.date())
        for piece in (text, *_BREATHS.split(text.strip()))
        if piece
    )


class _Asked:
    """One thing said by one learner."""

    def __init__(self, companion: Companion, text: str, learner: str, now: datetime, week: int | None) -> None:
        self.companion, self.text, self.learner, self.now, self.week = companion, text, learner, now, week

    def understood(self, text: str) -> Command | Unclear | None:
        """The command that a text is, on the learner's own day."""
        companion = self.companion
        return understand(text, companion.roadmap, companion.notes, companion.learner(self.learner).day(self.now))


def _one(asked: _Asked) -> Answer | None:
    """The answer to a single command or question."""
    companion = asked.companion
    state = companion.learner(asked.learner)
    today = state.day(asked.now)
    sheet = Sheet(companion.roadmap)
    said = understand(asked.text, companion.roadmap, companion.notes, today)
    if isinstance(said, Unclear):
        return sheet.answer(asked.text, [Part("notice", said.question)], resources=said.choices)
    if said is not None:
        return sheet.answer(asked.text, _done(asked, said, sheet, state, goes_on=True), resources=said.resources)
    wish = wondered(asked.text, companion.roadmap, today)
    if wish is None:
        return None
    parts = _wished(asked, wish, sheet, state)
    cited = [citation.resource for citation in sheet.citations if citation.resource]
    return sheet.answer(asked.text, parts, resources=wish.resources or cited) if parts else None


# --- 1: commands ------------------------------------------------------------------------------------------------------


def _done(asked: _Asked, command: Command, sheet: Sheet, before: Learner, *, goes_on: bool) -> list[Part]:
    """Does what the command says; the parts say what was understood, and what it changes in the plan.

    `goes_on`: after something that is done, the next step is told too.
    """
    companion, now = asked.companion, asked.now
    if command.kind == "undo":
        return [Part("notice", f"Taken back: {companion.undo(asked.learner)}")]
    if command.kind == "minutes":
        ahead = command.first - before.day(now) if command.first else timedelta()
        view = companion.today(asked.learner, now + ahead, command.minutes)
        return [Part("notice", command.understood), telling.today_part(companion, view, sheet)]
    if command.kind == "deadline" and command.last:
        wish = Wish("deadline", by=command.last, resources=command.resources)
        return [Part("notice", command.understood), _deadline(asked, before, wish)]
    plan = companion.plan(asked.learner, now)
    notes = companion.notes
    after = companion.change(asked.learner, command.understood, lambda it: apply(it, command, notes, now), now)
    if after == before:
        return [Part("notice", f"Understood: {_lower(command.understood)} That is so already, nothing changed.")]
    moved = telling.moved_text(companion, after, plan, now)
    parts = [Part("notice", f"Understood: {_lower(command.understood)} {UNDO_HINT}"), Part("notice", moved)]
    if command.kind == "done" and goes_on:
        parts.append(telling.next_part(companion, companion.next(asked.learner, now), sheet))
    return parts


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _deadline(asked: _Asked, learner: Learner, wish: Wish) -> Part:
    companion, day = asked.companion, learner.day(asked.now)
    if wish.resources:
        return telling.end_part(companion, learner, wish, asked.now)
    start = max(day, learner.start or day)
    found = must_end_by(
        companion.roadmap,
        companion.notes,
        start,
        learner.hours,
        wish.by or day,
        progress=companion.progress(asked.learner),
        pauses=learner.pauses,
    )
    return Part("suggestion", found.text)


# --- 2: questions -----------------------------------------------------------------------------------------------------


def _wished(asked: _Asked, wish: Wish, sheet: Sheet, learner: Learner) -> list[Part]:
    """The parts of an answer; none where nothing is known of the learner, and the assistant can ask for the week."""
    companion, now = asked.companion, asked.now
    known = bool(learner.start or learner.marks)
    if wish.kind == "fits":
        return [telling.today_part(companion, companion.today(asked.learner, now, wish.minutes), sheet)]
    if wish.kind == "next":
        return [telling.next_part(companion, _next(asked, known), sheet)]
    if wish.kind == "ready":
        return telling.ready_parts(companion, wish, companion.progress(asked.learner), sheet)
    if wish.kind == "skip":
        return telling.skip_parts(companion, wish, companion.progress(asked.learner), sheet)
    if wish.kind == "deadline":
        return [_deadline(asked, learner, wish)]
    if known:
        return [_personal(companion, wish, sheet, learner, now)]
    if asked.week is not None or wish.kind == "where" or (wish.span in _WEEKS and not wish.days):
        return []
    return [Part("notice", UNKNOWN.format(learner.day(now)))]


def _personal(companion: Companion, wish: Wish, sheet: Sheet, learner: Learner, now: datetime) -> Part:
    """Answers about the learner's own days, of whom something is known."""
    if wish.kind == "cards":
        return telling.cards_part(companion.cards(learner.name, now))
    if wish.kind == "where":
        return telling.where_part(companion, learner, now, sheet)
    if wish.kind in ("end", "begin"):
        return telling.end_part(companion, learner, wish, now)
    if wish.kind == "did":
        return looking_back.did_part(companion, learner, wish, now)
    if wish.kind == "status":
        return looking_back.status_part(companion, learner, wish, now)
    if wish.span == "today" and wish.days is None:
        return telling.today_part(companion, companion.today(learner.name, now), sheet)
    return telling.span_part(companion, learner, wish, now, sheet)


def _next(asked: _Asked, known: bool) -> Recommendation:
    """One of whom nothing is stored is taken at the week chosen on the page."""
    if known or asked.week is None:
        return asked.companion.next(asked.learner, asked.now)
    return asked.companion.recommended(replace(asked.companion.progress(asked.learner), week=asked.week))
