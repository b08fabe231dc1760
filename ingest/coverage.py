"""What is known of each resource's pages: indexed, stale, blocked, dead, not text, not fetched, and since when."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from corpus.homes import all_sources
from corpus.roadmap import Roadmap, Weeks
from corpus.sources import TOPIC, Sources
from ingest.index.generations import Generations
from ingest.state import GOOD, PageState, read_news, read_states

Status = Literal["indexed", "stale", "blocked", "dead", "not-text", "not-fetched"]
PAGES = "pages.db"
ORDER: tuple[Status, ...] = ("indexed", "stale", "blocked", "dead", "not-text", "not-fetched")


@dataclass(frozen=True, slots=True)
class ResourceCoverage:
    """One resource: its best status, pages in the index, pages by status, and when one was last found good.

    `by_status` tells `duplicate` pages apart, whose text another page gives; otherwise they are as good as indexed.
    """

    id: str
    title: str
    weeks: Weeks
    status: Status
    pages: int
    by_status: tuple[tuple[str, int], ...]
    since: str
    newest: str
    chunks: int = 0
    reason: str = ""
    """Why most of the pages with this status have it, as the run that asked for them wrote it."""

    @property
    def unreached(self) -> bool:
        """Whether no answer came, which is no refusal by the site."""
        return self.status == "blocked" and bool(_NO_ANSWER.search(self.reason))


@dataclass(frozen=True, slots=True)
class Change:
    """A page that the last run found new, changed or gone (then it is stale), with the weeks of its resource."""

    url: str
    resource: str
    weeks: Weeks
    at: str
    what: Literal["new", "changed", "stale"]


def read_coverage(data: Path, roadmap: Roadmap, further: Path | None = None) -> tuple[ResourceCoverage, ...]:
    """The coverage of a data folder, with the chunks that its index serves; before the first run all is not-fetched.

    `further`: a person's own file of sources.

    Errors: `PagesError`, `SourcesError`.
    """
    by_page, counts = _chunk_counts(data), Counter[str]()
    states = read_states(data / PAGES)
    for state in states:
        counts[state.resource] += by_page[state.url]
    rows = coverage(roadmap, all_sources(further), states)
    return tuple(replace(row, chunks=counts[row.id]) for row in rows)


def read_changes(data: Path, roadmap: Roadmap) -> tuple[Change, ...]:
    """What the last run that found anything new found, the newest first. Errors: `PagesError`."""
    pages = ((news, roadmap.resource(news.resource)) for news in read_news(data / PAGES))
    return tuple(Change(n.url, n.resource, found.weeks, n.at, n.what) for n, found in pages if found)


def coverage(roadmap: Roadmap, sources: Sources, states: Iterable[PageState]) -> tuple[ResourceCoverage, ...]:
    """The coverage of every resource, in the roadmap's order, then of topics; one without any page is `not-fetched`.

    A page that came counts for one resource, one that did not for every resource that has its address.
    """
    by_resource: dict[str, list[PageState]] = {}
    for state in states:
        came = state.status in GOOD or state.status == "stale"
        others = () if came else (source.resource for source in sources.all_for_url(state.url))
        for resource in {state.resource, *others}:
            by_resource.setdefault(resource, []).append(state)
    rows = [_one(r.id, r.title, r.weeks, by_resource.get(r.id, [])) for r in roadmap.resources]
    topics = sorted(name for name in by_resource if name.startswith(TOPIC))
    return (*rows, *(_one(t, t.removeprefix(TOPIC), roadmap.weeks, by_resource[t]) for t in topics))


def _chunk_counts(data: Path) -> Counter[str]:
    """Chunks of each page in the generation that is served."""
    folder = Generations(data).current()
    if folder is None:
        return Counter()
    try:
        with (folder / "chunks.jsonl").open() as file:
            chunks = (json.loads(line) for line in file)
            return Counter(chunk["url"] for chunk in chunks if chunk["kind"] == "page")
    except (OSError, ValueError, KeyError):  # a damaged index serves nothing
        return Counter()


def _one(id: str, title: str, weeks: Weeks, states: list[PageState]) -> ResourceCoverage:
    counts = Counter(state.status for state in states)
    status = _best(Counter(map(_standing, states)))
    return ResourceCoverage(
        id=id,
        title=title,
        weeks=weeks,
        status=status,
        pages=counts["indexed"] + counts["stale"],
        by_status=tuple(sorted(counts.items())),
        since=min((state.since for state in states if _standing(state) == status), default=""),
        newest=max((state.checked_at for state in states if state.status in GOOD), default=""),
        reason=_reason([state.reason for state in states if _standing(state) == status and state.reason]),
    )


_NO_ANSWER = re.compile(r"gave no (?:usable )?answer|is not known|did not answer|out of reach")
"""How `ingest.fetching.netguard` and `ingest.crawling.robots` say that nothing came."""


def _reason(reasons: Sequence[str]) -> str:
    return Counter(reasons).most_common(1)[0][0] if reasons else ""


def _standing(state: PageState) -> str:
    """A resource whose pages all repeat those of another one is indexed."""
    return "indexed" if state.status in GOOD else state.status


def _best(counts: Counter[str]) -> Status:
    for status in ORDER:
        if counts[status]:
            return status
    return "not-fetched"
