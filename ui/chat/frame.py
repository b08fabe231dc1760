"""The frame of the one page: its head, the places in it, and what an empty chat says. Pure HTML."""

from __future__ import annotations

from assistant.recommendation.reasons import counted
from assistant.service import Readiness
from corpus.roadmap import Roadmap
from ui.markup import inline, one_line, plain

PAGES = {
    "ask": "Ask",
    "today": "Today",
    "plan": "Plan",
    "roadmap": "Roadmap",
    "sources": "Sources",
    "quality": "Quality",
    "settings": "Settings",
}
"""Names in the address `/?page=...` -> words in the navigation."""
BESIDE = ("start",)
"""Places that are reached by a button alone."""

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
    """One line about what can be answered now, for who asks; what can be done about it stands on the Sources page."""
    if state.ready:
        weaker = f" · {'; '.join(state.degraded)}" if state.degraded else ""
        if not state.pages:
            return _status(
                "ready",
                "Answers come from the roadmap and our notes; no pages of the resources are stored here" + weaker,
            )
        return _status("ready", f"{counted(state.pages, 'page')} indexed{weaker}")
    if state.loading or not state.reason:
        return _status("loading", "Still loading the search model: roadmap questions already work")
    return _status("failed", "Answers come from the roadmap alone: its pages and our notes cannot be searched now")


def first_html(roadmap: Roadmap) -> str:
    """What an empty chat says to somebody without a plan."""
    return one_line(
        '<div class="welcome"><h2>Your way through the Senior AI/ML Developer Roadmap</h2>'
        f"<p>{roadmap.weeks.last} weeks of courses, books and projects, from Python to production. Say when you "
        "begin and how much time you have, and it becomes your plan, with what to do each day.</p>"
        '<p><a class="act chief" href="?page=start" target="_self">Start my plan</a></p>'
        "<p>Or ask about a week, a course, or what its pages say.</p></div>"
    )


def welcome_html() -> str:
    """What an empty chat says to somebody who has a plan."""
    return one_line(
        '<div class="welcome"><h2>What do you want to learn next?</h2>'
        "<p>Ask about a week, a phase or a course of the roadmap, or about what its pages say. Every answer names its "
        "sources: point at a number to see the sentence that it rests on. Your week stands below; the examples and "
        "the search follow it.</p></div>"
    )


def _status(state: str, sentence: str) -> str:
    return f'<p class="status {state}" role="status"><span>{inline(sentence)}</span></p>'
