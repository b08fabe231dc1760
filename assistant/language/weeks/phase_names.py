"""Phases by name: "the MLOps phase", "the phase about LLMs", "LLM Engineering & NLP". Pure."""

from __future__ import annotations

import re

from assistant.language.weeks.reader import clean
from corpus.roadmap import Roadmap

_VAGUE = frozenset("learning engineering advanced core and the for from with".split())
_PHASE_WORDS = {
    "basics": "foundations",
    "fundamentals": "foundations",
    "llms": "llm",
    "ops": "mlops",
    "deployment": "production",
    "maths": "mathematics",
    "math": "mathematics",
}
_CALLED = re.compile(r"(?:^|\b(?:in|of|is|for|during) )$")
_BEFORE = re.compile(r"(?<![\w&/-])(?P<words>(?:[\w&/-]++ ){1,4})phase\b(?! \d)")
_AFTER = re.compile(r"\bphase (?:about|on|for|called|named|with|of) (?P<words>[\w&/ -]{2,40})")


def named_phase(text: str, roadmap: Roadmap) -> tuple[int, int, int] | None:
    """(phase number, start, end) for "the MLOps phase", "the phase about LLMs" or a phase's whole title."""
    return _by_title(text, roadmap) or _by_words(text, roadmap)


def _by_title(text: str, roadmap: Roadmap) -> tuple[int, int, int] | None:
    """A title of one word ("Setup") counts only after a word that calls for a place, or before "phase": "the setup" is
    the row."""
    for phase in roadmap.phases:
        title = clean(phase.title)
        match = re.search(rf"(?<!\w){re.escape(title)}(?P<phase> phase)?(?!\w)", text)
        if not match:
            continue
        called = _CALLED.search(text[: match.start()])
        if len(title.split()) > 1 or match["phase"] or called:
            return phase.number, match.start(), match.end()
    return None


def _by_words(text: str, roadmap: Roadmap) -> tuple[int, int, int] | None:
    for match in _BEFORE.finditer(text):
        best = _phase_of_words(re.findall(r"\w+", match["words"])[-3:], roadmap)
        if best:
            return best[0], match.start() + match[0].rfind(best[1]), match.end()
    for match in _AFTER.finditer(text):
        best = _phase_of_words(re.findall(r"\w+", match["words"])[:4], roadmap)
        if best:
            return best[0], match.start(), match.end()
    return None


def _phase_of_words(words: list[str], roadmap: Roadmap) -> tuple[int, str] | None:
    scores: list[tuple[int, int, str]] = []
    wanted = [_PHASE_WORDS.get(w, w) for w in words if w not in _VAGUE and len(w) > 1]
    for phase in roadmap.phases:
        own = set(re.findall(r"\w+", clean(phase.title))) - _VAGUE
        inner = {w for b in phase.blocks for w in re.findall(r"\w+", clean(b.title))} - _VAGUE
        hits = [w for w in wanted if w in own or (len(w) > 4 and any(o.startswith(w[:-1]) for o in own))]
        near = [w for w in wanted if w in inner]
        if hits or near:
            original = next(w for w in words if _PHASE_WORDS.get(w, w) in (hits or near))
            scores.append((2 * len(hits) + len(near), -phase.number, original))
    scores.sort(reverse=True)
    clear = bool(scores) and (len(scores) == 1 or scores[0][0] > scores[1][0])
    return (-scores[0][1], scores[0][2]) if clear else None
