"""A table -> lines of cells, each in its column, also where a cell spans several rows or columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement

_MOST_COLUMNS: Final = 100


@dataclass(slots=True)
class _Spanning:
    """A cell that stands in `left` more rows."""

    text: str
    left: int


def read_rows(table: HtmlElement, read: Callable[[HtmlElement], str]) -> Iterator[str]:
    """The caption, then a line a row, "a | b"; `read` gives the text of a cell.

    What spans several rows or columns stands in each of them, but for a cell that is a row by itself.
    """
    for caption in table.iter("caption"):
        yield read(caption)
    spanning: dict[int, _Spanning] = {}
    section: HtmlElement | None = None
    for row in table.iter("tr"):
        if row.getparent() is not section:
            section = row.getparent()
            spanning.clear()  # no cell reaches out of its section
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        texts = _row(cells, read, spanning)
        if any(texts):
            yield texts[0] if len(cells) == 1 and len(set(texts)) == 1 else " | ".join(texts)


def _row(cells: list[HtmlElement], read: Callable[[HtmlElement], str], spanning: dict[int, _Spanning]) -> list[str]:
    texts: list[str] = []
    for cell in cells:
        _from_above(texts, spanning)
        text, rows = read(cell), _number(cell, "rowspan")
        for _ in range(min(_number(cell, "colspan") or 1, _MOST_COLUMNS)):
            if rows != 1:
                spanning[len(texts)] = _Spanning(text, rows - 1 if rows else 1_000_000)
            texts.append(text)
            if len(texts) in spanning:
                break  # a wrong colspan does not run over what comes from above
    _from_above(texts, spanning)
    while any(column > len(texts) for column in spanning):
        texts.append("")  # the row is short of a cell
        _from_above(texts, spanning)
    return texts


def _from_above(texts: list[str], spanning: dict[int, _Spanning]) -> None:
    """The cells that reach into this row at the place where it stands."""
    while (above := spanning.get(len(texts))) is not None:
        above.left -= 1
        if above.left <= 0:
            del spanning[len(texts)]
        texts.append(above.text)


def _number(cell: HtmlElement, name: str) -> int:
    """1 for what is no number; 0 rows mean all that are left."""
    stated = (cell.get(name) or "").strip()
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 6 else 1
