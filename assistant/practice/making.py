"""Cards, glossary and notes -> questions: `Bank(roadmap, notes).exercise(card, seed)`. Pure, and by a seed the same.

A term of the glossary becomes a choice (which term is meant?) or a gap in a sentence of a note; a card of a note
becomes a gap in its answer, a choice among answers of its phase, or stays a question. What stands beside the right
answer is of the same kind and of the same phase, and no kin of it, so that there are never two right answers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from random import Random

from assistant.practice.exercises import GAP, Exercise
from assistant.study.review import GLOSSARY, SAVED, ReviewCard, cards_of, glossary_cards
from corpus.glossary import Entry, read_glossary
from corpus.notes import Notes
from corpus.roadmap import Resource, Roadmap

OTHERS = 3
"""Options beside the right one."""
KIN = 0.2
"""The share of words in common from which two texts may say the same."""
SIZES = (0.5, 2.0)
"""How much shorter or longer than the right one an option may be, so that its length tells nothing."""
WORDS = range(8, 36)
"""Words of a sentence that a gap is made in."""
_IDEAS = re.compile(r"^## Key ideas\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_LEANS = re.compile(
    r"^(?:it|its|they|their|them|this|that|these|those|he|she|both|such|so|then|there|here|but)\b", re.I
)
_MARKED = re.compile(r"[`*|\[\]<>]|https?:|^[#-]")
_TOOL = re.compile(
    r"\b(?:tool|library|engine|platform|service|framework|format|language|database|system|interface|command|package)\b"
)
_ASKS = re.compile(r"^(?:in [^,]+, )?(\w+)", re.IGNORECASE)
_COMMON = frozenset(
    "a an and are as at be by can do does each for from has have how in into is it its more most much name no not of "
    "on one only or other over so such that the their them then there they this to two up was what when where which "
    "while who why will with without you your".split()
)


@dataclass(frozen=True, slots=True)
class Term:
    """An entry of the glossary with its names, and where the roadmap and the notes speak of it; `called` and `meant`
    are the content words of its names and of its meaning."""

    entry: Entry
    names: tuple[str, ...]
    pattern: re.Pattern[str]
    resources: frozenset[str]
    phases: frozenset[int]
    called: frozenset[str]
    meant: frozenset[str]

    @property
    def key(self) -> str:
        return f"{GLOSSARY}{self.entry.name}"

    @property
    def is_tool(self) -> bool:
        """Whether it is a thing that one uses, and no idea."""
        return bool(_TOOL.search(" ".join(self.entry.meaning.split()[:7]).lower()))


@dataclass(frozen=True)
class Bank:
    """All that can be asked about a roadmap and its notes. Cheap to make; reads the texts once, at the first use."""

    roadmap: Roadmap
    notes: Notes

    def cards(self, resources: Collection[str]) -> tuple[ReviewCard, ...]:
        """What can be asked of some resources: their cards, with a term of theirs behind each."""
        noted = [card for id in resources for card in cards_of(self.notes, id)]
        known = {card.key: card for card in glossary_cards()}
        terms = [known[t.key] for t in self._terms.values() if t.resources & set(resources) and self._has_exercise(t)]
        pairs = max(len(noted), len(terms))
        return tuple(card for n in range(pairs) for card in (*noted[n : n + 1], *terms[n : n + 1]))

    def exercise(self, card: ReviewCard, seed: int) -> Exercise:
        """The question that is asked for a card."""
        chance = Random(f"{seed} {card.key}")  # noqa: S311 -- for variety
        if term := self._terms.get(card.key):
            ways = [self._choice_of_term(term, chance), self._gap_in_note(term, chance)]
        elif card.key.startswith((SAVED, GLOSSARY)):
            ways = []
        else:
            ways = [self._gap_in_answer(card, chance), self._choice_of_answer(card, chance)]
        made = [way for way in ways if way]
        plain = Exercise(card.key, "open", card.question, card.answer, "", resource=card.resource, url=card.source)
        return chance.choice(made) if made else plain

    # --- terms ------------------------------------------------------------------------------------------------------

    @cached_property
    def _terms(self) -> dict[str, Term]:
        """Key -> term, of those that the roadmap or a note speaks of."""
        names: dict[Entry, list[str]] = {}
        for name, entry in read_glossary().items():
            names.setdefault(entry, []).append(name)
        texts = {r.id: self._text(r) for r in self.roadmap.resources}
        phases = {r.id: r.phase for r in self.roadmap.resources}
        found: dict[str, Term] = {}
        for entry, called in names.items():
            pattern = _names(tuple(called))
            at = frozenset(id for id, text in texts.items() if _names_any(called, pattern, text))
            within = frozenset(phases[id] for id in at)
            words = _content(" ".join(called))
            term = Term(entry, tuple(called), pattern, at, within, words, _content(entry.meaning))
            found |= {term.key: term} if at else {}
        return found

    @cached_property
    def _beside(self) -> dict[str, list[str]]:
        """Key -> the terms that may stand beside a term: of its kind and of one of its phases, and no kin."""
        terms = tuple(self._terms.values())
        return {
            term.key: [
                other.entry.name
                for other in terms
                if other.phases & term.phases and other.is_tool == term.is_tool and not _are_kin(term, other)
            ]
            for term in terms
        }

    def _text(self, r: Resource) -> str:
        """All that the roadmap and our note say of a resource."""
        note = self.notes.note(r.id)
        told = [r.title, r.task, r.focus, r.outcome]
        if note:
            told += [note.body, *(f"{card.question} {card.answer}" for card in note.cards)]
        return " ".join(told).lower()

    def _has_exercise(self, term: Term) -> bool:
        chance = Random(0)  # noqa: S311 -- whether there is one does not hang on it
        return bool(self._choice_of_term(term, chance) or self._gap_in_note(term, chance))

    def _choice_of_term(self, term: Term, chance: Random) -> Exercise | None:
        """Which term is meant by a definition; the others are terms of the same phase that have nothing to do with
        it."""
        others = self._beside[term.key]
        if len(others) < OTHERS:
            return None
        meaning = term.pattern.sub(GAP, term.entry.meaning)
        options = [term.entry.name, *chance.sample(others, OTHERS)]
        chance.shuffle(options)
        told = f"{term.entry.name}: {term.entry.meaning}"
        return Exercise(term.key, "choice", f"Which term is meant? {meaning}", term.entry.name, told, tuple(options))

    def _gap_in_note(self, term: Term, chance: Random) -> Exercise | None:
        """A sentence of a note with the term left out."""
        pattern = term.pattern
        found = [
            (sentence, id)
            for id in sorted(term.resources)
            for sentence in self._sentences.get(id, ())
            if _has_one_gap(term, sentence)
        ]
        if not found:
            return None
        sentence, id = chance.choice(found)
        word = pattern.findall(sentence)[0]
        prompt = f"Fill the gap: {pattern.sub(GAP, sentence)} {_hint(word)}"
        told = f"{sentence} ({term.entry.name}: {term.entry.meaning})"
        return Exercise(term.key, "cloze", prompt, word, told, accepted=(word, *term.names), resource=id)

    @cached_property
    def _sentences(self) -> dict[str, tuple[str, ...]]:
        """Resource -> the sentences of its note that stand for themselves."""
        return {note.resource: tuple(_sentences(note.body)) for note in self.notes.notes}

    # --- cards of notes ---------------------------------------------------------------------------------------------

    def _gap_in_answer(self, card: ReviewCard, chance: Random) -> Exercise | None:
        """The answer of a card with a term left out that its question does not name."""
        asked = card.question.lower()
        found = [
            (term.pattern.findall(card.answer)[0], term)
            for term in self._terms.values()
            if _has_one_gap(term, card.answer) and not term.pattern.search(asked)
        ]
        if not found or len(card.answer.split()) < WORDS.start:
            return None
        word, term = chance.choice(found)
        prompt = f"{card.question} Fill the gap: {term.pattern.sub(GAP, card.answer)} {_hint(word)}"
        accepted = (word, *term.names)
        return Exercise(card.key, "cloze", prompt, word, card.answer, (), accepted, card.resource, card.source)

    def _choice_of_answer(self, card: ReviewCard, chance: Random) -> Exercise | None:
        """Which answer fits; the others answer questions of the same kind and phase that share no words with it."""
        phases = {r.phase for r in self.roadmap.resources if r.id == card.resource}
        nearby = [r.id for r in self.roadmap.resources if r.phase in phases]
        others = [
            other.answer
            for id in nearby
            for other in cards_of(self.notes, id)
            if other.key != card.key and _is_alike(card, other) and _share(_told(card), _told(other)) < KIN
        ]
        options = list(dict.fromkeys(others))
        if len(options) < OTHERS:
            return None
        mixed = [card.answer, *chance.sample(options, OTHERS)]
        chance.shuffle(mixed)
        return Exercise(
            card.key, "choice", card.question, card.answer, "", tuple(mixed), (), card.resource, card.source
        )


def _sentences(body: str) -> Iterator[str]:
    """Sentences of the key ideas of a note that need nothing before them, and are no code."""
    ideas = _IDEAS.search(body)
    for paragraph in re.split(r"\n\s*\n", ideas[1] if ideas else ""):
        for sentence in _SENTENCE.split(" ".join(paragraph.split())):
            if len(sentence.split()) in WORDS and not _LEANS.search(sentence) and not _MARKED.search(sentence):
                yield sentence


def _names(names: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})s?(?![\w-])", re.IGNORECASE)


def _has_one_gap(term: Term, text: str) -> bool:
    """Whether a term stands in a text once, and no part of it ("precision" in "precision-recall") gives it away."""
    if not _names_any(term.names, term.pattern, text):
        return False
    gapped, count = term.pattern.subn(GAP, text)
    return count == 1 and not any(name in gapped.lower() for name in term.names)


def _are_kin(one: Term, other: Term) -> bool:
    """Whether one may be taken for the other: the same, named in its meaning, alike in name, or meant alike."""
    if one.called & other.called or _share(one.meant, other.meant) >= KIN:
        return True
    if any(a.startswith(b) or b.startswith(a) for a in one.called for b in other.called):
        return True
    return _names_any(one.names, one.pattern, other.entry.meaning) or _names_any(
        other.names, other.pattern, one.entry.meaning
    )


def _names_any(names: Collection[str], pattern: re.Pattern[str], text: str) -> bool:
    """Whether a text names a term; most texts hold none of its letters, which is seen sooner."""
    low = text.lower()
    return any(name in low for name in names) and bool(pattern.search(text))


def _is_alike(one: ReviewCard, other: ReviewCard) -> bool:
    """Whether two cards ask in the same way and have answers of like length, which begin neither with yes nor no."""
    first, second = _ASKS.match(one.question), _ASKS.match(other.question)
    size = len(other.answer) / max(1, len(one.answer))
    bare = not re.match(r"(?:yes|no)\b", f"{one.answer} / {other.answer}", re.IGNORECASE)
    return bool(first and second and first[1].lower() == second[1].lower()) and SIZES[0] <= size <= SIZES[1] and bare


def _told(card: ReviewCard) -> frozenset[str]:
    return _content(f"{card.question} {card.answer}")


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the smaller set that the other holds, 0 to 1."""
    return len(one & other) / (min(len(one), len(other)) or 1)


def _content(text: str) -> frozenset[str]:
    """Words that mean something, by their first letters: "trained" and "training" are one."""
    return frozenset(word[:6] for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in _COMMON)


def _hint(word: str) -> str:
    count = len(word.split())
    return f"({count} word{'s' * (count > 1)}, begins with “{word[0].lower()}”)"
