"""Passages -> an answer in quotes, for when no language model is configured. Every sentence is the source's own.

Steps: 1 units (sentences, list items, code, table rows) of the best passages -> 2 score each against the question
-> 3 choose the few best and what belongs to them -> 4 write them in reading order, each source with its `[n]`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.values import Answer, Citation, Part, Passage, Voice
from ingest.lexical import tokens
from ingest.sentences import sentence_spans

Encode = Callable[[list[str]], NDArray[np.float32]]
"""Texts -> normalised vectors (n x dimension)."""

SOURCES = 3
"""Sources that an answer quotes at the most."""

CHARS = 700
"""Characters that are quoted from one source at the most (a code block may add its own)."""

MIN_SENTENCE = 25


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece that is quoted whole: `text` is `passage.text[start:end]`."""

    passage: int
    kind: str
    start: int
    end: int
    text: str
    score: float = 0.0


def compose(question: str, passages: Sequence[Passage], vector: NDArray[np.float32], encode: Encode) -> Answer:
    """An answer of quotes from `passages` (best first, at least one). `vector` is the question's."""
    used = _sources(passages)
    units = _scored(question, [u for i, p in enumerate(used) for u in _units(i, p)], used, vector, encode)
    citations: list[Citation] = []
    parts: list[Part] = []
    for number, passage in enumerate(used):
        chosen = _chosen([unit for unit in units if unit.passage == number], first=not parts)
        if chosen:
            n = len(citations) + 1
            citations.append(_citation(n, passage, chosen))
            parts.append(_part(n, passage, chosen))
    resources = tuple(dict.fromkeys(p.resource for p in used if p.resource))
    return Answer(question, tuple(parts), tuple(citations), resources=resources)


def locator(passage: Passage) -> str:
    """Where a passage stands, in words: its page and the last of its headings."""
    last = passage.heading.rpartition(" › ")[2]
    return f"{passage.title} › {last}" if last and last != passage.title else passage.title


def _sources(passages: Sequence[Passage]) -> list[Passage]:
    """The best passages, at most two of a page, dropping those far below the best."""
    best = passages[0].score
    kept: list[Passage] = []
    for passage in passages:
        same = sum(other.url == passage.url for other in kept)
        if same < 2 and (passage.score >= 0.6 * best or not kept) and len(kept) < SOURCES:
            kept.append(passage)
    return kept


def _units(number: int, passage: Passage) -> list[Unit]:
    spans = passage.spans or (("paragraph", 0, len(passage.text)),)
    units: list[Unit] = []
    for kind, start, end in spans:
        text = passage.text[start:end]
        if kind == "paragraph":
            pieces = [(start + a, start + b) for a, b in sentence_spans(text)]
        elif kind == "list":
            pieces = _lines(text, start)
        else:
            pieces = [(start, end)]
        for a, b in pieces:
            piece = passage.text[a:b].rstrip()
            if kind != "heading" and piece.strip():
                units.append(Unit(number, kind, a, a + len(piece), piece))
    return units


def _lines(text: str, offset: int) -> list[tuple[int, int]]:
    spans, start = [], offset
    for line in text.splitlines(keepends=True):
        spans.append((start, start + len(line)))
        start += len(line)
    return spans


def _scored(
    question: str, units: list[Unit], passages: Sequence[Passage], vector: NDArray[np.float32], encode: Encode
) -> list[Unit]:
    prose = [unit for unit in units if unit.kind != "code"]
    if not prose:
        return units
    cosines = encode([unit.text[:400] for unit in prose]) @ vector
    words = set(tokens(question))
    scores = {
        (unit.passage, unit.start): float(cosine) + 0.4 * _overlap(words, unit.text) + _defines(question, unit.text)
        for unit, cosine in zip(prose, cosines, strict=True)
    }
    best = max(p.score for p in passages) or 1.0
    return [
        replace(unit, score=scores.get((unit.passage, unit.start), 0.0) + 0.2 * passages[unit.passage].score / best)
        for unit in units
    ]


def _overlap(words: set[str], text: str) -> float:
    return len(words & set(tokens(text))) / len(words) if words else 0.0


def _defines(question: str, text: str) -> float:
    """A bonus for the sentence that defines what "what is X" asks for."""
    lowered = question.lower().strip(" ?")
    for opening in ("what is ", "what are ", "what's ", "what does ", "define "):
        if lowered.startswith(opening):
            term = (
                lowered.removeprefix(opening)
                .removesuffix(" mean")
                .removeprefix("a ")
                .removeprefix("an ")
                .removeprefix("the ")
            )
            head = text.lower()[: len(term) + 40]
            if term in head and any(verb in text.lower()[:160] for verb in (" is ", " are ", " means ", " refers ")):
                return 0.3
    return 0.0


def _chosen(units: list[Unit], first: bool) -> list[Unit]:
    """The best units of one source in reading order, with the code or list that follows them."""
    prose = sorted((u for u in units if u.kind != "code" and len(u.text) >= MIN_SENTENCE), key=lambda u: -u.score)
    if not prose:
        return units[:1]
    floor = prose[0].score - (0.25 if first else 0.12)
    keep: set[int] = set()
    used = 0
    for unit in prose[: 5 if first else 2]:
        if (unit.score >= floor and used + len(unit.text) <= CHARS) or not keep:
            keep.add(unit.start)
            used += len(unit.text)
    _extend(units, keep, first)
    return [unit for unit in units if unit.start in keep]


def _extend(units: list[Unit], keep: set[int], first: bool) -> None:
    """Adds code right after a chosen unit, and the rest of a list of which two items were chosen."""
    for before, after in itertools.pairwise(units):
        if first and before.start in keep and after.kind == "code" and len(after.text) <= 1200:
            keep.add(after.start)
        if before.start in keep and before.text.endswith(":") and after.kind == "list":
            keep.update(u.start for u in units if u.kind == "list" and u.start >= after.start)


def _citation(n: int, passage: Passage, units: list[Unit]) -> Citation:
    best = max(units, key=lambda unit: unit.score)
    return Citation(
        n=n,
        kind=passage.kind,
        title=locator(passage),
        url=passage.url,
        quote=best.text.strip(),
        fetched_at=passage.fetched_at,
        resource=passage.resource,
        context=passage.text,
    )


def _part(n: int, passage: Passage, units: list[Unit]) -> Part:
    lines: list[str] = []
    for position, unit in enumerate(units):
        text = _markdown(unit)
        follows = (
            position
            and units[position - 1].end + 2 >= unit.start
            and units[position - 1].kind == unit.kind == "paragraph"
        )
        if unit.kind == "list":
            lines.append(text)
        elif follows and lines:
            lines[-1] += f" {text}"
        else:
            lines.append(text)
    body = _join(lines)
    voice: Voice = passage.kind
    return Part(voice, f"{body} [{n}]" if not body.endswith("```") else f"{body}\n\n[{n}]")


def _markdown(unit: Unit) -> str:
    if unit.kind == "code":
        fence = "````" if "```" in unit.text else "```"
        return f"{fence}\n{unit.text}\n{fence}"
    if unit.kind == "table":
        return "\n".join(f"- {row}" for row in unit.text.splitlines())
    return unit.text.strip()


def _join(lines: list[str]) -> str:
    """List items stay one list; everything else is a paragraph of its own."""
    text = ""
    for line in lines:
        is_item = line.startswith(("- ", "* ")) or line.split(".", 1)[0].isdigit()
        after_item = (
            text.rpartition("\n")[2].startswith(("- ", "* ")) or text.rpartition("\n")[2].split(".", 1)[0].isdigit()
        )
        text += ("\n" if is_item and after_item else "\n\n" if text else "") + line
    return text
