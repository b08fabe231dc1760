"""One conversation of a new learner with the assistant, and how each turn came out: `hold(assistant, case)` -> `Held`.

    right     answered by what was wished for: the capability, one that serves as well, or one of the same group of the
              table; where an answer's words are expected, they are there
    asked     asked back, and one of the buttons is what was wished for: one click away
    wrong     something else was answered
    refused   nothing was answered, though it could be

Everything goes through `Assistant.ask`. Knows nothing of how a message is understood.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from assistant.answers import Answer, Part
from assistant.asking_back import SEARCH
from assistant.conversation import memory_of
from assistant.handling import Memory
from assistant.language.learning.table import capabilities, the
from assistant.service import Assistant
from assistant.study.preferences import Wishes
from corpus.errors import UsageError
from eval.suites.strangers import stranger
from eval.suites.talk_cases import Setup, TalkCase, Turn
from eval.suites.talk_checks import Seen, missing

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
"""The moment of every message, so that figures do not hang on the day of the run."""

BUTTONS = 3
"""Wishes that may be offered where it is asked back; the button of the search is none."""

Outcome = Literal["right", "asked", "wrong", "refused"]


@dataclass(frozen=True, slots=True)
class Said:
    """One turn with what came of it; `why` is empty where it was right.

    `by_name`: whether it was right by the very capability, or one that serves as well; None where none is named.
    """

    turn: Turn
    answer: Answer
    outcome: Outcome
    why: str
    by_name: bool | None

    @property
    def is_false_write(self) -> bool:
        """Whether something was changed for the learner that was not to be."""
        return self.turn.write is False and bool(self.answer.changes)

    @property
    def is_unwritten(self) -> bool:
        """Whether nothing was changed at once where something was to be."""
        return self.turn.write is True and not self.answer.changes


@dataclass(frozen=True, slots=True)
class Held:
    """A conversation that was held."""

    case: TalkCase
    said: tuple[Said, ...]


class Visitor:
    """A new learner who talks to the assistant; remembers what was said, so that it can be said again by another."""

    def __init__(self, assistant: Assistant, setup: Setup) -> None:
        self.assistant, self.setup = assistant, setup
        self.person = stranger()
        self.memory = Memory()
        self.sent: list[str] = []
        self.week = self._settled()

    @property
    def seen(self) -> Seen:
        return Seen(self.assistant.companion, self.person, NOW)

    def say(self, text: str) -> Answer:
        """The answer to the next message; what cannot be asked for is a refusal in words."""
        try:
            answer = self.assistant.ask(text, person=self.person, now=NOW, week=self.week, memory=self.memory)
        except UsageError as error:
            answer = Answer(text, (Part("notice", str(error)),), abstained=True)
        self.sent.append(text)
        self.memory = memory_of(self.memory, answer)
        return answer

    def twin(self) -> Visitor:
        """Another learner to whom all of this happened as well."""
        other = Visitor(self.assistant, self.setup)
        for text in self.sent:
            other.say(text)
        return other

    def _settled(self) -> int | None:
        """Does what the setup says; gives the week that the page would show as the learner's own."""
        companion, setup = self.assistant.companion, self.setup
        if setup.days is not None:
            start = (NOW - timedelta(days=setup.days)).date().isoformat()
            companion.prefer(self.person, Wishes(start=start, hours=setup.hours), NOW)
        for id in setup.done:
            companion.mark(self.person, id, "", "done", NOW)
        for text in setup.said:
            self.assistant.ask(text, person=self.person, now=NOW)
        weeks = companion.next(self.person, NOW).weeks if setup.done else None
        return weeks.first if weeks else None


def hold(assistant: Assistant, case: TalkCase) -> Held:
    """One conversation, setup to last turn. After a question back it goes on with the button that is meant."""
    visitor, found = Visitor(assistant, case.setup), list[Said]()
    for turn in case.turns:
        answer = visitor.say(turn.text)
        why = _wrong(turn, answer, visitor)
        outcome: Outcome = "right" if not why else "refused" if answer.abstained else "wrong"
        if why or (turn.write and not answer.changes):
            clicked = _clicked(turn, answer, visitor)
            outcome = "asked" if clicked else outcome
            visitor = clicked or visitor
        found.append(Said(turn, answer, outcome, why, _by_name(turn, answer, outcome)))
    return Held(case, tuple(found))


def _wrong(turn: Turn, answer: Answer, visitor: Visitor) -> str:
    """What is wrong with an answer, in words; empty if nothing is. Where no words are expected, the capability is."""
    lacks = missing(turn.expected, answer, visitor.seen)
    if not turn.by_words and not _is_wished(turn, answer, visitor.assistant):
        told = " and ".join(answer.capabilities) or "a question back"
        lacks.append(f"{told}{' refused' if answer.abstained else ''} instead of {' or '.join(turn.wishes)}")
    return "; ".join(lacks)


def _is_wished(turn: Turn, answer: Answer, assistant: Assistant) -> bool:
    """Whether a capability answered that serves the wish. What abstains answers nothing; of a search that finds nothing
    on an index without pages that is no fault."""
    if the("foreign") in turn.wishes and answer.abstained:
        return True
    served = serving(turn.wishes).intersection(answer.capabilities)
    has_pages = assistant.query_engine().retriever.index.manifest.pages > 0
    return SEARCH in served and not has_pages if answer.abstained else bool(served)


def serving(wishes: Sequence[str]) -> set[str]:
    """The capabilities that serve: those named, and those that answer like the first of them.

    >>> "cost" in serving(["author"]), "cost" in serving(["compare", "author"])
    (True, False)
    """
    table = capabilities()
    alike = {name for name, entry in table.items() if entry.group == table[wishes[0]].group}
    return {*wishes, *alike}


def _by_name(turn: Turn, answer: Answer, outcome: Outcome) -> bool | None:
    if not turn.wishes:
        return None
    refused = the("foreign") in turn.wishes and answer.abstained
    return outcome == "right" and (refused or bool({*turn.wishes}.intersection(answer.capabilities)))


def _clicked(turn: Turn, answer: Answer, visitor: Visitor) -> Visitor | None:
    """The learner after the click that is meant; None where no button is. The visitor itself is left as it is."""
    buttons = [choice for choice in answer.choices if turn.by_words or choice.capability != SEARCH]
    for choice in buttons if turn.by_words else buttons[:BUTTONS]:
        other = visitor.twin()
        clicked = other.say(choice.message)
        if turn.by_words:
            is_meant = not _wrong(turn, clicked, other) and (bool(clicked.changes) or not turn.write)
        else:
            is_meant = bool(serving(turn.wishes) & {choice.capability, *clicked.capabilities})
        if is_meant:
            return other
    return None
