"""The Progress page: hours a week, days in a row, what is remembered, phases; a picture, and its figures as a table."""

from __future__ import annotations

from assistant.practice.habits import Habits
from assistant.recommendation.progress import Counts
from assistant.recommendation.reasons import counted
from assistant.study.today import Where
from ui.markup import one_line, plain
from ui.sheets.parts import bar, rows, sheet, table

PICTURE = "pages/progress.svg"


def progress_html(habits: Habits, where: Where, counts: Counts) -> str:
    """The page."""
    recalls = counted(habits.recalls, "card")
    share = "" if habits.retention is None else f"{habits.retention:.0%} of {recalls} in the last 30 days"
    week = habits.weeks[-1]
    figures = rows(
        (
            ("This week", f"{week.hours:g} of {counted(habits.hours, 'hour')}, {counted(week.reviews, 'card')}"),
            (
                "Days in a row",
                f"{habits.streak} (at best {habits.longest})" if habits.longest > habits.streak else str(habits.streak),
            ),
            ("Remembered", share or "not known yet: it shows once cards come back"),
        )
    )
    phases = "".join(
        f'<li><span class="title">Phase {p.number}: {plain(p.title)}</span> '
        f"{bar(p.counts.done, p.counts.total, f'Phase {p.number}, resources done')}{_skipped(p.counts)}</li>"
        for p in habits.phases
    )
    lines = [(f"{w.starts.day} {w.starts:%B}", f"{w.hours:g}", str(w.reviews)) for w in reversed(habits.weeks)]
    return one_line(
        sheet(
            "progress",
            "Progress",
            f'<p class="quiet"><a href="?page=today">Back to Today</a></p>'
            f'<p class="lead">{plain(where.text)} {plain(counts.text)}.</p>'
            f'<section class="panel">{figures}{_picture(len(lines))}</section>'
            f'<section class="panel"><h3>Phases</h3><ul class="phases">{phases}</ul></section>'
            f"{table('Study by week', ('Week from', 'Hours', 'Cards reviewed'), lines)}",
        )
    )


def _picture(weeks: int) -> str:
    """The drawing, whose figures stand below it."""
    said = f"Hours of study in each of the last {weeks} weeks, and resources done by phase; the figures stand below."
    dark = f'<source srcset="{PICTURE}?theme=dark" media="(prefers-color-scheme: dark)">'
    return f'<picture>{dark}<img src="{PICTURE}" width="800" height="440" alt="{said}"></picture>'


def _skipped(counts: Counts) -> str:
    return f' <span class="count">{counts.skipped} skipped</span>' if counts.skipped else ""
