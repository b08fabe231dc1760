"""Rules for a subject, a comparison and a follow-up: whether the roadmap or the pages are asked. Pure.

Each rule takes the question as far as it is known, the reading and the question before, and returns the finished
question, or None where it does not fit. The border between roadmap and pages runs through `subject_elsewhere`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from assistant.language import lexicon
from assistant.language.criteria import NOT
from assistant.language.followup import follow_up, given, siblings
from assistant.language.parse import Reading, content_words, words_of_row
from assistant.language.resource_linker import Name
from assistant.language.week_reader import clean
from assistant.questions import Question, at, ids_in, titles
from corpus.glossary import entry_of
from corpus.roadmap import Roadmap


def missing_place(asked: Question, reading: Reading, previous: Question | None) -> Question | None:
    if asked.spans:
        return None
    if reading.place.missing:
        return replace(asked, intent="missing", missing=", ".join(dict.fromkeys(reading.place.missing)))
    if reading.place.unclear and not reading.residue and not asked.resources:
        return replace(asked, intent="missing", missing="current week")
    return None


_USES = re.compile(
    r"\b(?:why|when|where|how)\b.*\b(?:use[ds]?|useful|need(?:ed)?|works?|helps?|helpful|matters?|apply|applied|important)\b"
)


_MEANS = re.compile(r"(?:what(?:'s| is| are)|explain|define|describe|tell me about) (?:an? )?·+[ ?.!]*")
"""Asks what a name means, and nothing else of it; names are blanked out."""
_OF_ANY = re.compile(
    r"(?:what are|list|name|tell me|explain) (?:all )?(?:the )?(?:\w+ )?"
    r"(?:steps|stages|parts|components|elements|phases) (?:of|in) an? "
)


def term_in_use(asked: Question, reading: Reading, previous: Question | None) -> Question | None:
    """ "What is machine learning?", "When should I use RAG?", "What are the steps of a machine learning project?": a
    term of the field that names a row as well is asked for itself."""
    if _OF_ANY.match(reading.text) and not asked.spans:
        return replace(asked, intent="search", resources=(), attribute=None, criteria=())
    terms = [" ".join(_written(reading, name)) for name in (*reading.names, *reading.weak)]
    used = _USES.search(reading.text) or _MEANS.fullmatch(reading.rest)
    if not terms or asked.spans or not used or not all(entry_of(term) for term in terms):
        return None
    return replace(asked, intent="search", resources=(), attribute=None, criteria=())


def subject_in_rows(asked: Question, reading: Reading, previous: Question | None) -> Question | None:
    subject = reading.subject if len(reading.subject) <= 8 else ()
    if len(subject) <= 3:  # a long one holds enough to be found by; in a short one a slip ("lern") hides the rest
        subject = tuple(word for word in subject if word in reading.residue) or subject
    weak = tuple(w for n in reading.weak for w in _written(reading, n))
    subject = tuple(dict.fromkeys(subject or weak))
    described = _DESCRIBED.match(reading.rest) if not (subject or asked.attribute or asked.criteria) else None
    if described:
        return replace(asked, intent="topic", topic=tuple(content_words(described["how"])))
    shaped = any(p.search(reading.rest) for p in lexicon.TOPIC)
    if asked.resources and asked.attribute not in (None, "weeks", "focus"):
        return None
    inside = bool(asked.resources) and bool(re.match(r"(?:does|do|will|is|are|can)\b", reading.text))
    inside = inside or (bool(asked.spans) and bool(_HELD.match(reading.text)))
    if not subject or (not reading.residue and not weak) or not (shaped or inside):
        return None
    by = [c for c in asked.criteria if "by:" in c]
    if by and _covered_by(subject, by):
        return None
    kinds = tuple(
        c
        for c in asked.criteria
        if c.removeprefix(NOT) in ("free", "paid", "mandatory", "optional", "book", "video", "very-hands-on", "easy")
    )
    return replace(asked, intent="topic", topic=subject, criteria=kinds, attribute=None)


_HELD = re.compile(
    r"(?:does|do|will|is|are)\b.* (?:includes?|covers?|contains?|teach(?:es)?|mentions?|introduces?|part of)\b"
)
"""Asks whether a place holds a subject ("does phase 1 include SQL?")."""
_DESCRIBED = re.compile(
    r"(?:which|what) (?:resources|courses|books|rows|trainings|classes|ones) (?:are|can be|might be|may be) (?P<how>.+)"
)
"""Asks for rows by what their pros and cons say of them ("time-consuming")."""


def described_row(asked: Question, reading: Reading, previous: Question | None) -> Question | None:
    """ "Instead of the SQL pipeline and dashboard": words that stand together in one title alone name its row."""
    words = set(reading.residue)
    if asked.resources or asked.spans or not asked.attribute or len(words) < 2 or lexicon.DEFINES.match(reading.text):
        return None
    rows = [r.id for r in reading.roadmap.resources if words <= set(content_words(clean(r.title)))]
    return replace(asked, intent="attribute", resources=tuple(rows), criteria=()) if len(rows) == 1 else None


def offered_beside(asked: Question, reading: Reading, previous: Question | None) -> Question | None:
    """ "What is the OpenAI Cookbook?": an alternative that is no term of the field is told by the row that names it."""
    named = [n for n in reading.weak if n.alternative]
    if not named or asked.resources or asked.spans or asked.attribute or not lexicon.DEFINES.match(reading.text):
        return None
    words = {w for n in named for w in _written(reading, n)}
    if set(reading.residue) - words or any(entry_of(" ".join(_written(reading, n))) for n in named):
        return None
    ids = tuple(dict.fromkeys(i for n in named for i in n.ids))
    return replace(asked, intent="resource", resources=ids, criteria=())


def subject_elsewhere(asked: Question, reading: Reading, previous: Question | None) -> Question | None:
    left = set(reading.residue)
    if asked.resources and asked.attribute is None and re.search(r"\bhow many (?!weeks|phases)", reading.rest):
        return replace(asked, intent="search", criteria=())
    if not left or asked.intent == "list":
        return None
    if previous and not (asked.resources or asked.spans):
        left -= given(previous.resources or previous.among, reading)
    left -= _words(c.rpartition("by:")[2] for c in asked.criteria if "by:" in c)
    defines = lexicon.DEFINES.match(reading.text)
    rows = [
        r for r in reading.roadmap.resources if r.id in asked.resources or any(r.weeks.overlaps(s) for s in asked.spans)
    ]
    by_week = asked.spans and not asked.resources and not asked.phases
    if not defines and (by_week or asked.attribute):
        left -= {w for r in rows for w in words_of_row(r)}
    weak = {w for n in reading.weak for w in _written(reading, n)}
    if not defines:
        left -= {w for n in reading.weak if set(n.ids) <= set(asked.resources) for w in _written(reading, n)}
    if _compares(reading) or (not asked.resources and asked.attribute):
        left -= weak
    if any(n.alternative for n in reading.weak) and (not defines or asked.attribute == "alternatives"):
        left -= weak
    if not left:
        return None
    other = _OTHER_KIND.match(reading.rest)
    named = () if other and set(content_words(other["kind"])) <= left else asked.resources
    return replace(asked, intent="search", resources=named, attribute=None, criteria=())


_OTHER_KIND = re.compile(
    r"(?:what(?:'s| is| are)|explain|define|describe) (?:an?|the)? ?(?P<kind>[\w-]+(?: [\w-]+)?) ·+[ ?.!]*$"
)
"""Asks for a kind of what shares its name with a row: a "recurrent neural network" is not the course on neural
networks."""
_ROLES = {"preferred", "alternative", "supplemental"}


def comparison(asked: Question, reading: Reading, previous: Question | None) -> Question | None:
    names = [n for n in (*reading.names, *reading.weak) if not n.alternative]
    groups = list(dict.fromkeys(n.ids for n in sorted(names, key=lambda n: n.start)))
    strict = re.search(r"\b(?:or|vs|versus|compar\w+|differ\w*|better|between|rather than|over)\b", reading.rest)
    if strict and not groups and asked.spans and len(_ROLES & set(asked.criteria)) > 1:
        inside = ids_in(asked.spans, reading.roadmap)
        ids = tuple(r.id for r in reading.roadmap.resources if r.id in inside and r.role in asked.criteria)
        return replace(asked, intent="compare", resources=ids, attribute=None, criteria=()) if len(ids) > 1 else None
    if len(groups) < 2 or not strict or asked.attribute in ("author", "link", "weeks", "price", "alternatives"):
        return None
    if not any(n.strong for n in names):
        return None
    ids = _nearest(groups, reading.roadmap)
    return replace(asked, intent="compare", resources=ids, attribute=None, criteria=()) if len(ids) > 1 else None


_CHOICE = re.compile(
    r"\b(?:better|compar\w+|differ\w*|versus|vs|which (?:one|of (?:them|these|those|the two)|is|should|do|would))\b"
)
"""A choice among what was talked about."""
_COMPARATIVE = re.compile(r"\b(?:better|easier|harder|tougher|more|less|longer|shorter)\b")

_OF_A_SUBJECT = (None, "why", "pros", "cons", "pros-cons", "difficulty", "focus", "hands-on")
"""Attributes that, after a question to the pages, are asked of its subject and not of the rows that its pages
belong to; None asks for a row itself, which needs a row that was named."""


def followed(asked: Question, reading: Reading, previous: Question | None) -> Question | None:
    if not previous or asked.spans or asked.resources:
        return None
    group = previous.resources if len(previous.resources) > 1 else previous.among
    plain = not reading.residue and (not asked.criteria or _COMPARATIVE.search(reading.rest))
    if 2 <= len(group) <= 4 and plain and _CHOICE.search(reading.rest):
        return replace(at(asked, previous.spans), intent="compare", resources=group, attribute=None, follows=True)
    of_rows = bool(previous.about) and previous.about == titles(previous.resources, reading.roadmap)
    if previous.intent == "search" and not of_rows and asked.attribute in _OF_A_SUBJECT:
        return None
    phase = previous.phase if previous.intent == "phase" else None
    step = follow_up(reading, previous.spans, previous.resources, phase, group)
    if not step:
        return None
    if step.missing:
        return replace(asked, intent="missing", missing=step.missing, follows=True)
    if step.spans and not step.ids:
        return replace(at(asked, step.spans), intent="week", attribute=None, criteria=(), follows=True)
    if step.phase is not None:
        phase = reading.roadmap.phase(step.phase)
        spans = (phase.weeks,) if phase else ()
        return replace(at(asked, spans), intent="phase", phase=step.phase, phases=(step.phase,), follows=True)
    attribute = step.attribute or (previous.attribute if step.again else None)
    whole = bool(previous.spans) and step.ids == previous.resources
    kept = at(asked, previous.spans) if whole else asked
    intent = "attribute" if attribute else "resource"
    return replace(kept, intent=intent, resources=step.ids, attribute=attribute, criteria=(), follows=True, among=group)


def _written(reading: Reading, name: Name) -> list[str]:
    return re.findall(r"\w+", reading.text[name.start : name.end])


def _compares(reading: Reading) -> bool:
    return len(reading.names) + len(reading.weak) > 1 and bool(lexicon.COMPARE.search(reading.rest))


def _nearest(groups: list[tuple[str, ...]], roadmap: Roadmap) -> tuple[str, ...]:
    """Rows to compare: an ambiguous name means the row beside the other one, if there is one."""
    sure = [g[0] for g in groups if len(g) == 1]
    beside = {s for i in sure for s in siblings((i,), roadmap)}
    ids: list[str] = []
    for group in groups:
        near = [i for i in group if i in beside and i not in sure]
        ids += [i for i in (near or group) if i not in ids]
    return tuple(ids)


def _words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in re.findall(r"\w+", text.casefold())}


def _covered_by(subject: tuple[str, ...], by: list[str]) -> bool:
    return set(subject) <= _words([c.rpartition("by:")[2] for c in by])
