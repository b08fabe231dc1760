"""Speed of the chat page as ratios in one run: `python -m tests.bench_chat` (a part of `make bench`).

Ours and an empty Gradio `ChatInterface` are served on this machine and loaded in turns in Chromium, each time by a new
browser. Floors: our page is ready within 1.25 times theirs, and a roadmap answer is whole 300 ms after Enter.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from playwright.sync_api import Browser, expect
from rich.console import Console

from eval.bench import Row, table
from tests.visiting import chromium, opened, person

ROUNDS = 7
START_SECONDS = 300
SETTLE_MS = 1000
MOST_LOAD = 1.25
MOST_ANSWER_MS = 300
THEIRS = """
import sys
import gradio as gr
chat = gr.ChatInterface(lambda message, history: message)
chat.launch(server_port=int(sys.argv[1]), quiet=True, prevent_thread_lock=True)
chat.block_thread()
"""
OURS = "from ui.cli.app import main; main()"
QUESTION = "what should I do in week 14?"


@dataclass(frozen=True, slots=True)
class Load:
    """Milliseconds from the address to the first paint, and to an input that can be typed in."""

    paint: float
    ready: float


def main() -> None:
    """Prints the table; exit status 1 when a floor is broken."""
    rows = measure()
    Console().print(table(rows))
    sys.exit(0 if all(row.holds for row in rows) else 1)


def measure() -> list[Row]:
    """All rows."""
    with tempfile.TemporaryDirectory() as data, chromium() as browser:
        ours = served([sys.executable, "-c", OURS, "serve", "--port", "{port}"], {"ROADMAP_DATA": data})
        theirs = served([sys.executable, "-c", THEIRS, "{port}"], {"GRADIO_ANALYTICS_ENABLED": "False"})
        with ours as our_url, theirs as their_url:
            for url in (our_url, their_url):
                load(browser, url)  # the first one fills the server's caches
            pairs = [(load(browser, our_url), load(browser, their_url)) for _ in range(ROUNDS)]
            answers = [answer(browser, our_url) for _ in range(ROUNDS)]
    return [
        _ratio("page ready / empty ChatInterface", [p[0].ready for p in pairs], [p[1].ready for p in pairs]),
        _ratio("first paint / empty ChatInterface", [p[0].paint for p in pairs], [p[1].paint for p in pairs]),
        Row("roadmap answer after Enter, ms", statistics.median(answers), "", MOST_ANSWER_MS, _spread(answers)),
    ]


def load(browser: Browser, url: str) -> Load:
    """One load in a browser without a cache."""
    begun = time.perf_counter()
    visited = opened(person(browser), url)
    expect(visited.page.locator("textarea:visible").first).to_be_editable()
    ready = (time.perf_counter() - begun) * 1000
    script = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    paint = float(visited.page.evaluate(script))
    visited.close()
    return Load(paint, ready)


def answer(browser: Browser, url: str) -> float:
    """Milliseconds from Enter to the whole answer on the page, after the page has loaded."""
    visited = opened(person(browser), url)
    page = visited.page
    box = page.locator("#question textarea")
    expect(box).to_be_editable()
    expect(page.locator(".status:not(.loading)")).to_be_visible()
    page.wait_for_timeout(SETTLE_MS)
    box.fill(QUESTION)
    page.evaluate(_WATCH)
    box.press("Enter")
    took = float(page.evaluate("window.whole"))
    visited.close()
    return took


_WATCH = """() => {
  let begun = 0;
  addEventListener("keydown", (event) => { if (event.key === "Enter") begun = performance.now(); }, true);
  window.whole = new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (!document.querySelector("#chat .actions")) return;
      observer.disconnect();
      requestAnimationFrame(() => resolve(performance.now() - begun));
    });
    observer.observe(document, { childList: true, subtree: true });
  });
}"""


@contextmanager
def served(command: list[str], more: dict[str, str]) -> Iterator[str]:
    """A server in a process of its own, on a free port; its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    filled = [part.replace("{port}", port) for part in command]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(filled, env={**os.environ, **more}, **quiet) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            _until_up(url)
            yield url
        finally:
            process.terminate()


def _until_up(url: str) -> None:
    end = time.monotonic() + START_SECONDS
    while not _is_up(url):
        if time.monotonic() > end:
            raise TimeoutError(f"{url} does not answer")
        time.sleep(0.3)


def _is_up(url: str) -> bool:
    try:
        httpx.get(url)
    except httpx.TransportError:
        return False
    return True


def _ratio(what: str, ours: list[float], theirs: list[float]) -> Row:
    one, other = statistics.median(ours), statistics.median(theirs)
    return Row(what, one / other, "x", MOST_LOAD, f"{one:.0f} ms against {other:.0f} ms; {_spread(ours)}")


def _spread(values: list[float]) -> str:
    return f"from {min(values):.0f} to {max(values):.0f} ms in {len(values)} rounds"


if __name__ == "__main__":
    main()
