"""An `Answer` -> HTML that is safe to put into a page. Pure; knows nothing of Gradio.

Everything in an answer is other people's text. So: the Markdown of a part is rendered without HTML and without
pictures, a link stays a link only where its address is one of the answer's own sources or of the roadmap, `[n]`
becomes a link to quote n in the source cards, and all else is escaped. The result is one line: Gradio reads a message
as Markdown, and a blank line within it would end the HTML there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from html import escape
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.values import Answer, Citation, Part, Voice

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_MARKDOWN.disable(["image", "html_block", "html_inline", "autolink", "reference"])
_MARKER = re.compile(r"\[(\d{1,3})\]")
_VOICES: dict[Voice, str] = {
    "suggestion": "Our suggestion",
    "note": "From our notes",
    "page": "From the pages",
    "model": "Written by the language model",
}
_SCOPES = {"so-far": "only up to your week", "week": "only your week"}
_CONFIDENCES = {"low": "a weak match: check the source", "medium": "a fair match"}


def answer_html(answer: Answer, anchor: str, trusted: Collection[str] = ()) -> str:
    """The answer with its source cards. `anchor` makes the cards' ids unique on the page; `trusted` are further
    addresses, besides the citations', that may be links."""
    urls = {_MARKDOWN.normalizeLink(url) for url in {c.url for c in answer.citations} | set(trusted)}
    targets = {c.n: f"source-{anchor}-{c.n}" for c in answer.citations}
    parts = "".join(_part(part, targets, urls) for part in answer.parts)
    return _one_line(
        f'<div class="answer{" abstained" if answer.abstained else ""}">{parts}{_about(answer)}'
        f"{_cards(answer.citations, targets)}</div>"
    )


def draft_html(text: str) -> str:
    """What has been streamed so far, without links."""
    body = _markdown(text, {}, ()) if text.strip() else '<p class="waiting">Looking it up …</p>'
    return _one_line(f'<div class="answer draft">{body}</div>')


def question_html(question: str) -> str:
    """What the person asked, as plain text."""
    return f'<div class="asked">{_plain(question.strip())}</div>'


def notice_html(sentence: str, *, error: bool = False) -> str:
    """One sentence of the assistant about itself."""
    opening = '<div class="part error" role="alert">' if error else '<div class="part notice">'
    return _one_line(f'<div class="answer">{opening}{_markdown(sentence, {}, ())}</div></div>')


def header_html(title: str, status: str, state: str) -> str:
    """The page's header; `state` is "ready", "loading" or "failed"."""
    return (
        f'<header class="masthead"><h1>{_plain(title)}</h1>'
        f'<p class="status {state}" role="status"><span>{_MARKDOWN.renderInline(status)}</span></p></header>'
    )


def welcome_html() -> str:
    """What an empty chat says."""
    return (
        '<div class="welcome"><h2>What do you want to learn next?</h2><p>Ask about a week, a phase or a course of '
        "the roadmap, or about what its pages say. Every answer names its sources.</p></div>"
    )


def _part(part: Part, targets: dict[int, str], urls: Collection[str]) -> str:
    label = _VOICES.get(part.voice)
    said = f'<div class="voice">{label}</div>' if label else ""
    return f'<div class="part {part.voice}">{said}{_markdown(part.text, targets, urls)}</div>'


def _markdown(text: str, targets: dict[int, str], urls: Collection[str]) -> str:
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        if token.children:
            token.children = _inline(token.children, targets, urls)
    return _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})


def _inline(tokens: Sequence[Token], targets: dict[int, str], urls: Collection[str]) -> list[Token]:
    out: list[Token] = []
    open_links: list[bool] = []
    for token in tokens:
        if token.type == "link_open":
            url = str(token.attrs.get("href", ""))
            open_links.append(url in urls and _is_web(url))
            out.append(_raw(_link_open(url) if open_links[-1] else ""))
        elif token.type == "link_close":
            out.append(_raw("</a>" if open_links.pop() else ""))
        elif token.type == "text":
            out += _markers(token, targets)
        else:
            out.append(token)
    return out


def _markers(token: Token, targets: dict[int, str]) -> list[Token]:
    out: list[Token] = []
    for index, piece in enumerate(_MARKER.split(token.content)):
        if index % 2 == 0:
            out.append(Token("text", "", 0, content=piece))
        elif int(piece) in targets:
            out.append(_raw(_marker(int(piece), targets[int(piece)])))
        else:
            out.append(Token("text", "", 0, content=f"[{piece}]"))
    return out


def _raw(html: str) -> Token:
    """A token that the renderer copies as it is: only ever made of our own, escaped HTML."""
    return Token("html_inline", "", 0, content=html)


def _marker(n: int, target: str) -> str:
    return f'<a class="cite" href="#{target}" aria-label="Source {n}">{n}</a>'


def _link_open(url: str) -> str:
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">'


def _cards(citations: Sequence[Citation], targets: dict[int, str]) -> str:
    """A card for each source, with every quote from it."""
    if not citations:
        return ""
    groups: dict[tuple[str, str, str], list[Citation]] = {}
    for c in citations:
        urls = [other.url for other in citations if (other.kind, other.title) == (c.kind, c.title) and other.url]
        groups.setdefault((c.kind, c.title, c.url or next(iter(urls), "")), []).append(c)
    cards = "".join(_card(url, group, targets) for (_, _, url), group in groups.items())
    return f'<section class="sources" aria-label="Sources"><h3>Sources</h3>{cards}</section>'


def _card(url: str, group: Sequence[Citation], targets: dict[int, str]) -> str:
    first = group[0]
    fetched = f'<span class="fetched">fetched {_day(first.fetched_at)}</span>' if first.fetched_at else ""
    quotes = "".join(_quote(c, targets[c.n]) for c in group)
    return (
        f'<article class="card {first.kind}"><div class="kind"><span class="badge">{first.kind}</span>{fetched}</div>'
        f'<div class="title">{_plain(first.title)}</div>{quotes}{_open(url)}</article>'
    )


def _quote(c: Citation, target: str) -> str:
    return f'<div class="quote" id="{target}"><span class="number">{c.n}</span><q>{_plain(c.quote)}</q></div>'


def _open(url: str) -> str:
    if not _is_web(url):
        return ""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return f'{_link_open(url)}Open {_plain(host)} <span aria-hidden="true">↗</span></a>'


def _about(answer: Answer) -> str:
    said = [f"Understood as {answer.understood}" if answer.understood else ""]
    said += [_SCOPES.get(answer.scope, ""), _CONFIDENCES.get(answer.confidence, "")]
    line = " · ".join(_plain(piece) for piece in said if piece)
    return f'<p class="about">{line}</p>' if line else ""


def _day(stamp: str) -> str:
    try:
        day = datetime.fromisoformat(stamp)
    except ValueError:
        return _plain(stamp)
    return f"{day.day} {day:%B %Y}"


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _plain(text: str) -> str:
    return _one_line(escape(text))


def _one_line(html: str) -> str:
    return html.replace(">\n<", "><").replace("\r", "").replace("\n", "&#10;")
