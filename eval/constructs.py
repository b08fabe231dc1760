"""How well the constructs of real sites come out: text, code, formulas and tables of pages that we made up in their
styles (`eval/constructs`): MediaWiki, Docusaurus, MkDocs Material, Sphinx with tabs, Jekyll with Rouge, Hugo, Jupyter
Book, nbviewer, GitBook, WordPress, a React page of a server.

A piece is found if it comes out whole, in a block of its kind: a code block line by line, a row of a table cell by
cell, a sentence with its formula in it. Recall is of the pieces that are wanted, precision of those that come out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.pages.document import Block
from ingest.pages.extract import extract

FOLDER = Path(__file__).with_name("constructs")
KINDS = ("text", "code", "formulas", "tables")

Pieces = Counter[str]


@dataclass(frozen=True, slots=True)
class Found:
    """Pieces of one kind, over all pages: wanted, come out, and both."""

    wanted: int = 0
    given: int = 0
    right: int = 0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.given if self.given else 1.0

    def __add__(self, other: Found) -> Found:
        return Found(self.wanted + other.wanted, self.given + other.given, self.right + other.right)


@dataclass(frozen=True, slots=True)
class Result:
    """One page: what was found of each kind, and what came out that never must."""

    name: str
    found: Mapping[str, Found]
    leaked: tuple[str, ...]


def measure() -> list[Result]:
    """Every labelled page."""
    labels: dict[str, Any] = json.loads((FOLDER / "labels.json").read_text(encoding="utf-8"))["pages"]
    return [_result(name, label, _blocks(name)) for name, label in labels.items()]


def total(results: Sequence[Result], kind: str) -> Found:
    return sum((result.found[kind] for result in results), Found())


def report(results: Sequence[Result]) -> str:
    """A Markdown table: a line a page, recall and precision of each kind; the last line is of all pieces."""
    heads = [f"{kind} {letter}" for kind in KINDS for letter in "RP"]
    lines = [f"| made-up page | {' | '.join(heads)} | leaked |", "|---" * (len(heads) + 2) + "|"]
    lines += [_line(result.name, result.found.get, len(result.leaked)) for result in results]
    all_of = {kind: total(results, kind) for kind in KINDS}
    return "\n".join([*lines, _line("**all pieces**", all_of.get, sum(len(result.leaked) for result in results))])


def _line(name: str, found: Callable[[str], Found | None], leaked: int) -> str:
    each = [found(kind) or Found() for kind in KINDS]
    cells = [f"{value:.2f}" if one.wanted else "-" for one in each for value in (one.recall, one.precision)]
    return f"| {name} | {' | '.join(cells)} | {leaked} |"


def _blocks(name: str) -> Sequence[Block]:
    return extract((FOLDER / name).read_bytes(), f"https://made-up.example/{name}").blocks


def _result(name: str, label: Mapping[str, list[str]], blocks: Sequence[Block]) -> Result:
    given = {kind: Counter(_pieces(blocks, kind)) for kind in ("text", "code", "tables")}
    found = {kind: _compared(Counter(label[kind]), pieces) for kind, pieces in given.items()}
    prose = "\n".join(given["text"].elements())
    once = [formula for formula in label["formulas"] if prose.count(formula) == 1]
    found["formulas"] = Found(len(label["formulas"]), sum(prose.count(f) or 1 for f in label["formulas"]), len(once))
    everything = "\n".join(block.text for block in blocks)
    return Result(name, found, tuple(words for words in label["never"] if words in everything))


def _compared(wanted: Pieces, given: Pieces) -> Found:
    return Found(wanted.total(), given.total(), (wanted & given).total())


def _pieces(blocks: Sequence[Block], kind: str) -> Iterator[str]:
    """Code is a piece a block, a table a piece a row, all else a piece a line."""
    for block in blocks:
        if kind == "code" and block.kind == "code":
            yield block.text
        elif kind == "tables" and block.kind == "table":
            yield from block.text.split("\n")
        elif kind == "text" and block.kind not in ("code", "table"):
            yield from (line.strip() for line in block.text.split("\n"))
