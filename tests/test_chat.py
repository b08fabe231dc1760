"""The chat page in headless Chromium, at desktop and phone width, in both themes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from assistant.engine import Assistant, Readiness
from assistant.values import Answer, Citation, Part
from corpus.settings import Settings
from tests.fakes import FakeAssistant, running
from ui.api import create_app
from ui.markup import answer_html

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),  # Gradio's own use of pandas
]

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
ZERO_TO_HERO = "https://www.youtube.com/playlist?list=PLjJh1vlSEYgv3u2khHca7g0q0_zyFtx9c"
SIZES = {"desktop": (1280, 860), "phone": (390, 844)}
WAIT = 30_000


@dataclass
class Visit:
    """A page with a list of what it asked for and what it complained about."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def ask(self, question: str) -> None:
        box = self.page.locator("#question textarea")
        box.fill(question)
        box.press("Enter")

    def other_hosts(self) -> set[str]:
        return {url for url in self.requests if urlsplit(url).hostname not in {"127.0.0.1", None}}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(create_app(Assistant(Settings(data=tmp_path_factory.mktemp("data"))))) as url:
        yield url


@pytest.fixture(scope="module")
def fake() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture(scope="module")
def faked(fake: FakeAssistant) -> Iterator[str]:
    with running(create_app(fake)) as url:  # type: ignore[arg-type]
        yield url


def visit(browser: Browser, url: str, size: str = "desktop", theme: str = "light") -> Visit:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)  # type: ignore[arg-type]
    visited = Visit(context.new_page())
    visited.page.on("request", lambda request: visited.requests.append(request.url))
    visited.page.on("console", lambda message: visited.complaints.append(f"{message.type}: {message.text}"))
    visited.page.on("pageerror", lambda error: visited.complaints.append(f"error: {error}"))
    visited.page.set_default_timeout(WAIT)
    visited.page.goto(url)
    expect(visited.page.locator("#question textarea")).to_be_editable(timeout=WAIT)
    return visited


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_typed_question_is_answered_with_a_link_to_its_source(
    browser: Browser, real: str, size: str, theme: str
) -> None:
    visited = visit(browser, real, size, theme)
    page = visited.page

    visited.ask("what should I do in week 14?")

    answer = page.locator(".answer:not(.draft)")
    expect(answer).to_contain_text("Zero to Hero", timeout=WAIT)
    expect(answer).to_contain_text("13–16")
    link = page.locator(".card a").first
    assert link.get_attribute("href") == ZERO_TO_HERO
    assert link.get_attribute("target") == "_blank"
    assert "noopener" in (link.get_attribute("rel") or "")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert visited.other_hosts() == set()
    assert [text for text in visited.complaints if text.startswith("error")] == []
    page.context.close()


def test_the_answer_is_read_from_its_beginning(browser: Browser, real: str) -> None:
    visited = visit(browser, real, "phone")

    for question in ("what should I do in week 14?", "what should I do in week 25?"):
        visited.ask(question)
        expect(visited.page.locator(".asked").last).to_have_text(question)
        expect(visited.page.locator(".sources").last).to_be_attached()

    expect(visited.page.locator(".asked").last).to_be_in_viewport()
    visited.page.context.close()


def test_a_marker_leads_to_its_quote(browser: Browser, real: str) -> None:
    page = (visited := visit(browser, real, "phone")).page
    visited.ask("what should I do in week 14?")
    expect(page.locator(".sources")).to_be_attached()
    marker = page.locator(".cite").last

    marker.click()

    quote = page.locator(".quote.shown")
    expect(quote).to_be_in_viewport()
    expect(quote.locator(".number")).to_have_text(marker.inner_text())
    page.context.close()


def test_an_example_is_asked_by_a_click_and_fits_the_week(browser: Browser, real: str) -> None:
    page = visit(browser, real).page
    page.locator("#week input").click()
    page.get_by_role("option", name="I am in week 9", exact=True).click()
    expect(page.locator("#scope")).to_be_visible()
    example = page.locator(".example", has_text="week 9").first

    example.click()

    expect(page.locator(".asked")).to_contain_text("week 9")
    expect(page.locator(".answer:not(.draft)")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("question", ["unready", "crash"])
def test_an_error_is_said_in_the_chat_and_the_next_question_works(browser: Browser, faked: str, question: str) -> None:
    page = (visited := visit(browser, faked)).page

    visited.ask(question)

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("roadmap ingest" if question == "unready" else "Something went wrong")
    assert "secret" not in page.content()
    expect(page.locator("#question button", has_text="Ask")).to_be_visible()
    visited.ask("hello")
    expect(page.locator(".answer:not(.draft)").last).to_contain_text("The page says so")
    page.context.close()


def test_stop_ends_the_answer_and_says_so(browser: Browser, faked: str, fake: FakeAssistant) -> None:
    fake.closed.clear()
    page = (visited := visit(browser, faked)).page
    visited.ask("slow")
    expect(page.locator(".draft")).to_contain_text("tick 3")

    page.locator("#question button", has_text="Stop").click()

    expect(page.locator(".bot.message").last).to_contain_text("Stopped")
    expect(page.locator(".bot.message").last).to_contain_text("tick 3")
    assert fake.closed.wait(2)
    visited.ask("hello")
    expect(page.locator(".answer:not(.draft)").last).to_contain_text("The page says so")
    page.context.close()


def test_closing_the_page_ends_the_answer(browser: Browser, faked: str, fake: FakeAssistant) -> None:
    fake.closed.clear()
    visited = visit(browser, faked)
    visited.ask("slow")
    expect(visited.page.locator(".draft")).to_contain_text("tick")

    visited.page.context.close()

    assert fake.closed.wait(2)


def test_a_new_chat_is_empty_and_two_pages_never_mix(browser: Browser, faked: str) -> None:
    first, second = visit(browser, faked), visit(browser, faked)
    first.ask("hello from the first")
    expect(first.page.locator(".sources")).to_be_visible()
    second.ask("hello from the second")
    expect(second.page.locator(".sources")).to_be_visible()

    assert second.page.locator(".asked").all_inner_texts() == ["hello from the second"]
    first.page.locator("#new-chat").click()
    expect(first.page.locator(".asked")).to_have_count(0)
    expect(second.page.locator(".asked")).to_have_count(1)
    first.page.context.close()
    second.page.context.close()


def test_nothing_in_an_answer_becomes_markup_or_a_request(browser: Browser, faked: str) -> None:
    page = (visited := visit(browser, faked)).page

    visited.ask("hostile <img src=http://asked.example/x.png> ![x](http://asked.example/y.png)")

    expect(page.locator(".sources")).to_be_visible()
    page.wait_for_timeout(500)
    assert visited.other_hosts() == set()
    assert page.locator("#chat :is(img, script, iframe, i, b)").count() == 0
    assert {a.get_attribute("href") for a in page.locator("#chat a:not(.cite)").all()} == {
        "https://page.example/a?x=1&y=2"
    }
    page.context.close()


def test_while_the_model_loads_the_header_says_so(browser: Browser, tmp_path: object) -> None:
    loading = FakeAssistant(ready=Readiness(False, True, "the search model is still loading"))
    with running(create_app(loading)) as url:  # type: ignore[arg-type]
        page = visit(browser, url).page
        expect(page.locator(".status")).to_contain_text("roadmap questions already work")

        loading.ready = Readiness(True, False, "", "g1", 10, 3)

        expect(page.locator(".status")).to_have_text("3 pages indexed")
        page.context.close()


def test_the_api_documentation_is_drawn_without_another_host(browser: Browser, faked: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))

    page.goto(f"{faked}/docs")

    expect(page.get_by_text("/api/v1/ask").first).to_be_visible(timeout=WAIT)
    assert {urlsplit(url).hostname for url in requests} <= {"127.0.0.1", None}
    context.close()


# ---- the markup by itself ----


def test_the_quotes_of_one_source_share_a_card() -> None:
    citations = tuple(
        Citation(n, "roadmap", "Roadmap, weeks 1–2", "https://a.example/" if n > 1 else "", f"quote {n}")
        for n in (1, 2, 3)
    )

    html = answer_html(Answer("q", (Part("roadmap", "One [1], three [3]."),), citations), "x")

    assert html.count("<article") == 1
    assert html.count('class="quote"') == 3
    assert 'href="#source-x-3"' in html


def test_code_with_blank_lines_stays_on_one_line_of_html() -> None:
    html = answer_html(Answer("q", (Part("page", "```\na\n\n\nb\n```"),)), "x")

    assert "\n" not in html
    assert "a&#10;&#10;&#10;b" in html
