"""Judging one's own questions on the Quality page: by HTTP with real files, and by the keyboard in Chromium."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path

import anyio
import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.service import Assistant, NotReadyError
from corpus.settings import Settings
from eval.own.adding import FILE
from eval.own.judging import Judgements, Pooled
from eval.own.questions import OwnCase
from eval.own.reading import read_questions
from eval.systems.pooling import POOLED
from tests.fakes import FakeAssistant, running
from tests.visiting import AXE, axe_in, opened, person, violations
from ui.pages import judging
from ui.pages.routes import NOT_OWNER
from ui.sheets.judging import PRESS, START
from ui.web.api import create_app

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")  # Gradio's own use of pandas

TOKEN = "a-token-of-this-start"
OWNER = {"Authorization": f"Bearer {TOKEN}"}
X, Y, Z = "what is x?", "what is y?", "what is z?"
QUESTIONS = f"""\
# mine
{{"question": "{X}"}}
{{"question": "{Y}", "expects": "note:y"}}
{{"question": "{Z}", "id": "z", "type": "hard"}}
"""
PASSAGES = 3
"""Of each question."""


def found(_: Assistant, case: OwnCase) -> tuple[Pooled, ...]:
    """What the search finds, in place of the real one."""
    if "unready" in case.question:
        raise NotReadyError("there is no index yet: run `roadmap ingest`.")
    texts = (f"text {n} of <b>{case.question}</b>\nits second line" for n in range(PASSAGES))
    return tuple(Pooled(case, f"https://a.example/{n}", f"Heading {n}", text) for n, text in enumerate(texts))


@dataclass
class Served:
    """The application and its data folder."""

    app: object
    data: Path

    @property
    def path(self) -> Path:
        return self.data / FILE

    def asked(self, method: str, path: str, body: object = None, *, owner: bool = True) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)  # type: ignore[arg-type]
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                return await client.request(method, path, json=body, headers=OWNER if owner else {})

        return anyio.run(ask)

    def page(self, *, owner: bool = True) -> str:
        response = self.asked("GET", "/pages/quality", owner=owner)
        assert response.status_code == 200
        return response.text

    def grades(self, judge: str = "me") -> dict[str, int]:
        """Question id and the end of the address -> what was kept."""
        kept = Judgements(self.path).grades[judge]
        return {f"{id}/{url[-1]}": grade for (id, url, _), grade in kept.items()}

    def expected(self) -> dict[str, list[tuple[str, int]]]:
        """Question -> the pages that its line expects."""
        cases = read_questions(self.path).checked()
        return {case.question: [(place.url[-1], place.grade) for place in case.expects] for case in cases}


@dataclass
class Tab:
    """A page that is open at the section, and presses its own buttons."""

    served: Served
    judge: str = "me"
    html: str = ""

    def start(self) -> Tab:
        self.html = self._sent(START, {"judge": self.judge})
        return self

    def press(self, keys: str) -> Tab:
        for key in keys:
            self.html = self._sent(PRESS, self.body(key))
        return self

    def body(self, key: str) -> dict[str, str]:
        """What the button of a key sends."""
        (tag,) = re.findall(rf'<button[^>]* id="judge-{key}"[^>]*>', self.html)
        return {name: unescape(value) for name, value in re.findall(r'data-(\w+)="([^"]*)"', tag) if name != "post"}

    @property
    def shown(self) -> tuple[str, str]:
        """The question, and the number of the passage."""
        question = re.search(r'class="asks">(.*?)</p>', self.html)
        number = re.search(r"data-focus>(\d of \d)", self.html)
        assert question
        assert number
        return question[1], number[1]

    def _sent(self, path: str, body: dict[str, str]) -> str:
        response = self.served.asked("POST", f"/{path}", body)
        assert response.status_code == 200, response.text
        return response.text


@pytest.fixture(scope="module")
def fake(tmp_path_factory: pytest.TempPathFactory) -> FakeAssistant:
    return FakeAssistant(settings=Settings(data=tmp_path_factory.mktemp("data")))


@pytest.fixture(scope="module")
def app(fake: FakeAssistant) -> object:
    return create_app(fake, owner=TOKEN)  # type: ignore[arg-type]


@pytest.fixture
def served(app: object, fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """With an index that was just published: nothing of it was searched."""
    fake.ready = replace(fake.ready, generation=f"{fake.ready.generation}+")
    folder = fake.settings.data
    monkeypatch.setattr(judging, "searched", found)
    (folder / FILE).write_text(QUESTIONS)
    yield Served(app, folder)
    for path in folder.glob(f"{FILE}*"):
        path.unlink()


@pytest.fixture
def tab(served: Served) -> Tab:
    return Tab(served)


# ---- the section ----


def test_who_is_not_the_owner_judges_nothing(served: Served, tab: Tab) -> None:
    body = tab.start().body("2")
    for path, sent in ((START, {"judge": "me"}), (PRESS, body)):
        refused = served.asked("POST", f"/{path}", sent, owner=False)
        assert (refused.status_code, refused.json()["error"]) == (403, NOT_OWNER)
    assert served.grades() == {}
    assert "judge-start" in served.page()
    assert "judge-start" not in served.page(owner=False)
    assert "questions have no judgement" not in served.page(owner=False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "press “Add to my evaluation” under an answer, or run <code>roadmap eval add</code>"),
        ("# none yet\n", "press “Add to my evaluation” under an answer, or run <code>roadmap eval add</code>"),
        ("nonsense\n", f"{FILE}, line 1: it is no JSON"),
        ('{"question": "a?", "refuse": true}\n', "Every question has its judgement: nothing is left to judge."),
        (QUESTIONS, "2 of 3 questions have no judgement yet."),
    ],
)
def test_the_section_says_what_waits(served: Served, text: str | None, said: str) -> None:
    served.path.unlink() if text is None else served.path.write_text(text)
    page = served.page()
    assert said in page
    assert ("judge-start" in page) is (text == QUESTIONS)


def test_a_damaged_file_of_judgements_is_told_on_the_page_and_by_the_buttons(served: Served, tab: Tab) -> None:
    body = tab.start().body("2")
    Judgements(served.path).path.write_text("nonsense\n")
    assert f"{FILE}.judgements, line 1: it is no judgement" in served.page()
    for path in (START, PRESS):
        refused = served.asked("POST", f"/{path}", body)
        assert refused.status_code == 422
        assert "line 1: it is no judgement" in refused.json()["error"]


# ---- grading ----


def test_every_grade_is_kept_at_once_and_goes_into_the_file_when_its_question_is_finished(tab: Tab) -> None:
    served = tab.served
    assert tab.start().shown == (X, "1 of 3")
    tab.press("20")
    assert (tab.shown, len(served.grades()), served.expected()[X]) == ((X, "3 of 3"), 2, [])
    tab.press("1")
    assert (tab.shown, served.expected()[X]) == ((Z, "1 of 3"), [("0", 2), ("1", 0), ("2", 1)])
    assert "question 2 of 2" in tab.html
    assert served.expected()[Y] == [("y", 2)]
    assert served.path.read_text().splitlines()[0] == "# mine"


def test_a_passage_is_shown_escaped_with_its_address_and_without_who_found_it(tab: Tab) -> None:
    html = tab.start().html
    assert f"text 0 of &lt;b&gt;{X}&lt;/b&gt;&#10;its second line" in html
    assert 'href="https://a.example/0"' in html
    assert "Heading 0" in html
    assert not [name for name in POOLED if name in html]


@pytest.mark.parametrize("name", ["", "a b", "x" * 41, "<b>"])
def test_a_name_that_cannot_be_a_judges_is_refused(tab: Tab, name: str) -> None:
    body = tab.start().body("2") | {"judge": name}
    for path in (START, PRESS):
        refused = tab.served.asked("POST", f"/{path}", body)
        assert refused.status_code == 422
        assert "cannot name a judge" in refused.json()["error"]
    assert not Judgements(tab.served.path).path.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"passage": "0" * 12}, "no longer found"),
        ({"url": "https://elsewhere.example/"}, "no longer found"),
        ({"case": "gone"}, f"no longer in {FILE}"),
        ({"key": "3"}, "'3' is no grade"),
        ({"key": ""}, "'' is no grade"),
    ],
)
def test_what_was_not_shown_is_not_graded(tab: Tab, changed: dict[str, str], said: str) -> None:
    refused = tab.served.asked("POST", f"/{PRESS}", tab.start().body("2") | changed)
    assert refused.status_code == 422
    assert said in refused.json()["error"]
    assert tab.served.grades() == {}


def test_a_stale_page_grades_what_it_showed(served: Served, tab: Tab) -> None:
    stale = Tab(served).start()
    tab.start().press("20")
    stale.press("1")
    assert list(served.grades().values()) == [0, 1]  # the second passage, then the first one anew
    assert stale.shown == (X, "3 of 3")


def test_judging_goes_on_where_it_stopped_here_and_in_the_terminal(served: Served, tab: Tab) -> None:
    tab.start().press("2")
    (second, third) = found(None, read_questions(served.path).checked()[0])[1:]  # type: ignore[arg-type]
    Judgements(served.path).put("me", second.name, 0)  # the terminal
    assert Tab(served).start().shown == (X, "3 of 3")
    Judgements(served.path).put("me", third.name, 0)
    assert Tab(served).start().shown == (Z, "1 of 3")
    assert Tab(served, "ann").start().shown == (X, "1 of 3")


def test_undo_takes_the_last_grade_back_and_after_a_skip_goes_back_to_what_was_skipped(tab: Tab) -> None:
    served = tab.served
    assert tab.start().press("u").shown == (X, "1 of 3")
    assert "There is no grade to take back." in tab.html
    tab.press("2su")
    assert (tab.shown, list(served.grades().values())) == ((X, "2 of 3"), [2])
    tab.press("u")
    assert (tab.shown, served.grades()) == ((X, "1 of 3"), {})
    assert "Taken back: the grade 2." in tab.html


def test_undo_in_the_next_question_takes_the_grade_out_of_the_file_as_well(tab: Tab) -> None:
    served = tab.served
    tab.start().press("210u")
    assert (tab.shown, served.expected()[X]) == ((X, "3 of 3"), [("0", 2), ("1", 1)])
    tab.press("2")
    assert (tab.shown, served.expected()[X]) == ((Z, "1 of 3"), [("0", 2), ("1", 1), ("2", 2)])


# ---- the end ----


def test_who_is_done_early_hears_what_is_left_and_the_grades_are_in_the_file(tab: Tab) -> None:
    served = tab.served
    tab.start().press("s0q")
    assert f"The grades are in {FILE}; 2 passages and 1 more question left." in tab.html
    assert f"Nothing that was judged answers &#x27;{X}&#x27;: add &quot;refuse&quot;: true" in tab.html
    assert served.expected()[X] == [("1", 0)]
    assert tab.start().shown == (X, "1 of 3")  # what was skipped comes again
    tab.press("2").press("2").press("sss")
    assert "3 passages left." in tab.html
    assert "judge-start" in tab.html
    assert tab.start().press("222").html.count("0 passages left.") == 1


def test_what_was_skipped_before_the_question_that_was_graded_last_comes_again(tab: Tab) -> None:
    assert "1 passage left." in tab.start().press("2s0222").html
    assert tab.start().shown == (X, "2 of 3")
    assert "0 passages left." in tab.press("1").html
    assert tab.served.expected()[X] == [("0", 2), ("2", 0), ("1", 1)]


def test_the_agreement_of_two_judges_is_told(served: Served) -> None:
    Tab(served, "ann").start().press("210210")
    bob = Tab(served, "bob").start()
    assert bob.shown == (X, "1 of 3")
    assert "<p>ann and bob agree on 5 of 6 passages; Cohen&#x27;s kappa 0.75.</p>" in bob.press("210200").html
    assert "Another judge can grade the same passages" in served.page()


def test_where_nothing_can_be_searched_it_is_said(served: Served) -> None:
    served.path.write_text('{"question": "is this unready?"}\n')
    refused = served.asked("POST", f"/{START}", {"judge": "me"})
    assert refused.status_code == 503
    assert refused.json()["error"] == "there is no index yet: run `roadmap ingest`."


def test_a_question_is_searched_once_while_it_is_judged(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    searches: list[str] = []

    def counting(assistant: Assistant, case: OwnCase) -> tuple[Pooled, ...]:
        searches.append(case.question)
        return found(assistant, case)

    monkeypatch.setattr(judging, "searched", counting)
    lines = (json.dumps({"question": question}) for question in ("first of all?", "and then?"))
    tab.served.path.write_text("\n".join(lines))
    tab.start().press("2u2s2")
    assert searches == ["first of all?", "and then?"]


# ---- in the browser ----


@pytest.mark.browser
def test_the_keys_grade_and_leave_fields_and_the_browsers_own_keys_alone(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "searched", found)
    (tmp_path / FILE).write_text(QUESTIONS)
    served = Served(create_app(FakeAssistant(settings=Settings(data=tmp_path)), owner=TOKEN), tmp_path)  # type: ignore[arg-type]
    with running(served.app) as url:
        visited = opened(person(browser, "phone", bypass_csp=True), f"{url}/?page=quality&owner={TOKEN}")
        page, panel = visited.page, visited.page.locator("#judging")
        page.get_by_label("Name of the judge").fill("")
        page.keyboard.type("s2")  # into the field
        page.keyboard.press("Enter")
        heading = panel.get_by_role("heading").first
        expect(heading).to_have_text("1 of 3 question 1 of 2")
        expect(heading).to_be_focused()
        assert visited.fits()
        assert _violations(page) == []

        page.keyboard.press("Control+u")
        page.keyboard.press("Alt+2")
        page.keyboard.press("2")
        expect(heading).to_have_text("2 of 3 question 1 of 2")
        page.keyboard.press("s")
        expect(heading).to_have_text("3 of 3 question 1 of 2")
        page.keyboard.press("u")
        expect(heading).to_have_text("2 of 3 question 1 of 2")
        page.keyboard.press("0")
        expect(heading).to_have_text("3 of 3 question 1 of 2")
        expect(heading).to_be_in_viewport()
        page.reload()
        page.get_by_label("Name of the judge").fill("s2")
        page.get_by_role("button", name="Judge them").click()
        expect(heading).to_have_text("3 of 3 question 1 of 2")
        page.get_by_role("button", name="A part (1)").click()
        expect(panel.locator(".asks")).to_have_text(Z)
        page.keyboard.press("q")

        expect(panel).to_contain_text("3 passages left.")
        assert _violations(page) == []
        assert served.expected()[X] == [("0", 2), ("1", 0), ("2", 1)]
        assert list(served.grades("s2").values()) == [2, 0, 1]
        assert not visited.errors()
        visited.close()


def _violations(page: Page) -> list[str]:
    if not AXE.is_file():
        return []
    axe_in(page)
    return violations(page)
