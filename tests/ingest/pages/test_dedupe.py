"""Boilerplate of a site, and pages that are one page twice."""

from __future__ import annotations

import random
import time

import pytest

from ingest.pages.dedupe import near_duplicates, repeated_blocks
from ingest.pages.document import Block, BlockKind, Document

WORDS = [f"word{number}" for number in range(3_000)]


def prose(seed: int, length: int = 400) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=length))


def document(url: str, *texts: str | tuple[BlockKind, str]) -> Document:
    blocks = [Block("paragraph", 0, text) if isinstance(text, str) else Block(text[0], 0, text[1]) for text in texts]
    return Document(url, "T", tuple(blocks))


# Boilerplate


def test_a_short_block_on_most_pages_of_a_site_is_boilerplate() -> None:
    pages = [document(f"https://a.org/{n}", prose(n), "Join our forum.") for n in range(8)]
    assert repeated_blocks(pages) == {"Join our forum."}


def test_a_block_on_few_pages_or_of_a_small_site_is_not() -> None:
    few = [document(f"https://a.org/{n}", prose(n), "Sometimes." if n < 2 else "Never.") for n in range(10)]
    small = [document(f"https://b.org/{n}", "Seven times.") for n in range(7)]
    assert repeated_blocks([*few, *small]) == {"Never."}


def test_a_block_that_stands_often_on_one_page_counts_once() -> None:
    pages = [document(f"https://a.org/{n}", prose(n), *(["Again."] * 9 if n == 0 else [])) for n in range(8)]
    assert repeated_blocks(pages) == frozenset()


def test_headings_code_and_long_blocks_are_never_boilerplate() -> None:
    texts = (("heading", "Summary"), ("code", "import numpy as np"), prose(1))
    assert repeated_blocks(document(f"https://a.org/{n}", *texts) for n in range(9)) == frozenset()


def test_each_course_of_a_host_is_a_site_too() -> None:
    course = [document(f"https://h.org/learn/llm/{n}", prose(n), "Ask in the course forum.") for n in range(8)]
    rest = [document(f"https://h.org/blog/{n}/x", prose(100 + n)) for n in range(60)]
    assert repeated_blocks([*course, *rest]) == {"Ask in the course forum."}


# Near duplicates


@pytest.mark.parametrize(
    ("kept", "left"),
    [
        ("https://a.org/guide.html", "https://a.org/guide.html?print=1"),
        ("https://a.org/a-long-address/guide.html", "https://a.org/print/guide.html"),
        ("https://a.org/1.10/guide.html", "https://a.org/1.9/guide.html"),
        ("https://a.org/v4.40.0/guide", "https://a.org/v4.9.1/guide"),
        ("https://a.org/stable/guide.html", "https://a.org/1.2/guide.html"),
        ("https://a.org/1.2/guide.html", "https://a.org/dev/guide.html"),
        ("https://a.org/guide", "https://a.org/guide/index.html"),
    ],
)
def test_the_newer_and_shorter_address_is_kept(kept: str, left: str) -> None:
    text = prose(1)
    changed = text.replace("word1 ", "another ", 3)
    assert near_duplicates([document(left, text), document(kept, changed, "Printed today.")]) == {left: kept}


def test_different_pages_are_both_kept() -> None:
    half = prose(1, 200)
    assert near_duplicates([document("https://a.org/1", half, prose(2, 200)), document("https://a.org/2", half)]) == {}


def test_short_pages_are_duplicates_only_if_they_say_the_same() -> None:
    pages = [document(f"https://a.org/{n}", text) for n, text in enumerate(["One word", "One word", "One more", ""])]
    assert near_duplicates([*pages, document("https://a.org/none", "")]) == {"https://a.org/1": "https://a.org/0"}


def test_every_duplicate_points_to_a_page_that_is_kept() -> None:
    pages = [document(f"https://a.org/{n}.{n}/x", prose(n // 4)) for n in range(40)]
    found = near_duplicates(pages)
    assert len(found) == 30
    assert not set(found) & set(found.values())
    assert found == near_duplicates(reversed(pages))


def test_five_hundred_pages_take_seconds() -> None:
    pages = [document(f"https://a.org/{n}", prose(n, 500)) for n in range(500)]
    begun = time.monotonic()
    assert near_duplicates(pages) == {}
    assert time.monotonic() - begun < 30
