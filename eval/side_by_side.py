"""Three answers beside each other, without a language model: composed, the first passage, a plain list of passages.

`compare()` measures what makes each easy or hard to read and writes all texts into the data folder, for reading: they
are other people's, so that only the figures and the verdicts of a reader are kept here (see `side_by_side.json`).
Run it by `python -m eval.side_by_side`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from rich.console import Console

from assistant.answers import Passage, Query
from assistant.page_answers.compose import compose, locator
from assistant.page_answers.query_engine import CONSIDERED, GroundedQueryEngine
from assistant.service import Assistant
from corpus.settings import load_settings
from eval.cases import QUESTIONS, PlainCase, load_plain
from ingest.index.lexical import tokens
from ingest.pages.sentences import sentence_spans

FILE = "side-by-side.md"
VERDICTS = Path(__file__).with_suffix(".json")
LISTED = 3
"""Passages of the plain list."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How one text reads: words, whole sentences and repeated ones (shares), meaning of its beginning (cosine)."""

    words: float
    whole: float
    repeated: float
    begins: float


@dataclass(frozen=True, slots=True)
class Beside:
    """One question with its three answers."""

    case: PlainCase
    texts: dict[str, str]


def compare(engine: GroundedQueryEngine, cases: Sequence[PlainCase], folder: Path) -> dict[str, Reading]:
    """The mean reading of each kind of answer over the questions that are answered; writes the texts to `folder`."""
    asked = [beside for case in cases if (beside := _ask(engine, case))]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_text("\n\n".join(_shown(beside) for beside in asked), encoding="utf-8")
    readings = {name: [_reading(engine, b.case.question, b.texts[name]) for b in asked] for name in asked[0].texts}
    return {name: _mean(all_of) for name, all_of in readings.items()}


def verdicts() -> Counter[str]:
    """How a reader found the composed answer against the first passage: "better", "same" or "worse"."""
    kept = json.loads(VERDICTS.read_text(encoding="utf-8"))
    return Counter(entry["verdict"] for entry in kept["verdicts"])


def _ask(engine: GroundedQueryEngine, case: PlainCase) -> Beside | None:
    grounds = engine.ground(Query(case.question, k=CONSIDERED))
    passages, vector = grounds.hits.passages, grounds.hits.vector
    if not passages:
        return None
    composed = compose(case.question, passages, vector, engine.encode, engine.weigh)
    listed = "\n\n".join(_plain(passage) for passage in passages[:LISTED])
    return Beside(case, {"composed": composed.text, "first passage": passages[0].text, "plain list": listed})


def _plain(passage: Passage) -> str:
    return f"{locator(passage)}\n{passage.text}"


def _reading(engine: GroundedQueryEngine, question: str, text: str) -> Reading:
    plain = re.sub(r"```.*?```|\[\d+\]", "", text, flags=re.DOTALL)
    pieces = [line[a:b].strip(" -*") for line in plain.splitlines() for a, b in sentence_spans(line)]
    pieces = [piece for piece in pieces if tokens(piece)]
    if not pieces:
        return Reading(len(text.split()), 0.0, 0.0, 0.0)
    vectors = engine.encode([question, pieces[0]])
    said = Counter(frozenset(tokens(piece)) for piece in pieces)
    return Reading(
        words=len(text.split()),
        whole=mean(len(piece.split()) > 3 and piece.endswith((".", "!", ":", ")")) for piece in pieces),
        repeated=1 - len(said) / len(pieces),
        begins=float(vectors[0] @ vectors[1]),
    )


def _mean(readings: Sequence[Reading]) -> Reading:
    return Reading(
        mean(r.words for r in readings),
        mean(r.whole for r in readings),
        mean(r.repeated for r in readings),
        mean(r.begins for r in readings),
    )


def _shown(beside: Beside) -> str:
    texts = "\n\n".join(f"### {name}\n\n{text}" for name, text in beside.texts.items())
    return f"## {beside.case.id}: {beside.case.question}\n\n{texts}"


def main() -> None:
    """Compares on the index of the settings and prints the figures."""
    settings = load_settings()
    folder = settings.data / "report"
    found = compare(Assistant(settings).query_engine(), load_plain(QUESTIONS / "answers.jsonl"), folder)
    out = Console()
    for name, r in found.items():
        figures = f"{r.words:6.0f} words  {r.whole:4.0%} whole sentences  {r.repeated:4.0%} repeated"
        out.print(f"{name:14} {figures}  begins {r.begins:.2f}", highlight=False)
    out.print(f"The texts are in {folder / FILE}. A reader's verdicts: {dict(verdicts())}", highlight=False)


if __name__ == "__main__":
    main()
