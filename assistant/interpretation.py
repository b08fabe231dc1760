"""What a message wishes, one wish after the other: `wishes(text, context, router, ...)` -> `Wish`.

The order: a click on a button; a name alone; a message that only points at another thing; several wishes in one
message; else the message as a whole. With a language model, it is asked once which wishes they are.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answers import Delta
from assistant.asking_back import SEARCH
from assistant.conversation import ASIDE
from assistant.handling import HANDLERS, Context
from assistant.language.learning.table import capabilities, the
from assistant.language.message import Parsed, read_message
from assistant.language.wishes import pieces
from assistant.page_answers.versions import is_of_a_version, names_a_product
from assistant.router import FOREIGN, REMARK, Decision, Router
from assistant.tool_selector import ToolSelector

if TYPE_CHECKING:
    from assistant.generation.client import LanguageModel
    from assistant.generation.prompt import Turn


COURTESY = the("courtesy")
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
    if name := _without_asking(text, whole, context):
        kinds = () if whole.is_bare else tuple(router.selector.guesses(whole))  # a bare name is of no kind
        yield Wish(whole, Decision((name,), guesses=kinds), context)
        return
    parts = pieces(text)
    parsed = [read(part, context) for part in parts] if len(parts) > 1 else []
    if model is not None:
        chosen = yield from ToolSelector(model, router.selector).chosen(whole, parsed, context.memory, history)
        router, whole, parsed = chosen.router, chosen.whole, chosen.parts
    decisions = [router.decide(part) for part in parsed]
    meant = [number for number, decision in enumerate(decisions) if decision.tries[:1] != (COURTESY,)]
    if len(meant) == 1 < len(parsed):  # "ok thanks! what about week 9?"
        yield Wish(parsed[meant[0]], decisions[meant[0]], context)
        return
    if not all(part.own_words or part.is_question for part in parsed) or not _stand_alone(decisions):
        yield Wish(whole, router.decide(whole), context)
        return
    within = replace(context, alone=False, fresh=not context.is_known)
    # "I'm in the Black Forest in October, which trails are open?" is no pause until one says so
    elsewhere = any(decision.tries[:1] == (FOREIGN,) for decision in decisions)
    for part, decision in zip(parsed, decisions, strict=True):
        yield Wish(part, replace(decision, sure=decision.sure and not elsewhere), within)
        within = replace(within, week=_following(part, within)) if within.fresh else within


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
    if whole.is_bare and memory.asked is None:
        return the("row") if whole.rows else the("place")
    carried = memory.capability in HANDLERS and not capabilities()[memory.capability].writes
    return memory.capability if whole.is_elliptic and carried else ""


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
