"""What learners say, said to the assistant: `measure(assistant, cases, ...)` -> how much is answered right at once.

Every case is a new learner on a database that is thrown away (`talk_visit`). Sums up by source and group; nothing of
the half `test` is shown, it is counted alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from assistant.service import Assistant
from eval.metrics import wilson
from eval.results import Failure, Proportion, TalkRow, TalkTable
from eval.suites.strangers import among_strangers
from eval.suites.talk_cases import ALL, TalkCase
from eval.suites.talk_visit import Held, Outcome, Said, hold

WHOLE = ", whole"
"""Behind the source of the row that counts conversations; the source alone counts their turns."""

FILE = "talk.jsonl"
_WORST: tuple[Outcome, ...] = ("wrong", "refused", "asked", "right")

Unit = Sequence[Said]
"""What counts as one: a turn, or all turns of a conversation, of which the worst one counts."""


def measure(
    assistant: Assistant, cases: Sequence[TalkCase], folder: Path, tick: Callable[[int], None] = lambda _: None
) -> TalkTable:
    """Holds every conversation over the index of `assistant`, and writes what was said to `folder`, for reading."""
    held: list[Held] = []
    with among_strangers(assistant) as asked:
        for case in cases:
            held.append(hold(asked, case))
            tick(1)
    shown = [one for one in held if one.case.split != "test"]
    _write(shown, folder / FILE)
    return TalkTable(tuple(_rows(held)), tuple(_failures(shown)))


def _rows(held: Sequence[Held]) -> Iterator[TalkRow]:
    """For each source all of it, then its groups; conversations by turn, then whole."""
    for source in dict.fromkeys(one.case.source for one in held):
        own = [one for one in held if one.case.source == source]
        if _is_of_conversations(own):
            yield _row(source, ALL, [(said,) for one in own for said in one.said])
            yield _row(f"{source}{WHOLE}", ALL, [one.said for one in own])
            continue
        yield _row(source, ALL, [one.said for one in own])
        for group in dict.fromkeys(one.case.group for one in own):
            yield _row(source, group, [one.said for one in own if one.case.group == group])


def _is_of_conversations(held: Sequence[Held]) -> bool:
    return all(len(one.case.turns) > 1 for one in held)


def _row(source: str, group: str, units: Sequence[Unit]) -> TalkRow:
    outcomes = [next(outcome for outcome in _WORST if any(s.outcome == outcome for s in unit)) for unit in units]
    named = [said.by_name for unit in units for said in unit if said.by_name is not None]

    def share(*which: Outcome) -> Proportion:
        return wilson(sum(outcome in which for outcome in outcomes), len(units))

    return TalkRow(
        source=source,
        group=group,
        at_once=share("right"),
        good=share("right", "asked"),
        wrong=share("wrong"),
        refused=share("refused"),
        by_name=wilson(sum(named), len(named)) if named else None,
        false_writes=sum(any(said.is_false_write for said in unit) for unit in units),
        unwritten=sum(any(said.is_unwritten for said in unit) for unit in units),
    )


def _failures(held: Iterable[Held]) -> Iterator[Failure]:
    """Each turn that went wrong or was refused, or wrote what it should not."""
    for one in held:
        for said in one.said:
            parts = ["changed something without being asked"] if said.is_false_write else []
            parts += [f"{said.outcome}: {said.why}"] if said.outcome in ("wrong", "refused") else []
            if parts:
                yield Failure(one.case.id, said.turn.text, "; ".join(parts))


def _write(held: Iterable[Held], path: Path) -> None:
    """A line for each turn."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(_line(one.case, said), ensure_ascii=False) for one in held for said in one.said]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _line(case: TalkCase, said: Said) -> dict[str, object]:
    return {
        "id": case.id,
        "source": case.source,
        "text": said.turn.text,
        "wishes": said.turn.wishes,
        "outcome": said.outcome,
        "why": said.why,
        "capabilities": said.answer.capabilities,
        "choices": [choice.message for choice in said.answer.choices],
        "changes": said.answer.changes,
        "answer": said.answer.text,
    }
