"""A page in headless Chromium, with what it asked for and what it complained about."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
AXE = Path(__file__).parents[1] / ".venv" / "node" / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"desktop": (1280, 860), "phone": (360, 740)}
WAIT = 60_000
"""Milliseconds: loading the page alone took more than 30 s in a browser slowed down four times."""


@dataclass
class Visit:
    """A page, its requests and its complaints."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def ask(self, question: str) -> None:
        """Asks as soon as a question is taken: what is typed while an answer comes stays in the input."""
        self.heard().ready()
        box = self.page.locator("#question textarea")
        box.fill(question)
        box.press("Enter")

    def answered(self, question: str) -> None:
        """Asks, and waits for the whole answer. (`wait_for` looks more often than `expect`.)"""
        rows = self.page.locator("#chat .actions")
        count = rows.count()
        self.ask(question)
        rows.nth(count).wait_for()
        self.ready()

    def heard(self) -> Visit:
        """Waits until the page's own scripts run and the input takes a question, so that all it offers is heard."""
        self.page.locator(".places a[aria-current]").wait_for(state="attached")
        expect(self.page.locator("#question textarea")).to_be_editable()
        return self

    def ready(self) -> None:
        self.page.locator("#new-chat:not([disabled])").wait_for()

    def anew(self) -> Visit:
        """An empty chat on the page that is open, which is much quicker than another page."""
        self.page.keyboard.press("Escape")
        if self.page.locator("#question").is_hidden():
            self.page.locator("#to-ask").click()
        self.ready()
        if self.page.locator("#chat .asked").count():
            self.page.locator("#new-chat").click()
            expect(self.page.locator("#chat .asked")).to_have_count(0)
        return self

    def other_hosts(self) -> set[str]:
        return {url for url in self.requests if urlsplit(url).hostname not in {"127.0.0.1", None}}

    def errors(self) -> list[str]:
        return [text for text in self.complaints if text.startswith("error")]

    def fits(self) -> bool:
        """Whether nothing is wider than the window."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))

    def close(self) -> None:
        self.page.context.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window; skips where there is none."""
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("there is no chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


def person(browser: Browser, size: str = "desktop", theme: str = "light", **options: Any) -> BrowserContext:
    """Another browser, as far as a server can tell."""
    width, height = SIZES[size]
    return browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme, **options)  # type: ignore[arg-type]


def opened(context: BrowserContext, url: str) -> Visit:
    """A new page of that browser."""
    visited = Visit(context.new_page())
    visited.page.on("request", lambda request: visited.requests.append(request.url))
    visited.page.on("console", lambda message: visited.complaints.append(f"{message.type}: {message.text}"))
    visited.page.on("pageerror", lambda error: visited.complaints.append(f"error: {error}"))
    visited.page.set_default_timeout(WAIT)
    expect.set_options(timeout=WAIT)
    visited.page.goto(url)
    return visited


def visit(browser: Browser, url: str, size: str = "desktop", theme: str = "light", **options: Any) -> Visit:
    """The chat in a browser of its own, ready to be asked."""
    return opened(person(browser, size, theme, **options), url).heard()


def axe_in(page: Page) -> None:
    """Puts axe-core into a page; skips where it is not."""
    if not AXE.is_file():
        pytest.skip("there is no axe-core here: npm install --prefix .venv/node axe-core (`.ci/run` does it)")
    page.evaluate(AXE.read_text(encoding="utf-8"))


def violations(page: Page) -> list[str]:
    """What axe-core finds on a page that holds it."""
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{v['id']}: {[node['target'] for node in v['nodes'][:3]]}" for v in result["violations"]]
