"""What is told of each resource's pages, from states made by hand."""

from __future__ import annotations

import io

from rich.console import Console

from corpus.roadmap import Roadmap, Weeks
from corpus.sources import load_sources
from ingest.coverage import Change, ResourceCoverage, coverage
from ingest.state import PageState
from ui.cli.coverage import print_changes

MONDAY = "2026-03-02T10:00:00Z"
SHARED = "https://www.coursera.org/specializations/deep-learning"
OWNERS = (
    "fast-ai-practical-deep-learning-for-coders",
    "coursera-deep-learning-specialization",
    "deep-learning-specialization",
)


def page(status: str, url: str = SHARED, resource: str = OWNERS[0]) -> PageState:
    return PageState(url, resource, status, "It asks for a login.", MONDAY, MONDAY, "", "")


def rows(roadmap: Roadmap, *pages: PageState) -> dict[str, ResourceCoverage]:
    return {row.id: row for row in coverage(roadmap, load_sources(), pages)}


def test_a_page_that_did_not_come_is_told_of_every_resource_that_has_its_address(roadmap: Roadmap) -> None:
    found = rows(roadmap, page("blocked"))
    assert {id for id, row in found.items() if row.status != "not-fetched"} == set(OWNERS)
    assert {(found[id].status, found[id].since, found[id].by_status) for id in OWNERS} == {
        ("blocked", MONDAY, (("blocked", 1),))
    }


def test_a_page_that_came_counts_once(roadmap: Roadmap) -> None:
    found = rows(roadmap, page("indexed"), page("stale", f"{SHARED}/syllabus"))
    assert {id: row.pages for id, row in found.items() if row.pages} == {OWNERS[0]: 2}
    assert found[OWNERS[1]].status == "not-fetched"


def test_a_resource_whose_pages_all_repeat_others_is_indexed(roadmap: Roadmap) -> None:
    row = rows(roadmap, page("duplicate"))[OWNERS[0]]
    assert (row.status, row.pages, row.since, row.newest) == ("indexed", 0, MONDAY, MONDAY)
    assert dict(row.by_status) == {"duplicate": 1}


def test_a_change_is_one_line_however_long_its_address() -> None:
    pipe = io.StringIO()
    long = f"{SHARED}/{'x' * 200}"
    print_changes(Console(file=pipe, width=80), (Change(long, OWNERS[0], Weeks(9, 12), MONDAY, "new"),))
    assert pipe.getvalue() == f"2026-03-02  weeks 9–12  new  {long}\n"
