"""A page as clean text: `Document` of `Block`s and `Link`s. The values that extraction makes and chunking reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["heading", "paragraph", "code", "table", "list", "quote"]


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a page; `level` is 1-6 for headings and 0 otherwise, `anchor` the id of a heading."""

    kind: BlockKind
    level: int
    text: str
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the text of a page."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Document:
    """The clean text of one page, in reading order."""

    url: str
    title: str
    blocks: tuple[Block, ...]
    links: tuple[Link, ...] = ()
