"""What the companion says: `reply(companion, text, learner, now, week)` -> `Answer`, or None if it has no say.

Stages: 1 a command is done, and said back -> 2 a question that only the state answers -> 3 both in one breath
("I finished fast.ai, what next?") -> 4 None. The sentences about plans and steps are made in `assistant.telling`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from assistant import telling
from assistant.commands import Command, Unclear, understand
from assistant.learner import Learner, apply
from assistant.personal import Wish, wondered
from assistant.replan import must_end_by
from assistant.sheet import Sheet
from assistant.values import Answer, Part

if TYPE_CHECKING:
    from assistant.companion import Companion

UNDO_HINT = "Say “undo that” to take it back."
_BREATHS = re.compile(
    r"\s*[.;!]\s+|,?\s+(?:and|so|now)\s+(?=what)|,\s+(?=what|which|when|where|am i|can i)", re.IGNORECASE
)


def reply(companion: Companion, text: str, learner: str, now: datetime, week: int | None) -> Answer | None:
    """See `Companion.reply`."""
    if not _concerns_it(companion, text, now):
        return None
    asked = _Asked(companion, text, learner, now, week)
    answer = _one(asked)
    if answer is not None:
        return answer
    pieces = [piece for piece in _BREATHS.split(text.strip()) if piece]
    if len(pieces) != 2:
        return None
    state = companion.learner(learner)
    command = understand(pieces[0], companion.roadmap, companion.notes, state.day(now))
    wish = wondered(pieces[1], companion.roadmap, state.day(now))
    if not isinstance(command, Command) or wish is None:
        return None
    sheet = Sheet(companion.roadmap)
    parts = _done(asked, command, sheet, state, goes_on=False)
    return sheet.answer(text, [*parts, *_wished(asked, wish, sheet, companion.learner(learner))])


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
        view = companion.today(asked.learner, now, command.minutes)
        return [Part("notice", command.understood), telling.today_part(companion, view, sheet)]
    if command.kind == "deadline" and command.last:
        return [Part("notice", command.understood), _deadline(asked, before, Wish("deadline", by=command.last))]
    plan = companion.plan(asked.learner, now)
    after = companion.change(asked.learner, command.understood, lambda it: apply(it, command, now), now)
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
    """The parts of an answer; none where nothing is known of the learner that the question needs."""
    companion, now = asked.companion, asked.now
    known = bool(learner.start or learner.marks)
    if wish.kind == "next":
        return [telling.next_part(companion, _next(asked, known), sheet)]
    if wish.kind == "ready":
        return telling.ready_parts(companion, wish, companion.progress(asked.learner), sheet)
    if wish.kind == "skip":
        return telling.skip_parts(companion, wish, companion.progress(asked.learner), sheet)
    if wish.kind == "deadline":
        return [_deadline(asked, learner, wish)]
    return [_personal(companion, wish, sheet, learner, now)] if known else []


def _personal(companion: Companion, wish: Wish, sheet: Sheet, learner: Learner, now: datetime) -> Part:
    """Answers about the learner's own days, of whom something is known."""
    if wish.kind == "cards":
        return telling.cards_part(companion.cards(learner.name, now))
    if wish.kind == "where":
        return telling.where_part(companion, learner, now, sheet)
    if wish.kind == "end":
        return telling.end_part(companion, learner, wish, now)
    if wish.span == "today":
        return telling.today_part(companion, companion.today(learner.name, now), sheet)
    return telling.span_part(companion, learner, wish.span, now, sheet)


def _next(asked: _Asked, known: bool) -> telling.Recommendation:
    """One of whom nothing is stored is taken at the week chosen on the page."""
    if known or asked.week is None:
        return asked.companion.next(asked.learner, asked.now)
    progress = replace(asked.companion.progress(asked.learner), week=asked.week)
    return telling.recommend(asked.companion.roadmap, asked.companion.notes, progress)
