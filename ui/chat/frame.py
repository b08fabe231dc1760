"""The frame of the one page: its head, the five places in it, and what an empty chat says. Pure HTML."""

from __future__ import annotations

from assistant.service import Readiness
from ui.markup import inline, one_line, plain

PAGES = {"ask": "Ask", "today": "Today", "roadmap": "Roadmap", "sources": "Sources", "quality": "Quality"}
"""Names in the address `/?page=...` -> words in the navigation."""

BELOW = frozenset({"practice", "progress"})
"""Pages that are reached from Today."""


def masthead_html(title: str) -> str:
    """The title and the navigation: plain links, which `pages.js` follows without loading the page anew."""
    links = "".join(f'<a href="?page={name}" id="to-{name}" target="_self">{word}</a>' for name, word in PAGES.items())
    return f'<header class="masthead"><h1>{plain(title)}</h1><nav class="places">{links}</nav></header>'


def page_html() -> str:
    """Where the pages other than the chat are put."""
    return '<div id="page" tabindex="-1"></div>'


def status_html(state: Readiness) -> str:
    """One line about what can be answered now."""
    if state.ready:
        weaker = f" · {'; '.join(state.degraded)}" if state.degraded else ""
        if not state.pages:
            return _status(
                "ready",
                "The roadmap and our notes are indexed, no page yet: "
                "`roadmap crawl`, then `roadmap ingest`, bring them (or the Sources page)" + weaker,
            )
        return _status("ready", f"{state.pages:,} pages indexed{weaker}")
    if state.loading or not state.reason:
        return _status("loading", "Still loading the search model: roadmap questions already work")
    return _status("failed", f"{state.reason[:1].upper()}{state.reason[1:]} Roadmap questions already work.")


def welcome_html() -> str:
    """What an empty chat says."""
    return one_line(
        '<div class="welcome"><h2>What do you want to learn next?</h2>'
        "<p>Ask about a week, a phase or a course of the roadmap, or about what its pages say. Every answer names its "
        "sources: point at a number to see the sentence that it rests on. Set your week below, and the examples and "
        "the search follow it.</p></div>"
    )


def _status(state: str, sentence: str) -> str:
    return f'<p class="status {state}" role="status"><span>{inline(sentence)}</span></p>'
