"""A year of a learner who slips twice, edits the roadmap once and finishes; told as it goes.

`python -m tests.scripted_year [DATABASE]` shows the transcript, over a new SQLite file or a postgresql:// URL. The
clock is given, so that every run on every database tells the same.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.companion import Companion
from assistant.service import Assistant
from assistant.study.learner import Learner, Mark, with_mark, with_minutes
from assistant.study.planned import PlannedUnit
from corpus.settings import Settings
from tests.learning_fixtures import edited

WHO = "ada"
BEGIN = datetime(2027, 1, 4, 18, tzinfo=UTC)
REMOVED = "python-for-data-analysis"
"""The row that is taken out of the roadmap; the learner has done it by then."""

CARDS_A_WEEK = 3
MOST_WEEKS = 80


def a_year(assistant: Assistant) -> Iterator[str]:
    """What is said and done, in order. Leaves the assistant with the edited roadmap and the finished learner."""
    companion = assistant.companion
    for text in ("I start on 2027-01-04", "I have 20 hours a week", "skip the Linux refresher because I know it"):
        yield told(assistant, text, BEGIN)
    now = BEGIN
    for week in range(MOST_WEEKS):
        plan = companion.plan(WHO, now)
        if plan is None or not plan.weeks:
            break
        if week == 9:
            now += timedelta(weeks=3)
            yield f"{now:%Y-%m-%d}  (three weeks without a word)"
            yield from (told(assistant, text, now) for text in ("where am I?", "replan"))
        if week == 20:
            assistant.roadmap = companion.roadmap = edited(companion.roadmap, REMOVED)
            yield f"{now:%Y-%m-%d}  (the roadmap is edited: rows in another order, {REMOVED} removed)"
            yield told(assistant, "where am I?", now)
        if week == 30:
            now += timedelta(weeks=2)
            yield f"{now:%Y-%m-%d}  (two weeks without a word)"
            for text in ("am I behind?", "I have 25 hours a week", "I must be done by March 2028"):
                yield told(assistant, text, now)
        yield study(companion, now)
        now += timedelta(weeks=1)
    yield from (told(assistant, text, now) for text in ("what next?", "where am I?"))


def told(assistant: Assistant, text: str, now: datetime) -> str:
    """Something said, and the assistant's answer; each is said as the first of a conversation."""
    answer = assistant.ask(text, person=WHO, now=now, llm="none")
    if not answer.capabilities:
        raise AssertionError(f"the assistant asks back at {text!r}: {answer.text}")
    return f"{now:%Y-%m-%d}  > {text}\n{answer.text}"


def study(companion: Companion, now: datetime) -> str:
    """Does the present week of the plan, of a long unit the part that falls into it, and reviews a few cards."""
    plan = companion.plan(WHO, now)
    units = [u for u in plan.weeks[0].units if u.task.resource] if plan else []
    at = now + timedelta(days=4)
    companion.change(WHO, f"A week of study: {len(units)} units.", lambda it: _with(it, units, at), at)
    cards = companion.due(WHO, at)[:CARDS_A_WEEK]
    for item in cards:
        companion.grade(WHO, item.card.key, "good", at)
    hours, titles = sum(unit.hours for unit in units), "; ".join(unit.title for unit in units)
    return f"{at:%Y-%m-%d}  studies {hours:g} h and {len(cards)} cards: {titles or 'catching up'}"


def _with(learner: Learner, units: list[PlannedUnit], at: datetime) -> Learner:
    for unit in units:
        task = unit.task
        if unit.part == unit.parts:
            learner = with_mark(learner, Mark(task.resource, task.unit, "done", at))
        else:
            learner = with_minutes(learner, task.resource, task.unit, unit.minutes, at)
    return learner


def main() -> None:
    """Shows the transcript."""
    with tempfile.TemporaryDirectory() as folder:
        assistant = Assistant(Settings(data=Path(folder), learners=sys.argv[1] if len(sys.argv) > 1 else ""))
        for line in a_year(assistant):
            sys.stdout.write(f"{line}\n\n")
        assistant.companion.close()


if __name__ == "__main__":
    main()
