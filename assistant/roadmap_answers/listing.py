"""Answers that go over many rows: lists by criterion, who covers a subject, comparisons, counts, overview. Pure.

A row is in a list only if one of its cells says so, and that cell is the source. Subjects are looked for by stems
in the cells; where no row holds every word, there is no answer here (None), since a page may.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.answers import Answer, Part
from assistant.language.criteria import ALTERNATIVE
from assistant.language.weeks.reader import clean
from assistant.questions import Question
from assistant.recommendation.reasons import listed
from assistant.roadmap_answers.citations import Sheet, block_of, hull, linked, title_quote
from assistant.roadmap_answers.predicates import evidence, in_words, proof
from assistant.roadmap_answers.weeks import note_parts
from assistant.text.markdown import escaped
from corpus.roadmap import Resource, Roadmap, Weeks


def answer_list(question: Question, roadmap: Roadmap) -> Answer:
    """The rows that fulfil every criterion, each with the cell that says so; none is an answer, too."""
    sheet = Sheet(roadmap)
    source = sheet.title()
    rows = passing(question, roadmap)
    offered = replace(
        question,
        criteria=tuple(c.replace("by:", ALTERNATIVE, 1) if c.startswith("by:") else c for c in question.criteria),
    )
    if not rows and offered.criteria != question.criteria and passing(offered, roadmap):
        question, rows = offered, passing(offered, roadmap)
    words = listed((*map(in_words, question.criteria), *question.barred))
    there = where(question)
    lines = [f"- {linked(r)} ({r.weeks}): {_shown(r, question.criteria, sheet)}" for r in rows]
    head = f"Rows{there} {words}: {len(rows)} of {len(scope(question, roadmap))}. {source}"
    text = f"{head}\n\n" + "\n".join(lines) if rows else f"Rows{there} {words}: none. {source}"
    if {"free", "paid"} & set(question.criteria):
        silent = sum(not proof(r, "price") for r in scope(question, roadmap))
        text += f"\n\n{silent} of the rows{there} state no price." if silent else ""
    parts = [*note_parts(question, roadmap, sheet), Part("roadmap", text)]
    return sheet.answer(
        question.text,
        parts,
        weeks=asked_weeks(question, roadmap),
        resources=[r.id for r in rows],
        understood=question.understood,
    )


def _shown(row: Resource, criteria: tuple[str, ...], sheet: Sheet) -> str:
    """The cells that prove the criteria; where none is named, the title."""
    return evidence(row, criteria, sheet) or f"“{title_quote(row)}” {sheet.cell(row, title_quote(row))}"


def answer_topic(question: Question, roadmap: Roadmap) -> Answer | None:
    """The rows whose cells hold the subject, best first; None if no row holds all of its words."""
    found = find_topic(question, roadmap)
    if not found:
        return None
    sheet = Sheet(roadmap)
    source = sheet.title()
    lines = [f"- {linked(hit.row)} ({hit.row.weeks}): {_covering(hit, sheet)}" for hit in found]
    yes = "Yes. " if question.resources else ""
    noun = "row of the roadmap names" if len(found) == 1 else "rows of the roadmap name"
    text = f"{yes}{len(found)} {noun} “{as_written(question)}”{where(question)}: {source}\n\n" + "\n".join(lines)
    parts = [*note_parts(question, roadmap, sheet), Part("roadmap", text)]
    weeks = hull(hit.row.weeks for hit in found if hit.strength == found[0].strength)
    return sheet.answer(
        question.text, parts, weeks=weeks, resources=[hit.row.id for hit in found], understood=question.understood
    )


# --- subjects -----------------------------------------------------------------------------------------------------

SYNONYMS: dict[str, tuple[str, ...]] = {
    "principal component analysis": ("pca",),
    "convolutional": ("cnns",),
    "recurrent": ("rnns",),
    "kmeans": ("means",),
    "k8s": ("kubernetes",),
    "sklearn": ("scikit",),
    "tf": ("tensorflow",),
    "large language models": ("llm",),
    "large language model": ("llm",),
    "language models": ("llm",),
    "natural language processing": ("nlp",),
    "backprop": ("backpropagation",),
    "database": ("db", "database"),
    "databases": ("db", "database"),
    "stats": ("stats", "statistics"),
    "statistics": ("stats", "statistics"),
    "maths": ("mathematics", "mathematical"),
    "math": ("mathematics", "mathematical"),
    "command": ("cli", "commands"),
    "finetuning": ("tune",),
    "dashboards": ("dashboard",),
    "nn": ("nn", "neural"),
}
"""What people call it -> words of which one must stand in the row."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that holds every word of a subject: in how many cells, and which."""

    row: Resource
    strength: int
    quotes: tuple[str, ...]


def find_topic(question: Question, roadmap: Roadmap) -> list[Hit]:
    """Rows that hold every word of the subject; those with it in more cells first."""
    groups = _groups(question.topic)
    rows = [r for r in passing(question, roadmap) if not question.resources or r.id in question.resources]
    hits = [hit for hit in (_hit(row, groups) for row in rows) if hit]
    return sorted(hits, key=lambda hit: -hit.strength)


def _hit(row: Resource, groups: list[tuple[str, ...]]) -> Hit | None:
    cells = [(cell, _stems(cell)) for cell in _cells(row)]
    if not groups or not all(any(_holds(stems, group) for _, stems in cells) for group in groups):
        return None
    held = [({i for i, group in enumerate(groups) if _holds(stems, group)}, cell) for cell, stems in cells]
    quotes: list[str] = []
    open_groups = set(range(len(groups)))
    for found, cell in sorted(held, key=lambda h: -len(h[0])):
        if found & open_groups:
            quotes.append(cell)
            open_groups -= found
    return Hit(row, sum(len(found) for found, _ in held), tuple(quotes))


def rows_holding(word: str, roadmap: Roadmap) -> list[Resource]:
    """Rows that have a word, in any form of it, in a cell that says what they cover."""
    stem = _stem(word)
    return [row for row in roadmap.resources if any(stem in _stems(cell) for cell in _cells(row))]


def as_written(question: Question) -> str:
    """The subject as the asker wrote it ("CI/CD")."""
    together = re.search(r"\W+".join(map(re.escape, question.topic)), question.text, re.IGNORECASE)
    return escaped(together[0] if together else " ".join(question.topic))


def _groups(topic: tuple[str, ...]) -> list[tuple[str, ...]]:
    text = " ".join(topic)
    groups: list[tuple[str, ...]] = []
    for phrase, words in SYNONYMS.items():
        if re.search(rf"\b{phrase}\b", text):
            text = re.sub(rf"\b{phrase}\b", " ", text)
            groups.append(words)
    return [*groups, *((word,) for word in text.split())]


def _cells(row: Resource) -> list[str]:
    """The cells that say what a row covers, in the order of their weight; mended titles by their verbatim half."""
    plain = title_quote(row).split(" — ")[0]
    return [
        c for c in (row.task, row.focus, plain, row.outcome, row.block, *row.alternatives, *row.pros, *row.cons) if c
    ]


def _stems(text: str) -> list[str]:
    return [_stem(word) for word in re.findall(r"[^\W_]+", clean(text))]


def _stem(word: str) -> str:
    for end in ("isation", "ization", "ations", "ation", "ings", "ing", "ies", "es", "s", "ed", "al"):
        if word.endswith(end) and len(word) - len(end) >= 4:
            return word[: -len(end)]
    return word[:-1] if len(word) == 4 and word.endswith("s") else word


def _holds(stems: list[str], group: tuple[str, ...]) -> bool:
    wanted = {_stem(word) for word in group}
    return any(s in wanted or any(len(w) >= 5 and s.startswith(w) for w in wanted) for s in stems)


def _covering(hit: Hit, sheet: Sheet) -> str:
    row, block = hit.row, block_of(hit.row, sheet.roadmap)
    return "; ".join(f"“{q}” {sheet.block(block) if q == row.block else sheet.cell(row, q)}" for q in hit.quotes)


# --- criteria -----------------------------------------------------------------------------------------------------


def scope(question: Question, roadmap: Roadmap) -> list[Resource]:
    """The rows of the weeks asked for; all rows if none are."""
    spans = question.spans
    return [r for r in roadmap.resources if not spans or any(r.weeks.overlaps(s) for s in spans)]


def passing(question: Question, roadmap: Roadmap) -> list[Resource]:
    """The rows of the weeks asked for that fulfil every criterion."""
    rows = [r for r in scope(question, roadmap) if r.id not in question.without]
    return [r for r in rows if all(proof(r, c) for c in question.criteria)]


def where(question: Question) -> str:
    """ " in phase 2", or nothing."""
    if question.phases:
        return f" in {listed(f'phase {p}' for p in question.phases)}"
    return f" in {listed(str(s) for s in question.spans)}" if question.spans else ""


def asked_weeks(question: Question, roadmap: Roadmap) -> Weeks | None:
    """The range of the blocks asked for, if any."""
    spans = question.spans
    return hull(b.weeks for b in roadmap.blocks if any(b.weeks.overlaps(s) for s in spans)) if spans else None
