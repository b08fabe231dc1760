"""What a learner is after, and what one brings along, as words name them: goals.toml and backgrounds.toml as values.

Knows which words name a goal or a background and which resources matter for it; knows nothing of the roadmap, of
learners or of sentences. Pure but for the loaders, which read their file once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

GOALS_FILE = Path(__file__).with_name("goals.toml")
BACKGROUNDS_FILE = Path(__file__).with_name("backgrounds.toml")

Cues = tuple[re.Pattern[str], ...]

NEAREST = ("work as an LLM engineer", "work as an MLOps engineer", "work as a data scientist")
"""Goals that are offered where none is named."""

_NOT_WANTED = re.compile(
    r"\bfrom (?:\w+ ){1,4}?(?=(?:in)?to\b)|\b(?:\w+ ){1,2}now\b(?=,)|\b(?:but )?not (?:an? )?\w+(?: \w+)?"
    r"|\bdon'?t want to be \w+|\bdo i (?:really |even )?need (?:the|any) \w+"
)
"""What one leaves, or does not want: "from analyst to ...", "data analyst now, ...", "not ML engineer"."""

_DENIED = re.compile(
    r"^.*\bneither\b|\b(?:no|not|never|without|(?<!week )(?<!at )(?<!from )zero|lacks?|hardly|forgotten|last time|"
    r"weak in|bad at|(?:do|have|ca|did)n'?t|cannot)\b.*?(?=\bbut\b|\bthough\b|[,.;:!?]|$)"
)
"""What one says not to know, up to where it turns."""

_ASKED = re.compile(
    r"\b(?:where|how|when|what|which \w+) (?:do|does|can|could|should|would) (?:i|we|one|you)\b"
    r"|\b(?:start|begin|commence)(?:ing)? (?:with|learning|on) (?:\w+ ?){1,2}"
    r"|\b(?:want|like|hope|plan|wish|going|trying|aim) to\b[^,.;]*"
    r"|\b(?<!machine )(?<!deep )(?<!scikit )learn(?:ing)? (?:\w+ ?){1,2}"
)
"""What one asks for rather than knows: "where do i start with python", "i want to learn docker"."""

_CLAIMED = re.compile(
    r"\b(?:know(?:s|n|ing)?|knew|can|could|uses?|used|using|familiar|comfortable|fluent|good|solid|strong|experienced?|"
    r"years?|yrs|background|work(?:s|ed)?|did|do|does|done|finished|completed|took|taken|have|has|had|got|learn(?:ed|t)|"
    r"stud(?:y|ied)|degree|ph ?d|bachelor|master|already|come|coming|from|daily|with|trains?|trained|buil[dt]|wrote|"
    r"taught|teach|self|by heart|been|old|certificate|skip|all day|every day)\b"
)
"""A word of who claims to know something, as in "i know docker"; "python or maths first?" has none."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A job, or a thing to build. `first`: ids in order of importance; `later`: ids that may wait."""

    id: str
    name: str
    cues: Cues
    first: tuple[str, ...]
    later: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Background:
    """What one brings along. `persons` name who one is, `skills` count only where they are claimed."""

    id: str
    persons: Cues
    skills: Cues
    whole: bool
    begin: str
    done: tuple[str, ...]
    skim: tuple[str, ...]
    why: str
    source: str
    quote: str
    """Words of our note on `source` that say the same; empty where none do."""


def goal_of(words: Sequence[str]) -> Goal | None:
    """The first goal of goals.toml that the words of a question name, in their order; None for none.

    >>> goal_of("which parts for a chatbot over our PDFs".split()).id
    'document-bot'
    """
    text = _NOT_WANTED.sub(" ", _text(words))
    return next((goal for goal in load_goals() if _found(goal.cues, text)), None)


def backgrounds_of(words: Sequence[str]) -> tuple[Background, ...]:
    """Every background that the words of a question name, in the order of backgrounds.toml.

    >>> [b.id for b in backgrounds_of("I know Docker but no pandas".split())]
    ['operations']
    """
    whole = _text(words)
    known = _ASKED.sub(" ", _DENIED.sub(" ", whole))
    return tuple(b for b in load_backgrounds() if _brought(b, whole if b.whole else known))


@cache
def load_goals(path: Path = GOALS_FILE) -> tuple[Goal, ...]:
    """Reads goals.toml; a broken one is a fault of the installation and raises as it is."""
    data: dict[str, dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(_goal(id, entry) for id, entry in data.items())


@cache
def load_backgrounds(path: Path = BACKGROUNDS_FILE) -> tuple[Background, ...]:
    """Reads backgrounds.toml; a broken one is a fault of the installation and raises as it is."""
    data: dict[str, dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(_background(id, entry) for id, entry in data.items())


def _goal(id: str, entry: dict[str, Any]) -> Goal:
    return Goal(id, entry["name"], _cues(entry["cues"]), tuple(entry["first"]), tuple(entry["later"]), entry["why"])


def _background(id: str, entry: dict[str, Any]) -> Background:
    says: dict[str, str] = entry.get("says", {})
    return Background(
        id=id,
        persons=_cues(entry["is"]),
        skills=_cues(entry.get("knows", ())),
        whole=entry.get("whole", False),
        begin=entry["begin"],
        done=tuple(entry.get("done", ())),
        skim=tuple(entry.get("skim", ())),
        why=entry["why"],
        source=says.get("resource", ""),
        quote=says.get("quote", ""),
    )


def _brought(background: Background, text: str) -> bool:
    claimed = _CLAIMED.search(text) is not None
    return _found(background.persons, text) or (claimed and _found(background.skills, text))


def _found(cues: Cues, text: str) -> bool:
    return any(cue.search(text) for cue in cues)


def _cues(patterns: Iterable[str]) -> Cues:
    return tuple(re.compile(pattern) for pattern in patterns)


def _text(words: Sequence[str]) -> str:
    """The words as the cues read them: lower case, straight apostrophes, hyphens as spaces."""
    text = " ".join(words).lower().replace("’", "'")
    return " ".join(re.sub(r"(?<=\w)-(?=\w)|_", " ", text).split())
