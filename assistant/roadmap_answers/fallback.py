"""Where the roadmap has what a question to the pages names: said above what the pages say, or instead of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answers import Answer, Part
from assistant.questions import Question, ids_in
from assistant.roadmap_answers.citations import Sheet, linked, title_quote
from assistant.roadmap_answers.rows import place_from_roadmap
from assistant.roadmap_answers.written import written
from corpus.roadmap import Roadmap

MOST = 3
"""Rows that are told at the most; a question that names more is not about their place."""


def place_of(question: Question, roadmap: Roadmap) -> Answer | None:
    """The weeks of the rows that a question names, or of those that are due in the weeks that it names.

    None where it names none, or has them from an earlier question, or where they are too many.
    """
    roadmap = written(roadmap)
    named = question.resources or ids_in(question.spans, roadmap)
    rows = [row for row in roadmap.resources if row.id in named]
    if question.follows or not 0 < len(rows) <= MOST:
        return None
    sheet = Sheet(roadmap)
    lines = [f"{linked(row)} is in {row.weeks}. {sheet.cell(row, title_quote(row))}" for row in rows]
    ids = [row.id for row in rows]
    return sheet.answer(question.text, [Part("roadmap", "\n\n".join(lines))], resources=ids)


def nothing_beyond(question: Question, roadmap: Roadmap, degraded: Sequence[str] = ()) -> Answer | None:
    """Where the passages hold nothing: what the roadmap says of the weeks or rows that a question names, as far as it
    names any. `degraded`: what did not work in the search."""
    place = place_from_roadmap(question, roadmap)
    if place is None:
        return None
    said = [Part("notice", text) for text in (*degraded, _NO_MORE)]
    return replace(place, parts=(*said, *place.parts), abstained=True)


_NO_MORE = "I found nothing on this beyond what the roadmap says of the place that you name:"
