"""The pages in headless Chromium: their addresses, what they change, kept conversations, and use by everyone."""

from __future__ import annotations

import re
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.companion import Companion
from corpus.settings import Settings
from ingest import pipeline
from ingest.pipeline import IngestReport
from tests.fakes import FakeAssistant, running
from tests.visiting import Visit, axe_in, opened, person, violations, visit
from ui.web.api import create_app

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),  # Gradio's own use of pandas
]

PAGES = ("today", "plan", "roadmap", "settings", "start", "sources", "quality")
NAMED = tuple(name for name in PAGES if name != "start")

TOKEN = "a-token-of-this-start"


@pytest.fixture(scope="module")
def fake(tmp_path_factory: pytest.TempPathFactory) -> FakeAssistant:
    return FakeAssistant(settings=Settings(data=tmp_path_factory.mktemp("data")))


@pytest.fixture(scope="module")
def url(fake: FakeAssistant) -> Iterator[str]:
    with running(create_app(fake, owner=TOKEN)) as url:  # type: ignore[arg-type]
        yield url


@pytest.fixture(scope="module")
def tab(browser: Browser, url: str) -> Iterator[Visit]:
    """A page that stays open, for tests that need no person or window of their own."""
    visited = visit(browser, url)
    yield visited
    visited.close()


def reach(page: Page, name: str) -> None:
    """Goes there from the page that is open: by the navigation, or by the button on Settings."""
    if name in NAMED:
        page.locator(f"#to-{name}").click()
    else:
        page.get_by_role("link", name="Ask me the three questions again").click()
    sheet(page, name)


def sheet(page: Page, name: str) -> Any:
    found = page.locator(f"#sheet-{name}")
    expect(found).to_be_visible()
    return found


# ---- places ----


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_each_page_is_reached_kept_on_reload_and_left_by_back(browser: Browser, url: str, size: str) -> None:
    visited = visit(browser, url, size)
    page = visited.page
    for name in NAMED:
        page.locator(f"#to-{name}").click()
        sheet(page, name)
        assert f"page={name}" in page.url
        expect(page.locator(f"#to-{name}")).to_have_attribute("aria-current", "page")
        expect(page.locator("#question")).to_be_hidden()
        assert visited.fits()

    page.reload()
    sheet(page, "quality")
    page.go_back()
    sheet(page, "sources")
    page.locator("#to-ask").click()
    expect(page.locator("#question textarea")).to_be_focused()
    assert visited.errors() == []
    assert visited.other_hosts() == set()
    visited.close()


def test_a_shared_link_opens_the_week_and_a_wrong_one_the_chat(tab: Visit, url: str) -> None:
    page = tab.page
    page.goto(f"{url}/?page=roadmap&week=14")
    block = page.locator("details.block[open]")
    expect(block).to_have_count(1)
    expect(block).to_contain_text("Weeks 13–16")
    expect(block.locator("summary").first).to_be_in_viewport()

    page.goto(f"{url}/?page=nonsense&week=999")
    expect(page.locator("#question textarea")).to_be_editable()


def test_a_page_that_cannot_be_had_says_so_with_a_way_on(tab: Visit) -> None:
    page = tab.page
    page.route("**/pages/today*", lambda route: route.abort())
    page.locator("#to-today").click()
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")

    page.unroute("**/pages/today*")
    page.get_by_role("button", name="Try again").click()

    sheet(page, "today")


# ---- what the pages change ----


def test_a_resource_is_marked_for_this_person_only(browser: Browser, url: str, tab: Visit) -> None:
    page = tab.page
    page.goto(f"{url}/?page=roadmap&week=14")
    resource = page.locator("details.block[open] .resource")

    resource.get_by_role("button", name="Done").click()

    expect(resource.get_by_role("button", name="Done")).to_have_attribute("aria-pressed", "true")
    expect(resource.get_by_role("button", name="Done")).to_be_focused()
    expect(page.locator("#overall")).to_contain_text("1 of")
    page.reload()
    expect(page.locator("#overall")).to_contain_text("1 of")
    other = opened(person(browser), f"{url}/?page=roadmap")
    expect(other.page.locator("#overall")).to_contain_text("0 of")
    resource.get_by_role("button", name="Done").click()
    expect(page.locator("#overall")).to_contain_text("0 of")
    other.close()


def test_today_leads_to_the_first_plan_and_then_shows_its_week(browser: Browser, url: str) -> None:
    page = opened(browser.new_context(), url).page
    page.locator("#to-today").click()
    sheet(page, "today").get_by_role("link", name="Start my plan").click()
    begun = sheet(page, "start")
    begun.get_by_label("First day").fill("2026-01-05")
    begun.get_by_label("Hours a week").fill("6")
    begun.get_by_role("button", name="Start my plan").click()
    sheet(page, "plan")

    page.locator("#to-today").click()
    expect(page.get_by_role("heading", name="This week")).to_be_visible()
    sheet(page, "today").get_by_role("button", name="Not this one").click()
    expect(page.locator(".said")).to_contain_text("Left out")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".said")).to_contain_text("Undone")
    expect(sheet(page, "today").get_by_role("link", name="Change your pace")).to_be_visible()
    page.context.close()


def test_an_ingest_shows_its_progress_and_its_end(tab: Visit, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()

    def ingest(settings: Settings, warcs: object, *, progress: Any, **_: Any) -> IngestReport:
        progress("embed", 3, 12)
        assert go_on.wait(20)
        (settings.data / "current").write_text("g2")
        return IngestReport("g2", 2, 12, 12, 0, 0, 1.0, ())

    monkeypatch.setattr(pipeline, "ingest", ingest)
    page = tab.page
    page.locator("#to-sources").click()
    expect(page.locator("#job")).to_contain_text("Who runs this page adds pages")
    page.goto(f"{url}/?page=sources&owner={TOKEN}")
    assert page.url == f"{url}/?page=sources"
    page.get_by_role("button", name="Take in what was fetched").click()
    expect(page.locator("#job")).to_contain_text("Embedding: 3 of 12")

    go_on.set()

    expect(page.locator("#job")).to_contain_text("12 passages are new. The next question already uses them.")


def test_quality_shows_the_last_report_and_without_one_how_to_make_it(tab: Visit, fake: FakeAssistant) -> None:
    page = tab.page
    page.locator("#to-quality").click()
    expect(sheet(page, "quality")).to_contain_text("roadmap eval")
    folder = fake.settings.data / "report"
    folder.mkdir()
    (folder / "report.md").write_text("# Title\n\n## Pages\n\n| a | nDCG |\n|---|---|\n| ours | 0.9 |\n")

    page.reload()

    expect(sheet(page, "quality").get_by_role("cell", name="0.9")).to_be_visible()


# ---- kept conversations ----


def test_a_conversation_is_kept_found_renamed_exported_and_deleted(browser: Browser, tmp_path: Path) -> None:
    context = person(browser)
    with running(create_app(FakeAssistant(settings=Settings(data=tmp_path)))) as url:  # type: ignore[arg-type]
        visited = opened(context, url)
        visited.answered("hello there")
        visited.answered("and then?")
        address, cookies = visited.page.url, context.cookies()
        visited.page.close()
    with running(create_app(FakeAssistant(settings=Settings(data=tmp_path)))) as url:  # type: ignore[arg-type]
        context.add_cookies([{**cookies[0], "domain": "127.0.0.1"}])
        visited = opened(context, f"{url}/?{address.partition('?')[2]}")
        expect(visited.page.locator(".asked")).to_have_text(["hello there", "and then?"])
        _use_history(visited)
        other = opened(person(browser), f"{url}/?{address.partition('?')[2]}").heard()
        other.page.locator("#history").click()
        expect(other.page.locator("#history-list")).to_contain_text("Your conversations will stand here")
        expect(other.page.locator(".asked")).to_have_count(0)
        other.close()
        visited.page.locator("#delete-" + address.rpartition("chat=")[2]).evaluate("button => button.click()")
        expect(visited.page.locator("#history-list li")).to_have_count(0)
        visited.close()


def _use_history(visited: Visit) -> None:
    page = visited.page
    page.locator("#new-chat").click()
    expect(page.locator(".asked")).to_have_count(0)
    page.locator("#history").click()
    page.get_by_label("Search").fill("nothing like it")
    page.keyboard.press("Enter")
    expect(page.locator("#history-list")).to_contain_text("No conversation holds")
    page.get_by_label("Search").fill("AND THEN")
    page.keyboard.press("Enter")
    expect(page.locator("#history-list li")).to_have_count(1)
    page.locator("#history-list summary").click()
    with page.expect_download() as download:
        page.get_by_text("Export as Markdown").click()
    assert "## and then?" in Path(download.value.path()).read_text()
    page.get_by_label("Name").fill("My chat")
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("link", name="My chat").click()
    expect(page.locator(".asked")).to_have_text(["hello there", "and then?"])
    assert "chat=" in page.url
    page.locator("#history").click()
    expect(page.locator("#history-list li")).to_have_count(1)


def test_a_link_to_no_conversation_says_so_where_one_sees_it(browser: Browser, url: str) -> None:
    visited = visit(browser, url)
    visited.page.goto(f"{url}/?chat=gone")
    expect(visited.page.get_by_text("There is no conversation 'gone' here")).to_be_visible()
    visited.heard().answered("hello")
    visited.close()


# ---- for everyone ----


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(browser: Browser, url: str, theme: str) -> None:
    found: dict[str, list[str]] = {}
    with _axed(browser, url, theme) as visited:
        page = visited.page
        found["empty"] = violations(page)
        page.locator("#week input").click()
        expect(page.get_by_role("option").first).to_be_visible()
        found["weeks"] = violations(page)
        page.keyboard.press("Escape")
        visited.answered("hello")
        found["ask"] = violations(page)
        visited.answered("unclear")
        found["choices"] = violations(page)
        page.locator("a.cite").first.click()
        expect(page.locator("#peek")).to_be_visible()
        found["source"] = violations(page)
        page.keyboard.press("Escape")
        page.locator("#history").click()
        expect(page.locator("#history-list li")).to_have_count(1)
        page.locator("#history-list summary").click()
        found["history"] = violations(page)
        page.keyboard.press("Escape")
        for name in PAGES:
            reach(page, name)
            if name == "roadmap":
                page.locator("details.block:not([open]) summary").first.click()
            found[name] = violations(page)

    assert found == {place: [] for place in found}


def test_what_gradio_itself_violates_is_what_we_mend(browser: Browser, url: str) -> None:
    """Without our scripts only Gradio's own faults are found; `ui/ACCESSIBILITY.md` names each with its issue."""
    with _axed(browser, url, "light", scripts=False) as visited:
        found = {line.partition(":")[0] for line in violations(visited.page)}

    known = (Path(__file__).parents[3] / "ui" / "ACCESSIBILITY.md").read_text(encoding="utf-8")
    assert found == set(re.findall(r"^\| `([a-z-]+)` \|", known, re.MULTILINE))


@contextmanager
def _axed(browser: Browser, url: str, theme: str, *, scripts: bool = True) -> Generator[Visit]:
    """The chat with axe-core in it."""
    context = person(browser, theme=theme, bypass_csp=True)  # axe is put into the page as a script
    if not scripts:
        context.route("**/main.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    visited = opened(context, url)
    expect(visited.page.locator("#question textarea")).to_be_editable()
    if scripts:  # ours come after what Gradio draws
        expect(visited.page.locator("#chat .examples[role='group']")).to_be_visible()
    axe_in(visited.page)
    yield visited
    visited.close()


def test_the_keyboard_alone_is_enough(tab: Visit) -> None:
    page = tab.page
    tab.anew().answered("hello")

    page.locator("#to-roadmap").focus()
    page.keyboard.press("Enter")
    sheet(page, "roadmap")
    page.locator("details.block summary").first.focus()
    page.keyboard.press("Space")
    expect(page.locator("details.block[open] .resource").first).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.resource') !== null")
    page.locator("#to-ask").focus()
    page.keyboard.press("Enter")
    page.locator("#history").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Search")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#history")).to_be_focused()


def test_text_of_twice_the_size_fits_a_small_window(browser: Browser, url: str) -> None:
    visited = opened(browser.new_context(viewport={"width": 640, "height": 700}), f"{url}/?page=roadmap&week=14")
    page = visited.page
    page.add_style_tag(content="html { font-size: 200% !important }")
    expect(page.locator("details.block[open]")).to_be_visible()
    fits = {"week 14": visited.fits()}
    for name in PAGES:
        reach(page, name)
        fits[name] = visited.fits()
    page.locator("#to-ask").click()
    visited.answered("hello")
    fits["ask"] = visited.fits()
    page.locator("#week input").click()
    page.get_by_role("option", name="I am in week 9", exact=True).click()
    expect(page.locator("#scope")).to_be_visible()
    for label in page.locator("#scope label").all():
        box = label.bounding_box()
        fits[label.inner_text()] = box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 640

    assert fits == dict.fromkeys(fits, True)
    visited.close()


def test_the_week_is_the_learners(browser: Browser, url: str, fake: FakeAssistant) -> None:
    context = person(browser)
    visited = opened(context, url).heard()
    value = next(cookie["value"] for cookie in context.cookies() if cookie["name"] == "roadmap-person")
    name = value.split(".")[0]
    companion = Companion(fake.settings)
    first = fake.roadmap.resources[0].id
    companion.mark(name, first, "", "done", datetime.now(UTC))
    week = companion.week(name, datetime.now(UTC))
    companion.close()

    visited.page.reload()

    expect(visited.page.locator("#week input")).to_have_value(f"I am in week {week}")
    expect(visited.page.locator(".example", has_text=f"week {week}").first).to_be_visible()
    visited.close()
