"""Answers to situations that need more than one row: workload, money, hardware, a goal, what one knows already.

Each function takes what it needs and gives parts, the direct answer in the first sentence. Changes nothing and stores
nothing. Knows no prices, no amounts of memory and no learner but for the ids that are handed in as done.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answers import Part
from assistant.recommendation.curriculum import (
    HELD_BACK_BY,
    Level,
    Slot,
    cost_of,
    load_rules,
    slot_of,
    slots_of,
    units_of,
    url_of,
)
from assistant.recommendation.progress import Progress
from assistant.recommendation.reasons import listed
from assistant.recommendation.study_state import State
from assistant.roadmap_answers.citations import Sheet, short_title, title_quote, weeks_title
from assistant.study.learner import DEFAULT_HOURS
from assistant.study.plan import chosen_resources, make_plan
from assistant.study_answers.goals import Background, backgrounds_of, goal_of
from assistant.text.markdown import authored, escaped, linked
from corpus.notes import FREE_COSTS, Notes
from corpus.roadmap import Phase, Resource, Roadmap, Weeks

MOST_WHYS = 2
"""Sentences on what is known already, where several backgrounds are named."""

MOST_BASE = 6
"""Rows that a goal builds on; of more, only those that it needs directly are named."""

MOST_TASKS = 3
"""Rows of a goal whose task is told."""

LONGEST_NAME = 35
"""Characters up to which a title is told whole in running text."""


@dataclass(frozen=True, slots=True)
class Said:
    """Words of our note on a resource."""

    resource: str
    quote: str


# --- 1: how long --------------------------------------------------------------------------------------------------

SHORTER = (
    ("hugging-face-course-cs224n", "about 45 hours", "Our suggestion: spend weeks 21-25, about 45 hours, here,"),
    ("deep-learning-specialization", "35–40 hours", "That is about 35-40 hours."),
)
"""Where our notes propose a selection that takes far fewer hours: id, hours in words, the words of the note."""


def workload_parts(
    roadmap: Roadmap, notes: Notes, sheet: Sheet, *, hours: float | None, today: date, told: float = DEFAULT_HOURS
) -> list[Part]:
    """How long the whole roadmap takes; with `hours` a week, until when, and whether that keeps to the roadmap's weeks.
    Without, at the pace that was told before.

    Counted as a plan counts: one of each pair, and a tenth kept free. Errors: `InputError` for impossible hours.
    """
    plan = make_plan(roadmap, notes, today, told if hours is None else hours)
    span, enough = roadmap.weeks.last, len(plan.weeks) <= len(roadmap.weeks)
    pace = math.ceil(plan.total_hours / len(roadmap.weeks) * 2) / 2
    loads = _loads(roadmap, notes)
    study = f"By our notes it is about {_tens(sum(load.hours for load in loads))} study hours with one of each pair, "
    study += f"{_tens(plan.total_hours)} with a tenth in reserve"
    if hours is None:
        text = f"**{span} weeks** by the roadmap {sheet.title()}, with a week 0 before them; it names no hours."
        study += f": {span} weeks would need about {pace:g} h a week; at {plan.hours:g} h a week it is "
        study += f"{len(plan.weeks)} weeks, until {plan.ends}."
        return [Part("roadmap", text), _loads_part(study, loads, span, sheet), *_shorter_parts(roadmap, notes, sheet)]
    taken = f"at {hours:g} h a week it takes **{len(plan.weeks)} weeks**, until {plan.ends}"
    verdict = f"Yes: {taken}, which keeps to" if enough else f"No: {taken}, not"
    first = Part("notice", f"{verdict} the roadmap's **{span} weeks** {sheet.title()}.")
    second = _loads_part(f"{study}, so {span} weeks need about {pace:g} h a week.", loads, span, sheet)
    return [first, second, *([] if enough else _shorter_parts(roadmap, notes, sheet))]


@dataclass(frozen=True, slots=True)
class _Load:
    """The hours of a phase, one of each pair."""

    phase: Phase
    hours: float

    @property
    def a_week(self) -> float:
        return self.hours / len(self.phase.weeks)


def _loads(roadmap: Roadmap, notes: Notes) -> list[_Load]:
    rules = load_rules()
    chosen = chosen_resources(State(notes, Progress(), rules, slots_of(roadmap, rules)))
    hours = {phase.number: 0.0 for phase in roadmap.phases}
    for slot, member in chosen:
        hours[slot.phase] += sum(unit.hours for unit in units_of(member, notes, rules, sharing=slot.sharing))
    return [_Load(phase, hours[phase.number]) for phase in roadmap.phases]


def _loads_part(study: str, loads: Sequence[_Load], span: int, sheet: Sheet) -> Part:
    """The hours as a whole, in a typical week, and phase by phase."""
    typical = sorted(round(load.a_week) for load in loads if len(load.phase.weeks) > 1)
    week = f"In the roadmap's {span} weeks a typical week has {typical[0]}–{typical[-1]} h:\n\n" if typical else ""
    return Part("notice", f"{study}\n\n{week}" + "\n".join(_load_line(load, sheet) for load in loads))


def _load_line(load: _Load, sheet: Sheet) -> str:
    each = f", {load.a_week:.0f} h a week" if len(load.phase.weeks) > 1 else ""
    return f"- {load.phase.weeks} {sheet.phase(load.phase)}: about {load.hours:g} h{each}"


def _shorter_parts(roadmap: Roadmap, notes: Notes, sheet: Sheet) -> list[Part]:
    lines: list[str] = []
    for id, hours, quote in SHORTER:
        resource, source = roadmap.resource(id), _said(sheet, notes, Said(id, quote))
        if resource and source:
            lines.append(f"{_name(resource)} to {hours} {source}")
    return [Part("note", f"It gets shorter where our notes propose a selection: {listed(lines)}.")] if lines else []


def _tens(hours: float) -> str:
    return f"{round(hours, -1):g}"


# --- 2: money -----------------------------------------------------------------------------------------------------

NO_AMOUNTS = "The roadmap gives no amounts, only “Paid” {paid} and “Free” {free}, and prices change: look them up."
FREE_TOOLS = Said(
    "mlops-machine-learning-operations-specialization",
    "DVC, MLflow, Docker and Kubernetes themselves are open source and free to learn with.",
)
"""What our note says on the one mandatory course that is paid."""


def budget_parts(roadmap: Roadmap, notes: Notes, sheet: Sheet, *, money: float | None) -> list[Part]:
    """How far one comes without money, or (with an amount above 0) what to spend it on first. Names no prices."""
    found = _costs(roadmap, notes)
    if money is not None and money > 0:
        return _spending(roadmap, notes, sheet, found, money)
    steps, left = len(found.free) + len(found.ways) + len(found.paid), len(found.paid)
    share = f"{steps - left} of" if left else "all"
    text = f"Yes: {share} the roadmap's {steps} steps can be done without paying. "
    text += f"{len(found.free)} are free or your own work, {len(found.ways)} have a free way beside the paid one."
    return [
        Part("notice", text),
        Part("note", "\n".join(_free_lines(roadmap, notes, sheet, found))),
        Part("note", _left_out(notes, sheet, found.paid)),
        Part("roadmap", _no_amounts(roadmap, sheet)),
    ]


@dataclass(frozen=True, slots=True)
class _Costs:
    """One resource a step: free or one's own work; with a free way; paid and nothing else."""

    free: tuple[Resource, ...]
    ways: tuple[tuple[Resource, ...], ...]
    """Each with the other member of its pair."""
    paid: tuple[tuple[Resource, Level], ...]


def _costs(roadmap: Roadmap, notes: Notes) -> _Costs:
    rules = load_rules()
    free: list[Resource] = []
    ways: list[tuple[Resource, ...]] = []
    paid: list[tuple[Resource, Level]] = []
    for slot in slots_of(roadmap, rules):
        for_nothing = next((m for m in slot.members if cost_of(m, notes, rules) in FREE_COSTS), None)
        by_a_way = next((m for m in slot.members if rules.free_way(m.id)), None)
        if for_nothing:
            free.append(for_nothing)
        elif by_a_way:
            ways.append((by_a_way, *(m for m in slot.members if m is not by_a_way)))
        else:
            paid.append((slot.members[0], slot.level))
    return _Costs(tuple(free), tuple(ways), tuple(paid))


def _free_lines(roadmap: Roadmap, notes: Notes, sheet: Sheet, found: _Costs) -> list[str]:
    """What is free as it is, what is one's own work, and each free way."""
    own = [r for r in found.free if cost_of(r, notes) == "own-work"]
    given = [_free_row(roadmap, notes, sheet, r) for r in found.free if r not in own]
    lines = [f"- Free: {listed(given)}"] if given else []
    lines += [f"- Your own work: {_weeks_of(own)} {sheet.cell(own[0], title_quote(own[0]))}"] if own else []
    for members in found.ways:
        way = load_rules().free_way(members[0].id)
        if way:
            lines.append(f"- Instead of {_cited(sheet, members, 'or')}: [{way.what.split(';')[0]}]({way.url})")
    return lines


def _free_row(roadmap: Roadmap, notes: Notes, sheet: Sheet, row: Resource) -> str:
    """The name with `[n]` of the roadmap's own “Free”, else of what our note says; and the paid one of its pair."""
    text = f"{_name(row)} {_free_source(notes, sheet, row)}".strip()
    paid = next((con for con in row.cons if con.lower() == "paid"), "")
    if paid:
        text += f" (“{authored(paid)}” by the roadmap {sheet.cell(row, paid)})"
    slot = slot_of(slots_of(roadmap), row.id)
    pair = [m for m in slot.members if m is not row and cost_of(m, notes) == "paid"] if slot else []
    return f"{text} instead of {_cited(sheet, pair)}" if pair else text


def _free_source(notes: Notes, sheet: Sheet, row: Resource) -> str:
    pro = next((pro for pro in row.pros if pro.lower().startswith("free")), "")
    if pro:
        return sheet.cell(row, pro)
    note = notes.note(row.id)
    return _said(sheet, notes, Said(row.id, note.cost_detail)) if note else ""


def _left_out(notes: Notes, sheet: Sheet, paid: Sequence[tuple[Resource, Level]]) -> str:
    named = [f"{_name(r)} ({level}) {sheet.cell(r, r.recommendation or title_quote(r))}" for r, level in paid]
    text = f"Left out, since we know no free way: {listed(named)}." if named else "Nothing is left out."
    course = next((r for r, _ in paid if r.id == FREE_TOOLS.resource), None)
    source = _said(sheet, notes, FREE_TOOLS) if course else ""
    if course and source:
        text += f" The tools of {_name(course)} are free {source}."
    return text


def _spending(roadmap: Roadmap, notes: Notes, sheet: Sheet, found: _Costs, money: float) -> list[Part]:
    """What has no free way, the mandatory ones first; then what needs no money."""
    needed = [r for level in HELD_BACK_BY for r, other in found.paid if other == level]
    rest = [r for r, level in found.paid if level not in HELD_BACK_BY]
    if not needed:
        return [Part("notice", "On nothing: all that is mandatory or recommended is free, or has a free way.")]
    why = f"the roadmap says “{authored(needed[0].recommendation)}”, and it has no free way that we know"
    text = (
        f"First on **{_name(needed[0])}** {sheet.cell(needed[0], title_quote(needed[0]))}: "
        f"{why} {sheet.cell(needed[0], needed[0].recommendation or title_quote(needed[0]))}. "
        f"Do not pay before you get there, in {needed[0].weeks}."
    )
    lines = [f"- Then: {_cited(sheet, needed[1:])}"] if needed[1:] else []
    lines += [f"- Last, since it is no must: {_cited(sheet, rest)}"] if rest else []
    ways = [members[0] for members in found.ways]
    lines += [f"- Not needed for: {_cited(sheet, ways)}, which have a free way"] if ways else []
    lines += [f"- Free or your own work anyway: the other {len(found.free)} steps"]
    parts = [Part("suggestion", text + "\n\n" + "\n".join(lines)), *_what_it_costs(notes, sheet, needed)]
    amount = f" Whether your {money:g} is enough cannot be said here."
    return [*parts, Part("roadmap", _no_amounts(roadmap, sheet) + amount)]


def _what_it_costs(notes: Notes, sheet: Sheet, resources: Iterable[Resource]) -> list[Part]:
    """What our notes say on how each is paid for: the first clause on it."""
    lines: list[str] = []
    for resource in resources:
        note = notes.note(resource.id)
        clause = re.split(r";|\. ", note.cost_detail)[0].rstrip(".") if note else ""
        if clause:
            lines.append(f"- {_name(resource)}: {clause} {_said(sheet, notes, Said(resource.id, clause))}")
    return [Part("note", "How they are paid for:\n\n" + "\n".join(lines))] if lines else []


def _no_amounts(roadmap: Roadmap, sheet: Sheet) -> str:
    paid = next((sheet.cell(r, con) for r in roadmap.resources for con in r.cons if con.lower() == "paid"), "")
    free = next((sheet.cell(r, pro) for r in roadmap.resources for pro in r.pros if pro.lower() == "free"), "")
    return NO_AMOUNTS.format(paid=paid, free=free)


# --- 3: hardware --------------------------------------------------------------------------------------------------

SETUP = "quick-python-environment-setup"
GPU = (
    Said(
        "fast-ai-practical-deep-learning-for-coders",
        "You need no GPU of your own: free notebooks on Kaggle or Colab do.",
    ),
    Said(
        "neural-networks-zero-to-hero",
        "A laptop without a GPU is enough up to the middle of the GPT lecture, where a free Colab GPU helps.",
    ),
    Said("hugging-face-course-cs224n", "A free GPU notebook is enough for most exercises."),
)
"""The rows whose notes speak of a GPU. All others are tables, NumPy, books, Docker, or models that others host."""

LITTLE_MEMORY = 8
"""Gigabytes below which notebooks are better run in the browser. Our estimate: no source names an amount."""

_BROWSER = "a free GPU in the browser (Colab, Kaggle)"
_INSTALL = Said(SETUP, "A computer on which you may install software")
_WHICH = re.compile(r"^\W*(?:\w+ ){0,2}?(?:what|which|how|when|minimum|specs?)\b")
_OTHER_WAY = re.compile(
    r"\b(?:need(?:ed|s)?|buy|purchase|must|have to|necessary|required?|upgrade|rent|hopeless|screwed|problems?|trouble|"
    r"am i out|is it over|too weak|choke|trash|nuisance|impossible|useless|kill)\b"
)
"""Asked whether something is wanted or bad: there the good answer is a "no"."""
_CLAIMED = re.compile(r"\b(?:correct|right|true|isn't it|aren't they|doesn't it)\W*$|\bare you sure\b")
"""A claim that is to be confirmed is not asked whether the computer will do."""

_GIGABYTES = re.compile(r"\b(\d+) ?(?:gb?|gigs?|gigabytes?)\b")


@dataclass(frozen=True, slots=True)
class _Machine:
    """A kind of computer or part of one, as words name it, with the direct answer and what our note says on it."""

    name: str
    cues: re.Pattern[str]
    answer: str
    says: Said | None = None


_MACHINES = (
    _Machine(
        "tablet",
        re.compile(
            r"\b(?:tablets?|i ?pads?|(?:smart)?phones?|mobile(?! (?:hotspot|data|internet))|android|kindle|celular)\b"
        ),
        "No, not with a tablet or phone alone: read, watch and run notebooks in the browser on it, but for week 0, the "
        "projects of weeks 6 and 20 and weeks 33–48 use a computer.",
        _INSTALL,
    ),
    _Machine(
        "chromebook",
        re.compile(r"\bchrome ?(?:book|os)s?\b"),
        "Yes, mostly: with its Linux environment switched on a Chromebook runs Python, Git and VS Code; without it, "
        "only notebooks in the browser.",
        _INSTALL,
    ),
    _Machine(
        "locked",
        re.compile(
            r"\b(?:locked|admin(?:istrator)? rights?|(?:can ?not|can'?t|may not|doesn'?t let me|not allowed to|"
            r"won'?t let me) install|public computers?|in the library|library's|internet cafe)\b"
        ),
        "Only in part: reading and notebooks in the browser (Colab) work, but week 0 and Docker in weeks 33–48 want a "
        "computer on which you may install software.",
        _INSTALL,
    ),
    _Machine(
        "small",
        re.compile(r"\b(?:raspberry|netbook|celeron|atom)\b"),
        "Only in part: it does for Python, small tables and notebooks in the browser, but Docker and Kubernetes in "
        "weeks 33–48 want a stronger computer.",
    ),
    _Machine(
        "gpu",
        re.compile(
            r"\b(?:gpus?|graphics?|grafics|video cards?|nvidia|cuda|amd|radeon|geforce|[rg]tx|\d0[5-9]0(?: ti)?|vram|"
            r"gaming)\b"
        ),
        "{gpu}",
    ),
    _Machine(
        "disk",
        re.compile(r"\b(?:disks?|disc|storage|ssd|hard drive)\b"),
        "A few gigabytes of free disk are enough, more if you keep many Docker images.",
        Said(SETUP, "a few gigabytes of free disk (Docker images and scientific packages are large)"),
    ),
    _Machine("memory", re.compile(r"\b(?:ram|memory|\d+ ?(?:gb?|gigs?|gigabytes?))\b"), "{memory}"),
    _Machine(
        "windows",
        re.compile(r"\b(?:windows|win ?(?:7|8|10|11)|surface|wsl)\b"),
        "{verdict}Windows will do, 10 or newer; install WSL 2 for the command line and the later weeks.",
        Said(SETUP, "On Windows, WSL 2 gives you a real Linux for the later weeks."),
    ),
    _Machine(
        "mac",
        re.compile(r"\b(?:mac ?books?|i?macs?|mac ?os|os x|apple|m[1-4])\b"),
        "{verdict}a Mac will do, also one with Apple's own chips; its terminal is close to that of Linux.",
        Said("linux-cli-refresher", "on macOS the built-in terminal is close enough"),
    ),
    _Machine(
        "linux",
        re.compile(r"\b(?:linux|ubuntu|debian|fedora)\b"),
        "{verdict}Linux suits best, since all tools of the roadmap are at home on it.",
        Said(SETUP, "Docker Engine on Linux is open source"),
    ),
)
_LAPTOP = _Machine(
    "laptop",
    re.compile(""),
    "{verdict}an ordinary laptop is enough for {plain_weeks}; for {gpu_weeks} use " + _BROWSER + ".",
)
_GPU_ANSWERS = {
    "Yes: ": "Yes: it works without a GPU of your own, and one that you have may help; for {gpu_weeks} use {browser}.",
    "No: ": "No: you need no GPU of your own; for {gpu_weeks} use {browser}, the rest runs on an ordinary laptop.",
    "": "In {gpu_weeks} a GPU helps, and {browser} will do; the rest runs on an ordinary laptop.",
}
_MEMORY_ANSWERS = {
    "none": "8 GB of memory are enough and 16 GB comfortable, by our own estimate: the roadmap names no amount.",
    "little": "Partly: {size} GB are tight by our own estimate (the roadmap names no amount): run notebooks in the "
    "browser, and expect trouble with Docker in weeks 33–48.",
    "enough": "{verdict}{size} GB are enough by our own estimate; the roadmap names no amount.",
}


def hardware_parts(
    roadmap: Roadmap, notes: Notes, sheet: Sheet, *, text: str, resources: Collection[str] = ()
) -> list[Part]:
    """Whether the computer that a text names is enough, and where a GPU helps; `resources`: for these rows alone.

    A laptop is meant where the text names no kind of computer.
    """
    words = text.lower().replace("’", "'").replace("-", " ")
    machines = _named(words)
    rows = [row for id in resources if (row := roadmap.resource(id))]
    gpu = [said for said in GPU if roadmap.resource(said.resource)]
    here = [said for said in gpu if said.resource in resources or not rows]
    verdict = "" if len(machines) > 1 and re.search(r"\bor\b", words) else _verdict(words)
    if rows and machines[0].name in ("gpu", "laptop"):
        answers = [_for_rows(rows, verdict, sheet, helped=bool(here))]
    else:
        answers = [_filled(machines[0].answer, words, verdict, roadmap, gpu)]
        answers += [_filled(machine.answer, words, "", roadmap, gpu) for machine in machines[1:2]]
    parts = [Part("suggestion", " ".join(answers)), Part("roadmap", _asked_for(roadmap, sheet))]
    says = [said for machine in machines[:2] if (said := machine.says)]
    quoted = " ".join(_quoted(sheet, notes, said) for said in dict.fromkeys(says))
    listing = _gpu_list(roadmap, notes, sheet, here, brief=machines[0].name not in ("gpu", "laptop"))
    parts.append(Part("note", "\n\n".join(text for text in (quoted.strip(), listing) if text)))
    return [part for part in parts if part.text]


def _named(words: str) -> list[_Machine]:
    """What the words name, in the order of the table; gigabytes of a graphics card or a disk are no memory."""
    found = [machine for machine in _MACHINES if machine.cues.search(words)]
    if found and found[0].name in ("gpu", "disk"):
        found = [machine for machine in found if machine.name != "memory"]
    return found or [_LAPTOP]


def _verdict(words: str) -> str:
    """ "Yes: " to "is it enough?", "No: " to "do I need one?" and "is it hopeless?", nothing to "which one?"."""
    if _WHICH.search(words):
        return ""
    if _OTHER_WAY.search(words):
        return "No: "
    return "" if _CLAIMED.search(words) else "Yes: "


def _filled(answer: str, words: str, verdict: str, roadmap: Roadmap, gpu: Iterable[Said]) -> str:
    helped = _weeks_in(row.weeks for said in gpu if (row := roadmap.resource(said.resource)))
    plain = _weeks_in([roadmap.weeks]) - helped
    weeks = {"gpu_weeks": _ranges(helped), "plain_weeks": _ranges(plain)}
    filled = answer.format(
        verdict=verdict,
        gpu=_GPU_ANSWERS[verdict].format(browser=_BROWSER, **weeks),
        memory=_memory(words, verdict),
        **weeks,
    )
    return filled[:1].upper() + filled[1:]


def _memory(words: str, verdict: str) -> str:
    size = _GIGABYTES.search(words)
    if size is None:
        return _MEMORY_ANSWERS["none"]
    answer = _MEMORY_ANSWERS["little" if int(size[1]) < LITTLE_MEMORY else "enough"]
    return answer.format(size=size[1], verdict=verdict)


def _for_rows(rows: Sequence[Resource], verdict: str, sheet: Sheet, *, helped: bool) -> str:
    """The direct answer for some rows alone."""
    how = f"with {_BROWSER}" if helped else "without a GPU"
    text = f"{verdict}an ordinary laptop {how} is enough for {_cited(sheet, rows[:3])}."
    return text[:1].upper() + text[1:]


def _asked_for(roadmap: Roadmap, sheet: Sheet) -> str:
    row = roadmap.resource(SETUP)
    return (
        f"Week 0 asks for software only: “{authored(row.task)}” {sheet.cell(row, row.task)}."
        if row and row.task
        else ""
    )


def _quoted(sheet: Sheet, notes: Notes, said: Said) -> str:
    source = _said(sheet, notes, said)
    return f"“{said.quote}” {source}" if source else ""


def _gpu_list(roadmap: Roadmap, notes: Notes, sheet: Sheet, gpu: Iterable[Said], *, brief: bool) -> str:
    """Where a GPU helps, by our notes: a line a row, or all in one sentence."""
    rows = [(row, said) for said in gpu if (row := roadmap.resource(said.resource)) and _said(sheet, notes, said)]
    if not rows:
        return ""
    if brief:
        sources = " ".join(_said(sheet, notes, said) for _, said in rows)
        return f"A GPU helps in {_weeks_of(row for row, _ in rows)}, and {_BROWSER} will do {sources}."
    lines = [f"- {weeks_title(row.weeks)}: {_quoted(sheet, notes, said)}" for row, said in rows]
    return "Where a GPU helps:\n\n" + "\n".join(lines)


# --- 4: a goal ----------------------------------------------------------------------------------------------------


def goal_parts(
    roadmap: Roadmap, notes: Notes, sheet: Sheet, *, words: Sequence[str], done: Collection[str] = ()
) -> list[Part]:
    """What matters for a job or a thing to build, what that builds on, and what may wait; nothing for no known goal."""
    goal = goal_of(words)
    rows = [r for id in goal.first if (r := roadmap.resource(id))] if goal else []
    if goal is None or not rows:
        return []
    known = load_rules().with_same_course(done)
    closed = known.union(*(slot.ids for slot in slots_of(roadmap) if slot.ids & known))
    rows.sort(key=lambda row: row.id in closed)
    marked = [_marked(sheet, row, closed) for row in rows]
    then = f", then {listed(marked[1:])}" if marked[1:] else ""
    text = f"For {goal.name} the parts that matter are {_weeks_of(rows)}: {marked[0]} first{then}. {goal.why}"
    lines: list[str] = []
    base, further = _built_on(roadmap, rows, known)
    if base:
        tail = ", and on what these need in turn" if further else ""
        lines.append(f"- They build on: {listed(_placed(sheet, row, known) for row in base)}{tail}")
    later = [r for id in goal.later if id not in closed and (r := roadmap.resource(id))]
    if later:
        lines.append(f"- May wait: {_cited(sheet, later)}")
    tasks = [
        f"- {_name(row)}: {authored(row.task)} {sheet.cell(row, row.task)}" for row in rows[:MOST_TASKS] if row.task
    ]
    parts = [Part("suggestion", "\n\n".join([text, "\n".join(lines)]).strip())]
    return [*parts, Part("roadmap", "What you do there:\n\n" + "\n".join(tasks))] if tasks else parts


def _built_on(roadmap: Roadmap, rows: Collection[Resource], done: Collection[str]) -> tuple[list[Resource], bool]:
    """What the rows need, in order of study, and what that needs in turn unless it is too much (then True)."""
    slots = slots_of(roadmap)
    wanted = {slot for row in rows if (slot := slot_of(slots, row.id))}
    direct = _needed(slots, {row.id for row in rows}) - wanted
    found, new = set(direct), direct
    while new:
        new = _needed(slots, {_member(slot, done).id for slot in new}) - found - wanted
        found |= new
    told = direct if len(found) > MOST_BASE else found
    return [_member(slot, done) for slot in slots if slot in told], told != found


def _needed(slots: Sequence[Slot], ids: Collection[str]) -> set[Slot]:
    """What any of the resources wants done first, by curriculum.toml."""
    first = {id for need in load_rules().needs if need.resource in ids for id in need.first}
    return {slot for slot in slots if slot.ids & first}


def _member(slot: Slot, done: Collection[str]) -> Resource:
    return next((m for m in slot.members if m.id in done), slot.members[0])


def _marked(sheet: Sheet, row: Resource, done: Collection[str]) -> str:
    mark = " (done)" if row.id in done else ""
    return f"**{_name(row)}**{mark} {sheet.cell(row, title_quote(row))}"


def _placed(sheet: Sheet, row: Resource, done: Collection[str]) -> str:
    mark = "done" if row.id in done else str(row.weeks)
    return f"{_name(row)} ({mark}) {sheet.cell(row, title_quote(row))}"


# --- 5: what one knows already ------------------------------------------------------------------------------------

NEVER_CODED = "never-coded"


def background_parts(
    roadmap: Roadmap, notes: Notes, sheet: Sheet, *, words: Sequence[str], done: Collection[str] = ()
) -> list[Part]:
    """Where to begin with what one knows already, or has `done`; without either, with the first unit of week 0."""
    slots = slots_of(roadmap)
    found = backgrounds_of(words)
    finished = load_rules().with_same_course({*done, *(id for b in found for id in b.done)})
    skimmed = {id for b in found for id in b.skim} - finished
    begin = _entry(slots, found, finished, finished | skimmed)
    if begin is None:
        return []
    row = begin.members[0]
    text = f"Begin with {begin.weeks}: **{_name(row)}** {sheet.cell(row, title_quote(row))}."
    whys = [_why(notes, sheet, background) for background in found[:MOST_WHYS]]
    if not whys:
        whys = [_why_first(row, sheet) if begin is slots[0] else "It comes next after what you have done."]
    text += f" {' '.join(whys)} {_first_unit(notes, sheet, begin)}"
    lines = _known_lines(roadmap, sheet, slots, begin, (finished - set(done), skimmed))
    return [Part("suggestion", "\n\n".join([text.strip(), "\n".join(lines)]).strip())]


def _entry(
    slots: Sequence[Slot], found: Sequence[Background], finished: Collection[str], known: Collection[str]
) -> Slot | None:
    """The latest row that a background begins with, or the one after the last that is done; on past what is known."""
    places = {id: place for place, slot in enumerate(slots) for id in slot.ids}
    begins = [places[b.begin] for b in found if b.begin in places]
    after = [places[id] + 1 for id in finished if id in places]
    at = max(begins, default=max(after, default=0))
    if any(b.id == NEVER_CODED for b in found):
        at = min(begins, default=0)
    return next((slot for slot in slots[at:] if not slot.ids & set(known)), None)


def _why(notes: Notes, sheet: Sheet, background: Background) -> str:
    source = _said(sheet, notes, Said(background.source, background.quote))
    return f"{background.why.removesuffix('.')} {source}." if source else background.why


def _why_first(row: Resource, sheet: Sheet) -> str:
    """Why the first row comes first, for who says nothing of what is known."""
    quote = row.outcome or title_quote(row)
    return (
        f"All that follows runs on it: “{authored(quote)}” {sheet.cell(row, quote)}. "
        "It sets up tools and does not teach Python: who has never programmed learns the basics first or alongside."
    )


def _first_unit(notes: Notes, sheet: Sheet, slot: Slot) -> str:
    row = slot.members[0]
    unit = units_of(row, notes, sharing=slot.sharing)[0]
    url = unit.url or url_of(row, notes)
    title = linked(escaped(unit.title), url) if url else escaped(unit.title)
    source = _said(sheet, notes, Said(row.id, unit.title))
    return f"Its first unit: **{title}** (about {unit.hours:g} h) {source}".strip() + "."


def _known_lines(
    roadmap: Roadmap,
    sheet: Sheet,
    slots: Sequence[Slot],
    begin: Slot,
    known: tuple[Collection[str], Collection[str]],
) -> list[str]:
    """What may be marked as done, what goes quickly, what is mandatory all the same, and which weeks are new."""
    done, skimmed = ([r for r in roadmap.resources if r.id in ids] for ids in known)
    before = slots[: slots.index(begin)]
    told = {r.id for r in (*done, *skimmed)}
    must = [s.members[0] for s in before if s.level == "mandatory" and not s.ids & told]
    new = [slot for slot in slots[len(before) :] if not slot.ids & told]
    lines = [f"- Mark as done: {_cited(sheet, done)}"] if done else []
    lines += [f"- Go through quickly: {_cited(sheet, skimmed)}"] if skimmed else []
    lines += [f"- Mandatory all the same: {_cited(sheet, must)}"] if must and told else []
    lines += [f"- New to you: {_ranges(_weeks_in(slot.weeks for slot in new))}"] if new and told else []
    return lines


# --- pieces -------------------------------------------------------------------------------------------------------


def _said(sheet: Sheet, notes: Notes, said: Said) -> str:
    """`[n]` for words of our note; empty where the note does not hold them, or the roadmap not its row (any more)."""
    note = notes.note(said.resource)
    resource = sheet.roadmap.resource(said.resource)
    if note is None or not said.quote or resource is None:
        return ""
    texts = (note.body, note.cost_detail, *note.before, *(unit.title for unit in note.units))
    if not any(said.quote in text for text in texts):
        return ""
    return sheet.note(resource, said.quote)


def _name(row: Resource) -> str:
    """What a row is called in running text: "MLOps", "Hands-On Machine Learning", "Essence of Linear Algebra"."""
    name = re.split(r" \| | with ", short_title(row).split(" — ")[-1])[0]
    return authored(name if len(name) <= LONGEST_NAME else name.split(" + ")[0].removesuffix(" Specialization"))


def _cited(sheet: Sheet, rows: Iterable[Resource], last: str = "and") -> str:
    """ "A [1], B [2] and C [3]"."""
    names = [f"{_name(row)} {sheet.cell(row, title_quote(row))}" for row in rows]
    return f" {last} ".join(names) if len(names) == 2 else listed(names)


def _weeks_of(rows: Iterable[Resource]) -> str:
    return _ranges(_weeks_in(row.weeks for row in rows))


def _weeks_in(spans: Iterable[Weeks]) -> set[int]:
    return {week for span in spans for week in range(span.first, span.last + 1)}


def _ranges(weeks: Iterable[int]) -> str:
    """Whole weeks as runs.

    >>> _ranges([0, 1, 2, 6, 9, 10])
    'weeks 0–2, 6 and 9–10'
    """
    runs: list[Weeks] = []
    for week in sorted(weeks):
        if runs and runs[-1].last + 1 == week:
            runs[-1] = Weeks(runs[-1].first, week)
        else:
            runs.append(Weeks(week, week))
    if len(runs) == 1:
        return str(runs[0])
    return "weeks " + listed(str(run).partition(" ")[2] for run in runs)
