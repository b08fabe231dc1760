"""Sentences about a learner's next step, plan and place, with their sources. Changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from assistant.answers import Part
from assistant.recommendation.curriculum import slot_of, slots_of
from assistant.recommendation.progress import Progress, count
from assistant.recommendation.readiness import can_skip, readiness_for_week
from assistant.recommendation.reasons import counted, listed
from assistant.recommendation.recommend import Recommendation
from assistant.roadmap_answers.citations import Sheet, title_quote
from assistant.study.learner import Learner
from assistant.study.pace import current_plan, hours_between
from assistant.study.plan import Plan, PlannedUnit, make_plan
from assistant.study.review import Cards
from assistant.study.today import STUDY_DAYS, Today, continues_on, weeks_between, where_am_i
from assistant.study_answers.history import MOST_LINES, when_of
from assistant.text.markdown import authored, escaped, linked
from corpus.roadmap import Resource

if TYPE_CHECKING:
    from assistant.companion import Companion


def next_part(companion: Companion, found: Recommendation, sheet: Sheet) -> Part:
    """The one next step with its reason, first unit, effort and alternatives."""
    resource = companion.roadmap.resource(found.resource or "")
    if resource is None:
        return Part("notice", escaped(found.reason) + others_text(companion, found, sheet))
    name = f"{_link(found.title, found.url)} ({found.weeks}) {sheet.cell(resource, title_quote(resource))}"
    begin = ""
    if found.first_unit:
        unit = found.first_unit
        source = _note(companion, sheet, resource, unit.title, unit.url)
        begin = f"Begin with {_link(unit.title, unit.url)} (about {unit.hours:g} h) {source}. "
    begin += f"In all {escaped(found.effort)} are left.{_now(found)}"
    end = f"At the end: {authored(found.outcome)} {sheet.cell(resource, found.outcome)}. " if found.outcome else ""
    return Part(
        "suggestion",
        f"{name} {escaped(found.why)}\n\n{begin}\n\n{end}{_price(found)}{others_text(companion, found, sheet)}",
    )


def today_part(companion: Companion, view: Today, sheet: Sheet) -> Part:
    """Today's list: reviews as one line, then each unit with its page."""
    if not view.items:
        return Part("notice", escaped(view.text))
    reviews = [item for item in view.items if item.kind == "review"]
    lines = [f"- {len(reviews)} review card{'s' * (len(reviews) > 1)} ({len(reviews)} min)"] if reviews else []
    for item in view.items:
        resource = companion.roadmap.resource(item.key.split("/")[0])
        if item.kind == "review" or resource is None:
            continue
        source = _note(companion, sheet, resource, item.title.removeprefix("Begin or go on with: "), item.url)
        lines.append(f"- {_link(item.title, item.url)}, {escaped(resource.title)} ({item.minutes} min) {source}")
    return Part("suggestion", f"For {view.day} ({view.text.rstrip('.')}):\n\n" + "\n".join(lines))


def span_part(companion: Companion, learner: Learner, days: tuple[date, date], now: datetime, sheet: Sheet) -> Part:
    """What the plan holds from a first to a last day, by week."""
    day = learner.day(now)
    first, last = days
    if learner.start is None:
        plan = make_plan(
            companion.roadmap, companion.notes, day, learner.hours, progress=companion.progress(learner.name)
        )
        remark = f" You have set no start date, so this counts from today: say “I start on {day}” to keep it."
    else:
        plan, remark = _plan_of(companion, learner, day), ""
    units = _units_between(plan, learner, first, last, day)
    when = when_of(first, last)
    if not units:
        return Part("notice", f"Nothing is planned for {when}: {_why_nothing(plan, learner, first)}{remark}")
    lines = [_unit_line(companion, sheet, unit) for unit in units[:MOST_LINES]]
    if len(units) > MOST_LINES:
        lines.append(f"- and {len(units) - MOST_LINES} more: `roadmap plan` lists them all")
    hours = sum(unit.hours for unit in units)
    done = hours_between(companion.roadmap, companion.notes, learner, first, day) if first <= day <= last else 0
    had = f" Done already this week: {done:g} h." if done else ""
    return Part("suggestion", f"{when}, about {hours:g} h:\n\n" + "\n".join(lines) + f"\n\n{had}{remark}".rstrip())


def where_part(companion: Companion, learner: Learner, now: datetime, sheet: Sheet) -> Part:
    """The week by the calendar, what the work has reached, and the end."""
    found = where_am_i(companion.roadmap, companion.notes, learner, now)
    progress = companion.progress(learner.name)
    week = companion.week(learner.name, now)
    block = next(iter(companion.roadmap.blocks_of_week(week)), None) if week is not None else None
    reached = (
        f" Your work has reached week {week} of the roadmap, “{escaped(block.title)}” {sheet.block(block)}."
        if block
        else ""
    )
    hours = hours_between(companion.roadmap, companion.notes, learner, date.min, found.day)
    counts = f" {count(companion.roadmap.resources, progress).text}, about {hours:g} h of study."
    plan = companion.plan(learner.name, now)
    ends = f" At {learner.hours:g} h a week you finish on {plan.ends}." if plan and plan.weeks else ""
    slip = " Say “replan” to start afresh from today." if found.behind else ""
    return Part("notice", f"{escaped(found.text)}{reached}{counts}{ends}{slip}")


def end_part(
    companion: Companion,
    learner: Learner,
    now: datetime,
    *,
    resources: Sequence[str] = (),
    hours: float | None = None,
    by: date | None = None,
    begins: bool = False,
) -> Part:
    """When everything, or one resource, begins or is finished by the plan; also at another pace, which is not kept."""
    day = learner.day(now)
    hours = hours or learner.hours
    plan = _plan_of(companion, replace(learner, hours=hours), day)
    if resources:
        return Part(
            "suggestion",
            " ".join(_days_of(companion, plan, id, by, begins, learner.start is not None) for id in resources),
        )
    if not plan.weeks:
        return Part("notice", "Nothing is left: you have finished.")
    text = f"At {hours:g} h a week everything is done on {plan.ends}."
    if hours != learner.hours:
        text += f" At your {learner.hours:g} h a week it is {_plan_of(companion, learner, day).ends}."
    return Part("suggestion", text)


def ready_parts(
    companion: Companion, resources: Sequence[str], week: int | None, progress: Progress, sheet: Sheet
) -> list[Part]:
    """Whether the learner is ready for a week, or for the first week of a resource, with what is missing."""
    resource = companion.roadmap.resource(resources[0]) if resources else None
    week = week if resource is None else resource.weeks.first
    if week is None:
        return []
    found = readiness_for_week(companion.roadmap, companion.notes, progress, week)
    intro = (
        f"{escaped(resource.title)} begins in week {week} {sheet.cell(resource, title_quote(resource))}. "
        if resource
        else ""
    )
    missing = (companion.roadmap.resource(m.resource) for m in found.missing if m.needed)
    cells = " ".join(sheet.cell(r, title_quote(r)) for r in missing if r)
    return [Part("suggestion", f"{intro}{escaped(found.text)} {cells}".strip())]


_MUST = re.compile(
    r"\b(?:have to|need|must|required?|necessary|mandatory|compulsory|obligatory|essential|got to|gotta|supposed to)\b"
)
_LEAVE_OUT = re.compile(
    r"\b(?:skip\w*|leave|leaving|omit\w*|drop\w*|avoid\w*|without|miss\w*|ignor\w*|spare|pass over)\b"
)
_THE_OTHER_WAY = {"No: ": "Yes: ", "Yes: ": "No: ", "Only if you ": "No, if you "}
"""How an answer to "may I leave it out?" begins -> how it does where the question was "do I have to?"."""


def _to_what_was_asked(reason: str, said: str) -> str:
    """The reason with the yes or no of the question: "must I?" is the opposite of "may I skip?"."""
    if not _MUST.search(said) or _LEAVE_OUT.search(said):
        return reason
    begins = next((begins for begins in _THE_OTHER_WAY if reason.startswith(begins)), "")
    return f"{_THE_OTHER_WAY[begins]}{reason.removeprefix(begins)}" if begins else reason


def skip_parts(
    companion: Companion, resources: Sequence[str], progress: Progress, sheet: Sheet, said: str = ""
) -> list[Part]:
    """Whether each resource that is named may be left out, or must be done, as `said` asks."""
    parts: list[Part] = []
    for id in resources:
        resource = companion.roadmap.resource(id)
        if resource is None:
            continue
        found = can_skip(companion.roadmap, companion.notes, progress, id)
        quote = resource.recommendation or title_quote(resource)
        reason = escaped(_to_what_was_asked(found.reason, said))
        parts.append(Part("suggestion", f"{reason} {sheet.cell(resource, quote)}"))
    return parts


def cards_part(cards: Cards) -> Part:
    """How many cards wait, and the first of them."""
    first = f" The first: {escaped(cards.due[0].card.question)}" if cards.due else ""
    return Part("notice", f"{escaped(cards.text)}{first}")


def moved_text(companion: Companion, learner: Learner, before: Plan | None, now: datetime) -> str:
    """What a change does to the end of the plan; empty where it does nothing."""
    after = current_plan(companion.roadmap, companion.notes, learner, learner.day(now))
    if after is None:
        return ""
    if before is None:
        return f"At {learner.hours:g} h a week your plan ends on {after.ends}."
    days = (after.ends - before.ends).days
    if not days:
        return f"Your plan still ends on {after.ends}."
    moved = f"{counted(abs(days), 'day')} {'later' if days > 0 else 'earlier'}"
    return f"Your plan now ends on {after.ends}, {moved} than before; what is done stays done."


def left_out_text(companion: Companion, person: str, ids: Sequence[str], now: datetime) -> str:
    """What it means for the rest that these were left out: what builds on them, and what comes next."""
    progress = companion.progress(person)
    slots = slots_of(companion.roadmap)
    said: list[str] = []
    for id in ids:
        slot = slot_of(slots, id)
        others = [m for m in slot.members if m.id not in progress.skipped] if slot else []
        needed = can_skip(companion.roadmap, companion.notes, progress, id).needed_by
        if others:
            said.append(f"{others[0].title} takes its place.")
        elif open_ones := [companion.roadmap.title_of(other) for other in needed if other not in progress.skipped]:
            said.append(f"Builds on {companion.roadmap.title_of(id)}: {listed(open_ones)}.")
    found = companion.next(person, now)
    said.append(f"Next comes {found.title}." if found.resource else found.reason)
    return " ".join(said)


# --- pieces -----------------------------------------------------------------------------------------------------------


def _plan_of(companion: Companion, learner: Learner, day: date) -> Plan:
    plan = current_plan(companion.roadmap, companion.notes, learner, day)
    if plan is not None:
        return plan
    progress = companion.progress(learner.name)
    return make_plan(companion.roadmap, companion.notes, day, learner.hours, progress=progress, pauses=learner.pauses)


def _units_between(plan: Plan, learner: Learner, first: date, last: date, today: date) -> list[PlannedUnit]:
    """The units of each week that fall on days of the span: a fifth of its hours a day, from its start on.

    The present week holds what is left from today on. Of a day or two alone, its last days repeat the last fifth.
    """
    found: list[PlannedUnit] = []
    for week in weeks_between(plan, first, last):
        begun = max(week.starts, today)
        begin, end = max(0, (first - begun).days), (min(last, week.ends) - begun).days + 1
        if last - first <= timedelta(days=1):
            begin = min(begin, STUDY_DAYS - 1)
        found += _share(week.units, begin, min(end, STUDY_DAYS), learner.hours)
    return found


def _share(units: tuple[PlannedUnit, ...], first: int, last: int, hours: float) -> list[PlannedUnit]:
    """The units that the hours from one study day to another touch."""
    begin, end = hours * first / STUDY_DAYS, hours * last / STUDY_DAYS
    found: list[PlannedUnit] = []
    at = 0.0
    for unit in units:
        if at < end and at + unit.hours > begin and unit.task.kind != "buffer":
            found.append(unit)
        at += unit.hours
    return found


def _why_nothing(plan: Plan, learner: Learner, first: date) -> str:
    if learner.start and first < learner.start:
        return f"your plan starts on {learner.start}."
    if (day := continues_on(learner, first)) > first:
        return f"your plan continues on {day}."
    return f"your plan ends on {plan.ends}." if plan.weeks else "nothing is left, you have finished."


def _unit_line(companion: Companion, sheet: Sheet, unit: PlannedUnit) -> str:
    resource = companion.roadmap.resource(unit.task.resource)
    if resource is None:
        return f"- {escaped(unit.title)} ({unit.hours:g} h)"
    source = _note(companion, sheet, resource, unit.task.title, unit.task.url)
    return f"- {_link(unit.title, unit.task.url)}, {escaped(resource.title)} ({unit.hours:g} h) {source}"


def _days_of(companion: Companion, plan: Plan, id: str, by: date | None, begins: bool, begun: bool) -> str:
    """When a resource begins or is finished, and how that stands to the day that is asked for."""
    title, finish = escaped(companion.roadmap.title_of(id)), plan.finish_of(id)
    by_plan = "By your plan" if begun else "Begun today,"
    if finish is None:
        return f"{title} is not in what is left of your plan."
    if begins:
        starts = next(week.starts for week in plan.weeks if id in week.resources)
        return f"{by_plan} {title} begins in the week of {starts}."
    text = f"{by_plan} {title} is finished in the week that ends on {finish}."
    if by is None:
        return text
    days = (finish - by).days
    return f"{text} That is {counted(abs(days), 'day')} after {by}." if days > 0 else f"{text} That is by {by}."


_COSTS = {
    "free": "It is free.",
    "free-to-audit": "It is free to audit; a certificate costs money.",
    "paid": "It costs money",
    "own-work": "It costs nothing: it is work of your own.",
}


def _price(found: Recommendation) -> str:
    """What it costs, and where the same can be had for nothing."""
    said = _COSTS.get(found.cost or "", "")
    if found.cost != "paid":
        return said
    way = found.free_way
    return f"{said}; a free way: {linked(escaped(way.what), way.url)}." if way else f"{said}."


def others_text(companion: Companion, found: Recommendation, sheet: Sheet) -> str:
    """The alternatives as a list, with what speaks for each."""
    lines: Iterable[str] = (
        f"- or {_link(other.title, other.url)}: {escaped(other.text)}{_cell(companion, sheet, other.resource)}"
        for other in found.alternatives
    )
    text = "\n".join(lines)
    return f"\n\n{text}" if text else ""


def _cell(companion: Companion, sheet: Sheet, id: str) -> str:
    resource = companion.roadmap.resource(id)
    return f" {sheet.cell(resource, title_quote(resource))}" if resource else ""


def _note(companion: Companion, sheet: Sheet, resource: Resource, title: str, url: str) -> str:
    """`[n]` for a unit of our note, if the note holds it by this title."""
    note = companion.notes.note(resource.id)
    if note is None or all(unit.title != title for unit in note.units):
        return ""
    return sheet.note(resource, title, url)


def _now(found: Recommendation) -> str:
    return f" {escaped(found.now)}" if found.now else ""


def _link(title: str, url: str) -> str:
    return f"**{linked(escaped(title), url) if url else escaped(title)}**"
