"""An index beside the one that is served: of other records, with another model, or cut otherwise. Kept, and used again.

It lies in a folder of its own with its own vectors; nothing of the data folder is changed. For comparing: sentences are
not encoded, so that answers cannot be given from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

from ingest.index.embed import CachedEmbedding
from ingest.index.encoder import Encoder
from ingest.index.generations import Generations
from ingest.index.manifest import read_manifest
from ingest.index.model import ModelInfo
from ingest.index.nodes import embedded_text, to_node
from ingest.index.reader import OpenIndex, open_current
from ingest.index.vectorcache import VectorCache
from ingest.pages.chunk import Record
from ingest.pipeline import SORTED, Progress, cut

WINDOWS = range(32, 8193)
"""Tokens of a chunk that can be asked for."""


def open_apart(
    root: Path,
    records: Callable[[], Iterable[Record]],
    inputs: str,
    model: ModelInfo,
    encoder: Callable[[], Encoder],
    progress: Progress,
    window: int | None = None,
) -> OpenIndex:
    """Opens the index in `root`, and builds it first where it is missing or was made of other `inputs`.

    `inputs` is a hash of the records. A build that was stopped goes on where it was. Errors: `BusyError`, `ModelError`,
    `StoreError`, `DamagedIndexError`.
    """
    generations = Generations(root)
    made_of = f"{inputs} {model.revision} {window or model.window}"
    root.mkdir(parents=True, exist_ok=True)
    with generations.writing():
        current = generations.current()
        if current is None or read_manifest(current).inputs != made_of:
            _build(generations, records(), made_of, model, encoder, progress, window)
    return open_current(root, model, lambda _: None)


def _build(
    generations: Generations,
    records: Iterable[Record],
    inputs: str,
    model: ModelInfo,
    encoder: Callable[[], Encoder],
    progress: Progress,
    window: int | None,
) -> None:
    chunks = list(cut(records, model, progress, window))
    done = 0

    def tell(count: int) -> None:
        nonlocal done
        done += count
        progress("embed", done, len(chunks))

    with closing(VectorCache(generations.root.parent / "vectors.db", model)) as cache:
        embedding = CachedEmbedding(cache, model, tell, lambda _: encoder())
        for start in range(0, len(chunks), SORTED):
            embedding([to_node(chunk) for chunk in chunks[start : start + SORTED]])
        generations.build(chunks, model, CachedEmbedding(cache, model), inputs)
        cache.keep_only([embedded_text(chunk) for chunk in chunks])
    generations.sweep()
