"""The capabilities that the roadmap's own cells answer: rows and their columns, lists, comparisons, weeks, subjects.

Each handler turns a message as it was read into what is asked of the rows (`Question`) and hands it to the module that
tells it. Says nothing that no cell says; needs no index, no model and no learner.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answers import Answer, Choice, Part
from assistant.handling import Context, handles, notice
from assistant.language.criteria import ALTERNATIVE, NOT
from assistant.language.followup import subject_of
from assistant.language.message import Parsed
from assistant.language.parse import content_words
from assistant.language.references import points_back, siblings
from assistant.language.weeks.reader import clean
from assistant.questions import UNNAMED, Question, at, ids_in
from assistant.recommendation.progress import Progress
from assistant.recommendation.week_units import units_of_week
from assistant.roadmap_answers.citations import Sheet, linked
from assistant.roadmap_answers.exclusions import answer_others, cannot_tell
from assistant.roadmap_answers.glossary import with_meaning
from assistant.roadmap_answers.requirements import rows_requiring
from assistant.roadmap_answers.rows import answer_from_roadmap, answer_week
from assistant.roadmap_answers.tables import STYLES
from assistant.roadmap_answers.written import written
from assistant.store.errors import StoreError
from corpus.notes import Note
from corpus.roadmap import Resource, Roadmap, Weeks
from ingest.pages.sentences import sentence_spans

COLUMNS: dict[str, tuple[str, ...]] = {
    "author": ("author",),
    "cost": ("price",),
    "pros_cons": ("pros-cons", "pros", "cons", "why"),
    "alternatives": ("alternatives",),
    "difficulty": ("difficulty", "hands-on"),
    "task_outcome": ("task", "outcome"),
    "tools": ("task", "focus"),
    "prerequisites": ("prerequisites",),
    "link": ("link",),
    "purpose": ("why", "focus", "outcome"),
    "order": ("before", "after"),
}
"""Capability -> the columns that it asks for; where the message names one of them, that one alone."""

WHOLE: dict[str, tuple[str, ...]] = {
    "difficulty": ("difficulty", "hands-on"),
    "task_outcome": ("task", "outcome"),
    "tools": ("task", "focus"),
    "purpose": ("focus", "outcome"),
    "order": ("before", "after"),
}
"""What is told where no column is named."""

MOST_BUTTONS = 3
"""Rows that get a button for all their cells."""

MOST_ROWS = 6
"""Rows whose column is told at the most; a message that names more asks for something else."""


@handles(*COLUMNS)
def column(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """One column of the rows that are named, or of those of a week: "who wrote the pandas book?"."""
    if capability == "prerequisites" and (asked := rows_requiring(parsed)):
        return answer_from_roadmap(asked, context.roadmap)
    asked = _of_rows(parsed)
    few = context.memory.asked.among if context.memory.asked else ()
    if asked is None and points_back(parsed.said) and 0 < len(few) <= MOST_ROWS:
        asked = replace(parsed.asked, intent="attribute", resources=few)
    if asked is None and capability == "author" and (people := _people(parsed)):
        return answer_from_roadmap(replace(parsed.own, intent="list", criteria=people[:1]), context.roadmap)
    if asked is None:
        return _of_all(parsed, capability)
    return answer_from_roadmap(_with_columns(asked, parsed, capability), context.roadmap)


@handles("about_resource")
def about_resource(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """A row in sentences, or all its cells where these are asked for; of a person, all of theirs."""
    rows = parsed.rows or _weakly_named(parsed)
    if not rows:
        return list_filter(parsed, context, "list_filter") if parsed.reading.people else None
    asked = replace(parsed.asked, intent="resource", resources=tuple(r.id for r in rows), attribute=None, criteria=())
    if context.kind == "longer" or _WHOLE_ROW.search(parsed.said):
        return answer_from_roadmap(replace(asked, intent="row"), context.roadmap)
    if parsed.reading.attribute == "focus":
        asked = replace(asked, intent="attribute", attribute="focus")
    found = answer_from_roadmap(asked, context.roadmap)
    return replace(found, choices=_whole(rows)) if found and asked.intent == "resource" else found


def _whole(rows: Sequence[Resource]) -> tuple[Choice, ...]:
    """Buttons for all the cells of rows that were told in sentences."""
    return tuple(
        Choice("The whole row" if len(rows) == 1 else row.title, f"Show the whole row of {row.title}", "about_resource")
        for row in rows[:MOST_BUTTONS]
    )


@handles("compare")
def compare(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """Rows side by side; of one row, with those beside it."""
    ids = tuple(r.id for r in parsed.rows) or tuple(r.id for r in _weakly_named(parsed))
    ids = _nearest(parsed, ids, context.roadmap)
    if len(ids) == 1 and not parsed.referred:
        ids = siblings(ids, context.roadmap)
    if len(ids) < 2 and parsed.asked.spans:
        ids = ids_in(parsed.asked.spans, context.roadmap)
    if len(ids) < 2 and context.memory.asked:
        before = context.memory.asked
        ids = tuple(dict.fromkeys((*ids, *(before.among or before.resources))))
    if len(ids) == 1:
        ids = siblings(ids, context.roadmap)
    if len(ids) < 2:
        return None
    learns = _style(parsed, context)
    asked = replace(parsed.asked, intent="compare", resources=ids[:4], criteria=(learns,) if learns else ())
    return answer_from_roadmap(asked, context.roadmap)


def _style(parsed: Parsed, context: Context) -> str:
    """How the person learns: as the message says, else as was told before; "" where neither says."""
    named = next((style for style in STYLES if style in parsed.placed.criteria), "")
    if named:
        return named
    if hated := _HATES.search(parsed.said):
        return "theory-first" if hated[1] in ("code", "coding", "programming") else "coding-first"
    if _CODES.search(parsed.said):
        return "coding-first"
    return {"code": "coding-first", "theory": "theory-first"}.get(context.learner.prefer, "")


@handles("list_filter")
def list_filter(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """The rows with all the properties that are named; after a list, of those alone: "only the videos"."""
    if asked := rows_requiring(parsed):
        return answer_from_roadmap(asked, context.roadmap)
    criteria = _of_alternatives(_consistent(parsed.placed.criteria))
    unclear = cannot_tell(parsed, context.roadmap)
    if others := answer_others(parsed, replace(parsed.placed, criteria=criteria), context.roadmap):
        return _below(unclear, others)
    if unclear and not criteria:
        return notice(parsed, unclear, abstained=True)
    if parsed.leaves_out_nothing_known:
        return notice(parsed, _WHAT_NOT, abstained=True)
    if not criteria and (how := _DESCRIBED.match(parsed.said)):
        topic = tuple(content_words(how["how"]))
        return answer_from_roadmap(replace(parsed.own, intent="topic", topic=topic), context.roadmap)
    before = context.memory.asked
    listed = before.criteria if before and before.intent == "list" else ()
    if not criteria and parsed.own.spans and listed:  # "and in phase 4?"
        criteria = listed
    elif criteria and parsed.said.startswith(("only", "just", "and")):
        criteria = tuple(dict.fromkeys((*(c for c in listed if not _contrary(c, criteria)), *criteria)))
    criteria = criteria or _people(parsed)[:1] or LISTED.get(context.kind, ())
    if not criteria:
        return _which(parsed, "Which ones?", ("free", "mandatory", "books", "videos"), "Which resources are {}?")
    asked = replace(parsed.placed, intent="list", criteria=criteria, resources=(), attribute=None)
    answer = answer_from_roadmap(asked, context.roadmap)
    return _below(unclear, answer) if answer else None


_WHAT_NOT = "I do not understand what is to be left out. Name it, such as “everything except the books”."


def _below(unclear: str, answer: Answer) -> Answer:
    """The answer below what is said of what it could not leave out, if anything."""
    return replace(answer, parts=(Part("notice", unclear), *answer.parts)) if unclear else answer


@handles("checkpoints")
def checkpoints(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """The checkpoints, and the capstone as the last of them; of a row that is named, when it comes."""
    if parsed.rows and not parsed.referred:
        asked = replace(parsed.asked, intent="attribute", attribute="weeks", criteria=())
        return answer_from_roadmap(asked, context.roadmap)
    asked = replace(parsed.placed, intent="list", criteria=("checkpoint",), resources=(), attribute=None)
    return answer_from_roadmap(asked, context.roadmap)


@handles("extreme")
def extreme(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """The hardest, the longest, the most practical."""
    named = _MOST.search(parsed.said)
    most = _EXTREMES.get(named[0], named[0]) if named else MOST.get(context.kind, "")
    if not most:
        return _which(parsed, "Which end?", ("hardest", "easiest", "longest", "most practical"), "Which is the {} one?")
    noun = _NOUN.search(parsed.said)
    asked = replace(
        parsed.placed,
        intent="extreme",
        criteria=(most,),
        counted=noun[1] if noun else "resource",
    )
    return answer_from_roadmap(replace(asked, attribute=None, resources=()), context.roadmap)


@handles("count")
def count(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """How many there are, named one by one."""
    noun = _COUNTED.search(parsed.said)
    what = {"classes": "resource", "things": "resource"}.get(noun[1], noun[1].removesuffix("s")) if noun else "resource"
    left = bool(_LEFT.search(parsed.said)) and bool(parsed.placed.spans)
    asked = replace(parsed.placed, intent="count", counted="left" if left else what, attribute=None, resources=())
    return answer_from_roadmap(asked, context.roadmap)


@handles("find_topic")
def find_topic(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """Where a subject is: the rows whose cells hold it, or the weeks of a row that is named."""
    if parsed.words_ruled_out or parsed.rows_ruled_out:
        return list_filter(parsed, context, "list_filter") if parsed.asks_for_the_others else None
    topic = parsed.topic or _subject_before(context)
    if parsed.rows and not parsed.topic and not (parsed.referred and topic):
        asked = replace(parsed.placed, intent="attribute", attribute="weeks", criteria=())
        return answer_from_roadmap(asked, context.roadmap)
    if not topic:
        return week_content(parsed, context, capability) if parsed.asked.spans else None
    kinds = tuple(c for c in parsed.placed.criteria if c.removeprefix(NOT) in _KINDS)
    asked = replace(parsed.placed, intent="topic", topic=topic[:8], criteria=kinds, attribute=None)
    found = answer_from_roadmap(asked, context.roadmap)
    return with_meaning(asked, found) if found else None


@handles("week_content")
def week_content(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """What is in the weeks or phases that are named; of a person's own week, where it is known."""
    asked = parsed.asked
    if asked.missing and not asked.spans:
        return answer_from_roadmap(replace(asked, intent="missing"), context.roadmap)
    if asked.spans and parsed.leaves_rows_out:
        return list_filter(parsed, context, "list_filter")
    if not asked.spans and context.week is not None:
        asked = at(asked, (Weeks(context.week, context.week),))
    if not asked.spans:
        if parsed.reading.place.unclear:
            return answer_from_roadmap(replace(asked, intent="missing", missing="current week"), context.roadmap)
        return None
    phases = bool(asked.phases) and len(asked.spans) == len(asked.phases)
    intent = "phase" if phases else "week"
    asked = replace(asked, intent=intent, resources=ids_in(asked.spans, context.roadmap), attribute=None, criteria=())
    if intent == "week" and len(asked.spans) == 1 and len(asked.spans[0]) == 1:
        units = units_of_week(
            context.roadmap, context.notes, asked.spans[0].first, _progress(context, asked.spans[0].first)
        )
        return answer_week(asked, context.roadmap, units)
    return answer_from_roadmap(asked, context.roadmap)


def _progress(context: Context, week: int) -> Progress | None:
    """What is marked, where that chooses between two resources of the week; a week is told without it, too."""
    roles = {row.role for row in context.roadmap.resources_of_week(week)}
    if "alternative" not in roles or not context.companion.keeps_anything:
        return None
    try:
        return context.companion.progress(context.person)
    except StoreError:
        return None


@handles("certificate")
def certificate(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """What our notes say of a row's certificate; without a row that is named, of all that they say something of."""
    sheet, rows = Sheet(written(context.roadmap)), [row.id for row in parsed.rows_of_place]
    about = [row for row in sheet.roadmap.resources if not rows or row.id in rows]
    said = [(row, _on_certificates(context.notes.note(row.id))) for row in about]
    lines = [f"- {linked(row)}: {words} {sheet.note(row, words)}" for row, words in said if words]
    if lines:
        ids = [row.id for row, words in said if words]
        return sheet.answer(parsed.text, [Part("note", "\n".join(lines))], resources=ids)
    every = Choice("Which ones do?", "Which resources give a certificate?", capability)
    return notice(parsed, "Neither the roadmap nor our notes speak of a certificate there.", choices=(every,))


@handles("overview")
def overview(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """The whole roadmap."""
    return answer_from_roadmap(replace(parsed.placed, intent="overview", attribute=None), context.roadmap)


def _on_certificates(note: Note | None) -> str:
    """The sentence of a note that speaks of certificates, or ""."""
    texts = (note.cost_detail, " ".join(note.body.split())) if note else ()
    pieces = (text[start:end].strip() for text in texts for start, end in sentence_spans(text))
    return next((piece for piece in pieces if re.search(r"\bcertificates?\b", piece, re.IGNORECASE)), "")


LISTED: dict[str, tuple[str, ...]] = {
    "free": ("free",),
    "paid": ("paid",),
    "mandatory": ("mandatory",),
    "optional": ("not-mandatory",),
    "book": ("book",),
    "video": ("video",),
    "hands-on": ("hands-on",),
    "easy": ("easy",),
    "hard": ("high",),
    "theory": ("theory-first",),
    "code": ("coding-first",),
}
"""Kind of a list, as the examples tell it -> its criteria."""

MOST = {
    "hardest": "hardest",
    "easiest": "easiest",
    "longest": "longest",
    "shortest": "shortest",
    "practical": "most practical",
    "theoretical": "least practical",
}
"""Kind of an extreme, as the examples tell it -> what is looked for."""


def _which(parsed: Parsed, text: str, named: tuple[str, ...], wording: str) -> Answer:
    """The question which of some things is meant, with a button for each."""
    return notice(parsed, text, choices=tuple(Choice(name.capitalize(), wording.format(name)) for name in named))


# --- what is asked of which rows --------------------------------------------------------------------------------------


def _of_rows(parsed: Parsed) -> Question | None:
    """The message, asked of the rows that are named, else of those of the weeks; None where it names neither."""
    rows = parsed.rows or (() if parsed.asked.spans else _weakly_named(parsed)) or parsed.rows_of_place
    if not rows or (len(rows) > MOST_ROWS and not parsed.asked.spans):
        return None
    return replace(parsed.asked, intent="attribute", resources=tuple(r.id for r in rows))


def _weakly_named(parsed: Parsed) -> tuple[Resource, ...]:
    """Rows that only an alternative of theirs, or a platform, names."""
    ids = dict.fromkeys(i for n in parsed.reading.weak for i in n.ids)
    return tuple(row for id in ids if (row := parsed.roadmap.resource(id)))


def _people(parsed: Parsed) -> tuple[str, ...]:
    """The authors and platforms that are named, be it by their surname alone, as criteria of a list."""
    if parsed.reading.people:
        return parsed.reading.people
    said = set(content_words(parsed.said))
    known = dict.fromkeys(author for row in parsed.roadmap.resources for author in row.authors)
    return tuple(
        f"by:{name}" for name in known if content_words(clean(name))[-1:] and content_words(clean(name))[-1] in said
    )


def _with_columns(asked: Question, parsed: Parsed, capability: str) -> Question:
    named = parsed.reading.attribute
    if named in COLUMNS[capability]:
        return replace(asked, attribute=named, also=parsed.reading.also)
    first, *others = WHOLE.get(capability, COLUMNS[capability][:1])
    return replace(asked, attribute=first, also=(*others, *parsed.reading.also))


def _of_all(parsed: Parsed, capability: str) -> Answer | None:
    """A column of the whole roadmap, where that can be told: prices, requirements, what comes first."""
    asked = replace(parsed.own, attribute=None, resources=())
    if points_back(parsed.said) and not parsed.topic:
        return answer_from_roadmap(replace(asked, intent="missing", missing=UNNAMED), parsed.roadmap)
    if capability == "cost":
        named = tuple(c for c in asked.criteria if c in ("free", "paid"))
        return answer_from_roadmap(replace(asked, intent="list", criteria=named or ("price",)), parsed.roadmap)
    denied = f"{NOT}requires" in asked.criteria  # "what can I take without prerequisites?" is of no subject
    if capability == "prerequisites" and (denied or not parsed.topic):
        criteria = (f"{NOT}requires",) if denied else ("requires",)
        return answer_from_roadmap(replace(asked, intent="list", criteria=criteria), parsed.roadmap)
    if capability == "order" and not parsed.topic:
        return answer_from_roadmap(replace(asked, intent="overview"), parsed.roadmap)
    if capability in ("alternatives", "link", "task_outcome") and not parsed.topic:
        every = tuple(r.id for r in parsed.roadmap.resources)
        column = replace(asked, intent="attribute", resources=every, attribute=COLUMNS[capability][0])
        return answer_from_roadmap(column, parsed.roadmap)
    return None


def _subject_before(context: Context) -> tuple[str, ...]:
    """The subject of the question before, where that was one for the pages: "where would I learn that?"."""
    before = context.memory.asked
    return tuple(subject_of(context.memory.said)) if before and before.intent in ("search", "topic") else ()


def _nearest(parsed: Parsed, ids: tuple[str, ...], roadmap: Roadmap) -> tuple[str, ...]:
    """An ambiguous name means the row beside the other one, if there is one ("fast.ai or the Coursera one")."""
    names = [*parsed.reading.names, *parsed.reading.weak]
    sure = {n.ids[0] for n in names if len(n.ids) == 1}
    vague = {id for n in names if len(n.ids) > 1 for id in n.ids} - sure
    beside = {r.id for b in roadmap.blocks for r in b.resources if sure & {s.id for s in b.resources}}
    near = vague & beside
    return tuple(id for id in ids if id not in vague or id in near) if near else ids


_DESCRIBED = re.compile(
    r"(?:which|what) (?:resources|courses|books|rows|trainings|classes|ones) (?:are|can be|might be|may be) (?P<how>.+)"
)
"""Asks for rows by what their pros and cons say of them ("time-consuming")."""


def _of_alternatives(criteria: tuple[str, ...]) -> tuple[str, ...]:
    """ "An alternative on Udemy": the name is looked for in the alternatives, not in the row itself."""
    named = tuple(c.replace("by:", ALTERNATIVE, 1) for c in criteria if c.startswith("by:"))
    if "has-alternative" not in criteria or not named:
        return criteria
    return (*named, *(c for c in criteria if c != "has-alternative" and not c.startswith("by:")))


def _consistent(criteria: tuple[str, ...]) -> tuple[str, ...]:
    """Without the words that only dress another criterion ("recommended for theory-first", "videos on YouTube")."""
    advice = {"mandatory", "not-mandatory", "optional", "theory-first", "coding-first", "very-hands-on"} & set(criteria)
    spare = {"recommended"} if advice else set[str]()
    if any(c.startswith("by:") for c in criteria):
        spare |= {"book", "video"}
    return tuple(c for c in criteria if c not in spare)


def _contrary(criterion: str, others: tuple[str, ...]) -> bool:
    """Whether a list of before gives way: "and paid?" after the free ones."""
    return any({criterion, other} == pair for other in others for pair in _PAIRS)


_PAIRS = (
    {"free", "paid"},
    {"mandatory", "not-mandatory"},
    {"mandatory", "optional"},
    {"easy", "high"},
    {"book", "video"},
)
_KINDS = ("free", "paid", "mandatory", "optional", "book", "video", "very-hands-on", "easy")
_EXTREMES = {"trickiest": "hardest", "most difficult": "hardest", "heaviest": "hardest", "gentlest": "easiest"}
_MOST = re.compile(
    r"\b(?:longest|shortest|hardest|easiest|toughest|simplest|biggest|smallest|trickiest|heaviest|gentlest|"
    r"most (?:difficult|hands ?-? ?on|practical|challenging|time|coding|resources|rows|courses)|"
    r"least (?:difficult|hands ?-? ?on|practical|coding|resources|rows|courses)|fewest (?:resources|rows|courses))\b"
)
_HATES = re.compile(
    r"\b(?:hate|can't stand|cannot stand|dislike|don't like|bore[sd]?|afraid of|scared of|no good at|bad at)\b.{0,20}"
    r"\b(maths?|theory|theoretical|slides|lectures?|proofs?|formulas?|reading|code|coding|programming)\b"
)
_CODES = re.compile(r"\b(?:i code|i'm a coder|by doing|hands ?-?on|developer|programmer|engineer)\b")
_WHOLE_ROW = re.compile(r"\bwhole row\b")
_NOUN = re.compile(r"\b(phase|block|resource|course|book|week|project|checkpoint)s?\b")
_COUNTED = re.compile(
    r"\b(weeks?|phases?|blocks?|resources?|courses?|books?|rows?|checkpoints?|projects?|videos?|classes|things)\b"
)
_LEFT = re.compile(r"\b(?:left|remain\w*|to go|ahead)\b")
