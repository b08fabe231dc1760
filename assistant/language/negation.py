"""Whether a thing that a text names is ruled out there: "no", "without", "lacks", "except", "never". Pure.

A word that denies reaches over the plain words behind it up to the thing ("except for the ones on Coursera"), and over
a thing that is joined to the one asked about ("neither videos nor books", "without links and books").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

EXCEPT = (
    r"except(?:ing)?(?: for)?|with the exception of|other than|apart from|aside from|besides|exclud(?:e|es|ing)|"
    r"without|but not|rather than|minus|omit(?:ting)?|leav(?:e|ing) out|skipping|avoid(?:s|ing)?|"
    r"(?:everything|anything|all|any|every(?:one)?|anybody|anyone)(?: else)?,? but|free (?:of|from)"
)
"""What leaves a thing out of all the others."""

_FIRMLY = r"not(?! only\b| just\b)|non|never|neither|nor|cannot|\w+n't"
DENIES = (
    rf"{_FIRMLY}|low|less|little|"
    r"(?:are|is|was|were|do|does|have|has|need)nt"
)
LACKS = rf"no|(?<!cost )(?<!costs )nothing(?! but)|zero(?! to\b)|none(?= of\b)|lacks?|lacking|missing|{EXCEPT}"

_BETWEEN = (
    r"a|an|any|the|of|to|be|being|so|that|which|those|these|ones?|all|really|actually|considered|marked|rated|stated|"
    r"listed|as|with|i|we|in|form|kind|sort|single|difficulty|level|recommended|for|"
    r"have|having|has|had|need(?:s|ing)?|state[sd]?|names?|naming|mention(?:s|ed|ing)?|cover(?:s|ed|ing)?|use[sd]?|using|"
    r"teach(?:es|ing)?|deal(?:s|ing)?|involv(?:e|es|ing)|includ(?:e|es|ed|ing)|contain(?:s|ing)?|offer(?:s|ed|ing)?|"
    r"provid(?:e|es|ed|ing)|come|comes|coming|require[sd]?|requiring|rely|relies|about|want|like|show me|are|is|it|"
    r"from|on|by|at|via|courses?|resources?|classes|anything|something|everything"
)
_PLACED = (
    r"(?:(?:in|within|during|for|the|any|all|those|these|ones?|that|which|are|is|be|been|from|of|courses?|resources?|"
    r"rows?|due|part|belong(?:s|ing)?|to|mentioned|listed|scheduled|planned|on)\b ?)*"
)
_GAP = rf"(?:[ -]+(?:{_BETWEEN}))*[ -]*"
_WORD = r"(?<![\w'])"
_NEGATION = re.compile(rf"{_WORD}(?P<no>{DENIES}|{LACKS}){_GAP}$")
_PLACE_NEGATION = re.compile(rf"{_WORD}(?:{DENIES}|{EXCEPT}|no|outside)(?: of)? {_PLACED}$")
_JOINED = re.compile(
    r"(?P<how> ?,| or| nor| and(?:/or)?| &|/)(?: (?:or|nor|and))?(?: (?:any|the|on|from|by|with|no))* ?$"
)
_TOLD_BEHIND = re.compile(
    r"[ ,-]*(?:(?:is|are|being) )?(?:excluded|excepted|aside|not included|left out|missing|absent|lacking)\b|"
    r"-(?:free|less)\b"
)
_POLAR = re.compile(
    r"(?:(?:so|and|but|ok|well),? )*(?:is|are|was|do|does|did|has|have|can|could|should|would|won)n't\b"
)
"""How a question begins that expects a yes: "isn't there a free course?"."""
_EXISTENTIAL = re.compile(
    r"\b(?:(?:is|are|was|were) there|there (?:is|are|was|were|be)|there's)(?: really| actually)? $"
)
"""Before "no": "is there no free course?" asks for the free ones."""

Span = tuple[int, int]


def is_ruled_out(text: str, at: Span, things: Sequence[Span] = ()) -> bool:
    """Whether what stands at a place of a cleaned text is ruled out by the words around it.

    things: where other things stand, over which a denial may reach.

    >>> text = "courses without books and videos"
    >>> is_ruled_out(text, (26, 32), [(16, 21)]), is_ruled_out("isn't there a video?", (14, 19))
    (True, False)
    """
    if _TOLD_BEHIND.match(text, at[1]):
        return True
    before, joined = text[: at[0]], ""
    for _ in range(len(things) + 1):
        if found := _NEGATION.search(before):
            denies = found["no"]
            if joined == "and" and not re.fullmatch(LACKS, denies):
                return False  # "not mandatory and free"
            return _counts(before, found.start("no"), denies)
        join = _JOINED.search(before)
        ends = [start for start, end in things if join and end == join.start()]
        if join is None or not ends:
            return False
        joined = "and" if "and" in join["how"] else "or"
        before = text[: ends[0]]
    return False


def is_place_ruled_out(text: str, start: int) -> bool:
    """Whether the weeks or the phase that begin here are ruled out: "not in weeks 5 to 9", "outside phase 2".

    >>> is_place_ruled_out("which resources are not in phase 2?", 27), is_place_ruled_out("no books in phase 2", 12)
    (True, False)
    """
    return bool(_PLACE_NEGATION.search(text[:start]))


def object_ruled_out(text: str) -> str:
    """The words that a text rules out first, up to where the clause ends; "" if it rules nothing out.

    >>> object_ruled_out("which courses do not use pytorch or keras in phase 2?"), object_ruled_out("is there no book?")
    ('pytorch or keras', '')
    """
    for found in _OPENS.finditer(text):
        if _counts(text, found.start("no"), found["no"]):
            return _ENDS.split(text[found.end() :], maxsplit=1)[0].strip()
    return ""


_OPENS = re.compile(rf"{_WORD}(?P<no>{_FIRMLY}|{LACKS})(?![\w'])(?:[ -]+(?:{_BETWEEN})(?![\w'-]))*[ -]*")
_ENDS = re.compile(r"[?.;:!,·]| (?:and|but|in|for|that|which|who|when|if|at|on|from|of|to|is|are|at all|please)\b")


def _counts(before: str, at: int, denies: str) -> bool:
    """Whether a denial stands as one: not where it asks whether there is "no" such thing, nor where it is denied."""
    lead = before[:at]
    if denies == "no" and _EXISTENTIAL.search(lead):
        return False
    if denies.endswith("n't") and _POLAR.match(before) and not lead.strip(" ,"):
        return False
    if denies in ("but", "without") or denies.startswith("lack"):
        return not re.search(rf"{_WORD}(?:not|never|\w+n't)(?: \w+)? $", lead)
    return True
