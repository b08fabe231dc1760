"""The roadmap as a sequence of slots, and the rules that the layout does not say (curriculum.toml).

A slot is one thing to do: a resource, or a preferred/alternative pair of which one is enough. Knows
order, levels, pairs, needs, costs and hours; knows nothing of learners, dates or storage. Pure but
for `load_rules`, which reads curriculum.toml once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from corpus.notes import FREE_COSTS, Cost, Notes, Unit
from corpus.roadmap import Block, Resource, Roadmap, Weeks

RULES_FILE = Path(__file__).with_name("curriculum.toml")

Level = Literal["mandatory", "recommended", "supplemental", "optional"]
Leaning = Literal["code", "theory", ""]
HELD_BACK_BY: tuple[Level, ...] = ("mandatory", "recommended")
"""Levels that come before what follows; supplemental and optional ones may be passed over."""


@dataclass(frozen=True, slots=True)
class Need:
    """`resource` wants each of `first` done; `says` is "roadmap" or "ours"."""

    resource: str
    first: tuple[str, ...]
    why: str
    says: str


@dataclass(frozen=True, slots=True)
class FreeWay:
    """Where the skills of a paid resource can be had for nothing; `what` is half a sentence."""

    resource: str
    what: str
    url: str


@dataclass(frozen=True, slots=True)
class Rules:
    """curriculum.toml as values."""

    needs: tuple[Need, ...]
    same_course: tuple[frozenset[str], ...]
    optional: tuple[str, ...]
    mandatory: tuple[str, ...]
    theory: tuple[str, ...]
    code: tuple[str, ...]
    paid_hosts: tuple[str, ...]
    catalogues: tuple[str, ...]
    hours_a_week: float
    free_ways: tuple[FreeWay, ...]
    format_ids: tuple[tuple[str, frozenset[str]], ...]

    @property
    def formats(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.format_ids)

    def in_format(self, resource: str, formats: Collection[str]) -> bool:
        """Whether a resource comes in one of the formats."""
        return any(resource in ids for name, ids in self.format_ids if name in formats)

    def formats_of(self, resource: str) -> tuple[str, ...]:
        """The formats that a resource comes in; none for projects of one's own."""
        return tuple(name for name, ids in self.format_ids if resource in ids)

    def free_way(self, resource: str) -> FreeWay | None:
        return next((way for way in self.free_ways if way.resource == resource), None)

    def with_same_course(self, ids: Collection[str]) -> frozenset[str]:
        """The ids, and those that name the same course."""
        groups = (group for group in self.same_course if group & set(ids))
        return frozenset(ids).union(*groups)


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing to do. `members` has one resource, or a pair with the preferred one first."""

    members: tuple[Resource, ...]
    weeks: Weeks
    phase: int
    block: Block
    level: Level
    checkpoint: bool

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(member.id for member in self.members)

    @property
    def pair(self) -> bool:
        return len(self.members) > 1

    @property
    def sharing(self) -> int:
        """How many resources share the weeks of a block that the roadmap does not divide; else 1."""
        return 1 if self.block.divided else max(1, len(self.block.resources))

    def closed(self, done: Collection[str], skipped: Collection[str] = ()) -> bool:
        """One member done is enough; skipping closes the slot only if no member is left."""
        if self.ids & set(done):
            return True
        return self.ids <= set(skipped)


@cache
def load_rules(path: Path = RULES_FILE) -> Rules:
    """Reads curriculum.toml; a broken one is a fault of the installation and raises as it is."""
    data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    words = data["words"]
    needs = (Need(n["resource"], tuple(n["first"]), n["why"], n["says"]) for n in data["needs"])
    return Rules(
        needs=tuple(needs),
        same_course=tuple(frozenset(group["ids"]) for group in data["same_course"]),
        optional=tuple(words["optional"]),
        mandatory=tuple(words["mandatory"]),
        theory=tuple(words["theory"]),
        code=tuple(words["code"]),
        paid_hosts=tuple(data["costs"]["paid_hosts"]),
        catalogues=tuple(data["costs"]["catalogues"]),
        hours_a_week=float(data["hours"]["a_week"]),
        free_ways=tuple(FreeWay(way["resource"], way["what"], way["url"]) for way in data["free_ways"]),
        format_ids=tuple((name, frozenset(ids)) for name, ids in data["formats"].items()),
    )


def slots_of(roadmap: Roadmap, rules: Rules | None = None) -> tuple[Slot, ...]:
    """All slots in order of study: by first week, a checkpoint after what it shares weeks with."""
    rules = rules or load_rules()
    slots = [slot for block in roadmap.blocks for slot in _block_slots(block, rules)]
    phases = {phase.number: place for place, phase in enumerate(roadmap.phases)}
    return tuple(sorted(slots, key=lambda slot: (phases[slot.phase], _position(slot))))


def _position(slot: Slot) -> tuple[int, bool, int]:
    """A checkpoint stands where its weeks end: after everything that begins in or before them."""
    first = slot.weeks.last if slot.checkpoint else slot.weeks.first
    return (first, slot.checkpoint, slot.weeks.last)


def _block_slots(block: Block, rules: Rules) -> list[Slot]:
    """The alternatives of a block stand in for its first preferred resource."""
    preferred = next((r for r in block.resources if r.role == "preferred"), None)
    alternatives = tuple(r for r in block.resources if r.role == "alternative")
    slots: list[Slot] = []
    for resource in block.resources:
        if resource is preferred:
            slots.append(_slot((resource, *alternatives), block, rules))
        elif preferred is None or resource not in alternatives:
            slots.append(_slot((resource,), block, rules))
    return slots


def _slot(members: tuple[Resource, ...], block: Block, rules: Rules) -> Slot:
    head = members[0]
    return Slot(
        members=members,
        weeks=head.weeks,
        phase=head.phase,
        block=block,
        level=level_of(head, rules),
        checkpoint=head.role == "checkpoint",
    )


def level_of(resource: Resource, rules: Rules | None = None) -> Level:
    """What the roadmap's columns make of it; "recommended" where they say nothing stronger."""
    rules = rules or load_rules()
    words = resource.recommendation.lower()
    if any(word in words for word in rules.optional):
        return "optional"
    if resource.role == "supplemental":
        return "supplemental"
    return "mandatory" if any(word in words for word in rules.mandatory) else "recommended"


def leaning_of(resource: Resource, rules: Rules | None = None) -> Leaning:
    """Theory first or code first, by the roadmap's own recommendation ("" if it says neither)."""
    rules = rules or load_rules()
    words = resource.recommendation.lower()
    if any(word in words for word in rules.theory):
        return "theory"
    return "code" if any(word in words for word in rules.code) else ""


def cost_of(resource: Resource, notes: Notes, rules: Rules | None = None) -> Cost:
    """The note's word; without a note the roadmap's pros and cons, then the link's host."""
    note = notes.note(resource.id)
    if note:
        return note.cost
    rules = rules or load_rules()
    if called_paid(resource):
        return "paid"
    if any(pro.lower().startswith("free") for pro in resource.pros):
        return "free"
    if not resource.links:
        return "own-work"
    host = urlsplit(resource.links[0].url).hostname or ""
    return "paid" if host.removeprefix("www.") in rules.paid_hosts else "free"


def is_free(resource: Resource, notes: Notes, rules: Rules | None = None) -> bool:
    """Whether a learner who pays nothing can work through it, or take a free way to the same skills."""
    rules = rules or load_rules()
    return cost_of(resource, notes, rules) in FREE_COSTS or rules.free_way(resource.id) is not None


def called_paid(resource: Resource) -> bool:
    """Whether the roadmap's own cons say so (a note may know better)."""
    return any(con.lower() == "paid" for con in resource.cons)


def url_of(resource: Resource, notes: Notes, *, free: bool = False, dead: bool = False) -> str:
    """The roadmap's link; the note's address where that is missing, dead, a catalogue, or a shop beside a free one."""
    way = load_rules().free_way(resource.id)
    if free and way and cost_of(resource, notes) == "paid":
        return way.url
    note = notes.note(resource.id)
    lives_at = note.lives_at if note else ""
    link = resource.links[0].url if resource.links else ""
    rules = load_rules()
    host = (urlsplit(link).hostname or "").removeprefix("www.")
    shop = host in rules.paid_hosts and (free or cost_of(resource, notes) in FREE_COSTS)
    poor = dead or link in rules.catalogues or shop
    return lives_at or link if poor or not link else link


def units_of(resource: Resource, notes: Notes, rules: Rules | None = None, *, sharing: int = 1) -> tuple[Unit, ...]:
    """The note's units; without a note, one unit a week of the block at `rules.hours_a_week`.

    `sharing`: how many resources share the weeks (see `Slot.sharing`).
    """
    units = notes.units(resource.id)
    if units:
        return units
    hours = (rules or load_rules()).hours_a_week
    url = resource.links[0].url if resource.links else ""
    count = max(1, len(resource.weeks) // sharing)
    return tuple(Unit(f"week-{n}", f"{resource.title}, part {n} of {count}", hours, url) for n in range(1, count + 1))


def slot_of(slots: Collection[Slot], resource: str) -> Slot | None:
    return next((slot for slot in slots if resource in slot.ids), None)


def needs_of(slot: Slot, member: Resource, slots: tuple[Slot, ...], rules: Rules | None = None) -> tuple[Slot, ...]:
    """Slots that come first by rule, in order; a checkpoint also needs what shares its weeks.

    Never holds the slot itself, nor optional or supplemental slots.
    """
    rules = rules or load_rules()
    first = {id for need in rules.needs if need.resource == member.id for id in need.first}
    found: list[Slot] = []
    for other in slots:
        named = bool(other.ids & first)
        shared = slot.checkpoint and not other.checkpoint and other.weeks.overlaps(slot.weeks)
        if other is not slot and (named or (shared and other.level in HELD_BACK_BY)):
            found.append(other)
    return tuple(found)


# --- our split of undivided blocks ---


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
