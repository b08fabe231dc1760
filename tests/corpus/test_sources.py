"""sources.toml against the roadmap and against the pages that were given; and bad files."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.homes import all_sources
from corpus.sources import SourcesError, load_sources
from corpus.urls import UrlError, normal_url

ROOT = Path(__file__).parents[2]
PAGES = ROOT.parent / "shared" / "pages.jsonl"
RESOURCES = {  # a title as pages.jsonl has it, by its first words -> the id
    "Build a data pipeline": "build-a-data-pipeline-from-a-sql-database-and-create-dashboard",
    "Building Advanced RAG": "building-advanced-rag-applications-llamaindex",
    "Designing Data-Intensive": "designing-data-intensive-applications",
    "Hands-On Machine Learning": "hands-on-machine-learning-with-scikit-learn-keras-tensorflow",
    "Hugging Face Course": "hugging-face-course-cs224n",
    "MLOps": "mlops-machine-learning-operations-specialization",
    "Mathematics for Machine Learning": "mathematics-for-machine-learning-specialization",
    "Neural Networks: Zero to Hero": "neural-networks-zero-to-hero",
    "Python for Data Analysis": "python-for-data-analysis",
    "fast.ai": "fast-ai-practical-deep-learning-for-coders",
}
ALTERNATIVES_WITHOUT_A_LINK = {
    "Khan Academy: Linear Algebra & Stats",
    "LinkedIn Learning: Data Science Foundations: Statistics",
    "Udemy NLP course",
    "OpenAI Cookbook",
    "LinkedIn Learning: Data Architecture",
}
GOOD = """
[[source]]
id = "one"
resource = "a-resource"
title = "One"
access = "open"
start = ["https://one.example/course/"]
"""


def test_every_link_of_the_roadmap_has_an_entry_for_each_row_that_has_it() -> None:
    text = (ROOT / "corpus" / "roadmap.md").read_text(encoding="utf-8")
    rows = Counter(url for url, _ in _roadmap_links(text))
    entries = Counter(url for url, _ in {(s.link_url, s.resource) for s in load_sources().entries if s.link_url})
    assert len(rows) > 20
    assert entries == rows


def test_link_texts_are_those_of_the_roadmap() -> None:
    text = (ROOT / "corpus" / "roadmap.md").read_text(encoding="utf-8")
    known = set(_roadmap_links(text))
    entries = [s for s in load_sources().entries if s.link_url]
    assert [s.id for s in entries if (s.link_url, s.link_text) not in known] == []


def test_alternatives_without_a_link_have_an_entry_and_stand_in_the_roadmap() -> None:
    named = {s.alternative for s in load_sources().entries if s.alternative}
    assert named == ALTERNATIVES_WITHOUT_A_LINK
    text = (ROOT / "corpus" / "roadmap.md").read_text(encoding="utf-8")
    assert [name for name in named if name not in text] == []


@pytest.mark.skipif(not PAGES.exists(), reason="../shared is not here")
def test_every_given_page_belongs_to_the_resource_that_its_list_says() -> None:
    sources = load_sources()
    rows = [json.loads(line) for line in PAGES.read_text(encoding="utf-8").splitlines()]
    wrong = []
    for row in rows:
        source = sources.for_url(row["url"])
        right = next(id for title, id in RESOURCES.items() if row["resource"].startswith(title))
        if source is None or source.resource != right:
            wrong.append((row["url"], source and source.id))
    assert len(rows) == 898
    assert wrong == []


def test_moved_documentation_names_its_present_place() -> None:
    sources = load_sources()
    old = sources.for_url("https://gpt-index.readthedocs.io/en/latest/")
    assert old is not None
    assert old.moved_to.startswith("https://developers.llamaindex.ai/")
    assert all("gpt-index" not in address for address in old.start)
    course = sources.for_url("https://huggingface.co/course/chapter1/1")
    assert course is not None
    assert course.moved_to == "https://huggingface.co/learn/llm-course"


def test_open_sources_start_within_their_own_pages() -> None:
    for source in load_sources().entries:
        for address in (*source.start, *source.pages):
            assert source.claim(address) > 0, (source.id, address)


def test_the_longest_match_wins_and_other_hosts_match_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(
        GOOD
        + 'prefixes = ["https://one.example/course"]\n'
        + GOOD.replace('"one"', '"two"').replace("a-resource", "b-resource")
        + 'prefixes = ["https://one.example/course/extra_*"]\nexclude = '
        + '["https://one.example/course/extra_old*"]\n',
        encoding="utf-8",
    )
    sources = load_sources(path)

    def claimed(url: str) -> str | None:
        source = sources.for_url(url)
        return source.id if source else None

    assert claimed("http://ONE.example/course/a#part") == "one"
    assert claimed("https://one.example/course/extra_1") == "two"
    assert claimed("https://one.example/course/extra_old") == "one"
    assert claimed("https://one.example/courses") is None
    assert claimed("https://one.example.evil.example/course/a") is None
    assert claimed("ftp://one.example/course/a") is None
    assert [s.id for s in sources.all_for_url("https://one.example/course/")] == ["one", "two"]
    assert sources.resources == ("a-resource", "b-resource")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "[[source]] tables only"),
        ("[[source]]\nid = 3\n", "'3' lacks|3 lacks"),
        (GOOD.replace("title", "titel"), "unknown key 'titel'"),
        (GOOD.replace('title = "One"\n', ""), "lacks the key 'title'"),
        (GOOD.replace("https://one.example/course/", "file:///etc/passwd"), "neither http nor https"),
        (GOOD.replace("https://one.example/course/", "https:///x"), "names no host"),
        (GOOD.replace('"open"', '"maybe"'), "access is 'maybe'; choose from"),
        (GOOD + "depth = 2\n", "no prefixes"),
        (GOOD + "depth = 99\n", "whole number from 0 to"),
        (GOOD + "depth = true\n", "whole number from 0 to"),
        (GOOD + 'sitemap = "yes"\n', "true or false"),
        (GOOD + 'note = ""\n', "leave the key out"),
        (GOOD + 'pages = "https://one.example/"\n', "list of addresses"),
        (GOOD + "pages = [1]\n", "holds 1"),
        (GOOD + 'link_url = "nowhere"\n', "'nowhere' is neither"),
        (GOOD + 'pages = ["https://one.example/a"]\n', "less than its own addresses"),
        (GOOD + GOOD, "used twice"),
        ("x = [", "not valid TOML"),
        ('other = "x"\n' + GOOD, "other"),
        ("source = [1]\n", "Source 1 is not a table"),
    ],
)
def test_a_bad_file_gives_one_sentence_that_names_the_value(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourcesError) as caught:
        load_sources(path)
    assert any(part in str(caught.value) for part in said.split("|"))
    assert "\n" not in str(caught.value)


def test_a_file_of_ones_own_stands_beside_ours_and_its_pages_may_belong_to_a_topic(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD.replace("a-resource", "topic:rust"), encoding="utf-8")
    found = all_sources(path).for_url("https://one.example/course/")
    assert found is not None
    assert found.resource == "topic:rust"
    assert len(all_sources(path).entries) == len(load_sources().entries) + 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD, "no resource 'a-resource': did you mean"),
        (GOOD.replace("a-resource", "topic:"), "cannot name a topic"),
        (GOOD.replace('"one"', '"python-venv"').replace("a-resource", "topic:x"), "'python-venv' is used twice"),
        ("x = [", "not valid TOML"),
    ],
)
def test_a_bad_file_of_ones_own_is_named_with_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourcesError, match=f"ROADMAP_SOURCES=.*mine.toml.*{re.escape(said)}"):
        all_sources(path)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(SourcesError, match=re.escape("nowhere.toml")):
        load_sources(Path("nowhere.toml"))


def test_reading_the_sources_imports_nothing_heavy() -> None:
    code = (
        "import sys, corpus.sources as s; s.load_sources();"
        "print(sorted({'httpx','lxml','torch','pydantic','markdown_it'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("given_url", "normal"),
    [
        ("HTTP://Host.Example:80/a/../b%7ec?utm_source=x&q=1&gclid=2#part", "http://host.example/b~c?q=1"),
        ("https://host.example", "https://host.example/"),
        ("https://host.example:443/a/./b/", "https://host.example/a/b/"),
        ("https://host.example/../../x", "https://host.example/x"),
        ("https://host.example/a%2fb ü", "https://host.example/a%2Fb%20%C3%BC"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://[::1]:8080/x", "https://[::1]:8080/x"),
        ("https://host.example./x", "https://host.example/x"),
    ],
)
def test_one_page_has_one_spelling(given_url: str, normal: str) -> None:
    assert normal_url(given_url) == normal
    assert normal_url(normal) == normal


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "mailto:a@b.example", "data:text/html,x", "ftp://h.example/", "//h",
        "https://user:pass@h.example/", "https://h.example:99999/", "https://[bad/", "http://./", "http://../a", "http://.:80/",
        "https://h.example/" + "x" * 3_000, "https://h.example/\ud800",
    ],
)  # fmt: skip
def test_what_is_no_public_address_is_refused(url: str) -> None:
    with pytest.raises(UrlError):
        normal_url(url)


@given(st.text(max_size=60), st.sampled_from(["", "https://h.example/", "https://h.example/?"]))
def test_any_text_is_normalised_once_or_refused(text: str, start: str) -> None:
    try:
        once = normal_url(start + text)
    except UrlError:
        return
    assert normal_url(once) == once


def _roadmap_links(text: str) -> Iterator[tuple[str, str]]:
    """(address, text) of every link of every table row: a row's link counts once."""
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        yield from _links(token.children or [])


def _links(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    for position, token in enumerate(tokens):
        if token.type == "link_open":
            yield str(token.attrs["href"]), tokens[position + 1].content
