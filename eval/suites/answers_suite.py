"""Answers as people get them, in each way that they can be made: in quotes, and by the configured language model.

`measure(assistant, ...)` asks the same questions with either and reports a row for each; `listed` writes the answers
beside each other, for reading. A second model may judge them (`ROADMAP_LLM_JUDGE`). Knows nothing of how they are made.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from statistics import mean
from typing import TypeVar

from assistant.answers import Answer
from assistant.generation.client import Message as Prompt
from assistant.generation.client import ModelError, configured
from assistant.generation.groundedness import Encode, check
from assistant.service import Assistant, Message
from eval.cases import QUESTIONS, GatedCase, PlainCase, load_gated, load_plain
from eval.metrics import quantile
from eval.results import AnswerRow
from eval.suites import weeks_suite
from eval.suites.answers import weeks_table, wrong_citation
from eval.suites.strangers import stranger

log = logging.getLogger(__name__)

FILE = "answers.md"
FACTS = 60
OUTSIDE = 20
"""Questions about weeks, and outside questions of the half `test`, that every configuration is asked: evenly spread."""

Case = TypeVar("Case")

_GRADE = re.compile(r"[1-5]")
_JUDGE = (
    "Grade an answer from 1 (useless) to 5 (answers the question fully). It may use only what its sources say.\n\n"
    "Question: {question}\n\nAnswer: {answer}\n\nSources:\n{sources}\n\nReply with the grade alone, one digit."
)


@dataclass(frozen=True, slots=True)
class Given:
    """One answer with what it took, in seconds: until its first text, and whole."""

    answer: Answer
    first: float
    whole: float


@dataclass(frozen=True, slots=True)
class Records:
    """What a quote must stand in: stored texts by address, or the text of roadmap.md."""

    texts: Mapping[str, str]
    roadmap: str


@dataclass(frozen=True, slots=True)
class Questions:
    """What every configuration is asked."""

    plain: Sequence[PlainCase]
    facts: Sequence[weeks_suite.Case]
    outside: Sequence[GatedCase]

    @property
    def count(self) -> int:
        return len(self.plain) + len(self.facts) + len(self.outside)


def questions(assistant: Assistant) -> Questions:
    """The 60 questions of `answers.jsonl`, and some of the suites `weeks` and `outside`."""
    weeks = weeks_suite.cases(assistant.roadmap)
    outside = [case for case in load_gated() if not case.answerable and case.split == "test"]
    return Questions(load_plain(QUESTIONS / "answers.jsonl"), _spread(weeks, FACTS), _spread(outside, OUTSIDE))


def configurations(assistant: Assistant) -> tuple[str, ...]:
    """ "none", and "auto" where a language model is configured: what `--llm` takes."""
    return ("none", "auto") if assistant.settings.llm_url else ("none",)


def measure(
    assistant: Assistant, asked: Questions, records: Records, folder: Path, tick: Callable[[int], None]
) -> list[AnswerRow]:
    """A row for each configuration; the answers to the plain questions go to `folder`, for reading."""
    rows: list[AnswerRow] = []
    read: dict[str, list[Given]] = {}
    for llm in configurations(assistant):
        ask = partial(_given, assistant, llm, tick)
        plain = [ask(case.question, None) for case in asked.plain]
        facts = weeks_table(asked.facts, lambda question, week, ask=ask: ask(question, week).answer)
        refused = sum(ask(case.question, None).answer.abstained for case in asked.outside)
        row = _row(assistant, plain, records)
        rows.append(replace(row, exact=facts.passed, facts=facts.cases, refused=refused, outside=len(asked.outside)))
        read[row.configuration] = plain
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_text(listed(asked.plain, read), encoding="utf-8")
    return rows


def listed(cases: Sequence[PlainCase], read: Mapping[str, Sequence[Given]]) -> str:
    """The answers of every configuration beside each other, as Markdown with their sources."""
    parts: list[str] = []
    for number, case in enumerate(cases):
        parts.append(f"## {case.id}: {case.question}")
        for name, given in read.items():
            answer = given[number].answer
            sources = "\n".join(f"[{c.n}] {c.title} — {c.url}\n    “{c.quote}”" for c in answer.citations)
            parts += [f"### {name}", answer.text, sources]
    return "\n\n".join(part for part in parts if part) + "\n"


def _given(assistant: Assistant, llm: str, tick: Callable[[int], None], question: str, week: int | None) -> Given:
    begun = time.perf_counter()
    stream = assistant.respond(Message(question, stranger(), week=week, llm=llm))
    shown = next(piece for piece in stream if isinstance(piece, Answer) or piece.text)
    first = time.perf_counter() - begun
    answer = next(piece for piece in chain([shown], stream) if isinstance(piece, Answer))
    tick(1)
    return Given(answer, first, time.perf_counter() - begun)


def _row(assistant: Assistant, plain: Sequence[Given], records: Records) -> AnswerRow:
    """The figures of the plain questions alone."""
    answers = [given.answer for given in plain]
    cited = [answer for answer in answers if not answer.abstained]
    supported, sentences = _supported(cited, assistant.query_engine().encode)
    return AnswerRow(
        configuration=_name(answers),
        questions=len(answers),
        answered=len(cited),
        valid=sum(not wrong_citation(answer, records.texts, records.roadmap) for answer in cited),
        supported=supported,
        sentences=sentences,
        first_ms=quantile([given.first * 1000 for given in plain], 0.5),
        whole_ms=quantile([given.whole * 1000 for given in plain], 0.5),
        tokens_per_second=_speed(answers),
        by_model=sum(answer.written_by_model for answer in answers),
        grade=_judged(assistant, answers),
    )


def _name(answers: Sequence[Answer]) -> str:
    return next((answer.written.model for answer in answers if answer.written), "composed")


def _supported(answers: Sequence[Answer], encode: Encode) -> tuple[float, int]:
    """The share of sentences that their sources support, by one yardstick for all; and how many there are."""
    good = total = 0
    for answer in answers:
        said = "\n\n".join(part.text for part in answer.parts if part.voice != "notice")
        prose = re.sub(r"```.*?```|^\*\*[^*\n]+\*\*$", "", said, flags=re.DOTALL | re.MULTILINE)  # no code, no headings
        checked = check(prose, [c.context or c.quote for c in answer.citations], "", encode)
        good += checked.count("supported")
        total += len(checked.sentences) - checked.count("frame")
    return (good / total if total else 1.0), total


def _speed(answers: Sequence[Answer]) -> float:
    """Pieces that the server sent in a second after the first: with most servers a piece is a token. 0 without one."""
    rates: list[float] = []
    for answer in answers:
        timings = answer.timings_ms
        taken = (timings.get("model", 0.0) - timings.get("first_token", 0.0)) / 1000
        if answer.written and answer.written.pieces > 1 and taken > 0:
            rates.append((answer.written.pieces - 1) / taken)
    return mean(rates) if rates else 0.0


def _judged(assistant: Assistant, answers: Sequence[Answer]) -> float | None:
    """The mean grade of the answers that the judge graded; None without one."""
    name = assistant.settings.llm_judge
    judge = configured(assistant.settings, name) if name else None
    if judge is None:
        return None
    grades: list[int] = []
    for answer in answers:
        sources = "\n".join(f"[{c.n}] {c.quote}" for c in answer.citations)
        text = _JUDGE.format(question=answer.question, answer=answer.text, sources=sources)
        try:
            said = "".join(piece or "" for piece in judge.stream(lambda _, text=text: [Prompt("user", text)], 8))
        except ModelError as error:
            log.warning("an answer was not graded, the judge failed: %s", error)
            continue
        if match := _GRADE.search(said):
            grades.append(int(match.group()))
    return mean(grades) if grades else None


def _spread(items: Sequence[Case], count: int) -> list[Case]:
    """At most `count` of them, evenly spread."""
    return list(items[:: max(1, len(items) // count)][:count])
