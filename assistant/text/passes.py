"""Taking things out of a text until nothing is left to take, in a bounded number of passes. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

PASSES = 12
"""More are needed only for what was nested on purpose: a remark in a remark in a remark."""


def until_still(text: str, take_out: Callable[[str], str], signs: re.Pattern[str]) -> str:
    """The text when another pass changes nothing. One that is nested deeper than `PASSES` loses the `signs` that it is
    nested with, since a pass a level would cost the square of its length.

    >>> until_still("a((()))b", lambda text: text.replace("()", ""), re.compile(r"[()]"))
    'ab'
    """
    for _ in range(PASSES):
        previous, text = text, take_out(text)
        if text == previous:
            return text
    return take_out(signs.sub("", text))
