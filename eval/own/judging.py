"""Pooled judging: people grade passages without being told who found them, and pages of a file get their grades.

Every grade is kept at once in a file beside the questions, by judge, so that judging can be stopped and gone on with.
Knows nothing of how passages were found, or of how they are shown.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import median_low

from filelock import FileLock, Timeout

from corpus.errors import UsageError
from eval.own.questions import BY_MODEL, OwnCase, QuestionsError, case_of
from eval.own.reading import read_text

GRADES = ("0", "1", "2")
KEYS = (*GRADES, "s", "u", "q")
"""Grades; s skip, u undo, q quit."""
SHOWN = 1_500
"""Characters of a passage that are shown."""

_CHANGED = "line {} was changed meanwhile: start judging again; nothing is lost."

Name = tuple[str, str, str]
"""A graded passage: id of the question, address of the page, hash of the text."""
Ask = Callable[["Pooled", int, int], str]
"""Shows a passage, its number and how many there are; gives one of `KEYS`."""


@dataclass(frozen=True, slots=True)
class Pooled:
    """A passage that a system found for a question; which one, and where in its list, is not told."""

    case: OwnCase
    url: str
    heading: str
    text: str

    @property
    def name(self) -> Name:
        return self.case.id, self.url, hashlib.sha256(self.text.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two judges agree on what both graded; `kappa`: Cohen's, None where all grades are the same one."""

    a: str
    b: str
    both: int
    same: int
    kappa: float | None

    def __str__(self) -> str:
        kappa = "undefined, as all have one grade" if self.kappa is None else f"{self.kappa:.2f}"
        return f"{self.a} and {self.b} agree on {self.same} of {self.both} passages; Cohen's kappa {kappa}."


class Judgements:
    """Everybody's grades for a file of questions, which several processes may write. Errors: `QuestionsError` where
    their file is damaged or cannot be written."""

    def __init__(self, questions: Path) -> None:
        self.path = questions.with_name(f"{questions.name}.judgements")
        self.grades: dict[str, dict[Name, int]] = defaultdict(dict)
        """By judge, in the order in which they were given."""
        self.read()

    def read(self) -> None:
        """Reads what others have kept meanwhile."""
        self.grades.clear()
        try:
            raw = self._whole()
        except OSError as error:
            raise QuestionsError(f"{self.path} cannot be read ({error.strerror}): make it readable.") from error
        for number, line in enumerate(raw.decode("utf-8", "replace").splitlines(), 1):
            try:
                one = json.loads(line)
                self._take(one["judge"], (one["id"], one["url"], one["passage"]), one["grade"])
            except (ValueError, KeyError, TypeError) as error:
                raise QuestionsError(f"{self.path.name}, line {number}: it is no judgement: remove it.") from error

    @property
    def judged(self) -> frozenset[str]:
        """Ids of the questions of which a passage is graded."""
        return frozenset(id for grades in self.grades.values() for id, _, _ in grades)

    def put(self, judge: str, name: Name, grade: int | None) -> None:
        """Keeps a grade; None takes it back."""
        id, url, passage = name
        line = json.dumps({"judge": judge, "id": id, "url": url, "passage": passage, "grade": grade})
        with _writing(self.path), self.path.open("r+b" if self.path.is_file() else "wb") as file:
            file.truncate(len(self._whole()))
            file.seek(0, os.SEEK_END)
            file.write(line.encode() + b"\n")
        self._take(judge, name, grade)

    def pages(self, id: str) -> dict[str, int]:
        """The grade of each page for a question: that of its best passage, and of judges who differ the middle one.
        A model's grades hold where no person has graded any passage of the question."""
        given: dict[Name, list[int]] = defaultdict(list)
        for judge in self._judges(id):
            for name, grade in self.grades[judge].items():
                if name[0] == id:
                    given[name].append(grade)
        found: dict[str, int] = {}
        for (_, url, _), grades in given.items():
            found[url] = max(found.get(url, 0), median_low(grades))
        return found

    def by_model(self, id: str) -> bool:
        """Whether a question was judged, and by no person."""
        judges = self._judges(id)
        return bool(judges) and all(map(is_model, judges))

    def agreements(self) -> Iterator[Agreement]:
        """Of each two judges who graded the same passage."""
        from sklearn.metrics import cohen_kappa_score

        for a, b in combinations(sorted(self.grades), 2):
            names = sorted(self.grades[a].keys() & self.grades[b].keys())
            if not names:
                continue
            one, other = ([self.grades[judge][name] for name in names] for judge in (a, b))
            is_one_grade = len({*one, *other}) == 1
            kappa = math.nan if is_one_grade else float(cohen_kappa_score(one, other))
            same = sum(x == y for x, y in zip(one, other, strict=True))
            yield Agreement(a, b, len(names), same, None if math.isnan(kappa) else kappa)

    def _judges(self, id: str) -> list[str]:
        """Those whose grades of a question hold."""
        judges = [judge for judge, grades in self.grades.items() if any(name[0] == id for name in grades)]
        return [judge for judge in judges if not is_model(judge)] or judges

    def _whole(self) -> bytes:
        """The whole lines: the last one may have been cut off."""
        raw = self.path.read_bytes() if self.path.is_file() else b""
        return raw[: raw.rfind(b"\n") + 1]

    def _take(self, judge: str, name: Name, grade: int | None) -> None:
        self.grades[judge].pop(name, None)
        if grade is not None:
            self.grades[judge][name] = int(grade)


def model_judge(model: str) -> str:
    """The name under which a model judges, which no person can have.

    >>> model_judge("qwen"), is_model("model:qwen"), is_model("qwen")
    ('model:qwen', True, False)
    """
    return f"{BY_MODEL}:{model}"


def is_model(judge: str) -> bool:
    """Whether that is a model's name."""
    return judge.startswith(f"{BY_MODEL}:")


def to_judge(cases: Iterable[OwnCase], kept: Judgements) -> list[OwnCase]:
    """The questions without a judgement, and those that another judge has begun."""
    judged = kept.judged
    return [case for case in cases if not case.is_judged or case.id in judged]


def judge(pool: Sequence[Pooled], kept: Judgements, name: str, ask: Ask) -> frozenset[str]:
    """Asks for a grade of everything that this judge has not graded; returns the ids of the questions that it was."""
    todo = [one for one in pool if one.name not in kept.grades[name]]
    touched: set[str] = set()
    at = 0
    while at < len(todo):
        key = ask(todo[at], at + 1, len(todo))
        if key == "q":
            break
        if key == "u":
            at = max(at - 1, 0)
            if todo[at].name in kept.grades[name]:
                kept.put(name, todo[at].name, None)
        elif key == "s":
            at += 1
        elif key in GRADES:
            kept.put(name, todo[at].name, int(key))
            touched.add(todo[at].case.id)
            at += 1
    return frozenset(touched)


def write_judged(path: Path, cases: Sequence[OwnCase], kept: Judgements, touched: Collection[str]) -> tuple[str, ...]:
    """Writes the grades of pages into the lines of these questions, and of those without any; returns the questions of
    which every passage was graded 0. The rest of the file stays as it is. What others have graded meanwhile counts.

    Errors: `QuestionsError`.
    """
    unanswered: list[str] = []
    with _writing(path):
        kept.read()
        lines = read_text(path).split("\n")
        for case in cases:
            pages = kept.pages(case.id)
            if not pages or (case.is_judged and case.id not in touched):
                continue
            _write_line(lines, case, pages, by_model=kept.by_model(case.id))
            if not any(pages.values()):
                unanswered.append(case.question)
        _replace(path, lines)
    return tuple(unanswered)


def take_back(path: Path, case: OwnCase, kept: Judgements, judge: str, name: Name) -> None:
    """Takes a grade back, and out of the question's line as well if the grades were written into it.

    Errors: `QuestionsError`.
    """
    before = kept.pages(case.id)
    kept.put(judge, name, None)
    pages = kept.pages(case.id)
    written = {place.url: place.grade for place in case.expects if not (place.heading or place.sentence)}
    if pages == before or not before.items() <= written.items():
        return
    with _writing(path):
        lines = read_text(path).split("\n")
        gone = before.keys() - pages.keys()
        _write_line(lines, case, pages, gone, by_model=kept.by_model(case.id))
        _replace(path, lines)


@contextmanager
def _writing(path: Path) -> Generator[None]:
    """Nobody else writes the file meanwhile. Errors: `QuestionsError` where it cannot be written."""
    try:
        with FileLock(path.with_name(f"{path.name}.lock"), timeout=10):
            yield
    except Timeout as error:
        raise QuestionsError(f"{path.name} is being written by another process: try again in a moment.") from error
    except OSError as error:
        raise QuestionsError(f"{path} cannot be written ({error.strerror}): make room.") from error


def _replace(path: Path, lines: Sequence[str]) -> None:
    """By a new file beside it that takes its place: a full disk leaves the old one."""
    beside = path.with_name(f"{path.name}.new")
    beside.write_text("\n".join(lines), encoding="utf-8")
    beside.replace(path)


def _write_line(
    lines: list[str], case: OwnCase, pages: dict[str, int], gone: Collection[str] = (), *, by_model: bool
) -> None:
    """Puts the grades of pages into the question's line, and takes pages out of it. Errors: `QuestionsError`."""
    try:
        fields = json.loads(lines[case.line - 1])
        now = case_of(fields, case.line)
    except (IndexError, ValueError, TypeError, AttributeError) as error:
        raise QuestionsError(_CHANGED.format(case.line)) from error
    if now.question != case.question:
        raise QuestionsError(_CHANGED.format(case.line))
    was_by_model = fields.pop("by", "") == BY_MODEL  # a model's grades stay no longer than a model alone judges
    others = [
        {"url": place.url, "heading": place.heading, "sentence": place.sentence, "grade": place.grade}
        for place in (() if was_by_model else now.expects)
        if place.url not in {*pages, *gone} or place.heading or place.sentence
    ]
    places = [*others, *({"url": url, "grade": grade} for url, grade in pages.items())]
    fields.pop("relevant", None)
    if by_model:
        fields["by"] = BY_MODEL
    fields["expects"] = [{name: value for name, value in place.items() if value != ""} for place in places]
    lines[case.line - 1] = json.dumps(fields, ensure_ascii=False)


def outcome(path: Path, kept: Judgements, unanswered: Iterable[str], left: str) -> Iterator[str]:
    """How judging ended, in sentences: what is left, what nothing answers, and how far the judges agree."""
    yield f"The grades are in {path.name}; {left} left."
    for question in unanswered:
        yield f'Nothing that was judged answers {question!r}: add "refuse": true if it must be refused.'
    yield from map(str, kept.agreements())


def check_judge(name: str) -> None:
    """Errors: `UsageError` for a name that cannot be a judge's."""
    if not re.fullmatch(r"[\w.-]{1,40}", name):
        raise UsageError(f"{name[:80]!r} cannot name a judge: give up to 40 letters, digits, dots and dashes.")


def check_file(path: Path) -> None:
    """Errors: `UsageError` where grades cannot be written into a file of that kind."""
    if path.suffix.lower() != ".jsonl":
        raise UsageError(
            f"{path.name}: grades are written into JSON Lines files: give one whose name ends with .jsonl."
        )
