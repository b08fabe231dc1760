"""Memory that the allocator keeps."""

from __future__ import annotations

import ctypes
from contextlib import suppress


def give_back() -> None:
    """Returns freed memory to the system (glibc): texts of many lengths leave it in pieces, and a run would grow."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
