"""How the classifier of wishes does on people whose wordings it has not seen: it learns from all authors but one.

`left_out` asks it the wordings of each author in turn; `by_examples` and `by_authors` learn from less. From what it
guessed follow `reliability`, `threshold` and `confusions`. Knows nothing of what is done with a guess: not what a
capability needs, and not what it answers. Deterministic.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar
from zlib import crc32

import numpy as np

from assistant.language.learning.classifier import Classifier, Guess
from assistant.language.learning.fitting import Encode, fit, fit_meaning, masked_examples
from assistant.language.learning.meaning import Meaning, is_open
from assistant.language.learning.table import capabilities
from assistant.language.masking import Masked

OURS = "ours"
"""The author of the wordings in the table."""

WIDE = 0.5
"""Share of the capabilities that an author must have written on to be left out; what the others and we wrote is always
learnt from and never asked."""

SIZES = (5, 10, 20, 40, 80)
STEPS = (1, 2, 3, 5, 8, 12, 16)
"""Examples of each capability to learn from, and authors; all of them come last."""

SEED = 20261129
BINS = 10
WRONG = 0.04
"""Share of what acts that may be wrong."""

Item = TypeVar("Item")
Tell = Callable[[str], None]
"""Hears what is being done."""


@dataclass(frozen=True, slots=True)
class Wording:
    """An example as the classifier sees it; `vector` is empty where it learns from words alone. `learnt`: the wish with
    its kind ("extreme:hardest"), which is what is learnt."""

    wish: str
    author: str
    masked: Masked
    vector: tuple[float, ...] = ()
    learnt: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A wording and what was guessed: the three likeliest, and the probability of the likeliest one's whole group."""

    wish: str
    guesses: tuple[Guess, ...]
    group_p: float

    @property
    def best(self) -> Guess:
        return self.guesses[0]

    @property
    def is_right(self) -> bool:
        return self.best.name == self.wish

    @property
    def is_alike(self) -> bool:
        """Whether the likeliest is of the same group, whose handlers answer alike."""
        return group_of(self.best.name) == group_of(self.wish)

    @property
    def is_among(self) -> bool:
        """Whether it is one of the three: what an oracle over them would score."""
        return any(guess.name == self.wish for guess in self.guesses)


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of `n` wordings: the likeliest is right, is of the right group, or one of the three likeliest is right."""

    n: int
    first: float
    group: float
    three: float


@dataclass(frozen=True, slots=True)
class Point:
    """A score by how much was learnt from; `amount` is None for all there is."""

    amount: int | None
    score: Score


@dataclass(frozen=True, slots=True)
class Bin:
    """Wordings whose likeliest guess has a probability from `low` to `high`: the mean of it, and how many are right."""

    low: float
    high: float
    n: int
    p: float
    right: float


@dataclass(frozen=True, slots=True)
class Threshold:
    """The lowest probability from which on few enough of what acts are wrong; None if there is none.

    `acts`: the share of all that then acts; `wrong`: the share of this that is wrong.
    """

    p: float | None
    acts: float
    wrong: float


def wordings(encode: Encode | None = None) -> list[Wording]:
    """All examples, masked; with `encode` their vectors too."""
    pairs = masked_examples()
    vectors = encode([masked.text for _, masked in pairs]) if encode else np.zeros((len(pairs), 0), np.float32)
    return [
        Wording(example.capability, example.author, masked, tuple(vector.tolist()), example.wish)
        for (example, masked), vector in zip(pairs, vectors, strict=True)
    ]


def authors(known: Iterable[Wording]) -> list[str]:
    """Those who can be left out."""
    wishes: dict[str, set[str]] = defaultdict(set)
    for wording in known:
        wishes[wording.author].add(wording.wish)
    every = set[str]().union(*wishes.values())
    return sorted(author for author, own in wishes.items() if author != OURS and len(own) >= WIDE * len(every))


def left_out(known: Sequence[Wording], tell: Tell = lambda _: None, most: int | None = None) -> dict[str, list[Told]]:
    """Author -> that author's wordings, told by a classifier that has learnt from all others. most: so many authors, by
    lot; all if None."""
    found: dict[str, list[Told]] = {}
    for author in sorted(_shuffled(authors(known), "left out")[:most]):
        tell(f"without {author}")
        found[author] = ask(learn([w for w in known if w.author != author]), _by(known, author))
    return found


def by_examples(
    known: Sequence[Wording], whole: Mapping[str, Sequence[Told]], tell: Tell = lambda _: None
) -> list[Point]:
    """The score by how many examples of each capability are learnt from. `whole`: the authors to leave out, each with
    what was told when all was learnt from."""
    points: list[Point] = []
    for size in SIZES:
        told: list[Told] = []
        for author in whole:
            tell(f"{size} examples of each, without {author}")
            some = _sample([wording for wording in known if wording.author != author], size, author)
            told += ask(learn(list(some)), _by(known, author))
        points.append(Point(size, score(told)))
    return [*points, _all_of(whole)]


def by_authors(
    known: Sequence[Wording], whole: Mapping[str, Sequence[Told]], tell: Tell = lambda _: None
) -> list[Point]:
    """The score by how many authors are learnt from, and from nobody else; then by all there is. Each that is left out
    has its own order of the others."""
    orders = {author: _shuffled([other for other in authors(known) if other != author], author) for author in whole}
    points: list[Point] = []
    for number in (number for number in STEPS if number < len(authors(known))):
        told: list[Told] = []
        for author, others in orders.items():
            tell(f"{number} authors, without {author}")
            some = {*others[:number]}
            told += ask(learn([wording for wording in known if wording.author in some]), _by(known, author))
        points.append(Point(number, score(told)))
    return [*points, _all_of(whole)]


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt: by words, and from vectors the second opinion."""

    words: Classifier
    meaning: Meaning | None

    def guesses(self, wording: Wording) -> list[Guess]:
        """As `assistant.selectors.MeaningSelector` guesses."""
        found = self.words.guesses(wording.masked)
        if self.meaning is None or not is_open(found):
            return found
        return self.meaning.pooled(found, wording.vector)


def learn(known: Sequence[Wording]) -> Learnt:
    """What is learnt from these."""
    words = fit([wording.masked for wording in known], [wording.learnt or wording.wish for wording in known])
    once = {(wording.masked.text, wording.wish): wording.vector for wording in known if wording.vector}
    vectors = np.array(list(once.values()), np.float32)
    return Learnt(words, fit_meaning(vectors, [wish for _, wish in once]) if once else None)


def ask(learnt: Learnt, asked: Iterable[Wording]) -> list[Told]:
    """What is guessed for each."""
    return [_told(wording.wish, learnt.guesses(wording)) for wording in asked]


def some_of(whole: Mapping[str, list[Told]], number: int) -> dict[str, list[Told]]:
    """So many of the authors, by lot: curves take long."""
    return {author: whole[author] for author in sorted(_shuffled(list(whole), "curves")[:number])}


# --- figures ----------------------------------------------------------------------------------------------------------


def group_of(name: str) -> str:
    return capabilities()[name].group


def score(told: Sequence[Told]) -> Score:
    """The shares of these. `told` must not be empty."""
    n = len(told)
    first, group, three = (
        sum(found) / n for found in zip(*((t.is_right, t.is_alike, t.is_among) for t in told), strict=True)
    )
    return Score(n, first, group, three)


def by_group(told: Sequence[Told]) -> dict[str, Score]:
    """The score of each group of the table, in its order."""
    groups = dict.fromkeys(entry.group for entry in capabilities().values())
    own = {group: [one for one in told if group_of(one.wish) == group] for group in groups}
    return {group: score(some) for group, some in own.items() if some}


def reliability(told: Iterable[Told]) -> list[Bin]:
    """How often the likeliest guess is right, by the probability that it is given; empty bins are left out."""
    bins: dict[int, list[Told]] = defaultdict(list)
    for one in told:
        bins[min(int(one.best.p * BINS), BINS - 1)].append(one)
    return [
        Bin(
            number / BINS,
            (number + 1) / BINS,
            len(some),
            _mean(t.best.p for t in some),
            _mean(t.is_right for t in some),
        )
        for number, some in sorted(bins.items())
    ]


def threshold(pairs: Sequence[tuple[float, bool]], wrong: float = WRONG, total: int = 0) -> Threshold:
    """From which probability on at most `wrong` of what acts is wrong, over (probability, right) of what may act.

    `total`: how many there are with those that never act. All that are equally likely act together.

    >>> threshold([(0.9, True), (0.8, True), (0.4, False)])
    Threshold(p=0.8, acts=0.6666666666666666, wrong=0.0)
    """
    found, count, bad = Threshold(None, 0.0, 0.0), 0, 0
    for p, same in groupby(sorted(pairs, reverse=True), key=lambda pair: pair[0]):
        rights = [right for _, right in same]
        count, bad = count + len(rights), bad + rights.count(False)
        if bad <= wrong * count:
            found = Threshold(p, count / (total or len(pairs)), bad / count)
    return found


def at(pairs: Sequence[tuple[float, bool]], p: float, total: int = 0) -> Threshold:
    """What a threshold that is given does."""
    acting = [right for sure, right in pairs if sure >= p]
    return Threshold(p, len(acting) / (total or len(pairs) or 1), 1 - _mean(acting) if acting else 0.0)


def confusions(told: Iterable[Told]) -> list[tuple[str, str, int, int]]:
    """Pairs of capabilities, most confused first: one, the other, how often the first was taken for the second, and the
    other way round."""
    counts = Counter((one.wish, one.best.name) for one in told if not one.is_right)
    pairs = {tuple(sorted(pair)) for pair in counts}
    rows = [(one, other, counts[one, other], counts[other, one]) for one, other in pairs]
    return sorted(rows, key=lambda row: (-row[2] - row[3], row[:2]))


def _by(known: Iterable[Wording], author: str) -> list[Wording]:
    return [wording for wording in known if wording.author == author]


def _all_of(whole: Mapping[str, Sequence[Told]]) -> Point:
    return Point(None, score([one for told in whole.values() for one in told]))


def _sample(known: Sequence[Wording], size: int, author: str) -> Iterator[Wording]:
    """At most `size` of each capability, by lot; what a smaller lot holds, a larger one holds too."""
    own: dict[str, list[Wording]] = defaultdict(list)
    for wording in known:
        own[wording.wish].append(wording)
    for wish, some in own.items():
        yield from _shuffled(some, f"{author} {wish}")[:size]


def _shuffled(items: Sequence[Item], key: str) -> list[Item]:
    """In an order that hangs on the key alone."""
    order = np.random.default_rng([SEED, crc32(key.encode())]).permutation(len(items))
    return [items[place] for place in order]


def _told(wish: str, guesses: Sequence[Guess]) -> Told:
    group = group_of(guesses[0].name)
    return Told(wish, tuple(guesses[:3]), sum(guess.p for guess in guesses if group_of(guess.name) == group))


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)
