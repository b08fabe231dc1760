"""Whether a file can be changed: of a read-only or full disk, folder or file, only reading can be expected."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_ROOM = 65_536
"""Bytes that have to fit: less than any database writes when it is opened for writing."""


def is_writable(path: Path) -> bool:
    """Whether a file can be written where it is, or made there; also its folder, since databases keep logs beside."""
    there = next(folder for folder in (path.parent, *path.parent.parents) if folder.exists())
    return os.access(there, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def has_room(path: Path) -> bool:
    """Whether something can be written in a folder, or beside a file: whether the disk is full is not asked but tried,
    since quotas and reserved blocks count as well."""
    folder = path if path.is_dir() else path.parent
    try:
        with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
            return file.write(bytes(_ROOM)) == _ROOM
    except OSError:
        return False
