"""The questions that everything is measured on, typed: `load_pages()`, `load_attributes()`, `load_gated()`.

Reads `eval/questions/*.jsonl`, the questions in `../shared` where they exist, and a user's own cases. Knows nothing of
how an answer is found or scored. The suites `weeks` and `next` are generated: see `weeks_suite` and `next_suite`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import quote

from corpus.errors import ProjectError, UsageError
from corpus.roadmap import Weeks

QUESTIONS = Path(__file__).with_name("questions")
SHARED = Path(__file__).resolve().parents[2] / "shared" / "questions.jsonl"
"""Questions by the pages' own authors; beside a checkout of this repository, or absent."""

MINE = "mine"
"""The suite of a person's own questions: see `eval.own`."""

PAGE_SUITES = ("quiz", "quiz-context", "faq", "faq-context", "learner", "own", "feedback")
SUITES = ("weeks", "attributes", "pages", "outside", "next", "answers", "talk", MINE)
"""What `--suite` takes, besides each of `PAGE_SUITES`; `outside` measures `answerable` with it."""

Split = Literal["tune", "test"]
Case = TypeVar("Case")


class CaseError(ProjectError):
    """A file of questions cannot be read; the message names the file and the line."""


class SuiteError(UsageError):
    """A suite of that name does not exist; the message lists those that do."""


@dataclass(frozen=True, slots=True)
class Relevant:
    """A page that answers: its address and how well (2 answers, 1 answers a part).

    Stricter: the section of it under `heading`, or any passage that holds `sentence` (then `url` may be empty).
    """

    url: str
    grade: int
    heading: str = ""
    sentence: str = ""

    @property
    def name(self) -> str:
        """What it is called in qrels and run files; free of spaces."""
        if self.sentence:
            return f"{self.url}#~{hashlib.sha256(plain(self.sentence).encode()).hexdigest()[:12]}"
        return f"{self.url}#{quote(plain(self.heading))}" if self.heading else self.url

    def is_held_by(self, url: str, heading: str, text: str) -> bool:
        """Whether a passage under the heading path `heading` of the page `url` is it, or holds it."""
        if self.sentence:
            return self.url in ("", url) and plain(self.sentence) in plain(text)
        if not self.heading or self.url != url:
            return self.url == url
        wanted, path = plain(self.heading), (plain(part) for part in heading.split(" › "))
        return wanted in path or wanted in map(plain, text.splitlines())


def plain(text: str) -> str:
    """How two pieces of text are compared: without case, and with one blank for any white space."""
    return " ".join(text.split()).casefold()


@dataclass(frozen=True, slots=True)
class PageCase:
    """A question and the pages that answer it, for measuring a ranking."""

    id: str
    suite: str
    type: str
    by: str
    question: str
    relevant: tuple[Relevant, ...]


@dataclass(frozen=True, slots=True)
class AttributeCase:
    """A question about the roadmap's columns and what its answer must hold (see `questions/README.md`)."""

    id: str
    type: str
    by: str
    question: str
    resources: tuple[str, ...]
    contains: tuple[str, ...]
    excludes: tuple[str, ...]
    weeks: Weeks | None


@dataclass(frozen=True, slots=True)
class PlainCase:
    """A question whose answer is looked at, not compared."""

    id: str
    type: str
    question: str


@dataclass(frozen=True, slots=True)
class GatedCase:
    """A question that must be refused, or one that must not (`answerable`)."""

    id: str
    type: str
    by: str
    question: str
    split: Split
    answerable: bool


def choose(names: str) -> tuple[str, ...]:
    """Suites by a comma-separated list; empty for all of them, `pages` for all of its own. Errors: `SuiteError`."""
    asked = [name.strip() for name in names.split(",") if name.strip()] or list(SUITES)
    known = {*SUITES, *PAGE_SUITES}
    for name in asked:
        if name not in known:
            raise SuiteError(f"there is no suite {name!r}: choose from {', '.join(sorted(known))}.")
    expanded = [part for name in asked for part in (PAGE_SUITES if name == "pages" else (name,))]
    return tuple(dict.fromkeys(expanded))


def load_pages(shared: Path = SHARED, user: Path | None = None) -> list[PageCase]:
    """Every question with graded pages: `own` (notes) and `learner` (pages), those of `shared` and of `user` where the
    files exist.

    Errors: `CaseError`.
    """
    seen: dict[str, str] = {}
    cases = [*read_cases(QUESTIONS / "own.jsonl", partial(_own, suite="own"), seen)]
    cases += read_cases(QUESTIONS / "answerable.jsonl", partial(_own, suite="learner"), seen)
    if shared.is_file():
        cases += read_cases(shared, _authors, seen)
    if user is not None and user.is_file():
        cases += [case for case in read_cases(user, _accepted, seen) if case is not None]
    return cases


def load_attributes() -> list[AttributeCase]:
    """Every question about a column of the roadmap. Errors: `CaseError`."""
    return list(read_cases(QUESTIONS / "attributes.jsonl", _attribute))


def load_plain(path: Path) -> list[PlainCase]:
    """Questions without an expected answer. Errors: `CaseError`."""
    return list(read_cases(path, lambda line: PlainCase(line["id"], line["type"], line["question"])))


def load_gated(user: Path | None = None) -> list[GatedCase]:
    """Questions that must be refused, then those that must not; a user's own refusals count among the first.

    Errors: `CaseError`.
    """
    cases: list[GatedCase] = []
    seen: dict[str, str] = {}
    for name in ("outside", "answerable"):
        cases += read_cases(QUESTIONS / f"{name}.jsonl", partial(_gated, answerable=name == "answerable"), seen)
    if user is not None and user.is_file():
        cases += [case for case in read_cases(user, _refusal, seen) if case is not None]
    return cases


def read_cases(
    path: Path, make: Callable[[dict[str, Any]], Case], seen: dict[str, str] | None = None
) -> Iterator[Case]:
    """The cases of a JSON-lines file. `seen`: the ids of files read before, and where each stands.

    Errors: `CaseError` for a broken line, one without the fields of its kind, or an id that stands there already:
    scores are kept by id, so one of the two would be lost.
    """
    seen = {} if seen is None else seen
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            place = f"line {number} of {path}"
            try:
                data = json.loads(line)
                case, id = make(data), str(data["id"])
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise CaseError(f"{place} is not a case ({error!r}): mend or remove it.") from error
            if id in seen:
                raise CaseError(f"{place} has the id {id!r}, as has {seen[id]}: give one of them another.")
            seen[id] = place
            yield case


def _own(line: dict[str, Any], suite: str) -> PageCase:
    relevant = tuple(Relevant(str(r["url"]), int(r["grade"])) for r in line["relevant"])
    return PageCase(line["id"], suite, line["type"], line["by"], line["question"], relevant)


def _authors(line: dict[str, Any]) -> PageCase:
    """A question by the authors of its page; one that is ambiguous on its own goes to a suite apart."""
    return PageCase(
        id=line["id"],
        suite=line["kind"] + ("-context" if line["needs_context"] else ""),
        type="stands as a heading" if line["verbatim"] else line["id"].rpartition("-")[0],
        by=line["source_repo"],
        question=line["question"],
        relevant=tuple(Relevant(url, 1) for url in line["gold_urls"]),
    )


def _attribute(line: dict[str, Any]) -> AttributeCase:
    expect = line["expect"]
    return AttributeCase(
        id=line["id"],
        type=line["type"],
        by=line["by"],
        question=line["question"],
        resources=tuple(expect["resources"]),
        contains=tuple(expect["contains"]),
        excludes=tuple(expect["excludes"]),
        weeks=Weeks(*expect["weeks"]) if "weeks" in expect else None,
    )


def _gated(line: dict[str, Any], answerable: bool) -> GatedCase:
    return GatedCase(line["id"], line["type"], line["by"], line["question"], line.get("split", "test"), answerable)


def _accepted(line: dict[str, Any]) -> PageCase | None:
    """A user's case with the pages that answer it."""
    return _own(line, "feedback") if line.get("relevant") else None


def _refusal(line: dict[str, Any]) -> GatedCase | None:
    """A user's case without a page that answers it."""
    return None if line.get("relevant") else _gated(line, answerable=False)
