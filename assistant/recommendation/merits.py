"""What speaks for a resource now: what it builds on, what it opens, how it suits the learner. Pure.

Beside `assistant.recommendation.reasons`, which says why the rules chose it.
"""

from __future__ import annotations

from assistant.recommendation.curriculum import HELD_BACK_BY, Slot, cost_of, leaning_of, needs_of
from assistant.recommendation.reasons import listed
from assistant.recommendation.study_state import State
from corpus.notes import FREE_COSTS
from corpus.roadmap import Resource

MOST_NAMED = 3
_MEANT = {"code": "code first", "theory": "theory first"}


def builds_on(state: State, slot: Slot, member: Resource) -> tuple[str, ...]:
    """Titles of what the member needs and the learner has done."""
    needs = needs_of(slot, member, state.slots, state.rules)
    return tuple(m.title for need in needs for m in need.members if m.id in state.done)


def unlocks(state: State, slot: Slot) -> tuple[str, ...]:
    """Titles of what is still to come and needs this slot, in order of study."""
    found: list[str] = []
    for other in state.open:
        member = state.members(other)[0]
        if other is not slot and slot in needs_of(other, member, state.slots, state.rules):
            found.append(member.title)
    return tuple(found)


def suits(state: State, slot: Slot, member: Resource) -> str:
    """How it goes with what the learner prefers: a sentence for each preference, "" without any."""
    said = [_on_order(state, slot, member)] if state.progress.prefer in _MEANT else []
    if state.progress.wants_free:
        said.append(_on_money(state, member))
    return " ".join(text for text in said if text)


def _on_order(state: State, slot: Slot, member: Resource) -> str:
    """What "code first" or "theory first" makes of it here; where it makes nothing, where it will."""
    wanted = state.progress.prefer
    leaning = leaning_of(member, state.rules)
    if leaning == wanted:
        return f"You prefer {_MEANT[wanted]}, and it is that."
    hands_on = f" (hands-on: {member.hands_on.lower()})" if member.hands_on else ""
    later = next((m for s in state.open if s is not slot and (m := _fitting(state, s))), None)
    then = f"; it decides next at {later.title} ({later.weeks})" if later else ""
    return f"You prefer {_MEANT[wanted]}: here the roadmap leaves no such choice{hands_on}{then}."


def _fitting(state: State, slot: Slot) -> Resource | None:
    """The member of a pair that the order preferred chooses."""
    fitting = (m for m in state.members(slot) if leaning_of(m, state.rules) == state.progress.prefer)
    return next(fitting, None) if slot.pair and slot.level in HELD_BACK_BY else None


def _on_money(state: State, member: Resource) -> str:
    if cost_of(member, state.notes, state.rules) in FREE_COSTS:
        return "It costs nothing."
    way = state.rules.free_way(member.id)
    return "" if way else "It costs money, and no free way is known here."


def order_said(builds: tuple[str, ...], opens: tuple[str, ...]) -> str:
    """ "It builds on A, which you have done, and opens the way to B and C."; "" where it does neither."""
    way = f"opens the way to {', '.join(opens[:2])} and {len(opens) - 2} more" if len(opens) > MOST_NAMED else ""
    way = way or (f"opens the way to {listed(opens)}" if opens else "")
    if not builds:
        return f"It {way}." if way else ""
    return f"It builds on {listed(builds)}, which you have done{f', and {way}' if way else ''}."
