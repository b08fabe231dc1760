"""Phrases -> places of the roadmap: which weeks and phases are meant, and which of them do not exist. Pure.

Knows the roadmap's bounds, the learner's week and what was talked about before. Knows nothing of what is asked.
Counting: "the first week" is week 1, since week 0 is set-up; in a phase or a resource, its own first week.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from assistant.language.names.linker import Name
from assistant.language.weeks.numbers import spell_ordinal
from assistant.language.weeks.phase_names import named_phase
from assistant.language.weeks.reader import Phrase
from corpus.roadmap import Roadmap, Weeks

_INSIDE = re.compile(
    r",? ?(?:(?:of|in|into|from|through|for|during|on|within|to)\b)? ?(?:the|my|this|"
    r"your)? ?(?:course|book)? ?(?:of|by)? ?"
)

_THEN = re.compile(r"[,:]? ")
"""What stands between a phase and a week of it that follows: "phase 3, week 2"."""


@dataclass(frozen=True, slots=True)
class Context:
    """What "this week" and "the week after" hang on. `None`: not known."""

    current: int | None = None
    previous: Weeks | None = None
    previous_phase: int | None = None
    rows: Weeks | None = None
    """The weeks of the rows that were talked about: what "the next phase" is beside, where no week is known."""
    outcome: bool = False
    """True where "after week 12" means what week 12 leaves behind, not what follows it."""
    prior: bool = False
    """True where "before week 12" means what week 12 asks for, not what precedes it."""


@dataclass(slots=True)
class Place:
    """What the phrases mean. `missing` holds names of what does not exist, `notes` how odd ones were read."""

    spans: list[Weeks] = field(default_factory=list)
    phases: list[int] = field(default_factory=list)
    missing: list[str] = field(default_factory=list[str])
    notes: list[str] = field(default_factory=list[str])
    inside: set[int] = field(default_factory=set[int])
    """Starts of the names that only say what is counted in ("the second week of fast.ai")."""
    unclear: bool = False
    """True where the learner's week is needed and not known."""


def resolve(
    phrases: tuple[Phrase, ...], names: tuple[Name, ...], text: str, roadmap: Roadmap, context: Context
) -> Place:
    """The weeks and phases that `phrases` of a cleaned `text` mean."""
    place = Place()
    used: set[int] = set()
    named = named_phase(text, roadmap) if phrases else None
    for phrase in phrases:
        if phrase.unit == "week" and not (context.outcome and _is_end_of_phase(phrase, text)):
            bounds = _bounds(phrase, phrases, names, text, roadmap, named, used, place)
            _Resolver(roadmap, context, place, bounds).week(phrase)
    for phrase in phrases:
        if phrase.unit == "phase" and phrase.start not in used:
            _Resolver(roadmap, context, place, None).phase(phrase)
    return place


def _is_end_of_phase(phrase: Phrase, text: str) -> bool:
    """ "What will I know at the end of phase 2" asks for the phase, not for its last week."""
    return phrase.kind == "place" and not re.search(r"w|\d", text[phrase.start : phrase.end])


def _bounds(
    phrase: Phrase,
    phrases: tuple[Phrase, ...],
    names: tuple[Name, ...],
    text: str,
    roadmap: Roadmap,
    named: tuple[int, int, int] | None,
    used: set[int],
    place: Place,
) -> Weeks | None:
    """The weeks of the phase or resource that directly follows ("... of phase 2", "the week before it"), else None."""
    beside = phrase.kind == "beside" and not phrase.pairs
    if phrase.kind not in ("place", "part", "at") and not beside:
        return None
    for other in phrases:
        number = other.pairs[0][0] if other.pairs else None
        if other.unit == "phase" and other.kind in ("at", "place") and number is not None:
            phase = roadmap.phase(int(number) if number >= 0 else roadmap.phases[-1].number + 1 + int(number))
            between = text[phrase.end : other.start] or text[other.end : phrase.start]
            joint = _INSIDE if other.start >= phrase.end else _THEN
            one = joint is _INSIDE or other.pairs == ((number, number),)
            if phase and one and joint.fullmatch(between):
                used.add(other.start)
                return phase.weeks
    for name in names:
        resource = roadmap.resource(name.ids[0])
        near = name.start >= phrase.end and _INSIDE.fullmatch(text[phrase.end : name.start])
        inside = beside or (len(resource.weeks) > 1 and phrase.kind != "at") if resource else False
        if near and resource and inside and name.strong and len(name.ids) == 1:
            place.inside.add(name.start)
            return resource.weeks
    if named and named[1] >= phrase.end and _INSIDE.fullmatch(text[phrase.end : named[1]]):
        phase = roadmap.phase(named[0])
        place.inside.add(-1)
        return phase.weeks if phase else None
    return None


class _Resolver:
    """One phrase at a time into `place`."""

    def __init__(self, roadmap: Roadmap, context: Context, place: Place, bounds: Weeks | None) -> None:
        self.roadmap, self.context, self.place = roadmap, context, place
        self.all = roadmap.weeks
        self.bounds = bounds

    def week(self, phrase: Phrase) -> None:
        if phrase.kind in ("at", "until"):
            for first, last in phrase.pairs:
                self._range(self.all.first if phrase.kind == "until" else first, last)
        elif phrase.kind == "place":
            for pair in phrase.pairs:
                self._place(1 if pair[0] is None else pair[0], 1 if pair[1] is None else pair[1], phrase.counted)
        elif phrase.kind == "part":
            self._part(float(phrase.pairs[0][0] or 0) / float(phrase.pairs[0][1] or 1))
        elif phrase.kind == "now":
            self._now(phrase.pairs[0][0], phrase.pairs[0][1] or 0)
        else:
            self._beside(phrase)

    def phase(self, phrase: Phrase) -> None:
        known = self._phase_now()
        if known is None and (phrase.kind == "now" or not phrase.pairs):
            self.place.unclear = True
            return
        for first, last in phrase.pairs or ((known, known),):
            self._phase_pair(phrase, first, last, known or 0)

    def _phase_pair(self, phrase: Phrase, first: float | None, last: float | None, known: float) -> None:
        numbers = [p.number for p in self.roadmap.phases]
        low = numbers[0] if first is None or phrase.kind == "until" else first
        high = numbers[-1] if last is None else last
        if phrase.kind == "place" and low < 0:
            low, high = numbers[-1] + 1 + low, numbers[-1] + 1 + high
        elif phrase.kind == "now":
            low, high = known + low, known + high
        elif phrase.kind == "beside" and not (self.context.outcome if phrase.offset > 0 else self.context.prior):
            low = high = (high if phrase.offset > 0 else low) + phrase.offset
        if phrase.counted and numbers[0] == 0:
            nth = spell_ordinal(int(low))
            self.place.notes.append(f"“The {nth} phase” is read as phase {low:g}: the roadmap counts from phase 0.")
        self._phases(low, high)

    def _phase_now(self) -> float | None:
        week = self.context.current
        if self.context.previous_phase is not None:
            return self.context.previous_phase
        before = self.context.previous or (self.context.rows if week is None else None)
        week = before.last if before else week
        phase = self.roadmap.phase_of_week(week) if week is not None else None
        return phase.number if phase else None

    def _phases(self, first: float, last: float) -> None:
        wanted = range(math.floor(min(first, last)), math.floor(min(max(first, last), 99)) + 1)
        for number in list(wanted)[:100] if float(first).is_integer() else [first]:
            phase = self.roadmap.phase(int(number)) if float(number).is_integer() else None
            if phase:
                self.place.phases.append(phase.number)
                self.place.spans.append(phase.weeks)
            else:
                self.place.missing.append(f"phase {number:g}")
        if not wanted:
            self.place.missing.append(f"phase {first:g}")

    def _range(self, first: float | None, last: float | None) -> None:
        low = self.all.first if first is None else first
        high = self.all.last if last is None else last
        low, high = min(low, high), max(low, high)
        for edge in {low, high}:
            if not float(edge).is_integer():
                self.place.missing.append(f"week {edge:g}")
                return
        low, high = int(low), int(high)
        if self.bounds and not (low in self.bounds and high in self.bounds) and 1 <= low <= high <= len(self.bounds):
            there = Weeks(self.bounds.first + low - 1, self.bounds.first + high - 1)
            self.place.notes.append(f"{str(Weeks(low, high)).capitalize()} there is {there} of the roadmap.")
            low, high = there.first, there.last
        self._add(low, high)

    def _add(self, low: int, high: int) -> None:
        inner = Weeks(max(low, self.all.first), min(high, self.all.last))
        if inner.first > inner.last:
            self.place.missing.append(str(Weeks(low, high)))
            return
        for outside in (Weeks(low, self.all.first - 1), Weeks(self.all.last + 1, high)):
            if outside.first <= outside.last:
                self.place.missing.append(str(outside))
        if inner not in self.place.spans:
            self.place.spans.append(inner)

    def _place(self, first: float, last: float, counted: bool) -> None:
        if not (float(first).is_integer() and float(last).is_integer()):
            self.place.missing.append(f"week {first:g}")
            return
        bounds, low, high = self.bounds or self.all, int(first), int(last)
        if low < 0:
            low, high = bounds.last + 1 + low, bounds.last + 1 + high
            self._add(max(low, bounds.first), high)
        elif self.bounds:
            low, high = bounds.first + low - 1, bounds.first + high - 1
            if high > bounds.last:
                self.place.missing.append(f"a {spell_ordinal(int(last))} week in {bounds}")
            else:
                self._add(low, high)
        else:
            self._add(low, high)
            if counted and self.all.first == 0 and low in self.all and low > 0:
                nth = spell_ordinal(low)
                note = f"“The {nth} week” is read as week {low}: week 0 comes before week 1, for set-up."
                self.place.notes.append(note)

    def _part(self, share: float) -> None:
        bounds = self.bounds
        if not 0 <= share <= 1:
            self.place.missing.append("a point beyond the end")
        elif bounds:
            week = max(bounds.first, bounds.first - 1 + math.floor(share * len(bounds) + 0.5))
            self._add(week, week)
        else:
            week = math.floor(share * self.all.last + 0.5)
            self._add(week, week)
            self.place.notes.append(f"Counted over weeks 1–{self.all.last}: week {week}.")

    def _now(self, first: float | None, last: float) -> None:
        current = self.context.current
        base = Weeks(current, current) if current is not None else self.context.previous
        if base is None:
            self.place.unclear = True
            return
        high = (base.last if last > 0 else base.first) + int(last)
        low = self.all.first if first is None else (base.last if first > 0 else base.first) + int(first)
        if first == last == 0:
            low, high = base.first, base.last
        self._beyond(low, high, base)

    def _beside(self, phrase: Phrase) -> None:
        base = self._base(phrase)
        if base is None:
            return
        back = phrase.offset < 0
        stays = self.context.prior if back else self.context.outcome and (phrase.pairs or phrase.done)
        if stays:
            self._add(base.first, base.last)
            return
        if phrase.done:
            self.place.notes.append(f"After {base}.")
        edge = (base.last if phrase.offset > 0 else base.first) + phrase.offset
        other = (self.all.last if phrase.offset > 0 else self.all.first) if phrase.whole else edge
        self._beyond(
            min(edge, other) if phrase.offset < 0 else edge, max(edge, other) if phrase.offset > 0 else edge, base
        )

    def _base(self, phrase: Phrase) -> Weeks | None:
        if not phrase.pairs:
            if self.bounds:
                return self.bounds
            current = self.context.current
            now = Weeks(current, current) if current is not None else self.context.rows
            base = self.context.previous or now
            self.place.unclear = self.place.unclear or base is None
            return base
        ends = [n for pair in phrase.pairs for n in pair if n is not None]
        if any(not float(n).is_integer() or int(n) not in self.all for n in ends):
            self.place.missing.append(
                str(Weeks(int(min(ends)), int(max(ends))))
                if all(float(n).is_integer() for n in ends)
                else f"week {ends[0]:g}"
            )
            return None
        return Weeks(int(min(ends)), int(max(ends)))

    def _beyond(self, low: int, high: int, base: Weeks) -> None:
        if high < self.all.first:
            self.place.missing.append(f"a week before {base}")
        elif low > self.all.last:
            self.place.missing.append(f"a week after {base}")
        else:
            self._add(max(low, self.all.first), min(high, self.all.last))
