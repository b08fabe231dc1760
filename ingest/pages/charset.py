"""The bytes of a page -> text, whatever its character set. Knows nothing of HTML but its `<meta>`.

Order: byte order mark; the zeros of UTF-16; valid UTF-8 (a wrong header is far commoner than another
charset that happens to be valid UTF-8); the HTTP header; `<meta>`; charset-normalizer's guess.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META = re.compile(rb"""<meta[^>]{0,300}charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
# The WHATWG Encoding standard: these labels mean windows-1252 on the web.
_WINDOWS = frozenset({"iso8859-1", "ascii", "latin-1"})
# Python's codecs that no page may ask for: they decode to something else than what is written.
_REFUSED = frozenset({"utf-7", "unicode-escape", "raw-unicode-escape", "idna", "punycode", "undefined"})
_META_WITHIN = 4_096
_GUESS_FROM = 100_000


def decode_html(body: bytes, hint: str | None = None) -> str:
    """The text of a page; `hint` is the charset of its HTTP header. Never fails: what cannot be
    decoded becomes U+FFFD."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    for name in _candidates(body, hint):
        try:
            return body.decode(name)
        except UnicodeError:
            continue
    guess = from_bytes(body[:_GUESS_FROM]).best()
    return body.decode(guess.encoding if guess else "utf-8", "replace")


def _candidates(body: bytes, hint: str | None) -> list[str]:
    meta = _META.search(body[:_META_WITHIN])
    stated = [_known(hint), _known(meta.group(1).decode("ascii") if meta else None)]
    names = [name for name in stated if name]
    if b"\0" in body[:64]:
        return [*names, "utf-16-le" if body[1:2] == b"\0" else "utf-16-be"]
    # Seven-bit bodies are valid UTF-8 too, but may be ISO-2022-JP: there the page's word comes first.
    return [*names, "utf-8"] if body.isascii() else ["utf-8", *names]


def _known(label: str | None) -> str | None:
    """The codec of a label, or None if Python has none that a page may use."""
    if not label:
        return None
    try:
        name = codecs.lookup(label.strip().strip("\"'")).name
        b"text".decode(name)
    except (LookupError, ValueError):
        return None
    if name.replace("_", "-") in _REFUSED:
        return None
    return "cp1252" if name in _WINDOWS else name
