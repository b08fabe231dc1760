"""The capabilities that change what is stored of a learner: each says what it understood, and can be undone.

Nothing is written on a guess: where the wish is not sure, or its object not clear, the answer asks, with buttons that
say it plainly. A message that hedges ("nearly", "half", "my flatmate") marks nothing as done.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import reduce
from typing import cast
from zoneinfo import available_timezones

from assistant.answers import Answer, Choice, Part
from assistant.handling import HANDLERS, Context, handles, notice
from assistant.language.durations import NUMBER, amount, spoken
from assistant.language.message import Parsed
from assistant.language.negation import is_ruled_out
from assistant.questions import ids_in
from assistant.recommendation.curriculum import load_rules, slots_of
from assistant.recommendation.progress import InputError, Prefer, check_hours
from assistant.recommendation.reasons import counted, listed
from assistant.roadmap_answers.citations import Sheet
from assistant.store.errors import NothingToUndo
from assistant.study.change import Change, Kind, Unclear
from assistant.study.learner import apply
from assistant.study.planned import Pause
from assistant.study_answers import sentences
from assistant.study_answers.objects import objects_of
from assistant.study_answers.parts import parts_alone
from assistant.text.markdown import escaped
from corpus.roadmap import Weeks

_NUMBER_OF_WEEK = re.compile(r"\bweek\b\D{0,20}\b(\d{1,3})\b")
"""A week by its number alone: "set my week to 12"."""

UNDO_HINT = "Say “undo that” to take it back."
MOST_HOURS_SPENT = 100

_ELSE = (
    r"(?:my|her|his|our|their|a) (?:\w+ )?(?:friend|flatmate|roommate|brother|sister|wife|husband|colleague|boss|son|"
    r"daughter|cousin|mate|buddy|team|girlfriend|boyfriend|study group)"
)
HEDGED = re.compile(
    r"\b(?:not|never|haven't|hasn't|isn't|didn't|don't|won't|can't|cannot|couldn't|wasn't|"
    r"nothing|hardly|barely|almost|nearly|halfway|half ?way|if|once i|until i|unless|"
    r"i think|i guess|maybe|perhaps|probably|"
    r"wish|hope(?:fully)?|should|would|could|might|want|plan(?:ning)?|going to|gonna|will|tomorrow|someday|pretend|"
    rf"{_ELSE})\b"
)
"""Words with which nothing is marked as done without a question."""

NOT_TOLD = re.compile(
    r"^(?:and |but |so )?(?:if|what if|(?:let'?s |let us )?say|suppose|imagine|assuming|compare|he|she|they|"
    rf"{_ELSE})\b(?!,)"
    r"|\b(?:might|not sure|undecided|not decided|haven't decided|would (?:the|my|it|that|everything))\b"
    r"|^(?:can|could) (?:you|i|we|one)\b.*\bor\b"
    r"|\b(?:don't|do not|never) (?:skip|drop|mark|leave|remove|pause|stop|move|push|set|change)\b"
)
"""What is supposed ("if I start on Monday"), weighed ("I might pause"), asked ("can you undo this or only that"), told
of somebody else, or wished not to happen: never written unasked."""
_STILL_OPEN = re.compile(r"\b(?:not|isn't|haven't|never) (?:\w+ )?(?:finished|done|completed?|through)\b")
"""What is no hedge of a thing that is under way: "begun, not finished"."""

_DOES: dict[Kind, str] = {
    "done": "Mark {} as done.",
    "started": "Mark {} as in progress.",
    "skipped": "Mark {} as skipped.",
    "reset": "Mark {} as not started.",
}
_WRITTEN_BY: dict[Kind, str] = {
    "done": "mark_done",
    "started": "mark_started",
    "spent": "mark_started",
    "skipped": "mark_skip",
    "hours": "set_pace",
    "start": "set_pace",
    "pause": "pause",
    "prefer": "set_preference",
    "week": "set_week",
}
"""The capability that does what a button of the question "Shall I?" says: a click is no guess."""
_PLAIN: dict[Kind, str] = {
    "done": "Mark {} as done",
    "started": "Mark {} as in progress",
    "skipped": "Mark {} as skipped",
    "reset": "Mark {} as not done",
}
"""The plain wording of each: what a button sends."""

_BECAUSE = re.compile(
    r"\b(?:because|since|as(?= (?:i|i'm|i've|it|it's|we|my|they|that|there)\b)) (.{2,80})$"
    r"|,? (too (?:pricey|expensive|hard|easy|long|boring))\b"
)
_INSTEAD = re.compile(r"\b(?:instead of|rather than)\b")
FORMATS = {
    "book": r"\b(?:books?|read(?:ing)?|text)\b",
    "video": r"\b(?:videos?|lectures?|watch(?:ing)?|youtube|visual)\b",
    "course": r"\bcourses?\b",
    "interactive": r"\b(?:interactive|notebooks?|exercises|quizzes)\b",
}
"""The formats of the curriculum as people say them."""
_WISHES: tuple[tuple[str, Prefer, str], ...] = (
    (
        r"\bfree\b(?! time)|\b(?:no|without|zero) (?:money|cost|budget|paying)\b|\bcosts? nothing\b",
        "free",
        "free resources only",
    ),
    (r"\b(?:code|coding|hands ?-?on|practice|practical|doing|build(?:ing)?|projects?)\b", "code", "code first"),
    (r"\b(?:theor(?:y|etical)|understand)\b", "theory", "theory first"),
)
_PAID_TOO = re.compile(
    r"\b(?:paid|pay(?:ing)?|money|costs?)\b.{0,99}"
    r"\b(?:fine|ok(?:ay)?|too|no (?:object|problem|issue)|welcome|allowed)\b|\bmoney is no\b"
)
_DISLIKED = re.compile(
    r"\b(?:hate|can'?t (?:stand|bear|do)|don'?t like|dislike|sick of|bored of|tired of|no more|fall asleep)\b"
)
_OVER = re.compile(r"\b(?:over|to|than|instead of|not|rather than|no more|instead)\b")
_BEFORE = re.compile(r"\b(?:was|were|been|had|lost|missed|ago)\b|\blast (?:week|weekend|month|year|monday|friday)\b")
LONGEST_UNASKED = 366
"""Days of a pause that is told without a year."""
FAR = 120
"""Days that a pause, told without a year, hardly lies back."""
Days = tuple[date, date]
_AWAY_FROM = re.compile(r"\b(?:from|starting|beginning|between|on|in|next|this)\b|\d ?(?:-|–) ?\d")
"""Tells when a pause begins."""
_ONLY = re.compile(r"\b(?:only|just) (?:the|my|half|lessons?|chapters?|units?|parts?|weeks?|\d)")
"""Tells what of a change was right."""
_ANOTHER = re.compile(r"\b(?:another|also|again|too|and|besides|plus|as well|second|more)\b")
"""Tells of a pause beside the one that was set."""
_SOME_WEEK = re.compile(r"\b(?:this|next) (?:week|weekend)\b")
_ZONE = re.compile(r"\b([a-z]+/[a-z_]+(?:/[a-z_]+)?|utc|gmt)\b")
BEGINS = re.compile(r"\b(?:start(?:ed|ing)?|begin(?:ning)?|began|begun|first day|kick(?:ed)? off|day one)\b")
_PAST = re.compile(r"\b(?:was|were|been|had|did|started|began|begun|ago|last|since)\b")
_HOURS_NUMBER = re.compile(
    rf"\bhours (?:(?:a|per|each) week )?(?:(?:to|at|is|are|should be) )?(?:now )?{NUMBER}(?: now| please)?$"
)
_DOUBLE = ((re.compile(r"\bdoubl"), 2.0), (re.compile(r"\bhal(?:f|ve)\b"), 0.5))


@handles("mark_done")
def mark_done(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """ "I finished fast.ai", "weeks 3 and 4 are behind me"."""
    if HEDGED.search(parsed.said):
        return _asks_first(parsed, context, "done")
    return _mark(parsed, context, "done")


@handles("mark_started")
def mark_started(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """ "I started fast.ai", "two hours of Géron tonight"."""
    if HEDGED.search(_STILL_OPEN.sub(" ", parsed.said)):
        return _asks_first(parsed, context, "started")
    if parsed.minutes is not None:
        return _spent(parsed, context)
    return _mark(parsed, context, "started")


@handles("mark_skip")
def mark_skip(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """ "Drop the Duke course"; "Coursera instead of fast.ai" leaves out the other one of the pair."""
    if change := _instead(parsed, context):
        return write(parsed, context, change)
    return _mark(parsed, context, "skipped")


@handles("undo")
def undo(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """Takes the last change back; where a resource is named, its mark."""
    before = context.memory.capability
    if context.memory.wrote and before != capability and _ONLY.search(parsed.said):  # "oops, only the first lesson"
        return HANDLERS[before](parsed, replace(context, amends=True), before)
    alone = parts_alone(parsed, context.roadmap.resources, context.notes)
    if (parsed.rows and not parsed.referred) or alone:
        return _mark(parsed, context, "reset")
    if place := () if parsed.referred else parsed.own.spans:  # "week 3 is not done" is not about the last change
        return _unmark(parsed, context, place)
    again = (Choice("Undo it", "Undo that", capability),)
    if not context.sure or NOT_TOLD.search(parsed.said):
        return notice(parsed, "Shall I take the last change back?", choices=again)
    if since := _changed_since(context):
        asks = f"Something else was changed since: {escaped(_lower(since))} Shall I take that back first?"
        return notice(parsed, asks, choices=again)
    try:
        said = context.companion.undo(context.person)
    except NothingToUndo as error:
        return notice(parsed, f"{str(error)[:1].upper()}{str(error)[1:]}")
    return Answer(parsed.text, (Part("notice", f"Taken back: {escaped(said)}"),), changes=(f"Taken back: {said}",))


def _changed_since(context: Context) -> str:
    """What another tab has changed after the answer that "that" points to; "" where nothing was."""
    memory = context.memory
    if not (memory.wrote and UNDO_HINT in memory.text):
        return ""
    last = context.companion.last_said(context.person)
    return "" if escaped(_lower(last)) in memory.text else last


def _unmark(parsed: Parsed, context: Context, place: tuple[Weeks, ...]) -> Answer:
    """Takes the marks of what lies in the weeks that are named, if any are there."""
    progress = context.companion.progress(context.person)
    marked = set(ids_in(place, context.roadmap)) & (progress.done | progress.in_progress | progress.skipped)
    if not marked:
        return notice(parsed, f"Nothing of {listed(map(str, place))} is marked, so nothing was changed.")
    return _mark(parsed, context, "reset")


@handles("set_pace")
def set_pace(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """ "Only 5 hours a week from now on", "I start on 4 January"; both in one sentence, too."""
    changes: list[Change] = []
    begins = BEGINS.search(parsed.said)
    day = parsed.day(past=bool(_PAST.search(parsed.said)))
    if parsed.pace is None and parsed.minutes is not None and _SOME_WEEK.search(parsed.said):
        return _every_week(parsed)
    if (hours := hours_of(parsed, context)) is not None:
        check_hours(hours[0])
        if day and day > context.today and not begins and context.learner.start:
            return _not_yet(parsed, hours[0], day)
        daily = f" ({hours[1]})" if hours[1] else ""
        changes.append(Change("hours", f"Set your time to {counted(hours[0], 'hour')} a week{daily}.", hours=hours[0]))
    if day is not None and (begins or not changes or day > context.today):
        changes.append(Change("start", f"Set the start of your plan to {day}.", first=day))
    if parsed.impossible_day:
        return notice(parsed, f"There is no {parsed.impossible_day}: which day is meant?")
    if not changes:
        return notice(
            parsed, "How many hours a week, or from which day? For example “6 hours a week” or “I start on Monday”."
        )
    return write(parsed, context, *changes)


@handles("set_preference")
def set_preference(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """ "Only free stuff", "code before theory", "I learn by watching"."""
    change = _preference(parsed) or _as_learnt(context.kind)
    if change is None:
        return notice(
            parsed,
            "What suits you? I can keep: free only (or paid too), code first or theory first, and books, videos, "
            "courses or notebooks where two would do.",
        )
    return write(parsed, context, change)


@handles("set_week")
def set_week(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """ "I am in week 14": what ends before that week counts as known, here and on every page."""
    weeks, every = parsed.asked.weeks, context.roadmap.weeks
    numbers = {int(number) for number in _NUMBER_OF_WEEK.findall(parsed.said)}
    if len(numbers) == 1 and not (weeks and weeks.overlaps(Weeks(*numbers, *numbers))):
        weeks = Weeks(*numbers, *numbers)  # "set my week to 12", "everything before week 9 is known"
    if parsed.asked.missing or (weeks and weeks.first not in every):
        return notice(parsed, f"The roadmap has {every}: which of them are you in?")
    if weeks is None or weeks.first != weeks.last:
        return notice(parsed, f"Which week of the roadmap are you in? For example “I am in week {every.last // 4}”.")
    said = f"Set your week to {weeks.first}: what ends before it counts as known."
    answer = write(parsed, context, Change("week", said, week=weeks.first))
    reached = context.companion.week(context.person, context.now) if answer.changes else None
    if reached is None or reached <= weeks.first:
        return answer
    told = f"What you have marked as done reaches week {reached}, so that is your week."
    return replace(answer, parts=(*answer.parts, Part("notice", told)))


@handles("pause")
def pause(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """ "Away from the 1st to the 14th of February", "flu", "I was ill for two weeks"."""
    context = _lengthening(parsed, context, capability)
    earlier = _amended(context) if context.amends and not _AWAY_FROM.search(parsed.said) else None
    begins = earlier.first if earlier else context.today
    days = _days_away(replace(parsed, clock=lambda: begins), begins)
    days = (begins, days[1]) if earlier and days else days
    if parsed.impossible_day:
        return notice(parsed, f"There is no {parsed.impossible_day}: from when until when shall the plan pause?")
    if days is None:
        return Answer(
            parsed.text,
            (Part("notice", "For how long shall the plan pause? For example “pause for two weeks”."),),
            choices=tuple(Choice(label, f"Pause for {label.lower()}") for label in ("3 days", "1 week", "2 weeks")),
        )
    first, last = days
    if last < first:
        return notice(
            parsed, f"The pause from {first} would end on {last}, before it begins: until when shall it last?"
        )
    if (last - first).days > LONGEST_UNASKED and not re.search(r"\b(?:19|20|21)\d\d\b|\byears?\b", parsed.said):
        return notice(
            parsed,
            f"That would be a pause of more than a year, from {first} to {last}: say it with the year if you mean it.",
        )
    return write(parsed, context, Change("pause", f"Pause from {first} to {last}.", first=first, last=last))


def _lengthening(parsed: Parsed, context: Context, capability: str) -> Context:
    """After a pause was set, another end or another length is that pause's: "make it two weeks", "until the 14th"."""
    memory = context.memory
    told_alone = memory.capability == capability and memory.wrote and not _AWAY_FROM.search(parsed.said)
    return replace(context, amends=True) if told_alone and not _ANOTHER.search(parsed.said) else context


def _amended(context: Context) -> Pause | None:
    """The pause that the last change set."""
    before = context.companion.before(context.person).pauses
    return next((pause for pause in context.learner.pauses if pause not in before), None)


@handles("postpone")
def postpone(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """ "Push everything back by a month": a pause of that length from today, or a later start."""
    start, length, day = context.learner.start, parsed.length, parsed.day()
    if day and BEGINS.search(parsed.said):
        return write(parsed, context, Change("start", f"Set the start of your plan to {day}.", first=day))
    if start and start > context.today:
        later = start + timedelta(days=length) if length else day
        if later:
            return write(parsed, context, Change("start", f"Set the start of your plan to {later}.", first=later))
    if length:
        last = context.today + timedelta(days=length - 1)
        said = f"Push everything back by {counted(length, 'day')}: pause from {context.today} to {last}."
        return write(parsed, context, Change("pause", said, first=context.today, last=last))
    if day and day > context.today:
        last = day - timedelta(days=1)
        return write(parsed, context, Change("pause", f"Pause until {last}.", first=context.today, last=last))
    return Answer(
        parsed.text,
        (Part("notice", "By how much shall everything move? For example “push everything back by a week”."),),
        choices=tuple(Choice(f"By {by}", f"Push everything back by {by}") for by in ("a week", "two weeks", "a month")),
    )


@handles("resume")
def resume(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """ "I'm back", "I'll be back on the 8th already"."""
    if not context.learner.pauses:
        next_part = sentences.next_part(
            context.companion, context.companion.next(context.person, context.now), sheet := Sheet(context.roadmap)
        )
        return sheet.answer(
            parsed.text, [Part("notice", "Welcome back. Your plan has no pause, so it goes on as it is."), next_part]
        )
    day = max(parsed.day() or context.today, context.today)
    return write(parsed, context, Change("resume", f"End the pause: study goes on from {day}.", first=day))


@handles("timezone")
def timezone(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """ "My time zone is Europe/Berlin", "I live in Lisbon"."""
    name = _zone(parsed.said)
    if name is None:
        return notice(parsed, "Which time zone? Give its name, such as Europe/Berlin or America/New_York.")
    return write(parsed, context, Change("timezone", f"Set your time zone to {name}.", timezone=name))


@handles("remark")
def remark(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """What is told and not to be noted: says so, and how it would be."""
    rows = parsed.rows[:1]
    text = "Noted nothing: that does not sound finished."
    if not rows:
        return notice(parsed, f"{text} Tell me when something is done, and I mark it.")
    title = rows[0].title
    choices = (
        Choice("It is done", _PLAIN["done"].format(title)),
        Choice("It is under way", _PLAIN["started"].format(title)),
    )
    return notice(parsed, f"{text} When it is, say “Mark {escaped(title)} as done”.", choices=choices)


def _every_week(parsed: Parsed) -> Answer:
    """ "I only have 4 hours this week" may change the pace, or not."""
    time = spoken(parsed.minutes or 0)
    choices = (Choice(f"{time} every week", f"I have {time} a week"), Choice("Only this one", f"I have {time}"))
    return notice(parsed, "Every week, or only this one?", choices=choices)


def _not_yet(parsed: Parsed, hours: float, day: date) -> Answer:
    """ "10 hours a week from May on", told in March by one who has begun."""
    choice = Choice("From today on", f"I have {counted(hours, 'hour')} a week")
    return notice(
        parsed,
        f"A new pace counts from the day on which it is told: tell me on {day}, or take it from today. "
        "Nothing is changed yet.",
        choices=(choice,),
    )


# --- doing it ---------------------------------------------------------------------------------------------------------


def _mark(parsed: Parsed, context: Context, kind: Kind) -> Answer:
    found = objects_of(parsed, context, kind)
    if isinstance(found, Unclear):
        return _asks(parsed, context, found, _PLAIN[kind])
    told = _BECAUSE.search(parsed.said) if kind == "skipped" else None
    reason = next((g.strip(" .") for g in told.groups() if g), "") if told else ""
    if kind == "skipped" and not reason and re.search(r"\bknow\b", parsed.said):
        reason = "known already"
    because = f" Reason: {reason}." if reason else ""
    changes = (Change(kind, _DOES[kind].format(one.what) + because, one.ids, one.units, reason) for one in found.each)
    return write(parsed, context, *changes)


def _spent(parsed: Parsed, context: Context) -> Answer:
    found, minutes = objects_of(parsed, context, "started"), parsed.minutes or 0
    plainly = f"I did {spoken(minutes)} of {{}}"
    if isinstance(found, Unclear):
        if not parsed.rows:
            found = Unclear("On which resource was that? For example “I did 2 hours of fast.ai”.", found.choices)
        return _asks(parsed, context, found, plainly)
    ids = tuple(id for one in found.each for id in one.ids)
    if len(ids) > 1:
        return _asks(parsed, context, Unclear("On which of them was that?", ids), plainly)
    if not 1 <= minutes <= MOST_HOURS_SPENT * 60:
        raise InputError(f"{spoken(minutes)} of study cannot be kept: give 1 minute to {MOST_HOURS_SPENT} hours.")
    said = f"Note {spoken(minutes)} of study on {found.what}."
    return write(parsed, context, Change("spent", said, ids, found.units, minutes=minutes))


def write(parsed: Parsed, context: Context, *changes: Change) -> Answer:
    """Does the changes and says what they are and what moves; where the wish is not sure, asks first."""
    if not context.sure or NOT_TOLD.search(parsed.said):
        return _doubted(parsed, context, changes)
    companion, now, person = context.companion, context.now, context.person
    plan, before = companion.plan(person, now), companion.learner(person)
    said = " ".join(change.understood for change in changes)
    notes = companion.notes

    after = companion.change(
        person,
        said,
        lambda it: reduce(lambda to, change: apply(to, change, notes, now), changes, it),
        now,
        amends=context.amends,
    )
    ids = tuple(id for change in changes for id in change.resources)
    if after == before:
        text = f"Understood: {escaped(_lower(said))} That is so already, nothing changed."
        return Answer(parsed.text, (Part("notice", text),), resources=ids)
    sheet = Sheet(context.roadmap)
    parts = [Part("notice", f"Understood: {escaped(_lower(said))} {UNDO_HINT}")]
    parts.append(Part("notice", sentences.moved_text(companion, after, plan, now)))
    left_out = [id for change in changes if change.kind == "skipped" for id in change.resources]
    if left_out and context.alone:
        parts.append(Part("notice", escaped(sentences.left_out_text(companion, person, left_out, now))))
    if any(change.kind == "done" for change in changes) and context.alone:
        parts.append(sentences.next_part(companion, companion.next(person, now), sheet))
    written = tuple(change.understood for change in changes)
    return replace(sheet.answer(parsed.text, parts, resources=ids), changes=written)


def _doubted(parsed: Parsed, context: Context, changes: tuple[Change, ...]) -> Answer:
    """The question whether it is to be written, with a button that says it plainly."""
    said = " ".join(change.understood for change in changes)
    choices = tuple(
        Choice(change.understood.rstrip("."), _plainly(change, context), _WRITTEN_BY.get(change.kind, ""))
        for change in changes
    )
    return notice(parsed, f"Shall I? {escaped(said)} Nothing is changed yet.", choices=choices[:3])


def _plainly(change: Change, context: Context) -> str:
    """A wording of the change that cannot be taken for anything else."""
    if change.kind in _PLAIN and change.resources and not change.units:
        return _PLAIN[change.kind].format(listed(context.roadmap.title_of(id) for id in change.resources))
    if change.kind == "hours" and change.hours is not None:
        return f"I have {counted(change.hours, 'hour')} a week"
    if change.kind == "start":
        return f"I start on {change.first}"
    if change.kind == "pause":
        return f"Pause from {change.first} to {change.last}"
    if change.kind == "week":
        return f"Set my week to week {change.week}"
    if change.kind == "prefer":
        wish = change.prefer or listed(f"{name}s" for name in change.formats)
        return (
            "Paid resources are fine"
            if change.paid_too
            else f"I prefer {wish}{' first' if change.prefer in ('code', 'theory') else ''}"
        )
    if change.kind == "spent":
        return f"I did {spoken(change.minutes or 0)} of {context.roadmap.title_of(change.resources[0])}"
    return change.understood.rstrip(".")


def _asks(parsed: Parsed, context: Context, unclear: Unclear, plainly: str) -> Answer:
    """The question back, with a button for each row that may be meant. plainly: what it sends, {} for the row."""
    titles = [context.roadmap.title_of(id) for id in unclear.choices][:3]
    choices = tuple(Choice(title, plainly.format(title)) for title in titles)
    return Answer(parsed.text, (Part("notice", escaped(unclear.question)),), resources=unclear.choices, choices=choices)


def _asks_first(parsed: Parsed, context: Context, kind: Kind) -> Answer:
    """For a message that hedges: nothing is noted, and one click notes it."""
    rows = parsed.rows
    if len(rows) != 1:
        what, said = ("is finished", "finished") if kind == "done" else ("is begun", "started")
        return notice(parsed, f"Noted nothing: I mark only what {what}. Say “I {said}” and its name when it is.")
    title = rows[0].title
    choices = [Choice(f"{title} is done", _PLAIN["done"].format(title))] if kind == "done" else []
    choices.append(Choice("It is under way", _PLAIN["started"].format(title)))
    text = f"Noted nothing: that sounds as if {escaped(title)} were not there yet."
    return Answer(parsed.text, (Part("notice", text),), resources=(rows[0].id,), choices=tuple(choices))


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


# --- what is meant ----------------------------------------------------------------------------------------------------


def _instead(parsed: Parsed, context: Context) -> Change | None:
    """ "Coursera instead of fast.ai": the one of a pair that is not taken is skipped."""
    match, names = _INSTEAD.search(parsed.said), parsed.reading.names
    if not match or len(names) != 2 or not names[0].start < match.start() < names[1].start:
        return None
    for slot in slots_of(context.roadmap):
        taken, left = (set(name.ids) & slot.ids for name in names)
        if len(taken) == len(left) == 1 and taken != left:
            (one,), (other,) = taken, left
            reason = f"{context.roadmap.title_of(one)} instead"
            said = f"Leave out {context.roadmap.title_of(other)}: {reason}."
            return Change("skipped", said, (other,), reason=reason)
    return None


def hours_of(parsed: Parsed, context: Context) -> tuple[float, str] | None:
    """Hours a week; an amount alone is meant a week, and so is a number for them ("set my hours to 12"); "half",
    "double" count from what is set."""
    if parsed.pace:
        return parsed.pace
    if parsed.minutes is not None:
        return parsed.minutes / 60, ""
    if number := _HOURS_NUMBER.search(parsed.said):
        return amount(number[1]), ""
    factor = next((factor for pattern, factor in _DOUBLE if pattern.search(parsed.said)), None)
    return (context.learner.hours * factor, "") if factor else None


def _preference(parsed: Parsed) -> Change | None:
    pieces = re.split(r"[,;.]| but(?! videos?| books?| courses?)\b| and ", parsed.said)
    wanted = " ".join(_OVER.split(piece)[0] for piece in pieces if not _DISLIKED.search(piece))
    if _PAID_TOO.search(parsed.said):
        return Change("prefer", "Take what costs money too.", paid_too=True)
    (free, choice, words), *orders = _WISHES
    if _wanted(free, parsed.said):
        return Change("prefer", f"Set your preference to {words}.", prefer=choice)
    for pattern, choice, words in orders:
        if _wanted(pattern, wanted):
            return Change("prefer", f"Set your preference to {words}.", prefer=choice)
    if formats := _formats(parsed.said, wanted):
        return Change("prefer", f"Where two would do, take what comes as {listed(formats)}.", formats=formats)
    unwanted = [number for number, (pattern, _, _) in enumerate(orders) if re.search(pattern, parsed.said)]
    if len(unwanted) == 1:  # "no maths please"
        _, choice, words = orders[1 - unwanted[0]]
        return Change("prefer", f"Set your preference to {words}.", prefer=choice)
    return None


def _as_learnt(kind: str) -> Change | None:
    """What the examples tell of a wording that names no order, price or format: "maths was never my thing"."""
    words = {choice: words for _, choice, words in _WISHES}
    if kind in words:
        return Change("prefer", f"Set your preference to {words[cast('Prefer', kind)]}.", prefer=cast("Prefer", kind))
    if kind in load_rules().formats:
        return Change("prefer", f"Where two would do, take what comes as {kind}.", formats=(kind,))
    return Change("prefer", "Take what costs money too.", paid_too=True) if kind == "paid-too" else None


def _wanted(pattern: str, text: str) -> bool:
    """Whether a thing is named that is not ruled out in the same breath."""
    return any(not is_ruled_out(text, match.span()) for match in re.finditer(pattern, text))


def _formats(said: str, wanted: str) -> tuple[str, ...]:
    """The formats that are wished for; where some are only ruled out ("no videos please"), all the others."""
    liked = tuple(name for name, pattern in FORMATS.items() if _wanted(pattern, wanted))
    if liked:
        return liked
    disliked = {name for name, pattern in FORMATS.items() if re.search(pattern, said)}
    return tuple(name for name in FORMATS if name not in disliked) if disliked else ()


def _days_away(parsed: Parsed, today: date) -> tuple[date, date] | None:
    """First and last day of a pause: both named, until a day, for a length, or a week or day by its name."""
    past = bool(_BEFORE.search(parsed.said))
    text = parsed.said
    if parsed.reversed_days:
        return parsed.reversed_days
    if both := _nearest(parsed.days(past=past), parsed.days(), today):
        until = re.search(r"\b(?:until|till|til|back (?:on|in|by))\b", text)
        if until and both[0] == both[1] and both[0] > today:
            return today, both[0] - timedelta(days=1)
        if parsed.length is None or both[0] != both[1]:
            return both
    day, length = parsed.day(past=past), parsed.length
    if length and past and day is None:
        return today - timedelta(days=length), today - timedelta(days=1)
    if length:
        first = day or today
        return first, first + timedelta(days=length - 1)
    if day and day > today and re.search(r"\b(?:until|till|til|through|back)\b", text):
        return today, day - timedelta(days=1)
    if past and day and re.search(r"\bsince\b", text):
        return day, today
    return (day, day) if day else None


def _nearest(told: Days | None, ahead: Days | None, today: date) -> Days | None:
    """The days as the tense has them, unless that lies far back and the coming ones are near."""
    if told and ahead and (today - told[1]).days > FAR and (ahead[0] - today).days < FAR:
        return ahead
    return told


def _zone(text: str) -> str | None:
    """The zone whose name, or whose city, stands in the text."""
    zones = available_timezones()
    named = _ZONE.search(text)
    exact = next((zone for zone in zones if named and zone.lower() == named[1]), None)
    words = " ".join(re.findall(r"[a-z]+", text))
    cities = sorted((zone for zone in zones if "/" in zone), key=lambda zone: (zone.count("/"), zone))
    return exact or next((z for z in cities if f" {z.split('/')[-1].lower().replace('_', ' ')} " in f" {words} "), None)
