"""Learners: marks, orphans, undo, export, several learners, several processes, damage; on both databases."""

from __future__ import annotations

import json
import math
import multiprocessing
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from assistant.recommendation.progress import InputError
from assistant.recommendation.recommend import recommend
from assistant.service import Assistant
from assistant.store.database import StoreError
from assistant.store.learner_json import from_json, to_json
from assistant.store.learners import LearningStore, NothingToUndo
from assistant.store.schema import metadata
from assistant.study.learner import (
    Learner,
    LearnerError,
    Mark,
    SavedCard,
    orphans,
    progress_of,
    with_mark,
    with_minutes,
    with_pause,
)
from assistant.study.plan import Pause, make_plan
from assistant.study.review import grade
from corpus.notes import load_notes
from corpus.reader import read_roadmap
from tests.answer_fixtures import Talk
from tests.learning_fixtures import edited

ROADMAP = read_roadmap()
NOTES = load_notes()
NOW = datetime(2027, 1, 4, 18, 30, tzinfo=UTC)
FAST_AI = "fast-ai-practical-deep-learning-for-coders"
LINUX = "linux-cli-refresher"
PYTHON = "python-for-data-analysis"


@pytest.fixture
def store(database: Path | str) -> Iterator[LearningStore]:
    with LearningStore(database) as opened:
        yield opened


def done(resource: str, unit: str = "") -> Mark:
    return Mark(resource, unit, "done", NOW)


def full(name: str = "ada") -> Learner:
    """A learner with something in every field."""
    learner = Learner(
        name,
        start=date(2027, 1, 4),
        hours=6.5,
        prefer="theory",
        free_only=True,
        formats=("video", "book"),
        timezone="Europe/Berlin",
        notes="ünïcode; “quotes”\nand lines",
        cards=(SavedCard("b", PYTHON, "Q?", "A.", "https://example.org/"), SavedCard("a", "", "Q2?", "A2.", "")),
    )
    learner = with_mark(learner, Mark(LINUX, "", "skipped", NOW, 15, "known already"))
    learner = with_mark(learner, done(PYTHON, "ch03"))
    return with_pause(learner, Pause(date(2027, 2, 1), date(2027, 2, 14)))


def test_a_learner_is_stored_and_read_back_without_loss(store: LearningStore) -> None:
    assert store.load("ada") == Learner("ada")
    store.change("ada", "everything", lambda _: full(), NOW)
    assert store.load("ada") == full()


def test_learners_are_strictly_apart(store: LearningStore) -> None:
    store.change("ada", "all", lambda _: full(), NOW)
    store.change("ben", "one", lambda learner: with_mark(learner, done(FAST_AI)), NOW)
    store.grade("ada", "k/1", lambda before: grade("k/1", before, "good", NOW))
    assert store.load("ben").marks == (done(FAST_AI),)
    assert store.schedules("ben") == {}
    assert store.reviews("ben") == ()
    assert store.undo("ben") == "one"
    assert store.load("ada") == full()


def test_a_change_can_be_undone_back_to_the_first(store: LearningStore) -> None:
    store.change("ada", "first", lambda learner: with_mark(learner, done(FAST_AI)), NOW)
    store.change("ada", "second", lambda learner: replace(learner, hours=3), NOW)
    store.change("ada", "nothing", lambda learner: learner, NOW)
    assert [entry["said"] for entry in store.export_json("ada")["changes"]] == ["first", "second"]
    assert store.undo("ada") == "second"
    assert store.load("ada").hours == 8
    assert store.load("ada").mark(FAST_AI) == done(FAST_AI)
    store.change("ada", "third", lambda learner: replace(learner, hours=9), NOW)
    assert [store.undo("ada"), store.undo("ada")] == ["third", "first"]
    assert store.load("ada") == Learner("ada")
    with pytest.raises(NothingToUndo):
        store.undo("ada")


def test_an_edit_that_fails_leaves_everything_as_it_was(store: LearningStore) -> None:
    store.change("ada", "all", lambda _: full(), NOW)

    def fails(learner: Learner) -> Learner:
        raise LearnerError(f"no {learner.name}")

    with pytest.raises(LearnerError, match="no ada"):
        store.change("ada", "fails", fails, NOW)
    with pytest.raises(LearnerError, match="rename"):
        store.change("ada", "renames", lambda learner: replace(learner, name="ben"), NOW)
    assert store.load("ada") == full()
    assert len(store.export_json("ada")["changes"]) == 1


def test_gradings_are_kept_with_their_history(store: LearningStore) -> None:
    first = store.grade("ada", "k/1", lambda before: grade("k/1", before, "good", NOW))
    later = NOW + timedelta(days=1)
    second = store.grade("ada", "k/1", lambda before: grade("k/1", before, "good", later))
    assert second.due > first.due
    assert store.schedules("ada") == {"k/1": second.schedule}
    assert [review.at for review in store.reviews("ada")] == [NOW, later]


def test_an_export_is_imported_without_loss_also_by_the_other_kind_of_database(
    store: LearningStore, tmp_path: Path
) -> None:
    store.change("ada", "all", lambda _: full(), NOW)
    store.change("ada", "hours", lambda learner: replace(learner, hours=2), NOW)
    store.grade("ada", "k/1", lambda before: grade("k/1", before, "easy", NOW))
    export = json.loads(json.dumps(store.export_json("ada")))
    with LearningStore(tmp_path / "other") as other:
        other.import_json(export)
        assert other.export_json("ada") == export
        assert other.undo("ada") == "hours"
        assert other.load("ada") == full()
        with pytest.raises(LearnerError, match="already"):
            other.import_json(export)
        other.import_json(export, "copy")
        assert other.undo("copy") == "hours"
        assert other.load("copy") == replace(full(), name="copy")
        other.import_json(export, replace=True)
        assert other.export_json("ada") == export


@pytest.mark.parametrize(
    "spoil",
    [
        lambda export: export.pop("learner"),
        lambda export: export.update(format=99),
        lambda export: export["learner"].pop("marks"),
        lambda export: export["learner"]["marks"][0].update(status="half"),
        lambda export: export["learner"]["marks"][0].update(at="noon"),
        lambda export: export["learner"]["marks"][0].update(minutes=10**30),
        lambda export: export["learner"]["marks"][0].update(minutes=-5),
        lambda export: export["learner"]["marks"][0].update(minutes=math.inf),
        lambda export: export["learner"]["pauses"][0].update(last="2020-01-01"),
        lambda export: export["learner"].update(name=""),
        lambda export: export["learner"].update(hours=math.nan),
        lambda export: export["learner"].update(hours=200),
        lambda export: export["learner"].update(hours=10**400),
        lambda export: export["learner"].update(timezone="Nowhere/Land"),
        lambda export: export["learner"].update(notes="half of a pair: \ud800"),
        lambda export: export.update(reviews=[{"card": "x"}]),
        lambda export: export.update(reviews=[{"card": {}, "rating": "good", "at": "2027-01-04T10:00:00+00:00"}]),
        lambda export: export.update(schedules={"a": None}),
        lambda export: export["changes"][0].update(said=[]),
        lambda export: export["changes"][0].update(at="noon"),
        lambda export: export["learner"].update(start="9999-12-30"),
    ],
)
def test_a_spoilt_export_is_refused_and_nothing_is_stored(tmp_path: Path, spoil) -> None:  # type: ignore[no-untyped-def]
    with LearningStore(tmp_path) as store:
        store.change("ada", "all", lambda _: full(), NOW)
        export = json.loads(json.dumps(store.export_json("ada")))
        spoil(export)
    with LearningStore(tmp_path / "other") as store:
        with pytest.raises((LearnerError, InputError)) as error:
            store.import_json(export)
        assert "\n" not in str(error.value)
        assert store.load("ada") == Learner("ada")


def test_what_is_no_export_and_who_is_no_learner_is_refused(tmp_path: Path) -> None:
    with LearningStore(tmp_path) as store:
        with pytest.raises(LearnerError, match="no export"):
            store.import_json([1, 2])
        assert from_json(store.export_json("eve")["learner"]) == Learner("eve")
        for name in ("", "  ", "x" * 300, "a\x00b"):
            with pytest.raises(LearnerError, match="name"):
                store.load(name)


def test_json_of_a_learner_is_lossless() -> None:
    assert from_json(json.loads(json.dumps(to_json(full())))) == full()
    assert from_json(to_json(Learner("new"))) == Learner("new")


def test_the_migrations_build_what_the_schema_says(database: Path | str) -> None:
    with LearningStore(database) as store, store._engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    assert differences == []


def test_a_database_of_the_first_version_is_migrated_and_keeps_its_learners(tmp_path: Path) -> None:
    with LearningStore(tmp_path) as store:
        store.change("ada", "all", lambda _: full(), NOW)
        with store._engine.begin() as connection:
            for table in ("turn", "conversation", "review", "schedule"):
                connection.execute(text(f"DROP TABLE {table}"))
            connection.execute(text("DROP INDEX learner_feed"))
            for column in ("replanned", "calendar", "week", "weekdays", "feed", "suspended", "studied"):
                connection.execute(text(f"ALTER TABLE learner DROP COLUMN {column}"))
            connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with LearningStore(tmp_path) as store:
        assert store.load("ada") == full()
        assert store.reviews("ada") == ()


def test_a_database_of_a_newer_program_is_refused_and_left_alone(database: Path | str) -> None:
    with LearningStore(database) as store, store._engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer version"):
        LearningStore(database)


def write_ten(database: Path | str, who: str) -> None:
    with LearningStore(database) as store:
        for n in range(10):
            mark = done(f"{who}-{n}")
            store.change("ada", "mark", lambda learner, mark=mark: with_mark(learner, mark), NOW)


def test_two_processes_at_once_lose_nothing(database: Path | str) -> None:
    fork = multiprocessing.get_context("fork")
    writers = [fork.Process(target=write_ten, args=(database, who)) for who in ("a", "b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    with LearningStore(database) as store:
        assert len(store.load("ada").marks) == 20
        assert len(store.export_json("ada")["changes"]) == 20


@pytest.mark.parametrize("damage", ["garbage", "page", "cut"])
def test_a_damaged_database_is_one_clear_sentence_and_is_not_overwritten(tmp_path: Path, damage: str) -> None:
    with LearningStore(tmp_path) as store:
        store.change("ada", "all", lambda _: full(), NOW)
    path = tmp_path / "learner.db"
    whole = path.read_bytes()
    spoilt = {
        "garbage": b"this is no database" * 500,
        "page": whole[:4096] + os.urandom(4096) + whole[8192:],
        "cut": whole[: len(whole) // 2],
    }[damage]
    path.write_bytes(spoilt)
    with pytest.raises(StoreError, match="damaged") as error:
        LearningStore(tmp_path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)
    assert path.read_bytes() == spoilt


def test_a_full_disk_is_one_clear_sentence_and_keeps_the_state(tmp_path: Path) -> None:
    with LearningStore(tmp_path) as store:
        store.change("ada", "all", lambda _: full(), NOW)
        with store._engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    from sqlalchemy import event

    with LearningStore(tmp_path) as store:

        @event.listens_for(store._engine, "connect")
        def _(connection, _):  # type: ignore[no-untyped-def]
            connection.execute(f"PRAGMA max_page_count={pages}")

        with pytest.raises(StoreError, match="full"):
            store.change("ada", "much", lambda learner: replace(learner, notes="x" * 500_000), NOW)
        assert store.load("ada") == full()


def test_a_folder_may_have_a_dot_in_its_name_and_a_file_may_be_named(tmp_path: Path) -> None:
    for place, file in ((tmp_path / "data.v2", "data.v2/learner.db"), (tmp_path / "me.db", "me.db")):
        with LearningStore(place) as store:
            store.change("ada", "all", lambda _: full(), NOW)
        assert (tmp_path / file).is_file()


def test_a_folder_that_cannot_be_made_and_a_strange_url_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be made"):
        LearningStore(tmp_path / "file" / "inside")
    with pytest.raises(StoreError, match="mongodb"):
        LearningStore("mongodb://localhost/x")


def test_an_unreachable_server_is_one_sentence_without_the_password() -> None:
    with pytest.raises(StoreError) as error:
        LearningStore("postgresql://me:secret@127.0.0.1:1/none")
    assert "secret" not in str(error.value)
    assert "\n" not in str(error.value)


# --- values -----------------------------------------------------------------------------------------------------------


def test_what_is_told_changes_the_learner(over_nothing: Assistant) -> None:
    talk = Talk(over_nothing, now=NOW)
    for saying in (
        "I finished fast.ai",
        "skip the Linux refresher because I know it",
        "mark chapter 3 of Python for Data Analysis as done",
        "I have 5 hours a week",
        "I prefer theory first",
        "free only",
        "I start on 2027-01-04",
        "pause for two weeks",
    ):
        assert talk.last(saying).changes, saying
    learner = talk.learner
    assert learner.mark(FAST_AI) == done(FAST_AI)
    assert (learner.hours, learner.prefer, learner.free_only) == (5, "theory", True)
    assert learner.pauses == (Pause(date(2027, 1, 4), date(2027, 1, 17)),)
    progress = progress_of(learner, ROADMAP, NOTES)
    assert progress.done == {FAST_AI}
    assert progress.skipped == {LINUX}
    assert progress.in_progress == {PYTHON}
    assert progress.units_done == {(PYTHON, "ch03")}
    talk("mark fast.ai as not done", "I'm back")
    assert talk.learner.mark(FAST_AI) is None
    assert talk.learner.pauses == ()


def test_a_resource_with_all_units_done_is_done() -> None:
    learner = Learner("ada")
    for unit in NOTES.units(PYTHON):
        learner = with_mark(learner, done(PYTHON, unit.id))
    assert progress_of(learner, ROADMAP, NOTES).done == {PYTHON}


def test_minutes_spent_on_a_unit_shorten_what_is_left() -> None:
    learner = with_minutes(with_minutes(Learner("ada"), PYTHON, "ch04", 45, NOW), PYTHON, "ch04", 45, NOW)
    assert learner.mark(PYTHON, "ch04") == Mark(PYTHON, "ch04", "in-progress", NOW, 90)
    progress = progress_of(learner, ROADMAP, NOTES)
    plan = make_plan(ROADMAP, NOTES, date(2027, 1, 4), 10, progress=progress)
    assert (
        sum(u.hours for w in plan.weeks for u in w.units if u.task.resource == PYTHON and u.task.unit == "ch04") == 1.5
    )
    assert recommend(ROADMAP, NOTES, progress).hours == 26
    kept = with_minutes(with_mark(learner, done(PYTHON, "ch04")), PYTHON, "ch04", 5, NOW)
    assert kept.mark(PYTHON, "ch04") == done(PYTHON, "ch04")


def test_after_an_edit_of_the_roadmap_done_stays_done_and_orphans_are_listed() -> None:
    learner = Learner("ada")
    for mark in (done(FAST_AI), done(PYTHON), done(PYTHON, "ch03"), done(PYTHON, "ch99")):
        learner = with_mark(learner, mark)
    shorter = edited(ROADMAP, FAST_AI)
    assert progress_of(learner, shorter, NOTES).done == {PYTHON}
    assert [mark.key for mark in orphans(learner, shorter, NOTES)] == [(FAST_AI, ""), (PYTHON, "ch99")]
    assert [mark.key for mark in orphans(learner, ROADMAP, NOTES)] == [(PYTHON, "ch99")]


def test_the_day_follows_the_time_zone() -> None:
    assert replace(full(), timezone="Pacific/Auckland").day(NOW) == date(2027, 1, 5)
    with pytest.raises(LearnerError, match="Nowhere"):
        replace(full(), timezone="Nowhere/Land").day(NOW)
