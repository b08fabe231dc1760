"""The part of a run that asks the assistant: which suites are asked, their tables, and the time of each stage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Protocol

from rich.progress import Progress

from assistant.answers import Answer
from assistant.page_answers.query_engine import GroundedQueryEngine
from assistant.service import Assistant
from corpus import glossary
from corpus.notes import load_notes
from corpus.reader import ROADMAP_FILE
from corpus.settings import Settings
from eval.cases import PAGE_SUITES, GatedCase, PageCase, load_attributes, load_gated, load_pages
from eval.metrics import quantile
from eval.own.placing import Placed
from eval.results import Abstention, AnswerRow, PassTable, Timing, Told
from eval.running.journal import Journal
from eval.running.telling import progress_task
from eval.suites import answers_suite, judged, next_suite, weeks_suite
from eval.suites.answers import (
    Asked,
    abstention,
    answered_table,
    attributes_table,
    citations_table,
    refusals_table,
    weeks_table,
)
from eval.suites.answers_suite import Records
from eval.suites.strangers import stranger
from eval.systems.embedding import MeasuredEmbedding
from eval.systems.rivals import texts

Tick = Callable[[int], None]

NEEDS_PAGES = frozenset(PAGE_SUITES) - {"own", "feedback"}
"""Suites whose answers are pages: an index of the roadmap and the notes alone cannot pass them."""


class Tools(Protocol):
    """What a run shows its progress with, and where it keeps what it measured."""

    @property
    def journal(self) -> Journal: ...

    def task(self, name: str, total: int) -> AbstractContextManager[Tick]: ...


@dataclass(frozen=True, slots=True)
class Bench:
    """What a run measures with: the assistant as people use it, and its engine's model made measurable."""

    settings: Settings
    assistant: Assistant
    engine: GroundedQueryEngine
    embedding: MeasuredEmbedding
    progress: Progress
    asked: tuple[str, ...]
    user_cases: Path | None = None
    """A user's own cases; None where only those that every clone has are measured."""
    mine: Placed | None = None
    """A person's own questions, looked up in the index."""
    journal: Journal = field(default_factory=lambda: Journal(None))

    @property
    def has_pages(self) -> bool:
        return self.engine.retriever.index.manifest.pages > 0

    def measures(self, suite: str) -> bool:
        """Whether a suite was asked for and can be measured on this index."""
        return suite in self.asked and (self.has_pages or suite not in NEEDS_PAGES)

    def task(self, name: str, total: int) -> AbstractContextManager[Tick]:
        """A line of progress; what is given is called with how much was done."""
        return progress_task(self.progress, name, total)


@dataclass(frozen=True, slots=True)
class Answers:
    """What came of the suites that are asked as questions."""

    passes: tuple[PassTable, ...]
    abstention: tuple[Abstention, ...]
    timings: tuple[Timing, ...]
    rows: tuple[AnswerRow, ...] = ()
    reliability: tuple[Told, ...] = ()


def measure_answers(bench: Bench, folder: Path) -> Answers:
    """Asks every suite that `bench` asks for: facts first, then refusals, then citations of all answers.

    The answers of the suite `answers` are written to `folder`, for reading.
    """
    passes = _facts(bench)
    gated = [case for case in load_gated(bench.user_cases) if bench.has_pages or not case.answerable]
    gated = gated if "outside" in bench.asked else []
    pages = _pages(bench, gated)
    asked = _ask_all(bench, [*gated, *pages])
    by_id = {one.id: one for one in asked}
    passes.append(answered_table(pages, by_id))
    halves: tuple[Abstention, ...] = ()
    if gated:
        passes += refusals_table(gated, by_id)
        halves = abstention(gated, by_id)
    rows: list[AnswerRow] = []
    reliability: tuple[Told, ...] = ()
    if asked or "answers" in bench.asked:
        records = Records(_stored(bench), ROADMAP_FILE.read_text(encoding="utf-8"))
        passes += [citations_table(asked, records.texts, records.roadmap)] if asked else []
        if "answers" in bench.asked:
            rows = _each_way(bench, records, folder)
            shown, reliability = _shown(bench, records) if bench.has_pages else ([], ())
            passes += shown
    kept = tuple(table for table in passes if table.cases)
    return Answers(kept, halves, tuple(_stages(asked)), tuple(rows), reliability)


def _pages(bench: Bench, gated: Sequence[GatedCase]) -> list[PageCase]:
    """The questions with pages that are not asked as `gated` ones: `learner` and `answerable` are the same."""
    known = {case.id for case in gated}
    return [case for case in load_pages(user=bench.user_cases) if bench.measures(case.suite) and case.id not in known]


def _stored(bench: Bench) -> dict[str, str]:
    """What can be quoted, by address: the records that are searched, our notes with their heads, and the glossary."""
    stored = texts(bench.settings.data, bench.assistant.roadmap)
    for note in load_notes().notes:
        head = (note.cost_detail, *note.before, *(unit.title for unit in note.units))
        stored[f"note:{note.resource}"] = "\n".join((stored.get(f"note:{note.resource}", ""), *head, note.body))
    return {**stored, glossary.URL: glossary.GLOSSARY_FILE.read_text(encoding="utf-8")}


def _each_way(bench: Bench, records: Records, folder: Path) -> list[AnswerRow]:
    questions = answers_suite.questions(bench.assistant)
    total = questions.count * len(answers_suite.configurations(bench.assistant))
    with bench.task("answering in each way", total) as tick:
        return answers_suite.measure(bench.assistant, questions, records, folder, tick)


def _shown(bench: Bench, records: Records) -> tuple[list[PassTable], tuple[Told, ...]]:
    """What is shown of the passages that answer, by questions that nothing is learnt from, and how sure it is told."""
    unlearnt = judged.load_places("test")
    cases = [*unlearnt, *(case for case in judged.load_judged() if case.type in judged.UNANSWERED)]
    with bench.task("showing what answers", len(cases)) as tick:

        @cache
        def ask(question: str) -> Answer:
            tick(1)
            return bench.assistant.ask(question, person=stranger())

        tables = judged.shown_tables(cases, records.texts, ask, bench.assistant.grounds)
        return tables, judged.reliability(unlearnt, ask)


def timing(stage: str, milliseconds: Iterable[float]) -> Timing:
    """The middle and the slow end of a stage."""
    values = list(milliseconds)
    return Timing(stage, quantile(values, 0.5), quantile(values, 0.95), len(values), sum(values) / 1000)


def _facts(bench: Bench) -> list[PassTable]:
    roadmap, passes = bench.assistant.roadmap, list[PassTable]()
    if "weeks" in bench.asked:
        weeks = weeks_suite.cases(roadmap)
        with bench.task("asking for every week", len(weeks)) as tick:
            passes.append(weeks_table(weeks, _asker(bench.assistant, tick)))
    if "attributes" in bench.asked:
        attributes = load_attributes()
        with bench.task("asking for the roadmap's columns", len(attributes)) as tick:
            passes.append(attributes_table(attributes, _asker(bench.assistant, tick)))
    if "next" in bench.asked:
        passes.append(next_suite.next_table(next_suite.load_scenarios(), roadmap, load_notes()))
    return passes


def _asker(assistant: Assistant, tick: Tick) -> Callable[[str, int | None], Answer]:
    def ask(question: str, week: int | None) -> Answer:
        tick(1)
        return assistant.ask(question, week=week, person=stranger())

    return ask


def _ask_all(bench: Bench, cases: Sequence[GatedCase | PageCase]) -> list[Asked]:
    asked: list[Asked] = []
    with bench.task("asking for answers", len(cases)) as tick:
        for case in cases:
            answer = bench.assistant.ask(case.question, person=stranger())
            kind = case.suite if isinstance(case, PageCase) else "answerable" if case.answerable else "outside"
            sure = _sure(bench, case.question, answer) if isinstance(case, GatedCase) else 1.0
            asked.append(Asked(case.id, kind, case.question, answer, sure))
            tick(1)
    return asked


def _sure(bench: Bench, question: str, answer: Answer) -> float:
    """The confidence in what was retrieved; what the roadmap itself answers or refuses is certain."""
    grounds = bench.assistant.grounds(question)
    return grounds.sure if grounds else float(not answer.abstained)


def _stages(asked: Sequence[Asked]) -> Iterator[Timing]:
    stages = dict.fromkeys(stage for one in asked for stage in one.answer.timings_ms)
    for stage in stages:
        yield timing(f"answer: {stage}", (a.answer.timings_ms[stage] for a in asked if stage in a.answer.timings_ms))
