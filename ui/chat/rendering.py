"""An `Answer` -> HTML: what is said, where it was looked for, the source cards, and what can be done with it. Pure.

Gradio takes `data-` and `aria-` attributes out of a message, so places are told by ids and buttons by classes:
`chat.js` reads them. What a button sends, where it is not what the button says, is its `value`. Everything in an answer
is other people's text and goes through `ui.markup`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from assistant.answers import CONFIDENCES, Answer, Choice, Citation, Part, Scope, Voice
from assistant.asking_back import SEARCH
from assistant.language.learning.table import the
from ui.markup import day, hidden, inline, markdown, one_line, open_link, plain

_VOICES: dict[Voice, str] = {
    "suggestion": "Our suggestion",
    "note": "From our notes",
    "page": "From the pages",
    "model": "Written by the language model",
}
MOST_CHOICES = 6
UNDO = the("at-once")
"""The capability that takes the last change back."""
UNDO_MESSAGE = "undo that"
_KINDS = {"roadmap": "Roadmap", "note": "Note", "page": "Page"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer stands: the conversation's id, and the number of the turn from 0."""

    conversation: str
    turn: int

    def __str__(self) -> str:
        return f"{self.conversation}-{self.turn}"


@dataclass(frozen=True, slots=True)
class Around:
    """What is shown around an answer: the asker's week, the week that the answer is about (for narrowing where the
    asker's is not known), questions that can be asked next, addresses that may be links besides the sources, and
    whether what was written can be taken back from here: later changes come first."""

    week: int | None = None
    about: int | None = None
    next_questions: tuple[str, ...] = ()
    links: Collection[str] = ()
    can_undo: bool = False


def answer_html(answer: Answer, place: Place, around: Around | None = None) -> str:
    """The whole answer."""
    around = around or Around()
    urls = {c.url for c in answer.citations} | set(around.links)
    targets = {c.n: f"source-{place}-{c.n}" for c in answer.citations}
    parts = "".join(_part(part, targets, urls) for part in answer.parts)
    return one_line(
        f'<div class="answer{" abstained" if answer.abstained and not answer.choices else ""}">{parts}'
        f"{_undo(answer, around)}{_choices(answer.choices)}{_about(answer, around)}"
        f"{_cards(answer.citations, targets)}{'' if answer.choices else _next(around.next_questions)}"
        f"{_actions(answer, place)}</div>"
    )


def draft_html(text: str) -> str:
    """What has been streamed so far, without links."""
    body = markdown(text) if text.strip() else '<p class="waiting">Looking it up …</p>'
    return one_line(f'<div class="answer draft" dir="auto">{body}</div>')


def question_html(question: str, number: int = 0) -> str:
    """What the person asked, as plain text, and a way to change it."""
    return (
        f'<div class="asked" dir="auto" id="asked-{number}">{plain(question.strip())}</div>'
        f'<button type="button" class="act edit">Edit{hidden(f" question {number + 1}")}</button>'
    )


def notice_html(sentence: str, place: Place | None = None, *, error: bool = False) -> str:
    """One sentence of the assistant about itself; with a place, a way to ask again."""
    opening = '<div class="part error" role="alert">' if error else '<div class="part notice">'
    again = _row([_button("again", "Ask again")], place) if place else ""
    return one_line(f'<div class="answer">{opening}{markdown(sentence)}</div>{again}</div>')


def _part(part: Part, targets: Mapping[int, str], urls: Collection[str]) -> str:
    label = _VOICES.get(part.voice)
    said = f'<div class="voice">{label}</div>' if label else ""

    def marker(n: int) -> str:
        return f'<a class="cite" href="#{targets[n]}">{hidden("Source ")}{n}</a>' if n in targets else ""

    return f'<div class="part {part.voice}" dir="auto">{said}{markdown(part.text, urls, marker)}</div>'


# --- where it was looked for --------------------------------------------------------------------------------------


def _about(answer: Answer, around: Around) -> str:
    """What was understood, where was searched and how well it fits, in words; one click asks again elsewhere."""
    said = [f"Understood as {answer.understood}" if answer.understood else ""]
    if is_searched(answer):
        said.append(f"Searched {scope_words(answer.scope, around.week)}")
        said.append("" if answer.abstained else CONFIDENCES[answer.confidence])
    elif any(part.voice == "roadmap" for part in answer.parts):
        said.append(f"Read from the roadmap{f', {answer.weeks}' if answer.weeks else ''}")
    line = " · ".join(plain(piece) for piece in said if piece)
    at = around.week if around.week is not None else around.about
    scopes = _scopes(answer, at) if is_searched(answer) else ""
    return f'<div class="about"><p>{line}</p>{scopes}</div>' if line or scopes else ""


def is_searched(answer: Answer) -> bool:
    """Whether the pages and notes were searched; what the roadmap says exactly has no scope."""
    return SEARCH in answer.capabilities or any(part.voice in ("page", "note", "model") for part in answer.parts)


def scope_words(scope: Scope, week: int | None) -> str:
    """A scope in words: "all pages", "weeks 0-14"."""
    if week is None or scope == "all":
        return "all pages"
    return f"week {week}" if scope == "week" else f"weeks 0–{week}"


def _scopes(answer: Answer, at: int | None) -> str:
    choices: dict[Scope, str] = {"all": "Search all pages"}
    if at is not None:
        choices |= {"so-far": f"Only weeks 0–{at}", "week": f"Only week {at}"}
    buttons = [_button(f"again scope-{scope}", label) for scope, label in choices.items() if scope != answer.scope]
    return f'<div class="row">{"".join(buttons)}</div>' if buttons else ""


# --- sources --------------------------------------------------------------------------------------------------------


def _cards(citations: Sequence[Citation], targets: Mapping[int, str]) -> str:
    """A card for each source, with every quote from it."""
    if not citations:
        return ""
    groups: dict[tuple[str, str, str], list[Citation]] = {}
    for c in citations:
        urls = [other.url for other in citations if (other.kind, other.title) == (c.kind, c.title) and other.url]
        groups.setdefault((c.kind, c.title, c.url or next(iter(urls), "")), []).append(c)
    cards = "".join(_card(url, group, targets) for (_, _, url), group in groups.items())
    return f'<section class="sources"><h2>Sources</h2>{cards}</section>'


def _card(url: str, group: Sequence[Citation], targets: Mapping[int, str]) -> str:
    first = group[0]
    came = "fetched" if first.kind == "page" else "written"
    fetched = f'<span class="fetched">{came} {day(first.fetched_at)}</span>' if first.fetched_at else ""
    quotes = "".join(_quote(c, targets[c.n]) for c in group)
    return (
        f'<div class="card {first.kind}"><div class="kind"><span class="badge">{_KINDS[first.kind]}</span>{fetched}'
        f'</div><div class="title" dir="auto">{plain(first.title)}</div>{quotes}{open_link(url)}</div>'
    )


def _quote(c: Citation, target: str) -> str:
    passage = passage_html(c)
    whole = (
        f'<details class="passage"><summary>In its passage{hidden(f" (source {c.n})")}</summary>'
        f'<blockquote dir="auto">{passage}</blockquote></details>'
        if passage
        else ""
    )
    return (
        f'<div class="quote" id="{target}"><span class="number">{c.n}</span>'
        f'<div><q dir="auto">{plain(c.quote)}</q>{whole}</div></div>'
    )


def passage_html(c: Citation) -> str:
    """The passage with the quoted sentence marked; empty where the passage is no more than the quote."""
    before, found, after = c.context.partition(c.quote)
    if not found or not (before.strip() or after.strip()):
        return ""
    return f"{plain(before)}<mark>{plain(c.quote)}</mark>{plain(after)}"


# --- what can be done -------------------------------------------------------------------------------------------------


def _undo(answer: Answer, around: Around) -> str:
    """The way back from what was written; not from an undo itself, since another one would not redo it."""
    took_back = UNDO in answer.capabilities and not answer.resources  # with a resource, its mark was removed
    if not answer.changes or took_back or not around.can_undo:
        return ""
    return f'<div class="row way-back">{_button("ask undo", "Undo", UNDO_MESSAGE)}</div>'


def _choices(choices: Sequence[Choice]) -> str:
    """What it asks back: each button sends its message as the next question."""
    if not choices:
        return ""
    buttons = "".join(_button("ask choice", choice.label, choice.message) for choice in choices[:MOST_CHOICES])
    return f'<section class="choices"><h2 class="sr">Choose one</h2><div class="row">{buttons}</div></section>'


def _next(questions: Sequence[str]) -> str:
    if not questions:
        return ""
    buttons = "".join(_button("ask", question) for question in questions)
    return f'<section class="next"><h2>Ask next</h2><div class="row">{buttons}</div></section>'


def _actions(answer: Answer, place: Place) -> str:
    buttons = [
        _button("copy", "Copy"),
        _button("again", "Ask again"),
        _button("up", "Helpful"),
        _button("down", "Not helpful"),
        _button("case", "Add to my evaluation", next((c.url for c in answer.citations if c.url), "")),
    ]
    if not (answer.abstained or answer.choices or answer.changes):
        buttons.insert(1, _button("save", "Save as card"))
    return _row(buttons, place) + _timings(answer.timings_ms)


def _row(buttons: Sequence[str], place: Place) -> str:
    return f'<div class="row actions" id="act-{place}">{"".join(buttons)}</div>'


def _button(classes: str, label: str, sends: str = "") -> str:
    """A button of an answer; `sends`: the question that it asks, where that is not what it says."""
    value = f' value="{plain(sends)}"' if sends else ""
    return f'<button type="button" class="act {classes}"{value}>{inline(label)}</button>'


def _timings(timings: Mapping[str, float]) -> str:
    if not timings:
        return ""
    rows = "".join(f"<div><dt>{plain(name)}</dt><dd>{ms:,.1f} ms</dd></div>" for name, ms in timings.items())
    return f'<details class="timings"><summary>Timings</summary><dl>{rows}</dl></details>'
