"""Which forms the answer to a question may have: a number, a yes or no, code, a formula, a reason. Pure.

A question has any number of them. Knows nothing of passages.
"""

from __future__ import annotations

import re
from typing import Literal

from assistant.language.normalise import YES_OR_NO, bare
from assistant.page_answers.answer_form import LONGEST, Wish
from corpus.letters import same_letters

Form = Literal[
    "steps", "code", "formula", "example", "number", "when", "who", "yes", "choice", "why", "several", "named"
]

_FORMS: dict[Form, re.Pattern[str]] = {
    "steps": re.compile(
        r"\bhow (?:do|can|could|should|would|might) (?:i|we|you|one|people)\b|\bhow to\b|\bsteps?\b|\bways? to\b|"
        r"\bhow would (?:i|you|one)\b|^(?:get|set|make|turn|convert|load|save|read|write|install|create|build|use)\b",
        re.IGNORECASE,
    ),
    "code": re.compile(
        r"\b(?:code|snippet|syntax|command|one-?liner|implement(?:ation)?|call|import|script|in (?:pandas|numpy|python|"
        r"pytorch|keras|sklearn|scikit-learn|bash|sql|git|tensorflow))\b",
        re.IGNORECASE,
    ),
    "formula": re.compile(
        r"\b(?:formulas?|formulae|equations?|mathematical(?:ly)?|in maths?|derive|expression)\b", re.I
    ),
    "example": re.compile(
        r"\b(?:examples?|for instance|instances? of|use ?cases?|illustrat\w+|analog(?:y|ies))\b", re.I
    ),
    "number": re.compile(
        r"\b(?:how (?:many|much|long|big|large|often|fast|far|deep|high|small)|what (?:percentage|share|size|fraction|"
        r"proportion|number|value|length|dimension|default|ratio|range)|number of|default (?:value|of|for))\b",
        re.IGNORECASE,
    ),
    "when": re.compile(
        r"\b(?:what (?:year|date|day|month)|when (?:was|were|did|is|will)|since when|which year)\b", re.I
    ),
    "who": re.compile(r"\b(?:who|whom|whose|by whom|which (?:company|person|author|people|team|researchers?))\b", re.I),
    "yes": YES_OR_NO,
    "choice": re.compile(r"\bor\b|\bwhich (?:of|one)\b|\bbetter\b|\brather than\b|\binstead of\b", re.IGNORECASE),
    "why": re.compile(
        r"\bwhy\b|\bwhat (?:is|are|'s) the (?:reason|point|purpose|benefit|advantage)|\bhow come\b|\bwhat for\b|"
        r"\bwhat causes\b|\breasons?\b",
        re.IGNORECASE,
    ),
    "several": re.compile(
        r"\b(?:list|kinds?|types?|ways|options|components|parts|methods|metrics|techniques|tools|strategies|differences|"
        r"advantages|disadvantages|pros|cons|what are|which are|stages|phases|requirements|limitations|features)\b",
        re.IGNORECASE,
    ),
    "named": re.compile(
        r"\b(?:(?:what|which) (?:function|method|class|parameter|argument|option|flag|command|library|package|tool|"
        r"attribute|keyword|metric|algorithm|model|file|setting|property|operator|type|name)|called|stands? for|"
        r"named)\b",
        re.IGNORECASE,
    ),
}


def forms_of(question: str, wanted: Wish) -> frozenset[str]:
    """The forms, and the kind of `wanted` where it is a definition or a comparison.

    >>> sorted(forms_of("how many heads does BERT have?", Wish("other")))
    ['number']
    """
    plain = bare(same_letters(question))[:LONGEST]
    found: set[str] = {form for form, pattern in _FORMS.items() if pattern.search(plain)}
    return frozenset(found | ({wanted.kind} & {"definition", "comparison"}))
