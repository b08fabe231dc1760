"""What learners say, with what must come of it: `load_talk()`, `load_conversations()`, `load_shared()`.

Single messages are in `questions/talk.jsonl`, conversations in `questions/conversations.jsonl`, and more of both in
`../shared/talk.jsonl`, where that file exists. Knows nothing of how a message is understood or judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from eval.cases import QUESTIONS, SHARED, Split, read_cases

TALK = QUESTIONS / "talk.jsonl"
CONVERSATIONS = QUESTIONS / "conversations.jsonl"
SHARED_TALK = SHARED.with_name("talk.jsonl")
ALL = "all"
"""The group of a case that has none, and of the row that sums up a source."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What is known of a new learner before anything is said.

    `days`: since the start of the plan; None where none was set. `done`: resources. `said`: messages sent before.
    """

    days: int | None = None
    hours: float = 8.0
    done: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """What an answer must hold, and the learner's state after it; regular expressions ignore case.

    `any_of`, `all_of`, `none_of`: in the text. `lead`: one of them at its beginning. `resources`, `resources_any`:
    ids that are named. `abstain`: whether it refuses. `plan`: month, day and hours of a plan whose end is told.
    """

    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    resources_any: tuple[str, ...] = ()
    weeks: tuple[int, int] | None = None
    max_chars: int | None = None
    abstain: bool | None = None
    state: Mapping[str, Any] = field(default_factory=dict[str, Any])
    plan: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def says(self) -> bool:
        """Whether anything must be there, not only be absent."""
        return replace(self, none_of=()) != Expected()


@dataclass(frozen=True, slots=True)
class Turn:
    """One message. `wishes`: the capability that is expected, then those that would serve as well.

    `write`: whether something must be changed for the learner; None where that is not told.
    """

    text: str
    wishes: tuple[str, ...] = ()
    write: bool | None = None
    expected: Expected = Expected()

    @property
    def by_words(self) -> bool:
        """Whether it is judged by what the answer holds, and not by what answered."""
        return self.expected.says or not self.wishes


@dataclass(frozen=True, slots=True)
class TalkCase:
    """A conversation of one or more turns, by a new learner. `source`: whose it is, such as "u"."""

    id: str
    source: str
    group: str
    split: Split
    setup: Setup
    turns: tuple[Turn, ...]


def load_cases(shared: Path = SHARED_TALK) -> list[TalkCase]:
    """All of them; those of `shared` where the file exists. Errors: `CaseError`."""
    return [*load_talk(), *load_conversations(), *(load_shared(shared) if shared.is_file() else ())]


def load_talk(path: Path = TALK) -> list[TalkCase]:
    """Single messages, each with the capability that it wishes. Errors: `CaseError`."""
    return list(read_cases(path, _message))


def load_conversations(path: Path = CONVERSATIONS) -> list[TalkCase]:
    """Conversations of several turns. Errors: `CaseError`."""
    return list(read_cases(path, _conversation))


def load_shared(path: Path = SHARED_TALK) -> list[TalkCase]:
    """The items of `../shared/talk.jsonl`, judged by what an answer holds. Errors: `CaseError`."""
    return list(read_cases(path, _shared))


def _message(line: dict[str, Any]) -> TalkCase:
    turn = Turn(line["text"], (line["intent"], *line["also"]), line["write"])
    return TalkCase(line["id"], line["by"], line["group"], line["split"], Setup(), (turn,))


def _conversation(line: dict[str, Any]) -> TalkCase:
    turns = tuple(
        Turn(t["q"], (t["intent"], *t.get("also", ())), t["write"], _held(t["holds"], t["never"]))
        for t in line["turns"]
    )
    return TalkCase(line["id"], line["by"], ALL, line["split"], _setup(line["setup"]), turns)


def _held(holds: list[str], never: list[str]) -> Expected:
    return Expected(all_of=tuple(holds), none_of=tuple(never))


def _shared(line: dict[str, Any]) -> TalkCase:
    turns = tuple(_shared_turn(turn["q"], _expected(turn["expect"])) for turn in line["turns"])
    return TalkCase(line["id"], "shared", line["group"], "tune", _setup(line["setup"]), turns)


def _shared_turn(text: str, expected: Expected) -> Turn:
    """Where a state is expected, it says itself what must have been written."""
    return Turn(text, write=None if expected.state else False, expected=expected)


def _setup(given: dict[str, Any]) -> Setup:
    said, done = tuple(given.get("say", ())), tuple(given.get("done", ()))
    return Setup(given.get("start_days_ago"), given.get("hours", Setup().hours), done, said)


def _expected(given: dict[str, Any]) -> Expected:
    values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in given.items()}
    return Expected(**values)
