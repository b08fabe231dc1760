"""The whole ingest run: WARC files -> documents -> chunks -> a published generation. Resumable at every step.

Steps: 1 take pages (each clean document is kept as soon as it is made) -> 2 collect records of roadmap, notes and pages
-> 3 stop here if nothing that decides the index has changed -> 4 chunk -> 5 embed what is new, build, verify, publish
-> 6 forget what is not used any more.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from corpus.notes import load_notes
from corpus.roadmap import Roadmap, read_roadmap
from corpus.settings import Settings
from corpus.sources import Sources, load_sources
from ingest.chunk import CHUNKER, Chunk, Record, chunk_record
from ingest.coverage import ResourceCoverage, coverage
from ingest.embed import CachedEmbedding, ModelInfo, VectorCache, find_model, load_embedding, token_counter
from ingest.generations import LAYOUT, Generations, read_manifest, verify
from ingest.index import DamagedIndexError
from ingest.local import note_records, roadmap_records
from ingest.state import PageState, PageStore, hash_text
from ingest.take import CLEANER, take_pages


class Progress(Protocol):
    """What a run tells while it works: how much of `stage` is done."""

    def __call__(self, stage: str, done: int, total: int | None) -> None: ...


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What a run did; `as_json` is the contract of `roadmap ingest --json`."""

    generation: str
    documents: int
    chunks: int
    embedded: int
    reused: int
    removed: int
    seconds: float
    resources: tuple[ResourceCoverage, ...]
    refused: tuple[tuple[str, str], ...] = ()
    """Addresses that were not taken from the WARC files, with the reason."""

    def as_json(self) -> dict[str, Any]:
        fields = asdict(self)
        fields["resources"] = [{"id": r.id, "status": r.status, "pages": r.pages} for r in self.resources]
        fields["refused"] = [{"url": url, "reason": reason} for url, reason in self.refused]
        return fields


def ingest(
    settings: Settings,
    warcs: Sequence[Path] = (),
    *,
    force: bool = False,
    progress: Progress = lambda stage, done, total: None,
) -> IngestReport:
    """Runs ingest on the roadmap, the notes, the pages kept so far and those of `warcs`.

    `force` builds a new generation even when nothing changed. Errors: `BusyError`, `ModelError`, `RoadmapError`,
    `NotesError`, `SourcesError`, `DamagedIndexError`; whatever happens, the generation served before stays.
    """
    begun = time.monotonic()
    roadmap, sources, model = read_roadmap(), load_sources(), find_model(settings.embed_model)
    settings.data.mkdir(parents=True, exist_ok=True)
    generations = Generations(settings.data)
    with generations.writing():
        store = PageStore(settings.data / "pages.db")
        try:
            refused = tuple(_take_pages(store, sources, warcs, progress))
            run = _publish(generations, store, roadmap, model, force, progress)
            resources = coverage(roadmap, store)
        finally:
            store.close()
    return replace(run, seconds=round(time.monotonic() - begun, 2), resources=resources, refused=refused)


def _publish(
    generations: Generations, store: PageStore, roadmap: Roadmap, model: ModelInfo, force: bool, progress: Progress
) -> IngestReport:
    old = _healthy(generations)
    inputs = _inputs(store, model)
    marker = generations.root / "inputs"
    if old is not None and not force and marker.is_file() and marker.read_text() == f"{old.name} {inputs}":
        manifest = read_manifest(old)
        return IngestReport(old.name, manifest.documents, manifest.chunks, 0, manifest.chunks, 0, 0.0, ())
    chunks = list(_chunks(_records(store, roadmap), model, progress))
    cache = VectorCache(generations.root.parent / "vectors.db", model)
    try:
        embedding = _embedding(cache, model, len(chunks), progress)
        folder = generations.build(chunks, model, embedding)
        cache.keep_only([chunk.prefix + chunk.text for chunk in chunks])
    finally:
        cache.close()
    marker.write_text(f"{folder.name} {inputs}")
    removed = len(_ids(old) - {chunk.id for chunk in chunks}) if old else 0
    generations.sweep()
    documents = len({chunk.url for chunk in chunks})
    new = embedding.embedded
    return IngestReport(folder.name, documents, len(chunks), new, len(chunks) - new, removed, 0.0, ())


def _healthy(generations: Generations) -> Path | None:
    """The current generation if it verifies; a damaged one is as good as none."""
    current = generations.current()
    try:
        if current is not None:
            verify(current)
    except DamagedIndexError:
        return None
    return current


def _inputs(store: PageStore, model: ModelInfo) -> str:
    """A hash of all that decides the chunks and vectors; equal inputs need no new generation."""
    files = hashlib.sha256()
    folder = Path(read_roadmap.__code__.co_filename).parent
    for path in sorted([*folder.glob("*.md"), *folder.glob("*.toml"), *folder.glob("notes/*.md")]):
        files.update(path.read_bytes())
    return hash_text(f"{LAYOUT} {CHUNKER} {CLEANER} {model.revision} {files.hexdigest()} {store.digest()}")


def _records(store: PageStore, roadmap: Roadmap) -> Iterator[Record]:
    yield from roadmap_records(roadmap)
    yield from note_records(load_notes(), roadmap)
    yield from _page_records(store, roadmap)


def _page_records(store: PageStore, roadmap: Roadmap) -> Iterator[Record]:
    from ingest.dedupe import near_duplicates, repeated_blocks

    states: list[PageState] = []
    documents = []
    for state, document in store.documents():
        if roadmap.resource(state.resource):
            states.append(state)
            documents.append(document)
    furniture, twins = repeated_blocks(documents), near_duplicates(documents)
    for state, document in zip(states, documents, strict=True):
        resource = roadmap.resource(state.resource)
        if resource is None or document.url in twins:
            continue
        yield Record(
            kind="page",
            resource=resource.id,
            url=document.url,
            title=document.title,
            weeks=resource.weeks,
            phase=resource.phase,
            blocks=tuple(block for block in document.blocks if block.text not in furniture),
            fetched_at=state.fetched_at,
        )


def _chunks(records: Iterator[Record], model: ModelInfo, progress: Progress) -> Iterator[Chunk]:
    count = token_counter(model)
    for number, record in enumerate(records, 1):
        yield from chunk_record(record, count, model.window)
        progress("chunk", number, None)


def _embedding(cache: VectorCache, model: ModelInfo, total: int, progress: Progress) -> CachedEmbedding:
    done = 0

    def tell(count: int) -> None:
        nonlocal done
        done += count
        progress("embed", done, total)

    return CachedEmbedding(cache, lambda: load_embedding(model), tell)


def _ids(folder: Path) -> set[str]:
    try:
        return set((folder / "ids.txt").read_text().split())
    except OSError:
        return set()


def _take_pages(
    store: PageStore, sources: Sources, warcs: Sequence[Path], progress: Progress
) -> Iterator[tuple[str, str]]:
    """Keeps what the WARC files hold; yields what was refused."""
    if warcs:
        yield from take_pages(store, sources, warcs, lambda done: progress("read", done, None))
