"""Patterns that cost nothing until a text is there for them: `late(pattern)` in place of `re.compile(pattern)`.

A command that answers one question uses few of the patterns of a language; compiling all of them took a sixth of
its time. Knows no language.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, cast


def late(pattern: str) -> re.Pattern[str]:
    """The pattern, compiled when something is first asked of it.

    >>> late(r"\\d+").findall("3 of 12")
    ['3', '12']

    Errors: `re.error` at the first use, not here.
    """
    return cast("re.Pattern[str]", Late(pattern))


class Late:
    """Stands for a pattern until it is used. Only `late` makes one."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern itself."""
        return re.compile(self.pattern)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.compiled, name)
