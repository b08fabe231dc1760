"""Answers that set rows side by side or sum them up: comparison, counts, extremes, the whole roadmap. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from assistant.answers import Answer, Part
from assistant.questions import Question
from assistant.recommendation.reasons import listed
from assistant.roadmap_answers.citations import (
    Sheet,
    author_quote,
    block_of,
    hull,
    linked,
    links,
    title_quote,
    weeks_title,
)
from assistant.roadmap_answers.listing import asked_weeks, passing, scope, where
from assistant.roadmap_answers.predicates import HANDS_ON, evidence, in_words, proof
from assistant.roadmap_answers.weeks import note_parts
from assistant.text.markdown import in_cell
from corpus.roadmap import Resource, Roadmap, Weeks

DIFFICULTIES = ("Easy", "Medium", "Medium-High", "High")


def answer_compare(question: Question, roadmap: Roadmap) -> Answer | None:
    """A small table, a column a row of the roadmap."""
    rows = [r for r in (roadmap.resource(i) for i in question.resources) if r][:4]
    if len(rows) < 2:
        return None
    sheet = Sheet(roadmap)
    head = "| | " + " | ".join(in_cell(linked(r)) for r in rows) + " |\n|---|" + "---|" * len(rows)
    lines = [head]
    for label, get in _COLUMNS:
        cells = [(r, get(r)) for r in rows]
        if any(text for _, text in cells):
            lines.append(
                f"| {label} | "
                + " | ".join(in_cell(f"{text} {_cited(r, label, sheet)}" if text else "—") for r, text in cells)
                + " |"
            )
    picked = _pick(rows, question.criteria, sheet)
    note = "The roadmap compares only by these cells; which fits depends on how you learn."
    said = [] if picked else [Part("notice", note)]
    weeks = hull(r.weeks for r in rows)
    parts = [*note_parts(question, roadmap, sheet), *picked, Part("roadmap", "\n".join(lines)), *said]
    return sheet.answer(
        question.text, parts, weeks=weeks, resources=[r.id for r in rows], understood=question.understood
    )


STYLES = ("coding-first", "theory-first")
"""Criteria by which one of several rows is picked."""


def _pick(rows: Sequence[Resource], criteria: Collection[str], sheet: Sheet) -> list[Part]:
    """Which of them to take: the one whose recommendation is for who learns so, else the one that the roadmap prefers
    to its alternative. Nothing where neither tells them apart."""
    roles, blocks = sorted(row.role for row in rows), {row.block for row in rows}
    pair = roles == ["alternative", "preferred"] and len(blocks) == 1
    enough = " One of the pair is enough." if pair else ""
    style = next((name for name in STYLES if name in criteria), "")
    fitting = [(row, words) for row in rows if style and (words := proof(row, style))]
    if len(fitting) == 1:
        row, words = fitting[0]
        text = f"{linked(row)}: its recommendation is “{words}” {sheet.cell(row, words)}.{enough}"
    elif pair:
        preferred_first = sorted(rows, key=lambda row: row.role != "preferred")
        first, other = (f"{linked(row)}{_advised(row, sheet)}" for row in preferred_first)
        text = f"{first}: the roadmap prefers it. Its alternative is {other}.{enough}"
    else:
        return []
    return [Part("suggestion", text)]


def _advised(row: Resource, sheet: Sheet) -> str:
    return f" (“{row.recommendation}” {sheet.cell(row, row.recommendation)})" if row.recommendation else ""


def answer_count(question: Question, roadmap: Roadmap) -> Answer:
    """How many weeks, phases, blocks or rows there are, as a sentence that names them."""
    sheet = Sheet(roadmap)
    if question.counted != "week" or not question.phases:
        sheet.title()
    rows = passing(question, roadmap)
    phases = [p for p in roadmap.phases if not question.phases or p.number in question.phases]
    ids: list[str] = []
    span = Weeks(min(p.weeks.first for p in phases), max(p.weeks.last for p in phases))
    if question.counted == "left":
        text = _left(question, roadmap, sheet)
    elif question.counted == "week" and not question.criteria:
        text = _week_count(span, question, roadmap, sheet)
    elif question.counted == "phase":
        names = "\n".join(f"- Phase {p.number} — {p.title} ({p.weeks}) {sheet.phase(p)}" for p in roadmap.phases)
        text = f"The roadmap has {len(roadmap.phases)} phases: {sheet.title()}\n\n{names}"
    elif question.counted == "block":
        blocks = [b for p in phases for b in p.blocks]
        names = "\n".join(f"- {weeks_title(b.weeks)} — {b.title} {sheet.block(b)}" for b in blocks)
        text = f"The roadmap has {len(blocks)} blocks{where(question)}: {sheet.title()}\n\n{names}"
    else:
        text, ids = _row_count(rows, question, sheet), [r.id for r in rows]
    parts = [*note_parts(question, roadmap, sheet), Part("roadmap", text)]
    return sheet.answer(
        question.text, parts, weeks=asked_weeks(question, roadmap), resources=ids, understood=question.understood
    )


def answer_extreme(question: Question, roadmap: Roadmap) -> Answer:
    """Longest, shortest, hardest, easiest, most and least hands-on or rows: every row, block or phase that ties."""
    sheet = Sheet(roadmap)
    most = question.criteria[0] if question.criteria else "longest"
    if most in ("longest", "shortest", "biggest", "smallest", "most time"):
        return _by_length(question, roadmap, sheet, longest=most not in ("shortest", "smallest"))
    sheet.title()
    if re.search("resources|rows|courses", most):
        return _by_rows(question, roadmap, sheet, most=most.startswith("most"))
    scale, get = (HANDS_ON, _hands_on) if re.search("hands|practical|coding", most) else (DIFFICULTIES, _difficulty)
    rows = [r for r in scope(question, roadmap) if get(r) in scale]
    low = most in ("easiest", "simplest") or most.startswith("least")
    edge = (min if low else max)((scale.index(get(r)) for r in rows), default=0)
    best = [r for r in rows if get(r) == scale[edge]]
    label = "hands-on focus" if scale is HANDS_ON else "difficulty"
    lines = [f"- {linked(r)} ({r.weeks}): {label} {get(r)} {sheet.cell(r, get(r))}" for r in best]
    text = (
        f"The {'lowest' if low else 'highest'} {label} of the roadmap{where(question)} is “{scale[edge]}”: "
        f"{sheet.title()}\n\n" + "\n".join(lines)
    )
    return sheet.answer(
        question.text,
        [Part("roadmap", text)],
        weeks=hull(r.weeks for r in best),
        resources=[r.id for r in best],
        understood=question.understood,
    )


def answer_overview(question: Question, roadmap: Roadmap) -> Answer:
    """The whole roadmap: phases, blocks, titles."""
    sheet = Sheet(roadmap)
    texts = [
        f"**{roadmap.title}**: {len(roadmap.phases)} phases, weeks {roadmap.weeks.first} to {roadmap.weeks.last}, "
        f"{len(roadmap.resources)} resources. {sheet.title()}"
    ]
    for phase in roadmap.phases:
        lines = [f"**Phase {phase.number} — {phase.title}** ({phase.weeks}) {sheet.phase(phase)}"]
        for block in phase.blocks:
            name = f"{weeks_title(block.weeks)} — {block.title}" if block.divided else weeks_title(block.weeks)
            lines.append(f"- {name}: {listed(r.title for r in block.resources)} {sheet.block(block)}")
        texts.append("\n".join(lines))
    ids = [r.id for r in roadmap.resources]
    return sheet.answer(
        question.text,
        [Part("roadmap", t) for t in texts],
        weeks=roadmap.weeks,
        resources=ids,
        understood=question.understood,
    )


def _week_count(span: Weeks, question: Question, roadmap: Roadmap, sheet: Sheet) -> str:
    if question.phases:
        found = [p for p in roadmap.phases if p.number in question.phases]
        return "\n".join(
            f"Phase {p.number} — {p.title} has **{len(p.weeks)} week{'s' if len(p.weeks) > 1 else ''}** "
            f"({p.weeks}). {sheet.phase(p)}"
            for p in found
        )
    setup = " and week 0 before them for set-up" if span.first == 0 else ""
    first = max(1, span.first)
    return (
        f"The roadmap has **{span.last - first + 1} weeks** (weeks {first}–{span.last}){setup}. "
        f"{sheet.title()}{sheet.phase(roadmap.phases[0])}{sheet.phase(roadmap.phases[-1])}"
    )


def _left(question: Question, roadmap: Roadmap, sheet: Sheet) -> str:
    """ "In week 30" leaves weeks 31 to the last; "after week 30" was read as week 31, which still counts."""
    last = roadmap.weeks.last
    after = bool(re.search(r"\b(?:after|finished|completed|done with)\b", question.text, re.IGNORECASE))
    first = question.spans[-1].first if after else question.spans[-1].last + 1
    if first > last:
        return f"Nothing is left: week {last} is the last. {sheet.title()}"
    ahead, noun = Weeks(first, last), "week remains" if first == last else "weeks remain"
    return f"**{len(ahead)}** {noun} after week {first - 1}: {ahead}. {sheet.title()}"


def _row_count(rows: list[Resource], question: Question, sheet: Sheet) -> str:
    words = "".join(f" {in_words(c)}" for c in question.criteria)
    head = f"**{len(rows)}** row{'' if len(rows) == 1 else 's'} of the roadmap{where(question)}{words}: {sheet.title()}"
    told = [evidence(r, question.criteria, sheet) or sheet.cell(r, title_quote(r)) for r in rows]
    lines = [f"- {linked(r)} ({r.weeks}) {text}" for r, text in zip(rows, told, strict=True)]
    return f"{head}\n\n" + "\n".join(lines)


def _by_length(question: Question, roadmap: Roadmap, sheet: Sheet, *, longest: bool) -> Answer:
    pick = max if longest else min
    word = "longest" if longest else "shortest"
    if question.counted == "phase":
        size = pick(len(p.weeks) for p in roadmap.phases)
        found = [p for p in roadmap.phases if len(p.weeks) == size]
        lines = [
            f"- Phase {p.number} — {p.title}: {size} week{'s' if size > 1 else ''} ({p.weeks}) {sheet.phase(p)}"
            for p in found
        ]
        weeks, ids = hull(p.weeks for p in found), [r.id for p in found for r in p.resources]
    else:
        scope = [b for b in roadmap.blocks if not question.spans or any(b.weeks.overlaps(s) for s in question.spans)]
        size = pick(len(b.weeks) for b in scope)
        blocks = [b for b in scope if len(b.weeks) == size]
        lines = [
            f"- {weeks_title(b.weeks)} — {b.title}: {size} week{'s' if size > 1 else ''} {sheet.block(b)}"
            for b in blocks
        ]
        weeks, ids = hull(b.weeks for b in blocks), [r.id for b in blocks for r in b.resources]
    noun = "phase" if question.counted == "phase" else "block"
    text = f"The {word} {noun}{'s' if len(lines) > 1 else ''}{where(question)}:\n\n" + "\n".join(lines)
    return sheet.answer(
        question.text, [Part("roadmap", text)], weeks=weeks, resources=ids, understood=question.understood
    )


def _by_rows(question: Question, roadmap: Roadmap, sheet: Sheet, *, most: bool) -> Answer:
    counts = {p.number: len(p.resources) for p in roadmap.phases}
    edge = (max if most else min)(counts.values(), default=0)
    found = [p for p in roadmap.phases if counts[p.number] == edge]
    lines = [f"- Phase {p.number} — {p.title}: {edge} rows ({p.weeks}) {sheet.phase(p)}" for p in found]
    others = listed(f"phase {n} has {count}" for n, count in counts.items() if count != edge)
    text = f"The {'most' if most else 'fewest'} rows of the roadmap are in: {sheet.title()}\n\n" + "\n".join(lines)
    return sheet.answer(
        question.text,
        [Part("roadmap", f"{text}\n\n{others[:1].upper()}{others[1:]}.")],
        weeks=hull(p.weeks for p in found),
        resources=[r.id for p in found for r in p.resources],
        understood=question.understood,
    )


def _difficulty(r: Resource) -> str:
    return r.difficulty


def _hands_on(r: Resource) -> str:
    return r.hands_on


_COLUMNS: tuple[tuple[str, Callable[[Resource], str]], ...] = (
    ("Weeks", lambda r: f"{r.weeks.first}–{r.weeks.last}" if len(r.weeks) > 1 else str(r.weeks.first)),
    ("Role", lambda r: "" if r.role == "main" else r.role),
    ("Author / platform", author_quote),
    ("Task", lambda r: r.task),
    ("Focus", lambda r: r.focus),
    ("At the end", lambda r: r.outcome),
    ("Pros", lambda r: "; ".join(r.pros)),
    ("Cons", lambda r: "; ".join(r.cons)),
    ("Difficulty", _difficulty),
    ("Hands-on", _hands_on),
    ("Recommendation", lambda r: r.recommendation),
    ("Links", links),
)


def _cited(row: Resource, label: str, sheet: Sheet) -> str:
    """Cells of one line are quoted as they are; lists by their first line; weeks by the block's heading."""
    if label == "Weeks":
        return sheet.block(block_of(row, sheet.roadmap))
    quotes = {"Author / platform": author_quote(row), "Task": row.task, "Focus": row.focus, "At the end": row.outcome}
    quotes |= {
        "Pros": row.pros[0] if row.pros else "",
        "Cons": row.cons[0] if row.cons else "",
        "Recommendation": row.recommendation,
    }
    quotes |= {"Role": title_quote(row)}
    return sheet.cell(row, quotes[label]) if quotes.get(label) else ""
