r"""Text that is not ours <-> Markdown that shows it: every character of the source, and no other. Pure.

>>> print(escaped("__init__ scales by 2*3*4, as [3] says"))
\_\_init\_\_ scales by 2\*3\*4, as \[3\] says
>>> shown("`a` and **b**")
'a and b'

What Markdown would not touch is left alone, so that what is written stays readable: `snake_case`, `a * b`, `[0, 1)`.
A backtick becomes an entity: whoever looks for code in an answer does not find half a quote.

Where the border is. What is told of a source is text, and shown as it stands: passages of pages and of notes
(`escaped`, `fenced`), cells, titles and headings of the roadmap (`authored`: a whole span of code in backticks stays
code, which its author meant as such), entries of the glossary, cards, titles of units, and what a learner is said to
have done. Markdown on purpose, and rendered, is the body of a note alone, where a page or an answer shows a section
of it. A text is escaped once, where it is put into an answer, and never where it is stored or quoted as a source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PUNCTUATION = r"!-/:-@\[-`{-~"
_STEPS: Final = (
    (re.compile(rf"\\(?=[{_PUNCTUATION}\s]|\Z)"), r"\\\\"),
    (re.compile(r"(?<!\s)\*|\*(?!\s)"), r"\\*"),
    (re.compile(r"(?<![^\W_])_|_(?![^\W_])"), r"\\_"),
    (re.compile(r"~(?=~)|(?<=~)~"), r"\\~"),
    (re.compile(r"\[(?=\d{1,3}\])|(?<=\[\d)\]|(?<=\[\d\d)\]|(?<=\[\d\d\d)\]|\](?=[(:\[])"), r"\\\g<0>"),
    (re.compile(r"<(?=[a-zA-Z/!?])"), r"\\<"),
    (re.compile(r"&(?=#?\w{1,40};)"), r"\\&"),
    (re.compile(r"`"), "&#96;"),
)
_LINE_START: Final = re.compile(
    r"^([^\S\n]*)(?:(?=#{1,6}(?:\s|$)|[>|]|[-+*](?:\s|$)|[-=](?>[-=\t ]*)$|[:-](?>[|:\t -]*)$)"
    r"|(\d{1,9})(?=[.)](?:\s|$)))",
    re.MULTILINE,
)
_CODE: Final = re.compile(r"(?<!`)(`(?=[^`\n]*[^`\s])[^`\n]+`)(?!`)")
"""A whole span of code in single backticks."""
_ESCAPE: Final = re.compile(rf"\\([{_PUNCTUATION}])|&#96;")
_UNEVEN: Final = re.compile(r"[()\s]")
_BRACKET: Final = re.compile(r"((?<!\\)(?:\\\\)*)([\[\]])")
_STROKE: Final = re.compile(r"((?<!\\)(?:\\\\)*)\\\|")
_ITEM: Final = re.compile(r"\s*(?:[-*•]|\d{1,9}[.)])\s+")
_MARKER: Final = re.compile(r"\s?\[\d{1,3}\]")
_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False}).enable("table").disable("text_join")


def escaped(text: str) -> str:
    """Markdown of a paragraph that shows `text`, character by character; runs of space are one, as in a browser."""
    for pattern, replacement in _STEPS:
        text = pattern.sub(replacement, text)
    return _LINE_START.sub(lambda start: f"{start[1]}{start[2] or ''}\\", text).lstrip(" \t")


def escaped_item(text: str) -> str:
    """As `escaped`, for the lines of a list: the marks of its items and their indentation stay what they are."""
    return "\n".join(map(_escaped_line, text.split("\n")))


def authored(text: str) -> str:
    r"""Markdown of a cell of the roadmap: its characters, but a span of code stays code.

    >>> print(authored("Use `groupby`, not __init__ [3]"))
    Use `groupby`, not \_\_init\_\_ \[3\]
    """
    return "".join(piece if number % 2 else escaped_piece(piece) for number, piece in enumerate(_CODE.split(text)))


def escaped_piece(text: str) -> str:
    """As `escaped`, with the space before and behind it."""
    before = text[: len(text) - len(text.lstrip(" \t"))]
    return before + escaped(text)


def as_text(markdown: str) -> str:
    """The text that `authored` was given.

    >>> as_text(authored(r"`a_b` at C:\new\\_x"))
    '`a_b` at C:\\new\\_x'
    """
    pieces = _CODE.split(markdown)
    return "".join(piece if n % 2 else _ESCAPE.sub(_character, piece) for n, piece in enumerate(pieces))


def linked(markdown: str, url: str) -> str:
    """A link whose text is Markdown, whatever brackets either holds."""
    pieces = _CODE.split(markdown)
    label = "".join(p if n % 2 else _BRACKET.sub(r"\1\\\2", p) for n, p in enumerate(pieces))
    target = f"<{url}>" if _UNEVEN.search(url) else url
    return f"[{label}]({target})"


def in_cell(markdown: str) -> str:
    """Markdown as the cell of a table: a stroke in it parts no cells."""
    pieces = _CODE.split(markdown)
    return "".join(
        p.replace("|", r"\|") if n % 2 else _STROKE.sub(r"\1|", p).replace("|", "&#124;") for n, p in enumerate(pieces)
    )


def fenced(code: str, language: str = "") -> str:
    """A block that shows `code` as it is, whatever fences it holds."""
    longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{code}\n{fence}"


def shown(text: str) -> str:
    """What a reader of Markdown sees: a line for each paragraph, item and row, without our markers `[n]`."""
    return "\n".join(line for line in _lines(_MARKDOWN.parse(text)) if line.strip())


def _character(escape: re.Match[str]) -> str:
    return escape[1] or "`"


def _escaped_line(line: str) -> str:
    mark = _ITEM.match(line)
    return f"{mark[0]}{escaped(line[mark.end() :])}" if mark else escaped(line)


def _lines(tokens: list[Token]) -> Iterator[str]:
    mark, row, in_row = "", list[str](), False
    for token in tokens:
        if token.type in ("tr_open", "tr_close"):
            if in_row:
                yield " | ".join(row)
            row, in_row = [], not in_row
        elif token.type == "list_item_open":
            mark = f"{token.info}{token.markup} " if token.info else "- "
        elif token.type == "inline" and in_row:
            row.append(_said(token))
        elif token.type == "inline":
            yield mark + _said(token)
            mark = ""
        elif token.type in ("fence", "code_block"):
            yield token.content.rstrip("\n")


def _said(line: Token) -> str:
    """A marker stands in a text; brackets that were escaped are texts of their own."""
    said = ""
    for token in line.children or ():
        if token.type in ("softbreak", "hardbreak"):
            said += " "
        else:
            said += _MARKER.sub("", token.content) if token.type == "text" else token.content
    return said.strip()
