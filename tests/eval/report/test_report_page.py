"""The report in headless Chromium: for everyone, at both widths, in both themes, by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser

from eval.report.build import write
from tests.eval.report.test_eval_report import full
from tests.visiting import axe_in, chromium, opened, person, violations

pytestmark = pytest.mark.browser
RUN = {"asked": "same", "index": "i", "code": "c", "own nDCG@10": "0.712", "weeks": "90.0 %"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    runs = tuple({**RUN, "at": f"2026-11-0{day}T10:00:00+00:00"} for day in (1, 2))
    said = replace(full(), origins=("3 of the 4 questions are headings of the pages.",))
    return write(said, tmp_path_factory.mktemp("report"), runs).as_uri()


@pytest.mark.parametrize(("size", "theme"), [("desktop", "light"), ("phone", "dark")])
def test_everyone_can_read_it(browser: Browser, report: str, size: str, theme: str) -> None:
    visited = opened(person(browser, size, theme, bypass_csp=True), report)
    page = visited.page
    assert page.locator("svg").count() == 5  # latency, ablation, abstention, types, from run to run
    assert page.get_by_text("How to read this").count() == 1
    assert page.get_by_text("3 of the 4 questions are headings").count() == 1
    assert visited.fits()
    assert [url for url in visited.requests if not url.startswith("file:")] == []
    axe_in(page)
    assert violations(page) == []
    visited.close()
