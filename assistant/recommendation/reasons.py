"""Rules that decided -> sentences. Every rule of `recommend` has its own words here; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assistant.recommendation.curriculum import FreeWay, Slot
from corpus.notes import Cost, Note
from corpus.roadmap import Resource, Weeks


def counted(number: float, noun: str) -> str:
    """ "1 day", "2 days", "2.5 hours"."""
    return f"{number:{',' if isinstance(number, int) else ',g'}} {noun}{'s' * (number != 1)}"


def doing(number: int, noun: str, verb: str) -> str:
    """ "1 card waits", "2 cards wait"."""
    return f"{counted(number, noun)} {verb}{'s' * (number == 1)}"


@dataclass(frozen=True, slots=True)
class Saying:
    """What the sentences need to know."""

    member: Resource
    slot: Slot
    note: Note | None
    cost: Cost
    free_way: FreeWay | None
    week: int | None
    presumed: bool
    proposed: Weeks | None
    set_aside: tuple[str, ...]
    gone: tuple[str, ...]
    """Titles that come before in order, and whose pages could not be reached."""
    only_as: tuple[str, ...]
    """Formats of the member, where there is none in a format that is `wanted`."""
    wanted: tuple[str, ...]
    blocked_by: tuple[str, ...]


def say(rules: tuple[str, ...], s: Saying) -> str:
    """One short sentence a rule, then what is missing before, and what it costs where that matters."""
    parts = [_SENTENCES[rule](s) for rule in rules]
    if s.free_way and s.cost == "paid":
        parts.append(f"The course or book itself costs money; a free way: {s.free_way.what}.")
    if s.only_as:
        parts.append(f"It comes as {listed(s.only_as)}: there is none here in the format you like, {listed(s.wanted)}.")
    if s.blocked_by:
        parts.append(f"Not marked as done, and needed for it: {listed(s.blocked_by)}.")
    return " ".join(part for part in parts if part)


def say_finished(skipped: tuple[str, ...]) -> str:
    """The sentence for a learner who has nothing left that counts."""
    text = "Finished: everything of the roadmap that counts is done."
    return f"{text} Skipped on the way: {listed(skipped)}." if skipped else text


def listed(items: Iterable[str]) -> str:
    """ "a, b and c"."""
    *first, last = tuple(items) or ("",)
    return f"{', '.join(first)} and {last}" if first else last


def _order(s: Saying) -> str:
    kind = "can be used and is not done" if s.set_aside or s.gone else "is not done"
    return f"It is the first thing in the roadmap's order that {kind} ({s.member.weeks}, “{s.slot.block.title}”)."


def _week(s: Saying) -> str:
    text = f"It belongs to week {s.week} (“{s.slot.block.title}”, {s.member.weeks}"
    text += f"; {s.proposed} in the split that we propose)" if s.proposed else ")"
    return f"{text}; what comes before is taken as known." if s.presumed else f"{text}."


def _catch_up(s: Saying) -> str:
    return f"You are in week {s.week}, but this one of {s.member.weeks} is still open and comes before."


def _pair(why: str) -> Callable[[Saying], str]:
    def sentence(s: Saying) -> str:
        others = tuple(m.title for m in s.slot.members if m is not s.member)
        said = f" (“{s.member.recommendation}”)" if s.member.recommendation else ""
        return f"One of it and {listed(others)} is enough; {why}{said}."

    return sentence


def _set_aside(s: Saying) -> str:
    return f"Set aside, because you want free ones only: {listed(s.set_aside)}."


def _gone(s: Saying) -> str:
    return f"Set aside, because none of their pages could be reached at the last crawl: {listed(s.gone)}."


def _paid_only(s: Saying) -> str:
    detail = f" {s.note.cost_detail}" if s.note else ""
    return f"All that is left costs money; this is the first of it ({s.member.weeks}).{detail}"


_SENTENCES: dict[str, Callable[[Saying], str]] = {
    "finish-what-you-started": lambda _: "You have begun it: finish it before something new.",
    "order": _order,
    "week": _week,
    "catch-up": _catch_up,
    "checkpoint": lambda _: "It is a checkpoint: what came before is put to use.",
    "optional": lambda _: "The roadmap calls it optional.",
    "supplemental": lambda s: f"The roadmap calls it supplemental: {s.member.focus[:1].lower()}{s.member.focus[1:]}.",
    "pair-preferred": _pair("the roadmap prefers this one"),
    "pair-code": _pair("you want code first"),
    "pair-theory": _pair("you want theory first"),
    "pair-format": _pair("it comes in the format that you like"),
    "pair-free": _pair("you want it free"),
    "pair-only-one-left": _pair("this one is left"),
    "pair-dead": _pair("the pages of the other one could not be reached"),
    "free-set-aside": _set_aside,
    "dead-set-aside": _gone,
    "pages-gone": lambda _: "Its pages could not be reached at the last crawl: see whether they are back.",
    "nothing-free-left": _paid_only,
    "nothing-alive-left": lambda s: f"Its pages could not be reached, but nothing else is left ({s.member.weeks}).",
}
