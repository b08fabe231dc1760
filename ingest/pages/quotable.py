"""What of a block can be quoted whole: sentences, list items, tables, code. Pure.

>>> pieces("paragraph", "It is small. It is fast.")
[(0, 13), (13, 24)]
"""

from __future__ import annotations

import re

from ingest.pages.sentences import sentence_spans

READ = 400
"""Characters of a piece that its vector is made from."""

_SMALL_NAME = re.compile(
    r"(?!(?:it|this|that|there|here|which|what|where|who|and|or|but|so)\b)[a-z][\w.+-]{0,60} (?:is|are) (?:an?|the)\b"
)
"""What begins in small letters and is no rest of a sentence: "pandas is a library"."""


def pieces(kind: str, text: str) -> list[tuple[int, int]]:
    """Spans of the pieces of a block; white space at their ends is theirs."""
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


def is_whole(kind: str, piece: str) -> bool:
    """Whether a sentence is one: a title on a line of its own, or a rest that was cut off, is not."""
    if kind not in ("paragraph", "quote"):
        return True
    ended = piece.rstrip("\"'”’)]*_` ").endswith((".", "!", "?", ":", "…"))
    return ended and len(piece.split()) >= 3 and (not piece[0].islower() or _SMALL_NAME.match(piece) is not None)


def quotable(spans: tuple[tuple[str, int, int], ...], text: str) -> list[tuple[int, int]]:
    """Spans of what may be quoted of a chunk and has a meaning of its own: no headings, no code."""
    found: list[tuple[int, int]] = []
    for kind, start, end in spans:
        if kind in ("heading", "code"):
            continue
        block = text[start:end]
        for a, b in pieces(kind, block):
            piece = block[a:b].rstrip()
            if piece.strip() and is_whole(kind, piece):
                found.append((start + a, start + a + len(piece)))
    return found
