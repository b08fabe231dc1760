"""Which capability answers a message: `Router.decide(parsed)` -> `Decision`.

A selector ranks the capabilities: the classifier learnt from the examples, or a language model that is offered the
table as tools (`assistant.selectors`). The router decides what follows: act, ask back with buttons, or search. It knows
probabilities and what the capabilities need; it knows no words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.language.learning.classifier import Guess
from assistant.language.learning.table import Capability, capabilities
from assistant.language.message import Parsed

ACTS = 0.5
"""From this probability on a capability answers; from leave-author-out validation (eval/LOG.md)."""

WRITES = 0.56
"""The same for one that changes something: below it, and for a question ("can I live without DDIA?"), it asks first."""

CLEAR, AHEAD = 0.35, 2.0
"""It answers from this probability on as well, if it is so many times that of the next."""

ROW = 0.6
"""From this probability of a group on, its likeliest member answers though it is not sure itself."""

OFFERED = 3
LEAST_OFFERED = 0.06
"""Buttons where it is asked back, and the probability that each must have."""

ELSEWHERE = ("concept", "outside")
"""What the pages are searched for."""


class Selector(Protocol):
    """Ranks the capabilities for a message."""

    def guesses(self, parsed: Parsed) -> list[Guess]: ...


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a message: try these in order; or ask which of `choices` was meant.

    `sure`: False where what writes must ask first. `guesses`: all that was considered.
    """

    tries: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    sure: bool = True
    guesses: tuple[Guess, ...] = ()


class Router:
    """Decides by the guesses of a selector."""

    def __init__(self, selector: Selector) -> None:
        self.selector = selector

    def decide(self, parsed: Parsed) -> Decision:
        """See `Decision`. Never fails, on any message."""
        table = capabilities()
        guesses = [_needed(guess, table, parsed) for guess in self.selector.guesses(parsed)]
        guesses = _normalised(guesses)
        best = guesses[0]
        entry = table[best.name]
        group = sum(guess.p for guess in guesses if table[guess.name].group == entry.group)
        elsewhere = sum(guess.p for guess in guesses if guess.name in ELSEWHERE)
        others = tuple(guess.name for guess in guesses[1:4] if guess.p >= LEAST_OFFERED)
        clear = best.p >= CLEAR and best.p >= AHEAD * guesses[1].p and not entry.writes
        if best.p >= ACTS or clear or (group >= ROW and not entry.writes):
            sure = not entry.writes or (best.p >= WRITES and not parsed.is_question and bool(parsed.own_words))
            return Decision((best.name, *others), sure=sure, guesses=tuple(guesses))
        if elsewhere >= ACTS or best.name in ELSEWHERE:
            return Decision(("concept",), _offered(guesses), guesses=tuple(guesses))
        return Decision((), _offered(guesses), guesses=tuple(guesses))


def _needed(guess: Guess, table: dict[str, Capability], parsed: Parsed) -> Guess:
    """A capability whose things are not named is less likely; it is not ruled out, since a name may be missed."""
    needs = table[guess.name].needs
    if not needs or guess.p < NEGLIGIBLE or any(parsed.names(thing) for thing in needs):
        return guess
    return Guess(guess.name, guess.p * MISSING)


NEGLIGIBLE = 0.02
"""Below it, it does not matter what is missing."""

MISSING = 0.3
"""What a capability keeps of its probability where nothing that it needs is named."""


def _normalised(guesses: Sequence[Guess]) -> list[Guess]:
    total = sum(guess.p for guess in guesses) or 1.0
    return sorted((Guess(g.name, g.p / total) for g in guesses), key=lambda guess: -guess.p)


def _offered(guesses: Iterable[Guess]) -> tuple[str, ...]:
    """The likeliest that can be offered as a button."""
    return tuple(g.name for g in guesses if g.p >= LEAST_OFFERED and g.name not in ELSEWHERE)[:OFFERED]
