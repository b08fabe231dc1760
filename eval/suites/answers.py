"""Answers -> passed or failed: the roadmap's facts, refusals, and citations that stand in their source.

Asks the assistant as a user does. Knows nothing of how it finds an answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.answers import Answer
from assistant.text.markers import CODE
from eval.cases import AttributeCase, GatedCase, PageCase
from eval.results import Abstention, CurvePoint, Failure, PassTable
from eval.suites.weeks_suite import Case as WeekCase

Ask = Callable[[str, int | None], Answer]
"""A question and the learner's week -> the answer."""

STEPS = 100
"""Thresholds of an abstention curve."""

_MARKER = re.compile(r"\[(\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with what came back; `sure` is the confidence, 0 to 1 (see `assistant.retrieval.confidence`)."""

    id: str
    type: str
    question: str
    answer: Answer
    sure: float = 1.0


def weeks_table(cases: Sequence[WeekCase], ask: Ask) -> PassTable:
    """Every week: the blocks, weeks and resources must be exactly right, and a week that is not there is refused."""
    results = [(c.id, c.id.partition("-")[0], c.question, _wrong_week(c, ask(c.question, c.week))) for c in cases]
    return pass_table("weeks", results)


def attributes_table(cases: Sequence[AttributeCase], ask: Ask) -> PassTable:
    """Every column of the roadmap, by what `eval/questions/README.md` says of `expect`."""
    results = [(c.id, c.type, c.question, _wrong_attribute(c, ask(c.question, None))) for c in cases]
    return pass_table("attributes", results)


def refusals_table(cases: Sequence[GatedCase], asked: Mapping[str, Asked]) -> tuple[PassTable, PassTable]:
    """Outside questions that were refused, and answerable ones that were not."""
    outside = [
        (c.id, c.type, c.question, "" if asked[c.id].answer.abstained else "answered")
        for c in cases
        if not c.answerable
    ]
    inside = [
        (c.id, c.type, c.question, "refused" if asked[c.id].answer.abstained else "") for c in cases if c.answerable
    ]
    return pass_table("outside", outside), pass_table("answerable", inside)


def answered_table(cases: Iterable[PageCase], asked: Mapping[str, Asked]) -> PassTable:
    """Questions on the notes, which every index holds: none of them may be refused."""
    own = [case for case in cases if case.suite == "own"]
    results = [(c.id, c.type, c.question, "refused" if asked[c.id].answer.abstained else "") for c in own]
    return pass_table("answered", results)


def abstention(cases: Sequence[GatedCase], asked: Mapping[str, Asked]) -> tuple[Abstention, ...]:
    """Refusals on each half, with the curve over all thresholds."""
    return tuple(_half(split, [c for c in cases if c.split == split], asked) for split in ("tune", "test"))


def citations_table(asked: Iterable[Asked], records: Mapping[str, str], roadmap: str) -> PassTable:
    """Every answer that was not a refusal: each quote stands in its stored record, each `[n]` has its source.

    `records` are stored texts by address, `roadmap` is the text of roadmap.md.
    """
    results = [
        (a.id, a.type, a.question, wrong_citation(a.answer, records, roadmap)) for a in asked if not a.answer.abstained
    ]
    return pass_table("citations", results)


def pass_table(suite: str, results: Sequence[tuple[str, str, str, str]]) -> PassTable:
    """(id, type, question, what is wrong or an empty string) -> a table."""
    by_type: dict[str, tuple[int, int]] = {}
    for _, type, _, wrong in results:
        passed, total = by_type.get(type, (0, 0))
        by_type[type] = (passed + (not wrong), total + 1)
    failures = tuple(Failure(id, question, wrong) for id, _, question, wrong in results if wrong)
    return PassTable(suite, len(results) - len(failures), len(results), by_type, failures)


def _wrong_week(case: WeekCase, answer: Answer) -> str:
    if case.missing:
        return "" if answer.abstained else "a week that is not there was answered"
    if answer.abstained:
        return "refused"
    if answer.weeks != case.weeks:
        return f"weeks {answer.weeks} instead of {case.weeks}"
    if set(answer.resources) != set(case.resources):
        return f"resources {_names(answer.resources)} instead of {_names(case.resources)}"
    unnamed = [title for title in case.blocks if title not in answer.text]
    return f"{unnamed[0]!r} is not named" if unnamed else ""


def _wrong_attribute(case: AttributeCase, answer: Answer) -> str:
    text = answer.text.casefold()
    if answer.abstained:
        return "refused"
    if unnamed := set(case.resources) - set(answer.resources):
        return f"{_names(sorted(unnamed))} not named"
    if missing := [part for part in case.contains if part.casefold() not in text]:
        return f"{missing[0]!r} is not in the answer"
    if wrong := [part for part in case.excludes if part.casefold() in text]:
        return f"{wrong[0]!r} is in the answer"
    return f"weeks {answer.weeks} instead of {case.weeks}" if case.weeks and answer.weeks != case.weeks else ""


def wrong_citation(answer: Answer, records: Mapping[str, str], roadmap: str) -> str:
    """What is wrong with the citations of an answer in a few words, or an empty string.

    Each source has a quote that stands in its record, each is cited, and each `[n]` outside code and notices (which may
    repeat a title) has a source. What is nothing but notices, the assistant about itself, needs none.
    """
    for citation in answer.citations:
        if not citation.quote.strip():
            return f"the quote [{citation.n}] is empty"
        if citation.quote not in records.get(citation.url, "") and citation.quote not in roadmap:
            return f"the quote [{citation.n}] does not stand in {citation.url}"
    known = {citation.n for citation in answer.citations}
    if not known:
        return "" if all(part.voice == "notice" for part in answer.parts) else "nothing is cited"
    said = [(part.voice, int(n)) for part in answer.parts for n in _MARKER.findall(CODE.sub("", part.text))]
    if uncited := known - {n for _, n in said}:
        return f"[{min(uncited)}] is cited by no sentence"
    unsourced = {n for voice, n in said if voice != "notice"} - known
    return f"[{min(unsourced)}] has no source" if unsourced else ""


def _half(split: str, cases: Sequence[GatedCase], asked: Mapping[str, Asked]) -> Abstention:
    outside = [asked[c.id] for c in cases if not c.answerable]
    inside = [asked[c.id] for c in cases if c.answerable]
    steps = [step / STEPS for step in range(STEPS + 1)]
    return Abstention(
        split=split,
        outside=len(outside),
        refused=sum(a.answer.abstained for a in outside),
        answerable=len(inside),
        falsely_refused=sum(a.answer.abstained for a in inside),
        curve=tuple(CurvePoint(t, _below(outside, t), _below(inside, t)) for t in steps),
    )


def _below(asked: Sequence[Asked], threshold: float) -> float:
    return sum(a.sure < threshold for a in asked) / len(asked) if asked else 0.0


def _names(ids: Iterable[str]) -> str:
    return ", ".join(ids) or "none"
