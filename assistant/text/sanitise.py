"""What a language model writes, as plain text: no link, picture, address, markup or control word gets out of it. Pure.

A block of code stays as it is, but for addresses, which no code that we show needs. `clean` does it to a whole text; a
`Draft` does it while the text grows, and gives out only what no later piece can turn into something else.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from assistant.text.injection import defused
from assistant.text.passes import until_still

_TAGS = (
    "a|abbr|audio|b|base|blockquote|body|br|button|center|code|div|em|embed|font|form|frame|h[1-6]|head|hr|html|i|iframe|"
    "img|input|li|link|math|meta|object|ol|p|pre|s|script|small|span|strong|style|sub|sup|svg|table|tbody|td|textarea|"
    "th|thead|title|tr|u|ul|video"
)
_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
FENCE = re.compile(r"^ {0,3}(```+)[ \t]*([\w+#.-]*)[^\n`]*\n(.*?)(?:^ {0,3}\1`*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
"""A block of code, open or closed: its fence, its language, its text."""

_ADDRESSES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"<?[a-z][a-z0-9+.-]{1,12}://[^\s<>\"')\]]*(?<![.,;!?])>?|www\.[^\s<>\"')\]]*(?<![.,;!?])",
            re.IGNORECASE,
        ),
        "",
    ),
    (re.compile(r"(?:javascript|vbscript):(?=\S)[^\s)\]]*|\b(?:data|mailto|tel):[^\s)\]]+", re.IGNORECASE), ""),
    (re.compile(r"\b[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"), ""),
)
_PROTOCOL_RELATIVE = re.compile(r"(?<![:\w])//(?:[\w-]+\.)+[a-z]{2,}[^\s<>\"')\]]*", re.IGNORECASE)
_STEPS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"!\[((?:(?!!\[)[^\]])*+)\](?:\([^)]*\)?|\[[^\]]*\]?)?"), ""),
    (re.compile(r"(?!(?<=\w)\[\w{1,3}\])\[((?:[^\[\]]|\[\d+\])*)\]\((?:[^()]|\([^()]*\))*\)?"), r"\1"),
    (re.compile(r"(?<!\w)\[([^\[\]]*[^\[\]\d][^\[\]]*)\]\[[^\]]*\]"), r"\1"),
    (
        re.compile(
            r"^[ \t]*\[[^\]]*\]:[ \t]*(?:<|#|/|[\w.+-]+:\S|(?:[\w-]+\.)+[a-z]{2,}(?:[/?#:]|\s|$)).*$", re.M | re.I
        ),
        "",
    ),
    (re.compile(r"^[ \t]*\[\^?\d{1,3}\]:[ \t]*", re.MULTILINE), ""),
    (re.compile(rf"</?(?:{_TAGS})(?:\s(?=[^<>=]*=)[^<>]*+>|\s*+/?>)", re.IGNORECASE), ""),
    *_ADDRESSES,
    (re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+", re.MULTILINE), ""),
    # a small model plays both parts: what repeats the question is no answer, nor is the name of who speaks
    (re.compile(r"^[ \t*_]*(?:question|user|human)[*_]*:.*$", re.MULTILINE | re.IGNORECASE), ""),
    (re.compile(r"^(?:[ \t*_]*+(?:answer|response|assistant)[*_]*+:)++[*_]*+[ \t]*", re.MULTILINE | re.IGNORECASE), ""),
    (re.compile(r"\](?=\()"), "] "),
    (re.compile(r"!(?=\[)"), "! "),
    (re.compile(r"(?<!\w)\([ \t]*\)|\[[ \t]*\]|<[ \t]*>"), ""),
    (re.compile(r"(?<![ \t])[ \t]++([.,;:!?])(?=\s|\Z)"), r"\1"),
)
_SPELT = re.compile(r"(?<!`)(`+)(?!`)[^`\n]+(?<!`)\1(?!`)|\\([!-/:-@\[-`{-~])|&(?:#\d+|#x[\da-f]+|[a-z]\w*);", re.I)
"""Markdown's two other spellings of a character, which a reader sees as that character: `\\[` and `&lbrack;`; first,
code in a line, where they stand for themselves."""
_SIGNS, _ESCAPES = re.compile(r"[\[\]()<>&\\:/@!`]"), re.compile(r"[&\\]")
"""What links, tags and addresses, and what other spellings are made of."""
_HOLD = 300
"""Characters that an open bracket holds back at the most."""


def clean(text: str) -> str:
    """The text without anything that a page could follow, load or run."""
    return until_still(defused(_THOUGHT.sub("", text)), _cleaned_once, _SIGNS)


def _cleaned_once(text: str) -> str:
    parts = _parts(_decoded(text))
    return defused("".join(_clean_code(part) if is_code else _clean_prose(part) for part, is_code in parts))


def _decoded(text: str) -> str:
    """The text with every character, outside of code, spelt as itself."""

    def character(match: re.Match[str]) -> str:
        return match[0] if match[1] else match[2] or html.unescape(match[0])

    def once(text: str) -> str:
        return "".join(part if is_code else _SPELT.sub(character, part) for part, is_code in _parts(text))

    return until_still(text, once, _ESCAPES)


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """The text in order: prose, and blocks of code (True)."""
    end = 0
    for match in FENCE.finditer(text):
        yield text[end : match.start()], False
        yield match.group(), True
        end = match.end()
    yield text[end:], False


def _clean_prose(text: str) -> str:
    for pattern, replacement in _STEPS:
        text = pattern.sub(replacement, text)
    return re.sub(r"(?<=\S)[ \t]{2,}", " ", text)


def _clean_code(text: str) -> str:
    for pattern, replacement in _ADDRESSES:
        text = pattern.sub(replacement, text)
    return _PROTOCOL_RELATIVE.sub("", text)


class Draft:
    """A text that grows. `feed` returns what may be shown next; `raw` is all that was fed."""

    def __init__(self) -> None:
        self.raw = ""
        self._shown = ""

    def feed(self, piece: str) -> str:
        """The next piece of the cleaned text, "" while it is not sure what it will be."""
        self.raw += piece
        text = _decoded(self.raw)
        ready = clean(text[: _settled(text)]).strip()
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
