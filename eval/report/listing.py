"""Every question of a run with its rank in each configuration, how it was answered, and where it was lost; as CSV too.

    suite,id,type,question,answer,lost,ours ndcg@10,ours rank,bm25 ndcg@10,bm25 rank,...

A run is compared with another one by this file (see `diff`). Knows nothing of how anything was found.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.cases import PageCase
from eval.report.measure import MAIN
from eval.results import Listed, PageTable
from eval.runs import OURS, Hit, Run

FILE = "questions.csv"
SEARCHES = ("dense", "bm25")
"""The two searches whose candidates ours ranks."""
GOOD = 10
"""Ranks that count as found."""
_HEAD = ("suite", "id", "type", "question", "answer", "lost")
_FORMULA = ("=", "+", "-", "@")
"""How a text begins that a spreadsheet would take for a formula."""
_REFUSED, _ELSEWHERE = "refused", "cites another place"


@dataclass(frozen=True, slots=True)
class ReadRun:
    """A run as kept: (suite, id) -> what is known of the question, and the configurations in their order."""

    rows: Mapping[tuple[str, str], Listed]
    systems: tuple[str, ...]


def listed(
    runs: Sequence[Run], cases: Sequence[PageCase], tables: Sequence[PageTable], answers: Mapping[str, str]
) -> tuple[Listed, ...]:
    """A row for each case; `answers` says how a question was answered, where it was asked."""
    scores = {(t.suite, row.system): row.scores[MAIN] for t in tables for row in t.rows}
    return tuple(_listed(case, runs, scores, answers.get(case.id, "")) for case in cases)


def write_csv(rows: Sequence[Listed], folder: Path) -> None:
    """One line a question. Errors: `OSError`."""
    systems = tuple(rows[0].scores) if rows else ()
    with (folder / FILE).open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow((*_HEAD, *(f"{system} {what}" for system in systems for what in (MAIN, "rank"))))
        table.writerows(_line(row) for row in rows)


def read_csv(folder: Path) -> ReadRun:
    """What `write_csv` wrote. Errors: `OSError`; `ValueError` or `KeyError` for a file that is another one's."""
    rows: dict[tuple[str, str], Listed] = {}
    with (folder / FILE).open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file)
        systems = tuple(name.removesuffix(f" {MAIN}") for name in table.fieldnames or () if name.endswith(f" {MAIN}"))
        for line in table:
            scores = {system: float(line[f"{system} {MAIN}"]) for system in systems}
            ranks = {system: int(line[f"{system} rank"]) if line[f"{system} rank"] else None for system in systems}
            head = (_unquoted(line[name]) for name in _HEAD)
            one = Listed(*head, scores=scores, ranks=ranks)
            rows[one.suite, one.id] = one
    return ReadRun(rows, systems)


def lost(ranks: Mapping[str, int | None], answer: str) -> str:
    """The stage that lost a question, in words; empty where it was found first and answered, or nobody can know.

    >>> lost({"ours": 30, "dense": 2, "bm25": None}, "")
    'ranking: found by dense at 2, and ranked 30'
    """
    if OURS not in ranks:
        return ""
    place = ranks[OURS]
    found = {name: rank for name in SEARCHES if (rank := ranks.get(name)) is not None}
    if place is None or place > GOOD:
        where = ", ".join(f"by {name} at {rank}" for name, rank in found.items())
        if not where:
            return "search: neither by meaning nor by words" if set(SEARCHES) <= set(ranks) else "search or ranking"
        return f"ranking: found {where}, and ranked {place or 'below 100'}"
    if answer == _REFUSED:
        return f"refusal: found at {place}, and refused"
    if answer == _ELSEWHERE:
        return f"choice of the place: found at {place}, and another one is shown"
    return f"ranking: ranked {place}" if place > 1 else ""


def _listed(
    case: PageCase, runs: Sequence[Run], scores: Mapping[tuple[str, str], Mapping[str, float]], answer: str
) -> Listed:
    right = {relevant.name for relevant in case.relevant if relevant.grade > 0}
    ranks = {run.system: _rank(run.rankings.get(case.id, ()), right) for run in runs}
    values = {run.system: scores[case.suite, run.system][case.id] for run in runs}
    return Listed(case.suite, case.id, case.type, case.question, answer, lost(ranks, answer), values, ranks)


def _unquoted(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def _rank(hits: Sequence[Hit], right: set[str]) -> int | None:
    return next((rank for rank, hit in enumerate(hits, 1) if hit.name in right), None)


def _line(row: Listed) -> Iterator[str]:
    for text in (row.suite, row.id, row.type, row.question, row.answer, row.lost):
        yield f"'{text}" if text.startswith(_FORMULA) else text
    for system, value in row.scores.items():
        yield f"{value:.4f}"
        yield "" if row.ranks[system] is None else str(row.ranks[system])
