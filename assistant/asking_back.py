"""What else may have been meant, as buttons: the question back ("Did you mean ...?"), or below an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answers import Answer, Choice, Part
from assistant.handling import Context
from assistant.language.durations import spoken
from assistant.language.learning.table import capabilities, the
from assistant.language.message import Parsed
from assistant.recommendation.progress import MAX_MINUTES

MOST = 3
"""Wishes that are offered."""
_SLOT = re.compile(r"\{(\w+)\}")
SEARCH = the("search")


def asked_back(parsed: Parsed, context: Context, names: Sequence[str]) -> Answer | None:
    """Up to three wishes and the search as buttons; None where none of the wishes can be put into words."""
    wishes = [choice for name in names if (choice := choice_of(parsed, context, name))]
    if not wishes:
        return None
    search = Choice("Search the pages", f"Search the pages for: {parsed.text}", SEARCH)
    text = "I am not sure what you mean. Did you mean:"
    return Answer(parsed.text, (Part("notice", text),), abstained=True, choices=(*wishes[:MOST], search))


def with_others(answer: Answer, parsed: Parsed, context: Context, names: Sequence[str]) -> Answer:
    """An answer to what was likeliest, with the other likely wishes as buttons below it."""
    said = {choice.message for choice in answer.choices}
    others = [choice for name in names if (choice := choice_of(parsed, context, name)) and choice.message not in said]
    return replace(answer, choices=(*answer.choices, *others[: max(0, MOST - len(answer.choices))]))


def choice_of(parsed: Parsed, context: Context, name: str) -> Choice | None:
    """The button of a capability, with what the message names; None where it needs what is not named."""
    ask = capabilities()[name].ask
    things = _things(parsed, context)
    if not ask or any(slot not in things for slot in _SLOT.findall(ask)):
        return None
    message = _SLOT.sub(lambda match: things[match[1]], ask)
    return Choice(message.rstrip("."), message, name)


def _things(parsed: Parsed, context: Context) -> dict[str, str]:
    """What can be put into a wording: slot -> words."""
    asked = parsed.asked
    rows = parsed.rows or tuple(
        row for n in parsed.reading.weak for id in n.ids[:1] if (row := parsed.roadmap.resource(id))
    )
    phases = [f"phase {number}" for number in asked.phases]
    weeks = phases or [str(span) for span in asked.spans]
    found = {
        "resource": rows[0].title if rows else (weeks[0] if weeks else ""),
        "resources": " and ".join(row.title for row in rows[:3])
        if len(rows) > 1
        else f"{rows[0].title} with what stands beside it"
        if rows
        else "",
        "week": weeks[0] if weeks else "",
        "topic": " ".join(parsed.topic[:5]) or (rows[0].title if rows else ""),
        "criteria": " and ".join(c.rpartition(":")[2].replace("-", " ") for c in asked.criteria),
        "time": spoken(parsed.minutes) if parsed.minutes and parsed.minutes <= MAX_MINUTES else "",
        "hours": f"{parsed.pace[0]:g} hours" if parsed.pace else spoken(parsed.minutes) if parsed.minutes else "",
        "length": f"{parsed.length} days" if parsed.length else "",
        "date": day.isoformat() if (day := parsed.day()) else "",
        "text": parsed.text,
    }
    return {slot: words for slot, words in found.items() if words}
