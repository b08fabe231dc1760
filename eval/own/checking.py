"""What is wrong with a file of questions, or could be better, before anything is measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from rapidfuzz import fuzz, process

from eval.own.placing import Placed, Shelf, place
from eval.own.questions import OwnCase, Questions

Kind = Literal["unreadable", "duplicate", "unjudged", "absent", "missing"]
ALIKE = 92
"""Similarity (rapidfuzz's token-sort ratio, of 100) from which on two questions count as one."""
COMPARED = 3_000
"""Questions that are compared with each other: their pairs grow with the square of them."""
HEADINGS: dict[Kind, str] = {
    "unreadable": "cannot be read",
    "duplicate": "asks nearly what another one asks",
    "unjudged": "has no judgement: add expects, or refuse (`roadmap eval judge` helps)",
    "absent": "cannot be answered: the index holds nothing that it expects",
    "missing": "expects a place that the index does not hold",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend. Those of the first kind stop a run."""

    kind: Kind
    line: int
    said: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file holds and what was found; `as_json` is the contract of `roadmap eval check --json`."""

    file: str
    cases: int
    measured: int
    refused: int
    findings: tuple[Finding, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"findings": [asdict(finding) for finding in self.findings]}


def check(questions: Questions, on: Shelf) -> Checked:
    """Looks at every case, and looks up everything that it expects."""
    placed = place(questions.cases, on)
    found = [Finding("unreadable", problem.line, problem.said) for problem in questions.problems]
    found += [*_duplicates(questions.cases), *_findings(placed)]
    return Checked(questions.name, len(questions.cases), len(placed.pages), len(placed.refused), tuple(found))


def _findings(placed: Placed) -> Iterator[Finding]:
    for case in placed.unjudged:
        yield Finding("unjudged", case.line, case.question)
    absent = {case.id for case in placed.absent}
    for one in placed.missing:
        yield Finding(
            "absent" if one.case.id in absent else "missing", one.case.line, f"{one.case.question}: {one.why}"
        )


def _duplicates(cases: tuple[OwnCase, ...]) -> Iterator[Finding]:
    """Each with the first that it is like."""
    asked = [case.question.casefold() for case in cases[:COMPARED]]
    for number, question in enumerate(asked):
        before = asked[:number]
        found = (
            process.extractOne(question, before, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE) if before else None
        )
        if found is not None:
            first = cases[found[2]]
            yield Finding(
                "duplicate", cases[number].line, f"{cases[number].question} (as line {first.line}: {first.question})"
            )
