"""Judging one's own questions on the Quality page: what its buttons do, for the owner alone.

There is no session: what was graded stands in the file of judgements, and a button names the passage that it showed, so
that a reload, another tab and the terminal go on where it stopped. Errors: the sentences of whatever refuses it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.recommendation.reasons import counted
from assistant.service import Assistant
from corpus.errors import UsageError
from eval.own.adding import FILE, kept_cases
from eval.own.judging import (
    GRADES,
    KEYS,
    Judgements,
    Name,
    Pooled,
    check_judge,
    outcome,
    take_back,
    to_judge,
    write_judged,
)
from eval.own.questions import OwnCase, QuestionsError
from ui.desk import Desk
from ui.sheets.judging import FROM_ELSEWHERE, Shown, Waiting, damaged_html, panel_html, shown_html, waiting_html

Sent = dict[str, str]


class JudgingError(UsageError):
    """What a button sent cannot be graded; the message says what to do."""


@dataclass(frozen=True, slots=True)
class _Sitting:
    """What the files hold now, as one judge sees it."""

    judge: str
    cases: tuple[OwnCase, ...]
    kept: Judgements

    @property
    def graded(self) -> dict[Name, int]:
        return self.kept.grades[self.judge]

    @property
    def todo(self) -> list[OwnCase]:
        return to_judge(self.cases, self.kept)

    @property
    def begun(self) -> set[str]:
        """Ids of the questions of which this judge has graded a passage."""
        return {id for id, _, _ in self.graded}

    def case(self, name: Name) -> OwnCase | None:
        return next((case for case in self.cases if case.id == name[0]), None)


@dataclass(frozen=True, slots=True)
class _At:
    """A passage in the pool of its question. `number`: its place, from 0."""

    pool: tuple[Pooled, ...]
    number: int

    @property
    def one(self) -> Pooled:
        return self.pool[self.number]


class Judging:
    """The section "Judge your questions" of one desk."""

    def __init__(self, desk: Desk) -> None:
        self._path = desk.data / FILE
        self._pools = Pools(desk.assistant)

    def section(self, *, allowed: bool) -> str:
        """How many questions wait. A damaged file is told, and the rest of the page is shown. allowed: to the owner."""
        if not allowed:
            return panel_html(FROM_ELSEWHERE)
        try:
            return waiting_html(self._waiting(self._sitting("me")))
        except QuestionsError as error:
            return damaged_html(str(error))

    def start(self, sent: Sent) -> str:
        """The first passage that this judge has not graded, from the question on that was graded last."""
        sitting = self._sitting(sent.get("judge", ""))
        todo = sitting.todo
        last = next(reversed(sitting.graded), ("", "", ""))[0]
        at = next((place for place, case in enumerate(todo) if case.id == last), 0)
        return self._first(sitting, [*todo[at:], *todo[:at]])

    def press(self, sent: Sent) -> str:
        """Keeps a grade, skips, takes back or ends, as the terminal does with the same keys."""
        key = sent.get("key", "")
        if key not in KEYS:
            raise JudgingError(f"{key[:20]!r} is no grade: press one of {', '.join(KEYS)}.")
        sitting = self._sitting(sent.get("judge", ""))
        name = (sent.get("case", ""), sent.get("url", ""), sent.get("passage", ""))
        if key == "q":
            return self._ended(sitting, {name[0]})
        if key == "u" and sent.get("skipped") != "yes":
            return self._undone(sitting, name)
        at = self._found(sitting, name)
        if key == "u":
            return self._shown(sitting, at)
        if key in GRADES:
            sitting.kept.put(sitting.judge, name, int(key))
        return self._after(sitting, at, skipped=name if key == "s" else None)

    # --- which passage comes ------------------------------------------------------------------------------------------

    def _after(self, sitting: _Sitting, at: _At, skipped: Name | None) -> str:
        """The next one that is not graded; a question that is left goes into the file."""
        if following := _ungraded(sitting, at.pool, at.number + 1):
            return self._shown(sitting, following, skipped=skipped)
        case = at.one.case
        if case.id in sitting.begun:
            write_judged(self._path, [case], sitting.kept, {case.id})
        return self._first(sitting, [one for one in sitting.todo if one.line > case.line], skipped)

    def _first(self, sitting: _Sitting, cases: Iterable[OwnCase], skipped: Name | None = None) -> str:
        for case in cases:
            if at := _ungraded(sitting, self._pools.of(case), 0):
                return self._shown(sitting, at, skipped=skipped)
        return self._ended(sitting, ())

    def _undone(self, sitting: _Sitting, shown: Name) -> str:
        """Takes this judge's last grade back and shows its passage; without one, what is shown stays."""
        for name, grade in reversed(list(sitting.graded.items())):
            case = sitting.case(name)
            at = _named(self._pools.of(case), name) if case else None
            if at:
                take_back(self._path, at.one.case, sitting.kept, sitting.judge, name)
                return self._shown(sitting, at, said=f"Taken back: the grade {grade}.")
        return self._shown(sitting, self._found(sitting, shown), said="There is no grade to take back.")

    def _ended(self, sitting: _Sitting, left: Iterable[str]) -> str:
        """Writes the grades into the file, also of the questions that were left half judged, and tells the outcome."""
        todo = sitting.todo
        touched = sitting.begun.intersection(left)
        unanswered = write_judged(self._path, todo, sitting.kept, touched) if todo else ()
        said = outcome(self._path, sitting.kept, unanswered, self._left(sitting))
        again = self._sitting(sitting.judge)
        return waiting_html(self._waiting(again, tuple(said)))

    # --- what is shown ------------------------------------------------------------------------------------------------

    def _shown(self, sitting: _Sitting, at: _At, *, skipped: Name | None = None, said: str = "") -> str:
        case, todo = at.one.case, sitting.todo
        number = 1 + sum(one.line < case.line for one in todo)
        questions = (number, len({case.id, *(one.id for one in todo)}))
        return shown_html(Shown(sitting.judge, at.one, (at.number + 1, len(at.pool)), questions, skipped, said))

    def _waiting(self, sitting: _Sitting, said: Sequence[str] = ()) -> Waiting:
        unjudged = sum(not case.is_judged for case in sitting.cases)
        return Waiting(len(sitting.cases), unjudged, len(sitting.todo), sitting.judge, said)

    def _left(self, sitting: _Sitting) -> str:
        """What this judge has not graded: passages where a question was searched, and the questions not come to."""
        known = {case.id: self._pools.known(case) for case in sitting.todo}
        passages = sum(len(names - sitting.graded.keys()) for names in known.values() if names is not None)
        unseen = sum(names is None and id not in sitting.begun for id, names in known.items())
        more = f" and {counted(unseen, 'more question')}" if unseen else ""
        return f"{counted(passages, 'passage')}{more}"

    def _found(self, sitting: _Sitting, name: Name) -> _At:
        """Errors: `JudgingError` for a passage that the page showed and that is no longer found."""
        case = sitting.case(name)
        if case is None:
            raise JudgingError(f"This question is no longer in {FILE}: reload the page and judge on.")
        at = _named(self._pools.of(case), name)
        if at is None:
            raise JudgingError("This passage is no longer found for the question: reload the page and judge on.")
        return at

    def _sitting(self, judge: str) -> _Sitting:
        check_judge(judge)
        return _Sitting(judge, kept_cases(self._path), Judgements(self._path))


class Pools:
    """What is found for the question that was searched last; of those before, which passages there were."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._lock = threading.Lock()
        self._last: tuple[tuple[str, ...], tuple[Pooled, ...]] = ((), ())
        self._names: dict[tuple[str, ...], frozenset[Name]] = {}

    def of(self, case: OwnCase) -> tuple[Pooled, ...]:
        """In an order that tells nothing, and is the same each time. Errors: `NotReadyError`."""
        key = self._key(case)
        with self._lock:
            if self._last[0] == key:
                return self._last[1]
        found = searched(self._assistant, case)
        with self._lock:
            self._last = (key, found)
            self._names[key] = frozenset(one.name for one in found)
        return found

    def known(self, case: OwnCase) -> frozenset[Name] | None:
        """The passages of a question; None for one that was not searched since the start."""
        return self._names.get(self._key(case))

    def _key(self, case: OwnCase) -> tuple[str, ...]:
        return (self._assistant.readiness().generation or "", case.id, case.question)


def searched(assistant: Assistant, case: OwnCase) -> tuple[Pooled, ...]:
    """What our systems find for a question. Errors: `NotReadyError`."""
    from eval.systems.pooling import pooled  # SciPy and LlamaIndex, which serving does not need

    return tuple(pooled(assistant.query_engine().retriever, [case]))


def _named(pool: tuple[Pooled, ...], name: Name) -> _At | None:
    return next((_At(pool, number) for number, one in enumerate(pool) if one.name == name), None)


def _ungraded(sitting: _Sitting, pool: tuple[Pooled, ...], start: int) -> _At | None:
    graded = sitting.graded
    return next((_At(pool, n) for n, one in enumerate(pool) if n >= start and one.name not in graded), None)
