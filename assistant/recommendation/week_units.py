"""The units of one week of the roadmap, by our split of its block. Pure; knows no dates and no sentences.

The hours of a resource's units are spread evenly over its weeks. Where the roadmap does not divide a block, each
resource has its share of the weeks first (`assistant.recommendation.curriculum.proposed_split`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.recommendation.curriculum import load_rules, slots_of, units_of
from assistant.recommendation.progress import Progress
from assistant.recommendation.recommend import choose_member
from assistant.recommendation.study_state import State
from corpus.notes import Notes, Unit
from corpus.roadmap import Resource, Roadmap, Weeks

Share = Literal["all", "begin", "go on", "finish"]
SLIVER = 0.25
"""A piece of a unit below this share of it goes to the week that holds more of it."""


@dataclass(frozen=True, slots=True)
class WeekUnit:
    """A unit, or the share of it that falls in the week, in rough study hours."""

    resource: Resource
    unit: Unit
    hours: float
    share: Share


def units_of_week(roadmap: Roadmap, notes: Notes, week: int, progress: Progress | None = None) -> tuple[WeekUnit, ...]:
    """What to do in a week, in order; of a pair the one that suits `progress`.

    Only of resources whose units a note tells: without one there is nothing to divide.
    """
    state = State(notes, progress or Progress(), load_rules(), slots_of(roadmap))
    found: list[WeekUnit] = []
    for slot in state.slots:
        weeks = state.weeks(slot)
        if week not in weeks:
            continue
        member = choose_member(state, slot)[0]
        if notes.note(member.id):
            units = units_of(member, notes, state.rules, sharing=slot.sharing)
            found += [WeekUnit(member, *piece) for piece in spread(units, weeks)[week - weeks.first]]
    return tuple(found)


def spread(units: tuple[Unit, ...], weeks: Weeks) -> list[list[tuple[Unit, float, Share]]]:
    """A list a week of (unit, hours in that week, which share of it).

    >>> units = (Unit("a", "A", 3, ""), Unit("b", "B", 1, ""))
    >>> [[(u.id, hours, share) for u, hours, share in week] for week in spread(units, Weeks(1, 2))]
    [[('a', 2, 'begin')], [('a', 1, 'finish'), ('b', 1, 'all')]]
    """
    count = len(weeks)
    each = sum(unit.hours for unit in units) / count
    plan: list[list[tuple[Unit, float, Share]]] = [[] for _ in range(count)]
    at = 0.0
    for unit in units:
        pieces = {
            n: min(at + unit.hours, (n + 1) * each) - max(at, n * each)
            for n in range(count)
            if at < (n + 1) * each and n * each < at + unit.hours
        }
        at += unit.hours
        most = max(pieces, key=lambda n: pieces[n])
        kept = {n: hours for n, hours in pieces.items() if n == most or hours >= SLIVER * unit.hours}
        kept[most] += unit.hours - sum(kept.values())
        for place, n in enumerate(kept):
            plan[n].append((unit, kept[n], _share(place, len(kept))))
    return plan


def _share(place: int, count: int) -> Share:
    if count == 1:
        return "all"
    return "begin" if place == 0 else "finish" if place == count - 1 else "go on"
