"""Passages taken apart into what can be quoted whole: sentences, list items, code, tables. Pure but for `encode`.

`units_of` cuts, `scored` says how well each answers the question. Every unit is a verbatim piece of its passage.
Blocks that speak to a language model instead of a reader are left out (see `assistant.text.injection`), and so are
sentences on how texts are to be written (see `assistant.text.customs`).
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
from assistant.text.customs import beside_the_point, dictated
from assistant.text.injection import steers
from corpus.letters import same_letters
from ingest.index.lexical import tokens
from ingest.pages.quotable import READ, is_whole, pieces
from ingest.pages.sentences import sentence_spans

Encode = Callable[[list[str]], NDArray[np.float32]]
"""Texts -> normalised vectors (n x dimension)."""
Weigh = Callable[[str], float]
"""A stem (see `lexical.tokens`) -> how much it says: 1 for a rare word, towards 0 for one that is everywhere."""

FORM = 0.5
"""What a sentence gains that has the form of the answer: that defines what is asked (see `answer_form`)."""

SHOWN = 0.3
"""What a sentence gains that leads into code with the words of a question how to do something."""

LEANING = 0.15
"""What a sentence loses that leans on one that its block does not hold ("In addition ...")."""


_TEX = re.compile(r"\\[A-Za-z]+")
_FAILURE = re.compile(
    r"^(?:-{20,}\n)?(?:\w+Error +|)Traceback \(most recent call last\)|^-{20,}\n\w+(?:Error|Exception)\b", re.M
)


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
    stems: frozenset[str] = frozenset()
    """Its words, see `lexical.tokens`."""
    cosine: float = 0.0
    """Of the question and this piece; 0 for code, which has no vector."""
    hollow: bool = False
    """It only names its subject: a question, a line of an outline, an announcement of what comes."""

    @property
    def defines(self) -> bool:
        """Whether it says what is asked to be defined."""
        return self.form == 1.0


def units_of(number: int, passage: Passage, *, checked: bool = True) -> list[Unit]:
    """The units of a passage in reading order, without headings; `number` is the passage's own.

    checked: whether blocks that speak to a language model are left out at once; else see `harmless`, before they are
    shown.
    """
    spans = passage.spans or (("paragraph", 0, len(passage.text)),)
    units: list[Unit] = []
    for block, (kind, start, end) in enumerate(spans):
        text = passage.text[start:end]
        if kind == "heading" or (checked and steers(text)):
            continue
        for a, b in pieces(kind, text):
            piece = _without_failure(text[a:b]) if kind == "code" else text[a:b].rstrip()
            told = "formula" if kind in ("paragraph", "quote") and is_formula(piece) else kind
            if piece.strip() and (told == "formula" or is_whole(kind, piece)):
                units.append(Unit(number, block, told, start + a, start + a + len(piece), piece))
    return units


def harmless(units: Sequence[Unit], passage: Passage, question: str) -> list[Unit]:
    """The units of a passage whose blocks speak to a reader, without sentences on how one is to answer."""
    spans = passage.spans or (("paragraph", 0, len(passage.text)),)
    wrong = {n for n in {unit.block for unit in units} if steers(passage.text[spans[n][1] : spans[n][2]])}
    prose = [unit.text for unit in units if unit.kind != "code"]
    beside = (
        beside_the_point(question, [*prose, *_sentences(passage)]) if any(map(dictated, prose)) else frozenset[str]()
    )
    return [unit for unit in units if unit.block not in wrong and unit.text not in beside]


def _sentences(passage: Passage) -> list[str]:
    """All sentences of a passage: what its title and they say beside a custom is its subject."""
    lines = passage.text.splitlines()
    return [passage.title, *(line[a:b].strip() for line in lines for a, b in sentence_spans(line))]


def is_formula(piece: str) -> bool:
    """Whether a piece is a formula that stands alone, and no sentence.

    >>> is_formula(r"\\mathrm{softmax}(x)_i = \\frac{e^{x_i}}{\\sum_j e^{x_j}}"), is_formula("We set x = 1 and go on.")
    (True, False)
    """
    bare = _TEX.sub(" ", piece)
    signs = len(re.findall(r"[=^_{}∑√∏∫≤≥×·+/|()-]", piece))
    return len(piece) > 3 and signs >= 2 and "=" in piece and len(re.findall(r"[A-Za-z]{4,}", bare)) <= 3 + signs // 8


def _without_failure(code: str) -> str:
    """Code up to where it failed, as a notebook prints it below what was run."""
    failure = _FAILURE.search(code)
    return (code[: failure.start()] if failure and failure.start() else code).rstrip()


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
    prose = [unit for unit in units if unit.kind not in ("code", "formula")]
    cosines = dict.fromkeys(prose, 0.0)
    if vector is not None and prose:
        cosines = dict(zip(prose, encode([same_letters(unit.text[:READ]) for unit in prose]) @ vector, strict=True))
    words = {word: weigh(word) for word in tokens(question)}
    best = max(p.score for p in passages) or 1.0
    found: list[Unit] = []
    for number, unit in enumerate(units):
        stems = [frozenset(tokens(text)) for text in (unit.text.splitlines() if unit.kind == "table" else [unit.text])]
        said = max(stems, key=lambda row: fsum(words[word] for word in words.keys() & row), default=frozenset[str]())
        form = fits(wanted, unit.text) if unit.kind in ("paragraph", "quote", "list") else 0.0
        score = float(cosines.get(unit, 0.0)) + 0.4 * _overlap(words, stems) + FORM * form
        score += 0.2 * passages[unit.passage].score / best
        before = units[number - 1] if number else None
        opens = before is None or (before.passage, before.block) != (unit.passage, unit.block)
        score -= LEANING if opens and leans(unit.text) else 0.0
        after = units[number + 1] if number + 1 < len(units) else None
        if wanted.kind == "steps" and after and after.kind == "code" and _next_block(unit, after):
            score += SHOWN * _overlap(words, [frozenset(tokens(after.text))])
        hollow = is_hollow(wanted, words.keys(), unit.kind, unit.text, said) or _leads_nowhere(unit, after)
        cosine = float(cosines.get(unit, 0.0))
        found.append(replace(unit, score=score, form=form, stems=said, cosine=cosine, hollow=hollow))
    return found


def _leads_nowhere(unit: Unit, after: Unit | None) -> bool:
    """Whether a sentence announces what its passage does not hold ("You can try:")."""
    goes_on = after is not None and _next_block(unit, after) and after.kind != "paragraph"
    return unit.kind == "paragraph" and unit.text.rstrip().endswith(":") and not goes_on


def _next_block(unit: Unit, after: Unit) -> bool:
    return (after.passage, after.block) == (unit.passage, unit.block + 1)


def _overlap(words: Mapping[str, float], texts: Sequence[frozenset[str]]) -> float:
    """The share of the weight of `words` that the best of some texts holds: of a table, its best row says something."""
    total = fsum(words.values())
    held = max((fsum(words[word] for word in words.keys() & stems) for stems in texts), default=0.0)
    return held / total if total else 0.0
