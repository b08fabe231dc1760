"""The body of an HTTP message, as sent -> the bytes of the page; and what those bytes are.

Knows nothing of WARC files or of character sets.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable
from typing import Any

import zstandard

from ingest.fetching.limits import MAX_BODY, MAX_TEXT

try:
    import brotli as _module
except ImportError:
    _module = None
_brotli: Any = _module  # None: a `br` body is refused by name

MAX_DECODED = MAX_TEXT

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
# What servers that know no better send HTML as; and any kind of XML.
_VAGUE_TYPES = frozenset({"", "application/octet-stream", "binary/octet-stream", "text/plain"})
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_MAX_WINDOW = 1 << 27
_INLINE_PICTURES = (
    re.compile(rb'"\s*data:[\w.+-]+/[^"]*"'),
    re.compile(rb"'\s*data:[\w.+-]+/[^']*'"),
    re.compile(rb"\(\s*data:[\w.+-]+/[^()\"']*\)"),
)
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_HTML = re.compile(
    rb"\s*(?><!--.*?-->\s*|<\?xml[^>]*>\s*)*"  # atomic: thirty comments in a row would take hours otherwise
    rb"<(?:!doctype\s+html|html|head|body|title|meta|link|script|style|main|article|header|nav"
    rb"|section|h[1-6]|div|p|table|a|ul|ol|pre|br|b|font)\b",
    re.IGNORECASE | re.DOTALL,
)
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PK\x03\x04", "a ZIP archive"),
    (_GZIP, "a gzip archive"),
    (b"%!PS", "a PostScript file"),
    (b"RIFF", "a media file"),
    (b"OggS", "a media file"),
    (b"\x00\x00\x00 ftyp", "a video"),
    (b"\x7fELF", "a program"),
    (b"7z\xbc\xaf", "an archive"),
)
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# The "binary data bytes" of the WHATWG MIME Sniffing standard, section 3.
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_STRAY = bytes(range(0x20)) + b"\x7f"
_SNIFFED = 1_445


class PayloadError(ValueError):
    """The body cannot be decoded; the message completes the sentence "the page ..."."""


def decode_payload(body: bytes, transfer: str, encodings: Iterable[str]) -> bytes:
    """The bytes of the page: `transfer` is the Transfer-Encoding, `encodings` in the order applied.

    At most `MAX_BODY` bytes are ever inflated. A body that is not encoded although its header says so is taken as it
    is, many tools store bodies decoded and leave the header; so is one that is encoded although no header says so.
    Raises `PayloadError` for a cut or damaged body, an unknown encoding, and too many bytes.
    """
    if "chunked" in transfer.lower():
        body = _dechunk(body)
    for name in reversed([name.strip().lower() for name in encodings]):
        if looks_like_html(body):
            break
        body = _decoder(name)(body)
    return as_page(body)


def as_page(body: bytes) -> bytes:
    """A body as it is read: unpacked, if it is a packed page that nothing said to be one, and without its inline
    pictures (`data:`, `svg`) and scripts, if it is too large with them. Raises `PayloadError` if it still is."""
    if body.startswith((_GZIP, _ZSTD)):
        body = _unpacked_page(body)
    if len(body) > MAX_DECODED:
        for pattern in _INLINE_PICTURES:
            body = pattern.sub(b'"data:,"', body)
    for name in (b"svg", b"script"):
        body = _without(body, name) if len(body) > MAX_DECODED else body
    if len(body) > MAX_DECODED:
        raise _too_large()
    return body


def may_be_html(content_type: str) -> bool:
    """Whether a body of this content type may be HTML, so that it is worth reading."""
    stated = _media_type(content_type)
    return stated in _HTML_TYPES | _VAGUE_TYPES or stated.endswith(("/xml", "+xml"))


def why_not_html(content_type: str, body: bytes) -> str:
    """What a body is in place of HTML ("a PDF", "text/csv"), by its bytes and then by its header; "" for HTML, and for
    nothing where HTML may have been meant."""
    stated = _media_type(content_type)
    if kind := _binary_kind(body):
        return kind
    if stated in _HTML_TYPES or looks_like_html(body) or (may_be_html(content_type) and not body.strip()):
        return ""
    return stated or "of no stated type"


def looks_like_html(body: bytes) -> bool:
    """True if the body begins as an HTML document does, whatever its header says."""
    start = body[:_SNIFFED].removeprefix(b"\xef\xbb\xbf").lstrip(_STRAY)
    if start.startswith(_UTF16_MARKS) or _is_utf16(start):
        start = start.replace(b"\0", b"").lstrip(b"\xff\xfe")
    return _HTML.match(start) is not None


def _binary_kind(body: bytes) -> str:
    """What a body that is no text is ("a PDF", "a PNG picture", "binary data"); "" for text."""
    start = body[:_SNIFFED]
    for signature, kind in _SIGNATURES:
        if start.lstrip(b"\r\n ").startswith(signature) if signature[:1] == b"%" else start.startswith(signature):
            return kind
    if start.startswith(_UTF16_MARKS) or _is_utf16(start):
        return ""
    stray = len(_BINARY.findall(start))  # a page may have lost a byte or two on its way
    return "binary data" if stray > max(3 if looks_like_html(body) else 1, len(start) // 50) else ""


def _media_type(content_type: str) -> str:
    """`text/html` of `Text/HTML; charset=utf-8`; "" where nothing is stated."""
    return content_type.partition(";")[0].strip().lower()[:80]


def _is_utf16(start: bytes) -> bool:
    """UTF-16 without its mark: every other byte of a page's first tags is zero."""
    head = start[:64]
    return len(head) > 8 and (not any(head[1:16:2]) or not any(head[:16:2])) and b"<" in head


def _too_large() -> PayloadError:
    return PayloadError(f"is larger than {MAX_DECODED:,} bytes decoded, more than is read of one page")


def _without(body: bytes, name: bytes) -> bytes:
    """A page without its elements of one kind, which are no text; a formula's script is. By `find` only: no page can
    make this slow."""
    kept: list[bytes] = []
    small, at = body.lower(), 0
    while (start := small.find(b"<" + name, at)) >= 0 and (end := small.find(b"</" + name, start)) >= 0:
        kept.append(body[at : end if b"math/" in small[start : start + 100] else start])
        at = end
    return b"".join([*kept, body[at:]])


def _unpacked_page(body: bytes) -> bytes:
    """What is packed, if that is a page: an archive is not."""
    try:
        inner = _gunzip(body) if body.startswith(_GZIP) else _unzstd(body)
    except PayloadError:
        return body
    return inner if looks_like_html(inner) else body


def _dechunk(body: bytes) -> bytes:
    """RFC 9112, 7.1; trailers are passed over. A body without chunks is returned as it is."""
    if not _CHUNK_SIZE.match(body):
        return body
    out = bytearray()
    place = 0
    while size_line := _CHUNK_SIZE.match(body, place):
        size = int(size_line.group(1), 16)
        if size == 0:
            return bytes(out)
        chunk = body[size_line.end() : size_line.end() + size]
        out += chunk
        place = size_line.end() + size
        place += 2 if body[place : place + 2] == b"\r\n" else 1
    raise PayloadError("was cut while it came: its last chunk is missing")


def _decoder(name: str) -> Callable[[bytes], bytes]:
    decoders: dict[str, Callable[[bytes], bytes]] = {
        "": bytes,
        "identity": bytes,
        "gzip": _gunzip,
        "x-gzip": _gunzip,
        "deflate": _undeflate,
        "zstd": _unzstd,
    }
    if _brotli is not None:
        decoders["br"] = _unbrotli
    if name not in decoders:
        raise PayloadError(f"is encoded as {name[:20]!r}, which cannot be read here")
    return decoders[name]


def _gunzip(body: bytes) -> bytes:
    out = b""
    while body.startswith(_GZIP):
        piece, body = _inflate(body, zlib.MAX_WBITS | 16, MAX_BODY - len(out))
        out += piece
    return out or body


def _undeflate(body: bytes) -> bytes:
    """zlib's format by RFC 9110, the bare one as some servers send it, or a body that is neither."""
    for wbits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            return _inflate(body, wbits, MAX_BODY)[0]
        except _NotCompressed:
            continue
    return body


class _NotCompressed(PayloadError):
    pass


def _inflate(body: bytes, wbits: int, limit: int) -> tuple[bytes, bytes]:
    """The inflated bytes, and what stands behind them."""
    inflate = zlib.decompressobj(wbits)
    try:
        out = inflate.decompress(body, limit + 1)
    except zlib.error as error:
        raise _NotCompressed("is damaged: its compressed body cannot be read") from error
    if len(out) > limit:
        raise _too_large()
    if body and not inflate.eof:
        raise PayloadError("was cut while it came: its compressed body has no end")
    return out, inflate.unused_data


def _unbrotli(body: bytes) -> bytes:
    inflate = _brotli.Decompressor()
    out = bytearray()
    data = body
    try:
        while not inflate.is_finished() and len(out) <= MAX_BODY:
            piece = inflate.process(data, output_buffer_limit=MAX_BODY + 1)
            data = b""
            if not piece:
                break
            out += piece
    except _brotli.error as error:
        if looks_like_html(body):
            return body
        raise PayloadError("is damaged: its compressed body cannot be read") from error
    if len(out) > MAX_BODY:
        raise _too_large()
    if not inflate.is_finished():
        raise PayloadError("was cut while it came: its compressed body has no end")
    return bytes(out)


def _unzstd(body: bytes) -> bytes:
    """A body that is none is returned as it is. RFC 8878 lets a page be several frames."""
    if not body.startswith(_ZSTD):
        return body
    inflate = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW)
    try:
        with inflate.stream_reader(body, read_across_frames=True) as stream:
            out = stream.read(MAX_BODY + 1)
    except zstandard.ZstdError as error:
        raise PayloadError("is damaged: its compressed body cannot be read") from error
    if len(out) > MAX_BODY:
        raise _too_large()
    return out
