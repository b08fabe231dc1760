"""Sentences about what a learner has done: on some days, or of one resource. Changes nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING

from assistant.answers import Part
from assistant.recommendation.reasons import counted
from assistant.study.learner import Learner, Mark
from assistant.study.pace import hours_between
from assistant.study.report import Line
from assistant.text.markdown import escaped

if TYPE_CHECKING:
    from assistant.companion import Companion

MOST_LINES = 12
"""Lines of a list in an answer; the command line lists them all."""


def did_part(companion: Companion, learner: Learner, days: tuple[date, date]) -> Part:
    """What was marked from a first to a last day."""
    first, last = days
    when = when_of(first, last)
    marks = [mark for mark in learner.marks if first <= learner.day(mark.at) <= last]
    if not marks:
        return Part("notice", f"Nothing is marked for {when}.")
    lines = [f"- {_marked_as(companion, mark)}" for mark in marks[:MOST_LINES]]
    if len(marks) > MOST_LINES:
        lines.append(f"- and {len(marks) - MOST_LINES} more: `roadmap progress` lists them all")
    hours = hours_between(companion.roadmap, companion.notes, learner, first, last)
    return Part("notice", f"{when}, about {hours:g} h:\n\n" + "\n".join(lines))


def status_part(companion: Companion, learner: Learner, resources: Collection[str], now: datetime) -> Part:
    """How far each resource is that is named."""
    lines = companion.report(learner.name, now).lines
    return Part("notice", " ".join(_status(line) for line in lines if line.resource in resources))


def when_of(first: date, last: date) -> str:
    """A day, or its first and last day with "to" between."""
    return f"{first}" if first == last else f"{first} to {last}"


def _status(line: Line) -> str:
    """ "fast.ai is in progress: 2 of 9 parts are done, about 30 h are left." """
    text = f"{escaped(line.title)} is {line.status.replace('-', ' ')}"
    if line.status != "in-progress":
        return f"{text}{f' ({line.reason})' if line.reason else ''}."
    done, left = len(line.units_done), line.hours_left
    parts = f"{done} of {counted(len(line.units), 'part')} {'is' if done == 1 else 'are'} done"
    return f"{text}: {parts}, about {left:g} h {'is' if left == 1 else 'are'} left."


def _marked_as(companion: Companion, mark: Mark) -> str:
    """A mark in words: "Chapter 3, Python for Data Analysis: done"."""
    unit = next((u.title for u in companion.notes.units(mark.resource) if u.id == mark.unit), mark.unit)
    title = companion.roadmap.title_of(mark.resource)
    minutes = f" ({mark.minutes} min)" if mark.minutes else ""
    return f"{escaped(f'{unit}, ' if unit else '')}{escaped(title)}: {mark.status.replace('-', ' ')}{minutes}"
