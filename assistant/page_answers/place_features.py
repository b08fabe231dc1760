"""A question and the places that could answer it -> numbers that tell how well each does. Pure but for the vectors.

Every number is about 0 to 1. What they are worth is learnt (`place_choice`); here is only what can be seen.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.answers import Passage
from assistant.page_answers.answer_form import Wish, holds, leans
from assistant.page_answers.places import Place
from assistant.page_answers.quotable_units import Unit
from ingest.index.lexical import tokens

Floats = NDArray[np.float32]

_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|half|twice|dozen|hundred|thousand)\b", re.I
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_PROPER = re.compile(r"(?<![.!?:] )(?<!^)\b[A-Z][a-z]+\b")
_FORMULA = re.compile(
    r"\\(?:frac|sum|text|mathbf|mathrm|left|exp|log|sqrt|theta|sigma|alpha|hat|cdot|in)\b|\$[^$]+\$|"
    r"\w\s?=\s?[^=\s]|[∑√∏∫σ]|\^[{(\w]"
)
_REASON = re.compile(
    r"\b(?:because|since|so that|in order to|otherwise|therefore|due to|caus\w+|prevents?|avoids?|"
    r"reduces?|helps?|allows?|ensures?|leads? to|the reason|means that|as a result)\b",
    re.I,
)
_EXAMPLE = re.compile(r"\b(?:for example|for instance|e\.g\.|such as|example|imagine|suppose|like)\b", re.I)
_CONTRAST = re.compile(
    r"\b(?:while|whereas|unlike|differ\w*|instead|rather than|in contrast|on the other hand|but|"
    r"however|compared|than)\b",
    re.I,
)
_YES = re.compile(r"\b(?:yes|no|not|cannot|can|must|should|does|do|only|never|always|required|optional|n't)\b", re.I)
_EMPTY_PLACE = re.compile(
    r"\b(?:objectives?|questions?|challenges?|exercises?|quiz(?:zes)?|key ?points?|summary|conclusions?|references?|"
    r"further reading|next steps?|resources?|prerequisites?|self[- ]study|acknowledg\w+|licen[cs]e|copyright|changelog|"
    r"table of contents|contents|overview|assignments?|homework|bibliography|see also|learn more|credits|feedback|"
    r"what you will learn|introduction|solutions?|post-lecture|pre-lecture|wrap[- ]?up|recap)\b",
    re.I,
)
_POINTS = re.compile(
    r"\b(?:see|read|check out|refer to|learn more|visit|follow|watch|link|documentation|docs|here|tutorial|guide|"
    r"section|chapter|course|lesson|notebook|below|above)\b",
    re.I,
)
_BIDS = re.compile(
    r"^\W*(?:explain|describe|understand|learn|know|identify|explore|discuss|write|trace|configure|compare|"
    r"define|list|use|apply|create|implement|try|practice|think|consider|congratulations|well done)\b",
    re.I,
)
_LEGAL = re.compile(r"©|\bcopyright\b|\blicen[cs]ed?\b|\ball rights reserved\b|\bdoi:|\barxiv\b|\bisbn\b", re.I)
_WARNS = re.compile(r"^\W*(?:warning|caution|deprecat\w+|note|important|danger)\b", re.I)
_NAME = re.compile(
    r"(?<=[\w,;:)] )[A-Z][\w+.-]*\w|\b\w*[A-Z]\w*[A-Z]\w*|\b\w+_\w+|\b(?=\w*[A-Za-z])\w*\d[\w.-]*\w|\b\d+(?:\.\d+)+"
)
_CALL = re.compile(r"\b([A-Za-z_]\w{2,40})\(")
_STATEMENT = re.compile(
    r"^[^\S\n]*+(?:(?:import|from|def|class|for|if|with|return|print|SELECT|[$%!])|[a-z]+ --?\w)|\w\(|\w\s=\s",
    re.M | re.I,
)
_OPPOSITES = tuple(
    (re.compile(rf"\b(?:{a})\b", re.I), re.compile(rf"\b(?:{b})\b", re.I))
    for a, b in (
        (r"high(?:er)?|large[rs]?|big(?:ger)?", r"low(?:er)?|small(?:er)?"),
        (r"increas\w+|more|raise", r"decreas\w+|less|fewer|reduc\w+"),
        (r"over-?fit\w*", r"under-?fit\w*"),
        (r"before", r"after"),
        (r"first", r"last"),
        (r"fast(?:er)?", r"slow(?:er)?"),
        (r"with(?!out)", r"without"),
        (r"advantages?|pros|benefits?|strengths?", r"disadvantages?|cons|drawbacks?|limitations?"),
        (r"encod\w+", r"decod\w+"),
        (r"positives?", r"negatives?"),
        (r"train\w*", r"infer\w*|test\w*"),
        (r"left", r"right"),
        (r"min\w*", r"max\w*"),
        (r"supervised", r"unsupervised"),
        (r"add\w*|insert\w*", r"remov\w+|delet\w+|drop\w*"),
        (r"load\w*|read\w*|import\w*", r"sav\w+|writ\w+|export\w*"),
        (r"enabl\w+|allow\w*", r"disabl\w+|prevent\w*|forbid\w*"),
    )
)


@dataclass(frozen=True)
class Asked:
    """A question as it is compared: its forms, its words with how much each says, its vector."""

    text: str
    wanted: Wish
    forms: frozenset[str]
    words: Mapping[str, float]
    vector: Floats | None

    @cached_property
    def said(self) -> frozenset[str]:
        """Its words as they are written, and each two that stand beside each other as one."""
        words = re.findall(r"\w+", self.text.lower())
        return frozenset((*words, *(one + other for one, other in pairwise(words))))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Words that are written as names: with a capital that opens no sentence, a digit, or a sign of code."""
        return tuple(dict.fromkeys(name.lower() for name in _NAME.findall(self.text)))

    @cached_property
    def directions(self) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
        """See `directions`."""
        return directions(self.text)


def features(asked: Asked, places: Sequence[Place], passages: Sequence[Passage]) -> tuple[tuple[str, ...], Floats]:
    """The names of the numbers, and a row of them for every place (places x numbers)."""
    about = [_of_passage(asked, passage, number, passages) for number, passage in enumerate(passages)]
    rows = [{**about[place.passage], **_of_place(asked, place, passages[place.passage])} for place in places]
    _relate(rows)
    names = tuple(rows[0])
    return names, np.array([[row[name] for name in names] for row in rows], dtype=np.float32)


def _relate(rows: list[dict[str, float]]) -> None:
    """How far each is from the best of all."""
    for name in ("cosine", "cosine_all", "covered", "covered_one", "covered_headed", "dense"):
        best = max(row[name] for row in rows)
        for row in rows:
            row[f"{name}_behind"] = best - row[name]


def _of_passage(asked: Asked, passage: Passage, number: int, passages: Sequence[Passage]) -> dict[str, float]:
    best = passages[0].score or 1.0
    signals = {
        name: max((p.origins.get(name, 0.0) for p in passages), default=0.0)
        for name in ("bm25", "pair-bm25", "page-bm25")
    }
    held = {name: passage.origins.get(name, 0.0) / most if most else 0.0 for name, most in signals.items()}
    title = _stems(passage.title)
    return {
        "dense": passage.origins.get("dense", 0.0),
        "page_dense": passage.origins.get("page-dense", 0.0),
        "bm25": held["bm25"],
        "pairs": held["pair-bm25"],
        "page_bm25": held["page-bm25"],
        "score": passage.score / best,
        "first": 1.0 / (1 + number),
        "top3": float(number < 3),
        "note": float(passage.kind == "note"),
        "roadmap": float(passage.kind == "roadmap"),
        "title": _share(asked.words, title),
    }


def _of_place(asked: Asked, place: Place, passage: Passage) -> dict[str, float]:
    units, text = place.units, place.text
    prose = [unit for unit in units if unit.kind not in ("code", "formula")]
    said = [unit.cosine for unit in prose] or [0.0]
    anchored = [unit for unit in units if unit.block == place.anchor] or units[:1]
    stems = [unit.stems for unit in units]
    together = stems[0].union(*stems[1:])
    heading = heading_of(place, passage)
    headed = _stems(heading)
    path = _stems(f"{passage.title} {passage.heading_at(units[0].start)}")
    forms, wanted = asked.forms, asked.wanted
    fit = max((unit.form for unit in prose), default=0.0)
    kinds = {unit.kind for unit in units}
    length = place.size
    hollow = sum(len(unit.text) for unit in units if unit.hollow) / max(length, 1)
    opens = units[0]
    first, last = passage.core or (0, len(passage.text))
    found = {
        "cosine": max(said),
        "cosine_all": float(np.mean(said)),
        "cosine_anchor": max(unit.cosine for unit in anchored),
        "covered": _share(asked.words, together),
        "covered_one": max(_share(asked.words, one) for one in stems),
        "covered_headed": _share(asked.words, together | headed | path),
        "rarest_missing": max(
            (weight for word, weight in asked.words.items() if word not in (together | headed | path)), default=0.0
        ),
        "name_missing": _missing(asked.names, f"{text} {heading} {passage.title} {passage.heading}"),
        "headed": _share(asked.words, headed),
        "heading_asked": len(headed & asked.words.keys()) / len(headed) if headed else 0.0,
        "heading_extra": min(1.0, len(headed - asked.words.keys()) / 4),
        "warns": float(_WARNS.match(text) is not None),
        "heading_path": _share(asked.words, path),
        "adds": min(1.0, len(together - asked.words.keys()) / 20),
        "fit": fit,
        "hollow": hollow,
        "hollow_anchor": float(all(unit.hollow for unit in anchored)),
        "empty_heading": float(_EMPTY_PLACE.search(heading) is not None),
        "bids": sum(_BIDS.match(unit.text) is not None for unit in units) / len(units),
        "asks": sum(unit.text.rstrip().endswith("?") for unit in units) / len(units),
        "points": min(1.0, len(_POINTS.findall(text)) / 4),
        "legal": float(_LEGAL.search(text) is not None),
        "leans": float(leans(opens.text)),
        "leads_nowhere": float(units[-1].text.rstrip().endswith(":")),
        "size": min(1.0, math.log1p(length) / 7.2),
        "tiny": float(length < 80),
        "early": 1.0 / (1 + opens.block),
        "has_code": float("code" in kinds),
        "has_list": float("list" in kinds),
        "has_table": float("table" in kinds),
        "only_code": float(kinds == {"code"}),
        "core": float(first <= anchored[0].start < last),
        "opening": float(first == last),
        "calls": _calls(asked, units),
        "code_size": min(1.0, sum(len(unit.text) for unit in units if unit.kind == "code") / 1200),
        "output": _output(units),
        "against": _against(asked, text),
    }
    found |= _of_form(forms, wanted, text, kinds, fit, found["calls"])
    return found


def _of_form(
    forms: frozenset[str], wanted: Wish, text: str, kinds: set[str], fit: float, found_calls: float
) -> dict[str, float]:
    """Whether it has what the form of the question asks for."""
    shows = bool({"steps", "code"} & forms)
    return {
        "steps_code": float(shows and "code" in kinds),
        "code_code": float("code" in forms and "code" in kinds),
        "shows_calls": found_calls if shows else 0.0,
        "told_code": float(not shows and "code" in kinds),
        "several_list": float("several" in forms and "list" in kinds),
        "formula_formula": float("formula" in forms)
        * max(float("formula" in kinds), 0.5 * (_FORMULA.search(text) is not None)),
        "told_formula": float("formula" not in forms and "formula" in kinds),
        "number_number": float("number" in forms and _NUMBER.search(text) is not None),
        "number_none": float("number" in forms and _NUMBER.search(text) is None),
        "when_year": float("when" in forms and _YEAR.search(text) is not None),
        "who_name": float("who" in forms and _PROPER.search(text) is not None),
        "why_reason": float("why" in forms and _REASON.search(text) is not None),
        "example_example": float("example" in forms and (_EXAMPLE.search(text) is not None or "code" in kinds)),
        "comparison_contrast": float("comparison" in forms and _CONTRAST.search(text) is not None),
        "comparison_both": float("comparison" in forms and holds(wanted.term, text) and holds(wanted.other, text)),
        "yes_yes": float("yes" in forms and _YES.search(text) is not None),
        "definition_fit": fit if "definition" in forms else 0.0,
        "definition_code": float("definition" in forms and "code" in kinds),
    }


def heading_of(place: Place, passage: Passage) -> str:
    """The heading that a place stands under: the last one above it in its passage, or that of the passage."""
    start = place.units[0].start
    above = [passage.text[a:b] for kind, a, b in passage.spans if kind == "heading" and b <= start]
    return above[-1] if above else passage.heading_at(start).split(" › ")[-1]


@lru_cache(maxsize=20_000)
def _stems(text: str) -> frozenset[str]:
    """The words of a heading, which stands over many places."""
    return frozenset(tokens(text))


def _share(words: Mapping[str, float], held: Set[str]) -> float:
    total = math.fsum(words.values())
    return math.fsum(weight for word, weight in words.items() if word in held) / total if total else 0.0


def _calls(asked: Asked, units: Sequence[Unit]) -> float:
    """1 where code calls a function by the question's own name: "group by" and `groupby()`."""
    names = {name for unit in units if unit.kind == "code" for name in _CALL.findall(unit.text)}
    return float(any(name.lower() in asked.said or _is_said(name, asked.words) for name in names))


def _is_said(name: str, words: Mapping[str, float]) -> bool:
    """Whether the parts of a name of several words are words of the question: `read_csv`."""
    parts = _stems(name) - {name.lower()}
    return len(parts) > 1 and parts <= words.keys()


def _missing(names: Sequence[str], text: str) -> float:
    """The share of the names that a text does not hold."""
    held = text.lower()
    return sum(name not in held for name in names) / len(names) if names else 0.0


def _output(units: Sequence[Unit]) -> float:
    """The share of code that is what was printed, or the rest of something that was cut."""
    code = [unit for unit in units if unit.kind == "code"]
    return sum(_STATEMENT.search(unit.text) is None for unit in code) / len(code) if code else 0.0


def _against(asked: Asked, text: str) -> float:
    """1 where the text has only the opposite of a direction that the question names ("too high", "too low")."""
    return float(any(other.search(text) and not one.search(text) for one, other in asked.directions))


def directions(question: str) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """The directions that a question names, each with its opposite, which it does not name.

    >>> len(directions("is my learning rate too high?"))
    1
    """
    both = [pair for one, other in _OPPOSITES for pair in ((one, other), (other, one))]
    return tuple((one, other) for one, other in both if one.search(question) and not other.search(question))
