"""What a crawl has found and done, on disk: an append-only journal of the run, and a summary.

`crawl.jsonl` holds the present run, an event a line, written together with the page's links and
synced before the next page. A run that ended says so in its last line; one that did not is
continued. `known.jsonl` holds, for every address ever seen, its last outcome and its last good
body; it is written anew, aside, when a run ends. Knows nothing of HTTP.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast

from ingest.archive.warclog import Held
from ingest.crawling.records import PageOutcome, PageStatus

JOURNAL = "crawl.jsonl"
KNOWN = "known.jsonl"


@dataclass(frozen=True, slots=True)
class Job:
    """One address to fetch, for one source."""

    url: str
    source: str
    depth: int = 0
    hops: int = 0
    """How many redirects led here."""
    scoped: bool = True
    """Whether it lies within the prefixes, so that its links are looked at."""


@dataclass(frozen=True, slots=True)
class Done:
    """One address that is finished with, and its body where it has a good one."""

    outcome: PageOutcome
    held: Held | None = None


@dataclass(slots=True)
class RunState:
    """A run as its journal tells it."""

    run: str = ""
    resources: tuple[str, ...] = ()
    found: list[Job] = field(default_factory=list[Job])
    done: dict[str, Done] = field(default_factory=dict[str, Done])
    ended: bool = False


class Journal:
    """Appends the events of one run."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / JOURNAL
        self._file = self._path.open("ab")

    def begin(self, run: str, resources: Iterable[str]) -> None:
        """Forget the run before, and start this one."""
        self._file.truncate(0)
        self._write([{"event": "run", "run": run, "resources": list(resources)}])

    def resume(self) -> None:
        """Go on behind what is there, on a line of its own."""
        self._file.write(b"\n")

    def add(self, found: Iterable[Job], done: Done | None = None) -> None:
        """New addresses, and the page that they were found on: both or, after a kill, neither."""
        events: list[dict[str, Any]] = [{"event": "found", **asdict(job)} for job in found]
        if done is not None:
            events.append({"event": "done", **_done_to_json(done)})
        if events:
            self._write(events)

    def end(self) -> None:
        """The run is complete."""
        self._write([{"event": "end"}])

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _write(self, events: list[dict[str, Any]]) -> None:
        lines = "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events)
        self._file.write(lines.encode("utf-8"))
        self._file.flush()
        os.fsync(self._file.fileno())


def read_run(folder: Path) -> RunState:
    """The run in `folder`, empty when there is none; a cut or damaged line is left out."""
    state = RunState()
    for event in _lines(folder / JOURNAL):
        kind = event.pop("event", "")
        try:
            if kind == "run":
                state = RunState(run=str(event["run"]), resources=tuple(event["resources"]))
            elif kind == "found":
                state.found.append(Job(**event))
            elif kind == "done":
                done = _done_from_json(event)
                state.done[done.outcome.url] = done
            elif kind == "end":
                state.ended = True
        except (TypeError, KeyError, ValueError):
            continue  # a line of another version: that page is fetched again
    return state


def read_known(folder: Path) -> dict[str, Done]:
    """What is known of every address, from all runs that ended; empty when there is nothing."""
    known: dict[str, Done] = {}
    for event in _lines(folder / KNOWN):
        try:
            done = _done_from_json(event)
        except (TypeError, KeyError, ValueError):
            continue
        known[done.outcome.url] = done
    return known


def merge_known(known: dict[str, Done], run: RunState) -> dict[str, Done]:
    """`known` after `run`: the newer outcome, and the last good body also of what is gone now."""
    merged = dict(known)
    for url, done in run.done.items():
        before = known.get(url)
        merged[url] = Done(done.outcome, done.held or (before.held if before else None))
    return merged


def write_known(folder: Path, known: dict[str, Done]) -> None:
    """Replace the summary as a whole."""
    aside = folder / (KNOWN + ".new")
    with aside.open("wb") as file:
        for url in sorted(known):
            line = json.dumps(_done_to_json(known[url]), ensure_ascii=False) + "\n"
            file.write(line.encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())
    aside.replace(folder / KNOWN)


def _lines(path: Path) -> Iterable[dict[str, Any]]:
    if not path.exists():
        return
    with path.open("rb") as file:
        for line in file:
            try:
                event = json.loads(line)
            except ValueError:
                continue  # cut by a kill, or the empty line before a resumed part
            if isinstance(event, dict):
                yield cast("dict[str, Any]", event)


def _done_to_json(done: Done) -> dict[str, Any]:
    return {"outcome": asdict(done.outcome), "held": asdict(done.held) if done.held else None}


def _done_from_json(event: dict[str, Any]) -> Done:
    fields = dict(event["outcome"])
    status = PageStatus(fields.pop("status"))
    outcome = PageOutcome(status=status, **fields)
    return Done(outcome, Held(**event["held"]) if event["held"] else None)
