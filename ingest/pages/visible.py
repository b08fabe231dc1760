"""Text as a reader sees it: without invisible characters, without runs of space, without endless words."""

from __future__ import annotations

import re
from typing import Final

LONGEST_WORD: Final = 1_000
"""Characters of one word that are kept: an address or a hash is shorter; a picture or a program in one line is not."""

# What is meant to be invisible: zero-width, bidi control and Unicode tag characters, variation
# selectors beyond the sixteen that emoji use, fillers, and control characters but tab and newline.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
# No-break space, and what Python's `splitlines` takes for the end of a line although no browser does.
_SPACE_OF_ONE = re.compile("[\xa0\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]")
_SPACE = re.compile(r"[^\S\n]+")
# Han, Kana, Hangul, Thai and their neighbours are written without spaces: a paragraph of theirs is no word.
_LETTER = r"[^\s\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]"
_ENDLESS = re.compile(rf"(?<!{_LETTER})({_LETTER}{{{LONGEST_WORD}}}){_LETTER}+")


def visible(text: str) -> str:
    """`text` without the characters that nobody sees; no-break spaces and odd line ends become spaces."""
    text = _INVISIBLE.sub("", _SPACE_OF_ONE.sub(" ", text.replace("\r\n", "\n")))
    return _ENDLESS.sub(r"\1…", text) if len(text) > LONGEST_WORD else text


def squeeze(text: str) -> str:
    """`text` made visible, one space for many, none around newlines, no empty lines."""
    lines = (_SPACE.sub(" ", line).strip() for line in visible(text).split("\n"))
    return "\n".join(line for line in lines if line)
