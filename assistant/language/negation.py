"""Whether a thing that a text names is ruled out there: "no", "without", "lacks", "except", "never". Pure.

A word that denies reaches over the plain words behind it up to the thing ("except for the ones on Coursera"), and over
a thing that is joined to the one asked about ("neither videos nor books", "without links and books").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

OTHERS = (
    r"except(?:ing)?(?: for)?|with the exception of|other than|apart from|aside from|besides|excluding|"
    r"not (?:counting|including)|(?:everything|anything|something)(?: else)?,? but"
)
"""What asks for all the others, whatever is asked."""

EXCEPT = (
    rf"{OTHERS}|exclud(?:e|es)|"
    r"without|w/o|sans|but (?:not|none)|rather than|instead of|minus|omit(?:ting)?|leav(?:e|ing) (?:out|aside)|"
    r"skipping|avoid(?:s|ing)?|barring|not using|"
    r"if not(?= (?:the|a|an|by|on)\b)|(?:bar|save)(?=(?: for)? (?:the|those|that|any)\b)|"
    r"(?:all|any|every(?:one)?|anybody|anyone)(?: else)?,? but|free (?:of|from)(?! (?:charge|cost)\b)"
)
"""What leaves a thing out of all the others. All wordings of a denial stand here, `LACKS` and `DENIES` below; what a
question for the pages rules out is read with the same."""

FIRMLY = r"not(?! only\b| just\b)|non|never|neither|nor|cannot|nobody|no one|hardly|barely|\w+n't"
DENIES = (
    rf"{FIRMLY}|low|less|little|"
    r"(?:are|is|was|were|do|does|did|have|has|need)nt"
)
_OF = r"(?= (?:of|by|from|on|in|at|with|about|that|which|are|is)\b)"
LACKS = rf"no|(?<!cost )(?<!costs )nothing(?! but)|zero(?! to\b)|none{_OF}|lacks?|lacking|missing|{EXCEPT}"

_BETWEEN = (
    r"a|an|any|the|of|to|be|being|so|that|which|those|these|ones?|all|really|actually|considered|marked|rated|stated|"
    r"listed|as|with|i|we|in|form|kind|sort|single|difficulty|level|recommended|for|"
    r"have|having|has|had|need(?:s|ing)?|state[sd]?|names?|naming|mention(?:s|ed|ing)?|cover(?:s|ed|ing)?|use[sd]?|using|"
    r"teach(?:es|ing)?|deal(?:s|ing)?|involv(?:e|es|ing)|includ(?:e|es|ed|ing)|contain(?:s|ing)?|offer(?:s|ed|ing)?|"
    r"provid(?:e|es|ed|ing)|come|comes|coming|require[sd]?|requiring|rely|relies|about|want|like|show me|are|is|it|"
    r"from|on|by|at|via|courses?|resources?|classes|anything|something|everything|them|whom|who|was|were|been|touch|"
    r"touches|going|for|using|else|other|do|what|whatever"
)
_DONE = (
    r"(?:[^\W\d_]+(?:ed|ing)|taught|written|made|held|given|run|built|found|sold|bought|done|spoken|shown)"
    r"(?= (?:by|on|from|at|via|in|with|through|for|to)\b)"
)
"""Between a denial and what it denies, whatever is done: "not written by ...", "never taught on ..."."""
_PLACED = (
    r"(?:(?:in|within|during|for|the|any|all|those|these|ones?|that|which|are|is|be|been|from|of|courses?|resources?|"
    r"rows?|due|part|belong(?:s|ing)?|to|mentioned|listed|scheduled|planned|on)\b ?)*"
)
_GAP = rf"(?:[ -]+(?:{_BETWEEN}|{_DONE}))*[ -]*"
_WORD = r"(?<![\w'])"
_NEGATION = re.compile(rf"{_WORD}(?P<no>{DENIES}|{LACKS}){_GAP}$")
_PLACE_NEGATION = re.compile(rf"{_WORD}(?:{DENIES}|{EXCEPT}|no|outside)(?: of)? {_PLACED}$")
_JOINED = re.compile(
    r"(?P<how> ?,| or| nor| and(?:/or)?| &|/)(?: (?:or|nor|and))?(?: (?:any|the|on|from|by|with|no))* ?$"
)
_TOLD_BEHIND = re.compile(
    r"(?: (?:ones?|rows?|courses?|resources?|stuff|things?|material))?[ ,-]*"
    r"(?:(?:is|are|being) )?(?:excluded|excepted|aside|not (?:included|counted|wanted)|left out|missing|absent|"
    r"lacking)\b|"
    r" nothing\b(?! but| to do)|-(?:free|less)\b"
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


def leaves_something_out(text: str) -> bool:
    """Whether a text leaves a thing out of all the others, and does not only deny: "besides", "all but".

    >>> leaves_something_out("what is in week 7 other than books?"), leaves_something_out("i have no books")
    (True, False)
    """
    return bool(_EXCEPT.search(text))


def objects_ruled_out(text: str) -> tuple[str, ...]:
    """The words that a text rules out, part by part, each up to where the clause ends.

    >>> objects_ruled_out("which courses do not use pytorch or keras in phase 2?")
    ('pytorch', 'keras')
    """
    parts: list[str] = []
    for found in _OPENS.finditer(text):
        if _counts(text, found.start("no"), found["no"]):
            words = _ENDS.split(text[found.end() :], maxsplit=1)[0]
            parts += [part.strip() for part in _PARTS.split(words)]
    return tuple(dict.fromkeys(filter(None, parts)))


_EXCEPT = re.compile(rf"{_WORD}(?:{EXCEPT}|none of)(?![\w'])")
_OPENS = re.compile(rf"{_WORD}(?P<no>{FIRMLY}|{LACKS})(?![\w'])(?:[ -]+(?:{_BETWEEN}|{_DONE})(?![\w'-]))*[ -]*")
_ENDS = re.compile(
    r"[?.;:!·]|,(?! ?(?:or|nor|and)\b)| (?:but|in|for|that|which|who|when|if|at|on|from|of|to|is|are|at all|please|"
    r"with|and (?:not |no |never |are |is |do |does |have |has |with |without |in |on ))\b"
)
_PARTS = re.compile(r",? (?:or|nor|and(?:/or)?) |, ?")


def _counts(before: str, at: int, denies: str) -> bool:
    """Whether a denial stands as one: not where it asks whether there is "no" such thing, nor where it is denied."""
    lead = before[:at]
    if denies == "no" and _EXISTENTIAL.search(lead):
        return False
    if denies.endswith("n't") and _POLAR.match(before) and not lead.strip(" ,"):
        return False
    if denies in ("save", "bar"):
        return bool(_AFTER_ALL.search(lead))
    if denies in ("but", "without") or denies.startswith("lack"):
        return not re.search(rf"{_WORD}(?:not|never|\w+n't)(?: \w+)? $", lead)
    return True


_AFTER_ALL = re.compile(
    r"(?:\b(?:(?:all|any|every|each|the)(?: [\w'-]+){1,3}|everything|everyone|anything|things?|those|[^\W\d_]{3,}s)|"
    r"[\d·]),? $"
)
"""Before what is a verb or a noun elsewhere: "all checkpoints save the capstone", and not "how to save the model"."""
