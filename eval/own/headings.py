"""Questions made of the headings of an index, for a first look before anybody has written any.

A heading shares its words with the section that it stands above, so what is asked by it is found more easily than what
people ask. Such questions are marked as such, kept in a file of their own, and told apart in the report.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from corpus.errors import UsageError
from eval.metrics import SEED
from eval.own.adding import write_new
from eval.own.questions import BY_HEADINGS
from ingest.pages.chunk import Chunk

WORDS = range(2, 13)
"""Words of a heading that can be asked by: one alone says too little, more are a sentence."""
SHORTEST = 200
"""Characters of a section below which it answers nothing."""
_ABOUT = """\
# Made of headings of the index by `roadmap eval init --from-headings`: a first look, no measure. Whoever knows a
# heading finds its section more easily than people do who ask in their own words: write yours with `roadmap eval add`.
"""
_NUMBERING = re.compile(
    r"^(?:(?:chapter|section|lesson|step|part)\s+\d+[.:)]?|\d+(?:\.\d+)+[.:)]?|\d+[.:)]|[IVX]+[.:)])\s+(?=\S)",
    re.IGNORECASE,
)


def write_from_headings(path: Path, chunks: Iterable[Chunk], count: int) -> int:
    """Writes at most `count` questions into a new file, and gives how many they are. Errors: `UsageError`."""
    made = from_headings(chunks, count)
    if not made:
        raise UsageError("no heading of the index can be asked by: take in pages first, with `roadmap ingest`.")
    write_new(path, _ABOUT + "".join(json.dumps(fields, ensure_ascii=False) + "\n" for fields in made))
    return len(made)


def from_headings(chunks: Iterable[Chunk], count: int) -> list[dict[str, object]]:
    """The fields of at most `count` cases, spread over pages; the same index gives the same ones."""
    by_page: dict[str, list[str]] = defaultdict(list)
    for url, heading in _sections(chunks):
        by_page[url].append(heading)
    chance = random.Random(SEED)  # noqa: S311 -- nothing is secret
    pages = sorted(by_page)
    chance.shuffle(pages)
    for url in pages:
        chance.shuffle(by_page[url])
    rounds = max((len(headings) for headings in by_page.values()), default=0)
    spread = [(url, by_page[url][turn]) for turn in range(rounds) for url in pages if turn < len(by_page[url])]
    return [
        {"question": question_of(heading), "expects": [{"url": url, "heading": heading}], "by": BY_HEADINGS}
        for url, heading in spread[:count]
    ]


def question_of(heading: str) -> str:
    """What is asked by a heading.

    >>> question_of("3.2 Merging data frames")
    'Merging data frames'
    """
    return _NUMBERING.sub("", heading)


def _sections(chunks: Iterable[Chunk]) -> Iterator[tuple[str, str]]:
    """Page and heading of each section that has something to say, and whose heading stands on no other page."""
    length: Counter[tuple[str, str]] = Counter()
    pages: dict[str, set[str]] = defaultdict(set)
    for chunk in chunks:
        heading = chunk.heading.rpartition(" › ")[2]
        length[chunk.url, heading] += len(chunk.text)
        pages[question_of(heading).casefold()].add(chunk.url)
    for (url, heading), characters in length.items():
        asked = question_of(heading)
        if len(asked.split()) in WORDS and characters >= SHORTEST and len(pages[asked.casefold()]) == 1:
            yield url, heading
