"""Every pattern of the repository, over texts of its own pieces: what it costs grows with a text and not faster.

`regexploit` stops at possessive groups and names nothing that is merely quadratic, so the patterns are run. A compiled
pattern is used as its module uses it (`match` looks at one place, `search` at all).
"""

from __future__ import annotations

import ast
import importlib
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from assistant.language.weeks.reader import HEAD, TAIL
from corpus.patterns import Late
from tests.conftest import ROOT
from tests.hostile import BRIEF, GROWTH

FOLDERS = ("corpus", "ingest", "assistant", "ui", "eval")
FEW, SHORT, LONG = 24, 1_000, 4_000
"""Characters. What doubles with each of them shows at the first length, and would not come to an end at the others."""
ANCHORED = frozenset({"match", "fullmatch"})
MOST = 80
"""Pieces tried of one pattern."""
CUT = ("assistant.language.", "assistant.text.customs")
"""Their texts are cut to so much: the start and the end of a message, a sentence."""
BOUNDED = {
    "ingest.pages.charset._COMMENT": "only the first kilobytes of a page",
    "assistant.page_answers.answer_form": "the first 300 characters of a question",
    "ui.web.guard._INLINE_SCRIPT": "Gradio's own page, up to its last end tag",
    "ui.openai_protocol.replies": "no blanks at the end: every run of blanks is followed by a word",
}
"""Pattern -> why nothing long that makes it go back is given to it."""
COMMON = (" ", "\n", " \n", "a", "a ", "1", "1 ", "<", "<a ", "[", "(", "{", '"', "-", "*", ".")


@dataclass(frozen=True)
class Used:
    """A pattern, where it stands, and how it is used."""

    place: str
    pattern: re.Pattern[Any]
    method: str


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_pattern_costs_more_than_a_text_is_long(folder: str) -> None:
    long = (used for used in _used(folder) if not used.place.startswith(tuple(BOUNDED)))
    found = [f"{used.place}: {used.pattern.pattern!r} over {piece!r}" for used in long if (piece := worst(used))]
    assert found == []


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"\s*\[\d+\]", "search"),
        (r"\([^)]*\)", "search"),
        (r"(a+)+b", "match"),
        (r"\s*$", "search"),
        (r"<script[^>]*>(.*?)</script>", "search"),
        (r"(?:\w+\s?)*!", "match"),
    ],
)
def test_what_goes_back_is_found(pattern: str, method: str) -> None:
    assert worst(Used("here", re.compile(pattern), method))


@pytest.mark.parametrize(
    ("pattern", "method"),
    [(r"(?:(?<!\s)\s++)?\[\d+\]", "search"), (r"\s*\[\d+\]", "match"), (r"\([^()]*\)", "search"), (r"\w+", "search")],
)
def test_what_does_not_is_not(pattern: str, method: str) -> None:
    assert not worst(Used("here", re.compile(pattern), method))


# --- measuring ---


def worst(used: Used) -> str:
    """The piece over which the pattern costs more than in proportion; "" where there is none."""
    flags = used.pattern.flags
    source = used.pattern.pattern
    is_bytes = isinstance(source, bytes)
    text = source.decode("latin-1") if is_bytes else source
    pieces: set[str] = set()
    _sample(parser.parse(text, flags & ~re.UNICODE if is_bytes else flags), pieces)
    run = _running(used)
    tried = sorted({*pieces, *(f"{one} " for one in pieces), *COMMON} - {""})
    for piece in tried[:: 1 + len(tried) // MOST]:
        for end in ("", "!\n!"):
            few, short, long = ((piece * (n // len(piece) + 1))[:n] + end for n in _lengths(used))
            if is_bytes:
                few, short, long = (t.encode("latin-1", "replace") for t in (few, short, long))
            if _seconds(run, few) > BRIEF or _grows(run, short, long):
                return piece
    return ""


def _lengths(used: Used) -> tuple[int, int, int]:
    """What a person wrote is cut before its dates, amounts and names are read."""
    return (FEW, (HEAD + TAIL) // 4, HEAD + TAIL) if used.place.startswith(CUT) else (FEW, SHORT, LONG)


def _running(used: Used) -> Callable[[Any], object]:
    if used.method in ANCHORED:
        return getattr(used.pattern, used.method)
    return lambda text: sum(1 for _ in used.pattern.finditer(text))


def _grows(run: Callable[[Any], object], short: Any, long: Any) -> bool:
    """Measured again where it seems so, since other processes only ever make one slower."""
    if _seconds(run, long) < BRIEF:
        return False
    return all(_seconds(run, long) > GROWTH * max(BRIEF / 8, _seconds(run, short)) for _ in range(3))


def _seconds(run: Callable[[Any], object], text: Any) -> float:
    begun = time.thread_time()
    run(text)
    return time.thread_time() - begun


# --- texts that a pattern nearly matches ---


def _sample(tree: Iterable[tuple[Any, Any]], pieces: set[str]) -> str:
    """One text that the pattern about matches; all of its beginnings and repeated parts are added to the pieces."""
    text = ""
    for code, value in tree:
        text += _sampled(code, value, text, pieces)
        pieces.add(text)
    return text


def _sampled(code: Any, value: Any, before: str, pieces: set[str]) -> str:  # noqa: PLR0911 -- one a kind
    if code is codes.LITERAL:
        return chr(value)
    if code is codes.NOT_LITERAL:
        return "b" if value == ord("a") else "a"
    if code is codes.ANY:
        return "a"
    if code is codes.IN:
        return _of_class(value)
    if code is codes.BRANCH:
        ways = [_sample(way, pieces) for way in value[1]]
        pieces.update(before + way for way in ways)
        return ways[0]
    if code is codes.SUBPATTERN:
        return _sample(value[3], pieces)
    if code is codes.ATOMIC_GROUP:
        return _sample(value, pieces)
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        once = _sample(value[2], pieces)
        pieces.update((once, before + once))
        return once * max(1, min(value[0], 50))
    if code is codes.ASSERT:
        pieces.add(before + _sample(value[1], pieces))
    return ""


_OF_CATEGORY = {codes.CATEGORY_DIGIT: "1", codes.CATEGORY_SPACE: " ", codes.CATEGORY_NOT_WORD: " "}


def _of_class(items: Iterable[tuple[Any, Any]]) -> str:
    """A character of a class; of one that leaves some out, a common one that is not named."""
    named, negated = list[str](), False
    for code, value in items:
        negated |= code is codes.NEGATE
        named += [chr(value)] if code is codes.LITERAL else []
        named += [chr(value[0])] if code is codes.RANGE else []
        named += [_OF_CATEGORY.get(value, "a")] if code is codes.CATEGORY else []
    return next((c for c in 'a <1-\n"' if c not in named), "a") if negated else (named or ["a"])[0]


# --- where patterns are ---


def _used(folder: str) -> Iterator[Used]:
    """The patterns of a folder's modules: those they hold, and those written where they are used."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        if "migrations" in path.parts:  # run by Alembic alone
            continue
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        yield from _held(name, vars(importlib.import_module(name)), _methods(tree))
        yield from _written(name, tree)


def _methods(tree: ast.AST) -> dict[str, set[str]]:
    """Name -> what is called of it."""
    called: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            called.setdefault(node.value.id, set()).add(node.attr)
    return called


def _held(module: str, values: dict[str, Any], methods: dict[str, set[str]]) -> Iterator[Used]:
    seen: set[re.Pattern[Any]] = set()
    for name, value in values.items():
        for pattern in _patterns(value):
            if pattern in seen:
                continue
            seen.add(pattern)
            called = methods.get(name, set())
            is_one = isinstance(value, re.Pattern | Late)
            is_anchored = is_one and called & ANCHORED and called <= {*ANCHORED, "pattern"}
            yield Used(f"{module}.{name}", pattern, min(called & ANCHORED) if is_anchored else "search")


def _patterns(value: Any) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, Late):
        yield value.compiled
    elif isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list | frozenset | set):
        for one in value:
            yield from _patterns(one)
    elif isinstance(value, dict):
        yield from _patterns(tuple(value.values()))


def _written(module: str, tree: ast.AST) -> Iterator[Used]:
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        called, first = node.func, node.args[0]
        if not (isinstance(called.value, ast.Name) and called.value.id == "re" and isinstance(first, ast.Constant)):
            continue
        if called.attr == "compile" or not isinstance(first.value, str | bytes):
            continue
        words = [word for word in ast.walk(node) if isinstance(word, ast.Attribute) and word.attr.isupper()]
        flags = re.RegexFlag(0)
        for word in words:
            flags |= getattr(re, word.attr, re.RegexFlag(0))
        yield Used(f"{module}:{node.lineno}", _compiled(first.value, flags), called.attr)


def _compiled(pattern: str | bytes, flags: re.RegexFlag) -> re.Pattern[Any]:
    return re.compile(pattern, flags)
