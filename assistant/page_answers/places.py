"""Passages -> the places that an answer can show: a block with what belongs to it, never across a heading. Pure.

A place is read whole: a list with the sentence that leads into it, a sentence with the one that it leans on, code with
what says what it does. Which of them answers is chosen elsewhere (`place_choice`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.page_answers.answer_form import leans
from assistant.page_answers.quotable_units import Unit

PROSE = 650
"""Characters of prose that a place shows at the most."""

CODE = 1200
"""Characters of one block of code that is shown at the most: a longer one from its beginning."""

ROOM = 650
"""Characters up to which a place is shown with the blocks after it in its section."""

LEAD = 300
"""Characters of a paragraph that is shown whole where it leads into what answers."""

MUCH = 0.15
"""How much lower than the best a block may score that stands before it."""

ITEMS = 12
"""Items of a list, and rows of a table, at the most."""


@dataclass(frozen=True, slots=True)
class Place:
    """Units of one passage that are shown together, in reading order; `anchor` is the block that they belong to."""

    passage: int
    anchor: int
    units: tuple[Unit, ...]

    @property
    def text(self) -> str:
        return "\n".join(unit.text for unit in self.units)

    @property
    def size(self) -> int:
        """Characters."""
        return sum(len(unit.text) for unit in self.units)


def places_of(units: Sequence[Unit], *, shows: bool = False) -> list[Place]:
    """A place for every block of a passage, each once. `units` are scored, in reading order.

    shows: whether code that follows is wanted.
    """
    blocks: dict[int, list[Unit]] = {}
    for unit in units:
        blocks.setdefault(unit.block, []).append(unit)
    found: dict[tuple[tuple[int, int], ...], Place] = {}
    for anchor, block in blocks.items():
        shown = _place(blocks, anchor, block, shows=shows)
        if shown:
            key = tuple((unit.start, unit.end) for unit in shown)
            found.setdefault(key, Place(block[0].passage, anchor, tuple(shown)))
    return list(found.values())


def _place(blocks: dict[int, list[Unit]], anchor: int, block: list[Unit], *, shows: bool) -> list[Unit]:
    """The block, what leads into it, and what it leads into. Blocks of one section follow each other by number."""
    kind = block[0].kind
    if kind in ("code", "table"):
        kept = block
    elif kind == "list":
        kept = _items(block)
    else:
        kept = _sentences(block)
    if not kept:
        return []
    before = _before(blocks.get(anchor - 1, []), kept)
    return _grown(blocks, [*before, *kept, *_after(blocks, anchor, kept, shows=shows)], shows=shows)


def _grown(blocks: dict[int, list[Unit]], kept: list[Unit], *, shows: bool) -> list[Unit]:
    """With the blocks after it, as long as there is room: a place is read in its context."""

    def beside(block: int) -> list[Unit]:
        found = blocks.get(block, [])
        return found if shows or not found or found[0].kind != "code" else []

    while kept[-1] is blocks[kept[-1].block][-1]:
        after = beside(kept[-1].block + 1)
        if not after or sum(len(unit.text) for unit in (*kept, *after)) > ROOM:
            break
        kept = [*kept, *after]
    return _trimmed(_ended(blocks, kept))


def _trimmed(kept: list[Unit]) -> list[Unit]:
    """Without what says nothing at its ends ("In this section we will ...", lines of an outline)."""
    told = ("paragraph", "quote", "list")
    while len(kept) > 1 and kept[0].hollow and kept[0].kind in told and not _leads_in(kept[0]):
        kept = kept[1:]
    while len(kept) > 1 and kept[-1].hollow and kept[-1].kind in ("paragraph", "quote"):
        kept = kept[:-1]
    return kept


def begun(place: Place) -> Place:
    """The place from its best block on: what stands before that and says much less only keeps a reader waiting.

    What the best block needs before it stays: the sentence that leads into it, or that it leans on.
    """
    best = max(place.units, key=lambda unit: unit.score)
    first = next(unit for unit in place.units if unit.block == best.block)
    needed = {best.block}
    if first.kind not in ("paragraph", "quote") or leans(first.text):
        needed.add(best.block - 1)
    good = {unit.block for unit in place.units if unit.score >= best.score - MUCH}
    opening = min(good | needed)
    return replace(place, units=tuple(unit for unit in place.units if unit.block >= opening))


def _ended(blocks: dict[int, list[Unit]], kept: list[Unit]) -> list[Unit]:
    """With what its last sentence leads into, or else without that sentence."""
    if not _leads_in(kept[-1]):
        return kept
    following = blocks.get(kept[-1].block + 1, []) if kept[-1] is blocks[kept[-1].block][-1] else []
    if following and following[0].kind in ("code", "list", "table"):
        return [*kept, *following[:ITEMS]]
    return kept[:-1] if len(kept) > 1 else kept


def _sentences(block: list[Unit]) -> list[Unit]:
    """The paragraph, if it fits; else from the best sentence on, or from the one before that it leans on."""
    if sum(len(unit.text) for unit in block) <= PROSE:
        return block
    best = max(range(len(block)), key=lambda n: block[n].score)
    first = best
    while first and (leans(block[first].text) or best - first < 1):
        first -= 1
        if best - first == 2:
            break
    return _fitting(block[first:], PROSE)


def _items(block: list[Unit]) -> list[Unit]:
    """The whole list, if it fits; else the items around the best."""
    if len(block) <= ITEMS and sum(len(unit.text) for unit in block) <= 2 * PROSE:
        return block
    best = max(range(len(block)), key=lambda n: block[n].score)
    return _fitting(block[max(0, best - 1) :], PROSE)[:ITEMS]


def _before(block: list[Unit], kept: list[Unit]) -> list[Unit]:
    """What a list, table, code or a leaning sentence needs before it."""
    if not block or block[0].kind not in ("paragraph", "quote"):
        return []
    first = kept[0]
    if first.kind in ("paragraph", "quote") and not leans(first.text):
        return []
    if sum(len(unit.text) for unit in block) <= LEAD:
        return block
    return block[-1:] if not leans(block[-1].text) else block[-2:]


def _after(blocks: dict[int, list[Unit]], anchor: int, kept: list[Unit], *, shows: bool) -> list[Unit]:
    """What the last sentence leads into, and code that is wanted."""
    last = kept[-1]
    following = blocks.get(anchor + 1, [])
    if not following or last is not blocks[anchor][-1]:
        return []
    if following[0].kind == "code":
        return following if shows or _leads_in(last) else []
    if not _leads_in(last):
        return []
    return following[:ITEMS] if following[0].kind in ("list", "table") else _fitting(following, PROSE)


def _fitting(units: Sequence[Unit], room: int) -> list[Unit]:
    kept: list[Unit] = []
    for unit in units:
        if kept and sum(len(u.text) for u in kept) + len(unit.text) > room:
            break
        kept.append(unit)
    return kept


def _leads_in(unit: Unit) -> bool:
    return unit.kind in ("paragraph", "quote") and unit.text.rstrip().endswith(":")
