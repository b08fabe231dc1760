"""What a language model writes, as plain text: no link, picture, address, markup or control word gets out of it. Pure.

`clean` does it to a whole text; a `Draft` does it while the text grows, and gives out only what no later piece can
turn into something else.
"""

from __future__ import annotations

import re

from assistant.injection import defused

_TAGS = (
    "a|abbr|audio|b|base|blockquote|body|br|button|center|code|div|em|embed|font|form|frame|h[1-6]|head|hr|html|i|iframe|"
    "img|input|li|link|math|meta|object|ol|p|pre|s|script|small|span|strong|style|sub|sup|svg|table|tbody|td|textarea|"
    "th|thead|title|tr|u|ul|video"
)
_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_STEPS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"!\[([^\]]*)\](?:\([^)]*\)?|\[[^\]]*\]?)?"), ""),
    (re.compile(r"\[((?:[^\[\]]|\[\d+\])*)\]\((?:[^()]|\([^()]*\))*\)?"), r"\1"),
    (re.compile(r"\[([^\[\]]*[^\[\]\d][^\[\]]*)\]\[[^\]]*\]"), r"\1"),
    (re.compile(r"^[ \t]*\[[^\]]*\]:[ \t]*\S*.*$", re.MULTILINE), ""),
    (re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>", re.IGNORECASE), ""),
    (
        re.compile(
            r"<?[a-z][a-z0-9+.-]{1,12}://[^\s<>\"')\]]*(?<![.,;!?])>?|www\.[^\s<>\"')\]]*(?<![.,;!?])",
            re.IGNORECASE,
        ),
        "",
    ),
    (re.compile(r"(?:javascript|vbscript):[^\s)\]]*|\b(?:data|mailto|tel):[^\s)\]]+", re.IGNORECASE), ""),
    (re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), ""),
    (re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+", re.MULTILINE), ""),
    (re.compile(r"\](?=\()"), "] "),
    (re.compile(r"!(?=\[)"), "! "),
    (re.compile(r"\([ \t]*\)|\[[ \t]*\]|<[ \t]*>"), ""),
    (re.compile(r"[ \t]+([.,;:!?])(?=\s|\Z)"), r"\1"),
)
_HOLD = 300
"""Characters that an open bracket holds back at the most."""


def clean(text: str) -> str:
    """The text without anything that a page could follow, load or run."""
    previous, now = "", defused(_THOUGHT.sub("", text))
    while now != previous:
        previous = now
        for pattern, replacement in _STEPS:
            now = pattern.sub(replacement, now)
    return re.sub(r"(?<=\S)[ \t]{2,}", " ", now)


class Draft:
    """A text that grows. `feed` returns what may be shown next; `raw` is all that was fed."""

    def __init__(self) -> None:
        self.raw = ""
        self._shown = ""

    def feed(self, piece: str) -> str:
        """The next piece of the cleaned text, "" while it is not sure what it will be."""
        self.raw += piece
        ready = clean(self.raw[: _settled(self.raw)]).strip()
        if not ready.startswith(self._shown):
            return ""
        new, self._shown = ready[len(self._shown) :], ready
        return new


def _settled(raw: str) -> int:
    """Where what may still change begins: the last word, or an open bracket, tag or thought before it."""
    end = max(raw.rfind(" "), raw.rfind("\n")) + 1
    for opening, closing in (
        ("[", r"\[[^\[\]]*\](?:[^\[(:\s]|\s|\((?:[^()]|\([^()]*\))*\))"),
        ("<", r"<[^<>]*>|<[\s\d=]"),
    ):
        start = raw.rfind(opening, max(0, end - _HOLD), end)
        if start >= 0 and not re.match(closing, raw[start:end], re.DOTALL):
            end = start - (raw[start - 1 : start] == "!")
    thought = re.search(r"<think(?:ing)?>(?!.*</think)", raw, re.DOTALL | re.IGNORECASE)
    return min(end, thought.start()) if thought else end
