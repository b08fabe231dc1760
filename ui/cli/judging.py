"""`roadmap eval judge`: pooled judging with single keys in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click
from rich.console import Console

from assistant.generation.client import configured
from assistant.recommendation.reasons import counted
from corpus.errors import UsageError
from corpus.settings import Settings
from eval.own.judging import (
    KEYS,
    SHOWN,
    Judgements,
    Pooled,
    check_file,
    check_judge,
    judge,
    model_judge,
    outcome,
    to_judge,
    write_judged,
)
from eval.own.model_judge import asking
from eval.own.questions import OwnCase
from eval.own.reading import read_questions
from eval.running.telling import progress_task, shown
from ingest.pages.visible import visible

_KEYS = "0 not at all, 1 a part, 2 answers it; s skip, u undo, q quit (it goes on here the next time)"


def judge_in_terminal(settings: Settings, path: Path, name: str, console: Console) -> None:
    """Shows what was found for each question, keeps each grade, and writes them into the file of questions at the end.

    Errors: `UsageError` without a terminal or for a name that cannot be used, `QuestionsError`, `NotReadyError`.
    """
    check_judge(name)
    check_file(path)
    if not (sys.stdin.isatty() and console.is_terminal):
        raise UsageError("judging needs a terminal: start `roadmap eval judge` in one.")
    cases = read_questions(path).checked()
    kept = Judgements(path)
    todo = to_judge(cases, kept)
    if not todo:
        say(console, "Every question has its judgement: nothing is left to judge.")
        return
    say(console, f"Looking for passages for {len(todo)} {'questions' if len(todo) > 1 else 'question'} ...")
    pool = pool_of(settings, todo)

    def ask(one: Pooled, number: int, of: int) -> str:
        console.rule(f"{number} of {of}")
        for text in (one.case.question, "", one.heading, one.text[:SHOWN], one.url, "", _KEYS):
            say(console, text)
        while (key := click.getchar().casefold()) not in KEYS:
            say(console, _KEYS)
        return key

    touched: frozenset[str] = frozenset()
    try:
        touched = judge(pool, kept, name, ask)
    finally:
        unanswered = write_judged(path, todo, kept, touched)
    left = counted(sum(one.name not in kept.grades[name] for one in pool), "passage")
    for sentence in outcome(path, kept, unanswered, left):
        say(console, sentence)


def judge_by_model(settings: Settings, path: Path, console: Console) -> None:
    """Lets the configured language model grade what was found, and says how far it agrees with people.

    Errors: `UsageError` without a model, `JudgeError` where it fails (what it has graded is kept), `QuestionsError`,
    `NotReadyError`.
    """
    check_file(path)
    model = configured(settings, settings.llm_judge or "auto")
    if model is None:
        raise UsageError("no language model is configured: set ROADMAP_LLM_URL (`roadmap llm` shows how).")
    name = model_judge(model.name or "first")
    cases, kept = read_questions(path).checked(), Judgements(path)
    todo = to_judge(cases, kept)
    say(console, f"Looking for passages for {counted(len(todo), 'question')} ...")
    pool = pool_of(settings, todo)
    left = [one for one in pool if one.name not in kept.grades[name]]
    touched: frozenset[str] = frozenset()
    try:
        with shown(console) as progress, progress_task(progress, f"{name} judges", len(left)) as tick:
            touched = judge(pool, kept, name, asking(model, tick))
    finally:
        unanswered = write_judged(path, todo, kept, touched)
    said = counted(sum(one.name not in kept.grades[name] for one in pool), "passage")
    for sentence in outcome(path, kept, unanswered, said):
        say(console, sentence)
    if not any(name in (agreement.a, agreement.b) for agreement in kept.agreements()):
        say(console, "No person has graded any of these passages: `roadmap eval judge` shows how far people agree.")


def pool_of(settings: Settings, cases: Sequence[OwnCase]) -> list[Pooled]:
    """The first passages of each system. Errors: `NotReadyError`."""
    from assistant.service import Assistant
    from eval.systems.pooling import pooled

    with closing(Assistant(settings)) as assistant:
        return list(pooled(assistant.query_engine().retriever, cases))


def say(console: Console, text: str) -> None:
    console.print(visible(text), markup=False, highlight=False, soft_wrap=True)
