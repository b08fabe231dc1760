"""The chat in headless Chromium: asking, sources, scope, stopping, editing, judging, and what goes wrong."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from assistant.service import Assistant, Readiness
from corpus.settings import Settings
from tests.fakes import FakeAssistant, running
from tests.visiting import Visit, chromium, opened, person, visit
from ui.chat import events
from ui.web.api import create_app

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),  # Gradio's own use of pandas
]

ZERO_TO_HERO = "https://www.youtube.com/playlist?list=PLjJh1vlSEYgv3u2khHca7g0q0_zyFtx9c"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The assistant without an index: roadmap questions work."""
    with running(create_app(Assistant(Settings(data=tmp_path_factory.mktemp("data"))))) as url:
        yield url


@pytest.fixture(scope="module")
def fake(tmp_path_factory: pytest.TempPathFactory) -> FakeAssistant:
    return FakeAssistant(settings=Settings(data=tmp_path_factory.mktemp("data")))


@pytest.fixture(scope="module")
def faked(fake: FakeAssistant) -> Iterator[str]:
    with running(create_app(fake)) as url:  # type: ignore[arg-type]
        yield url


@pytest.fixture(scope="module")
def real_tabs(browser: Browser, real: str) -> Iterator[dict[str, Visit]]:
    """Two pages that stay open: loading one takes longer than most tests."""
    tabs = {"desktop": visit(browser, real), "phone": visit(browser, real, "phone", "dark", has_touch=True)}
    yield tabs
    for tab in tabs.values():
        tab.close()


@pytest.fixture(scope="module")
def faked_tab(browser: Browser, faked: str) -> Iterator[Visit]:
    visited = visit(browser, faked, permissions=["clipboard-read", "clipboard-write"])
    yield visited
    visited.close()


@pytest.fixture
def chat(faked_tab: Visit) -> Visit:
    """An empty chat with the stand-in, on a page that stays open."""
    return faked_tab.anew()


# ---- asking ----


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_typed_question_is_answered_with_a_link_to_its_source(real_tabs: dict[str, Visit], size: str) -> None:
    visited = real_tabs[size].anew()
    page = visited.page

    visited.answered("what should I do in week 14?")

    answer = page.locator(".answer:not(.draft)")
    expect(answer).to_contain_text("Zero to Hero")
    expect(answer.locator(".about")).to_contain_text("Read from the roadmap, weeks 13–16")
    link = page.locator(".card > a").first
    assert link.get_attribute("href") == ZERO_TO_HERO
    assert link.get_attribute("target") == "_blank"
    assert "noopener" in (link.get_attribute("rel") or "")
    assert page.locator("footer").count() == 0
    assert visited.fits()
    assert visited.other_hosts() == set()
    assert visited.errors() == []


WORDS_IN_PIECES = """() => [...document.querySelectorAll(".answer td, .answer th")].filter((cell) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return /^\\w+$/.test(cell.textContent.trim()) && new Set([...range.getClientRects()].map((r) => r.top)).size > 1;
}).map((cell) => cell.textContent)"""


def test_a_table_on_a_phone_scrolls_and_breaks_no_word(real_tabs: dict[str, Visit]) -> None:
    visited = real_tabs["phone"].anew()

    visited.answered("compare fast.ai and the Coursera deep learning specialization")

    expect(visited.page.locator(".answer td", has_text="Weeks").first).to_be_visible()
    assert visited.page.evaluate(WORDS_IN_PIECES) == []
    assert visited.fits()


def test_the_answer_is_read_from_its_beginning(real_tabs: dict[str, Visit]) -> None:
    visited = real_tabs["phone"].anew()

    for question in ("what should I do in week 14?", "what should I do in week 25?"):
        visited.answered(question)
        expect(visited.page.locator(".asked").last).to_have_text(question)

    expect(visited.page.locator(".asked").last).to_be_in_viewport()


def test_a_question_offered_next_is_really_answered(real_tabs: dict[str, Visit]) -> None:
    visited = real_tabs["desktop"].anew()
    page = visited.page
    visited.answered("what should I do in week 14?")
    offered = page.locator(".next .ask")
    words = offered.first.inner_text()

    offered.first.click()

    expect(page.locator(".asked").last).to_have_text(words)
    expect(page.locator("#chat .actions")).to_have_count(2)
    assert page.locator(".abstained").count() == 0


def test_an_example_is_asked_by_a_click_and_fits_the_week(real_tabs: dict[str, Visit]) -> None:
    page = real_tabs["desktop"].anew().page
    assert page.locator(".example").count() == 6
    page.locator("#week input").click()
    page.get_by_role("option", name="I am in week 9", exact=True).click()
    expect(page.locator("#scope")).to_be_visible()

    page.locator(".example", has_text="week 9").first.click()

    expect(page.locator(".asked")).to_contain_text("week 9")
    expect(page.locator(".answer .actions")).to_be_visible()


# ---- sources ----


def test_a_marker_shows_its_source_by_hover_and_by_keyboard(chat: Visit) -> None:
    page, peek = chat.page, chat.page.locator("#peek")
    chat.answered("hello")
    marker = page.locator("a.cite").first

    marker.hover()
    expect(peek).to_be_visible()
    expect(peek).to_contain_text("Page")
    expect(peek).to_contain_text("fetched 1 October 2026")
    expect(peek.locator("mark")).to_contain_text("a quoted <b>sentence</b>")
    expect(peek.locator("blockquote")).to_contain_text("Said after it.")
    expect(peek.get_by_role("link")).to_have_attribute("href", "https://page.example/a?x=1&y=2")
    peek.hover()
    page.wait_for_timeout(400)
    expect(peek).to_be_visible()
    page.mouse.move(5, 5)
    expect(peek).to_be_hidden()

    marker.focus()
    page.keyboard.press("Enter")
    expect(peek).to_be_visible()
    page.keyboard.press("Tab")
    assert peek.evaluate("peek => peek.contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(peek).to_be_hidden()
    expect(marker).to_be_focused()


def test_a_tapped_source_stays_while_one_scrolls_until_it_is_put_away(browser: Browser, faked: str) -> None:
    visited = visit(browser, faked, "phone", has_touch=True)
    page, peek = visited.page, visited.page.locator("#peek")
    visited.answered("hello")
    marker = page.locator("a.cite").first
    for put_away in (
        lambda: page.locator("#chat .asked").tap(),
        lambda: page.keyboard.press("Escape"),
        marker.tap,
    ):
        page.locator("#chat .bubble-wrap").evaluate("it => { it.scrollTop = 0 }")
        marker.tap()
        expect(peek.locator("mark")).to_be_in_viewport()

        scrolled = page.locator("#chat .bubble-wrap").evaluate("it => (it.scrollTop = 30, it.scrollTop)")
        page.wait_for_timeout(100)
        assert scrolled > 0
        expect(peek).to_be_visible()

        put_away()
        expect(peek).to_be_hidden()
    visited.close()


def test_one_click_searches_narrower_or_wider_in_the_same_place(chat: Visit) -> None:
    page = chat.page
    chat.answered("hello")
    about = page.locator(".about")
    expect(about).to_contain_text("Understood as week 14 · Searched all pages · may help")

    about.get_by_role("button", name="Only week 16", exact=True).click()

    expect(page.locator(".about")).to_contain_text("Searched week 16")
    chat.ready()
    page.locator(".about").get_by_role("button", name="Search all pages").click()
    expect(page.locator(".about")).to_contain_text("Searched all pages")
    expect(page.locator(".asked")).to_have_count(1)
    page.get_by_text("Timings").click()
    expect(page.locator(".timings dl")).to_contain_text("12.5 ms")


# ---- an answer's buttons ----


def test_a_question_is_changed_and_asked_again_in_its_place(chat: Visit) -> None:
    page = chat.page
    for question in ("first", "second", "third"):
        chat.answered(question)

    page.locator(".act.edit").nth(1).click()
    expect(page.locator("#editing")).to_contain_text("Changing question 2")
    expect(page.locator("#question textarea")).to_have_value("second")
    page.locator("#editing button").click()
    page.locator(".act.edit").nth(1).click()
    chat.ask("another")

    expect(page.locator(".asked")).to_have_text(["first", "another"])
    chat.ready()
    expect(page.locator("#editing")).to_have_count(0)
    before = page.locator("#chat .actions .again").last.element_handle()
    page.locator("#chat .actions .again").last.click()
    before.wait_for_element_state("hidden")
    page.locator("#chat .actions").nth(1).wait_for()
    expect(page.locator(".asked")).to_have_text(["first", "another"])
    chat.ready()


def test_an_answer_is_copied_judged_and_saved(chat: Visit, fake: FakeAssistant) -> None:
    page = chat.page
    chat.answered("hello")

    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied as Markdown.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("The page says **so** [1]")
    assert r"[1] A \<i>page\</i> (page, fetched 2026-10-01): <https://page.example/a?x=1&y=2>" in copied

    page.get_by_role("button", name="Not helpful").click()
    page.keyboard.type("I wanted the week")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Thank you")).to_be_visible()
    records = (fake.settings.data / "feedback.jsonl").read_text().splitlines()
    assert json.loads(records[-1])["expectation"] == "I wanted the week"
    page.get_by_role("button", name="Helpful", exact=True).click()
    expect(page.get_by_text("Thank you")).to_be_visible()

    page.get_by_role("button", name="Save as card").click()
    expect(page.get_by_text("it comes up under Today")).to_be_visible()
    page.locator("#to-today").click()
    expect(page.locator("#sheet-today #review")).to_contain_text("hello")


def test_what_is_written_beside_an_answer_stays_when_its_next_questions_come(
    chat: Visit, fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, page = threading.Event(), chat.page
    monkeypatch.setattr(events, "next_questions", lambda *_: ("And after that?",) if found.wait(60) else ())
    chat.answered("hello")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied as Markdown.")).to_be_visible()
    page.get_by_role("button", name="Not helpful").click()
    page.keyboard.type("I wanted ")

    found.set()
    expect(page.get_by_role("button", name="And after that?")).to_be_visible()

    expect(page.get_by_text("Copied as Markdown.")).to_be_visible()
    page.keyboard.type("the week")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Thank you")).to_be_visible()
    records = (fake.settings.data / "feedback.jsonl").read_text().splitlines()
    assert json.loads(records[-1])["expectation"] == "I wanted the week"


def test_stop_ends_the_answer_and_says_so(chat: Visit, fake: FakeAssistant) -> None:
    fake.closed.clear()
    page = chat.page
    chat.ask("slow")
    expect(page.locator(".draft")).to_contain_text("tick 3")

    page.locator("#question button", has_text="Stop").click()

    expect(page.locator(".bot.message").last).to_contain_text("Stopped")
    expect(page.locator(".bot.message").last).to_contain_text("tick 3")
    assert fake.closed.wait(2)
    chat.answered("hello")
    page.reload()
    expect(page.locator(".asked")).to_have_text(["slow", "hello"])
    expect(page.locator(".answer").first).to_contain_text("was not finished")


def test_closing_the_page_ends_the_answer(browser: Browser, faked: str, fake: FakeAssistant) -> None:
    fake.closed.clear()
    visited = visit(browser, faked)
    visited.ask("slow")
    expect(visited.page.locator(".draft")).to_contain_text("tick")

    visited.close()

    assert fake.closed.wait(2)


def test_what_is_asked_back_is_chosen_by_a_click_or_the_keyboard(chat: Visit) -> None:
    page = chat.page
    chat.answered("unclear")
    expect(page.get_by_role("heading", name="Choose one")).to_be_attached()
    choices = page.locator(".choices").get_by_role("button")
    expect(choices).to_have_text(["The <b>first</b>", 'The "second"', "Search the pages"])
    expect(page.locator("#chat :is(.abstained, .next)")).to_have_count(0)

    choices.nth(1).focus()
    page.keyboard.press("Enter")

    expect(page.locator(".asked").last).to_have_text('hello "second" <i>one</i>')
    page.locator("#chat .actions").nth(1).wait_for()
    chat.ready()
    choices.first.click()
    expect(page.locator(".asked").last).to_have_text("hello first")
    page.locator("#chat .actions").nth(2).wait_for()
    chat.ready()
    assert chat.other_hosts() == set()


def test_what_was_written_is_taken_back_by_a_button_while_it_is_the_last_thing(
    chat: Visit, fake: FakeAssistant
) -> None:
    page = chat.page
    undo = page.get_by_role("button", name="Undo", exact=True)
    chat.answered("I finished it")
    expect(undo).to_have_count(1)

    chat.answered("hello")
    expect(undo).to_have_count(0)

    chat.answered("I finished another")
    undo.click()
    expect(page.locator(".asked").last).to_have_text("undo that")
    page.locator("#chat .actions").nth(3).wait_for()
    chat.ready()
    assert "undo that" in [message.text for message in fake.messages]


# ---- what goes wrong ----


@pytest.mark.parametrize("question", ["unready", "crash"])
def test_an_error_is_said_in_the_chat_with_a_way_on(chat: Visit, question: str) -> None:
    page = chat.page

    chat.ask(question)

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("roadmap ingest" if question == "unready" else "Something went wrong")
    assert "secret" not in page.content()
    chat.ready()
    chat.answered("hello")
    expect(page.locator(".answer").last).to_contain_text("The page says so")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied as Markdown.")).to_be_visible()
    page.get_by_role("button", name="Ask again").first.click()
    expect(page.locator(".asked")).to_have_count(1)
    expect(alert).to_be_visible()


def test_an_answer_that_no_longer_comes_says_so(browser: Browser, tmp_path: Path) -> None:
    fake = FakeAssistant(settings=Settings(data=tmp_path))
    with running(create_app(fake)) as url:  # type: ignore[arg-type]
        visited = visit(browser, url)
        visited.ask("slow")
        expect(visited.page.locator(".draft")).to_contain_text("tick")

    visited.page.clock.set_fixed_time(datetime.now() + timedelta(minutes=1))
    expect(visited.page.get_by_role("alert").first).to_contain_text("cannot be reached")
    visited.close()


def test_while_the_model_loads_a_line_says_so_and_without_pages_what_answers(browser: Browser, tmp_path: Path) -> None:
    loading = FakeAssistant(
        settings=Settings(data=tmp_path), ready=Readiness(False, True, "the search model is still loading")
    )
    with running(create_app(loading)) as url:  # type: ignore[arg-type]
        visited = visit(browser, url)
        status = visited.page.locator(".status")
        expect(status).to_contain_text("roadmap questions already work")
        visited.answered("hello")

        loading.ready = Readiness(True, False, "", "g1", 10, 0)
        expect(status).to_have_text(
            "Answers come from the roadmap and our notes; no pages of the resources are stored here"
        )
        visited.page.reload()
        loading.ready = Readiness(True, False, "", "g1", 10, 3)
        visited.page.reload()
        expect(status).to_have_text("3 pages indexed")
        visited.close()


# ---- safety ----


def test_a_new_chat_is_empty_and_two_browsers_never_mix(browser: Browser, faked: str, chat: Visit) -> None:
    first, second = chat, visit(browser, faked)
    first.answered("hello from the first")
    second.answered("hello from the second")

    assert second.page.locator(".asked").all_inner_texts() == ["hello from the second"]
    first.page.locator("#new-chat").click()
    expect(first.page.locator(".asked")).to_have_count(0)
    expect(second.page.locator(".asked")).to_have_count(1)
    second.close()


def test_two_tabs_of_one_conversation_lose_nothing_of_each_other(browser: Browser, faked: str) -> None:
    context = person(browser)
    one = opened(context, faked)
    one.answered("first")
    other = opened(context, one.page.url)
    expect(other.page.locator(".asked")).to_have_text(["first"])

    one.answered("asked in one")
    other.ask("asked in the other")

    asked = ["first", "asked in one", "asked in the other"]
    expect(other.page.locator(".asked")).to_have_text(asked)
    other.ready()
    assert str(other.page.locator("#chat .actions").last.get_attribute("id")).endswith("-2")
    other.page.locator("#chat .actions .again").first.click()
    expect(other.page.locator(".asked")).to_have_text(["first"])
    other.ready()
    one.ask("last")
    expect(one.page.locator(".asked")).to_have_text(["first", "last"])
    context.close()


def test_nothing_in_an_answer_becomes_markup_or_a_request(chat: Visit) -> None:
    page = chat.page

    chat.answered("hostile <img src=http://asked.example/x.png> ![x](http://asked.example/y.png)")
    page.locator("a.cite").first.click()
    expect(page.locator("#peek")).to_be_visible()
    page.locator("#history").click()
    expect(page.locator("#history-list")).to_contain_text("hostile <img")

    page.wait_for_timeout(300)
    assert chat.other_hosts() == set()
    assert page.locator(":is(#chat, #drawer) :is(img, script, iframe, i, b)").count() == 0
    assert {a.get_attribute("href") for a in page.locator("#chat a:not(.cite)").all()} == {
        "https://page.example/a?x=1&y=2"
    }


def test_the_api_documentation_is_drawn_without_another_host(browser: Browser, faked: str) -> None:
    visited = opened(browser.new_context(), f"{faked}/docs")

    expect(visited.page.get_by_text("/api/v1/ask").first).to_be_visible()
    assert visited.other_hosts() == set()
    visited.close()
