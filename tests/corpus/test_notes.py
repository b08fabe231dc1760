"""The reader of corpus/notes: the format, its errors, and the notes that are there."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.notes import Notes, NotesError, load_notes, read_note
from corpus.reader import read_roadmap

GOOD = """---
resource: some-course
checked: 2026-11-22
cost: free
cost_detail: "All free."
lives_at: https://example.org/
before: ["Python"]
units:
  - {id: one, title: "One: the first", hours: 1.5, url: "https://example.org/1"}
  - {id: two, title: Two, hours: 2, url: "https://example.org/2"}
hours_source: rough
cards:
  - {id: a, unit: one, question: "What?", answer: "That.", source: "https://example.org/1"}
sources:
  - {title: Example, url: "https://example.org/"}
---
# Some course

Body with --- inside.
"""


def written(folder: Path, text: str, name: str = "some-course.md") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_note_is_read_with_its_units_cards_and_body(tmp_path: Path) -> None:
    note = read_note(written(tmp_path, GOOD))
    assert (note.resource, note.cost, note.checked.isoformat()) == (
        "some-course",
        "free",
        "2026-11-22",
    )
    assert [unit.hours for unit in note.units] == [1.5, 2.0]
    assert note.hours == 3.5
    assert note.cards[0].answer == "That."
    assert note.body.startswith("# Some course")
    assert note.body.endswith("--- inside.")


def test_a_windows_file_with_a_byte_order_mark_reads_the_same(tmp_path: Path) -> None:
    path = tmp_path / "some-course.md"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert read_note(path).units == read_note(written(tmp_path, GOOD, "again.md")).units


def test_a_missing_folder_and_a_resource_without_a_note_are_fine(tmp_path: Path) -> None:
    assert load_notes(tmp_path / "nowhere") == Notes()
    assert Notes().note("some-course") is None
    assert Notes().units("some-course") == ()
    assert Notes().cards("some-course") == ()


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("cost: free", "cost: gratis", "cost"),
        ("cost: free\n", "", "cost"),
        ("resource: some-course\n", "", "resource"),
        ("checked: 2026-11-22", "checked: yesterday", "checked"),
        ("hours: 1.5", "hours: -1", "units[0].hours"),
        ("hours: 1.5", "hours: true", "units[0].hours"),
        ("hours: 1.5", "hours: .nan", "units[0].hours"),
        ("hours: 1.5", "hours: 4000", "units[0].hours"),
        ("id: two", "id: one", "units"),
        ('answer: "That."', "answer: null", "cards[0].answer"),
        ('before: ["Python"]', "before: [1]", "before"),
        ('before: ["Python"]', "before: {a: b}", "before"),
        ("sources:\n  - {title: Example", "sources:\n  - {name: Example", "sources[0].title"),
    ],
)
def test_a_bad_value_is_refused_by_file_and_key(tmp_path: Path, old: str, new: str, key: str) -> None:
    path = written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(NotesError) as error:
        read_note(path)
    assert str(error.value).startswith(f"some-course.md: {key}: ")


@pytest.mark.parametrize(
    "text", ["", "# No front matter\n", "---\nresource: [\n---\n", "---\n- a\n---\n", "---\n---\n"]
)
def test_a_file_that_is_no_note_is_refused_by_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(NotesError, match=r"some-course\.md"):
        read_note(written(tmp_path, text))


def test_yaml_that_would_run_code_is_refused(tmp_path: Path) -> None:
    evil = GOOD.replace("hours_source: rough", "hours_source: !!python/object/apply:os.getcwd []")
    with pytest.raises(NotesError, match="not valid YAML"):
        read_note(written(tmp_path, evil))


def test_bytes_that_are_not_utf8_and_an_absent_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(NotesError, match="UTF-8"):
        read_note(tmp_path / "bad.md")
    with pytest.raises(NotesError, match="cannot be read"):
        read_note(tmp_path / "absent.md")


def test_two_notes_on_one_resource_are_refused(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    written(tmp_path, GOOD, "twin.md")
    with pytest.raises(NotesError, match="already"):
        load_notes(tmp_path)


def test_the_notes_of_the_project_belong_to_resources_of_the_roadmap() -> None:
    roadmap = read_roadmap()
    for note in load_notes().notes:
        assert roadmap.resource(note.resource), note.resource
        assert len(note.units) >= 3, note.resource
        assert len(note.cards) >= 8, note.resource
