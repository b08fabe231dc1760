"""A server that is killed and started again, and the page that was open meanwhile: nothing that was written is lost."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import ROOT
from tests.visiting import Visit, chromium, visit

pytestmark = pytest.mark.browser

STARTING = 90
BACK = 60_000
"""Seconds, and milliseconds: Gradio loads the page anew as soon as the server is there again."""
SERVER = """
import sys
from pathlib import Path
import uvicorn
from corpus.settings import Settings
from tests.fakes import FakeAssistant
from ui.web.api import create_app
app = create_app(FakeAssistant(settings=Settings(data=Path(sys.argv[2]))))
uvicorn.run(app, port=int(sys.argv[1]), log_level="error")
"""


@dataclass
class Killable:
    """A server in a process of its own."""

    data: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-c", SERVER, str(self.port), str(self.data)], cwd=ROOT)
        until = time.monotonic() + STARTING
        while not self._answers():
            assert time.monotonic() < until, "the server does not start"
            time.sleep(0.2)

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz").status_code == 200
        except httpx.TransportError:
            return False


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Killable]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        killable = Killable(tmp_path, free.getsockname()[1])
    killable.start()
    yield killable
    killable.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def loaded_anew(visited: Visit, server: Killable) -> None:
    """The server is there again, and the page with it."""
    with visited.page.expect_event("domcontentloaded", timeout=BACK):
        server.start()
    visited.heard().ready()


def test_a_question_that_a_crash_cut_off_is_offered_again(browser: Browser, server: Killable) -> None:
    visited = visit(browser, server.url)
    page, offer, asked = visited.page, visited.page.locator("#unanswered"), visited.page.locator("#chat .asked")
    visited.answered("hello")
    visited.ask("slow <b>one</b>")
    expect(page.locator(".draft")).to_contain_text("tick")
    server.kill()
    loaded_anew(visited, server)

    expect(offer).to_contain_text("Not answered, since the assistant went away: “slow <b>one</b>”")
    expect(asked).to_have_text(["hello"])
    page.reload()
    visited.heard()
    expect(offer).to_be_visible()
    offer.get_by_role("button", name="Ask again").click()
    expect(asked).to_have_text(["hello", "slow <b>one</b>"])
    expect(page.locator(".draft")).to_contain_text("tick")
    expect(offer).to_have_count(0)

    page.locator("#question button", has_text="Stop").click()
    visited.ready()
    visited.answered("hello again")
    page.reload()
    visited.heard()
    expect(asked.last).to_have_text("hello again")
    expect(offer).to_have_count(0)
    visited.close()


def test_what_is_typed_while_the_server_is_away_stands_in_the_box_when_it_is_back(
    browser: Browser, server: Killable
) -> None:
    visited = visit(browser, server.url)
    page, box = visited.page, visited.page.locator("#question textarea")
    visited.answered("hello")
    server.kill()
    box.fill("what is a closure?")
    box.press("Enter")
    page.wait_for_timeout(1_000)
    loaded_anew(visited, server)

    expect(box).to_have_value("what is a closure?")
    expect(page.locator("#unanswered")).to_have_count(0)
    box.press("Enter")
    expect(page.locator("#chat .asked")).to_have_text(["hello", "what is a closure?"])
    visited.ready()
    page.reload()
    visited.heard()
    expect(page.locator("#chat .asked").last).to_have_text("what is a closure?")
    expect(box).to_have_value("")
    visited.close()


def test_an_offer_is_put_away_for_good(browser: Browser, server: Killable) -> None:
    visited = visit(browser, server.url)
    page, offer = visited.page, visited.page.locator("#unanswered")
    visited.ask("slow")
    expect(page.locator(".draft")).to_contain_text("tick")
    server.kill()
    loaded_anew(visited, server)
    offer.get_by_role("button", name="Leave it").click()
    expect(offer).to_have_count(0)
    page.reload()
    visited.heard()
    expect(offer).to_have_count(0)
    visited.close()
