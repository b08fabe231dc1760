"""Rules for what the rows answer: counts, extremes, lists, attributes, the start, the whole, a place. Pure.

They come after `assistant.language.subjects`: every word of the question is accounted for here. Each returns the
finished question, or None where it does not fit.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.language import lexicon
from assistant.language.criteria import ALTERNATIVE, NOT
from assistant.language.parse import Reading
from assistant.questions import Question, at, ids_in
from corpus.roadmap import Resource, Roadmap, Weeks

_LEFT = re.compile(r"\bhow (?:much|many|far|long)\b.*\b(?:left|remain\w*|to go)\b|\bwhat (?:is|remains) left\b")
"""How much of the roadmap lies ahead."""


def count(asked: Question, reading: Reading, previous: Question | None) -> Question | None:
    if _LEFT.search(reading.rest) and (asked.spans or reading.current is not None) and not asked.resources:
        spans = asked.spans or (Weeks(reading.current or 0, reading.current or 0),)
        return replace(at(asked, spans), intent="count", counted="left", attribute=None, criteria=())
    match = lexicon.COUNT.search(reading.rest)
    if not match or asked.attribute == "hours":
        return None
    what = match["what"].removesuffix("s") if match["what"] not in ("classes", "are") else "resource"
    if asked.resources and what == "week":
        return None
    return replace(asked, intent="count", counted=what, attribute=None)


_THING = re.compile(r"\b(phase|block|resource|course|book|week|project|checkpoint)s?\b")


def extreme(asked: Question, reading: Reading, previous: Question | None) -> Question | None:
    match = lexicon.EXTREME.search(reading.rest)
    if not match or asked.resources or (len(asked.spans) == 1 and len(asked.spans[0]) == 1):
        return None
    after, before = reading.rest[match.end() :], reading.rest[: match.start()]
    noun = _THING.search(after) or _THING.search(before)
    counted = noun[1] if noun else "resource"
    return replace(asked, intent="extreme", criteria=(match["most"],), counted=counted, attribute=None)


def listing(asked: Question, reading: Reading, previous: Question | None) -> Question | None:
    if asked.intent == "list":
        return asked
    criteria = asked.criteria
    by = tuple(c for c in criteria if "by:" in c)
    only_by = bool(by) and all(name_is_author(reading, i) for i in asked.resources)
    if not criteria or (asked.resources and not only_by):
        return None
    if criteria == ("requires",) and not _WHOLE.search(reading.rest):
        return None
    narrow = len(asked.spans) == 1 and not asked.phases and len(asked.spans[0]) <= 4
    plural = re.search(
        r"\b(?:which|any|anything|only|how many|list|all|something|ones|resources|courses)\b", reading.rest
    )
    if narrow and not plural and criteria != ("checkpoint",):
        return None
    if "alternative" in criteria and not re.search(
        r"\b(?:are|is|as|marked) (?:only |an |the )?alternatives?\b|\balternative (?:resources|courses|rows)\b",
        reading.rest,
    ):
        return None
    named = re.search(r"\b(?:resources|courses|books|videos|checkpoints?|projects|ones)\b", reading.rest)
    if not (lexicon.LIST.search(reading.rest) or named or _bare(reading)):
        return None
    has = {"has-link", "has-alternative", f"{NOT}has-link", f"{NOT}has-alternative"} & set(criteria)
    if reading.attribute in ("author", "link", "hours", "duration") and not has:
        return None
    if asked.attribute == "price" and _PRICE_OF_ALL.search(reading.rest):
        criteria = ("price",)
    return replace(asked, intent="list", criteria=_of_alternatives(_consistent(criteria)), resources=(), attribute=None)


def _bare(reading: Reading) -> bool:
    """Criteria and nothing else: "medium difficulty and mandatory"."""
    rest = reading.rest
    for name in reading.criteria:
        rest = lexicon.CRITERIA[name.removeprefix(NOT)].sub(" ", rest)
    return not set(re.findall(r"[a-z]+", rest)) - _LINKING


_LINKING = frozenset("and or but not in for the of difficulty hands on please".split())


def _of_alternatives(criteria: tuple[str, ...]) -> tuple[str, ...]:
    """ "An alternative on Udemy": the name is looked for in the alternatives, not in the row itself."""
    if "has-alternative" not in criteria:
        return criteria
    named = tuple(c.replace("by:", ALTERNATIVE, 1) for c in criteria if c.startswith("by:"))
    others = (c for c in criteria if c != "has-alternative" and not c.startswith("by:"))
    return (*named, *others) if named else criteria


_PRICE_OF_ALL = re.compile(
    r"^(?!.*\b(?:which|what|what's|whats|list|courses|resources|books|rows|ones|that|in|paid)\b)"
    r".*\b(?:roadmap|plan|everything|whole)\b"
)


def _consistent(criteria: tuple[str, ...]) -> tuple[str, ...]:
    """Without the words that only dress another criterion ("recommended for theory-first", "videos on YouTube")."""
    advice = {"mandatory", "not-mandatory", "optional", "theory-first", "coding-first", "very-hands-on"} & set(criteria)
    spare = {"recommended"} if advice else set[str]()
    if any("by:" in c for c in criteria):
        spare |= {"book", "video"}
    return tuple(c for c in criteria if c not in spare)


def attribute(asked: Question, reading: Reading, previous: Question | None) -> Question | None:
    if (
        not asked.attribute
        and asked.resources
        and any("by:" in c for c in asked.criteria)
        and _YES_NO.match(reading.text)
    ):
        return replace(asked, intent="attribute", attribute="author")
    if not asked.attribute:
        return None
    if not asked.resources and not asked.spans:
        ids = tuple(dict.fromkeys(i for n in reading.weak for i in n.ids))
        if ids and asked.attribute in _OF_WEAK_NAMES and not re.search(r"\b(?:was|were|did)\b", reading.rest):
            return replace(asked, intent="attribute", resources=ids)
        return _attribute_of_all(asked, reading)
    if not asked.resources and asked.attribute in ("weeks", "focus", "before", "after"):
        return None
    if not asked.resources and asked.attribute == "task" and _plans(reading):
        return None
    if asked.attribute == "focus" and not re.search(r"\bfocus|emphas|concentrat", reading.rest):
        return None
    ids = asked.resources or ids_in(asked.spans, reading.roadmap)
    return replace(asked, intent="attribute", resources=ids, also=asked.also or reading.also)


_WHOLE = re.compile(r"\b(?:roadmap|plan|program(?:me)?|curriculum|everything|all|list|which|resources|courses|weeks)\b")
_YES_NO = re.compile(r"(?:and |so |but )?(?:is|are|was|were|does|do|did)\b")
"""Whether a row is by somebody or on a platform is told by who it is by."""
_OF_WEAK_NAMES = ("recommendation", "weeks", "duration", "link")
"""What a bare "Linux" or "RAG" can be asked for; "the limits of RAG" is no question about a row."""


def _attribute_of_all(asked: Question, reading: Reading) -> Question | None:
    """An attribute of nothing in particular is answered for the whole roadmap only if the roadmap is meant."""
    meant = re.search(
        r"\b(?:roadmap|plan|program(?:me)?|curriculum|everything|all|list|resources|courses|weeks)\b", reading.rest
    )
    if asked.attribute == "hours" and meant:
        return replace(asked, intent="attribute")
    if asked.attribute == "duration" and meant:
        return replace(asked, intent="count", counted="week", attribute=None)
    if asked.attribute == "price" and meant:
        named = tuple(c for c in asked.criteria if c in ("free", "paid"))
        whole = not named or _PRICE_OF_ALL.search(reading.rest)
        return replace(asked, intent="list", criteria=("price",) if whole else named, attribute=None)
    if asked.attribute in ("alternatives", "link", "task") and meant:
        by = [p.removeprefix("by:") for p in reading.people if not p.startswith(NOT)]
        rows = [r.id for r in reading.roadmap.resources if all(_names(r, person) for person in by)]
        return replace(asked, intent="attribute", resources=tuple(rows))
    if asked.attribute == "prerequisites" and meant:
        return replace(asked, intent="list", criteria=("requires",), attribute=None)
    return None


def start(asked: Question, reading: Reading, previous: Question | None) -> Question | None:
    if len(asked.spans) == 1 and _STANDS.search(reading.text) and not asked.resources:
        return _next(asked, reading.roadmap, asked.spans[0].last)
    if asked.resources or asked.spans or reading.weak:
        return None
    today = lexicon.NOW.search(reading.rest)
    forward = re.search(r"\bnext\b|\bafter (?:that|this)\b", reading.rest)
    if forward and _plans(reading) and not today and previous is None:
        return _next(asked, reading.roadmap, reading.current)
    if (
        _plans(reading)
        and not re.search(r"\b(?:first|start\w*|begin\w*)\b", reading.rest)
        and (today or reading.current is not None)
    ):
        if reading.current is None and previous and previous.intent == "week" and previous.spans:
            return replace(at(asked, previous.spans), intent="week", attribute=None, criteria=(), follows=True)
        if reading.current is None:
            return replace(asked, intent="missing", missing="current week")
        return _from_current(asked, reading.current, reading.roadmap)
    if lexicon.START.search(reading.rest):
        first = reading.roadmap.weeks.first
        return replace(at(asked, (Weeks(first, first),)), intent="week", attribute=None, criteria=())
    return None


def overview(asked: Question, reading: Reading, previous: Question | None) -> Question | None:
    if asked.resources or asked.spans or reading.weak or not lexicon.OVERVIEW.search(reading.rest):
        return None
    if asked.attribute in (
        "author",
        "link",
        "price",
        "hours",
        "difficulty",
        "why",
        "pros",
        "cons",
        "pros-cons",
        "hands-on",
        "role",
        "recommendation",
    ):
        return None
    return replace(asked, intent="overview", attribute=None)


_HOW_TO = re.compile(r"(?:so |and |but )?how (?:do|can|could|should|would|to)\b")
"""How to go about a row is not in its cells: a note or a page may say it."""


def entity(asked: Question, reading: Reading, previous: Question | None) -> Question | None:
    if asked.resources:
        intent = "search" if _HOW_TO.match(reading.text) else "resource"
        return replace(asked, intent=intent, attribute=None)
    only = tuple(dict.fromkeys(i for n in reading.weak if n.alternative for i in n.ids))
    if only and not asked.spans and (asked.attribute == "alternatives" or not lexicon.DEFINES.match(reading.text)):
        return replace(asked, intent="resource", resources=only, attribute=None, criteria=())
    if not asked.spans:
        return None
    intent = "phase" if asked.phases and len(asked.spans) == len(asked.phases) else "week"
    return replace(asked, intent=intent, attribute=None, criteria=())


def _from_current(asked: Question, current: int, roadmap: Roadmap) -> Question:
    if current not in roadmap.weeks:
        return replace(asked, intent="missing", missing=f"week {current}")
    return replace(at(asked, (Weeks(current, current),)), intent="week", attribute=None, criteria=())


_STANDS = re.compile(r"\b(?:i'?m|i am) (?:now |currently )?(?:in|on|at) week \d+\b.*\bnext\b(?! week)")
"""Where the learner stands, and what comes then: the week is where to count from, not what is asked for."""


def _next(asked: Question, roadmap: Roadmap, current: int | None) -> Question:
    """ "What comes next?": the block after the one that the learner is in."""
    if current is None:
        return replace(asked, intent="missing", missing="current week")
    ends = [b.weeks.last for b in roadmap.blocks_of_week(current)]
    following = roadmap.blocks_of_week(max(ends) + 1) if ends else ()
    if not following:
        last = roadmap.weeks.last
        return replace(asked, intent="missing", missing=f"a week after week {last}" if ends else f"week {current}")
    note = f"What comes next after week {max(ends)}, the end of the weeks that week {current} belongs to:"
    return replace(
        at(asked, (following[0].weeks,)), intent="week", attribute=None, criteria=(), notes=(*asked.notes, note)
    )


def _plans(reading: Reading) -> bool:
    """Whether it asks what to do: "what should I do", "my task", "what's the plan", "what comes next"."""
    return bool(
        re.search(
            r"\b(?:what|which|where|how|list|tell|show|give|plan|task|schedule|agenda|to ?-?do|"
            r"program|next|now|today)\b",
            reading.rest,
        )
        and re.search(
            r"\b(?:am i|do|study|learn|work|focus|cover|plan|next|schedule|agenda|now|today|up|"
            r"task|read|watch|go|standing|stand|tackle|take|have)\b",
            reading.rest,
        )
    )


def _names(row: Resource, person: str) -> bool:
    said = (*row.authors, row.title, *(link.text for link in row.links))
    return any(person.casefold() in text.casefold() for text in said)


def name_is_author(reading: Reading, id: str) -> bool:
    """Whether a row was named only by its author ("anything by Andrew Ng"), who is a criterion of the list."""
    resource = reading.roadmap.resource(id)
    return bool(resource) and any(
        p.rpartition("by:")[2] in (resource.authors if resource else ()) for p in reading.people
    )
