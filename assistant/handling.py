"""What a handler is given, and how it is bound to its capability: `@handles("author")`.

A handler takes a message as it was read and the context, and gives an answer, or None: it is not for me after all, the
next best may answer. Knows no capability by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from assistant.answers import Answer, Choice, Part, Quiz, Scope
from assistant.companion import Companion
from assistant.language.message import Parsed
from assistant.questions import Question
from assistant.study.learner import Learner
from corpus.notes import Notes
from corpus.roadmap import Roadmap


@dataclass(frozen=True, slots=True)
class Memory:
    """What a conversation is about. Of no person; the caller keeps it and gives it back with the next message.

    `asked`: the rows, weeks and subject talked about last. `capability`: what answered. `said`: the message
    that it answered. `text`: what was answered. `choices`: what was asked back, if anything. `wrote`: whether
    something was changed. `quiz`: the questions that the next message may answer.
    """

    asked: Question | None = None
    capability: str = ""
    said: str = ""
    text: str = ""
    choices: tuple[Choice, ...] = ()
    wrote: bool = False
    quiz: Quiz | None = None


@dataclass(frozen=True)
class Context:
    """The person, the moment and the conversation that a message is answered in."""

    roadmap: Roadmap
    notes: Notes
    companion: Companion
    person: str
    now: datetime
    week: int | None = None
    """The week that the person chose on the page."""
    scope: Scope = "all"
    memory: Memory = field(default_factory=Memory)
    sure: bool = True
    """False where the wish is likely and not sure: what writes then asks first."""

    kind: str = ""
    """Which of its kinds the capability is asked for, as the examples tell it ("hardest"); "" where it has none."""

    alone: bool = True
    """False where the message holds other wishes too, which are answered beside this one."""

    amends: bool = False
    """True where the message puts right what the one before it changed: the new change takes its place."""

    @cached_property
    def learner(self) -> Learner:
        return self.companion.learner(self.person)

    @cached_property
    def today(self) -> date:
        return self.learner.day(self.now)

    fresh: bool = False
    """True where nothing was known of the person before this message: what it tells first is all there is."""

    in_turns: bool = False
    """True where what is said now can be answered by the next message: a quiz goes question by question then."""

    opinion: str = ""
    """The grade that a language model would give a free answer in a quiz; "" where none was asked, or it had none."""

    @property
    def is_known(self) -> bool:
        """Whether the person has told when the study began, or what is done."""
        return bool(self.learner.start or self.learner.marks) and not self.fresh


OTHER = "other"
"""The kind of a wish that refuses what was answered and wants something else."""

Handler = Callable[[Parsed, Context, str], Answer | None]
"""(message, context, capability) -> an answer, or None."""
HANDLERS: dict[str, Handler] = {}
"""Capability -> its handler. Filled when the modules of the handlers are imported, which `assistant.service` does."""


def handles(*names: str) -> Callable[[Handler], Handler]:
    """Binds the function to capabilities of the table."""

    def bind(handler: Handler) -> Handler:
        for name in names:
            HANDLERS[name] = handler
        return handler

    return bind


def notice(parsed: Parsed, text: str, *, choices: tuple[Choice, ...] = (), abstained: bool = False) -> Answer:
    """An answer of one sentence of the assistant about itself."""
    return Answer(parsed.text, (Part("notice", text),), abstained=abstained, choices=choices)
