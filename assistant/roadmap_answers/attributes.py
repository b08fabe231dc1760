"""One attribute of one row, in words with its source: author, link, price, weeks ... Pure.

`ATTRIBUTES` maps the names of `lexicon.ATTRIBUTES` to what tells them. A cell that is silent is said to be silent:
"the row states no price" is an answer, a guess is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.roadmap_answers.citations import Sheet, author_quote, block_of, linked, links, title_quote
from assistant.study.reasons import listed
from corpus.roadmap import Block, Resource, Roadmap

PRICES = ("free", "paid")


def _author(r: Resource, sheet: Sheet) -> str:
    if not r.authors:
        return f"the row names no author or platform. {sheet.cell(r, title_quote(r))}"
    text = f"author / platform: **{author_quote(r)}** {sheet.cell(r, author_quote(r))}"
    others = [o for o in sheet.roadmap.resources if o.title in r.alternatives and o.authors]
    if others:
        own = "; ".join(f"{o.title} is by {author_quote(o)} {sheet.cell(o, author_quote(o))}" for o in others)
        return f"{text} — the row names its alternative with it, whose own row says: {own}"
    named = "; ".join(f"{line} {sheet.cell(r, line)}" for line in r.alternatives)
    return f"{text} — the row also names an alternative: {named}" if named and len(r.authors) > 1 else text


def _link(r: Resource, sheet: Sheet) -> str:
    return f"{links(r) or 'the roadmap gives no link'} {sheet.cell(r, title_quote(r))}"


def _field(label: str, get: Callable[[Resource], str]) -> Callable[[Resource, Sheet], str]:
    def tell(r: Resource, sheet: Sheet) -> str:
        text = get(r)
        return (
            f"{label}: {text} {sheet.cell(r, text)}"
            if text
            else f"the row states no {label}. {sheet.cell(r, title_quote(r))}"
        )

    return tell


def _lines(label: str, get: Callable[[Resource], tuple[str, ...]]) -> Callable[[Resource, Sheet], str]:
    def tell(r: Resource, sheet: Sheet) -> str:
        found = get(r)
        if not found:
            return f"the row names no {label}. {sheet.cell(r, title_quote(r))}"
        return f"{label}: " + "; ".join(f"{line} {sheet.cell(r, line)}" for line in found)

    return tell


def _alternatives(r: Resource, sheet: Sheet) -> str:
    """What the row names, and, for a row that is an alternative itself, what it stands in for."""
    text = _lines("alternative", lambda row: row.alternatives)(r, sheet)
    block = block_of(r, sheet.roadmap)
    first = [row for row in block.resources if row.role == "preferred"] if r.role == "alternative" else []
    told = "; ".join(f"{linked(row)} {sheet.cell(row, title_quote(row))}" for row in first)
    return f"{text} — it is itself the alternative to {told}" if told else text


def pros_cons(r: Resource, sheet: Sheet) -> str:
    """Both sides of a row, a list item each."""
    pros = "; ".join(f"{line} {sheet.cell(r, line)}" for line in r.pros) or "none named"
    cons = "; ".join(f"{line} {sheet.cell(r, line)}" for line in r.cons) or "none named"
    return f"- Pros: {pros}\n- Cons: {cons}"


def _both_sides(r: Resource, sheet: Sheet) -> str:
    pros = "; ".join(f"{line} {sheet.cell(r, line)}" for line in r.pros) or "none named"
    cons = "; ".join(f"{line} {sheet.cell(r, line)}" for line in r.cons) or "none named"
    return f"pros: {pros} — cons: {cons}"


def _why(r: Resource, sheet: Sheet) -> str:
    advice = f" — recommendation: {r.recommendation} {sheet.cell(r, r.recommendation)}" if r.recommendation else ""
    return _both_sides(r, sheet) + advice


def _price(r: Resource, sheet: Sheet) -> str:
    stated = [line for line in (*r.pros, *r.cons) if any(p in line.casefold().split() for p in PRICES)]
    if not stated:
        return f"the row states no price: neither “Free” nor “Paid” stands in it. {sheet.cell(r, title_quote(r))}"
    return "; ".join(
        f"the row states “{line}” among its {'pros' if line in r.pros else 'cons'} {sheet.cell(r, line)}"
        for line in stated
    )


def _prerequisites(r: Resource, sheet: Sheet) -> str:
    stated = [
        line
        for line in r.cons
        if line.casefold().startswith("require") or " required" in line.casefold() or "needed" in line.casefold()
    ]
    if not stated:
        return f"the row states no prerequisite. {sheet.cell(r, title_quote(r))}"
    return "; ".join(f"{line} {sheet.cell(r, line)}" for line in stated)


def _recommendation(r: Resource, sheet: Sheet) -> str:
    if r.recommendation:
        plain = bool(re.search(r"mandatory|optional", r.recommendation, re.IGNORECASE))
        text = f"recommendation: **{r.recommendation}** {sheet.cell(r, r.recommendation)}"
        text += "" if plain else "; it says neither “mandatory” nor “optional”"
    else:
        text = f"the row gives no recommendation {sheet.cell(r, title_quote(r))}"
    return text if r.role == "main" else f"{text} (marked “{r.role}” {sheet.cell(r, title_quote(r))})"


def _role(r: Resource, sheet: Sheet) -> str:
    word = "no mark of its own" if r.role == "main" else f"**{r.role}**"
    return f"role: {word} {sheet.cell(r, title_quote(r))}"


def _when(r: Resource, sheet: Sheet) -> str:
    block = block_of(r, sheet.roadmap)
    extra = "" if r.weeks == block.weeks else f", within {block.weeks}"
    undivided = "" if block.divided else f"; the roadmap does not divide {block.weeks} further"
    return f"**{r.weeks}**{extra}, phase {r.phase} — {block.title}{undivided} {sheet.block(block)}"


def _duration(r: Resource, sheet: Sheet) -> str:
    block = block_of(r, sheet.roadmap)
    count = len(r.weeks)
    others = [o for o in block.resources if o.id != r.id and o.weeks == r.weeks]
    shared = f"; the same weeks also hold {listed(o.title for o in others)}" if others else ""
    return (
        f"**{count} week{'s' if count > 1 else ''}** ({r.weeks}){shared}. The roadmap states no "
        f"hours. {sheet.block(block)}"
    )


def beside(r: Resource, roadmap: Roadmap, step: int) -> tuple[Block, ...]:
    """The blocks right before (-1) or after (1) that of a row; those that share its weeks first."""
    block = block_of(r, roadmap)
    week = block.weeks.last + 1 if step > 0 else block.weeks.first - 1
    same = [
        b
        for b in roadmap.blocks
        if b.weeks.overlaps(block.weeks) and b != block and (b.weeks.first > r.weeks.first) == (step > 0)
    ]
    return (*same, *roadmap.blocks_of_week(week))


def _neighbour(step: int) -> Callable[[Resource, Sheet], str]:
    def tell(r: Resource, sheet: Sheet) -> str:
        block, near = block_of(r, sheet.roadmap), beside(r, sheet.roadmap, step)
        side = "after" if step > 0 else "before"
        if not near:
            return (
                f"nothing comes {side} it; it stands in the roadmap's {'last' if step > 0 else 'first'} "
                f"weeks. {sheet.block(block)}"
            )
        told = [f"{b.weeks} — {b.title}: {listed(linked(x) for x in b.resources)} {sheet.block(b)}" for b in near]
        return f"{side} {block.weeks} comes " + "; then ".join(told)

    return tell


ATTRIBUTES: dict[str, Callable[[Resource, Sheet], str]] = {
    "author": _author,
    "link": _link,
    "task": _field("task", lambda r: r.task),
    "focus": _field("focus", lambda r: r.focus),
    "outcome": _field("outcome", lambda r: r.outcome),
    "difficulty": _field("difficulty", lambda r: r.difficulty),
    "hands-on": _field("hands-on focus", lambda r: r.hands_on),
    "price": _price,
    "pros": _lines("pros", lambda r: r.pros),
    "cons": _lines("cons", lambda r: r.cons),
    "pros-cons": _both_sides,
    "why": _why,
    "alternatives": _alternatives,
    "recommendation": _recommendation,
    "role": _role,
    "weeks": _when,
    "duration": _duration,
    "before": _neighbour(-1),
    "after": _neighbour(1),
    "prerequisites": _prerequisites,
}
