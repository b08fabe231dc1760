"""The Sources page: what is indexed of each resource, what changed, the last look, and an ingest with its progress."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from corpus.roadmap import Roadmap
from ingest.coverage import ORDER, Change, ResourceCoverage
from ui.ingesting import Job
from ui.markup import day, inline, link, one_line, plain
from ui.sheets.parts import button, sheet, status_tag, table, week_range
from ui.sheets.roadmap import COVERAGE

INGEST = "pages/sources/ingest"
STOP = "pages/sources/stop"
_CHANGES = 40


@dataclass(frozen=True, slots=True)
class SourcesView:
    """What the page shows; `allowed`: this visitor may start a run."""

    roadmap: Roadmap
    coverage: Sequence[ResourceCoverage]
    changes: Sequence[Change]
    job: Job
    allowed: bool
    reason: str = ""
    """Why nothing can be searched; "" where it can."""


def sources_html(view: SourcesView) -> str:
    """The page."""
    return one_line(
        sheet(
            "sources",
            "Sources",
            _summary(view)
            + _broken(view.reason)
            + job_html(view.job, allowed=view.allowed)
            + _weeks(view)
            + _resources(view.coverage)
            + _changes(view.changes),
        )
    )


def job_html(job: Job, *, allowed: bool) -> str:
    """The run that is under way, how the last one ended, and what can be started. `pages.js` asks for it again while
    it has `data-poll`."""
    if job.running:
        share = f' value="{job.done}" max="{max(1, job.total)}"' if job.total else ""
        of = f" of {job.total:,}" if job.total else ""
        return (
            f'<div class="job" id="job" data-poll="pages/sources/job" role="status"><p>{plain(job.stage)}: '
            f'{job.done:,}{of}</p><progress{share} aria-label="{escape(job.stage)}"></progress>{_stop(job)}</div>'
        )
    said = f'<p class="{"failed" if job.failed else "done"}" role="status">{inline(job.said)}</p>' if job.said else ""
    return f'<div class="job" id="job">{said}{_starts() if allowed else _FROM_HERE}</div>'


_FROM_HERE = (
    '<p class="quiet">Who runs this page adds pages to it: with <code>roadmap crawl</code> and '
    "<code>roadmap ingest</code>, or with buttons here, in the browser in which the owner’s address was opened that "
    "<code>roadmap serve</code> prints.</p>"
)


def _stop(job: Job) -> str:
    """Fetching takes long and can be stopped; what came is taken in."""
    return button("Stop fetching", STOP, id="stop-crawl") if job.can_stop else ""


def _starts() -> str:
    return (
        '<div class="row">'
        + button("Take in what was fetched", INGEST, id="start-ingest", crawl="no")
        + button("Fetch pages, then take them in", INGEST, id="start-crawl", crawl="yes")
        + '</div><p class="quiet">Fetching asks the public pages of the resources, politely: it keeps to '
        "robots.txt and takes a while. Nothing is fetched unless you press the button.</p>"
    )


def _summary(view: SourcesView) -> str:
    counts = Counter(map(_shown, view.coverage))
    tags = " ".join(
        f'<span class="figure"><b>{counts[shown]}</b> {_counted(shown, counts[shown])}</span>'
        for shown in (*ORDER, "unreached")
        if counts[shown]
    )
    pages, chunks = (sum(getattr(row, name) for row in view.coverage) for name in ("pages", "chunks"))
    looked = max((row.newest for row in view.coverage), default="")
    when = f" Last looked at on {day(looked)}." if looked else " No page was fetched yet."
    return (
        f"<p>{pages:,} pages and {chunks:,} passages of them are in the index.{when} The roadmap itself and our notes "
        f'on it come with the program.</p><p class="figures">{tags}</p>'
    )


def _broken(reason: str) -> str:
    """What is wrong with the index, and what mends it."""
    return f'<p class="failed" role="status">{inline(f"{reason[:1].upper()}{reason[1:]}")}</p>' if reason else ""


def _shown(row: ResourceCoverage) -> str:
    return "unreached" if row.unreached else row.status


def _counted(shown: str, number: int) -> str:
    """What a figure counts: resources, and not pages."""
    noun = "resource" if number == 1 else "resources"
    return status_tag(_colour(shown), {_colour(shown): f"{noun}: {COVERAGE[shown]}"})


def _colour(shown: str) -> str:
    return "blocked" if shown == "unreached" else shown


def _weeks(view: SourcesView) -> str:
    """A strip of weeks: has the index text of a page for it?"""
    weeks = view.roadmap.weeks
    covered = {w for row in view.coverage if row.chunks for w in range(row.weeks.first, row.weeks.last + 1)}
    cells = "".join(
        f'<a href="?page=roadmap&amp;week={week}" class="cell{" covered" if week in covered else ""}">'
        f'<span class="sr">Week {week}: {"pages in the index" if week in covered else "no page"}</span>'
        f'<span aria-hidden="true">{week}</span></a>'
        for week in range(weeks.first, weeks.last + 1)
    )
    said = '<h3>By week</h3><p class="quiet">Weeks with pages in the index are filled.</p>'
    return f'{said}<div class="cells">{cells}</div>'


def _resources(rows: Sequence[ResourceCoverage]) -> str:
    heads = ("Weeks", "Resource", "State", "Since", "Pages", "Passages")
    lines = (
        (
            plain(week_range(r.weeks).removeprefix("Weeks ").removeprefix("Week ")),
            f'<a href="?page=roadmap&amp;week={r.weeks.first}">{plain(r.title)}</a>',
            _state(r),
            f'<span class="nowrap">{day(r.since)}</span>' if r.since else "",
            f"{r.pages:,}",
            f"{r.chunks:,}",
        )
        for r in rows
    )
    return f"<h3>By resource</h3>{table('Pages of each resource', heads, lines)}"


def _state(row: ResourceCoverage) -> str:
    """The state, and why no page came where none did."""
    why = f'<p class="quiet">{plain(row.reason)}</p>' if row.reason and not row.pages else ""
    return status_tag(row.status, {row.status: COVERAGE[_shown(row)]}) + why


def _changes(changes: Sequence[Change]) -> str:
    if not changes:
        return '<h3>What changed</h3><p class="quiet">The last run found no page new, changed or gone.</p>'
    lines = (
        (day(c.at), plain(c.what), plain(str(c.weeks)), link(c.url, plain(c.url)) or plain(c.url))
        for c in changes[:_CHANGES]
    )
    more = f'<p class="quiet">and {len(changes) - _CHANGES} more.</p>' if len(changes) > _CHANGES else ""
    return f"<h3>What changed</h3>{table('Pages that changed', ('When', 'What', 'Weeks', 'Page'), lines)}{more}"
