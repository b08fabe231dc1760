"""Where sentences begin and end in technical prose.

A rule of our own: NLTK's Punkt, which LlamaIndex ships, refuses to read its own data where an installer hard-links
files (uv does), and the pure-Python splitters that keep offsets are slower than the embedding of the text.
"""

from __future__ import annotations

import re

_BOUNDARY = re.compile(r"""(?<=[.!?…])["'”’)\]]*\s+(?=["'“‘(\[`]*[A-Z0-9`])""")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|al|Fig|Figs|Eq|Sec|Ch|No|Dr|Prof|Mr|Ms|St|approx|resp)|\b[A-Z])\.$"
)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Character spans of the sentences, without gaps: each ends where the next begins."""
    starts = [0]
    for match in _BOUNDARY.finditer(text):
        if not _ABBREVIATION.search(text[max(0, match.start() - 12) : match.start()]):
            starts.append(match.end())
    return list(zip(starts, [*starts[1:], len(text)], strict=True))
