"""How clean extraction is: words kept and words kept out, against 20 hand-labelled pages.

`python -m eval.cleaning [WARC]` prints the table for ours and for plain `trafilatura.extract`. The
labels are character ranges of each page's text (`cleaning_labels.json`), never the text itself. A second table is of
the constructs of real sites, on pages that we made up (`eval.constructs`).
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import lxml.html
import trafilatura

from eval import constructs
from ingest.archive.warc import Page, read_pages
from ingest.pages.charset import decode_html
from ingest.pages.extract import extract

LABELS = Path(__file__).with_name("cleaning_labels.json")
PAGES = Path(__file__).resolve().parents[1].parent / "shared" / "pages.warc.gz"

_WORD = re.compile(r"\w+")
_LIST_MARK = re.compile(r"^[^\S\n]*+(?:-|\d+\.) ", re.MULTILINE)

Words = Counter[str]
Extractor = Callable[[Page], str]


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A page, and the words that must be in its clean text, that must not, and all of its words."""

    page: Page
    site: str
    wanted: Words
    unwanted: Words
    free: Words
    """Words of text that was left unlabelled: keeping them is neither right nor wrong."""


@dataclass(frozen=True, slots=True)
class Score:
    """Word coverage of one page (or the mean over pages); precision, recall and F1 are 0-1."""

    precision: float
    recall: float
    f1: float


class LabelError(ValueError):
    """The labels and the pages do not belong together; the message says which page."""


def labelled_pages(warc: Path = PAGES, labels: Path = LABELS) -> list[LabelledPage]:
    """The labelled pages. Raises `LabelError` if a page is missing or has other bytes."""
    wanted = {entry["url"]: entry for entry in json.loads(labels.read_text())["pages"]}
    found = [_label(page, wanted.pop(page.url)) for page in _pages(warc, set(wanted))]
    if wanted:
        raise LabelError(f"{warc.name} lacks {min(wanted)}, which has labels; use the WARC file they were made on.")
    return found


def ours(page: Page) -> str:
    """The text of our extraction, without the marks that it puts before list items."""
    blocks = extract(page.body, page.url, page.charset).blocks
    return "\n".join(_LIST_MARK.sub("", b.text) if b.kind == "list" else b.text for b in blocks)


def plain_trafilatura(page: Page) -> str:
    """The text of `trafilatura.extract` with its default settings."""
    return trafilatura.extract(decode_html(page.body, page.charset)) or ""


def score(extractor: Extractor, labelled: LabelledPage) -> Score:
    """Words are compared as a multiset, so a word too often is as wrong as a word too many."""
    got: Words = Counter(_words(extractor(labelled.page)))
    right = (got & labelled.wanted).total()
    wrong = ((got - labelled.wanted) - labelled.free).total()
    precision = right / (right + wrong) if right + wrong else 0.0
    recall = right / labelled.wanted.total()
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return Score(precision, recall, f1)


def mean(scores: Sequence[Score]) -> Score:
    """The mean over pages: each page counts the same, whatever its length."""
    return Score(*(fmean(getattr(one, name) for one in scores) for name in ("precision", "recall", "f1")))


def report(pages: Sequence[LabelledPage]) -> str:
    """A Markdown table: a line a page, and the mean."""
    lines = [
        "| page | site | ours P | ours R | ours F1 | trafilatura P | trafilatura R | trafilatura F1 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    scores = [(score(ours, page), score(plain_trafilatura, page)) for page in pages]
    for page, both in zip(pages, scores, strict=True):
        name = page.page.url.split("/", 3)[3][-44:]
        lines.append(f"| {name} | {page.site} | {_cells(*both)} |")
    means = mean([one for one, _ in scores]), mean([other for _, other in scores])
    lines.append(f"| **mean of {len(pages)}** | | {_cells(*means)} |")
    return "\n".join(lines)


def _cells(*scores: Score) -> str:
    return " | ".join(f"{value:.3f}" for one in scores for value in (one.precision, one.recall, one.f1))


def _pages(warc: Path, urls: set[str]) -> Iterable[Page]:
    for page in read_pages([warc]):
        if isinstance(page, Page) and page.url in urls:
            yield page


def _label(page: Page, entry: dict[str, Any]) -> LabelledPage:
    if hashlib.sha256(page.body).hexdigest() != entry["sha256"]:
        raise LabelError(f"{page.url} is not the page that was labelled; use the WARC file that it came from.")
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    text = "".join(lxml.html.document_fromstring(page.body, parser=parser).itertext())
    wanted, unwanted = (_in_ranges(text, entry[name]) for name in ("in", "out"))
    free = Counter(_words(text)) - wanted - unwanted
    return LabelledPage(page, str(entry["site"]), wanted, unwanted, free)


def _in_ranges(text: str, ranges: list[list[int]]) -> Words:
    return Counter(word for start, end in ranges for word in _words(text[start:end]))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def main() -> int:
    """The command line. Exit status 1 if the pages are not there."""
    warc = Path(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    if not warc.is_file():
        sys.stderr.write(f"There is no file {str(warc)!r}; give the WARC file of the labelled pages.\n")
        return 1
    sys.stdout.write(report(labelled_pages(warc)) + "\n\n" + constructs.report(constructs.measure()) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
