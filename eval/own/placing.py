"""What own questions expect, looked up in the index that is measured: before a run, and never counted as a miss.

A page is found under any spelling of its address (http or https, with or without a slash at its end), and a page that
was left out because another one says the same stands for that one. Knows nothing of how anything is ranked.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from eval.cases import MINE, GatedCase, PageCase, Relevant, plain
from eval.own.questions import OwnCase
from ingest.index.generations import Generations
from ingest.index.manifest import read_chunks
from ingest.index.vectors import DamagedIndexError
from ingest.pages.chunk import Chunk
from ingest.state import PageState, read_states

_TWIN = re.compile(r"It says what (\S+) says\.")


@dataclass(frozen=True, slots=True)
class Missing:
    """A place that a case expects and the index does not hold; `why` is a sentence with what to do."""

    case: OwnCase
    place: Relevant
    why: str

    def __str__(self) -> str:
        line = f"line {self.case.line}, " if self.case.line else ""
        return f"{line}{self.case.question[:80]!r}: {self.why}"


@dataclass(frozen=True, slots=True)
class Placed:
    """What can be measured: `pages` by rankings and answers, `refused` by refusals. Nobody said what answers the
    `unjudged` ones, and of what the `absent` ones expect the index holds nothing."""

    pages: tuple[PageCase, ...]
    refused: tuple[GatedCase, ...]
    missing: tuple[Missing, ...]
    unjudged: tuple[OwnCase, ...]
    absent: tuple[OwnCase, ...]


class Shelf:
    """The pages of an index by address. `states`: what is known of those that are not in it."""

    def __init__(self, chunks: Iterable[Chunk], states: Iterable[PageState] = ()) -> None:
        self._chunks: Mapping[str, list[Chunk]] = defaultdict(list)
        for chunk in chunks:
            self._chunks[chunk.url].append(chunk)
        self._states = {state.url: state for state in states}

    def place(self, wanted: Relevant) -> Relevant | str:
        """The same place as the index has it, or a sentence that says why it does not."""
        if wanted.sentence:
            return self._sentence(wanted)
        url = self.page(wanted.url)
        if not url:
            return self._why(wanted.url)
        placed = replace(wanted, url=url)
        if not wanted.heading or any(placed.is_held_by(c.url, c.heading, c.text) for c in self._chunks[url]):
            return placed
        return self._no_heading(placed)

    def page(self, url: str) -> str:
        """The address that the index has a page by; "" for none."""
        for spelt in _spellings(url):
            if spelt in self._chunks:
                return spelt
            twin = _TWIN.match(self._states[spelt].reason) if spelt in self._states else None
            if twin and twin.group(1) in self._chunks:
                return twin.group(1)
        return ""

    def _sentence(self, wanted: Relevant) -> Relevant | str:
        url = self.page(wanted.url) if wanted.url else ""
        if wanted.url and not url:
            return self._why(wanted.url)
        texts = (text for page, text in self._texts if not url or page == url)
        if any(plain(wanted.sentence) in text for text in texts):
            return replace(wanted, url=url)
        where = f"of {url}" if url else "of the index"
        return f"no passage {where} holds the sentence {wanted.sentence[:60]!r}: copy it from the page."

    @cached_property
    def _texts(self) -> list[tuple[str, str]]:
        return [(url, plain(chunk.text)) for url, chunks in self._chunks.items() for chunk in chunks]

    def _no_heading(self, wanted: Relevant) -> str:
        paths = dict.fromkeys(part for c in self._chunks[wanted.url] for part in c.heading.split(" › ") if part)
        near = get_close_matches(wanted.heading, list(paths), 3, 0.3) or list(paths)[:3]
        has = f"it has {', '.join(map(repr, near))}" if near else "it has none"
        return f"{wanted.url} has no heading {wanted.heading!r}: {has}."

    def _why(self, url: str) -> str:
        state = next((self._states[spelt] for spelt in _spellings(url) if spelt in self._states), None)
        if state is not None:
            return (
                f"{url} is not in the index, it is {state.status} ({state.reason.rstrip('.') or 'no reason is known'})."
            )
        near = get_close_matches(url, list(self._chunks), 1, 0.8)
        hint = f"did you mean {near[0]}" if near else "take it in with `roadmap ingest --warc FILE --topic NAME`"
        return f"{url} is not in the index: {hint}{'?' if near else '.'}"


def shelf(chunks: Iterable[Chunk], data: Path) -> Shelf:
    """The pages of an index, and what a data folder knows of others. Errors: `PagesError`."""
    return Shelf(chunks, read_states(data / "pages.db"))


def current_shelf(data: Path) -> Shelf:
    """That of the index that is served. Errors: as `current_chunks`."""
    return shelf(current_chunks(data), data)


def current_chunks(data: Path) -> list[Chunk]:
    """The passages that are served. Errors: `DamagedIndexError` where there are none, or they cannot be read."""
    folder = Generations(data).current()
    if folder is None:
        raise DamagedIndexError("there is no index yet: run `roadmap ingest`.")
    return read_chunks(folder)


def place(cases: Sequence[OwnCase], on: Shelf) -> Placed:
    """Looks up everything that the cases expect."""
    pages: list[PageCase] = []
    missing: list[Missing] = []
    absent: list[OwnCase] = []
    for case in cases:
        found = [(wanted, on.place(wanted)) for wanted in case.expects]
        missing += [Missing(case, wanted, said) for wanted, said in found if isinstance(said, str)]
        relevant = {r.name: r for _, r in found if isinstance(r, Relevant)}
        if any(r.grade > 0 for r in relevant.values()):
            pages.append(PageCase(case.id, MINE, case.type, "me", case.question, tuple(relevant.values())))
        elif case.is_judged and not case.refuse:
            absent.append(case)
    refused = (GatedCase(c.id, c.type, "me", c.question, "test", False) for c in cases if c.refuse)
    unjudged = (case for case in cases if not case.is_judged)
    return Placed(tuple(pages), tuple(refused), tuple(missing), tuple(unjudged), tuple(absent))


def _spellings(url: str) -> list[str]:
    swapped = (
        url.replace("https://", "http://", 1) if url.startswith("https://") else url.replace("http://", "https://", 1)
    )
    both = [url, swapped]
    return [spelt for one in both for spelt in (one, one.removesuffix("/") if one.endswith("/") else f"{one}/")]


def told(placed: Placed) -> tuple[str, ...]:
    """What of the cases cannot be measured, a sentence each."""
    absent = {case.id for case in placed.absent}
    waiting = len(placed.unjudged)
    said = [
        f"{one}{' (nothing else answers it: it is left out)' if one.case.id in absent else ''}"
        for one in placed.missing
    ]
    if waiting:
        said.append(f"{waiting} question{'s wait' if waiting > 1 else ' waits'} to be judged: `roadmap eval judge`.")
    return tuple(said)
