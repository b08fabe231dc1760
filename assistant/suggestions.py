"""Questions that can be asked after an answer, each tried before it is offered. Knows nothing of how they are shown.

Candidates come from what the answer was about: its rows, its weeks, the titles of its sources. One is offered only if
the assistant really answers it, from the roadmap or with more than a weak match in the index. They are asked in the
name of nobody: a title is other people's text, and whatever it may be taken for, it changes nothing for anyone.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Protocol

from assistant.answers import Answer
from corpus.roadmap import Resource, Roadmap

OFFERED = 3
TRIED = 6
"""Candidates that are tried at the most: each may cost a search."""
_LONGEST_TITLE = 60


class Answers(Protocol):
    """What is needed of the assistant."""

    roadmap: Roadmap

    def ask(self, question: str, *, person: str = "me", llm: str = "auto") -> Answer: ...


def next_questions(answer: Answer, assistant: Answers) -> tuple[str, ...]:
    """Up to three questions that this assistant answers. Errors: those of `ask`."""
    found: list[str] = []
    nobody = f"nobody-{secrets.token_hex(16)}"
    for number, question in enumerate(_candidates(answer, assistant.roadmap)):
        if len(found) == OFFERED or number == TRIED:
            break
        is_new = question.casefold() != answer.question.strip().casefold()
        if is_new and _is_answered(assistant.ask(question, person=nobody, llm="none")):
            found.append(question)
    return tuple(found)


def _is_answered(answer: Answer) -> bool:
    return not (answer.abstained or answer.choices or answer.changes) and answer.confidence != "low"


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
    """The part of the first cited page that the answer is from, by its heading."""
    headings = [c.title.split(" › ")[-1].strip() for c in answer.citations if c.kind == "page"]
    if headings and len(headings[0]) <= _LONGEST_TITLE and not headings[0].endswith("?"):
        yield f"What should I know about {headings[0].lstrip('0123456789.: ')}?"


def _name(row: Resource) -> str:
    return row.title.split(" — ")[-1].split(" (")[0]
