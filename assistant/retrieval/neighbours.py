"""Retrieved rows -> passages that read well: neighbours of a page together, a stub with what follows it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.answers import Passage
from corpus.roadmap import Weeks
from ingest.pages.chunk import Chunk

SHORT = 300
"""Characters below which a passage is read with the one after it, where that stands under the same heading."""

GAP = "\n\n"
"""What stands between chunks that are read as one passage."""


def grouped(chunks: Sequence[Chunk], rows: Sequence[int]) -> list[tuple[int, ...]]:
    """Groups of consecutive rows of one page, in the order of the best row of each; every row is in one group."""
    chosen = set(rows)
    groups: list[tuple[int, ...]] = []
    taken: set[int] = set()
    for row in rows:
        if row in taken:
            continue
        group = _around(chunks, row, chosen, taken)
        taken.update(group)
        groups.append(group)
    return groups


def to_passage(chunks: Sequence[Chunk], score: float, origins: dict[str, float]) -> Passage:
    """Consecutive chunks of one page as one retrieved passage, with the place of the first."""
    chunk = chunks[0]
    spans: list[tuple[str, int, int]] = []
    places: list[tuple[int, str]] = []
    start = 0
    for part in chunks:
        spans += [(kind, start + first, start + last) for kind, first, last in part.spans]
        places.append((start, part.heading))
        start += len(part.text) + len(GAP)
    return Passage(
        chunk_id=chunk.id,
        kind=chunk.kind,  # pyright: ignore[reportArgumentType] -- written by us as one of the three
        resource=chunk.resource,
        title=chunk.title,
        url=chunk.url,
        heading=chunk.heading,
        text=GAP.join(part.text for part in chunks),
        weeks=Weeks(chunk.first_week, chunk.last_week),
        score=round(score, 4),
        fetched_at=chunk.fetched_at,
        origins={name: round(value, 4) for name, value in origins.items()},
        spans=tuple(spans),
        places=tuple(places),
    )


def widened(chunks: Sequence[Chunk], passages: Sequence[tuple[int, Passage]]) -> list[Passage]:
    """Passages with the chunk before and the one after them, where these stand under the same heading; each chunk
    once. `passages`: the first row of each, and itself."""
    taken = {row + n for row, passage in passages for n in range(len(passage.places))}
    wide: list[Passage] = []
    for row, passage in passages:
        first, last = row, row + len(passage.places) - 1
        if first - 1 not in taken and _same_section(chunks, first, first - 1):
            first -= 1
        if last + 1 not in taken and _same_section(chunks, last, last + 1):
            last += 1
        taken |= {first, last}
        whole = to_passage(chunks[first : last + 1], passage.score, passage.origins)
        start = whole.places[row - first][0]
        wide.append(replace(whole, core=(start, start + len(passage.text))))
    return wide


def _same_section(chunks: Sequence[Chunk], row: int, other: int) -> bool:
    """Whether there is another chunk, and it stands under the heading of the first."""
    return _same_page(chunks, other, row) and chunks[row].heading == chunks[other].heading


def _around(chunks: Sequence[Chunk], row: int, chosen: set[int], taken: set[int]) -> tuple[int, ...]:
    first = last = row
    if row - 1 in chosen - taken and _same_page(chunks, row - 1, row):
        first -= 1
    if row + 1 in chosen - taken and _same_page(chunks, row + 1, row):
        last += 1
    if first == last and len(chunks[row].text) < SHORT and row + 1 not in taken and _continues(chunks, row):
        last += 1
    return tuple(range(first, last + 1))


def _continues(chunks: Sequence[Chunk], row: int) -> bool:
    """Whether the next chunk stands under the heading of this one, or under a part of it."""
    after = row + 1
    return _same_page(chunks, after, row) and chunks[after].heading.startswith(chunks[row].heading)


def _same_page(chunks: Sequence[Chunk], one: int, other: int) -> bool:
    return 0 <= one < len(chunks) and chunks[one].url == chunks[other].url
