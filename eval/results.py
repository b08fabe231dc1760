"""The figures of one eval run, as values: what `measure`, `answers` and `gate` make and `report` shows.

Imports nothing heavy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from assistant.answers import Confidence

Scores = dict[str, dict[str, float]]
"""Metric -> question id -> value, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean with its 95 % bootstrap interval (percentile) over `n` questions."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """One system against another on the same questions: mean difference, p of a paired randomisation test."""

    difference: float
    ratio: float
    p: float
    wins: int
    ties: int
    losses: int


@dataclass(frozen=True, slots=True)
class SystemRow:
    """One system on one suite. `against` holds how our default compares with it (None for ours itself)."""

    system: str
    about: str
    means: dict[str, Mean]
    """Metric -> mean over the suite."""
    by_type: dict[str, Mean]
    """Type of question -> mean nDCG@10."""
    scores: Scores
    search_ms: tuple[float, ...]
    against: dict[str, Comparison] = field(default_factory=dict[str, Comparison])
    """Metric -> our default minus this system."""


@dataclass(frozen=True, slots=True)
class PageTable:
    """One suite of questions with pages: a row for each system."""

    suite: str
    cases: int
    absent: int
    """Cases none of whose right pages are in the index: no system can answer them."""
    rows: tuple[SystemRow, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that did not pass, and why in a few words."""

    id: str
    question: str
    why: str


@dataclass(frozen=True, slots=True)
class PassTable:
    """A suite whose cases pass or fail: `by_type` is type -> (passed, all)."""

    suite: str
    passed: int
    cases: int
    by_type: dict[str, tuple[int, int]]
    failures: tuple[Failure, ...]

    @property
    def share(self) -> float:
        return self.passed / self.cases if self.cases else 1.0


@dataclass(frozen=True, slots=True)
class Proportion:
    """`count` of `of` cases, with the 95 % interval of the share (Wilson)."""

    count: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.count / self.of if self.of else 1.0


@dataclass(frozen=True, slots=True)
class TalkRow:
    """How messages of one source and group came out (see `eval.suites.talk_visit`); group "all" is the whole source.

    `good`: right at once or one click away. `by_name`: answered by the very capability, not by one of its group; None
    where only words are expected. `unwritten`: nothing was changed at once where something was to be.
    """

    source: str
    group: str
    at_once: Proportion
    good: Proportion
    wrong: Proportion
    refused: Proportion
    by_name: Proportion | None
    false_writes: int
    unwritten: int

    @property
    def cases(self) -> int:
        return self.good.of


@dataclass(frozen=True, slots=True)
class TalkTable:
    """What learners say and how it was answered. `failures` are of the halves that may be looked at."""

    rows: tuple[TalkRow, ...]
    failures: tuple[Failure, ...]

    def passes(self, sources: Sequence[str]) -> Iterator[PassTable]:
        """The figures that are held, as counts: "talk u: at once", "talk u: good", "talk u: false writes"."""
        for row in self.rows:
            if row.group == "all" and row.source in sources:
                kept = row.cases - row.false_writes
                counts = {"at once": row.at_once.count, "good": row.good.count, "false writes": kept}
                yield from (PassTable(f"talk {row.source}: {name}", n, row.cases, {}, ()) for name, n in counts.items())


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """Answers made in one way, over the same questions; times are medians in milliseconds."""

    configuration: str
    questions: int
    answered: int
    valid: int
    """Of those answered: every quote stands in its stored record, and every `[n]` has its source."""
    supported: float
    """Share of their sentences that the cited passages support."""
    sentences: int
    first_ms: float
    """Until the first text is shown."""
    whole_ms: float
    tokens_per_second: float
    """Of the language model, after its first token; 0 without one."""
    by_model: int
    """Answers that the model wrote; the others were composed, as it failed or said what no source supports."""
    grade: float | None = None
    """Mean grade by the judge, 1 to 5; None without a judge."""
    exact: int = 0
    """Of `facts`, questions about weeks: answered exactly."""
    facts: int = 0
    refused: int = 0
    """Of `outside`, questions that must be refused."""
    outside: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """Answers that were told with a probability from `low` to below `high`: how sure on average, and how many of them a
    judge who saw question and answer only called acceptable. `word`: what the chat says of them."""

    word: Confidence
    low: float
    high: float
    sure: float
    acceptable: int
    of: int


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What abstaining below `threshold` would do, as shares of the two kinds of question."""

    threshold: float
    refused: float
    falsely_refused: float


@dataclass(frozen=True, slots=True)
class Abstention:
    """Refusals on one half ("test": reported; "tune": what thresholds were chosen on)."""

    split: str
    outside: int
    refused: int
    answerable: int
    falsely_refused: int
    curve: tuple[CurvePoint, ...]

    @property
    def recall(self) -> float:
        """The share of outside questions that was refused."""
        return self.refused / self.outside if self.outside else 1.0

    @property
    def precision(self) -> float:
        """The share of refusals that was right."""
        total = self.refused + self.falsely_refused
        return self.refused / total if total else 1.0

    @property
    def false_refusal_rate(self) -> float:
        return self.falsely_refused / self.answerable if self.answerable else 0.0


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of one stage over all questions."""

    stage: str
    p50: float
    p95: float
    n: int
    total: float = 0.0
    """Seconds of all questions together."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One question of a run: how it was answered, the stage that lost it, and nDCG@10 and the rank of the first right
    place in each configuration (None: not found)."""

    suite: str
    id: str
    type: str
    question: str
    answer: str
    lost: str
    scores: dict[str, float]
    ranks: dict[str, int | None]


@dataclass(frozen=True, slots=True)
class Made:
    """What a run was made of, so that it can be done again. `asked`: a hash of the questions; `seed`: of every sample
    and interval; `differs`: why a second run may give other figures, a sentence each."""

    code: str = ""
    asked: str = ""
    seed: int = 0
    versions: dict[str, str] = field(default_factory=dict[str, str])
    memory_mb: int = 0
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Retrieved:
    """One page as retrieved for a question that went badly."""

    rank: int
    url: str
    heading: str
    right: bool
    why: str
    """The signals behind its score."""


@dataclass(frozen=True, slots=True)
class Worst:
    """A question that went badly: what was wanted, where it stood, and what stood above it."""

    id: str
    suite: str
    question: str
    score: float
    wanted: tuple[str, ...]
    place: str
    retrieved: tuple[Retrieved, ...]


@dataclass(frozen=True, slots=True)
class GateResult:
    """Whether the figures hold against the baseline; `problems` are sentences, empty when it passed."""

    passed: bool
    problems: tuple[str, ...]
    checked: int
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class CorpusInfo:
    """What was measured: the index, by the hash of its chunks, and the model."""

    generation: str
    fingerprint: str
    model: str
    chunks: int
    documents: int
    pages: int
    alignment: float = 1.0
    """Least cosine between the vectors of some chunks and those that the model gives their texts now."""


@dataclass(frozen=True, slots=True)
class EvalResult:
    """All figures of one run. `skipped` says in a sentence each what was left out, and why."""

    corpus: CorpusInfo
    command: str
    tables: tuple[PageTable, ...]
    passes: tuple[PassTable, ...]
    abstention: tuple[Abstention, ...]
    timings: tuple[Timing, ...]
    worst: tuple[Worst, ...]
    skipped: tuple[str, ...]
    seconds: float
    answers: tuple[AnswerRow, ...] = ()
    talk: TalkTable | None = None
    gate: GateResult | None = None
    report: Path | None = None
    made: Made = field(default_factory=Made)
    listed: tuple[Listed, ...] = ()
    unmeasured: tuple[str, ...] = ()
    """Own questions, or places that they expect, that this index cannot be measured on, a sentence each."""
    origins: tuple[str, ...] = ()
    """Own questions that no person has judged, a sentence each."""
    reliability: tuple[Told, ...] = ()
    published: tuple[str, ...] = ()
    """Figures of others on the same collection, a sentence each."""

    def as_json(self) -> dict[str, Any]:
        """The contract of `roadmap eval --json`: means, never the scores of single questions."""
        return {
            "corpus": asdict(self.corpus),
            "pages": [
                {
                    "suite": table.suite,
                    "cases": table.cases,
                    "absent": table.absent,
                    "systems": [_row_json(row) for row in table.rows],
                }
                for table in self.tables
            ],
            "passes": [asdict(table) | {"share": round(table.share, 4)} for table in self.passes],
            "answers": [asdict(row) for row in self.answers],
            "reliability": [asdict(row) for row in self.reliability],
            "talk": asdict(self.talk) if self.talk else None,
            "abstention": [_abstention_json(half) for half in self.abstention],
            "timings_ms": {t.stage: _timing_json(t) for t in self.timings},
            "skipped": list(self.skipped),
            "gate": asdict(self.gate) if self.gate else None,
            "report": str(self.report) if self.report else None,
            "seconds": round(self.seconds, 1),
            "made": asdict(self.made),
            "unmeasured": list(self.unmeasured),
            "published": list(self.published),
            "origins": list(self.origins),
        }


def _row_json(row: SystemRow) -> dict[str, Any]:
    return {
        "system": row.system,
        "metrics": {name: _mean_json(value) for name, value in row.means.items()},
        "types": {name: _mean_json(value) for name, value in row.by_type.items()},
        "ours_against": {name: asdict(comparison) for name, comparison in row.against.items()},
    }


def _timing_json(timing: Timing) -> dict[str, float]:
    return {"p50": round(timing.p50, 2), "p95": round(timing.p95, 2), "total_s": round(timing.total, 2)}


def _mean_json(value: Mean) -> dict[str, float]:
    return {"mean": round(value.value, 4), "low": round(value.low, 4), "high": round(value.high, 4), "n": value.n}


def _abstention_json(half: Abstention) -> dict[str, Any]:
    return {
        "split": half.split,
        "outside": half.outside,
        "answerable": half.answerable,
        "recall": round(half.recall, 4),
        "precision": round(half.precision, 4),
        "false_refusal_rate": round(half.false_refusal_rate, 4),
    }
