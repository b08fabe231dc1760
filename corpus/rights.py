"""Whether a file can be changed: of a read-only disk, folder or file, only reading can be expected. Imports nothing."""

from __future__ import annotations

import os
from pathlib import Path


def is_writable(path: Path) -> bool:
    """Whether a file can be written where it is, or made there; also its folder, since databases keep logs beside."""
    there = next(folder for folder in (path.parent, *path.parent.parents) if folder.exists())
    return os.access(there, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))
