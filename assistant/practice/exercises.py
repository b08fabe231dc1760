"""A question to answer, and whether an answer is right: `check(exercise, text)` -> `Verdict`. Pure.

What can be checked without a language model is checked: the choice of an option, and the word in a gap. A free answer,
and another word in a gap, is shown beside the right one; whether it means the same, one says oneself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

Kind = Literal["choice", "cloze", "open"]
Verdict = Literal["right", "wrong", "open"]
"""open: to be judged by oneself."""

GAP = "_____"
LETTERS = "abcdef"
_ALIKE = 88.0
"""Likeness (0-100) from which a word is another only by a slip of the keyboard."""
_SHORT = 4
"""Letters of a word that has to be met exactly."""
_PICKED = re.compile(rf"(?:(?:answer|option|it's|its|i say|i think)\s+)?\(?([{LETTERS}]|[1-{len(LETTERS)}])[).:]?")


@dataclass(frozen=True, slots=True)
class Exercise:
    """A question that grades the card `key`.

    answer: the right option, the word of the gap, or the answer of the card. accepted: other names of it. told: what
    is shown with the answer, so that one learns from it. resource: whose note tells it; "" for the glossary.
    """

    key: str
    kind: Kind
    prompt: str
    answer: str
    told: str
    options: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    resource: str = ""
    url: str = ""

    @property
    def letter(self) -> str:
        """The letter of the right option."""
        return LETTERS[self.options.index(self.answer)]


def check(exercise: Exercise, text: str) -> Verdict | None:
    """Whether an answer is right; None for a text that picks none of the options.

    >>> gap = Exercise("glossary/x", "cloze", "The _____ is tall.", "attention mask", "", accepted=("attention mask",))
    >>> check(gap, "Attention masks"), check(gap, "tower")
    ('right', 'open')
    """
    if exercise.kind == "choice":
        picked = _option(exercise, text)
        return None if picked is None else "right" if picked == exercise.answer else "wrong"
    is_met = exercise.kind == "cloze" and any(_same(text, name) for name in exercise.accepted)
    return "right" if is_met else "open"


def _option(exercise: Exercise, text: str) -> str | None:
    """The option that is named by its letter, its number or its words."""
    if found := _PICKED.fullmatch(text.strip().lower()):
        at = LETTERS.index(found[1]) if found[1] in LETTERS else int(found[1]) - 1
        return exercise.options[at] if at < len(exercise.options) else None
    meant = [option for option in exercise.options if _same(text, option)]
    return meant[0] if len(meant) == 1 else None


def _same(text: str, name: str) -> bool:
    said, wanted = _plain(text), _plain(name)
    if said == wanted:
        return True
    return min(len(said), len(wanted)) > _SHORT and fuzz.ratio(said, wanted) >= _ALIKE


def _plain(text: str) -> str:
    """Without article, plural, hyphens and signs: "The attention-masks." -> "attention mask"."""
    words = re.sub(r"^(?:an?|the)\s+", "", re.sub(r"[^\w+#]+", " ", text.lower()).strip())
    return words.removesuffix("s")
