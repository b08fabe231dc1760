"""kill -9 at 50 seeded points of an ingest: what is served is whole, and running again converges (safety 13).

Half of the points are in a first ingest, half in one of changed pages. Most are counted in what the run does (files
that it opens, renames or removes, processes that it starts, progress), so that they fall between any two steps; the
others are moments, so that they fall inside of Chroma too. KILL_POINTS=N takes fewer.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ingest_fixtures import SITE, pages, write_warc

from corpus.notes import Notes
from corpus.settings import Settings
from ingest import pipeline
from ingest.index.generations import Generations
from ingest.index.manifest import read_kept, verify

POINTS = int(os.environ.get("KILL_POINTS", "50"))
SEED = 13
EVENTS = frozenset({"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "sqlite3.connect", "subprocess.Popen"})

pytestmark = pytest.mark.e2e


@dataclass(frozen=True, slots=True)
class Scene:
    """An ingest to be killed: the folder before it, its WARC file, and the folder after it ran undisturbed."""

    name: str
    before: Path
    warc: Path
    after: Path
    events: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one kill did: what was served then, the most disk in use, how far the vectors are off in the end."""

    scene: str
    killed: bool
    served: str
    disk: float
    difference: float


def work(data: str, warc: str, kill_at: int, count_in: str) -> None:
    """The ingest, in a process of its own; kills itself at event `kill_at`, or writes how many there were."""
    seen = 0

    def tick() -> None:
        nonlocal seen
        seen += 1
        if seen == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event in EVENTS and (event == "subprocess.Popen" or str(arguments[0]).startswith(data)):
            tick()

    pipeline.load_notes = Notes
    sys.addaudithook(audit)
    pipeline.ingest(Settings(data=Path(data)), [Path(warc)], progress=lambda *_: tick())
    Path(count_in).write_text(str(seen))


def start(data: Path, warc: Path, kill_at: int = 0) -> BaseProcess:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["ingest.pipeline", "sentence_transformers", "llama_index.embeddings.huggingface"])
    process = context.Process(target=work, args=(str(data), str(warc), kill_at, str(data) + ".events"))
    process.start()
    return process


def watch(process: BaseProcess, data: Path, kill_after: float = 0) -> int:
    """Waits for the process, kills it after `kill_after` seconds, and returns the most bytes that `data` held."""
    most, begun = 0, time.monotonic()
    while process.is_alive():
        process.join(0.05)
        most = max(most, size(data))
        if kill_after and time.monotonic() - begun > kill_after:
            process.kill()
    return most


def size(folder: Path) -> int:
    total = 0
    for root, _, names in os.walk(folder):  # unlike rglob, it passes over folders that vanish meanwhile
        for name in names:
            with suppress(FileNotFoundError):
                total += (Path(root) / name).stat().st_size
    return total


def vectors(data: Path) -> dict[str, np.ndarray]:
    folder = Generations(data).current()
    if folder is None:
        return {}
    _, chunks, rows = read_kept(folder)
    return {chunk.id: np.array(row) for chunk, row in zip(chunks, rows, strict=True)}


def scene(name: str, before: Path, warc: Path, tmp: Path) -> Scene:
    after = tmp / f"{name}-after"
    shutil.copytree(before, after)
    begun = time.monotonic()
    process = start(after, warc)
    watch(process, after)
    assert process.exitcode == 0
    return Scene(name, before, warc, after, int(Path(f"{after}.events").read_text()), time.monotonic() - begun)


def scenes(tmp: Path) -> list[Scene]:
    empty = tmp / "empty"
    empty.mkdir()
    first = scene("first", empty, write_warc(tmp / "one.warc.gz", pages(paragraphs=6)), tmp)
    changed: dict[str, str | int] = {**pages("One paragraph more.", paragraphs=6), f"{SITE}gone.html": 404}
    changed[f"{SITE}merge-again.html"] = pages("Another page on it.", paragraphs=2)[f"{SITE}merge.html"]
    return [first, scene("changed", first.after, write_warc(tmp / "two.warc.gz", changed, day=2), tmp)]


def kill_once(what: Scene, data: Path, chance: random.Random, by_time: bool) -> Outcome:
    shutil.copytree(what.before, data)
    process = start(data, what.warc, 0 if by_time else chance.randint(1, what.events))
    most = watch(process, data, chance.uniform(0, what.seconds) if by_time else 0)
    killed = process.exitcode == -signal.SIGKILL
    ids = set(vectors(data))
    states = {"old": set(vectors(what.before)), "new": set(vectors(what.after))}
    served = next((name for name, wanted in states.items() if ids == wanted), "neither")
    current = Generations(data).current()
    if current is not None:
        verify(current)
    again = start(data, what.warc)
    most = max(most, watch(again, data))
    assert again.exitcode == 0
    end, wanted = vectors(data), vectors(what.after)
    assert end.keys() == wanted.keys()
    assert len(list(Generations(data).root.iterdir())) == 1
    difference = max(float(np.abs(end[id] - wanted[id]).max()) for id in wanted)
    return Outcome(what.name, killed, served, most / size(what.after), difference)


def test_a_killed_ingest_serves_a_whole_index_and_converges(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(SEED)
    both = scenes(tmp_path)
    outcomes: list[Outcome] = []
    for point in range(POINTS):
        data = tmp_path / "data"
        outcomes.append(kill_once(both[point % 2], data, chance, by_time=point % 5 == 4))
        shutil.rmtree(data)
        with capsys.disabled():
            print(f"  kill {point + 1}/{POINTS}: {outcomes[-1]}", flush=True)  # noqa: T201 -- shows that it lives
    with capsys.disabled():
        print(summary(both, outcomes))  # noqa: T201 -- the summary is asked for
    assert {outcome.served for outcome in outcomes} <= {"old", "new"}
    assert max(outcome.disk for outcome in outcomes) < 2
    assert max(outcome.difference for outcome in outcomes) < 1e-5
    assert sum(outcome.killed for outcome in outcomes) >= 0.8 * POINTS


def summary(both: list[Scene], outcomes: list[Outcome]) -> str:
    lines = [f"\n{POINTS} kill points, seed {SEED}"]
    for what in both:
        mine = [outcome for outcome in outcomes if outcome.scene == what.name]
        served = Counter(outcome.served for outcome in mine)
        killed = sum(outcome.killed for outcome in mine)
        told = ", ".join(f"{count} {name}" for name, count in sorted(served.items()))
        lines.append(
            f"  {what.name}: {len(mine)} points in {what.events} events, {killed} killed before the end; served: {told}"
        )
    lines.append(
        f"  all converged to the ids of an undisturbed run; vectors differ by at most "
        f"{max(o.difference for o in outcomes):.1e}; most disk {max(o.disk for o in outcomes):.2f} x the clean size"
    )
    return "\n".join(lines)
