"""Chunks: their borders, their window, their ids and their neighbours, with the model's own tokenizer."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ingest_fixtures import model_fixture, record  # noqa: F401

from ingest.index.model import ModelInfo, find_model, token_counter
from ingest.index.nodes import embedded_text, to_node
from ingest.pages.chunk import Chunk, Record, chunk_record
from ingest.pages.document import Block, BlockKind
from ingest.pages.sentences import sentence_spans

SENTENCE = "The frame keeps its index while the rows are sorted by their label."
CODE = "\n".join(f"value_{n} = frame.groupby('key_{n}').agg(mean_{n}=('column', 'mean'))" for n in range(6))
KINDS: tuple[BlockKind, ...] = ("heading", "paragraph", "code", "table", "list", "quote")


COUNT = token_counter(find_model())


def cut(source: Record, window: int = 256) -> list[Chunk]:
    return chunk_record(source, COUNT, window)


def prose(sentences: int) -> Block:
    return Block("paragraph", 0, " ".join([SENTENCE] * sentences))


def heading(text: str, level: int = 2, anchor: str | None = None) -> Block:
    return Block("heading", level, text, anchor)


def test_a_section_is_a_chunk_under_its_heading_path() -> None:
    found = cut(
        record(
            "x", heading("Joins"), prose(8), heading("Left joins", 3, "left"), prose(8), heading("Sorting"), prose(8)
        )
    )
    assert [chunk.heading for chunk in found] == ["Joins", "Joins › Left joins", "Sorting"]
    assert found[1].anchor == "left"
    assert found[0].text.startswith(SENTENCE), "the heading stands in the prefix, not twice"


def test_small_sections_are_joined_and_keep_their_headings_in_the_text() -> None:
    found = cut(record("x", heading("One"), prose(1), heading("Two"), prose(1)))
    assert len(found) == 1
    assert found[0].heading == "One"
    assert "Two" in found[0].text


def test_every_chunk_is_a_slice_of_the_record_and_its_spans_are_its_blocks() -> None:
    source = record("x", heading("A"), prose(20), Block("code", 0, CODE), heading("B"), prose(3))
    for chunk in cut(source):
        assert chunk.text in source.text
        for kind, start, end in chunk.spans:
            assert any(chunk.text[start:end] in block.text and kind == block.kind for block in source.blocks)


def test_code_that_fits_is_not_cut() -> None:
    source = record("x", heading("A"), prose(12), Block("code", 0, CODE), prose(12))
    assert any(CODE in chunk.text for chunk in cut(source))


@pytest.mark.parametrize("kind", ["code", "table", "list"])
def test_what_is_too_long_is_cut_at_line_ends(kind: BlockKind) -> None:
    lines = [f"row {n} | {'value ' * 12}" for n in range(60)]
    found = cut(record("x", Block(kind, 0, "\n".join(lines))))
    assert len(found) > 1
    assert all(
        line in [x.strip() for x in lines] for chunk in found for line in map(str.strip, chunk.text.splitlines())
    )


def test_long_prose_is_cut_at_sentence_ends() -> None:
    found = cut(record("x", prose(60)))
    assert len(found) > 1
    assert all(chunk.text.endswith(".") for chunk in found)
    assert sum(chunk.text.count(SENTENCE) for chunk in found) == 60


def test_one_endless_word_is_cut_without_losing_a_character() -> None:
    text = "字" * 900
    found = cut(record("x", Block("paragraph", 0, text)))
    assert "".join(chunk.text for chunk in found) == text


def test_positions_count_up_and_neighbours_know_each_other() -> None:
    found = cut(record("x", heading("A"), prose(40)))
    assert [chunk.position for chunk in found] == list(range(len(found)))
    node = to_node(found[1], found, 1)
    assert node.prev_node is not None
    assert node.next_node is not None
    assert (node.prev_node.node_id, node.next_node.node_id) == (found[0].id, found[2].id)


def test_ids_depend_on_content_and_place_only() -> None:
    source = record("x", heading("A"), prose(8), heading("B"), prose(9))
    moved = replace(source, fetched_at="2027-01-01T00:00:00Z", phase=4)
    before = replace(source, blocks=(heading("New"), prose(10), *source.blocks))
    ids = [chunk.id for chunk in cut(source)]
    assert [chunk.id for chunk in cut(moved)] == ids
    assert [chunk.id for chunk in cut(before)][1:] == ids
    assert not set(ids) & {chunk.id for chunk in cut(replace(source, url="https://pandas.pydata.org/docs/y"))}


def test_the_same_passage_twice_on_a_page_has_two_ids() -> None:
    found = cut(record("x", heading("A"), prose(8), heading("A"), prose(8)))
    assert found[0].text == found[1].text
    assert found[0].id != found[1].id


def test_one_changed_paragraph_changes_at_most_three_embedded_texts() -> None:
    chance = random.Random(1)
    words = SENTENCE.split()
    blocks = [
        heading(f"Part {n // 5}") if n % 5 == 0 else Block("paragraph", 0, " ".join(chance.choices(words, k=60)) + ".")
        for n in range(60)
    ]
    old = {embedded_text(chunk) for chunk in cut(record("x", *blocks))}
    for place in (3, 27, 59):
        changed = [*blocks]
        changed[place] = Block("paragraph", 0, blocks[place].text + " One more sentence.")
        assert len({embedded_text(chunk) for chunk in cut(record("x", *changed))} - old) <= 3


def test_what_is_embedded_is_title_heading_path_and_text() -> None:
    first, second = cut(record("x", heading("A"), prose(8), heading("B", 3), prose(9)))
    assert embedded_text(first) == f"All about x\nA\n{first.text}"
    assert embedded_text(second) == f"All about x\nA › B\n{second.text}"


@pytest.mark.parametrize("blocks", [(), (Block("heading", 2, "Alone"),), (Block("paragraph", 0, ""),)])
def test_a_page_of_next_to_nothing_gives_at_most_one_chunk(blocks: tuple[Block, ...]) -> None:
    assert len(cut(record("x", *blocks))) <= 1


WORDS = st.sampled_from(
    ["a", "frame", "groupby", "NaN", "_x1", "字字", "unbelievable", "e.g.", "https://x.y/z?a=b", "€"]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=400).map(" ".join) | st.text(min_size=1, max_size=900)
BLOCKS = st.lists(st.builds(Block, st.sampled_from(KINDS), st.integers(1, 6), TEXTS), max_size=8)


@given(BLOCKS, st.text(max_size=400), st.sampled_from([64, 256]))
def test_nothing_that_is_embedded_is_ever_cut_off_by_the_model(blocks: list[Block], title: str, window: int) -> None:
    source = replace(record("x", *blocks), title=title)
    found = cut(source, window)
    assert all(size + 2 <= window for size in COUNT([embedded_text(chunk) for chunk in found]))
    assert len({chunk.id for chunk in found}) == len(found)
    assert all(chunk.text in source.text for chunk in found)


@given(st.text(max_size=300))
def test_sentence_spans_have_no_gaps(text: str) -> None:
    spans = sentence_spans(text)
    assert "".join(text[start:end] for start, end in spans) == text


def test_an_abbreviation_ends_no_sentence() -> None:
    text = "Use a join, e.g. This one. See Fig. 3 by J. Smith. Done."
    assert [text[a:b].strip() for a, b in sentence_spans(text)] == [
        "Use a join, e.g. This one.",
        "See Fig. 3 by J. Smith.",
        "Done.",
    ]


def test_the_window_is_the_model_s(model: ModelInfo) -> None:
    assert model.window == 256
