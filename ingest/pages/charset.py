"""The bytes of a page -> text, whatever its character set. Knows nothing of HTML but where it names its charset.

Order: byte order mark; the zeros of UTF-16; UTF-8, if the bytes are, but for some damage (a wrong header is far more
common than another charset that happens to be valid UTF-8); the HTTP header; the page's own word; a guess.
A label means what the WHATWG Encoding standard says. One wrong byte never changes the charset: it becomes U+FFFD.
"""

from __future__ import annotations

import re
from typing import Final

import webencodings
from charset_normalizer import from_bytes

_META = re.compile(rb"<meta\b[^>]{0,500}>", re.IGNORECASE)
_CHARSET = re.compile(rb"""\bcharset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_CONTENT_TYPE = re.compile(rb"""\bcontent-type\b""", re.IGNORECASE)
_DECLARATION = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{2,40})""")
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_PYTHON: Final = {
    # the standard's name: Python's codec for the same table, where the one of that name lacks characters
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "big5": "big5hkscs",
    "x-user-defined": "cp1252",
}
_SPELT_OTHERWISE: Final = {"iso2022_jp": "iso-2022-jp", "iso2022-jp": "iso-2022-jp"}  # as mail programs write it
_WITHIN = 4_096
_GUESS_FROM = 100_000
_CERTAIN = 4
"""Damaged places in text that says that it is UTF-8 without one character that is: more are taken for a false word."""


def decode_html(body: bytes, hint: str | None = None) -> str:
    """The text of a page; `hint` is the charset of its HTTP header. Never fails: what cannot be
    decoded becomes U+FFFD."""
    if marked := _by_mark(body):
        return body.decode(marked, "replace")
    stated = [name for name in (_codec(hint), _codec(_own_word(body))) if name]
    if b"\0" in body[:64]:
        return _first_that_fits(body, [*stated, "utf-16-le" if body[1:2] == b"\0" else "utf-16-be"])
    stated = ["utf-8" if name.startswith("utf-16") else name for name in stated]  # it has no zeros: it is no UTF-16
    if body.isascii():  # valid UTF-8 too, but may be ISO-2022-JP: here the page's word comes first
        return _first_that_fits(body, [*stated, "utf-8"])
    return _mostly_utf8(body, stated) or _first_that_fits(body, stated)


def _by_mark(body: bytes) -> str:
    marks = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    return next((name for mark, name in marks if body.startswith(mark)), "")


def _mostly_utf8(body: bytes, stated: list[str]) -> str:
    """The text, if the bytes are UTF-8 but for less damage than there are whole characters; "" if they are not."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    whole = len(text) - damaged - sum(byte < 128 for byte in body)
    believed = stated[:1] == ["utf-8"] and (whole or damaged < _CERTAIN)
    return text if whole > damaged or believed else ""


def _first_that_fits(body: bytes, names: list[str]) -> str:
    """By the first charset that has no complaint; else the first that was stated, damage and all; else by a guess."""
    for name in names:
        try:
            return body.decode(name)
        except UnicodeError:
            continue
    believed = next((name for name in names if name != "utf-8"), "")
    if not believed:
        guess = from_bytes(body[:_GUESS_FROM]).best()
        believed = guess.encoding if guess else "utf-8"
    return body.decode(believed, "replace")


def _own_word(body: bytes) -> str | None:
    """What the page says of itself: its XML declaration, or the first `<meta>` that names a charset."""
    start = _COMMENT.sub(b"", body[:_WITHIN])
    if declared := _DECLARATION.match(start):
        return declared[1].decode("ascii")
    for meta in _META.findall(start):
        named = _CHARSET.search(meta)
        if named and (b"content=" not in meta.lower() or _CONTENT_TYPE.search(meta)):
            name = named[1].decode("ascii")
            return "utf-8" if name.lower().startswith("utf-16") else name
    return None


def _codec(label: str | None) -> str | None:
    """Python's codec for a label of the web, or None if the standard knows none that a page may use."""
    name = (label or "").strip("\"' \t\r\n\f").lower()
    found = webencodings.lookup(_SPELT_OTHERWISE.get(name, name))
    if found is None or found.name == "replacement":
        return None
    return _PYTHON.get(found.name) or found.codec_info.name
