"""How sure retrieval may be: a calibrated score of 0 to 1 from several kinds of evidence. Pure.

The cosine of the best chunk alone is not enough ("how do I train my dog to sit" meets pages on reinforcement
learning), so the share of the question that the best passages cover, weighted by rarity, goes in as well, and how near
the question is to questions on other subjects (`assistant.retrieval.out_of_domain`).
Weights and thresholds are fitted on one half of eval/questions and reported on the other (`roadmap eval`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from assistant.answers import Confidence
from ingest.index.lexical import Lexicon

ABSTAIN = 0.368
"""The lowest threshold that refuses 95 % of the half `tune` of the outside questions on each index (eval/LOG.md)."""

HIGH = 0.815
COVERED = 0.8
"""Share of a question that a passage must cover where only words can be searched."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the score is made of; each about 0 to 1, but for the size."""

    dense: float
    """Cosine of the question and the best passage."""
    page: float
    """Cosine of the question and the best page."""
    covered: float
    """Share of the question's words, weighted by rarity, that the best passage (with its headings) holds."""
    covered_any: float
    """The same over the three best passages together."""
    unknown: float
    """Share of the question's words, by count, that no passage of the index holds."""
    words: float
    """How many content words the question has, up to ten, in tenths: a long question covers by chance."""
    agreement: float
    """1 if dense and lexical search name the same best page, 0.5 if within their first three, else 0."""
    elsewhere: float
    """Mean cosine of the question and the questions on other subjects that are nearest to it."""
    named: float
    """1 if the question names a resource of the roadmap, else 0."""
    size: float
    """Power of ten of the number of passages in the index: among many, a near one is found by chance."""


INTERCEPT = 5.402
WEIGHTS = Evidence(
    dense=11.305,
    page=4.181,
    covered=2.110,
    covered_any=4.667,
    unknown=-4.578,
    words=2.833,
    agreement=0.501,
    elsewhere=-34.337,
    named=8.873,
    size=-1.695,
)


def score(evidence: Evidence) -> float:
    """The probability that the index answers the question, by logistic regression over the evidence."""
    total = INTERCEPT + sum(w * x for w, x in zip(astuple(WEIGHTS), astuple(evidence), strict=True))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def by_words(evidence: Evidence) -> float:
    """Where there is no dense evidence: sure only if one passage covers nearly all of the question, and never high."""
    return ABSTAIN + 0.1 if evidence.covered >= COVERED and not evidence.unknown else 0.0


def level(value: float) -> Confidence:
    """The score in a word."""
    return "high" if value >= HIGH else "medium" if value >= (ABSTAIN + HIGH) / 2 else "low"


ANSWERS, MAY_HELP, READ = 0.85, 0.35, 0.2
"""Probabilities that the first place answers: above the first it is said to answer, above the second that it may help;
below the last nothing is quoted and only the place to read is named. A second place, which is shown where the first is
doubtful, raises what is acceptable by some 6 of 100 (eval/LOG.md), so that 0.35 is 0.4 of what is shown."""


def word(probability: float) -> Confidence:
    """The probability that what is quoted answers, in a word: "answers it", "may help", or where to read instead.

    >>> word(0.9), word(0.5), word(0.1)
    ('high', 'medium', 'low')
    """
    return "high" if probability >= ANSWERS else "medium" if probability >= MAY_HELP else "low"


def rarity(word: str, lexicon: Lexicon) -> float:
    """Weight of a word: 1 for one that no passage holds, towards 0 for one in all of them."""
    share = lexicon.share(word)
    return 1.0 if share == 0 else min(1.0, math.log(1 / share) / 8)


def coverage(words: Sequence[str], text_words: set[str], lexicon: Lexicon) -> float:
    """The share of `words`, weighted by rarity, that `text_words` holds; 0 for no words."""
    weights = [rarity(word, lexicon) for word in words]
    total = sum(weights)
    held = sum(w for w, word in zip(weights, words, strict=True) if word in text_words)
    return held / total if total else 0.0
