"""Passages taken apart into what can be quoted whole: sentences, list items, code, tables. Pure but for `encode`.

`units_of` cuts, `scored` says how well each answers the question. Every unit is a verbatim piece of its passage.
Blocks that speak to a language model instead of a reader are left out (see `assistant.text.injection`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum

import numpy as np
from numpy.typing import NDArray

from assistant.answers import Passage
from assistant.page_answers.answer_form import Wish, fits, leans
from assistant.page_answers.non_answers import is_hollow
from assistant.text.injection import steers
from ingest.index.lexical import tokens
from ingest.pages.sentences import sentence_spans

Encode = Callable[[list[str]], NDArray[np.float32]]
"""Texts -> normalised vectors (n x dimension)."""
Weigh = Callable[[str], float]
"""A stem (see `lexical.tokens`) -> how much it says: 1 for a rare word, towards 0 for one that is everywhere."""

READ = 400
"""Characters of a unit that its vector is made from."""

FORM = 0.5
"""What a sentence gains that has the form of the answer: that defines what is asked (see `answer_form`)."""

SHOWN = 0.3
"""What a sentence gains that leads into code with the words of a question how to do something."""

LEANING = 0.15
"""What a sentence loses that leans on one that its block does not hold ("In addition ...")."""

_SMALL_NAME = re.compile(
    r"(?!(?:it|this|that|there|here|which|what|where|who|and|or|but|so)\b)[a-z][\w.+-]{0,60} (?:is|are) (?:an?|the)\b"
)
"""What begins in small letters and is no rest of a sentence: "pandas is a library"."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece that is quoted whole: `text` is `passage.text[start:end]`; `block` counts the blocks of its passage."""

    passage: int
    block: int
    kind: str
    start: int
    end: int
    text: str
    score: float = 0.0
    form: float = 0.0
    """How well it has the form of the answer, 0 to 1."""
    hollow: bool = False
    """It only names its subject: a question, a line of an outline, an announcement of what comes."""

    @property
    def defines(self) -> bool:
        """Whether it says what is asked to be defined."""
        return self.form == 1.0


def units_of(number: int, passage: Passage) -> list[Unit]:
    """The units of a passage in reading order, without headings; `number` is the passage's own."""
    spans = passage.spans or (("paragraph", 0, len(passage.text)),)
    units: list[Unit] = []
    for block, (kind, start, end) in enumerate(spans):
        text = passage.text[start:end]
        if kind == "heading" or steers(text):
            continue
        for a, b in _pieces(kind, text):
            piece = text[a:b].rstrip()
            if piece.strip() and _is_whole(kind, piece):
                units.append(Unit(number, block, kind, start + a, start + a + len(piece), piece))
    return units


def scored(
    question: str,
    wanted: Wish,
    units: Sequence[Unit],
    passages: Sequence[Passage],
    vector: NDArray[np.float32] | None,
    encode: Encode,
    weigh: Weigh,
) -> list[Unit]:
    """The units with scores: meaning, words by rarity, the form of the answer (`wanted`), how good their passage is."""
    prose = [unit for unit in units if unit.kind != "code"]
    cosines = dict.fromkeys(prose, 0.0)
    if vector is not None and prose:
        cosines = dict(zip(prose, encode([unit.text[:READ] for unit in prose]) @ vector, strict=True))
    words = {word: weigh(word) for word in tokens(question)}
    best = max(p.score for p in passages) or 1.0
    found: list[Unit] = []
    for number, unit in enumerate(units):
        form = fits(wanted, unit.text) if unit.kind in ("paragraph", "quote", "list") else 0.0
        score = float(cosines.get(unit, 0.0)) + 0.4 * _overlap(words, unit) + FORM * form
        score += 0.2 * passages[unit.passage].score / best
        before = units[number - 1] if number else None
        opens = before is None or (before.passage, before.block) != (unit.passage, unit.block)
        score -= LEANING if opens and leans(unit.text) else 0.0
        after = units[number + 1] if number + 1 < len(units) else None
        if wanted.kind == "steps" and after and after.kind == "code" and _next_block(unit, after):
            score += SHOWN * _overlap(words, after)
        hollow = is_hollow(wanted, words.keys(), unit.kind, unit.text) or _leads_nowhere(unit, after)
        found.append(replace(unit, score=score, form=form, hollow=hollow))
    return found


def _pieces(kind: str, text: str) -> list[tuple[int, int]]:
    if kind in ("paragraph", "quote"):
        return sentence_spans(text)
    if kind != "list":
        return [(0, len(text))]
    spans, start = list[tuple[int, int]](), 0
    for line in text.splitlines(keepends=True):
        goes_on = spans and not re.match(r"\s*(?:[-*•]|\d+[.)])\s", line)
        spans = [*spans[:-1], (spans[-1][0], start + len(line))] if goes_on else [*spans, (start, start + len(line))]
        start += len(line)
    return spans


def _leads_nowhere(unit: Unit, after: Unit | None) -> bool:
    """Whether a sentence announces what its passage does not hold ("You can try:")."""
    goes_on = after is not None and _next_block(unit, after) and after.kind != "paragraph"
    return unit.kind == "paragraph" and unit.text.rstrip().endswith(":") and not goes_on


def _next_block(unit: Unit, after: Unit) -> bool:
    return (after.passage, after.block) == (unit.passage, unit.block + 1)


def _is_whole(kind: str, piece: str) -> bool:
    """Whether a sentence is one: a title on a line of its own, or a rest that was cut off, is not."""
    if kind not in ("paragraph", "quote"):
        return True
    ended = piece.rstrip("\"'”’)]*_` ").endswith((".", "!", "?", ":", "…"))
    return ended and len(piece.split()) >= 3 and (not piece[0].islower() or _SMALL_NAME.match(piece) is not None)


def _overlap(words: Mapping[str, float], unit: Unit) -> float:
    """The share of the weight of `words` that a unit holds; of a table, its best row: only a row says something."""
    total = fsum(words.values())
    texts = unit.text.splitlines() if unit.kind == "table" else [unit.text]
    held = max(fsum(words[word] for word in words.keys() & set(tokens(text))) for text in texts)
    return held / total if total else 0.0
