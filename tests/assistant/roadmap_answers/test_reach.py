"""An answer about a resource says so where nothing but its row and its note is known."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from assistant.service import Assistant
from corpus.settings import Settings
from ingest.pages.document import Block, Document
from ingest.state import PageStore

FAST_AI = "fast-ai-practical-deep-learning-for-coders"
SAID = "I know only the roadmap's row and our note"


def test_a_resource_without_pages_is_said_to_be_known_by_its_row_only(tmp_path: Path) -> None:
    text = Assistant(Settings(data=tmp_path)).ask("how hard is fast.ai?").text
    assert SAID in text
    assert "fast.ai" in text.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


def test_with_a_page_of_it_nothing_is_said(tmp_path: Path) -> None:
    page = Document("https://course.fast.ai/", "fast.ai", (Block("paragraph", 0, "text"),))
    with closing(PageStore(tmp_path / "pages.db")) as store:
        store.save(page, FAST_AI, "2026-01-01T00:00:00+00:00", "hash")
    assert SAID not in Assistant(Settings(data=tmp_path)).ask("how hard is fast.ai?").text


def test_a_damaged_file_of_pages_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "pages.db").write_bytes(b"no database" * 100)
    assert SAID in Assistant(Settings(data=tmp_path)).ask("how hard is fast.ai?").text


def test_a_list_of_many_resources_says_nothing_of_it(tmp_path: Path) -> None:
    assert SAID not in Assistant(Settings(data=tmp_path)).ask("which resources are mandatory?").text
