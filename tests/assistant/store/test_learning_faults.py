"""Full disks, damaged files, busy databases, servers that go away: one sentence, and nothing is lost."""

from __future__ import annotations

import multiprocessing
import resource
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from assistant.companion import Companion
from assistant.store import database as learning_database
from assistant.store.learners import LearningStore, StoreError
from assistant.study.learner import Learner, Mark, with_mark
from corpus.settings import Settings
from tests.learning_fixtures import Call, Postgres
from ui.cli.app import main

NOW = datetime(2027, 1, 4, 18, tzinfo=UTC)
LINUX = "linux-cli-refresher"


def done(learner: Learner) -> Learner:
    return with_mark(learner, Mark(LINUX, "", "done", NOW))


# --- a full disk ------------------------------------------------------------------------------------------------------


def with_little_room(arguments: tuple[str, ...], room: int) -> None:
    """The command line in a process whose files the system refuses to let grow beyond `room` bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    sys.argv = ["roadmap", *arguments]
    main()


def status_with_little_room(*arguments: str, room: int) -> int | None:
    process = multiprocessing.get_context("fork").Process(target=with_little_room, args=(arguments, room))
    process.start()
    process.join(60)
    return process.exitcode


def test_on_a_full_disk_a_change_is_refused_in_a_sentence_and_nothing_is_lost(
    call: Call, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    call("say", "I finished the Linux refresher")
    before = call("export")[1]
    room = (tmp_path / "data" / "learner.db").stat().st_size
    assert status_with_little_room("learner", "--notes", "€" * 4000, room=room) == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert "full" in err
    assert "learner.db" in err
    assert len(err.splitlines()) == 1
    assert call("export")[1] == before
    assert call("learner", "--notes", "€" * 4000)[0] == 0


@pytest.mark.parametrize("room", [4096, 8192, 40_000])
def test_a_database_that_a_full_disk_cut_short_is_made_when_there_is_room_again(
    call: Call, tmp_path: Path, capfd: pytest.CaptureFixture[str], room: int
) -> None:
    assert status_with_little_room("say", "I finished the Linux refresher", room=room) == 1
    out, err = capfd.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)
    assert "full" in err
    assert not list((tmp_path / "data").glob("learner.db.new*"))
    assert call("say", "I finished the Linux refresher")[0] == 0


def test_a_database_that_was_being_made_when_the_process_was_killed_is_made_anew(call: Call, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(exist_ok=True)
    for name in ("learner.db.new", "learner.db.new-journal"):
        (tmp_path / "data" / name).write_bytes(b"half" * 1000)
    assert call("say", "I finished the Linux refresher")[0] == 0
    assert not list((tmp_path / "data").glob("learner.db.new*"))


# --- damage -----------------------------------------------------------------------------------------------------------


def test_a_damaged_file_ends_every_command_with_one_sentence_and_is_left_as_it_is(call: Call, tmp_path: Path) -> None:
    call("say", "I finished the Linux refresher")
    path = tmp_path / "data" / "learner.db"
    spoilt = b"no database" * 1000
    path.write_bytes(spoilt)
    for arguments in (("today",), ("say", "undo"), ("progress",), ("next",), ("export",)):
        status, out, err = call(*arguments)
        assert (status, out, len(err.splitlines())) == (1, "", 1)
        assert "damaged" in err
    assert path.read_bytes() == spoilt


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE mark SET at = 'noon'",
        "UPDATE learner SET formats = 'no list'",
        "UPDATE learner SET start = 'some day'",
    ],
)
def test_a_value_that_cannot_be_read_is_one_sentence_and_is_not_written_over(tmp_path: Path, spoil: str) -> None:
    with LearningStore(tmp_path) as store:
        store.change("ada", "done", done, NOW)
        with store._engine.begin() as connection:
            connection.execute(text(spoil))
        for action in (lambda: store.load("ada"), lambda: store.change("ada", "again", done, NOW)):
            with pytest.raises(StoreError, match="cannot be read") as error:
                action()
            assert "\n" not in str(error.value)
        with store._engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM change")).scalar_one() == 1


# --- another process --------------------------------------------------------------------------------------------------


def test_a_file_that_another_process_writes_for_too_long_is_given_up_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning_database, "PATIENCE_SECONDS", 0.2)
    with LearningStore(tmp_path) as store:
        store.change("ada", "done", done, NOW)
        other = sqlite3.connect(tmp_path / "learner.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"in use for 0\.2 s"):
            store.change("ada", "again", lambda learner: learner, NOW)
        assert store.load("ada") == done(Learner("ada"))
        other.execute("ROLLBACK")
        other.close()
        assert store.undo("ada") == "done"


def test_a_migration_that_never_ends_is_waited_for_only_so_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning_database, "PATIENCE_SECONDS", 0.2)
    with (
        learning_database.FileLock(tmp_path / "learner.db.lock", is_singleton=False),
        pytest.raises(StoreError, match="in use"),
    ):
        LearningStore(tmp_path)


# --- a server ---------------------------------------------------------------------------------------------------------


def test_a_server_that_goes_away_is_one_sentence_and_what_was_kept_is_there_again(
    postgres: Postgres, postgres_url: str, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROADMAP_LEARNERS", postgres_url)
    assert call("say", "I finished the Linux refresher")[0] == 0
    with LearningStore(postgres_url) as store:
        before = store.load("me")
        postgres.stop()
        try:
            with pytest.raises(StoreError, match="does not answer") as error:
                store.change("me", "more", done, NOW)
            refused = [call(*arguments) for arguments in (("progress",), ("say", "I have 5 hours a week"))]
        finally:
            postgres.start()
        assert store.load("me") == before
    assert "\n" not in str(error.value)
    for status, out, err in refused:
        assert (status, out, len(err.splitlines())) == (1, "", 1)
        assert "does not answer" in err


def test_a_server_that_dies_within_a_change_keeps_the_state_before_it(
    postgres: Postgres, postgres_url: str, tmp_path: Path
) -> None:
    companion = Companion(Settings(data=tmp_path, learners=postgres_url))
    companion.change("ada", "first", done, NOW)

    def dying(learner: Learner) -> Learner:
        postgres.stop()
        return with_mark(learner, Mark(LINUX, "", "skipped", NOW))

    try:
        with pytest.raises(StoreError, match="does not answer"):
            companion.change("ada", "second", dying, NOW)
    finally:
        postgres.start()
    assert companion.learner("ada") == done(Learner("ada"))
    assert companion.undo("ada") == "first"
    companion.close()
