"""What the terms that a question asks about mean, from the glossary: said above what the pages say. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.answers import Answer, Citation, Part
from assistant.language.names.plain_words import PLAIN
from assistant.language.parse import content_words
from assistant.language.weeks.reader import clean
from assistant.page_answers.answer_form import alone, wish
from assistant.questions import Question
from assistant.roadmap_answers.fallback import place_of
from assistant.roadmap_answers.listing import as_written
from assistant.text.markdown import escaped
from assistant.text.markers import joined
from corpus.glossary import URL, Entry, entry_of, read_glossary
from corpus.roadmap import Roadmap

MOST = 3
"""Words of a subject that are repeated at the most."""


def said_above(question: Question, roadmap: Roadmap, *, weak: bool) -> Answer | None:
    """What stands above the quotes: the place of what is named, and what is meant. `weak`: the passages say nothing."""
    asks = _WHERE.search(question.text) is not None
    above = None if weak else (place_of(question, roadmap) if asks else None) or _without_row(question)
    meaning = meaning_of(question)
    return joined(above, meaning) if above and meaning else above or meaning


def meaning_of(question: Question) -> Answer | None:
    """What the term that a question asks to be defined means, or the two terms that it compares; None if the glossary
    has none of them."""
    wanted = wish(question.text)
    asked = (wanted.term, wanted.other) if wanted.term else (alone(question.text),)
    if not any(_entries(term) or (wanted.other and _headed(term)) for term in asked if term):
        asked = (_only_term(question.text),)
    entries = list(dict.fromkeys(entry for term in asked for entry in _entries(term)))
    if wanted.other and len(entries) < len(asked):
        entries = [entry for term in asked for entry in _entries(term) or filter(None, [_headed(term)])]
    return _told(question.text, entries) if entries else None


def _told(text: str, entries: list[Entry]) -> Answer:
    parts = [
        Part("note", f"**{escaped(entry.name[:1].upper() + entry.name[1:])}**: {escaped(entry.meaning)} [{n}]")
        for n, entry in enumerate(entries, 1)
    ]
    citations = [
        Citation(n, "note", f"Glossary › {entry.name}", URL, entry.meaning, entry.written, context=entry.meaning)
        for n, entry in enumerate(entries, 1)
    ]
    return Answer(text, tuple(parts), tuple(citations))


def words_in(text: str) -> Answer | None:
    """What the terms of a text mean, those that it names first and does not define itself; None if there are none."""
    said = clean(text)
    places = {at: name for name in read_glossary() if (at := _found_in(name, said)) >= 0}
    entries = list(dict.fromkeys(entry for at in sorted(places) for entry in filter(None, [entry_of(places[at])])))
    unsaid = [entry for entry in entries if clean(entry.meaning) not in said]
    return _told(text, unsaid[:MOST]) if unsaid else None


def _found_in(name: str, text: str) -> int:
    found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) if len(name) >= LEAST else None
    return found.start() if found else -1


def with_meaning(question: Question, exact: Answer) -> Answer:
    """What the roadmap says of a subject ("what is attention, and when is it taught?"), below what the subject is."""
    meaning = meaning_of(question) if question.intent == "topic" else None
    return replace(joined(meaning, exact), weeks=exact.weeks, understood=exact.understood) if meaning else exact


def defines(said: Answer | None) -> bool:
    """Whether what stands above the quotes says what a term means."""
    return said is not None and any(citation.url == URL for citation in said.citations)


def _without_row(question: Question) -> Answer | None:
    """That no row names the subject for which the roadmap was asked, where the pages do."""
    if question.intent != "topic" or len(question.topic) > MOST:
        return None
    said, subject = question.text.lower(), as_written(question)
    terms = [name for name in read_glossary() if subject.lower() in name and name in said]
    subject = max(terms, key=len, default=subject)
    text = f"No row of the roadmap names “{subject}”. Its resources and our notes have it nevertheless:"
    return Answer(question.text, (Part("notice", text),), ())


def _only_term(text: str) -> str:
    """The one term of the glossary that a short message is about: "backprop pls", "batch norm, what's it for"."""
    words = content_words(clean(text))
    if len(words) > SHORT or _PLACE.search(clean(text)):
        return ""
    runs = [words[at : at + size] for size in (3, 2, 1) for at in range(len(words) - size + 1)]
    found = next((run for run in runs if entry_of(" ".join(run))), [])
    left = [word for word in words if word not in found and word not in PLAIN and word not in _FOR]
    return "" if left else " ".join(found)


_PLACE = re.compile(r"\b(?:weeks?|phases?|where|when|which|cover(?:s|ed)?|teach(?:es)?|taught|learn)\b")
"""Words of a message that asks where a subject is, not what it is."""
_WHERE = re.compile(r"\b(?:when|where|weeks?|phases?|roadmap|which (?:row|resource|course|book))\b", re.IGNORECASE)
"""Words of a message that may ask for the place of the row that it names."""
_FOR = frozenset(
    """
    pls plz please eli5 simple simpler simply easier terms use used uses idea gist again basics intuition meaning
    means mean meant definition define defined explain explained explanation describe analogy analogies metaphor
    example purpose point good plain plainly words word layman laymans kid child short brief briefly quick quickly
    detail details deeper understand stand stands what's whats
    """.split()
)
LEAST = 5
"""Letters of the beginning of a term that stands for all of it."""
SHORT = 8
"""Words of a message that asks for a term and nothing else."""


def _entries(term: str) -> list[Entry]:
    """The entry of a term, or those of the two that it names together ("SVD and PCA")."""
    found = [entry_of(term) or entry_of(_alone(term))]
    if found == [None] and " and " in term:
        found = [entry_of(part) for part in re.split(r",? and ", term)]
    return [entry for entry in found if entry] if None not in found else []


def _headed(term: str) -> Entry | None:
    """The one entry that a term begins: "canary release" for "canary", "blue-green deployment" for "blue green"."""
    said = " ".join(re.findall(r"\w+", term.lower()))
    if len(said) < LEAST:
        return None
    named = {
        entry for name, entry in read_glossary().items() if " ".join(re.findall(r"\w+", name)).startswith(f"{said} ")
    }
    return named.pop() if len(named) == 1 else None


def _alone(term: str) -> str:
    """The term without its field: "agents" of "agents in LLMs"."""
    return term.partition(" in ")[0]
