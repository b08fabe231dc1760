"""Passages taken apart into what can be quoted whole: sentences, list items, code, tables. Pure but for `encode`.

`units_of` cuts, `scored` says how well each answers the question. Every unit is a verbatim piece of its passage.
Blocks that speak to a language model instead of a reader are left out (see `assistant.injection`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.injection import steers
from assistant.values import Passage
from ingest.lexical import tokens
from ingest.sentences import sentence_spans

Encode = Callable[[list[str]], NDArray[np.float32]]
"""Texts -> normalised vectors (n x dimension)."""

READ = 400
"""Characters of a unit that its vector is made from."""

DEFINES = 0.5
"""What a sentence gains that defines what is asked."""

_DEFINITION = re.compile(
    r"^(?:what(?:'s| is| are| does| do)|define|explain|describe|meaning of|tell me about)\s+(?:an? |the |meant by )?"
    r"(?P<term>.+?)(?: mean| stand for| do| all about)?"
    r"(?: in (?:machine|deep|general|ml|ai|python|nlp|statistics)\b.*)?\s*\??$",
    re.IGNORECASE,
)
_VERB = r"(?:is|are|means?|refers? to|describes?|stands? for|denotes?|consists? of)"


_TIME = re.compile(r"\b\d{1,2}:\d\d\b")
_ANNOUNCES = re.compile(
    r"\b(?:in|of) (?:this|the next|the following|our|today's) (?:lesson|chapter|section|video|course|unit|article|"
    r"tutorial|notebook|guide|part|post|lecture|module)\b|\b(?:we|you)(?:'ll| will| are going to|'re going to)? (?:"
    r"dive|learn(?!s|ing rate)|cover|discuss|explore|look at|get to know|be able to)\b|\bread on\b|"
    r"\blet's (?:\w+ )?(?:see|look|dive|take)\b|^\W*(?:now that|as you can see|this concludes)\b|\bas mentioned\b|"
    r"\b(?:see|in) (?:chapter|section) \d",
    re.IGNORECASE,
)
"""A sentence about what the text will say, instead of what is so."""


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
    defines: bool = False
    hollow: bool = False
    """It only names its subject: a question, a line of an outline, an announcement of what comes."""


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
    units: Sequence[Unit],
    passages: Sequence[Passage],
    vector: NDArray[np.float32] | None,
    encode: Encode,
) -> list[Unit]:
    """The units with scores: meaning, words, whether they define what is asked, how good their passage is."""
    prose = [unit for unit in units if unit.kind != "code"]
    if not prose:
        return list(units)
    cosines = dict.fromkeys(prose, 0.0)
    if vector is not None:
        cosines = dict(zip(prose, encode([unit.text[:READ] for unit in prose]) @ vector, strict=True))
    words, term = set(tokens(question)), defined_term(question)
    best = max(p.score for p in passages) or 1.0
    found: list[Unit] = []
    for unit in units:
        defines = unit.kind in ("paragraph", "quote") and bool(term) and _defines(term, unit.text)
        score = float(cosines.get(unit, 0.0)) + 0.4 * _overlap(words, unit.text) + DEFINES * defines
        score += 0.2 * passages[unit.passage].score / best
        found.append(replace(unit, score=score, defines=defines, hollow=_is_hollow(words, unit)))
    return found


def defined_term(question: str) -> str:
    """What a question asks to be defined ("what is X?"), in lower case; "" for any other question."""
    match = _DEFINITION.match(question.strip())
    term = match["term"].lower().strip(" ?.!") if match else ""
    return term if term and len(term.split()) <= 6 else ""


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


def _is_whole(kind: str, piece: str) -> bool:
    """Whether a sentence is one: a title on a line of its own, or a rest that was cut off, is not."""
    if kind not in ("paragraph", "quote"):
        return True
    words = piece.split()
    return (
        len(words) >= 3 and piece.rstrip("\"'”’)]*_` ").endswith((".", "!", "?", ":", "…")) and not piece[0].islower()
    )


def _overlap(words: set[str], text: str) -> float:
    return len(words & set(tokens(text))) / len(words) if words else 0.0


def _is_hollow(words: set[str], unit: Unit) -> bool:
    if unit.kind in ("code", "table"):
        return False
    text = unit.text.rstrip()
    said = set(tokens(text))
    adds_nothing = len(said - words) < 2 and bool(said & words) and not text.endswith(":")
    return adds_nothing or text.endswith("?") or bool(_TIME.search(text) or _ANNOUNCES.search(text))


def _defines(term: str, text: str) -> bool:
    """Whether a sentence says what the term is: the term as its subject, with a verb of defining."""
    name = r"\W+".join(re.escape(word.removesuffix("s")) + r"(?:s|es)?" for word in re.findall(r"\w+", term))
    aside = r"(?:\s*\([^)]*\)|\s*,[^,.]{1,60},|\s+(?:in|of|for)(?:\s+\w+){1,3}| model| algorithm| method)?"
    subject = rf"^\W*(?:[\w’' ]{{1,40}}, )?(?:an? |the )?[\"“*`]*{name}[\"”*`]*{aside}\s+{_VERB}\b"
    called = rf"\b(?:is|are|this is|known as|called|named)\s+(?:an? |the )?[\"“*`]*{name}\b"
    return bool(re.search(subject, text, re.IGNORECASE) or re.search(called, text, re.IGNORECASE))
