"""Passages -> one place shown well, for when no language model answers. Every sentence is the source's own.

Steps: 1 units of the passages -> 2 the places that can be shown (`places`), the best one chosen by a model that was
learnt from examples (`place_choice`) -> 3 a second one only where it adds something -> 4 written in reading order under
its heading, with its `[n]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from assistant.answers import Answer, Citation, Part, Passage
from assistant.page_answers.answer_form import Wish, alone, holds, unlabelled, wish
from assistant.page_answers.asked_form import forms_of
from assistant.page_answers.place_choice import probability, read_model
from assistant.page_answers.place_features import Asked, features, heading_of
from assistant.page_answers.places import CODE, ITEMS, Place, begun, places_of
from assistant.page_answers.quotable_units import Encode, Unit, Weigh, harmless, scored, units_of
from assistant.page_answers.source_selection import adding
from assistant.retrieval.confidence import Evidence
from assistant.text.injection import is_instruction
from assistant.text.markdown import escaped, escaped_item, fenced
from ingest.index.lexical import tokens

NEAR = 0.75
"""How far below the best place a second one may score that only adds to it."""

FAR, DOUBTFUL = 3.0, 0.6
"""The same where the best place answers less probably than this: then a second look is worth its room."""

REPEATED = 0.8
"""Share of the words of a place that were said before, from which on it says nothing new."""

MANNERS, HARD = {"simpler": 0, "longer": 2}, 1.5
"""How many places are shown beside the best where one alone is usual, and what a page or code costs a simple one."""

DEFINES = 2.5
"""What a place gains that defines what is to be defined, or sets against each other what is to be compared."""

MARGIN = 3.0
"""How far ahead of the best of another passage counts at the most."""

READ, WEIGHED = 8, 18
"""Passages that are read, and their places that are weighed in full."""

HEADING = 120
"""Characters of a heading that is shown."""

_ITEM = re.compile(r"(?:[-*•]|\d{1,9}[.)])\s+")
"""The mark of a list item."""
_NUMBERING = re.compile(r"(?:\b(?:\d+|[a-z]|to|and)\b|\W)+", re.IGNORECASE)
"""A heading that is nothing but a number: "e.", "1. to 8."."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place with what the model gives it; the higher the better."""

    place: Place
    score: float
    seen: Mapping[str, float]
    """What can be seen of it, by name (see `place_features`)."""


def compose(
    question: str,
    passages: Sequence[Passage],
    vector: NDArray[np.float32] | None,
    encode: Encode,
    weigh: Weigh,
    *,
    defined: bool = False,
    evidence: Evidence | None = None,
    manner: str = "",
    said: str = "",
) -> Answer:
    """An answer of quotes from `passages` (best first, at least one). `vector` is the question's, if there is one.

    `defined`: what the question asks about has been defined above; the quotes only add to it. `evidence`: what was
    found, from which the probability that the quotes answer is told; without it the answer is sure of nothing.
    `manner`: "longer" shows more places than what was `said` before, "simpler" one alone, our notes' rather than a
    page's and without code.
    """
    wanted = wish(question)
    if defined and wanted.kind == "other":
        wanted = Wish("definition", alone(question))
    asked = Asked(question, wanted, forms_of(question, wanted), {w: weigh(w) for w in tokens(question)}, vector)
    ranked = rank(asked, passages, encode, weigh)
    if manner == "simpler":
        ranked = sorted(ranked, key=lambda found: found.score - _hard(found.place, passages), reverse=True)
    if manner == "longer":
        before = set(tokens(said))
        ranked = [found for found in ranked if not _is_said(found.place, before)] or ranked
    first = next(_harmless(ranked, passages, question), None)
    sure = _answers(first, ranked, evidence) if first and evidence else None
    doubtful = sure is not None and sure < DOUBTFUL
    further = MANNERS.get(manner, 1)
    chosen = [first, *_beside(asked, first, ranked, passages, further, doubtful=doubtful)] if first else []
    sources = [list(found.place.units) for found in chosen]
    quoted, further = adding(wanted, sources, passages, defined=defined)
    cited = [(n, passages[units[0].passage], units) for n, units in enumerate([*quoted, *further], 1)]
    parts = [
        Part(passage.kind, f"{_headed(passage, units)}{_written(units)}{_mark(units, n)}")
        for n, passage, units in cited[: len(quoted)]
    ]
    citations = tuple(_citation(n, passage, chosen) for n, passage, chosen in cited)
    if further:
        parts.append(Part("notice", _named(citations[len(quoted) :])))
    resources = tuple(dict.fromkeys(citation.resource for citation in citations if citation.resource))
    return Answer(question, tuple(parts), citations, resources=resources, sure=sure)


def rank(asked: Asked, passages: Sequence[Passage], encode: Encode, weigh: Weigh) -> list[Ranked]:
    """The places of the passages that are likeliest to answer, best first."""
    places = _likely(places_in(asked, passages, encode, weigh), passages)
    if not places:
        return []
    names, rows = features(asked, places, passages)
    scores = read_model("place").score(names, rows)
    if asked.wanted.kind in ("definition", "comparison"):
        scores = scores + DEFINES * (rows[:, names.index("fit")] == 1.0)
    order = np.argsort(-scores, kind="stable")
    return [Ranked(places[n], float(scores[n]), dict(zip(names, rows[n].tolist(), strict=True))) for n in order]


def places_in(asked: Asked, passages: Sequence[Passage], encode: Encode, weigh: Weigh) -> list[Place]:
    """The places of the most promising passages, without those that only name their subject."""
    promising = _promising(passages)
    cut = [unit for n in promising for unit in units_of(n, passages[n], checked=False)]
    units = scored(asked.text, asked.wanted, cut, passages, asked.vector, encode, weigh)
    shows = bool({"steps", "code", "example"} & asked.forms)
    told = asked.wanted.kind in ("definition", "comparison", "why")
    return [
        place
        for n in promising
        for place in places_of([unit for unit in units if unit.passage == n], shows=shows)
        if not all(unit.hollow for unit in place.units) and (shows or not told or _tells(place))
    ]


def _promising(passages: Sequence[Passage]) -> list[int]:
    """The passages that are read, in their order: those near in meaning, in words, or as a whole."""
    words = max(passage.origins.get("bm25", 0.0) for passage in passages) or 1.0
    best = passages[0].score or 1.0

    def promise(n: int) -> float:
        said = passages[n].origins
        return said.get("dense", 0.0) + 0.3 * said.get("bm25", 0.0) / words + 0.2 * max(0.0, passages[n].score) / best

    return sorted(sorted(range(len(passages)), key=promise, reverse=True)[:READ])


def _likely(places: Sequence[Place], passages: Sequence[Passage]) -> list[Place]:
    """The places that are weighed in full: those with the best units, in the nearest passages."""
    best = passages[0].score or 1.0

    def likely(place: Place) -> float:
        passage = passages[place.passage]
        near = passage.origins.get("dense", 0.0) + 0.3 * passage.score / best
        return near + max(unit.score for unit in place.units)

    return sorted(places, key=likely, reverse=True)[:WEIGHED]


def _tells(place: Place) -> bool:
    """Whether a place is more than code, which tells nobody what a thing is."""
    return any(unit.kind != "code" for unit in place.units)


def locator(passage: Passage, place: int = 0) -> str:
    """Where a character of a passage stands, in words: its page and the last of its headings; neither, if it speaks to
    a model."""
    title = passage.resource if is_instruction(passage.title) else passage.title
    headings = [h for h in passage.heading_at(place).split(" › ") if not _NUMBERING.fullmatch(h)]
    last = headings[-1] if headings else ""
    return f"{title} › {last}" if last and last != title and not is_instruction(last) else title


# --- choosing ---


def _answers(shown: Ranked, ranked: Sequence[Ranked], evidence: Evidence) -> float:
    """The probability that a place answers, from what can be seen of it and of what was found."""
    others = (found.score for found in ranked if found.place.passage != shown.place.passage)
    margin = min(MARGIN, shown.score - next(others, 0.0))
    seen = {**shown.seen, "score_": shown.score, "margin": margin}
    seen |= {f"e_{name}": value for name, value in asdict(evidence).items()}
    names = tuple(seen)
    row = np.array([[seen[name] for name in names]], dtype=np.float32)
    return probability(float(read_model("answers").score(names, row)[0]))


def _harmless(ranked: Iterable[Ranked], passages: Sequence[Passage], question: str) -> Iterator[Ranked]:
    """The places without what speaks to a language model, each from its best block on."""
    for found in ranked:
        units = harmless(found.place.units, passages[found.place.passage], question)
        if units:
            yield replace(found, place=begun(replace(found.place, units=tuple(units))))


def _is_said(place: Place, before: Set[str]) -> bool:
    """Whether most words of a place are among those that were said before."""
    words = set(tokens(place.text))
    return len(words & before) >= REPEATED * len(words)


def _hard(place: Place, passages: Sequence[Passage]) -> float:
    """What a place loses where it is to be simple."""
    return HARD * sum((passages[place.passage].kind == "page", any(u.kind in ("code", "formula") for u in place.units)))


def _beside(
    asked: Asked,
    first: Ranked,
    ranked: Sequence[Ranked],
    passages: Sequence[Passage],
    further: int,
    *,
    doubtful: bool,
) -> list[Ranked]:
    """What is shown beside the best place: the best on the other of two things that are compared, where the first does
    not name it; else so many of other passages, if they are nearly as good, or if the first may well not answer."""
    if further == 1 and asked.wanted.kind == "comparison" and (other := _other_side(asked, first, ranked, passages)):
        return [other]
    least = first.score - (FAR if doubtful or further > 1 else NEAR)
    near = (
        found
        for found in ranked
        if found.place.passage != first.place.passage and found.score > least and not _repeats(found, first)
    )
    return list(islice(_harmless(near, passages, asked.text), further))


def _other_side(asked: Asked, first: Ranked, ranked: Sequence[Ranked], passages: Sequence[Passage]) -> Ranked | None:
    """The best place that names the thing which the first does not."""
    missing = [term for term in (asked.wanted.term, asked.wanted.other) if not holds(term, first.place.text)]
    if len(missing) != 1:
        return None
    speaking = (found for found in ranked if holds(missing[0], found.place.text) and not _repeats(found, first))
    return next(_harmless(speaking, passages, asked.text), None)


def _repeats(found: Ranked, other: Ranked) -> bool:
    """Whether most of what it says has been said, or some of it is the same piece of its page."""
    mine, theirs = found.place.units, other.place.units
    if found.place.passage == other.place.passage and mine[0].start < theirs[-1].end and theirs[0].start < mine[-1].end:
        return True
    words, said = set(tokens(found.place.text)), set(tokens(other.place.text))
    return len(words & said) >= 0.6 * min(len(words), len(said))


# --- writing ---


def _citation(n: int, passage: Passage, units: Sequence[Unit]) -> Citation:
    best = max(units, key=lambda unit: unit.score)
    return Citation(
        n=n,
        kind=passage.kind,
        title=locator(passage, best.start),
        url=passage.url,
        quote=best.text.strip(),
        fetched_at=passage.fetched_at,
        resource=passage.resource,
        context=passage.text,
    )


def _headed(passage: Passage, units: Sequence[Unit]) -> str:
    """The heading that the units stand under, as a line of its own; "" where it says nothing or speaks to a model."""
    heading = heading_of(Place(0, 0, tuple(units)), passage).strip()
    if not heading or _NUMBERING.fullmatch(heading) or is_instruction(heading) or len(heading) > HEADING:
        return ""
    return f"**{escaped(heading)}**\n\n"


def _named(citations: Sequence[Citation]) -> str:
    """The places of sources that are not quoted, each once."""
    marks: dict[str, str] = {}
    for citation in citations:
        title = escaped(citation.title)
        marks[title] = f"{marks.get(title, title)} [{citation.n}]"
    return f"See also: {'; '.join(marks.values())}."


def _written(units: Sequence[Unit]) -> str:
    """Sentences of one block run on, list items stand in one list, everything else is a paragraph of its own."""
    text = ""
    for number, unit in enumerate(units):
        before = units[number - 1] if number else None
        same = before is not None and before.block == unit.block
        between = "" if before is None else "\n\n" if not same else "\n" if unit.kind == "list" else " "
        text += between + _markdown(unit)
    alone = len(units) == 1 and units[0].kind == "list"
    return _ITEM.sub("", text, count=1) if alone and _ITEM.match(text) else text


def _markdown(unit: Unit) -> str:
    if unit.kind == "code":
        return _code(unit.text)
    if unit.kind == "formula":
        return fenced(unit.text, "tex")
    text = unlabelled(unit.text.strip())
    if unit.kind == "table":
        return _table(text)
    if unit.kind != "list":
        return escaped(text)
    return escaped_item(text) if _ITEM.match(text) else f"- {escaped_item(text)}"


def _code(text: str) -> str:
    """A block of code; of a long one the lines of its beginning, and that it goes on."""
    if len(text) <= CODE:
        return fenced(text)
    return f"{fenced(text[:CODE].rpartition(chr(10))[0] or text[:CODE])}\n\n… the code goes on in the source."


def _table(text: str) -> str:
    """Rows of cells, " | " between them, as a Markdown table."""
    lines = [line for line in text.splitlines() if line.strip()][: ITEMS + 1]
    rows = [[escaped(cell.strip()) for cell in line.split("|")] for line in lines]
    width = max((len(row) for row in rows), default=0)
    if not width:
        return ""
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def _mark(units: Sequence[Unit], n: int) -> str:
    return f"\n\n[{n}]" if units[-1].kind in ("code", "table", "formula") else f" [{n}]"
