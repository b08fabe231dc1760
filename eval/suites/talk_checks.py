"""Whether an answer holds what is expected: `missing(expected, answer, seen)` -> what is not as it should be, in words.

The checks of `../shared/check_talk.py`, made in-process. Knows nothing of how the answer came about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from assistant.answers import Answer
from assistant.companion import Companion
from assistant.study.learner import Learner
from assistant.study.planned import Pause
from assistant.study.preferences import Wishes
from eval.suites.talk_cases import Expected

LEAD = 300
"""Characters that count as the beginning of an answer."""

_MARKED = {"done": "done", "in_progress": "in-progress", "skipped": "skipped"}
"""What a state may list -> the status that each of its resources must have."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Whose answer it is, when, and where that person is kept."""

    companion: Companion
    person: str
    now: datetime


def missing(expected: Expected, answer: Answer, seen: Seen) -> list[str]:
    """What an answer lacks, or says and must not; empty where it is as expected."""
    text = bare(answer.text)
    found = [*_refusal(expected, answer), *_words(expected, text), *_named(expected, answer, text, seen)]
    return [*found, *_weeks(expected, answer, text), *_plan(expected, text, seen), *_state(expected.state, seen)]


def bare(text: str) -> str:
    """Without addresses, marks and citation numbers, so that a length is what a reader sees.

    >>> bare("See **[fast.ai](https://x.example)** [2]")
    'See fast.ai'
    """
    text = re.sub(r"\]\((?:[^()]|\([^()]*\))*+\)", "]", text)
    return re.sub(r"\s+", " ", re.sub(r"\[\d+\]|[*#_`\[\]]", "", text)).strip()


def _refusal(expected: Expected, answer: Answer) -> Iterator[str]:
    if expected.abstain is not None and answer.abstained != expected.abstain:
        yield "refused" if answer.abstained else "answered what it cannot know"


def _words(expected: Expected, text: str) -> Iterator[str]:
    if expected.any_of and not _found(expected.any_of, text):
        yield f"without any of {_list(expected.any_of)}"
    if lost := [pattern for pattern in expected.all_of if not _found([pattern], text)]:
        yield f"without {_list(lost)}"
    if said := _found(expected.none_of, text):
        yield f"says {_list(said)}"
    if expected.lead and not _found(expected.lead, text[:LEAD]):
        yield f"does not begin with {_list(expected.lead)}"
    if expected.max_chars is not None and len(text) > expected.max_chars:
        yield f"{len(text)} characters"


def _named(expected: Expected, answer: Answer, text: str, seen: Seen) -> Iterator[str]:
    """Resources that must be named: among those of the answer, or with their title in its text."""

    def is_named(id: str) -> bool:
        title = bare(seen.companion.roadmap.title_of(id)).casefold()
        said = text.casefold()
        return id in answer.resources or title in said or re.sub(r" \([^()]*\)", "", title) in said

    if lost := [id for id in expected.resources if not is_named(id)]:
        yield f"does not name {_list(lost)}"
    if expected.resources_any and not any(map(is_named, expected.resources_any)):
        yield f"names none of {_list(expected.resources_any)}"


def _weeks(expected: Expected, answer: Answer, text: str) -> Iterator[str]:
    if expected.weeks is None:
        return
    first, last = expected.weeks
    told = answer.weeks is not None and (answer.weeks.first, answer.weeks.last) == expected.weeks
    if not told and not re.search(rf"weeks? {first}(?:\b|[–-]{last})", text, re.IGNORECASE):
        yield f"not weeks {first}-{last}"


def _plan(expected: Expected, text: str, seen: Seen) -> Iterator[str]:
    """The month in which the product's own plan of that start and pace ends."""
    if not expected.plan:
        return
    given, today = expected.plan, seen.now.date()
    start = date(today.year, given["month"], given["day"])
    start = start if start > today else start.replace(year=today.year + 1)
    other = f"{seen.person}-plan"
    seen.companion.prefer(other, Wishes(start=start.isoformat(), hours=given["hours"]), seen.now)
    plan = seen.companion.plan(other, seen.now)
    if plan is not None and plan.ends.isoformat()[:7] not in text:
        yield f"the end is {plan.ends}"


def _state(state: Mapping[str, Any], seen: Seen) -> Iterator[str]:
    if not state:
        return
    report = seen.companion.report(seen.person, seen.now)
    status = {line.resource: line.status for line in report.lines}
    for key, wanted in _MARKED.items():
        yield from (f"{id} is {status[id]}, not {wanted}" for id in state.get(key, ()) if status[id] != wanted)
    yield from (f"{id} is marked as done" for id in state.get("not_done", ()) if status[id] == "done")
    yield from _settings(state, report.learner)


def _settings(state: Mapping[str, Any], learner: Learner) -> Iterator[str]:
    pauses = [_pause(pause) for pause in learner.pauses]
    wrong = {
        f"hours {learner.hours:g}": "hours" in state and learner.hours != state["hours"],
        f"start {learner.start}": "start" in state and not str(learner.start).endswith(state["start"]),
        f"pauses {pauses}": "pause" in state and list(state["pause"]) not in pauses,
        "no pause": state.get("paused") and not pauses,
        "nothing changed": state.get("changed") and not (pauses or learner.replanned),
        f"free only is {learner.free_only}": "free_only" in state and learner.free_only != state["free_only"],
        f"prefers {learner.prefer or 'nothing'}": "prefer" in state and learner.prefer != state["prefer"],
    }
    yield from (what for what, is_so in wrong.items() if is_so)


def _pause(pause: Pause) -> list[str]:
    """Month and day of both ends: "02-14"."""
    return [f"{day:%m-%d}" for day in (pause.first, pause.last)]


def _found(patterns: Sequence[str], text: str) -> list[str]:
    return [pattern for pattern in patterns if re.search(pattern, text, re.IGNORECASE)]


def _list(names: Sequence[str]) -> str:
    return ", ".join(names)
