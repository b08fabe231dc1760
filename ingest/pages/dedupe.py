"""What repeats between pages: boilerplate of a site, and pages that are the same page twice. Pure.

Knows nothing of HTML, of WARC files, or of how pages are stored.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from urllib.parse import urlsplit
from zlib import crc32

from datasketch import MinHash, MinHashLSH

from ingest.pages.document import Document

MIN_PAGES = 8
MIN_SHARE = 0.3
"""A short block on this share of at least `MIN_PAGES` pages of a site is boilerplate."""
MAX_BLOCK = 200

SAME = 0.8
"""Share of common five-word runs (Jaccard) from which two pages are one page twice."""
_RUN = 5
_PERMUTATIONS = 64
_CANDIDATE = 0.7

_WORD = re.compile(r"\w+")
_PRINT = re.compile(r"(?:^|[/._?&=-])print(?:able|er|version|page|preview)?(?:$|[/._?&=-])", re.IGNORECASE)
_VERSION = re.compile(r"(?:v(?=\d)|(?=\d+\.))(\d+(?:\.(?:\d+|x))*)$", re.IGNORECASE)
_UNRELEASED = frozenset({"dev", "devdocs", "main", "master", "nightly", "next", "preview", "unstable", "canary"})


def repeated_blocks(documents: Iterable[Document]) -> frozenset[str]:
    """Texts of short blocks that stand on most pages of a site, to be left out of every page.

    A site is a host, and also each first two steps of its paths (several courses share a host).
    Headings and code are never boilerplate: the first give a chunk its place, the others its answer.
    """
    pages: Counter[str] = Counter()
    seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for document in documents:
        texts = {
            block.text
            for block in document.blocks
            if block.kind not in ("heading", "code") and len(block.text) <= MAX_BLOCK
        }
        for site in _sites(document.url):
            pages[site] += 1
            seen[site].update(texts)
    return frozenset(
        text
        for site, counts in seen.items()
        if pages[site] >= MIN_PAGES
        for text, count in counts.items()
        if count >= MIN_SHARE * pages[site]
    )


def near_duplicates(documents: Iterable[Document], stale: Collection[str] = ()) -> dict[str, str]:
    """Addresses of pages that repeat another one -> the address to keep in their place.

    Kept is the one that is not among the `stale` addresses, then the newer release, then the one that is no print
    version, then the shorter address.
    The kept one is never itself a duplicate. Takes seconds for a thousand pages.
    """
    ranked = sorted(documents, key=lambda document: (document.url in stale, _rank(document.url)))
    runs = [_runs(document) for document in ranked]
    index = MinHashLSH(threshold=_CANDIDATE, num_perm=_PERMUTATIONS)
    kept_for: dict[str, str] = {}
    for number, document in enumerate(ranked):
        if not runs[number]:
            continue
        sketch = _sketch(runs[number])
        candidates = sorted(int(str(key)) for key in index.query(sketch))
        twin = next((other for other in candidates if _jaccard(runs[number], runs[other]) >= SAME), None)
        if twin is None:
            index.insert(str(number), sketch)
        elif ranked[twin].url != document.url:
            kept_for[document.url] = ranked[twin].url
    return kept_for


def _sites(url: str) -> Sequence[str]:
    parts = urlsplit(url)
    steps = parts.path.split("/")[1:3]
    return parts.netloc, "/".join([parts.netloc, *steps])


def _runs(document: Document) -> frozenset[int]:
    """Hashes of all runs of five words; a text shorter than that is one run."""
    words = _WORD.findall(" ".join(block.text for block in document.blocks).lower())
    last = max(len(words) - _RUN + 1, 1 if words else 0)
    return frozenset(crc32(" ".join(words[start : start + _RUN]).encode()) for start in range(last))


def _sketch(runs: frozenset[int]) -> MinHash:
    sketch = MinHash(num_perm=_PERMUTATIONS, hashfunc=int)
    sketch.update_batch(list(runs))
    return sketch


def _jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    common = len(one & other)
    return common / (len(one) + len(other) - common)


def _rank(url: str) -> tuple[bool, tuple[int, ...], int, str]:
    """Smaller is better: no print version, no or a high version, a short address."""
    return _PRINT.search(url) is not None, _age(url), len(url), url


def _age(url: str) -> tuple[int, ...]:
    """(0,) for an address without a version (what is current), negative numbers for releases after
    that by age, and what is not released yet last."""
    for step in urlsplit(url).path.lower().split("/"):
        if step in _UNRELEASED:
            return (2,)
        if version := _VERSION.match(step):
            return 1, *(-int(number) for number in version.group(1).split(".") if number.isdigit())
    return (0,)
