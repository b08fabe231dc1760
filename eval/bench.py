"""Speed as ratios in one run: `python -m eval.bench [--pages N] [--parts ask,load]` prints a table, with the machine.

Each figure is taken in processes of its own, the two sides of a ratio one after the other. Wall time is what the floors
are for; processor time stands beside it, because another load on the machine disturbs it less. Memory is what a process
and its children hold together, shared pages counted once. `--pages` takes fewer pages, `--parts` fewer measurements:
all of them take half an hour on two cores. What needs pages is left out without ../shared.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from corpus.settings import Settings
from eval.memory import watched

ROOT = Path(__file__).parents[1]
PAGES = ROOT.parent / "shared" / "pages.warc.gz"
QUESTION = "what should I do in week 14?"
TOPIC = "what is dropout?"
ASK_RUNS = 5
LOAD_SECONDS = 15
UNBOUNDED = 1e9
"""The floor of a row whose `least` alone counts."""
PARTS = ("ask", "ingest", "search", "load")
NOTES = "data-notes"
"""Folder of the index of the roadmap and the notes."""
FULL = "data-full"
"""Folder of the index of all the pages that are measured."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took: seconds on the wall and of all its processors, peak memory in MB, and what it says."""

    wall: float
    processor: float
    memory: float
    said: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `floor` is the most that `value` may be, where one was set, and `least` the least."""

    what: str
    value: float
    unit: str = ""
    floor: float | None = None
    detail: str = ""
    least: float = 0.0

    @property
    def holds(self) -> bool:
        return self.floor is None or self.least <= self.value <= self.floor


def main() -> None:
    """Prints the table; exit status 1 when a floor is broken."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench", description=__doc__)
    parser.add_argument("--pages", type=int, default=0, metavar="N", help="so many pages, spread over the sites")
    parser.add_argument("--parts", default=",".join(PARTS), help="which measurements; search needs ingest")
    parser.add_argument("--out", type=Path, default=Path("build/bench.json"), help="where the rows are written, too")
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        _step(*arguments.step)
        return
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder), arguments.pages, arguments.parts.split(","))
    Console().print(table(rows))
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps({"machine": machine(), "rows": [asdict(row) for row in rows]}, indent=1))
    sys.exit(0 if all(row.holds for row in rows) else 1)


def measure(work: Path, pages: int = 0, parts: Collection[str] = PARTS) -> list[Row]:
    """All rows, over so many pages (0: all); `work` is an empty folder for indexes and WARC files."""
    rows = list[Row]()
    if {"ask", "load"} & set(parts):
        _ask_step("ingest", str(work / NOTES))
    if "ask" in parts:
        rows += ask_rows(ASK_RUNS) + question_rows(work / NOTES)
    if "ingest" in parts and PAGES.is_file():
        rows += ingest_rows(work, pages or _count_pages())
        rows += search_rows(work) + compose_rows(work / FULL) if "search" in parts else []
    if "load" in parts:
        rows += load_rows(work / NOTES)
    return rows


def ask_rows(runs: int) -> list[Row]:
    """`roadmap ask` about a week against importing sentence-transformers, in turns; medians."""
    ask = [sys.executable, "-c", "from ui.cli.app import main; main()", "ask", QUESTION]
    load = [sys.executable, "-c", "import sentence_transformers"]
    pairs = [(_run(ask), _run(load)) for _ in range(runs)]
    asked, loaded = (statistics.median(pair[side].wall for pair in pairs) for side in (0, 1))
    busy = [statistics.median(pair[side].processor for pair in pairs) for side in (0, 1)]
    detail = f"{asked:.2f} s against {loaded:.2f} s; processor {busy[0] / busy[1]:.3f}"
    return [Row("ask about a week / import sentence_transformers", asked / loaded, "x", 0.1, detail)]


def ingest_rows(work: Path, total: int) -> list[Row]:
    """Full run, second run, changed paragraph, memory at one, two and four times the pages, and plain LlamaIndex."""
    sizes = (total // 4, total // 2, total)
    warcs = [copy_pages(work / f"{size}.warc.gz", size) for size in sizes]
    data, small = str(work / FULL), str(work / "data-small")
    first, second = (_ask_step("ingest", small, str(warcs[0])) for _ in range(2))
    plain = _ask_step("llamaindex", small)
    costs = [first, _ask_step("ingest", small, str(warcs[1])), _ask_step("ingest", data, str(warcs[2]))]
    bare = _ask_step("encode", data)
    again = _ask_step("ingest", data, str(warcs[-1]))
    changed = _ask_step("ingest", data, str(copy_pages(work / "edited.warc.gz", 1, edit=True)))
    return [
        _ratio(f"ingest of {total} pages / bare encoding of its chunks", costs[-1], bare, 0.75),
        _ratio("second run / bare encoding", again, bare, 0.03),
        Row("chunks embedded by a second run", again.said["embedded"], "", 0),
        Row("chunks embedded after one changed paragraph", changed.said["embedded"], "", 3, least=1),
        *(Row(f"peak memory, {size} pages", cost.memory, "MB", 1000) for size, cost in zip(sizes, costs, strict=True)),
        growth(costs[0], costs[-1]),
        _ratio(f"LlamaIndex from_documents / our ingest, {sizes[0]} pages", plain, first, None),
        _ratio("the same, second run", plain, second, None),
    ]


def search_rows(work: Path) -> list[Row]:
    """A search against encoding its question, on the index of `ingest_rows` and on one ten times as large."""
    said = _ask_step("search", str(work / FULL), str(work / "ten-times")).said
    return [row for found in said["times"] for row in _search_rows(**found)]


def question_rows(data: Path) -> list[Row]:
    """Any question against importing sentence-transformers, in turns: from a cold start, and through a server; medians.
    And what the server holds in memory after its first answers."""
    from eval.bench_load import OURS, served

    command = [sys.executable, "-c", OURS, "ask", TOPIC]
    load = [sys.executable, "-c", "import sentence_transformers"]
    cold = [(_run([*command, "--local"], data), _run(load)) for _ in range(ASK_RUNS)]
    with served([sys.executable, "-c", OURS, "serve", "--port", "{port}"], data) as (_, process):
        _run(command, data)
        held = resident(process)
        warm = [(_run(command, data), _run(load)) for _ in range(ASK_RUNS)]
    return [
        _asked("ask of any question, cold / import sentence_transformers", cold, 0.5),
        _asked("ask of any question through a server / import sentence_transformers", warm, 0.15),
        Row("memory of the server after its first answer, notes", held, "MB", 356),
    ]


def resident(process: int) -> float:
    """What a process holds in memory, in MB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def _asked(what: str, pairs: Sequence[tuple[Cost, Cost]], floor: float) -> Row:
    asked, loaded = (statistics.median(pair[side].wall for pair in pairs) for side in (0, 1))
    busy = [statistics.median(pair[side].processor for pair in pairs) for side in (0, 1)]
    detail = f"{asked:.2f} s against {loaded:.2f} s; processor {busy[0] / busy[1]:.3f}"
    return Row(what, asked / loaded, "x", floor, detail)


def compose_rows(data: Path) -> list[Row]:
    """Encoding a question and composing its answer; medians."""
    said = _ask_step("compose", str(data)).said
    reference, exported, composed = (float(said[name]) for name in ("reference", "exported", "composed"))
    return [
        Row("encoding a question, exported / sentence-transformers", exported / reference, "x", None),
        Row("composing / encoding a question, exported", composed / exported, "x", None, f"{composed:.2f} ms"),
        Row("composing / encoding a question", composed / reference, "x", 0.3, f"{composed:.2f} ms"),
    ]


def load_rows(data: Path) -> list[Row]:
    """Many askers at once against the starter, see `bench_load`."""
    from eval.bench_load import measure as measure_load

    found = measure_load(data, LOAD_SECONDS)
    rows: list[Row] = []
    for ours, starter in zip(found["ours"], found["starter"], strict=True):
        detail = f"{ours.rate:.1f} a second against {starter.rate:.1f}; p95 {ours.p95:,.0f} ms, /healthz "
        detail += f"{ours.health_p95:.0f} ms, {ours.refused} refused, {ours.failed} failed"
        least = 3.0 if ours.clients == 64 else 1.5
        what = f"answers, ours / starter, {ours.clients} clients"
        rows.append(Row(what, ours.rate / max(starter.rate, 1e-9), "x", UNBOUNDED, detail, least))
        rows.append(Row(f"/healthz p95, ms, {ours.clients} clients", ours.health_p95, "", 50))
        rows.append(Row(f"refused or failed, {ours.clients} clients", ours.refused + ours.failed, "", 0))
    rows.append(Row("answers p95, ms, 64 clients", found["ours"][-1].p95, "", 2500))
    return rows


def copy_pages(path: Path, count: int, *, edit: bool = False) -> Path:
    """Writes the first `count` pages, spread over the sites, to a WARC file; `edit` adds a sentence to a paragraph."""
    step = max(1, _count_pages() // count)
    with PAGES.open("rb") as source, path.open("wb") as target:
        writer, taken = WARCWriter(target, gzip=True), 0
        for number, record in enumerate(r for r in ArchiveIterator(source) if r.rec_type == "response"):
            if number % step or taken == count:
                continue
            taken += 1
            body = record.content_stream().read()
            headers = record.http_headers or StatusAndHeaders("200 OK", [("Content-Type", "text/html")])
            date = record.rec_headers.get_header("WARC-Date")
            if edit:
                body = body.replace(b"</p>", b" This sentence is new.</p>", 1)
                date = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")  # one in the future would not be believed
            address = record.rec_headers.get_header("WARC-Target-URI")
            plain = StatusAndHeaders(headers.statusline, [("Content-Type", "text/html")], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    address,
                    "response",
                    payload=BytesIO(body),
                    http_headers=plain,
                    warc_headers_dict={"WARC-Date": date},
                )
            )
    return path


def table(rows: Sequence[Row]) -> Table:
    """The rows for a terminal, with the machine in the title."""
    made = Table(title=f"bench on {machine()}")
    for name in ("what", "value", "floor", "holds", "detail"):
        made.add_column(name)
    for row in rows:
        floor = _floor(row)
        value = f"{row.value:,.0f} {row.unit}" if row.unit in ("", "MB") else f"{row.value:.3f} {row.unit}"
        made.add_row(row.what, value.strip(), floor, ("yes" if row.holds else "NO") if floor else "", row.detail)
    return made


def _floor(row: Row) -> str:
    if row.floor is None:
        return ""
    if row.floor == UNBOUNDED:
        return f">= {row.least:g}"
    return f"{row.least:g} to {row.floor:g}" if row.least else f"<= {row.floor:g}"


def machine() -> str:
    """Processor, number of cores, and how busy the machine was."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").is_file() else []
    name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
    return f"{name}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"


def _ratio(what: str, one: Cost, other: Cost, floor: float | None) -> Row:
    detail = f"{one.wall:.1f} s against {other.wall:.1f} s; processor {one.processor / other.processor:.3f}"
    return Row(what, one.wall / other.wall, "x", floor, detail)


def growth(small: Cost, large: Cost) -> Row:
    """Peak memory at four times the pages. Most of it is the model with its libraries, and does not grow; the vectors
    and texts of pages do, so that half as much again is allowed, and not the four times of what is all held at once."""
    detail = f"{large.memory:,.0f} MB against {small.memory:,.0f} MB"
    return Row("peak memory, four times the pages", large.memory / small.memory, "x", 1.5, detail)


def _search_rows(chunks: int, encode: float, reference: float, search: float) -> list[Row]:
    what = f"search / encoding the question, {chunks:,} chunks"
    return [
        Row(what, search / reference, "x", 0.3, f"{search:.1f} ms against {reference:.1f} ms (p50)"),
        Row(f"{what}, exported", search / encode, "x", 0.6, f"{search:.1f} ms against {encode:.1f} ms (p50)"),
    ]


def _count_pages() -> int:
    with PAGES.open("rb") as source:
        return sum(record.rec_type == "response" for record in ArchiveIterator(source))


def _ask_step(*step: str) -> Cost:
    return _run([sys.executable, "-m", "eval.bench", "--step", *step])


def _run(command: Sequence[str], data: Path | None = None) -> Cost:
    """Runs a command, over a data folder where one is given.

    A step reports its own costs as JSON, of any other the whole process is measured.
    """
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    # as `make run` starts it: with compiled bytecode, whatever the shell says; one thread of NumPy, as the command
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment.setdefault("OPENBLAS_NUM_THREADS", "1")
    environment |= {"ROADMAP_DATA": str(data)} if data else {}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    wall = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if "--step" in command:
        return Cost(**json.loads(done.stdout.splitlines()[-1]))
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 0.0, {})


def _step(name: str, *arguments: str) -> None:
    """Runs one measured piece of work in this process, and prints its `Cost` as JSON."""
    steps: dict[str, Callable[..., dict[str, Any]]] = {
        "ingest": _ingest,
        "encode": _encode,
        "llamaindex": _llamaindex,
        "search": _search,
        "compose": _compose,
    }
    begun = time.perf_counter()
    with watched() as peak:
        said = steps[name](*arguments)
    wall = time.perf_counter() - begun
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    busy = sum(usage.ru_utime + usage.ru_stime for usage in (own, children))
    sys.stdout.write("\n" + json.dumps(asdict(Cost(wall, busy, max(peak), said))) + "\n")


def _ingest(data: str, *warcs: str) -> dict[str, Any]:
    from ingest import pipeline

    report = pipeline.ingest(Settings(data=Path(data)), [Path(warc) for warc in warcs])
    return {"embedded": report.embedded, "chunks": report.chunks}


def _encode(data: str) -> dict[str, Any]:
    """The bare model on the same texts, in batches of the same size that `encode` itself sorts by characters."""
    from sentence_transformers import SentenceTransformer

    from ingest.index.embed import BATCH
    from ingest.index.generations import Generations
    from ingest.index.manifest import read_chunks
    from ingest.index.model import find_model
    from ingest.index.nodes import embedded_text

    folder = Generations(Path(data)).current()
    texts = [embedded_text(chunk) for chunk in read_chunks(folder)] if folder else []
    model = SentenceTransformer(str(find_model().folder), device="cpu")
    model.encode(sorted(set(texts), key=len, reverse=True), batch_size=BATCH, show_progress_bar=False)
    return {"chunks": len(texts)}


def _search(data: str, work: str) -> dict[str, Any]:
    from eval.bench_search import measure as measure_search

    return {"times": [asdict(found) for found in measure_search(Path(data), Path(work))]}


def _compose(data: str) -> dict[str, Any]:
    """Medians in milliseconds over the same questions: encoding by either, and composing from what was found."""
    from eval.bench_search import measure_compose

    return measure_compose(Path(data))


def _llamaindex(data: str) -> dict[str, Any]:
    """LlamaIndex's five-line starter on the same extracted text, with its defaults and the same model."""
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.core import Settings as LlamaSettings

    from ingest.index.model import find_model, load_embedding
    from ingest.state import PageStore

    with closing(PageStore(Path(data) / "pages.db")) as store:
        texts = ["\n\n".join(block.text for block in document.blocks) for _, document in store.documents()]
    LlamaSettings.llm = None
    LlamaSettings.embed_model = load_embedding(find_model())
    index = VectorStoreIndex.from_documents([Document(text=text) for text in texts])
    return {"chunks": len(index.docstore.docs)}


if __name__ == "__main__":
    main()
