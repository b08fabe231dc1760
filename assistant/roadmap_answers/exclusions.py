"""What a list leaves out: the rows of weeks, names and subjects that are ruled out, and the weeks without any. Pure.

"Which courses do not use PyTorch?" asks for the rows that no cell of theirs names PyTorch in; "which weeks have no
checkpoint?" for weeks. A subject that no row names tells no rows apart: the answer says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.answers import Answer, Part
from assistant.language.criteria import NOT, cues_in, stated_criteria
from assistant.language.message import Parsed
from assistant.language.names.description import described
from assistant.language.parse import content_words
from assistant.language.weeks.reader import clean
from assistant.questions import Question, ids_in
from assistant.recommendation.reasons import listed
from assistant.roadmap_answers.citations import Sheet, hull, short_title
from assistant.roadmap_answers.listing import answer_list, find_topic, scope, where
from assistant.roadmap_answers.predicates import in_words, proof
from assistant.roadmap_answers.written import written
from assistant.text.markdown import escaped
from corpus.roadmap import Block, Phase, Resource, Roadmap, Weeks

_COLUMNS: tuple[tuple[str, str, Callable[[Resource], object]], ...] = (
    (r"cons?|disadvantages?|downsides?|drawbacks?|weakness(?:es)?", "without a cell of cons", lambda r: r.cons),
    (r"pros?|advantages?|upsides?|strengths?|benefits?", "without a cell of pros", lambda r: r.pros),
    (r"authors?|teachers?|instructors?|platforms?", "without an author or platform", lambda r: r.authors),
    (r"links?|urls?|websites?", "without a link", lambda r: r.links),
    (r"alternatives?", "without an alternative", lambda r: r.alternatives),
    (r"prices?", "without a word on the price", lambda r: proof(r, "price")),
    (r"outcomes?|results?", "without an outcome", lambda r: r.outcome),
    (r"focus", "without a focus", lambda r: r.focus),
    (r"recommendations?", "without a recommendation", lambda r: r.recommendation),
)
"""What a column is called -> in words that rows lack it, and its cell."""


@dataclass(frozen=True, slots=True)
class _Ruled:
    """What the words that are ruled out come to: rows that are left out, how the others are described, and the words
    that no cell speaks of."""

    ids: tuple[str, ...] = ()
    described: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()


_COURSES = ("course", "courses", "class", "classes")


def leaves_out(parsed: Parsed, asked: Question, roadmap: Roadmap) -> Question | None:
    """The question without the rows that are ruled out; None where nothing but criteria rules out any."""
    ids: list[str] = []
    words: list[str] = []
    if parsed.reading.place_is_ruled_out:
        ids += ids_in(asked.spans, roadmap)
        words.append(f"not{where(asked)}")
        asked = replace(asked, spans=(), weeks=None, phases=(), phase=None)
    if out := parsed.rows_ruled_out:
        ids += out
        words.append(_other_than(out, roadmap))
    ruled = _ruled(parsed, roadmap)
    ids += ruled.ids
    words += ruled.described
    if words and (wanted := _wanted(parsed, roadmap)):
        ids += wanted[0]
        words.append(wanted[1])
    if not words:
        return None
    return replace(asked, without=tuple(dict.fromkeys(ids)), barred=tuple(words))


def _other_than(ids: Sequence[str], roadmap: Roadmap) -> str:
    return f"other than {listed(short_title(r) for r in roadmap.resources if r.id in ids)}"


def _wanted(parsed: Parsed, roadmap: Roadmap) -> tuple[Sequence[str], str] | None:
    """Ids of the rows that do not hold the subject which the others are to teach, and how those are described."""
    named = [parsed.said[start:end] for start, end in parsed.named_at]
    spent = content_words(" ".join((*named, *parsed.words_ruled_out)))
    topic = tuple(word for word in parsed.topic if word not in spent)
    holding = {hit.row.id for hit in find_topic(Question("", topic=topic), roadmap)}
    if not topic or not holding:
        return None
    return [r.id for r in roadmap.resources if r.id not in holding], f"whose cells name “{' '.join(topic)}”"


def answer_others(parsed: Parsed, asked: Question, roadmap: Roadmap) -> Answer | None:
    """The weeks or rows that are left; None where nothing is ruled out that the roadmap knows."""
    roadmap = written(roadmap)
    out = leaves_out(parsed, asked, roadmap)
    if out is None and not parsed.criteria_ruled_out:
        return None
    question = replace(out or asked, intent="list", resources=(), attribute=None)
    if noun := _PLACES.match(parsed.reading.written):
        stated = (*stated_criteria(parsed.reading.rest), *parsed.reading.people)
        return _places(replace(question, criteria=stated), noun[1], roadmap)
    answer = answer_list(question, roadmap)
    return replace(answer, asked=question)


def cannot_tell(parsed: Parsed, roadmap: Roadmap) -> str:
    """What to say of what is ruled out and no row names: no list can be without it."""
    unclear = _ruled(parsed, roadmap).unclear
    if not unclear:
        return ""
    if all(part in _COURSES for part in unclear):
        return "The roadmap does not mark which of its rows are courses, so these cannot be left out."
    words = " or ".join(f"“{_as_written(part, parsed.text)}”" for part in unclear)
    return f"No cell of the roadmap speaks of {words}, so which rows are without it cannot be told from it."


def _ruled(parsed: Parsed, roadmap: Roadmap) -> _Ruled:
    """What each of the words that are ruled out leaves out; criteria and authors rule out rows by themselves."""
    ids: list[str] = []
    said: list[str] = []
    subjects: list[str] = []
    unclear: list[str] = []
    for part in (part for part in parsed.words_ruled_out if not _is_known(part, parsed)):
        if part in _COURSES:
            unclear.append(part)
            continue
        column = next((c for c in _COLUMNS if re.fullmatch(c[0], part)), None)
        hits = find_topic(Question("", topic=tuple(content_words(part))), roadmap)
        rows = [match.ids[0] for match in described(part, roadmap) if len(match.ids) == 1]
        if column:
            ids += [r.id for r in roadmap.resources if column[2](r)]
            said.append(column[1])
        elif hits:
            ids += [hit.row.id for hit in hits]
            subjects.append(f"“{_as_written(part, parsed.text)}”")
        elif rows:
            ids += rows
            said.append(_other_than(rows, roadmap))
        else:
            unclear.append(part)
    if subjects:
        said.append(f"whose cells do not name {' or '.join(subjects)}")
    return _Ruled(tuple(ids), tuple(said), tuple(unclear))


def _is_known(words: str, parsed: Parsed) -> bool:
    """Whether words are a criterion, or an author or platform, which rule out rows by themselves, or say nothing."""
    people = [clean(name.removeprefix(NOT).removeprefix("by:")) for name in parsed.reading.people]
    named = any(name in words or words in name for name in people)
    told = any(words in cue for cue in cues_in(parsed.reading.written))
    return not content_words(words) or bool(stated_criteria(words)) or named or told


def _as_written(words: str, text: str) -> str:
    found = re.search(re.escape(words), text, re.IGNORECASE)
    return escaped(found[0] if found else words)


_PLACES = re.compile(
    r"(?:(?:which|what|in|are|is|there|any|a|an|one|how many|list|show|name|the|of|all) )*(week|phase|block)s?\b"
)


def _places(question: Question, noun: str, roadmap: Roadmap) -> Answer:
    """The weeks, blocks or phases none of whose rows is what is ruled out, and one of whose rows is what is wanted."""
    sheet = Sheet(roadmap)
    source = sheet.title()
    rows = scope(question, roadmap)
    places = [place for place in _all(noun, roadmap) if _may_be(place, question)]
    left = [place for place in places if _fits([r for r in rows if r.weeks.overlaps(_weeks(place))], question)]
    words = listed(_of_place(c) for c in (*question.criteria, *question.barred))
    lines = _in_runs(left) if noun == "week" else [_line(place, sheet) for place in left]
    head = f"{noun.capitalize()}s{where(question)} {words}: {len(left) or 'none'}"
    text = f"{head}{f' of {len(places)}' if left else ''}. {source}"
    text += "".join(f"\n\n{line}" if noun == "week" else f"\n- {line}" for line in lines)
    return sheet.answer(
        question.text,
        [Part("roadmap", text.replace("\n- ", "\n\n- ", 1))],
        weeks=hull(_weeks(place) for place in left),
        understood=question.understood,
    )


Place = Weeks | Block | Phase


def _all(noun: str, roadmap: Roadmap) -> list[Place]:
    if noun == "week":
        return [Weeks(week, week) for week in range(roadmap.weeks.first, roadmap.weeks.last + 1)]
    return list(roadmap.phases if noun == "phase" else roadmap.blocks)


def _weeks(place: Place) -> Weeks:
    return place if isinstance(place, Weeks) else place.weeks


def _may_be(place: Place, question: Question) -> bool:
    return not question.spans or any(_weeks(place).overlaps(span) for span in question.spans)


def _fits(rows: Sequence[Resource], question: Question) -> bool:
    out = [c.removeprefix(NOT) for c in question.criteria if c.startswith(NOT)]
    wanted = [c for c in question.criteria if not c.startswith(NOT)]
    barred = any(row.id in question.without or any(proof(row, c) for c in out) for row in rows)
    return not barred and all(any(proof(row, c) for row in rows) for c in wanted)


_OF_A_PLACE = (
    ("whose cells do not name", "with no rows that name"),
    ("whose cells name", "with rows that name"),
    ("other than", "without"),
    ("not ", "not "),
)


def _of_place(criterion: str) -> str:
    """A criterion, or what is barred, as words that follow "weeks"."""
    if criterion.startswith(NOT):
        return f"with no rows {in_words(criterion.removeprefix(NOT))}"
    for lead, instead in _OF_A_PLACE:
        if criterion.startswith(lead):
            return criterion.replace(lead, instead, 1)
    return criterion if criterion.startswith("without") else f"with rows {in_words(criterion)}"


def _in_runs(weeks: Sequence[Place]) -> list[str]:
    """ "Weeks 0–5, 7–19, 21–47" in one line."""
    numbers = [_weeks(week).first for week in weeks]
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
    return [f"Week{'s' if len(numbers) > 1 else ''} {said}."] if runs else []


def _line(place: Place, sheet: Sheet) -> str:
    if isinstance(place, Phase):
        return f"Phase {place.number} — {place.title} ({place.weeks}) {sheet.phase(place)}"
    assert isinstance(place, Block)  # noqa: S101 -- weeks are told in runs
    return f"{place.title} ({place.weeks}) {sheet.block(place)}"
