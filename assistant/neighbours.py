"""Retrieved rows -> groups that read well: neighbours of a page together, a stub with what follows it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.chunk import Chunk

SHORT = 300
"""Characters below which a passage is read with the one after it, where that stands under the same heading."""


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
