"""Two runs question by question: what one finds that the other does not, how sure that is, and which stage lost it.

A run is the folder of a report; its questions are read from `questions.csv`, what it was made of from `report.json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.errors import UsageError
from eval.metrics import compare
from eval.report.listing import ReadRun, lost, read_csv
from eval.report.render import Grid, Section, as_markdown
from eval.results import Comparison, Listed
from eval.runs import OURS

SHOWN = 30
"""Questions that are shown; `--json` has all."""
P = 0.05
_BETWEEN = "::"


class RunError(UsageError):
    """A run cannot be compared; the message says what to name."""


@dataclass(frozen=True, slots=True)
class Change:
    """A question that came out otherwise: nDCG@10, rank and answer before and after, and what lost it."""

    suite: str
    id: str
    question: str
    before: float
    after: float
    rank_before: int | None
    rank_after: int | None
    answer_before: str
    answer_after: str
    reason: str


@dataclass(frozen=True, slots=True)
class Diff:
    """B against A over the questions that both have, a comparison for each suite; `notes` say what else differs."""

    a: str
    b: str
    suites: dict[str, Comparison]
    changes: tuple[Change, ...]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The contract of `roadmap eval diff --json`."""
        return asdict(self)


def diff(a: str, b: str) -> Diff:
    """`a` and `b`: folders of reports, or FOLDER::CONFIGURATION for another one than ours. Errors: `RunError`."""
    (folder_a, run_a, system_a), (folder_b, run_b, system_b) = _run(a), _run(b)
    common = [key for key in run_a.rows if key in run_b.rows]
    if not common:
        raise RunError("the two runs have no question in common: measure the same questions twice.")
    suites: dict[str, Comparison] = {}
    for suite in dict.fromkeys(suite for suite, _ in common):
        keys = [key for key in common if key[0] == suite]
        before = {id: run_a.rows[suite, id].scores[system_a] for _, id in keys}
        suites[suite] = compare({id: run_b.rows[suite, id].scores[system_b] for _, id in keys}, before)
    found = (_change(run_a.rows[key], run_b.rows[key], system_a, system_b) for key in common)
    changes = sorted((one for one in found if one), key=lambda one: one.after - one.before)
    notes = (*_questions(run_a, run_b, len(common)), *_made(folder_a, folder_b))
    return Diff(a, b, suites, tuple(changes), notes)


def markdown(found: Diff) -> str:
    """The comparison for the terminal."""
    head = ("suite", "nDCG@10, B minus A", "p", "better/same/worse", "so")
    rows = tuple((suite, *_words(one)) for suite, one in found.suites.items())
    sections = [Section("B against A", (f"A: {found.a}. B: {found.b}.", *found.notes), Grid(head, rows))]
    shown = found.changes[:SHOWN]
    if shown:
        of = (
            f"{len(shown)} of {len(found.changes)}, the worst first"
            if len(shown) < len(found.changes)
            else "The worst first"
        )
        text = (f"{of}. The reason is the stage of B that lost it.",)
        columns = ("suite", "question", "nDCG@10", "rank", "answer", "reason")
        sections.append(Section("What came out otherwise", text, Grid(columns, tuple(map(_row, shown)))))
    return as_markdown("Two runs compared", sections)


def _run(named: str) -> tuple[Path, ReadRun, str]:
    folder, _, system = named.partition(_BETWEEN)
    path = Path(folder)
    try:
        run = read_csv(path)
    except OSError as error:
        raise RunError(
            f"{folder} is no run ({error.strerror}): name a folder that `roadmap eval --report DIR` wrote."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise RunError(f"the questions of {folder} cannot be read ({error!r}): make the run again.") from error
    system = system or OURS
    if system not in run.systems:
        raise RunError(
            f"{folder} has not measured {system!r}: write FOLDER{_BETWEEN}NAME with one of "
            f"{', '.join(run.systems) or 'none'}."
        )
    return path, run, system


def _change(before: Listed, after: Listed, a: str, b: str) -> Change | None:
    if abs(before.scores[a] - after.scores[b]) < 1e-9 and before.answer == after.answer:
        return None
    answer = after.answer if b == OURS else ""
    ranks = {**after.ranks, OURS: after.ranks[b]}
    return Change(
        after.suite, after.id, after.question, before.scores[a], after.scores[b],
        before.ranks[a], after.ranks[b], before.answer, after.answer, lost(ranks, answer),
    )  # fmt: skip


def _questions(a: ReadRun, b: ReadRun, common: int) -> Iterator[str]:
    if only := len(a.rows) + len(b.rows) - 2 * common:
        yield f"{common} questions are in both; {only} are in one alone and are left out."


def _made(a: Path, b: Path) -> Iterator[str]:
    """What differs between the two runs besides the configuration."""
    try:
        before, after = (json.loads((path / "report.json").read_text(encoding="utf-8")) for path in (a, b))
        told = {
            "The index": (before["corpus"]["fingerprint"], after["corpus"]["fingerprint"]),
            "The model": (before["corpus"]["model"], after["corpus"]["model"]),
            "The code": (before["made"]["code"], after["made"]["code"]),
        }
    except (OSError, ValueError, KeyError, TypeError):
        yield "What the runs were made of is not known."
        return
    for what, (one, other) in told.items():
        if one != other:
            yield f"{what} differs: {one[:34]} and {other[:34]}."


def _words(one: Comparison) -> tuple[str, str, str, str]:
    sure = (
        "no difference that chance would not give"
        if one.p >= P
        else "B is better"
        if one.difference > 0
        else "B is worse"
    )
    return (f"{one.difference:+.3f}", f"{one.p:.4f}", f"{one.wins}/{one.ties}/{one.losses}", sure)


def _row(one: Change) -> tuple[str, ...]:
    ranks = f"{one.rank_before or '–'} → {one.rank_after or '–'}"
    answers = one.answer_after if one.answer_before == one.answer_after else f"{one.answer_before} → {one.answer_after}"
    return (one.suite, one.question, f"{one.before:.2f} → {one.after:.2f}", ranks, answers, one.reason)
