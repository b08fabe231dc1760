"""Questions about weeks with what must come out: `cases(roadmap)`. Generated, so that no week is left out.

Every week in many phrasings and with many typos, every block as a range, every phase's weeks by place, weeks
relative to the learner's own, and weeks that do not exist. What is expected comes from the roadmap's look-ups
alone; nothing here knows how a question is understood.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.language.weeks.numbers import spell, spell_ordinal
from corpus.roadmap import Block, Phase, Roadmap, Weeks

PHRASINGS = (
    "what should I do in week {n}?",
    "week {n}",
    "wk {n}",
    "wk{n}",
    "w{n}",
    "W {n}",
    "Week{n}",
    "WEEK {n}!!!",
    "week no. {n}",
    "week #{n}",
    "what is planned for week number {n}?",
    "the {nth} week",
    "what do I study in the {nth} week?",
    "week {word}",
    "what's on in week {word}?",
    "{wordth} week",
    "the {wordth} week of the roadmap, please",
    "I'm in week {n}, what now?",
    "this is my {wordth} week, what do I have to do?",
    "which resources do I need in week {n}?",
    "show me the plan for wk. {n}",
    "tell me about week {n}.",
    "what is the task of week {n}?",
    "what will I be able to do at the end of week {n}?",
    "could you please tell me what I'm supposed to work on during week {n} of the roadmap",
    "Woche {n}",
)
TYPOS = (
    "weak {n}",
    "wekk {n}",
    "weeek {n}",
    "wek {n}",
    "wek{n}",
    "weekk {n}",
    "ewek {n}",
    "weke {n}",
    "wwek {n}",
    "weel {n}",
    "{n} week",
    "week:{n}",
    "week-{n}",
    "week  ( {n} )",
    "waht shuold i do in week {n}",
    "wat do i do in wk{n}",
    "whats teh plan for weak {n}??",
    "the {nth} wekk",
    "wekk {word}",
    "week {slip}",
    "what shoud I lern in week {slip}?",
)
BESIDE = (
    ("what comes after week {n}?", 1),
    ("the week after week {n}", 1),
    ("week after {n}", 1),
    ("what should I do after week {n}?", 1),
    ("I finished week {n}, what now?", 1),
    ("the week before {n}", -1),
    ("what comes before week {n}", -1),
    ("before week {n}", -1),
)
RANGES = (
    "weeks {a} to {b}",
    "weeks {a}-{b}",
    "weeks {a}–{b}",
    "between week {a} and {b}",
    "what do I do from week {a} through {b}?",
    "weeks {worda} to {wordb}",
    "wk {a}-{b}",
    "week {a} until week {b}",
)
RELATIVE = (
    ("what should I do this week?", 0),
    ("what is my current week about?", 0),
    ("what should I do next week?", 1),
    ("what comes in the week after next?", 2),
    ("what was I meant to do last week?", -1),
    ("what should I do now?", 0),
    ("what will I do in 3 weeks?", 3),
)
MISSING = (
    "week 49",
    "what should I do in week 50?",
    "wk 52",
    "week 100",
    "week -1",
    "week minus one",
    "week 3.5",
    "the 49th week",
    "week forty-nine",
    "weeks 60 to 70",
    "week 480",
    "week 999999999999",
    "what comes after week 48?",
    "before week 0",
    "phase 5",
    "phase 9",
    "the seventh phase",
    "weak 77",
)


@dataclass(frozen=True, slots=True)
class Case:
    """One question and what must come out of it."""

    id: str
    question: str
    weeks: Weeks | None
    """The range of the blocks (week 14: 13–16); None where nothing is there."""
    blocks: tuple[str, ...]
    """Titles of the blocks, all of which the answer names."""
    resources: tuple[str, ...]
    """Ids, in the roadmap's order."""
    missing: bool = False
    week: int | None = None
    """The learner's week that goes with the question."""


def cases(roadmap: Roadmap) -> list[Case]:
    """Every case for this roadmap, with ids that stay the same from run to run."""
    found = [*_single(roadmap), *_beside(roadmap), *_ranges(roadmap), *_places(roadmap), *_relative(roadmap)]
    gone = [Case(f"missing-{i}", text, None, (), (), missing=True) for i, text in enumerate(MISSING)]
    return found + (gone if roadmap.weeks == Weeks(0, 48) else [])


def expected(id: str, question: str, asked: Weeks, roadmap: Roadmap, week: int | None = None) -> Case:
    """A case whose answer is the blocks that hold `asked`, and their rows of these weeks."""
    blocks = [b for b in roadmap.blocks if b.weeks.overlaps(asked)]
    ids = tuple(r.id for b in blocks for r in b.resources if r.weeks.overlaps(asked))
    return Case(id, question, _hull(blocks), tuple(b.title for b in blocks), ids, week=week)


def _hull(blocks: list[Block]) -> Weeks:
    return Weeks(min(b.weeks.first for b in blocks), max(b.weeks.last for b in blocks))


def _single(roadmap: Roadmap) -> Iterator[Case]:
    for week in _all(roadmap):
        words = _words(week)
        for kind, templates in (("plain", PHRASINGS), ("typo", TYPOS)):
            for i, template in enumerate(templates):
                yield expected(f"{kind}-{i}-{week}", template.format(**words), Weeks(week, week), roadmap)


def _beside(roadmap: Roadmap) -> Iterator[Case]:
    for week in _all(roadmap):
        for i, (template, step) in enumerate(BESIDE):
            if week + step in roadmap.weeks:
                there = Weeks(week + step, week + step)
                yield expected(f"beside-{i}-{week}", template.format(n=week), there, roadmap)


def _ranges(roadmap: Roadmap) -> Iterator[Case]:
    spans = {b.weeks for b in roadmap.blocks if len(b.weeks) > 1} | {
        Weeks(w, w + 4) for w in range(1, roadmap.weeks.last - 4, 3)
    }
    for span in sorted(spans):
        values = {"a": span.first, "b": span.last, "worda": spell(span.first), "wordb": spell(span.last)}
        for i, template in enumerate(RANGES):
            yield expected(f"range-{i}-{span.first}-{span.last}", template.format(**values), span, roadmap)


def _places(roadmap: Roadmap) -> Iterator[Case]:
    for phase in roadmap.phases:
        yield from _in_phase(phase, roadmap)
    last = roadmap.weeks.last
    whole = {
        "the first week": 1,
        "the last week": last,
        "halfway through": last // 2,
        "a quarter of the way": last // 4,
    }
    for i, (text, week) in enumerate(
        (whole | {"three quarters of the way through": last * 3 // 4, "week zero": 0}).items()
    ):
        yield expected(f"whole-{i}", text, Weeks(week, week), roadmap)


def _in_phase(phase: Phase, roadmap: Roadmap) -> Iterator[Case]:
    number, first, last = phase.number, phase.weeks.first, phase.weeks.last
    texts = {f"the last week of phase {number}": last, f"what is in the final week of phase {number}?": last}
    for place in range(1, len(phase.weeks) + 1):
        texts[f"the {spell_ordinal(place)} week of phase {number}"] = first + place - 1
        texts[f"{_nth(place)} week in phase {spell(number)}"] = first + place - 1
    if len(phase.weeks) > 1 and len(phase.weeks) % 2 == 0:
        texts[f"halfway through phase {number}"] = texts[f"the middle of phase {number}"] = (
            first + len(phase.weeks) // 2 - 1
        )
    for i, (text, week) in enumerate(texts.items()):
        yield expected(f"place-{number}-{i}", text, Weeks(week, week), roadmap)


def _relative(roadmap: Roadmap) -> Iterator[Case]:
    for week in _all(roadmap):
        for i, (text, step) in enumerate(RELATIVE):
            if week + step in roadmap.weeks:
                yield expected(f"relative-{i}-{week}", text, Weeks(week + step, week + step), roadmap, week)


def _all(roadmap: Roadmap) -> range:
    return range(roadmap.weeks.first, roadmap.weeks.last + 1)


def _words(week: int) -> dict[str, object]:
    word = spell(week)
    return {"n": week, "nth": _nth(week), "word": word, "wordth": spell_ordinal(week), "slip": _slip(word)}


def _nth(n: int) -> str:
    suffix = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{suffix}"


def _slip(word: str) -> str:
    """The word with a letter left out, where it stays readable ("fourten"); short words stay."""
    head, dash, tail = word.partition("-")
    return f"{head}{dash}{tail}" if dash or len(head) < 6 else f"{head[:-2]}{head[-1]}"
