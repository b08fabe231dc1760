"""Our proposed split of the weeks of blocks that the roadmap does not divide (21-32, 33-48). Pure.

The roadmap gives such a block's weeks only; the split gives each of its slots a run of whole weeks, in
the order of the rows and in proportion to the study hours. It is always shown as ours.
"""

from __future__ import annotations

from itertools import groupby

from assistant.rules import Rules, Slot, units_of
from corpus.notes import Notes
from corpus.roadmap import Weeks


def proposed_split(slots: tuple[Slot, ...], notes: Notes, rules: Rules | None = None) -> dict[Slot, Weeks]:
    """Slot -> weeks for every slot of an undivided block; slots of divided blocks are not in it.

    The runs follow each other without gap or overlap and fill the block, as long as it has at least
    as many weeks as slots; otherwise every slot keeps the whole block.
    """
    found: dict[Slot, Weeks] = {}
    for block, group in groupby(slots, key=lambda slot: slot.block):
        members = list(group)
        if block.divided or len(members) > len(block.weeks):
            continue
        hours = [sum(u.hours for u in units_of(s.members[0], notes, rules, sharing=s.sharing)) for s in members]
        lengths = shares(len(block.weeks), hours)
        first = block.weeks.first
        for slot, length in zip(members, lengths, strict=True):
            found[slot] = Weeks(first, first + length - 1)
            first += length
    return found


def shares(total: int, weights: list[float]) -> list[int]:
    """Whole numbers >= 1 in proportion to the weights that add up to `total` (>= their count).

    Largest remainder over what is left after one each; ties go to the earlier one.
    """
    spare = total - len(weights)
    weights = weights if any(weights) else [1.0] * len(weights)
    whole = sum(weights)
    exact = [max(0.0, weight / whole * total - 1) for weight in weights]
    scale = spare / (sum(exact) or 1.0)
    exact = [value * scale for value in exact]
    lengths = [int(value) for value in exact]
    rest = sorted(range(len(weights)), key=lambda i: (lengths[i] - exact[i], i))
    for i in rest[: spare - sum(lengths)]:
        lengths[i] += 1
    return [length + 1 for length in lengths]
