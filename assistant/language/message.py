"""A message, read once: the things that it names, and what is left of it. `read_message(text, ...)` -> `Parsed`.

One reader for questions and for what is told alike: weeks, rows, people, criteria, days, amounts, parts of a resource.
What a message wishes is not read here: that is the router's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from assistant.language import durations
from assistant.language.amounts import find_money
from assistant.language.criteria import NOT, stated_criteria
from assistant.language.dates import (
    find_day,
    find_impossible,
    find_length,
    find_range,
    find_reversed,
    find_stretch,
)
from assistant.language.masking import Masked, Thing, mask
from assistant.language.names.description import STOP, described
from assistant.language.names.linker import Name
from assistant.language.names.plain_words import CUE_WORDS, FORMATS, PLAIN
from assistant.language.names.tagger import Mark, Tag, Tagged, learned
from assistant.language.negation import is_ruled_out, leaves_something_out, objects_ruled_out
from assistant.language.parse import Reading, content_words, take_apart
from assistant.language.references import points_back, refer
from assistant.language.unit_reader import Numbered, find_numbered
from assistant.language.unit_titles import find_unit
from assistant.questions import Question, around, ids_in
from corpus.glossary import entry_of
from corpus.roadmap import Resource, Roadmap

_POLITE = re.compile(r"(?:(?:hi|hey|hello|ok|so|and)[ ,]+)?(?:can|could|would|will) (?:you|u|we)\b|please\b")
_ASKS = re.compile(
    r"(?:(?:so|and|but|ok|well|hey|hi|um)[ ,]++)*+(?:what|how|can i|could i|should|shall|is|are|am i|do i|does|did|"
    r"when|why|which|who|where|will i|would|may i|must|was (?:that|it|this|i)|were|have i)\b"
)
_LEADS = ("and", "what about", "how about", "what of", "same for", "or ", "ok and", "the ")
_STANDING = frozenset(
    "and what about how of same for or ok then the a an other one ones second first third last former latter in course "
    "week nine phase two professor smith after before next that it this".split()
)
"""The words of a message that only points at something."""

_OF_A_SET = re.compile(
    r"(?:(?:so|and|but|ok|hi|hey|please|in|for|from|on|can you|could you),? )*"
    r"(?:(?:which|what|list|show(?: me)?|name|give me|find(?: me)?|tell me|how many|(?:is|are) there|do|does|any|all|"
    r"every|the|of|other|a|an|free|paid|mandatory|optional|recommended|hands-on|easy|hard|\w+-?(?:free|less)|non-\w+)"
    r"\b,? ?|·++,? ?)*"
    r"(?:(?:resources?|courses?|books?|videos?|classes|rows?|trainings?|specializations|ones|things?|stuff|materials?|"
    r"projects?|anything|everything|something|weeks?|phases?|blocks?|checkpoints?)\b|"
    r"what(?:'s| else)? (?:(?:is|are|has|have|does|do)(?:n't)?|comes?|needs?|costs?|uses?)\b(?! (?:i|we|you)\b)|"
    r"what's\b|"
    r"what (?:do|can|could|should) (?:i|we) (?:have|read|watch|do)\b|"
    r"who (?:else )?(?:besides|except|apart from|aside from|other than)\b|"
    r"(?:no|not|without) .*\bwhat(?:'s| is| are| else| do)\b|"
    r"(?:besides|except|apart from|aside from|other than|excluding|not counting|neither)\b|"
    r"·++,? (?=no\b|not\b|but\b|except|without|excluding|minus|other than|besides|apart|aside))"
)
"""How a message begins that asks for some of the rows or weeks; names and places are blanked out."""
_LACKED = FORMATS | {f"{name}s" for name in FORMATS} | {"classes", "pros", "cons", "assignments", "homework"}
"""Plain words of what rows may be, or be without."""

_OWN = re.compile(r"(?<!show )(?<!give )(?<!tell )(?<!find )\b(?:i|me|my|we|you)\b(?<!can you)(?<!could you)")

_QUOTED = re.compile(r"[“\"][^“”\"]*[”\"]")

LOOKED_AT = 24
"""Words of a message in which terms are looked for."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a row is named or described, and which rows it may mean; weak: by what the row is about."""

    ids: tuple[str, ...]
    start: int
    end: int
    weak: bool = False


@dataclass(frozen=True)
class Parsed:
    """One message of one person on one day. `asked` is `own` with what it points back to."""

    text: str
    reading: Reading
    own: Question
    """What the text itself names."""
    asked: Question
    clock: Callable[[], date]
    """Gives the person's own day; looked up only where a day is named."""
    referred: bool = False
    """True where the rows or weeks were named before and only referred to here."""
    groups: tuple[tuple[str, ...], ...] = ()
    """For each name or description, the ids of the rows that it may mean: several are ambiguous."""
    named_at: tuple[tuple[int, int], ...] = ()
    """Where in the cleaned text names and descriptions stand."""
    after: str = ""
    """The capability that answered before."""
    part_at: tuple[int, int] | None = None
    """Where a part is called by its title, if that is what the title stands for here."""

    @cached_property
    def title_at(self) -> tuple[int, int] | None:
        """Where the title of a part stands; None where none does, or a row or a week is named beside it."""
        at = None if self.asked.spans else find_unit(self.said)
        return at if at and all(at[0] <= start and end <= at[1] for start, end in self.named_at) else None

    @cached_property
    def by_part(self) -> Parsed | None:
        """The same, with the title of a part as a name and no subject."""
        return replace(self, part_at=self.title_at, groups=(), named_at=()) if self.title_at else None

    @cached_property
    def today(self) -> date:
        return self.clock()

    @property
    def said(self) -> str:
        """The cleaned text: lower case, no accents, one space apart."""
        return self.reading.text

    @property
    def roadmap(self) -> Roadmap:
        return self.reading.roadmap

    @cached_property
    def masked(self) -> Masked:
        return mask(self.reading, tuple(self._things()), self._signs(), self.after)

    def _things(self) -> Iterator[Thing]:
        """Where rows are named, projects told from the rest: "when is the capstone?" asks for more than a course."""
        for ids, (start, end) in zip(self.groups, self.named_at, strict=False):  # a model may name more, nowhere
            rows = [row for id in ids if (row := self.roadmap.resource(id))]
            yield start, end, "project" if rows and all(row.is_project for row in rows) else "resource"
        if self.part_at:
            yield *self.part_at, "resource"

    def _signs(self) -> Iterator[str]:
        """What the wish may hang on beside the words: see `masking.SIGNS`."""
        weak = {word for n in self.reading.weak for word in content_words(self.said[n.start : n.end])}
        subject = set(self.reading.residue) - weak
        seen = {
            "product": bool(self.reading.weak),
            "subject": bool(subject),
            "subjects": len(subject) > 1,
            "term": any(entry_of(" ".join(words)) for words in _runs(self.said)),
            "several": len(set(self.groups)) > 1,
            "points": points_back(self.said),
        }
        return (sign for sign, there in seen.items() if there)

    @cached_property
    def left(self) -> str:
        """The cleaned text without the names, whose own words and numbers say nothing about a part of them."""
        text = self.said
        for start, end in sorted(self.named_at, reverse=True):
            text = f"{text[:start]} {text[end:]}"
        return " ".join(text.split())

    @property
    def placed(self) -> Question:
        """What is asked of all rows or of those of a place: a place counts that is named, or pointed back to."""
        return self.asked if points_back(self.said) else self.own

    @cached_property
    def rows(self) -> tuple[Resource, ...]:
        """The rows that are named, or described, or referred to; not those of the weeks that are named."""
        ids = self.asked.resources
        return tuple(row for id in ids if (row := self.roadmap.resource(id)))

    @cached_property
    def rows_of_place(self) -> tuple[Resource, ...]:
        """The rows that are named; where only weeks or phases are, the rows of these."""
        if self.rows:
            return self.rows
        return tuple(r for r in self.roadmap.resources if r.id in ids_in(self.asked.spans, self.roadmap))

    @cached_property
    def minutes(self) -> int | None:
        """Minutes of the first amount of time that is no pace."""
        found = durations.find_minutes(self.said)
        return None if found is None or self.pace else round(found)

    @cached_property
    def pace(self) -> tuple[float, str] | None:
        """Hours a week, and how they were counted ("2 a day")."""
        return durations.find_pace(self.said)

    @cached_property
    def money(self) -> float | None:
        return find_money(self.said)

    @cached_property
    def length(self) -> int | None:
        """Days of the first duration."""
        return find_length(self.said)

    def day(self, *, past: bool = False) -> date | None:
        return find_day(self.said, self.today, past=past)

    def days(self, *, past: bool = False) -> tuple[date, date] | None:
        """First and last day of the range or the stretch that is named."""
        return find_range(self.said, self.today, past=past) or find_stretch(self.said, self.today, past=past)

    @cached_property
    def reversed_days(self) -> tuple[date, date] | None:
        """A range whose last day is named as the earlier one."""
        return find_reversed(self.said, self.today)

    @cached_property
    def impossible_day(self) -> str:
        """A day that is in no calendar, as "30 February"; "" if none is named."""
        return find_impossible(self.said)

    @cached_property
    def unit(self) -> Numbered | None:
        """The parts of a resource that are named by number."""
        return find_numbered(self.said)

    @cached_property
    def topic(self) -> tuple[str, ...]:
        """The words of a subject: what is neither a name nor everyday language, in the order said."""
        subject = self.reading.subject
        if len(subject) <= 3:  # in a short one a slip ("lern") hides the rest
            subject = tuple(word for word in subject if word in self.reading.residue) or subject
        weak = [w for n in self.reading.weak for w in content_words(self.said[n.start : n.end])]
        return tuple(dict.fromkeys((*subject, *weak)))

    @cached_property
    def rows_ruled_out(self) -> tuple[str, ...]:
        """Ids of the rows that are named as those not meant: "all books except DDIA"."""
        at = self.named_at
        if any(criterion.startswith(NOT) for criterion in self.reading.people):
            return ()  # "not by Andrew Ng": his courses bear his name
        out = [ids for ids, span in zip(self.groups, at, strict=True) if is_ruled_out(self.said, span, at)]
        return tuple(dict.fromkeys(id for ids in out for id in ids))

    @cached_property
    def words_ruled_out(self) -> tuple[str, ...]:
        """The subjects that are named as those not meant: "which courses do not use pytorch or keras?"."""
        told = (part for part in objects_ruled_out(self.reading.written) if not _is_empty(part))
        return tuple(part for part in told if not any(part in self.said[a:b] for a, b in self.named_at))

    @property
    def leaves_rows_out(self) -> bool:
        """Whether it asks for more than it names: for all but the rows, the format or the author that it rules out."""
        return bool((self.criteria_ruled_out or self.rows_ruled_out) and leaves_something_out(self.said))

    @property
    def leaves_out_nothing_known(self) -> bool:
        """Whether it leaves something out of the others that was not understood: "all except whatever"."""
        out = self.criteria_ruled_out or self.reading.place_is_ruled_out or self.rows_ruled_out or self.words_ruled_out
        return not out and leaves_something_out(self.said)

    @property
    def asks_for_the_others(self) -> bool:
        """Whether it asks for the rows or weeks that something does not hold for, without speaking of the person."""
        known = self.criteria_ruled_out or self.reading.place_is_ruled_out or self.rows_ruled_out
        if not (known or self.words_ruled_out) or not _OF_A_SET.match(self.reading.written):
            return False
        of_a_place = known and self.reading.place.spans and leaves_something_out(self.said)
        return not _OWN.search(self.said) or bool(of_a_place and self.said.startswith("what"))

    @property
    def criteria_ruled_out(self) -> bool:
        """Whether a criterion, an author or a platform is ruled out."""
        stated = (*stated_criteria(self.reading.rest), *self.reading.people)
        return any(criterion.startswith(NOT) or criterion == "not-mandatory" for criterion in stated)

    def names(self, thing: str) -> bool:
        """Whether a thing is named, as the table of capabilities calls it: "resource", "week", "date" ..."""
        asked, kinds = self.asked, self.masked.kinds
        if thing == "date":  # looks up the person's day, which others need not
            return self.day() is not None or self.days() is not None
        found = {
            "resource": bool(asked.resources or self.reading.weak),
            "week": bool(asked.spans or asked.missing),
            "phase": bool(asked.phases),
            "person": bool(self.reading.people) or "person" in kinds,
            "criteria": bool(asked.criteria),
            "topic": bool(self.topic),
            "unit": self.unit is not None or self.part_at is not None,
            "minutes": self.minutes is not None,
            "hours": self.pace is not None or self.minutes is not None,
            "length": self.length is not None,
            "money": self.money is not None,
            "whole": not (asked.resources or asked.spans),
        }
        return found[thing]

    @property
    def is_question(self) -> bool:
        """Whether it asks; "can you mark it?" does not, it is politely told."""
        return bool(_ASKS.match(self.said) or self.said.endswith("?")) and not _POLITE.match(self.said)

    @property
    def is_personal(self) -> bool:
        """Whether it speaks of the person: "may I skip it?", and not "is it mandatory?"."""
        return bool(re.search(r"\b(?:i|me|my|we)\b", self.said))

    @cached_property
    def own_words(self) -> tuple[str, ...]:
        """The words that are neither a name nor point at something: without any, nothing is wished."""
        return tuple(word for word in re.findall(r"[a-z']+", self.masked.text) if word not in _STANDING)

    @property
    def is_elliptic(self) -> bool:
        """Whether it names another thing and wishes nothing of its own: "and the other one?", "what about week 20?"."""
        named = self.rows or self.asked.spans or self.asked.missing
        return self.masked.text.startswith(_LEADS) and not self.own_words and bool(named)

    @property
    def is_bare(self) -> bool:
        """Whether it is a name and nothing else: "fastai??", "week 14"."""
        named = self.rows or self.asked.spans
        one = len(self.groups) < 2 and " or " not in self.said
        return not self.own_words and bool(named) and not self.referred and one

    @property
    def is_plain(self) -> bool:
        """Whether every word is accounted for: a name, a cue, or everyday language."""
        return not self.reading.residue


def read_message(
    text: str,
    roadmap: Roadmap,
    today: date | Callable[[], date],
    *,
    week: int | None = None,
    before: Question | None = None,
    after: str = "",
) -> Parsed:
    """Reads a message. `week`: the person's own week; `before`: what was talked about; `after`: the capability that
    answered before. Never fails, on any text."""
    spans = before.spans[-1] if before and before.spans else before.weeks if before else None
    phase = before.phase if before and before.phases else None
    rows = (
        around([r.weeks for r in roadmap.resources if r.id in (before.resources or before.among)]) if before else None
    )
    reading = take_apart(text, roadmap, week, spans, phase, rows)
    asked, mentions = _named(text, reading), _mentions(reading, before)
    asked = _with_rows(asked, reading, mentions)
    followed = refer(reading, asked, before) if before is not None else None
    groups = tuple(mention.ids for mention in mentions if not mention.weak)
    at = tuple((mention.start, mention.end) for mention in mentions if not mention.weak)
    clock = today if callable(today) else lambda: today
    return Parsed(text, reading, asked, followed or asked, clock, followed is not None, groups, at, after)


def _runs(said: str) -> Iterator[list[str]]:
    """Runs of one to three words, which may be terms."""
    words = content_words(said)[:LOOKED_AT]
    for size in (1, 2, 3):
        yield from (words[start : start + size] for start in range(len(words) - size + 1))


def _is_empty(words: str) -> bool:
    """Whether words tell nothing apart: "it", "the rest"."""
    return all(word in PLAIN and word not in _LACKED for word in content_words(words))


def _named(text: str, reading: Reading) -> Question:
    """What the text itself names of the roadmap."""
    place = reading.place
    phases = tuple(dict.fromkeys(place.phases))
    role = reading.picking_role
    criteria = tuple(c for c in reading.criteria if c != role)
    alternatives = tuple(n.alternative for n in reading.weak if n.alternative)
    notes = (f"“{a}” has no row of its own: it is named as an alternative." for a in alternatives)
    return Question(
        text=text,
        weeks=around(place.spans),
        spans=tuple(place.spans),
        phase=phases[0] if phases else None,
        phases=phases,
        criteria=(*criteria, *reading.people),
        notes=(*place.notes, *notes),
        missing=", ".join(dict.fromkeys(place.missing)),
    )


def _mentions(reading: Reading, before: Question | None) -> list[Mention]:
    """Rows by name, then by description ("that Kleppmann brick"), then by a product that they are about ("pandas")."""
    offered = before.among if before and len(before.among) > 1 else ()
    among = described(reading.text, reading.roadmap, among=offered) if offered else ()
    marks = marks_of(reading)
    model = learned()
    tagged = model.read(reading.text, marks) if model else None
    tags, found = _tags(reading, marks, tagged), list[Mention]()
    sure = (n for n in reading.names if tagged is None or not _is_subject(n, reading) or tagged.names(n.start, n.end))
    found += [_widened(n, tags) for n in sure]
    weak = [n for n in reading.weak if not n.alternative and len(n.ids) == 1]
    for match in (*among, *tags, *weak):
        if not any(match.start < other.end and other.start < match.end for other in found):
            found.append(Mention(match.ids, match.start, match.end, weak=isinstance(match, Name)))
    return sorted(_outside_quotes(found, reading.text), key=lambda mention: mention.start)


def _outside_quotes(found: Sequence[Mention], text: str) -> Sequence[Mention]:
    """Without those in the quoted title of a part, where another is named outside: 'Mark “Python basics” of the pandas
    book as done' is no word on the setup of Python."""
    quotes = [(match.start(), match.end()) for match in _QUOTED.finditer(text)]
    outside = [m for m in found if not any(start <= m.start and m.end <= end for start, end in quotes)]
    return outside or found


def _is_subject(name: Name, reading: Reading) -> bool:
    """Whether a name is a subject as well, which the tagger must tell from the row: "neural network"."""
    return entry_of(reading.text[name.start : name.end]) is not None


def marks_of(reading: Reading) -> list[Mark]:
    """What titles, products and descriptions see in a message, for the tagger to weigh."""
    marks = [Mark("n", n.ids, n.start, n.end) for n in reading.names]
    marks += [Mark("k", n.ids, n.start, n.end) for n in reading.weak]
    return marks + [Mark("d", m.ids, m.start, m.end) for m in described(reading.text, reading.roadmap)]


def _tags(reading: Reading, marks: Sequence[Mark], tagged: Tagged | None) -> list[Mention]:
    """The mentions that the tagger knows; by description where it was not learnt, or knows other rows than these."""
    tags = list(tagged.tags()) if tagged else []
    if tagged is None or not all(reading.roadmap.resource(tag.id) for tag in tags):
        return [Mention(mark.ids, mark.start, mark.end) for mark in marks if mark.kind == "d"]
    trimmed = [_trimmed(reading, tag) for tag in tags]
    named = [tag for tag in trimmed if tag.start < tag.end and not is_placed(reading, tag.start, tag.end)]
    return [Mention(_same_title(tag.id, reading.roadmap), tag.start, tag.end) for tag in named]


def is_placed(reading: Reading, start: int, end: int) -> bool:
    """Whether weeks or a phase are named in a part of a message, which say more than what a word may describe."""
    placed = any(phrase.start < end and start < phrase.end for phrase in reading.phrases)
    return placed or reading.text.startswith(" phase", end)


def _trimmed(reading: Reading, tag: Tag) -> Tag:
    """A mention without the plain words at its ends; empty where it has no others: "the end of", "mark ... as"."""
    words = list(re.finditer(r"[^\W_]+", reading.text[tag.start : tag.end]))
    telling = [word for word in words if word[0] in FORMATS or not _is_plain(word[0])]
    if not telling:
        return Tag(tag.id, tag.start, tag.start)
    return Tag(tag.id, tag.start + telling[0].start(), tag.start + telling[-1].end())


def _is_plain(word: str) -> bool:
    return word.isdigit() or word in STOP or word in PLAIN or word in CUE_WORDS


def _same_title(id: str, roadmap: Roadmap) -> tuple[str, ...]:
    """The row, and the other row that is the same course, which only the weeks tell apart."""
    return tuple(row.id for row in roadmap.resources if row.id == id or row.id.endswith(f"-{id}"))


def _widened(name: Name, tags: Sequence[Mention]) -> Mention:
    """A name as the longer mention has it that holds it: "coursera" in "the coursera maths" means fewer rows."""
    for tag in tags:
        ids = tuple(id for id in name.ids if id in tag.ids)
        if ids and tag.start <= name.start and name.end <= tag.end and tag.end - tag.start > name.end - name.start:
            return Mention(ids, tag.start, tag.end)
    return Mention(name.ids, name.start, name.end)


def _with_rows(asked: Question, reading: Reading, mentions: Sequence[Mention]) -> Question:
    """With the rows of all mentions; an ambiguous one keeps to the weeks or the role that are named, and says nothing
    where a sure one names one of its rows ("coursera rag")."""
    strong = [m for m in mentions if not m.weak]
    kept: dict[Mention, tuple[str, ...]] = {}
    for mention in sorted(strong or mentions, key=lambda mention: len(mention.ids)):
        if not set(mention.ids) & {id for ids in kept.values() for id in ids}:
            kept[mention] = _meant(mention.ids, asked, reading)
    ids = (id for mention in sorted(kept, key=lambda mention: mention.start) for id in kept[mention])
    return replace(asked, resources=tuple(dict.fromkeys(ids)))


def _meant(ids: Sequence[str], asked: Question, reading: Reading) -> tuple[str, ...]:
    """The rows of an ambiguous name in the weeks that are named, else those of the role."""
    rows = [row for row in reading.roadmap.resources if row.id in ids]
    near = [row for row in rows if any(row.weeks.overlaps(span) for span in asked.spans)]
    near = near or [row for row in rows if len(rows) > 1 and row.role == reading.picking_role]
    return tuple(row.id for row in near or rows)
