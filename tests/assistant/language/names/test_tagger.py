"""Rows as people name them, learnt: unseen wordings, what names nothing, places, damaged files, any text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import linear_model
from assistant.language.learning import fitting
from assistant.language.learning.fitting import fit_tagger
from assistant.language.message import marks_of, read_message
from assistant.language.names import tagger
from assistant.language.names.tagger import Mark, NameExample, Tag, read_example
from assistant.language.parse import take_apart
from assistant.language.weeks.reader import clean
from corpus.reader import read_roadmap
from tests.answer_fixtures import NOW

ROADMAP = read_roadmap()
MATHS = "mathematics-for-machine-learning-specialization"
ALGEBRA = "essence-of-linear-algebra-khan-academy-statistics"
KLEPPMANN = "designing-data-intensive-applications"
FILES = sorted((tagger.FOLDER / "examples").glob("*.jsonl"))


def named(text: str) -> list[str]:
    return [row.id for row in read_message(text, ROADMAP, NOW.date()).rows]


# --- what it reads ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("would the imperial maths be too much after a long shift", MATHS),
        ("my sister swears by the imperial college thing on coursera", MATHS),
        ("that khan academy and 3b1b week, who made it", ALGEBRA),
        ("replication chapter of kleppmann done", KLEPPMANN),
        ("is the bootcamp still paid", "full-stack-llm-bootcamp"),
        ("duke's ops courses, how long", "mlops-machine-learning-operations-specialization"),
    ],
)
def test_a_row_is_known_by_what_people_say_of_it(text: str, id: str) -> None:
    assert named(text) == [id]


def test_two_rows_of_a_message_stand_in_the_order_in_which_they_are_named() -> None:
    assert named("kleppmann first or the imperial maths first?") == [KLEPPMANN, MATHS]


@pytest.mark.parametrize(
    "text",
    [
        "what is a neural network?",
        "how do i merge two branches",
        "my brother andrew is getting married",
        "weeks 3 to 5, please",
        "what will I be able to do at the end of week 2?",
        "the second half of phase 1",
    ],
)
def test_what_names_no_row_is_left_alone(text: str) -> None:
    tags = read_message(text, ROADMAP, NOW.date()).named_at
    assert tags == ()


def test_a_platform_beside_a_name_adds_no_other_rows_of_the_platform() -> None:
    assert named("the advanced rag course on coursera, finished!") == ["building-advanced-rag-applications-llamaindex"]


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    model = tagger.learned()
    assert model
    reading = take_apart(text, ROADMAP, None, None, None)
    for tag in model.read(reading.text, marks_of(reading)).tags():
        assert 0 <= tag.start < tag.end <= len(reading.text)


# --- its examples and its file ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_of_examples_names_rows_of_the_roadmap_where_they_stand(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        assert set(entry) == {"text", "names"}
        assert all(ROADMAP.resource(id) for _, id in entry["names"]), line
        assert len(read_example(entry).tags) == len(entry["names"]), line


def test_what_it_learns_is_what_the_examples_say() -> None:
    texts = ("is the shrew book hard", "the shrew book please", "who wrote the shrew book", "skip the shrew book")
    known = [NameExample(text, (Tag("s", text.index("shrew"), text.index("shrew") + 10),)) for text in texts]
    known += [NameExample(text, ()) for text in ("is it hard", "yes please", "who wrote it", "skip it", "the week")]
    text = "is the shrew book long"
    assert list(fit_tagger(known).read(text, ()).tags()) == [Tag("s", 7, 17)]


def test_a_mark_of_another_reader_counts() -> None:
    text = clean("is zzz hard")
    model = tagger.learned()
    assert model
    plain = model.read(text, ()).words[1]
    marked = model.read(text, [Mark("n", (MATHS,), 3, 6)]).words[1]
    assert marked.named > plain.named


def test_without_a_fitted_file_descriptions_must_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tagger, "_places", [tmp_path / "none.bin"])
    assert tagger.learned() is None
    assert named("who wrote that kleppmann brick?") == [KLEPPMANN]


def test_what_is_fitted_where_the_build_made_none_is_used_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "few.jsonl").write_text(
        '{"text": "the shrew is long", "names": [["the shrew", "s"]]}\n' * 3
        + '{"text": "it is long", "names": []}\n' * 3
    )
    monkeypatch.setattr(tagger, "_files", lambda: [tmp_path / "few.jsonl"])
    monkeypatch.setattr(tagger, "_places", [tmp_path / "none.bin"])
    monkeypatch.setattr(fitting, "_nameless", lambda: iter(()))
    tagger.key.cache_clear()
    try:
        assert tagger.learned() is None
        fitting.fitted_tagger(tmp_path / "own.bin")
        assert tagger.learned() is not None
        assert tagger.places() == (tmp_path / "own.bin",)
    finally:
        tagger.key.cache_clear()


@pytest.mark.parametrize("kept", [0, 3, 40, -1])
def test_a_damaged_file_is_none(kept: int, tmp_path: Path) -> None:
    whole = (tagger.FOLDER / "fitted.bin").read_bytes()
    (tmp_path / "names.bin").write_bytes(whole[:kept])
    assert linear_model.load(tmp_path / "names.bin", tagger.key()) is None
