"""What a criterion of a list means for a row: the cell that proves it, and the words for it. Pure.

A row fulfils a criterion only if one of its cells says so. Knows nothing of questions and answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from assistant.language.criteria import ALTERNATIVE, NOT, REQUIRES
from assistant.roadmap_answers.citations import Sheet, author_quote, title_quote
from assistant.text.markdown import authored
from corpus.roadmap import Resource

HANDS_ON = ("Medium", "High", "Very High")


def _line(get: Callable[[Resource], tuple[str, ...]], pattern: str) -> Callable[[Resource], str]:
    """The first line of a cell that fits the pattern, or "": the evidence."""
    found = re.compile(pattern, re.IGNORECASE)
    return lambda r: next((line for line in get(r) if found.search(line)), "")


def _advice(pattern: str) -> Callable[[Resource], str]:
    return _line(lambda r: (r.recommendation,), pattern)


def _is_book(r: Resource) -> str:
    books = re.search(r"\(book\)", r.title, re.IGNORECASE) or any(link.text.casefold() == "book" for link in r.links)
    return title_quote(r) if books else ""


def _is_video(r: Resource) -> str:
    videos = "youtube" in r.title.casefold() or any(link.text.casefold() == "youtube" for link in r.links)
    return title_quote(r) if videos else _line(lambda x: (x.task,), r"\bvideos?\b")(r)


TESTS: dict[str, tuple[str, Callable[[Resource], str]]] = {
    "mandatory": ("marked mandatory", _advice(r"^mandatory")),
    "not-mandatory": ("not marked mandatory", _advice(r"^(?!mandatory).")),
    "optional": ("marked optional", _advice(r"\boptional\b")),
    "recommended": ("marked recommended", _advice(r"\brecommended\b")),
    "theory-first": ("recommended for theory-first learners", _advice(r"theory-first")),
    "coding-first": (
        "recommended for coding-first or hands-on learners",
        _advice(r"coding-first|hands-on coders|hands-on llm"),
    ),
    "free": ("stated to be free", _line(lambda r: r.pros, r"\bfree\b")),
    "paid": ("stated to be paid", _line(lambda r: r.cons, r"\bpaid\b")),
    "price": ("with a word on the price (“Free” or “Paid”)", _line(lambda r: (*r.pros, *r.cons), r"\b(?:free|paid)\b")),
    "requires": ("that state a requirement", _line(lambda r: r.cons, r"\brequire|\bneeded\b")),
    "very-hands-on": ("with the hands-on focus “Very High”", lambda r: r.hands_on if r.hands_on == "Very High" else ""),
    "hands-on": (
        "with the hands-on focus “High” or “Very High”",
        lambda r: r.hands_on if r.hands_on in HANDS_ON[1:] else "",
    ),
    "easy": ("of difficulty “Easy”", lambda r: r.difficulty if r.difficulty == "Easy" else ""),
    "medium": ("of difficulty “Medium”", lambda r: r.difficulty if r.difficulty == "Medium" else ""),
    "medium-high": ("of difficulty “Medium-High”", lambda r: r.difficulty if r.difficulty == "Medium-High" else ""),
    "high": ("of difficulty “High”", lambda r: r.difficulty if r.difficulty == "High" else ""),
    "checkpoint": ("that are checkpoints", lambda r: title_quote(r) if r.role == "checkpoint" else ""),
    "preferred": ("marked preferred", lambda r: title_quote(r) if r.role == "preferred" else ""),
    "supplemental": ("marked supplemental", lambda r: title_quote(r) if r.role == "supplemental" else ""),
    "alternative": ("marked alternative", lambda r: title_quote(r) if r.role == "alternative" else ""),
    "has-alternative": ("that name an alternative", lambda r: next(iter(r.alternatives), "")),
    "has-link": ("that have a link", lambda r: title_quote(r) if r.links else ""),
    "book": ("that are books", _is_book),
    "video": ("with videos", _is_video),
}
"""Criterion -> (in words, the cell of a row that proves it or "")."""

_CONTRARY = (
    ("with ", "without "),
    ("that are ", "that are no "),
    ("that have a ", "that have no "),
    ("that state a ", "that state no "),
    ("that name an ", "that name no "),
    ("that name “", "that do not name “"),
    ("", "not "),
)
"""How the words of a criterion begin -> how those of its denial do."""


def proof(row: Resource, criterion: str) -> str:
    """The cell that shows that a row fulfils a criterion, or ""."""
    if criterion.startswith(NOT):
        return "" if proof(row, criterion.removeprefix(NOT)) else _instead(row, criterion.removeprefix(NOT))
    if criterion.startswith(ALTERNATIVE):
        name = authored(criterion.removeprefix(ALTERNATIVE)).casefold()
        return next((line for line in row.alternatives if name in line.casefold()), "")
    if criterion.startswith(REQUIRES):
        line = proof(row, "requires")
        return line if holds(line, criterion.removeprefix(REQUIRES)) else ""
    if not criterion.startswith("by:"):
        return TESTS[criterion][1](row) if criterion in TESTS else "-"
    name = authored(criterion.removeprefix("by:"))
    if name in row.authors:
        return author_quote(row)
    said = (line for line in (row.title, *(link.text for link in row.links)) if name.casefold() in line.casefold())
    return next((title_quote(row) if line == row.title else line for line in said), "")


def holds(line: str, word: str) -> bool:
    """Whether a line holds a word, or the beginning of it: "maths" is "Math"."""
    return any(
        word == said or (min(len(word), len(said)) >= _STEM and (word.startswith(said) or said.startswith(word)))
        for said in re.findall(r"\w+", line.casefold())
    )


_STEM = 4
"""Letters that two forms of a word share at least."""


def verdict(row: Resource, criterion: str) -> str:
    """Whether a row fulfils a criterion, as an answer begins: "Yes", "No", "Fairly" of what is nearly so; "" where no
    cell says."""
    if criterion.startswith(NOT):
        return _DENIED.get(verdict(row, criterion.removeprefix(NOT)), "")
    if proof(row, criterion):
        return "Yes"
    if criterion in _CONTRARIES:
        return "No" if proof(row, _CONTRARIES[criterion]) else ""
    if _NEARLY.get(criterion) in (row.difficulty, row.hands_on):
        return "Fairly"
    return "No" if _on_scale(row, criterion) else ""


_CONTRARIES = {"free": "paid", "paid": "free", "mandatory": "optional", "optional": "mandatory"}
_NEARLY = {"high": "Medium-High", "hands-on": "Medium", "very-hands-on": "High"}
_DENIED = {"Yes": "No", "No": "Yes"}


def _on_scale(row: Resource, criterion: str) -> str:
    """Where a row stands on the scale that a criterion is a step of; "" for one of no scale."""
    return row.difficulty if criterion in _DIFFICULTIES else row.hands_on if criterion in _HANDS_ON else ""


def _instead(row: Resource, criterion: str) -> str:
    """The cell that shows what a row is where it fails the criterion."""
    advice = row.recommendation if criterion in _ADVICE else ""
    return _on_scale(row, criterion) or advice or title_quote(row)


def in_words(criterion: str) -> str:
    """A criterion as words that follow “rows”."""
    if criterion.startswith(NOT):
        words = in_words(criterion.removeprefix(NOT))
        return next(no + words.removeprefix(yes) for yes, no in _CONTRARY if words.startswith(yes))
    if criterion.startswith(ALTERNATIVE):
        return f"that name “{authored(criterion.removeprefix(ALTERNATIVE))}” among their alternatives"
    if criterion.startswith(REQUIRES):
        return f"that state a requirement of “{authored(criterion.removeprefix(REQUIRES))}”"
    return (
        f"that name “{authored(criterion[3:])}” as author, platform or link"
        if criterion.startswith("by:")
        else TESTS[criterion][0]
    )


def evidence(row: Resource, criteria: Iterable[str], sheet: Sheet) -> str:
    """The cells of a row that prove the criteria, quoted."""
    proofs = {proof(row, c): _label(c.removeprefix(NOT)) for c in criteria}
    return "; ".join(f"{label}“{proof}” {sheet.cell(row, proof)}" for proof, label in proofs.items())


_DIFFICULTIES = ("easy", "medium", "medium-high", "high")
_HANDS_ON = ("hands-on", "very-hands-on")
_ADVICE = ("optional", "recommended", "theory-first", "coding-first")


def _label(criterion: str) -> str:
    if criterion in _DIFFICULTIES:
        return "difficulty "
    return "hands-on focus " if criterion in _HANDS_ON else ""
