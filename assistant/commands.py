"""What a learner says about their progress -> a typed command, with what was understood. Pure.

"I finished fast.ai", "mark the Linux refresher as skipped", "I have 5 hours a week", "pause for two
weeks", "undo that". Questions and everything else give None: nothing changes on a guess. A name that
may mean several resources gives `Unclear` with the choices. Knows nothing of storage.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from zoneinfo import available_timezones

from assistant import sayings as say
from assistant.names import find_names
from assistant.phrases import clean
from assistant.progress import InputError, Prefer, check_hours, check_minutes
from assistant.reasons import joined
from assistant.saydates import amount, find_day, find_length
from corpus.notes import Notes, Unit
from corpus.roadmap import Roadmap

Kind = Literal[
    "done",
    "started",
    "skipped",
    "reset",
    "hours",
    "start",
    "prefer",
    "pause",
    "resume",
    "undo",
    "minutes",
    "deadline",
    "replan",
    "timezone",
]
CHANGES: frozenset[Kind] = frozenset(
    {"done", "started", "skipped", "reset", "hours", "start", "prefer", "pause", "resume", "undo", "replan", "timezone"}
)
"""Kinds that change a learner's state; the others ask ("I have 40 minutes", "I must be done by June")."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do. `understood` is the sentence to show before doing it.

    `first`, `last`: days of a pause, the start (`first`), or the deadline (`last`).
    """

    kind: Kind
    understood: str
    resources: tuple[str, ...] = ()
    unit: str = ""
    reason: str = ""
    hours: float | None = None
    minutes: int | None = None
    prefer: Prefer = ""
    first: date | None = None
    last: date | None = None
    timezone: str = ""

    @property
    def changes_state(self) -> bool:
        return self.kind in CHANGES


@dataclass(frozen=True, slots=True)
class Unclear:
    """A command whose object is not clear: `question` asks, `choices` are resource ids (or none)."""

    question: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Said:
    text: str
    roadmap: Roadmap
    notes: Notes
    today: date


def understand(text: str, roadmap: Roadmap, notes: Notes, today: date) -> Command | Unclear | None:
    """The command that a text is; None if it is none (a question, a remark, anything unsure).

    Errors: `InputError` for impossible hours or minutes ("I have 200 hours a week").
    """
    said = clean(text)
    if text.rstrip().endswith("?") and not say.ASKED.match(say.POLITE.sub("", said)):
        return None
    said = say.ASKED.sub("", say.POLITE.sub("", said)).strip()
    said = say.POLITE.sub("", said)
    if not said or say.QUESTION.match(said) or len(said) > 300:
        return None
    spoken = _Said(said, roadmap, notes, today)
    return next((found for reader in _READERS if (found := reader(spoken))), None)


# --- readers: one a family of phrases, in order of how sure they are ------------------------------------------------


def _undo(said: _Said) -> Command | None:
    if say.UNDO.match(said.text):
        return Command("undo", "Undo the last change.")
    return None


def _pause(said: _Said) -> Command | Unclear | None:
    if say.RESUME.match(said.text):
        return Command("resume", f"End the pause: study goes on from {said.today}.", first=said.today)
    if not say.PAUSE.search(said.text):
        return None
    day = find_day(said.text, said.today)
    length = find_length(said.text)
    until = say.UNTIL.search(said.text)
    if until and day:
        first, last = said.today, day - timedelta(days=1)
    elif length:
        first = day or said.today
        last = first + timedelta(days=length - 1)
    elif day and "next week" in said.text:
        first, last = day, day + timedelta(days=6)
    else:
        return Unclear("For how long shall the plan pause? For example “pause for two weeks”.")
    if last < first:
        return Unclear(f"The pause would end on {last}, before it begins: until when shall it last?")
    return Command("pause", f"Pause from {first} to {last}.", first=first, last=last)


def _replan(said: _Said) -> Command | None:
    if say.REPLAN.match(said.text):
        return Command("replan", f"Make the plan anew from {said.today}; what is done stays done.")
    return None


def _timezone(said: _Said) -> Command | Unclear | None:
    match = say.TIMEZONE.match(said.text)
    if not match:
        return None
    name = next((zone for zone in available_timezones() if zone.lower() == match[1].replace(" ", "_")), None)
    if name is None:
        return Unclear(f"I know no time zone “{match[1]}”: give a name such as Europe/Berlin.")
    return Command("timezone", f"Set your time zone to {name}.", timezone=name)


def _hours(said: _Said) -> Command | None:
    match = say.HOURS.search(said.text) or say.HOURS_TO.search(said.text)
    if not match or find_names(said.text, said.roadmap):
        return None
    daily = match[2] in ("day", "daily")
    hours = amount(match[1]) * (7 if daily else 1)
    check_hours(hours)
    how = f" ({amount(match[1]):g} a day)" if daily else ""
    return Command("hours", f"Set your time to {hours:g} hours a week{how}.", hours=hours)


def _minutes(said: _Said) -> Command | None:
    match = say.MINUTES.search(said.text)
    if not match or not say.AT_HAND.match(said.text):
        return None
    if find_names(said.text, said.roadmap):
        return None
    minutes = amount(match[1]) * (1 if match[2].startswith("m") else 60)
    check_minutes(minutes)
    return Command("minutes", f"You have {minutes:g} minutes now.", minutes=round(minutes))


def _deadline(said: _Said) -> Command | None:
    match = say.DEADLINE.search(said.text)
    day = find_day(match[1], said.today) if match else None
    if day is None:
        return None
    return Command("deadline", f"Everything is to be done by {day}.", last=day)


def _begin(said: _Said) -> Command | None:
    if not say.BEGIN.match(said.text) or find_names(said.text, said.roadmap):
        return None
    day = find_day(said.text, said.today)
    return Command("start", f"Set the start of your plan to {day}.", first=day) if day else None


def _prefer(said: _Said) -> Command | None:
    if not say.PREFER.search(said.text):
        return None
    wishes: tuple[tuple[str, Prefer, str], ...] = (
        (r"\bfree\b(?! time)", "free", "free resources only"),
        (r"\b(?:code|coding|hands-on|practice|practical)\b", "code", "code first"),
        (r"\btheor(?:y|etical)\b", "theory", "theory first"),
    )
    if find_names(said.text, said.roadmap):
        return None
    for pattern, prefer, words in wishes:
        if re.search(pattern, said.text):
            return Command("prefer", f"Set your preference to {words}.", prefer=prefer)
    return None


def _mark(said: _Said) -> Command | Unclear | None:
    match = say.MARK.match(said.text)
    if not match:
        return None
    word = match[1]
    kind: Kind = "done"
    if word in ("not done", "undone", "not started"):
        kind = "reset"
    elif word in ("started", "begun", "in progress"):
        kind = "started"
    elif word == "skipped":
        kind = "skipped"
    return _about(said, kind)


def _stated(said: _Said) -> Command | Unclear | None:
    families: tuple[tuple[re.Pattern[str], Kind], ...] = (
        (say.SKIP, "skipped"),
        (say.START, "started"),
        (say.DONE, "done"),
    )
    for pattern, kind in families:
        match = pattern.search(said.text)
        if match and not say.NEGATED.search(
            said.text[: match.end() + 12] if kind == "done" else said.text[: match.end()]
        ):
            return _about(said, kind)
    return None


_READERS: tuple[Callable[[_Said], Command | Unclear | None], ...] = (
    _undo,
    _replan,
    _timezone,
    _pause,
    _mark,
    _deadline,
    _hours,
    _prefer,
    _begin,
    _stated,
    _minutes,
)


# --- which resource -------------------------------------------------------------------------------------------------


_DOES: dict[Kind, str] = {
    "done": "Mark {} as done.",
    "started": "Mark {} as in progress.",
    "skipped": "Mark {} as skipped.",
    "reset": "Mark {} as not started.",
}


def _about(said: _Said, kind: Kind) -> Command | Unclear | None:
    because = say.BECAUSE.search(said.text)
    head = said.text[: because.start()] if because and kind == "skipped" else said.text
    names = [name for name in find_names(head, said.roadmap) if not name.alternative]
    if not names:
        return Unclear("Which resource do you mean? Name it as the roadmap does.") if _bare(head) else None
    vague = next((name for name in names if len(name.ids) > 1), None)
    if vague:
        titles = tuple(f"“{_title(said, id)}”" for id in vague.ids)
        return Unclear(f"Which one do you mean: {', '.join(titles[:-1])} or {titles[-1]}?", vague.ids)
    ids = tuple(dict.fromkeys(name.ids[0] for name in names))
    unit = _unit(said, ids, kind)
    if unit is None and say.UNIT.search(_without_names(said, head)):
        return Unclear(f"Which unit of {_title(said, ids[0])} do you mean? Its note lists them.", ids)
    reason = because[1].strip(" .") if because and kind == "skipped" else ""
    what = f"“{unit.title}” of {_title(said, ids[0])}" if unit else joined(tuple(_title(said, id) for id in ids))
    why = f" Reason: {reason}." if reason else ""
    return Command(kind, _DOES[kind].format(what) + why, ids, unit.id if unit else "", reason)


def _bare(text: str) -> bool:
    """Whether the text names nothing at all that could be the object ("I finished it")."""
    return bool(say.BARE.search(text)) and len(text.split()) <= 8


def _without_names(said: _Said, text: str) -> str:
    for name in reversed(find_names(text, said.roadmap)):
        text = text[: name.start] + " " + text[name.end :]
    return text


def _unit(said: _Said, ids: tuple[str, ...], kind: Kind) -> Unit | None:
    match = say.UNIT.search(_without_names(said, said.text))
    if len(ids) != 1 or kind not in ("done", "started", "reset") or not match:
        return None
    units = said.notes.units(ids[0])
    label, number = match[1].replace("ch", "chapter") if match[1] == "ch" else match[1], match[2]
    named = [u for u in units if re.search(rf"\b{label}s?:? 0*{number}\b", u.title.lower())]
    if named:
        return named[0] if len(named) == 1 else None
    numbered = [u for u in units if re.match(rf"^(?:\w+ )?0*{number}\b", u.title.lower())]
    if len(numbered) == 1:
        return numbered[0]
    place = int(number) - 1
    return units[place] if label in ("unit", "part", "lesson", "video") and 0 <= place < len(units) else None


def _title(said: _Said, id: str) -> str:
    resource = said.roadmap.resource(id)
    return resource.title if resource else id


__all__ = ["CHANGES", "Command", "InputError", "Kind", "Unclear", "understand"]
