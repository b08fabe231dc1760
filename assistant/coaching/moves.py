"""Moving a plan: a week later or earlier, anew from today, and what a person may do with a pause. Pure.

A plan that has begun moves by a pause until the week after next begins, so that weeks keep their weekday.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from assistant.recommendation.progress import InputError, check_start
from assistant.study.learner import Learner, with_pause
from assistant.study.pace import study_week
from assistant.study.planned import WEEK, Pause

MOST_WEEKS = 52
LONGEST_PAUSE = 366
"""Days; what is longer is a slip of the keyboard, or a new start."""


def shifted(learner: Learner, weeks: int, today: date) -> Learner:
    """The learner with all that is left so many weeks later (or earlier).

    Errors: `InputError` without a plan, for a shift that is none, or where nothing is left to be taken back.
    """
    if not 1 <= abs(weeks) <= MOST_WEEKS:
        raise InputError(f"The plan cannot move by {weeks} weeks: give 1 to {MOST_WEEKS}, or -1 for a week earlier.")
    start = begun(learner)
    if start > today:
        later = check_start(start + weeks * WEEK)
        if later < today:
            raise InputError(f"The plan would begin on {later}, in the past: it can begin on {today} at the earliest.")
        return replace(learner, start=later)
    return _later(learner, weeks, today) if weeks > 0 else _earlier(learner, -weeks, today)


def paused(learner: Learner, first: date, last: date) -> Learner:
    """The learner with a pause. Errors: `InputError` without a plan, and for days that are no pause of it."""
    start = begun(learner)
    if last < start:
        raise InputError(f"The pause ends on {last}, before the plan begins on {start}: give later days.")
    if (last - first).days >= LONGEST_PAUSE:
        raise InputError(f"A pause of more than {LONGEST_PAUSE} days is a new start: set another first day instead.")
    return with_pause(learner, Pause(first, last))


def unpaused(learner: Learner, first: date, today: date) -> Learner:
    """Without the pause that begins on a day; one under way ends yesterday, and what lies before it stays.

    Errors: `InputError` for a pause that is not there, or is over.
    """
    pause = next((pause for pause in learner.pauses if pause.first == first), None)
    if pause is None:
        raise InputError(f"No pause begins on {first}: reload the page.")
    if pause.last < today:
        raise InputError(f"The pause until {pause.last} is over: it stays, as your weeks are counted with it.")
    others = tuple(other for other in learner.pauses if other is not pause)
    if pause.first < today:
        others = (*others, Pause(pause.first, today - timedelta(days=1)))
    return replace(learner, pauses=tuple(sorted(others, key=lambda p: p.first)))


def replanned(learner: Learner, today: date) -> Learner:
    """The learner on time, by a plan of today. Errors: `InputError` where there is no plan yet."""
    begun(learner)
    return learner.replanned_on(today)


def begun(learner: Learner) -> date:
    """The first day of the plan. Errors: `InputError` where there is no plan yet."""
    if learner.start is None:
        raise InputError("You have no plan yet: start one first.")
    return learner.start


def _later(learner: Learner, weeks: int, today: date) -> Learner:
    _, first = study_week(begun(learner), learner.pauses, today)
    under_way = next((pause for pause in learner.pauses if pause.first <= today <= pause.last), None)
    begin = under_way.first if under_way else max(first, today)
    end = (first if under_way else first + WEEK) + (weeks - (0 if under_way else 1)) * WEEK
    return with_pause(learner, Pause(begin, end - timedelta(days=1)))


def _earlier(learner: Learner, weeks: int, today: date) -> Learner:
    pause = next((pause for pause in learner.pauses if today <= pause.last), None)
    if pause is None:
        raise InputError("The plan is under way and has no pause ahead: more hours a week make it end earlier.")
    rest = pause.last - weeks * WEEK
    if rest < max(pause.first, today):
        return unpaused(learner, pause.first, today)
    return replace(learner, pauses=tuple(Pause(p.first, rest) if p is pause else p for p in learner.pauses))
