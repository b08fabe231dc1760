"""Two answers into one: their parts in order, their sources numbered through. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.answers import Answer

CODE = re.compile(r"(````.*?````|```.*?```|`[^`\n]*`)", re.DOTALL)
"""Code in the text of a part: brackets inside it are no markers."""


def joined(first: Answer, second: Answer) -> Answer:
    """`first` with what `second` says after it; the numbers of `second` go on from those of `first`."""
    offset = len(first.citations)
    parts = tuple(replace(part, text=_shifted(part.text, offset)) for part in second.parts)
    more = tuple(replace(citation, n=citation.n + offset) for citation in second.citations)
    resources = tuple(dict.fromkeys((*first.resources, *second.resources)))
    return replace(second, parts=(*first.parts, *parts), citations=(*first.citations, *more), resources=resources)


def _shifted(text: str, offset: int) -> str:
    """The markers with other numbers; code is left as it is."""
    pieces = CODE.split(text)
    for place in range(0, len(pieces), 2):
        pieces[place] = re.sub(r"\[(\d{1,3})\]", lambda m: f"[{int(m[1]) + offset}]", pieces[place])
    return "".join(pieces)
