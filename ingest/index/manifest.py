"""The files of one generation: what they must hold, and whether they still do.

    manifest.json  chunks.jsonl  ids.txt  vectors.npy  chroma/  bm25-chunks/  bm25-pairs/  bm25-pages/
    sentences.npy  sentence-spans.npy  sentence-rows.npy    see `sentence_vectors`

Chunks and vectors are kept beside Chroma, so that a damaged database can be built anew without the model.
Knows nothing of other generations or of which one is served. Errors: `DamagedIndexError`, `StaleIndexError`.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ProjectError
from ingest.index.model import ModelInfo, digest_of
from ingest.index.sentence_vectors import FILES, KeptSentences
from ingest.index.vectors import DATABASE, DamagedIndexError, probe
from ingest.pages.chunk import Chunk
from ingest.version import CHUNKER, LAYOUT

KEPT = ("chunks.jsonl", "ids.txt", "vectors.npy")
"""What an index can be built from again."""
_UNREADABLE = "the index cannot be read: its manifest is damaged or missing."
_TYPES = {"str": str, "int": int}
"""The fields of a manifest by how they are annotated; the other is a table."""


class StaleIndexError(ProjectError):
    """The index was made with another model, chunker or layout; the message names both and the command."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was made of and with; written last, so that its presence means complete."""

    generation: str
    created_at: str
    layout: int
    model: str
    revision: str
    dimension: int
    chunker: str
    chunks: int
    documents: int
    pages: int
    fingerprint: str
    """SHA-256 over model, chunker and all chunks: equal fingerprints are equal indexes."""
    inputs: str = ""
    """The caller's hash of what the chunks were made from: equal inputs need no new generation."""
    files: dict[str, str] = field(default_factory=dict[str, str])
    """SHA-256 of every file but Chroma's SQLite database, which changes when it is opened."""
    rows: str = ""
    """SHA-256 over what that database says: ids, texts and metadata."""


def draft(chunks: Sequence[Chunk], model: ModelInfo, inputs: str) -> Manifest:
    """The manifest of a generation to be written; `seal` gives it a name and completes it."""
    return Manifest(
        generation="",
        created_at="",
        layout=LAYOUT,
        model=model.name,
        revision=model.revision,
        dimension=model.dimension,
        chunker=CHUNKER,
        chunks=len(chunks),
        documents=len({chunk.url for chunk in chunks}),
        pages=len({chunk.url for chunk in chunks if chunk.kind == "page"}),
        fingerprint=fingerprint(chunks, model.revision),
        inputs=inputs,
    )


def seal(folder: Path, manifest: Manifest, id: str) -> None:
    """Writes the manifest of generation `id`, whose other files are complete in `folder`, with their hashes."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != DATABASE)
    hashes = {str(path.relative_to(folder)): digest_of(path) for path in files}
    rows = _hash_rows(folder / "chroma" / DATABASE)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    sealed = replace(manifest, generation=id, created_at=now, files=hashes, rows=rows)
    with (folder / "manifest.json").open("w") as file:
        json.dump(asdict(sealed), file, indent=1)
        file.flush()
        os.fsync(file.fileno())


def read_manifest(folder: Path) -> Manifest:
    """Errors: `DamagedIndexError` when it is missing, unreadable, or holds other fields than ours."""
    try:
        manifest = Manifest(**json.loads((folder / "manifest.json").read_text()))
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise DamagedIndexError(_UNREADABLE) from error
    if any(type(getattr(manifest, each.name)) is not _TYPES.get(str(each.type), dict) for each in fields(manifest)):
        raise DamagedIndexError(_UNREADABLE)
    return manifest


def check_model(manifest: Manifest, model: ModelInfo) -> None:
    """Refuses an index that another model or chunker made. Errors: `StaleIndexError`."""
    for what, made, wanted in (
        ("embedding model", f"{manifest.model} {manifest.revision[:8]}", f"{model.name} {model.revision[:8]}"),
        ("dimension", manifest.dimension, model.dimension),
        ("chunker", manifest.chunker, CHUNKER),
        ("layout", manifest.layout, LAYOUT),
    ):
        if made != wanted:
            wants = "this version reads" if what in ("chunker", "layout") else "the settings ask for"
            raise StaleIndexError(
                f"the index was made with {what} {made}, {wants} {wanted}: run `roadmap ingest` once; nothing is lost."
            )


def verify(folder: Path) -> Manifest:
    """Checks a generation without opening it in this process: hashes, SQLite, then a probe in a subprocess.

    Errors: `DamagedIndexError` naming the first thing that is wrong.
    """
    manifest = read_manifest(folder)
    check_files(folder, manifest, tuple(manifest.files))
    _check_database(folder, manifest)
    probe(folder / "chroma", folder / "ids.txt", folder / "vectors.npy")
    return manifest


def check_files(folder: Path, manifest: Manifest, names: Sequence[str]) -> None:
    """Errors: `DamagedIndexError` naming the first of these files that is not as it was written."""
    for name in names:
        path = folder / name
        if not path.is_file() or digest_of(path) != manifest.files.get(name):
            raise DamagedIndexError(f"the index is damaged: {Path(name).name} is not as it was written, or missing.")


def read_kept(folder: Path) -> tuple[Manifest, list[Chunk], NDArray[np.float32]]:
    """Manifest, chunks and vectors (chunks x dimension) of a generation whose Chroma may be damaged.

    Errors: `DamagedIndexError` if one of the three is damaged too.
    """
    manifest = read_manifest(folder)
    check_files(folder, manifest, KEPT)
    return manifest, read_chunks(folder), read_vectors(folder)


def read_chunks(folder: Path) -> list[Chunk]:
    """The chunks of a generation, in the order of its rows."""
    with (folder / "chunks.jsonl").open() as file:
        return [_chunk(line) for line in file]


def read_vectors(folder: Path) -> NDArray[np.float32]:
    """The vectors (chunks x dimension) of a generation, read from disk as they are needed."""
    return np.load(folder / "vectors.npy", mmap_mode="r")


def read_sentences(folder: Path, manifest: Manifest) -> KeptSentences | None:
    """The sentences that a generation keeps; None where one of their files is damaged, or was never made."""
    try:
        check_files(folder, manifest, FILES)
    except DamagedIndexError:
        return None
    return KeptSentences(folder)


def fingerprint(chunks: Sequence[Chunk], revision: str) -> str:
    """SHA-256 over all that decides what an index answers."""
    digest = hashlib.sha256(f"{LAYOUT}\0{revision}\0{CHUNKER}".encode())
    for chunk in chunks:
        digest.update(json.dumps(asdict(chunk), sort_keys=True).encode())
    return digest.hexdigest()


def _chunk(line: str) -> Chunk:
    fields = json.loads(line)
    fields["spans"] = tuple(tuple(span) for span in fields["spans"])
    return Chunk(**fields)


def _check_database(folder: Path, manifest: Manifest) -> None:
    path = folder / "chroma" / DATABASE
    try:
        with closing(_open_readonly(path)) as db:
            healthy = db.execute("PRAGMA quick_check").fetchone()[0] == "ok"
            count = db.execute("SELECT count(*) FROM embeddings").fetchone()[0]
        rows = _hash_rows(path)
    except sqlite3.Error as error:
        raise DamagedIndexError(f"{DATABASE} of the index is damaged ({error}).") from error
    if count != manifest.chunks:
        raise DamagedIndexError(f"{DATABASE} of the index holds {count} of {manifest.chunks} chunks.")
    if not healthy or rows != (manifest.rows or rows):
        raise DamagedIndexError(f"{DATABASE} of the index is damaged.")


def _hash_rows(path: Path) -> str:
    digest = hashlib.sha256()
    with closing(_open_readonly(path)) as db:
        for row in db.execute("SELECT id, embedding_id FROM embeddings ORDER BY id"):
            digest.update(repr(row).encode())
        query = "SELECT id, key, string_value, int_value FROM embedding_metadata ORDER BY id, key"
        for row in db.execute(query):
            digest.update(repr(row).encode())
    return digest.hexdigest()


def _open_readonly(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
