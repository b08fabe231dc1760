"""A learner's own cards: made of an answer, edited, deleted; any card suspended. Pure edits of a `Learner`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from assistant.answers import Answer
from assistant.study.learner import Learner, LearnerError
from assistant.study.review import (
    LONGEST_ANSWER,
    LONGEST_QUESTION,
    SAVED,
    ReviewCard,
    saved_card,
)

_CODE_OR_MARKER = re.compile(r"(```.*?```|`[^`\n]*`)|\s?(?<!\\)\[\d{1,3}\](?![(:\[])", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CardLine:
    """A card in the list of all: when it is due (None: never reviewed), and whether it is suspended."""

    card: ReviewCard
    due: datetime | None
    suspended: bool

    @property
    def own(self) -> bool:
        """Whether the learner saved it, and may change it."""
        return self.card.key.startswith(SAVED)


def card_of_answer(question: str, answer: Answer) -> tuple[str, str, str, str]:
    r"""Question, answer, source and resource of a card that keeps an answer: every part of it, with its code.

    The numbers of sources go; the source is the first that is a page of the web.
    """
    parts = [part.text for part in answer.parts if part.voice != "notice"] or [answer.text]
    text = "\n\n".join(_without_markers(part) for part in parts)
    source = next((c.url for c in answer.citations if urlsplit(c.url).scheme in ("http", "https")), "")
    return _cut(question, LONGEST_QUESTION), _cut(text, LONGEST_ANSWER), source, next(iter(answer.resources), "")


def with_edited(key: str, question: str, answer: str) -> Callable[[Learner], Learner]:
    """The edit that changes an own card; its schedule stays. Errors: `LearnerError` for another card, or no text."""

    def edit(learner: Learner) -> Learner:
        before = next((card for card in learner.cards if SAVED + card.id == key), None)
        if before is None:
            raise LearnerError(_none_of_yours(key))
        text = saved_card(question, answer, before.source, before.resource)
        after = replace(text, id=before.id)
        return replace(learner, cards=tuple(after if card == before else card for card in learner.cards))

    return edit


def without_card(key: str) -> Callable[[Learner], Learner]:
    """The edit that deletes an own card. Errors: `LearnerError` for another card."""

    def edit(learner: Learner) -> Learner:
        kept = tuple(card for card in learner.cards if SAVED + card.id != key)
        if len(kept) == len(learner.cards):
            raise LearnerError(_none_of_yours(key))
        return replace(learner, cards=kept, suspended=tuple(k for k in learner.suspended if k != key))

    return edit


def with_suspended(key: str, *, suspended: bool) -> Callable[[Learner], Learner]:
    """The edit that keeps a card from coming up, or lets it again."""

    def edit(learner: Learner) -> Learner:
        others = [other for other in learner.suspended if other != key]
        return replace(learner, suspended=tuple(sorted([*others, key] if suspended else others)))

    return edit


def _none_of_yours(key: str) -> str:
    return f"{key[:80]!r} is no card of yours: only cards that you saved can be changed. Others can be suspended."


def _without_markers(text: str) -> str:
    """Without the numbers of sources; what stands in code is left alone.

    >>> _without_markers("Take `x[1]` [2], as said [1].")
    'Take `x[1]`, as said.'
    """
    return _CODE_OR_MARKER.sub(lambda found: found[1] or "", text)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
