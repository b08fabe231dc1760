"""The addresses under /pages by HTTP: who may start a run, and what a page that fails says."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import anyio
import httpx
import pytest

from assistant.service import Readiness
from corpus.settings import Settings
from eval.cases import Relevant
from eval.feedback import to_review
from eval.own.adding import FILE
from eval.own.reading import read_questions
from tests.fakes import FakeAssistant
from ui.chat.frame import status_html
from ui.owner import STALE
from ui.pages import views
from ui.pages.routes import NOT_OWNER
from ui.sheets.sources import INGEST
from ui.web.api import create_app
from ui.web.problems import problem

HERE, ELSEWHERE, LOCAL_NETWORK = "127.0.0.1", "198.51.100.7", "192.168.1.20"
TOKEN = "a-token-of-this-start"
HELD = '{"keys": ["%s"], "seed": 1, "asked": 0, "right": 0, "shown": false, "proposed": ""}'


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> object:
    fake = FakeAssistant(settings=Settings(data=tmp_path_factory.mktemp("data")))
    return create_app(fake, owner=TOKEN)  # type: ignore[arg-type]


def asked(
    app: object, host: str, method: str, path: str, body: object = None, content: str | None = None, cookie: str = ""
) -> httpx.Response:
    """One request that comes from `host`."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, client=(host, 50_000), raise_app_exceptions=False)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            client.headers.update({"cookie": cookie} if cookie else {})
            if content is not None:
                return await client.request(method, path, content=content, headers={"Content-Type": "application/json"})
            return await client.request(method, path, json=body)

    return anyio.run(ask)


@pytest.mark.parametrize("host", [HERE, ELSEWHERE, LOCAL_NETWORK, "testclient"])
@pytest.mark.parametrize("cookie", ["", "roadmap-owner=", "roadmap-owner=1", f"roadmap-owner={TOKEN}"])
def test_a_run_is_not_started_by_an_address(app: object, host: str, cookie: str) -> None:
    refused = asked(app, host, "POST", f"/{INGEST}", {"crawl": "yes"}, cookie=cookie)

    assert refused.status_code == 403
    assert refused.json()["error"] == NOT_OWNER
    assert "start-crawl" not in asked(app, host, "GET", "/pages/sources", cookie=cookie).text


def test_what_mends_the_search_stands_on_sources_and_not_in_the_chat(tmp_path: Path) -> None:
    state = Readiness(False, False, "there is no index yet: run `roadmap ingest`.")
    fake = FakeAssistant(settings=Settings(data=tmp_path), ready=state)

    sources = asked(create_app(fake), HERE, "GET", "/pages/sources").text  # type: ignore[arg-type]

    assert "There is no index yet: run <code>roadmap ingest</code>." in sources
    for shown in (state, Readiness(True, False, "", "g1", 10, 0)):
        assert "roadmap ingest" not in status_html(shown)
        assert "roadmap crawl" not in status_html(shown)
        assert "Answers come from the roadmap" in status_html(shown)


def test_who_opened_the_owners_address_may_start_a_run(app: object) -> None:
    greeted = asked(app, ELSEWHERE, "GET", f"/?page=sources&owner={TOKEN}")
    cookie = greeted.headers["set-cookie"].split(";")[0]

    assert (greeted.status_code, greeted.headers["location"]) == (303, "?page=sources")
    assert TOKEN not in greeted.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict"} <= set(greeted.headers["set-cookie"].split("; "))
    assert "start-crawl" in asked(app, ELSEWHERE, "GET", "/pages/sources", cookie=cookie).text
    assert "start-crawl" not in asked(app, ELSEWHERE, "GET", "/pages/sources", cookie=cookie[:-1] + "x").text


@pytest.mark.parametrize("token", ["", "x", TOKEN[:-1], f"{TOKEN}é"])
def test_another_token_is_refused(app: object, token: str) -> None:
    refused = asked(app, HERE, "GET", f"/?owner={quote(token)}")
    assert (refused.status_code, refused.json()["error"]) == (403, STALE)
    assert "set-cookie" not in refused.headers


def test_where_no_token_was_made_nobody_is_the_owner(tmp_path: Path) -> None:
    app = create_app(FakeAssistant(settings=Settings(data=tmp_path)))  # type: ignore[arg-type]
    assert asked(app, HERE, "GET", "/?owner=").status_code == 403
    assert asked(app, HERE, "POST", f"/{INGEST}", {}, cookie="roadmap-owner=").status_code == 403


def test_a_page_that_fails_says_nothing_of_the_machine(app: object, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise RuntimeError("secret /path/of/the/machine")

    monkeypatch.setattr(views, "quality_html", fail)

    response = asked(app, HERE, "GET", "/pages/quality")

    assert response.status_code == 500
    assert response.json().keys() == problem(0, "").keys()
    assert "secret" not in response.text
    assert "Traceback" not in response.text


@pytest.mark.parametrize("body", [None, [], {"crawl": 1}, {"crawl": "x" * 9_000}])
def test_a_button_that_sends_nonsense_is_refused(app: object, body: object) -> None:
    response = asked(app, HERE, "POST", f"/{INGEST}", body)

    assert response.status_code == 422
    assert response.json()["error"].endswith(".")


@pytest.mark.parametrize("turn", ["nan", "inf", "1e400", "-1", "x", "²"])
@pytest.mark.parametrize("path", ["/pages/answers/feedback", "/pages/answers/card", "/pages/answers/case"])
def test_a_turn_that_is_no_number_is_refused(app: object, path: str, turn: str) -> None:
    response = asked(app, HERE, "POST", path, {"conversation": "c", "turn": turn})

    assert response.status_code == 422
    assert response.json()["error"].startswith(repr(turn))


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("practice/answer", {"quiz": "[", "answer": "a"}, "no longer there"),
        ("practice/answer", {"quiz": '{"keys": [], "seed": 1}', "answer": "a"}, "no longer there"),
        ("practice/answer", {"quiz": HELD % "no/card", "answer": "a"}, "card is gone"),
        ("practice/answer", {"quiz": HELD % "glossary/Adam", "answer": " "}, "Nothing was given for “answer”"),
        ("practice/start", {"about": "no-such-resource"}, "no resource"),
        ("practice/change", {"card": "saved/none", "question": "Q?", "answer": "A."}, "no card of yours"),
        ("practice/suspend", {"card": "no/card", "suspended": "yes"}, "no card"),
        ("today/more", {"minutes": "-5"}, "no number of minutes"),
        ("today/more", {"minutes": "9999"}, "9999 minutes"),
        ("today/grade", {"card": "glossary/Adam", "rating": "perfect"}, "perfect"),
    ],
)
def test_what_the_practice_pages_cannot_do_is_one_sentence(
    app: object, path: str, body: dict[str, str], said: str
) -> None:
    refused = asked(app, HERE, "POST", f"/pages/{path}", body)

    assert refused.status_code == 422
    assert said in refused.json()["error"]


def test_a_button_that_sends_an_endless_list_is_refused(app: object) -> None:
    response = asked(app, HERE, "POST", f"/{INGEST}", content="[" * 60_000)

    assert response.status_code == 422
    assert response.json()["error"].endswith(".")


def test_an_answer_becomes_a_case_at_once_for_the_owner_and_after_a_review_for_others(tmp_path: Path) -> None:
    app = create_app(FakeAssistant(settings=Settings(data=tmp_path)), owner=TOKEN)  # type: ignore[arg-type]

    async def told(owner: bool, page: str) -> httpx.Response:
        transport = httpx.ASGITransport(app, client=(HERE, 50_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            if owner:
                await client.get(f"/?owner={TOKEN}")
            question = {"question": "what should I do in week 14?", "conversation": "new"}
            id = (await client.post("/api/v1/ask", json=question)).json()["conversation"]
            return await client.post("/pages/answers/case", json={"conversation": id, "turn": "0", "page": page})

    assert anyio.run(told, True, "nowhere").status_code == 422
    assert anyio.run(told, False, "note:x").text.startswith("Thank you: it waits")
    assert not (tmp_path / FILE).exists()
    assert anyio.run(told, True, "note:x").text == "Added: `roadmap eval --suite mine` measures it."
    (case,) = read_questions(tmp_path / FILE).checked()
    assert (case.question, case.expects) == ("what should I do in week 14?", (Relevant("note:x", 2),))
    assert anyio.run(told, True, "note:x").status_code == 422  # it is there already
    (waiting,) = to_review(tmp_path)
    assert waiting.expectation == "For the evaluation: note:x"


def test_a_conversation_that_was_deleted_is_brought_back_by_the_button_beside(app: object) -> None:
    async def told() -> list[str]:
        transport = httpx.ASGITransport(app, client=(HERE, 50_000))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            question = {"question": "what should I do in week 14?", "conversation": "new"}
            await client.post("/api/v1/ask", json=question)
            before = (await client.get("/pages/history")).text
            id = before.partition('id="kept-')[2].partition('"')[0]
            after = (await client.post("/pages/history/delete", json={"target": id})).text
            back = (await client.post("/pages/history/restore", json={})).text
            again = await client.post("/pages/history/restore", json={})
            return [before, after, back, str(again.status_code)]

    before, after, back, again = anyio.run(told)
    assert "is deleted." in after
    assert '"pages/history/restore"' in after
    assert back == before
    assert again == "422"


def test_the_page_and_its_icon_are_ours(app: object) -> None:
    page, icon = asked(app, HERE, "GET", "/?page=today"), asked(app, HERE, "GET", "/favicon.ico")
    assert page.status_code == 200
    assert "window.gradio_config" in page.text
    assert not re.search(r'"og:|"twitter:|raw\.githubusercontent|@Gradio|@teamGradio', page.text)
    assert len(page.content) == int(page.headers["content-length"])
    assert icon.headers["content-type"].startswith("image/svg")
    assert icon.text.startswith("<svg")
