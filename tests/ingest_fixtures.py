"""Small pages, WARC files and chunks for the tests of ingest. Imported by name, where they are used."""

from __future__ import annotations

import gzip
import random
import shutil
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from corpus.roadmap import Weeks
from ingest.index.embed import CachedEmbedding
from ingest.index.generations import Generations
from ingest.index.model import ModelInfo, find_model, token_counter
from ingest.index.onnx_export import ensure_export
from ingest.index.vectorcache import VectorCache
from ingest.pages.chunk import Chunk, Record, chunk_record
from ingest.pages.document import Block

SITE = "https://pandas.pydata.org/docs/user_guide/"
"""Below it every page belongs to the resource `python-for-data-analysis`."""

TOPICS = {
    "merge": "A merge joins two frames on their key columns, as a join in SQL does.",
    "groupby": "Group-by splits the rows by a key, applies a function to each group and combines what comes out.",
    "missing": "Missing values are marked with NaN and can be filled, dropped or interpolated.",
    "timeseries": "Resampling turns a series of minutes into one of hours or days.",
}
WORDS = "frame column row index label value series table key group mean sum count join merge sort filter".split()


def page(topic: str, extra: str = "", paragraphs: int = 3) -> str:
    """HTML of a page on one of `TOPICS`: three sections of seeded prose; `extra` is a paragraph of the second."""
    chance = random.Random(topic)
    sections = [
        f"<h2 id='part-{number}'>Part {number} of {topic}</h2>"
        + "".join(f"<p>{_prose(chance)}</p>" for _ in range(paragraphs))
        + (f"<p>{extra}</p>" if extra and number == 2 else "")
        for number in (1, 2, 3)
    ]
    return (
        f"<html><head><title>All about {topic}</title></head><body><main><h1>All about {topic}</h1>"
        f"<p>{TOPICS[topic]}</p>{''.join(sections)}</main></body></html>"
    )


def pages(extra: str = "", paragraphs: int = 3) -> dict[str, str]:
    """Addresses and HTML of all topics; `extra` goes into the first."""
    first = next(iter(TOPICS))
    return {f"{SITE}{topic}.html": page(topic, extra if topic == first else "", paragraphs) for topic in TOPICS}


def write_warc(path: Path, answers: Mapping[str, str | int] | Sequence[tuple[str, str | int]], day: int = 1) -> Path:
    """A WARC file of answers: HTML for a page, a number for an HTTP status; dated `day` March 2026."""
    items = list(answers.items()) if isinstance(answers, Mapping) else answers
    with path.open("wb") as file:
        for number, (url, answer) in enumerate(items):
            file.write(gzip.compress(_response(url, answer, f"2026-03-{day:02}T10:00:{number:02}Z")))
    return path


def record(name: str, *blocks: Block) -> Record:
    """A page record with the given blocks."""
    return Record(
        kind="page",
        resource="python-for-data-analysis",
        url=f"{SITE}{name}.html",
        title=f"All about {name}",
        weeks=Weeks(1, 2),
        phase=1,
        blocks=blocks,
        fetched_at="2026-03-01T10:00:00Z",
    )


def publish(data: Path, chunks: Sequence[Chunk], model: ModelInfo, inputs: str = "") -> Path:
    """Publishes a generation of `chunks`, embedded with the real model where their vectors are not kept."""
    generations = Generations(data)
    with generations.writing(), closing(VectorCache(data / "vectors.db", model)) as cache:
        return generations.build(chunks, model, CachedEmbedding(cache, model), inputs)


@pytest.fixture(scope="session", name="model")
def model_fixture() -> ModelInfo:
    """The bundled model, found and checked once."""
    return find_model()


@pytest.fixture(scope="session", name="exported")
def exported_fixture(tmp_path_factory: pytest.TempPathFactory, model: ModelInfo) -> Path:
    """A data folder that holds nothing but the exported model. Not to be changed: copy it."""
    data = tmp_path_factory.mktemp("exported")
    ensure_export(data, model)
    return data


@pytest.fixture(scope="session", name="chunks")
def chunks_fixture(model: ModelInfo) -> list[Chunk]:
    """Thirteen chunks of four pages."""
    count = token_counter(model)
    found: list[Chunk] = []
    for topic, lead in TOPICS.items():
        chance = random.Random(topic)
        sections = [
            block
            for number in range(1, 5)
            for block in (Block("heading", 2, f"Part {number}"), Block("paragraph", 0, _prose(chance)))
        ]
        found += chunk_record(record(topic, Block("paragraph", 0, lead), *sections), count, model.window)
    return found


@pytest.fixture(scope="session", name="built")
def built_fixture(tmp_path_factory: pytest.TempPathFactory, chunks: list[Chunk], model: ModelInfo) -> Path:
    """A data folder with one generation of `chunks`, made with the real model. Not to be changed: copy it."""
    data = tmp_path_factory.mktemp("built")
    publish(data, chunks, model, "first")
    return data


@pytest.fixture(name="data")
def data_fixture(built: Path, tmp_path: Path) -> Path:
    """A copy of the built data folder, for a test to spoil."""
    return Path(shutil.copytree(built, tmp_path / "data"))


def _response(url: str, answer: str | int, date: str) -> bytes:
    """A response record, by hand: warcio's writer leaves its spooled files open, and warnings are errors here."""
    status = "200 OK" if isinstance(answer, str) else f"{answer} Refused"
    body = answer if isinstance(answer, str) else "<p>no</p>"
    block = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{body}".encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{uuid4()}>\r\nWARC-Date: {date}\r\n"
        f"WARC-Target-URI: {url}\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def _prose(chance: random.Random) -> str:
    lengths = [chance.randint(6, 14) for _ in range(5)]
    return " ".join(f"The {' '.join(chance.choices(WORDS, k=n))}." for n in lengths)
