"""What the terms that a question asks about mean, from the glossary: said above what the pages say. Pure."""

from __future__ import annotations

import re

from assistant.asked import Question
from assistant.form import wish
from assistant.joining import joined
from assistant.placing import place_of
from assistant.preface import bare
from assistant.values import Answer, Citation, Part
from corpus.glossary import URL, entry_of
from corpus.roadmap import Roadmap


def said_above(question: Question, roadmap: Roadmap, *, weak: bool) -> Answer | None:
    """What stands above the quotes: the place of what is named, and what is meant. `weak`: the passages say nothing."""
    place, meaning = None if weak else place_of(question, roadmap), meaning_of(question)
    return joined(place, meaning) if place and meaning else place or meaning


def meaning_of(question: Question) -> Answer | None:
    """What the term that a question asks to be defined means, or the two terms that it compares; None if the glossary
    has none of them."""
    wanted = wish(question.text)
    asked = (wanted.term, wanted.other) if wanted.kind in ("definition", "comparison") else (_only(question.text),)
    entries = list(dict.fromkeys(entry for term in asked if (entry := entry_of(term) or entry_of(_alone(term)))))
    if not entries:
        return None
    parts = [
        Part("note", f"**{entry.name[:1].upper()}{entry.name[1:]}**: {entry.meaning} [{n}]")
        for n, entry in enumerate(entries, 1)
    ]
    citations = [
        Citation(n, "note", f"Glossary › {entry.name}", URL, entry.meaning, entry.written, context=entry.meaning)
        for n, entry in enumerate(entries, 1)
    ]
    return Answer(question.text, tuple(parts), tuple(citations))


def defines(said: Answer | None) -> bool:
    """Whether what stands above the quotes says what a term means."""
    return said is not None and any(citation.url == URL for citation in said.citations)


def _alone(term: str) -> str:
    """The term without its field: "agents" of "agents in LLMs"."""
    return term.partition(" in ")[0]


def _only(text: str) -> str:
    """The words of a question that is nothing but a term ("dropout?", "and underfitting?", "I don't get backprop")."""
    return re.sub(r"^(?:what about|how about|or)\s+", "", bare(text).lower()).strip(" ?.!")
