"""What a question rules out as a means ("how to plot without matplotlib?"), and passages without what uses it. Pure.

What is ruled out is not searched for, and no block that names it is quoted, unless it says how to do without it.
"What happens without regularization?" asks about the thing itself and rules out nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from urllib.parse import urlsplit

from assistant.answers import Passage
from assistant.language.negation import EXCEPT, FIRMLY, OTHERS
from assistant.retrieval.retriever import Hits
from ingest.index.lexical import tokens
from ingest.pages.sentences import sentence_spans

Span = tuple[str, int, int]

_ASKS_FOR_A_WAY = re.compile(
    r"^\W*(?:(?:so|and|but|ok|hi|hey|please),? )*(?:how (?:to|do|can|could|should|would|may|might|else)\b(?! \w+ work)|"
    r"(?:can|could|may) (?:i|we|you|one)\b|is (?:it|there)\b|are there\b|which\b|what (?:can|could|should|else|other|"
    r"(?:is|are) (?:the |a |an )?(?:other|another|best|good|ways?|alternatives?|options?|tools?|librar\w+))|"
    r"(?:any |other |another |give me |show me |list )?(?:ways?|alternatives?|options?|tools?|librar\w+)\b|"
    r"(?!learning|training)[a-z]{3,}ing\b)",
    re.IGNORECASE,
)
_FURTHER = r"[\w.+#-]{1,40}(?=\s*(?:[?.,;:!]|$))"
_MEANS = re.compile(
    rf"(?<![\w'’])(?:(?P<firm>{OTHERS}|(?:without|w/o|not|but not) (?:using|with|via|on|relying on)|with no|"
    rf"(?<=, )(?:and |but |just )?no)|{EXCEPT}|"
    r"(?:that|which) (?:is|are) not|(?:that|which) (?:do|does)(?:n't|n’t| not) (?:use|need|require))"
    r"(?: (?:using|having|needing|requiring|relying on|with|by|the (?:use|help) of))?\s+(?:any |a |an |the )?"
    rf"(?P<what>[^?.,;:!]{{1,80}}?(?:(?:, (?:or |nor |and )?| and (?:the )?){_FURTHER}){{0,5}})"
    r"(?=\s*(?:[?.,;:!]|$)|\s+(?:and|but|in|for|when|if|on|from|at|to|can|could|do|does|is|are|should|would|will|that|"
    r"which|who|with|as|exist|exists|work|works|matter|matters|please|pls|at all)\b)",
    re.IGNORECASE,
)
_ABOUT_THE_LACK = re.compile(r"^\W*(?:(?:so|and|but|ok),? )*(?:why|what (?:happens|if)|when|who)\b", re.IGNORECASE)
_DENIAL = (
    rf"(?<![\w'’])(?:{FIRMLY}|no|none of|unlike|alternatives? to|replac\w+|{EXCEPT}|\w+n’t)"
    r"(?:(?:\s{1,3}[\w'’-]{1,30}){0,3}\s{1,3}|-)"
)
_UNNEEDED = r"\W+(?:is|are|was)(?: not|n['’]t) (?:needed|required|necessary|used)\b"
_PARTS = re.compile(r",? (?:or|nor|and) (?:the )?|, ?")
_LEANS = re.compile(r"\W*(?:It|Its|This|That|These|Those|They|Their|Such|He|She|The (?:latter|former|same))\b")
"""How a sentence begins that speaks of the one before it."""
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
        said, low = set(tokens(text)), text.casefold()
        for part in _PARTS.split(self.what.casefold()):
            short, words = _SHORT.get(part), set(tokens(part))
            if short and re.search(rf"\b{short}\.\w|\bas {short}\b", low):
                return True
            if words and words <= said and not _is_denied(part, low):
                return True
        return False


def _is_denied(part: str, low: str) -> bool:
    """Whether a text speaks of a thing only as what is done without: each time that it is named."""
    word = re.escape(part.split(maxsplit=1)[0])
    times = len(re.findall(rf"(?<!\w){word}", low))
    done_without = re.findall(rf"(?:{_DENIAL})(?=\W?{word})|(?<!\w){word}\w*{_UNNEEDED}", low)
    return 0 < times <= len(done_without)


def read_ruled_out(question: str) -> RuledOut | None:
    """What a question that asks for a way, or for other things, rules out; None if nothing.

    >>> read_ruled_out("How to plot without using matplotlib?")
    RuledOut(what='matplotlib', rest='How to plot?')
    >>> read_ruled_out("What happens without an activation function?") is None
    True
    """
    if _ABOUT_THE_LACK.match(question):
        return None
    way = _ASKS_FOR_A_WAY.match(question)
    found = next((found for found in _MEANS.finditer(question) if way or found["firm"]), None)
    if not found or not tokens(found["what"]):
        return None
    rest = f"{question[: found.start()].rstrip()}{question[found.end() :]}"
    return RuledOut(found["what"].strip(), rest) if tokens(rest) else None


def without(hits: Hits, out: RuledOut) -> Hits:
    """The hits without what uses it: passages that are about it, what stands under a heading that names it, and the
    sentences, blocks and items of lists that do."""
    kept: list[tuple[Passage, int]] = []
    for passage, row in zip(hits.passages, hits.rows, strict=True):
        if out.names(f"{passage.title} {passage.heading}") or out.names(urlsplit(passage.url).netloc.replace(".", " ")):
            continue
        spans = passage.spans or (("paragraph", 0, len(passage.text)),)
        left = tuple(piece for span in _outside(spans, passage, out) for piece in _left(span, passage.text, out))
        if any(kind != "heading" for kind, _, _ in left):
            kept.append((replace(passage, spans=left), row))
    return replace(hits, passages=tuple(p for p, _ in kept), rows=tuple(row for _, row in kept))


def _outside(spans: Sequence[Span], passage: Passage, out: RuledOut) -> Iterator[Span]:
    """The blocks that stand under no heading that names it."""
    under = False
    for kind, start, end in spans:
        under = out.names(passage.text[start:end]) if kind == "heading" else under
        if not under and not out.names(passage.heading_at(start)):
            yield kind, start, end


def _left(span: Span, text: str, out: RuledOut) -> list[Span]:
    """What is left of a block: of prose the sentences, of a list the items, of all else all or nothing."""
    kind, start, end = span
    if kind in ("paragraph", "quote"):
        return _sentences(span, text, out)
    if not out.names(text[start:end]):
        return [span]
    if kind == "list":
        edges = [start, *(start + m.start() for m in _ITEM.finditer(text[start:end]) if m.start()), end]
        items = [(kind, a, b) for a, b in pairwise(edges)]
        return [i for i in items if not out.names(text[i[1] : i[2]])]
    return []


def _sentences(span: Span, text: str, out: RuledOut) -> list[Span]:
    """The sentences that do not name it, and do not lean on one that does; those that stand together are one piece."""
    kind, start, end = span
    left: list[Span] = []
    barred = False
    for a, b in sentence_spans(text[start:end]):
        said = text[start + a : start + b]
        barred = out.names(said) or (barred and bool(_LEANS.match(said)))
        if barred:
            continue
        if left and left[-1][2] == start + a:
            left[-1] = (kind, left[-1][1], start + b)
        else:
            left.append((kind, start + a, start + b))
    return left
