"""An answer about a resource says so where nothing but its row and its note is known."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from assistant.answers import Answer
from assistant.service import Assistant
from corpus.settings import Settings
from ingest.pages.document import Block, Document
from ingest.state import PageStore

FAST_AI = "fast-ai-practical-deep-learning-for-coders"
SAID = "I know only the roadmap's row and our note"


def asked(folder: Path, question: str) -> Answer:
    assistant = Assistant(Settings(data=folder))
    with closing(assistant.companion):
        return assistant.ask(question)


def test_a_resource_without_pages_is_said_to_be_known_by_its_row_only(tmp_path: Path) -> None:
    text = asked(tmp_path, "what is fast.ai?").text
    assert SAID in text
    assert "fast.ai" in text.splitlines()[-1]


def test_a_question_on_the_roadmap_leaves_no_file_behind(tmp_path: Path) -> None:
    asked(tmp_path, "what is fast.ai?")
    assert [path.name for path in tmp_path.iterdir() if path.name != "wordings.bin"] == []


def test_a_single_cell_of_it_is_told_without_that(tmp_path: Path) -> None:
    assert SAID not in asked(tmp_path, "how hard is fast.ai?").text


def test_with_a_page_of_it_nothing_is_said(tmp_path: Path) -> None:
    page = Document("https://course.fast.ai/", "fast.ai", (Block("paragraph", 0, "text"),))
    with closing(PageStore(tmp_path / "pages.db")) as store:
        store.save(page, FAST_AI, "2026-01-01T00:00:00+00:00", "hash")
    assert SAID not in asked(tmp_path, "what is fast.ai?").text


def test_a_damaged_file_of_pages_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "pages.db").write_bytes(b"no database" * 100)
    assert SAID in asked(tmp_path, "what is fast.ai?").text


def test_a_list_of_many_resources_says_nothing_of_it(tmp_path: Path) -> None:
    assert SAID not in asked(tmp_path, "which resources are mandatory?").text
