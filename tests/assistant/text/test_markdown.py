"""What a browser, a terminal and a card show of a quote is what its source says."""

from __future__ import annotations

import time
from io import StringIO

import lxml.html
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.markdown import Markdown

from assistant.text.markdown import escaped, escaped_item, fenced, shown
from ui.markup import markdown

HARD = [
    "__init__", "2*3*4", r"\{1, 2\}", r"C:\new\_x", "[3]", "x[1][2]", "`a` ``b``", "<b>x</b>", "&lt;", "&#35;", "# no",
    "> no", "- no", "1. no", "12) no", "---", "===", "| a | b |", "| --- |", "[x]: y", "![a](b)", "[a](b)", "<https://a.example>",
    "~~x~~", "```", "~~~", "_a_ b_c", "a * b *c*", "\\", "**", "C# F#", "$x$", "[^1]", "![", "](", "a\n# b", "a\n---",
    "$$y$$",
]  # fmt: skip
TEXTS = st.one_of(
    st.lists(st.sampled_from([*HARD, *"\\`*_{}[]()#+-.!|<>&~:=\"'$^ \n19ab"]), min_size=1, max_size=12).map("".join),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=80),
)


def words(text: str) -> str:
    """Runs of white space are one space: a browser shows no other."""
    return " ".join(text.split())


def in_browser(text: str) -> tuple[str, int]:
    """The text that a browser shows of our HTML, without our markers, and how many of these there are."""
    tree = lxml.html.fromstring(f"<div>{markdown(text, (), lambda n: f'<i>{n}</i>')}</div>")
    markers = list(tree.iter("i"))
    for marker in markers:
        marker.drop_tree()
    return words(tree.text_content()), len(markers)


def in_terminal(text: str) -> str:
    out = StringIO()
    Console(file=out, width=100_000, color_system=None).print(Markdown(text))
    return words(out.getvalue())


@settings(max_examples=400, deadline=None)
@given(TEXTS)
@example("__init__ and 2*3*4 [3]")
@example(r"[\](x) \_")
def test_a_browser_shows_the_characters_of_the_source_and_one_marker(text: str) -> None:
    written = f"{escaped(text)} [1]"
    assert in_browser(written) == (words(text), 1)
    assert words(shown(written)) == words(text)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_an_item_of_a_list_and_a_cell_of_a_table_show_them_too(text: str) -> None:
    line = words(text)
    assert in_browser(f"- {escaped(line)}\n- x")[0] == words(f"{line} x")
    assert in_browser(escaped_item(f"1. {line}\n  - {line}"))[0] == words(f"{line} {line}")
    if "|" not in line:
        assert in_browser(f"| {escaped(line)} |\n| --- |\n| x |")[0] == words(f"{line} x")


@pytest.mark.parametrize("text", HARD)
def test_a_terminal_shows_them_too(text: str) -> None:
    assert in_terminal(f"Say {escaped(text)} now") == words(f"Say {text} now")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(["`", "```", "````", "~~~", "x[1]", "\n", "    y", "<b>", "\\", "a"]), min_size=1).map(
        "".join
    )
)
def test_a_block_of_code_shows_its_code_whatever_fences_it_holds(code: str) -> None:
    html = markdown(f"{fenced(code)}\n\n[1]", (), lambda n: "<i>1</i>")
    (block,) = lxml.html.fromstring(f"<div>{html}</div>").iter("pre")
    assert block.text_content().rstrip("\n") == code.rstrip("\n")
    assert html.count("<i>1</i>") == 1


@pytest.mark.parametrize(
    "text", ["snake_case and dunder", "a * b", "the range [0, 1)", "a < b & c", "50 ~ 60", "f(x) = 2"]
)
def test_what_markdown_leaves_alone_is_left_alone(text: str) -> None:
    assert escaped(text) == text


def test_what_is_shown_has_lines_rows_and_marks_and_no_marker() -> None:
    text = "One [1] and **two**.\n\n1. a [2]\n2. b\n\n| x | y |\n|---|---|\n| \\[3\\] | z |\n\n```\nx[1]\n```\n\n[3]"
    assert shown(text) == "One and two.\n1. a\n2. b\nx | y\n[3] | z\nx[1]"


@pytest.mark.parametrize("hostile", ["\\", "*", "_", "[", "- ", "=", "1", " ", "\t-", "`", "|:", "~", "[1", "&#1", "a"])
def test_escaping_takes_time_in_proportion_to_the_text(hostile: str) -> None:
    def once(times: int) -> float:
        begun = time.perf_counter()
        escaped(hostile * times + "x")
        return time.perf_counter() - begun

    def seconds(times: int) -> float:
        return min(once(times) for _ in range(4))  # others use the machine at the same time

    assert seconds(160_000) < 30 * max(seconds(20_000), 0.002)
