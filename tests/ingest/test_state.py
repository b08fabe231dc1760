"""What is remembered of pages: order of events, not of reading; a good document is never lost."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.pages.document import Block, Document, Link
from ingest.state import PagesError, PageState, PageStore, read_news, read_states, resources_with_pages

URL = "https://pandas.pydata.org/docs/user_guide/merging.html"
RESOURCE = "python-for-data-analysis"
MONDAY, TUESDAY, FRIDAY = "2026-03-02T10:00:00Z", "2026-03-03T10:00:00Z", "2026-03-06T10:00:00Z"


def document(text: str = "A merge joins two frames.") -> Document:
    blocks = (Block("heading", 1, "Merging", "merging"), Block("paragraph", 0, text))
    return Document(URL, "Merging", blocks, (Link("join", "https://pandas.pydata.org/docs/join.html"),))


@pytest.fixture(name="store")
def store_fixture(tmp_path: Path) -> Iterator[PageStore]:
    with closing(PageStore(tmp_path / "pages.db")) as store:
        yield store


def only(store: PageStore) -> PageState:
    (state,) = store.pages()
    return state


def test_a_document_comes_back_as_it_was(store: PageStore) -> None:
    store.save(document(), RESOURCE, MONDAY, "hash")
    ((state, kept),) = store.documents()
    assert kept == document()
    assert (state.status, state.fetched_at, state.since) == ("indexed", MONDAY, MONDAY)
    assert store.body_hash(URL) == "hash"
    assert store.fetched_at(URL) == MONDAY


def test_what_was_kept_outlives_the_process(tmp_path: Path) -> None:
    with closing(PageStore(tmp_path / "pages.db")) as store:
        store.save(document(), RESOURCE, MONDAY, "hash")
    with closing(PageStore(tmp_path / "pages.db")) as store:
        assert [kept for _, kept in store.documents()] == [document()]


def test_a_page_that_is_gone_keeps_its_good_document_and_is_stale(store: PageStore) -> None:
    store.save(document(), RESOURCE, MONDAY, "hash")
    store.fail(URL, RESOURCE, "dead", "It is gone.", TUESDAY)
    store.fail(URL, RESOURCE, "dead", "It is gone.", FRIDAY)
    state = only(store)
    assert (state.status, state.reason, state.since, state.checked_at) == ("stale", "It is gone.", TUESDAY, FRIDAY)
    assert [kept for _, kept in store.documents()] == [document()]


def test_a_page_that_never_came_has_the_status_of_its_failure(store: PageStore) -> None:
    store.fail(URL, RESOURCE, "blocked", "A login is asked for.", MONDAY)
    assert only(store).status == "blocked"
    store.fail(URL, RESOURCE, "dead", "It is gone.", TUESDAY)
    assert (only(store).status, only(store).since) == ("dead", TUESDAY)
    assert list(store.documents()) == []


def test_a_page_that_comes_again_is_indexed_since_then(store: PageStore) -> None:
    store.save(document(), RESOURCE, MONDAY, "hash")
    store.fail(URL, RESOURCE, "blocked", "Come back later.", TUESDAY)
    store.mark_checked(URL, FRIDAY)
    state = only(store)
    assert (state.status, state.reason, state.since, state.fetched_at) == ("indexed", "", FRIDAY, MONDAY)


def test_reading_the_same_files_again_changes_nothing(store: PageStore) -> None:
    def read_all() -> PageState:
        store.save(document(), RESOURCE, MONDAY, "hash")
        store.mark_checked(URL, MONDAY)
        store.fail(URL, RESOURCE, "dead", "It is gone.", TUESDAY)
        return only(store)

    first = read_all()
    assert first.status == "stale"
    assert read_all() == first


def test_the_newest_fetch_wins_whatever_the_order_of_reading(store: PageStore) -> None:
    store.save(document("new"), RESOURCE, FRIDAY, "new")
    store.save(document("old"), RESOURCE, MONDAY, "old")
    store.fail(URL, RESOURCE, "blocked", "An old failure.", TUESDAY)
    assert [kept for _, kept in store.documents()] == [document("new")]
    assert (only(store).status, store.body_hash(URL)) == ("indexed", "new")


def test_a_date_that_has_not_come_wins_over_nothing(store: PageStore) -> None:
    store.save(document("From the year 9999."), RESOURCE, "9999-12-31T00:00:00Z", "old")
    assert store.fetched_at(URL) == ""
    store.save(document(), RESOURCE, MONDAY, "hash")
    assert (store.fetched_at(URL), only(store).checked_at) == (MONDAY, MONDAY)
    store.mark_checked(URL, TUESDAY)
    assert only(store).checked_at == TUESDAY


def test_a_failure_is_seen_behind_a_look_that_has_not_come(store: PageStore) -> None:
    store.save(document(), RESOURCE, "9999-12-31T00:00:00Z", "old")
    store.mark_checked(URL, MONDAY)
    assert only(store).checked_at == MONDAY
    store.fail(URL, RESOURCE, "dead", "It is gone.", TUESDAY)
    assert only(store).status == "stale"


def test_a_document_that_is_read_after_a_later_failure_is_stale(store: PageStore) -> None:
    store.fail(URL, RESOURCE, "dead", "It is gone.", FRIDAY)
    store.save(document(), RESOURCE, MONDAY, "hash")
    state = only(store)
    assert (state.status, state.reason, state.since) == ("stale", "It is gone.", FRIDAY)
    assert [kept for _, kept in store.documents()] == [document()]


def news(folder: Path) -> list[tuple[str, str]]:
    return [(page.what, page.at) for page in read_news(folder / "pages.db")]


def test_a_changed_text_is_noted_and_the_digest_follows(store: PageStore, tmp_path: Path) -> None:
    store.save(document(), RESOURCE, MONDAY, "hash")
    store.end_run()
    before = store.digest()
    store.save(document(), RESOURCE, MONDAY, "other bytes, same text")
    assert (news(tmp_path), store.digest()) == ([("new", MONDAY)], before)
    store.save(document("Something else."), RESOURCE, TUESDAY, "third")
    assert news(tmp_path) == [("changed", TUESDAY)]
    assert store.digest() != before


def test_a_run_that_finds_something_new_replaces_the_news_of_the_one_before(store: PageStore, tmp_path: Path) -> None:
    other = replace(document(), url=f"{URL}?other")
    store.save(document(), RESOURCE, MONDAY, "hash")
    store.save(other, RESOURCE, MONDAY, "hash")
    store.fail(URL, RESOURCE, "dead", "It is gone.", TUESDAY)
    assert news(tmp_path) == [("new", MONDAY), ("new", MONDAY)], "what is new stays new"
    store.end_run()
    store.fail(URL, RESOURCE, "dead", "It is still gone.", FRIDAY)
    assert news(tmp_path) == [("new", MONDAY), ("new", MONDAY)], "nothing was found"
    store.fail(other.url, RESOURCE, "dead", "It is gone.", TUESDAY)
    assert [(page.url, page.what) for page in read_news(tmp_path / "pages.db")] == [(other.url, "stale")]
    store.mark_checked(other.url, FRIDAY)
    assert news(tmp_path) == [], "it came again after all"


def test_the_news_of_a_killed_run_is_told_by_the_one_that_goes_on(store: PageStore, tmp_path: Path) -> None:
    store.save(document(), RESOURCE, MONDAY, "hash")
    with closing(PageStore(tmp_path / "pages.db")) as next_run:
        next_run.save(replace(document(), url=f"{URL}?other"), RESOURCE, TUESDAY, "hash")
    assert news(tmp_path) == [("new", TUESDAY), ("new", MONDAY)]


def test_a_file_of_a_version_without_news_is_read_and_written(tmp_path: Path) -> None:
    path = tmp_path / "pages.db"
    with closing(PageStore(path)) as store:
        store.save(document(), RESOURCE, MONDAY, "hash")
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TABLE news")
        db.execute("ALTER TABLE pages RENAME COLUMN document TO was")
        db.execute("ALTER TABLE pages ADD COLUMN changed_at TEXT NOT NULL DEFAULT ''")
        db.execute("ALTER TABLE pages ADD COLUMN document TEXT")
        db.execute("UPDATE pages SET document = was")
        db.commit()
    assert news(tmp_path) == []
    assert [state.url for state in read_states(path)] == [URL]
    with closing(PageStore(path)) as store:
        store.save(document("Something else."), RESOURCE, TUESDAY, "other")
        assert [kept for _, kept in store.documents()] == [document("Something else.")]
    assert news(tmp_path) == [("changed", TUESDAY)]


def test_a_page_that_is_only_cleaned_otherwise_is_neither_stale_nor_changed(store: PageStore, tmp_path: Path) -> None:
    store.save(document(), RESOURCE, MONDAY, "hash")
    store.mark_checked(URL, FRIDAY)
    store.save(document("A merge joins two frames, says a new cleaner."), RESOURCE, MONDAY, "hash of a new cleaner")
    state = only(store)
    assert (state.status, state.reason, state.since, state.checked_at) == ("indexed", "", MONDAY, FRIDAY)
    assert news(tmp_path) == [("new", MONDAY)]
    assert store.body_hash(URL) == "hash of a new cleaner"


def test_a_page_that_repeats_another_is_told_apart_until_it_does_not(store: PageStore) -> None:
    store.save(document(), RESOURCE, MONDAY, "hash")
    store.mark_duplicates({URL: f"{URL}?kept"})
    store.mark_checked(URL, TUESDAY)
    assert (only(store).status, only(store).since, only(store).checked_at) == ("duplicate", MONDAY, TUESDAY)
    assert "?kept" in only(store).reason
    store.save(document("cleaned otherwise"), RESOURCE, MONDAY, "other")
    assert (only(store).status, only(store).reason, only(store).checked_at) == ("indexed", "", TUESDAY)
    store.mark_duplicates({URL: f"{URL}?kept"})
    store.mark_duplicates({})
    assert (only(store).status, only(store).reason) == ("indexed", "")
    store.mark_duplicates({URL: f"{URL}?kept"})
    store.fail(URL, RESOURCE, "dead", "It is gone.", FRIDAY)
    store.mark_duplicates({URL: f"{URL}?kept"})
    assert (only(store).status, only(store).reason) == ("stale", "It is gone.")


def test_a_check_that_finds_nothing_new_keeps_the_digest(store: PageStore) -> None:
    store.save(document(), RESOURCE, MONDAY, "hash")
    before = store.digest()
    store.mark_checked(URL, FRIDAY)
    assert store.digest() == before
    assert only(store).checked_at == FRIDAY


def test_pages_are_read_while_they_are_written_and_where_nothing_may_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "pages.db"
    with closing(PageStore(path)) as store:
        store.save(document(), RESOURCE, MONDAY, "hash")
        assert [state.url for state in read_states(path)] == [URL]
    monkeypatch.setattr(os, "access", lambda *_: False)  # root, who runs tests in containers, may write everywhere
    assert [state.url for state in read_states(path)] == [URL]
    assert resources_with_pages(path) == {RESOURCE}
    assert [file.name for file in tmp_path.iterdir()] == ["pages.db"]


def test_pages_that_another_program_locks_are_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "pages.db"
    with closing(PageStore(path)):
        pass
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(PagesError, match="locked"):
            read_states(path)


def test_a_damaged_file_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "pages.db"
    path.write_bytes(b"no database " * 1000)
    with pytest.raises(PagesError, match=r"pages\.db is damaged: delete it"):
        PageStore(path)
    with pytest.raises(PagesError, match=r"pages\.db is damaged: delete it"):
        read_states(path)
