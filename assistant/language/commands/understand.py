"""What a learner says about their progress -> a typed command, with what was understood. Pure.

"I finished fast.ai", "mark the Linux refresher as skipped", "I have 5 hours a week", "pause for two
weeks", "undo that". Questions and everything else give None: nothing changes on a guess. What may mean
several things gives `Unclear` with the choices. What is marked is read by `commands.markings`. Knows nothing of
storage.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import available_timezones

from assistant.language.commands import sayings as say
from assistant.language.commands.markings import Said, instead, marked, spent, stated
from assistant.language.dates import find_day, find_length, find_range, find_stretch
from assistant.language.durations import amount, find_minutes, find_pace, spoken
from assistant.language.week_reader import clean
from assistant.study.change import Command, Kind, Unclear
from assistant.study.progress import Prefer, check_hours, check_minutes
from assistant.study.reasons import joined
from corpus.notes import Notes
from corpus.roadmap import Roadmap

__all__ = ["Command", "Kind", "Unclear", "understand"]


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
    read = Said(said, roadmap, notes, today)
    return next((found for reader in _READERS if (found := reader(read))), None)


# --- readers: one a family of phrases, in order of how sure they are ------------------------------------------------


def _undo(said: Said) -> Command | None:
    return Command("undo", "Undo the last change.") if say.UNDO.match(said.text) else None


def _replan(said: Said) -> Command | None:
    if say.REPLAN.match(said.text):
        return Command("replan", f"Make the plan anew from {said.today}; what is done stays done.")
    return None


def _timezone(said: Said) -> Command | Unclear | None:
    match = say.TIMEZONE.match(said.text)
    if not match:
        return None
    name = next((zone for zone in available_timezones() if zone.lower() == match[1].replace(" ", "_")), None)
    if name is None:
        return Unclear(f"I know no time zone “{match[1]}”: give a name such as Europe/Berlin.")
    return Command("timezone", f"Set your time zone to {name}.", timezone=name)


def _pause(said: Said) -> Command | Unclear | None:
    if say.RESUME.match(said.text):
        return Command("resume", f"End the pause: study goes on from {said.today}.", first=said.today)
    past = bool(say.WAS_AWAY.search(said.text))
    if not (past or say.PAUSE.search(said.text)) or said.names(said.text):
        return None
    days = _days_away(said, past)
    if days is None:
        return Unclear("For how long shall the plan pause? For example “pause for two weeks”.")
    first, last = days
    if last < first:
        return Unclear(f"The pause would end on {last}, before it begins: until when shall it last?")
    return Command("pause", f"Pause from {first} to {last}.", first=first, last=last)


def _days_away(said: Said, past: bool) -> tuple[date, date] | None:
    """First and last day of a pause: both named, until a day, for a length, or a week or day by its name."""
    text, today = said.text, said.today
    if both := find_range(text, today):
        return both
    day, length = find_day(text, today, past=past), find_length(text)
    if day and say.UNTIL.search(text):
        return today, day - timedelta(days=1)
    if past and day and say.SINCE.search(text):
        return day, today
    if length and past and day is None:
        return today - timedelta(days=length), today - timedelta(days=1)
    if length:
        first = day or today
        return first, first + timedelta(days=length - 1)
    return find_stretch(text, today, past=past)


def _hours(said: Said) -> Command | None:
    pace, set_to = find_pace(said.text), say.HOURS_TO.match(said.text)
    if not (pace or set_to) or not say.MINE.match(said.text) or said.names(said.text):
        return None
    hours, daily = pace or (amount(set_to[1]) if set_to else 0.0, "")
    check_hours(hours)
    return Command("hours", f"Set your time to {hours:g} hours a week{f' ({daily})' if daily else ''}.", hours=hours)


def _minutes(said: Said) -> Command | Unclear | None:
    minutes = find_minutes(said.text)
    if minutes is None or not say.AT_HAND.match(said.text) or said.names(said.text):
        return None
    if say.SOME_WEEK.search(said.text):
        time = spoken(minutes)
        return Unclear(
            f"Every week, or only this one? “I have {time} a week” changes your pace; "
            "“I have 40 minutes” shows what fits now."
        )
    check_minutes(minutes)
    day = find_day(said.text, said.today)
    later = day if day and day > said.today else None
    when = f"on {later}" if later else "now"
    return Command("minutes", f"You have {minutes:g} minutes {when}.", minutes=round(minutes), first=later)


def _deadline(said: Said) -> Command | None:
    match, left = say.DEADLINE.search(said.text), say.TIME_LEFT.match(said.text)
    words = match[1] if match else f"in {left['length']}" if left else ""
    day = find_day(words, said.today)
    if day is None:
        return None
    ids = tuple(dict.fromkeys(name.ids[0] for name in said.names(said.text) if len(name.ids) == 1))
    what = joined(tuple(said.title(id) for id in ids)) if ids else "Everything"
    return Command("deadline", f"{what} {'are' if len(ids) > 1 else 'is'} to be done by {day}.", ids, last=day)


def _begin(said: Said) -> Command | None:
    match = say.BEGIN.match(said.text)
    if not match or said.names(said.text):
        return None
    day = find_day(said.text, said.today, past=bool(say.BEGAN.search(match[0])))
    return Command("start", f"Set the start of your plan to {day}.", first=day) if day else None


def _prefer(said: Said) -> Command | None:
    if say.PAID_TOO.search(said.text):
        return Command("prefer", "Take what costs money too.", paid_too=True)
    if not say.PREFER.search(said.text) or said.names(said.text):
        return None
    wishes: tuple[tuple[str, Prefer, str], ...] = (
        (r"\bfree\b(?! time)", "free", "free resources only"),
        (r"\b(?:code|coding|hands-on|practice|practical)\b", "code", "code first"),
        (r"\btheor(?:y|etical)\b", "theory", "theory first"),
    )
    for pattern, prefer, words in wishes:
        if re.search(pattern, said.text):
            return Command("prefer", f"Set your preference to {words}.", prefer=prefer)
    wanted = say.OVER.split(said.text)[0]
    formats = tuple(name for name, pattern in say.FORMATS.items() if re.search(pattern, wanted))
    if not formats:
        return None
    return Command("prefer", f"Where two would do, take what comes as {joined(formats)}.", formats=formats)


_READERS: tuple[Callable[[Said], Command | Unclear | None], ...] = (
    _undo,
    _replan,
    _timezone,
    _pause,
    instead,
    marked,
    _deadline,
    _hours,
    spent,
    _prefer,
    _begin,
    stated,
    _minutes,
)
