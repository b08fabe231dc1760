"""Rows as people name and describe them, learnt from examples: "imperial maths", "the ops thing from duke" -> ids.

A linear model gives each word of a message the probability that it names each row, from the word, its letters, its
neighbours, and from what the titles and the descriptions see there. Neighbouring words of one row are one mention.
Examples are in `examples/*.jsonl`: a message, and the parts of it that name a row, each with the id of that row. What
was not understood becomes an example. Fitting: `assistant.language.learning.fitting`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

from assistant.language.weeks.reader import clean
from assistant.linear_model import LinearModel, digest_of, load

FOLDER = Path(__file__).parent
FILE = "names.bin"
BUILT = FOLDER / "fitted.bin"
_places: list[Path] = [BUILT]

FORMAT = 3
"""Changes where the features do, so that what was fitted before is fitted again."""

STRENGTH = 5.0
"""Inverse of its regularisation, from leave-author-out validation (eval/LOG.md)."""

WORDS = 80
"""Words of a message that are looked at."""

NAMES, BELONGS = 0.5, 0.3
"""A mention has a word with the first probability; the words right beside it that have the second belong to it."""

DOUBTED = 0.2
"""A title counts where some word of it names any row with this probability."""

GAP = 2
"""Words within a mention that may belong to nothing: "the book by that Kleppmann"."""

_WORD = re.compile(r"[^\W_]+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Mark:
    """What another reader sees in a text: rows that may be named there. kind: "n" a title, "k" a product that a row is
    about, "d" a description."""

    kind: str
    ids: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tag:
    """A mention of one row, and where it stands in the cleaned text."""

    id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NameExample:
    """A message, cleaned, with the places where rows are named."""

    text: str
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class TaggedWord:
    """A word: the row that it most likely names, with what probability, and with what probability it names any."""

    start: int
    end: int
    id: str
    p: float
    named: float


@dataclass(frozen=True, slots=True)
class Tagged:
    """The words of a text as they were read."""

    words: tuple[TaggedWord, ...]

    def names(self, start: int, end: int) -> bool:
        """Whether a part of the text may name a row at all: "what is a neural network?" names none."""
        return any(word.named >= DOUBTED for word in self.words if start <= word.start and word.end <= end)

    def tags(self) -> Iterator[Tag]:
        """The mentions, in reading order: runs of words of one row, of which one is likely to name it."""
        words, start = self.words, 0
        while start < len(words):
            id, last, best = words[start].id, start, words[start].p
            for number in range(start + 1, len(words)):
                if number - last > GAP + 1:
                    break
                if words[number].id == id and words[number].p >= (BELONGS if number == last + 1 else NAMES):
                    last, best = number, max(best, words[number].p)
            if words[start].p >= BELONGS and best >= NAMES:
                yield Tag(id, words[start].start, words[last].end)
                start = last
            start += 1


@dataclass(frozen=True)
class Tagger:
    """What was learnt: terms -> places of a linear model, whose classes are the rows and "" for none."""

    model: LinearModel
    places: dict[str, int]

    def read(self, cleaned: str, marks: Sequence[Mark]) -> Tagged:
        """What a cleaned text names (see `weeks.reader.clean`)."""
        words = split(cleaned)
        return Tagged(tuple(self._word(words, number, marks) for number in range(len(words))))

    def _word(self, words: Sequence[re.Match[str]], number: int, marks: Sequence[Mark]) -> TaggedWord:
        terms = features(words, number, marks)
        known = [(self.places[term], value) for term, value in terms.items() if term in self.places]
        rows = dict(zip(self.model.names, self.model.probabilities(known), strict=True))
        none = rows.pop("", 0.0)
        id = max(rows, key=lambda name: rows[name])
        p, named = (rows[id], 1 - none) if words[number][0].isalnum() else (0.0, 0.0)  # no name begins with a sign
        return TaggedWord(words[number].start(), words[number].end(), id, p, named)


def learned() -> Tagger | None:
    """What was fitted to the present examples; None where nothing was, and titles and descriptions must do."""
    return _load(key(), tuple(_places))


def places() -> tuple[Path, ...]:
    """Where what was fitted is looked for."""
    return tuple(_places)


def look_in(*places: Path) -> None:
    """From now on what was fitted is looked for there, the first place first, and read anew."""
    _places[:] = places
    _load.cache_clear()


@lru_cache(maxsize=2)
def _load(digest: str, places: tuple[Path, ...]) -> Tagger | None:
    found = next((found for path in places if (found := load(path, digest))), None)
    return Tagger(found[0], {term: n for n, term in enumerate(found[1]["terms"])}) if found else None


@lru_cache(maxsize=1)
def key() -> str:
    """What a fitted tagger hangs on: the examples, and how it is learnt."""
    return digest_of(f"{FORMAT} {STRENGTH}", _files())


def examples() -> Iterator[NameExample]:
    """All of them, in order of the file names."""
    for path in _files():
        for line in path.read_text(encoding="utf-8").splitlines():
            yield read_example(json.loads(line))


def read_example(entry: dict[str, object]) -> NameExample:
    """One line of a file of examples.

    >>> read_example({"text": "Is imperial maths hard?", "names": [["imperial maths", "m"]]}).tags
    (Tag(id='m', start=3, end=17),)
    """
    text, tags = clean(str(entry["text"])), list[Tag]()
    names = entry["names"]
    assert isinstance(names, list)  # noqa: S101 -- our own files, held by a test
    for name, id in names:
        said = clean(name).strip(" ?.!,;:")
        start = text.find(said)
        tags += [Tag(id, start, start + len(said))] if start >= 0 else []
    return NameExample(text, tuple(tags))


def split(cleaned: str) -> list[re.Match[str]]:
    """The words and signs of a text, each where it stands."""
    return list(islice(_WORD.finditer(cleaned), WORDS))


def features(words: Sequence[re.Match[str]], number: int, marks: Sequence[Mark]) -> dict[str, float]:
    """What is seen of a word: term -> value."""
    word = words[number][0]
    found = {f"w={word}": 1.0, **{f"c={letters}": 0.5 for letters in _letters(f"^{word}$")}}
    for offset in (-3, -2, -1, 1, 2, 3):
        other = words[number + offset][0] if 0 <= number + offset < len(words) else "#"
        found[f"{offset}={other}"] = found[f"near={other}"] = 1.0
    if number:
        found[f"b={words[number - 1][0]} {word}"] = 1.0
    if number + 1 < len(words):
        found[f"b={word} {words[number + 1][0]}"] = 1.0
    for offset, value in ((0, 1.5), (-1, 0.5), (1, 0.5)):
        if 0 <= number + offset < len(words):
            found |= {f"{offset}{sign}": value for sign in _signs(words[number + offset], marks)}
    return found


def _letters(word: str) -> Iterator[str]:
    for size in (3, 4):
        yield from (word[start : start + size] for start in range(len(word) - size + 1))


def _signs(word: re.Match[str], marks: Sequence[Mark]) -> Iterator[str]:
    for mark in marks:
        if mark.start <= word.start() and word.end() <= mark.end:
            yield from (f"{mark.kind}={id}" for id in mark.ids)


def _files() -> list[Path]:
    return sorted((FOLDER / "examples").glob("*.jsonl"))
