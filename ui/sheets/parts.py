"""Small pieces of HTML that the pages share. Everything that is not ours is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from corpus.roadmap import Weeks
from ui.markup import plain


def button(label: str, post: str, *, id: str, classes: str = "", pressed: bool | None = None, **sent: str) -> str:
    """A button that sends `sent` to `post`; the answer's elements replace those of the same id."""
    data = "".join(f' data-{name}="{escape(value)}"' for name, value in sent.items())
    state = "" if pressed is None else f' aria-pressed="{str(pressed).lower()}"'
    return (
        f'<button type="button" class="act {classes}" id="{escape(id)}" data-post="{post}"{data}{state}>'
        f"{plain(label)}</button>"
    )


def bar(done: int, total: int, label: str) -> str:
    """A progress bar with its figures in words."""
    return (
        f'<progress value="{done}" max="{max(1, total)}" aria-label="{escape(label)}"></progress>'
        f'<span class="count">{done} of {total}</span>'
    )


def rows(pairs: Iterable[tuple[str, str]]) -> str:
    """A list of terms with their (safe) HTML; those without any are left out."""
    inner = "".join(f"<div><dt>{plain(term)}</dt><dd>{html}</dd></div>" for term, html in pairs if html)
    return f'<dl class="columns">{inner}</dl>' if inner else ""


def table(caption: str, heads: Iterable[str], lines: Iterable[Iterable[str]]) -> str:
    """A table of (safe) HTML cells; it scrolls by itself where the window is narrow."""
    head = "".join(f'<th scope="col">{plain(name)}</th>' for name in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in lines)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
        f"<caption>{plain(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def status_tag(status: str, words: Mapping[str, str]) -> str:
    """A state as a word with a coloured dot."""
    return f'<span class="tag {escape(status)}">{plain(words.get(status, status))}</span>'


def week_range(weeks: Weeks) -> str:
    """ "Weeks 13–16"."""
    said = str(weeks)
    return said[:1].upper() + said[1:]


def sheet(name: str, title: str, html: str) -> str:
    """A whole page."""
    return f'<section class="sheet" id="sheet-{name}"><h2>{plain(title)}</h2>{html}</section>'
