"""The Settings page: plan, pauses, preferences, language model, theme, and what is stored of a person. HTML only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.recommendation.progress import MAX_HOURS, MIN_HOURS
from assistant.recommendation.reasons import counted
from assistant.study.learner import Learner
from assistant.study.preferences import Wishes
from corpus.roadmap import Weeks
from ui.markup import one_line, plain
from ui.sheets.fields import (
    TICKED,
    FieldError,
    choice,
    day_field,
    group,
    kept,
    number_field,
    sent_day,
    sent_number,
    text_field,
    tick,
    ticked,
)
from ui.sheets.parts import button, sheet
from ui.sheets.said import NOTHING, Said, said_html
from ui.sheets.start import FORMAT, liking_fields

if TYPE_CHECKING:
    from assistant.generation.servers import Found  # imports the SDK of the protocol

PLAN = "pages/settings/plan"
LIKING = "pages/settings/preferences"
MODEL = "pages/settings/model"
DELETE = "pages/settings/delete"
UNDO = "pages/settings/undo"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY = "day-"
_THEMES = {"system": "As this device", "light": "Light", "dark": "Dark"}


@dataclass(frozen=True, slots=True)
class SettingsView:
    """What the page shows. `seen`: what tells these settings from others. `model`: the configured one; "" for none."""

    learner: Learner
    weeks: Weeks
    seen: str
    model: str
    conversations: int
    may_look: bool
    said: Said = NOTHING


def settings_html(view: SettingsView) -> str:
    """The page."""
    return one_line(
        sheet(
            "settings",
            "Settings",
            f"{said_html(view.said, UNDO)}{_plan(view)}{_pauses(view.learner)}{_liking(view)}"
            f"{_model(view)}{_theme()}{_data(view)}",
        )
    )


def read_plan(sent: Mapping[str, str], before: Learner) -> Wishes:
    """Start, week and hours; the hours of the weekdays count where they were changed. Errors: `FieldError`."""
    start = sent_day(sent, "start", "The first day").isoformat() if sent.get("start") or before.start else None
    week = sent.get("week", "").strip()
    shown = [sent.get(f"{_DAY}{number}", "").strip() for number in range(7)]
    changed = shown != _shown_days(before)
    given = any(shown)
    days = (
        [sent_number({name: text or "0"}, name, name) for name, text in zip(DAYS, shown, strict=True)] if given else []
    )
    hours = None if changed and given else sent_number(sent, "hours", "Hours a week")
    if week and not week.isdecimal():
        raise FieldError(f"{week[:20]!r} is no week: give a number such as 14.")
    return Wishes(
        start=start if start != (before.start.isoformat() if before.start else None) else None,
        hours=hours,
        week=int(week[:6] or 0),
        weekdays=days if changed else None,
    )


def read_liking(sent: Mapping[str, str], before: Learner) -> Wishes:
    """Preferences and the time zone."""
    return Wishes(
        prefer=sent.get("prefer"),
        free_only=sent.get("free_only") == TICKED,
        formats=list(ticked(sent, FORMAT)),
        timezone=sent.get("timezone", "").strip() or before.timezone,
    )


def found_html(found: Sequence[Found]) -> str:
    """Which language models answer on this machine."""
    if not found:
        return (
            '<div id="model-found"><p>None was found on this machine. <code>roadmap llm serve-small</code> serves a '
            "small one.</p></div>"
        )
    lines = "".join(
        f"<li>{plain(server.kind)} with {plain(', '.join(server.models[:5]) or 'no model')}: set "
        f"<code>ROADMAP_LLM_URL={plain(server.url)}</code> and start anew.</li>"
        for server in found
    )
    return f'<div id="model-found"><p>Found, and not used unless you set it:</p><ul>{lines}</ul></div>'


def _plan(view: SettingsView) -> str:
    learner = view.learner
    days = "".join(
        number_field(f"{_DAY}{number}", name, hours, 0, 24, "0.25")
        for number, (name, hours) in enumerate(zip(DAYS, _shown_days(learner), strict=True))
    )
    week = "" if learner.week is None else str(learner.week)
    fields = (
        day_field("start", "First day", learner.start)
        + number_field("hours", "Hours a week", learner.hours, MIN_HOURS, MAX_HOURS)
        + number_field("week", "I am in week", week, view.weeks.first, view.weeks.last, "1")
    )
    form = (
        f'<form class="asks" data-post="{PLAN}" id="settings-plan">{kept("seen", view.seen)}'
        f'<div class="fields">{fields}</div>'
        f"{group('Hours by weekday (all empty: spread evenly)', days, classes='inner days')}"
        '<p class="quiet">Weekdays set the hours a week. What ends before your week of the roadmap counts as known.</p>'
        '<div class="row"><button class="act chief" id="settings-plan-save">Save the plan</button>'
        '<a class="act" href="?page=start">Ask me the three questions again</a></div></form>'
    )
    return f'<section class="panel"><h3>Plan</h3>{form}</section>'


def _shown_days(learner: Learner) -> list[str]:
    """Hours of each weekday as they are shown: those of the plan, also after its hours a week have changed."""
    whole = sum(learner.weekdays)
    if not whole:
        return [""] * 7
    return [f"{round(hours * learner.hours / whole, 2):g}" for hours in learner.weekdays]


def _pauses(learner: Learner) -> str:
    count = len(learner.pauses)
    told = f"Pauses and moves in your plan: {count}." if count else "No pause in your plan."
    return (
        f'<section class="panel"><h3>Pauses</h3><p>{told}</p><div class="row">'
        '<a class="act" href="?page=plan">See and change them on the plan</a></div></section>'
    )


def _liking(view: SettingsView) -> str:
    form = (
        f'<form class="asks" data-post="{LIKING}" id="settings-liking">{kept("seen", view.seen)}'
        f"{liking_fields(view.learner)}{text_field('timezone', 'Time zone', view.learner.timezone)}"
        '<div class="row"><button class="act chief" id="settings-liking-save">Save the preferences</button>'
        '<button type="button" class="act here-zone">Take the zone of this device</button></div></form>'
    )
    return f'<section class="panel"><h3>Preferences</h3>{form}</section>'


def _model(view: SettingsView) -> str:
    if view.model:
        told = (
            f"{plain(view.model)} is set: it words answers from the sources. The chat says when it cannot be reached."
        )
    else:
        told = "None is set: answers are quotes from the roadmap, our notes and the pages. That works without one."
    look = button("Look for one on this machine", MODEL, id="model-look")
    look = f'<div class="row">{look}</div><div id="model-found"></div>'
    owner = (
        '<p class="quiet"><code>roadmap llm</code> looks for one on this machine; so does this page for its owner.</p>'
    )
    return f'<section class="panel"><h3>Language model</h3><p>{told}</p>{look if view.may_look else owner}</section>'


def _theme() -> str:
    choices = "".join(choice("theme", name, word, chosen=name == "system") for name, word in _THEMES.items())
    return (
        '<section class="panel"><h3>Look</h3><form class="asks" id="theme-form">'
        f'{group("Colours", choices, classes="inner")}</form><p class="quiet">Kept in this browser.</p></section>'
    )


def _data(view: SettingsView) -> str:
    marks, cards = len(view.learner.marks), len(view.learner.cards)
    told = (
        "Kept on the machine that serves this page, and sent nowhere: "
        f"{counted(marks, 'mark')} of progress, {counted(cards, 'card')} of your own, "
        f"{counted(view.conversations, 'conversation')}."
    )
    replaces = "Yes: it takes the place of the progress, settings and reviews that are kept here."
    bring = (
        '<details><summary>Import …</summary><form class="asks" id="import-form"><label class="field wide"><span>A '
        'file from an export</span> <input type="file" name="file" accept=".json,application/json" required></label>'
        f"{tick('sure', replaces, ticked=False, required=True)}"
        '<div class="row"><button class="act danger">Import the file</button></div></form></details>'
    )
    away = (
        f'<details><summary>Delete …</summary><form class="asks" data-post="{DELETE}" id="delete-form">'
        "<p>Are you sure? This deletes your progress, plan, settings and reviews for good. Export them first if you "
        "may want them back.</p>"
        f"{tick('sure', 'Yes, delete all that is kept of my learning.', ticked=False, required=True)}"
        f"{tick('conversations', 'Delete my conversations, too.', ticked=False)}"
        '<div class="row"><button class="act danger" id="delete-go">Delete it for good</button></div></form></details>'
    )
    return (
        f'<section class="panel" id="my-data"><h3>My data</h3><p>{told}</p><div class="row"><a class="act" '
        f'href="api/v1/export" download="roadmap-progress.json">Export</a></div>{bring}{away}</section>'
    )
