"""`make screenshots`: every page at both widths and in both themes, as PNG files, over the index of the settings.

The first picture is what a new person sees; for the others, one has studied for some weeks.
"""

from __future__ import annotations

import re
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from assistant.service import Assistant
from corpus.settings import load_settings
from tests.fakes import running
from tests.visiting import SIZES, Visit, chromium, opened, person
from ui.web.api import create_app

FROM_ROADMAP = "What should I do in week 14?"
FROM_PAGES = "How does backpropagation work?"
"""Asked where there is an index. Its pictures show other people's text: they are for looking at, not for keeping."""
STUDIED = {
    "quick-python-environment-setup": "done",
    "linux-cli-refresher": "done",
    "python-for-data-analysis": "in-progress",
}
WEEKS_AGO = 3
PLACES = ("today", "practice", "progress", "plan", "roadmap", "sources", "quality", "settings")


def main(folder: Path) -> None:
    """Writes `<page>-<size>-<theme>.png` for all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as learners, chromium() as browser:
        settings = replace(load_settings(), learners=f"{learners}/learner.db")
        assistant = Assistant(settings)
        assistant.warm()
        questions = [FROM_ROADMAP, *([FROM_PAGES] if assistant.readiness().ready else [])]
        with running(create_app(assistant)) as url:
            for size in SIZES:
                for theme in ("light", "dark"):
                    _all(browser, url, folder, size, theme, questions)


def _all(browser: Browser, url: str, folder: Path, size: str, theme: str, questions: list[str]) -> None:
    context = person(browser, size, theme)
    visited = opened(context, url)
    page = visited.page
    expect(page.locator("#question textarea")).to_be_editable()
    expect(page.locator(".status:not(.loading)")).to_be_visible()
    page.screenshot(path=folder / f"welcome-{size}-{theme}.png")
    page.goto(f"{url}/?page=start")
    _shoot(page, "start", folder / f"start-{size}-{theme}.png")
    page.goto(url)
    _study(visited, url)
    for kind, question in zip(("ask", "pages"), questions, strict=False):
        visited.answered(question)
        page.screenshot(path=folder / f"{kind}-{size}-{theme}.png")
    page.locator(".answer").last.locator("a.cite").first.click()
    expect(page.locator("#peek")).to_be_visible()
    page.screenshot(path=folder / f"source-{size}-{theme}.png")
    for name in PLACES:
        page.goto(f"{url}/?page={name}")
        _shoot(page, name, folder / f"{name}-{size}-{theme}.png")
    visited.close()


def _study(visited: Visit, url: str) -> None:
    """Tells the assistant what this person has done, and loads the page anew."""
    request = visited.page.context.request
    start = datetime.now(UTC).date() - timedelta(weeks=WEEKS_AGO)
    request.post(f"{url}/api/v1/settings", data={"start": start.isoformat(), "hours": 10}, fail_on_status_code=True)
    for resource, status in STUDIED.items():
        body = {"resource": resource, "status": status}
        request.post(f"{url}/api/v1/progress", data=body, fail_on_status_code=True)
    visited.page.reload()
    expect(visited.page.locator("#week input")).to_have_value(re.compile("I am in week"))


def _shoot(page: Page, name: str, path: Path) -> None:
    expect(page.locator(f"#sheet-{name}")).to_be_visible()
    for picture in page.locator(f"#sheet-{name} img").all():
        expect(picture).to_have_js_property("complete", value=True)
    page.screenshot(path=path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
