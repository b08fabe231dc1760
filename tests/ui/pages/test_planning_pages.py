"""From the first screen to a plan, in headless Chromium: the preview, the plan, settings that hold, the chat's week."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.visiting import Visit, opened, visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),  # Gradio's own use of pandas
]
BOXES = (
    '[document.activeElement, document.querySelector("#start-preview .short")]'
    ".map(it => it.getBoundingClientRect().toJSON())"
)
"""Where what has the focus stands, and where the preview does."""
TODAY = datetime.now(UTC).date()


@pytest.fixture(scope="module")
def tab(browser: Browser, url: str) -> Iterator[Visit]:
    """A person's page, which goes through the tests in their order."""
    visited = visit(browser, url)
    yield visited
    visited.close()


def test_a_newcomer_starts_a_plan_from_the_first_screen(tab: Visit) -> None:
    page = tab.page
    expect(page.locator(".welcome")).to_contain_text("Senior AI/ML Developer Roadmap")
    expect(page.locator(".welcome")).to_contain_text("48 weeks")

    page.get_by_role("link", name="Start my plan").click()
    preview = page.locator("#start-preview")
    expect(preview).to_contain_text("116 weeks")
    expect(preview).to_contain_text("Why not 48 weeks?")
    page.get_by_label("Hours a week").fill("16")
    expect(preview).to_contain_text("58 weeks")
    page.get_by_label("Hours a week").fill("200")
    expect(preview).to_contain_text("200 hours a week cannot be planned with: give 0.5 to 100 hours.")
    page.get_by_label("Done by").fill((TODAY + timedelta(days=500)).isoformat())
    expect(page.get_by_label("From the day to be done")).to_be_checked()
    expect(preview.get_by_role("heading", level=3)).to_have_text("71 weeks")
    page.locator("#sheet-start .knows summary").first.click()
    page.get_by_label("Quick Python & environment setup").check()
    page.locator("#start-go").click()

    expect(page.locator("#sheet-plan")).to_be_visible()
    assert page.url.endswith("?page=plan")
    assert [error for error in tab.errors() if "422" not in error] == []  # the hours that were refused
    assert tab.other_hosts() == set()


def test_on_a_phone_what_comes_of_the_answers_is_seen_and_covers_no_field(browser: Browser, url: str) -> None:
    tab = opened(browser.new_context(viewport={"width": 390, "height": 740}), f"{url}/?page=start")
    page, short = tab.page, tab.page.locator("#start-preview .short")
    page.get_by_label("Hours a week").fill("16")
    expect(short).to_contain_text("58 weeks")

    page.get_by_label("First day").focus()
    reached = set[str]()
    while (name := page.evaluate("document.activeElement.id || document.activeElement.name || ''")) != "start-go":
        field, shown = page.evaluate(BOXES)
        assert field["bottom"] <= shown["top"], name
        assert 0 < shown["top"] < shown["bottom"] <= 740
        reached.add(name)
        page.keyboard.press("Tab")
    assert {"start", "hours", "prefer", "free_only"} <= reached
    assert tab.fits()
    tab.close()


def test_the_plan_is_moved_paused_and_taken_back(tab: Visit) -> None:
    page = tab.page
    expect(page.locator(".timeline .line .today")).to_be_attached()
    page.get_by_role("button", name="One week later").click()
    expect(page.locator(".said")).to_contain_text("Moved a week later.")
    expect(page.locator(".pauses li")).to_have_count(1)
    page.locator("#undo-plan").click()
    expect(page.locator(".pauses li")).to_have_count(0)

    for name in ("later", "earlier"):
        page.get_by_role("button", name=f"One week {name}").click()
        expect(page.locator(".said")).to_contain_text(f"Moved a week {name}.")
    page.get_by_role("button", name="One week earlier").click()
    expect(page.locator("#moving .said-here")).to_contain_text("no pause ahead")
    expect(page.locator(".said")).to_have_count(0)

    page.get_by_label("until").fill((TODAY + timedelta(days=3)).isoformat())
    page.get_by_role("button", name="Add a pause").click()
    expect(page.locator(".pauses li")).to_have_count(1)
    expect(page.locator("#sheet-plan .lead")).to_contain_text("Nothing new until")
    page.get_by_role("button", name="Go on today").click()
    expect(page.locator(".said")).to_contain_text("Your plan goes on today.")

    page.get_by_role("button", name="Make a private address").click()
    expect(page.get_by_label("Private address")).to_have_value(r := page.get_by_label("Private address").input_value())
    assert r.startswith("webcal://127.0.0.1")


def test_on_paper_there_is_the_whole_plan_and_nothing_to_press(tab: Visit) -> None:
    page = tab.page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("#moving")).to_be_hidden()
    expect(page.locator(".places")).to_be_hidden()
    expect(page.locator(".dated details:not([open])")).to_have_count(0)
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height > 3_000
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")


def test_the_week_of_the_chat_is_kept_and_every_page_follows(tab: Visit) -> None:
    page = tab.page
    page.locator("#to-ask").click()
    expect(page.locator(".welcome")).to_contain_text("What do you want to learn next?")
    page.locator("#week input").click()
    page.get_by_role("option", name="I am in week 14", exact=True).click()
    expect(page.locator("#scope")).to_be_visible()

    page.reload()
    expect(page.locator("#week input")).to_have_value("I am in week 14")
    page.locator("#to-roadmap").click()
    expect(page.locator("#overall")).to_contain_text("Your work has reached week 14.")
    page.locator("#to-today").click()
    expect(page.locator(".next-up")).to_contain_text("Neural Networks")
    page.locator("#to-settings").click()
    expect(page.get_by_label("I am in week")).to_have_value("14")

    page.get_by_label("I am in week").fill("21")
    page.get_by_role("button", name="Save the plan").click()
    expect(page.locator(".said")).to_contain_text("Saved.")
    page.locator("#to-ask").click()
    expect(page.locator("#week input")).to_have_value("I am in week 21")


def test_the_theme_holds_on_all_pages_and_after_a_reload(tab: Visit) -> None:
    page = tab.page
    page.locator("#to-settings").click()
    page.get_by_label("Dark").check()
    expect(page.locator("body.dark")).to_be_attached()
    page.reload()
    expect(page.locator("body.dark")).to_be_attached()
    expect(page.get_by_label("Dark")).to_be_checked()
    page.get_by_label("As this device").check()
    expect(page.locator("body:not(.dark)")).to_be_attached()


def test_data_is_exported_deleted_after_a_second_question_and_imported(tab: Visit, tmp_path: Path) -> None:
    page = tab.page
    with page.expect_download() as download:
        page.get_by_role("link", name="Export").click()
    saved = tmp_path / "export.json"
    download.value.save_as(saved)
    assert json.loads(saved.read_text())["learner"]["week"] == 21

    page.get_by_text("Delete …").click()
    page.get_by_label("Yes, delete all").check()
    page.locator("#delete-go").click()
    expect(page.locator(".said")).to_contain_text("Deleted.")
    expect(page.get_by_label("I am in week")).to_have_value("")

    (tmp_path / "other.json").write_text("no json")
    for name in ("other.json", "export.json"):
        if page.locator("#import-form").is_hidden():
            page.get_by_text("Import …").click()
        page.locator("#import-form input[type=file]").set_input_files(tmp_path / name)
        page.locator("#import-form").get_by_label("Yes:").check()
        page.get_by_role("button", name="Import the file").click()
        expect(page.locator(".said-here")).to_contain_text("no export" if name == "other.json" else "Imported")
    expect(page.get_by_label("I am in week")).to_have_value("21")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_pages_fit_and_say_so_without_a_plan(browser: Browser, url: str, size: str) -> None:
    visited = visit(browser, url, size)
    page = visited.page
    page.locator("#to-plan").click()
    page.locator("#sheet-plan").get_by_role("link", name="Start my plan").click()
    expect(page.locator("#sheet-start")).to_be_visible()
    fits = {"start": visited.fits()}
    page.locator("#start-go").click()
    for name in ("plan", "settings"):
        page.locator(f"#to-{name}").click()
        expect(page.locator(f"#sheet-{name}")).to_be_visible()
        fits[name] = visited.fits()
    assert fits == dict.fromkeys(fits, True)
    visited.close()
