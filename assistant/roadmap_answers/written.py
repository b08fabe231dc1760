"""The roadmap as it is written into an answer: every cell, title and heading as Markdown that shows it. Pure.

Escaped once, here, so that no sentence about a row has to think of it. What is quoted is the text itself: see
`citations.Sheet`. Ids, weeks, roles and addresses stay what they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.text.markdown import authored
from corpus.roadmap import Block, Link, Phase, Resource, Roadmap


@dataclass(frozen=True)
class Written(Roadmap):
    """A roadmap whose texts are Markdown."""


@lru_cache(maxsize=4)
def written(roadmap: Roadmap) -> Roadmap:
    """The roadmap with its texts as Markdown; one that is written already stays as it is."""
    if isinstance(roadmap, Written):
        return roadmap
    return Written(authored(roadmap.title), tuple(map(_phase, roadmap.phases)), roadmap.findings)


def _phase(phase: Phase) -> Phase:
    blocks = tuple(map(_block, phase.blocks))
    return replace(phase, title=authored(phase.title), heading=authored(phase.heading), blocks=blocks)


def _block(block: Block) -> Block:
    rows = tuple(map(_row, block.resources))
    return replace(block, title=authored(block.title), heading=authored(block.heading), resources=rows)


def _row(row: Resource) -> Resource:
    return replace(
        row,
        title=authored(row.title),
        block=authored(row.block),
        alternatives=_all(row.alternatives),
        authors=_all(row.authors),
        task=authored(row.task),
        focus=authored(row.focus),
        outcome=authored(row.outcome),
        links=tuple(Link(authored(link.text), link.url) for link in row.links),
        pros=_all(row.pros),
        cons=_all(row.cons),
        difficulty=authored(row.difficulty),
        hands_on=authored(row.hands_on),
        recommendation=authored(row.recommendation),
    )


def _all(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(authored, texts))
