"""The capabilities of the conversation itself. What can be done is told from the table, not from a list of its own."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.answers import Answer, Choice, Part
from assistant.handling import HANDLERS, OTHER, Context, handles, notice
from assistant.language.durations import CARDINALS
from assistant.language.learning.table import capabilities, having, the
from assistant.language.message import Parsed, read_message

_ABOUT = re.compile(
    r"\b(?:who|what) (?:are|r) (?:you|u)\b|\bare (?:you|u)\b|\bwhere do (?:you|your)\b|"
    r"\bhow do you (?:work|know)\b|\bsources?\b"
)
SAID_BACK = {
    "sorry": "Sorry that it was no help. Tell me what you meant, or ask it in other words.",
    "bye": "See you. Your progress is kept.",
    "thanks": "Gladly. Ask me about a week, a resource or a subject, such as “what should I do in week 14?”.",
    "hello": "Hello. Ask me about a week, a resource or a subject, such as “what should I do next?”.",
    "": "Good. Ask me about a week, a resource or a subject, such as “what should I do next?”.",
}
"""Kind of small talk, as the examples tell it -> what is said to it."""


@handles("help")
def help_(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """What can be asked and told, from the table, an example each."""
    lead = (
        "I answer questions about the 48 weeks of the roadmap, its resources and what their pages teach, and name the "
        "source of each sentence. I also keep your progress and plan, on this machine only."
    )
    if _ABOUT.search(parsed.said):
        lead = (
            "I am a study assistant, a program and no person. I answer questions about the 48 weeks of the roadmap "
            "from its own table, from our notes and from the public pages of its resources, and name the source of "
            "each sentence. Without a language model I quote; what I know of you stays on this machine."
        )
    lines = [f"**{title}**\n\n" + "\n".join(f"- {_line(name)}" for name in names) for title, names in _groups().items()]
    return Answer(parsed.text, (Part("notice", "\n\n".join((lead, *lines))),))


@handles("smalltalk")
def smalltalk(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """A short word back."""
    return notice(parsed, SAID_BACK[context.kind])


@handles("do_it_for_me")
def do_it_for_me(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """What one has to do oneself: where the help for it is."""
    rows = parsed.rows_of_place[:1]
    about = f" for {rows[0].title}" if rows else ""
    text = (
        f"I cannot do the work{about} for you: it is your own work that teaches. I can tell what it asks for, explain "
        "what it needs, and find the pages that show each step."
    )
    title = rows[0].title if rows else "the checkpoint of week 6"
    choices = (
        Choice("What it asks for", f"What do I build in {title}?"),
        Choice("How to work through it", f"How should I work through {title}?"),
    )
    return notice(parsed, text, choices=choices)


@handles("correction")
def correction(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """The wish before, with the thing that was meant: "no, the distributed systems one", "only the git part"."""
    memory = context.memory
    before = HANDLERS.get(memory.capability)
    wrote = memory.wrote and before is not None and capabilities()[memory.capability].writes
    meant = _put_right(parsed, context)
    if wrote and parsed.rows and not parsed.referred and not _names_anything(meant):  # "docker isn't done"
        return HANDLERS[the("at-once")](parsed, context, the("at-once"))
    if wrote and not meant.rows and memory.asked:
        meant = replace(meant, asked=replace(meant.asked, resources=memory.asked.resources))
    if before is None or memory.capability == capability or not (_names_anything(meant) or _WHOLLY.search(meant.said)):
        return notice(parsed, "Sorry. What did you mean? Name the week, the resource or the subject.")
    kind = "" if _names_anything(meant) else OTHER
    return before(meant, replace(context, amends=wrote, kind=kind), memory.capability)


def _put_right(parsed: Parsed, context: Context) -> Parsed:
    """The message before with its number put right; else this one without what it denies."""
    memory = context.memory
    amount = parsed.names("hours") or parsed.names("length")
    text = with_number(memory.said, parsed.said, unit=amount) or without_denied(parsed.text)
    return read_message(text, context.roadmap, lambda: context.today, week=context.week, before=memory.asked)


def _names_anything(parsed: Parsed) -> bool:
    things = ("date", "hours", "length", "unit", "criteria")
    return bool(parsed.rows or parsed.asked.spans) or any(parsed.names(thing) for thing in things)


@handles("rephrase")
def rephrase(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """The last answer again: its first sentence, or of a row all its cells. What the pages answered is composed again,
    simpler or longer (None)."""
    memory = context.memory
    if not memory.text:
        return notice(parsed, "There is no answer yet that I could say again. Ask me something first.")
    if context.kind == "shorter":
        bare = re.sub(r"\[\d+\]|[*#]", "", memory.text)
        return notice(parsed, re.split(r"(?<=[.!?])\s", bare.strip().partition("\n")[0])[0])
    answered = HANDLERS.get(memory.capability)
    if answered is None or memory.capability in having("elsewhere") or capabilities()[memory.capability].writes:
        return None
    meant = read_message(memory.said, context.roadmap, lambda: context.today, week=context.week, before=memory.asked)
    row = the("row")
    if context.kind == "longer" and len(meant.rows) == 1:
        return HANDLERS[row](meant, context, row)
    return answered(meant, context, memory.capability)


@handles("outside")
def outside(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """What the roadmap has nothing on."""
    text = (
        "That is not something that the roadmap or its pages cover. I can help with its 48 weeks, its resources, what "
        "they teach, and your plan."
    )
    return notice(parsed, text, abstained=True)


def without_denied(text: str) -> str:
    """A text without the clauses that deny something; as it is where no other clause is left.

    >>> without_denied("not all of it, only the git part"), without_denied("I said fast.ai not the coursera one")
    ('only the git part', 'I said fast.ai')
    """
    kept = [clause for clause in _CLAUSES.split(text) if clause.strip() and not _DENIES.search(clause)]
    return ", ".join(clause.strip() for clause in kept) or text


def with_number(before: str, correction: str, *, unit: bool = False) -> str:
    """The message before with the number that is put right, or "". unit: whether the correction is a whole amount.

    >>> with_number("I have 8 hours a week", "no, 6 not 8"), with_number("I have 8 hours a week", "i meant six")
    ('I have 6 hours a week', 'I have six hours a week')
    """
    numbers, there = _NUMBER.findall(correction), _NUMBER.findall(before)
    denied = _DENIED.search(correction)
    if denied and len(numbers) == 2:
        wrong = denied[1]
    elif len(numbers) == len(there) == 1 and not unit:
        wrong = there[0]
    else:
        return ""
    right = next((number for number in numbers if number != wrong), "")
    parts = re.split(rf"(?<![\w.,]){re.escape(wrong)}(?![\w]|[.,]\d)", before, maxsplit=1) if right else []
    return right.join(parts) if len(parts) > 1 else ""


_CLAUSES = re.compile(r"(?<![,;.!?])[,;.!?]++\s|\s(?=(?:not|rather than|instead of)\b)|\bbut\b", re.IGNORECASE)
_DENIES = re.compile(r"\b(?:not|never|rather than|instead of|\w+n['’]t)\b", re.IGNORECASE)
_WHOLLY = re.compile(r"\b(?:all|whole|entire|everything|both)\b")
_NUMBER = re.compile(rf"\b(?:\d+(?:[.,]\d+)?|{'|'.join(CARDINALS)})\b")
_DENIED = re.compile(rf"\b(?:not|rather than|instead of) ({_NUMBER.pattern})")


def _groups() -> dict[str, list[str]]:
    """Heading -> the capabilities that the table shows under it."""
    found: dict[str, list[str]] = {}
    for name, entry in capabilities().items():
        if entry.shown:
            found.setdefault(entry.shown, []).append(name)
    return found


def _line(name: str) -> str:
    entry = capabilities()[name]
    ask = entry.ask
    for slot, thing in _EXAMPLES.items():
        ask = ask.replace(slot, thing)
    return f"{entry.says}: “{ask}”"


_EXAMPLES = {
    "{resource}": "fast.ai",
    "{week}": "week 14",
    "{topic}": "Docker",
    "{time}": "40 minutes",
    "{hours}": "6 hours",
    "{length}": "two weeks",
    "{date}": "June",
    "{criteria}": "free",
    "{text}": "why do gradients vanish?",
}
