"""Text as a reader sees it: without invisible characters, without runs of space."""

from __future__ import annotations

import re

# What is meant to be invisible: zero-width, bidi control and Unicode tag characters, variation
# selectors beyond the sixteen that emoji use, fillers, and control characters but tab and newline.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_SPACE = re.compile(r"[^\S\n]+")


def visible(text: str) -> str:
    """`text` without the characters that nobody sees; no-break spaces become spaces."""
    return _INVISIBLE.sub("", text.replace("\xa0", " ").replace("\r\n", "\n"))


def squeeze(text: str) -> str:
    """`text` made visible, one space for many, none around newlines, no empty lines."""
    lines = (_SPACE.sub(" ", line).strip() for line in visible(text).split("\n"))
    return "\n".join(line for line in lines if line)
