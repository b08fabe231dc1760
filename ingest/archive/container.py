"""A file -> the WARC files in it: itself, or those of a WACZ, which is a ZIP; and what a file is that holds none.

Knows nothing of records.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from ingest.archive.payload import looks_like_html, why_not_html

ZIP: Final = b"PK\x03\x04"
_WARCS: Final = (".warc", ".warc.gz", ".warc.zst")
_HEAD: Final = 4_096
_UNPACK: Final = "unpack it, its WARC files are in archive/"


class ContainerError(OSError):
    """The ZIP cannot be read (further); `strerror` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(0, reason)


def opened(path: Path) -> Iterator[IO[bytes]]:
    """The file itself, or each WARC file of a ZIP, opened to be read and searched. Errors: `OSError`."""
    with path.open("rb") as file:
        if file.read(len(ZIP)) != ZIP:
            file.seek(0)
            yield file
            return
        try:
            with zipfile.ZipFile(file) as archive:
                for name in _members(archive):
                    with archive.open(name) as member:
                        yield member
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
            raise ContainerError(f"it is a ZIP (WACZ) that is damaged ({error}): {_UNPACK}") from error


EMPTY = "is empty: give a WARC file (roadmap crawl writes them) or a WACZ file"


def what_else(path: Path) -> str:
    """What a file is in place of a WARC file, and what to do, to be said behind its name; "" for what may be one.

    Errors: `OSError`.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip():
        return EMPTY
    if head.startswith(ZIP):
        return _of_zip(path)
    if looks_like_html(head):
        return "is an HTML page and no WARC file: save the page with your browser as WARC or WACZ, and import that"
    if not head.startswith((b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"WARC/")) and (kind := _binary(head)):
        return f"is {kind} and no WARC file: give a WARC or WACZ file"
    return ""


def _binary(head: bytes) -> str:
    kind = why_not_html("text/html", head)
    return "" if kind == "binary data" else kind


def _of_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            found = _members(archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError):
        return f"is a ZIP (WACZ) that was cut or is damaged: if it can be opened, {_UNPACK}"
    if found:
        return ""
    packed = [name for name in archive.namelist() if name.lower().endswith(".wacz")]
    return (
        f"is a ZIP of WACZ files: unpack it and import {packed[0]}" if packed else "is a ZIP without a WARC file in it"
    )


def _members(archive: zipfile.ZipFile) -> list[str]:
    return [name for name in archive.namelist() if name.lower().endswith(_WARCS)]
