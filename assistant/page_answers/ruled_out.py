"""What a question rules out as a means ("how to plot without matplotlib?"), and passages without what uses it. Pure.

What is ruled out is not searched for, and no block that names it is quoted, unless it says how to do without it.
"What happens without regularization?" asks about the thing itself and rules out nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from urllib.parse import urlsplit

from assistant.answers import Passage
from assistant.retrieval.retriever import Hits
from ingest.index.lexical import tokens

_ASKS_FOR_A_WAY = re.compile(
    r"^\W*(?:(?:so|and|but|ok|hi|hey|please),? )*(?:how (?:to|do|can|could|should|would|may|might|else)\b(?! \w+ work)|"
    r"(?:can|could|may) (?:i|we|you|one)\b|is (?:it|there)\b|are there\b|which\b|what (?:can|could|should|else|other|"
    r"(?:is|are) (?:the |a |an )?(?:other|another|best|good|ways?|alternatives?|options?|tools?|librar\w+))|"
    r"(?:any |other |another |give me |show me |list )?(?:ways?|alternatives?|options?|tools?|librar\w+)\b)",
    re.IGNORECASE,
)
_MEANS = re.compile(
    r"\b(?:without(?: (?:using|having|needing|relying on|the (?:use|help) of))?|not using|with no|other than|"
    r"except(?: for)?|apart from|aside from|besides|instead of(?: using)?|rather than(?: using)?|excluding|avoiding|"
    r"but not(?: (?:with|using))?|"
    r"(?:that|which) (?:is|are) not|(?:that|which) (?:do|does)(?:n't|n’t| not) (?:use|need|require)|"
    r"(?:anything|something|everything) but)\s+(?:any |a |an |the )?(?P<what>[^?.,;:!]+?)"
    r"(?=\s*(?:[?.,;:!]|$)|\s+(?:and|but|in|for|when|if|on|from|at|to)\b)",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:no|not|never|without|instead of|rather than|other than|except|unlike|cannot|avoid(?:s|ing)?)\b|n['’]t\b",
    re.IGNORECASE,
)
_SHORT = {"pandas": "pd", "numpy": "np", "matplotlib": "plt", "tensorflow": "tf", "seaborn": "sns", "pyplot": "plt"}
"""Names that code calls a library by."""
_ITEM = re.compile(r"(?m)^(?=[^\S\n]*+(?:[-*•]|\d+[.)])\s)")


@dataclass(frozen=True, slots=True)
class RuledOut:
    """`what` is ruled out; `rest` is the question without it."""

    what: str
    rest: str

    def names(self, text: str) -> bool:
        """Whether a text names it as something to use, and not as what can be done without."""
        short = _SHORT.get(self.what.casefold())
        if short and re.search(rf"\b{short}\.\w|\bas {short}\b", text):
            return True
        return set(tokens(self.what)) <= set(tokens(text)) and not _DENIED.search(text)


def read_ruled_out(question: str) -> RuledOut | None:
    """What a question that asks for a way, or for other things, rules out; None if nothing.

    >>> read_ruled_out("How to plot without using matplotlib?")
    RuledOut(what='matplotlib', rest='How to plot?')
    >>> read_ruled_out("What happens without an activation function?") is None
    True
    """
    found = _MEANS.search(question) if _ASKS_FOR_A_WAY.match(question) else None
    if not found or not tokens(found["what"]):
        return None
    rest = f"{question[: found.start()].rstrip()}{question[found.end() :]}"
    return RuledOut(found["what"].strip(), rest) if tokens(rest) else None


def without(hits: Hits, out: RuledOut) -> Hits:
    """The hits without what uses it: passages that are about it, and blocks and items of lists that name it."""
    kept: list[tuple[Passage, int]] = []
    for passage, row in zip(hits.passages, hits.rows, strict=True):
        if out.names(f"{passage.title} {passage.heading}") or out.names(urlsplit(passage.url).netloc.replace(".", " ")):
            continue
        spans = passage.spans or (("paragraph", 0, len(passage.text)),)
        left = tuple(piece for span in spans for piece in _left(span, passage.text, out))
        if any(kind != "heading" for kind, _, _ in left):
            kept.append((replace(passage, spans=left), row))
    return replace(hits, passages=tuple(p for p, _ in kept), rows=tuple(row for _, row in kept))


def _left(span: tuple[str, int, int], text: str, out: RuledOut) -> list[tuple[str, int, int]]:
    """What is left of a block: all or nothing of it; of a list, the items."""
    kind, start, end = span
    if kind != "list":
        return [] if out.names(text[start:end]) else [span]
    edges = [start, *(start + m.start() for m in _ITEM.finditer(text[start:end]) if m.start()), end]
    items = [(kind, a, b) for a, b in pairwise(edges)]
    return [span] if not out.names(text[start:end]) else [i for i in items if not out.names(text[i[1] : i[2]])]
