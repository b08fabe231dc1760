"""The Roadmap page: the weeks by phase with progress; each block opens to its resources. Pure HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from assistant.recommendation.progress import Progress, count
from assistant.recommendation.reasons import counted
from assistant.study.today import Where
from corpus.notes import Note, Notes
from corpus.roadmap import Block, Phase, Resource, Roadmap
from ingest.coverage import ResourceCoverage
from ui.markup import day, inline, link, markdown, one_line, open_link, plain
from ui.sheets.parts import bar, button, rows, sheet, status_tag, week_range

MARK = "pages/roadmap/mark"
COVERAGE = {
    "indexed": "pages in the index",
    "stale": "page gone, last copy kept",
    "blocked": "not given out by the site",
    "unreached": "could not be reached",
    "dead": "page is gone",
    "not-text": "no text to index",
    "not-fetched": "not fetched yet",
}
_STATES = (("in-progress", "Begun"), ("done", "Done"), ("skipped", "Skipped"))
_MARKS = {"done": "done", "skipped": "skipped", "in-progress": "begun"}


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows: the roadmap, what a person has done, the week that the work has reached, and where the
    person is by the calendar."""

    roadmap: Roadmap
    notes: Notes
    progress: Progress
    coverage: Mapping[str, ResourceCoverage]
    week: int | None
    where: Where

    def mark(self, id: str) -> str:
        """The status of a resource; "" where it is not begun."""
        found = self.progress
        sets = {"done": found.done, "skipped": found.skipped, "in-progress": found.in_progress}
        return next((status for status, ids in sets.items() if id in ids), "")


def roadmap_html(view: View, shown: int | None) -> str:
    """The page; the blocks of week `shown` (else of the person's week) are open."""
    at = shown if shown is not None else view.week
    strip = f'<nav class="strip" aria-label="Phases">{"".join(_step(p, view) for p in view.roadmap.phases)}</nav>'
    phases = "".join(_phase(phase, view, at) for phase in view.roadmap.phases)
    return one_line(sheet("roadmap", "Roadmap", _overall(view) + _jump(view, at) + strip + phases))


def marked_html(view: View, id: str) -> str:
    """Everything on the page that a mark on resource `id` changes."""
    pieces = [_overall(view)]
    for phase in view.roadmap.phases:
        if any(r.id == id for r in phase.resources):
            pieces += [_phase_progress(phase, view), _step(phase, view)]
    for number, block in enumerate(view.roadmap.blocks):
        found = [r for r in block.resources if r.id == id]
        pieces += [_block_progress(number, block, view)] if found else []
        pieces += [_resource(resource, view) for resource in found]
    return one_line("".join(pieces))


def _overall(view: View) -> str:
    found = count(view.roadmap.resources, view.progress)
    skipped = f", {found.skipped} skipped" if found.skipped else ""
    reached = f" Your work has reached week {view.week}." if view.week is not None else ""
    where = f" {plain(view.where.text)}" if view.where.week is not None else ""
    figures = bar(found.done, found.total, "Resources done")
    return f'<div class="overall" id="overall">{figures} resources done{skipped}.{where}{reached}</div>'


def _jump(view: View, at: int | None) -> str:
    weeks = view.roadmap.weeks
    value = f' value="{at}"' if at is not None else ""
    return (
        '<form class="jump" data-go="roadmap"><label for="jump-week">Go to week</label>'
        f'<input type="number" id="jump-week" name="week" min="{weeks.first}" max="{weeks.last}" required{value}>'
        '<button class="act">Go</button></form>'
    )


def _step(phase: Phase, view: View) -> str:
    found = count(phase.resources, view.progress)
    here = " here" if view.week is not None and view.week in phase.weeks else ""
    return (
        f'<a class="step{here}" id="step-{phase.number}" href="?page=roadmap&amp;week={phase.weeks.first}" '
        f'style="--weeks:{len(phase.weeks)}"><b>Phase {phase.number}</b><span>{week_range(phase.weeks)}</span>'
        f"<span>{found.done} of {found.total} done</span></a>"
    )


def _phase(phase: Phase, view: View, at: int | None) -> str:
    blocks = "".join(
        _block(number, block, view, at) for number, block in enumerate(view.roadmap.blocks) if block in phase.blocks
    )
    return (
        f'<section class="phase" id="phase-{phase.number}"><h3>Phase {phase.number} · {plain(phase.title)}</h3>'
        f"{_phase_progress(phase, view)}{blocks}</section>"
    )


def _phase_progress(phase: Phase, view: View) -> str:
    found = count(phase.resources, view.progress)
    figures = bar(found.done, found.total, f"Phase {phase.number}, resources done")
    return f'<div class="progressed" id="progress-{phase.number}"><span>{week_range(phase.weeks)}</span>{figures}</div>'


def _block(number: int, block: Block, view: View, at: int | None) -> str:
    here = at is not None and at in block.weeks
    classes = "block here" if here else "block"
    undivided = "" if block.divided else '<p class="quiet">The roadmap does not divide these weeks further.</p>'
    inner = "".join(_resource(resource, view) for resource in block.resources)
    return (
        f'<details class="{classes}" id="block-{number}"{" open" if here else ""}><summary>'
        f'<span class="weeks">{week_range(block.weeks)}</span><span class="title">{plain(block.title)}</span>'
        f"{_block_progress(number, block, view)}</summary>{undivided}{inner}</details>"
    )


def _block_progress(number: int, block: Block, view: View) -> str:
    found = count(block.resources, view.progress)
    return f'<span class="count" id="block-{number}-progress">{found.done} of {found.total} done</span>'


def _resource(r: Resource, view: View) -> str:
    mark = view.mark(r.id)
    said = f'<span class="tag mark {mark}">{_MARKS[mark]}</span>' if mark in _MARKS else ""
    role = "" if r.role == "main" else f'<span class="tag">{r.role}</span>'
    return (
        f'<article class="resource" id="r-{escape(r.id)}" tabindex="-1"><h4>{plain(r.title)} {role}{said}</h4>'
        f"{_marking(r, mark)}{_columns(r)}{_links(r)}{_note(view.notes.note(r.id), r)}"
        f"{_coverage(view.coverage.get(r.id))}</article>"
    )


def _marking(r: Resource, mark: str) -> str:
    """Three buttons; the one that holds takes its mark away again."""
    buttons = "".join(
        button(
            word,
            MARK,
            id=f"mark-{r.id}-{state}",
            pressed=state == mark,
            resource=r.id,
            status="not-started" if state == mark else state,
        )
        for state, word in _STATES
    )
    return f'<div class="row" role="group" aria-label="Your progress on {escape(r.title)}">{buttons}</div>'


def _columns(r: Resource) -> str:
    texts = (
        ("Task", r.task),
        ("Focus", r.focus),
        ("Outcome", r.outcome),
        ("By", ", ".join(r.authors)),
        ("Alternatives", ", ".join(r.alternatives)),
        ("Pros", ", ".join(r.pros)),
        ("Cons", ", ".join(r.cons)),
        ("Difficulty", r.difficulty),
        ("Hands-on", r.hands_on),
        ("Recommendation", r.recommendation),
    )
    return rows((term, inline(text)) for term, text in texts)


def _links(r: Resource) -> str:
    links = "".join(f"<li>{link(found.url, plain(found.text or found.url))}</li>" for found in r.links)
    return f'<ul class="links">{links}</ul>' if links else ""


def _note(note: Note | None, r: Resource) -> str:
    if note is None:
        return ""
    units = "".join(f"<li>{link(u.url, plain(u.title))} <span>{u.hours:g} h</span></li>" for u in note.units)
    urls = {source.url for source in note.sources} | {unit.url for unit in note.units}
    return (
        f'<details class="note"><summary>Our note: {counted(len(note.units), "part")}, '
        f"about {counted(note.hours, 'hour')}"
        f'<span class="sr"> for {plain(r.title)}</span></summary><ol>{units}</ol>'
        f'<div class="body">{markdown(note.body, urls)}</div>'
        f'<p class="quiet">{plain(note.cost_detail)} Checked {day(note.checked.isoformat())}. '
        f"{open_link(note.lives_at)}</p></details>"
    )


def _coverage(found: ResourceCoverage | None) -> str:
    if found is None:
        return ""
    since = f" since {day(found.since)}" if found.since else ""
    pages = f", {counted(found.pages, 'page')}, {counted(found.chunks, 'passage')}" if found.pages else ""
    return f'<p class="quiet">{status_tag(found.status, COVERAGE)}{since}{pages}</p>'
