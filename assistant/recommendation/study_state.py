"""A learner's progress over the slots: what is closed, presumed, passed over, open, usable. Pure.

The first stage of `recommend` and `readiness`, which stand beside it; decides nothing by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from assistant.recommendation.curriculum import HELD_BACK_BY, Rules, Slot, is_free, needs_of, proposed_split, url_of
from assistant.recommendation.progress import Progress
from corpus.notes import Notes
from corpus.roadmap import Resource, Weeks


@dataclass(frozen=True)
class State:
    """A learner's progress over the slots."""

    notes: Notes
    progress: Progress
    rules: Rules
    slots: tuple[Slot, ...]
    done: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "done", self.rules.with_same_course(self.progress.done))

    def closed(self, slot: Slot) -> bool:
        return slot.closed(self.done, self.progress.skipped)

    @cached_property
    def split(self) -> dict[Slot, Weeks]:
        return proposed_split(self.slots, self.notes, self.rules)

    def weeks(self, slot: Slot) -> Weeks:
        """The roadmap's weeks; in a block that it does not divide, our proposed split of them."""
        return self.split.get(slot, slot.weeks)

    @cached_property
    def first_done(self) -> int:
        """Position of the first slot with a mark: what lies before it was presumed, not forgotten."""
        marked = self.progress.done | self.progress.in_progress
        return next((i for i, slot in enumerate(self.slots) if slot.ids & marked), len(self.slots))

    @cached_property
    def last_begun(self) -> int:
        marked = self.progress.done | self.progress.in_progress
        return max((i for i, slot in enumerate(self.slots) if slot.ids & marked), default=-1)

    def presumed(self, slot: Slot) -> bool:
        """Known without a mark: before the week that the learner names, and before every mark."""
        week = self.progress.week
        return week is not None and self.weeks(slot).last < week and self.slots.index(slot) < self.first_done

    def passed_over(self, slot: Slot) -> bool:
        """An optional or supplemental slot that the learner has gone past, or that would cost a due one."""
        week = self.progress.week
        if slot.level in HELD_BACK_BY:
            return False
        if self.slots.index(slot) < self.last_begun or (week is not None and slot.weeks.last < week):
            return True
        due = (s for s in self.open_all if s is not slot and s.block is slot.block and s.level in HELD_BACK_BY)
        return week == slot.weeks.last and any(s.weeks.first == week and s.checkpoint for s in due)

    @cached_property
    def open_all(self) -> tuple[Slot, ...]:
        """Everything neither closed nor presumed, in order."""
        return tuple(s for s in self.slots if not self.closed(s) and not self.presumed(s))

    @cached_property
    def open(self) -> tuple[Slot, ...]:
        """What counts for the next step: without optional and supplemental slots gone past."""
        return tuple(s for s in self.open_all if not self.passed_over(s))

    def usable(self, member: Resource) -> bool:
        free = not self.progress.wants_free or is_free(member, self.notes, self.rules)
        return free and member.id not in self.progress.dead

    def members(self, slot: Slot) -> tuple[Resource, ...]:
        """Members that are left: not skipped; the usable ones if there are any."""
        left = tuple(m for m in slot.members if m.id not in self.progress.skipped)
        return tuple(m for m in left if self.usable(m)) or left

    def gone(self, slot: Slot) -> bool:
        """Whether the pages of every member that is left are dead."""
        left = [m for m in slot.members if m.id not in self.progress.skipped]
        return bool(left) and all(m.id in self.progress.dead for m in left)

    def affordable(self, slot: Slot) -> bool:
        return any(self.usable(m) for m in self.members(slot))

    def url(self, member: Resource) -> str:
        return url_of(member, self.notes, free=self.progress.wants_free, dead=member.id in self.progress.dead)

    def missing(self, slot: Slot, member: Resource) -> tuple[str, ...]:
        """Needs of the resource that are not marked as done (nor skipped on purpose), in order."""
        needs = needs_of(slot, member, self.slots, self.rules)
        return tuple(self.members(need)[0].id for need in needs if not self.closed(need))
