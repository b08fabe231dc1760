"""A person's own questions as values, and what is wrong in a file of them.

    question   what is asked
    expects    places that answer it: a page, a section of a page, or a sentence that must be found
    refuse     it must be refused: nothing that is indexed answers it

Knows nothing of file formats or of an index.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, cast

from corpus.errors import UsageError
from corpus.urls import UrlError, normal_url
from eval.cases import Relevant, plain

GRADES = range(5)
"""How well a place answers: 0 not at all, 1 a part, 2 the question; some collections go to 4."""
LONGEST = 2_000
"""Characters of a question, as everywhere else."""

BY_HEADINGS, BY_MODEL = "headings", "model"
"""Who says what answers a question, where it is not a person: a heading of the page, or a language model alone."""

_CASE = ("question", "expects", "id", "type", "refuse", "by", "split", "relevant")
_PLACE = ("url", "heading", "sentence", "grade")


class QuestionsError(UsageError):
    """A file of questions cannot be used; the message names the file and the line."""


class FieldError(ValueError):
    """A field has a value that cannot be used; the message says which and what can."""


@dataclass(frozen=True, slots=True)
class OwnCase:
    """One question. `line`: where it stands in its file, 0 where no line is; `by`: who says what answers it."""

    id: str
    question: str
    expects: tuple[Relevant, ...]
    refuse: bool = False
    type: str = "mine"
    line: int = 0
    by: str = ""

    @property
    def is_judged(self) -> bool:
        """Whether anybody has said what answers it, or that nothing does."""
        return self.refuse or any(place.grade > 0 for place in self.expects)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a line of a file; line 0: in the file as a whole."""

    line: int
    said: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.said}" if self.line else self.said


@dataclass(frozen=True, slots=True)
class Questions:
    """A file as read: its cases in order, and what is wrong with it. `hash`: SHA-256 of its bytes."""

    name: str
    cases: tuple[OwnCase, ...]
    problems: tuple[Problem, ...]
    hash: str = ""

    def checked(self) -> tuple[OwnCase, ...]:
        """The cases. Errors: `QuestionsError` with the first problem and how many there are."""
        if not self.problems:
            return self.cases
        more = len(self.problems) - 1
        rest = f" ({more} more: `roadmap eval check` lists all)" if more else ""
        raise QuestionsError(f"{self.name}, {self.problems[0]}{rest}")


def case_of(fields: dict[str, Any], line: int) -> OwnCase:
    """A case from the fields of a line. Errors: `FieldError`."""
    _known(fields, _CASE)
    question = fields.get("question")
    if not isinstance(question, str) or not question.strip():
        raise FieldError('there is no question: write {"question": "...", "expects": "https://..."}.')
    if len(question) > LONGEST:
        raise FieldError(f"the question has {len(question):,} characters: at most {LONGEST:,} can be asked.")
    question = " ".join(question.split())
    given = fields.get("expects", fields.get("relevant"))
    places = tuple(place_of(place) for place in _listed(given))
    refuse = _yes(fields.get("refuse", False)) or ("split" in fields and given is None)
    if refuse and places:
        raise FieldError("it is to be refused and expects a page: leave one of the two out.")
    kind, by = str(fields.get("type") or "mine"), str(fields.get("by") or "")
    return OwnCase(_id(fields, question), question, _once(places), refuse, kind, line, by)


def place_of(given: Any) -> Relevant:
    """A place from an address, or from the fields of one. Errors: `FieldError`."""
    fields = {"url": given} if isinstance(given, str) else given
    if not isinstance(fields, dict):
        raise FieldError(f"expects holds {given!r}: give an address, or fields such as url, heading, sentence, grade.")
    fields = cast("dict[str, Any]", fields)
    _known(fields, _PLACE)
    texts = {name: fields.get(name) or "" for name in ("url", "heading", "sentence")}
    for name, value in texts.items():
        if not isinstance(value, str):
            raise FieldError(f"{name} is {value!r}: give a text.")
    url, heading, sentence = (text.strip() for text in texts.values())
    if not url and not sentence:
        raise FieldError("a place needs the address of its page, or a sentence that must be found.")
    return Relevant(address(url) if url else "", _grade(fields.get("grade", 2)), heading, sentence)


def address(url: str) -> str:
    """An address as the index has it: in one spelling, without what follows a "#". Errors: `FieldError`."""
    if url.startswith(("note:", "roadmap:")):
        return url.partition("#")[0]
    try:
        return normal_url(url)
    except UrlError as error:
        raise FieldError(f"{error}.") from error


def own_id(question: str) -> str:
    """The id of a question that was given none: the same question has the same in every file."""
    return f"q-{hashlib.sha256(plain(question).encode()).hexdigest()[:10]}"


def _known(fields: dict[str, Any], names: tuple[str, ...]) -> None:
    for name in fields:
        if name not in names:
            raise FieldError(f"{name!r} is no field here: use {', '.join(names[:5])}.")


def _listed(given: Any) -> list[Any]:
    if given is None or given == "":
        return []
    return cast("list[Any]", given) if isinstance(given, list) else [given]


def _id(fields: dict[str, Any], question: str) -> str:
    id = fields.get("id")
    if id is None or id == "":
        return own_id(question)
    if not isinstance(id, str | int) or not (text := str(id).strip()) or text.split() != [text]:
        raise FieldError(f"the id is {id!r}: give one without blanks, or none.")
    return text


def _grade(given: Any) -> int:
    text = str(given).strip()
    if isinstance(given, bool) or not text.isascii() or not text.isdecimal() or int(text) not in GRADES:
        raise FieldError(f"the grade is {given!r}: 2 answers the question, 1 a part of it, 0 not at all.")
    return int(text)


def _yes(given: Any) -> bool:
    words = {"": False, "no": False, "false": False, "0": False, "yes": True, "true": True, "1": True}
    word = str(given).strip().casefold()
    if word not in words:
        raise FieldError(f"refuse is {given!r}: write yes or no.")
    return words[word]


def _once(places: tuple[Relevant, ...]) -> tuple[Relevant, ...]:
    """Without what stands twice. Errors: `FieldError` for one place with two grades."""
    found: dict[str, Relevant] = {}
    for place in places:
        known = found.setdefault(place.name, place)
        if known.grade != place.grade:
            raise FieldError(f"{place.url or place.sentence} has the grades {known.grade} and {place.grade}: keep one.")
    return tuple(found.values())
