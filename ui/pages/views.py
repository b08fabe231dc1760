"""What each page shows, gathered for one person from the desk. Gives HTML; changes nothing but by `started`."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from pathlib import Path

from assistant.store import answer_json
from assistant.store.conversations import ConversationError, Turn, answer_markdown, as_markdown
from corpus.errors import UsageError
from ingest.coverage import ResourceCoverage, read_changes, read_coverage
from ui.desk import Desk
from ui.ingesting import Ingesting
from ui.pages.practising import Practising
from ui.sheets.history import history_html
from ui.sheets.quality import REPORT, quality_html
from ui.sheets.roadmap import View, marked_html, roadmap_html
from ui.sheets.said import NOTHING, Said
from ui.sheets.sources import SourcesView, job_html, sources_html
from ui.sheets.today import TodayView, today_html

_KINDS = ("md", "json")


class Views:
    """The pages of one desk."""

    def __init__(self, desk: Desk, ingesting: Ingesting) -> None:
        self._desk = desk
        self._ingesting = ingesting
        self._coverage = CoverageView(desk)
        self.practising = Practising(desk)

    def today(self, person: str, said: Said = NOTHING) -> str:
        companion, now = self._desk.companion, self._desk.now()
        plan = companion.plan(person, now)
        return today_html(
            TodayView(
                companion.learner(person),
                companion.where(person, now),
                companion.next(person, now),
                companion.counts(person),
                self.practising.review(person),
                self.practising.day(person),
                plan.weeks[0] if plan and plan.weeks else None,
                said,
            )
        )

    def roadmap(self, person: str, week: int | None) -> str:
        return roadmap_html(self._view(person), week)

    def marked(self, person: str, resource: str) -> str:
        return marked_html(self._view(person), resource)

    def sources(self, *, allowed: bool) -> str:
        roadmap, data = self._desk.assistant.roadmap, self._desk.data
        changes = read_changes(data, roadmap)
        coverage = tuple(self._coverage.rows().values())
        state = self._desk.assistant.readiness()
        reason = "" if state.ready or state.loading else state.reason
        return sources_html(SourcesView(roadmap, coverage, changes, self._ingesting.job(), allowed, reason))

    def job(self, *, allowed: bool) -> str:
        return job_html(self._ingesting.job(), allowed=allowed)

    def started(self, *, crawl: bool) -> str:
        return job_html(self._ingesting.start(crawl=crawl), allowed=True)

    def stopped(self) -> str:
        return job_html(self._ingesting.stop(), allowed=True)

    def quality(self, judging: str) -> str:
        """judging: its section on judging."""
        return quality_html(self._desk.data, judging)

    def report(self) -> str:
        """The whole report as it was written. Errors: `UsageError` where there is none."""
        try:
            return (self._desk.data / REPORT / "report.html").read_text(encoding="utf-8")
        except OSError as error:
            raise UsageError("There is no report yet: run `roadmap eval`.") from error

    def history(self, person: str, search: str, deleted: str = "") -> str:
        return history_html(self._desk.conversations.list(person, search), search, deleted)

    def exported(self, person: str, id: str, kind: str) -> tuple[str, str]:
        """A conversation as text, and its media type. Errors: `ConversationError`."""
        if kind not in _KINDS:
            raise ConversationError(f"A conversation cannot be exported as {kind[:20]!r}: choose {', '.join(_KINDS)}.")
        kept = self._desk.conversations.load(person, id)
        if kind == "md":
            return as_markdown(kept), "text/markdown"
        turns = [_turn_json(turn) for turn in kept.turns]
        return json.dumps({"title": kept.title, "turns": turns}, ensure_ascii=False, indent=1), "application/json"

    def turn(self, person: str, id: str, number: int) -> Turn:
        """One turn of a kept conversation. Errors: `ConversationError`."""
        turns = self._desk.conversations.load(person, id).turns
        if not 0 <= number < len(turns):
            raise ConversationError(f"The conversation has no question {number + 1}: reload the page.")
        return turns[number]

    def copied(self, person: str, id: str, number: int) -> str:
        """An answer as Markdown. Errors: `ConversationError`."""
        answer = self.turn(person, id, number).answer
        return answer_markdown(answer) if answer else ""

    def _view(self, person: str) -> View:
        companion = self._desk.companion
        progress, now = companion.progress(person), self._desk.now()
        week, where = companion.week(person, now), companion.where(person, now)
        return View(companion.roadmap, companion.notes, progress, self._coverage.rows(), week, where)


class CoverageView:
    """The coverage, read anew only when the index or the pages have changed: it is read from 13,000 lines."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._read: tuple[tuple[int, ...], Mapping[str, ResourceCoverage]] = ((), {})

    def rows(self) -> Mapping[str, ResourceCoverage]:
        """Resource id -> its coverage, in the roadmap's order."""
        data, roadmap, own = self._desk.data, self._desk.assistant.roadmap, self._desk.assistant.settings.sources
        stamp = tuple(_changed(data / name) for name in ("current", "pages.db", "pages.db-wal"))
        with self._lock:
            if self._read[0] != stamp:
                self._read = (stamp, {row.id: row for row in read_coverage(data, roadmap, own)})
            return self._read[1]


def _changed(path: Path) -> int:
    return path.stat().st_mtime_ns if path.is_file() else 0


def _turn_json(turn: Turn) -> dict[str, object]:
    answer = answer_json.to_json(turn.answer) if turn.answer else None
    return {"at": turn.at, "question": turn.question, "week": turn.week, "scope": turn.scope, "answer": answer}
