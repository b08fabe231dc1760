"""Fields of forms as HTML, each with its label; and what a form has sent, read back. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from html import escape

from corpus.errors import UsageError
from ui.markup import plain

TICKED = "on"
"""What a browser sends for a ticked box."""


class FieldError(UsageError):
    """A field was sent that cannot be used; the message says what to do."""


# --- making -----------------------------------------------------------------------------------------------------------


def day_field(name: str, label: str, value: date | None, *, required: bool = False) -> str:
    """A day, with the browser's own calendar."""
    return _field(name, label, "date", value.isoformat() if value else "", " required" * required)


def number_field(name: str, label: str, value: float | str, low: float, high: float, step: str = "0.5") -> str:
    """A number; no value leaves it empty."""
    shown = value if isinstance(value, str) else f"{value:g}"
    return _field(name, label, "number", shown, f' min="{low:g}" max="{high:g}" step="{step}" inputmode="decimal"')


def text_field(name: str, label: str, value: str) -> str:
    """A line of text."""
    return _field(name, label, "text", value, ' maxlength="100" spellcheck="false"')


def tick(name: str, html: str, *, ticked: bool, required: bool = False) -> str:
    """A box to tick, beside its (safe) HTML."""
    state = " checked" * ticked + " required" * required
    return f'<label class="pick"><input type="checkbox" name="{escape(name)}"{state}> <span>{html}</span></label>'


def choice(name: str, value: str, label: str, *, chosen: bool) -> str:
    """One of several of the same name."""
    state = " checked" if chosen else ""
    return (
        f'<label class="pick"><input type="radio" name="{escape(name)}" value="{escape(value)}"{state}> '
        f"<span>{plain(label)}</span></label>"
    )


def group(legend: str, html: str, *, classes: str = "") -> str:
    """Fields that belong together."""
    return f'<fieldset class="{classes}"><legend>{plain(legend)}</legend>{html}</fieldset>'


def kept(name: str, value: str) -> str:
    """What a form sends without showing it."""
    return f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'


def _field(name: str, label: str, kind: str, value: str, more: str) -> str:
    return (
        f'<label class="field"><span>{plain(label)}</span> '
        f'<input type="{kind}" name="{escape(name)}" value="{escape(value)}"{more}></label>'
    )


# --- reading ----------------------------------------------------------------------------------------------------------


def sent_day(sent: Mapping[str, str], name: str, what: str) -> date:
    """Errors: `FieldError` for a day that is missing, or none."""
    text = sent.get(name, "").strip()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        said = f"{text[:20]!r} is no date" if text else f"{what} is missing"
        raise FieldError(f"{said}: give one such as 2027-01-04.") from error


def sent_number(sent: Mapping[str, str], name: str, what: str) -> float:
    """Errors: `FieldError` for a number that is missing, or none. what: of what it is so many, "Hours a week"."""
    text = sent.get(name, "").strip()
    try:
        return float(text)
    except ValueError as error:
        said = f"{text[:20]!r} is no number" if text else f"{what} are missing"
        raise FieldError(f"{said}: give one such as 8.") from error


def ticked(sent: Mapping[str, str], prefix: str) -> Iterable[str]:
    """What stands after the prefix in the names of boxes that are ticked."""
    return (name.removeprefix(prefix) for name, value in sent.items() if name.startswith(prefix) and value == TICKED)
