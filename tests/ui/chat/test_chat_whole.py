"""The chat with its real parts in headless Chromium: a learner's commands, a language model, and a full queue."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections.abc import AsyncIterator, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from playwright.sync_api import Browser, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from assistant.answers import Answer, Delta, Part
from assistant.questions import Question
from assistant.roadmap_answers.rows import answer_from_roadmap
from assistant.service import Assistant, Message
from assistant.text.markdown import escaped, fenced
from corpus.settings import Settings
from tests.answer_fixtures import Make
from tests.assistant.text.test_sources_shown import HARD, IDS, TAG, Filled
from tests.fakes import FakeAssistant, running
from tests.visiting import chromium, visit
from ui.web.api import create_app

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),  # Gradio's own use of pandas
]

QUESTION = "how does backpropagation work?"
USERS = 50
HEALTH_SECONDS = 0.2
LEAVE_SECONDS = 5
PIECE_SECONDS = 0.5
SIX_WORDS = re.compile(r"(\w+\W+){6}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def test_what_is_said_in_the_chat_changes_the_progress_and_is_taken_back(browser: Browser, tmp_path: Path) -> None:
    with running(create_app(Assistant(Settings(data=tmp_path)))) as url:
        visited = visit(browser, url)
        page, answer = visited.page, visited.page.locator("#chat .answer").last

        visited.answered("I finished fast.ai")
        expect(answer).to_contain_text("Understood: mark fast.ai")
        expect(answer).to_contain_text("Say “undo that” to take it back")
        page.locator("#to-roadmap").click()
        expect(page.locator("#overall")).to_contain_text("1 of")
        page.locator("#to-ask").click()

        visited.answered("undo that")
        expect(answer).to_contain_text("Taken back: Mark fast.ai")
        page.locator("#to-roadmap").click()
        expect(page.locator("#overall")).to_contain_text("0 of")
        page.locator("#to-ask").click()

        visited.ask("I have 200 hours a week")
        expect(page.get_by_role("alert")).to_contain_text("200 hours")
        visited.ready()
        visited.close()


def test_the_week_that_is_told_holds_in_the_chat_on_the_other_pages_and_after_a_reload(
    browser: Browser, tmp_path: Path
) -> None:
    with running(create_app(Assistant(Settings(data=tmp_path)))) as url:
        visited = visit(browser, url)
        page, week = visited.page, visited.page.locator("#week input")

        visited.answered("set my week to 14")
        expect(week).to_have_value("I am in week 14")
        page.reload()
        expect(week).to_have_value("I am in week 14")
        page.goto(f"{url}/?page=roadmap")
        expect(page.locator("#sheet-roadmap")).to_contain_text("reached week 14")

        page.goto(url)
        visited.ready()
        visited.answered("set my week to 20")
        visited.answered("undo that")
        expect(week).to_have_value("I am in week 14")
        visited.close()


def at_leisure(model: str) -> Starlette:
    """The model's own server, whose pieces are passed on one by one: a busy machine has time to show and to stop it."""

    async def pieces(request: Request) -> AsyncIterator[bytes]:
        url, body = f"{model.removesuffix('/v1')}{request.url.path}", await request.body()
        async with httpx.AsyncClient(timeout=60) as client, client.stream(request.method, url, content=body) as came:
            async for line in came.aiter_lines():
                await asyncio.sleep(PIECE_SECONDS if line.startswith("data:") else 0)
                yield f"{line}\n".encode()

    async def passed(request: Request) -> StreamingResponse:
        return StreamingResponse(pieces(request), media_type="text/event-stream")

    return Starlette(routes=[Route("/{path:path}", passed, methods=["GET", "POST"])])


def test_a_small_models_answer_grows_in_the_chat_and_stop_ends_it(
    browser: Browser, make_assistant: Make, small_model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the same fence around the passages the model says the same: with some it writes nothing but a list of
    numbers, which a draft veils."""
    monkeypatch.setattr("assistant.generation.prompt.secrets", SimpleNamespace(token_hex=lambda _: "0123abcd"))
    with running(at_leisure(small_model)) as slow, running(create_app(make_assistant(llm_url=f"{slow}/v1"))) as url:
        visited = visit(browser, url)
        page = visited.page
        visited.ask(QUESTION)
        expect(page.locator(".draft")).to_contain_text(SIX_WORDS)
        page.locator("#question button", has_text="Stop").click()

        expect(page.locator(".bot.message").last).to_contain_text("Stopped: this is not the whole answer.")
        expect(page.locator(".bot.message").last).to_contain_text(SIX_WORDS)
        visited.ready()
        for thread in [one for one in threading.enumerate() if one.name == "language model"]:
            thread.join(LEAVE_SECONDS)  # the box is free at once, before the model's stream is closed
            assert not thread.is_alive()
        visited.close()


def test_fifty_at_once_fill_the_queue_and_the_next_one_is_told_so(browser: Browser, tmp_path: Path) -> None:
    fake = FakeAssistant(settings=Settings(data=tmp_path))
    with running(create_app(fake, places=4)) as url:  # type: ignore[arg-type]
        visited = visit(browser, url)
        with httpx.Client(base_url=url, timeout=20) as client, ThreadPoolExecutor(USERS) as pool:
            event = _ask_event(client)
            statuses = [pool.submit(_joined, client, event, number) for number in range(USERS)]
            waits = sorted(_health(client) for _ in range(40))
            refused = [status.result() for status in statuses].count(503)

        visited.ask("may I?")
        expect(visited.page.get_by_text("currently busy. Please try again")).to_be_visible()
        fake.released.set()
        assert refused >= 14  # 4 are being answered, 32 wait
        assert waits[int(0.95 * len(waits))] < HEALTH_SECONDS
        visited.page.wait_for_timeout(500)
        visited.answered("and now?")
        visited.close()


class Quoting(FakeAssistant):
    """Answers with rows of a roadmap, and a passage, whose texts Markdown would take for its own."""

    def respond(self, message: Message) -> Generator[Delta | Answer]:
        rows = answer_from_roadmap(Question("q", intent="resource", resources=IDS[:2]), Filled(ODD).roadmap)
        assert rows is not None
        passage = Part("page", f"{escaped(ODD)} q9000z\n\n{fenced(f'{ODD} q9001z')}\n\n[1]")
        yield replace(rows, parts=(*rows.parts, passage))


ODD = " ".join(HARD)


def test_the_browser_shows_every_character_of_cells_passages_and_sources(browser: Browser, tmp_path: Path) -> None:
    with running(create_app(Quoting(settings=Settings(data=tmp_path)))) as url:  # type: ignore[arg-type]
        visited = visit(browser, url)
        visited.answered("what is it?")
        shown = visited.page.evaluate(
            """() => {
                const answer = [...document.querySelectorAll("#chat .answer")].pop().cloneNode(true);
                answer.querySelectorAll("a.cite").forEach((mark) => mark.remove());
                return answer.textContent;
            }"""
        )
        assert {"q9000z", "q9001z"} <= set(TAG.findall(shown))
        assert len(set(TAG.findall(shown))) > 20
        assert list(Filled(ODD).wrong(shown)) == []
        assert not visited.other_hosts()
        visited.close()


def _ask_event(client: httpx.Client) -> int:
    """The number under which Gradio knows the event of the input."""
    page = client.get("/").text
    events = json.JSONDecoder().raw_decode(page.partition("window.gradio_config = ")[2])[0]["dependencies"]
    return int(next(e["id"] for e in events if any(name == "submit" for _, name in e["targets"])))


def _joined(client: httpx.Client, event: int, number: int) -> int:
    """One user who asks and does not go: the status of the request."""
    body = {"data": ["hold", "", -1, "all", None], "fn_index": event, "session_hash": f"user{number}"}
    return client.post("/gradio_api/queue/join", json=body).status_code


def _health(client: httpx.Client) -> float:
    begun = time.perf_counter()
    assert client.get("/healthz").status_code == 200
    return time.perf_counter() - begun
