"""Properties of the roadmap reader: no text breaks it, what is written comes back, ids do not depend on position."""

from __future__ import annotations

import random
import string
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.outline import COLUMNS
from corpus.parsing import parse_roadmap
from corpus.reader import ROADMAP_FILE, read_roadmap
from corpus.roadmap import Link, Resource, Roadmap, RoadmapError, Weeks

HEADER = [name.title() for name in COLUMNS]
PIECES = st.sampled_from(
    [
        "<details>", "</details>", "<summary>", "</summary>", "<summary>Phase 1 — A (Weeks 1–4)</summary>",
        "<summary>Week 1–2 — B</summary>", "<summary>Week 9–3</summary>", "| " + " | ".join(HEADER) + " |",
        "|" + "---|" * len(HEADER), "| a | b |", "|---|---|", "|", "\\|", "# Plan — 4 Weeks", "## Week 2", "\n", "\n\n",
        "    ", "> ", "- ", "```", "<br>", "[x](http://[a)", "[x](https://x.example)", "[x]", "• ", "N/A", "<!--",
        "-->", "<![0]>", "<!DOCTYPE", "<table><td colspan=2>", "<script>", "<?", "&amp;", "&#0;", "\x00", "\r", "\x85",
        "\ufeff",
    ]
)  # fmt: skip
T = TypeVar("T")
DOCUMENTS = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=40).map("".join)


@dataclass(frozen=True)
class Plan:
    """A roadmap as it is meant: for each phase its blocks, for each block its rows; weeks follow from the lengths."""

    phases: tuple[tuple[tuple[int, tuple[tuple[str, ...], ...]], ...], ...]


WORDS = st.text(string.ascii_letters + string.digits + "éüñ'+#:;,.?!()", min_size=1, max_size=9).filter(str.strip)
TEXT = st.lists(WORDS, min_size=1, max_size=4).map(" ".join).filter(lambda text: text.upper() != "N/A")
TITLE = st.lists(st.text(string.ascii_letters, min_size=1, max_size=9), min_size=1, max_size=4).map(" ".join)
ROLE = st.sampled_from(["", " — preferred", " - alternative", " – Supplemental"])
NAME = st.sampled_from(
    ["numpy", "two words", "Ünï-code — dashed", "`code` too", "50% & more", "e.g. this or that", "C++: 2nd"]
)
HOST = st.sampled_from(["a.example", "b.example", "c-d.example"])
LINK = st.tuples(NAME, HOST).map(lambda pair: f"[{pair[0]}](https://{pair[1]}/a?b=c#d)")


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    titles = draw(st.lists(TITLE, min_size=1, max_size=10, unique_by=lambda title: title.lower()))
    rows = [(title + draw(ROLE), *cells(draw)) for title in titles]
    phases: list[tuple[tuple[int, tuple[tuple[str, ...], ...]], ...]] = []
    while rows:
        blocks: list[tuple[int, tuple[tuple[str, ...], ...]]] = []
        for _ in range(draw(st.integers(1, 3))):
            taken, rows = rows[: (size := draw(st.integers(1, 3)))], rows[size:]
            if taken:
                blocks.append((draw(st.integers(1, 6)), tuple(taken)))
        phases.append(tuple(blocks))
    return Plan(tuple(phases))


def cells(draw: st.DrawFn) -> list[str]:
    """The eleven cells after the title; "N/A" for an empty one."""
    joined = {
        "authors": draw(st.lists(NAME, max_size=2).map(" / ".join)),
        "links": draw(st.lists(LINK, max_size=2).map(" <br> ".join)),
        "pros": draw(st.lists(NAME, max_size=3).map(lambda items: " <br>".join(f"• {item}" for item in items))),
        "cons": draw(st.lists(NAME, max_size=3).map("<br/>".join)),
    }
    others = ("alternatives", "task", "focus", "outcome", "difficulty", "hands_on", "recommendation")
    joined |= {name: draw(st.one_of(st.just(""), NAME)) for name in others}
    return [joined[column] or "N/A" for column in list(COLUMNS.values())[1:]]


# --- no text breaks the reader ---------------------------------------------------------------------------------------


@given(DOCUMENTS)
@settings(max_examples=150)
def test_any_text_is_read_without_an_error(text: str) -> None:
    roadmap = parse_roadmap(text)
    assert len({r.id for r in roadmap.resources}) == len(roadmap.resources)
    assert roadmap.resources or roadmap.findings


@given(st.one_of(st.binary(max_size=60), DOCUMENTS.map(lambda text: text.encode("utf-8", "surrogatepass"))))
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_is_read_or_refused_by_a_roadmap_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "plan.md"
    path.write_bytes(content)
    refused = ""
    try:
        assert read_roadmap(path, None).resources
    except RoadmapError as error:
        refused = str(error)
    assert refused == "" or str(path) in refused


@given(st.data())
@settings(max_examples=20)
def test_the_roadmap_with_any_damage_is_read_without_an_error(data: st.DataObject) -> None:
    text = ROADMAP_FILE.read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 3000)))
    damaged = parse_roadmap(text[:start] + data.draw(PIECES) + text[end:])
    assert damaged.phases or damaged.findings


# --- what is written comes back --------------------------------------------------------------------------------------


@given(plans())
@settings(max_examples=40)
def test_a_well_formed_roadmap_comes_back_exactly(plan: Plan) -> None:
    roadmap = parse_roadmap(written(plan))
    assert roadmap.phases
    assert [f for f in roadmap.findings if f.code not in ("undivided-phase", "several-links")] == []
    assert structure(roadmap) == expected_structure(plan)
    rows = [row for phase in plan.phases for _, block in phase for row in block]
    for resource, row in zip(roadmap.resources, rows, strict=True):
        assert columns(resource) == expected_columns(row)


@given(TEXT)
@settings(max_examples=60)
def test_a_cell_of_plain_text_comes_back_exactly(text: str) -> None:
    row = ("Course", "N/A", "N/A", text, *["N/A"] * 8)
    assert parse_roadmap(written(Plan((((1, (row,)),),)))).resources[0].task == text


# --- ids do not depend on position -----------------------------------------------------------------------------------


@given(plans(), st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_ids_are_the_same_after_rows_blocks_and_phases_are_shuffled(plan: Plan, chance: random.Random) -> None:
    shuffled = tuple(
        shuffle(tuple((length, shuffle(rows, chance)) for length, rows in shuffle(phase, chance)), chance)
        for phase in shuffle(plan.phases, chance)
    )
    assert ids(Plan(shuffled)) == ids(plan)


@given(plans(), st.data())
@settings(max_examples=20)
def test_ids_are_the_same_after_a_week_is_inserted(plan: Plan, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(plan.phases) - 1))
    new = ("Inserted Course Of One Week", *["N/A"] * 11)
    phases = list(plan.phases)
    position = data.draw(st.integers(0, len(phases[number])))
    phases[number] = (*phases[number][:position], (1, (new,)), *phases[number][position:])
    assert ids(Plan(tuple(phases))) == {**ids(plan), new[0]: "inserted-course-of-one-week"}


@pytest.mark.parametrize("seed", range(5))
def test_ids_of_the_roadmap_are_the_same_after_its_lines_of_rows_are_reordered(seed: int, roadmap: Roadmap) -> None:
    chance = random.Random(seed)
    tables = ROADMAP_FILE.read_text(encoding="utf-8").split("\n\n")
    text = "\n\n".join(reordered(part, chance) if part.startswith("| Training") else part for part in tables)
    found = parse_roadmap(text)
    plain = read_roadmap(corrections=None)
    assert {r.id for r in found.resources} == {r.id for r in plain.resources}
    assert {replace(r, block="") for r in found.resources} == {replace(r, block="") for r in plain.resources}


# --- writing and expecting -------------------------------------------------------------------------------------------


def written(plan: Plan) -> str:
    """The plan in the author's layout; a phase of one block has its table at once, as phases 3 and 4 do."""
    text, week = "# Plan\n", 1
    for number, phase in enumerate(plan.phases):
        total, inner = sum(length for length, _ in phase), ""
        for position, (length, rows) in enumerate(phase):
            table = "".join(f"| {' | '.join(cells)} |\n" for cells in (HEADER, ["-"] * len(HEADER), *rows))
            heading = f"Week {span(week, length)} — Block {'abcdefgh'[position]}"
            inner += table if len(phase) == 1 else section(heading, table)
            week += length
        text += section(f"Phase {number} — Part {'abcdefghij'[number]} (Weeks {span(week - total, total)})", inner)
    return text


def section(heading: str, inner: str) -> str:
    return f"\n<details>\n<summary>{heading}</summary>\n\n{inner}\n</details>\n"


def span(first: int, length: int) -> str:
    return str(first) if length == 1 else f"{first}–{first + length - 1}"


def structure(roadmap: Roadmap) -> list[tuple[int, str, Weeks, bool, int]]:
    return [(b.phase, b.title, b.weeks, b.divided, len(b.resources)) for b in roadmap.blocks]


def expected_structure(plan: Plan) -> list[tuple[int, str, Weeks, bool, int]]:
    found: list[tuple[int, str, Weeks, bool, int]] = []
    week = 1
    for number, phase in enumerate(plan.phases):
        for position, (length, rows) in enumerate(phase):
            name = f"Part {'abcdefghij'[number]}" if len(phase) == 1 else f"Block {'abcdefgh'[position]}"
            divided = len(phase) > 1 or length == 1
            found.append((number, name, Weeks(week, week + length - 1), divided, len(rows)))
            week += length
    return found


def columns(r: Resource) -> tuple[object, ...]:
    return (
        r.title, r.role, r.alternatives, r.authors, r.task, r.focus, r.outcome, r.links, r.pros, r.cons, r.difficulty,
        r.hands_on, r.recommendation,
    )  # fmt: skip


def expected_columns(row: tuple[str, ...]) -> tuple[object, ...]:
    title, *rest = ("" if cell == "N/A" else cell for cell in row)
    alternatives, authors, task, focus, outcome, links, pros, cons, difficulty, hands_on, recommendation = rest
    for mark in (" — preferred", " - alternative", " – Supplemental"):
        if title.endswith(mark):
            title, role = title.removesuffix(mark), mark[3:].lower()
            break
    else:
        role = "main"
    pairs = [link.strip("[) ").split("](") for link in links.split("<br>") if link]
    return (
        title, role, (alternatives,) if alternatives else (), tuple(authors.split(" / ")) if authors else (), task,
        focus, outcome, tuple(Link(text, url) for text, url in pairs), listed(pros, " <br>"), listed(cons, "<br/>"),
        difficulty, hands_on, recommendation,
    )  # fmt: skip


def listed(cell: str, mark: str) -> tuple[str, ...]:
    return tuple(item.removeprefix("• ") for item in cell.split(mark)) if cell else ()


def ids(plan: Plan) -> dict[str, str]:
    return {r.title: r.id for r in parse_roadmap(written(plan)).resources}


def shuffle(items: tuple[T, ...], chance: random.Random) -> tuple[T, ...]:
    return tuple(chance.sample(items, len(items)))


def reordered(table: str, chance: random.Random) -> str:
    head, rule, *rows = table.splitlines()
    return "\n".join([head, rule, *chance.sample(rows, len(rows))])
