"""Questions that can be asked after an answer, each tried before it is offered. Knows nothing of how they are shown.

Candidates come from what the answer was about: its rows, its weeks, the titles of its sources. One is offered only if
the assistant really answers it, from the roadmap or with more than a weak match in the index.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from assistant.values import Answer, Scope
from corpus.roadmap import Resource, Roadmap

OFFERED = 3
TRIED = 6
"""Candidates that are tried at the most: each may cost a search."""
_LONGEST_TITLE = 60


class Answers(Protocol):
    """What is needed of the assistant."""

    roadmap: Roadmap

    def ask(self, question: str, *, week: int | None = None, scope: Scope = "all") -> Answer: ...


def next_questions(answer: Answer, assistant: Answers) -> tuple[str, ...]:
    """Up to three questions that this assistant answers. Errors: those of `ask`."""
    found: list[str] = []
    for number, question in enumerate(_candidates(answer, assistant.roadmap)):
        if len(found) == OFFERED or number == TRIED:
            break
        if question.casefold() != answer.question.strip().casefold() and _is_answered(assistant.ask(question)):
            found.append(question)
    return tuple(found)


def _is_answered(answer: Answer) -> bool:
    return not answer.abstained and answer.confidence != "low"


def _candidates(answer: Answer, roadmap: Roadmap) -> Iterator[str]:
    rows = [row for id in answer.resources if (row := roadmap.resource(id))]
    yield from _of_sources(answer)
    if rows:
        yield f"What are the pros and cons of {_name(rows[0])}?"
    if answer.weeks and answer.weeks.last < roadmap.weeks.last:
        yield f"What comes after week {answer.weeks.last}?"
    for row in rows[:2]:
        yield f"Who teaches {_name(row)}?"
        yield f"What is the outcome of {_name(row)}?"
    if not rows and not answer.weeks:
        yield "Where do I start?"


def _of_sources(answer: Answer) -> Iterator[str]:
    """The first cited page or note, by its title."""
    titles = [c.title for c in answer.citations if c.kind == "page" and len(c.title) <= _LONGEST_TITLE]
    if titles and not titles[0].rstrip().endswith("?"):
        yield f"What does the page “{titles[0]}” explain?"


def _name(row: Resource) -> str:
    return row.title.split(" — ")[-1].split(" (")[0]
