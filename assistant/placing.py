"""Where the roadmap has what a question to the pages names: one exact line, said above what the pages say. Pure."""

from __future__ import annotations

from assistant.asked import Question, ids_in
from assistant.sheet import Sheet, linked, title_quote
from assistant.values import Answer, Part
from corpus.roadmap import Roadmap

MOST = 3
"""Rows that are told at the most; a question that names more is not about their place."""


def place_of(question: Question, roadmap: Roadmap) -> Answer | None:
    """The weeks of the rows that a question names, or of those that are due in the weeks that it names.

    None where it names none, or has them from an earlier question, or where they are too many.
    """
    named = question.resources or ids_in(question.spans, roadmap)
    rows = [row for row in roadmap.resources if row.id in named]
    if question.follows or not 0 < len(rows) <= MOST:
        return None
    sheet = Sheet(roadmap)
    lines = [f"{linked(row)} is in {row.weeks}. {sheet.cell(row, title_quote(row))}" for row in rows]
    ids = [row.id for row in rows]
    return sheet.answer(question.text, [Part("roadmap", "\n\n".join(lines))], resources=ids)
