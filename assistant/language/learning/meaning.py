"""A second opinion on what a message wishes, by its meaning: logistic regression over its sentence vector.

Words that are sure are believed alone, and cost a millisecond; where they are not ("drained, maybe go at half speed?"),
or something would be written, the vector of what is left of the message when masked is asked as well, and the two are
pooled. Learnt from the same examples (`assistant.language.learning.fitting`), for the bundled encoder.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant import linear_model
from assistant.language.learning.classifier import Guess
from assistant.language.learning.table import FOLDER, capabilities, fitted_key
from assistant.linear_model import LinearModel
from ingest.index.model import bundled_revision

BUILT = FOLDER / "meaning.bin"
"""What the build learnt."""

UNSURE = 0.8
"""Below this probability of the likeliest wish the meaning is asked, too."""

BY_WORDS, BY_MEANING = 0.7, 0.35
"""Exponents of the two probabilities, from leave-author-out validation (eval/LOG.md): the first wish is right in 86 of
100 messages in place of 83, and in 81 in place of 77 of those that lean on what was said before."""

LEAST = 1e-9
"""A probability is at least this, so that one opinion alone rules nothing out."""


@dataclass(frozen=True)
class Meaning:
    """What was learnt: a weight for each dimension of a vector and capability. Safe to use from several threads."""

    model: LinearModel

    @property
    def dimension(self) -> int:
        """Of the vectors that it takes."""
        return self.model.size

    def pooled(self, guesses: Sequence[Guess], vector: Sequence[float]) -> list[Guess]:
        """The guesses by words, weighed by the meaning; the likeliest first, the probabilities add up to 1.

        vector: of the masked message, of length 1 (`dimension`).
        """
        meant = dict(zip(self.model.names, self.model.probabilities(enumerate(vector)), strict=True))
        logs = [_pooled(guess.p, meant.get(guess.name, 0.0)) for guess in guesses]
        highest = max(logs)
        powers = [math.exp(log - highest) for log in logs]
        total = sum(powers)
        found = [replace(guess, p=power / total) for guess, power in zip(guesses, powers, strict=True)]
        return sorted(found, key=lambda guess: -guess.p)


def is_open(guesses: Sequence[Guess]) -> bool:
    """Whether the words leave a wish open. Of what would be written a second opinion is always heard."""
    return guesses[0].p < UNSURE or capabilities()[guesses[0].name].writes


def meaning_key() -> str:
    """What it hangs on: the same as the words, and the encoder."""
    return f"{fitted_key()} {bundled_revision()}"


def load() -> Meaning | None:
    """What the build learnt from these examples; None if it learnt nothing, or from others."""
    found = linear_model.load(BUILT, meaning_key())
    return Meaning(found[0]) if found else None


def _pooled(by_words: float, by_meaning: float) -> float:
    return BY_WORDS * math.log(max(by_words, LEAST)) + BY_MEANING * math.log(max(by_meaning, LEAST))
