"""Questions with the passages that answer them, by address and hash, and what is shown of them.

    judged.jsonl    a judge who saw question and answer only labelled what was shown
    places.jsonl    many more, to learn from ("learn"), and to report on ("test": other authors, other sites)

Authors who saw passages only wrote the questions. Pages are other people's text: a passage is kept as its place in the
stored record and the hash of what stands there, and where it has changed it is left out.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from assistant.answers import Answer
from assistant.page_answers.query_engine import Grounds
from assistant.retrieval.confidence import ANSWERS, MAY_HELP, READ, word
from eval.cases import QUESTIONS
from eval.results import PassTable, Told
from eval.suites.answers import pass_table

FILE, PLACES = QUESTIONS / "judged.jsonl", QUESTIONS / "places.jsonl"
HELD = 0.8
"""Share of the runs of four words of a passage that a text must hold to show it."""
STEPS = (0.0, READ, MAY_HELP, 0.5, 0.6, 0.7, ANSWERS, 1.01)
"""Probabilities between which answers are counted together."""
UNANSWERED = frozenset({"near_miss", "outside"})
"""Types of questions that no page answers."""


@dataclass(frozen=True, slots=True)
class Gold:
    """Where the passage stands that answers: in the record of an address, from a character on."""

    url: str
    start: int
    length: int
    sha256: str

    def text(self, records: Mapping[str, str]) -> str:
        """The passage, or "" where the record no longer holds it."""
        found = records.get(self.url, "")[self.start : self.start + self.length]
        return found if hashlib.sha256(found.encode()).hexdigest().startswith(self.sha256) else ""


@dataclass(frozen=True, slots=True)
class JudgedCase:
    """A question, its passages, and the labels of what was shown when it was judged ("acceptable", "part", ...)."""

    id: str
    type: str
    by: str
    style: str
    question: str
    gold: tuple[Gold, ...]
    labels: tuple[str, ...] = ()
    answer: str = ""
    """Hash of the answer that was judged."""
    split: str = "learn"


def load_judged() -> list[JudgedCase]:
    """The cases whose answers were judged, in the order of the file."""
    return _read(FILE)


def load_places(*splits: str) -> list[JudgedCase]:
    """The further cases of some splits: "learn", "test", "elsewhere" (of pages that are no resource's)."""
    return [case for case in _read(PLACES) if case.split in splits]


def _read(path: Path) -> list[JudgedCase]:
    return [_case(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def _case(row: dict[str, Any]) -> JudgedCase:
    gold = tuple(Gold(**gold) for gold in row.pop("gold"))
    return JudgedCase(gold=gold, labels=tuple(row.pop("labels", ())), **row)


def held(text: str, passage: str) -> float:
    """The share of the runs of four words of a passage that a text holds.

    >>> held("it is said that all of it is in the text", "all of it is in the text")
    1.0
    """
    words = _words(passage)
    runs = {" ".join(words[n : n + 4]) for n in range(max(1, len(words) - 3))}
    whole = f" {' '.join(_words(text))} "
    return sum(f" {run} " in whole for run in runs) / len(runs)


def shown_tables(
    cases: Sequence[JudgedCase],
    records: Mapping[str, str],
    ask: Callable[[str], Answer],
    ground: Callable[[str], Grounds | None],
) -> list[PassTable]:
    """The passage is shown: by the answer, by the first passage found, by the first three; and what no page answers is
    not told as if one did."""
    told: list[tuple[str, str, str, str]] = []
    first: list[tuple[str, str, str, str]] = []
    three: list[tuple[str, str, str, str]] = []
    missed: list[tuple[str, str, str, str]] = []
    for case in cases:
        if case.type in UNANSWERED:
            answer = ask(case.question)
            unsure = answer.abstained or answer.confidence != "high"
            missed.append((case.id, case.type, case.question, "" if unsure else "told as an answer"))
        golds = [text for gold in case.gold if (text := gold.text(records))]
        if not golds:
            continue
        grounds = ground(case.question)
        found = [p.text for p in grounds.hits.passages] if grounds else []
        for rows, texts in ((told, [ask(case.question).text]), (first, found[:1]), (three, found[:3])):
            ok = any(held(text, gold) >= HELD for text in texts for gold in golds)
            rows.append((case.id, case.type, case.question, "" if ok else "not shown"))
    named = (("shown", told), ("shown-first", first), ("shown-three", three), ("not-covered", missed))
    return [pass_table(name, rows) for name, rows in named if rows]


def answer_hash(answer: Answer) -> str:
    """What tells whether an answer is the one that was judged."""
    return hashlib.sha256(answer.text.encode()).hexdigest()[:16]


def reliability(cases: Sequence[JudgedCase], ask: Callable[[str], Answer]) -> tuple[Told, ...]:
    """How sure the answers were told to be against how many were acceptable, of those that are as they were judged."""
    found = [(case, ask(case.question)) for case in cases if case.labels]
    told = [
        (answer.sure, case.labels[0] == "acceptable")
        for case, answer in found
        if answer.sure is not None and answer_hash(answer) == case.answer
    ]
    rows: list[Told] = []
    for low, high in pairwise(STEPS):
        within = [(sure, right) for sure, right in told if low <= sure < high]
        if within:
            mean = sum(sure for sure, _ in within) / len(within)
            rows.append(Told(word(low), low, high, mean, sum(right for _, right in within), len(within)))
    return tuple(rows)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())
