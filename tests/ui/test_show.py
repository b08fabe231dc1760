"""The roadmap laid out for a terminal and as JSON; what does not exist; findings of a file of another's."""

from __future__ import annotations

import io
from dataclasses import asdict, replace

import pytest
from rich.console import Console

from corpus.roadmap import Block, Finding, Phase, Roadmap, Weeks
from ui.show import UnknownPlaceError, print_findings, print_roadmap, roadmap_json, select

ZERO_TO_HERO = "neural-networks-zero-to-hero"


# --- JSON -----------------------------------------------------------------------------------------------------------


def test_a_resource_has_every_column_in_json(roadmap: Roadmap) -> None:
    shown = roadmap_json(roadmap)["resources"]
    assert len(shown) == len(roadmap.resources)
    for value, resource in zip(shown, roadmap.resources, strict=True):
        weeks = {"first": value["weeks"][0], "last": value["weeks"][1]}
        as_tuples = {name: tuple(item) if isinstance(item, list) else item for name, item in value.items()}
        assert {**as_tuples, "weeks": weeks} == asdict(resource)


@pytest.mark.parametrize("week", range(49))
def test_every_week_shows_its_phase_its_blocks_and_its_resources(roadmap: Roadmap, week: int) -> None:
    shown = roadmap_json(roadmap, week=week)
    (phase,) = shown["phases"]
    assert phase["weeks"][0] <= week <= phase["weeks"][1]
    assert [block["phase"] for block in shown["blocks"]] == [phase["number"]] * len(shown["blocks"])
    assert [r["id"] for r in shown["resources"]] == [r.id for r in roadmap.resources_of_week(week)]
    assert {r["id"] for r in shown["resources"]} <= {id for block in shown["blocks"] for id in block["resources"]}


@pytest.mark.parametrize("number", range(5))
def test_every_phase_shows_its_blocks_and_resources(roadmap: Roadmap, number: int) -> None:
    shown = roadmap_json(roadmap, phase=number)
    assert [r["id"] for r in shown["resources"]] == [r.id for r in roadmap.resources if r.phase == number]
    assert [block["title"] for block in shown["blocks"]] == [b.title for b in roadmap.blocks if b.phase == number]


def test_every_resource_is_shown_by_its_id(roadmap: Roadmap) -> None:
    for resource in roadmap.resources:
        phases, blocks, resources = select(roadmap, None, None, resource.id)
        assert resources == (resource,)
        assert [b.title for b in blocks] == [resource.block]
        assert [p.number for p in phases] == [resource.phase]


# --- what does not exist --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("week", [-1, 49, 10**9])
def test_a_week_that_does_not_exist_is_refused_with_those_that_do(roadmap: Roadmap, week: int) -> None:
    with pytest.raises(UnknownPlaceError, match=f"there is no week {week}: the roadmap has weeks 0–48"):
        roadmap_json(roadmap, week=week)


@pytest.mark.parametrize("phase", [-1, 5])
def test_a_phase_that_does_not_exist_is_refused_with_those_that_do(roadmap: Roadmap, phase: int) -> None:
    with pytest.raises(UnknownPlaceError, match=r"the phases 0, 1, 2, 3, 4\."):
        roadmap_json(roadmap, phase=phase)


@pytest.mark.parametrize(
    ("id", "near"),
    [
        ("zero-to-hero", ZERO_TO_HERO),
        ("neural-network-zero-to-hero", ZERO_TO_HERO),
        ("capstone", "capstone-portfolio"),
        ("fastai", "fast-ai-practical-deep-learning-for-coders"),
        ("FULL-STACK-LLM", "full-stack-llm-bootcamp"),
    ],
)
def test_an_unknown_resource_is_refused_with_the_nearest_one(roadmap: Roadmap, id: str, near: str) -> None:
    with pytest.raises(UnknownPlaceError) as caught:
        roadmap_json(roadmap, resource=id)
    assert repr(id) in str(caught.value)
    assert near in str(caught.value)


# --- a terminal -----------------------------------------------------------------------------------------------------


def test_the_whole_roadmap_names_every_phase_block_and_resource_without_columns(roadmap: Roadmap) -> None:
    text = printed(roadmap)
    assert [b.title for b in roadmap.blocks if b.title not in text] == []
    assert [r.id for r in roadmap.resources if r.id not in text] == []
    assert "difficulty" not in text
    assert text.count("the roadmap does not divide these weeks") == 2


def test_a_week_shows_every_column_of_its_resource(roadmap: Roadmap) -> None:
    text = printed(roadmap, week=14)
    resource = roadmap.resource(ZERO_TO_HERO)
    assert resource is not None
    values = [resource.task, resource.focus, resource.outcome, resource.difficulty, resource.recommendation]
    values += [resource.title, *resource.authors, *resource.alternatives, *resource.pros, *resource.cons]
    values += [link.url for link in resource.links]
    assert [value for value in values if value not in text] == []


def test_an_empty_column_is_left_out(roadmap: Roadmap) -> None:
    assert "links" not in printed(roadmap, resource="capstone-portfolio")
    assert "links" in printed(roadmap, resource=ZERO_TO_HERO)


def test_a_resource_is_shown_without_its_neighbours(roadmap: Roadmap) -> None:
    assert "coursera-deep-learning" not in printed(roadmap, resource="fast-ai-practical-deep-learning-for-coders")


def test_an_address_is_never_cut(roadmap: Roadmap) -> None:
    for width in (40, 80):
        text = "".join(printed(roadmap, week=14, width=width).split())
        assert "https://www.youtube.com/playlist?list=PLjJh1vlSEYgv3u2khHca7g0q0_zyFtx9c" in text


@pytest.mark.parametrize("width", [20, 40, 300])
def test_any_width_of_a_terminal_is_printed(roadmap: Roadmap, width: int) -> None:
    assert max(len(line) for line in printed(roadmap, week=6, width=width).splitlines()) <= width


def test_square_brackets_in_the_roadmap_are_text(roadmap: Roadmap) -> None:
    resource = replace(roadmap.resources[0], title="[red]Course[/red] [/]", task="use a[0] and [bold]", id="x")
    block = Block("Block [b]", Weeks(0, 0), 0, (resource,))
    text = printed(Roadmap("", (Phase(0, "Phase [/i]", Weeks(0, 0), (block,)),), ()), week=0)
    for part in ("[red]Course[/red] [/]", "use a[0] and [bold]", "Block [b]", "Phase [/i]"):
        assert part in text


# --- findings -------------------------------------------------------------------------------------------------------


def test_findings_are_one_line_each_the_gravest_first() -> None:
    findings = (Finding("a", "note", "x " * 200), Finding("b", "error", "y [z]", 7), Finding("c", "warning", "w"))
    console = terminal(40)
    print_findings(console, findings)
    lines = written(console).splitlines()
    assert [line.split(":")[0] for line in lines] == ["error b", "warning c", "note a"]
    assert lines[0] == "error b: line 7: y [z]"


def test_a_finding_about_a_file_of_another_does_not_steer_the_terminal() -> None:
    console = terminal(80)
    print_findings(console, (Finding("a", "error", "“\x1b]0;owned\x07\x1b[2J\u202e” is no heading"),))
    assert not set(written(console)) & set("\x1b\x07\u202e")
    assert "is no heading" in written(console)


def terminal(width: int) -> Console:
    return Console(file=io.StringIO(), width=width)


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def printed(roadmap: Roadmap, week: int | None = None, resource: str | None = None, width: int = 200) -> str:
    console = terminal(width)
    print_roadmap(console, roadmap, week, None, resource)
    return written(console)
