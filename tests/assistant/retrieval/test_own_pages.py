"""Pages of one's own on another subject are answered from, and without any nothing is different."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from assistant.page_answers.query_engine import GroundedQueryEngine
from assistant.retrieval.own_pages import has_own_pages
from assistant.retrieval.retriever import HybridRetriever
from assistant.service import Assistant
from corpus.roadmap import Weeks
from corpus.settings import Settings
from eval.systems.rivals import texts
from ingest.index.model import find_model, token_counter
from ingest.pages.chunk import Record, chunk_record
from ingest.pages.document import Block, Document
from ingest.state import PageStore
from tests.eval_fixtures import Notes, publish
from tests.own_pages import PAGES, url_of

ANSWERED = {
    "how do I create a new workspace?": "workspaces",
    "how do I rotate the encryption key?": "secrets",
    "how do I write a plugin for tessel?": "plugins",
    "when does a job run again?": "jobs",
}
LOST = {"when does a job run again?": "with the tuned encoder the page on missed runs comes first"}
REFUSED = (
    "how do I train my dog to sit?",
    "which job should I take after school?",
    "how do I log out of my bank account?",
    "how many people use tessel?",
    "how do I copy a house key?",
)


def documents() -> Iterator[Document]:
    for name, page in PAGES.items():
        blocks = [
            block
            for s in page["section"]
            for block in (Block("heading", 2, s["heading"]), Block("paragraph", 0, s["text"]))
        ]
        yield Document(url_of(name), page["title"], tuple(blocks))


@pytest.fixture(scope="module")
def brought(notes: Notes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Six notes, and ten pages under a topic."""
    data, model = tmp_path_factory.mktemp("own"), find_model()
    with closing(PageStore(data / "pages.db")) as store:
        for document in documents():
            store.save(document, "topic:Tessel", "2026-01-01T00:00:00+00:00", "hash")
    records = [Record("page", "", d.url, d.title, Weeks(1, 48), 0, d.blocks) for d in documents()]
    chunks = [chunk for record in records for chunk in chunk_record(record, token_counter(model), model.window)]
    made = notes.embedding.get_text_embedding_batch([chunk.prefix + chunk.text for chunk in chunks])
    vectors = np.concatenate([notes.vectors, np.asarray(made, dtype=np.float32)])
    with closing(publish(data, [*notes.chunks, *chunks], vectors, model)) as index:
        engine = GroundedQueryEngine(HybridRetriever(index, notes.embedding), notes.folder)
        yield Assistant(Settings(data=data), engine)


@pytest.mark.parametrize(
    ("question", "page"),
    [
        pytest.param(q, page, marks=[pytest.mark.xfail(strict=True, reason=LOST[q])] if q in LOST else [])
        for q, page in ANSWERED.items()
    ],
)
def test_what_own_pages_are_about_is_answered_from_them(brought: Assistant, question: str, page: str) -> None:
    answer = brought.ask(question)
    assert not answer.abstained
    assert answer.citations[0].url == url_of(page)
    assert brought.grounds(question) is not None


@pytest.mark.parametrize("question", REFUSED)
def test_what_they_are_not_about_is_refused(brought: Assistant, question: str) -> None:
    assert brought.ask(question).abstained


def test_the_same_question_is_refused_where_nobody_brought_pages_for_a_topic(
    brought: Assistant, tmp_path: Path
) -> None:
    """Even where the index holds the pages: it is the folder that says whose they are."""
    assert has_own_pages(brought.settings.data)
    with closing(PageStore(tmp_path / "pages.db")) as store:
        store.save(next(documents()), "linux-cli-refresher", "2026-01-01T00:00:00+00:00", "hash")
    assert not has_own_pages(tmp_path)
    without = Assistant(Settings(data=tmp_path), brought.query_engine())
    for question in ANSWERED:
        assert without.ask(question).abstained, question
        assert without.grounds(question) is None


def test_what_is_compared_with_us_reads_them_too(brought: Assistant) -> None:
    assert set(texts(brought.settings.data, brought.roadmap)) >= {url_of(page) for page in PAGES}
