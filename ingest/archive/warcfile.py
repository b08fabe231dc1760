"""The records of one WARC file (or of those in a WACZ), gzip, zstd or not, whole or damaged: a stage list.

1. bytes: the file itself, or its gzip members or zstd frames inflated in steps (`_Members`);
2. records: header block by warcio, body up to `MAX_RAW` bytes, and whether the record is whole;
3. after damage: go on at the next place that starts a record, if there is one.

Knows nothing of HTTP, of pages, or of which records matter.
"""

from __future__ import annotations

import re
import zlib
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

import zstandard
from warcio.bufferedreaders import BufferedReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader

from ingest.archive.container import opened
from ingest.fetching.limits import MAX_BODY

MAX_RAW = MAX_BODY + 1_000_000
"""Bytes of one record's block that are kept; a longer block is read past, never held."""

_STEP = 65_536
_FIRST_LINE = 1_024
_START = b"WARC/1."
_FIRST_LINES = re.compile(rb"WARC/1\.\d\r?\n[A-Za-z-]+:")
_GZIP = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
_SKIPPED = b"\x2a\x4d\x18"
_DICTIONARY = b"\x5d\x2a\x4d\x18"
_MAX_DICTIONARY = 100_000_000
_MAX_WINDOW = 1 << 27
_NIBBLE = 512
_MEMBERS_REMEMBERED = 10_000
_OVERLAP = 256
"""Bytes that are searched again with those behind them: more than the first lines of a record have."""


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record: its WARC headers (names in lower case) and its block, as stored."""

    headers: dict[str, str]
    block: bytes
    whole: bool
    """False if the file ends before the block does, or the stated length is not the real one."""
    oversize: bool
    """True if the block is longer than `MAX_RAW` bytes; `block` holds its beginning only."""


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of the file that holds no readable record header, from uncompressed byte `offset`."""

    offset: int
    reason: str


def read_records(path: Path, start: int = 0) -> Generator[RawRecord | Damage]:
    """Every record that can be read, in order, and every damage between them; from byte `start` of the file on.

    Streams: one block is held at a time. Raises `OSError` if the file cannot be opened or read.
    """
    for file in opened(path):
        source: _Source | None = _source(file, start)
        while source is not None:
            failed_at = yield from _records_of(source)
            source = None if failed_at is None else source.after(failed_at)


def _source(file: IO[bytes], start: int) -> _Source:
    head = file.read(4)
    if head[:2] == _GZIP[:2]:
        return _Members(file, _Gzip(), start)
    if head == _ZSTD or (head[1:] == _SKIPPED and head[0] & 0xF0 == 0x50):
        return _Members(file, _Zstd(file), start)
    return _Plain(file, start)


class _Source(Protocol):
    """Bytes to read records from; offsets count from where the source began."""

    damage: str

    def read(self, size: int = -1) -> bytes: ...

    def after(self, offset: int) -> _Source | None:
        """The source to go on with after a record at `offset` failed; None: no other record begins."""
        ...


def _records_of(source: _Source) -> Generator[RawRecord | Damage, None, int | None]:
    """The records until the end (returns None) or until the first damage (returns its offset)."""
    reader = BufferedReader(source)
    loader = ArcWarcRecordLoader(verify_http=False, arc2warc=False)
    line = _next_line(reader)
    while line:
        offset = _position(reader) - len(line)
        try:
            headers, stream = _header_block(loader, reader, line)
        except ArchiveLoadFailed as error:
            yield Damage(offset, str(error))
            return offset
        block, oversize = _read_block(stream)
        line = _next_line(reader)
        # A cut file may end within the next record's first word: this record is whole all the same.
        whole = stream.limit == 0 and (line.startswith(b"WARC/") or b"WARC/".startswith(line))
        yield RawRecord(headers, block, whole, oversize)
        if not whole:
            return offset
    if source.damage:
        yield Damage(_position(reader), source.damage)
        return _position(reader)
    return None


def _header_block(loader: Any, reader: Any, line: bytes) -> tuple[dict[str, str], Any]:
    if not line.startswith(b"WARC/"):
        raise ArchiveLoadFailed("no WARC record begins here")
    try:
        record = loader.parse_record_stream(reader, line, known_format="warc", no_record_parse=True)
    except EOFError as error:
        raise ArchiveLoadFailed("the file ends within a record's header") from error
    headers = {name.lower(): value for name, value in record.rec_headers.headers}
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdigit()):
        raise ArchiveLoadFailed(f"a record states its length as {length[:40]!r}")
    return headers, record.raw_stream


def _read_block(stream: Any) -> tuple[bytes, bool]:
    kept = bytearray()
    total = 0
    while piece := stream.read(_STEP):
        total += len(piece)
        if total <= MAX_RAW:
            kept += piece
    return bytes(kept), total > MAX_RAW


def _next_line(reader: Any) -> bytes:
    """The next line that is not blank, or b"" at the end."""
    while line := reader.readline(_FIRST_LINE):
        if line.strip():
            return line
    return b""


def _position(reader: Any) -> int:
    return reader.tell() - reader.rem_length()


class _Plain:
    """An uncompressed file from `start` on."""

    def __init__(self, file: IO[bytes], start: int) -> None:
        self.damage = ""
        self._file = file
        self._start = start
        file.seek(start)

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)

    def after(self, offset: int) -> _Source | None:
        places = _find(self._file, _START, self._start + offset + 1)
        return next((_Plain(self._file, at) for at in places if self._starts_record(at)), None)

    def _starts_record(self, place: int) -> bool:
        self._file.seek(place)
        return _FIRST_LINES.match(self._file.read(_FIRST_LINE)) is not None


class _Inflater(Protocol):
    """What `zlib.decompressobj` gives."""

    @property
    def unused_data(self) -> bytes: ...
    @property
    def unconsumed_tail(self) -> bytes: ...
    @property
    def eof(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes: ...


class _Gzip:
    magic = _GZIP

    def begin(self) -> _Inflater:
        return zlib.decompressobj(zlib.MAX_WBITS | 16)


class _Zstd:
    """Frames of zstd, with the dictionary that the first, skipped frame of a `.warc.zst` may hold."""

    magic = _ZSTD

    def __init__(self, file: IO[bytes]) -> None:
        file.seek(0)
        head = file.read(8)
        data = b""
        if head[:4] == _DICTIONARY:
            data = file.read(min(int.from_bytes(head[4:], "little"), _MAX_DICTIONARY))
        if data.startswith(_ZSTD):  # it may be compressed itself
            data = zstandard.ZstdDecompressor().decompressobj().decompress(data)
        self._dictionary = zstandard.ZstdCompressionDict(data) if data else None

    def begin(self) -> _Inflater:
        return _Frame(zstandard.ZstdDecompressor(dict_data=self._dictionary, max_window_size=_MAX_WINDOW))


class _Frame:
    """One frame, inflated a little at a time: a few bytes of it can be megabytes."""

    def __init__(self, codec: zstandard.ZstdDecompressor) -> None:
        self._inflate = codec.decompressobj()
        self.unused_data = b""
        self.unconsumed_tail = b""
        self.eof = False

    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes:
        try:
            out = self._inflate.decompress(data[:_NIBBLE])
        except zstandard.ZstdError as error:
            raise zlib.error(str(error)) from error
        rest = data[_NIBBLE:]
        self.eof = self._inflate.eof
        self.unused_data, self.unconsumed_tail = (self._inflate.unused_data + rest, b"") if self.eof else (b"", rest)
        return out


class _Members:
    """The members of a gzip file, or the frames of a zstd file, from `start` on, inflated a step at a time, but for the
    first `skip` bytes of what they hold."""

    def __init__(self, file: IO[bytes], codec: _Gzip | _Zstd, start: int, skip: int = 0) -> None:
        self.damage = ""
        self._codec = codec
        self._file = file
        self._skip = skip
        self._data = b""
        self._given = 0
        self._begin_member()
        self._fresh = True
        self._starts = deque([(0, start)], maxlen=_MEMBERS_REMEMBERED)
        file.seek(start)

    def read(self, size: int = -1) -> bytes:
        """The next inflated bytes, fewer than `size` where a step or a member ends; b"" at the end."""
        while not self.damage:
            self._data = self._data or self._file.read(_STEP)
            ended = not self._data
            if ended and self._fresh:
                return b""
            try:
                out = self._inflate.decompress(self._data, _STEP)
            except zlib.error:
                self.damage = "its compressed data is damaged"
                break
            self._fresh = False
            self._data = self._inflate.unconsumed_tail
            self._given += len(out)
            if self._inflate.eof:
                self._next_member()
            elif ended and not out:
                self.damage = "the file ends within a compressed record"
            if wanted := min(len(out), max(0, self._given - self._skip)):
                return out[-wanted:]
        return b""

    def after(self, offset: int) -> _Source | None:
        """First in what can be inflated, since a member may hold many records; then at the next member that begins
        with one, which the damage may have hidden."""
        failed = self._skip + offset
        given, start = next(((g, s) for g, s in reversed(self._starts) if g <= failed), self._starts[0])
        if (place := self._next_record(start, failed - given + 1)) is not None:
            return _Members(self._file, self._codec, start, place)
        places = _find(self._file, self._codec.magic, self._starts[-1][1] + 1)
        return next((_Members(self._file, self._codec, at) for at in places if self._starts_record(at)), None)

    def _next_record(self, start: int, place: int) -> int | None:
        """Where the next record begins at or behind `place` of what the members from `start` on hold."""
        source, base, window = _Members(self._file, self._codec, start), 0, b""
        while piece := source.read():
            window += piece
            if found := _FIRST_LINES.search(window, max(0, place - base)):
                return base + found.start()
            base, window = base + len(window[:-_OVERLAP]), window[-_OVERLAP:]
        return None

    def _begin_member(self) -> None:
        self._inflate = self._codec.begin()

    def _next_member(self) -> None:
        self._data = self._inflate.unused_data.lstrip(b"\0")
        self._begin_member()
        self._fresh = True
        self._starts.append((self._given, self._file.tell() - len(self._data)))

    def _starts_record(self, place: int) -> bool:
        self._file.seek(place)
        try:
            start = self._codec.begin().decompress(self._file.read(_STEP), 8)
        except zlib.error:
            return False
        return start.startswith(_START)


def _find(file: IO[bytes], wanted: bytes, start: int) -> Iterator[int]:
    """Places of `wanted` at or after `start`, reading `_STEP` bytes at a time."""
    base, window = start, b""
    while True:
        file.seek(base + len(window))
        piece = file.read(_STEP)
        if not piece:
            return
        window += piece
        at = window.find(wanted)
        while at >= 0:
            yield base + at
            at = window.find(wanted, at + 1)
        keep = min(len(wanted) - 1, len(window))
        base, window = base + len(window) - keep, window[-keep:]
