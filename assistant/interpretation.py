"""What a message wishes, one wish after the other: `wishes(text, context, router, ...)` -> `Wish`.

The order: a click on a button; a name alone; a message that only points at another thing; several wishes in one
message; else the message as a whole. With a language model, it is asked once which wishes they are.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answers import Delta
from assistant.asking_back import SEARCH
from assistant.conversation import ASIDE
from assistant.handling import HANDLERS, Context, Memory
from assistant.language.learning.table import capabilities, having, the
from assistant.language.message import Parsed, read_message
from assistant.language.references import points_back
from assistant.language.wishes import halves, pieces
from assistant.page_answers.versions import is_of_a_version, names_a_product
from assistant.router import ELSEWHERE, FOREIGN, REMARK, Decision, Router
from assistant.study_answers.quiz import read_answer
from assistant.tool_selector import ToolSelector

if TYPE_CHECKING:
    from assistant.generation.client import LanguageModel
    from assistant.generation.prompt import Turn


PLAINLY = 0.8
"""The probability from which on a wish counts beside another in the same message."""

COURTESY = the("courtesy")
ADVICE, TRAITS = having("advice"), having("trait")
"""What is said around a wish is answered only where there is no other."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One wish: the message as it was read, what is decided, and where it is answered."""

    parsed: Parsed
    decision: Decision
    context: Context

    def likely(self, name: str) -> bool:
        """Whether a capability was among the likeliest."""
        return name in [guess.name for guess in self.decision.guesses[:3]]


def read(text: str, context: Context) -> Parsed:
    """A message as it is read in a context."""
    memory = context.memory
    return read_message(
        text, context.roadmap, lambda: context.today, week=context.week, before=memory.asked, after=memory.capability
    )


def wishes(
    text: str, context: Context, router: Router, model: LanguageModel | None = None, history: Sequence[Turn] = ()
) -> Generator[Delta | Wish]:
    """The wishes of a message, in order; empty deltas while a language model is asked which they are."""
    whole = read(text, context)
    if _answers_a_question(text, whole, context, router):
        opinion = (yield from _opinion(text, context, model)) if model else ""
        yield Wish(whole, Decision((context.memory.capability,)), replace(context, opinion=opinion))
        return
    if name := _without_asking(text, whole, context):
        kinds = () if whole.is_bare else tuple(router.selector.guesses(whole))  # a bare name is of no kind
        yield Wish(whole, Decision((name,), guesses=kinds), context)
        return
    parts = pieces(text)
    parsed = _in_turn(parts, context) if len(parts) > 1 else []
    if model is not None:
        chosen = yield from ToolSelector(model, router.selector).chosen(whole, parsed, context.memory, history)
        router, whole, parsed = chosen.router, chosen.whole, chosen.parts
    parsed = parsed or [whole]
    decisions = [router.decide(part) for part in parsed]
    if advice := _with_a_reason(decisions):
        yield Wish(whole, advice, context)
        return
    if several := _several(parsed, decisions, context, router):
        yield from _one_by_one(several, context)
        return
    if len(parsed) == 1:
        yield Wish(whole, decisions[0], context)
        return
    meant = [n for n, part in enumerate(parsed) if not _is_idle(part, decisions[n], context.memory)]
    if len(meant) == 1:  # "ok thanks! what about week 9?"
        yield Wish(parsed[meant[0]], decisions[meant[0]], context)
        return
    if not all(part.own_words or part.is_question for part in parsed) or not _stand_alone(decisions):
        yield Wish(whole, router.decide(whole), context)
        return
    # "I'm in the Black Forest in October, which trails are open?" is no pause until one says so
    elsewhere = any(decision.tries[:1] == (FOREIGN,) for decision in decisions)
    sure = [replace(decision, sure=decision.sure and not elsewhere) for decision in decisions]
    yield from _one_by_one(zip(parsed, sure, strict=True), context)


def _with_a_reason(decisions: Sequence[Decision]) -> Decision | None:
    """The decision for a question that is asked for advice, where the rest of the message tells why: "A or B? I hate
    slides" sets no preference."""
    decided = {decision.tries[0]: decision for decision in decisions if decision.tries}
    advice = next((decision for name, decision in decided.items() if name in ADVICE), None)
    reasons = decided.keys() - ADVICE
    return advice if reasons and reasons <= TRAITS else None


def _one_by_one(decided: Iterable[tuple[Parsed, Decision]], context: Context) -> Iterator[Wish]:
    """The wishes of one message, each in the context that the one before it leaves."""
    within = replace(context, alone=False, fresh=not context.is_known)
    for part, decision in decided:
        yield Wish(part, decision, within)
        within = replace(within, week=_following(part, within)) if within.fresh else within


def _in_turn(parts: Sequence[str], context: Context) -> list[Parsed]:
    """The pieces of a message, each read with what the one before it named where it points back: "week 5? how long is
    it?"."""
    found: list[Parsed] = []
    for part in parts:
        parsed = read(part, context)
        if found and points_back(parsed.said) and (found[-1].own.resources or found[-1].own.spans):
            parsed = read(part, replace(context, memory=replace(context.memory, asked=found[-1].asked)))
        found.append(parsed)
    return found


def _several(
    parsed: Sequence[Parsed], decisions: Sequence[Decision], context: Context, router: Router
) -> list[tuple[Parsed, Decision]]:
    """The wishes of a message that holds two or more plain ones, what changes something first; [] for any other.

    A piece may hold two itself ("what is in week 5 and how long does it take"): it is taken for two where both are
    plain and not the same. What is told around the wishes is left aside.
    """
    found: list[tuple[Parsed, Decision]] = []
    for part, decision in zip(parsed, decisions, strict=True):
        found += _halved(part, context, router) or [(part, decision)]
    if _with_a_reason([decision for _, decision in found]):
        return []
    if any(part.is_question and not _is_plain(decision) for part, decision in found):
        return []  # nothing that is asked is passed over
    plain = [(part, it) for part, it in found if _is_plain(it) and not _is_idle(part, it, context.memory)]
    names = [decision.tries[0] for _, decision in plain]
    if len(plain) < 2 or (len(set(names)) == 1 and not capabilities()[names[0]].writes):
        return []
    if any(decision.tries[:1] == (FOREIGN,) for _, decision in found) or sum(name in ASIDE for name in names):
        return []
    return sorted(plain, key=lambda it: not capabilities()[it[1].tries[0]].writes)


def _halved(part: Parsed, context: Context, router: Router) -> list[tuple[Parsed, Decision]]:
    """The two wishes of a piece, if both are plain and not the same."""
    for sides in halves(part.text):
        parsed = _in_turn(sides, context)
        decisions = [router.decide(side) for side in parsed]
        if all(map(_is_plain, decisions)) and decisions[0].tries[0] != decisions[1].tries[0]:
            return list(zip(parsed, decisions, strict=True))
    return []


def _is_plain(decision: Decision) -> bool:
    """Whether a wish is so likely that it counts beside another."""
    name = decision.tries[0] if decision.tries else ""
    likely = any(guess.name == name and guess.p >= PLAINLY for guess in decision.guesses)
    return likely and name not in (COURTESY, REMARK, the("topic"), *ELSEWHERE)


def _without_asking(text: str, whole: Parsed, context: Context) -> str:
    """The capability that needs no decision: that of a button, of a bare name, or that of the message before."""
    memory = context.memory
    clicked = next((choice.capability for choice in memory.choices if choice.message == text), "")
    if clicked:
        return clicked
    others = the("others")
    if whole.asks_for_the_others and HANDLERS[others](whole, context, others):
        return others  # "which have no videos?" must never be answered with those that do
    of_a_version = (is_of_a_version(text) and not whole.asked.spans) or _is_of_a_product(text, whole)
    if of_a_version and (whole.is_question or not whole.is_personal):
        return SEARCH  # "scikit-learn 1.2 and 1.7" are no days
    if whole.is_bare and _asked_which(memory):
        return memory.capability
    if whole.is_bare and memory.asked is None:
        return the("row") if whole.rows else the("place")
    carried = memory.capability in HANDLERS and not capabilities()[memory.capability].writes
    return memory.capability if whole.is_elliptic and carried else ""


def _answers_a_question(text: str, whole: Parsed, context: Context, router: Router) -> bool:
    """Whether a message answers the question of a quiz: a free answer may be anything but a question, or a plain wish
    to have something noted, to begin anew or to end it politely."""
    answered = read_answer(text, context)
    if answered is None or answered.is_certain:
        return answered is not None
    decision = router.decide(whole)
    best = next(iter(decision.guesses))
    leaves = capabilities()[best.name].writes or best.name in (COURTESY, context.memory.capability)
    return not whole.is_question and not (leaves and best.p >= PLAINLY)


def _opinion(text: str, context: Context, model: LanguageModel) -> Generator[Delta, None, str]:
    """What a language model thinks of a free answer; "" for any other message."""
    answered = read_answer(text, context)
    if answered is None or answered.is_certain:
        return ""
    from assistant.generation.grading import graded

    exercise = answered.exercise
    return (yield from graded(model, exercise.prompt, exercise.answer, text))


def _is_idle(part: Parsed, decision: Decision, memory: Memory) -> bool:
    """Whether a piece of a message asks for nothing: "thanks", or "never mind" where nothing was noted before."""
    taken_back = decision.tries[:1] == (the("at-once"),) and bool(memory.text) and not memory.wrote and not part.rows
    return taken_back or decision.tries[:1] == (COURTESY,)


def _asked_which(memory: Memory) -> bool:
    """Whether what would change something asked back for what it did not know: "Which resource do you mean?"."""
    writes = memory.capability in HANDLERS and capabilities()[memory.capability].writes
    return writes and not memory.wrote and "?" in memory.text


def _is_of_a_product(text: str, whole: Parsed) -> bool:
    """Whether it asks for "Keras 9", and names no week, day or part of a resource by that number."""
    placed = whole.asked.spans or whole.unit or whole.rows
    return not placed and names_a_product(text, whole.topic) and not whole.names("date")


def _following(part: Parsed, within: Context) -> int | None:
    """The week after what was told as finished by one of whom nothing else is known: where "what now?" begins."""
    ends = [span.first for span in part.asked.spans] or [row.weeks.last + 1 for row in part.rows]
    return max(ends) if ends and max(ends) in within.roadmap.weeks else within.week


def _stand_alone(decisions: Sequence[Decision]) -> bool:
    """Whether the pieces of a message are wishes of their own: each is decided, what is told stands before what is
    asked, and one at the most is about the answer before ("oops, I meant seven" is one correction)."""
    names = [decision.tries[0] for decision in decisions if decision.tries]
    writes = [capabilities()[name].writes for name in names]
    told_first = bool(writes) and writes[0] and writes == sorted(writes, reverse=True) and decisions[0].sure
    aside = sum(name in ASIDE for name in names)
    return len(decisions) > 1 and len(names) == len(decisions) and told_first and aside < 2 and REMARK not in names
