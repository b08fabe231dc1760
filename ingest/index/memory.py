"""Memory that the allocator keeps."""

from __future__ import annotations

import ctypes
from contextlib import suppress

_ARENA_MAX = -8
"""M_ARENA_MAX of malloc.h."""


def give_back() -> None:
    """Returns freed memory to the system (glibc): texts of many lengths leave it in pieces, and a run would grow."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def few_arenas() -> None:
    """Lets the threads of a server share two heaps (glibc): with one for each, what they free is kept in each of them,
    and a server grows for hours. To be called before they start."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 2)
