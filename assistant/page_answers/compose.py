"""Passages -> an answer in quotes, for when no language model answers. Every sentence is the source's own.

Steps: 1 units of the best passages, scored -> 2 from each passage the paragraph, list or code around its best unit,
begun where it can be understood -> 3 the few sources that add something, a definition first -> 4 written in reading
order, each source with its `[n]`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.answers import Answer, Citation, Part, Passage
from assistant.page_answers.answer_form import Wish, alone, fits, leans, unlabelled, wish
from assistant.page_answers.quotable_units import FORM, Encode, Unit, Weigh, scored, units_of
from assistant.page_answers.source_selection import adding
from assistant.text.injection import is_instruction
from assistant.text.markdown import escaped, escaped_item, fenced
from ingest.index.lexical import tokens

SOURCES = 3
"""Sources that an answer quotes at the most."""

READ = 5
"""Passages that the quotes are chosen from at the most."""

CHARS = (650, 400, 400)
"""Characters of prose that are quoted from the first, second and third source at the most."""

CODE = 1200
"""Characters of a code block that is quoted with what it belongs to."""

ITEMS = 12
"""Items of a list at the most."""

NEAR = 0.2
"""How far below the best unit another source's best may score."""

_ITEM = re.compile(r"(?:[-*•]|\d{1,9}[.)])\s+")
"""The mark of a list item."""
_NUMBERING = re.compile(r"(?:\b(?:\d+|[a-z]|to|and)\b|\W)+", re.IGNORECASE)
"""A heading that is nothing but a number: "e.", "1. to 8."."""


def compose(
    question: str,
    passages: Sequence[Passage],
    vector: NDArray[np.float32] | None,
    encode: Encode,
    weigh: Weigh,
    *,
    defined: bool = False,
) -> Answer:
    """An answer of quotes from `passages` (best first, at least one). `vector` is the question's, if there is one.

    `defined`: what the question asks about has been defined above; the quotes only add to it.
    """
    read = [n for n, p in enumerate(passages) if p.score >= 0.5 * passages[0].score][:READ] or [0]
    cut = [unit for n in read for unit in units_of(n, passages[n])]
    wanted = wish(question)
    if defined and wanted.kind == "other":
        wanted = Wish("definition", alone(question))
    cut += _definitions(wanted, cut, passages, read)
    units = scored(question, wanted, cut, passages, vector, encode, weigh)
    told = wanted.kind in ("definition", "comparison", "why")
    worth = [unit for unit in units if not unit.hollow] or units
    sources = _sources(_beside_prose(worth) if told else worth, passages, units)
    quoted, further = adding(wanted, sources, passages, defined=defined)
    cited = [(n, passages[chosen[0].passage], chosen) for n, chosen in enumerate([*quoted, *further], 1)]
    parts = [Part(passage.kind, f"{_written(chosen)}{_mark(chosen, n)}") for n, passage, chosen in cited[: len(quoted)]]
    citations = tuple(_citation(n, passage, chosen) for n, passage, chosen in cited)
    if further:
        parts.append(Part("notice", _named(citations[len(quoted) :])))
    resources = tuple(dict.fromkeys(citation.resource for citation in citations if citation.resource))
    return Answer(question, tuple(parts), citations, resources=resources)


def locator(passage: Passage, place: int = 0) -> str:
    """Where a character of a passage stands, in words: its page and the last of its headings; neither, if it speaks to
    a model."""
    title = passage.resource if is_instruction(passage.title) else passage.title
    headings = [h for h in passage.heading_at(place).split(" › ") if not _NUMBERING.fullmatch(h)]
    last = headings[-1] if headings else ""
    return f"{title} › {last}" if last and last != title and not is_instruction(last) else title


# --- 1: units ---


def _definitions(wanted: Wish, cut: Sequence[Unit], passages: Sequence[Passage], read: Sequence[int]) -> list[Unit]:
    """Units of a passage further down, where those that are `cut` do not define (or contrast) it and that does."""

    def define(units: Sequence[Unit]) -> bool:
        return any(fits(wanted, unit.text) == 1.0 for unit in units if unit.kind != "code")

    if wanted.kind not in ("definition", "comparison") or define(cut):
        return []
    further = (units_of(n, passages[n]) for n in range(len(passages)) if n not in read)
    return next((units for units in further if define(units)), [])


# --- 2, 3: choosing ---


def _beside_prose(units: Sequence[Unit]) -> list[Unit]:
    """Without code that stands alone in its passage, which tells nobody what a thing is."""
    told = {unit.passage for unit in units if unit.kind != "code"}
    return [unit for unit in units if unit.passage in told]


def _sources(units: Sequence[Unit], passages: Sequence[Passage], cut: Sequence[Unit]) -> list[list[Unit]]:
    """What is quoted, source by source: the best first, then those that are nearly as good and say something else.

    `cut`: all units, from which a sentence that leads into a list takes its list.
    """
    defining = {unit.passage for unit in units if unit.defines}
    ranked = sorted({unit.passage for unit in units}, key=lambda n: (n not in defining, -_peak(units, n)))
    chosen: list[list[Unit]] = []
    for number in ranked:
        if len(chosen) == SOURCES:
            break
        inside = [unit for unit in units if unit.passage == number]
        if chosen and _peak(units, number) < _without_bonus(chosen[0]) - NEAR:
            continue
        if chosen and passages[number].kind == "roadmap":
            continue  # the roadmap's cells are told by the roadmap, exactly
        window = _completed(_window(inside, CHARS[len(chosen)], leads=not chosen), cut)
        if window and not _repeats(window, chosen):
            chosen.append(window)
    return chosen or [list(units[:1])] if units else []


def _peak(units: Sequence[Unit], number: int) -> float:
    return max(unit.score for unit in units if unit.passage == number)


def _without_bonus(units: Sequence[Unit]) -> float:
    """The best score, as if nothing had been defined: a definition stands first, and does not stand alone."""
    return max(unit.score - FORM * unit.form for unit in units)


def _window(units: Sequence[Unit], room: int, *, leads: bool) -> list[Unit]:
    """The best unit of a passage with what belongs to it, in reading order."""
    prose = [unit for unit in units if unit.kind != "code"]
    if not prose:
        best = max(units, key=lambda unit: unit.score)
        return [best] if leads and len(best.text) <= CODE else []
    best = max(prose, key=lambda unit: unit.score)
    block = [unit for unit in units if unit.block == best.block]
    if best.kind == "table":
        return [best] if leads else []
    if best.kind == "list":
        kept = _items(block, best)
        return _with_neighbours(units, kept) if len(kept) > 1 or leads else []
    return _with_neighbours(units, _sentences(block, best, room))


def _sentences(block: Sequence[Unit], best: Unit, room: int) -> list[Unit]:
    """The paragraph, if it fits; else from the best sentence on, or from the one before that it leans on."""
    if sum(len(unit.text) for unit in block) <= room:
        return list(block)
    first = block.index(best)
    while first and leans(block[first].text) and block.index(best) - first < 2:
        first -= 1
    kept: list[Unit] = []
    for unit in block[first:]:
        if kept and sum(len(u.text) for u in kept) + len(unit.text) > room:
            break
        kept.append(unit)
    return kept


def _items(block: Sequence[Unit], best: Unit) -> list[Unit]:
    """The whole list, where several items answer; else those that do."""
    near = [unit for unit in block if unit.score >= best.score - NEAR]
    if len(near) >= max(2, len(block) // 3) and len(block) <= ITEMS:
        return list(block)
    return near[:ITEMS]


def _with_neighbours(units: Sequence[Unit], kept: Sequence[Unit]) -> list[Unit]:
    """Adds from the blocks beside: the sentence that leads into a list, the list or code that a sentence leads into."""
    first, last = kept[0], kept[-1]
    before = [unit for unit in units if unit.block == first.block - 1][-1:]
    before = before if first.kind == "list" and before and _leads_in(before[0]) else []
    after: list[Unit] = []
    rest = [unit for unit in units if unit.block == last.block + 1] if last is _last_of(units, last.block) else []
    if rest and rest[0].kind == "code" and len(rest[0].text) <= CODE:
        after = [rest[0]]
    elif rest and rest[0].kind == "list" and _leads_in(last):
        after = rest[:ITEMS]
    whole = kept if after or len(kept) == 1 or not _leads_in(last) else kept[:-1]
    return [*before, *whole, *after]


def _completed(window: list[Unit], cut: Sequence[Unit]) -> list[Unit]:
    """With the list that its last sentence leads into; without that sentence, where no list follows."""
    if not window or not _leads_in(window[-1]):
        return window
    last = window[-1]
    below = [unit for unit in cut if (unit.passage, unit.block) == (last.passage, last.block + 1)]
    below = [unit for unit in below if unit.kind in ("list", "table")]
    return [*window, *below[:ITEMS]] if below else window[:-1]


def _last_of(units: Sequence[Unit], block: int) -> Unit:
    return [unit for unit in units if unit.block == block][-1]


def _leads_in(unit: Unit) -> bool:
    return unit.kind == "paragraph" and unit.text.rstrip().endswith(":")


def _repeats(window: Sequence[Unit], chosen: Sequence[Sequence[Unit]]) -> bool:
    """Whether most of what it says has been said."""
    words = set(tokens(" ".join(unit.text for unit in window)))
    said = [set(tokens(" ".join(unit.text for unit in other))) for other in chosen]
    return any(len(words & other) >= 0.6 * min(len(words), len(other)) for other in said)


# --- 4: writing ---


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
        return fenced(unit.text)
    text = unlabelled(unit.text.strip())
    if unit.kind == "table":
        return _table(text)
    if unit.kind != "list":
        return escaped(text)
    return escaped_item(text) if _ITEM.match(text) else f"- {escaped_item(text)}"


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
    return f"\n\n[{n}]" if units[-1].kind in ("code", "table") else f" [{n}]"
