"""Which capability answers a message: `Router.decide(parsed)` -> `Decision`.

A selector ranks the capabilities: the classifier learnt from the examples, or a language model that is offered the
table as tools (`assistant.selectors`). The router decides what follows: act, ask back with buttons, or search. It knows
probabilities and what the capabilities need; it knows no words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.language.learning.classifier import Guess
from assistant.language.learning.table import Capability, capabilities, having, the
from assistant.language.message import Parsed

ACTS = 0.55
"""From this probability on a capability answers; from leave-author-out validation (eval/LOG.md)."""

WRITES = 0.75
"""The same for one that changes something: below it, and for a question ("can I live without DDIA?"), it asks first."""

CLEAR, AHEAD = 0.45, 2.0
"""It answers from this probability on as well, if it is so many times that of the next."""

ROW = 0.65
"""From this probability of a group on, its likeliest member answers though it is not sure itself."""

CERTAIN = 0.66
"""Below this probability what answers offers the other likely wishes beside its answer."""

OFFERED = 4
LEAST_OFFERED = 0.04
"""Other wishes that may become buttons (one that cannot be put into words becomes none), and the probability that each
must have."""

ASKED = 0.3
"""What a capability that writes keeps of its probability where the message is a question ("can I live without it?")."""

TOLD, NOT_NOTED = 0.5, 0.15
"""Where so much speaks for something that is told of the study, and so much of it for a remark, nothing is noted."""

SOUGHT, SOUGHT_IF_TOLD = 0.03, 0.15
"""From this probability of a question for the pages on, they are looked at before it is asked back; the second where
nothing is asked."""

ELSEWHERE = tuple(sorted(having("elsewhere")))
"""What the pages are searched for."""

REMARK = the("remark")
"""What is told and not noted."""

FOREIGN, MAY_BE_FOREIGN = the("foreign"), 0.33
"""What is no business of the assistant's, and the probability of it at which the pages must answer better than hardly
(eval/LOG.md)."""


class Selector(Protocol):
    """Ranks the capabilities for a message."""

    def guesses(self, parsed: Parsed) -> list[Guess]: ...


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a message: try these in order, and offer the `choices` beside; or ask which of them was meant.

    `sure`: False where what writes must ask first. `guesses`: all that was considered.
    """

    tries: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    sure: bool = True
    guesses: tuple[Guess, ...] = ()

    def kind_of(self, name: str) -> str:
        """The kind of a capability that is meant ("hardest"), or ""."""
        return next((guess.kind for guess in self.guesses if guess.name == name), "")

    @property
    def may_be_foreign(self) -> bool:
        """Whether it may be another subject's: then what the pages hardly answer is not told at all."""
        return sum(guess.p for guess in self.guesses if guess.name == FOREIGN) >= MAY_BE_FOREIGN

    def may_be_sought(self, *, asked: bool) -> bool:
        """Whether the pages may be what is asked for. asked: whether the message is a question."""
        elsewhere = sum(guess.p for guess in self.guesses if guess.name in ELSEWHERE)
        return elsewhere >= (SOUGHT if asked else SOUGHT_IF_TOLD)


class Router:
    """Decides by the guesses of a selector."""

    def __init__(self, selector: Selector) -> None:
        self.selector = selector

    def decide(self, parsed: Parsed) -> Decision:
        """See `Decision`. Never fails, on any message."""
        table = capabilities()
        parsed, ranked = self._ranked(parsed)
        guesses = _normalised([_weighed(guess, table, parsed) for guess in ranked])
        best = guesses[0]
        entry = table[best.name]
        group = sum(guess.p for guess in guesses if table[guess.name].group == entry.group)
        elsewhere = sum(guess.p for guess in guesses if guess.name in ELSEWHERE)
        others = tuple(guess.name for guess in guesses[1:4] if guess.p >= LEAST_OFFERED)
        clear = best.p >= CLEAR and best.p >= AHEAD * guesses[1].p and not entry.writes
        if best.p >= ACTS or clear or (group >= ROW and not entry.writes):
            sure = not entry.writes or (best.p >= WRITES and not parsed.is_question and bool(parsed.own_words))
            offered = _offered(guesses[1:]) if best.p < CERTAIN else ()
            return Decision((best.name, *others), offered, sure, tuple(guesses))
        if not parsed.is_question and _is_remark(guesses, table):
            return Decision((REMARK,), _offered(guesses), guesses=tuple(guesses))
        if elsewhere >= ACTS or best.name in ELSEWHERE:
            return Decision((the("search"),), _offered(guesses), guesses=tuple(guesses))
        return Decision((), _offered(guesses), guesses=tuple(guesses))

    def _ranked(self, parsed: Parsed) -> tuple[Parsed, list[Guess]]:
        """The guesses. The title of a part is a subject, too ("what are decision trees?"): it names the part where
        the message then clearly tells of one's own work."""
        if (part := parsed.by_part) is not None:
            ranked = self.selector.guesses(part)
            if ranked[0].p >= WRITES and "unit" in capabilities()[ranked[0].name].needs:
                return part, ranked
        return parsed, self.selector.guesses(parsed)


def _weighed(guess: Guess, table: dict[str, Capability], parsed: Parsed) -> Guess:
    """A capability whose things are not named is less likely, and so is one that writes, for a question; neither is
    ruled out, since a name may be missed, and a question may be a polite wish."""
    entry = table[guess.name]
    if guess.p < NEGLIGIBLE:
        return guess
    kept = ASKED if entry.writes and parsed.is_question else 1.0
    if entry.needs and not any(parsed.names(thing) for thing in entry.needs):
        kept *= MISSING
    return replace(guess, p=guess.p * kept)


def _is_remark(guesses: Sequence[Guess], table: dict[str, Capability]) -> bool:
    """Whether something is told that is as likely a mere remark as a wish: then nothing is noted, and it is offered."""
    told = [guess for guess in guesses if table[guess.name].writes or guess.name == REMARK]
    remark = next(guess.p for guess in guesses if guess.name == REMARK)
    return remark >= NOT_NOTED and sum(guess.p for guess in told) >= TOLD


NEGLIGIBLE = 0.02
"""Below it, it does not matter what is missing."""

MISSING = 0.3
"""What a capability keeps of its probability where nothing that it needs is named."""


def _normalised(guesses: Sequence[Guess]) -> list[Guess]:
    total = sum(guess.p for guess in guesses) or 1.0
    return sorted((replace(g, p=g.p / total) for g in guesses), key=lambda guess: -guess.p)


def _offered(guesses: Iterable[Guess]) -> tuple[str, ...]:
    """The likeliest that can be offered as a button."""
    return tuple(g.name for g in guesses if g.p >= LEAST_OFFERED and g.name not in (*ELSEWHERE, REMARK))[:OFFERED]
