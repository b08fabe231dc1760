"""The whole ingest run: WARC files -> documents -> chunks -> a published generation. Resumable at every step.

Steps: 1 take pages (each clean document is kept as soon as it is made) -> 2 collect records of roadmap, notes and pages
-> 3 stop here if nothing that decides the index has changed -> 4 chunk -> 5 embed what is new, build, verify, publish
-> 6 forget what is not used any more.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from corpus.homes import all_sources, home_of
from corpus.notes import load_notes
from corpus.reader import ROADMAP_FILE, read_roadmap
from corpus.roadmap import Roadmap
from corpus.settings import Settings
from corpus.sources import TOPIC
from ingest.coverage import ResourceCoverage, coverage
from ingest.index.embed import CachedEmbedding
from ingest.index.encoder import Encoder, load_encoder
from ingest.index.generations import Generations
from ingest.index.manifest import read_chunks, read_kept, read_manifest, read_sentences, verify
from ingest.index.model import ModelInfo, find_model, token_counter
from ingest.index.nodes import embedded_text, to_node
from ingest.index.onnx_export import ensure_export
from ingest.index.sentence_vectors import VERSION as SENTENCES
from ingest.index.sentence_vectors import SentenceCache, encode_sentences
from ingest.index.vectorcache import VectorCache
from ingest.index.vectors import DamagedIndexError, StoreError
from ingest.pages.chunk import Chunk, Record, chunk_record
from ingest.pages.dedupe import near_duplicates, repeated_blocks
from ingest.pages.document import Document
from ingest.pages.local import note_records, roadmap_records
from ingest.state import PageStore, hash_text
from ingest.take import CLEANER, Home, by_sources, take_pages
from ingest.version import CHUNKER, LAYOUT

log = logging.getLogger(__name__)

SORTED = 2048
"""Chunks that are sorted by length and embedded at a time: memory does not grow with the corpus."""


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
    own: Sequence[Path] = (),
    under: str = "",
    force: bool = False,
    jobs: int | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> IngestReport:
    """Runs ingest on the roadmap, the notes, the pages kept so far, those of `warcs` and of a person's `own` files.

    `under`: the resource or topic that all pages of `own` are filed under; "": as the sources say. `force` builds a new
    generation even when nothing changed. `jobs`: processors that encode, all of them if None.
    Errors: `BusyError`, `ModelError`, `RoadmapError`,
    `NotesError`, `SourcesError`, `DamagedIndexError`, `PagesError`, `StoreError` (the disk refuses); whatever happens,
    the generation served before stays.
    """
    begun = time.monotonic()
    roadmap, sources, model = read_roadmap(), all_sources(settings.sources), find_model(settings.embed_model)
    generations = Generations(settings.data)
    try:
        with generations.writing(), closing(PageStore(settings.data / "pages.db")) as store:
            ensure_export(settings.data, model, again=force)
            homes = ((warcs, by_sources(sources)), (own, (lambda _: home_of(under)) if under else by_sources(sources)))
            refused = tuple(one for files, home in homes for one in _take_pages(store, home, files, progress))
            run = _publish(generations, store, roadmap, model, force, jobs, progress)
            store.end_run()
            resources = coverage(roadmap, sources, store.pages())
    except (OSError, sqlite3.Error) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        raise StoreError(f"the data folder cannot be written ({said}): make room; the index is as it was.") from error
    return replace(run, seconds=round(time.monotonic() - begun, 2), resources=resources, refused=refused)


def _publish(
    generations: Generations,
    store: PageStore,
    roadmap: Roadmap,
    model: ModelInfo,
    force: bool,
    jobs: int | None,
    progress: Progress,
) -> IngestReport:
    old = _healthy(generations)
    if old is not None:
        generations.sweep()  # what a run left that was killed before it switched the pointer
    inputs = _inputs(store, model)
    if old is not None and not force and (manifest := read_manifest(old)).inputs == inputs:
        return IngestReport(old.name, manifest.documents, manifest.chunks, 0, manifest.chunks, 0, 0.0, ())
    chunks = list(cut(records_of(store, roadmap), model, progress))
    with closing(VectorCache(generations.root.parent / "vectors.db", model)) as cache:
        _refill(cache, generations, model)
        data = generations.root.parent
        with SentenceCache(data / "sentences.db", model) as sentences:
            _refill_sentences(sentences, chunks, old)
            new = _embed(chunks, cache, sentences, model, lambda: load_encoder(data, model, jobs).encoder, progress)
            folder = generations.build(chunks, model, CachedEmbedding(cache, model), inputs, sentences.get)
            sentences.keep_only(chunks)
        cache.keep_only([embedded_text(chunk) for chunk in chunks])
    removed = len(_ids(old) - {chunk.id for chunk in chunks}) if old else 0
    generations.sweep()
    documents = len({chunk.url for chunk in chunks})
    return IngestReport(folder.name, documents, len(chunks), new, len(chunks) - new, removed, 0.0, ())


def _healthy(generations: Generations) -> Path | None:
    """The current generation if it verifies, else the newest that does: that one is served meanwhile."""
    current = generations.current()
    try:
        if current is not None:
            verify(current)
            return current
    except DamagedIndexError as damage:
        log.warning("%s It is built anew.", damage)
    return generations.recover()


def _refill(cache: VectorCache, generations: Generations, model: ModelInfo) -> None:
    """Gives a lost cache the vectors that the newest readable generation keeps."""
    if len(cache):
        return
    for folder in generations.published():
        try:
            manifest, chunks, vectors = read_kept(folder)
        except DamagedIndexError:
            continue
        if (manifest.revision, manifest.dimension) == (model.revision, model.dimension):
            cache.put([embedded_text(chunk) for chunk in chunks], vectors)
            return


def _inputs(store: PageStore, model: ModelInfo) -> str:
    """A hash of all that decides the index, its model's name included; equal inputs need no new generation."""
    files = hashlib.sha256()
    folder = ROADMAP_FILE.parent
    for path in sorted([ROADMAP_FILE, *folder.glob("*.toml"), *folder.glob("notes/*.md")]):
        files.update(path.read_bytes())
    made_by = f"{LAYOUT} {CHUNKER} {CLEANER} {SENTENCES}"
    return hash_text(f"{made_by} {model.name} {model.revision} {files.hexdigest()} {store.digest()}")


def records_of(store: PageStore, roadmap: Roadmap) -> Iterator[Record]:
    """Everything that is indexed: the roadmap, the notes, and the pages that are kept."""
    yield from roadmap_records(roadmap)
    yield from note_records(load_notes(), roadmap)
    yield from _page_records(store, roadmap)


def _page_records(store: PageStore, roadmap: Roadmap) -> Iterator[Record]:
    homes = {row.id: (row.id, row.weeks, row.phase) for row in roadmap.resources}
    pages = [
        (state, document)
        for state, document in store.documents()
        if state.resource in homes or state.resource.startswith(TOPIC)
    ]
    hosts: dict[str, list[Document]] = {}
    for _, document in pages:
        hosts.setdefault(urlsplit(document.url).netloc, []).append(document)
    furniture = {host: repeated_blocks(documents) for host, documents in hosts.items()}
    stale = {state.url for state, _ in pages if state.status == "stale"}
    twins = near_duplicates([document for _, document in pages], stale)
    store.mark_duplicates(twins)
    for state, document in pages:
        if document.url not in twins:
            resource, weeks, phase = homes.get(state.resource, ("", roadmap.weeks, 0))  # a topic belongs to every week
            gone = furniture[urlsplit(document.url).netloc]
            yield Record(
                kind="page",
                resource=resource,
                url=document.url,
                title=document.title,
                weeks=weeks,
                phase=phase,
                blocks=tuple(block for block in document.blocks if block.text not in gone),
                fetched_at=state.fetched_at,
            )


def cut(records: Iterable[Record], model: ModelInfo, progress: Progress, window: int | None = None) -> Iterator[Chunk]:
    """The chunks of the records, of at most `window` of the model's tokens (None: as many as it reads)."""
    count = token_counter(model)
    for number, record in enumerate(records, 1):
        yield from chunk_record(record, count, window or model.window)
        progress("chunk", number, None)


def _embed(
    chunks: Sequence[Chunk],
    cache: VectorCache,
    sentences: SentenceCache,
    model: ModelInfo,
    load: Callable[[], Encoder],
    progress: Progress,
) -> int:
    """Sees to it that the caches hold the vector of every chunk and of its sentences; returns how many chunks were new.

    The model is given back before the index is built: its memory and that of Chroma's graph are not needed at one time.
    """
    load = lru_cache(1)(load)
    embedding = CachedEmbedding(cache, model, _counted(progress, "embed", len(chunks)), lambda _: load())
    for start in range(0, len(chunks), SORTED):
        embedding([to_node(chunk) for chunk in chunks[start : start + SORTED]])
    encode_sentences(chunks, sentences, load, _counted(progress, "sentences", len(chunks)))
    return embedding.embedded


def _counted(progress: Progress, stage: str, total: int) -> Callable[[int], None]:
    """Tells of a stage whose parts report what they did, and not how much is done."""
    done = 0

    def tell(count: int) -> None:
        nonlocal done
        done += count
        progress(stage, done, total)

    return tell


def _refill_sentences(cache: SentenceCache, chunks: Sequence[Chunk], old: Path | None) -> None:
    """Gives a lost cache what the generation that is served keeps."""
    if old is None or not chunks or any(cache.get(chunk) for chunk in chunks):
        return
    try:
        kept = read_sentences(old, read_manifest(old))
        rows = {chunk.id: row for row, chunk in enumerate(read_chunks(old))} if kept else {}
    except DamagedIndexError:
        return
    if kept is not None:
        found = ((chunk, kept.of(rows[chunk.id])) for chunk in chunks if chunk.id in rows)
        cache.put((chunk, sentences) for chunk, sentences in found if sentences)


def _ids(folder: Path) -> set[str]:
    try:
        return set((folder / "ids.txt").read_text().split())
    except OSError:
        return set()


def _take_pages(store: PageStore, home: Home, warcs: Sequence[Path], progress: Progress) -> Iterator[tuple[str, str]]:
    """Keeps what the WARC files hold; yields what was refused."""
    if warcs:
        yield from take_pages(store, home, warcs, lambda done: progress("read", done, None))
