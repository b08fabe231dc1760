"""The roadmap as read: every column of every row, the traps of the file, and roadmaps that are odd in other ways."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from corpus.findings import check_roadmap
from corpus.outline import COLUMNS
from corpus.parsing import parse_roadmap, read_corrections, slug
from corpus.reader import CORRECTIONS_FILE, ROADMAP_FILE, read_roadmap
from corpus.roadmap import Finding, Link, Roadmap, RoadmapError, Weeks

ROWS: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "roadmap_rows.toml").read_text(encoding="utf-8"))[
    "resource"
]
TEXTS = ("task", "focus", "outcome", "difficulty", "hands_on", "recommendation")
LISTS = ("alternatives", "authors", "pros", "cons")
OVERLAP_WEEKS = {6}
ALL_HEADERS = [name.title() for name in COLUMNS]


# --- the roadmap of this repository ---------------------------------------------------------------------------------


def test_the_file_is_the_authors_to_the_byte(shared: Path) -> None:
    assert ROADMAP_FILE.read_bytes() == (shared / "roadmap.md").read_bytes()


def test_the_rows_are_read_in_the_order_of_the_file(roadmap: Roadmap) -> None:
    assert [r.id for r in roadmap.resources] == [row["id"] for row in ROWS]
    assert len(ROWS) == 19


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_every_column_of_a_row_is_read_exactly(roadmap: Roadmap, row: dict[str, Any]) -> None:
    resource = roadmap.resource(row["id"])
    assert resource is not None
    read = asdict(resource)
    expected = {"weeks": dict(zip(("first", "last"), row["weeks"], strict=True))}
    expected |= {name: row[name] for name in ("id", "title", "role", "phase", "block")}
    expected |= {name: row.get(name, "") for name in TEXTS}
    expected |= {name: tuple(row.get(name, ())) for name in LISTS}
    expected["links"] = tuple({"text": text, "url": url} for text, url in row.get("links", ()))
    assert read == expected


def test_every_character_of_a_cell_is_in_the_file(roadmap: Roadmap) -> None:
    text = ROADMAP_FILE.read_text(encoding="utf-8")
    for resource in roadmap.resources:
        cells = [resource.task, resource.focus, resource.outcome, *resource.pros, *resource.cons, *resource.authors]
        assert [cell for cell in cells if cell not in text] == []
        assert [link for link in resource.links if f"[{link.text}]({link.url})" not in text] == []


def test_phases_have_their_titles_and_weeks(roadmap: Roadmap) -> None:
    assert roadmap.title == "Senior AI/ML Developer Roadmap — 48 Weeks"
    assert roadmap.weeks == Weeks(0, 48)
    assert [(p.number, p.title, p.weeks) for p in roadmap.phases] == [
        (0, "Setup", Weeks(0, 0)),
        (1, "Foundations", Weeks(1, 6)),
        (2, "Core Machine Learning & Advanced ML", Weeks(7, 20)),
        (3, "LLM Engineering & NLP", Weeks(21, 32)),
        (4, "MLOps & Production Engineering", Weeks(33, 48)),
    ]


def test_blocks_have_their_titles_weeks_phases_and_headings(roadmap: Roadmap) -> None:
    assert [(b.phase, b.weeks.as_list(), b.title) for b in roadmap.blocks] == [
        (0, [0, 0], "Python & Environment Setup"),
        (1, [1, 2], "Python for Data Analysis"),
        (1, [3, 4], "Mathematics for Machine Learning"),
        (1, [5, 6], "Linear Algebra & Stats"),
        (1, [6, 6], "Checkpoint Project"),
        (2, [7, 8], "Hands-On Machine Learning"),
        (2, [9, 12], "Practical Deep Learning"),
        (2, [13, 16], "Neural Networks from Scratch"),
        (2, [17, 20], "Deep Learning Specialization & Checkpoint"),
        (3, [21, 32], "LLM Engineering & NLP"),
        (4, [33, 48], "MLOps & Production Engineering"),
    ]
    assert roadmap.blocks[7].heading == "Week 13–16 — Neural Networks from Scratch"
    assert [b.phase for b in roadmap.blocks if not b.divided] == [3, 4]


@pytest.mark.parametrize("week", range(49))
def test_every_week_has_a_phase_a_block_and_a_resource(roadmap: Roadmap, week: int) -> None:
    phase = roadmap.phase_of_week(week)
    assert phase is not None
    assert week in phase.weeks
    assert len(roadmap.blocks_of_week(week)) == (2 if week in OVERLAP_WEEKS else 1)
    assert roadmap.resources_of_week(week)


@pytest.mark.parametrize("week", [-1, 49, 480])
def test_a_week_that_does_not_exist_has_nothing(roadmap: Roadmap, week: int) -> None:
    assert roadmap.phase_of_week(week) is None
    assert roadmap.blocks_of_week(week) == ()
    assert roadmap.resources_of_week(week) == ()


def test_what_does_not_exist_is_none(roadmap: Roadmap) -> None:
    assert roadmap.resource("no-such-resource") is None
    assert roadmap.phase(5) is None


# --- its traps, each with its finding -------------------------------------------------------------------------------


def test_the_shifted_row_of_week_20_is_mended_and_reported(roadmap: Roadmap) -> None:
    resource = roadmap.resource("re-implement-k-means-or-simple-nn-from-scratch")
    assert resource is not None
    assert (resource.role, resource.weeks, resource.authors) == ("checkpoint", Weeks(20, 20), ("Self-study",))
    assert resource.links == ()
    finding = only(roadmap.findings, "label-cell")
    assert "Week 20 Checkpoint" in finding.message
    assert finding.line == line_of("| Week 20 Checkpoint")


def test_the_title_of_mlops_is_put_together_and_reported(roadmap: Roadmap) -> None:
    resource = roadmap.resource("mlops-machine-learning-operations-specialization")
    assert resource is not None
    assert resource.alternatives == ()
    assert only(roadmap.findings, "split-title").line == line_of("| MLOps ")


def test_week_6_belongs_to_two_blocks_and_is_reported(roadmap: Roadmap) -> None:
    assert [b.title for b in roadmap.blocks_of_week(6)] == ["Linear Algebra & Stats", "Checkpoint Project"]
    message = only(roadmap.findings, "week-overlap").message
    assert "week 6 belongs to “Linear Algebra & Stats” (weeks 5–6) and “Checkpoint Project” (week 6)" in message


def test_week_20_has_the_course_and_the_checkpoint_and_week_19_the_course_only(roadmap: Roadmap) -> None:
    course, checkpoint = "deep-learning-specialization", "re-implement-k-means-or-simple-nn-from-scratch"
    assert [r.id for r in roadmap.resources_of_week(20)] == [course, checkpoint]
    assert [r.id for r in roadmap.resources_of_week(19)] == [course]
    assert "is for week 20 of the block's weeks 17–20" in only(roadmap.findings, "own-week").message


def test_phases_3_and_4_are_undivided_and_reported(roadmap: Roadmap) -> None:
    assert len(roadmap.resources_of_week(25)) == len(roadmap.resources_of_week(40)) == 3
    found = [f.message for f in roadmap.findings if f.code == "undivided-phase"]
    assert len(found) == 2
    assert "phase 3 gives weeks 21–32 only" in found[0]
    assert "phase 4 gives weeks 33–48 only" in found[1]


def test_every_cell_with_several_links_is_reported(roadmap: Roadmap) -> None:
    several = [r for r in roadmap.resources if len(r.links) > 1]
    found = [f.message for f in roadmap.findings if f.code == "several-links"]
    assert len(several) == len(found) == 9
    for resource, message in zip(several, found, strict=True):
        assert resource.title in message
        assert all(link.text in message for link in resource.links)


def test_the_link_to_a_catalogue_is_reported(roadmap: Roadmap) -> None:
    finding = only(roadmap.findings, "catalogue-link")
    assert finding.severity == "warning"
    assert "Building Advanced RAG Applications" in finding.message
    assert "https://www.coursera.org/" in finding.message


def test_role_suffixes_are_taken_off_the_titles(roadmap: Roadmap) -> None:
    assert [r.title for r in roadmap.resources if "preferred" in r.title or "alternative" in r.title] == []


def test_not_available_means_none(roadmap: Roadmap) -> None:
    assert "N/A" not in repr(roadmap.resources)


def test_nothing_else_is_found_and_nothing_grave(roadmap: Roadmap) -> None:
    known = {
        "label-cell", "split-title", "week-overlap", "own-week", "undivided-phase", "several-links", "catalogue-link",
    }  # fmt: skip
    assert {f.code for f in roadmap.findings} == known
    assert [f for f in roadmap.findings if f.severity == "error"] == []


def test_without_corrections_the_shifted_row_still_shows_in_the_findings() -> None:
    roadmap = read_roadmap(corrections=None)
    assert roadmap.resource("week-20-checkpoint") is not None
    finding = only(roadmap.findings, "unread-link")
    assert "Ability to implement ML/DL algorithms manually" in finding.message


# --- other roadmaps: a named finding or a RoadmapError, never a traceback ---------------------------------------------


def test_a_small_roadmap_of_one_week_is_clean() -> None:
    roadmap = parse_roadmap(document(week(1, "A course")))
    assert roadmap.findings == ()
    assert [r.id for r in roadmap.resources] == ["a-course"]


def test_another_number_of_weeks_than_the_title_promises_is_found() -> None:
    text = document(week(1, "A course"), title="Plan — 12 Weeks")
    assert "promises 12 weeks, the phases end with week 1" in only(parse_roadmap(text).findings, "week-count").message


def test_another_number_of_weeks_is_read_as_it_is() -> None:
    blocks = "".join(week(number, f"Course {number}") for number in range(1, 61))
    roadmap = parse_roadmap(document(blocks, weeks="1–60", title="Plan — 60 Weeks"))
    assert (roadmap.weeks, len(roadmap.resources), roadmap.findings) == (Weeks(1, 60), 60, ())


@pytest.mark.parametrize("cells", [["A course"], ["A course", *["x"] * 12]], ids=["too few", "too many"])
def test_a_row_of_another_width_is_found_with_its_line(cells: list[str]) -> None:
    text = document(details("Week 1 — One", table([cells])))
    finding = only(parse_roadmap(text).findings, "table-width")
    assert f"{len(cells)} cells where the header has 12" in finding.message
    assert text.splitlines()[(finding.line or 0) - 1].startswith("| A course")


def test_line_numbers_hold_behind_characters_that_only_python_takes_for_line_ends() -> None:
    text = "\x0b\x85\u2028\n" + document(details("Week 1 — One", table([["A course"]])))
    finding = only(parse_roadmap(text).findings, "table-width")
    assert text.split("\n")[(finding.line or 0) - 1].startswith("| A course")


def test_a_narrower_table_is_read_and_its_missing_columns_are_named() -> None:
    text = document(details("Week 1 — One", table([["A course", "Read it"]], [ALL_HEADERS[0], "Task / Project"])))
    roadmap = parse_roadmap(text)
    assert roadmap.resources[0].task == "Read it"
    assert "learning outcome, link, pros" in only(roadmap.findings, "missing-column").message


def test_columns_in_another_order_are_read_by_name() -> None:
    header = list(reversed(ALL_HEADERS))
    text = document(details("Week 1 — One", table([["Mandatory", "High", *["N/A"] * 9, "A course"]], header)))
    resource = parse_roadmap(text).resources[0]
    assert (resource.title, resource.recommendation, resource.hands_on) == ("A course", "Mandatory", "High")


def test_an_unknown_column_is_named() -> None:
    text = document(details("Week 1 — One", table([["A course", *["x"] * 12]], [*ALL_HEADERS, "Mood"])))
    assert "“Mood”" in only(parse_roadmap(text).findings, "unknown-column").message


def test_a_column_that_stands_twice_is_named() -> None:
    text = document(details("Week 1 — One", table([["A course", *["N/A"] * 12]], [*ALL_HEADERS, "Pros"])))
    assert "more than one column pros" in only(parse_roadmap(text).findings, "duplicate-column").message


def test_a_block_without_a_table_is_found_and_the_others_are_read() -> None:
    roadmap = parse_roadmap(document(week(1, "A course") + details("Week 2 — Two", "Nothing yet."), weeks="1–2"))
    assert only(roadmap.findings, "no-table").message == "“Week 2 — Two” has no table of resources."
    assert [r.id for r in roadmap.resources] == ["a-course"]


def test_a_merged_cell_is_found() -> None:
    html = "<table><tr><td colspan=2>Both</td></tr></table>"
    findings = parse_roadmap(document(week(1, "A course") + details("Week 2 — Two", html), weeks="1–2")).findings
    assert {"html-table", "merged-cell", "no-table"} <= {f.code for f in findings}
    assert only(findings, "merged-cell").severity == "error"


def test_a_row_without_a_title_is_found_and_left_out() -> None:
    roadmap = parse_roadmap(document(details("Week 1 — One", table([["", *["x"] * 11], full("A course")]))))
    assert [r.id for r in roadmap.resources] == ["a-course"]
    assert "without a title" in only(roadmap.findings, "no-title").message


def test_a_details_that_is_never_closed_is_found() -> None:
    text = document(week(1, "A course")).removesuffix("</details>\n")
    roadmap = parse_roadmap(text)
    assert only(roadmap.findings, "unbalanced-details").line == line_of("<summary>Phase 1", text) - 1
    assert [r.id for r in roadmap.resources] == ["a-course"]


def test_a_phase_that_swallows_the_next_one_is_found() -> None:
    first = document(week(1, "A course")).removesuffix("</details>\n")
    second = details("Phase 2 — More (Week 2)", week(2, "Another"))
    codes = {f.code for f in parse_roadmap(first + second).findings}
    assert {"unbalanced-details", "deep-section", "week-outside-phase"} <= codes


def test_a_closing_details_too_many_is_found() -> None:
    text = document(week(1, "A course")) + "\n</details>\n"
    assert "closes nothing" in only(parse_roadmap(text).findings, "unbalanced-details").message


@pytest.mark.parametrize("heading", ["Interlude", "Phase X — Title (Week 1)", "Phase 2 — Title", "", "Week 3 — Three"])
def test_an_unknown_phase_heading_is_found_and_the_other_phases_are_read(heading: str) -> None:
    roadmap = parse_roadmap(document(week(1, "A course")) + details(heading, week(2, "Another")))
    assert f"“{heading}” is no phase heading" in only(roadmap.findings, "bad-heading").message
    assert [r.id for r in roadmap.resources] == ["a-course"]


@pytest.mark.parametrize("heading", ["Interlude", "Week — Title", f"Week {'9' * 5000} — Long", "Weeks 1–5000 — Long"])
def test_a_block_heading_without_weeks_is_found(heading: str) -> None:
    roadmap = parse_roadmap(document(week(1, "A course") + details(heading, table([full("Another")]))))
    assert "names no weeks" in only(roadmap.findings, "bad-heading").message
    assert [r.id for r in roadmap.resources] == ["a-course"]


@pytest.mark.parametrize("heading", ["Week 3–4 — Name", "Weeks 3 - 4: Name", "WEEK 3 to 4 — Name", "Week 3 & 4 – Name"])
def test_weeks_of_a_heading_are_read_in_several_spellings(heading: str) -> None:
    block = parse_roadmap(document(details(heading, table([full("A course")])), weeks="3–4")).blocks[0]
    assert (block.weeks, block.title) == (Weeks(3, 4), "Name")


def test_swapped_weeks_are_turned_round_and_found() -> None:
    roadmap = parse_roadmap(document(details("Week 4–3 — Name", table([full("A course")])), weeks="3–4"))
    assert roadmap.blocks[0].weeks == Weeks(3, 4)
    assert "read as weeks 3–4" in only(roadmap.findings, "swapped-weeks").message


def test_weeks_that_no_block_holds_are_found_as_ranges() -> None:
    roadmap = parse_roadmap(document(week(1, "A course") + week(5, "Another"), weeks="1–9"))
    gaps = [f.message for f in roadmap.findings if f.code == "week-gap"]
    assert [message.split(":")[0] for message in gaps] == ["weeks 2–4", "weeks 6–9"]


def test_phases_out_of_order_are_found() -> None:
    text = document(week(3, "Later"), weeks="3", number=2) + document(week(1, "Earlier"), weeks="1", number=1)
    assert "phase 1 (week 1) does not follow phase 2" in only(parse_roadmap(text).findings, "phase-order").message


def test_a_section_inside_a_week_is_found() -> None:
    text = document(details("Week 1 — One", table([full("A course")]) + "\n" + details("Extras", "More")))
    assert "“Extras” stands inside a week's section" in only(parse_roadmap(text).findings, "deep-section").message


def test_a_markdown_heading_inside_a_phase_is_found() -> None:
    text = document("## Week 1–2 — Basics\n\n" + week(1, "A course"))
    assert "“Week 1–2 — Basics” is not read" in only(parse_roadmap(text).findings, "unread-heading").message


def test_a_table_outside_any_phase_is_found() -> None:
    text = document(week(1, "A course")) + "\n" + table([full("Stray")])
    finding = only(parse_roadmap(text).findings, "table-outside")
    assert finding.line == line_of("| Stray", text)


def test_equal_titles_get_ids_of_their_own_and_a_finding_each() -> None:
    rows = [full("A course") for _ in range(3)] + [["A course", "N/A", "Ada", *["N/A"] * 9]]
    roadmap = parse_roadmap(document(details("Week 1 — One", table(rows))))
    assert [r.id for r in roadmap.resources] == ["a-course", "a-course-2", "a-course-3", "a-course-ada"]
    assert len([f for f in roadmap.findings if f.code == "duplicate-title"]) == 3


@pytest.mark.parametrize("cell", ["[x](ftp://files.example/a)", "[x](nowhere)", "[x](<http://>)"])
def test_a_link_that_is_no_web_address_is_found(cell: str) -> None:
    text = document(details("Week 1 — One", table([["A course", *["N/A"] * 5, cell, *["N/A"] * 5]])))
    assert "which is no web address" in only(parse_roadmap(text).findings, "bad-link").message


def test_an_address_that_cannot_even_be_split_is_found(roadmap: Roadmap) -> None:
    resource = replace(roadmap.resources[0], links=(Link("x", "http://[a"),))
    block = replace(roadmap.blocks[0], resources=(resource,))
    plan = Roadmap("", (replace(roadmap.phases[0], blocks=(block,)),), ())
    assert "'http://[a', which is no web address" in only(check_roadmap(plan), "bad-link").message


def test_an_address_without_a_link_is_found() -> None:
    text = document(details("Week 1 — One", table([["A course", *["N/A"] * 5, "https://x.example", *["N/A"] * 5]])))
    assert "“https://x.example”" in only(parse_roadmap(text).findings, "unread-link").message


def test_markup_that_cannot_be_read_is_found() -> None:
    text = document(week(1, "A course")) + "\n<details><![0]>\n</details>\n"
    assert only(parse_roadmap(text).findings, "bad-markup").severity == "error"


def test_a_title_with_an_endless_number_is_read() -> None:
    assert parse_roadmap(document(week(1, "A course"), title=f"{'9' * 5000} weeks")).resources


def test_an_empty_roadmap_value_has_no_phase() -> None:
    assert [f.code for f in check_roadmap(Roadmap("", (), ()))] == ["no-phase"]


# --- files that cannot be read --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (bytes(range(256)), "is not UTF-8 text"),
        ("# Plan".encode("utf-16"), "is not UTF-8 text"),
        (b"Just a text.", "holds no phase with a table"),
        (b"<details><summary>Phase 1 (Week 1)</summary></details>", "holds no phase with a table"),
        (b"\x00\x01\x02", "holds no phase with a table"),
    ],
)
def test_a_file_that_is_no_roadmap_is_refused_by_name(tmp_path: Path, content: bytes, part: str) -> None:
    path = tmp_path / "plan.md"
    path.write_bytes(content)
    with pytest.raises(RoadmapError, match=part) as caught:
        read_roadmap(path)
    assert str(path) in str(caught.value)


def test_a_refused_roadmap_names_the_first_cause(tmp_path: Path) -> None:
    path = tmp_path / "plan.md"
    path.write_text(document(details("Week 1 — One", "<table><tr><td>x</td></tr></table>")), encoding="utf-8")
    with pytest.raises(RoadmapError, match=r"line \d+: an HTML table is not read"):
        read_roadmap(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.md"):
        with pytest.raises(RoadmapError, match="cannot be read"):
            read_roadmap(path)


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_is_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "plan.md"
    path.write_bytes(b"\xef\xbb\xbf" + ROADMAP_FILE.read_bytes().replace(b"\n", b"\r\n"))
    assert read_roadmap(path) == read_roadmap()


# --- corrections ----------------------------------------------------------------------------------------------------


def test_a_correction_that_matches_no_row_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "plan.md"
    path.write_text(document(week(1, "A course")), encoding="utf-8")
    found = [f.message for f in read_roadmap(path).findings if f.code == "unused-correction"]
    assert len(found) == len(read_corrections(CORRECTIONS_FILE)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "[[correction",
        "correction = 5",
        "correction = ['x']",
        "[[correction]]\nkind = 'label-cell'",
        "[[correction]]\nkind = 'other'\ntitle = 'x'\nwhy = 'y'",
        "[[correction]]\nkind = 'label-cell'\ntitle = 'x'\nwhy = 'y'\nmore = 1",
        "\x00",
    ],
)
def test_corrections_that_cannot_be_read_are_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RoadmapError, match=r"mine\.toml cannot be read as corrections"):
        read_roadmap(corrections=path)


# --- ids and weeks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "id"),
    [
        ("Python for Data Analysis (Book)", "python-for-data-analysis"),
        ("Aurélien's Book — 2nd", "aurelien-s-book-2nd"),
        ("fast.ai", "fast-ai"),
    ],
)
def test_an_id_is_the_slug_of_the_title(title: str, id: str) -> None:
    assert slug(title) == id


def test_titles_without_a_latin_letter_get_ids_that_differ_and_stay() -> None:
    assert slug("Основы") == slug("Основы") != slug("機械学習")


def test_weeks_speak_and_compare() -> None:
    assert (str(Weeks(6, 6)), str(Weeks(13, 16)), len(Weeks(13, 16))) == ("week 6", "weeks 13–16", 4)
    assert 13 in Weeks(13, 16)
    assert 17 not in Weeks(13, 16)
    assert Weeks(5, 6).overlaps(Weeks(6, 6))
    assert not Weeks(5, 6).overlaps(Weeks(7, 8))


# --- writing small roadmaps -----------------------------------------------------------------------------------------


def document(content: str, *, title: str = "Plan", weeks: str = "1", number: int = 1) -> str:
    return f"# {title}\n\n" + details(f"Phase {number} — First (Weeks {weeks})", content)


def details(heading: str, content: str) -> str:
    return f"<details>\n<summary>{heading}</summary>\n\n{content}\n</details>\n\n".removesuffix("\n")


def week(number: int, title: str) -> str:
    return details(f"Week {number} — Block {number}", table([full(title)])) + "\n"


def table(rows: list[list[str]], header: list[str] = ALL_HEADERS) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def full(title: str) -> list[str]:
    return [title, *["N/A"] * 11]


def only(findings: tuple[Finding, ...], code: str) -> Finding:
    found = [f for f in findings if f.code == code]
    assert len(found) == 1, [f.code for f in findings]
    return found[0]


def line_of(start: str, text: str | None = None) -> int:
    lines = (text or ROADMAP_FILE.read_text(encoding="utf-8")).splitlines()
    return 1 + next(i for i, line in enumerate(lines) if line.startswith(start))
