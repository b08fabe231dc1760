"""The Start page: three questions, and beside them how long the plan takes with the answers given so far. HTML only."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from assistant.coaching.setup import Preview, Setup, known_already
from assistant.recommendation.curriculum import load_rules
from assistant.recommendation.progress import MAX_HOURS, MIN_HOURS
from assistant.recommendation.reasons import counted
from assistant.study.learner import Learner
from assistant.study.preferences import ORDERS
from corpus.roadmap import Phase, Roadmap
from ui.markup import one_line, plain
from ui.sheets.fields import TICKED, choice, day_field, group, number_field, sent_day, sent_number, tick, ticked
from ui.sheets.parts import sheet, week_range

BEGIN = "pages/start"
PREVIEW = "pages/start/preview"
KNOWN, FORMAT = "known-", "format-"
_ORDERS = {"none": "As the roadmap says", "code": "Code first", "theory": "Theory first"}


def start_html(roadmap: Roadmap, learner: Learner, preview: Preview, today: date) -> str:
    """The page, filled with what the learner has said before."""
    again = '<p class="lead">You have a plan already. What you change here, your plan follows.</p>' * bool(
        learner.start
    )
    intro = (
        f'<p class="lead">This is the Senior AI/ML Developer Roadmap: {roadmap.weeks.last} weeks, '
        f"{len(roadmap.phases)} phases, {len(roadmap.resources)} courses, books and projects. Three questions make it "
        "your plan; all of it can be changed later under Settings.</p>"
    )
    questions = (
        group("1. When do you begin?", day_field("start", "First day", learner.start or today, required=True))
        + group("2. How much time do you have?", _pace(learner))
        + group("3. What do you know already, and what do you like?", _known(roadmap, learner) + liking_fields(learner))
    )
    label = "Save my plan" if learner.start else "Start my plan"
    form = (
        f'<form class="asks" id="start-form" data-post="{BEGIN}" data-preview="{PREVIEW}" data-then="plan" novalidate>'
        f"{questions}"
        f'<div class="row"><button class="act chief" id="start-go">{label}</button></div></form>'
    )
    return one_line(
        sheet("start", "Start my plan", f'{again or intro}<div class="beside">{form}{_shown(preview)}</div>')
    )


def preview_html(preview: Preview) -> str:
    """What is put in the place of the preview before."""
    return one_line(_shown(preview))


def read_setup(sent: Mapping[str, str]) -> Setup:
    """The answers of the form. Errors: `FieldError` naming the answer that is missing or none."""
    by_day = sent.get("pace") == "by"
    return Setup(
        sent_day(sent, "start", "The first day"),
        None if by_day else sent_number(sent, "hours", "Hours a week"),
        sent_day(sent, "by", "The day to be done") if by_day else None,
        frozenset(ticked(sent, KNOWN)),
        sent.get("prefer", ORDERS[-1]),
        sent.get("free_only") == TICKED,
        tuple(ticked(sent, FORMAT)),
    )


def liking_fields(learner: Learner) -> str:
    """What is preferred: also on the page Settings."""
    orders = "".join(
        choice("prefer", name, _ORDERS[name], chosen=(learner.prefer or "none") == name) for name in _ORDERS
    )
    formats = "".join(
        tick(FORMAT + name, plain(name.capitalize()), ticked=name in learner.formats) for name in load_rules().formats
    )
    free = tick("free_only", "Only what costs nothing", ticked=learner.free_only)
    return (
        group("Which comes first, where two would do?", orders, classes="inner")
        + group("Which suits you, where two would do?", formats, classes="inner")
        + group("Money", free, classes="inner")
    )


def _pace(learner: Learner) -> str:
    return (
        '<div class="pace">'
        + choice("pace", "hours", "From the time that I have", chosen=True)
        + number_field("hours", "Hours a week", learner.hours, MIN_HOURS, MAX_HOURS)
        + choice("pace", "by", "From the day to be done", chosen=False)
        + day_field("by", "Done by", None)
        + "</div>"
    )


def _known(roadmap: Roadmap, learner: Learner) -> str:
    known = known_already(learner)
    phases = "".join(_phase(phase, known) for phase in roadmap.phases)
    return f'<p class="quiet">Tick what you know: it is left out of the plan.</p>{phases}'


def _phase(phase: Phase, known: Collection[str]) -> str:
    boxes = "".join(
        tick(KNOWN + resource.id, plain(resource.title), ticked=resource.id in known) for resource in phase.resources
    )
    count = sum(resource.id in known for resource in phase.resources)
    some = f" · {count} ticked" if count else ""
    return (
        f'<details class="knows"{" open" * bool(count)}><summary>{plain(phase.title)} '
        f'<span class="quiet">{week_range(phase.weeks)}{some}</span></summary>{boxes}</details>'
    )


def _shown(preview: Preview) -> str:
    head = f"<h3>{counted(preview.weeks, 'week')}</h3>"
    return (
        f'<section class="panel preview" id="start-preview" aria-live="polite"><div class="short">{head}'
        f"<p>{plain(preview.text)}</p></div>{outline_html(preview)}</section>"
    )


def outline_html(preview: Preview) -> str:
    """Why it is not the roadmap's number of weeks, and what would make it shorter."""
    why = f'<p class="quiet">{plain(preview.compared)}</p>' if preview.compared else ""
    ways = "".join(f"<li>{plain(way.text)}</li>" for way in preview.shorter)
    shorter = f"<h4>What would make it shorter</h4><ul>{ways}</ul>" if ways else ""
    return why + shorter
