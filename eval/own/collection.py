"""A standard collection: a BEIR folder with a corpus of its own (corpus.jsonl) -> records to be indexed.

Three collections are known by name and are fetched, when they are asked for, from where BEIR publishes them; their
published figures stand beside ours. Everything else is read from files. Knows nothing of how anything is found.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from corpus.errors import ProjectError
from corpus.roadmap import Weeks
from eval.own.questions import QuestionsError
from ingest.pages.chunk import Record
from ingest.pages.document import Block

CORPUS = "corpus.jsonl"
PUBLISHED = {
    "scifact": {"BM25": 0.665, "all-MiniLM-L6-v2": 0.645},
    "nfcorpus": {"BM25": 0.325, "all-MiniLM-L6-v2": 0.316},
    "fiqa": {"BM25": 0.236, "all-MiniLM-L6-v2": 0.369},
}
"""nDCG@10: BM25 as in BEIR (Thakur and others, 2021, table 2), the model as in the MTEB leaderboard."""
_ADDRESS = "https://public.ukp.informatik.tu-darmstadt.de/thakur/BEIR/datasets/{}.zip"
_LARGEST = 500_000_000
_WAIT = 60.0


class CollectionError(ProjectError):
    """A collection cannot be fetched; the message says what to do."""


def is_collection(path: Path) -> bool:
    """Whether a folder brings documents of its own."""
    return (path / CORPUS).is_file()


def fetched(name: str, data: Path) -> Path:
    """The folder of a collection that is known by name, downloaded once. Errors: `CollectionError`."""
    folder = data / "collections" / name
    if is_collection(folder):
        return folder
    address = _ADDRESS.format(name)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent) as work:
            archive = Path(work) / "archive.zip"
            _download(address, archive)
            with zipfile.ZipFile(archive) as file:
                file.extractall(work, [n for n in file.namelist() if n.startswith(f"{name}/") and ".." not in n])
            (Path(work) / name).replace(folder)
    except (httpx.HTTPError, OSError, zipfile.BadZipFile) as error:
        raise CollectionError(
            f"{name} cannot be fetched from {address} ({str(error) or type(error).__name__}): fetch and unpack it "
            "elsewhere, and give its folder to --questions."
        ) from error
    return folder


def published(name: str) -> tuple[str, ...]:
    """What others measured on a collection of that name, a sentence each."""
    found = PUBLISHED.get(name.casefold(), {})
    said = ", ".join(f"{system} {value:.3f}" for system, value in found.items())
    return (f"Published nDCG@10 on {name}: {said} (BEIR 2021; MTEB). Theirs rank whole documents.",) if found else ()


def read_records(folder: Path) -> Iterator[Record]:
    """A record for each document; its address is its id. Errors: `QuestionsError` with the line."""
    seen: dict[str, int] = {}
    with (folder / CORPUS).open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                fields = json.loads(line)
                id, title, text = (str(fields.get(name) or "") for name in ("_id", "title", "text"))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                form = '{"_id": "...", "title": "...", "text": "..."}'
                raise QuestionsError(f"{CORPUS}, line {number}: it is no document: write {form}.") from error
            if id in seen or id.split() != [id]:
                where = f" and stands in line {seen[id]} already" if id in seen else " and must be a word"
                raise QuestionsError(f"{CORPUS}, line {number}: the id is {id!r}{where}.")
            seen[id] = number
            blocks = tuple(Block("paragraph", 0, part.strip()) for part in text.split("\n\n") if part.strip())
            yield Record("page", "", id, title, Weeks(0, 0), 0, blocks or (Block("paragraph", 0, title or id),))


def hash_of(folder: Path) -> str:
    """SHA-256 of the documents."""
    found = hashlib.sha256()
    with (folder / CORPUS).open("rb") as file:
        while piece := file.read(1 << 20):
            found.update(piece)
    return found.hexdigest()


def _download(address: str, path: Path) -> None:
    with httpx.stream("GET", address, timeout=_WAIT, follow_redirects=True) as response, path.open("wb") as file:
        response.raise_for_status()
        size = 0
        for piece in response.iter_bytes():
            size += len(piece)
            if size > _LARGEST:
                raise OSError("it is larger than expected")
            file.write(piece)
