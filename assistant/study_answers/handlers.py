"""The capabilities that need the learner and change nothing: next step, plan, progress, pace, readiness, reviews.

Of one of whom nothing is stored, what can be said without a start date is said, with what to tell for the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from assistant.answers import Answer, Choice, Part
from assistant.handling import HANDLERS, OTHER, Context, handles, notice
from assistant.language.learning.table import the
from assistant.language.message import Parsed
from assistant.questions import ids_in
from assistant.recommendation.readiness import can_skip
from assistant.recommendation.reasons import counted
from assistant.recommendation.recommend import Recommendation
from assistant.roadmap_answers.citations import Sheet
from assistant.roadmap_answers.rows import answer_from_roadmap
from assistant.study.change import Change
from assistant.study.replan import must_end_by
from assistant.study_answers import changes, goals, history, quiz, sentences, situations
from assistant.study_answers.parts import cards_of, parts_alone
from assistant.text.markdown import escaped
from corpus.roadmap import Resource

MOST_MINUTES = 24 * 60
_DID = re.compile(
    r"\b(?:what|which)\b.{0,99}\b(?:did|have) i\b|\b(?:did|have) i\b.{0,99}\b(?:do|done|finish|study|studied)\b"
)
_BEGINS = re.compile(r"\b(?:start|begin|reach|get to|come to|arrive|hit|land in|see|meet)\b")
_ASKS_WHICH = re.compile(r"\b(?:what|which|anything|something|things|parts)\b")
_HELPED = "Say “I start on {}” (or another day) and how many hours a week you have, then I count from there."


@handles("next_step")
def next_step(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """The one next step; for a day or days that are named, what the plan holds for them."""
    if parsed.minutes is not None and parsed.minutes <= MOST_MINUTES:
        return fit_time(parsed, context, capability)
    follows = bool(parsed.asked.spans or parsed.asked.missing) and not context.memory.wrote
    if not context.is_known and (follows or context.week is not None):
        return HANDLERS[the("place")](parsed, context, the("place"))
    sheet = Sheet(context.roadmap)
    days = parsed.days()
    if days and context.is_known:
        return show_plan(parsed, context, capability)
    found = _recommended(context)
    if context.kind == OTHER and found.resource and context.memory.capability == capability:
        return _instead(parsed, context, found)
    return _answer(parsed, sheet, [sentences.next_part(context.companion, found, sheet)], _only(found))


def _only(found: Recommendation) -> tuple[str, ...]:
    """What is talked about is the one that is recommended, not what stands beside it."""
    return (found.resource,) if found.resource else ()


def _instead(parsed: Parsed, context: Context, found: Recommendation) -> Answer:
    """ "Not this one": the others, and what leaving it out would mean, a click away."""
    sheet = Sheet(context.roadmap)
    skip = can_skip(context.roadmap, context.notes, context.companion.progress(context.person), found.resource or "")
    others = sentences.others_text(context.companion, found, sheet)
    parts = [
        Part("suggestion", f"Instead of {escaped(found.title)}:{others}"),
        Part("notice", f"It stays in your plan. May you leave it out? {escaped(skip.reason)}"),
    ]
    choices = (
        *(Choice(f"Begin {other.title}", f"I started {other.title}") for other in found.alternatives[:2]),
        Choice(f"Leave out {found.title}", f"Skip {found.title}"),
    )
    return replace(_answer(parsed, sheet, parts, _only(found)), choices=choices)


@handles("fit_time")
def fit_time(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """What fits in the time at hand, on the day that is named."""
    minutes = parsed.minutes
    if minutes is None:
        return next_step(parsed, context, capability) if parsed.days() else _asks_minutes(parsed)
    sheet, companion = Sheet(context.roadmap), context.companion
    day = parsed.day()
    ahead = day - context.today if day and day > context.today else timedelta()
    view = companion.today(context.person, context.now + ahead, minutes)
    lead = Part("notice", f"For {counted(minutes, 'minute')}{f' on {day}' if ahead else ''}:")
    return _answer(parsed, sheet, [lead, sentences.today_part(companion, view, sheet)])


@handles("show_plan")
def show_plan(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """The plan of the days that are named; without any, its end, its next week and the calendar file."""
    sheet, companion, learner = Sheet(context.roadmap), context.companion, context.learner
    days = parsed.days()
    if not context.is_known and parsed.asked.spans:
        return HANDLERS[the("place")](parsed, context, the("place"))
    if parsed.asked.spans and not days and context.is_known:
        rows = [r.id for r in parsed.rows_of_place]
        return _answer(
            parsed, sheet, [sentences.end_part(companion, learner, context.now, resources=rows, begins=True)]
        )
    if learner.start is None and not days:
        return _answer(parsed, sheet, [Part("notice", _need_start(context)), *_workload(context, sheet, None)])
    if days == (context.today, context.today):
        view = companion.today(context.person, context.now)
        answer = _answer(parsed, sheet, [sentences.today_part(companion, view, sheet)])
        return replace(answer, choices=_MORE) if view.over else answer
    first, last = days or (context.today, context.today + timedelta(days=13))
    parts = [sentences.span_part(companion, learner, (first, last), context.now, sheet)]
    if days is None:
        parts = [sentences.end_part(companion, learner, context.now), *parts, Part("notice", _CALENDAR)]
    return _answer(parsed, sheet, parts)


@handles("progress_report")
def progress_report(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """How far one is; what was done on the days, or of the rows, that are named."""
    companion, learner = context.companion, context.learner
    if parsed.rows and not parsed.referred:
        ids = [row.id for row in parsed.rows]
        part = history.status_part(companion, learner, ids, context.now)
        return Answer(parsed.text, (part,), resources=tuple(ids))
    if not context.is_known:
        return _unknown(parsed, context)
    days = parsed.days(past=True)
    if days and _DID.search(parsed.said):
        return Answer(parsed.text, (history.did_part(companion, learner, days),))
    sheet = Sheet(context.roadmap)
    return _answer(parsed, sheet, [sentences.where_part(companion, learner, context.now, sheet)])


@handles("finish_date")
def finish_date(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """When all of it, a row, a week or a subject is reached or finished; at another pace, or from another day, too.

    Rows that were talked about before count where a word points back: "when will I be done?" asks for all of it.
    """
    companion, learner = context.companion, context.learner
    hours = _hours(parsed, context)
    start = parsed.day() if changes.BEGINS.search(parsed.said) else None
    if start and start > context.today:
        learner = replace(learner, start=start)
    place = parsed.placed
    ids = place.resources or ids_in(place.spans, context.roadmap)
    if hours is None and not (context.is_known or start):
        if ids:
            told = replace(parsed.asked, intent="attribute", attribute="weeks", resources=ids, criteria=())
            return answer_from_roadmap(told, context.roadmap)
        return workload(parsed, context, capability)
    rows = list(ids[:3])
    begins = bool(_BEGINS.search(parsed.said)) and not start
    part = sentences.end_part(companion, learner, context.now, resources=rows, hours=hours, begins=begins)
    parts = [part] if rows or context.is_known else [part, Part("notice", _HELPED.format(context.today))]
    return _answer(parsed, Sheet(context.roadmap), parts, rows)


@handles("deadline")
def deadline(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """Whether it can be done by a day, and what that takes."""
    by = parsed.day() or (context.today + timedelta(days=parsed.length) if parsed.length else None)
    if by is None or by <= context.today:
        return finish_date(parsed, context, capability)
    learner = context.learner
    rows = [row.id for row in parsed.rows][:3]
    if rows:
        part = sentences.end_part(context.companion, learner, context.now, resources=rows, by=by)
        return _answer(parsed, Sheet(context.roadmap), [part], rows)
    hours = parsed.pace[0] if parsed.pace else learner.hours
    found = must_end_by(
        context.roadmap,
        context.notes,
        max(context.today, learner.start or context.today),
        hours,
        by,
        progress=context.companion.progress(context.person),
        pauses=learner.pauses,
    )
    return Answer(parsed.text, (Part("suggestion", found.text),))


@handles("workload")
def workload(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """How long the whole takes, in weeks and hours, and whether a pace is enough."""
    sheet = Sheet(context.roadmap)
    return _answer(parsed, sheet, _workload(context, sheet, _hours(parsed, context)))


def _workload(context: Context, sheet: Sheet, hours: float | None) -> list[Part]:
    roadmap, notes, told = context.roadmap, context.notes, context.learner.hours
    return situations.workload_parts(roadmap, notes, sheet, hours=hours, today=context.today, told=told)


@handles("where_to_start")
def where_to_start(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """Where to begin, with what is known already; who tells nothing of that gets today's list, as the page shows it."""
    sheet, companion = Sheet(context.roadmap), context.companion
    words = parsed.said.split()
    parts = situations.background_parts(context.roadmap, context.notes, sheet, words=words)
    if not goals.backgrounds_of(words):
        parts.append(sentences.today_part(companion, companion.today(context.person, context.now), sheet))
    return _answer(parsed, sheet, parts)


@handles("ready")
def ready(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """Whether the learner is ready for a row or a week, and what is missing."""
    weeks = parsed.asked.weeks
    if not parsed.rows and weeks is None:
        return None
    sheet, progress = Sheet(context.roadmap), context.companion.progress(context.person)
    rows = [row.id for row in parsed.rows]
    week = weeks.first if weeks else None
    parts = sentences.ready_parts(context.companion, rows, week, progress, sheet)
    return _answer(parsed, sheet, parts, rows)


def _rows_named(parsed: Parsed, context: Context) -> tuple[Resource, ...]:
    """The rows of what is named; where none is, the row of a part that is named by its own title."""
    if parsed.rows_of_place:
        return parsed.rows_of_place
    alone = parts_alone(parsed, context.roadmap.resources, context.notes)
    return (alone[0],) if alone else ()


@handles("skip_advice")
def skip_advice(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """Whether rows may be left out, or the row of a part; without any, which ones may."""
    rows = _rows_named(parsed, context)
    if not rows:
        every = replace(parsed.asked, intent="list", criteria=("not-mandatory",), resources=())
        asks_which = not parsed.topic or _ASKS_WHICH.search(parsed.said)
        return answer_from_roadmap(every, context.roadmap) if asks_which else None
    if not parsed.is_personal:
        ids = tuple(row.id for row in rows)
        column = "role" if parsed.reading.attribute == "role" else "recommendation"
        told = replace(parsed.asked, intent="attribute", attribute=column, resources=ids)
        return answer_from_roadmap(told, context.roadmap)
    sheet, progress = Sheet(context.roadmap), context.companion.progress(context.person)
    ids = [row.id for row in rows][:6]
    return _answer(parsed, sheet, sentences.skip_parts(context.companion, ids, progress, sheet, parsed.said), ids)


@handles("catch_up")
def catch_up(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """Where one stands, and the plan made anew from today; who asks how is asked before anything changes."""
    if not context.is_known:
        return _unknown(parsed, context)
    change = Change("replan", f"Make the plan anew from {context.today}; what is done stays done.")
    if re.match(r"(?:re-?plan|reschedule|make (?:me )?a new plan|(?:make|build) (?:my|the) plan)", parsed.said):
        return changes.write(parsed, context, change)
    sheet = Sheet(context.roadmap)
    where = sentences.where_part(context.companion, context.learner, context.now, sheet)
    comfort = Part("suggestion", "Nothing is lost: what is done stays done. Make the plan anew from today, and go on.")
    found = _answer(parsed, sheet, [comfort, where])
    return replace(
        found, choices=(Choice("Make the plan anew", "Replan"), Choice("What is next?", "What should I do next?"))
    )


@handles("review")
def review(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """Questions on the rows or weeks that are named; else the cards that are due: one by one in a conversation, as a
    list elsewhere."""
    if context.in_turns and (answered := quiz.goes_on(parsed, context, capability)):
        return answered
    rows = _rows_named(parsed, context)
    if context.in_turns and (asked := quiz.begins(parsed, context, rows, capability)):
        return asked
    if rows:
        cards = [card for row in rows for card in cards_of(parsed, context.notes, row)][:5]
        if cards:
            lines = "\n".join(f"{n}. {escaped(card.question)}" for n, card in enumerate(cards, 1))
            answers = "\n".join(f"{n}. {escaped(card.answer)}" for n, card in enumerate(cards, 1))
            text = f"{lines}\n\nThe answers:\n\n{answers}"
            return Answer(parsed.text, (Part("suggestion", text),), resources=tuple(row.id for row in rows))
    found = context.companion.cards(context.person, context.now)
    if found.due or context.is_known:
        return Answer(parsed.text, (sentences.cards_part(found),))
    return notice(
        parsed,
        "There is nothing to review yet: cards come up for what you have begun or finished. Name a week or a course "
        "and I ask you about it, such as “quiz me on week 3”.",
    )


@handles("motivation")
def motivation(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """A word, what is done already, and one small step."""
    sheet, companion = Sheet(context.roadmap), context.companion
    progress = companion.progress(context.person)
    done = len(progress.done)
    behind = f" You have {done} of {len(context.roadmap.resources)} resources behind you." if done else ""
    text = (
        f"That happens to everybody who works through this.{behind} A small step is enough for today: twenty minutes, "
        "and then you may stop. A pause is no failure either: say “pause for a week”, and the plan moves with you."
    )
    small = sentences.today_part(companion, companion.today(context.person, context.now, 20), sheet)
    return _answer(parsed, sheet, [Part("suggestion", text), small])


@handles("budget")
def budget(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """What money should go to, and how far one comes without any."""
    sheet = Sheet(context.roadmap)
    return _answer(parsed, sheet, situations.budget_parts(context.roadmap, context.notes, sheet, money=parsed.money))


@handles("hardware")
def hardware(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """Whether the computer is enough."""
    sheet = Sheet(context.roadmap)
    return _answer(parsed, sheet, situations.hardware_parts(context.roadmap, context.notes, sheet, text=parsed.said))


@handles("goal")
def goal(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """Which parts matter for what one wants."""
    sheet = Sheet(context.roadmap)
    done = context.companion.progress(context.person).done
    words = parsed.said.split()
    parts = situations.goal_parts(context.roadmap, context.notes, sheet, words=words, done=done)
    if not parts:
        named = tuple(Choice(name, f"Which parts matter for {name}?", capability) for name in goals.NEAREST)
        return notice(parsed, "What is your goal nearest to? Name the job, or the thing to build.", choices=named)
    return _answer(parsed, sheet, parts)


# --- parts ------------------------------------------------------------------------------------------------------------

_MORE = (Choice("A little more: 15 minutes", "I have 15 minutes"), Choice("30 minutes", "I have 30 minutes"))
"""What is offered where the day is done."""
_CALENDAR = "`roadmap plan --ics plan.ics` writes it as a calendar file; the page Today has it for download."


def _answer(parsed: Parsed, sheet: Sheet, parts: Sequence[Part], resources: Sequence[str] = ()) -> Answer:
    cited = [citation.resource for citation in sheet.citations if citation.resource]
    return sheet.answer(parsed.text, parts, resources=resources or cited)


def _hours(parsed: Parsed, context: Context) -> float | None:
    found = changes.hours_of(parsed, context)
    return found[0] if found else None


def _recommended(context: Context) -> Recommendation:
    companion = context.companion
    return companion.next(context.person, context.now)


def _asks_minutes(parsed: Parsed) -> Answer:
    choices = tuple(Choice(f"{n} minutes", f"I have {n} minutes") for n in (20, 45, 90))
    return notice(parsed, "How much time do you have?", choices=choices)


def _need_start(context: Context) -> str:
    return f"You have no dated plan yet. {_HELPED.format(context.today)}"


def _unknown(parsed: Parsed, context: Context) -> Answer:
    text = (
        f"I know nothing of your start or your progress yet. Say when you start (“I start on {context.today}”) or what "
        "you have done (“I finished the Linux refresher”), then I can answer this."
    )
    return notice(parsed, text)
