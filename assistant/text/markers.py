"""Two answers into one: their parts in order, their sources numbered through. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.answers import Answer

CODE = re.compile(r"(?P<fence>(?<!`)`{3,}+).*?(?P=fence)`*|`[^`\n]*`", re.DOTALL)
"""Code in the text of a part: brackets inside it are no markers."""
_CODE_OR_MARKER = re.compile(rf"{CODE.pattern}|\[(?P<n>\d{{1,3}})\]", re.DOTALL)


def joined(first: Answer, second: Answer) -> Answer:
    """`first` with what `second` says after it; the numbers of `second` go on from those of `first`."""
    offset = len(first.citations)
    parts = tuple(replace(part, text=_shifted(part.text, offset)) for part in second.parts)
    more = tuple(replace(citation, n=citation.n + offset) for citation in second.citations)
    resources = tuple(dict.fromkeys((*first.resources, *second.resources)))
    return replace(second, parts=(*first.parts, *parts), citations=(*first.citations, *more), resources=resources)


def _shifted(text: str, offset: int) -> str:
    """The markers with other numbers; code is left as it is."""
    return _CODE_OR_MARKER.sub(lambda m: f"[{int(m['n']) + offset}]" if m["n"] else m[0], text)
