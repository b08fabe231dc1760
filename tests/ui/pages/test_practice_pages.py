"""Today, Practice and Progress in headless Chromium: one card at a time, the keys, the day's end, a quiz, own cards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.visiting import AXE, Visit, axe_in, opened, person, violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),  # Gradio's own use of pandas
]

LINUX = "linux-cli-refresher"


@pytest.fixture
def tab(browser: Browser, url: str) -> Iterator[Visit]:
    """A new person who began three weeks ago, has read one part of six, and saved a card."""
    context = person(browser, bypass_csp=True)  # axe is put into the page as a script
    start = (datetime.now(UTC).date() - timedelta(weeks=3)).isoformat()
    for path, body in (
        ("settings", {"start": start, "hours": 10}),
        ("progress", {"resource": LINUX, "unit": "pipes", "status": "done"}),
        ("cards", {"question": "How do I merge?", "answer": "So:\n\n```\na.merge(b)\n```"}),
    ):
        context.request.post(f"{url}/api/v1/{path}", data=body, fail_on_status_code=True)
    visited = opened(context, f"{url}/?page=today")
    expect(visited.page.locator("#sheet-today")).to_be_visible()
    yield visited
    visited.close()


def scrolled(page: Page) -> float:
    return float(page.evaluate("document.querySelector('#host').scrollTop"))


def test_cards_are_reviewed_one_by_one_with_the_keys_and_the_page_stays(tab: Visit) -> None:
    page, review = tab.page, tab.page.locator("#review")
    expect(review).to_contain_text("5 cards left")
    expect(page.locator(".asks")).to_have_count(1)
    question = page.locator(".asks").inner_text()
    review.scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#host').scrollTop = 120")
    at = scrolled(page)

    page.keyboard.press("3")  # the answer is hidden: nothing is graded
    page.keyboard.press("Space")
    expect(page.locator("#grade-again")).to_have_text("1 Again: in 1 minute")
    expect(page.locator("#grade-easy")).to_contain_text("days, on")
    page.keyboard.press("4")

    expect(review).to_contain_text("4 cards left")
    expect(review).to_contain_text("Easy: it comes back in")
    expect(page.locator(".asks")).not_to_have_text(question)
    expect(page.locator("#grade-again")).to_be_hidden()
    expect(page.locator("#review-show")).to_be_focused()
    assert scrolled(page) == at
    page.keyboard.press("Space")
    page.keyboard.press("1")
    expect(review).to_contain_text("4 cards left")  # it comes back today
    assert not tab.errors()


def test_the_day_ends_and_a_little_more_is_a_choice(tab: Visit, url: str) -> None:
    page, day = tab.page, tab.page.locator("#for-today")
    expect(day).to_contain_text("60 minutes of study are behind you today.")
    body = {"resource": LINUX, "unit": "scripts", "status": "done"}
    page.context.request.post(f"{url}/api/v1/progress", data=body, fail_on_status_code=True)
    page.reload()
    expect(day).to_contain_text("Done for today: 180 minutes of study.")
    expect(day.locator("li")).to_have_count(0)

    day.get_by_role("button", name="15 more minutes").click()

    expect(day.locator("li")).to_have_count(1)
    expect(page.locator("#sheet-today .lead")).to_contain_text("behind it")


def test_a_quiz_is_answered_by_keys_and_ends_with_its_result(tab: Visit) -> None:
    page, quiz = tab.page, tab.page.locator("#quiz")
    page.get_by_role("link", name="Quiz me, and my cards").click()
    page.get_by_label("About").select_option("python-for-data-analysis")
    page.get_by_role("button", name="Start").click()
    expect(quiz).to_contain_text("Question 1 of 5")
    for number in range(2, 6):
        asked = quiz.get_by_text(f"Question {number} of 5")
        if page.locator("#option-a").count():
            page.keyboard.press("a")
        else:
            page.locator("#quiz-skip").click()
            expect(asked.or_(page.locator("#grade-good"))).to_be_visible()
            if page.locator("#grade-good").count():
                page.keyboard.press("3")
        expect(asked).to_be_focused()
    page.locator("#quiz-stop").click()
    expect(quiz).to_contain_text("of 4 right")
    assert not tab.errors()


def test_a_card_is_changed_suspended_and_exported(tab: Visit, url: str) -> None:
    page, cards = tab.page, tab.page.locator("#cards")
    page.goto(f"{url}/?page=practice")
    expect(cards).to_contain_text("5 of 5 come up")
    cards.get_by_text("How do I merge?").first.click()
    cards.get_by_role("textbox", name="Question").fill("How do I join?")
    page.get_by_role("button", name="Save the card").click()
    expect(cards).to_contain_text("The card is changed.")
    cards.get_by_text("How do I join?").first.click()
    page.get_by_role("button", name=re.compile("Suspend +How do I join?")).click()
    expect(cards).to_contain_text("4 of 5 come up")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download for Anki").click()
    assert download.value.suggested_filename == "roadmap-cards.apkg"
    page.get_by_role("button", name="Undo").click()
    expect(cards).to_contain_text("5 of 5 come up")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_everything_fits_a_phone(tab: Visit, url: str, theme: str) -> None:
    page = tab.page
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": 390, "height": 800})
    found: dict[str, list[str]] = {}
    for name in ("today", "practice", "progress"):
        page.goto(f"{url}/?page={name}")
        expect(page.locator(f"#sheet-{name}")).to_be_visible()
        for fold in page.locator("details.fold > summary").all():
            if fold.is_visible():
                fold.click()
        assert tab.fits(), name
        if AXE.is_file():
            axe_in(page)
            found[name] = violations(page)
    assert page.locator("picture img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert found == {place: [] for place in found}
