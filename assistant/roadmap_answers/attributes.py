"""One attribute of one row, as a sentence with its source: author, link, price, weeks ... Pure.

`ATTRIBUTES` maps the names of `lexicon.ATTRIBUTES` to what tells them. A cell that is silent is said to be silent:
"the row states no price" is an answer, a guess is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.recommendation.reasons import listed
from assistant.roadmap_answers.citations import Sheet, author_quote, block_of, linked, links, title_quote
from corpus.roadmap import Block, Resource, Roadmap

PRICES = ("free", "paid")


def _author(r: Resource, sheet: Sheet) -> str:
    if not r.authors:
        return f"names no author or platform {sheet.cell(r, title_quote(r))}"
    text = f"is by **{author_quote(r)}** {sheet.cell(r, author_quote(r))}"
    others = [o for o in sheet.roadmap.resources if o.title in r.alternatives and o.authors]
    if others:
        own = "; ".join(f"{o.title} is by {author_quote(o)} {sheet.cell(o, author_quote(o))}" for o in others)
        return f"{text} — the row names its alternative with it, whose own row says: {own}"
    if not r.alternatives or len(r.authors) < 2:
        return text
    named = "; ".join(f"{line} {sheet.cell(r, line)}" for line in r.alternatives)
    return f"{text} — the row also names an alternative: {named}"


def _link(r: Resource, sheet: Sheet) -> str:
    return f"{f'is here: {links(r)}' if links(r) else 'has no link in the roadmap'} {sheet.cell(r, title_quote(r))}"


def _field(get: Callable[[Resource], str], said: str, silent: str) -> Callable[[Resource, Sheet], str]:
    """What a cell says, in place of `{}`."""

    def tell(r: Resource, sheet: Sheet) -> str:
        text = get(r)
        return f"{said.format(text)} {sheet.cell(r, text)}" if text else f"{silent} {sheet.cell(r, title_quote(r))}"

    return tell


def _lines(get: Callable[[Resource], tuple[str, ...]], said: str, silent: str) -> Callable[[Resource, Sheet], str]:
    """What the lines of a cell say, after `said`."""

    def tell(r: Resource, sheet: Sheet) -> str:
        told = "; ".join(f"{line} {sheet.cell(r, line)}" for line in get(r))
        return f"{said}: {told}" if told else f"{silent} {sheet.cell(r, title_quote(r))}"

    return tell


def _alternatives(r: Resource, sheet: Sheet) -> str:
    """What the row names, and, for a row that is an alternative itself, what it stands in for."""
    text = _lines(lambda row: row.alternatives, "names as alternative", "names no alternative")(r, sheet)
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
    return f"has these pros: {pros} — and these cons: {cons}"


def _why(r: Resource, sheet: Sheet) -> str:
    advice = f" — its recommendation: {r.recommendation} {sheet.cell(r, r.recommendation)}" if r.recommendation else ""
    return _both_sides(r, sheet) + advice


def _price(r: Resource, sheet: Sheet) -> str:
    stated = [line for line in (*r.pros, *r.cons) if any(p in line.casefold().split() for p in PRICES)]
    if not stated:
        return f"states no price: neither “Free” nor “Paid” stands in its row {sheet.cell(r, title_quote(r))}"
    return "states " + "; ".join(
        f"“{line}” among its {'pros' if line in r.pros else 'cons'} {sheet.cell(r, line)}" for line in stated
    )


def _prerequisites(r: Resource, sheet: Sheet) -> str:
    stated = [
        line
        for line in r.cons
        if line.casefold().startswith("require") or " required" in line.casefold() or "needed" in line.casefold()
    ]
    if not stated:
        return f"states no prerequisite {sheet.cell(r, title_quote(r))}"
    return "states as prerequisite: " + "; ".join(f"{line} {sheet.cell(r, line)}" for line in stated)


def _recommendation(r: Resource, sheet: Sheet) -> str:
    if r.recommendation:
        plain = bool(re.search(r"mandatory|optional", r.recommendation, re.IGNORECASE))
        text = f"is recommended as **{r.recommendation}** {sheet.cell(r, r.recommendation)}"
        text += "" if plain else "; that says neither “mandatory” nor “optional”"
    else:
        text = f"has no recommendation {sheet.cell(r, title_quote(r))}"
    return text if r.role == "main" else f"{text} (marked “{r.role}” {sheet.cell(r, title_quote(r))})"


def _role(r: Resource, sheet: Sheet) -> str:
    word = "has no mark of its own" if r.role == "main" else f"is marked **{r.role}**"
    return f"{word} {sheet.cell(r, title_quote(r))}"


def _when(r: Resource, sheet: Sheet) -> str:
    block = block_of(r, sheet.roadmap)
    extra = "" if r.weeks == block.weeks else f", within {block.weeks}"
    undivided = "" if block.divided else f"; the roadmap does not divide {block.weeks} further"
    return f"is in **{r.weeks}**{extra}, phase {r.phase} — {block.title}{undivided} {sheet.block(block)}"


def _duration(r: Resource, sheet: Sheet) -> str:
    block = block_of(r, sheet.roadmap)
    count = len(r.weeks)
    others = [o for o in block.resources if o.id != r.id and o.weeks == r.weeks]
    shared = f"; the same weeks also hold {listed(o.title for o in others)}" if others else ""
    weeks = f"**{count} week{'s' if count > 1 else ''}** ({r.weeks})"
    return f"takes {weeks}{shared}; the roadmap states no hours {sheet.block(block)}"


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
        if not near:
            side, end = ("after", "last") if step > 0 else ("before", "first")
            return f"is in the roadmap's {end} weeks: nothing comes {side} it {sheet.block(block)}"
        told = [f"{b.weeks} — {b.title}: {listed(linked(x) for x in b.resources)} {sheet.block(b)}" for b in near]
        return f"{'is followed by' if step > 0 else 'comes after'} " + "; then ".join(told)

    return tell


ATTRIBUTES: dict[str, Callable[[Resource, Sheet], str]] = {
    "author": _author,
    "link": _link,
    "task": _field(lambda r: r.task, "has this task: {}", "states no task"),
    "focus": _field(lambda r: r.focus, "focuses on this: {}", "states no focus"),
    "outcome": _field(lambda r: r.outcome, "leads to this: {}", "states no outcome"),
    "difficulty": _field(lambda r: r.difficulty, "is of difficulty **{}**", "states no difficulty"),
    "hands-on": _field(lambda r: r.hands_on, "has the hands-on focus **{}**", "states no hands-on focus"),
    "price": _price,
    "pros": _lines(lambda r: r.pros, "has these pros", "names no pros"),
    "cons": _lines(lambda r: r.cons, "has these cons", "names no cons"),
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
"""Name of a column -> what follows the name of a row in a sentence: "is by **Wes McKinney** [1]"."""
