"""Documents -> chunks that follow headings and fit the model's window. Pure.

A chunk is a slice of its document's text, so that a quote from a chunk is a substring of the stored record. What is
embedded is the page's title and the heading path, then the slice. Ids depend on place and content only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from corpus.roadmap import Weeks
from ingest.pages.document import Block, BlockKind
from ingest.pages.sentences import sentence_spans

SMALL = 60
"""Tokens below which a section is joined with the next one instead of standing alone."""

CountTokens = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True, slots=True)
class Record:
    """A document as stored: `text` is its blocks joined by blank lines, `blocks` their kinds and headings."""

    kind: str
    """"roadmap", "note" or "page"."""
    resource: str
    url: str
    title: str
    weeks: Weeks
    phase: int
    blocks: tuple[Block, ...]
    fetched_at: str | None = None

    @property
    def text(self) -> str:
        return "\n\n".join(block.text for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage to be retrieved. `position` counts within its document, so neighbours are position ± 1."""

    id: str
    kind: str
    resource: str
    url: str
    title: str
    heading: str
    """The heading path within the page, joined by " › "; empty above the first heading."""
    anchor: str
    """Fragment of the nearest heading, for the link; may be empty."""
    text: str
    spans: tuple[tuple[BlockKind, int, int], ...]
    """The blocks of `text`: kind, start and end; what is between them is white space."""
    position: int
    first_week: int
    last_week: int
    phase: int
    fetched_at: str | None = None

    @property
    def prefix(self) -> str:
        """Title and heading path, as embedded before the text."""
        return _prefix(self.title, self.heading)


@dataclass(slots=True)
class _Piece:
    """A slice [start, end) of the document's text that is not cut further, under one heading path."""

    start: int
    end: int
    path: tuple[str, ...]
    anchor: str
    tokens: int
    kind: BlockKind

    @property
    def is_heading(self) -> bool:
        return self.kind == "heading"


@dataclass(slots=True)
class _Group:
    pieces: list[_Piece] = field(default_factory=list[_Piece])

    @property
    def tokens(self) -> int:
        return sum(piece.tokens for piece in self.pieces)


def chunk_record(record: Record, count: CountTokens, window: int) -> list[Chunk]:
    """Cuts a record into chunks whose embedded text takes at most `window` tokens, special tokens included.

    Steps: 1 pieces (blocks, or parts of too long ones) -> 2 groups (one section each, small ones joined) -> 3 chunks.
    """
    text = record.text
    budget = window - 2
    title = _clip(record.title, budget // 6, count)
    room = budget - _room_for_prefix(title, record.blocks, count, budget)
    groups = _groups(list(_pieces(record, text, count, room)), room)
    seen: dict[str, int] = {}
    chunks = [_chunk(record, title, text, group, seen, count, budget) for group in groups]
    return [replace(chunk, position=position) for position, chunk in enumerate(chunks)]


def _pieces(record: Record, text: str, count: CountTokens, room: int) -> Iterator[_Piece]:
    path: list[tuple[int, str]] = []
    anchor = ""
    start = 0
    sizes = count([block.text for block in record.blocks]) if record.blocks else []
    for block, size in zip(record.blocks, sizes, strict=True):
        end = start + len(block.text)
        if block.kind == "heading":
            path = [entry for entry in path if entry[0] < block.level] + [(block.level, block.text)]
            anchor = block.anchor or anchor
        names = tuple(name for _, name in path if name != record.title)
        if size <= room:
            yield _Piece(start, end, names, anchor, size, block.kind)
        else:
            for left, right, tokens in _split(text[start:end], block.kind, count, room):
                yield _Piece(start + left, start + right, names, anchor, tokens, block.kind)
        start = end + 2


def _split(text: str, kind: str, count: CountTokens, room: int) -> Iterator[tuple[int, int, int]]:
    """Cuts one long block: code, tables and lists at line ends, prose at sentence ends, the rest at spaces."""
    spans = _line_spans(text) if kind in ("code", "table", "list") else sentence_spans(text)
    sizes = count([text[a:b] for a, b in spans])
    fine: list[tuple[int, int, int]] = []
    for (a, b), size in zip(spans, sizes, strict=True):
        fine += [(a, b, size)] if size <= room else _by_words(text, a, b, count, room)
    start = end = used = 0
    for a, b, size in fine:
        if used and used + size > room:
            yield start, end, used
            start, used = a, 0
        end, used = b, used + size
    if used:
        yield start, end, used


def _by_words(text: str, start: int, end: int, count: CountTokens, room: int) -> list[tuple[int, int, int]]:
    """Halves a span at the space (or the character) nearest its middle until each part fits."""
    size = count([text[start:end]])[0]
    if size <= room or end - start < 2:
        return [(start, end, size)]
    middle = (start + end) // 2
    space = text.rfind(" ", start + 1, middle)
    cut = space if space > start else middle
    return _by_words(text, start, cut, count, room) + _by_words(text, cut, end, count, room)


def _line_spans(text: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    for line in text.splitlines(keepends=True):
        spans.append((start, start + len(line)))
        start += len(line)
    return spans


def _groups(pieces: list[_Piece], room: int) -> list[_Group]:
    """Packs pieces: a new heading starts a group unless the group so far is small and both fit together."""
    groups: list[_Group] = []
    for piece in pieces:
        last = groups[-1] if groups else None
        only_headings = last is not None and all(p.is_heading for p in last.pieces)
        fits = last is not None and last.tokens + piece.tokens + 1 <= room
        joins = not piece.is_heading or only_headings or (last is not None and last.tokens < SMALL)
        if last is not None and fits and joins:
            last.pieces.append(piece)
        else:
            groups.append(_Group([piece]))
    return [group for group in groups if not all(p.is_heading for p in group.pieces)] or groups[:1]


def _chunk(
    record: Record, title: str, text: str, group: _Group, seen: dict[str, int], count: CountTokens, budget: int
) -> Chunk:
    path = _common(group.pieces) or group.pieces[0].path
    pieces = _without_lead(group.pieces, text, (*path, record.title))
    first = pieces[0]
    body = text[first.start : pieces[-1].end].rstrip()
    spans: tuple[tuple[BlockKind, int, int], ...] = tuple(
        (p.kind, p.start - first.start, min(p.end - first.start, len(body))) for p in pieces
    )
    heading = " › ".join(path)
    while heading and count([_prefix(title, heading) + body])[0] > budget:
        heading = heading.partition(" › ")[2]
    place = f"{record.url}\0{heading}\0{body}"
    seen[place] = seen.get(place, 0) + 1
    id = hashlib.sha256(f"{place}\0{seen[place]}".encode()).hexdigest()[:24]
    return Chunk(
        id=id,
        kind=record.kind,
        resource=record.resource,
        url=record.url,
        title=title,
        heading=heading,
        anchor=first.anchor,
        text=body,
        spans=spans,
        position=0,
        first_week=record.weeks.first,
        last_week=record.weeks.last,
        phase=record.phase,
        fetched_at=record.fetched_at,
    )


def _without_lead(pieces: list[_Piece], text: str, known: tuple[str, ...]) -> list[_Piece]:
    """Leaves out the headings at the top that the prefix says already."""
    top = 0
    while top < len(pieces) - 1 and pieces[top].is_heading and text[pieces[top].start : pieces[top].end] in known:
        top += 1
    return pieces[top:]


def _common(pieces: Sequence[_Piece]) -> tuple[str, ...]:
    """The heading path that all pieces share; a group of one section keeps it whole."""
    path = pieces[0].path
    for _, piece in pairwise(pieces):
        shared = 0
        while shared < min(len(path), len(piece.path)) and path[shared] == piece.path[shared]:
            shared += 1
        path = path[:shared]
    return path


def _prefix(title: str, heading: str) -> str:
    return f"{title}\n{heading}\n" if heading else f"{title}\n"


def _room_for_prefix(title: str, blocks: Sequence[Block], count: CountTokens, budget: int) -> int:
    headings = [block.text for block in blocks if block.kind == "heading"]
    longest = max(count(headings), default=0) if headings else 0
    return min(count([title])[0] + min(2 * longest, budget // 5) + 4, budget // 3)


def _clip(title: str, limit: int, count: CountTokens) -> str:
    words = title.split()
    while len(words) > 1 and count([" ".join(words)])[0] > limit:
        words = words[: max(1, len(words) * 3 // 4)]
    clipped = " ".join(words)
    return clipped if count([clipped])[0] <= limit else clipped[: limit * 2]
