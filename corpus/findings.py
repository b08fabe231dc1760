"""Checks over a roadmap that was read: what is odd between its parts. Knows nothing of Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, pairwise
from urllib.parse import SplitResult, urlsplit

from corpus.roadmap import Finding, Resource, Roadmap, Weeks

CATALOGUES = frozenset({"www.coursera.org", "www.udemy.com", "www.amazon.com", "www.oreilly.com"})
"""Hosts whose front page is a catalogue, not a page of one resource."""


def check_roadmap(roadmap: Roadmap) -> tuple[Finding, ...]:
    """Findings on weeks (gaps, overlaps, strays) and on links; empty for a clean roadmap."""
    return (*_week_findings(roadmap), *(f for r in roadmap.resources for f in _link_findings(r)))


def _week_findings(roadmap: Roadmap) -> Iterator[Finding]:
    if not roadmap.phases:
        yield Finding("no-phase", "error", "the file holds no phase.")
        return
    weeks = range(roadmap.weeks.first, roadmap.weeks.last + 1)
    for missing, run in groupby(weeks, key=lambda week: not roadmap.blocks_of_week(week)):
        if missing:
            gap = list(run)
            yield Finding("week-gap", "error", f"{Weeks(gap[0], gap[-1])}: no block holds this time.")
    for week in weeks:
        blocks = roadmap.blocks_of_week(week)
        if len(blocks) > 1:
            names = " and ".join(f"“{b.title}” ({b.weeks})" for b in blocks)
            yield Finding("week-overlap", "note", f"week {week} belongs to {names}: both are shown.")
    for block, around in ((b, p.weeks) for p in roadmap.phases for b in p.blocks):
        if not (block.weeks.first in around and block.weeks.last in around):
            message = f"“{block.title}” ({block.weeks}) leaves its phase's {around}."
            yield Finding("week-outside-phase", "error", message)
        for inner in (r for r in block.resources if r.weeks != block.weeks):
            yield Finding("own-week", "note", f"“{inner.title}” is for {inner.weeks} of the block's {block.weeks}.")
    for before, after in pairwise(roadmap.phases):
        if after.number != before.number + 1 or after.weeks.first <= before.weeks.last:
            message = f"phase {after.number} ({after.weeks}) does not follow phase {before.number} ({before.weeks})."
            yield Finding("phase-order", "warning", message)
    promised = re.search(r"(?<!\d)(\d{1,4})\s+weeks", roadmap.title, re.IGNORECASE)
    if promised and int(promised[1]) != roadmap.weeks.last:
        message = f"the title promises {promised[1]} weeks, the phases end with week {roadmap.weeks.last}."
        yield Finding("week-count", "warning", message)


def _link_findings(resource: Resource) -> Iterator[Finding]:
    if len(resource.links) > 1:
        names = ", ".join(link.text for link in resource.links)
        message = f"“{resource.title}” has {len(resource.links)} links in one cell: {names}."
        yield Finding("several-links", "note", message)
    for link in resource.links:
        parts = _parts(link.url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            yield Finding("bad-link", "error", f"“{resource.title}” links to {link.url!r}, which is no web address.")
        elif parts.netloc in CATALOGUES and parts.path.strip("/") == "":
            message = f"“{resource.title}” links to {link.url}, a catalogue rather than a page of the resource."
            yield Finding("catalogue-link", "warning", message)


def _parts(url: str) -> SplitResult:
    """The parts of an address; empty ones for what `urlsplit` refuses ("http://[a")."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", url, "", "")
